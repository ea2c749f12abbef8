//! Newton's method for concave likelihoods.

use crate::linear::{add_scaled, dot};
use crate::symmetric::Square;

/// Steps after which a likelihood without a maximum is given up. From any start worth the name, a
/// concave likelihood with a maximum needs fewer than 15.
const STEPS: usize = 30;

/// A likelihood with its first two derivatives.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) log_likelihood: f64,
    pub(crate) score: Vec<f64>,
    /// The negative of the second derivatives.
    pub(crate) information: Square,
}

impl Point {
    /// With nothing added up yet.
    pub(crate) fn zero(size: usize) -> Self {
        Self { log_likelihood: 0.0, score: vec![0.0; size], information: Square::zeros(size) }
    }
}

/// Where a likelihood is largest.
#[derive(Clone, Debug)]
pub(crate) struct Maximum {
    pub(crate) at: Vec<f64>,
    pub(crate) log_likelihood: f64,
    /// The inverse of the information there.
    pub(crate) inverse: Square,
}

/// The maximum, or None where the likelihood rises for ever: with perfect prediction each step
/// moves the coefficients by about as much as the one before, and none is small.
///
/// Columns must be of unit scale, since a step is small if no coefficient moves by 1e-9 of the
/// largest; then one more full step squares what is left.
pub(crate) fn maximise(start: Vec<f64>, evaluate: impl Fn(&[f64]) -> Point) -> Option<Maximum> {
    let mut at = start;
    let mut point = evaluate(&at);
    for _ in 0..STEPS {
        let step = point.information.cholesky()?.solve(&point.score);
        let largest = step.iter().fold(0.0_f64, |most, it| most.max(it.abs()));
        let reach = at.iter().fold(1.0_f64, |most, it| most.max(it.abs()));
        if !largest.is_finite() {
            return None;
        }
        if largest <= 1e-9 * reach {
            add_scaled(&mut at, &step, 1.0);
            let last = evaluate(&at);
            let inverse = last.information.inverse()?;
            return Some(Maximum { at, log_likelihood: last.log_likelihood, inverse });
        }
        (at, point) = climbed(&at, &point, &step, &evaluate)?;
    }
    None
}

/// The point a full step ahead, or half of one, or a quarter, that is not lower.
fn climbed(
    at: &[f64],
    from: &Point,
    step: &[f64],
    evaluate: impl Fn(&[f64]) -> Point,
) -> Option<(Vec<f64>, Point)> {
    let slack = 1e-10 * (1.0 + from.log_likelihood.abs());
    let mut share = 1.0;
    for _ in 0..30 {
        let mut ahead = at.to_vec();
        add_scaled(&mut ahead, step, share);
        let point = evaluate(&ahead);
        let finite =
            point.log_likelihood.is_finite() && dot(&point.score, &point.score).is_finite();
        if finite && point.log_likelihood >= from.log_likelihood - slack {
            return Some((ahead, point));
        }
        share /= 2.0;
    }
    None
}
