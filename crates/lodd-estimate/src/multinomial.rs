//! Multinomial logistic regression.

use crate::linear::{add_scaled, dot};
use crate::model_matrix::ModelMatrix;
use crate::newton::{Maximum, Point, maximise};

/// Fits the log odds of each level but the first; coefficients stand level after level. None where
/// the levels are predicted perfectly in some rows.
///
/// `levels`: each row's level, below `count`. `width`: how many of the matrix's columns are used;
/// the treatment is the last, so that one less leaves it out.
pub(crate) fn fit(
    matrix: &ModelMatrix,
    levels: &[usize],
    count: usize,
    width: usize,
) -> Option<Maximum> {
    let others = count.checked_sub(1)?;
    maximise(vec![0.0; others * width], |b| {
        let mut point = Point::zero(others * width);
        for (row, level) in matrix.rows().zip(levels) {
            let row = row.get(..width).unwrap_or(row);
            add_row(&mut point, row, *level, b);
        }
        point
    })
}

fn add_row(point: &mut Point, row: &[f64], level: usize, b: &[f64]) {
    let width = row.len();
    let etas: Vec<f64> = b.chunks_exact(width).map(|b| dot(row, b)).collect();
    let largest = etas.iter().fold(0.0_f64, |most, it| most.max(*it));
    let weights: Vec<f64> = etas.iter().map(|it| (it - largest).exp()).collect();
    let total = (-largest).exp() + weights.iter().sum::<f64>();
    let own = level.checked_sub(1).and_then(|at| etas.get(at)).copied().unwrap_or(0.0);
    point.log_likelihood += own - largest - total.ln();
    let p: Vec<f64> = weights.iter().map(|it| it / total).collect();
    for ((at, p), score) in p.iter().enumerate().zip(point.score.chunks_exact_mut(width)) {
        let seen = f64::from(u8::from(level == at + 1));
        add_scaled(score, row, seen - p);
    }
    for (i, pi) in p.iter().enumerate() {
        for (j, pj) in p.iter().enumerate() {
            let weight = if i == j { pi * (1.0 - pi) } else { -pi * pj };
            for (k, x) in row.iter().enumerate() {
                for (l, z) in row.iter().enumerate() {
                    point.information.add_at(i * width + k, j * width + l, weight * x * z);
                }
            }
        }
    }
}
