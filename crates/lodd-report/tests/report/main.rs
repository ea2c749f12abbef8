//! The report as its readers get it.

mod descriptive;
mod figures;
mod fixture;
mod flow;
mod html;
mod page;
mod refusals;
mod sections;
mod wording;
