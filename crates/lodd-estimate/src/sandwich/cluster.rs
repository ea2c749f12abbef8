//! Clusters of rows that are not weighted.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Residuals, Variance, add_outer, adjustment};
use crate::linear::{LANES, add_scaled, dot, symmetric_eigen};
use crate::{EstimateError, SeType};

/// A cluster whose rows have less leverage than this in all needs no eigenvalues: the series of
/// (1 − x)^p then ends in a few terms.
const SMALL: f64 = 0.1;

impl Residuals<'_> {
    pub(super) fn by_plain_cluster(
        &self,
        se: SeType,
        clusters: &[Range<usize>],
        qs: &[Vec<f64>],
    ) -> Result<Vec<Variance>, EstimateError> {
        let size = self.thin.kept().len();
        let mut sums = vec![Sums::new(size); qs.len()];
        let mut space = Space::default();
        for rows in clusters {
            let cluster = self.cluster(rows.clone());
            let adjust = cluster.adjustment(se)?;
            for (sums, q) in sums.iter_mut().zip(qs) {
                cluster.adjust(&adjust, q, &mut space);
                sums.add(&cluster, &mut space);
            }
        }
        Ok(sums.iter().map(Sums::variance).collect())
    }

    /// The rows of Q in a range, with the columns of the levels that they touch.
    fn cluster(&self, rows: Range<usize>) -> Cluster {
        let kept = self.thin.kept().len();
        let mut levels: Vec<usize> =
            self.absorbed.and_then(|it| it.level.get(rows.clone())).unwrap_or_default().to_vec();
        levels.sort_unstable();
        levels.dedup();
        let size = kept + levels.len();
        let stride = size.next_multiple_of(LANES);
        let (mut gram, mut score) = (vec![0.0; size * stride], vec![0.0; stride]);
        let residuals = self.values.get(rows.clone()).unwrap_or_default();
        match self.absorbed {
            None => {
                let columns = self.thin.columns(rows);
                for (at, column) in columns.clone().enumerate() {
                    for (other, beside) in columns.clone().take(at + 1).enumerate() {
                        set_both(&mut gram, (at, other, stride), dot(column, beside));
                    }
                }
                score.iter_mut().zip(columns).for_each(|(it, column)| *it = dot(column, residuals));
            }
            Some(absorbed) => {
                let part = self.thin.part(rows.clone());
                let q = part.chunks_exact(kept.max(1));
                let mut local = vec![0.0; stride];
                for ((at, row), residual) in rows.zip(q).zip(residuals) {
                    local.fill(0.0);
                    local.iter_mut().zip(row).for_each(|(slot, it)| *slot = *it);
                    let level = absorbed.level.get(at).and_then(|it| levels.binary_search(it).ok());
                    if let (Some(level), Some(root)) = (level, absorbed.root.get(at))
                        && let Some(slot) = local.get_mut(kept + level)
                    {
                        *slot = *root;
                    }
                    add_outer(&mut gram, &local, 1.0);
                    add_scaled(&mut score, &local, *residual);
                }
            }
        }
        Cluster { kept, levels, stride, gram, score }
    }
}

/// `Q_g'Q_g` and `Q_g'e_g` of one cluster, with the levels that it touches last.
struct Cluster {
    kept: usize,
    levels: Vec<usize>,
    /// Length of a column of the matrix, of a vector too: what is beyond the levels is 0.
    stride: usize,
    /// Column after column.
    gram: Vec<f64>,
    score: Vec<f64>,
}

/// How a cluster's `B_g q` is found.
enum Adjustment {
    /// It is q itself.
    Identity,
    /// By so many terms of the series of (1 − x) to a power, for a cluster of little leverage.
    Series { power: f64, terms: i32 },
    /// Each eigenvector with its factor.
    Parts(Vec<(f64, Vec<f64>)>),
}

impl Cluster {
    /// Writes `Q_g'Q_g t`.
    fn gram_times(&self, t: &[f64], product: &mut Vec<f64>) {
        product.clear();
        let (lanes, _) = self.gram.as_chunks::<LANES>();
        let width = self.stride / LANES;
        for at in 0..width {
            let mut sums = [0.0; LANES];
            for (column, t) in lanes.iter().skip(at).step_by(width).zip(t) {
                sums.iter_mut().zip(column).for_each(|(sum, it)| *sum += it * t);
            }
            product.extend_from_slice(&sums);
        }
    }

    /// B with `A_g Q_g = Q_g B`, where `A_g` is the cluster's adjustment matrix.
    ///
    /// With `Q_g'Q_g = VLV'`, the `n_g`×`n_g` matrix `I − Q_gQ_g'` has eigenvalues `1 − l`, and 1
    /// on what `Q_g` does not reach; so `B = V f(L) V'`.
    fn adjustment(&self, se: SeType) -> Result<Adjustment, EstimateError> {
        let power = match se {
            SeType::Cr2 => -0.5,
            SeType::Cr3 => -1.0,
            _ => return Ok(Adjustment::Identity),
        };
        let trace: f64 = self.gram.iter().step_by(self.stride + 1).sum();
        if trace < SMALL {
            return Ok(Adjustment::Series { power, terms: terms(trace) });
        }
        let size = self.kept + self.levels.len();
        let columns = self.gram.chunks_exact(self.stride).flat_map(|it| it.iter().take(size));
        let gram: Vec<f64> = columns.copied().collect();
        let eigen = symmetric_eigen(size, &gram).ok_or(EstimateError::Eigenvalues)?;
        let factors = eigen.values.iter().map(|value| adjustment(se, 1.0 - value));
        Ok(Adjustment::Parts(factors.zip(eigen.vectors).collect()))
    }

    /// Writes `t = B_g q`, where q is 0 on levels.
    fn adjust(&self, adjustment: &Adjustment, q: &[f64], space: &mut Space) {
        let Space { t, product } = space;
        t.clear();
        t.extend_from_slice(q);
        t.resize(self.stride, 0.0);
        match adjustment {
            Adjustment::Identity => {}
            Adjustment::Series { power, terms } => {
                // Σ c_j G^j q with c_j = c_(j−1)·(j − 1 − power)/j, from the last term backwards.
                for j in (1..=*terms).rev() {
                    let factor = (f64::from(j) - 1.0 - power) / f64::from(j);
                    self.gram_times(t, product);
                    let whole = q.iter().copied().chain(std::iter::repeat(0.0));
                    for ((t, product), q) in t.iter_mut().zip(&*product).zip(whole) {
                        *t = q + factor * product;
                    }
                }
            }
            Adjustment::Parts(parts) => {
                product.clear();
                product.resize(t.len(), 0.0);
                for (factor, vector) in parts {
                    add_scaled(product, vector, factor * dot(vector, t));
                }
                std::mem::swap(t, product);
            }
        }
    }
}

/// Memory that is used again for each cluster.
#[derive(Debug, Default)]
struct Space {
    /// `B_g q`.
    t: Vec<f64>,
    product: Vec<f64>,
}

/// After how many terms the series adds nothing to the last digit: its coefficients are at most 1,
/// and no eigenvalue is above the trace.
fn terms(trace: f64) -> i32 {
    let mut left = trace;
    let mut terms = 1;
    while left > f64::EPSILON / 4.0 {
        left *= trace;
        terms += 1;
    }
    terms
}

/// Writes a symmetric matrix's entry to both of its places.
fn set_both(matrix: &mut [f64], (row, column, stride): (usize, usize, usize), value: f64) {
    for at in [row * stride + column, column * stride + row] {
        if let Some(slot) = matrix.get_mut(at) {
            *slot = value;
        }
    }
}

/// Running sums over clusters for one contrast. With `a_g = A_g Q_g q`, `d_g = |a_g|²`
/// and `e_g = Q_g'a_g`, the matrix P of the df has `p_g'p_h = δ_gh d_g − e_g'e_h`.
#[derive(Clone, Debug)]
struct Sums {
    variance: f64,
    d: f64,
    d2: f64,
    de2: f64,
    e2: f64,
    /// `Σ e_g e_g'`, column after column, of the columns of Q.
    outer: Vec<f64>,
    /// The same of each level with the columns of Q.
    with_level: BTreeMap<usize, Vec<f64>>,
    /// And of each pair of levels, in both orders.
    of_levels: BTreeMap<(usize, usize), f64>,
}

impl Sums {
    fn new(size: usize) -> Self {
        Self {
            variance: 0.0,
            d: 0.0,
            d2: 0.0,
            de2: 0.0,
            e2: 0.0,
            outer: vec![0.0; size * size],
            with_level: BTreeMap::new(),
            of_levels: BTreeMap::new(),
        }
    }

    /// Adds a cluster with `t = B_g q`.
    fn add(&mut self, cluster: &Cluster, space: &mut Space) {
        let Space { t, product: e } = space;
        cluster.gram_times(t, e);
        let (d, e2) = (dot(t, e), dot(e, e));
        self.variance += dot(t, &cluster.score).powi(2);
        self.d += d;
        self.d2 += d * d;
        self.de2 += d * e2;
        self.e2 += e2;
        let (q, levels) = e.split_at(cluster.kept);
        add_outer(&mut self.outer, q, 1.0);
        for (level, along) in cluster.levels.iter().zip(levels) {
            let sum = self.with_level.entry(*level).or_insert_with(|| vec![0.0; q.len()]);
            add_scaled(sum, q, *along);
            for (other, beside) in cluster.levels.iter().zip(levels) {
                *self.of_levels.entry((*level, *other)).or_default() += along * beside;
            }
        }
    }

    /// df = (tr P)²/‖P‖².
    fn variance(&self) -> Variance {
        let trace = self.d - self.e2;
        let with_level: f64 = self.with_level.values().map(|it| dot(it, it)).sum();
        let of_levels: f64 = self.of_levels.values().map(|it| it * it).sum();
        let outer = dot(&self.outer, &self.outer) + 2.0 * with_level + of_levels;
        let norm2 = self.d2 - 2.0 * self.de2 + outer;
        let satterthwaite = (trace > 0.0 && norm2 > 0.0).then(|| trace * trace / norm2);
        Variance { variance: self.variance, satterthwaite }
    }
}
