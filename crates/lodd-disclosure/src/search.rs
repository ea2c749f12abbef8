//! Which numbers an attacker could narrow down, given what is hidden.

use crate::{
    at,
    flow::{Network, is_alone},
    put,
    route::{Move, component, farthest},
    system::{Standing, System},
};

/// What is hidden so far, and the other sets of numbers found that agree with what is published.
#[derive(Clone, Debug)]
pub(crate) struct Search<'s> {
    pub(crate) system: &'s System,
    pub(crate) hidden: Vec<bool>,
    /// Each agrees with the system; it counts while all it changes is hidden.
    pool: Vec<Move>,
}

impl<'s> Search<'s> {
    pub(crate) fn new(system: &'s System, hidden: Vec<bool>) -> Self {
        Self { system, hidden, pool: Vec::new() }
    }

    /// Hides or shows the open numbers of a bundle.
    pub(crate) fn set(&mut self, bundle: usize, hide: bool) {
        for i in self.system.bundled(bundle) {
            if self.system.is(i, Standing::Open) {
                put(&mut self.hidden, i, hide);
            }
        }
    }

    /// Keeps a way that was found elsewhere.
    pub(crate) fn keep(&mut self, way: Move) {
        self.pool.push(way);
    }

    fn counts(&self, way: &Move) -> bool {
        way.changes().all(|i| at(&self.hidden, i))
    }

    /// How far down and up `p` moves in the sets found so far.
    pub(crate) fn seen(&self, p: usize) -> (i64, i64) {
        let moves = self.pool.iter().filter(|way| way.of(p) != 0 && self.counts(way));
        moves.fold((0, 0), |(low, high), way| (low.min(way.of(p)), high.max(way.of(p))))
    }

    /// How far down and up `p` can move, but no farther apart than `goal`.
    pub(crate) fn range(&mut self, p: usize, goal: i64) -> (i64, i64) {
        let (low, high) = self.seen(p);
        if high - low >= goal || is_alone(self.system, &self.hidden, p) {
            return (low, high);
        }
        let scope = component(self.system, &self.hidden, p);
        let network = Network::new(self.system, &scope);
        for sign in [1, -1] {
            let (low, high) = self.seen(p);
            let lacking = goal - if sign > 0 { -low } else { high };
            if high - low >= goal {
                break;
            }
            let by_flow = network.farthest(self.system, p, (sign, lacking));
            let enough = by_flow.as_ref().is_some_and(|way| way.of(p).abs() >= lacking);
            let way = if enough || network.is_exact {
                by_flow
            } else {
                farthest(self.system, &scope, p, (sign, lacking)).or(by_flow)
            };
            if let Some(way) = way {
                self.keep(way);
            }
        }
        self.seen(p)
    }

    /// Whether an attacker's interval around `p` is as wide as it must be.
    pub(crate) fn is_safe(&mut self, p: usize) -> bool {
        let width = self.system.numbers.get(p).map_or(0, |it| it.width);
        let (low, high) = self.range(p, width);
        high - low >= width
    }

    /// The sensitive numbers that are not safe.
    pub(crate) fn exposed(&mut self) -> Vec<usize> {
        self.system.sensitive().into_iter().filter(|p| !self.is_safe(*p)).collect()
    }

    /// Whether all sensitive numbers are safe.
    pub(crate) fn all_safe(&mut self) -> bool {
        self.system.sensitive().into_iter().all(|p| self.is_safe(p))
    }
}
