//! Order statistics of differences that are too many to be written down.
//!
//! What is known of them is how much weight lies at or below a number, and which of them lie next to
//! it; an order statistic is where that weight passes a value, found by halving from one difference
//! to another.

use crate::two_arms::TwoArms;

/// Differences by what lies at or below a number.
pub(crate) struct Steps<F> {
    /// All lie in this range, which is finite, above its lower end.
    range: (f64, f64),
    total: f64,
    around: F,
}

/// What is known of a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around {
    /// The weight at or below it.
    at_most: f64,
    /// The largest difference that is at or below it, and the smallest above it.
    floor: f64,
    ceiling: f64,
}

impl Around {
    const NOTHING: Self = Self { at_most: 0.0, floor: f64::NEG_INFINITY, ceiling: f64::INFINITY };

    fn see(&mut self, floor: Option<f64>, ceiling: Option<f64>) {
        self.floor = self.floor.max(floor.unwrap_or(f64::NEG_INFINITY));
        self.ceiling = self.ceiling.min(ceiling.unwrap_or(f64::INFINITY));
    }
}

impl<F: Fn(f64) -> Around> Steps<F> {
    /// The weight of all.
    pub(crate) fn total(&self) -> f64 {
        self.total
    }

    /// The smallest number with at least `weight` at or below it.
    pub(crate) fn smallest(&self, weight: f64) -> f64 {
        let enough = weight - 1e-9 * self.total;
        self.passage(|at_most| at_most < enough)
    }

    /// The largest number with at least `weight` at or above it.
    pub(crate) fn largest(&self, weight: f64) -> f64 {
        let rest = self.total - weight + 1e-9 * self.total;
        self.passage(|at_most| at_most <= rest)
    }

    /// The smallest difference at which the weight at or below is no longer `too_little`.
    fn passage(&self, too_little: impl Fn(f64) -> bool) -> f64 {
        let (mut low, mut high) = self.range;
        loop {
            let middle = f64::midpoint(low, high);
            if !(middle > low && middle < high) {
                return high;
            }
            let it = (self.around)(middle);
            if !too_little(it.at_most) {
                high = it.floor;
            } else if it.ceiling >= high {
                return high;
            } else {
                low = it.ceiling.next_down();
            }
        }
    }

    /// The median.
    pub(crate) fn median(&self) -> f64 {
        f64::midpoint(self.smallest(self.total / 2.0), self.largest(self.total / 2.0))
    }
}

/// The differences of treated and control rows within blocks, each pair with its block's weight.
/// None where they overflow.
pub(crate) fn between_arms<'a>(
    blocks: &'a [TwoArms],
    weights: &'a [f64],
) -> Option<Steps<impl Fn(f64) -> Around + 'a>> {
    let mut range = (f64::INFINITY, f64::NEG_INFINITY);
    for it in blocks {
        range.0 = range.0.min(it.treated.first()? - it.control.last()?);
        range.1 = range.1.max(it.treated.last()? - it.control.first()?);
    }
    let pairs = |it: &TwoArms| it.treated.len() as f64 * it.control.len() as f64;
    let total = blocks.iter().zip(weights).map(|(it, weight)| weight * pairs(it)).sum();
    let around = move |shift: f64| -> Around {
        let mut all = Around::NOTHING;
        for (block, weight) in blocks.iter().zip(weights) {
            let pairs = pairs_at_most(block, shift, &mut all);
            all.at_most += weight * pairs;
        }
        all
    };
    opened(range).map(|range| Steps { range, total, around })
}

/// Means of any two of some numbers, each with itself too. None where they overflow or are none.
pub(crate) fn walsh(ascending: &[f64]) -> Option<Steps<impl Fn(f64) -> Around>> {
    let (low, high) = (*ascending.first()?, *ascending.last()?);
    let n = ascending.len() as f64;
    let around = move |mean: f64| -> Around {
        let mut all = Around::NOTHING;
        // Ordered pairs, and the pairs of a number with itself, make twice the unordered ones.
        let mut pairs = 0_usize;
        let mut reach = ascending.len();
        let mut same = 0_usize;
        for value in ascending {
            let with = |at: usize| ascending.get(at).map(|it| f64::midpoint(*it, *value));
            while reach > 0 && with(reach - 1).is_some_and(|it| it > mean) {
                reach -= 1;
            }
            all.see(reach.checked_sub(1).and_then(with), with(reach));
            pairs += reach;
            same += usize::from(*value <= mean);
        }
        Around { at_most: (pairs + same) as f64 / 2.0, ..all }
    };
    opened((low, high)).map(|range| Steps { range, total: n * (n + 1.0) / 2.0, around })
}

/// The range with its lower end just outside, if it is finite.
fn opened((low, high): (f64, f64)) -> Option<(f64, f64)> {
    (low.is_finite() && high.is_finite()).then(|| (low.next_down(), high))
}

/// Pairs whose difference is at most `shift`, and those next to it. Both arms are ascending.
fn pairs_at_most(block: &TwoArms, shift: f64, around: &mut Around) -> f64 {
    let mut above = 0;
    let mut pairs = 0_usize;
    for treated in &block.treated {
        let with = |at: usize| block.control.get(at).map(|control| treated - control);
        while with(above).is_some_and(|it| it > shift) {
            above += 1;
        }
        around.see(with(above), above.checked_sub(1).and_then(with));
        pairs += block.control.len() - above;
    }
    pairs as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(mut values: Vec<f64>) -> Vec<f64> {
        values.sort_by(f64::total_cmp);
        values
    }

    #[test]
    fn order_statistics_are_those_of_all_pairs() {
        let it = TwoArms { treated: vec![-2.0, 0.5, 3.0, 3.0], control: vec![0.0, 1.0, 4.5] };
        let all = it.treated.iter().flat_map(|t| it.control.iter().map(move |c| t - c));
        let all = sorted(all.collect());
        let blocks = [it];
        let steps = between_arms(&blocks, &[1.0]).unwrap();
        for k in 1..=12 {
            assert!((steps.smallest(k as f64) - all[k - 1]).abs() < 1e-15);
            assert!((steps.largest(k as f64) - all[12 - k]).abs() < 1e-15);
        }
        assert!((steps.median() - f64::midpoint(all[5], all[6])).abs() < 1e-15);
    }

    #[test]
    fn means_of_two_are_those_of_all_pairs() {
        let values = [-3.0, -1.0, 2.0, 2.0, 9.0];
        let all = (0..5).flat_map(|i| (i..5).map(move |j| f64::midpoint(values[i], values[j])));
        let all = sorted(all.collect());
        let steps = walsh(&values).unwrap();
        assert!((steps.total() - 15.0).abs() < 1e-15);
        for k in 1..=15 {
            assert!((steps.smallest(k as f64) - all[k - 1]).abs() < 1e-15);
            assert!((steps.largest(k as f64) - all[15 - k]).abs() < 1e-15);
        }
    }
}
