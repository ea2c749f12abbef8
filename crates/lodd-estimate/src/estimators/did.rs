//! Differences in differences between two horizons.

use super::lm_robust::adjusted;
use crate::columns::Role;
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// The change of the treated less the change of the controls.
#[derive(Debug)]
pub(super) struct Did;

impl Estimator for Did {
    fn name(&self) -> &'static str {
        "did"
    }
    fn summary(&self) -> &'static str {
        "Difference between the arms in how the outcome changed between two horizons"
    }
    fn formula(&self) -> &'static str {
        "y − y_0 = a + b·z + d'x by least squares; standard errors as in lm_robust. The same b as \
         of treatment times period with a constant for each unit and period."
    }
    fn assumptions(&self) -> &'static str {
        "Treatment was drawn at random, or both arms would have changed alike without it; rows, \
         or clusters if named, are independent. In a randomised trial ancova is more precise."
    }
    fn source(&self) -> &'static str {
        "Card and Krueger (1994), American Economic Review 84; Bertrand, Duflo and Mullainathan \
         (2004) on clustering"
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
            ("{treatment}", "change of the treated less change of the controls"),
            ("(Intercept)", "expected change of a control with all covariates 0"),
            ("{covariate}", "change of the outcome's change for one more of the covariate"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let baseline = sample.column(Role::Baseline).map(|it| it.values.as_slice());
        let rows = sample.y.iter().zip(baseline.unwrap_or_default());
        let changes = sample.with_outcome(rows.map(|(y, before)| y - before).collect());
        adjusted(&changes, options, Vec::new())
    }
}
