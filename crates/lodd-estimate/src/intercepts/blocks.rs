//! Rows that groups tie together.

use std::collections::BTreeMap;

use crate::symmetric::Square;

/// Rows that share groups, directly or over others.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) rows: Vec<usize>,
    /// Of every grouping, the groups as places in `rows`.
    pub(super) groups: Vec<Vec<Vec<usize>>>,
}

impl Block {
    pub(super) fn of(rows: Vec<usize>, groupings: &[Vec<usize>]) -> Self {
        let mut groups: Vec<Vec<Vec<usize>>> = groupings
            .iter()
            .map(|grouping| {
                let mut own: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
                for (at, row) in rows.iter().enumerate() {
                    own.entry(grouping.get(*row).copied().unwrap_or_default())
                        .or_default()
                        .push(at);
                }
                own.into_values().collect()
            })
            .collect();
        groups.push((0..rows.len()).map(|at| vec![at]).collect());
        Self { rows, groups }
    }

    /// V⁻¹ and ln |V|; None where V is singular.
    pub(super) fn inverse(&self, variances: &[f64]) -> Option<(Square, f64)> {
        let mut v = Square::zeros(self.rows.len());
        for (groups, variance) in self.groups.iter().zip(variances) {
            for group in groups {
                for &i in group {
                    for &j in group {
                        v.add_at(i, j, *variance);
                    }
                }
            }
        }
        let log = v.cholesky()?.log_determinant();
        Some((v.inverse()?, log))
    }
}

/// The rows that share groups, directly or over other rows, in ascending order.
pub(super) fn components(n: usize, groupings: &[Vec<usize>]) -> Vec<Vec<usize>> {
    // Each row points to one that is not after it and in the same block.
    let mut first: Vec<usize> = (0..n).collect();
    for grouping in groupings {
        let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
        for (row, group) in grouping.iter().enumerate() {
            let other = *seen.entry(*group).or_insert(row);
            let (a, b) = (root(&first, row), root(&first, other));
            if let Some(slot) = first.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
        }
    }
    let mut blocks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for row in 0..n {
        blocks.entry(root(&first, row)).or_default().push(row);
    }
    blocks.into_values().collect()
}

fn root(first: &[usize], mut row: usize) -> usize {
    while let Some(&up) = first.get(row).filter(|up| **up != row) {
        row = up;
    }
    row
}
