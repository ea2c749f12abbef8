//! Differences in means of several outcomes at once, over many re-draws at a time.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::linear::{Columns, add_scaled, multiply};
use crate::number::mean;
use crate::{EstimateError, Redraw, Sample};

/// A unit's arm, and rows and sum of each outcome.
type Known = (bool, Vec<[f64; 2]>);

/// Totals of several outcomes over the drawn units.
pub(super) struct Many {
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
    /// The same added up over each block, block after block.
    totals: Vec<f64>,
    pub(super) outcomes: usize,
    /// Rows of each outcome.
    rows: Vec<f64>,
    /// Standard deviation of each outcome; 0 if it does not vary.
    pub(super) spreads: Vec<f64>,
}

/// Memory that is used again for each batch of re-draws.
pub(super) struct Space {
    pub(super) arms: Vec<u8>,
    draws: usize,
    /// Block after block, of each draw 1 for a treated unit and 0 for others.
    treated: Vec<Vec<f64>>,
    /// The same of control units, where a unit of the batch may be in neither arm; else empty.
    control: Vec<Vec<f64>>,
    /// Sums over the treated and over the control units of a block, draw after draw.
    sums: [Vec<f64>; 2],
    /// Draw after draw.
    pub(super) statistics: Vec<f64>,
}

impl Space {
    pub(super) fn clear(&mut self) {
        self.draws = 0;
        self.treated.iter_mut().for_each(Vec::clear);
        self.control.clear();
    }
}

impl Many {
    pub(super) fn of(samples: &[Sample], redraw: Redraw<'_>) -> Result<Self, EstimateError> {
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
        let values: Vec<f64> = known
            .values()
            .flat_map(|(_, cells)| {
                let rows = cells.iter().take(counts).map(|[n, _]| *n);
                rows.chain(cells.iter().map(|[_, sum]| *sum)).collect::<Vec<f64>>()
            })
            .collect();
        let blocks: Vec<u32> = known.keys().map(|(block, _)| *block).collect();
        let mut end = 0;
        let ends = blocks.chunk_by(|a, b| a == b).map(|it| {
            end += it.len();
            end
        });
        let ends: Vec<usize> = ends.collect();
        Ok(Self {
            totals: totals(&values, &ends, counts + samples.len()),
            values,
            ends,
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

    pub(super) fn space(&self, redraw: Redraw<'_>) -> Space {
        Space {
            arms: vec![0; redraw.replay.units()],
            draws: 0,
            treated: vec![Vec::new(); self.ends.len()],
            control: Vec::new(),
            sums: [Vec::new(), Vec::new()],
            statistics: Vec::new(),
        }
    }

    /// Ranges of units of each block.
    fn blocks(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| start..*end)
    }

    /// The differences of the realised assignment, in the outcomes' units.
    pub(super) fn realised(&self, redraw: Redraw<'_>) -> Vec<f64> {
        let mut space = self.space(redraw);
        for (block, treated) in self.blocks().zip(&mut space.treated) {
            let own = self.treated.get(block).unwrap_or_default();
            treated.extend(own.iter().map(|it| f64::from(u8::from(*it))));
        }
        space.draws = 1;
        self.evaluate(&mut space);
        space.statistics
    }

    /// Adds the assignment in `space.arms` to the batch.
    pub(super) fn add(&self, space: &mut Space, redraw: Redraw<'_>) {
        let Space { arms, draws, treated, control, .. } = space;
        let inside = |it: &u8| u32::from(*it == redraw.treated || *it == redraw.control);
        let inside: u32 = arms.iter().map(inside).sum();
        if control.is_empty() && inside as usize != arms.len() {
            // Until now every unit was in one of the two.
            let others = |it: &Vec<f64>| it.iter().map(|it| 1.0 - it).collect();
            *control = treated.iter().map(others).collect();
        }
        // By a table, as a branch could not be foreseen.
        let add = |sides: &mut [Vec<f64>], arm: u8| {
            let table: [f64; 256] = std::array::from_fn(|it| f64::from(u8::from(it == arm.into())));
            let of = |at: &usize| {
                let arm = arms.get(*at).copied().unwrap_or_default();
                table.get(usize::from(arm)).copied().unwrap_or_default()
            };
            for (block, sides) in self.blocks().zip(sides) {
                sides.extend(self.at.get(block).unwrap_or_default().iter().map(of));
            }
        };
        add(treated, redraw.treated);
        add(control, redraw.control);
        *draws += 1;
    }

    /// Turns differences into their sizes in standard deviations.
    pub(super) fn standardise(&self, differences: &mut [f64]) {
        for (it, spread) in differences.iter_mut().zip(&self.spreads) {
            *it = if *spread > 0.0 { it.abs() / spread } else { 0.0 };
        }
    }

    /// Writes the differences of the batch's draws.
    pub(super) fn evaluate(&self, space: &mut Space) {
        let Space { draws, treated, control, sums: [own, other], statistics, .. } = space;
        statistics.clear();
        statistics.resize(*draws * self.outcomes, 0.0);
        let width = self.width();
        let totals = self.totals.chunks_exact(width);
        for (at, ((block, treated), total)) in self.blocks().zip(treated).zip(totals).enumerate() {
            let rows = block.len();
            let values = self.values.get(block.start * width..block.end * width);
            let values = Columns { values: values.unwrap_or_default(), rows: width };
            multiply(values, Columns { values: treated, rows }, own);
            if let Some(control) = control.get(at) {
                multiply(values, Columns { values: control, rows }, other);
            } else {
                other.clear();
                for own in own.chunks_exact(width) {
                    other.extend(total.iter().zip(own).map(|(total, own)| total - own));
                }
            }
            let sums = own.chunks_exact(width).zip(other.chunks_exact(width));
            for (statistics, sums) in statistics.chunks_exact_mut(self.outcomes.max(1)).zip(sums) {
                self.add_block(sums, statistics);
            }
        }
    }

    /// Adds a block's differences, weighted by its rows.
    fn add_block(&self, (treated, control): (&[f64], &[f64]), statistics: &mut [f64]) {
        let (own_rows, own) = treated.split_at(self.counts);
        let (other_rows, other) = control.split_at(self.counts);
        let sums = statistics.iter_mut().zip(&self.rows).zip(own.iter().zip(other));
        if let ([n1], [n0]) = (own_rows, other_rows) {
            let (n, each) = (n1 + n0, [1.0 / n1, 1.0 / n0]);
            if n > 0.0 {
                for ((statistic, all), (own, other)) in sums {
                    *statistic += n / all * (own * each[0] - other * each[1]);
                }
            }
            return;
        }
        for (((statistic, all), (own, other)), (n1, n0)) in
            sums.zip(own_rows.iter().zip(other_rows))
        {
            // An outcome that no unit of the block has adds nothing; one that an arm lacks, NaN.
            if n1 + n0 > 0.0 {
                *statistic += (n1 + n0) / all * (own / n1 - other / n0);
            }
        }
    }
}

/// Sums over the units of each block.
fn totals(values: &[f64], ends: &[usize], width: usize) -> Vec<f64> {
    let mut totals = vec![0.0; ends.len() * width];
    let mut units = values.chunks_exact(width.max(1)).enumerate().peekable();
    for (end, total) in ends.iter().zip(totals.chunks_exact_mut(width.max(1))) {
        while let Some((_, unit)) = units.next_if(|(at, _)| at < end) {
            add_scaled(total, unit, 1.0);
        }
    }
    totals
}

fn spread(sample: &Sample) -> f64 {
    if crate::number::is_constant(&sample.y) {
        return 0.0;
    }
    let centre = mean(&sample.y);
    let squares: Vec<f64> = sample.y.iter().map(|it| (it - centre).powi(2)).collect();
    mean(&squares).sqrt()
}
