//! Least squares with covariates interacted with treatment.

use crate::least_squares::{Contrast, Fit, INTERCEPT, Regressor, weighted_mean};
use crate::regression::{Levels, Report, Settings, check_names};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// Units of the smaller arm that each covariate needs.
const UNITS_A_COVARIATE: usize = 15;

/// Lin's regression.
#[derive(Debug)]
pub(super) struct Lin;

impl Estimator for Lin {
    fn name(&self) -> &'static str {
        "lin"
    }
    fn summary(&self) -> &'static str {
        "Least squares with centred covariates, each also times the treatment"
    }
    fn formula(&self) -> &'static str {
        "y = a + b·z + c'(x − x̄) + d'z(x − x̄) by least squares, x̄ being the (weighted) mean over \
         the rows used; b is the mean effect over them. Standard errors as in lm_robust."
    }
    fn assumptions(&self) -> &'static str {
        "Treatment was drawn at random; rows, or clusters if named, are independent; covariates \
         were measured before the draw. At most one covariate for every 15 units of the smaller \
         arm, else the bias is no longer small. With blocks as a factor it is the difference in \
         means weighted over blocks."
    }
    fn source(&self) -> &'static str {
        "Lin (2013), Annals of Applied Statistics 7(1); reproduced: its table 2"
    }
    fn options(&self) -> &'static [&'static str] {
        &["se", "df", "covariates", "factors", "missing_covariates", "weights"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "mean effect over the rows used"),
            (INTERCEPT, "expected outcome of a control with mean covariates"),
            ("{covariate}", "change of a control's outcome for one more of the covariate"),
            ("{treatment}:{covariate}", "change of the effect for one more of the covariate"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let settings = Settings::of(sample, options)?;
        check_names(sample, &[INTERCEPT, &options.treatment])?;
        check_number(sample)?;
        let centred = centred(sample);
        let levels = Levels::default();
        let first = centred.covariates.len();
        let mut own = vec![Regressor::treatment(&centred, &options.treatment)];
        own.extend(centred.covariates.iter().map(|it| {
            let rows = it.values.iter().zip(&centred.treated);
            let values = rows.map(|(x, treated)| if *treated { *x } else { 0.0 }).collect();
            Regressor::new(format!("{}:{}", options.treatment, it.name), values)
        }));
        let all = first + own.len();
        let fit = Fit::of(&levels.model(&centred, &centred.y, own));
        let effect = fit.coefficient(first).ok_or(EstimateError::TreatmentCollinear)?;
        let others = (0..first).chain(first + 1..all).filter_map(|at| fit.coefficient(at));
        let rest = fit.intercept().into_iter().chain(others);
        let contrasts: Vec<Contrast> = std::iter::once(effect).chain(rest).collect();
        let report = Report { sample: &centred, options, settings, fit: &fit };
        let mut numbers = report.numbers(&contrasts)?;
        if let Some(effect) = numbers.first_mut() {
            report.add_notes(effect);
        }
        numbers.extend(report.dropped(|_| true));
        Ok(numbers)
    }
}

/// The sample with each covariate less its mean.
fn centred(sample: &Sample) -> Sample {
    let mut centred = sample.clone();
    for it in &mut centred.covariates {
        let mean = weighted_mean(&it.values, sample.weights.as_deref());
        it.values.iter_mut().for_each(|x| *x -= mean);
    }
    centred
}

/// Refuses more than one covariate for every 15 units of the smaller arm.
fn check_number(sample: &Sample) -> Result<(), EstimateError> {
    let [control, treated] = sample.units_by_arm();
    let most = control.min(treated) / UNITS_A_COVARIATE;
    let given = sample.covariates.len();
    if given > most.max(1) {
        return Err(EstimateError::TooManyCovariates { given, most: most.max(1) });
    }
    Ok(())
}
