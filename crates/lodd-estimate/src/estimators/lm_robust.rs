//! Least squares with covariates and robust variances.

use crate::least_squares::{Contrast, Fit, INTERCEPT};
use crate::number::{Inference, is_constant};
use crate::sandwich::{Residuals, Variance};
use crate::{Df, EstimateError, Estimator, Number, Options, Redraw, Sample, SeType};

/// Below this, Satterthwaite's approximation fails (Pustejovsky and Tipton 2018).
const FEW_DF: f64 = 4.0;

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
         stata = G/(G−1)·(n−1)/(n−k)·CR0."
    }
    fn assumptions(&self) -> &'static str {
        "Treatment was drawn at random, with the same probability in all blocks or with the \
         blocks among the covariates; rows, or clusters if named, are independent. Covariates \
         were measured before the draw."
    }
    fn source(&self) -> &'static str {
        "MacKinnon and White (1985); Bell and McCaffrey (2002); Pustejovsky and Tipton (2018); \
         as in R estimatr and clubSandwich"
    }
    fn options(&self) -> &'static [&'static str] {
        &["se", "df", "covariates", "factors", "missing_covariates", "weights"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "difference between the arms at equal covariates"),
            (INTERCEPT, "expected outcome of a control with all covariates 0"),
            ("{covariate}", "change of the outcome for one more of the covariate"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let (se, df) = settings(sample, options)?;
        let fit = Fit::of(sample)?;
        let contrasts = fit.contrasts(sample, options);
        let qs: Vec<Vec<f64>> =
            contrasts.iter().map(|it| fit.thin.solve_transposed(&it.weights)).collect();
        let parts = Residuals { thin: &fit.thin, residuals: &fit.residuals };
        let variances = match &sample.clusters {
            Some(clusters) => parts.by_cluster(se, clusters, &qs)?,
            None => parts.by_row(se, &qs),
        };
        let finish =
            |(contrast, variance)| finish(sample, options, contrast, &parts, variance, (se, df));
        let mut numbers: Vec<Number> = contrasts.iter().zip(variances).map(finish).collect();
        if let Some(effect) = numbers.first_mut() {
            add_notes(effect, &fit, sample, &parts, se);
        }
        numbers.extend(fit.dropped.iter().map(|name| dropped(sample, name)));
        Ok(numbers)
    }
}

/// The standard error and df that apply, checked against clusters and weights.
fn settings(sample: &Sample, options: &Options) -> Result<(SeType, Df), EstimateError> {
    let Some(clusters) = &sample.clusters else {
        let se = options.se.unwrap_or(SeType::Hc2);
        if se.is_clustered() {
            return Err(EstimateError::SeNeedsClusters { se: se.name() });
        }
        return match options.df.unwrap_or(Df::Residual) {
            Df::Residual => Ok((se, Df::Residual)),
            df => Err(EstimateError::DfOfSe { df: df.name(), se: se.name() }),
        };
    };
    let se = options.se.unwrap_or(SeType::Cr2);
    if !se.is_clustered() {
        return Err(EstimateError::SeWithClusters { se: se.name() });
    }
    let df = options.df.unwrap_or(se.default_df());
    if sample.weights.is_some() {
        if matches!(se, SeType::Cr2 | SeType::Cr3) {
            return Err(EstimateError::Weighted { what: se.name() });
        }
        if df == Df::Satterthwaite {
            return Err(EstimateError::Weighted { what: df.name() });
        }
    }
    let touching = |treated: bool| {
        let touches = |rows: &&std::ops::Range<usize>| {
            sample.treated.get((*rows).clone()).unwrap_or_default().contains(&treated)
        };
        clusters.iter().filter(touches).count()
    };
    let (treated, control) = (touching(true), touching(false));
    if treated < 2 || control < 2 {
        return Err(EstimateError::FewClusters { treated, control });
    }
    Ok((se, df))
}

fn finish(
    sample: &Sample,
    options: &Options,
    contrast: &Contrast,
    parts: &Residuals<'_>,
    variance: Variance,
    (se, df): (SeType, Df),
) -> Number {
    let mut number = if contrast.term == options.treatment {
        Number::of_effect(sample, options)
    } else {
        Number::of(sample, &contrast.term)
    };
    let residual = parts.residual_df();
    let df = match df {
        Df::Residual => Some(residual),
        Df::Clusters => sample.clusters.as_ref().map(|it| it.len() as f64 - 1.0),
        Df::Satterthwaite => variance.satterthwaite,
    };
    if residual < 1.0 {
        number.note("no standard error: as many coefficients as rows");
    }
    if let Some(few) = df.filter(|it| *it < FEW_DF && sample.clusters.is_some()) {
        number.note(format!("df {few:.2} is below 4: p-value and interval are unreliable"));
    }
    let std_error = (residual >= 1.0).then(|| variance.variance.sqrt());
    number.infer(Inference { estimate: contrast.estimate, std_error, df }, se.name(), options.alpha)
}

/// What a reader of the effect must know of the fit.
fn add_notes(effect: &mut Number, fit: &Fit, sample: &Sample, parts: &Residuals<'_>, se: SeType) {
    if is_constant(&sample.y) {
        effect.note("the outcome does not vary");
    } else if fit.perfect {
        effect.note("the covariates fit the outcome exactly");
    }
    if !fit.dropped.is_empty() {
        effect.note(format!("dropped as collinear: {}", fit.dropped.join(", ")));
    }
    let full = parts.full_leverage();
    if full > 0 && matches!(se, SeType::Hc2 | SeType::Hc3) {
        effect.note(format!("rows with leverage 1, which add nothing to {}: {full}", se.name()));
    }
    if sample.weights.is_none() && fit.ignores_blocks(sample) {
        effect.note(
            "the share treated differs between blocks, and the blocks are not among the \
             covariates: compare difference_in_means",
        );
    }
}

/// The row of a covariate that was left out.
fn dropped(sample: &Sample, name: &str) -> Number {
    let mut number = Number::of(sample, name);
    number.note("dropped: it depends on the covariates before it");
    number
}
