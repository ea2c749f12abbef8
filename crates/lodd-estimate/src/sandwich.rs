//! Robust variances of least-squares coefficients, and their degrees of freedom.
//!
//! A coefficient or a sum of several is a contrast l'b. With X = QR and q = R'⁻¹l, everything
//! about it is a sum over rows or clusters of Q, and no matrix larger than k×k is formed.

use std::ops::Range;

use crate::linear::{Thin, add_scaled, dot, symmetric_eigen};
use crate::{EstimateError, SeType};

/// Rows with a leverage above this are fitted exactly, whatever their outcome.
const FULL_LEVERAGE: f64 = 1.0 - 1e-10;

/// Eigenvalues of I − H below this count as 0 in the generalised inverse, as in clubSandwich.
const SINGULAR: f64 = 1e-12;

/// What variances are made of. Rows are weighted by the root of their weight, if they have one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Residuals<'a> {
    pub(crate) thin: &'a Thin,
    /// One a row.
    pub(crate) residuals: &'a [f64],
}

/// Variance of a contrast, with Satterthwaite's df where clusters give it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variance {
    pub(crate) variance: f64,
    pub(crate) satterthwaite: Option<f64>,
}

impl Residuals<'_> {
    /// Rows less rank.
    pub(crate) fn residual_df(&self) -> f64 {
        self.residuals.len() as f64 - self.thin.kept().len() as f64
    }

    /// Rows of full leverage.
    pub(crate) fn full_leverage(&self) -> usize {
        self.thin.rows().filter(|row| dot(row, row) > FULL_LEVERAGE).count()
    }

    /// Variances of contrasts `qs` with independent rows: classical, or HC0 to HC3.
    pub(crate) fn by_row(&self, se: SeType, qs: &[Vec<f64>]) -> Vec<Variance> {
        let (n, left) = (self.residuals.len() as f64, self.residual_df());
        let squares = dot(self.residuals, self.residuals);
        let scale = if se == SeType::Hc1 { n / left } else { 1.0 };
        let weights: Vec<f64> = self
            .thin
            .rows()
            .zip(self.residuals)
            .map(|(row, residual)| scale * residual * residual * row_factor(se, dot(row, row)))
            .collect();
        let variance = |q: &Vec<f64>| match se {
            SeType::Classical => squares / left * dot(q, q),
            _ => self.thin.rows().zip(&weights).map(|(row, it)| dot(row, q).powi(2) * it).sum(),
        };
        qs.iter().map(|q| Variance { variance: variance(q), satterthwaite: None }).collect()
    }

    /// Variances of contrasts `qs` with independent clusters: CR0 to CR3.
    ///
    /// # Errors
    ///
    /// If a cluster's eigenvalues are not found.
    pub(crate) fn by_cluster(
        &self,
        se: SeType,
        clusters: &[Range<usize>],
        qs: &[Vec<f64>],
    ) -> Result<Vec<Variance>, EstimateError> {
        let size = self.thin.kept().len();
        let rows: Vec<(&[f64], f64)> =
            self.thin.rows().zip(self.residuals.iter().copied()).collect();
        let mut sums = vec![Sums::new(size); qs.len()];
        for cluster in clusters {
            let cluster = Cluster::of(size, rows.get(cluster.clone()).unwrap_or_default());
            let adjust = cluster.adjustment(se)?;
            for (sums, q) in sums.iter_mut().zip(qs) {
                sums.add(&cluster, &adjust.times(q));
            }
        }
        let scale = self.cluster_scale(se, clusters.len() as f64);
        Ok(sums.iter().map(|it| it.variance(scale)).collect())
    }

    fn cluster_scale(&self, se: SeType, clusters: f64) -> f64 {
        let n = self.residuals.len() as f64;
        match se {
            SeType::Cr1 => clusters / (clusters - 1.0),
            SeType::Stata => clusters / (clusters - 1.0) * (n - 1.0) / self.residual_df(),
            _ => 1.0,
        }
    }
}

/// What a squared residual is multiplied by: HC2's 1/(1−h) and HC3's square of it, 0 at h = 1.
fn row_factor(se: SeType, leverage: f64) -> f64 {
    match se {
        SeType::Hc2 | SeType::Hc3 if leverage > FULL_LEVERAGE => 0.0,
        SeType::Hc2 => 1.0 / (1.0 - leverage),
        SeType::Hc3 => (1.0 - leverage).powi(-2),
        _ => 1.0,
    }
}

/// `Q_g'Q_g` and `Q_g'e_g` of one cluster.
struct Cluster {
    size: usize,
    /// Column after column.
    gram: Vec<f64>,
    score: Vec<f64>,
}

impl Cluster {
    fn of(size: usize, rows: &[(&[f64], f64)]) -> Self {
        let (mut gram, mut score) = (vec![0.0; size * size], vec![0.0; size]);
        for (row, residual) in rows {
            add_outer(&mut gram, row, 1.0);
            add_scaled(&mut score, row, *residual);
        }
        Self { size, gram, score }
    }

    /// `Q_g'Q_g t`.
    fn gram_times(&self, t: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; self.size];
        for (column, t) in self.gram.chunks_exact(self.size).zip(t) {
            add_scaled(&mut product, column, *t);
        }
        product
    }

    /// B with `A_g Q_g = Q_g B`, where `A_g` is the cluster's adjustment matrix.
    ///
    /// With `Q_g'Q_g = VLV'`, the `n_g`×`n_g` matrix `I − Q_gQ_g'` has eigenvalues `1 − l`, and 1
    /// on what `Q_g` does not reach; so `B = V f(L) V'`.
    fn adjustment(&self, se: SeType) -> Result<Adjustment, EstimateError> {
        let factor = |left: f64| match se {
            SeType::Cr2 | SeType::Cr3 if left < SINGULAR => 0.0,
            SeType::Cr2 => 1.0 / left.sqrt(),
            _ => 1.0 / left,
        };
        if !matches!(se, SeType::Cr2 | SeType::Cr3) {
            return Ok(Adjustment { parts: None });
        }
        let eigen = symmetric_eigen(self.size, &self.gram).ok_or(EstimateError::Eigenvalues)?;
        let factors = eigen.values.iter().map(|value| factor(1.0 - value));
        Ok(Adjustment { parts: Some(factors.zip(eigen.vectors).collect()) })
    }
}

/// The matrix B of a cluster: each eigenvector with its factor; None is the identity.
struct Adjustment {
    parts: Option<Vec<(f64, Vec<f64>)>>,
}

impl Adjustment {
    fn times(&self, q: &[f64]) -> Vec<f64> {
        let Some(parts) = &self.parts else { return q.to_vec() };
        let mut product = vec![0.0; q.len()];
        for (factor, vector) in parts {
            add_scaled(&mut product, vector, factor * dot(vector, q));
        }
        product
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
    /// `Σ e_g e_g'`, column after column.
    outer: Vec<f64>,
}

impl Sums {
    fn new(size: usize) -> Self {
        Self { variance: 0.0, d: 0.0, d2: 0.0, de2: 0.0, e2: 0.0, outer: vec![0.0; size * size] }
    }

    /// Adds a cluster with `t = B_g q`.
    fn add(&mut self, cluster: &Cluster, t: &[f64]) {
        let e = cluster.gram_times(t);
        let (d, e2) = (dot(t, &e), dot(&e, &e));
        self.variance += dot(t, &cluster.score).powi(2);
        self.d += d;
        self.d2 += d * d;
        self.de2 += d * e2;
        self.e2 += e2;
        add_outer(&mut self.outer, &e, 1.0);
    }

    /// The variance times `scale`; df = (tr P)²/‖P‖², which no scale changes.
    fn variance(&self, scale: f64) -> Variance {
        let trace = self.d - self.e2;
        let norm2 = self.d2 - 2.0 * self.de2 + dot(&self.outer, &self.outer);
        let satterthwaite = (trace > 0.0 && norm2 > 0.0).then(|| trace * trace / norm2);
        Variance { variance: scale * self.variance, satterthwaite }
    }
}

/// Adds `scale` times aa' to a square matrix.
fn add_outer(matrix: &mut [f64], a: &[f64], scale: f64) {
    for (column, value) in matrix.chunks_exact_mut(a.len().max(1)).zip(a) {
        add_scaled(column, a, scale * value);
    }
}
