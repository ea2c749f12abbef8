//! Generalised estimating equations.

use crate::equations::{Equations, Solution};
use crate::least_squares::INTERCEPT;
use crate::linear::dot;
use crate::model_matrix::ModelMatrix;
use crate::number::{is_binary, is_constant, mean};
use crate::symmetric::Square;
use crate::{
    Correction, Corstr, Distribution, EstimateError, Estimator, Number, Options, Redraw, Role,
    Sample,
};

/// Repeated measurements of subjects, with a working correlation.
#[derive(Debug)]
pub(super) struct Gee;

/// Below this many subjects a normal approximation is said to be rough.
const FEW_SUBJECTS: usize = 40;

impl Estimator for Gee {
    fn name(&self) -> &'static str {
        "gee"
    }
    fn summary(&self) -> &'static str {
        "Generalised estimating equations for repeated measurements of subjects"
    }
    fn formula(&self) -> &'static str {
        "Σ D'V⁻¹(y − μ) = 0 over subjects, V = √A·R(α)·√A·φ; `distribution` binomial (logit), gaussian \
         (identity) or poisson (log); R independence or exchangeable, α the mean product of two \
         Pearson residuals of a subject over φ. Variance H⁻¹(Σ UU')H⁻¹ over subjects; mancl_derouen \
         (default): residuals times (I − H_ii)⁻¹."
    }
    fn assumptions(&self) -> &'static str {
        "Treatment was drawn at random; subjects are independent. The effect is right whatever the \
         correlation is, as long as no measurement is missing, or it is chance which are. A binomial \
         coefficient is a log odds ratio, a poisson one a log ratio of means."
    }
    fn source(&self) -> &'static str {
        "Liang and Zeger (1986), Biometrika 73; Mancl and DeRouen (2001), Biometrics 57; as R geepack"
    }
    fn needs(&self) -> &'static [&'static str] {
        &["subject"]
    }
    fn options(&self) -> &'static [&'static str] {
        &[
            "subject",
            "distribution",
            "corstr",
            "correction",
            "covariates",
            "factors",
            "missing_covariates",
        ]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "coefficient of the treatment on the scale of the link"),
            (INTERCEPT, "the linear predictor of a control with all covariates 0"),
            ("{covariate}", "change of the linear predictor for one more of the covariate"),
            ("alpha", "correlation of two measurements of a subject; not under independence"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        check(self.name(), sample, options)?;
        let subjects = subjects(sample);
        let matrix = ModelMatrix::of(sample, true)?;
        let mut effect = Number::of_effect(sample, options);
        if is_constant(&sample.y) {
            effect.note("the outcome does not vary");
            return Ok(vec![effect.infer_normal(0.0, Some(0.0), "sandwich", options.alpha)]);
        }
        // With the identity link from the mean, so that a large outcome keeps its digits.
        let identity = options.distribution == Distribution::Gaussian;
        let centre = if identity { mean(&sample.y) } else { 0.0 };
        let y: Vec<f64> = sample.y.iter().map(|it| it - centre).collect();
        let equations = Equations {
            matrix: &matrix,
            y: &y,
            subjects: &subjects,
            distribution: options.distribution,
            exchangeable: options.corstr == Corstr::Exchangeable,
        };
        let Some(solution) = equations.solve() else {
            effect.note(
                "the equations have no solution: perfect prediction, or a correlation that cannot be; \
                 take corstr independence, or lm_robust with clusters",
            );
            return Ok(vec![effect]);
        };
        if subjects.len() < FEW_SUBJECTS {
            effect.note(format!("{} subjects: the normal approximation is rough", subjects.len()));
        }
        if !matrix.dropped.is_empty() {
            effect.note(format!("dropped as collinear: {}", matrix.dropped.join(", ")));
        }
        let corrected = options.correction == Correction::ManclDerouen;
        let report = Report {
            sample,
            options,
            solution: &solution,
            centre,
            variance: solution.variance(corrected),
            se: if corrected { "mancl_derouen" } else { "sandwich" },
        };
        Ok(report.numbers(effect, &matrix))
    }
}

/// Refuses outcomes that the distribution can't have, and clusters that are not subjects.
fn check(estimator: &'static str, sample: &Sample, options: &Options) -> Result<(), EstimateError> {
    if options.distribution == Distribution::Binomial && !is_binary(&sample.y) {
        return Err(EstimateError::NotBinary { estimator });
    }
    let count = |it: &f64| *it >= 0.0 && it.fract().abs() <= 0.0;
    if options.distribution == Distribution::Poisson && !sample.y.iter().all(count) {
        return Err(EstimateError::NotCounts { estimator });
    }
    let subject = |row: usize| sample.column(Role::Subject).map(|it| it.code(row));
    let mixed = |rows: &std::ops::Range<usize>| {
        let first = subject(rows.start);
        !rows.clone().all(|row| subject(row) == first)
    };
    if sample.clusters.as_deref().unwrap_or_default().iter().any(mixed) {
        return Err(EstimateError::NotTaken { estimator, what: "clusters of several subjects" });
    }
    Ok(())
}

/// The rows of each subject, in the order of their labels.
fn subjects(sample: &Sample) -> Vec<Vec<usize>> {
    let Some(column) = sample.column(Role::Subject) else { return Vec::new() };
    let mut subjects = vec![Vec::new(); column.levels.len()];
    for row in 0..sample.n() {
        if let Some(rows) = subjects.get_mut(column.code(row)) {
            rows.push(row);
        }
    }
    subjects.retain(|it| !it.is_empty());
    subjects
}

/// What every coefficient rests on.
struct Report<'a> {
    sample: &'a Sample,
    options: &'a Options,
    solution: &'a Solution,
    /// What was taken off the outcome.
    centre: f64,
    variance: Option<Square>,
    se: &'static str,
}

impl Report<'_> {
    fn numbers(&self, effect: Number, matrix: &ModelMatrix) -> Vec<Number> {
        let number = |name: &str| Number::of(self.sample, name);
        let mut numbers = vec![
            self.inferred(effect, &matrix.treatment_contrast(), 0.0),
            self.inferred(number(INTERCEPT), &matrix.constant_contrast(), self.centre),
        ];
        for (name, weights) in matrix.covariate_contrasts() {
            numbers.push(self.inferred(number(name), &weights, 0.0));
        }
        for name in &matrix.dropped {
            let mut dropped = number(name);
            dropped.note("dropped: it depends on the covariates before it");
            numbers.push(dropped);
        }
        if self.options.corstr == Corstr::Exchangeable {
            let mut alpha = number("alpha").describe(self.solution.alpha, None);
            alpha.note(format!("scale {:.6}", self.solution.scale));
            numbers.push(alpha);
        }
        numbers
    }

    fn inferred(&self, mut number: Number, weights: &[f64], centre: f64) -> Number {
        let estimate = dot(weights, &self.solution.coefficients) + centre;
        if self.variance.is_none() {
            number.note("one subject alone tells a coefficient: take correction none");
        }
        let std_error = self.variance.as_ref().map(|it| it.form(weights).sqrt());
        number.infer_normal(estimate, std_error, self.se, self.options.alpha)
    }
}
