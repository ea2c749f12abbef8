//! The horizon rule (data model, section 4) as one portable SQL text: from snapshots to a value,
//! or a reason why there is none, for each unit, horizon and variable.
//!
//! Inputs: `cut(cut_us, cut_day)`, `assignments(draw, family_id, shown_at)`, `members(member_id,
//! family_id, role, in_itt)`, `targets` ([`crate::horizon::Target`]), `snapshots(unit_kind,
//! unit_id, status_date, source, register, occasion, recorded_at, record_status, variable,
//! value_code, value_num, missing_code, content)`, `exits(unit_kind, unit_id, reason, from_on,
//! until_on)`: when a unit was out, the last day excluded; its reasons are the events `DOD`,
//! `TRAKK_SAMTYKKE` and `FLYTTET`, and `SAMTYKKE_MANGLER` and `FAMILIE_OPPLOST`, which the store works
//! out of consents and times in the household. Empty where no events are known (registers at scale).
//! Dates are days, instants microseconds, yes and no 1 and 0; no register is `''`. Output:
//! [`COLUMNS`], sorted by the full key.
//!
//! The text does not depend on the protocol: horizons come in as the table `targets`.
//!
//! A cross join names the small table first: `DataFusion` keeps what stands first and gives a batch a
//! row of it, so that the other order makes a batch a snapshot.
//!
//! What section 4 leaves open, decided here:
//! - A unit's death, withdrawal or move is believed whoever says so, as a status or as an event;
//!   an event can end (a family comes back, a consent is given anew); not having been reached is a
//!   source's own, and dated in the window. A family's withdrawal, move or not having been
//!   reached holds for its members too; a death never, and a lack of consent is each unit's own row.
//! - A family dissolves for persons only: the family keeps its id, and its own rows are followed where
//!   the children mainly live.
//! - `SPURT_UKJENT`: the picked snapshot says unknown or refused. `IKKE_SPURT` is no answer and
//!   falls through. `IKKE_AKTUELT` stands right after it: an outcome that does not apply at the
//!   picked snapshot is not one that was seen outside the window.
//! - `UTENFOR_VINDU` asks for an observation *of that variable* by the same source, planned or
//!   not, and then gives the nearest one's date.
//! - A baseline is late by the record time of the version that stands at the cut.

use crate::template::fill;

/// The columns of the result, in order. Absent: NULL, but `''` for no register.
pub const COLUMNS: &[&str] = &[
    "cut_us",
    "draw",
    "unit_kind",
    "unit_id",
    "horizon",
    "source",
    "register",
    "rule",
    "variable",
    "value",
    "missing_reason",
    "status_date",
    "target",
    "window_low",
    "window_high",
    "days_off",
    "n_in_window",
    "due",
    "flag",
];

/// The flag of a start that was recorded after the draw's result was shown.
pub const LATE_BASELINE: &str = "sen_baseline";

/// The flag of a unit that had died by the target: it leaves the denominators of its family.
pub const DEAD_AT_TARGET: &str = "dod";

/// A way to pick the snapshot, as rows of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PickRule {
    /// As in the column `rule`.
    pub name: &'static str,
    /// Days before the window from which the last snapshot is taken if the window is empty.
    pub days_before: u16,
    /// Whether snapshots with the occasion `EKSTRA` count.
    pub takes_extra: bool,
}

/// The rules; the first is the primary one, which alone makes outcomes.
pub const PICK_RULES: &[PickRule] = &[
    PickRule { name: "primary", days_before: 0, takes_extra: false },
    PickRule { name: "locf90", days_before: 90, takes_extra: false },
    PickRule { name: "nearest_any", days_before: 0, takes_extra: true },
];

/// Why a value is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingReason {
    /// As in the column `missing_reason`.
    pub code: &'static str,
    /// Bokmål.
    pub nb: &'static str,
    /// English.
    pub en: &'static str,
    /// When it holds, over the text's `found f`; empty for one that only an outcome can have.
    holds: &'static str,
}

const fn reason(
    code: &'static str,
    nb: &'static str,
    en: &'static str,
    holds: &'static str,
) -> MissingReason {
    MissingReason { code, nb, en, holds }
}

/// The reasons, in order: the first that holds is given.
pub const MISSING_REASONS: &[MissingReason] = &[
    reason(DIED, "Død", "Died", "f.died_on <= f.window_high"),
    reason("TRAKK_SAMTYKKE", "Trakk samtykket", "Withdrew consent", "f.withdrew = 1"),
    reason("SAMTYKKE_MANGLER", "Samtykke mangler", "No consent", "f.unconsented = 1"),
    reason(NOT_DUE, "Ikke forfalt", "Not due", "f.due = 0"),
    reason("FLYTTET_KOMMUNE", "Flyttet fra kommunen", "Moved away", "f.moved = 1"),
    reason("FAMILIE_OPPLOST", "Familien er oppløst", "Family dissolved", "f.dissolved = 1"),
    reason(
        ASKED_UNKNOWN,
        "Spurt, men ukjent",
        "Asked, but unknown",
        "f.missing_code IN ('UKJENT', 'VIL_IKKE_SVARE')",
    ),
    reason(NOT_APPLICABLE, "Ikke aktuelt", "Not applicable", "f.missing_code = 'IKKE_AKTUELT'"),
    reason("IKKE_NADD", "Ikke nådd", "Not reached", "f.not_reached = 1"),
    reason("UTENFOR_VINDU", "Utenfor vinduet", "Outside the window", "f.nearest_on IS NOT NULL"),
    reason(DISAGREE, "Voksne svarer ulikt", "Adults disagree", ""),
    reason(NOT_REPORTED, "Ikke rapportert", "Not reported", "1 = 1"),
];

pub(crate) const DIED: &str = "DOD";
pub(crate) const NOT_DUE: &str = "IKKE_FORFALT";
pub(crate) const NOT_APPLICABLE: &str = "IKKE_AKTUELT";
/// Contradicting answers, by the code of the finding that names them.
pub(crate) const DISAGREE: &str = "K05";
pub(crate) const ASKED_UNKNOWN: &str = "SPURT_UKJENT";
pub(crate) const NOT_REPORTED: &str = "IKKE_RAPPORTERT";

/// A reason's place in the order, from 1; past the last for a code that is not listed.
pub(crate) fn rank(code: &str) -> usize {
    1 + MISSING_REASONS.iter().position(|it| it.code == code).unwrap_or(MISSING_REASONS.len())
}

/// `CASE` from a reason's code in `column` to its rank.
pub(crate) fn rank_of(column: &str) -> String {
    let whens: String = MISSING_REASONS
        .iter()
        .map(|it| format!(" WHEN '{}' THEN {}", it.code, rank(it.code)))
        .collect();
    format!("CASE {column}{whens} END")
}

/// `CASE` from a rank in `column` to the reason's code.
pub(crate) fn code_of(column: &str) -> String {
    let whens: String = MISSING_REASONS
        .iter()
        .map(|it| format!(" WHEN {} THEN '{}'", rank(it.code), it.code))
        .collect();
    format!("CASE {column}{whens} END")
}

/// The SQL text.
pub fn sql() -> String {
    let rules: Vec<String> = (1..)
        .zip(PICK_RULES)
        .map(|(order, it)| {
            format!(
                "  SELECT '{}' AS rule, {order} AS rule_order, {} AS days_before, {} AS takes_extra",
                it.name,
                it.days_before,
                u8::from(it.takes_extra)
            )
        })
        .collect();
    let reasons: Vec<String> = MISSING_REASONS
        .iter()
        .filter(|it| !it.holds.is_empty())
        .map(|it| format!("      WHEN {} THEN '{}'", it.holds, it.code))
        .collect();
    fill(
        include_str!("sql/panel.sql"),
        &[
            ("rules", &rules.join("\n  UNION ALL\n")),
            ("reasons", &reasons.join("\n")),
            ("dead", DEAD_AT_TARGET),
            ("late", LATE_BASELINE),
        ],
    )
}
