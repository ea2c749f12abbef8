//! Least squares with covariates and robust variances.

use crate::least_squares::{Contrast, Fit, INTERCEPT};
use crate::number::{Inference, is_constant};
use crate::sandwich::{Residuals, Variance};
use crate::{Df, EstimateError, Estimator, Number, Options, Redraw, Sample, SeType};

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
        check_names(sample, options)?;
        let fit = Fit::of(sample)?;
        let contrasts = fit.contrasts(sample, options);
        let qs: Vec<Vec<f64>> =
            contrasts.iter().map(|it| fit.thin.solve_transposed(&it.weights)).collect();
        let parts = Residuals { thin: &fit.thin, residuals: &fit.residuals };
        let variances = match &sample.clusters {
            Some(clusters) => parts.by_cluster(se, clusters, &qs)?,
            None => parts.by_row(se, &qs),
        };
        let report = Report { sample, options, se, df, residual_df: parts.residual_df() };
        let mut numbers: Vec<Number> = contrasts
            .iter()
            .zip(variances)
            .map(|(it, variance)| report.number(it, variance))
            .collect();
        if let Some(effect) = numbers.first_mut() {
            report.add_notes(effect, &fit, parts.full_leverage());
        }
        numbers.extend(fit.dropped.iter().map(|name| report.dropped(name)));
        Ok(numbers)
    }
}

/// Refuses covariates that would be reported under the name of another term.
fn check_names(sample: &Sample, options: &Options) -> Result<(), EstimateError> {
    let taken = |name: &str| name == INTERCEPT || name == options.treatment;
    match sample.covariates.iter().find(|it| taken(&it.name)) {
        Some(it) => Err(EstimateError::NameTaken { name: it.name.clone() }),
        None => Ok(()),
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

/// What the rows of one fit have in common.
struct Report<'a> {
    sample: &'a Sample,
    options: &'a Options,
    se: SeType,
    df: Df,
    residual_df: f64,
}

impl Report<'_> {
    fn number(&self, contrast: &Contrast, variance: Variance) -> Number {
        let mut number = if contrast.term == self.options.treatment {
            Number::of_effect(self.sample, self.options)
        } else {
            Number::of(self.sample, &contrast.term)
        };
        let df = match self.df {
            Df::Residual => Some(self.residual_df),
            Df::Clusters => self.sample.clusters.as_ref().map(|it| it.len() as f64 - 1.0),
            Df::Satterthwaite => variance.satterthwaite,
        };
        if self.residual_df < 1.0 {
            number.note("no standard error: as many coefficients as rows");
        }
        let std_error = (self.residual_df >= 1.0).then(|| variance.variance.sqrt());
        let inference = Inference { estimate: contrast.estimate, std_error, df };
        number.infer(inference, self.se.name(), self.options.alpha)
    }

    /// What a reader of the effect must know of the fit.
    fn add_notes(&self, effect: &mut Number, fit: &Fit, full_leverage: usize) {
        if is_constant(&self.sample.y) {
            effect.note("the outcome does not vary");
        } else if fit.perfect {
            effect.note("the covariates fit the outcome exactly");
        }
        if !fit.dropped.is_empty() {
            effect.note(format!("dropped as collinear: {}", fit.dropped.join(", ")));
        }
        if full_leverage > 0 && matches!(self.se, SeType::Hc2 | SeType::Hc3) {
            let se = self.se.name();
            effect
                .note(format!("rows with leverage 1, which add nothing to {se}: {full_leverage}"));
        }
        if self.sample.weights.is_none() && fit.ignores_blocks(self.sample) {
            effect.note(
                "the share treated differs between blocks, and the blocks are not among the \
                 covariates: compare difference_in_means",
            );
        }
    }

    /// The row of a covariate that was left out.
    fn dropped(&self, name: &str) -> Number {
        let mut number = Number::of(self.sample, name);
        number.note("dropped: it depends on the covariates before it");
        number
    }
}
