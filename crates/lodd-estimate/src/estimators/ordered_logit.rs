//! Proportional odds of an ordered outcome.

use super::logit;
use crate::linear::add_scaled;
use crate::model_matrix::ModelMatrix;
use crate::proportional_odds::ProportionalOdds;
use crate::symmetric::Square;
use crate::{EstimateError, Estimator, Measure, Number, Options, Redraw, Sample, Vcov};

/// Cumulative logits of an ordered status on treatment and covariates.
#[derive(Debug)]
pub(super) struct OrderedLogit;

/// Levels that an ordered status may have: each is a threshold that is estimated.
const MOST_LEVELS: usize = 100;

impl Estimator for OrderedLogit {
    fn name(&self) -> &'static str {
        "ordered_logit"
    }
    fn summary(&self) -> &'static str {
        "Proportional odds of an ordered outcome, and the effect on the share of each level"
    }
    fn formula(&self) -> &'static str {
        "ln P(y ≤ j)/P(y > j) = θ_j − d·z − x'b by maximum likelihood, the levels j being the \
         outcome's values in their order. share[j]: the mean over rows of P(y = j) at z = 1 less that \
         at z = 0, its variance by the delta method. `vcov`: the inverse information I⁻¹; HC: \
         I⁻¹(Σ s s')I⁻¹ of the rows' scores s; CR: clusters' scores, times G/(G−1)."
    }
    fn assumptions(&self) -> &'static str {
        "Treatment was drawn at random; rows, or clusters if named, are independent. Treatment \
         multiplies the odds of being above each level by the same factor; where it does not, \
         `category` says more. With information as variance the model must be right."
    }
    fn source(&self) -> &'static str {
        "McCullagh (1980), Journal of the Royal Statistical Society B 42; as R ordinal's clm and \
         MASS's polr"
    }
    fn measure(&self) -> Measure {
        Measure::LogRatio
    }
    fn options(&self) -> &'static [&'static str] {
        &["vcov", "covariates", "factors", "missing_covariates"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "logarithm of the odds ratio of being above any level"),
            ("share[LEVEL]", "mean over rows of the share at LEVEL if treated less that if not"),
            ("cut[LEVEL]", "log odds of a control with all covariates 0 to be at LEVEL or below"),
            ("{covariate}", "change of the log odds of being above any level for one more of it"),
            ("loglik", "logarithm of the likelihood at the estimate"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let vcov = logit::settings(sample, options)?;
        let (level, values) = levels(&sample.y);
        if values.len() > MOST_LEVELS {
            let (given, most) = (values.len(), MOST_LEVELS);
            return Err(EstimateError::TooManyLevels { estimator: self.name(), given, most });
        }
        let matrix = ModelMatrix::of(sample, false)?;
        let mut effect = Number::of_effect(sample, options);
        if values.len() < 2 {
            effect.note("the outcome does not vary");
            return Ok(vec![effect.infer_normal(0.0, Some(0.0), vcov.name(), options.alpha)]);
        }
        let fit = ProportionalOdds::fit(&matrix, &level, values.len(), matrix.width());
        let Some(fit) = fit else {
            effect.note(
                "perfect prediction: a combination of treatment and covariates separates the \
                 levels, so that the likelihood has no maximum; take category",
            );
            return Ok(vec![effect]);
        };
        if !matrix.dropped.is_empty() {
            effect.note(format!("dropped as collinear: {}", matrix.dropped.join(", ")));
        }
        let variance = match (vcov, sample.clusters.as_deref()) {
            (Vcov::Information, _) => fit.inverse.clone(),
            (_, clusters) => {
                let robust = fit.robust(&matrix, &level, clusters);
                logit::scaled(&robust, clusters.map(<[_]>::len))
            }
        };
        let report = Report { sample, options, matrix: &matrix, fit: &fit, variance, vcov };
        let mut numbers = vec![report.slope(effect, &matrix.treatment_contrast())];
        numbers.extend(values.iter().enumerate().map(|it| report.share(it)));
        numbers.extend(report.thresholds(&values));
        let covariates = matrix.covariate_contrasts();
        numbers
            .extend(covariates.iter().map(|(name, it)| report.slope(Number::of(sample, name), it)));
        numbers.push(Number::of(sample, "loglik").describe(fit.log_likelihood, None));
        Ok(numbers)
    }
}

/// Each row's level, and the outcome's values in their order.
fn levels(y: &[f64]) -> (Vec<usize>, Vec<f64>) {
    let mut values = y.to_vec();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let place = |it: &f64| values.partition_point(|value| value < it);
    (y.iter().map(place).collect(), values)
}

/// What every row of the result rests on.
struct Report<'a> {
    sample: &'a Sample,
    options: &'a Options,
    matrix: &'a ModelMatrix,
    fit: &'a ProportionalOdds,
    variance: Square,
    vcov: Vcov,
}

impl Report<'_> {
    /// A slope; `weights` are those of the matrix's columns.
    fn slope(&self, number: Number, weights: &[f64]) -> Number {
        let first = self.fit.coefficients.len() - weights.len();
        let all: Vec<f64> =
            std::iter::repeat_n(0.0, first).chain(weights.iter().copied()).collect();
        self.inferred(number, &all)
    }

    /// A threshold in the covariates' own unit: θ − Σ b·(0 − centre)/scale.
    fn thresholds(&self, values: &[f64]) -> Vec<Number> {
        let slopes = self.matrix.constant_contrast();
        let last = values.len() - 1;
        let number = |(at, value): (usize, &f64)| {
            let mut weights = vec![0.0; last];
            if let Some(slot) = weights.get_mut(at) {
                *slot = 1.0;
            }
            // The constant's own weight comes first there; the matrix has no constant.
            weights.extend(slopes.iter().skip(1).map(|it| -it));
            self.inferred(Number::of(self.sample, &format!("cut[{value}]")), &weights)
        };
        values.iter().take(last).enumerate().map(number).collect()
    }

    fn share(&self, (level, value): (usize, &f64)) -> Number {
        let n = self.sample.n() as f64;
        let (mut total, mut gradient) = (0.0, vec![0.0; self.fit.coefficients.len()]);
        for row in self.matrix.rows() {
            for (treated, sign) in [(true, 1.0), (false, -1.0)] {
                let (p, slope) = self.fit.share(level, &self.matrix.in_arm(row, treated));
                total += sign * p;
                add_scaled(&mut gradient, &slope, sign / n);
            }
        }
        let std_error = self.variance.form(&gradient).sqrt();
        let number = Number::of(self.sample, &format!("share[{value}]"));
        number.infer_normal(total / n, Some(std_error), self.vcov.name(), self.options.alpha)
    }

    fn inferred(&self, number: Number, weights: &[f64]) -> Number {
        let estimate = crate::linear::dot(weights, &self.fit.coefficients);
        let std_error = self.variance.form(weights).sqrt();
        number.infer_normal(estimate, Some(std_error), self.vcov.name(), self.options.alpha)
    }
}
