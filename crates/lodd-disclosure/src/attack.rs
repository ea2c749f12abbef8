//! The attacker: what can be worked out of the numbers that are not shown.

use crate::{
    search::Search,
    system::{Id, System},
};

/// What an attacker can say of a number that is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The number.
    pub id: Id,
    /// It is at least this.
    pub low: i64,
    /// It is at most this; `None` where `reach` was not far enough to tell.
    pub high: Option<i64>,
    /// Whether it is sensitive and this is narrower than its rule allows.
    pub is_exposed: bool,
}

/// The interval of every hidden number (`hidden`: one a number of the system), found by linear
/// programming over all its sums at once and checked in whole numbers. Looks no farther than
/// `reach` above the least value.
pub fn attack(system: &System, hidden: &[bool], reach: i64) -> Vec<Interval> {
    let mut search = Search::new(system, hidden.to_vec());
    let there = system.numbers().filter(|(id, _)| crate::at(hidden, id.0));
    there
        .map(|(id, number)| {
            let (low, high) = search.range(id.0, reach.max(number.width));
            let reached = high - low >= reach;
            Interval {
                id,
                low: number.value + low,
                high: (!reached).then_some(number.value + high),
                is_exposed: high - low < number.width,
            }
        })
        .collect()
}
