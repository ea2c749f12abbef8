//! Robust variances of least-squares coefficients, and their degrees of freedom.
//!
//! A coefficient or a sum of several is a contrast l'b. With X = QR and q = R'⁻¹l, everything
//! about it is a sum over rows or clusters of Q, and no matrix larger than k×k is formed. Levels
//! that were absorbed are unit columns beside Q: a cluster sees those it touches.

mod cluster;
mod weighted;

use std::ops::Range;

use crate::least_squares::{Absorbed, Fit};
use crate::linear::{Thin, dot};
use crate::{EstimateError, SeType};

/// Rows with a leverage above this are fitted exactly, whatever their outcome.
const FULL_LEVERAGE: f64 = 1.0 - 1e-10;

/// Eigenvalues of I − H below this count as 0 in the generalised inverse, as in clubSandwich.
const SINGULAR: f64 = 1e-12;

/// What variances are made of. Rows are weighted by the root of their weight, if they have one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Residuals<'a> {
    thin: &'a Thin,
    /// One a row, times the root of the weight.
    values: &'a [f64],
    weights: Option<&'a [f64]>,
    absorbed: Option<&'a Absorbed>,
}

/// Variance of a contrast, with Satterthwaite's df where clusters give it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variance {
    pub(crate) variance: f64,
    pub(crate) satterthwaite: Option<f64>,
}

impl<'a> Residuals<'a> {
    /// Those of a fit.
    pub(crate) fn of(fit: &'a Fit, weights: Option<&'a [f64]>) -> Self {
        let absorbed = fit.absorbed.as_ref();
        Self { thin: &fit.thin, values: &fit.residuals, weights, absorbed }
    }

    /// The same fit with other residuals.
    pub(crate) fn with<'b>(&'b self, values: &'b [f64]) -> Residuals<'b> {
        Residuals { values, ..*self }
    }

    /// Rows less rank.
    fn residual_df(&self) -> f64 {
        let levels = self.absorbed.map_or(0, |it| it.levels);
        self.values.len() as f64 - (self.thin.kept().len() + levels) as f64
    }

    /// The leverage of each row.
    fn leverages(&self) -> Vec<f64> {
        let mut leverages = self.thin.squares();
        if let Some(absorbed) = self.absorbed {
            leverages.iter_mut().zip(&absorbed.root).for_each(|(it, root)| *it += root * root);
        }
        leverages
    }

    /// Rows of full leverage.
    pub(crate) fn full_leverage(&self) -> usize {
        self.leverages().iter().filter(|it| **it > FULL_LEVERAGE).count()
    }

    /// Variances of contrasts `qs` with independent rows: classical, or HC0 to HC3.
    pub(crate) fn by_row(&self, se: SeType, qs: &[Vec<f64>]) -> Vec<Variance> {
        let (n, left) = (self.values.len() as f64, self.residual_df());
        let squares = dot(self.values, self.values);
        let scale = if se == SeType::Hc1 { n / left } else { 1.0 };
        let weights: Vec<f64> = self
            .leverages()
            .iter()
            .zip(self.values)
            .map(|(leverage, residual)| scale * residual * residual * row_factor(se, *leverage))
            .collect();
        let variance = |q: &Vec<f64>| {
            if se == SeType::Classical {
                squares / left * dot(q, q)
            } else {
                let own = self.thin.times(q);
                let squares: Vec<f64> = own.iter().map(|it| it * it).collect();
                dot(&squares, &weights)
            }
        };
        qs.iter().map(|q| Variance { variance: variance(q), satterthwaite: None }).collect()
    }

    /// Variances of contrasts `qs` with independent clusters: CR0 to CR3.
    ///
    /// # Errors
    ///
    /// If a cluster's eigenvalues are not found, or rows are weighted and levels absorbed.
    pub(crate) fn by_cluster(
        &self,
        se: SeType,
        clusters: &[Range<usize>],
        qs: &[Vec<f64>],
    ) -> Result<Vec<Variance>, EstimateError> {
        let mut variances = match self.weights {
            Some(weights) => self.by_weighted_cluster(se, weights, clusters, qs)?,
            None => self.by_plain_cluster(se, clusters, qs)?,
        };
        let scale = self.cluster_scale(se, clusters.len() as f64);
        for it in &mut variances {
            it.variance *= scale;
        }
        Ok(variances)
    }

    fn cluster_scale(&self, se: SeType, clusters: f64) -> f64 {
        let n = self.values.len() as f64;
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

/// What takes the place of an eigenvalue `left` of I − H in a cluster's adjustment.
fn adjustment(se: SeType, left: f64) -> f64 {
    match se {
        SeType::Cr2 | SeType::Cr3 if left < SINGULAR => 0.0,
        SeType::Cr2 => 1.0 / left.sqrt(),
        SeType::Cr3 => 1.0 / left,
        _ => 1.0,
    }
}

/// `f(1 − G)·q` for a symmetric G, stored column after column.
fn adjusted(se: SeType, gram: &[f64], q: &[f64]) -> Result<Vec<f64>, EstimateError> {
    if !matches!(se, SeType::Cr2 | SeType::Cr3) {
        return Ok(q.to_vec());
    }
    let eigen = crate::linear::symmetric_eigen(q.len(), gram).ok_or(EstimateError::Eigenvalues)?;
    let mut product = vec![0.0; q.len()];
    for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
        let factor = adjustment(se, 1.0 - value);
        crate::linear::add_scaled(&mut product, vector, factor * dot(vector, q));
    }
    Ok(product)
}

/// Adds `scale` times aa' to a square matrix.
fn add_outer(matrix: &mut [f64], a: &[f64], scale: f64) {
    for (column, value) in matrix.chunks_exact_mut(a.len().max(1)).zip(a) {
        crate::linear::add_scaled(column, a, scale * value);
    }
}
