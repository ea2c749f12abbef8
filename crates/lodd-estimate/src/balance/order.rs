//! Ranks within blocks: whether the order of a list shows in the order of a draw.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{Assigned, Replayed, Runs, TIE, form};
use crate::{EstimateError, linear::dot};

/// Spearman's correlation, within blocks, of the ranks that were drawn and the order of a list.
///
/// `assigned.replay` shuffles each block: its arms are groups of neighbouring ranks (singly where
/// a block is small enough), and `assigned.arm` is the group of each unit's rank. `rank`: the drawn
/// ranks; `list`: the place in the list, ties allowed; both of length n. The test compares the
/// correlation of `list` with the groups, two-sided; `statistic` is that with the ranks themselves.
///
/// # Errors
///
/// If a length is not that of the draw, or there is nothing to run.
pub fn rank_correlation(
    assigned: Assigned<'_>,
    rank: &[f64],
    list: &[f64],
    runs: Runs,
) -> Result<Replayed, EstimateError> {
    assigned.check(&[rank, list])?;
    let (exact, draws) = assigned.plan(runs);
    if draws == 0 {
        return Err(EstimateError::NoReplicates);
    }
    let list = midranks(assigned.block, list);
    let groups: Vec<f64> = assigned.arm.iter().map(|it| f64::from(*it)).collect();
    let scores = Scores::new(assigned, &midranks(assigned.block, &groups));
    let realised = scores.sum(assigned.arm, &list);
    let tolerance = TIE * dot(&list, &list).max(1.0);
    let count = (0..draws).into_par_iter().fold(
        || (0_u64, vec![0; assigned.arm.len()]),
        |(count, mut arms), i| {
            assigned.run(exact, i, &mut arms);
            let extreme = scores.sum(&arms, &list).abs() >= realised.abs() - tolerance;
            (count + u64::from(extreme), arms)
        },
    );
    let own = midranks(assigned.block, rank);
    let length = (dot(&own, &own) * dot(&list, &list)).sqrt();
    Ok(Replayed {
        statistic: if length > 0.0 { dot(&own, &list) / length } else { 0.0 },
        df: u64::from(length > 0.0),
        extreme: count.map(|(count, _)| count).sum(),
        draws,
        exact,
    })
}

/// Midranks within each block as shares of its size, centred: (rank − mean rank) / (n + 1).
///
/// `block`: the block of each unit; `values`: what they are ranked by; both of length n.
pub fn midranks(block: &[u32], values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    let key = |at: &usize| (block.get(*at).copied(), values.get(*at).copied().unwrap_or(0.0));
    order.sort_by(|a, b| {
        let ((block, x), (other, y)) = (key(a), key(b));
        block.cmp(&other).then(x.total_cmp(&y))
    });
    let mut ranks = vec![0.0; values.len()];
    for units in order.chunk_by(|a, b| key(a).0 == key(b).0) {
        let (n, mut below) = (units.len() as f64, 0.0);
        for ties in units.chunk_by(|a, b| key(a).1.total_cmp(&key(b).1).is_eq()) {
            let middle = below + f64::midpoint(ties.len() as f64, 1.0);
            below += ties.len() as f64;
            for at in ties {
                if let Some(rank) = ranks.get_mut(*at) {
                    *rank = middle / (n + 1.0);
                }
            }
        }
    }
    form::centre(block, &ranks)
}

/// The score of each group of ranks, in each block.
struct Scores<'a> {
    block: &'a [u32],
    arms: usize,
    of_group: Vec<f64>,
}

impl<'a> Scores<'a> {
    /// `own`: the score of each unit's group as it was drawn.
    fn new(assigned: Assigned<'a>, own: &[f64]) -> Self {
        let arms = assigned.arms();
        let mut scores = vec![0.0; arms * assigned.shares.len()];
        for ((block, arm), score) in assigned.block.iter().zip(assigned.arm).zip(own) {
            if let Some(slot) = scores.get_mut(*block as usize * arms + usize::from(*arm)) {
                *slot = *score;
            }
        }
        Self { block: assigned.block, arms, of_group: scores }
    }

    fn sum(&self, groups: &[u8], list: &[f64]) -> f64 {
        let score = |block: &u32, group: &u8| {
            self.of_group.get(*block as usize * self.arms + usize::from(*group)).copied()
        };
        let rows = self.block.iter().zip(groups).zip(list);
        rows.map(|((block, group), x)| score(block, group).unwrap_or(0.0) * x).sum()
    }
}
