//! The report as its readers get it.

mod descriptive;
mod figures;
mod fixture;
mod flow;
mod html;
mod page;
mod profile_tables;
mod refusals;
mod sections;
mod wording;
