//! Proportional hazards from snapshots.

use super::refusals::refuse_clusters;
use crate::linear::dot;
use crate::model_matrix::ModelMatrix;
use crate::newton::Maximum;
use crate::survival::snapshot_hazards::SnapshotHazards;
use crate::survival::turnbull::intervals;
use crate::{EstimateError, Estimator, Measure, Number, Options, OutcomeKind, Redraw, Sample};

/// The ratio of the arms' hazards, where events are only known to lie between snapshots.
#[derive(Debug)]
pub(super) struct DiscreteHazard;

impl Estimator for DiscreteHazard {
    fn name(&self) -> &'static str {
        "discrete_hazard"
    }
    fn summary(&self) -> &'static str {
        "Proportional hazards where the event is only known to lie between two snapshots"
    }
    fn formula(&self) -> &'static str {
        "S(t) = exp(−Λ(t)·exp(d·z + x'b)); row i adds ln(S(low_i) − S(high_i)), high infinite where the \
         event had not come. Λ is a step at the end of each innermost interval; all by maximum \
         likelihood, the variance from the observed information. With common snapshots and none missed \
         this is the binomial regression of each interval with link ln(−ln(1 − h))."
    }
    fn assumptions(&self) -> &'static str {
        "The ratio of the hazards is the same at all times; rows are independent, and when a row is \
         looked at says nothing of when its event comes. Blocks belong among the factors. With many \
         snapshots and few events, or all events of an arm last, there may be no estimate."
    }
    fn source(&self) -> &'static str {
        "Prentice and Gloeckler (1978), Biometrics 34; Finkelstein (1986), Biometrics 42; with common \
         snapshots as R glm with cloglog"
    }
    fn measure(&self) -> Measure {
        Measure::LogRatio
    }
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Time
    }
    fn needs(&self) -> &'static [&'static str] {
        &["high"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["high", "covariates", "factors", "missing_covariates"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "logarithm of the ratio of the hazards, treated to controls"),
            ("hazard_ratio", "that ratio; the standard error is that of its logarithm"),
            ("{covariate}", "change of the logarithm of the hazard for one more of the covariate"),
            ("loglik", "logarithm of the likelihood at the estimate"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        let rows = intervals(sample)?;
        let matrix = ModelMatrix::of(sample, false)?;
        let mut effect = Number::of(sample, &options.treatment);
        let model = SnapshotHazards::of(&matrix, &rows);
        let Some(fit) = model.and_then(|it| it.fit(matrix.width())) else {
            effect.note(
                "monotone likelihood: the events of an arm, or along a covariate, come last, or no \
                 event is dated; take turnbull",
            );
            return Ok(vec![effect]);
        };
        if !matrix.dropped.is_empty() {
            effect.note(format!("dropped as collinear: {}", matrix.dropped.join(", ")));
        }
        Ok(numbers(sample, options, effect, (&matrix, &fit)))
    }
}

fn numbers(
    sample: &Sample,
    options: &Options,
    effect: Number,
    (matrix, fit): (&ModelMatrix, &Maximum),
) -> Vec<Number> {
    let first = fit.at.len() - matrix.width();
    let read = |weights: &[f64]| {
        let all: Vec<f64> =
            std::iter::repeat_n(0.0, first).chain(weights.iter().copied()).collect();
        (dot(&all, &fit.at), Some(fit.inverse.form(&all).sqrt()))
    };
    let (log, std_error) = read(&matrix.treatment_contrast());
    let ratio = Number::of(sample, "hazard_ratio");
    let mut numbers = vec![
        effect.infer_normal(log, std_error, "information", options.alpha),
        ratio.infer_ratio(log, std_error, "information", options.alpha),
    ];
    for (name, weights) in matrix.covariate_contrasts() {
        let (estimate, std_error) = read(&weights);
        let number = Number::of(sample, name);
        numbers.push(number.infer_normal(estimate, std_error, "information", options.alpha));
    }
    numbers.push(Number::of(sample, "loglik").describe(fit.log_likelihood, None));
    numbers
}
