//! The statistic of a re-drawn assignment, from totals of the drawn units.
//!
//! Outcomes are added up once for each unit, so a re-draw costs a few additions a unit.

use std::collections::BTreeSet;

use crate::counted;
use crate::number::mean;
use crate::{Alternative, EstimateError, Sample, Statistic};

/// Differences and standard errors this small, in standard deviations, are 0.
const ROUNDING: f64 = 1e-12;

/// Rows, outcome and realised arm of one drawn unit.
#[derive(Clone, Copy, Debug)]
struct Unit {
    /// Its index in the draw.
    at: usize,
    block: usize,
    treated: bool,
    n: f64,
    /// Sum of its outcomes, less the centre.
    sum: f64,
    /// Sum of what the statistic compares: the outcomes again, or their ranks.
    score: f64,
}

/// A sample as its drawn units.
#[derive(Clone, Debug)]
pub(crate) struct Trial {
    units: Vec<Unit>,
    blocks: usize,
    /// Units of the draw, of which some may have no row.
    drawn_units: usize,
    statistic: Statistic,
    alternative: Alternative,
    /// Place among `units` of each row by rising outcome, and whether the next outcome is larger:
    /// for the distance between distributions only.
    by_outcome: Vec<(usize, bool)>,
    spread: f64,
    /// Whether every block is one treated and one control unit.
    pairs: bool,
}

/// What an assignment gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn {
    /// None when a block lost an arm.
    pub(crate) statistic: Option<f64>,
    /// The difference in means.
    pub(crate) difference: f64,
    /// The difference in means of the realised treatment, instead of the outcome; in [−1, 1].
    pub(crate) of_realised: f64,
    /// Whether every unit is in the arm it was in.
    pub(crate) is_realised: bool,
    /// Whether a unit is in neither of the two arms.
    pub(crate) left_out: bool,
}

/// The side of a unit's arm: treated or control, or neither.
pub(crate) type Side = Option<bool>;

/// Memory that is used again for each re-draw.
#[derive(Clone, Debug)]
pub(crate) struct Space {
    /// The arm of each unit of the draw.
    pub(crate) arms: Vec<u8>,
    sides: Vec<Side>,
    blocks: Vec<[Cell; 2]>,
}

/// Sums over the units of one arm in one block.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    units: usize,
    n: f64,
    sum: f64,
    score: f64,
    realised: f64,
    squares: f64,
}

impl Trial {
    /// Adds rows up to units.
    ///
    /// # Errors
    ///
    /// If a unit is not one of the draw's, a block lacks an arm, or a studentized statistic has
    /// too few units in a block.
    pub(crate) fn of(
        sample: &Sample,
        (statistic, alternative): (Statistic, Alternative),
        drawn_units: usize,
    ) -> Result<Self, EstimateError> {
        if let Some(&block) = sample.lost_blocks().first() {
            return Err(EstimateError::BlockWithoutArm { block });
        }
        if let Some(&unit) = sample.unit.iter().find(|it| **it as usize >= drawn_units) {
            return Err(EstimateError::UnitOutsideDraw { unit, units: drawn_units });
        }
        let centre = centre(&sample.y);
        let centred: Vec<f64> = sample.y.iter().map(|it| (it - mean(&sample.y)).powi(2)).collect();
        let mut trial = Self {
            units: units(sample, centre, statistic),
            by_outcome: if statistic == Statistic::Ks { by_outcome(sample) } else { Vec::new() },
            blocks: sample.n_blocks(),
            drawn_units,
            statistic,
            alternative,
            spread: mean(&centred).sqrt(),
            pairs: false,
        };
        let mut space = trial.space();
        trial.sum(&mut space, trial.units.iter().map(|it| Some(it.treated)));
        trial.pairs = trial.blocks > 1 && space.blocks.iter().flatten().all(|it| it.units == 1);
        let small = space.blocks.iter().position(|it| it.iter().any(|it| it.units < 2));
        match small {
            Some(at) if statistic == Statistic::Studentized && !trial.pairs => {
                let block = sample.block_ids.get(at).copied().unwrap_or_default();
                Err(EstimateError::SmallBlock { block })
            }
            _ => Ok(trial),
        }
    }

    /// Memory for re-draws.
    pub(crate) fn space(&self) -> Space {
        Space {
            arms: vec![0; self.drawn_units],
            sides: Vec::with_capacity(self.units.len()),
            blocks: vec![[Cell::default(); 2]; self.blocks],
        }
    }

    /// The units block by block, where the statistic is a sum over the treated units of each: not
    /// for a statistic with a standard error, nor where blocks are not those of the draw. `seats`
    /// as of [`Replay::seats`](crate::Replay::seats), of arms `treated` and `control` only.
    pub(crate) fn blocks(
        &self,
        seats: &[Vec<u32>],
        (treated, control): (u8, u8),
        with_realised: bool,
    ) -> Option<Vec<counted::Block>> {
        let score = match self.statistic {
            Statistic::Difference => |it: &Unit| it.sum,
            Statistic::Rank => |it: &Unit| it.score,
            Statistic::Studentized | Statistic::Ks => return None,
        };
        let mut rest = self.units.iter().peekable();
        let (mut blocks, mut start, mut of_sample) = (Vec::new(), 0_usize, BTreeSet::new());
        for seats in seats {
            let seat = |arm: u8| seats.get(usize::from(arm)).copied().unwrap_or_default();
            let all: u32 = seats.iter().sum();
            if seat(treated) + seat(control) != all {
                return None;
            }
            let end = start + all as usize;
            let mut units = vec![counted::Unit::default(); all as usize];
            let (mut block, mut left) = (None, [seat(control), seat(treated)]);
            while let Some(it) = rest.next_if(|it| it.at < end) {
                let [control, treated] = &mut left;
                let left = if it.treated { treated } else { control };
                // More in an arm than it has seats: it was another draw.
                *left = left.checked_sub(1)?;
                if *block.get_or_insert(it.block) != it.block {
                    return None;
                }
                let own = if it.treated && with_realised { it.n } else { 0.0 };
                *units.get_mut(it.at - start)? =
                    counted::Unit { rows: whole(it.n)?, sums: [score(it), own] };
            }
            // One block of the sample in two of the draw: its arms' sizes are not fixed.
            if block.is_some_and(|it| !of_sample.insert(it)) {
                return None;
            }
            blocks.push(counted::Block { units, seats: seat(treated) });
            start = end;
        }
        Some(blocks)
    }

    /// Standard deviation of the outcome over rows.
    pub(crate) fn spread(&self) -> f64 {
        self.spread
    }

    /// What the realised assignment gives.
    pub(crate) fn realised(&self) -> Drawn {
        let mut space = self.space();
        space.sides.extend(self.units.iter().map(|it| Some(it.treated)));
        self.evaluate(&mut space)
    }

    /// What the assignment in `space.arms` gives.
    pub(crate) fn drawn(&self, space: &mut Space, side: impl Fn(u8) -> Side) -> Drawn {
        let arms = &space.arms;
        space.sides.clear();
        let sides = self.units.iter().map(|it| arms.get(it.at).copied().and_then(&side));
        space.sides.extend(sides);
        self.evaluate(space)
    }

    fn evaluate(&self, space: &mut Space) -> Drawn {
        let sides = std::mem::take(&mut space.sides);
        self.sum(space, sides.iter().copied());
        let (mut n, mut difference, mut of_realised, mut whole) = (0.0, 0.0, 0.0, true);
        let mut score = 0.0;
        for [control, treated] in &space.blocks {
            let rows = treated.n + control.n;
            n += rows;
            difference += rows * (treated.sum / treated.n - control.sum / control.n);
            of_realised += rows * (treated.realised / treated.n - control.realised / control.n);
            score += rows * (treated.score / treated.n - control.score / control.n);
            whole &= treated.units > 0 && control.units > 0;
        }
        difference /= n;
        let statistic = match self.statistic {
            _ if !whole => None,
            Statistic::Difference => Some(difference),
            Statistic::Studentized => self.studentized(space, &sides, difference, n),
            Statistic::Rank => Some(score / n),
            Statistic::Ks => Some(self.distance(space, &sides, n)),
        };
        let drawn = Drawn {
            statistic,
            difference,
            of_realised: of_realised / n,
            is_realised: self.units.iter().zip(&sides).all(|(it, side)| *side == Some(it.treated)),
            left_out: sides.contains(&None),
        };
        space.sides = sides;
        drawn
    }

    fn sum(&self, space: &mut Space, sides: impl Iterator<Item = Side>) {
        space.blocks.fill([Cell::default(); 2]);
        for (unit, side) in self.units.iter().zip(sides) {
            let Some(cell) = space.cell(unit.block, side) else { continue };
            cell.units += 1;
            cell.n += unit.n;
            cell.sum += unit.sum;
            cell.score += unit.score;
            cell.realised += if unit.treated { unit.n } else { 0.0 };
        }
    }

    /// The largest F₀ − F₁ by size, weighted over blocks, positive where the treated have more; of
    /// a one-sided test the largest on its side.
    fn distance(&self, space: &mut Space, sides: &[Side], n: f64) -> f64 {
        let (mut along, mut above, mut below) = (0.0_f64, 0.0_f64, 0.0_f64);
        for (place, is_last) in &self.by_outcome {
            let (Some(unit), Some(side)) = (self.units.get(*place), sides.get(*place)) else {
                continue;
            };
            let rows = space.rows(unit.block);
            // A unit in neither arm moves nothing.
            if let Some(cell) = space.cell(unit.block, *side) {
                let step = rows / n / cell.n;
                along += if *side == Some(true) { -step } else { step };
            }
            if *is_last {
                above = above.max(along);
                below = below.min(along);
            }
        }
        match self.alternative {
            Alternative::Less => below,
            Alternative::TwoSided if -below > above => below,
            Alternative::Greater | Alternative::TwoSided => above,
        }
    }

    /// The difference over the standard error that `difference_in_means` has with units as
    /// clusters; infinite without variation in the arms, None where an arm is a single unit.
    fn studentized(
        &self,
        space: &mut Space,
        sides: &[Side],
        difference: f64,
        n: f64,
    ) -> Option<f64> {
        let variance = if self.pairs {
            let pairs = self.blocks as f64;
            let deviation = |[control, treated]: &[Cell; 2]| {
                let rows = treated.n + control.n;
                rows * (treated.sum / treated.n - control.sum / control.n) - n * difference / pairs
            };
            let squares: f64 = space.blocks.iter().map(|it| deviation(it).powi(2)).sum();
            pairs / ((pairs - 1.0) * n * n) * squares
        } else {
            for (unit, side) in self.units.iter().zip(sides) {
                let Some(cell) = space.cell(unit.block, *side) else { continue };
                let residual = unit.sum - unit.n * cell.sum / cell.n;
                cell.squares += residual * residual / (1.0 - unit.n / cell.n);
            }
            let arm = |it: &Cell| it.squares / (it.n * it.n);
            let block = |[control, treated]: &[Cell; 2]| {
                ((treated.n + control.n) / n).powi(2) * (arm(treated) + arm(control))
            };
            space.blocks.iter().map(block).sum()
        };
        let rounding = ROUNDING * self.spread;
        if variance.is_nan() {
            None
        } else if difference.abs() <= rounding {
            Some(0.0)
        } else if variance.sqrt() <= rounding {
            Some(f64::INFINITY.copysign(difference))
        } else {
            Some(difference / variance.sqrt())
        }
    }
}

impl Space {
    /// Rows of both arms of a block.
    fn rows(&self, block: usize) -> f64 {
        self.blocks.get(block).map_or(0.0, |[control, treated]| control.n + treated.n)
    }

    fn cell(&mut self, block: usize, side: Side) -> Option<&mut Cell> {
        let [control, treated] = self.blocks.get_mut(block)?;
        Some(if side? { treated } else { control })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of rows that are in memory"
)]
fn whole(rows: f64) -> Option<u32> {
    (rows < f64::from(u32::MAX)).then_some(rows as u32)
}

/// What is taken from each outcome so that sums keep their digits: 0 for whole numbers, whose
/// sums are exact, else the mean.
fn centre(y: &[f64]) -> f64 {
    let whole = y.iter().all(|it| it.fract() == 0.0 && it.abs() < 1e9);
    if whole { 0.0 } else { mean(y) }
}

/// The place among the units of each row by rising outcome, and whether the next is larger.
fn by_outcome(sample: &Sample) -> Vec<(usize, bool)> {
    let ids: BTreeSet<u32> = sample.unit.iter().copied().collect();
    let ids: Vec<u32> = ids.into_iter().collect();
    let mut rows: Vec<(f64, usize)> = sample
        .y
        .iter()
        .zip(&sample.unit)
        .map(|(y, unit)| (*y, ids.binary_search(unit).unwrap_or_default()))
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let next = rows.iter().skip(1).map(|it| Some(it.0)).chain([None]);
    rows.iter().zip(next).map(|((y, unit), next)| (*unit, next.is_none_or(|it| it > *y))).collect()
}

fn units(sample: &Sample, centre: f64, statistic: Statistic) -> Vec<Unit> {
    let scores = if statistic == Statistic::Rank {
        let block = |it: &usize| u32::try_from(*it).unwrap_or_default();
        let blocks: Vec<u32> = sample.block.iter().map(block).collect();
        crate::balance::midranks(&blocks, &sample.y)
    } else {
        sample.y.iter().map(|it| it - centre).collect()
    };
    let mut by_unit: std::collections::BTreeMap<u32, Unit> = std::collections::BTreeMap::new();
    let rows = sample.unit.iter().zip(&sample.block).zip(&sample.treated).zip(&sample.y);
    for ((((&at, &block), &treated), y), score) in rows.zip(&scores) {
        let empty = Unit { at: at as usize, block, treated, n: 0.0, sum: 0.0, score: 0.0 };
        let unit = by_unit.entry(at).or_insert(empty);
        unit.n += 1.0;
        unit.sum += y - centre;
        unit.score += score;
    }
    by_unit.into_values().collect()
}
