//! Pooling over imputations of the outcome.

use super::lm_robust::LmRobust;
use crate::number::{Inference, mean};
use crate::{EstimateError, Estimator, Measure, Number, Options, Redraw, Role, Sample};

/// `lm_robust` on every imputation, pooled by Rubin's rules.
#[derive(Debug)]
pub(super) struct MultipleImputation;

impl Estimator for MultipleImputation {
    fn name(&self) -> &'static str {
        "multiple_imputation"
    }
    fn summary(&self) -> &'static str {
        "Least squares on several imputations of the outcome, pooled by Rubin's rules"
    }
    fn formula(&self) -> &'static str {
        "b̄: mean of lm_robust's estimates over m imputations; W: mean of their variances; B: variance \
         of the estimates. T = W + (1 + 1/m)B, λ = (1 + 1/m)B/T. df = 1/(1/ν₁ + 1/ν₂), ν₁ = (m − 1)/λ², \
         ν₂ = (ν + 1)/(ν + 3)·ν·(1 − λ) with ν the mean df of the complete data. fmi = (r + 2/(df + 3)) \
         /(r + 1), r = (1 + 1/m)B/W."
    }
    fn assumptions(&self) -> &'static str {
        "Which outcomes are missing is chance given what the imputations were made from. They were made \
         within each arm, or from a model with the arm's interactions; the arm itself is never imputed."
    }
    fn source(&self) -> &'static str {
        "Rubin (1987); Barnard and Rubin (1999), Biometrika 86; as R mice's pool"
    }
    fn measure(&self) -> Measure {
        Measure::Other
    }
    fn needs(&self) -> &'static [&'static str] {
        &["imputations"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["imputations", "se", "df", "covariates", "factors", "missing_covariates", "weights"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "pooled difference between the arms at equal covariates"),
            ("within", "mean of the effect's variances over the imputations"),
            ("between", "variance of the effect over the imputations"),
            ("fmi", "share of the information on the effect that is missing"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        redraw: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let mut effects = Vec::new();
        for imputation in sample.columns(Role::Imputation) {
            let mut complete = sample.clone();
            complete.y.clone_from(&imputation.values);
            let numbers = LmRobust.compute(&complete, options, redraw)?;
            effects.extend(numbers.into_iter().take(1));
        }
        let m = effects.len() as f64;
        if m < 2.0 {
            return Err(EstimateError::OneImputation);
        }
        let all = |of: fn(&Number) -> Option<f64>| -> Option<Vec<f64>> {
            effects.iter().map(of).collect()
        };
        let mut effect = effects.first().cloned().unwrap_or_default();
        for field in [
            &mut effect.statistic,
            &mut effect.p_value,
            &mut effect.conf_low,
            &mut effect.conf_high,
            &mut effect.df,
        ] {
            *field = None;
        }
        effect.mean_treated = all(|it| it.mean_treated).map(|it| mean(&it));
        effect.mean_control = all(|it| it.mean_control).map(|it| mean(&it));
        // Counts of events differ between imputations.
        effect.events_treated = None;
        effect.events_control = None;
        let rest = ["within", "between", "fmi"].map(|term| Number::of(sample, term));
        let (Some(estimates), Some(errors)) = (all(|it| it.estimate), all(|it| it.std_error))
        else {
            let without = |mut it: Number| {
                it.note("an imputation has no standard error");
                it
            };
            return Ok([effect].into_iter().chain(rest).map(without).collect());
        };
        let it = Pooled::of(&estimates, &errors, all(|it| it.df));
        effect.note(format!("{m} imputations"));
        let se = effect.se_type.unwrap_or("rubin");
        let inference =
            Inference { estimate: it.estimate, std_error: Some(it.total().sqrt()), df: it.df() };
        let pooled = effect.infer(inference, se, options.alpha);
        let values = [Some(it.within), Some(it.between), it.fmi()];
        let described = rest.into_iter().zip(values).map(|(mut number, value)| {
            let Some(value) = value else {
                number.note("the variances are 0, or their degrees of freedom are not defined");
                return number;
            };
            number.describe(value, None)
        });
        Ok([pooled].into_iter().chain(described).collect())
    }
}

/// Rubin's rules.
struct Pooled {
    m: f64,
    estimate: f64,
    within: f64,
    between: f64,
    complete_df: Option<f64>,
}

impl Pooled {
    fn of(estimates: &[f64], errors: &[f64], dfs: Option<Vec<f64>>) -> Self {
        let (m, estimate) = (estimates.len() as f64, mean(estimates));
        let variances: Vec<f64> = errors.iter().map(|it| it * it).collect();
        let squares: f64 = estimates.iter().map(|it| (it - estimate).powi(2)).sum();
        let between = squares / (m - 1.0);
        let complete_df = dfs.map(|it| mean(&it));
        Self { m, estimate, within: mean(&variances), between, complete_df }
    }

    fn extra(&self) -> f64 {
        (1.0 + 1.0 / self.m) * self.between
    }

    fn total(&self) -> f64 {
        self.within + self.extra()
    }

    /// Barnard and Rubin (1999), eq. 3; without variation between imputations ν₁ is infinite, and
    /// only ν₂ is left.
    fn df(&self) -> Option<f64> {
        let complete = self.complete_df?;
        if self.total() <= 0.0 {
            return None;
        }
        let lambda = self.extra() / self.total();
        let old = lambda * lambda / (self.m - 1.0);
        let observed = (complete + 1.0) / (complete + 3.0) * complete * (1.0 - lambda);
        Some(1.0 / (old + 1.0 / observed))
    }

    fn fmi(&self) -> Option<f64> {
        let (df, r) = (self.df()?, self.extra() / self.within);
        (self.within > 0.0).then(|| (r + 2.0 / (df + 3.0)) / (r + 1.0))
    }
}
