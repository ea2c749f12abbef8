//! Counts: eligibility, flow, and status at each horizon.

use super::{Horizon, Text, Unit};

/// A count as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A count; zero is shown as `–`.
    Count(u64),
    /// Missing: `..`
    Missing,
    /// May not be published: `:`
    Suppressed,
    /// Cannot occur: `.`
    Impossible,
}

impl Cell {
    /// The count, where there is one.
    pub fn count(self) -> Option<u64> {
        match self {
            Self::Count(n) => Some(n),
            Self::Missing | Self::Suppressed | Self::Impossible => None,
        }
    }

    /// Both together: withheld or missing where one is.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Count(one), Self::Count(other)) => Self::Count(one + other),
            (Self::Suppressed, _) | (_, Self::Suppressed) => Self::Suppressed,
            (Self::Missing, _) | (_, Self::Missing) => Self::Missing,
            (Self::Impossible, it) | (it, Self::Impossible) => it,
        }
    }

    /// Whether it is more than none, as far as may be told.
    pub fn is_some(self) -> bool {
        !matches!(self, Self::Count(0) | Self::Impossible)
    }
}

/// How many were judged by which rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eligibility {
    /// What was judged.
    pub unit: Unit,
    /// ISO date it was judged on.
    pub as_of: String,
    /// On the roster.
    pub assessed: Cell,
    /// Of these, eligible.
    pub eligible: Cell,
    /// The pilot's reading of how the rules combine, as in `pilot.toml`.
    pub expression: String,
    /// The rules in the order of the protocol.
    pub rules: Vec<RuleCount>,
}

/// How many one rule did not hold for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule's id.
    pub id: String,
    /// What is said when it does not hold.
    pub reason: Text,
    /// Units it does not hold for, among all that were assessed.
    pub failed: Cell,
    /// Of these, not eligible.
    pub failed_ineligible: Cell,
}

/// A step on the way from the roster to the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of `flow.parquet`")]
pub enum Stage {
    Assessed,
    NotEligible,
    Eligible,
    Drawn,
    Erased,
    Struck,
    Asked,
    Consented,
    Declined,
    Withdrew,
    Offered,
    Accepted,
    Refused,
    NotReached,
    NoAnswer,
    Started,
    Died,
    Left,
    Came,
    Split,
    Dissolved,
    Present,
    Due,
    Observed,
    Missing,
    Analysed,
    NotAnalysed,
}

impl Stage {
    /// Reads the code of `flow.parquet`.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "assessed" => Self::Assessed,
            "not_eligible" => Self::NotEligible,
            "eligible" => Self::Eligible,
            "drawn" => Self::Drawn,
            "erased" => Self::Erased,
            "struck" => Self::Struck,
            "asked" => Self::Asked,
            "consented" => Self::Consented,
            "declined" => Self::Declined,
            "withdrew" => Self::Withdrew,
            "offered" => Self::Offered,
            "accepted" => Self::Accepted,
            "refused" => Self::Refused,
            "not_reached" => Self::NotReached,
            "no_answer" => Self::NoAnswer,
            "started" => Self::Started,
            "died" => Self::Died,
            "left" => Self::Left,
            "came" => Self::Came,
            "split" => Self::Split,
            "dissolved" => Self::Dissolved,
            "present" => Self::Present,
            "due" => Self::Due,
            "observed" => Self::Observed,
            "missing" => Self::Missing,
            "analysed" => Self::Analysed,
            "not_analysed" => Self::NotAnalysed,
            _ => return None,
        })
    }

    /// Whether it is one of those that reconcile who lives in the families with who was drawn.
    pub fn reconciles(self) -> bool {
        (Self::Died..=Self::Present).contains(&self)
    }
}

/// Why units are counted at a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A code of the data model, such as `IKKE_NADD`, or the id of a rule of the eligibility.
    Code(String),
    /// The pilot's own words, such as a rule's reason.
    Text(Text),
}

/// One row of `flow.parquet`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowRow {
    /// What is counted.
    pub level: Unit,
    /// The arm's label; `None` before the draw and for totals.
    pub arm: Option<String>,
    /// The step.
    pub stage: Stage,
    /// The horizon of the stages from `Died` on.
    pub horizon: Option<Horizon>,
    /// Source code, such as `VEILEDER`; `None` for any source.
    pub source: Option<String>,
    /// Register code, where the source is a register.
    pub register: Option<String>,
    /// The outcome of `Analysed` and `NotAnalysed`.
    pub outcome: Option<Text>,
    /// The reason, or the kind of consent; `None` for the stage's total.
    pub reason: Option<Reason>,
    /// How many.
    pub count: Cell,
}

/// Status of one outcome at one or more horizons, in every arm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusTable {
    /// The outcome.
    pub label: Text,
    /// What is counted. Every column must have this unit.
    pub unit: Unit,
    /// Source code, such as `VEILEDER`.
    pub source: String,
    /// Register code, where the source is a register.
    pub register: Option<String>,
    /// The statuses, in the order of the code list.
    pub categories: Vec<Text>,
    /// The horizons, earliest first.
    pub horizons: Vec<StatusHorizon>,
}

/// One horizon's columns: every arm of the report, in order, the control last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusHorizon {
    /// When.
    pub horizon: Horizon,
    /// One column an arm.
    pub columns: Vec<StatusColumn>,
}

/// One arm at one horizon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusColumn {
    /// What this column counts.
    pub unit: Unit,
    /// The arm's label.
    pub arm: String,
    /// Drawn into the arm.
    pub drawn: Cell,
    /// Of these, due at the cut.
    pub due: Cell,
    /// Of those drawn, observed in the window.
    pub observed: Cell,
    /// One count a category, in the table's order.
    pub counts: Vec<Cell>,
}
