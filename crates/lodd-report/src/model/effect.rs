//! One estimated effect.

use super::{Horizon, Origin, Text, Unit};

/// What is compared with what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contrast {
    /// An arm of the draw with the control.
    #[default]
    InitialOffer,
    /// Everyone ever offered a place with the rest.
    EverOffer,
    /// A: drawn families in model offices with those in the others.
    Model,
    /// B: drawn families with those not drawn, within offices.
    FollowUp,
    /// C: the difference of B between the arms of offices.
    ModelByFollowUp,
    /// D: families not drawn in model offices with those in the others.
    SpillOver,
}

impl Contrast {
    /// Reads the code of `estimates.parquet`.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "initial_offer" => Some(Self::InitialOffer),
            "ever_offer" => Some(Self::EverOffer),
            "model" => Some(Self::Model),
            "follow_up" => Some(Self::FollowUp),
            "model_by_follow_up" => Some(Self::ModelByFollowUp),
            "spill_over" => Some(Self::SpillOver),
            _ => None,
        }
    }

    /// Whether the arms are those of a draw of offices.
    pub fn is_of_offices(self) -> bool {
        matches!(self, Self::Model | Self::ModelByFollowUp | Self::SpillOver)
    }
}

/// Among whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of `estimates.parquet`")]
pub enum Population {
    #[default]
    Drawn,
    Consented,
    Started,
}

impl Population {
    /// Reads the code of `estimates.parquet`.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "drawn" => Some(Self::Drawn),
            "consented" => Some(Self::Consented),
            "started" => Some(Self::Started),
            _ => None,
        }
    }
}

/// The part of a family's life that an outcome is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Domain {
    Work,
    Economy,
    Housing,
    Children,
    #[default]
    Other,
}

/// A value of the treated arm and of the control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Pair<T> {
    pub treated: T,
    pub control: T,
}

impl<T> Pair<T> {
    /// Both values.
    pub fn new(treated: T, control: T) -> Self {
        Self { treated, control }
    }
}

/// What the outcome is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// A share in [0, 1]; differences are in percentage points.
    Share,
    /// Months.
    Months,
    /// Norwegian kroner.
    Kroner,
    /// A number without a unit.
    Number,
}

/// What the plan makes of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// In the locked plan.
    Confirmatory,
    /// Not in the locked plan.
    Exploratory,
    /// In the plan, but made before all were due.
    Interim,
}

impl Status {
    /// Reads the code of `estimates.parquet`.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "confirmatory" => Some(Self::Confirmatory),
            "exploratory" => Some(Self::Exploratory),
            "interim" => Some(Self::Interim),
            _ => None,
        }
    }
}

/// One comparison of an arm with the control, as in `estimates.parquet`.
///
/// All differences are treated less control, in the outcome's own unit: a share's difference is a
/// fraction, 0.4037 for 40.4 percentage points.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The analysis's id in the plan.
    pub analysis: String,
    /// The outcome.
    pub label: Text,
    /// What it is about.
    pub domain: Domain,
    /// What is compared.
    pub contrast: Contrast,
    /// Among whom.
    pub population: Population,
    /// Whether it is one of the results the summary states: the plan's primary outcomes.
    pub headline: bool,
    /// The treated arm's label.
    pub arm: String,
    /// The names of the arms, where they are not those of the report: offices' arms.
    pub arms: Option<Pair<Text>>,
    /// When it was measured.
    pub horizon: Horizon,
    /// Source code, such as `REGISTER`.
    pub source: String,
    /// Register code, where the source is a register.
    pub register: Option<String>,
    /// The outcome's unit.
    pub unit: Unit,
    /// What the outcome is measured in.
    pub measure: Measure,
    /// The estimator's name.
    pub estimator: String,
    /// The standard error's kind, such as `HC2`.
    pub se_type: Option<String>,
    /// Units drawn, where known.
    pub drawn: Option<Pair<u64>>,
    /// Units analysed.
    pub n: Pair<u64>,
    /// Events among those analysed, for yes/no outcomes.
    pub events: Option<Pair<u64>>,
    /// Means; shares for yes/no outcomes.
    pub means: Option<Pair<f64>>,
    /// The difference; `None` if it could not be estimated.
    pub estimate: Option<f64>,
    /// Its standard error.
    pub std_error: Option<f64>,
    /// Degrees of freedom.
    pub df: Option<f64>,
    /// Lower and upper end of the interval at level 1 − alpha.
    pub interval: Option<(f64, f64)>,
    /// Two-sided p-value.
    pub p_value: Option<f64>,
    /// p-value from re-running the pilot's own draw.
    pub p_randomization: Option<f64>,
    /// p-values adjusted within the family of hypotheses: the adjustment's name, and the value.
    pub p_adjusted: Vec<(String, f64)>,
    /// Intra-cluster correlation.
    pub icc: Option<f64>,
    /// Its interval at level 1 − alpha.
    pub icc_interval: Option<(f64, f64)>,
    /// Families analysed, where it is known.
    pub families: Option<u64>,
    /// Offices of the families drawn.
    pub offices: Option<u64>,
    /// Minimum detectable effect of the locked design, in the outcome's own unit.
    pub mde: Option<f64>,
    /// Whether the plan foresaw it.
    pub status: Status,
    /// Where the assignment comes from.
    pub origin: Origin,
    /// The estimator's remark, in English.
    pub note: Option<String>,
}

/// The effect among those who took part because they were drawn, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// The effect of taking part.
    pub effect: Effect,
    /// How much more the drawn took part.
    pub first_stage: Option<f64>,
    /// Its F.
    pub first_stage_f: Option<f64>,
    /// The effect of being drawn.
    pub itt: Option<f64>,
    /// An interval that holds with a weak draw (Anderson and Rubin).
    pub robust_interval: Option<(f64, f64)>,
}

/// An estimate of a part of an analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is of, such as a subgroup.
    pub label: Text,
    /// The estimate; `None` if it could not be computed.
    pub estimate: Option<f64>,
    /// Its standard error.
    pub std_error: Option<f64>,
    /// Its interval at level 1 − alpha.
    pub interval: Option<(f64, f64)>,
    /// Two-sided p-value.
    pub p_value: Option<f64>,
}

/// The effect in subgroups, and whether it differs between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Subgroups {
    /// The effect over all.
    pub effect: Effect,
    /// The effect in each subgroup.
    pub groups: Vec<Part>,
    /// The differences between subgroups: the interaction.
    pub differences: Vec<Part>,
}

/// The same comparison by another method.
#[derive(Clone, Debug, PartialEq)]
pub struct Robustness {
    /// The effect; without an estimate where the method gives bounds.
    pub effect: Effect,
    /// Between what the effect lies, whatever those missing would have had.
    pub bounds: Option<(f64, f64)>,
}
