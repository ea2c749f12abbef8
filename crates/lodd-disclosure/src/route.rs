//! Ways from the true numbers to others that an outsider can't tell from them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    at,
    lp::Programme,
    system::{Standing, System},
};

/// By how much each number differs in another set of numbers that agrees with all published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Move(BTreeMap<usize, i64>);

impl Move {
    /// By how much each number is to differ; those that do not are left out.
    pub(crate) fn new(by: BTreeMap<usize, i64>) -> Self {
        Self(by.into_iter().filter(|(_, by)| *by != 0).collect())
    }

    /// How much it changes a number.
    pub(crate) fn of(&self, i: usize) -> i64 {
        self.0.get(&i).copied().unwrap_or(0)
    }

    /// The numbers it changes.
    pub(crate) fn changes(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.keys().copied()
    }

    /// Reads a solver's values, if they are whole and agree with the system.
    #[expect(clippy::cast_possible_truncation, reason = "a solver's values are within its bounds")]
    fn read(system: &System, values: impl Iterator<Item = (usize, f64)>) -> Option<Self> {
        const WHOLE: f64 = 1e-4;
        let mut by = BTreeMap::new();
        for (i, x) in values {
            if (x - x.round()).abs() > WHOLE {
                return None;
            }
            if x.round() as i64 != 0 {
                by.insert(i, x.round() as i64);
            }
        }
        let found = Self(by);
        found.agrees(system).then_some(found)
    }

    /// Whether the numbers, so changed, are counts whose sums hold, and nothing published differs.
    pub(crate) fn agrees(&self, system: &System) -> bool {
        let allowed = self.0.iter().all(|(i, by)| {
            system.numbers.get(*i).is_some_and(|it| {
                it.standing != Standing::Published && (it.signed || it.value + by >= 0)
            })
        });
        let touched: BTreeSet<usize> =
            self.changes().flat_map(|i| system.sums_of(i).iter().copied()).collect();
        let holds = |sum: &usize| {
            system.terms(*sum).iter().map(|(i, factor)| factor * self.of(*i)).sum::<i64>() == 0
        };
        allowed && touched.iter().all(holds)
    }
}

/// The numbers that an attacker does not see and that hang together with `p` through sums.
pub(crate) fn component(system: &System, hidden: &[bool], p: usize) -> Vec<usize> {
    let mut found = BTreeSet::from([p]);
    let mut sums = BTreeSet::new();
    let mut open = vec![p];
    while let Some(i) = open.pop() {
        for sum in system.sums_of(i) {
            if !sums.insert(*sum) {
                continue;
            }
            for (j, _) in system.terms(*sum) {
                if at(hidden, *j) && found.insert(*j) {
                    open.push(*j);
                }
            }
        }
    }
    found.into_iter().collect()
}

/// The numbers around `p` whose every sum is no more than two steps away: its own table.
pub(crate) fn near(system: &System, p: usize) -> Vec<usize> {
    let first: BTreeSet<usize> = system.sums_of(p).iter().copied().collect();
    let cells = |sums: &BTreeSet<usize>| -> BTreeSet<usize> {
        sums.iter().flat_map(|sum| system.terms(*sum).iter().map(|(i, _)| *i)).collect()
    };
    let second: BTreeSet<usize> =
        cells(&first).into_iter().flat_map(|i| system.sums_of(i).iter().copied()).collect();
    let within = |i: &usize| system.sums_of(*i).iter().all(|sum| second.contains(sum));
    cells(&second)
        .into_iter()
        .filter(|i| !system.is(*i, Standing::Published) && (*i == p || within(i)))
        .collect()
}

/// All numbers that may be suppressed or are not seen.
pub(crate) fn everywhere(system: &System) -> Vec<usize> {
    (0..system.len()).filter(|i| !system.is(*i, Standing::Published)).collect()
}

/// How far down a number can go.
fn depth(system: &System, i: usize, reach: i64) -> i64 {
    system.numbers.get(i).map_or(0, |it| if it.signed { reach } else { it.value.min(reach) })
}

/// How far `p` can move up (`sign` 1) or down (−1) when the numbers of `scope` may move: at most
/// `goal`. `None` if nothing was found that holds in whole numbers.
pub(crate) fn farthest(
    system: &System,
    scope: &[usize],
    p: usize,
    (sign, goal): (i64, i64),
) -> Option<Move> {
    let reach = 4 * goal.max(1);
    let mut programme = Programme::default();
    let mut place = BTreeMap::new();
    for i in scope {
        let is_p = *i == p;
        let price = if is_p { -(sign as f64) } else { 0.0 };
        let (down, up) = if is_p && sign > 0 {
            (0, goal)
        } else if is_p {
            (depth(system, *i, goal), 0)
        } else {
            (depth(system, *i, reach), reach)
        };
        place.insert(*i, programme.variable(price, -(down as f64), up as f64));
    }
    balance(system, &mut programme, &place);
    let read = |x: &[f64]| Move::read(system, place.iter().map(|(i, at_)| (*i, at(x, *at_))));
    let values = programme.solve()?;
    read(&values).or_else(|| read(&programme.solve_whole()?))
}

/// Every sum that a variable is in holds.
fn balance(system: &System, programme: &mut Programme, place: &BTreeMap<usize, usize>) {
    let sums: BTreeSet<usize> =
        place.keys().flat_map(|i| system.sums_of(*i).iter().copied()).collect();
    for sum in sums {
        let terms = system.terms(sum).iter();
        let terms = terms.filter_map(|(i, factor)| Some((*place.get(i)?, *factor as f64)));
        programme.equal(terms.collect(), 0.0);
    }
}

/// The cheapest way to move `p` by `by` when those of `scope` may move at `price` (by number; what
/// it costs that an outsider does not see it).
pub(crate) fn cheapest(
    system: &System,
    scope: &[usize],
    (p, by): (usize, i64),
    price: &[f64],
) -> Option<Move> {
    let size = by.abs();
    let mut programme = Programme::default();
    // Up and down apart, so that both cost.
    let mut place: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for i in scope.iter().filter(|i| **i != p) {
        let down = depth(system, *i, i64::MAX / 4);
        // A number that can carry little of the change is dear for what it carries.
        let per = |room: i64| at(price, *i) / room.min(size).max(1) as f64;
        let up_at = programme.variable(per(size), 0.0, f64::INFINITY);
        let down_at = programme.variable(per(down), 0.0, (down as f64).min(1e9));
        place.insert(*i, (up_at, down_at));
    }
    let sums: BTreeSet<usize> =
        scope.iter().flat_map(|i| system.sums_of(*i).iter().copied()).collect();
    for sum in sums {
        let mut terms = Vec::new();
        let mut right = 0.0;
        for (i, factor) in system.terms(sum) {
            if *i == p {
                right -= (factor * by) as f64;
            } else if let Some((up, down)) = place.get(i) {
                terms.extend([(*up, *factor as f64), (*down, -(*factor as f64))]);
            }
        }
        if terms.is_empty() && right.abs() > 0.5 {
            return None;
        }
        programme.equal(terms, right);
    }
    let values = programme.solve()?;
    let moved = place.iter().map(|(i, (up, down))| (*i, at(&values, *up) - at(&values, *down)));
    Move::read(system, moved.chain([(p, by as f64)]))
}
