//! Means of the two arms within blocks, and the variances of those means.
//!
//! A *group* is what was assigned together: a row, or a cluster of rows. With groups of one row
//! the variance is Neyman's; with clusters it is that of CR2, in closed form.

use crate::number::mean;
use crate::{EstimateError, Sample};

/// The rows of one arm in one block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arm {
    /// Groups.
    pub(crate) groups: usize,
    /// Rows.
    pub(crate) n: f64,
    /// Mean outcome over rows.
    pub(crate) mean: f64,
    /// Variance of that mean; None for a single group.
    pub(crate) variance: Option<f64>,
    /// This arm's part of ‖P‖², for Satterthwaite degrees of freedom of clusters.
    pub(crate) norm2: f64,
}

/// The two arms of one block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    pub(crate) treated: Arm,
    pub(crate) control: Arm,
}

impl Arm {
    /// From the outcomes of each group.
    fn of(groups: &[&[f64]]) -> Self {
        let y: Vec<f64> = groups.iter().flat_map(|it| it.iter().copied()).collect();
        let (n, mean) = (y.len() as f64, mean(&y));
        let (mut squares, mut q_sum, mut q_squares, mut size_squares) = (0.0, 0.0, 0.0, 0.0);
        for group in groups {
            let size = group.len() as f64;
            let adjust = 1.0 - size / n;
            let residual: f64 = group.iter().map(|it| it - mean).sum();
            squares += residual * residual / adjust;
            let q = size * size / adjust / (n * n);
            q_sum += q;
            q_squares += q * q;
            size_squares += size * size;
        }
        // With X = (1, z) the hat matrix of an arm is 11'/n, so that CR2 divides a cluster's
        // squared residual sum by 1 - size/n, and P has size/n² on its diagonal and
        // -sqrt(q_g q_h)/n off it within an arm, 0 between arms.
        Self {
            groups: groups.len(),
            n,
            mean,
            variance: (groups.len() > 1).then_some(squares / (n * n)),
            norm2: size_squares / n.powi(4) + (q_sum * q_sum - q_squares) / (n * n),
        }
    }
}

impl Block {
    /// Rows of both arms.
    pub(crate) fn n(&self) -> f64 {
        self.treated.n + self.control.n
    }

    /// Mean of the treated less that of the control rows.
    pub(crate) fn difference(&self) -> f64 {
        self.treated.mean - self.control.mean
    }

    /// Variance of the difference; None when an arm is a single group.
    pub(crate) fn variance(&self) -> Option<f64> {
        Some(self.treated.variance? + self.control.variance?)
    }

    /// Whether it holds one group of each arm.
    pub(crate) fn is_pair(&self) -> bool {
        self.treated.groups == 1 && self.control.groups == 1
    }

    /// Satterthwaite's df from the arms' own variances (Welch 1947).
    pub(crate) fn welch_df(&self) -> Option<f64> {
        let part = |arm: &Arm| Some(arm.variance?.powi(2) / (arm.groups as f64 - 1.0));
        Some(self.variance()?.powi(2) / (part(&self.treated)? + part(&self.control)?))
    }

    /// Satterthwaite's df of CR2: (tr P)²/‖P‖² with tr P = 1/n₁ + 1/n₀.
    pub(crate) fn cluster_df(&self) -> f64 {
        let trace = 1.0 / self.treated.n + 1.0 / self.control.n;
        trace.powi(2) / (self.treated.norm2 + self.control.norm2)
    }
}

/// The blocks of a sample, in the order of their numbers.
///
/// # Errors
///
/// If a block lacks an arm, or a cluster is in two arms or two blocks.
pub(crate) fn blocks(sample: &Sample) -> Result<Vec<Block>, EstimateError> {
    let mut cells: Vec<[Vec<&[f64]>; 2]> = vec![[vec![], vec![]]; sample.n_blocks()];
    for rows in sample.groups() {
        let first = rows.start;
        let (Some(y), Some(&block), Some(&treated)) =
            (sample.y.get(rows.clone()), sample.block.get(first), sample.treated.get(first))
        else {
            continue;
        };
        let same = |row: usize| {
            sample.block.get(row) == Some(&block) && sample.treated.get(row) == Some(&treated)
        };
        if !rows.clone().all(same) {
            let cluster = sample.cluster_at(first).unwrap_or_default();
            return Err(EstimateError::ClusterNotNested { cluster });
        }
        if let Some([control_groups, treated_groups]) = cells.get_mut(block) {
            if treated { treated_groups.push(y) } else { control_groups.push(y) }
        }
    }
    if let Some(&block) = sample.lost_blocks().first() {
        return Err(EstimateError::BlockWithoutArm { block });
    }
    let block = |[control, treated]: &[Vec<&[f64]>; 2]| Block {
        treated: Arm::of(treated),
        control: Arm::of(control),
    };
    Ok(cells.iter().map(block).collect())
}
