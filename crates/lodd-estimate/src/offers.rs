//! Places offered down ranked lists: who took one.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::Rows;

/// What became of a unit's place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taken {
    /// It was not offered one, or did not take it.
    #[default]
    No,
    /// It took its place, and left it before offers stopped: the place was offered again.
    Left,
    /// It took its place, and had it when offers stopped.
    Kept,
}

/// What came of the offers. Slices have one element a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offers<'a> {
    /// What became of the place of the row's unit.
    pub taken: &'a [Taken],
    /// Places kept in the row's list, `S_k`: by everyone on it, with an outcome or without.
    /// Offers stop at the last of them.
    pub places: &'a [u32],
}

/// Why offers are refused. A `row` counts from 0, in the caller's order; messages count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum OffersError {
    #[error("a place can't be taken without an offer: row {}", .row + 1)]
    NotOffered { row: usize },
    #[error("unit {unit} must have one answer to its offer")]
    TwoAnswers { unit: u32 },
    #[error("list {list} must have one number of places: {one} and {other}")]
    TwoNumbers { list: u32, one: u32, other: u32 },
    #[error("list {list} can't have more who kept a place than places: {kept} of {places}")]
    TooManyKept { list: u32, kept: usize, places: u32 },
}

impl Offers<'_> {
    /// Refuses answers that contradict each other, or the lists.
    pub(crate) fn check(&self, rows: &Rows<'_>) -> Result<(), OffersError> {
        let mut answers = BTreeMap::new();
        let mut lists: BTreeMap<u32, (u32, usize)> = BTreeMap::new();
        let columns = rows.treated.iter().zip(rows.unit).zip(self.taken.iter().zip(self.places));
        for (row, ((&offered, &unit), (&taken, &places))) in columns.enumerate() {
            if taken != Taken::No && !offered {
                return Err(OffersError::NotOffered { row });
            }
            let list = rows.block.and_then(|it| it.get(row)).copied().unwrap_or_default();
            let (one, kept) = lists.entry(list).or_insert((places, 0));
            if *one != places {
                return Err(OffersError::TwoNumbers { list, one: *one, other: places });
            }
            match answers.insert(unit, taken) {
                Some(before) if before != taken => return Err(OffersError::TwoAnswers { unit }),
                Some(_) => {}
                None => *kept += usize::from(taken == Taken::Kept),
            }
        }
        let crowded = |(_, (places, kept)): &(&u32, &(u32, usize))| *kept > *places as usize;
        match lists.iter().find(crowded) {
            Some((&list, &(places, kept))) => Err(OffersError::TooManyKept { list, kept, places }),
            None => Ok(()),
        }
    }

    /// Answers and places of the rows in `order`.
    pub(crate) fn gather(&self, order: &[usize]) -> Vec<(Taken, u32)> {
        order.iter().filter_map(|&row| self.at(row)).collect()
    }

    /// The order of two rows by their answers.
    pub(crate) fn compare(&self, a: usize, b: usize) -> Ordering {
        self.at(a).cmp(&self.at(b))
    }

    fn at(&self, row: usize) -> Option<(Taken, u32)> {
        Some((*self.taken.get(row)?, *self.places.get(row)?))
    }
}
