//! The order of the list against the draw: would have caught a draw that took those who came first.
//!
//! In 2012 the US visa lottery was voided: over 90 % of those selected had registered on the first two
//! of thirty days. Each order of the list is held against the arms, by running the draw again, and
//! against the drawn ranks, by shuffling those of each block.

use lodd_estimate::balance::{Replayed, Runs, joint_tests, midranks, rank_correlation};
use lodd_report::Order;
use lodd_store::{Column, Table};

use super::{
    super::tables,
    STOP, estimate_failed,
    facts::{Known, List, names},
    made::{Made, number},
    words,
};
use crate::problem::Failure;

/// More offices than this are not held against the arms.
const OFFICES_MAX: usize = 200;

/// The checks of one draw.
#[derive(Debug)]
pub(super) struct Orders {
    pub(super) checks: Vec<Check>,
}

/// One order, held against arms or ranks.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) list: List,
    pub(super) against: Against,
    pub(super) test: Replayed,
    pub(super) first: Option<First>,
}

/// What an order is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Against {
    Arm,
    Rank,
}

/// The first tenth of a list, with those who came at the same time as its last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct First {
    pub(super) units: usize,
    /// In an arm other than the last.
    pub(super) drawn: usize,
    pub(super) expected: f64,
    /// In an arm other than the last, of all.
    pub(super) drawn_in_all: usize,
}

impl Against {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Arm => "arm",
            Self::Rank => "rank",
        }
    }
}

impl Check {
    pub(super) fn stops(&self) -> bool {
        self.test.p_value() < STOP
    }
}

impl Orders {
    /// `runs`: how often the draw is re-run.
    pub(super) fn of(made: &Made, known: &Known, runs: Runs) -> Result<Self, Failure> {
        let assigned = made.assigned();
        let ranks: Vec<Vec<f64>> =
            known.orders().iter().map(|it| midranks(made.block(), &it.places)).collect();
        let offices = office_columns(&known.office);
        let columns: Vec<&[f64]> = ranks.iter().chain(&offices).map(Vec::as_slice).collect();
        let mut groups: Vec<Vec<usize>> = (0..ranks.len()).map(|it| vec![it]).collect();
        groups.push((ranks.len()..columns.len()).collect());
        let tests = joint_tests(assigned, &columns, &groups, runs).map_err(estimate_failed)?;
        let mut checks = Vec::new();
        for (list, test) in known.orders().iter().cloned().chain([office_list()]).zip(tests) {
            let first = (!list.places.is_empty()).then(|| First::of(made, &list.places));
            checks.push(Check { list, against: Against::Arm, test, first });
        }
        if let Some(ranked) = made.ranked()? {
            for list in known.orders().iter().cloned() {
                let test =
                    rank_correlation(ranked.assigned(made), &ranked.rank, &list.places, runs)
                        .map_err(estimate_failed)?;
                checks.push(Check { list, against: Against::Rank, test, first: None });
            }
        }
        checks.retain(|it| it.test.df > 0);
        Ok(Self { checks })
    }

    /// The checks that say stop and look.
    pub(super) fn stopped(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|it| it.stops())
    }

    /// How many have a p-value at or below this.
    pub(super) fn below(&self, level: f64) -> usize {
        self.checks.iter().filter(|it| it.test.p_value() <= level).count()
    }

    /// As the page shows them.
    pub(super) fn rows(&self, made: &Made) -> Vec<Order> {
        let row = |it: &Check| Order {
            name: words::shown(&it.list.name),
            against: words::shown(&words::against(it.against)),
            p: it.test.p_value(),
            sentence: words::shown(&words::check(made, it)),
            stop: it.stops(),
        };
        self.checks.iter().map(row).collect()
    }

    /// The table, in the columns of its schema.
    pub(super) fn table(&self, made: &Made) -> Result<Table, Failure> {
        let rows = &self.checks;
        let (draw, origin) = (made.draw.draw, made.draw.origin.code());
        let int = |n: u64| i64::try_from(n).ok();
        let size = |n: usize| i64::try_from(n).ok();
        let columns = vec![
            Column::int("draw", rows.iter().map(|_| Some(draw))),
            Column::text("origin", rows.iter().map(|_| Some(origin))),
            Column::text("list", rows.iter().map(|it| Some(it.list.id))),
            Column::text("against", rows.iter().map(|it| Some(it.against.code()))),
            Column::real("statistic", rows.iter().map(|it| Some(it.test.statistic))),
            Column::int("df", rows.iter().map(|it| int(it.test.df))),
            Column::real("p_value", rows.iter().map(|it| Some(it.test.p_value()))),
            Column::int("n_replays", rows.iter().map(|it| int(it.test.draws))),
            Column::bool("exact", rows.iter().map(|it| Some(it.test.exact))),
            Column::int("n_first", rows.iter().map(|it| it.first.and_then(|it| size(it.units)))),
            Column::int(
                "n_first_drawn",
                rows.iter().map(|it| it.first.and_then(|it| size(it.drawn))),
            ),
            Column::real(
                "expected_first_drawn",
                rows.iter().map(|it| it.first.map(|it| it.expected)),
            ),
            Column::bool("stop", rows.iter().map(|it| Some(it.stops()))),
        ];
        Table::new("order", columns).map_err(|error| tables::internal(&error))
    }
}

/// The offices have no order; only whether each got its share.
fn office_list() -> List {
    List { id: "office", name: names::order("office"), places: Vec::new() }
}

/// One column an office; none where they are too many.
fn office_columns(office: &[usize]) -> Vec<Vec<f64>> {
    let offices = office.iter().max().map_or(0, |it| it + 1);
    if offices > OFFICES_MAX {
        return Vec::new();
    }
    let column = |at| office.iter().map(|it| f64::from(u8::from(*it == at))).collect();
    (0..offices).map(column).collect()
}

impl First {
    fn of(made: &Made, places: &[f64]) -> Self {
        let mut sorted = places.to_vec();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.get(places.len().div_ceil(10).saturating_sub(1)).copied().unwrap_or(0.0);
        let mut first = Self { units: 0, drawn: 0, expected: 0.0, drawn_in_all: 0 };
        for ((selected, probability), place) in made.selected().zip(places) {
            first.drawn_in_all += usize::from(selected);
            if *place <= last {
                first.units += 1;
                first.drawn += usize::from(selected);
                first.expected += probability;
            }
        }
        first
    }

    /// The share of all places that the first tenth got, and of all units that it is.
    pub(super) fn shares(&self, units: usize) -> (f64, f64) {
        let real = |n: usize| number(i64::try_from(n).unwrap_or(i64::MAX));
        let of = |part: usize, all: usize| if all == 0 { 0.0 } else { real(part) / real(all) };
        (of(self.drawn, self.drawn_in_all), of(self.units, units))
    }
}

#[cfg(test)]
mod tests;
