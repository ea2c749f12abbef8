//! The number of events among the treated, given the margins of every block.
//!
//! In one block it is hypergeometric; over blocks it is a sum of such. Under an odds ratio ψ that
//! all blocks share, the probability of t is p(t)·ψ^t over their sum (Fisher 1935; Birch 1964).

use crate::roots::root;
use crate::tables::Counts;

/// Probabilities within this of the observed one count as ties, as in R's `fisher.test`.
const TIE: f64 = 1.0 + 1e-7;

/// Terms smaller than the largest by this exponent add nothing to a sum of them.
const NEGLIGIBLE: f64 = 60.0;

/// The distribution, and where the data lie in it.
#[derive(Clone, Debug)]
pub(crate) struct Conditional {
    /// The smallest count that can be.
    low: f64,
    /// Probability of each count from `low` on, without an effect.
    probabilities: Vec<f64>,
    /// Their logarithms.
    logs: Vec<f64>,
    /// The observed count less `low`.
    observed: usize,
}

impl Conditional {
    /// Of the events among the treated of all blocks.
    pub(crate) fn of(blocks: &[Counts]) -> Self {
        let mut all = Self { low: 0.0, probabilities: vec![1.0], logs: Vec::new(), observed: 0 };
        for block in blocks {
            let (low, probabilities) = hypergeometric(block);
            all.low += low as f64;
            all.observed += usize::try_from(block.events_treated - low).unwrap_or_default();
            all.probabilities = convolved(&all.probabilities, &probabilities);
        }
        all.logs = all.probabilities.iter().map(|it| it.ln()).collect();
        all
    }

    /// Whether the margins leave only one count.
    pub(crate) fn is_fixed(&self) -> bool {
        self.probabilities.len() < 2
    }

    /// Two-sided: the counts that are no more probable than the observed one.
    pub(crate) fn p_two_sided(&self) -> f64 {
        let observed = self.probabilities.get(self.observed).copied().unwrap_or(0.0) * TIE;
        let extreme = self.probabilities.iter().filter(|it| **it <= observed);
        extreme.sum::<f64>().min(1.0)
    }

    /// The conditional maximum likelihood estimate of ψ; infinite at the upper end of the range.
    pub(crate) fn odds_ratio(&self) -> Option<f64> {
        if self.is_fixed() {
            return None;
        }
        if self.observed == 0 {
            return Some(0.0);
        }
        if self.observed + 1 == self.probabilities.len() {
            return Some(f64::INFINITY);
        }
        let observed = self.observed as f64;
        root(|log| self.moment(log, |at| at as f64) - observed).map(f64::exp)
    }

    /// The exact interval of ψ: each end leaves `tail` beyond the observed count. An end at 0 or
    /// infinity is given so.
    pub(crate) fn interval(&self, tail: f64) -> Option<(f64, f64)> {
        if self.is_fixed() {
            return None;
        }
        let beyond = |log: f64| self.moment(log, |at| f64::from(u8::from(at >= self.observed)));
        let up_to = |log: f64| self.moment(log, |at| f64::from(u8::from(at <= self.observed)));
        let low = if self.observed == 0 { 0.0 } else { root(|log| beyond(log) - tail)?.exp() };
        let high = if self.observed + 1 == self.probabilities.len() {
            f64::INFINITY
        } else {
            root(|log| tail - up_to(log))?.exp()
        };
        Some((low, high))
    }

    /// Expectation of `value` of the count (less `low`) under ψ = e^`log`.
    fn moment(&self, log: f64, value: impl Fn(usize) -> f64) -> f64 {
        let exponents = || self.logs.iter().enumerate().map(|(at, it)| (at, it + at as f64 * log));
        let largest = exponents().map(|it| it.1).fold(f64::NEG_INFINITY, f64::max);
        let (mut total, mut sum) = (0.0, 0.0);
        for (at, exponent) in exponents().filter(|it| it.1 > largest - NEGLIGIBLE) {
            let weight = (exponent - largest).exp();
            total += weight;
            sum += weight * value(at);
        }
        sum / total
    }
}

/// The smallest count of a block and the probabilities from there on.
fn hypergeometric(block: &Counts) -> (u64, Vec<f64>) {
    let (events, n1, n0) = (block.events(), block.treated, block.control);
    let low = events.saturating_sub(n0);
    let high = events.min(n1);
    // p(t+1)/p(t), from the mode outwards so that nothing overflows.
    let ratio = |t: u64| {
        let (up, down) = ((n1 - t) as f64, (t + 1) as f64);
        up / down * ((events - t) as f64 / (n0 + t + 1 - events) as f64)
    };
    let mode = (low..high).find(|t| ratio(*t) < 1.0).unwrap_or(high);
    let mut below: Vec<f64> = Vec::new();
    let mut weight = 1.0;
    for t in (low..mode).rev() {
        weight /= ratio(t);
        below.push(weight);
    }
    let mut weights: Vec<f64> = below.into_iter().rev().chain([1.0]).collect();
    weight = 1.0;
    for t in mode..high {
        weight *= ratio(t);
        weights.push(weight);
    }
    let total: f64 = weights.iter().sum();
    (low, weights.iter().map(|it| it / total).collect())
}

fn convolved(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; (a.len() + b.len()).saturating_sub(1)];
    for (at, a) in a.iter().enumerate() {
        for (slot, b) in sum.iter_mut().skip(at).zip(b) {
            *slot += a * b;
        }
    }
    sum
}
