//! Tests of whether several shares are the same in both arms.

use crate::Sample;
use crate::linear::dot;
use crate::symmetric::Square;

/// Tables that an exact test may go through.
const MOST_TABLES: f64 = 1e6;

/// Rows of each level, in one block.
#[derive(Clone, Debug)]
pub(crate) struct Levels {
    treated: Vec<u64>,
    all: Vec<u64>,
}

impl Levels {
    /// The blocks of a sample. `levels`: each row's level, below `count`.
    pub(crate) fn of(sample: &Sample, levels: &[usize], count: usize) -> Vec<Self> {
        let empty = Self { treated: vec![0; count], all: vec![0; count] };
        let mut blocks = vec![empty; sample.n_blocks()];
        for ((level, treated), block) in levels.iter().zip(&sample.treated).zip(&sample.block) {
            let Some(it) = blocks.get_mut(*block) else { continue };
            if let (Some(all), Some(own)) = (it.all.get_mut(*level), it.treated.get_mut(*level)) {
                *all += 1;
                *own += u64::from(*treated);
            }
        }
        blocks
    }

    fn n(&self) -> f64 {
        self.all.iter().sum::<u64>() as f64
    }

    fn n_treated(&self) -> u64 {
        self.treated.iter().sum()
    }

    /// Whether a cell expects fewer than 5.
    pub(crate) fn is_small(&self) -> bool {
        let (n, n1) = (self.n(), self.n_treated() as f64);
        let fewer = n1.min(n - n1);
        self.all.iter().any(|it| *it > 0 && *it as f64 * fewer / n < 5.0)
    }

    /// The share of all tables with these margins that are no more probable than this one; None
    /// where there are too many.
    pub(crate) fn exact(&self) -> Option<f64> {
        let tables: f64 = self.all.iter().map(|it| *it as f64 + 1.0).product();
        if tables > MOST_TABLES {
            return None;
        }
        let observed: f64 =
            self.all.iter().zip(&self.treated).map(|(n, t)| log_choose(*n, *t)).sum();
        let mut sums = (0.0, 0.0);
        walk(&self.all, self.n_treated(), 0.0, &mut |log| {
            let weight = (log - observed).exp();
            sums.0 += weight;
            sums.1 += if log <= observed + 1e-7 { weight } else { 0.0 };
        });
        Some((sums.1 / sums.0).min(1.0))
    }
}

/// The generalised test of Cochran, Mantel and Haenszel over blocks, with its degrees of freedom.
/// In one block it is Pearson's. None without variation.
pub(crate) fn chi_square(blocks: &[Levels]) -> Option<(f64, f64)> {
    let count = blocks.first()?.all.len();
    let occurs = |at: &usize| blocks.iter().any(|it| it.all.get(*at).is_some_and(|it| *it > 0));
    let used: Vec<usize> = (0..count).filter(occurs).skip(1).collect();
    let mut gaps = vec![0.0; used.len()];
    let mut variance = Square::zeros(used.len());
    for it in blocks.iter().filter(|it| it.n() > 1.0) {
        let (n, n1) = (it.n(), it.n_treated() as f64);
        let rows = |at: usize| it.all.get(at).copied().unwrap_or(0) as f64;
        let scale = n1 * (n - n1) / (n * n * (n - 1.0));
        for ((i, at), gap) in used.iter().enumerate().zip(&mut gaps) {
            *gap += it.treated.get(*at).copied().unwrap_or(0) as f64 - n1 * rows(*at) / n;
            for (j, other) in used.iter().enumerate() {
                let same = if i == j { n } else { 0.0 };
                variance.add_at(i, j, scale * rows(*at) * (same - rows(*other)));
            }
        }
    }
    if used.is_empty() {
        return None;
    }
    let statistic = dot(&gaps, &variance.cholesky()?.solve(&gaps));
    let pearson = match blocks {
        [only] => only.n() / (only.n() - 1.0),
        _ => 1.0,
    };
    Some((statistic * pearson, used.len() as f64))
}

/// Calls `take` with the logarithm of the ways to draw `left` from what is at hand, for each table.
fn walk(all: &[u64], left: u64, log: f64, take: &mut impl FnMut(f64)) {
    let Some((first, rest)) = all.split_first() else {
        if left == 0 {
            take(log);
        }
        return;
    };
    let after: u64 = rest.iter().sum();
    for own in left.saturating_sub(after)..=left.min(*first) {
        walk(rest, left - own, log + log_choose(*first, own), take);
    }
}

fn log_choose(n: u64, k: u64) -> f64 {
    let log = |it: u64| libm::lgamma(it as f64 + 1.0);
    log(n) - log(k) - log(n - k)
}
