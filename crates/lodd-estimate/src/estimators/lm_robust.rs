//! Least squares with covariates and robust variances.

use crate::least_squares::{Contrast, Fit, INTERCEPT, Regressor};
use crate::regression::{self, Levels, Report, Settings, check_names};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// Regression of the outcome on treatment and covariates.
#[derive(Debug)]
pub(super) struct LmRobust;

impl Estimator for LmRobust {
    fn name(&self) -> &'static str {
        "lm_robust"
    }
    fn summary(&self) -> &'static str {
        "Least squares on treatment and covariates, with robust standard errors"
    }
    fn formula(&self) -> &'static str {
        "b = (X'WX)⁻¹X'Wy. HC2: (X'X)⁻¹(Σ x x' e²/(1−h))(X'X)⁻¹, df n − k. CR2: residuals of \
         cluster g times (I − H_gg)^(−1/2), Satterthwaite df (tr P)²/‖P‖²; CR1 = G/(G−1)·CR0; \
         stata = G/(G−1)·(n−1)/(n−k)·CR0. Weighted CR2: ((I − H)(I − H)')_gg^(−1/2). Fixed effects \
         are taken out before, and count in k and in leverages."
    }
    fn assumptions(&self) -> &'static str {
        "Treatment was drawn at random, with the same probability in all blocks or with the \
         blocks among the covariates or fixed effects; rows, or clusters if named, are \
         independent. Covariates were measured before the draw."
    }
    fn source(&self) -> &'static str {
        "MacKinnon and White (1985); Bell and McCaffrey (2002); Pustejovsky and Tipton (2018); \
         as in R estimatr and clubSandwich. Reproduced: Lin (2013), table 2, and LaLonde's data \
         in Dehejia and Wahba (1999)"
    }
    fn options(&self) -> &'static [&'static str] {
        regression::OPTIONS
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "difference between the arms at equal covariates"),
            (
                INTERCEPT,
                "expected outcome of a control with all covariates 0; none with fixed effects",
            ),
            ("{covariate}", "change of the outcome for one more of the covariate"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        adjusted(sample, options, Vec::new())
    }
}

/// Least squares on the treatment, the covariates and `more` covariates of the estimator's own.
pub(super) fn adjusted(
    sample: &Sample,
    options: &Options,
    more: Vec<Regressor<'_>>,
) -> Result<Vec<Number>, EstimateError> {
    let settings = Settings::of(sample, options)?;
    let own: Vec<&str> = more.iter().map(|it| it.name.as_ref()).collect();
    check_names(sample, &[&own[..], &[INTERCEPT, options.treatment.as_str()]].concat())?;
    let levels = Levels::of(sample);
    let first = levels.first_own(sample);
    let at = first + more.len();
    let columns = more.into_iter().chain([Regressor::treatment(sample, &options.treatment)]);
    let fit = Fit::of(&levels.model(sample, &sample.y, columns.collect()));
    let effect = fit.coefficient(at).ok_or(EstimateError::TreatmentCollinear)?;
    let others = (first..at).chain(levels.covariates(sample));
    let rest = fit.intercept().into_iter().chain(others.filter_map(|at| fit.coefficient(at)));
    let contrasts: Vec<Contrast> = std::iter::once(effect).chain(rest).collect();
    let report = Report { sample, options, settings, fit: &fit };
    let mut numbers = report.numbers(&contrasts)?;
    if let Some(effect) = numbers.first_mut() {
        report.add_notes(effect);
    }
    let covariates = |name: &str| sample.covariates.iter().any(|it| it.name == name);
    numbers.extend(report.dropped(covariates));
    Ok(numbers)
}
