//! The flow: how many offices, families, adults and children there are at each stage.
//!
//! Inputs: `panel` and `outcomes` (the results of [`crate::panel::sql`] and of the outcomes' text),
//! `cut`, `targets`, `assignments`, `members`, `snapshots`, `exits`; from the ledger
//! `office_families(family_id, office_id)`, `office_draws(draw, office_id, arm)`,
//! `erased(draw, family_id, arm)`, `struck(draw, family_id)` of those that leave the analysis,
//! `asked(kind, member_id, family_id, at, answer, withdrawn_at)`,
//! `offered(draw, family_id, answer)`, `started(draw, family_id, started_on)`,
//! `presence(member_id, valid_from, valid_to)`; from the plan that stood at the cut
//! `planned(draw, outcome_id, horizon, source, register)`; and, where families are screened here,
//! `families` and `screening`. Output: [`COLUMNS`], one row a count. `docs/flow.md` says what each
//! stage counts; [`check`] holds the counts to the sums that must hold between them.

use crate::{panel, template::fill};

mod sums;

pub use sums::{Broken, Count, check};

/// The columns of the result, in order. All but the first, `level`, `stage` and `count` may be NULL.
pub const COLUMNS: &[&str] = &[
    "cut_us",
    "draw",
    "level",
    "arm",
    "stage",
    "horizon",
    "source",
    "register",
    "outcome_id",
    "reason",
    "count",
];

/// The stages, in the order in which a unit passes them.
pub const STAGES: &[&str] = &[
    "assessed",
    "not_eligible",
    "eligible",
    "drawn",
    "erased",
    "struck",
    "asked",
    "consented",
    "declined",
    "withdrew",
    "offered",
    "accepted",
    "refused",
    "not_reached",
    "no_answer",
    "started",
    "died",
    "left",
    "came",
    "split",
    "dissolved",
    "present",
    "due",
    "observed",
    "missing",
    "analysed",
    "not_analysed",
];

/// The SQL text, with the stages before the draw if families are `screened` here.
pub fn sql(screened: bool) -> String {
    let followed = fill(
        include_str!("sql/flow_followed.sql"),
        &[
            ("rank", &panel::rank_of("p.missing_reason")),
            ("reason", &panel::code_of("m.reason")),
            ("not_due", &panel::rank(panel::NOT_DUE).to_string()),
            ("not_reported", &panel::rank(panel::NOT_REPORTED).to_string()),
        ],
    );
    let counted = ["drawn", "asked", "member", "followed", "analysed", "office"];
    let before = if screened { &["screened"][..] } else { &[] };
    let counts: Vec<String> = before
        .iter()
        .chain(&counted)
        .map(|name| format!("  SELECT * FROM {name}_counts"))
        .collect();
    let ranks: String =
        (1..).zip(STAGES).map(|(rank, stage)| format!(" WHEN '{stage}' THEN {rank}")).collect();
    fill(
        include_str!("sql/flow.sql"),
        &[
            ("screened", if screened { include_str!("sql/flow_screened.sql") } else { "" }),
            ("drawn", include_str!("sql/flow_drawn.sql")),
            ("asked", include_str!("sql/flow_asked.sql")),
            ("members", include_str!("sql/flow_members.sql")),
            ("followed", &followed),
            ("analysed", include_str!("sql/flow_analysed.sql")),
            ("offices", include_str!("sql/flow_offices.sql")),
            ("counts", &counts.join("\n  UNION ALL\n")),
            ("stage_rank", &format!("CASE c.stage{ranks} END")),
        ],
    )
}
