//! `lodd-cluster` as a program: the same rows as SQLite and DuckDB, the same bytes whatever the order
//! of files and rows, and refusals with their place.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic here is a failing test")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "the dice throw small numbers"
)]

mod ballista;
mod engines;
mod files;
mod made;
mod properties;
mod refusals;
mod run;
mod stores;
