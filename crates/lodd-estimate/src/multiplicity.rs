//! P-values adjusted for the number of hypotheses of a family.
//!
//! The family's size is the one that was declared: hypotheses without a p-value, such as those of
//! an outcome that does not vary, count in it and stay without one.

use std::str::FromStr;

use crate::UnknownWord;

/// Step of Anderson's grid of false discovery rates.
const Q_STEPS: u32 = 1_000;

/// A way of adjusting p-values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Adjustment {
    /// p times the size of the family.
    Bonferroni,
    /// Holm (1979): step-down.
    Holm,
    /// Hochberg (1988): step-up, for independent or positively dependent statistics.
    Hochberg,
    /// Benjamini and Hochberg (1995): false discovery rate.
    Bh,
    /// Benjamini and Yekutieli (2001): false discovery rate under any dependence.
    By,
    /// Benjamini, Krieger and Yekutieli's (2006) sharpened q, as in Anderson (2008).
    AndersonQ,
    /// Westfall and Young (1993): step-down by the largest statistic over re-draws.
    WestfallYoung,
    /// Romano and Wolf (2005): step-down by the largest statistic over bootstrap draws.
    RomanoWolf,
}

impl Adjustment {
    /// Every one, in the order of the documentation.
    pub const ALL: &'static [Self] = &[
        Self::Bonferroni,
        Self::Holm,
        Self::Hochberg,
        Self::Bh,
        Self::By,
        Self::AndersonQ,
        Self::WestfallYoung,
        Self::RomanoWolf,
    ];

    /// The word a plan uses for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bonferroni => "bonferroni",
            Self::Holm => "holm",
            Self::Hochberg => "hochberg",
            Self::Bh => "bh",
            Self::By => "by",
            Self::AndersonQ => "anderson_q",
            Self::WestfallYoung => "westfall_young",
            Self::RomanoWolf => "romano_wolf",
        }
    }

    /// Whether it needs draws of all statistics jointly, not the p-values alone.
    pub fn needs_draws(self) -> bool {
        matches!(self, Self::WestfallYoung | Self::RomanoWolf)
    }
}

impl FromStr for Adjustment {
    type Err = UnknownWord;

    fn from_str(written: &str) -> Result<Self, UnknownWord> {
        let found = Self::ALL.iter().find(|it| it.name() == written);
        found.copied().ok_or_else(|| UnknownWord {
            option: "adjust",
            written: written.to_owned(),
            allowed: Self::ALL.iter().map(|it| it.name()).collect(),
        })
    }
}

/// Adjusted p-values, in the order given; None where there is no p-value, and for the two ways
/// that need draws.
///
/// `family`: the declared number of hypotheses; the number given, if that is larger.
///
/// ```
/// use lodd_estimate::{Adjustment, adjust};
///
/// let adjusted = adjust(&[Some(0.01), None, Some(0.04)], 3, Adjustment::Holm);
/// assert_eq!(adjusted, [Some(0.03), None, Some(0.08)]);
/// ```
pub fn adjust(p: &[Option<f64>], family: usize, how: Adjustment) -> Vec<Option<f64>> {
    let mut known: Vec<(usize, f64)> =
        p.iter().enumerate().filter_map(|(at, it)| Some((at, (*it)?))).collect();
    known.sort_by(|a, b| a.1.total_cmp(&b.1));
    let sorted: Vec<f64> = known.iter().map(|it| it.1).collect();
    let size = family.max(p.len()) as f64;
    let left = |at: usize| size - at as f64;
    let adjusted = match how {
        Adjustment::Bonferroni => sorted.iter().map(|p| p * size).collect(),
        Adjustment::Holm => rising(sorted.iter().enumerate().map(|(at, p)| p * left(at))),
        Adjustment::Hochberg => falling(sorted.iter().enumerate().map(|(at, p)| p * left(at))),
        Adjustment::Bh => false_discovery(&sorted, size, 1.0),
        Adjustment::By => {
            // size is a number of hypotheses.
            let harmonic: f64 = (1..=family.max(p.len())).map(|it| 1.0 / it as f64).sum();
            false_discovery(&sorted, size, harmonic)
        }
        Adjustment::AndersonQ => anderson_q(&sorted, size),
        Adjustment::WestfallYoung | Adjustment::RomanoWolf => return vec![None; p.len()],
    };
    let mut result = vec![None; p.len()];
    for ((at, _), adjusted) in known.iter().zip(adjusted) {
        if let Some(slot) = result.get_mut(*at) {
            *slot = Some(adjusted.min(1.0));
        }
    }
    result
}

/// Each the largest of those up to it.
fn rising(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let largest = |most: &mut f64, it: f64| {
        *most = most.max(it);
        Some(*most)
    };
    values.scan(0.0, largest).collect()
}

/// Each the smallest of those from it on.
fn falling(values: impl DoubleEndedIterator<Item = f64>) -> Vec<f64> {
    let smallest = |least: &mut f64, it: f64| {
        *least = least.min(it);
        Some(*least)
    };
    let mut result: Vec<f64> = values.rev().scan(f64::INFINITY, smallest).collect();
    result.reverse();
    result
}

fn false_discovery(sorted: &[f64], size: f64, factor: f64) -> Vec<f64> {
    falling(sorted.iter().enumerate().map(|(at, p)| p * size * factor / (at + 1) as f64))
}

/// The smallest rate of a grid at which the two-stage procedure rejects (Anderson 2008, appendix).
fn anderson_q(sorted: &[f64], size: f64) -> Vec<f64> {
    let rejected = |rate: f64| {
        let passes =
            |at: usize| sorted.get(at).is_some_and(|p| *p <= rate * (at + 1) as f64 / size);
        (0..sorted.len()).rev().find(|at| passes(*at)).map_or(0, |at| at + 1)
    };
    let mut q = vec![1.0; sorted.len()];
    for step in (1..=Q_STEPS).rev() {
        let rate = f64::from(step) / f64::from(Q_STEPS);
        let first = rate / (1.0 + rate);
        let left = size - rejected(first) as f64;
        let second = if left > 0.0 { rejected(first * size / left) } else { sorted.len() };
        q.iter_mut().take(second).for_each(|it| *it = rate);
    }
    q
}

/// Counts for step-down p-values by the largest statistic, over draws made for all hypotheses at
/// once. The hypotheses stand by falling statistic.
#[derive(Clone, Debug)]
pub(crate) struct StepDown {
    /// The statistics, falling, each with its place in the caller's order.
    realised: Vec<(usize, f64)>,
    /// Draws in which the largest of the statistics from here on is at least as large.
    extreme: Vec<u64>,
}

/// Statistics this close, as a share, are ties.
const TIE: f64 = 1e-9;

impl StepDown {
    /// `realised`: absolute statistics; None takes no part.
    pub(crate) fn new(realised: &[Option<f64>]) -> Self {
        let known = realised.iter().enumerate().filter_map(|(at, it)| Some((at, (*it)?)));
        let mut realised: Vec<(usize, f64)> = known.collect();
        // Equal statistics stand in the caller's order.
        realised.sort_by(|a, b| b.1.total_cmp(&a.1));
        Self { extreme: vec![0; realised.len()], realised }
    }

    /// Counts a draw, `drawn` having one absolute statistic a hypothesis in the caller's order;
    /// NaN counts as extreme.
    pub(crate) fn count(&mut self, drawn: &[f64]) {
        let mut most = 0.0_f64;
        for ((at, realised), extreme) in self.realised.iter().zip(&mut self.extreme).rev() {
            let it = drawn.get(*at).copied().unwrap_or(f64::NAN);
            most = if it.is_nan() { f64::INFINITY } else { most.max(it) };
            *extreme += u64::from(most >= realised * (1.0 - TIE));
        }
    }

    pub(crate) fn merge(mut self, other: &Self) -> Self {
        for (one, more) in self.extreme.iter_mut().zip(&other.extreme) {
            *one += more;
        }
        self
    }

    /// The p-values of `size` hypotheses in the caller's order: (b + `extra`)/(m + `extra`), and
    /// none smaller than that of a larger statistic.
    pub(crate) fn p_values(&self, size: usize, (draws, extra): (u64, u64)) -> Vec<Option<f64>> {
        let share = |it: &u64| (it + extra) as f64 / (draws + extra).max(1) as f64;
        let stepped = rising(self.extreme.iter().map(share));
        let mut result = vec![None; size];
        for ((at, _), p) in self.realised.iter().zip(stepped) {
            if let Some(slot) = result.get_mut(*at) {
                *slot = Some(p);
            }
        }
        result
    }
}

#[cfg(test)]
mod tests;
