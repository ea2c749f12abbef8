//! Wilcoxon's rank sum test, within blocks.

use super::refusals::refuse_clusters;
use crate::asymptotic::{normal_quantile, normal_two_sided};
use crate::number::is_constant;
use crate::ranks::{Sums, Tail, Urn, double_midranks, gcd};
use crate::shifts::between_arms;
use crate::two_arms::{TwoArms, two_arms};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// The rank sum of the controls, and the shift between the arms.
#[derive(Debug)]
pub(super) struct Wilcoxon;

impl Estimator for Wilcoxon {
    fn name(&self) -> &'static str {
        "wilcoxon"
    }
    fn summary(&self) -> &'static str {
        "Wilcoxon's rank sum test and the shift of Hodges and Lehmann, within blocks"
    }
    fn formula(&self) -> &'static str {
        "W_control = Σ w_b·U_b over blocks b, U_b = pairs of a control and a treated row in which the \
         control's outcome is larger, ties ½; w_b = 1/(n_b + 1) (van Elteren), 1 in a single block. \
         Exact p: share of all assignments within blocks with W at least as far from its mean; else \
         normal, with midranks' variance. Effect: the w-weighted median of the pairs' differences; \
         its interval are the shifts that the test does not reject, by ranks without ties."
    }
    fn assumptions(&self) -> &'static str {
        "Units were drawn completely at random within blocks. The test's hypothesis is that \
         treatment changed no unit's outcome; the shift and its interval also take the effect to be \
         the same for all."
    }
    fn source(&self) -> &'static str {
        "Wilcoxon (1945); van Elteren (1960); Hodges and Lehmann (1963); exact: Streitberg and Röhmel \
         (1986); as R wilcox.test and coin"
    }
    fn options(&self) -> &'static [&'static str] {
        &[]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "median of the differences of treated and control rows in a block"),
            ("W_control", "rank sum of the controls less its smallest value, weighted over blocks"),
            ("W_control_continuity", "the same, its normal p with continuity correction"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        let blocks = two_arms(sample)?;
        let test = RankSum::of(&blocks);
        let mut effect = Number::of_effect(sample, options);
        let mut statistic = Number::of(sample, "W_control");
        if is_constant(&sample.y) {
            effect.note("the outcome does not vary: no test, no interval");
            effect.estimate = Some(0.0);
            effect.std_error = Some(0.0);
            statistic.note("the outcome does not vary: no test");
            return Ok(vec![effect, statistic]);
        }
        let p = test.p(&mut statistic);
        effect.p_value = p;
        effect.note("a rank test has no standard error");
        let effect = shift(effect, &blocks, options.alpha);
        let exact = test.exact.is_some();
        let mut numbers = vec![effect, statistic.test(test.control, p)];
        if let (false, false, Some(p)) = (exact, blocks.len() > 1, test.corrected()) {
            let number = Number::of(sample, "W_control_continuity");
            numbers.push(number.test(test.control, Some(p)));
        }
        Ok(numbers)
    }
}

/// Weight of each block, and the whole numbers in the same proportion if they are small enough.
struct Weights {
    weights: Vec<f64>,
    whole: Option<Vec<u64>>,
}

impl Weights {
    fn of(blocks: &[TwoArms]) -> Self {
        if blocks.len() < 2 {
            return Self { weights: vec![1.0], whole: Some(vec![1]) };
        }
        let sizes: Vec<u64> = blocks.iter().map(|it| it.n() as u64 + 1).collect();
        let common = sizes.iter().try_fold(1_u64, |all, it| {
            (all / gcd(all, *it)).checked_mul(*it).filter(|it| *it < 1 << 32)
        });
        Self {
            weights: sizes.iter().map(|it| 1.0 / *it as f64).collect(),
            whole: common.map(|common| sizes.iter().map(|it| common / it).collect()),
        }
    }
}

/// The statistic with what its distribution needs.
struct RankSum {
    /// Weighted sum of the controls' ranks less its smallest value.
    control: f64,
    mean: f64,
    variance: f64,
    exact: Option<Tail>,
}

impl RankSum {
    fn of(blocks: &[TwoArms]) -> Self {
        let Weights { weights, whole } = Weights::of(blocks);
        let (mut control, mut mean, mut variance) = (0.0, 0.0, 0.0);
        let (mut urns, mut observed) = (Vec::new(), 0);
        for (at, (it, weight)) in blocks.iter().zip(&weights).enumerate() {
            let values: Vec<f64> = it.control.iter().chain(&it.treated).copied().collect();
            let ranks = double_midranks(&values);
            let (n, n0) = (it.n() as f64, it.control.len() as f64);
            let own: u64 = ranks.iter().take(it.control.len()).sum();
            control += weight * (own as f64 / 2.0 - n0 * (n0 + 1.0) / 2.0);
            mean += weight * n0 * (n - n0) / 2.0;
            let spread: f64 = ranks.iter().map(|it| (*it as f64 - n - 1.0).powi(2) / 4.0).sum();
            variance += weight * weight * n0 * (n - n0) / (n * (n - 1.0)) * spread;
            let times = whole.as_ref().and_then(|it| it.get(at)).copied().unwrap_or(0);
            observed += own * times;
            let scores = ranks.iter().map(|it| it * times).collect();
            urns.push(Urn { scores, chosen: it.control.len() });
        }
        let sums = whole.and_then(|_| Sums::of_urns(&urns)).filter(|_| variance > 0.0);
        let exact = sums.map(|it| it.two_sided(observed));
        Self { control, mean, variance, exact }
    }

    /// Exact where it can be counted, else normal; says which.
    fn p(&self, number: &mut Number) -> Option<f64> {
        if self.variance <= 0.0 {
            number.note("all outcomes are ties within their block: no test");
            return None;
        }
        if let Some(exact) = self.exact {
            number.note(match exact.fraction() {
                Some(count) => format!("exact: |W* - mean| >= |W - mean| in {count} assignments"),
                None => "exact: |W* - mean| >= |W - mean|, all assignments counted".to_owned(),
            });
            return Some(exact.p());
        }
        number.note("normal approximation, without continuity correction");
        Some(normal_two_sided((self.control - self.mean) / self.variance.sqrt()))
    }

    /// The normal p with ½ taken from the distance, as R's `wilcox.test` has it.
    fn corrected(&self) -> Option<f64> {
        let distance = self.control - self.mean;
        let z = (distance - 0.5 * distance.signum()) / self.variance.sqrt();
        (self.variance > 0.0).then(|| if distance.abs() > 0.0 { normal_two_sided(z) } else { 1.0 })
    }
}

/// The median of the pairs' differences and the interval that goes with the test.
fn shift(mut number: Number, blocks: &[TwoArms], alpha: f64) -> Number {
    let Weights { weights, whole } = Weights::of(blocks);
    let Some(steps) = between_arms(blocks, &weights) else {
        number.note("the differences are too large to be written");
        return number;
    };
    number.estimate = Some(steps.median());
    let exact = whole.and_then(|it| untied(blocks, &it));
    let reach = match &exact {
        Some(sums) => sums.0.quantile(alpha / 2.0).map(|it| (it - sums.1) as f64 / sums.2),
        None => normal_reach(blocks, &weights, alpha),
    };
    match reach {
        Some(weight) => {
            number.conf_low = Some(steps.smallest(weight));
            number.conf_high = Some(steps.largest(weight));
        }
        None => number.note("too few rows for an interval of this level"),
    }
    if number.p_value.is_none() {
        number.note("no test");
    }
    number
}

/// The distribution of the statistic without ties, its smallest value, and by how much its unit is
/// larger than that of the weights.
fn untied(blocks: &[TwoArms], times: &[u64]) -> Option<(Sums, u64, f64)> {
    let urn = |(it, times): (&TwoArms, &u64)| Urn {
        scores: (1..=it.n() as u64).map(|rank| 2 * rank * times).collect(),
        chosen: it.control.len(),
    };
    let urns: Vec<Urn> = blocks.iter().zip(times).map(urn).collect();
    let least = |it: &Urn| it.scores.iter().take(it.chosen).sum::<u64>();
    let smallest = urns.iter().map(least).sum();
    let (first, size) = (times.first()?, blocks.first()?.n() as f64 + 1.0);
    // Scores are twice a rank times `times`; weights are 1/(n + 1), or 1 in a single block.
    let unit = if blocks.len() < 2 { 2.0 } else { 2.0 * *first as f64 * size };
    Sums::of_urns(&urns).map(|it| (it, smallest, unit))
}

/// Mean less z standard deviations of the statistic without ties, at least the first step.
fn normal_reach(blocks: &[TwoArms], weights: &[f64], alpha: f64) -> Option<f64> {
    let (mut mean, mut variance) = (0.0, 0.0);
    for (it, weight) in blocks.iter().zip(weights) {
        let pairs = it.treated.len() as f64 * it.control.len() as f64;
        mean += weight * pairs / 2.0;
        variance += weight * weight * pairs * (it.n() as f64 + 1.0) / 12.0;
    }
    let reach = mean - normal_quantile(alpha / 2.0) * variance.sqrt();
    (reach > 0.0).then_some(reach)
}
