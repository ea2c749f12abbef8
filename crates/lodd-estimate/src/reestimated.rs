//! Westfall and Young's step-down for estimators whose statistic has to be computed anew for each
//! re-draw: the smallest p-value instead of the largest difference.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::multiplicity::StepDown;
use crate::{EstimateError, Estimator, Options, Redraw, Replay, Sample};

/// Estimators of which p-values of re-draws make sense: each needs only the sample.
pub const REESTIMATED: [&str; 10] = [
    "lm_robust",
    "lin",
    "ancova",
    "did",
    "horvitz_thompson",
    "hajek",
    "logit",
    "wilcoxon",
    "paired_t",
    "cox",
];

/// One hypothesis: its rows, its options, and which arms of the draw it compares.
#[derive(Clone, Copy, Debug)]
pub struct Hypothesis<'h> {
    /// Its rows.
    pub sample: &'h Sample,
    /// How it is tested.
    pub options: &'h Options,
    /// The draw's arms of the treated and the control.
    pub redraw: Redraw<'h>,
}

/// Adjusted p-values of the effects of one estimator, by Westfall and Young's (1993) step-down over
/// the smallest p-values of re-draws that all hypotheses share: each re-draw gives every outcome's
/// rows new arms, and the estimator is computed again. A re-draw in which a hypothesis has no
/// p-value counts as extreme. None where an effect has no p-value.
///
/// # Errors
///
/// If the estimator is none of [`REESTIMATED`], a unit is not one of the draw's, or there is no seed.
pub fn westfall_young_by(
    estimator: &dyn Estimator,
    hypotheses: &[Hypothesis<'_>],
) -> Result<Vec<Option<f64>>, EstimateError> {
    let Some(first) = hypotheses.first() else { return Ok(Vec::new()) };
    if !REESTIMATED.contains(&estimator.name()) {
        return Err(EstimateError::NotTaken {
            estimator: estimator.name(),
            what: "westfall_young",
        });
    }
    let replay = first.redraw.replay;
    let units = replay.units();
    for unit in hypotheses.iter().flat_map(|it| &it.sample.unit) {
        if *unit as usize >= units {
            return Err(EstimateError::UnitOutsideDraw { unit: *unit, units });
        }
    }
    let all = replay.assignments().and_then(|it| u64::try_from(it).ok());
    let all = all.filter(|it| *it <= first.options.max_exact.min(first.options.replicates));
    if all.is_none() && first.options.seed.is_none() {
        return Err(EstimateError::NoSeed);
    }
    let (exact, draws) = (all.is_some(), all.unwrap_or(first.options.replicates));
    let strength = |sample: &Sample, options: &Options| -> Option<f64> {
        let numbers = estimator.estimate(sample, options, None).ok()?;
        numbers.first()?.p_value.map(|it| -it.max(f64::MIN_POSITIVE).ln())
    };
    let realised: Vec<Option<f64>> =
        hypotheses.iter().map(|it| strength(it.sample, it.options)).collect();
    let zero = || StepDown::new(&realised);
    let step = |(mut steps, mut arms): (StepDown, Vec<u8>), i: u64| {
        draw(replay, (exact, i), &mut arms);
        let drawn: Vec<f64> = hypotheses
            .iter()
            .map(|it| {
                let again = reassigned(it, &arms);
                again.and_then(|again| strength(&again, it.options)).unwrap_or(f64::NAN)
            })
            .collect();
        steps.count(&drawn);
        (steps, arms)
    };
    let steps = (0..draws)
        .into_par_iter()
        .fold(|| (zero(), vec![0; units]), step)
        .map(|(steps, _)| steps)
        .reduce(zero, |a, b| a.merge(&b));
    Ok(steps.p_values(hypotheses.len(), (draws, u64::from(!exact))))
}

fn draw(replay: &dyn Replay, (exact, i): (bool, u64), arms: &mut [u8]) {
    if exact {
        replay.nth(u128::from(i), arms);
    } else {
        replay.replay(i, arms);
    }
}

/// The rows with the arms of a re-draw; None where an arm or a block's arm is empty.
fn reassigned(of: &Hypothesis<'_>, arms: &[u8]) -> Option<Sample> {
    let side = |unit: &u32| of.redraw.side(*arms.get(*unit as usize)?);
    let sides: Vec<Option<bool>> = of.sample.unit.iter().map(side).collect();
    let kept: Vec<usize> =
        sides.iter().enumerate().filter(|(_, it)| it.is_some()).map(|(at, _)| at).collect();
    let mut sample =
        if kept.len() == sides.len() { of.sample.clone() } else { of.sample.select(&kept) };
    sample.treated = sides.into_iter().flatten().collect();
    let mut blocks: BTreeMap<usize, [bool; 2]> = BTreeMap::new();
    for (block, treated) in sample.block.iter().zip(&sample.treated) {
        if let Some(seen) = blocks.entry(*block).or_default().get_mut(usize::from(*treated)) {
            *seen = true;
        }
    }
    let whole = !blocks.is_empty() && blocks.values().all(|it| it.iter().all(|seen| *seen));
    whole.then_some(sample)
}
