//! Random intercepts of groups.

use std::collections::BTreeMap;

use crate::intercepts::{Intercepts, Reml};
use crate::least_squares::INTERCEPT;
use crate::model_matrix::ModelMatrix;
use crate::number::{Inference, is_constant, mean};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Role, Sample};

/// A linear model with random intercepts.
#[derive(Debug)]
pub(super) struct Mixed;

/// The largest number of rows that groups may tie together: time goes up with its cube.
const MOST_TIED: usize = 2_000;

impl Estimator for Mixed {
    fn name(&self) -> &'static str {
        "mixed"
    }
    fn summary(&self) -> &'static str {
        "Linear model with random intercepts of groups, by restricted maximum likelihood"
    }
    fn formula(&self) -> &'static str {
        "y = a + d·z + x'b + Σ u_g + e, with an intercept u_g of variance var[GROUP] for each group of \
         every column in `groups`, nested or crossed, and e of variance var[residual]. Variances by \
         REML; coefficients by generalised least squares with variance C = (X'V⁻¹X)⁻¹. df = \
         2(c'Cc)²/(g'Ag) (Satterthwaite), g the derivatives of c'Cc by the variances and A the \
         inverse of their observed information."
    }
    fn assumptions(&self) -> &'static str {
        "Treatment was drawn at random; groups are independent draws from a normal distribution, and \
         so are the errors. With few groups, or unequal variances, lm_robust with CR2 asks for less. \
         A variance that comes out as 0 is said: the df then take it as known."
    }
    fn source(&self) -> &'static str {
        "Patterson and Thompson (1971), Biometrika 58; Satterthwaite (1946); Fai and Cornelius (1996); \
         as R lme4 and lmerTest"
    }
    fn needs(&self) -> &'static [&'static str] {
        &["groups"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["groups", "covariates", "factors", "missing_covariates"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "difference between the arms at equal covariates"),
            (INTERCEPT, "expected outcome of a control with all covariates 0"),
            ("{covariate}", "change of the outcome for one more of the covariate"),
            ("var[GROUP]", "variance of the intercepts of a column in groups"),
            ("var[residual]", "variance of the rows within all groups"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        check_clusters(self.name(), sample)?;
        let matrix = ModelMatrix::of(sample, true)?;
        let mut effect = Number::of_effect(sample, options);
        if is_constant(&sample.y) {
            effect.note("the outcome does not vary");
            let none = Inference { estimate: 0.0, std_error: Some(0.0), df: None };
            return Ok(vec![effect.infer(none, "reml", options.alpha)]);
        }
        let groupings: Vec<Vec<usize>> = sample
            .columns(Role::Group)
            .map(|column| (0..sample.n()).map(|row| column.code(row)).collect())
            .collect();
        // From the mean, so that a large outcome keeps its digits.
        let centre = mean(&sample.y);
        let y: Vec<f64> = sample.y.iter().map(|it| it - centre).collect();
        let scale = y.iter().map(|it| it * it).sum::<f64>() / y.len() as f64;
        let model = Intercepts::of(&matrix, &y, &groupings);
        if model.largest_block() > MOST_TIED {
            let what = "groups that tie more than 2,000 rows together";
            return Err(EstimateError::NotTaken { estimator: self.name(), what });
        }
        let fit = if sample.n() > matrix.width() { model.fit(scale) } else { None };
        let Some(fit) = fit else {
            effect.note(
                "the likelihood has no maximum: the rows are too few, or the covariates and groups \
                 fit the outcome exactly; take lm_robust",
            );
            return Ok(vec![effect]);
        };
        if !matrix.dropped.is_empty() {
            effect.note(format!("dropped as collinear: {}", matrix.dropped.join(", ")));
        }
        let report = Report { sample, options, fit: &fit, centre };
        Ok(report.numbers(effect, &matrix))
    }
}

/// Refuses clusters that are not the groups of any column: their rows would count as independent.
fn check_clusters(estimator: &'static str, sample: &Sample) -> Result<(), EstimateError> {
    let clusters = sample.clusters.as_deref().unwrap_or_default();
    let same = |code: &dyn Fn(usize) -> usize| {
        let mut cluster_of = BTreeMap::new();
        clusters.iter().enumerate().all(|(at, rows)| {
            let first = code(rows.start);
            rows.clone().all(|row| code(row) == first)
                && *cluster_of.entry(first).or_insert(at) == at
        })
    };
    let known = sample.columns(Role::Group).any(|it| same(&|row| it.code(row)));
    if known || clusters.iter().all(|it| it.len() <= 1) {
        return Ok(());
    }
    Err(EstimateError::NotTaken { estimator, what: "clusters that are none of the `groups`" })
}

/// What every row of the result rests on.
struct Report<'a> {
    sample: &'a Sample,
    options: &'a Options,
    fit: &'a Reml,
    /// What was taken off the outcome.
    centre: f64,
}

impl Report<'_> {
    fn numbers(&self, mut effect: Number, matrix: &ModelMatrix) -> Vec<Number> {
        let number = |name: &str| Number::of(self.sample, name);
        let names = self.sample.columns(Role::Group).map(|it| it.name.as_str());
        let variances: Vec<(&str, f64)> =
            names.chain(["residual"]).zip(self.fit.variances.iter().copied()).collect();
        for (name, _) in variances.iter().filter(|it| it.1 <= 0.0) {
            effect.note(format!("the variance of {name} is 0: the fit is singular"));
        }
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
        for (name, variance) in variances {
            numbers.push(number(&format!("var[{name}]")).describe(variance, None));
        }
        numbers
    }

    fn inferred(&self, number: Number, weights: &[f64], centre: f64) -> Number {
        let (estimate, std_error, df) = self.fit.combination(weights);
        let inference = Inference { estimate: estimate + centre, std_error: Some(std_error), df };
        number.infer(inference, "reml", self.options.alpha)
    }
}
