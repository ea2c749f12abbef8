//! Generalised estimating equations (Liang and Zeger 1986).
//!
//! With canonical links everything is in rows x̃ = √v·x and Pearson residuals e = (y − μ)/√v, v the
//! variance function. The inverse of an exchangeable correlation is c(I − dJ), so that a subject
//! adds U = Σ x̃'R⁻¹e to the score and G = x̃'R⁻¹x̃ to H, from sums over its rows.

use crate::Distribution;
use crate::linear::{add_scaled, dot};
use crate::logistic::{probability, slope};
use crate::model_matrix::ModelMatrix;
use crate::symmetric::Square;

/// Steps after which equations without a solution are given up.
const STEPS: usize = 300;

/// What is fitted.
#[derive(Debug)]
pub(crate) struct Equations<'a> {
    pub(crate) matrix: &'a ModelMatrix,
    pub(crate) y: &'a [f64],
    /// The rows of each subject.
    pub(crate) subjects: &'a [Vec<usize>],
    pub(crate) distribution: Distribution,
    pub(crate) exchangeable: bool,
}

/// A solution.
#[derive(Clone, Debug)]
pub(crate) struct Solution {
    pub(crate) coefficients: Vec<f64>,
    /// Correlation of any two rows of a subject; 0 under independence.
    pub(crate) alpha: f64,
    /// Mean squared Pearson residual.
    pub(crate) scale: f64,
    /// H and, of every subject, U and G.
    information: Square,
    parts: Vec<(Vec<f64>, Square)>,
}

impl Equations<'_> {
    /// Solves; None where there is no solution. A correlation is first looked for where the
    /// independent rows' solution is: far from it residuals of a subject are all alike.
    pub(crate) fn solve(&self) -> Option<Solution> {
        let start = self.settle(vec![0.0; self.matrix.width()], false)?;
        if self.exchangeable { self.settle(start.coefficients, true) } else { Some(start) }
    }

    fn settle(&self, mut b: Vec<f64>, correlated: bool) -> Option<Solution> {
        for _ in 0..STEPS {
            let residuals = self.pearson(&b);
            let scale = mean_square(&residuals);
            let alpha = if correlated { self.correlation(&residuals, scale) } else { 0.0 };
            let solution = self.at(&b, alpha, scale)?;
            let step = solution.information.cholesky()?.solve(&solution.score());
            let largest = step.iter().fold(0.0_f64, |most, it| most.max(it.abs()));
            let reach = b.iter().fold(1.0_f64, |most, it| most.max(it.abs()));
            if !largest.is_finite() {
                return None;
            }
            if largest <= 1e-12 * reach {
                return Some(solution);
            }
            add_scaled(&mut b, &step, 1.0);
        }
        None
    }

    /// Mean and variance function of a linear predictor.
    fn moments(&self, eta: f64) -> (f64, f64) {
        match self.distribution {
            Distribution::Gaussian => (eta, 1.0),
            Distribution::Binomial => (probability(eta), slope(eta)),
            Distribution::Poisson => (eta.exp(), eta.exp()),
        }
    }

    fn pearson(&self, b: &[f64]) -> Vec<f64> {
        let residual = |(row, y): (&[f64], &f64)| {
            let (mean, variance) = self.moments(dot(row, b));
            (y - mean) / variance.sqrt()
        };
        self.matrix.rows().zip(self.y).map(residual).collect()
    }

    /// Mean product of any two residuals of a subject, over the scale.
    fn correlation(&self, residuals: &[f64], scale: f64) -> f64 {
        let (mut products, mut pairs) = (0.0, 0.0);
        for rows in self.subjects {
            let own = || rows.iter().filter_map(|it| residuals.get(*it));
            let (sum, squares) = (own().sum::<f64>(), own().map(|it| it * it).sum::<f64>());
            products += (sum * sum - squares) / 2.0;
            pairs += rows.len() as f64 * (rows.len() as f64 - 1.0) / 2.0;
        }
        if pairs > 0.0 { products / pairs / scale } else { 0.0 }
    }

    /// The equations at b; None if the correlation is none.
    #[expect(clippy::many_single_char_names, reason = "the letters at the top of this file")]
    fn at(&self, b: &[f64], alpha: f64, scale: f64) -> Option<Solution> {
        let rows: Vec<&[f64]> = self.matrix.rows().collect();
        let width = self.matrix.width();
        let mut information = Square::zeros(width);
        let mut parts = Vec::with_capacity(self.subjects.len());
        for subject in self.subjects {
            let n = subject.len() as f64;
            let total = 1.0 + (n - 1.0) * alpha;
            // Also false where alpha is no number.
            if !(alpha < 1.0 && total > 0.0) {
                return None;
            }
            let (c, d) = (1.0 / (1.0 - alpha), alpha / total);
            let (mut u, mut sum, mut residual) = (vec![0.0; width], vec![0.0; width], 0.0);
            let mut g = Square::zeros(width);
            for &at in subject {
                let (Some(row), Some(y)) = (rows.get(at), self.y.get(at)) else { continue };
                let (mean, variance) = self.moments(dot(row, b));
                let root = variance.sqrt();
                let e = (y - mean) / root;
                add_scaled(&mut u, row, c * root * e);
                add_scaled(&mut sum, row, root);
                g.add_outer(row, c * variance);
                residual += e;
            }
            add_scaled(&mut u, &sum, -c * d * residual);
            g.add_outer(&sum, -c * d);
            information.add(&g, 1.0);
            parts.push((u, g));
        }
        let coefficients = b.to_vec();
        Some(Solution { coefficients, alpha, scale, information, parts })
    }
}

impl Solution {
    fn score(&self) -> Vec<f64> {
        let mut sum = vec![0.0; self.coefficients.len()];
        for (u, _) in &self.parts {
            add_scaled(&mut sum, u, 1.0);
        }
        sum
    }

    /// The sandwich H⁻¹(Σ UU')H⁻¹ over subjects. Corrected as Mancl and DeRouen (2001): residuals
    /// are divided by `I − H_ii`, which makes H⁻¹U into (H − G)⁻¹U. None where a subject alone tells
    /// a coefficient.
    pub(crate) fn variance(&self, corrected: bool) -> Option<Square> {
        let mut variance = Square::zeros(self.coefficients.len());
        let whole = self.information.cholesky()?;
        for (u, g) in &self.parts {
            let influence = if corrected {
                let mut rest = self.information.clone();
                rest.add(g, -1.0);
                rest.cholesky()?.solve(u)
            } else {
                whole.solve(u)
            };
            variance.add_outer(&influence, 1.0);
        }
        Some(variance)
    }
}

fn mean_square(values: &[f64]) -> f64 {
    values.iter().map(|it| it * it).sum::<f64>() / values.len() as f64
}
