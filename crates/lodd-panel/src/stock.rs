//! The stock: how many families, with how many children, had assistance in each month.
//!
//! Inputs: `cut`, `calendar(month, year, last_day)` ([`crate::calendar`]), `assignments`, `members`, `away`,
//! `monthly` (as [`crate::outcomes`] reads them). Output: [`COLUMNS`], one row a register and month: of
//! all families (draw and arm NULL), and of each arm of each draw, arms of a draw always together.
//!
//! Children are those of the family, newcomers too, under 18 (year less birth year), born, and living
//! at home on the month's last day. `n_known` families have a row for the month; of the others
//! nothing is assumed. The sums over twelve months end with the month, and are there where each of the
//! twelve is: divided by 12 they are the average month, `unknown_12` family-months not known aside.

use crate::{arms::Arms, template::fill};

/// The columns of the result, in order. `draw`, `arm`, `month_no` (months after the draw's) and the
/// sums may be NULL; no register is `''`.
pub const COLUMNS: &[&str] = &[
    "cut_us",
    "draw",
    "arm",
    "register",
    "month",
    "month_no",
    "n_families",
    "n_known",
    "families",
    "children",
    "families_12",
    "children_12",
    "unknown_12",
];

/// The SQL text for the arms of the protocol.
pub fn sql(arms: &Arms) -> String {
    fill(include_str!("sql/stock.sql"), &[("arms", &arms.rows())])
}
