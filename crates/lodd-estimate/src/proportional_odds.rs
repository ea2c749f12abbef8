//! Proportional odds: cumulative logits with one slope (`McCullagh` 1980).
//!
//! `P(Y ≤ j) = F(θ_j − x'b)`, F logistic. The logarithm of the likelihood is concave in (θ, b) where
//! the θ ascend (Pratt 1981), so that Newton's method finds its only maximum.

use std::ops::Range;

use crate::linear::{add_scaled, dot};
use crate::logistic::{probability, slope};
use crate::model_matrix::ModelMatrix;
use crate::newton::{Maximum, Point, maximise};
use crate::symmetric::Square;

/// A fit by maximum likelihood.
#[derive(Clone, Debug)]
pub(crate) struct ProportionalOdds {
    /// θ of every level but the last, then b of the matrix's columns.
    pub(crate) coefficients: Vec<f64>,
    /// Inverse of the information.
    pub(crate) inverse: Square,
    pub(crate) log_likelihood: f64,
    levels: usize,
}

/// One side of a level: where its threshold stands among the coefficients, and θ − x'b.
#[derive(Clone, Copy, Debug)]
struct Side {
    at: usize,
    value: f64,
}

impl ProportionalOdds {
    /// Fits; None where the levels are told apart perfectly, so that no maximum exists.
    ///
    /// `level`: each row's level, below `levels`, each of which occurs. `matrix` has no constant.
    /// `width`: how many of its columns are used.
    pub(crate) fn fit(
        matrix: &ModelMatrix,
        level: &[usize],
        levels: usize,
        width: usize,
    ) -> Option<Self> {
        let mut start = thresholds(level, levels);
        start.resize(levels - 1 + width, 0.0);
        let Maximum { at, inverse, log_likelihood } = maximise(start, |b| {
            let mut point = Point::zero(b.len());
            for (row, level) in matrix.rows().zip(level) {
                let row = row.get(..width).unwrap_or(row);
                add_row(&mut point, &Cell::of(b, levels, *level, row), row);
            }
            point
        })?;
        Some(Self { coefficients: at, inverse, log_likelihood, levels })
    }

    /// The probability of a level for a row, with its gradient.
    pub(crate) fn share(&self, level: usize, row: &[f64]) -> (f64, Vec<f64>) {
        let cell = Cell::of(&self.coefficients, self.levels, level, row);
        let mut gradient = vec![0.0; self.coefficients.len()];
        let sides = [(cell.upper, 1.0), (cell.lower, -1.0)];
        for (side, sign) in sides.into_iter().filter_map(|(side, sign)| Some((side?, sign))) {
            add_side(&mut gradient, side.at, row, self.levels, sign * slope(side.value));
        }
        (cell.p(), gradient)
    }

    /// The sandwich without correction: rows are independent, or clusters if given.
    pub(crate) fn robust(
        &self,
        matrix: &ModelMatrix,
        level: &[usize],
        clusters: Option<&[Range<usize>]>,
    ) -> Square {
        let size = self.coefficients.len();
        let scores: Vec<Vec<f64>> = matrix
            .rows()
            .zip(level)
            .map(|(row, level)| {
                let mut score = vec![0.0; size];
                let cell = Cell::of(&self.coefficients, self.levels, *level, row);
                for (side, slope) in cell.slopes() {
                    add_side(&mut score, side.at, row, self.levels, slope);
                }
                score
            })
            .collect();
        let mut middle = Square::zeros(size);
        let single: Vec<Range<usize>>;
        let clusters = if let Some(clusters) = clusters {
            clusters
        } else {
            single = (0..scores.len()).map(|it| it..it + 1).collect();
            &single
        };
        for cluster in clusters {
            let mut sum = vec![0.0; size];
            for score in scores.get(cluster.clone()).unwrap_or_default() {
                add_scaled(&mut sum, score, 1.0);
            }
            middle.add_outer(&sum, 1.0);
        }
        self.inverse.around(&middle)
    }
}

/// Where a row's level lies between its thresholds. No side is the end of the line.
#[derive(Clone, Copy, Debug)]
struct Cell {
    lower: Option<Side>,
    upper: Option<Side>,
}

impl Cell {
    fn of(b: &[f64], levels: usize, level: usize, row: &[f64]) -> Self {
        let slopes = b.get(levels - 1..).unwrap_or_default();
        let eta = dot(row, slopes);
        let side = |at: usize| {
            let threshold = b.get(at).filter(|_| at + 1 < levels)?;
            Some(Side { at, value: threshold - eta })
        };
        Self { lower: level.checked_sub(1).and_then(side), upper: side(level) }
    }

    /// F(upper) − F(lower), from the tail that keeps its digits.
    fn p(&self) -> f64 {
        match (self.lower, self.upper) {
            (None, None) => 1.0,
            (None, Some(u)) => probability(u.value),
            (Some(l), None) => probability(-l.value),
            (Some(l), Some(u)) if l.value > 0.0 => probability(-l.value) - probability(-u.value),
            (Some(l), Some(u)) => probability(u.value) - probability(l.value),
        }
    }

    /// The derivatives of ln p by both sides.
    fn slopes(&self) -> impl Iterator<Item = (Side, f64)> {
        let p = self.p();
        let upper = self.upper.map(|it| (it, slope(it.value) / p));
        let lower = self.lower.map(|it| (it, -slope(it.value) / p));
        upper.into_iter().chain(lower)
    }
}

/// Adds `scale` times the derivative of a side, (1 at its threshold, −x), to a gradient.
fn add_side(gradient: &mut [f64], at: usize, row: &[f64], levels: usize, scale: f64) {
    if let Some(slot) = gradient.get_mut(at) {
        *slot += scale;
    }
    if let Some(slopes) = gradient.get_mut(levels - 1..) {
        add_scaled(slopes, row, -scale);
    }
}

fn add_row(point: &mut Point, cell: &Cell, row: &[f64]) {
    let size = point.score.len();
    let levels = size + 1 - row.len();
    let p = cell.p();
    point.log_likelihood += p.ln();
    let sides: Vec<(Side, f64, Vec<f64>)> = cell
        .slopes()
        .map(|(side, slope)| {
            let mut direction = vec![0.0; size];
            add_side(&mut direction, side.at, row, levels, 1.0);
            (side, slope, direction)
        })
        .collect();
    for (side, slope, direction) in &sides {
        add_scaled(&mut point.score, direction, *slope);
        // The density's own derivative is f·(1 − 2F), and slope is ±f/p.
        let bend = slope * (1.0 - 2.0 * probability(side.value));
        point.information.add_outer(direction, slope * slope - bend);
    }
    if let [(_, a, first), (_, b, second)] = sides.as_slice() {
        for (one, other) in [(first, second), (second, first)] {
            for (i, value) in one.iter().enumerate().filter(|it| it.1.abs() > 0.0) {
                for (j, it) in other.iter().enumerate() {
                    point.information.add_at(i, j, a * b * value * it);
                }
            }
        }
    }
}

/// The cumulative logits of the shares of all rows.
fn thresholds(level: &[usize], levels: usize) -> Vec<f64> {
    let n = level.len() as f64;
    let logit = |at: usize| {
        let below = level.iter().filter(|it| **it <= at).count() as f64;
        (below / (n - below)).ln()
    };
    (0..levels - 1).map(logit).collect()
}
