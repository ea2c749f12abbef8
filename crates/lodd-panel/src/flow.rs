//! The flow: how many families, adults and children there are at each stage.
//!
//! Inputs: `panel` (the result of [`crate::panel::sql`]), `cut`, `targets`, `assignments`,
//! `members`, and, where families are screened here, `families` and `screening` (the result of
//! the screening's text). Output: [`COLUMNS`], one row a count.
//!
//! | stage | counts | by |
//! |---|---|---|
//! | `assessed` | families on the roster; their parents and partners; their children | |
//! | `not_eligible` | those of families not eligible: `reason` NULL for all, then each rule that is not known to hold (a family counts under each of its rules, so these do not add up) | reason |
//! | `eligible` | those of eligible families | |
//! | `drawn` | families assigned; their ITT adults; their ITT children | arm |
//! | `due` | those drawn whose reports should be in at the cut | arm, horizon |
//! | `observed` | those for whom the primary rule picked a snapshot, of any source; a family also through one of its ITT members | arm, horizon |
//! | `missing` | the other ones drawn, by the first reason among the unit's own rows of the panel | arm, horizon, reason |
//!
//! `observed` and the reasons of `missing` add up to `drawn`. A family without rows of its own (a
//! pilot whose variables are all of members) has the last reason among its members': one
//! member's death is not the family's.

use crate::{panel, template::fill};

/// The columns of the result, in order. `draw`, `arm`, `horizon` and `reason` may be NULL.
pub const COLUMNS: &[&str] =
    &["cut_us", "draw", "level", "arm", "stage", "horizon", "reason", "count"];

/// The SQL text, with the stages before the draw if families are `screened` here.
pub fn sql(screened: bool) -> String {
    let before = if screened { include_str!("sql/flow_screened.sql") } else { "" };
    let counts = if screened { include_str!("sql/flow_screened_counts.sql") } else { "" };
    fill(
        include_str!("sql/flow.sql"),
        &[
            ("screened", before),
            ("screened_counts", counts),
            ("rank", &panel::rank_of("p.missing_reason")),
            ("reason", &panel::code_of("g.reason")),
            ("not_due", &panel::rank(panel::NOT_DUE).to_string()),
            ("not_reported", &panel::rank(panel::NOT_REPORTED).to_string()),
        ],
    )
}
