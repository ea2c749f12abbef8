//! The sums that each half of the units can give.

use std::collections::BTreeMap;

/// Sums of both halves that may be in memory.
const MOST_SUMS: usize = 1 << 20;

/// Sums that may be written down on the way to them.
const MOST_WRITTEN: usize = 2_000_000;

/// A drawn unit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Unit {
    /// Its rows; 0 if it has none.
    pub(crate) rows: u32,
    /// Sum of what is compared, and its rows if it was treated.
    pub(crate) sums: [f64; 2],
}

/// Units of which `seats` are treated, each choice equally likely.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) units: Vec<Unit>,
    pub(crate) seats: u32,
}

impl Block {
    pub(super) fn rows(&self) -> u32 {
        self.units.iter().map(|it| it.rows).sum()
    }

    /// Units that are alike, with their number.
    fn groups(&self) -> Vec<(Unit, u32)> {
        let mut units = self.units.clone();
        units.sort_by(Unit::order);
        let alike = units.chunk_by(|a, b| a.order(b).is_eq());
        let group = |it: &[Unit]| (it.first().copied().unwrap_or_default(), count(it));
        alike.map(group).collect()
    }
}

impl Unit {
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let Self { rows, sums: [sum, own] } = other;
        let sums = self.sums[0].total_cmp(sum).then(self.sums[1].total_cmp(own));
        self.rows.cmp(rows).then(sums)
    }
}

/// A block as its units are shared out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    pub(super) seats: u32,
    pub(super) rows: u32,
    pub(super) sums: [f64; 2],
    /// Share of all rows.
    pub(super) weight: f64,
}

impl Whole {
    /// Factor of the sums of the treated when they have so many rows, and of the block's sums; none
    /// where an arm has no row.
    pub(super) fn factors(&self, rows: u32) -> Option<(f64, f64)> {
        let (treated, control) = (f64::from(rows), f64::from(self.rows - rows));
        match self.rows {
            0 => Some((0.0, 0.0)),
            _ if rows == 0 || rows == self.rows => None,
            _ => Some((self.weight * (1.0 / treated + 1.0 / control), -self.weight / control)),
        }
    }
}

/// What some units can add, in a number of ways.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// From blocks that are complete: difference in the outcome, and in the realised treatment.
    pub(super) closed: [f64; 2],
    /// Sums over the treated of the block that is not.
    pub(super) open: [f64; 2],
    pub(super) ways: u128,
}

impl Entry {
    /// By realised treatment first: of the same, weighted sums rise as well.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let parts = |it: &Self| [it.closed[1], it.open[1], it.closed[0], it.open[0]];
        let pairs = parts(self).into_iter().zip(parts(other));
        pairs
            .map(|(a, b)| a.total_cmp(&b))
            .find(|it| it.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    }
}

/// Entries by seats taken and rows treated in the block that is not complete.
#[derive(Clone, Debug)]
pub(super) struct Half {
    pub(super) lists: BTreeMap<(u32, u32), Vec<Entry>>,
}

impl Half {
    fn empty() -> Self {
        let nothing = Entry { closed: [0.0; 2], open: [0.0; 2], ways: 1 };
        Self { lists: BTreeMap::from([((0, 0), vec![nothing])]) }
    }

    fn len(&self) -> usize {
        self.lists.values().map(Vec::len).sum()
    }

    /// Shares out more units of a block, all alike; `rest` are then left, which must be able to
    /// fill the seats.
    fn take(&mut self, (unit, units): &(Unit, u32), seats: u32, rest: u32) {
        let mut lists: BTreeMap<(u32, u32), Vec<Entry>> = BTreeMap::new();
        for ((taken, rows), list) in std::mem::take(&mut self.lists) {
            let free = seats - taken;
            let mut choices = 1;
            for sat in 0..=*units.min(&free) {
                if free - sat <= rest {
                    let with = |it: &Entry| {
                        let open = plus(it.open, f64::from(sat), unit.sums);
                        Entry { open, ways: it.ways.saturating_mul(choices), ..*it }
                    };
                    let to = lists.entry((taken + sat, rows + sat * unit.rows)).or_default();
                    to.extend(list.iter().map(with));
                }
                choices = times_over(choices, units - sat, sat + 1);
            }
        }
        lists.values_mut().for_each(merge);
        self.lists = lists;
    }

    /// Turns the sums of a complete block into what it adds.
    fn close(&mut self, block: &Whole, grid: f64) {
        let mut all = Vec::new();
        for ((_, rows), list) in std::mem::take(&mut self.lists) {
            let Some((factor, rest)) = block.factors(rows) else { continue };
            let on_grid = |it: f64| (it / grid).round() * grid;
            let closed = |it: &Entry| {
                let added = plus(plus([0.0; 2], factor, it.open), rest, block.sums);
                plus(it.closed, 1.0, added.map(on_grid))
            };
            all.extend(list.iter().map(|it| Entry { closed: closed(it), open: [0.0; 2], ..*it }));
        }
        merge(&mut all);
        self.lists = BTreeMap::from([((0, 0), all)]);
    }
}

/// Units of a block, whose seats are 32-bit numbers.
fn count(units: &[Unit]) -> u32 {
    u32::try_from(units.len()).unwrap_or(u32::MAX)
}

fn plus([a, b]: [f64; 2], times: f64, [more, own]: [f64; 2]) -> [f64; 2] {
    [a + times * more, b + times * own]
}

/// `c · m / j`, where `j` divides `c · m`, without overflow unless the quotient does.
fn times_over(c: u128, m: u32, j: u32) -> u128 {
    let (m, j) = (u128::from(m), u128::from(j));
    (c / j).saturating_mul(m).saturating_add(c % j * m / j)
}

/// Puts entries in order, and equal ones together.
fn merge(list: &mut Vec<Entry>) {
    list.sort_by(Entry::order);
    list.dedup_by(|next, kept| {
        let same = kept.order(next).is_eq();
        kept.ways = if same { kept.ways.saturating_add(next.ways) } else { kept.ways };
        same
    });
}

/// A half, and how far it has come.
struct Side {
    half: Half,
    block: usize,
    /// Groups of that block it has taken.
    taken: usize,
    /// Units of that block it has not.
    rest: u32,
}

/// Shares out units from the first on and from the last on, each time those of the shorter half,
/// until the halves meet. Gives both and the block where they do; None where that is too much.
pub(super) fn meet(blocks: &[Block], wholes: &[Whole], grid: f64) -> Option<([Half; 2], Whole)> {
    let groups: Vec<Vec<(Unit, u32)>> = blocks.iter().map(Block::groups).collect();
    let start = |block: usize| {
        let rest = blocks.get(block).map_or(0, |it| count(&it.units));
        Side { half: Half::empty(), block, taken: 0, rest }
    };
    let (mut left, mut right) = (start(0), start(blocks.len().checked_sub(1)?));
    let mut written = 0;
    loop {
        let sums = left.half.len() + right.half.len();
        written += sums;
        if sums > MOST_SUMS || written > MOST_WRITTEN {
            return None;
        }
        let forward = left.half.len() <= right.half.len();
        let (mine, other) = if forward { (&mut left, &right) } else { (&mut right, &left) };
        let (groups, whole) = (groups.get(mine.block)?, wholes.get(mine.block)?);
        let shared = if mine.block == other.block { other.taken } else { 0 };
        if mine.taken + shared < groups.len() {
            let at = if forward { mine.taken } else { groups.len() - 1 - mine.taken };
            let group = groups.get(at)?;
            mine.taken += 1;
            mine.rest -= group.1;
            mine.half.take(group, whole.seats, mine.rest);
        } else if mine.block == other.block {
            return Some(([left.half, right.half], *whole));
        } else {
            mine.half.close(whole, grid);
            let next = if forward { mine.block + 1 } else { mine.block - 1 };
            *mine = Side { half: std::mem::replace(&mut mine.half, Half::empty()), ..start(next) };
        }
    }
}
