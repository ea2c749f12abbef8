//! Midranks, and the exact distribution of sums of them.
//!
//! Sums over all assignments are counted by the shift algorithm (Streitberg and Röhmel 1986): one
//! table of how many ways there are to reach each sum, shifted by one score after the other.

/// Additions that counting may take; beyond it a sum of ranks is as good as normal.
const MOST_WORK: f64 = 1e8;

/// Counts up to this are exact in an f64.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// Twice the midrank of each value: whole, with ties in the middle of the places they share.
pub(crate) fn double_midranks(values: &[f64]) -> Vec<u64> {
    let mut order: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks = vec![0; values.len()];
    let mut before = 0_u64;
    // −0 and 0 are ties, though their order is fixed.
    for run in order.chunk_by(|a, b| a.0 >= b.0) {
        let size = run.len() as u64;
        for (_, at) in run {
            if let Some(rank) = ranks.get_mut(*at) {
                *rank = 2 * before + size + 1;
            }
        }
        before += size;
    }
    ranks
}

/// How many ways lead to each sum, from 0 on; as shares of all ways once they are too many to be
/// counted exactly.
#[derive(Clone, Debug)]
pub(crate) struct Sums {
    ways: Vec<f64>,
    total: f64,
    whole: bool,
}

/// Scores of the rows of a block, of which `chosen` are summed.
#[derive(Clone, Debug)]
pub(crate) struct Urn {
    pub(crate) scores: Vec<u64>,
    pub(crate) chosen: usize,
}

impl Urn {
    /// What divides all scores, at least 1.
    fn divisor(&self) -> u64 {
        self.scores.iter().copied().fold(0, gcd).max(1)
    }
}

impl Sums {
    /// Of the scores of `chosen` rows of every block; None where that is too much work.
    pub(crate) fn of_urns(urns: &[Urn]) -> Option<Self> {
        let (mut work, mut reach) = (0.0, 0.0);
        for urn in urns {
            let sum: f64 = urn.scores.iter().map(|it| *it as f64).sum();
            let fewer = urn.chosen.min(urn.scores.len() - urn.chosen) as f64;
            // Sums are multiples of what divides all scores.
            let places = sum / urn.divisor() as f64;
            work += places * fewer * urn.scores.len() as f64 + reach * places;
            reach += sum;
        }
        if work > MOST_WORK {
            return None;
        }
        let mut all = Self { ways: vec![1.0], total: 1.0, whole: true };
        for urn in urns {
            all = all.joined(&subsets(urn));
        }
        Some(all)
    }

    /// Of the scores that get a plus sign, each with probability ½; None where it is too much work.
    pub(crate) fn of_signs(scores: &[u64]) -> Option<Self> {
        let sum: u64 = scores.iter().sum();
        if sum as f64 * scores.len() as f64 > MOST_WORK {
            return None;
        }
        let mut ways = vec![0.0; usize::try_from(sum).ok()? + 1];
        *ways.first_mut()? = 1.0;
        let (mut reached, mut total) = (0, 1.0);
        for score in scores {
            let score = usize::try_from(*score).ok()?;
            shift(&mut ways, reached, score);
            reached += score;
            total *= 2.0;
            if total > WHOLE {
                // A power of two: the division is exact.
                for it in &mut ways {
                    *it /= total;
                }
                total = 1.0;
            }
        }
        let whole = scores.len() <= 53;
        Some(Self { ways, total, whole })
    }

    /// The sums of both, each independent of the other.
    fn joined(&self, other: &Self) -> Self {
        let mut ways = vec![0.0; self.ways.len() + other.ways.len() - 1];
        for (at, a) in other.ways.iter().enumerate().filter(|(_, it)| **it > 0.0) {
            for (slot, b) in ways.iter_mut().skip(at).zip(&self.ways) {
                *slot += a * b;
            }
        }
        let total = self.total * other.total;
        let whole = self.whole && other.whole && total <= WHOLE;
        if whole {
            return Self { ways, total, whole };
        }
        for it in &mut ways {
            *it /= total;
        }
        Self { ways, total: 1.0, whole }
    }

    /// The mean sum.
    fn mean(&self) -> f64 {
        let weighted = self.ways.iter().enumerate().map(|(at, ways)| at as f64 * ways);
        weighted.sum::<f64>() / self.total
    }

    /// The ways at least as far from the mean as `sum`, and all ways.
    pub(crate) fn two_sided(&self, sum: u64) -> Tail {
        let mean = self.mean();
        let reach = (sum as f64 - mean).abs() - 1e-9 * (1.0 + mean);
        let far = self.ways.iter().enumerate().filter(|(at, _)| (*at as f64 - mean).abs() >= reach);
        Tail { ways: far.map(|it| it.1).sum(), total: self.total, whole: self.whole }
    }

    /// The smallest sum with more than `tail` of the ways at or below it; None where that is the
    /// smallest sum of all, so that no sum is as rare as that.
    pub(crate) fn quantile(&self, tail: f64) -> Option<u64> {
        let mut below = 0.0;
        let mut first = true;
        for (sum, ways) in (0..).zip(&self.ways) {
            below += ways;
            if below > tail * self.total {
                return (!first).then_some(sum);
            }
            first = first && *ways <= 0.0;
        }
        None
    }
}

/// A share of all ways.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tail {
    ways: f64,
    total: f64,
    whole: bool,
}

impl Tail {
    /// The share.
    pub(crate) fn p(&self) -> f64 {
        (self.ways / self.total).min(1.0)
    }

    /// As a fraction, where it could be counted.
    pub(crate) fn fraction(&self) -> Option<String> {
        self.whole.then(|| format!("{}/{}", self.ways, self.total))
    }
}

/// The sums of `chosen` of an urn's scores.
fn subsets(urn: &Urn) -> Sums {
    let divisor = urn.divisor();
    let scores: Vec<u64> = urn.scores.iter().map(|it| it / divisor).collect();
    let sum: usize = scores.iter().filter_map(|it| usize::try_from(*it).ok()).sum();
    // Fewer are chosen from the other side, whose sums are the rest.
    let mirrored = 2 * urn.chosen > urn.scores.len();
    let chosen = if mirrored { urn.scores.len() - urn.chosen } else { urn.chosen };
    // ways[k] holds the sums of k scores, from 0 on.
    let mut ways = vec![vec![0.0; sum + 1]; chosen + 1];
    if let Some(none) = ways.first_mut().and_then(|it| it.first_mut()) {
        *none = 1.0;
    }
    for score in scores {
        let score = usize::try_from(score).unwrap_or_default();
        for k in (0..chosen).rev() {
            let (fewer, more) = ways.split_at_mut(k + 1);
            if let (Some(fewer), Some(more)) = (fewer.last(), more.first_mut()) {
                for (slot, ways) in more.iter_mut().skip(score).zip(fewer) {
                    *slot += ways;
                }
            }
        }
    }
    let mut ways = ways.pop().unwrap_or_default();
    if mirrored {
        ways.reverse();
    }
    let ways = spread(ways, usize::try_from(divisor).unwrap_or(1));
    let total: f64 = ways.iter().sum();
    let whole = total <= WHOLE;
    if whole {
        return Sums { ways, total, whole };
    }
    let ways = ways.iter().map(|it| it / total).collect();
    Sums { ways, total: 1.0, whole }
}

/// The same ways to `times` the sums.
fn spread(ways: Vec<f64>, times: usize) -> Vec<f64> {
    if times < 2 {
        return ways;
    }
    let mut wide = vec![0.0; (ways.len().max(1) - 1) * times + 1];
    for (slot, it) in wide.iter_mut().step_by(times).zip(ways) {
        *slot = it;
    }
    wide
}

/// The greatest common divisor of two numbers.
pub(crate) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Adds the ways up to `reached` once more, `score` further on.
fn shift(ways: &mut [f64], reached: usize, score: usize) {
    for at in (0..=reached).rev() {
        let here = ways.get(at).copied().unwrap_or(0.0);
        if let Some(slot) = ways.get_mut(at + score) {
            if score > 0 {
                *slot += here;
            } else {
                *slot *= 2.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All subsets, one by one.
    fn enumerated(scores: &[u64], chosen: usize) -> Vec<u64> {
        let subset = |bits: u32| -> Vec<u64> {
            (0..scores.len()).filter(|it| bits >> it & 1 == 1).map(|it| scores[it]).collect()
        };
        let all = (0..1_u32 << scores.len()).map(subset);
        all.filter(|it| it.len() == chosen).map(|it| it.iter().sum()).collect()
    }

    #[test]
    fn sums_of_subsets_are_those_of_all_subsets() {
        let scores = double_midranks(&[3.0, 1.0, 1.0, 8.0, 0.0, -0.0, 5.0]);
        assert_eq!(scores, [10, 7, 7, 14, 3, 3, 12]);
        for chosen in 0..=7 {
            let all = enumerated(&scores, chosen);
            let sums = Sums::of_urns(&[Urn { scores: scores.clone(), chosen }]).unwrap();
            for sum in 0..=56_usize {
                let expected = all.iter().filter(|it| **it == sum as u64).count();
                assert!((sums.ways[sum] - expected as f64).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn two_blocks_are_every_pair_of_subsets() {
        let (a, b) = (vec![2, 4, 6, 8], vec![3, 3, 6]);
        let urns = [Urn { scores: a.clone(), chosen: 3 }, Urn { scores: b.clone(), chosen: 1 }];
        let sums = Sums::of_urns(&urns).unwrap();
        let (one, two) = (enumerated(&a, 3), enumerated(&b, 1));
        let all: Vec<u64> = one.iter().flat_map(|x| two.iter().map(move |y| x + y)).collect();
        let mean = all.iter().sum::<u64>() as f64 / all.len() as f64;
        let far = |sum: u64| (sum as f64 - mean).abs();
        let expected = all.iter().filter(|it| far(**it) >= far(15)).count();
        assert_eq!(sums.two_sided(15).fraction(), Some(format!("{expected}/12")));
    }

    #[test]
    fn signs_are_all_signs() {
        let scores = [2, 0, 5, 5, 8];
        let all: Vec<u64> = (0..32)
            .map(|bits: u32| (0..5).filter(|it| bits >> it & 1 == 1).map(|it| scores[it]).sum())
            .collect();
        let sums = Sums::of_signs(&scores).unwrap();
        for sum in 0..=20_usize {
            let expected = all.iter().filter(|it| **it == sum as u64).count();
            assert!((sums.ways[sum] - expected as f64).abs() < 1e-9);
        }
        // More signs than can be counted: shares, which still add up to 1.
        let many = Sums::of_signs(&[1; 300]).unwrap();
        assert_eq!(many.two_sided(150).fraction(), None);
        assert!((many.two_sided(150).p() - 1.0).abs() < 1e-12);
    }

    /// R: qwilcox(0.025, 5, 6) is 4 and qsignrank(0.025, 10) is 9.
    #[test]
    fn quantiles_are_those_of_r() {
        let untied: Vec<u64> = (1..=11).map(|it| 2 * it).collect();
        let sums = Sums::of_urns(&[Urn { scores: untied, chosen: 5 }]).unwrap();
        assert_eq!(sums.quantile(0.025), Some(2 * (4 + 15)));
        let signs = Sums::of_signs(&(1..=10).collect::<Vec<_>>()).unwrap();
        assert_eq!(signs.quantile(0.025), Some(9));
        assert_eq!(Sums::of_signs(&[1, 2]).unwrap().quantile(0.025), None);
    }

    #[test]
    fn too_much_work_is_refused() {
        let scores: Vec<u64> = (1..=1000).collect();
        assert!(Sums::of_urns(&[Urn { scores: scores.clone(), chosen: 500 }]).is_none());
        assert!(Sums::of_signs(&scores).is_none());
    }
}
