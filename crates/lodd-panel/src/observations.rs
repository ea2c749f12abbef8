//! Planned observations as they stand at the cut: what spells, transitions and courses are made of.
//!
//! Inputs: `cut`, `snapshots`, as [`crate::panel`] reads them. Output: [`COLUMNS`], one row an answered
//! variable, sorted by the key: the last version of each snapshot known at the cut, unless that one
//! retracts, observed and planned. Extra contacts are left out here as in the primary rule: treated
//! families have more of them.

/// The columns of the result, in order. No register is `''`.
pub const COLUMNS: &[&str] =
    &["unit_kind", "unit_id", "source", "register", "status_date", "variable", "value"];

/// The SQL text.
pub fn sql() -> String {
    include_str!("sql/observations.sql").to_owned()
}
