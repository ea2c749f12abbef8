//! Small symmetric matrices: sums of outer products, their inverses and quadratic forms.

use crate::linear::{add_scaled, dot};

/// A pivot this small beside its diagonal element counts as 0.
const SINGULAR: f64 = 1e-13;

/// A symmetric matrix, row after row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Square {
    size: usize,
    values: Vec<f64>,
}

impl Square {
    /// A matrix of zeros.
    pub(crate) fn zeros(size: usize) -> Self {
        Self { size, values: vec![0.0; size * size] }
    }

    /// The element of row `i` and column `j`; 0 outside.
    pub(crate) fn at(&self, i: usize, j: usize) -> f64 {
        if j < self.size { self.values.get(i * self.size + j).copied().unwrap_or(0.0) } else { 0.0 }
    }

    /// The rows.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.size.max(1))
    }

    /// Adds `scale` times vv'.
    pub(crate) fn add_outer(&mut self, v: &[f64], scale: f64) {
        for (row, value) in self.values.chunks_exact_mut(self.size.max(1)).zip(v) {
            add_scaled(row, v, scale * value);
        }
    }

    /// Adds `scale` times uv'; what is added up must be symmetric in the end.
    pub(crate) fn add_product(&mut self, u: &[f64], v: &[f64], scale: f64) {
        for (row, value) in self.values.chunks_exact_mut(self.size.max(1)).zip(u) {
            add_scaled(row, v, scale * value);
        }
    }

    /// Adds `scale` times another matrix of the same size.
    pub(crate) fn add(&mut self, other: &Self, scale: f64) {
        add_scaled(&mut self.values, &other.values, scale);
    }

    /// Adds a number to one element.
    pub(crate) fn add_at(&mut self, i: usize, j: usize, value: f64) {
        if let Some(slot) = self.values.get_mut(i * self.size + j) {
            *slot += value;
        }
    }

    /// The matrix times a vector.
    pub(crate) fn times(&self, v: &[f64]) -> Vec<f64> {
        self.rows().map(|row| dot(row, v)).collect()
    }

    /// v'Mv.
    pub(crate) fn form(&self, v: &[f64]) -> f64 {
        dot(v, &self.times(v))
    }

    /// M·`middle`·M.
    pub(crate) fn around(&self, middle: &Self) -> Self {
        let mut product = Self::zeros(self.size);
        let half: Vec<Vec<f64>> = self.rows().map(|row| middle.times(row)).collect();
        for (i, left) in half.iter().enumerate() {
            for (j, row) in self.rows().enumerate() {
                product.add_at(i, j, dot(left, row));
            }
        }
        product
    }

    /// The factor L of M = LL'; None unless M is positive definite, rounding aside.
    pub(crate) fn cholesky(&self) -> Option<Lower> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(self.size);
        for (i, values) in self.rows().enumerate() {
            let mut row: Vec<f64> = Vec::with_capacity(i + 1);
            for (j, value) in values.iter().enumerate().take(i + 1) {
                if let Some(above) = rows.get(j) {
                    let pivot = above.last()?;
                    row.push((value - dot(&row, above)) / pivot);
                } else {
                    let left = value - dot(&row, &row);
                    if !(left > SINGULAR * value.abs() && left.is_finite()) {
                        return None;
                    }
                    row.push(left.sqrt());
                }
            }
            rows.push(row);
        }
        Some(Lower { rows })
    }

    /// The inverse; None unless positive definite.
    pub(crate) fn inverse(&self) -> Option<Self> {
        let factor = self.cholesky()?;
        let mut values = Vec::with_capacity(self.values.len());
        for at in 0..self.size {
            let mut unit = vec![0.0; self.size];
            *unit.get_mut(at)? = 1.0;
            values.extend(factor.solve(&unit));
        }
        Some(Self { size: self.size, values })
    }
}

/// A lower triangle, each row up to its diagonal.
#[derive(Clone, Debug)]
pub(crate) struct Lower {
    rows: Vec<Vec<f64>>,
}

impl Lower {
    /// The x with LL'x = `right`.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x = self.forward(right);
        for at in (0..self.rows.len()).rev() {
            let Some(row) = self.rows.get(at) else { continue };
            let (Some(value), Some(pivot)) = (x.get(at).copied(), row.last()) else { continue };
            let solved = value / pivot;
            let (before, _) = x.split_at_mut(at);
            add_scaled(before, row, -solved);
            if let Some(slot) = x.get_mut(at) {
                *slot = solved;
            }
        }
        x
    }

    /// ln |LL'|.
    pub(crate) fn log_determinant(&self) -> f64 {
        2.0 * self.rows.iter().filter_map(|row| row.last()).map(|it| it.ln()).sum::<f64>()
    }

    /// The z with Lz = `right`.
    pub(crate) fn forward(&self, right: &[f64]) -> Vec<f64> {
        let mut z: Vec<f64> = Vec::with_capacity(right.len());
        for (row, right) in self.rows.iter().zip(right) {
            let pivot = row.last().copied().unwrap_or(1.0);
            z.push((right - dot(row, &z)) / pivot);
        }
        z
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hilbert() -> Square {
        let mut it = Square::zeros(3);
        for i in 0..3 {
            for j in 0..3 {
                it.add_at(i, j, 1.0 / (i + j + 1) as f64);
            }
        }
        it
    }

    /// The inverse of the 3×3 Hilbert matrix is whole.
    #[test]
    fn hilbert_is_inverted() {
        let inverse = hilbert().inverse().unwrap();
        let expected = [9.0, -36.0, 30.0, -36.0, 192.0, -180.0, 30.0, -180.0, 180.0];
        for (got, expected) in inverse.rows().flatten().zip(expected) {
            assert!((got - expected).abs() < 1e-10, "{got} {expected}");
        }
        let sandwich = hilbert().around(&inverse);
        assert!((sandwich.at(0, 2) - hilbert().at(0, 2)).abs() < 1e-12);
    }

    #[test]
    fn a_singular_matrix_has_no_inverse() {
        let mut it = Square::zeros(2);
        it.add_outer(&[1.0, 3.0], 1.0);
        assert!(it.inverse().is_none());
        assert!((it.at(0, 1) - 3.0).abs() < 1e-15 && it.at(1, 2).abs() < 1e-15);
        assert!(Square::zeros(1).cholesky().is_none());
    }
}
