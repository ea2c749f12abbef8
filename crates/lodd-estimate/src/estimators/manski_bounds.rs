//! Worst-case bounds.

use super::lee_bounds::{arms, bounded};
use super::refusals::{refuse_clusters, unequal_shares};
use crate::attrition::Bounds;
use crate::{EstimateError, Estimator, Measure, Number, Options, Redraw, Sample};

/// Bounds that assume nothing of what is missing but its range.
#[derive(Debug)]
pub(super) struct ManskiBounds;

impl Estimator for ManskiBounds {
    fn name(&self) -> &'static str {
        "manski_bounds"
    }
    fn summary(&self) -> &'static str {
        "Worst-case bounds: missing outcomes are as low as they can be in one arm, as high in the other"
    }
    fn formula(&self) -> &'static str {
        "With support (a, b) and r the share observed with mean ȳ: lower = r₁ȳ₁ + (1−r₁)a − r₀ȳ₀ − \
         (1−r₀)b, upper with a and b exchanged. Variance: that of the outcomes filled in so, over n, \
         in each arm. imbens_manski as in lee_bounds."
    }
    fn assumptions(&self) -> &'static str {
        "Treatment was drawn at random, and no outcome lies outside the support. Nothing is assumed of \
         who is missing."
    }
    fn source(&self) -> &'static str {
        "Manski (1990), American Economic Review 80; Horowitz and Manski (2000), JASA 95; Imbens and \
         Manski (2004)"
    }
    fn measure(&self) -> Measure {
        Measure::Other
    }
    fn needs(&self) -> &'static [&'static str] {
        &["observed"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["observed", "support"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("lower", "the smallest effect that the data leave possible"),
            ("upper", "the largest"),
            ("imbens_manski", "interval that holds the effect with probability 1 − alpha"),
            ("response_treated", "share of the treated that is observed"),
            ("response_control", "share of the controls that is observed"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        let needed = EstimateError::NeedsOption { estimator: self.name(), option: "support" };
        let (low, high) = options.support.ok_or(needed)?;
        let [treated, control] = arms(sample, |_| true);
        let all = treated.outcomes.iter().chain(&control.outcomes);
        if let Some(outside) = all.copied().find(|it| *it < low || *it > high) {
            return Err(EstimateError::OutsideSupport { outcome: outside, low, high });
        }
        let mut first = Number::of(sample, "lower");
        if let Some(note) = unequal_shares(sample) {
            first.note(note);
        }
        let bounds = Bounds::manski(&treated, &control, (low, high));
        let mut numbers = bounded(first, sample, options, Ok(bounds));
        for (term, it) in [("response_treated", &treated), ("response_control", &control)] {
            numbers.push(Number::of(sample, term).describe(it.response(), None));
        }
        for it in numbers.iter_mut().filter(|it| it.se_type.is_some()) {
            it.se_type = Some("manski");
        }
        Ok(numbers)
    }
}
