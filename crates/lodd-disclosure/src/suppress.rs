//! Secondary suppression: as few numbers more as it takes.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::{
    at,
    exact::{self, Proof},
    route::{Move, cheapest, everywhere, near},
    search::Search,
    system::{Id, Standing, System},
};

/// Up to so many open numbers the least suppression is searched for and proved.
const EXACT: usize = 45;

/// Up to so many numbers, several orders are tried and the best is kept.
const ORDERS: usize = 160;

/// What it costs to use a number that is hidden anyway: next to nothing, so that ways stay short.
const FREE: f64 = 1e-3;

/// What is published and what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// One a number of the system: whether an outsider does not see it.
    pub(crate) hidden: Vec<bool>,
    suppressed: Vec<Id>,
    primary: usize,
    /// What the suppressed numbers cost.
    pub cost: u32,
    /// Whether nothing cheaper exists.
    pub is_optimal: bool,
}

impl Pattern {
    /// Whether a number of the tables is published.
    pub fn shows(&self, id: Id) -> bool {
        !at(&self.hidden, id.0)
    }

    /// Whether all of these are published: only then may a number be that is made from them, such
    /// as a share, an estimate, its error and interval.
    pub fn shows_all(&self, ids: &[Id]) -> bool {
        ids.iter().all(|id| self.shows(*id))
    }

    /// The numbers of the tables that are withheld.
    pub fn suppressed(&self) -> &[Id] {
        &self.suppressed
    }

    /// How many of them are sensitive in themselves or stand together with such.
    pub fn primary(&self) -> usize {
        self.primary
    }

    /// What an outsider does not see, one a number of the system.
    pub fn hidden(&self) -> &[bool] {
        &self.hidden
    }

    fn new(system: &System, hidden: Vec<bool>, is_optimal: bool) -> Self {
        let open = |i: &usize| system.is(*i, Standing::Open);
        let chosen: Vec<usize> =
            (0..system.len()).filter(open).filter(|i| at(&hidden, *i)).collect();
        let least = system.hidden_at_least();
        let primary = chosen.iter().filter(|i| at(&least, **i)).count();
        let cost = chosen.iter().filter_map(|i| system.numbers.get(*i)).map(|it| it.cost).sum();
        let suppressed = chosen.into_iter().map(Id).collect();
        Self { hidden, suppressed, primary, cost, is_optimal }
    }
}

/// Sensitive numbers that no suppression can hide: too much is published already.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{} numbers can be narrowed down whatever is withheld", numbers.len())]
pub struct Unprotected {
    /// Which.
    pub numbers: Vec<Id>,
}

/// Withholds the sensitive numbers and as few others as keep every interval wide enough.
///
/// On up to 45 numbers the least cost is proved where the integer programme can be solved; beyond,
/// each exposed number is hidden by the cheapest way to move it (a linear programme), and what
/// turns out not to be needed is shown again.
///
/// # Errors
///
/// If some can't be hidden, because of what was published before.
pub fn protect(system: &System) -> Result<Pattern, Unprotected> {
    let least = system.hidden_at_least();
    let mut best: Option<Search> = None;
    for order in orders(system) {
        let found = grown(system, least.clone(), order)?;
        let is_better = |it: &Search| cost(system, &found.hidden) < cost(system, &it.hidden);
        if best.as_ref().is_none_or(is_better) {
            best = Some(found);
        }
    }
    let best = best.unwrap_or_else(|| Search::new(system, least.clone()));
    if best.hidden == least {
        return Ok(Pattern::new(system, best.hidden, true));
    }
    let open = (0..system.len()).filter(|i| system.is(*i, Standing::Open)).count();
    if open > EXACT {
        return Ok(Pattern::new(system, best.hidden, false));
    }
    let known = cost(system, &best.hidden);
    match exact::least(system, &least, known) {
        Proof::Best => Ok(Pattern::new(system, best.hidden, true)),
        Proof::Better(hidden) => {
            let safe = Search::new(system, hidden.clone()).all_safe();
            let chosen = if safe { hidden } else { best.hidden };
            Ok(Pattern::new(system, chosen, safe))
        }
        Proof::Unknown => Ok(Pattern::new(system, best.hidden, false)),
    }
}

/// What the open numbers that are hidden cost.
fn cost(system: &System, hidden: &[bool]) -> u32 {
    let all = system.numbers.iter().zip(hidden);
    let lost = all.filter(|(it, hidden)| **hidden && it.standing == Standing::Open);
    lost.map(|(it, _)| it.cost).sum()
}

/// In which order exposed numbers are taken.
#[derive(Clone, Copy, Debug)]
enum Order {
    SmallFirst,
    LargeFirst,
    Last,
}

fn orders(system: &System) -> Vec<Order> {
    if system.len() > ORDERS {
        return vec![Order::SmallFirst];
    }
    vec![Order::SmallFirst, Order::LargeFirst, Order::Last]
}

/// Hides more until every sensitive number is safe, then shows again what is not needed.
fn grown(system: &System, least: Vec<bool>, order: Order) -> Result<Search<'_>, Unprotected> {
    let mut search = Search::new(system, least);
    let mut added: BTreeSet<usize> = BTreeSet::new();
    let mut hopeless = Vec::new();
    let mut queue = search.exposed();
    let value = |i: &usize| system.numbers.get(*i).map_or(0, |it| it.value);
    match order {
        Order::SmallFirst => queue.sort_by_key(value),
        Order::LargeFirst => queue.sort_by_key(|i| -value(i)),
        Order::Last => queue.reverse(),
    }
    for p in queue {
        if search.is_safe(p) {
            continue;
        }
        match hide(&search, p) {
            Some(ways) => {
                for way in ways {
                    let bundles = way.changes().filter(|i| !at(&search.hidden, *i));
                    let bundles: BTreeSet<usize> = bundles.map(|i| system.bundle_of(i)).collect();
                    for bundle in bundles {
                        search.set(bundle, true);
                        added.insert(bundle);
                    }
                    search.keep(way);
                }
            }
            None => hopeless.push(Id(p)),
        }
    }
    if !hopeless.is_empty() {
        return Err(Unprotected { numbers: hopeless });
    }
    prune(&mut search, added);
    Ok(search)
}

/// Shows again what is not needed, the dearest first.
fn prune(search: &mut Search<'_>, added: BTreeSet<usize>) {
    let system = search.system;
    let mut added: Vec<usize> = added.into_iter().collect();
    let size = |bundle: usize| {
        let numbers = system.bundled(bundle).into_iter().filter_map(|i| system.numbers.get(i));
        numbers.map(|it| it.value).max().unwrap_or(0)
    };
    added.sort_by_key(|it| (-i64::from(system.cost_of(*it)), -size(*it), *it));
    for bundle in added {
        search.set(bundle, false);
        if !search.all_safe() {
            search.set(bundle, true);
        }
    }
}

/// The cheapest pair of ways that keep `p` from being narrowed down.
fn hide(search: &Search<'_>, p: usize) -> Option<Vec<Move>> {
    let system = search.system;
    let number = system.numbers.get(p)?;
    let width = number.width;
    let down = if number.signed { width } else { number.value.min(width) };
    let mut splits = vec![(down, width - down), (0, width)];
    if down == width {
        splits.push((width / 2, width - width / 2));
    }
    splits.dedup();
    let prices: Vec<f64> = (0..system.len()).map(|i| price(search, i)).collect();
    for scope in [near(system, p), everywhere(system)] {
        let tried = splits.iter().filter_map(|split| ways(system, &scope, p, (*split, &prices)));
        let best = tried.min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, ways)) = best {
            return Some(ways);
        }
    }
    None
}

fn price(search: &Search<'_>, i: usize) -> f64 {
    if at(&search.hidden, i) {
        FREE
    } else {
        f64::from(search.system.cost_of(search.system.bundle_of(i)))
    }
}

/// A way down and a way up, and what hiding both costs.
fn ways(
    system: &System,
    scope: &[usize],
    p: usize,
    ((down, up), prices): ((i64, i64), &[f64]),
) -> Option<(f64, Vec<Move>)> {
    let mut prices = prices.to_vec();
    let mut found = Vec::new();
    let mut cost = 0.0;
    for by in [-down, up] {
        if by == 0 {
            continue;
        }
        let way = cheapest(system, scope, (p, by), &prices)?;
        for i in way.changes() {
            let bundle = system.bundle_of(i);
            if at(&prices, i) > FREE {
                cost += at(&prices, i);
                for other in system.bundled(bundle) {
                    crate::put(&mut prices, other, FREE);
                }
            }
        }
        found.push(way);
    }
    Some((cost, found))
}
