//! Clusters of weighted rows, as in clubSandwich with the identity as working model.
//!
//! With W the weights, M = (X'WX)⁻¹ and H = XMX'W, the adjustment of CR2 is `B_g^(−1/2)`, where
//! `B_g = ((I − H)(I − H)')_gg`. In the basis X̂ = XM^(1/2) = W^(−1/2)Q it is I + ZKZ' with
//! `Z = (X̂_g, W_gX̂_g)`, K = (S, −I; −I, 0) and S = Q'WQ: it differs from I on 2k directions only.

use std::ops::Range;

use super::{Residuals, Variance, add_outer, adjusted, adjustment};
use crate::linear::{Thin, add_scaled, dot, symmetric_eigen};
use crate::{EstimateError, SeType};

impl Residuals<'_> {
    pub(super) fn by_weighted_cluster(
        &self,
        se: SeType,
        weights: &[f64],
        clusters: &[Range<usize>],
        qs: &[Vec<f64>],
    ) -> Result<Vec<Variance>, EstimateError> {
        if self.absorbed.is_some() {
            return Err(EstimateError::Weighted { what: "absorbed levels with clusters" });
        }
        let size = self.thin.kept().len();
        let mut s = vec![0.0; size * size];
        let all = self.thin.part(0..self.values.len());
        for (row, weight) in all.chunks_exact(size.max(1)).zip(weights) {
            add_outer(&mut s, row, *weight);
        }
        let mut sums = vec![Sums::new(size); qs.len()];
        for rows in clusters {
            let cluster = Cluster {
                rows: all
                    .get(rows.start * size..rows.end * size)
                    .unwrap_or_default()
                    .chunks_exact(size.max(1))
                    .collect(),
                weights: weights.get(rows.clone()).unwrap_or_default(),
                residuals: self.values.get(rows.clone()).unwrap_or_default(),
                size,
            };
            let root = if se == SeType::Cr2 { Some(cluster.root(&s)?) } else { None };
            for (sums, q) in sums.iter_mut().zip(qs) {
                let a = match &root {
                    Some(root) => root.times(&cluster.pulled(q)),
                    // (I − WX̂X̂')⁻¹WX̂q = WX̂(I − Q_g'Q_g)⁻¹q
                    None => cluster.pulled(&adjusted(se, &cluster.gram(), q)?),
                };
                sums.add(&cluster, &a);
            }
        }
        Ok(sums.iter().map(|it| it.variance(&s)).collect())
    }
}

/// The rows of one cluster.
struct Cluster<'a> {
    /// Rows of Q.
    rows: Vec<&'a [f64]>,
    weights: &'a [f64],
    residuals: &'a [f64],
    size: usize,
}

impl Cluster<'_> {
    fn gram(&self) -> Vec<f64> {
        let mut gram = vec![0.0; self.size * self.size];
        self.rows.iter().for_each(|row| add_outer(&mut gram, row, 1.0));
        gram
    }

    /// `W_gX̂_g q`.
    fn pulled(&self, q: &[f64]) -> Vec<f64> {
        self.rows.iter().zip(self.weights).map(|(row, it)| it.sqrt() * dot(row, q)).collect()
    }

    /// `B_g^(−1/2)` on the directions in which it is not I.
    fn root(&self, s: &[f64]) -> Result<Root, EstimateError> {
        let k = self.size;
        let z = self.rows.iter().zip(self.weights).flat_map(|(row, it)| {
            let root = it.sqrt();
            row.iter().map(move |x| x / root).chain(row.iter().map(move |x| x * root))
        });
        let z: Vec<f64> = z.collect();
        let column = |at: usize| z.iter().skip(at).step_by(2 * k).copied().collect::<Vec<f64>>();
        let columns: Vec<Vec<f64>> = (0..2 * k).map(column).collect();
        let thin = Thin::new(columns.concat(), self.rows.len());
        // Column after column: Q'Z, of which the first k belong to X̂, the others to WX̂.
        let along: Vec<Vec<f64>> = columns.iter().map(|it| thin.project(it)).collect();
        let (plain, pulled) = along.split_at(k);
        let size = thin.kept().len();
        let mut matrix = vec![0.0; size * size];
        for at in 0..size {
            if let Some(slot) = matrix.get_mut(at * (size + 1)) {
                *slot = 1.0;
            }
        }
        for ((a, wa), row) in plain.iter().zip(pulled).zip(s.chunks_exact(k)) {
            for (b, weight) in plain.iter().zip(row) {
                add_product(&mut matrix, (a, b), *weight);
            }
            add_product(&mut matrix, (a, wa), -1.0);
            add_product(&mut matrix, (wa, a), -1.0);
        }
        let eigen = symmetric_eigen(size, &matrix).ok_or(EstimateError::Eigenvalues)?;
        let factors = eigen.values.iter().map(|value| adjustment(SeType::Cr2, *value));
        Ok(Root { parts: factors.zip(eigen.vectors).collect(), thin })
    }
}

/// Adds `scale` times ab' to a square matrix, column after column.
fn add_product(matrix: &mut [f64], (a, b): (&[f64], &[f64]), scale: f64) {
    for (column, value) in matrix.chunks_exact_mut(a.len().max(1)).zip(b) {
        add_scaled(column, a, scale * value);
    }
}

/// A matrix by its eigenvectors within the span of a basis that holds what it is applied to.
struct Root {
    thin: Thin,
    parts: Vec<(f64, Vec<f64>)>,
}

impl Root {
    fn times(&self, v: &[f64]) -> Vec<f64> {
        let inside = self.thin.project(v);
        let mut product = vec![0.0; inside.len()];
        for (factor, vector) in &self.parts {
            add_scaled(&mut product, vector, factor * dot(vector, &inside));
        }
        self.thin.times(&product)
    }
}

/// Running sums over clusters for one contrast. With a the adjusted direction of a cluster,
/// `d = |a|²` and `u = (X̂'a, X̂'Wa)`, the matrix P of the df has `p_g'p_h = δ_gh d_g + u_g'K u_h`.
#[derive(Clone, Debug)]
struct Sums {
    variance: f64,
    d: f64,
    d2: f64,
    /// `Σ uu'` and `Σ d·uu'`, column after column.
    outer: Vec<f64>,
    d_outer: Vec<f64>,
    size: usize,
}

impl Sums {
    fn new(size: usize) -> Self {
        let outer = vec![0.0; 4 * size * size];
        Self { variance: 0.0, d: 0.0, d2: 0.0, outer: outer.clone(), d_outer: outer, size }
    }

    fn add(&mut self, cluster: &Cluster<'_>, a: &[f64]) {
        let (mut plain, mut pulled) = (vec![0.0; self.size], vec![0.0; self.size]);
        let (mut d, mut score) = (0.0, 0.0);
        let rows = cluster.rows.iter().zip(cluster.weights).zip(cluster.residuals).zip(a);
        for (((row, weight), residual), a) in rows {
            let root = weight.sqrt();
            add_scaled(&mut plain, row, a / root);
            add_scaled(&mut pulled, row, a * root);
            d += a * a;
            score += a * residual / root;
        }
        plain.append(&mut pulled);
        self.variance += score * score;
        self.d += d;
        self.d2 += d * d;
        add_outer(&mut self.outer, &plain, 1.0);
        add_outer(&mut self.d_outer, &plain, d);
    }

    fn variance(&self, s: &[f64]) -> Variance {
        let kt = self.k_times(s, &self.outer);
        let kd = self.k_times(s, &self.d_outer);
        let trace = self.d + self.trace(&kt);
        let norm2 = self.d2 + 2.0 * self.trace(&kd) + self.trace_of_square(&kt);
        let satterthwaite = (trace > 0.0 && norm2 > 0.0).then(|| trace * trace / norm2);
        Variance { variance: self.variance, satterthwaite }
    }

    /// `K·matrix`, column after column.
    fn k_times(&self, s: &[f64], matrix: &[f64]) -> Vec<f64> {
        let columns = matrix.chunks_exact(2 * self.size);
        let product = columns.flat_map(|column| {
            let (upper, lower) = column.split_at(self.size);
            let first = s.chunks_exact(self.size).zip(lower).map(|(row, it)| dot(row, upper) - it);
            first.chain(upper.iter().map(|it| -it)).collect::<Vec<f64>>()
        });
        product.collect()
    }

    fn trace(&self, matrix: &[f64]) -> f64 {
        matrix.iter().step_by(2 * self.size + 1).sum()
    }

    /// tr(A·A).
    fn trace_of_square(&self, matrix: &[f64]) -> f64 {
        let size = 2 * self.size;
        let entry = |row: usize, column: usize| {
            matrix.get(row + column * size).copied().unwrap_or_default()
        };
        let all = (0..size).flat_map(|i| (0..size).map(move |j| (i, j)));
        all.map(|(i, j)| entry(i, j) * entry(j, i)).sum()
    }
}
