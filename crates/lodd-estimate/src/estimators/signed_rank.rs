//! Wilcoxon's signed rank test of matched pairs.

use super::refusals::refuse_clusters;
use crate::asymptotic::{normal_quantile, normal_two_sided};
use crate::ranks::{Sums, double_midranks};
use crate::shifts::walsh;
use crate::two_arms::pair_differences;
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// Ranks of the pairs' differences, and their signs.
#[derive(Debug)]
pub(super) struct SignedRank;

impl Estimator for SignedRank {
    fn name(&self) -> &'static str {
        "signed_rank"
    }
    fn summary(&self) -> &'static str {
        "Wilcoxon's signed rank test of matched pairs, with the sign test"
    }
    fn formula(&self) -> &'static str {
        "d = treated less control of each pair; pairs with d = 0 are left out. V = Σ rank of |d| over \
         d > 0, ties as midranks. Exact p: share of all 2^n signs with V at least as far from its \
         mean; else normal, variance Σ rank²/4. Effect: the median of (d_i + d_j)/2 over i ≤ j, its \
         interval by ranks without ties. sign_test: binomial."
    }
    fn assumptions(&self) -> &'static str {
        "One of each pair was drawn at random. The hypothesis is that treatment changed no unit's \
         outcome; the median and its interval also take the effect to be the same for all."
    }
    fn source(&self) -> &'static str {
        "Wilcoxon (1945); Hodges and Lehmann (1963); exact: Streitberg and Röhmel (1986); as R \
         wilcox.test and exactRankTests"
    }
    fn options(&self) -> &'static [&'static str] {
        &[]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "median of the means of any two differences"),
            ("V", "sum of the ranks of the positive differences"),
            ("sign_test", "number of positive differences, with the binomial test"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        let all = pair_differences(self.name(), sample)?;
        let mut differences: Vec<f64> = all.iter().copied().filter(|it| it.abs() > 0.0).collect();
        differences.sort_by(f64::total_cmp);
        let mut effect = Number::of_effect(sample, options);
        if differences.len() < all.len() {
            effect.note(format!(
                "pairs without a difference, left out: {}",
                all.len() - differences.len()
            ));
        }
        let mut statistic = Number::of(sample, "V");
        let mut signs = Number::of(sample, "sign_test");
        if differences.is_empty() {
            effect.estimate = Some(0.0);
            effect.std_error = Some(0.0);
            effect.note("the outcome does not vary within pairs: no test, no interval");
            for it in [&mut statistic, &mut signs] {
                it.note("no pair has a difference: no test");
            }
            return Ok(vec![effect, statistic, signs]);
        }
        let (v, p) = test(&differences, &mut statistic);
        effect.p_value = Some(p);
        effect.note("a rank test has no standard error");
        let positive = differences.iter().filter(|it| **it > 0.0).count();
        let sign_p = sign_test(positive, differences.len());
        Ok(vec![
            centre(effect, &differences, options.alpha),
            statistic.test(v, Some(p)),
            signs.test(positive as f64, Some(sign_p)),
        ])
    }
}

/// Differences that are nearer than this share of the largest are the same.
const SAME: f64 = 1e-9;

/// V and its p-value; says how it was found.
fn test(differences: &[f64], number: &mut Number) -> (f64, f64) {
    let ranks = double_midranks(&sizes(differences));
    let positive = differences.iter().zip(&ranks).filter(|it| *it.0 > 0.0);
    let double: u64 = positive.map(|it| it.1).sum();
    let v = double as f64 / 2.0;
    if let Some(sums) = Sums::of_signs(&ranks) {
        let tail = sums.two_sided(double);
        number.note(match tail.fraction() {
            Some(count) => format!("exact: |V* - mean| >= |V - mean| in {count} assignments"),
            None => "exact: |V* - mean| >= |V - mean|, all assignments counted".to_owned(),
        });
        return (v, tail.p());
    }
    number.note("normal approximation, without continuity correction");
    let mean = ranks.iter().map(|it| *it as f64).sum::<f64>() / 4.0;
    let variance: f64 = ranks.iter().map(|it| (*it as f64).powi(2) / 16.0).sum();
    (v, normal_two_sided((v - mean) / variance.sqrt()))
}

/// The sizes of differences. What lies within rounding of the next smaller is a tie with it: 4.2 − 3.8 and
/// 1.4 − 1.0 are one difference, and not the same number.
fn sizes(differences: &[f64]) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = differences.iter().map(|it| it.abs()).zip(0..).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let slack = SAME * order.last().map_or(0.0, |it| it.0);
    let mut sizes = vec![0.0; differences.len()];
    let mut run = f64::NEG_INFINITY;
    for (size, at) in order {
        if size > run + slack {
            run = size;
        }
        if let Some(slot) = sizes.get_mut(at) {
            *slot = run;
        }
    }
    sizes
}

/// The median of the means of two, with the interval that goes with the test.
fn centre(mut number: Number, ascending: &[f64], alpha: f64) -> Number {
    let Some(steps) = walsh(ascending) else {
        number.note("the differences are too large to be written");
        return number;
    };
    number.estimate = Some(steps.median());
    let n = ascending.len() as u64;
    let untied: Vec<u64> = (1..=n).collect();
    let reach = if let Some(sums) = Sums::of_signs(&untied) {
        sums.quantile(alpha / 2.0).map(|it| it as f64)
    } else {
        let variance = steps.total() * (2.0 * n as f64 + 1.0) / 12.0;
        Some(steps.total() / 2.0 - normal_quantile(alpha / 2.0) * variance.sqrt())
    };
    match reach.filter(|it| *it > 0.0) {
        Some(weight) => {
            number.conf_low = Some(steps.smallest(weight));
            number.conf_high = Some(steps.largest(weight));
        }
        None => number.note("too few pairs for an interval of this level"),
    }
    number
}

/// Two-sided binomial test of ½: twice the smaller tail.
fn sign_test(positive: usize, n: usize) -> f64 {
    let fewer = positive.min(n - positive);
    let (mut log, mut tail) = (-(n as f64) * std::f64::consts::LN_2, 0.0);
    for k in 0..=fewer {
        tail += log.exp();
        log += ((n - k) as f64 / (k + 1) as f64).ln();
    }
    (2.0 * tail).min(1.0)
}
