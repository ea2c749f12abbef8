//! Logistic regression, reported as the average marginal effect.

use crate::least_squares::INTERCEPT;
use crate::linear::{add_scaled, dot};
use crate::logistic::{Logistic, slope};
use crate::model_matrix::ModelMatrix;
use crate::number::is_constant;
use crate::symmetric::Square;
use crate::{EstimateError, Estimator, Number, Options, OutcomeKind, Redraw, Sample, Vcov};

/// Logistic regression on treatment and covariates.
#[derive(Debug)]
pub(super) struct Logit;

/// Below this many clusters, a normal approximation of a clustered statistic is said to be rough.
const FEW_CLUSTERS: usize = 40;

impl Estimator for Logit {
    fn name(&self) -> &'static str {
        "logit"
    }
    fn summary(&self) -> &'static str {
        "Logistic regression of a binary outcome: the average marginal effect of treatment, and \
         the coefficients"
    }
    fn formula(&self) -> &'static str {
        "ln p/(1−p) = a + x'b + d·z by maximum likelihood. Effect: the mean over rows of p at z = 1 \
         less p at z = 0, its variance g'Vg with g the gradient of that mean. V: the inverse \
         information I⁻¹; HC: I⁻¹(Σ s s')I⁻¹ of the rows' scores s; CR: clusters' scores, times \
         G/(G−1)."
    }
    fn assumptions(&self) -> &'static str {
        "Treatment was drawn at random; rows, or clusters if named, are independent. The effect is \
         that on the rows analysed. With information as variance the model must be right. If a \
         combination of columns predicts the outcome perfectly there is no estimate."
    }
    fn source(&self) -> &'static str {
        "McCullagh and Nelder (1989), ch. 4; White (1982); delta method as in R stats::glm and \
         sandwich; perfect prediction: Albert and Anderson (1984), Biometrika 71"
    }
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Binary
    }
    fn options(&self) -> &'static [&'static str] {
        &["vcov", "covariates", "factors", "missing_covariates"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "mean over rows of the probability if treated less that if not"),
            ("p_treated", "mean probability of outcome 1 if all rows were treated"),
            ("p_control", "mean probability of outcome 1 if no row were treated"),
            ("coefficient", "logarithm of the odds ratio of treatment at equal covariates"),
            (INTERCEPT, "logarithm of a control's odds with all covariates 0"),
            ("{covariate}", "change of the log odds for one more of the covariate"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let vcov = settings(sample, options)?;
        let matrix = ModelMatrix::of(sample, true)?;
        let mut effect = Number::of_effect(sample, options);
        if is_constant(&sample.y) {
            effect.note("the outcome does not vary");
            let mut it = effect.infer_normal(0.0, Some(0.0), vcov.name(), options.alpha);
            it.note("no coefficients");
            return Ok(vec![it]);
        }
        let Some(fit) = Logistic::fit(&matrix, &sample.y) else {
            effect.note(
                "perfect prediction: a combination of treatment and covariates separates the \
                 outcomes, so that the likelihood has no maximum; take lm_robust, or risk",
            );
            return Ok(vec![effect]);
        };
        if !matrix.dropped.is_empty() {
            effect.note(format!("dropped as collinear: {}", matrix.dropped.join(", ")));
        }
        if vcov == Vcov::Cr && sample.clusters.as_ref().is_some_and(|it| it.len() < FEW_CLUSTERS) {
            effect.note("fewer than 40 clusters: the normal approximation is rough");
        }
        let variance = match (vcov, sample.clusters.as_deref()) {
            (Vcov::Information, _) => fit.inverse.clone(),
            (_, clusters) => {
                scaled(&fit.robust(&matrix, &sample.y, clusters), clusters.map(<[_]>::len))
            }
        };
        let report = Report { sample, options, matrix: &matrix, fit: &fit, variance, vcov };
        let mut numbers = report.margins(effect);
        numbers.extend(report.coefficients());
        Ok(numbers)
    }
}

/// Which variance applies, checked against the clusters.
pub(super) fn settings(sample: &Sample, options: &Options) -> Result<Vcov, EstimateError> {
    let clustered = sample.clusters.is_some();
    match options.vcov {
        None => Ok(if clustered { Vcov::Cr } else { Vcov::Information }),
        Some(Vcov::Cr) if !clustered => Err(EstimateError::SeNeedsClusters { se: Vcov::Cr.name() }),
        Some(Vcov::Cr) => Ok(Vcov::Cr),
        Some(vcov) if clustered => Err(EstimateError::SeWithClusters { se: vcov.name() }),
        Some(vcov) => Ok(vcov),
    }
}

/// Times G/(G−1) with clusters.
pub(super) fn scaled(variance: &Square, clusters: Option<usize>) -> Square {
    let g = clusters.map_or(f64::INFINITY, |it| it as f64);
    let mut scaled = variance.clone();
    if g.is_finite() {
        scaled.add(variance, 1.0 / (g - 1.0));
    }
    scaled
}

/// What every row of the result rests on.
struct Report<'a> {
    sample: &'a Sample,
    options: &'a Options,
    matrix: &'a ModelMatrix,
    fit: &'a Logistic,
    variance: Square,
    vcov: Vcov,
}

impl Report<'_> {
    /// The effect and the mean probabilities of both arms.
    fn margins(&self, effect: Number) -> Vec<Number> {
        let (treated, control) = (self.margin(true), self.margin(false));
        let mut gradient = treated.1.clone();
        add_scaled(&mut gradient, &control.1, -1.0);
        let mean = |term: &str, (p, gradient): &(f64, Vec<f64>)| {
            let mut number = self.number(term).describe(*p, None);
            number.std_error = Some(self.variance.form(gradient).sqrt());
            number.se_type = Some(self.vcov.name());
            number
        };
        vec![
            self.inferred(effect, treated.0 - control.0, &gradient),
            mean("p_treated", &treated),
            mean("p_control", &control),
        ]
    }

    /// Mean probability with all rows in an arm, and its gradient.
    fn margin(&self, treated: bool) -> (f64, Vec<f64>) {
        let n = self.sample.n() as f64;
        let (mut total, mut gradient) = (0.0, vec![0.0; self.matrix.width()]);
        for row in self.matrix.rows() {
            let row = self.matrix.in_arm(row, treated);
            total += self.fit.probability(&row);
            add_scaled(&mut gradient, &row, slope(dot(&row, &self.fit.coefficients)) / n);
        }
        (total / n, gradient)
    }

    fn coefficients(&self) -> Vec<Number> {
        let first = [
            ("coefficient", self.matrix.treatment_contrast()),
            (INTERCEPT, self.matrix.constant_contrast()),
        ];
        let all = first.into_iter().chain(self.matrix.covariate_contrasts());
        let mut numbers: Vec<Number> = all
            .map(|(term, weights)| {
                let estimate = dot(&weights, &self.fit.coefficients);
                self.inferred(self.number(term), estimate, &weights)
            })
            .collect();
        numbers.extend(self.matrix.dropped.iter().map(|name| {
            let mut number = self.number(name);
            number.note("dropped: it depends on the covariates before it");
            number
        }));
        numbers
    }

    fn inferred(&self, number: Number, estimate: f64, weights: &[f64]) -> Number {
        let std_error = self.variance.form(weights).sqrt();
        number.infer_normal(estimate, Some(std_error), self.vcov.name(), self.options.alpha)
    }

    fn number(&self, term: &str) -> Number {
        Number::of(self.sample, term)
    }
}
