//! The mean of a domain's outcomes, standardised on the control group.

use super::lm_robust::adjusted;
use crate::columns::{Column, Role};
use crate::number::mean;
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// A control group whose spread is this small beside its size does not vary.
const CONSTANT: f64 = 1e-12;

/// The effect on an index of several outcomes.
#[derive(Debug)]
pub(super) struct Index;

impl Estimator for Index {
    fn name(&self) -> &'static str {
        "index"
    }
    fn summary(&self) -> &'static str {
        "Effect on the mean of several outcomes, each in standard deviations of the controls"
    }
    fn formula(&self) -> &'static str {
        "y = mean over the outcomes k that are known of (y_k − ȳ_k0)/s_k0, with mean ȳ_k0 and \
         standard deviation s_k0 of the controls; then as lm_robust."
    }
    fn assumptions(&self) -> &'static str {
        "As lm_robust. Every outcome is coded so that more is better. The controls' mean and \
         standard deviation are taken as known. Where outcomes are missing the index is of the \
         others."
    }
    fn source(&self) -> &'static str {
        "Kling, Liebman and Katz (2007), Econometrica 75; Anderson (2008), Journal of the \
         American Statistical Association 103"
    }
    fn options(&self) -> &'static [&'static str] {
        &[
            "outcomes",
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
        &["outcomes"]
    }
    fn measure(&self) -> super::Measure {
        super::Measure::Other
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "difference of the index, in standard deviations of the controls"),
            ("(Intercept)", "expected index of a control with all covariates 0"),
            ("{covariate}", "change of the index for one more of the covariate"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let mut left_out = Vec::new();
        let mut parts = Vec::new();
        for column in sample.columns(Role::Part) {
            match standardised(column, sample) {
                Some(values) => parts.push(values),
                None => left_out.push(column.name.as_str()),
            }
        }
        let index = |row: usize| {
            let known = parts.iter().filter_map(|it| it.get(row)).filter(|it| !it.is_nan());
            let known: Vec<f64> = known.copied().collect();
            (!known.is_empty()).then(|| mean(&known))
        };
        let indices: Vec<Option<f64>> = (0..sample.n()).map(index).collect();
        let rows: Vec<usize> =
            indices.iter().enumerate().filter_map(|(row, it)| it.map(|_| row)).collect();
        let dropped = sample.n() - rows.len();
        let (treated, control) = sample.arms_of(&rows);
        if treated == 0 || control == 0 {
            return Err(EstimateError::NoIndex);
        }
        let mut indexed = sample.select(&rows);
        indexed.y = indices.into_iter().flatten().collect();
        let mut numbers = adjusted(&indexed, options, Vec::new())?;
        if let Some(effect) = numbers.first_mut() {
            if !left_out.is_empty() {
                let names = left_out.join(", ");
                effect.note(format!("left out, since the controls do not vary: {names}"));
            }
            if dropped > 0 {
                effect.note(format!("rows without any of the outcomes, left out: {dropped}"));
            }
        }
        Ok(numbers)
    }
}

/// The values in standard deviations of the controls; None if these do not vary.
fn standardised(column: &Column, sample: &Sample) -> Option<Vec<f64>> {
    let rows = column.values.iter().zip(&sample.treated);
    let controls: Vec<f64> =
        rows.filter(|(it, treated)| !**treated && !it.is_nan()).map(|(it, _)| *it).collect();
    if controls.len() < 2 {
        return None;
    }
    let centre = mean(&controls);
    let squares: f64 = controls.iter().map(|it| (it - centre).powi(2)).sum();
    let deviation = (squares / (controls.len() - 1) as f64).sqrt();
    let size = controls.iter().fold(0.0, |most: f64, it| most.max(it.abs()));
    (deviation > CONSTANT * size)
        .then(|| column.values.iter().map(|it| (it - centre) / deviation).collect())
}
