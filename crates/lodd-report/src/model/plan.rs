//! What was planned, and what came of it.

use super::{Horizon, Status, Text, Unit};

/// An outcome, as the report defines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its id in the Parquet files.
    pub id: String,
    /// Counted up when its definition changes.
    pub version: i32,
    /// What it is called.
    pub label: Text,
    /// Whom it describes.
    pub unit: Unit,
    /// What it is computed from, as the protocol writes it.
    pub derivation: String,
    /// Whether the plan names it as primary.
    pub primary: bool,
}

/// One analysis of the plan: an outcome at a horizon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its id.
    pub analysis: String,
    /// The outcome's label, or the column's name.
    pub outcome: Text,
    /// When it is measured; `None` where there is no outcome.
    pub horizon: Option<Horizon>,
    /// The estimator.
    pub estimator: String,
    /// What came of it.
    pub fate: Fate,
}

/// What came of a planned analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was run; how many numbers it gave.
    Run {
        /// What its numbers count as.
        status: Status,
        /// How many rows of `estimates.parquet` it has.
        numbers: u64,
    },
    /// It was run, but gave no estimate: why, in the estimator's words.
    NoEstimate(Option<String>),
    /// It was run; what it gave may not be published.
    Withheld,
    /// It was not run.
    NotRun,
}

/// Something that did not go as the locked protocol says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// When it was recorded, an ISO instant.
    pub at: String,
    /// The number of its entry in the ledger.
    pub entry: u64,
    /// What it was.
    pub kind: DeviationKind,
    /// Why, as it was recorded.
    pub reason: String,
}

/// What did not go as the locked protocol says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeviationKind {
    /// The protocol file was changed after a list was locked.
    Amendment,
    /// A unit was struck from a locked list.
    Strike {
        /// Whether it left the analysis: judged blind, on a fact from before the locking.
        leaves: bool,
    },
    /// Units were struck; how many may not be published.
    StrikesWithheld,
    /// A draw was given up before its result was known.
    Void {
        /// Its number.
        draw: u32,
    },
    /// Another analysis plan was locked after the first.
    Replanned,
}
