//! Totals of arms, centred within blocks, and the quadratic form that measures them.

use super::Assigned;
use crate::{
    EstimateError,
    linear::{dot, symmetric_eigen},
};

/// Directions in which the draw gives less than this share of its largest variance count as fixed.
const FIXED: f64 = 1e-9;

/// A column whose spread within blocks is below this share of its size does not vary.
const ROUNDING: f64 = 1e-10;

/// Columns less their block means, in standard deviations.
#[derive(Debug)]
pub(super) struct Centred<'a> {
    assigned: Assigned<'a>,
    /// Unit after unit, one value a column.
    rows: Vec<f64>,
    columns: usize,
}

/// A positive semidefinite form of the totals of all arms but the last.
#[derive(Debug)]
pub(super) struct Form {
    /// Places among the totals.
    at: Vec<usize>,
    /// Its square root, row after row: the form is the sum of squares of what they give.
    roots: Vec<Vec<f64>>,
}

/// Units of each block.
pub(super) fn sizes(block: &[u32]) -> Vec<usize> {
    let mut sizes = Vec::new();
    for at in block.iter().map(|it| *it as usize) {
        if sizes.len() <= at {
            sizes.resize(at + 1, 0);
        }
        if let Some(size) = sizes.get_mut(at) {
            *size += 1;
        }
    }
    sizes
}

/// Values less the mean of their block.
pub(super) fn centre(block: &[u32], values: &[f64]) -> Vec<f64> {
    let sizes = sizes(block);
    let once = |values: &[f64]| -> Vec<f64> {
        let mut sums = vec![0.0; sizes.len()];
        for (at, value) in block.iter().zip(values) {
            if let Some(sum) = sums.get_mut(*at as usize) {
                *sum += value;
            }
        }
        let mean = |at: &u32| {
            let at = *at as usize;
            sums.get(at).zip(sizes.get(at)).map_or(0.0, |(sum, n)| sum / *n as f64)
        };
        block.iter().zip(values).map(|(at, value)| value - mean(at)).collect()
    };
    // The second pass takes out the rounding of the first.
    once(&once(values))
}

impl<'a> Centred<'a> {
    pub(super) fn new(assigned: Assigned<'a>, columns: &[&[f64]]) -> Self {
        let scaled: Vec<Vec<f64>> =
            columns.iter().map(|it| scale(it, centre(assigned.block, it))).collect();
        let units = assigned.arm.len();
        let rows = (0..units)
            .flat_map(|unit| scaled.iter().map(move |it| it.get(unit).copied().unwrap_or(0.0)))
            .collect();
        Self { assigned, rows, columns: columns.len() }
    }

    /// The sum of each column over each arm but the last: arm after arm.
    pub(super) fn totals(&self, arms: &[u8]) -> Vec<f64> {
        let free = self.assigned.arms().saturating_sub(1);
        let mut totals = vec![0.0; free * self.columns];
        for (arm, row) in arms.iter().zip(self.rows.chunks_exact(self.columns.max(1))) {
            let start = usize::from(*arm) * self.columns;
            if let Some(sums) = totals.get_mut(start..start + self.columns) {
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
        }
        totals
    }

    /// The sums of products of the columns named, block by block.
    fn products(&self, columns: &[usize]) -> Vec<Vec<f64>> {
        let size = columns.len();
        let mut blocks = vec![vec![0.0; size * size]; self.assigned.shares.len()];
        let rows = self.rows.chunks_exact(self.columns.max(1));
        for (block, row) in self.assigned.block.iter().zip(rows) {
            let values: Vec<f64> = columns.iter().filter_map(|at| row.get(*at).copied()).collect();
            let Some(sums) = blocks.get_mut(*block as usize) else { continue };
            for (line, x) in sums.chunks_exact_mut(size.max(1)).zip(&values) {
                line.iter_mut().zip(&values).for_each(|(sum, y)| *sum += x * y);
            }
        }
        blocks
    }
}

/// Divides by the standard deviation within blocks; zeros where there is none.
fn scale(values: &[f64], mut centred: Vec<f64>) -> Vec<f64> {
    let sd = (dot(&centred, &centred) / centred.len().max(1) as f64).sqrt();
    let size = values.iter().fold(0.0_f64, |size, it| size.max(it.abs()));
    let varies = sd > ROUNDING * size && sd.is_finite();
    for it in &mut centred {
        *it = if varies { *it / sd } else { 0.0 };
    }
    centred
}

/// The covariance of one unit's being in arm `one` and in arm `other`.
fn together(shares: &[f64], one: usize, other: usize) -> f64 {
    let share = |arm: usize| shares.get(arm).copied().unwrap_or(0.0);
    let own = if one == other { share(one) } else { 0.0 };
    own - share(one) * share(other)
}

impl Form {
    /// The inverse of the covariance under the draw of these columns' totals.
    ///
    /// In a block of n units with shares p the covariance of the totals of arms k and l is
    /// `n (p_k [k = l] − p_k p_l) S`, with S the covariance of the columns in the block (divisor
    /// n − 1); blocks are drawn independently.
    pub(super) fn new(centred: &Centred<'_>, columns: &[usize]) -> Result<Self, EstimateError> {
        let free = centred.assigned.arms().saturating_sub(1);
        let (inner, size) = (columns.len(), free * columns.len());
        let mut covariance = vec![0.0; size * size];
        let sizes = sizes(centred.assigned.block);
        let products = centred.products(columns);
        for ((products, shares), n) in products.iter().zip(centred.assigned.shares).zip(sizes) {
            if n < 2 {
                continue;
            }
            let weight = n as f64 / (n - 1) as f64;
            for (place, sum) in covariance.iter_mut().enumerate() {
                let (left, right) = (place / size, place % size);
                let product = products.get(left % inner * inner + right % inner);
                *sum += weight
                    * together(shares, left / inner, right / inner)
                    * product.copied().unwrap_or(0.0);
            }
        }
        let at = (0..free).flat_map(|arm| columns.iter().map(move |it| arm * centred.columns + it));
        Self::inverse(at.collect(), &covariance)
    }

    /// (X'X)⁻¹ over all columns, for the totals of the first of two arms.
    pub(super) fn of_regression(centred: &Centred<'_>) -> Result<Self, EstimateError> {
        let all: Vec<usize> = (0..centred.columns).collect();
        let mut sums = vec![0.0; all.len() * all.len()];
        for block in centred.products(&all) {
            sums.iter_mut().zip(block).for_each(|(sum, it)| *sum += it);
        }
        Self::inverse(all, &sums)
    }

    fn inverse(at: Vec<usize>, matrix: &[f64]) -> Result<Self, EstimateError> {
        if at.is_empty() {
            return Ok(Self { at, roots: Vec::new() });
        }
        let eigen = symmetric_eigen(at.len(), matrix).ok_or(EstimateError::Eigenvalues)?;
        let largest = eigen.values.last().copied().unwrap_or(0.0);
        let root = |(value, vector): (&f64, &Vec<f64>)| {
            let varies = *value > FIXED * largest && *value > 0.0;
            varies.then(|| vector.iter().map(|it| it / value.sqrt()).collect())
        };
        let roots = eigen.values.iter().zip(&eigen.vectors).filter_map(root).collect();
        Ok(Self { at, roots })
    }

    /// The form's value.
    pub(super) fn value(&self, totals: &[f64]) -> f64 {
        let total = |at: &usize| totals.get(*at).copied().unwrap_or(0.0);
        self.roots
            .iter()
            .map(|root| root.iter().zip(&self.at).map(|(it, at)| it * total(at)).sum::<f64>())
            .map(|it| it * it)
            .sum()
    }

    /// In how many directions the draw can move the totals.
    pub(super) fn rank(&self) -> u64 {
        self.roots.len() as u64
    }
}
