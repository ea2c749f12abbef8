//! The linear algebra that regressions need: everything that touches faer is here.
//!
//! All of it runs on one thread, so the number of threads can't change a bit.

mod thin;

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::matmul::matmul;
use faer::linalg::qr::no_pivoting::factor::{
    qr_in_place, qr_in_place_scratch, recommended_block_size,
};
use faer::{Accum, Mat, MatMut, MatRef, Par};

pub(crate) use thin::Thin;

/// A column is collinear when no more than this share of its length is left after the columns
/// before it are projected out: the tolerance of R's `lm`.
const COLLINEAR: f64 = 1e-7;

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
pub(crate) const LANES: usize = 8;

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

/// Σ f(aᵢ), side by side as [`dot`].
pub(crate) fn sum_of(a: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let (some, rest) = a.as_chunks::<LANES>();
    let end: f64 = rest.iter().map(|it| f(*it)).sum();
    if some.is_empty() {
        return end;
    }
    let mut sums = [0.0; LANES];
    for it in some {
        sums.iter_mut().zip(it).for_each(|(sum, it)| *sum += f(*it));
    }
    sums.iter().sum::<f64>() + end
}

/// Adds `scale` times `b` to `a`.
pub(crate) fn add_scaled(a: &mut [f64], b: &[f64], scale: f64) {
    for (a, b) in a.iter_mut().zip(b) {
        *a += scale * b;
    }
}

#[cfg(test)]
mod tests;
