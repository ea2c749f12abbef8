//! The texts, run in `SQLite` on small cases whose results were worked out by hand from the data
//! model, and the readers of the protocol.

#![expect(clippy::unwrap_used, reason = "a panic here is a failing test")]
#![expect(clippy::indexing_slicing, reason = "a panic here is a failing test")]

mod bytes;
mod case;
mod concordance;
mod course;
mod dictionary;
mod expression;
mod flow;
mod horizon;
mod months;
mod outcomes;
mod over_time;
mod plain;
mod protocol;
mod rule;
mod screening;
