//! The linear algebra that regressions need: everything that touches faer is here.
//!
//! All of it runs on one thread, so the number of threads can't change a bit.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::householder::{
    apply_block_householder_sequence_on_the_left_in_place_scratch as apply_scratch,
    apply_block_householder_sequence_on_the_left_in_place_with_conj as apply,
};
use faer::linalg::qr::no_pivoting::factor::{
    qr_in_place, qr_in_place_scratch, recommended_block_size,
};
use faer::{Conj, Mat, Par};

/// A column is collinear when no more than this share of its length is left after the columns
/// before it are projected out: the tolerance of R's `lm`.
const COLLINEAR: f64 = 1e-7;

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
    /// Factorises columns of equal length. A column of zeros is collinear too.
    pub(crate) fn new(columns: &[Vec<f64>]) -> Self {
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        // R has the lengths and angles of X's columns, so it is enough to look at R.
        let kept = independent(&Factors::of(&columns).r());
        let columns: Vec<&[f64]> = kept.iter().filter_map(|&at| columns.get(at).copied()).collect();
        let factors = Factors::of(&columns);
        Self { q: factors.q_by_row(), r: factors.r(), kept }
    }

    /// Positions of the columns that are in, ascending.
    pub(crate) fn kept(&self) -> &[usize] {
        &self.kept
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

/// Householder vectors of Q below the diagonal and R above it, as faer leaves them.
struct Factors {
    packed: Mat<f64>,
    coefficients: Mat<f64>,
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
        Self { packed, coefficients }
    }

    /// Columns of R, each `min(rows, columns)` long.
    fn r(&self) -> Vec<Vec<f64>> {
        let (rows, size) = self.packed.shape();
        let column = |j: usize| {
            let upper = self.packed.col_as_slice(j).iter().take(j + 1).copied();
            upper.chain(std::iter::repeat(0.0)).take(rows.min(size)).collect()
        };
        (0..size).map(column).collect()
    }

    /// The first columns of Q, row after row. Columns must be independent.
    fn q_by_row(&self) -> Vec<f64> {
        let (rows, size) = self.packed.shape();
        let mut q = Mat::<f64>::identity(rows, rows.min(size));
        apply(
            self.packed.as_ref(),
            self.coefficients.as_ref(),
            Conj::No,
            q.as_mut(),
            Par::Seq,
            MemStack::new(&mut MemBuffer::new(apply_scratch::<f64>(
                rows,
                self.coefficients.nrows(),
                rows.min(size),
            ))),
        );
        q.transpose()
            .to_owned()
            .col_iter()
            .flat_map(|row| row.iter().copied().collect::<Vec<_>>())
            .collect()
    }
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

/// Σ aᵢbᵢ over the shorter of the two.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
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
