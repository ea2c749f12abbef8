//! The t test of matched pairs.

use super::refusals::refuse_clusters;
use crate::number::{Inference, is_constant, mean};
use crate::two_arms::pair_differences;
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// The mean difference of pairs.
#[derive(Debug)]
pub(super) struct PairedT;

impl Estimator for PairedT {
    fn name(&self) -> &'static str {
        "paired_t"
    }
    fn summary(&self) -> &'static str {
        "Mean difference of matched pairs with Student's t test"
    }
    fn formula(&self) -> &'static str {
        "Mean of d = treated less control of each pair; variance s²(d)/n over n pairs, df n − 1."
    }
    fn assumptions(&self) -> &'static str {
        "One of each pair was drawn at random; pairs are independent. With few pairs the differences \
         should be near normal: signed_rank and randomization_test need no such thing."
    }
    fn source(&self) -> &'static str {
        "Student (1908); Fisher (1935), The Design of Experiments, section 17"
    }
    fn options(&self) -> &'static [&'static str] {
        &[]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[("{treatment}", "mean of treated less control over the pairs")]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        let differences = pair_differences(self.name(), sample)?;
        let (n, estimate) = (differences.len() as f64, mean(&differences));
        let squares: f64 = differences.iter().map(|it| (it - estimate).powi(2)).sum();
        let mut number = Number::of_effect(sample, options);
        if is_constant(&sample.y) {
            number.note("the outcome does not vary");
        }
        let std_error = (n > 1.0).then(|| (squares / (n - 1.0) / n).sqrt());
        if std_error.is_none() {
            number.note("no standard error: one pair says nothing of the variance between pairs");
        }
        let inference = Inference { estimate, std_error, df: Some(n - 1.0) };
        Ok(vec![number.infer(inference, "pairs", options.alpha)])
    }
}
