//! Proportional hazards for events that are only known to lie between snapshots.
//!
//! `S(t|x) = exp(−Λ(t)·e^η)`, Λ rising by a λ at the high end of each innermost interval (Prentice and
//! Gloeckler 1978; Finkelstein 1986). An interval whose λ is 0 at the maximum is left out, as long as
//! the likelihood does not rise with it.

use crate::linear::{add_scaled, dot};
use crate::model_matrix::ModelMatrix;
use crate::newton::{Maximum, Point, maximise};
use crate::survival::turnbull::Snapshots;

/// Rounds in which intervals are let in again.
const ROUNDS: usize = 20;

/// ln λ below which an interval is left out.
const NOTHING: f64 = -23.0;

/// What is fitted.
#[derive(Debug)]
pub(crate) struct SnapshotHazards<'a> {
    matrix: &'a ModelMatrix,
    rows: Vec<Row>,
    /// The curve without covariates: where a fit starts.
    start: Vec<f64>,
    /// Innermost intervals that have a λ; after the last nobody is left.
    finite: usize,
}

/// A row's interval as counts of λ that lie before it and up to its end.
#[derive(Clone, Copy, Debug)]
struct Row {
    before: usize,
    /// None where the survival at the end is 0.
    until: Option<usize>,
}

impl<'a> SnapshotHazards<'a> {
    /// Of the intervals of the rows; None if the curve without covariates was not found.
    pub(crate) fn of(matrix: &'a ModelMatrix, rows: &[(f64, f64)]) -> Option<Self> {
        let snapshots = Snapshots::of(rows);
        let curve = snapshots.fit()?;
        // The last mass is what is left after all others: its interval has no λ.
        let last = curve.masses.iter().rposition(|it| *it > 0.0)?;
        let mut survival: f64 = 1.0;
        let start = curve.masses.iter().take(last).map(|mass| {
            let before = survival;
            survival -= mass;
            (before / survival).ln()
        });
        let start = start.collect();
        let rows = snapshots.cells.iter().map(|cells| Row {
            before: cells.start.min(last),
            until: Some(cells.end).filter(|end| *end <= last),
        });
        Some(Self { matrix, rows: rows.collect(), start, finite: last })
    }

    /// The maximum over the slopes of the matrix's first `width` columns, which stand last; None
    /// where the likelihood rises for ever.
    pub(crate) fn fit(&self, width: usize) -> Option<Maximum> {
        let mut kept: Vec<usize> =
            (0..self.finite).filter(|&at| self.start.get(at).is_some_and(|it| *it > 0.0)).collect();
        let starts = kept.iter().filter_map(|&at| self.start.get(at)).map(|it| it.ln());
        let mut start: Vec<f64> = starts.chain(vec![0.0; width]).collect();
        for _ in 0..ROUNDS {
            let found = maximise(start.clone(), |at| self.point(&kept, at, width))?;
            let lambdas = found.at.iter().take(kept.len());
            let gone: Vec<usize> =
                lambdas.enumerate().filter(|it| *it.1 < NOTHING).map(|it| it.0).collect();
            let gaining = self.gaining(&kept, &found.at);
            if gone.is_empty() && gaining.is_empty() {
                return Some(found);
            }
            let mut next: Vec<(usize, f64)> = kept
                .iter()
                .copied()
                .zip(found.at.iter().copied())
                .enumerate()
                .filter(|(at, _)| !gone.contains(at))
                .map(|it| it.1)
                .collect();
            next.extend(gaining.into_iter().map(|at| (at, -10.0)));
            next.sort_by_key(|it| it.0);
            let slopes = found.at.get(kept.len()..).unwrap_or_default().to_vec();
            kept = next.iter().map(|it| it.0).collect();
            start = next.iter().map(|it| it.1).chain(slopes).collect();
        }
        None
    }

    /// Λ before each innermost interval, and at the end of the last.
    fn cumulative(&self, kept: &[usize], at: &[f64]) -> Vec<f64> {
        let mut lambdas = vec![0.0; self.finite];
        for (place, log) in kept.iter().zip(at) {
            if let Some(slot) = lambdas.get_mut(*place) {
                *slot = log.exp();
            }
        }
        let mut total = 0.0;
        let mut sums = vec![0.0];
        sums.extend(lambdas.iter().map(|it| {
            total += it;
            total
        }));
        sums
    }

    /// Intervals without a λ with which the likelihood rises.
    fn gaining(&self, kept: &[usize], at: &[f64]) -> Vec<usize> {
        let sums = self.cumulative(kept, at);
        let mut slopes = vec![0.0; self.finite];
        for (row, x) in self.rows.iter().zip(self.matrix.rows()) {
            let eta = eta_of(kept, at, x);
            let it = row.terms(&sums, eta);
            for (place, slope) in slopes.iter_mut().enumerate() {
                if place < row.before {
                    *slope += it.by_before * eta.exp();
                }
                if row.until.is_some_and(|until| place < until) {
                    *slope += it.by_until * eta.exp();
                }
            }
        }
        let n = self.rows.len() as f64;
        let all = slopes.iter().enumerate().filter(|(at, _)| !kept.contains(at));
        all.filter(|it| *it.1 > 1e-9 * n).map(|it| it.0).collect()
    }

    /// The likelihood and its derivatives by ln λ of `kept` and by the slopes.
    fn point(&self, kept: &[usize], at: &[f64], width: usize) -> Point {
        let sums = self.cumulative(kept, at);
        let mut point = Point::zero(at.len());
        for (row, x) in self.rows.iter().zip(self.matrix.rows()) {
            let eta = eta_of(kept, at, x);
            let it = row.terms(&sums, eta);
            point.log_likelihood += it.log;
            // The derivatives of Λ·e^η at the start and at the end of the interval.
            let slope = |count: usize, total: f64| -> Vec<f64> {
                let mut slope = vec![0.0; at.len()];
                for ((place, log), slot) in kept.iter().zip(at).zip(&mut slope) {
                    *slot = if *place < count { (log + eta).exp() } else { 0.0 };
                }
                if let Some(rest) = slope.get_mut(kept.len()..) {
                    add_scaled(rest, x.get(..width).unwrap_or(x), total);
                }
                slope
            };
            let a = slope(row.before, it.before);
            add_scaled(&mut point.score, &a, it.by_before);
            add_curvature(&mut point, (&a, it.by_before), (kept, row.before), (x, eta), at);
            let Some(until) = row.until else { continue };
            let b = slope(until, it.until);
            add_scaled(&mut point.score, &b, it.by_until);
            add_curvature(&mut point, (&b, it.by_until), (kept, until), (x, eta), at);
            // ln(e^−a − e^−b) bends by −r(1 + r) along b − a, r = e^−(b−a)/(1 − e^−(b−a)).
            let gap: Vec<f64> = b.iter().zip(&a).map(|(b, a)| b - a).collect();
            point.information.add_outer(&gap, it.by_until * (1.0 + it.by_until));
        }
        point
    }
}

/// The linear predictor of a row; slopes stand after the logarithms of λ.
fn eta_of(kept: &[usize], at: &[f64], x: &[f64]) -> f64 {
    let slopes = at.get(kept.len()..).unwrap_or_default();
    dot(x.get(..slopes.len()).unwrap_or(x), slopes)
}

/// What a row adds to the likelihood, with a and b = Λ·e^η at its ends: ln(e^−a − e^−b).
struct Terms {
    log: f64,
    before: f64,
    until: f64,
    by_before: f64,
    by_until: f64,
}

impl Row {
    fn terms(&self, sums: &[f64], eta: f64) -> Terms {
        let at = |count: usize| sums.get(count).copied().unwrap_or_default() * eta.exp();
        let before = at(self.before);
        let Some(until) = self.until.map(at) else {
            return Terms {
                log: -before,
                before,
                until: f64::INFINITY,
                by_before: -1.0,
                by_until: 0.0,
            };
        };
        let gap = until - before;
        let ratio = 1.0 / gap.exp_m1();
        Terms {
            log: -before + (-(-gap).exp_m1()).ln(),
            before,
            until,
            by_before: -1.0 - ratio,
            by_until: ratio,
        }
    }
}

/// Takes the second derivatives of one end, Λ·e^η, times the slope of the likelihood by it, off the
/// information: by ln λ and by x it is its own derivative.
fn add_curvature(
    point: &mut Point,
    (first, by): (&[f64], f64),
    (kept, count): (&[usize], usize),
    (x, eta): (&[f64], f64),
    at: &[f64],
) {
    let logs = kept.len();
    for (i, (_, log)) in kept.iter().zip(at).enumerate().filter(|it| *it.1.0 < count) {
        let value = (log + eta).exp();
        point.information.add_at(i, i, -by * value);
        for (j, x) in x.iter().enumerate().take(at.len() - logs) {
            point.information.add_at(i, logs + j, -by * value * x);
            point.information.add_at(logs + j, i, -by * value * x);
        }
    }
    // By x twice: first = Λ·e^η·x there.
    for (i, own) in first.iter().skip(logs).enumerate() {
        for (j, x) in x.iter().enumerate().take(at.len() - logs) {
            point.information.add_at(logs + i, logs + j, -by * own * x);
        }
    }
}
