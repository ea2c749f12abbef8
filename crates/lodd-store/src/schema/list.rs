//! The lists that columns of codes take their codes from.

/// Where a column's codes stand, with their labels: a list of the program, of the pilot's protocol, or
/// none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// Families, adults, children, offices.
    UnitKind,
    /// Who says so.
    Source,
    /// How a snapshot is picked for a horizon.
    Rule,
    /// Why there is no value.
    MissingReason,
    /// Why a unit left the flow, or the kind of consent.
    Reason,
    /// What to know about a value.
    Flag,
    /// Whether the draw was made here.
    Origin,
    /// The answer to an offer.
    Answer,
    /// Why participation ended.
    EndReason,
    /// What the flow counts.
    Level,
    /// A stage of the flow.
    Stage,
    /// What an estimate is.
    Status,
    /// A table of the report.
    Table,
    /// What an order of the list is held against.
    Against,
    /// The arms of the pilot's protocol.
    Arm,
    /// The offices of the pilot's protocol.
    Office,
    /// The variables that a snapshot can hold, the pilot's own among them.
    Variable,
    /// The outcomes of the pilot's protocol.
    Outcome,
    /// Names that have no list: rules of the protocol, registers, and codes whose list depends on the
    /// row's variable or outcome.
    Open,
}

impl List {
    /// Its name in files; `None` of [`List::Open`].
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::UnitKind => "unit_kind",
            Self::Source => "source",
            Self::Rule => "rule",
            Self::MissingReason => "missing_reason",
            Self::Reason => "reason",
            Self::Flag => "flag",
            Self::Origin => "origin",
            Self::Answer => "answer",
            Self::EndReason => "end_reason",
            Self::Level => "level",
            Self::Stage => "stage",
            Self::Status => "status",
            Self::Table => "table",
            Self::Against => "against",
            Self::Arm => "arm",
            Self::Office => "office",
            Self::Variable => "variable",
            Self::Outcome => "outcome",
            Self::Open => return None,
        })
    }
}
