//! Restricted mean survival times.

use super::refusals::{refuse_clusters, unequal_shares};
use crate::survival::Times;
use crate::survival::curve::{Area, Curve};
use crate::{EstimateError, Estimator, Number, Options, OutcomeKind, Redraw, Sample};

/// The mean time without the event up to a limit.
#[derive(Debug)]
pub(super) struct Rmst;

impl Estimator for Rmst {
    fn name(&self) -> &'static str {
        "rmst"
    }
    fn summary(&self) -> &'static str {
        "Mean time without the event up to `tau` in both arms, their difference and ratio"
    }
    fn formula(&self) -> &'static str {
        "The area under Kaplan and Meier's curve up to tau; variance Σ A²·d/(n(n−d)) over event times, \
         A the area from there to tau. Difference: variances add. Ratio: the logarithm's variance is \
         V₁/m₁² + V₀/m₀²."
    }
    fn assumptions(&self) -> &'static str {
        "Rows are independent; censoring is unrelated to the event within arms. tau was fixed before \
         the outcomes were seen, and lies within the follow-up of both arms: beyond it is refused. \
         Hazards need not be proportional."
    }
    fn source(&self) -> &'static str {
        "Royston and Parmar (2013), BMC Medical Research Methodology 13; Uno et al. (2014), survRM2; \
         areas as R survival"
    }
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Time
    }
    fn needs(&self) -> &'static [&'static str] {
        &["event"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["event", "tau"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("difference", "mean time of the treated up to tau less that of the controls"),
            ("ratio", "ratio of the means; the standard error is that of its logarithm"),
            ("rmst_treated", "mean time without the event up to tau, treated"),
            ("rmst_control", "mean time without the event up to tau, controls"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        let needed = EstimateError::NeedsOption { estimator: self.name(), option: "tau" };
        let tau = options.tau.ok_or(needed)?;
        let times = Times::of(sample)?;
        let curve = |treated| {
            let (time, event) = times.arm(sample, treated);
            Curve::of(&time, &event)
        };
        let (treated, control) = (curve(true), curve(false));
        let last = treated.known_until().min(control.known_until());
        let (Some(one), Some(zero)) = (treated.area(tau), control.area(tau)) else {
            return Err(EstimateError::BeyondFollowUp { tau, last });
        };
        let alpha = options.alpha;
        let mut effect = Number::of(sample, "difference");
        effect.mean_treated = Some(one.mean);
        effect.mean_control = Some(zero.mean);
        effect.events_treated = Some(treated.events());
        effect.events_control = Some(control.events());
        if let Some(note) = unequal_shares(sample) {
            effect.note(note);
        }
        let std_error = (one.variance + zero.variance).sqrt();
        Ok(vec![
            effect.infer_normal(one.mean - zero.mean, Some(std_error), "greenwood", alpha),
            ratio(Number::of(sample, "ratio"), &one, &zero, alpha),
            mean(Number::of(sample, "rmst_treated"), &one, alpha),
            mean(Number::of(sample, "rmst_control"), &zero, alpha),
        ])
    }
}

fn ratio(mut number: Number, one: &Area, zero: &Area, alpha: f64) -> Number {
    if one.mean <= 0.0 || zero.mean <= 0.0 {
        number.note("an arm's mean is 0: no ratio");
        return number;
    }
    let variance = one.variance / one.mean.powi(2) + zero.variance / zero.mean.powi(2);
    number.infer_ratio((one.mean / zero.mean).ln(), Some(variance.sqrt()), "log", alpha)
}

fn mean(number: Number, it: &Area, alpha: f64) -> Number {
    let mut number = number.infer_normal(it.mean, Some(it.variance.sqrt()), "greenwood", alpha);
    // A mean time of 0 is not a hypothesis.
    number.statistic = None;
    number.p_value = None;
    number.note("described, not tested");
    number
}
