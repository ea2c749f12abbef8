//! Screening, horizons and outcomes as portable SQL.
//!
//! Values in, SQL text out: this crate runs nothing, and touches no disk, clock, environment or
//! random source. The texts are standard SQL (common table expressions, window functions with a
//! full order, aggregates; no engine's own functions, no decimals) and give the same rows on
//! `SQLite`, DuckDB and `DataFusion`. The query is the definition: `lodd panel --print-sql` shows
//! it. The same protocol gives the same text.
//!
//! | to change | open |
//! |---|---|
//! | a code or a built-in variable | `codes/lists.rs` |
//! | what an expression may hold | `expression/words.rs`, `expression/lower.rs` |
//! | what a screening rule can see | `screening/columns.rs` |
//! | default windows | `horizon.rs` |
//! | the order of missing reasons, the sensitivity rules | `panel.rs` |
//! | an outcome of the dictionary | `dictionary.rs` |
//! | *ever*, *months in*, *first entry* | `outcomes/text/course.rs` |
//! | when two snapshots that agree make one spell | `spells.rs` |
//! | what must stand beside a comparison of two times | `arms.rs` |

pub mod arms;
pub mod calendar;
pub mod codes;
pub mod concordance;
pub mod dictionary;
pub mod expression;
pub mod flow;
pub mod horizon;
mod mistake;
mod months;
pub mod observations;
pub mod outcomes;
pub mod panel;
mod protocol;
pub mod screening;
pub mod spells;
pub mod stock;
mod template;
pub mod transitions;

pub use mistake::{Mistake, MistakeKind};
pub use months::{day_number, month_number};
pub use protocol::{Panel, Protocol};
