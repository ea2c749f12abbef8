//! What estimators of independent rows have no place for.

use crate::{EstimateError, Sample};

/// Refuses clusters of more than one row: rows of a cluster are no independent draws.
pub(super) fn refuse_clusters(
    estimator: &'static str,
    sample: &Sample,
) -> Result<(), EstimateError> {
    let clusters = sample.clusters.as_deref().unwrap_or_default();
    if clusters.iter().any(|it| it.len() > 1) {
        return Err(EstimateError::NotTaken { estimator, what: "clusters of several rows" });
    }
    Ok(())
}

/// What is said where the arms' rows lie differently over the blocks; None where they do not.
pub(super) fn unequal_shares(sample: &Sample) -> Option<String> {
    let mut cells = vec![(0_u64, 0_u64); sample.n_blocks()];
    for (block, treated) in sample.block.iter().zip(&sample.treated) {
        if let Some((n, hits)) = cells.get_mut(*block) {
            *n += 1;
            *hits += u64::from(*treated);
        }
    }
    let (n, hits) = (sample.n() as u64, sample.n_treated() as u64);
    // Shares are compared as fractions: hits_b/n_b = hits/n.
    let unequal = cells.iter().any(|(rows, treated)| treated * n != hits * rows);
    unequal.then(|| {
        "the share treated differs between blocks, which this comparison does not know".to_owned()
    })
}
