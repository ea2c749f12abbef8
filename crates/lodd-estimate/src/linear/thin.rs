//! X = QR, column after column, in blocks of rows that fit the cache.

use std::ops::Range;

use super::{Factors, add_scaled, cholesky, dot, independent, norm, upper_times};

/// Rows that are worked on at a time.
const BLOCK_ROWS: usize = 512;

/// The condition of R, its columns of unit length, up to which the Cholesky factor of X'X will do:
/// it then has lost half of its digits at most, which the second factor brings back.
const EASY: f64 = 1e4;

/// Q'Q this close to the identity is it but for rounding.
const IDENTITY: f64 = 64.0 * f64::EPSILON;

/// X = QR with the columns that depend on earlier ones left out.
#[derive(Debug)]
pub(crate) struct Thin {
    /// Positions of the columns that are in, ascending.
    kept: Vec<usize>,
    /// Orthonormal columns, one after the other, each `rows` long.
    q: Vec<f64>,
    rows: usize,
    /// Columns of the upper triangle, each `kept.len()` long.
    r: Vec<Vec<f64>>,
}

impl Thin {
    /// Factorises `x`, column after column, each `rows` long. A column of zeros is collinear too.
    ///
    /// R is the Cholesky factor of X'X, or where that would lose digits comes from Householder's
    /// method block by block. Q = XR⁻¹ is made orthogonal to the last digit by the Cholesky factor
    /// of Q'Q, which is close to I (Yamamoto, Nakatsukasa, Yanagisawa and Fukaya 2015).
    pub(crate) fn new(x: Vec<f64>, rows: usize) -> Self {
        let size = x.len().checked_div(rows).unwrap_or_default();
        if let Some(r) = easy(&x, rows) {
            return Self { kept: (0..size).collect(), q: x, rows, r }.divided();
        }
        let r = triangle(&x, (rows, size));
        // R has the lengths and angles of X's columns, so it is enough to look at R.
        let kept = independent(&r);
        if kept.is_empty() {
            return Self { kept, q: Vec::new(), rows, r: Vec::new() };
        }
        let columns: Vec<&[f64]> =
            kept.iter().filter_map(|&at| r.get(at).map(Vec::as_slice)).collect();
        let r = Factors::of(&columns).r();
        let q = if kept.len() == size { x } else { select(&x, rows, &kept) };
        Self { kept, q, rows, r }.divided()
    }

    /// From X in the place of Q.
    fn divided(mut self) -> Self {
        let gram = divide(&mut self.q, self.rows, &self.r);
        if is_identity(&gram, self.kept.len()) {
            return self;
        }
        if let Some(rest) = cholesky(&gram, self.kept.len()) {
            divide(&mut self.q, self.rows, &rest);
            self.r = self.r.iter().map(|column| upper_times(&rest, column)).collect();
        }
        self
    }

    /// Positions of the columns that are in, ascending.
    pub(crate) fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// The columns of Q in a range of rows.
    pub(crate) fn columns(&self, rows: Range<usize>) -> impl Iterator<Item = &[f64]> + Clone {
        let columns = self.q.chunks_exact(self.rows.max(1));
        columns.map(move |it| it.get(rows.clone()).unwrap_or_default())
    }

    /// The rows of Q in a range, one after the other, each as long as [`Thin::kept`].
    pub(crate) fn part(&self, rows: Range<usize>) -> Vec<f64> {
        let columns = self.columns(rows.clone());
        let row = |at: usize| columns.clone().filter_map(move |it| it.get(at).copied());
        (0..rows.len()).flat_map(row).collect()
    }

    /// Qv, a number a row.
    pub(crate) fn times(&self, v: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; self.rows];
        for block in blocks(self.rows) {
            let Some(own) = product.get_mut(block.clone()) else { continue };
            for (column, v) in self.columns(block).zip(v) {
                add_scaled(own, column, *v);
            }
        }
        product
    }

    /// The squared length of each row of Q.
    pub(crate) fn squares(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.rows];
        for block in blocks(self.rows) {
            let Some(own) = sums.get_mut(block.clone()) else { continue };
            for column in self.columns(block) {
                own.iter_mut().zip(column).for_each(|(sum, it)| *sum += it * it);
            }
        }
        sums
    }

    /// Q'y.
    pub(crate) fn project(&self, y: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.kept.len()];
        for block in blocks(self.rows) {
            let part = y.get(block.clone()).unwrap_or_default();
            for (sum, column) in sums.iter_mut().zip(self.columns(block)) {
                *sum += dot(column, part);
            }
        }
        sums
    }

    /// Q'y, and y − QQ'y, refined once.
    pub(crate) fn fit(&self, mut y: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
        if self.kept.is_empty() {
            return (Vec::new(), y);
        }
        let along = self.project(&y);
        let rest = self.take_out(&mut y, &along);
        self.take_out(&mut y, &rest);
        (along, y)
    }

    /// Takes Q·`along` out of y, and gives Q'y of what is left.
    fn take_out(&self, y: &mut [f64], along: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.kept.len()];
        for block in blocks(self.rows) {
            let Some(part) = y.get_mut(block.clone()) else { continue };
            for (column, along) in self.columns(block.clone()).zip(along) {
                add_scaled(part, column, -along);
            }
            for (sum, column) in sums.iter_mut().zip(self.columns(block)) {
                *sum += dot(column, part);
            }
        }
        sums
    }

    /// The b that solves Rb = `right`.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        solve(&self.r, right)
    }

    /// The q that solves R'q = `right`.
    pub(crate) fn solve_transposed(&self, right: &[f64]) -> Vec<f64> {
        let mut solution: Vec<f64> = Vec::with_capacity(right.len());
        for (at, (column, right)) in self.r.iter().zip(right).enumerate() {
            let pivot = column.get(at).copied().unwrap_or(1.0);
            solution.push((right - dot(column, &solution)) / pivot);
        }
        solution
    }

    /// The triangle's columns.
    #[cfg(test)]
    pub(super) fn r(&self) -> &[Vec<f64>] {
        &self.r
    }
}

/// The b that solves Rb = `right`.
fn solve(r: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut rest = right.to_vec();
    let mut solution = vec![0.0; right.len()];
    for (at, column) in r.iter().enumerate().rev() {
        let (Some(left), Some(pivot)) = (rest.get(at), column.get(at)) else { continue };
        let value = left / pivot;
        add_scaled(&mut rest, column, -value);
        if let Some(slot) = solution.get_mut(at) {
            *slot = value;
        }
    }
    solution
}

/// Whether a matrix is the identity to the last digits.
fn is_identity(matrix: &[f64], size: usize) -> bool {
    let entry = |at: usize| f64::from(u8::from(at.is_multiple_of(size + 1)));
    matrix.iter().enumerate().all(|(at, it)| (it - entry(at)).abs() <= IDENTITY)
}

/// The Cholesky factor of X'X, if it is well conditioned.
fn easy(x: &[f64], rows: usize) -> Option<Vec<Vec<f64>>> {
    let size = x.len().checked_div(rows)?;
    let r = cholesky(&gram(x, rows), size)?;
    let unit: Vec<Vec<f64>> = r.iter().map(|it| scaled(it, 1.0 / norm(it))).collect();
    let column = |at: usize| {
        let mut right = vec![0.0; size];
        right.iter_mut().skip(at).take(1).for_each(|it| *it = 1.0);
        solve(&unit, &right)
    };
    let squares: f64 = (0..size).map(column).map(|it| dot(&it, &it)).sum();
    // In Frobenius's norm, which is √k for the columns of unit length.
    let condition = (squares * size as f64).sqrt();
    (size > 0 && condition <= EASY).then_some(r)
}

fn scaled(a: &[f64], scale: f64) -> Vec<f64> {
    a.iter().map(|it| it * scale).collect()
}

/// Ranges of rows.
fn blocks(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(BLOCK_ROWS).map(move |start| start..rows.min(start + BLOCK_ROWS))
}

/// The columns of R of a matrix stored column after column, by Householder's method.
fn triangle(x: &[f64], (rows, size): (usize, usize)) -> Vec<Vec<f64>> {
    let mut r: Vec<Vec<f64>> = Vec::new();
    for block in blocks(rows) {
        let column = |at: usize| -> Vec<f64> {
            let own = x.get(at * rows + block.start..at * rows + block.end).unwrap_or_default();
            r.get(at).into_iter().flatten().chain(own).copied().collect()
        };
        let columns: Vec<Vec<f64>> = (0..size).map(column).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        r = Factors::of(&columns).r();
    }
    r
}

/// The columns `kept`.
fn select(x: &[f64], rows: usize, kept: &[usize]) -> Vec<f64> {
    let columns = kept.iter().filter_map(|at| x.get(at * rows..(at + 1) * rows));
    columns.flatten().copied().collect()
}

/// Replaces X by the Q with QR = X, and gives Q'Q, column after column.
fn divide(x: &mut [f64], rows: usize, r: &[Vec<f64>]) -> Vec<f64> {
    let mut sums = vec![0.0; r.len() * r.len()];
    for block in blocks(rows) {
        for (at, column) in r.iter().enumerate() {
            let (done, rest) = x.split_at_mut(at * rows);
            let Some(own) = rest.get_mut(block.clone()) else { continue };
            for (before, scale) in done.chunks_exact(rows).zip(column) {
                add_scaled(own, before.get(block.clone()).unwrap_or_default(), -scale);
            }
            let pivot = column.get(at).copied().unwrap_or(1.0);
            for it in own {
                *it /= pivot;
            }
        }
        add_gram(&mut sums, x, rows, block);
    }
    whole(sums, r.len())
}

/// X'X, column after column.
fn gram(x: &[f64], rows: usize) -> Vec<f64> {
    let size = x.len().checked_div(rows).unwrap_or_default();
    let mut sums = vec![0.0; size * size];
    for block in blocks(rows) {
        add_gram(&mut sums, x, rows, block);
    }
    whole(sums, size)
}

/// Adds a block's part of the upper triangle of X'X.
fn add_gram(sums: &mut [f64], x: &[f64], rows: usize, block: Range<usize>) {
    let size = x.len().checked_div(rows).unwrap_or_default();
    let columns = x.chunks_exact(rows.max(1)).map(|it| it.get(block.clone()).unwrap_or_default());
    for ((at, column), sums) in columns.clone().enumerate().zip(sums.chunks_exact_mut(size.max(1)))
    {
        for (sum, other) in sums.iter_mut().zip(columns.clone().take(at + 1)) {
            *sum += dot(column, other);
        }
    }
}

/// The symmetric matrix with this upper triangle.
fn whole(mut upper: Vec<f64>, size: usize) -> Vec<f64> {
    for (row, column) in (0..size).flat_map(|column| (0..column).map(move |row| (row, column))) {
        let value = upper.get(column * size + row).copied().unwrap_or_default();
        if let Some(slot) = upper.get_mut(row * size + column) {
            *slot = value;
        }
    }
    upper
}
