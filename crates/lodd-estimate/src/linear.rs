//! The linear algebra that regressions need: everything that touches faer is here.
//!
//! All of it runs on one thread, so the number of threads can't change a bit.

use std::ops::Range;

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::matmul::matmul;
use faer::linalg::qr::no_pivoting::factor::{
    qr_in_place, qr_in_place_scratch, recommended_block_size,
};
use faer::{Accum, Mat, MatMut, MatRef, Par};

/// A column is collinear when no more than this share of its length is left after the columns
/// before it are projected out: the tolerance of R's `lm`.
const COLLINEAR: f64 = 1e-7;

/// Rows that are factorised at a time: a block fits the cache.
const BLOCK_ROWS: usize = 512;

/// X = QR with the columns that depend on earlier ones left out.
#[derive(Debug)]
pub(crate) struct Thin {
    /// Positions of the columns that are in, ascending.
    kept: Vec<usize>,
    /// Orthonormal columns, row after row, each row `kept.len()` long.
    q: Vec<f64>,
    /// Columns of the upper triangle, each `kept.len()` long.
    r: Vec<Vec<f64>>,
}

impl Thin {
    /// Factorises `x`, row after row, each row `size` long. A column of zeros is collinear too.
    ///
    /// R comes from Householder's method block by block, which loses no digits; Q = XR⁻¹ is then
    /// made orthogonal to the last digit by the Cholesky factor of Q'Q, which is close to I.
    pub(crate) fn new(x: Vec<f64>, size: usize) -> Self {
        let r = triangle(&x, size);
        // R has the lengths and angles of X's columns, so it is enough to look at R.
        let kept = independent(&r);
        if kept.is_empty() {
            return Self { kept, q: Vec::new(), r: Vec::new() };
        }
        let columns: Vec<&[f64]> =
            kept.iter().filter_map(|&at| r.get(at).map(Vec::as_slice)).collect();
        let mut r = Factors::of(&columns).r();
        let mut q = if kept.len() == size { x } else { select(&x, size, &kept) };
        divide(&mut q, &r);
        if let Some(rest) = cholesky(&gram(&q, kept.len()), kept.len()) {
            divide(&mut q, &rest);
            r = r.iter().map(|column| upper_times(&rest, column)).collect();
        }
        Self { kept, q, r }
    }

    /// Positions of the columns that are in, ascending.
    pub(crate) fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// Rows of Q in a range.
    pub(crate) fn range(&self, rows: Range<usize>) -> impl Iterator<Item = &[f64]> {
        let size = self.kept.len();
        let part = self.q.get(rows.start * size..rows.end * size).unwrap_or_default();
        part.chunks_exact(size.max(1))
    }

    /// Rows of Q, each as long as [`Thin::kept`].
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.q.chunks_exact(self.kept.len().max(1))
    }

    /// Q'y.
    pub(crate) fn project(&self, y: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.kept.len()];
        for (row, y) in self.rows().zip(y) {
            add_scaled(&mut sums, row, *y);
        }
        sums
    }

    /// y − QQ'y, refined once.
    pub(crate) fn residuals(&self, y: &[f64]) -> Vec<f64> {
        if self.kept.is_empty() {
            return y.to_vec();
        }
        let subtract = |y: &[f64]| -> Vec<f64> {
            let fit = self.project(y);
            self.rows().zip(y).map(|(row, y)| y - dot(row, &fit)).collect()
        };
        subtract(&subtract(y))
    }

    /// The b that solves Rb = `right`.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut rest = right.to_vec();
        let mut solution = vec![0.0; right.len()];
        for (at, column) in self.r.iter().enumerate().rev() {
            let (Some(left), Some(pivot)) = (rest.get(at), column.get(at)) else { continue };
            let value = left / pivot;
            add_scaled(&mut rest, column, -value);
            if let Some(slot) = solution.get_mut(at) {
                *slot = value;
            }
        }
        solution
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
}

/// Eigenvalues and eigenvectors of a symmetric matrix.
#[derive(Debug)]
pub(crate) struct Eigen {
    /// Ascending.
    pub(crate) values: Vec<f64>,
    /// The unit vector of each value.
    pub(crate) vectors: Vec<Vec<f64>>,
}

/// The eigenvalues and eigenvectors of a symmetric `size`×`size` matrix, stored column after
/// column. None if the iteration does not converge.
pub(crate) fn symmetric_eigen(size: usize, matrix: &[f64]) -> Option<Eigen> {
    let matrix = Mat::from_fn(size, size, |i, j| matrix.get(i + j * size).copied().unwrap_or(0.0));
    let (mut values, mut vectors) = (faer::Col::zeros(size), Mat::zeros(size, size));
    let scratch = self_adjoint_evd_scratch::<f64>(
        size,
        ComputeEigenvectors::Yes,
        Par::Seq,
        faer::prelude::default(),
    );
    self_adjoint_evd(
        matrix.as_ref(),
        values.as_diagonal_mut(),
        Some(vectors.as_mut()),
        Par::Seq,
        MemStack::new(&mut MemBuffer::new(scratch)),
        faer::prelude::default(),
    )
    .ok()?;
    let vectors = (0..size).map(|at| vectors.col_as_slice(at).to_vec()).collect();
    Some(Eigen { values: values.iter().copied().collect(), vectors })
}

/// R above the diagonal, as faer leaves it, with Householder vectors below.
struct Factors {
    packed: Mat<f64>,
}

impl Factors {
    fn of(columns: &[&[f64]]) -> Self {
        let (rows, size) = (columns.first().map_or(0, |it| it.len()), columns.len());
        let value = |i, j| columns.get(j).and_then(|it: &&[f64]| it.get(i)).copied().unwrap_or(0.0);
        let mut packed = Mat::from_fn(rows, size, value);
        let block = recommended_block_size::<f64>(rows, size);
        let mut coefficients = Mat::zeros(block, rows.min(size));
        let scratch =
            qr_in_place_scratch::<f64>(rows, size, block, Par::Seq, faer::prelude::default());
        qr_in_place(
            packed.as_mut(),
            coefficients.as_mut(),
            Par::Seq,
            MemStack::new(&mut MemBuffer::new(scratch)),
            faer::prelude::default(),
        );
        Self { packed }
    }

    /// Columns of R, each as long as there are columns.
    fn r(&self) -> Vec<Vec<f64>> {
        let (rows, size) = self.packed.shape();
        let column = |j: usize| {
            let upper = self.packed.col_as_slice(j).iter().take((j + 1).min(rows)).copied();
            upper.chain(std::iter::repeat(0.0)).take(size).collect()
        };
        (0..size).map(column).collect()
    }
}

/// The columns of R of a matrix stored row after row, each `size` long.
fn triangle(x: &[f64], size: usize) -> Vec<Vec<f64>> {
    let mut r: Vec<Vec<f64>> = Vec::new();
    for block in x.chunks((BLOCK_ROWS * size).max(1)) {
        let column = |at: usize| {
            let above = r.get(at).into_iter().flatten().copied();
            above.chain(block.chunks_exact(size).filter_map(|row| row.get(at).copied())).collect()
        };
        let columns: Vec<Vec<f64>> = (0..size).map(column).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        r = Factors::of(&columns).r();
    }
    r
}

/// The columns `kept` of rows of `size`.
fn select(x: &[f64], size: usize, kept: &[usize]) -> Vec<f64> {
    let rows = x.chunks_exact(size.max(1));
    rows.flat_map(|row| kept.iter().filter_map(|&at| row.get(at).copied())).collect()
}

/// Replaces each row x by the q with qR = x.
fn divide(rows: &mut [f64], r: &[Vec<f64>]) {
    for row in rows.chunks_exact_mut(r.len().max(1)) {
        for (at, column) in r.iter().enumerate() {
            let (done, rest) = row.split_at_mut(at);
            if let (Some(value), Some(pivot)) = (rest.first_mut(), column.get(at)) {
                *value = (*value - dot(done, column)) / pivot;
            }
        }
    }
}

/// X'X of rows of `size`, column after column.
fn gram(rows: &[f64], size: usize) -> Vec<f64> {
    let mut sums = vec![0.0; size * size];
    for row in rows.chunks_exact(size.max(1)) {
        for (column, value) in sums.chunks_exact_mut(size).zip(row) {
            add_scaled(column, row, *value);
        }
    }
    sums
}

/// The columns of the upper triangular U with U'U = `matrix`; None if it is not positive definite.
pub(crate) fn cholesky(matrix: &[f64], size: usize) -> Option<Vec<Vec<f64>>> {
    let mut upper: Vec<Vec<f64>> = Vec::with_capacity(size);
    for column in matrix.chunks_exact(size.max(1)) {
        let mut solved: Vec<f64> = vec![0.0; size];
        let at = upper.len();
        for (place, before) in upper.iter().enumerate() {
            let sum = dot(before.get(..place)?, &solved);
            *solved.get_mut(place)? = (column.get(place)? - sum) / before.get(place)?;
        }
        let pivot = column.get(at)? - dot(solved.get(..at)?, &solved);
        if pivot <= 0.0 || pivot.is_nan() {
            return None;
        }
        *solved.get_mut(at)? = pivot.sqrt();
        upper.push(solved);
    }
    Some(upper)
}

/// `U·v` for the columns of an upper triangle.
fn upper_times(upper: &[Vec<f64>], v: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; v.len()];
    for (column, value) in upper.iter().zip(v) {
        add_scaled(&mut product, column, *value);
    }
    product
}

/// Positions of the columns that do not depend on columns before them.
///
/// Gram and Schmidt's process, each column projected twice.
fn independent(columns: &[Vec<f64>]) -> Vec<usize> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut kept = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let mut rest = column.clone();
        for direction in basis.iter().chain(&basis) {
            let along = dot(direction, &rest);
            add_scaled(&mut rest, direction, -along);
        }
        let left = norm(&rest);
        if left > COLLINEAR * norm(column) && left.is_finite() {
            basis.push(rest.iter().map(|it| it / left).collect());
            kept.push(at);
        }
    }
    kept
}

/// Whole columns, one after the other, each `rows` long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns<'a> {
    pub(crate) values: &'a [f64],
    pub(crate) rows: usize,
}

impl<'a> Columns<'a> {
    fn view(self) -> MatRef<'a, f64> {
        let columns = self.values.len().checked_div(self.rows).unwrap_or_default();
        let values = self.values.get(..self.rows * columns).unwrap_or_default();
        MatRef::from_column_major_slice(values, self.rows, columns)
    }
}

/// Writes left·right. Nothing where the one has not as many columns as the other has rows.
pub(crate) fn multiply(left: Columns<'_>, right: Columns<'_>, product: &mut Vec<f64>) {
    write_product(left.view(), right.view(), product);
}

/// Writes left'·right. Nothing where they have not as many rows.
pub(crate) fn multiply_transposed(left: Columns<'_>, right: Columns<'_>, product: &mut Vec<f64>) {
    write_product(left.view().transpose(), right.view(), product);
}

fn write_product(left: MatRef<'_, f64>, right: MatRef<'_, f64>, product: &mut Vec<f64>) {
    product.clear();
    if left.ncols() != right.nrows() {
        return;
    }
    let (rows, columns) = (left.nrows(), right.ncols());
    product.resize(rows * columns, 0.0);
    let into = MatMut::from_column_major_slice_mut(product, rows, columns);
    matmul(into, Accum::Replace, left, right, 1.0, Par::Seq);
}

/// Sums that are added up side by side, so that the processor need not wait for each addition.
const LANES: usize = 8;

/// Σ aᵢbᵢ over the shorter of the two.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let size = a.len().min(b.len());
    let (a, b) = (a.get(..size).unwrap_or_default(), b.get(..size).unwrap_or_default());
    let (some, rest) = a.as_chunks::<LANES>();
    let (others, other_rest) = b.as_chunks::<LANES>();
    let end: f64 = rest.iter().zip(other_rest).map(|(a, b)| a * b).sum();
    if some.is_empty() {
        return end;
    }
    let mut sums = [0.0; LANES];
    for (a, b) in some.iter().zip(others) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + end
}

/// Euclidean length.
pub(crate) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// Adds `scale` times `b` to `a`.
pub(crate) fn add_scaled(a: &mut [f64], b: &[f64], scale: f64) {
    for (a, b) in a.iter_mut().zip(b) {
        *a += scale * b;
    }
}

#[cfg(test)]
mod tests;
