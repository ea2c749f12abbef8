//! Transitions: from which status at the start to which at each horizon, every arm beside the others.
//!
//! Inputs: `panel` (the result of [`crate::panel::sql`]), `cut`, `targets`, `assignments`, `members`.
//! Output: [`COLUMNS`], one row a pair of statuses that occurs in some arm, for every arm of the draw:
//! a count of 0 where it occurs only in another. A status that is not known is NULL, so that the
//! counts of an arm add up to the units drawn into it, and its margins are the status tables at the
//! start and at the horizon. Nothing where the protocol has no horizon 0.
//!
//! Variables with a code list only; the primary rule; the baseline is the one picked at horizon 0, but
//! one recorded after the result was shown ([`crate::panel::LATE_BASELINE`]) counts as not known.

use crate::{arms::Arms, panel::LATE_BASELINE, template::fill};

/// The columns of the result, in order. `from_value` and `to_value` may be NULL; no register is `''`.
pub const COLUMNS: &[&str] = &[
    "cut_us",
    "draw",
    "arm",
    "unit_kind",
    "source",
    "register",
    "variable",
    "horizon",
    "from_value",
    "to_value",
    "n",
];

/// The SQL text for the arms of the protocol. `listed` are the variables that are codes.
pub fn sql<'a>(arms: &Arms, listed: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = listed.into_iter().map(crate::expression::quoted).collect();
    // An IN list can't be empty; no variable has this name.
    names.push("''".to_owned());
    fill(
        include_str!("sql/transitions.sql"),
        &[("arms", &arms.rows()), ("listed", &names.join(", ")), ("late", LATE_BASELINE)],
    )
}
