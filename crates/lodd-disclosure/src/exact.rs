//! The least suppression of a small system, by cuts.
//!
//! Fischetti and Salazar-González (2001), *Solving the cell suppression problem on tabular data
//! with linear constraints*, Management Science 47(7). Whether an attacker's interval around `p` is
//! wide enough is a linear programme whose bounds scale with what is suppressed; its dual gives an
//! inequality on the suppressed numbers that every safe pattern fulfils.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    at,
    lp::Programme,
    system::{Standing, System},
};

/// What the search for something cheaper found.
#[derive(Debug)]
pub(crate) enum Proof {
    /// Nothing cheaper exists.
    Best,
    /// What an outsider is not to see, cheaper than what was known.
    Better(Vec<bool>),
    /// Given up.
    Unknown,
}

/// Rounds of cuts before it is given up.
const ROUNDS: usize = 60;

/// A violation smaller than this is the solver's noise.
const NOISE: f64 = 1e-6;

/// `Σ factors · y ≥ right`, y by place among the free bundles.
#[derive(Clone, Debug, PartialEq)]
struct Cut {
    factors: BTreeMap<usize, f64>,
    right: f64,
}

#[derive(Debug)]
struct Master<'s> {
    system: &'s System,
    /// What is hidden in any case.
    least: &'s [bool],
    /// Bundles that may be suppressed or not, with their cost.
    free: Vec<(usize, f64)>,
    /// The place of a bundle in `free`.
    place: BTreeMap<usize, usize>,
    cuts: Vec<Cut>,
}

/// Searches for a pattern that costs less than `known`, hiding at least `least`.
pub(crate) fn least(system: &System, least: &[bool], known: u32) -> Proof {
    let mut master = Master::new(system, least);
    let fixed: u32 = (0..system.len())
        .filter(|i| system.is(*i, Standing::Open) && at(least, *i))
        .filter_map(|i| system.numbers.get(i))
        .map(|it| it.cost)
        .sum();
    let known = f64::from(known - fixed);
    for _ in 0..ROUNDS {
        let Some(y) = master.solve(false) else { return Proof::Unknown };
        if master.cost(&y) > known - 1.0 + NOISE {
            return Proof::Best;
        }
        if !master.cut(&y) {
            break;
        }
    }
    for _ in 0..ROUNDS {
        let Some(y) = master.solve(true) else { return Proof::Unknown };
        if master.cost(&y) > known - 1.0 + NOISE {
            return Proof::Best;
        }
        if !master.cut(&y) {
            return Proof::Better(master.pattern(&y));
        }
    }
    Proof::Unknown
}

impl<'s> Master<'s> {
    fn new(system: &'s System, least: &'s [bool]) -> Self {
        let open = |i: &usize| system.is(*i, Standing::Open) && !at(least, *i);
        let bundles: BTreeSet<usize> =
            (0..system.len()).filter(open).map(|i| system.bundle_of(i)).collect();
        let free: Vec<(usize, f64)> =
            bundles.iter().map(|it| (*it, f64::from(system.cost_of(*it)))).collect();
        let place = free.iter().enumerate().map(|(at_, (it, _))| (*it, at_)).collect();
        Self { system, least, free, place, cuts: Vec::new() }
    }

    fn solve(&self, whole: bool) -> Option<Vec<f64>> {
        let mut programme = Programme::default();
        for (_, cost) in &self.free {
            programme.variable(*cost, 0.0, 1.0);
        }
        for cut in &self.cuts {
            let terms = cut.factors.iter().map(|(at_, factor)| (*at_, *factor));
            programme.at_least(terms.collect(), cut.right);
        }
        if whole { programme.solve_whole() } else { programme.solve() }
    }

    fn cost(&self, y: &[f64]) -> f64 {
        self.free.iter().zip(y).map(|((_, cost), y)| cost * y).sum()
    }

    fn pattern(&self, y: &[f64]) -> Vec<bool> {
        let chosen = |i: usize| {
            self.place.get(&self.system.bundle_of(i)).is_some_and(|at_| at(y, *at_) > 0.5)
        };
        let hidden =
            |i: usize| at(self.least, i) || (self.system.is(i, Standing::Open) && chosen(i));
        (0..self.system.len()).map(hidden).collect()
    }

    /// How far a number is suppressed, in [0, 1].
    fn share(&self, y: &[f64], i: usize) -> f64 {
        if at(self.least, i) {
            return 1.0;
        }
        self.place.get(&self.system.bundle_of(i)).map_or(0.0, |at_| at(y, *at_).clamp(0.0, 1.0))
    }

    /// Adds the inequalities that `y` violates; whether there was one.
    fn cut(&mut self, y: &[f64]) -> bool {
        let shares: Vec<f64> = (0..self.system.len()).map(|i| self.share(y, i)).collect();
        let sensitive = self.system.sensitive();
        let found = sensitive.iter().filter_map(|p| self.violated(*p, (y, &shares)));
        let found: Vec<Cut> = found.collect();
        let mut any = false;
        for cut in found {
            if !self.cuts.contains(&cut) {
                self.cuts.push(cut);
                any = true;
            }
        }
        any
    }

    fn violated(&self, p: usize, (y, shares): (&[f64], &[f64])) -> Option<Cut> {
        let width = self.system.numbers.get(p)?.width as f64;
        let mut factors = vec![0.0; self.system.len()];
        for sign in [1.0, -1.0] {
            let found = self.dual((p, sign), width * 4.0, shares)?;
            for (sum, factor) in factors.iter_mut().zip(found) {
                *sum += factor;
            }
        }
        let reached: f64 = factors.iter().zip(shares).map(|(factor, share)| factor * share).sum();
        if reached > width - NOISE * width.max(1.0) - 1e-4 {
            return None;
        }
        self.as_cut(&factors, width, y)
    }

    /// The inequality in the bundles that are free to be suppressed.
    fn as_cut(&self, factors: &[f64], width: f64, y: &[f64]) -> Option<Cut> {
        let mut right = width;
        let mut by_place: BTreeMap<usize, f64> = BTreeMap::new();
        for (i, factor) in factors.iter().enumerate() {
            if at(self.least, i) {
                right -= factor;
            } else if let Some(at_) = self.place.get(&self.system.bundle_of(i)) {
                *by_place.entry(*at_).or_default() += factor;
            }
        }
        if right < 1e-4 {
            return None;
        }
        // No more of one number can be needed than all that is lacking.
        let scaled = by_place.into_iter().map(|(at_, factor)| (at_, (factor / right).min(1.0)));
        let factors: BTreeMap<usize, f64> = scaled.filter(|(_, factor)| *factor > 1e-7).collect();
        let reached: f64 = factors.iter().map(|(at_, factor)| factor * at(y, *at_)).sum();
        (reached < 1.0 - 1e-5).then_some(Cut { factors, right: 1.0 })
    }

    /// What limits how far `p` can move: for each number, its room times the multiplier of its
    /// bound. `reach`: no number moves farther.
    fn dual(&self, (p, sign): (usize, f64), reach: f64, shares: &[f64]) -> Option<Vec<f64>> {
        // A number that is not suppressed costs next to nothing, so that few are named.
        const NEXT_TO_NOTHING: f64 = 1e-3;
        // Multipliers of sums are small whole numbers in tables; without a bound those of sums that
        // follow from each other could drift together.
        const FAR: f64 = 64.0;
        let mut programme = Programme::default();
        let sums: Vec<usize> =
            (0..self.system.sums().len()).map(|_| programme.variable(0.0, -FAR, FAR)).collect();
        let mut rooms = Vec::new();
        for (i, number) in self.system.numbers.iter().enumerate() {
            if number.standing == Standing::Published {
                continue;
            }
            let room = if number.signed { reach } else { reach.min(number.value as f64) };
            let share = at(shares, i).max(NEXT_TO_NOTHING);
            let up = programme.variable(reach * share, 0.0, f64::INFINITY);
            let down = programme.variable(room * share, 0.0, f64::INFINITY);
            let own = self.system.sums_of(i).iter();
            let mut terms: Vec<(usize, f64)> = own
                .filter_map(|sum| {
                    let factor = self.system.terms(*sum).iter().find(|(j, _)| *j == i)?.1;
                    Some((*sums.get(*sum)?, factor as f64))
                })
                .collect();
            terms.extend([(up, 1.0), (down, -1.0)]);
            programme.equal(terms, if i == p { sign } else { 0.0 });
            rooms.push((i, (up, reach), (down, room)));
        }
        let values = programme.solve()?;
        let mut factors = vec![0.0; self.system.len()];
        for (i, (up, high), (down, low)) in rooms {
            crate::put(&mut factors, i, at(&values, up) * high + at(&values, down) * low);
        }
        Some(factors)
    }
}
