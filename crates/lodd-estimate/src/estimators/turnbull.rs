//! Survival curves of both arms from snapshots.

use super::refusals::refuse_clusters;
use crate::survival::turnbull::{Snapshots, Turnbull as Curve, intervals};
use crate::{EstimateError, Estimator, Measure, Number, Options, OutcomeKind, Redraw, Sample};

/// Turnbull's curves at given times, and their medians.
#[derive(Debug)]
pub(super) struct Turnbull;

impl Estimator for Turnbull {
    fn name(&self) -> &'static str {
        "turnbull"
    }
    fn summary(&self) -> &'static str {
        "Survival curves of both arms where the event is only known to lie between two snapshots"
    }
    fn formula(&self) -> &'static str {
        "The event of row i lies in (low_i, high_i]; high is infinite where it had not come at the last \
         snapshot. Masses p_j of the innermost intervals maximise Σ ln Σ_{j within i} p_j (Turnbull). \
         S(t) is 1 less the masses of intervals that end at or before t. Its variance is from the \
         inverse information of the masses above 0."
    }
    fn assumptions(&self) -> &'static str {
        "Rows are independent, and when a row is looked at says nothing of when its event comes. The \
         standard error takes the snapshots to be the same few dates for all; where everyone has dates \
         of their own it is too small. The arms are compared without regard to blocks."
    }
    fn source(&self) -> &'static str {
        "Turnbull (1976), Journal of the Royal Statistical Society B 38; Gentleman and Geyer (1994), \
         Biometrika 81"
    }
    fn measure(&self) -> Measure {
        Measure::Other
    }
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Time
    }
    fn needs(&self) -> &'static [&'static str] {
        &["high"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["high", "times"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("median[1]", "snapshot by which half of the treated have had the event"),
            ("median[0]", "snapshot by which half of the controls have had the event"),
            ("difference@T", "survival of the treated less that of the controls at the time T"),
            ("survival@T[1]", "share of the treated without the event at the time T"),
            ("survival@T[0]", "share of the controls without the event at the time T"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        let rows = intervals(sample)?;
        let arm = |treated: bool| {
            let own = rows.iter().zip(&sample.treated).filter(|it| *it.1 == treated);
            Snapshots::of(&own.map(|it| *it.0).collect::<Vec<_>>()).fit()
        };
        let (Some(treated), Some(control)) = (arm(true), arm(false)) else {
            let mut none = Number::of(sample, "median[1]");
            none.note("the masses of the snapshots were not found");
            return Ok(vec![none]);
        };
        let report = Report { sample, options, arms: [(1, treated), (0, control)] };
        let mut numbers: Vec<Number> =
            report.arms.iter().map(|(at, it)| report.median(*at, it)).collect();
        for time in &options.times {
            numbers.push(report.difference(*time));
            numbers.extend(report.arms.iter().map(|(at, it)| report.survival(*time, *at, it)));
        }
        Ok(numbers)
    }
}

/// The curves of both arms, the treated first.
struct Report<'a> {
    sample: &'a Sample,
    options: &'a Options,
    arms: [(u8, Curve); 2],
}

impl Report<'_> {
    fn median(&self, arm: u8, curve: &Curve) -> Number {
        let mut number = Number::of(self.sample, &format!("median[{arm}]"));
        let Some((low, high)) = curve.median() else {
            number.note("fewer than half had the event while it was looked for: no median");
            return number;
        };
        number.note(format!("between {low} and {high}"));
        number.describe(high, None)
    }

    fn survival(&self, time: f64, arm: u8, curve: &Curve) -> Number {
        let mut number = Number::of(self.sample, &format!("survival@{time}[{arm}]"));
        let Some(it) = curve.at(time) else {
            number.note(beyond(arm, curve));
            return number;
        };
        if it.survival > it.least {
            let (least, most) = (it.least, it.survival);
            number.note(format!(
                "between two snapshots the share is from {least:.6} to {most:.6}: events are dated \
                 by the later one"
            ));
        }
        number.std_error = it.variance.map(|it| it.max(0.0).sqrt());
        number.se_type = it.variance.map(|_| "information");
        number.describe(it.survival, None)
    }

    fn difference(&self, time: f64) -> Number {
        let mut number = Number::of(self.sample, &format!("difference@{time}"));
        let [(_, treated), (_, control)] = &self.arms;
        let (Some(one), Some(zero)) = (treated.at(time), control.at(time)) else {
            for (arm, curve) in self.arms.iter().filter(|it| it.1.at(time).is_none()) {
                number.note(beyond(*arm, curve));
            }
            return number;
        };
        number.mean_treated = Some(one.survival);
        number.mean_control = Some(zero.survival);
        let variance = one.variance.zip(zero.variance).map(|(a, b)| (a + b).max(0.0).sqrt());
        let difference = one.survival - zero.survival;
        number.infer_normal(difference, variance, "information", self.options.alpha)
    }
}

fn beyond(arm: u8, curve: &Curve) -> String {
    format!("nobody of arm {arm} was looked at so late: until {}", curve.known_until())
}
