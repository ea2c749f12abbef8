//! Estimates from the probabilities of assignment alone: Horvitz and Thompson's and Hájek's.

use std::ops::Range;

use crate::columns::Role;
use crate::number::{is_constant, mean};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample, Seats};

/// A stated probability may differ by this much from the share of seats it is said to be.
const SAME: f64 = 1e-9;

/// Inverse-probability totals over the number of rows.
#[derive(Debug)]
pub(super) struct HorvitzThompson;

/// Inverse-probability means.
#[derive(Debug)]
pub(super) struct Hajek;

const SOURCE: &str = "Horvitz and Thompson (1952); Aronow and Middleton (2013), Journal of \
                      Causal Inference 1; Aronow and Samii (2017), Annals of Applied Statistics \
                      11; as in R estimatr";

const ASSUMPTIONS: &str = "Units, or clusters, were drawn with the probabilities stated: `fixed` \
                           seats as observed in each block, or each by itself (`bernoulli`). No \
                           unit's outcome depends on another's arm.";

impl Estimator for HorvitzThompson {
    fn name(&self) -> &'static str {
        "horvitz_thompson"
    }
    fn summary(&self) -> &'static str {
        "Difference of totals weighted by the inverse probability of the arm, over the number of rows"
    }
    fn formula(&self) -> &'static str {
        "(Σ_1 y/p − Σ_0 y/p)/n over totals of clusters. Variance: Σ of (p_ij − p_i·p_j)/p_ij · \
         y_i·y_j/(p_i·p_j) over pairs, with Young's bound 2ab ≤ a² + b² where a pair can't be \
         seen; with independent draws Σ(y/p)²/n². Not invariant to a number added to all outcomes."
    }
    fn assumptions(&self) -> &'static str {
        ASSUMPTIONS
    }
    fn source(&self) -> &'static str {
        SOURCE
    }
    fn options(&self) -> &'static [&'static str] {
        &["probability", "seats"]
    }
    fn measure(&self) -> super::Measure {
        super::Measure::Other
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[("{treatment}", "mean effect over the rows")]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let units = units(sample, options.seats)?;
        let n = sample.n() as f64;
        let total = |treated: bool| -> f64 {
            units.iter().filter(|it| it.treated == treated).map(|it| it.sum / it.probability).sum()
        };
        let scaled: Vec<Unit> = units.iter().map(|it| Unit { sum: it.sum / n, ..*it }).collect();
        let estimate = (total(true) - total(false)) / n;
        Ok(vec![number(sample, options, estimate, variance(&scaled, options.seats))])
    }
}

impl Estimator for Hajek {
    fn name(&self) -> &'static str {
        "hajek"
    }
    fn summary(&self) -> &'static str {
        "Difference of means weighted by the inverse probability of the arm"
    }
    fn formula(&self) -> &'static str {
        "Σ_1(y/p)/Σ_1(1/p) − Σ_0(y/p)/Σ_0(1/p). Variance: Horvitz and Thompson's of the residuals \
         from each arm's mean, over the arms' sums of 1/p (linearisation)."
    }
    fn assumptions(&self) -> &'static str {
        ASSUMPTIONS
    }
    fn source(&self) -> &'static str {
        SOURCE
    }
    fn options(&self) -> &'static [&'static str] {
        &["probability", "seats"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[("{treatment}", "mean effect over the rows")]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let centre = mean(&sample.y);
        let centred = sample.with_outcome(sample.y.iter().map(|it| it - centre).collect());
        let units = units(&centred, options.seats)?;
        let arm = |treated: bool| {
            let of = units.iter().filter(move |it| it.treated == treated);
            let rows: f64 = of.clone().map(|it| it.n / it.probability).sum();
            (of.map(|it| it.sum / it.probability).sum::<f64>() / rows, rows)
        };
        let (treated, control) = (arm(true), arm(false));
        let residual = |it: &Unit| {
            let (mean, rows) = if it.treated { treated } else { control };
            Unit { sum: (it.sum - it.n * mean) / rows, ..*it }
        };
        let residuals: Vec<Unit> = units.iter().map(residual).collect();
        let estimate = treated.0 - control.0;
        Ok(vec![number(sample, options, estimate, variance(&residuals, options.seats))])
    }
}

fn number(sample: &Sample, options: &Options, estimate: f64, variance: f64) -> Number {
    let mut number = Number::of_effect(sample, options);
    if is_constant(&sample.y) {
        number.note("the outcome does not vary");
    }
    if variance < 0.0 {
        number.estimate = Some(estimate);
        number.note("no standard error: the estimated variance is negative");
        return number;
    }
    number.infer_normal(estimate, Some(variance.sqrt()), "youngs", options.alpha)
}

/// What was assigned together.
#[derive(Clone, Copy, Debug)]
struct Unit {
    block: usize,
    treated: bool,
    /// Probability of the arm that it is in.
    probability: f64,
    n: f64,
    /// Sum of its outcomes.
    sum: f64,
}

/// Rows as what was assigned together, with the probability of the arm that each is in.
fn units(sample: &Sample, seats: Seats) -> Result<Vec<Unit>, EstimateError> {
    let stated = sample.column(Role::Probability).map(|it| it.values.as_slice());
    let unit = |rows: &Range<usize>| -> Result<Unit, EstimateError> {
        let nested = EstimateError::ClusterNotNested {
            cluster: sample.cluster_at(rows.start).unwrap_or_default(),
        };
        let first = |row: usize| {
            let probability = stated.map_or(Some(1.0), |it| it.get(row).copied())?;
            Some((*sample.block.get(row)?, *sample.treated.get(row)?, probability))
        };
        let Some((block, treated, probability)) = first(rows.start) else { return Err(nested) };
        let same = |row: usize| {
            first(row).is_some_and(|(its_block, its_arm, its_probability)| {
                its_block == block
                    && its_arm == treated
                    && (its_probability - probability).abs() <= SAME
            })
        };
        if !rows.clone().all(same) {
            return Err(nested);
        }
        let y = sample.y.get(rows.clone()).unwrap_or_default();
        Ok(Unit { block, treated, probability, n: y.len() as f64, sum: y.iter().sum() })
    };
    let mut units = sample.groups().iter().map(unit).collect::<Result<Vec<Unit>, _>>()?;
    match (seats, stated) {
        (Seats::Bernoulli, None) => {
            Err(EstimateError::NeedsColumn { estimator: "bernoulli", key: "probability" })
        }
        (Seats::Bernoulli, Some(_)) => Ok(units),
        (Seats::Fixed, stated) => {
            if let Some(&block) = sample.lost_blocks().first() {
                return Err(EstimateError::BlockWithoutArm { block });
            }
            let shares = Shares::of(&units);
            for it in &mut units {
                let share = shares.of_arm(it.block, it.treated);
                if stated.is_some() && (share - it.probability).abs() > SAME {
                    let block = sample.block_ids.get(it.block).copied().unwrap_or_default();
                    return Err(EstimateError::NotTheSeats { block });
                }
                it.probability = share;
            }
            Ok(units)
        }
    }
}

/// Units of each arm in each block.
struct Shares {
    counts: Vec<[f64; 2]>,
}

impl Shares {
    fn of(units: &[Unit]) -> Self {
        let blocks = units.iter().map(|it| it.block + 1).max().unwrap_or_default();
        let mut counts = vec![[0.0; 2]; blocks];
        for it in units {
            if let Some([control, treated]) = counts.get_mut(it.block) {
                *(if it.treated { treated } else { control }) += 1.0;
            }
        }
        Self { counts }
    }

    fn of_arm(&self, block: usize, treated: bool) -> f64 {
        let [control, own] = self.counts.get(block).copied().unwrap_or([1.0; 2]);
        (if treated { own } else { control }) / (own + control)
    }
}

/// The variance of the difference of totals of `sum`/p.
fn variance(units: &[Unit], seats: Seats) -> f64 {
    if seats == Seats::Bernoulli {
        return units.iter().map(|it| (it.sum / it.probability).powi(2)).sum();
    }
    let shares = Shares::of(units);
    (0..shares.counts.len()).map(|block| in_block(units, block, &shares)).sum()
}

/// Aronow and Middleton (2013), for m of n units of a block drawn without replacement: within an
/// arm of m the joint probability is m(m − 1)/(n(n − 1)), between arms m(n − m)/(n(n − 1)).
fn in_block(units: &[Unit], block: usize, shares: &Shares) -> f64 {
    let [controls, treated] = shares.counts.get(block).copied().unwrap_or([0.0; 2]);
    let n = controls + treated;
    let of = |arm: bool, m: f64| {
        let own: Vec<&Unit> =
            units.iter().filter(|it| it.block == block && it.treated == arm).collect();
        let p = m / n;
        let sum: f64 = own.iter().map(|it| it.sum / p).sum();
        let squares: f64 = own.iter().map(|it| (it.sum / p).powi(2)).sum();
        // A unit is never seen in both arms, nor two in an arm of one: Young's bound.
        let bound = p * squares;
        let within = if m > 1.0 {
            let joint = m * (m - 1.0) / (n * (n - 1.0));
            (1.0 - p) * squares + (1.0 - p * p / joint) * (sum * sum - squares)
        } else {
            (1.0 - p) * squares + (n - 1.0) * bound
        };
        (sum, within + bound)
    };
    let ((sum, variance), (rest, other)) = (of(true, treated), of(false, controls));
    variance + other - 2.0 / n * sum * rest
}
