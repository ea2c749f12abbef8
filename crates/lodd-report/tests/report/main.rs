//! The report as its readers get it.

mod fixture;
mod flow;
mod html;
mod page;
mod refusals;
mod wording;
