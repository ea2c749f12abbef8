//! Spells: how long a status lasted, as far as snapshots tell.
//!
//! Inputs: `observations` (the result of [`crate::observations::sql`]), `cut`, `assignments`, `members`.
//! Output: [`COLUMNS`], one row a spell of an assigned unit or ITT member, sorted by the key.
//!
//! Equal consecutive states join if at most [`JOIN_DAYS`] days lie between; otherwise the spell is
//! cut, and both parts are marked [`UNCONFIRMED`]. Nobody saw when a status changed: a spell starts in
//! (`start_low`, `start_high`] and ends in (`end_low`, `end_high`], days of snapshots; the first one has
//! no `start_low`, the last one no `end_high`. Snapshots that say nothing of a variable are passed
//! over.

use crate::template::fill;

/// The columns of the result, in order. No register is `''`.
pub const COLUMNS: &[&str] = &[
    "cut_us",
    "unit_kind",
    "unit_id",
    "source",
    "register",
    "variable",
    "spell",
    "value",
    "start_low",
    "start_high",
    "end_low",
    "end_high",
    "n_observations",
    "flag",
];

/// Days between two snapshots that agree, up to which the status is taken to have lasted.
pub const JOIN_DAYS: i64 = 92;

/// The flag of a spell that was cut where two snapshots agree but lie too far apart.
pub const UNCONFIRMED: &str = "ubekreftet";

/// The SQL text.
pub fn sql() -> String {
    let join_days = JOIN_DAYS.to_string();
    fill(include_str!("sql/spells.sql"), &[("join_days", &join_days), ("unconfirmed", UNCONFIRMED)])
}
