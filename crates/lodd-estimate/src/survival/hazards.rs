//! Whether hazards stay proportional: the score test of Grambsch and Therneau (1994).

use super::cox::Partial;
use super::curve::Curve;
use crate::linear::{add_scaled, dot};
use crate::symmetric::Square;

/// The test that the last coefficient does not change with time, as 1 − S of the curve of all rows
/// just before each event: chi-square with 1 degree of freedom. None where it has no variance.
///
/// The coefficient gets a second column x·g(t); the statistic is the score of that column at the
/// fit, over its variance given the other coefficients, as in R's `cox.zph` since survival 3.
pub(crate) fn proportional_hazards(partial: &Partial<'_>, b: &[f64], all: &Curve) -> Option<f64> {
    let before = all.before_events();
    let shape = |time: f64| {
        let at = before.partition_point(|it| it.0 < time);
        before.get(at).map_or(0.0, |it| 1.0 - it.1)
    };
    let width = b.len();
    let last = width.checked_sub(1)?;
    let (mut plain, mut along, mut across) = (Square::zeros(width), vec![0.0; width], 0.0);
    let mut score = 0.0;
    partial.each_moment(b, |moment| {
        let g = shape(moment.time);
        for row in moment.events.iter().filter_map(|it| partial.row(*it)) {
            score += g * row.get(last).copied().unwrap_or(0.0);
        }
        for term in &moment.terms {
            score -= g * term.mean.get(last).copied().unwrap_or(0.0);
            plain.add(&term.variance, 1.0);
            let column: Vec<f64> = (0..width).map(|at| term.variance.at(at, last)).collect();
            add_scaled(&mut along, &column, g);
            across += g * g * term.variance.at(last, last);
        }
    });
    // The fit's own score is 0, so only the new column's counts.
    let explained = dot(&along, &plain.cholesky()?.solve(&along));
    let variance = across - explained;
    (variance > 1e-12 * across).then(|| score * score / variance)
}
