//! Bounds on an effect when some outcomes are missing.

use crate::asymptotic::{normal_quantile, normal_tail};
use crate::number::mean;
use crate::roots::bisect;

/// An arm of which some rows are observed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Observed {
    /// Outcomes that are known, ascending.
    pub(crate) outcomes: Vec<f64>,
    /// All rows.
    pub(crate) n: usize,
}

/// A number with its standard error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) at: f64,
    pub(crate) std_error: f64,
}

/// Both ends of what an effect can be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) lower: Bound,
    pub(crate) upper: Bound,
}

impl Observed {
    /// Of the outcomes that are known, in any order, and the number of all rows.
    pub(crate) fn new(mut outcomes: Vec<f64>, n: usize) -> Self {
        outcomes.sort_by(f64::total_cmp);
        Self { outcomes, n }
    }

    /// Share observed.
    pub(crate) fn response(&self) -> f64 {
        self.outcomes.len() as f64 / self.n as f64
    }

    /// Variance of the response as a share of its square: (1 − α)/(nα).
    fn response_variance(&self) -> f64 {
        (1.0 - self.response()) / self.outcomes.len() as f64
    }

    fn whole(&self) -> Bound {
        let at = mean(&self.outcomes);
        let n = self.outcomes.len() as f64;
        let squares: f64 = self.outcomes.iter().map(|it| (it - at).powi(2)).sum();
        Bound { at, std_error: (squares / n / n).sqrt() }
    }

    /// The same with the largest first.
    fn reversed(&self) -> Vec<f64> {
        self.outcomes.iter().rev().copied().collect()
    }
}

impl Bounds {
    /// Lee's (2009) bounds: the arm in which more are observed loses the share that is too many,
    /// once from the top and once from the bottom. A row at the cutoff counts in part.
    ///
    /// None if nobody is observed in an arm.
    pub(crate) fn lee(treated: &Observed, control: &Observed) -> Option<Self> {
        Self::trimming(treated, control, treated.response() >= control.response())
    }

    /// As [`Bounds::lee`] with the arm to trim given. None, too, if in it fewer are observed.
    pub(crate) fn trimming(
        treated: &Observed,
        control: &Observed,
        trims_treated: bool,
    ) -> Option<Self> {
        if treated.outcomes.is_empty() || control.outcomes.is_empty() {
            return None;
        }
        let (trimmed, other) = if trims_treated { (treated, control) } else { (control, treated) };
        let share = 1.0 - other.response() / trimmed.response();
        if share < 0.0 {
            return None;
        }
        let variance_of_share =
            (1.0 - share).powi(2) * (trimmed.response_variance() + other.response_variance());
        let low = kept(&trimmed.outcomes, share, variance_of_share);
        let high = kept(&trimmed.reversed(), share, variance_of_share);
        let whole = other.whole();
        Some(if trims_treated {
            Self { lower: low.less(whole), upper: high.less(whole) }
        } else {
            Self { lower: whole.less(high), upper: whole.less(low) }
        })
    }

    /// Manski's (1990) bounds: what is missing is as low as it can be in one arm and as high as it
    /// can be in the other.
    pub(crate) fn manski(treated: &Observed, control: &Observed, support: (f64, f64)) -> Self {
        let (low, high) = support;
        Self {
            lower: filled(treated, low).less(filled(control, high)),
            upper: filled(treated, high).less(filled(control, low)),
        }
    }

    /// Means of cells' bounds, weighted by counts of rows that are a sample themselves: to each
    /// variance within comes that of the weights.
    pub(crate) fn averaged(cells: &[(f64, Self)]) -> Self {
        let total: f64 = cells.iter().map(|it| it.0).sum();
        let mean = |bound: fn(&Self) -> Bound| {
            let at: f64 = cells.iter().map(|it| it.0 / total * bound(&it.1).at).sum();
            let within: f64 =
                cells.iter().map(|it| (it.0 / total * bound(&it.1).std_error).powi(2)).sum();
            let between: f64 =
                cells.iter().map(|it| it.0 / total * (bound(&it.1).at - at).powi(2)).sum();
            Bound { at, std_error: (within + between / total).sqrt() }
        };
        Self { lower: mean(|it| it.lower), upper: mean(|it| it.upper) }
    }

    /// Imbens and Manski's (2004) interval: it holds the effect, wherever between the bounds it
    /// is, with probability 1 − alpha.
    pub(crate) fn interval(&self, alpha: f64) -> (f64, f64) {
        let (low, high) = (self.lower, self.upper);
        let larger = low.std_error.max(high.std_error);
        let width = if larger > 0.0 { (high.at - low.at) / larger } else { f64::INFINITY };
        // Φ(c + width) − Φ(−c) rises with c, from the one-sided to the two-sided quantile.
        let covered = |c: f64| 1.0 - normal_tail(c + width) - normal_tail(c);
        let (least, most) = (normal_quantile(alpha), normal_quantile(alpha / 2.0));
        let c = bisect(least - 1e-6, most + 1e-6, |c| covered(c) < 1.0 - alpha);
        (low.at - c * low.std_error, high.at + c * high.std_error)
    }
}

impl Bound {
    /// The difference of two that are independent.
    fn less(self, other: Self) -> Self {
        Self { at: self.at - other.at, std_error: self.std_error.hypot(other.std_error) }
    }
}

/// The mean of the first 1 − `share` of some outcomes, with the variance of Lee (2009),
/// proposition 3: that within, that of the cutoff, and that of the share.
fn kept(ordered: &[f64], share: f64, variance_of_share: f64) -> Bound {
    let keep = ordered.len() as f64 * (1.0 - share);
    let mut left = keep;
    let mut rows = Vec::new();
    for value in ordered {
        // What is left by rounding is no row.
        let weight = left.min(1.0);
        if weight <= 1e-9 {
            break;
        }
        rows.push((*value, weight));
        left -= weight;
    }
    let cutoff = rows.last().map_or(0.0, |it| it.0);
    let at: f64 = rows.iter().map(|it| it.0 * it.1).sum::<f64>() / keep;
    let within: f64 = rows.iter().map(|it| it.1 * (it.0 - at).powi(2)).sum::<f64>() / keep;
    let gap = (cutoff - at).powi(2);
    let variance = (within + gap * share) / keep + gap / (1.0 - share).powi(2) * variance_of_share;
    Bound { at, std_error: variance.sqrt() }
}

/// The mean with a value in the place of what is missing.
fn filled(arm: &Observed, value: f64) -> Bound {
    let n = arm.n as f64;
    let missing = n - arm.outcomes.len() as f64;
    let at = (arm.outcomes.iter().sum::<f64>() + missing * value) / n;
    let squares: f64 = arm.outcomes.iter().map(|it| (it - at).powi(2)).sum();
    let variance = (squares + missing * (value - at).powi(2)) / (n - 1.0).max(1.0) / n;
    Bound { at, std_error: variance.sqrt() }
}

#[cfg(test)]
#[expect(clippy::unreadable_literal, reason = "as R prints them")]
mod tests {
    use super::*;

    /// Four of five treated are seen and two of four controls: of the four, 1.5 go.
    #[test]
    fn rows_at_the_cutoff_count_in_part() {
        let treated = Observed::new(vec![1.0, 2.0, 4.0, 8.0], 5);
        let control = Observed::new(vec![0.0, 2.0], 4);
        let it = Bounds::lee(&treated, &control).unwrap();
        assert!((it.lower.at - ((1.0 + 2.0 + 0.5 * 4.0) / 2.5 - 1.0)).abs() < 1e-12);
        assert!((it.upper.at - ((8.0 + 4.0 + 0.5 * 2.0) / 2.5 - 1.0)).abs() < 1e-12);
        assert!(Bounds::trimming(&treated, &control, false).is_none());
        assert!(Bounds::lee(&treated, &Observed::new(vec![], 4)).is_none());
    }

    /// R: uniroot(function(c) pnorm(c + w) - pnorm(-c) - .95, c(1, 3)) for w = 0, 1 and large.
    #[test]
    fn the_interval_goes_from_two_sided_to_one_sided() {
        let of = |width: f64| {
            let bound = |at| Bound { at, std_error: 1.0 };
            Bounds { lower: bound(0.0), upper: bound(width) }.interval(0.05).0
        };
        for (width, c) in [(0.0, 1.959963984540), (1.0, 1.681477442328), (50.0, 1.644853626951)] {
            assert!((of(width) + c).abs() < 1e-5, "{width} {}", of(width));
        }
    }
}
