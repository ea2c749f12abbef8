//! Logistic regression of a binary outcome.

use std::ops::Range;

use crate::linear::{add_scaled, dot};
use crate::model_matrix::ModelMatrix;
use crate::newton::{Maximum, Point, maximise};
use crate::symmetric::Square;

/// A fit by maximum likelihood.
#[derive(Clone, Debug)]
pub(crate) struct Logistic {
    /// Coefficients of the matrix's columns.
    pub(crate) coefficients: Vec<f64>,
    /// Inverse of the information.
    pub(crate) inverse: Square,
}

impl Logistic {
    /// Fits; None where the outcome is predicted perfectly in some rows, so that no maximum exists.
    ///
    /// `y`: 0 or 1, one a row of the matrix.
    pub(crate) fn fit(matrix: &ModelMatrix, y: &[f64]) -> Option<Self> {
        let start = vec![0.0; matrix.width()];
        let Maximum { at, inverse, .. } = maximise(start, |b| point(matrix, y, b))?;
        Some(Self { coefficients: at, inverse })
    }

    /// Probability of outcome 1 of a row.
    pub(crate) fn probability(&self, row: &[f64]) -> f64 {
        probability(dot(row, &self.coefficients))
    }

    /// The sandwich without correction: rows are independent, or clusters if given.
    pub(crate) fn robust(
        &self,
        matrix: &ModelMatrix,
        y: &[f64],
        clusters: Option<&[Range<usize>]>,
    ) -> Square {
        let scores: Vec<Vec<f64>> = matrix
            .rows()
            .zip(y)
            .map(|(row, y)| {
                let residual = residual(*y, dot(row, &self.coefficients));
                row.iter().map(|it| it * residual).collect()
            })
            .collect();
        let mut middle = Square::zeros(matrix.width());
        match clusters {
            None => scores.iter().for_each(|it| middle.add_outer(it, 1.0)),
            Some(clusters) => {
                for cluster in clusters {
                    let mut sum = vec![0.0; matrix.width()];
                    for score in scores.get(cluster.clone()).unwrap_or_default() {
                        add_scaled(&mut sum, score, 1.0);
                    }
                    middle.add_outer(&sum, 1.0);
                }
            }
        }
        self.inverse.around(&middle)
    }
}

/// 1/(1 + e^−η).
pub(crate) fn probability(eta: f64) -> f64 {
    if eta >= 0.0 { 1.0 / (1.0 + (-eta).exp()) } else { eta.exp() / (1.0 + eta.exp()) }
}

/// y − p at η, with all its digits where p is close to y: under perfect prediction it never
/// becomes 0, and so no limit is taken for a maximum.
fn residual(y: f64, eta: f64) -> f64 {
    if y > 0.5 { probability(-eta) } else { -probability(eta) }
}

/// p(1 − p) at η.
pub(crate) fn slope(eta: f64) -> f64 {
    let small = (-eta.abs()).exp();
    small / (1.0 + small).powi(2)
}

fn point(matrix: &ModelMatrix, y: &[f64], b: &[f64]) -> Point {
    let mut point = Point::zero(matrix.width());
    for (row, y) in matrix.rows().zip(y) {
        let eta = dot(row, b);
        // ln(1 + e^η) without overflow.
        point.log_likelihood += y * eta - eta.max(0.0) - (-eta.abs()).exp().ln_1p();
        add_scaled(&mut point.score, row, residual(*y, eta));
        point.information.add_outer(row, slope(eta));
    }
    point
}
