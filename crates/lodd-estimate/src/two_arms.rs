//! The outcomes of both arms, block after block.

use crate::{EstimateError, Sample};

/// The outcomes of a block, ascending.
#[derive(Clone, Debug, Default)]
pub(crate) struct TwoArms {
    /// Of the treated.
    pub(crate) treated: Vec<f64>,
    /// Of the controls.
    pub(crate) control: Vec<f64>,
}

impl TwoArms {
    /// Rows.
    pub(crate) fn n(&self) -> usize {
        self.treated.len() + self.control.len()
    }
}

/// The blocks of a sample, in the order of their numbers.
///
/// # Errors
///
/// If a block lacks an arm.
pub(crate) fn two_arms(sample: &Sample) -> Result<Vec<TwoArms>, EstimateError> {
    if let Some(&block) = sample.lost_blocks().first() {
        return Err(EstimateError::BlockWithoutArm { block });
    }
    let mut blocks = vec![TwoArms::default(); sample.n_blocks()];
    for ((y, treated), block) in sample.y.iter().zip(&sample.treated).zip(&sample.block) {
        if let Some(it) = blocks.get_mut(*block) {
            if *treated { it.treated.push(*y) } else { it.control.push(*y) }
        }
    }
    for it in &mut blocks {
        it.treated.sort_by(f64::total_cmp);
        it.control.sort_by(f64::total_cmp);
    }
    Ok(blocks)
}

/// The difference of each pair, treated less control, in the order of the blocks' numbers.
///
/// # Errors
///
/// If a block is not one treated and one control row.
pub(crate) fn pair_differences(
    estimator: &'static str,
    sample: &Sample,
) -> Result<Vec<f64>, EstimateError> {
    let difference = |(at, it): (usize, &TwoArms)| {
        if let ([treated], [control]) = (it.treated.as_slice(), it.control.as_slice()) {
            return Ok(treated - control);
        }
        let block = sample.block_ids.get(at).copied().unwrap_or_default();
        Err(EstimateError::NotPairs { estimator, block })
    };
    two_arms(sample)?.iter().enumerate().map(difference).collect()
}
