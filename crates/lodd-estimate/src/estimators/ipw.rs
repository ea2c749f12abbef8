//! Inverse probability weighting for attrition.

use super::lee_bounds::is_observed;
use super::lm_robust::LmRobust;
use crate::least_squares::INTERCEPT;
use crate::logistic::Logistic;
use crate::model_matrix::ModelMatrix;
use crate::{
    Covariate, EstimateError, Estimator, Number, Options, Redraw, Role, Rows, Sample, SeType,
};

/// Least squares on those observed, each weighted by how unlikely that was.
#[derive(Debug)]
pub(super) struct Ipw;

/// Weights this many times the mean are pointed out.
const LARGE: f64 = 10.0;

impl Estimator for Ipw {
    fn name(&self) -> &'static str {
        "ipw"
    }
    fn summary(&self) -> &'static str {
        "Difference between the arms among those observed, weighted by the inverse probability of \
         being observed"
    }
    fn formula(&self) -> &'static str {
        "p̂ = logit⁻¹(a + d·z + x'b), fitted to who is observed with the columns x of `response_model`. \
         Then weighted least squares of the outcome on treatment and covariates with weights 1/p̂, as \
         lm_robust, by default HC2, with clusters stata. Weights are taken as known, which makes standard errors too large, if anything."
    }
    fn assumptions(&self) -> &'static str {
        "Treatment was drawn at random, and among rows with the same arm and the same columns of \
         response_model it is chance who is observed; nobody had no chance. lee_bounds and \
         manski_bounds assume less."
    }
    fn source(&self) -> &'static str {
        "Horvitz and Thompson (1952); Wooldridge (2007), Journal of Econometrics 141"
    }
    fn needs(&self) -> &'static [&'static str] {
        &["observed"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["observed", "response_model", "se", "df", "covariates", "factors", "missing_covariates"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "weighted difference between the arms at equal covariates"),
            (INTERCEPT, "expected outcome of a control with all covariates 0"),
            ("{covariate}", "change of the outcome for one more of the covariate"),
            ("response_treated", "share of the treated that is observed"),
            ("response_control", "share of the controls that is observed"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        redraw: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let observed = is_observed(sample);
        let weights = match weights(sample, &observed)? {
            Ok(weights) => weights,
            Err(why) => {
                let mut number = Number::of(sample, &options.treatment);
                number.note(why);
                return Ok(vec![number]);
            }
        };
        let seen = seen(sample, &observed, &weights)?;
        // CR2 has no definition here for weighted rows.
        let clustered = seen.clusters.is_some() && seen.weights.is_some();
        let se = options.se.or(clustered.then_some(SeType::Stata));
        let options = &Options { se, ..options.clone() };
        let mut numbers = LmRobust.compute(&seen, options, redraw)?;
        let missing = sample.n() - seen.n();
        if let Some(effect) = numbers.first_mut() {
            effect.note(format!(
                "rows without an outcome, for whom the others are weighted: {missing}"
            ));
            let mean = weights.iter().sum::<f64>() / weights.len() as f64;
            let large = weights.iter().filter(|it| **it > LARGE * mean).count();
            if large > 0 {
                effect.note(format!("weights above 10 times their mean: {large}"));
            }
        }
        for (term, arm) in [("response_treated", true), ("response_control", false)] {
            let n = if arm { sample.n_treated() } else { sample.n_control() } as f64;
            let own = if arm { seen.n_treated() } else { seen.n_control() } as f64;
            numbers.push(Number::of(sample, term).describe(own / n, None));
        }
        Ok(numbers)
    }
}

/// 1/p̂ of each observed row; a reason where p̂ does not exist.
fn weights(
    sample: &Sample,
    observed: &[bool],
) -> Result<Result<Vec<f64>, &'static str>, EstimateError> {
    let seen: Vec<f64> = observed.iter().map(|it| f64::from(u8::from(*it))).collect();
    let n = observed.iter().filter(|it| **it).count();
    if n == sample.n() {
        return Ok(Ok(vec![1.0; n]));
    }
    let columns = sample.columns(Role::ResponseModel).flat_map(|it| {
        if it.levels.is_empty() {
            vec![Covariate { name: it.name.clone(), values: it.values.clone() }]
        } else {
            it.dummies()
        }
    });
    let matrix = ModelMatrix::with(&sample.treated, &columns.collect::<Vec<_>>(), true)?;
    let Some(fit) = Logistic::fit(&matrix, &seen) else {
        return Ok(Err(
            "perfect prediction: arm and response_model tell some rows' response with certainty, so \
             that no weights exist; take lee_bounds",
        ));
    };
    let rows = matrix.rows().zip(observed).filter(|it| *it.1);
    Ok(Ok(rows.map(|(row, _)| 1.0 / fit.probability(row)).collect()))
}

/// The observed rows with their weights.
fn seen(sample: &Sample, observed: &[bool], weights: &[f64]) -> Result<Sample, EstimateError> {
    fn pick<T: Copy>(values: &[T], observed: &[bool]) -> Vec<T> {
        values.iter().zip(observed).filter(|it| *it.1).map(|it| *it.0).collect()
    }
    let covariate =
        |it: &Covariate| Covariate { name: it.name.clone(), values: pick(&it.values, observed) };
    let id = |at: &usize| sample.block_ids.get(*at).copied().unwrap_or_default();
    let block: Vec<u32> = pick(&sample.block, observed).iter().map(id).collect();
    let clusters: Option<Vec<u32>> = (0..sample.n()).map(|row| sample.cluster_at(row)).collect();
    let cluster = clusters.map(|it| pick(&it, observed));
    let covariates: Vec<Covariate> = sample.covariates.iter().map(covariate).collect();
    let rows = Rows {
        y: &pick(&sample.y, observed),
        treated: &pick(&sample.treated, observed),
        unit: &pick(&sample.unit, observed),
        block: (!sample.block_ids.is_empty()).then_some(block.as_slice()),
        cluster: cluster.as_deref(),
        // What was nested in all rows is nested in some.
        cluster_spans_arms: true,
        covariates: &covariates,
        // Nobody missing, nothing to weight for.
        weights: observed.contains(&false).then_some(weights),
        ..Rows::default()
    };
    Sample::new(rows).map_err(|_| EstimateError::NobodyObserved)
}
