//! From a plan to an estimator's options.

use lodd_estimate::Options;

use super::{Analysis, Run};

impl Run<'_> {
    /// The options of one analysis, with what is the plan's.
    pub(super) fn options(&self, analysis: &Analysis, arm: &str) -> Options {
        Options {
            treatment: arm.to_owned(),
            alpha: self.plan.alpha,
            seed: self.plan.seed,
            ..analysis.method.options.clone()
        }
    }
}
