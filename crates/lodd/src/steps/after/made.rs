//! A draw as it was made: its units in the order of the list, their arms, and how to run it again.

use lodd_draw::{Announcement, Block, Constrained, Design, File, Hash, Shares};
use lodd_estimate::{Replay, balance::Assigned};
use lodd_store::{
    Pilot,
    pilot::{Assignment, Draw, DrawnKind},
};
use sha2::{Digest, Sha256};

use super::super::{Context, verify::Folder, words};
use crate::{problem::Failure, protocol::Protocol, text::Text};

/// The most groups of ranks that a block is shuffled in.
const GROUPS: usize = lodd_draw::ARMS_MAX;

/// A draw with its units in the order of `leaves.csv` (by block and unit where there is none).
pub(in crate::steps) struct Made {
    pub(in crate::steps) draw: Draw,
    pub(in crate::steps) rows: Vec<Assignment>,
    /// The public files; none for an assignment that was made elsewhere.
    pub(super) folder: Option<(Folder, Announcement)>,
    pub(super) arm_names: Vec<Text>,
    arm: Vec<u8>,
    block: Vec<u32>,
    shares: Vec<Vec<f64>>,
    again: Again,
}

/// The draw run again, under its constraint if it has one.
struct Again {
    design: Design,
    /// With the most attempts.
    constrained: Option<(Constrained, u64)>,
    seed: Hash,
}

/// The ranks of the draw, in groups of neighbours, and the shuffle of them.
pub(super) struct Ranked {
    pub(super) rank: Vec<f64>,
    group: Vec<u8>,
    shares: Vec<Vec<f64>>,
    again: Again,
}

impl Made {
    pub(super) fn read(
        context: &Context,
        pilot: &Pilot,
        protocol: &Protocol,
        number: i64,
    ) -> Result<Self, Failure> {
        let draws = pilot.draws().map_err(|error| words::store(&error))?;
        let draw = draws.into_iter().find(|it| it.draw == number);
        let draw = draw.ok_or_else(|| Failure::internal("draw", number))?;
        let mut rows = pilot.assignments(number).map_err(|error| words::store(&error))?;
        rows.sort_by(|a, b| {
            (&a.block, a.ordinal, &a.unit_id).cmp(&(&b.block, b.ordinal, &b.unit_id))
        });
        let folder = match draw.announcement_sha256 {
            Some(_) => Some(announced(context, number)?),
            None => None,
        };
        let design = match &folder {
            Some((_, announced)) => announced.design.clone(),
            None => as_seated(&draw, &rows)?,
        };
        let constrained = match &folder {
            Some((_, announced)) => constrained(context, number, announced)?,
            None => None,
        };
        let names = design.arms().iter().map(|it| arm_name(protocol, it)).collect();
        let mut made = Self::new(draw, rows, design)?;
        (made.again.constrained, made.folder, made.arm_names) = (constrained, folder, names);
        Ok(made)
    }

    /// A draw by its design; `rows` in the order of `leaves.csv`.
    pub(super) fn new(draw: Draw, rows: Vec<Assignment>, design: Design) -> Result<Self, Failure> {
        let arms = design.arms();
        let arm_of = |row: &Assignment| arms.iter().position(|it| *it == row.arm);
        let arm = rows.iter().map(|it| arm_of(it).and_then(|at| u8::try_from(at).ok()));
        let arm: Option<Vec<u8>> = arm.collect();
        Ok(Self {
            arm: arm.ok_or_else(|| Failure::internal("arms", "an arm is not of the draw"))?,
            arm_names: Vec::new(),
            block: blocks(&design, &rows),
            shares: shares(&design),
            again: Again { seed: seed(&draw), design, constrained: None },
            draw,
            rows,
            folder: None,
        })
    }

    pub(super) fn units(&self) -> usize {
        self.rows.len()
    }

    pub(in crate::steps) fn kind(&self) -> DrawnKind {
        self.rows.first().map_or(DrawnKind::Family, |it| it.unit_kind)
    }

    pub(in crate::steps) fn design(&self) -> &Design {
        &self.again.design
    }

    /// As the tests take it.
    pub(in crate::steps) fn assigned(&self) -> Assigned<'_> {
        Assigned { replay: &self.again, arm: &self.arm, block: &self.block, shares: &self.shares }
    }

    /// The block of each unit.
    pub(super) fn block(&self) -> &[u32] {
        &self.block
    }

    /// For each unit whether it is in an arm other than the last, and how probable that was.
    pub(super) fn selected(&self) -> impl Iterator<Item = (bool, f64)> {
        let control = self.again.design.arms().len().saturating_sub(1);
        self.arm.iter().zip(&self.block).map(move |(arm, block)| {
            let shares = self.shares.get(*block as usize);
            let share = shares.and_then(|it| it.get(control)).copied().unwrap_or(0.0);
            (usize::from(*arm) != control, 1.0 - share)
        })
    }

    /// The drawn ranks; `None` where there are none, or where a constraint has chosen among them
    /// and a shuffle would not be the draw.
    pub(super) fn ranked(&self) -> Result<Option<Ranked>, Failure> {
        let ranks: Option<Vec<i64>> = self.rows.iter().map(|it| it.rank).collect();
        match ranks {
            Some(ranks) if self.again.constrained.is_none() => {
                Ranked::new(&ranks, &self.block, &self.again)
            }
            _ => Ok(None),
        }
    }
}

impl Ranked {
    fn new(ranks: &[i64], block: &[u32], again: &Again) -> Result<Option<Self>, Failure> {
        let blocks = again.design.blocks();
        let largest = blocks.iter().map(|it| it.units as usize).max().unwrap_or(0);
        let groups = largest.clamp(2, GROUPS);
        let seats: Vec<Vec<u32>> = blocks.iter().map(|it| seats(it.units, groups)).collect();
        let group_of = |(rank, block): (&i64, &u32)| {
            let mut left = usize::try_from(*rank).ok()?.checked_sub(1)?;
            for (group, seats) in (0_u8..).zip(seats.get(*block as usize)?) {
                match left.checked_sub(*seats as usize) {
                    Some(rest) => left = rest,
                    None => return Some(group),
                }
            }
            None
        };
        let group: Option<Vec<u8>> = ranks.iter().zip(block).map(group_of).collect();
        let Some(group) = group else { return Ok(None) };
        let shuffled = blocks.iter().zip(seats).map(|(block, seats)| Block {
            label: block.label.clone(),
            units: block.units,
            shares: Shares::Seats(seats),
        });
        let labels = (1..=groups).map(|group| format!("rank-{group:02}")).collect();
        let design = Design::new(labels, shuffled.collect())
            .map_err(|error| Failure::internal("ranks", error))?;
        Ok(Some(Self {
            rank: ranks.iter().map(|it| number(*it)).collect(),
            group,
            shares: shares(&design),
            again: Again { design, constrained: None, seed: again.seed },
        }))
    }

    /// As the tests take it.
    pub(super) fn assigned<'a>(&'a self, made: &'a Made) -> Assigned<'a> {
        Assigned { replay: &self.again, arm: &self.group, block: &made.block, shares: &self.shares }
    }
}

/// Ranks of a block in groups of neighbours, as equal as can be: singly while there are groups.
fn seats(units: u32, groups: usize) -> Vec<u32> {
    let count = u32::try_from(groups).unwrap_or(u32::MAX);
    (0..count).map(|group| units / count + u32::from(group < units % count)).collect()
}

impl Replay for Again {
    fn units(&self) -> usize {
        usize::try_from(self.design.units()).unwrap_or(usize::MAX)
    }

    fn assignments(&self) -> Option<u128> {
        if self.constrained.is_some() { None } else { self.design.assignments() }
    }

    fn replay(&self, i: u64, arms: &mut [u8]) {
        match &self.constrained {
            // One was accepted, so sooner or later another is.
            Some((constrained, attempts)) => {
                constrained.replay(&self.seed, i, *attempts, arms);
            }
            None => self.design.replay(&self.seed, i, arms),
        }
    }

    fn nth(&self, i: u128, arms: &mut [u8]) {
        self.design.nth(i, arms);
    }
}

/// The seed of the re-draws follows from the result: nobody can choose it to their liking.
fn seed(draw: &Draw) -> Hash {
    let result = draw.result_sha256.clone().unwrap_or_default();
    Sha256::new().chain_update(b"lodd after the draw\0").chain_update(result).finalize().into()
}

fn announced(context: &Context, number: i64) -> Result<(Folder, Announcement), Failure> {
    let folder = Folder::read(&context.path(format!("draws/{number:04}")))?;
    let bytes = folder.announcement.as_deref().unwrap_or_default();
    let announced =
        Announcement::parse(bytes).map_err(|refused| super::super::verify::refuse(&refused))?;
    Ok((folder, announced))
}

fn constrained(
    context: &Context,
    number: i64,
    announced: &Announcement,
) -> Result<Option<(Constrained, u64)>, Failure> {
    let Some(constraint) = &announced.constraint else { return Ok(None) };
    let path = context.path(format!("private/{number:04}")).join(File::Covariates.name());
    let values = super::super::read_file(&path)?;
    let read = Constrained::read(announced, &values);
    let read = read.map_err(|refused| super::super::verify::refuse(&refused))?;
    Ok(Some((read, constraint.max_attempts)))
}

/// The design of an assignment made elsewhere: seats as they were taken in each block.
fn as_seated(draw: &Draw, rows: &[Assignment]) -> Result<Design, Failure> {
    let block = |rows: &[Assignment]| {
        let taken = |arm: &String| rows.iter().filter(|it| it.arm == *arm).count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Block {
            label: rows.first().map(|it| it.block.clone()).unwrap_or_default(),
            units: count(rows.len()),
            shares: Shares::Seats(draw.arms.iter().map(|arm| count(taken(arm))).collect()),
        }
    };
    let blocks = rows.chunk_by(|a, b| a.block == b.block).map(block).collect();
    Design::new(draw.arms.clone(), blocks).map_err(|error| Failure::internal("design", error))
}

fn blocks(design: &Design, rows: &[Assignment]) -> Vec<u32> {
    let place = |row: &Assignment| {
        design.blocks().binary_search_by(|it| it.label.as_str().cmp(&row.block)).ok()
    };
    rows.iter()
        .map(|row| place(row).and_then(|at| u32::try_from(at).ok()).unwrap_or_default())
        .collect()
}

fn shares(design: &Design) -> Vec<Vec<f64>> {
    let share = |block: usize, arm: usize| {
        design.probability(block, arm).map_or(0.0, |it| ratio(it.numerator(), it.denominator()))
    };
    let arms = design.arms().len();
    (0..design.blocks().len())
        .map(|block| (0..arms).map(|arm| share(block, arm)).collect())
        .collect()
}

/// Only for statistics: nothing is decided by it.
#[expect(clippy::cast_precision_loss, reason = "the metric of a statistic needs no more")]
fn ratio(numerator: u128, denominator: u128) -> f64 {
    numerator as f64 / denominator as f64
}

/// A count or rank as a number of statistics.
#[expect(clippy::cast_precision_loss, reason = "units are fewer than 2^53")]
pub(super) fn number(n: i64) -> f64 {
    n as f64
}

/// The arm's name: of the draw of families, or of that of offices before it.
pub(in crate::steps) fn arm_name(protocol: &Protocol, label: &str) -> Text {
    let offices = protocol.draw.offices.iter().flat_map(|it| it.arms.iter());
    let arm = protocol.draw.arms.iter().chain(offices).find(|it| it.label == label);
    arm.map_or_else(|| Text::same(label), |it| it.name.clone())
}
