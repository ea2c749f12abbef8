//! Survival curves of both arms.

use super::refusals::refuse_clusters;
use crate::survival::Times;
use crate::survival::curve::Curve;
use crate::{EstimateError, Estimator, Measure, Number, Options, OutcomeKind, Redraw, Sample};

/// Kaplan and Meier's curves at given times, and their medians.
#[derive(Debug)]
pub(super) struct KaplanMeier;

impl Estimator for KaplanMeier {
    fn name(&self) -> &'static str {
        "kaplan_meier"
    }
    fn summary(&self) -> &'static str {
        "Kaplan and Meier's survival curves of both arms: at given times, their difference, medians"
    }
    fn formula(&self) -> &'static str {
        "S(t) = Π (1 − d/n) over event times up to t, with d events among n at risk; variance \
         S²·Σ d/(n(n−d)) (Greenwood). Interval on the scale of `conf_type`: log S (default), \
         log(−log S) or S. Median: the first time with S below ½, the middle of a stretch at ½; its \
         interval where the curve's ends pass ½."
    }
    fn assumptions(&self) -> &'static str {
        "Rows are independent, and censoring says nothing of when the event would have come. Events \
         come before censorings at the same time. The curves of the arms are compared without \
         regard to blocks."
    }
    fn source(&self) -> &'static str {
        "Kaplan and Meier (1958); Greenwood (1926); Brookmeyer and Crowley (1982); as R survival"
    }
    fn measure(&self) -> Measure {
        Measure::Other
    }
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Time
    }
    fn needs(&self) -> &'static [&'static str] {
        &["event"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["event", "times", "conf_type"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("median[1]", "time by which half of the treated have had the event"),
            ("median[0]", "time by which half of the controls have had the event"),
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
        let times = Times::of(sample)?;
        let arm = |treated| {
            let (time, event) = times.arm(sample, treated);
            Curve::of(&time, &event)
        };
        let arms = [(1, arm(true)), (0, arm(false))];
        let report = Report { sample, options, arms };
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
        let it = curve.median(self.options.conf_type, self.options.alpha);
        let mut number = Number::of(self.sample, &format!("median[{arm}]"));
        if arm == 1 {
            let [(_, treated), (_, control)] = &self.arms;
            number.events_treated = Some(treated.events());
            number.events_control = Some(control.events());
        }
        number.estimate = it.at;
        number.conf_low = it.low;
        number.conf_high = it.high;
        number.se_type = Some(self.options.conf_type.name());
        if it.at.is_none() {
            number.note("fewer than half had the event while it was looked for: no median");
        }
        if it.low.is_none() || it.high.is_none() {
            number.note("an end of the interval lies beyond the follow-up");
        }
        number.note("described, not tested");
        number
    }

    fn survival(&self, time: f64, arm: u8, curve: &Curve) -> Number {
        let mut number = Number::of(self.sample, &format!("survival@{time}[{arm}]"));
        let Some(it) = curve.at(time, self.options.conf_type, self.options.alpha) else {
            number.note(beyond(arm, curve));
            return number;
        };
        number.se_type = it.std_error.map(|_| self.options.conf_type.name());
        number.std_error = it.std_error;
        number.note(format!("at risk: {}", it.at_risk));
        if it.interval.is_none() {
            number.note("no interval on this scale where the curve is at 0 or 1");
        }
        number.describe(it.at, it.interval)
    }

    fn difference(&self, time: f64) -> Number {
        let mut number = Number::of(self.sample, &format!("difference@{time}"));
        let at = |curve: &Curve| curve.at(time, self.options.conf_type, self.options.alpha);
        let [(_, treated), (_, control)] = &self.arms;
        let (Some(one), Some(zero)) = (at(treated), at(control)) else {
            for (arm, curve) in self.arms.iter().filter(|it| at(&it.1).is_none()) {
                number.note(beyond(*arm, curve));
            }
            return number;
        };
        number.mean_treated = Some(one.at);
        number.mean_control = Some(zero.at);
        if one.std_error.is_none() || zero.std_error.is_none() {
            number.note("an arm is at 0: Greenwood's variance has no value there");
        }
        let std_error = one.std_error.zip(zero.std_error).map(|(a, b)| a.hypot(b));
        number.infer_normal(one.at - zero.at, std_error, "greenwood", self.options.alpha)
    }
}

fn beyond(arm: u8, curve: &Curve) -> String {
    format!("nobody of arm {arm} was followed so long: until {}", curve.known_until())
}
