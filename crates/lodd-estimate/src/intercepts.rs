//! Random intercepts by restricted maximum likelihood (Patterson and Thompson 1971).
//!
//! Rows that share no group are independent, so everything is a sum over blocks of rows that do:
//!
//! ```text
//! V = Σ v[k]·Z[k]·Z[k]'     Z[k]: the dummies of grouping k; the last grouping is that of single rows
//! W = V⁻¹     P = W − WX·C·X'W     C = (X'WX)⁻¹
//! G[k,l] = Z[k]'·W·Z[l]     U[k] = Z[k]'·WX     t[k] = Z[k]'·Py
//! ```
//!
//! All derivatives of the likelihood follow from G, U and t.

mod blocks;

use blocks::{Block, components};

use crate::linear::{add_scaled, dot};
use crate::model_matrix::ModelMatrix;
use crate::symmetric::Square;

/// Steps after which a likelihood without a maximum is given up.
const STEPS: usize = 100;

/// A variance this small beside the outcome's is 0.
const NOTHING: f64 = 1e-9;

/// What is fitted.
#[derive(Debug)]
pub(crate) struct Intercepts<'a> {
    matrix: &'a ModelMatrix,
    y: &'a [f64],
    blocks: Vec<Block>,
    /// Groupings, single rows among them.
    count: usize,
}

/// A maximum.
#[derive(Clone, Debug)]
pub(crate) struct Reml {
    pub(crate) coefficients: Vec<f64>,
    /// Variance of each grouping, the residual's last; 0 where the likelihood falls from there.
    pub(crate) variances: Vec<f64>,
    /// Variance of the coefficients, given the variances.
    pub(crate) covariance: Square,
    /// Derivatives of the information X'WX by each variance, with their sign turned.
    slopes: Vec<Square>,
    /// Inverse of the observed information on the variances above 0, and which they are.
    uncertainty: Option<(Vec<usize>, Square)>,
}

/// The likelihood at some variances with its derivatives.
struct At {
    log_likelihood: f64,
    score: Vec<f64>,
    observed: Square,
    average: Square,
    coefficients: Vec<f64>,
    covariance: Square,
    slopes: Vec<Square>,
}

impl<'a> Intercepts<'a> {
    /// `groupings`: of each, the group of every row.
    pub(crate) fn of(matrix: &'a ModelMatrix, y: &'a [f64], groupings: &[Vec<usize>]) -> Self {
        let rows = components(y.len(), groupings);
        let blocks = rows.into_iter().map(|rows| Block::of(rows, groupings)).collect();
        Self { matrix, y, blocks, count: groupings.len() + 1 }
    }

    /// Rows of the largest block, which the time goes up with as its cube.
    pub(crate) fn largest_block(&self) -> usize {
        self.blocks.iter().map(|it| it.rows.len()).max().unwrap_or(0)
    }

    /// The maximum; None where there is none, as with an exact fit. `scale`: the outcome's variance.
    pub(crate) fn fit(&self, scale: f64) -> Option<Reml> {
        let mut variances = vec![scale / self.count as f64; self.count];
        let mut point = self.at(&variances)?;
        for _ in 0..STEPS {
            let active: Vec<usize> =
                (0..self.count).filter(|&k| variances.get(k).is_some_and(|it| *it > 0.0)).collect();
            let step = step(&point, &active)?;
            let largest = step.iter().fold(0.0_f64, |most, it| most.max(it.abs()));
            if !largest.is_finite() {
                return None;
            }
            let done = largest <= 1e-9 * scale;
            (variances, point) = self.climbed(&variances, &point, (&active, &step), scale)?;
            if done && self.is_settled(&variances) {
                return Some(self.maximum(variances, point));
            }
        }
        None
    }

    /// A residual variance is left.
    fn is_settled(&self, variances: &[f64]) -> bool {
        variances.len() == self.count && variances.last().is_some_and(|it| *it > 0.0)
    }

    /// A full step ahead or a part of one, not lower. A variance falls to a tenth at most, and to 0
    /// once it is nothing and the likelihood falls with it.
    fn climbed(
        &self,
        from: &[f64],
        point: &At,
        (active, step): (&[usize], &[f64]),
        scale: f64,
    ) -> Option<(Vec<f64>, At)> {
        let slack = 1e-10 * (1.0 + point.log_likelihood.abs());
        let mut share = 1.0;
        for _ in 0..40 {
            let mut ahead = from.to_vec();
            for (k, step) in active.iter().zip(step) {
                let falls = point.score.get(*k).is_some_and(|it| *it < 0.0);
                let Some(it) = ahead.get_mut(*k) else { continue };
                let nothing = *it < NOTHING * scale && falls && *k + 1 < self.count;
                *it = if nothing { 0.0 } else { (*it + share * step).max(0.1 * *it) };
            }
            let found = self.at(&ahead);
            if let Some(found) =
                found.filter(|it| it.log_likelihood >= point.log_likelihood - slack)
            {
                return Some((ahead, found));
            }
            share /= 2.0;
        }
        None
    }

    fn maximum(&self, variances: Vec<f64>, point: At) -> Reml {
        let active: Vec<usize> =
            (0..self.count).filter(|&k| variances.get(k).is_some_and(|it| *it > 0.0)).collect();
        let uncertainty = select(&point.observed, &active).inverse().map(|it| (active, it));
        Reml {
            coefficients: point.coefficients,
            variances,
            covariance: point.covariance,
            slopes: point.slopes,
            uncertainty,
        }
    }

    /// The likelihood at some variances; None where V or X'WX is singular.
    fn at(&self, variances: &[f64]) -> Option<At> {
        let rows: Vec<&[f64]> = self.matrix.rows().collect();
        let width = self.matrix.width();
        let (mut information, mut right) = (Square::zeros(width), vec![0.0; width]);
        let (mut log_determinant, mut whitened) = (0.0, Vec::with_capacity(self.blocks.len()));
        for block in &self.blocks {
            let (w, log) = block.inverse(variances)?;
            log_determinant += log;
            let x: Vec<&[f64]> =
                block.rows.iter().filter_map(|&at| rows.get(at).copied()).collect();
            let wx = times(&w, &x, width);
            for ((x, wx), &at) in x.iter().zip(&wx).zip(&block.rows) {
                information.add_product(x, wx, 1.0);
                add_scaled(&mut right, wx, self.y.get(at).copied().unwrap_or_default());
            }
            whitened.push((w, wx));
        }
        let factor = information.cholesky()?;
        let covariance = information.inverse()?;
        let coefficients = factor.solve(&right);
        let mut sums = Sums::zeros(self.count, width);
        for (block, (w, wx)) in self.blocks.iter().zip(&whitened) {
            let residual = |&at: &usize| {
                let row = rows.get(at).copied().unwrap_or_default();
                self.y.get(at).copied().unwrap_or_default() - dot(row, &coefficients)
            };
            let residuals: Vec<f64> = block.rows.iter().map(residual).collect();
            sums.add(block, w, wx, &residuals);
        }
        let fit = sums.squares + log_determinant + factor.log_determinant();
        let mut at = sums.finish(&covariance);
        at.log_likelihood = -0.5 * fit;
        at.coefficients = coefficients;
        at.log_likelihood.is_finite().then_some(at)
    }
}

/// A Newton step on the variances above 0; by the average information (Johnson and Thompson 1995)
/// where the likelihood is not concave.
fn step(point: &At, active: &[usize]) -> Option<Vec<f64>> {
    let score: Vec<f64> = active.iter().filter_map(|&k| point.score.get(k).copied()).collect();
    let by = |matrix: &Square| Some(select(matrix, active).cholesky()?.solve(&score));
    by(&point.observed).or_else(|| by(&point.average))
}

fn select(matrix: &Square, places: &[usize]) -> Square {
    let mut selected = Square::zeros(places.len());
    for (i, row) in places.iter().enumerate() {
        for (j, column) in places.iter().enumerate() {
            selected.add_at(i, j, matrix.at(*row, *column));
        }
    }
    selected
}

impl Reml {
    /// A combination of the coefficients, its standard error, and Satterthwaite's degrees of
    /// freedom 2·var²/(g'Ag), g the slopes of its variance and A the variance of the variances.
    pub(crate) fn combination(&self, weights: &[f64]) -> (f64, f64, Option<f64>) {
        let variance = self.covariance.form(weights);
        let own = self.covariance.times(weights);
        let df = self.uncertainty.as_ref().map(|(active, inverse)| {
            let slopes: Vec<f64> = active
                .iter()
                .filter_map(|&k| self.slopes.get(k))
                .map(|slope| slope.form(&own))
                .collect();
            2.0 * variance * variance / inverse.form(&slopes)
        });
        (dot(weights, &self.coefficients), variance.sqrt(), df)
    }
}

/// Sums over blocks.
struct Sums {
    squares: f64,
    /// The trace of `G[k,k]` and the square of `t[k]`.
    traces: Vec<f64>,
    lengths: Vec<f64>,
    /// The squares of `G[k,l]`, and `t[k]'·G[k,l]·t[l]`.
    norms: Square,
    forms: Square,
    /// `U[k]'·G[k,l]·U[l]` of each pair, `U[k]'·U[k]`, and `U[k]'·t[k]`.
    crosses: Vec<Vec<Square>>,
    slopes: Vec<Square>,
    sides: Vec<Vec<f64>>,
}

impl Sums {
    fn zeros(count: usize, width: usize) -> Self {
        Self {
            squares: 0.0,
            traces: vec![0.0; count],
            lengths: vec![0.0; count],
            norms: Square::zeros(count),
            forms: Square::zeros(count),
            crosses: vec![vec![Square::zeros(width); count]; count],
            slopes: vec![Square::zeros(width); count],
            sides: vec![vec![0.0; width]; count],
        }
    }

    fn add(&mut self, block: &Block, w: &Square, wx: &[Vec<f64>], residuals: &[f64]) {
        let weighted = w.times(residuals);
        self.squares += dot(&weighted, residuals);
        let parts: Vec<Part> =
            block.groups.iter().map(|groups| Part::of(groups, w, wx, &weighted)).collect();
        for (k, one) in parts.iter().enumerate() {
            if let (Some(length), Some(slope), Some(side)) =
                (self.lengths.get_mut(k), self.slopes.get_mut(k), self.sides.get_mut(k))
            {
                *length += dot(&one.t, &one.t);
                for (u, t) in one.u.iter().zip(&one.t) {
                    slope.add_outer(u, 1.0);
                    add_scaled(side, u, *t);
                }
            }
            for (l, other) in parts.iter().enumerate().skip(k) {
                self.add_pair((k, one), (l, other));
            }
        }
    }

    /// `G[k,l]` from the rows of `Z[k]'·W` and the groups of the other.
    #[expect(clippy::many_single_char_names, reason = "the letters at the top of this file")]
    fn add_pair(&mut self, (k, one): (usize, &Part<'_>), (l, other): (usize, &Part<'_>)) {
        for (i, row) in one.zw.iter().enumerate() {
            let (Some(t), Some(u)) = (one.t.get(i), one.u.get(i)) else { continue };
            let mut mixed = vec![0.0; u.len()];
            for (j, group) in other.groups.iter().enumerate() {
                let g: f64 = group.iter().filter_map(|&at| row.get(at)).sum();
                self.norms.add_at(k, l, g * g);
                let (Some(tl), Some(ul)) = (other.t.get(j), other.u.get(j)) else { continue };
                self.forms.add_at(k, l, t * g * tl);
                add_scaled(&mut mixed, ul, g);
                if let Some(trace) = self.traces.get_mut(k).filter(|_| k == l && i == j) {
                    *trace += g;
                }
            }
            if let Some(cross) = self.crosses.get_mut(k).and_then(|it| it.get_mut(l)) {
                cross.add_product(u, &mixed, 1.0);
            }
        }
    }

    fn finish(self, covariance: &Square) -> At {
        let count = self.traces.len();
        let trace = |a: &Square, b: &Square| -> f64 {
            a.rows()
                .enumerate()
                .map(|(i, row)| row.iter().enumerate().map(|(j, it)| it * b.at(j, i)).sum::<f64>())
                .sum()
        };
        let inner: Vec<Square> = self.slopes.iter().map(|it| covariance.around(it)).collect();
        let mut score = Vec::with_capacity(count);
        let (mut observed, mut average) = (Square::zeros(count), Square::zeros(count));
        for (k, slope) in self.slopes.iter().enumerate() {
            let own = |of: &[f64]| of.get(k).copied().unwrap_or_default();
            let left = own(&self.traces) - trace(covariance, slope);
            score.push(0.5 * (own(&self.lengths) - left));
            for l in k..count {
                let (Some(inner), Some(cross)) =
                    (inner.get(l), self.crosses.get(k).and_then(|it| it.get(l)))
                else {
                    continue;
                };
                let traces =
                    self.norms.at(k, l) - 2.0 * trace(covariance, cross) + trace(slope, inner);
                let (Some(a), Some(b)) = (self.sides.get(k), self.sides.get(l)) else { continue };
                let form = self.forms.at(k, l) - dot(a, &covariance.times(b));
                for (i, j) in if k == l { vec![(k, l)] } else { vec![(k, l), (l, k)] } {
                    observed.add_at(i, j, form - 0.5 * traces);
                    average.add_at(i, j, 0.5 * form);
                }
            }
        }
        At {
            log_likelihood: f64::NAN,
            score,
            observed,
            average,
            coefficients: Vec::new(),
            covariance: covariance.clone(),
            slopes: self.slopes,
        }
    }
}

/// What a grouping makes of a block.
struct Part<'a> {
    groups: &'a [Vec<usize>],
    /// Rows of Z'W, of U = Z'WX, and t = Z'Py.
    zw: Vec<Vec<f64>>,
    u: Vec<Vec<f64>>,
    t: Vec<f64>,
}

impl<'a> Part<'a> {
    fn of(groups: &'a [Vec<usize>], w: &Square, wx: &[Vec<f64>], weighted: &[f64]) -> Self {
        let rows: Vec<&[f64]> = w.rows().collect();
        let width = wx.first().map_or(0, Vec::len);
        let zw =
            |group: &Vec<usize>| total(group.iter().filter_map(|&at| rows.get(at)), rows.len());
        let u = |group: &Vec<usize>| total(group.iter().filter_map(|&at| wx.get(at)), width);
        let t = |group: &Vec<usize>| group.iter().filter_map(|&at| weighted.get(at)).sum();
        Self {
            groups,
            zw: groups.iter().map(zw).collect(),
            u: groups.iter().map(u).collect(),
            t: groups.iter().map(t).collect(),
        }
    }
}

/// The sum of rows.
fn total<'b, R: AsRef<[f64]> + 'b>(rows: impl Iterator<Item = &'b R>, width: usize) -> Vec<f64> {
    let mut sum = vec![0.0; width];
    rows.for_each(|it| add_scaled(&mut sum, it.as_ref(), 1.0));
    sum
}

/// The rows of a matrix times those of another.
fn times(w: &Square, x: &[&[f64]], width: usize) -> Vec<Vec<f64>> {
    let product = |row: &[f64]| {
        let mut sum = vec![0.0; width];
        row.iter().zip(x).for_each(|(it, x)| add_scaled(&mut sum, x, *it));
        sum
    };
    w.rows().map(product).collect()
}
