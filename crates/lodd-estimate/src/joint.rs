//! Several outcomes tested together over the same draws: adjusted p-values by step-down.

mod many;

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::estimators::places;
use crate::multiplicity::StepDown;
use crate::wild::{AT_ONCE, Draws, Memory, Wild};
use crate::{EstimateError, Options, Redraw, Sample};
use many::{Many, Space};

/// Differences this close, in standard deviations of the outcome, are ties.
const TIE: f64 = 1e-9;

/// The randomisation tests of several outcomes of one draw, over the same re-draws.
#[derive(Clone, Debug, PartialEq)]
pub struct JointTest {
    /// The difference in means of each outcome, weighted over blocks.
    pub estimates: Vec<f64>,
    /// Its own p-value; None where the outcome does not vary.
    pub p_values: Vec<Option<f64>>,
    /// Adjusted by Westfall and Young's step-down over all.
    pub adjusted: Vec<Option<f64>>,
    /// Re-draws made, or all assignments.
    pub draws: u64,
    /// Whether all assignments were enumerated.
    pub exact: bool,
}

/// Re-runs the draw for several outcomes at once: two-sided p-values of the differences in means,
/// in standard deviations of the outcome, each alone and adjusted by Westfall and Young's (1993)
/// step-down. Outcomes may lack different rows: a unit keeps its arm.
///
/// # Errors
///
/// If a unit is not one of the draw's, a block lacks an arm, or the draw must be Monte Carlo and
/// there is no seed.
pub fn westfall_young(
    samples: &[Sample],
    options: &Options,
    redraw: Redraw<'_>,
) -> Result<JointTest, EstimateError> {
    options.check()?;
    let all = redraw.replay.assignments().and_then(|it| u64::try_from(it).ok());
    let all = all.filter(|it| *it <= options.max_exact);
    if all.is_none() && options.seed.is_none() {
        return Err(EstimateError::NoSeed);
    }
    let (exact, draws) = (all.is_some(), all.unwrap_or(options.replicates));
    let many = Many::of(samples, redraw)?;
    let estimates = many.realised(redraw);
    let absolute: Vec<Option<f64>> = estimates
        .iter()
        .zip(&many.spreads)
        .map(|(it, spread)| (*spread > 0.0).then(|| it.abs() / spread))
        .collect();
    let zero = || Counts { own: vec![0; samples.len()], steps: StepDown::new(&absolute) };
    let step = |(mut counts, mut space): (Counts, Space), batch: u64| {
        let first = batch * AT_ONCE;
        space.clear();
        for i in first..draws.min(first + AT_ONCE) {
            if exact {
                redraw.replay.nth(u128::from(i), &mut space.arms);
            } else {
                redraw.replay.replay(i, &mut space.arms);
            }
            many.add(&mut space, redraw);
        }
        many.evaluate(&mut space);
        for drawn in space.statistics.chunks_exact_mut(many.outcomes.max(1)) {
            many.standardise(drawn);
            counts.add(&absolute, drawn);
        }
        (counts, space)
    };
    let counts = (0..draws.div_ceil(AT_ONCE))
        .into_par_iter()
        .fold(|| (zero(), many.space(redraw)), step)
        .map(|(counts, _)| counts)
        .reduce(zero, |a, b| a.merge(&b));
    let extra = u64::from(!exact);
    let share = |(count, it): (&u64, &Option<f64>)| {
        it.map(|_| (count + extra) as f64 / (draws + extra) as f64)
    };
    Ok(JointTest {
        p_values: counts.own.iter().zip(&absolute).map(share).collect(),
        adjusted: counts.steps.p_values(samples.len(), (draws, extra)),
        estimates,
        draws,
        exact,
    })
}

/// Romano and Wolf's (2005) step-down over wild cluster bootstraps of several outcomes with the
/// same multipliers: adjusted p-values of the treatment; None where the outcome does not vary.
///
/// # Errors
///
/// If the covariates leave nothing of the treatment, fixed effects are absorbed, or there is no
/// seed.
pub fn romano_wolf(
    samples: &[Sample],
    options: &Options,
) -> Result<Vec<Option<f64>>, EstimateError> {
    options.check()?;
    let ids: BTreeMap<u32, usize> = places(samples);
    let wilds = samples
        .iter()
        .map(|it| Wild::of(it, options, &ids))
        .collect::<Result<Vec<Wild>, EstimateError>>()?;
    let draws = Draws::of(options, ids.len())?;
    let absolute: Vec<Option<f64>> = wilds.iter().map(|it| it.statistic.map(f64::abs)).collect();
    let zero = || StepDown::new(&absolute);
    let step = |(mut steps, mut memory, mut drawn): (StepDown, Memory, Batch), batch: u64| {
        draws.write(batch, &mut memory);
        drawn.outcomes.clear();
        for it in &wilds {
            it.drawn(&mut memory, &mut drawn.outcomes);
        }
        let number = drawn.outcomes.len().checked_div(wilds.len()).unwrap_or_default();
        for draw in 0..number {
            drawn.one.clear();
            drawn.one.extend(drawn.outcomes.iter().skip(draw).step_by(number));
            steps.count(&drawn.one);
        }
        (steps, memory, drawn)
    };
    let steps = (0..draws.batches())
        .into_par_iter()
        .fold(|| (zero(), Memory::default(), Batch::default()), step)
        .map(|(steps, _, _)| steps)
        .reduce(zero, |a, b| a.merge(&b));
    Ok(steps.p_values(samples.len(), (draws.number, u64::from(!draws.exact))))
}

/// Statistics of a batch of draws.
#[derive(Default)]
struct Batch {
    /// Outcome after outcome.
    outcomes: Vec<f64>,
    /// Of all outcomes in one draw.
    one: Vec<f64>,
}

/// Draws that reach each statistic alone, and in step-down. Counts, so the order can't matter.
struct Counts {
    own: Vec<u64>,
    steps: StepDown,
}

impl Counts {
    fn add(&mut self, realised: &[Option<f64>], drawn: &[f64]) {
        for ((count, realised), drawn) in self.own.iter_mut().zip(realised).zip(drawn) {
            // NaN, where a block lost an arm, counts as extreme.
            let reached = realised.is_some_and(|it| drawn.is_nan() || *drawn >= it - TIE);
            *count += u64::from(reached);
        }
        self.steps.count(drawn);
    }

    fn merge(mut self, other: &Self) -> Self {
        self.own.iter_mut().zip(&other.own).for_each(|(a, b)| *a += b);
        Self { steps: self.steps.merge(&other.steps), own: self.own }
    }
}
