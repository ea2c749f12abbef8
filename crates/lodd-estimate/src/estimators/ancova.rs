//! Least squares with the outcome before the draw as a covariate.

use super::lm_robust::adjusted;
use crate::columns::Role;
use crate::least_squares::{INTERCEPT, Regressor};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// Regression of the outcome on treatment, the outcome at baseline and covariates.
#[derive(Debug)]
pub(super) struct Ancova;

impl Estimator for Ancova {
    fn name(&self) -> &'static str {
        "ancova"
    }
    fn summary(&self) -> &'static str {
        "Difference between the arms at equal outcomes before the draw"
    }
    fn formula(&self) -> &'static str {
        "y = a + b·z + c·y_0 + d'x by least squares, y_0 being the outcome before the draw; \
         standard errors as in lm_robust. The effect on the change y − y_0 is the same b."
    }
    fn assumptions(&self) -> &'static str {
        "As lm_robust. The outcome at baseline was measured before the draw, so that it can't \
         have been changed by it; then this is never less precise than the change in large \
         samples."
    }
    fn source(&self) -> &'static str {
        "Frison and Pocock (1992), Statistics in Medicine 11; McKenzie (2012), Journal of \
         Development Economics 99"
    }
    fn options(&self) -> &'static [&'static str] {
        &[
            "baseline",
            "se",
            "df",
            "covariates",
            "factors",
            "missing_covariates",
            "weights",
            "fixed_effects",
        ]
    }
    fn needs(&self) -> &'static [&'static str] {
        &["baseline"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "difference between the arms at equal baselines and covariates"),
            (INTERCEPT, "expected outcome of a control with baseline and covariates 0"),
            ("baseline", "change of the outcome for one more at baseline"),
            ("{covariate}", "change of the outcome for one more of the covariate"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let baseline = sample.columns(Role::Baseline);
        let own = baseline.map(|it| Regressor::new("baseline", it.values.clone())).take(1);
        adjusted(sample, options, own.collect())
    }
}
