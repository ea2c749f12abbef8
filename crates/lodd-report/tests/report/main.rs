//! The report as its readers get it.

mod fixture;
mod html;
mod page;
mod refusals;
mod wording;
