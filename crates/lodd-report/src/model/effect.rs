//! One estimated effect.

use super::{Horizon, Origin, Text, Unit};

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
    /// The outcome.
    pub label: Text,
    /// Whether it is one of the results the summary states: the plan's primary outcomes.
    pub headline: bool,
    /// The treated arm's label; compared with the report's control.
    pub arm: String,
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
    /// Minimum detectable effect of the locked design, in the outcome's own unit.
    pub mde: Option<f64>,
    /// Whether the plan foresaw it.
    pub status: Status,
    /// Where the assignment comes from.
    pub origin: Origin,
    /// The estimator's remark, in English.
    pub note: Option<String>,
}
