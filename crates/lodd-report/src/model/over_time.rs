//! What happens over time: monthly curves and effects by horizon; and the power of the design.

use super::{Cell, Horizon, Measure, Origin, Status, Text, Unit};

/// The share of each arm's units with social assistance, month by month about the draw.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthlyCurves {
    /// Who is counted.
    pub unit: Unit,
    /// Register code.
    pub register: Option<String>,
    /// Every arm of the report, in order, the control last.
    pub arms: Vec<MonthlyCurve>,
}

/// One arm's months, ascending.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct MonthlyCurve {
    pub arm: String,
    pub months: Vec<CurveMonth>,
}

/// One arm in one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurveMonth {
    /// Months after that of the draw.
    pub month: i32,
    /// Units of whom the month is known.
    pub known: Cell,
    /// Of these, those that are counted.
    pub with: Cell,
    /// The share's interval at the report's level.
    pub interval: Option<(f64, f64)>,
}

impl CurveMonth {
    /// The share, where both counts may be shown and any is known.
    pub fn share(&self) -> Option<f64> {
        match (self.with.count()?, self.known.count()?) {
            (_, 0) => None,
            (with, known) => Some(with as f64 / known as f64),
        }
    }

    /// Whether a count may not be published.
    pub fn is_suppressed(&self) -> bool {
        [self.known, self.with].contains(&Cell::Suppressed)
    }
}

/// The effect on one outcome at each of several horizons, from one analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectPath {
    /// The outcome.
    pub label: Text,
    /// The treated arm's label; compared with the report's control.
    pub arm: String,
    /// Source code.
    pub source: String,
    /// Register code, where the source is a register.
    pub register: Option<String>,
    /// Who is counted.
    pub unit: Unit,
    /// What the outcome is measured in.
    pub measure: Measure,
    /// Whether the plan foresaw it.
    pub status: Status,
    /// Where the assignment comes from.
    pub origin: Origin,
    /// The horizons, earliest first.
    pub points: Vec<PathPoint>,
}

/// The effect at one horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct PathPoint {
    /// When.
    pub horizon: Horizon,
    /// The difference; `None` if it could not be estimated or may not be published.
    pub estimate: Option<f64>,
    /// The interval of this horizon alone.
    pub interval: Option<(f64, f64)>,
    /// The interval that holds for all horizons at once.
    pub band: Option<(f64, f64)>,
}

/// The power of the pilot's own design in one analysis, by simulation.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerCurves {
    /// The estimator's name.
    pub estimator: String,
    /// Intra-cluster correlation that is assumed, where offices are drawn.
    pub icc: Option<f64>,
    /// Who is counted.
    pub unit: Unit,
    /// What effects are measured in.
    pub measure: Measure,
    /// The power asked for.
    pub wanted: f64,
    /// A curve for each share of the controls that is assumed.
    pub curves: Vec<PowerCurve>,
}

/// Power at effects of rising size.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerCurve {
    /// The share of the controls with the outcome; `None` for a number.
    pub base_rate: Option<f64>,
    /// Effect and power, by effect.
    pub points: Vec<(f64, f64)>,
    /// The smallest effect that is found as often as asked for.
    pub detectable: Option<f64>,
}
