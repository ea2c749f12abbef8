//! Several outcomes tested together over the same draws: adjusted p-values by step-down.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::estimators::places;
use crate::linear::{Columns, multiply};
use crate::multiplicity::StepDown;
use crate::number::mean;
use crate::wild::{AT_ONCE, Draws, Memory, Wild};
use crate::{EstimateError, Options, Redraw, Sample};

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

/// A unit's arm, and rows and sum of each outcome.
type Known = (bool, Vec<[f64; 2]>);

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

/// Totals of several outcomes over the drawn units.
struct Many {
    /// Index in the draw of each unit, block by block.
    at: Vec<usize>,
    /// Where the units of each block end.
    ends: Vec<usize>,
    treated: Vec<bool>,
    /// Unit after unit: rows (one number if all outcomes have the same, else one each), then the
    /// sum of each outcome less its centre.
    values: Vec<f64>,
    /// Numbers of rows in a unit's values: 1, or one an outcome.
    counts: usize,
    outcomes: usize,
    /// Rows of each outcome.
    rows: Vec<f64>,
    /// Standard deviation of each outcome; 0 if it does not vary.
    spreads: Vec<f64>,
}

/// Memory that is used again for each batch of re-draws.
struct Space {
    arms: Vec<u8>,
    draws: usize,
    /// Block after block, of each draw 1 for a control and 0 for others; then so for the treated.
    sides: [Vec<Vec<f64>>; 2],
    /// Sums over the control and over the treated units of a block, draw after draw.
    sums: [Vec<f64>; 2],
    /// Draw after draw.
    statistics: Vec<f64>,
}

impl Space {
    fn clear(&mut self) {
        self.draws = 0;
        self.sides.iter_mut().flatten().for_each(Vec::clear);
    }
}

impl Many {
    fn of(samples: &[Sample], redraw: Redraw<'_>) -> Result<Self, EstimateError> {
        let units = redraw.replay.units();
        // Block and arm by unit: the caller's numbers of blocks are the same in all samples.
        let mut known: BTreeMap<(u32, u32), Known> = BTreeMap::new();
        for (outcome, sample) in samples.iter().enumerate() {
            if let Some(&block) = sample.lost_blocks().first() {
                return Err(EstimateError::BlockWithoutArm { block });
            }
            let centre = mean(&sample.y);
            for (row, y) in sample.y.iter().enumerate() {
                let unit = sample.unit.get(row).copied().unwrap_or_default();
                if unit as usize >= units {
                    return Err(EstimateError::UnitOutsideDraw { unit, units });
                }
                let block = sample.block.get(row).and_then(|it| sample.block_ids.get(*it));
                let treated = sample.treated.get(row).copied().unwrap_or_default();
                let key = (block.copied().unwrap_or_default(), unit);
                let empty = || (treated, vec![[0.0; 2]; samples.len()]);
                let (_, cells) = known.entry(key).or_insert_with(empty);
                if let Some([n, sum]) = cells.get_mut(outcome) {
                    *n += 1.0;
                    *sum += y - centre;
                }
            }
        }
        let same = |cells: &[[f64; 2]]| {
            cells.windows(2).all(|it| matches!(it, [[a, _], [b, _]] if a.total_cmp(b).is_eq()))
        };
        let shared = known.values().all(|(_, cells)| same(cells));
        let counts = if shared { 1 } else { samples.len() };
        let values = known.values().flat_map(|(_, cells)| {
            let rows = cells.iter().take(counts).map(|[n, _]| *n);
            rows.chain(cells.iter().map(|[_, sum]| *sum)).collect::<Vec<f64>>()
        });
        let blocks: Vec<u32> = known.keys().map(|(block, _)| *block).collect();
        let mut end = 0;
        let ends = blocks.chunk_by(|a, b| a == b).map(|it| {
            end += it.len();
            end
        });
        Ok(Self {
            values: values.collect(),
            ends: ends.collect(),
            at: known.keys().map(|(_, unit)| *unit as usize).collect(),
            treated: known.values().map(|(treated, _)| *treated).collect(),
            counts,
            outcomes: samples.len(),
            rows: samples.iter().map(|it| it.n() as f64).collect(),
            spreads: samples.iter().map(spread).collect(),
        })
    }

    fn width(&self) -> usize {
        self.counts + self.outcomes
    }

    fn space(&self, redraw: Redraw<'_>) -> Space {
        let sides = || vec![Vec::new(); self.ends.len()];
        Space {
            arms: vec![0; redraw.replay.units()],
            draws: 0,
            sides: [sides(), sides()],
            sums: [Vec::new(), Vec::new()],
            statistics: Vec::new(),
        }
    }

    /// The differences of the realised assignment, in the outcomes' units.
    fn realised(&self, redraw: Redraw<'_>) -> Vec<f64> {
        let mut space = self.space(redraw);
        self.add_sides(&mut space, |unit| self.treated.get(unit).copied());
        self.evaluate(&mut space);
        space.statistics
    }

    /// Adds the assignment in `space.arms` to the batch.
    fn add(&self, space: &mut Space, redraw: Redraw<'_>) {
        let arms = std::mem::take(&mut space.arms);
        self.add_sides(space, |unit| {
            let arm = self.at.get(unit).and_then(|it| arms.get(*it)).copied();
            arm.and_then(|it| redraw.side(it))
        });
        space.arms = arms;
    }

    /// Adds a draw in which a unit's side is treated, control or neither.
    fn add_sides(&self, space: &mut Space, side: impl Fn(usize) -> Option<bool>) {
        let [control, treated] = &mut space.sides;
        let mut start = 0;
        for ((&end, control), treated) in self.ends.iter().zip(control).zip(treated) {
            let of = |wanted: bool| {
                let side = &side;
                (start..end).map(move |unit| f64::from(u8::from(side(unit) == Some(wanted))))
            };
            control.extend(of(false));
            treated.extend(of(true));
            start = end;
        }
        space.draws += 1;
    }

    /// Turns differences into their sizes in standard deviations.
    fn standardise(&self, differences: &mut [f64]) {
        for (it, spread) in differences.iter_mut().zip(&self.spreads) {
            *it = if *spread > 0.0 { it.abs() / spread } else { 0.0 };
        }
    }

    /// Writes the differences of the batch's draws.
    fn evaluate(&self, space: &mut Space) {
        let Space { draws, sides: [control, treated], sums, statistics, .. } = space;
        statistics.clear();
        statistics.resize(*draws * self.outcomes, 0.0);
        let width = self.width();
        let mut start = 0;
        for ((&end, control), treated) in self.ends.iter().zip(control).zip(treated) {
            let values = self.values.get(start * width..end * width).unwrap_or_default();
            for (side, sums) in [control, treated].into_iter().zip(sums.iter_mut()) {
                let sides = Columns { values: side, rows: end - start };
                multiply(Columns { values, rows: width }, sides, sums);
            }
            let [control, treated] = &*sums;
            let sums = treated.chunks_exact(width).zip(control.chunks_exact(width));
            for (statistics, sums) in statistics.chunks_exact_mut(self.outcomes.max(1)).zip(sums) {
                self.add_block(sums, statistics);
            }
            start = end;
        }
    }

    /// Adds a block's differences, weighted by its rows.
    fn add_block(&self, (treated, control): (&[f64], &[f64]), statistics: &mut [f64]) {
        let (own_rows, own) = treated.split_at(self.counts);
        let (other_rows, other) = control.split_at(self.counts);
        let last = self.counts - 1;
        for (outcome, statistic) in statistics.iter_mut().enumerate() {
            let n = |rows: &[f64]| rows.get(outcome.min(last)).copied().unwrap_or_default();
            let sum = |sums: &[f64]| sums.get(outcome).copied().unwrap_or_default();
            let (n1, n0) = (n(own_rows), n(other_rows));
            // An outcome that no unit of the block has adds nothing; one that an arm lacks, NaN.
            if n1 + n0 > 0.0 {
                let all = self.rows.get(outcome).copied().unwrap_or(1.0);
                *statistic += (n1 + n0) / all * (sum(own) / n1 - sum(other) / n0);
            }
        }
    }
}

fn spread(sample: &Sample) -> f64 {
    if crate::number::is_constant(&sample.y) {
        return 0.0;
    }
    let centre = mean(&sample.y);
    let squares: Vec<f64> = sample.y.iter().map(|it| (it - centre).powi(2)).collect();
    mean(&squares).sqrt()
}
