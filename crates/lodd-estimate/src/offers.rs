//! Places offered down ranked lists: who took one.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::Rows;

/// What came of the offers. Slices have one element a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offers<'a> {
    /// Whether the row's unit was offered a place and took it.
    pub taken: &'a [bool],
    /// Places taken in the row's list, `S_k`: by everyone on it, with an outcome or without.
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
    #[error("list {list} can't have more takers than places taken: {takers} of {places}")]
    MoreTakers { list: u32, takers: usize, places: u32 },
}

impl Offers<'_> {
    /// Refuses answers that contradict each other, or the lists.
    pub(crate) fn check(&self, rows: &Rows<'_>) -> Result<(), OffersError> {
        let mut answers = BTreeMap::new();
        let mut lists: BTreeMap<u32, (u32, usize)> = BTreeMap::new();
        let columns = rows.treated.iter().zip(rows.unit).zip(self.taken.iter().zip(self.places));
        for (row, ((&offered, &unit), (&taken, &places))) in columns.enumerate() {
            if taken && !offered {
                return Err(OffersError::NotOffered { row });
            }
            let list = rows.block.and_then(|it| it.get(row)).copied().unwrap_or_default();
            let (one, takers) = lists.entry(list).or_insert((places, 0));
            if *one != places {
                return Err(OffersError::TwoNumbers { list, one: *one, other: places });
            }
            match answers.insert(unit, taken) {
                Some(before) if before != taken => return Err(OffersError::TwoAnswers { unit }),
                Some(_) => {}
                None => *takers += usize::from(taken),
            }
        }
        let crowded = |(_, (places, takers)): &(&u32, &(u32, usize))| *takers > *places as usize;
        match lists.iter().find(crowded) {
            Some((&list, &(places, takers))) => {
                Err(OffersError::MoreTakers { list, takers, places })
            }
            None => Ok(()),
        }
    }

    /// Answers and places of the rows in `order`.
    pub(crate) fn gather(&self, order: &[usize]) -> Vec<(bool, u32)> {
        order.iter().filter_map(|&row| self.at(row)).collect()
    }

    /// The order of two rows by their answers.
    pub(crate) fn compare(&self, a: usize, b: usize) -> Ordering {
        self.at(a).cmp(&self.at(b))
    }

    fn at(&self, row: usize) -> Option<(bool, u32)> {
        Some((*self.taken.get(row)?, *self.places.get(row)?))
    }
}
