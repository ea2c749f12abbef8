//! The concordance: what two sources say of the same units in the same window, status by status.
//!
//! Sources are never blended: caseworker, self-report and each register have outcomes of their own. Here
//! they are only compared. Inputs: `panel` (the result of [`crate::panel::sql`]), `cut`, `targets`,
//! `last_contact(member_id, year, register, variable, value)`: what a register says of a member at last
//! contact in a year, without a date, which enters here and no horizon's outcome. Output: [`COLUMNS`], one
//! row a variable, horizon, pair of sources and pair of values, counted over the units of which both say
//! something; `n_agree` of `n_both` say the same. A unit that is in two draws is counted in each.

/// The columns of the result, in order. No register is `''`; `last_contact` is 1 or 0.
pub const COLUMNS: &[&str] = &[
    "cut_us",
    "draw",
    "unit_kind",
    "horizon",
    "variable",
    "source_a",
    "register_a",
    "source_b",
    "register_b",
    "last_contact",
    "value_a",
    "value_b",
    "n",
    "n_agree",
    "n_both",
];

/// The SQL text.
pub fn sql() -> String {
    include_str!("sql/concordance.sql").to_owned()
}
