//! Counts the assignments that give a difference, without going through them.
//!
//! With fixed seats a difference in means is a sum over the treated units. What each half of the
//! units can add to it is written down once, equal sums together with their number of ways (the
//! shift algorithm: Streitberg and Röhmel 1986), and pairs of a sum from each half are counted
//! along both in order (Horowitz and Sahni 1974). C(30,15) is 2·2^15 sums; units that are alike are
//! taken together, so that of whole numbers there can be far more.

mod halves;

use halves::{Entry, Half, Whole, meet};

pub(crate) use halves::{Block, Unit};

use crate::Alternative;

/// Sums that may be put in order for one result.
const MOST_WORK: u64 = 8_000_000;

/// How often a p-value is computed for an interval, about.
const INTERVAL_RUNS: u64 = 100;

/// What blocks add is rounded to this, in standard deviations, so that equal sums are seen as such.
const GRID: f64 = 1.0 / (1_u64 << 47) as f64;

/// Sums this close, in standard deviations, are ties at the end of an interval.
const TIE: f64 = 1e-11;

/// The end of an interval is known to this, in standard deviations.
const END: f64 = 1e-13;

/// All assignments by the difference they give.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    halves: [Half; 2],
    /// The block between the halves.
    between: Whole,
    /// Assignments in which each block has rows in both arms.
    defined: u128,
    spread: f64,
}

/// The question of a test: how many assignments give as much as `realised`?
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    pub(crate) realised: f64,
    pub(crate) alternative: Alternative,
    pub(crate) tolerance: f64,
}

impl Counted {
    /// None where the sums would be too many. `spread`: standard deviation of the outcome.
    pub(crate) fn of(blocks: &[Block], spread: f64, with_interval: bool) -> Option<Self> {
        if !(spread > 0.0 && spread.is_finite()) {
            return None;
        }
        let total: f64 = blocks.iter().map(|it| f64::from(it.rows())).sum();
        let whole = |it: &Block| Whole {
            seats: it.seats,
            rows: it.rows(),
            sums: [0, 1].map(|at| it.units.iter().filter_map(|unit| unit.sums.get(at)).sum()),
            weight: f64::from(it.rows()) / total,
        };
        let wholes: Vec<Whole> = blocks.iter().map(whole).collect();
        let grid = (GRID * spread).max(f64::MIN_POSITIVE);
        let (halves, between) = meet(blocks, &wholes, grid)?;
        let mut counted = Self { halves, between, defined: 0, spread };
        let runs = if with_interval { INTERVAL_RUNS } else { 1 };
        let work: usize = counted.pairs().map(|(a, b, _)| a.len() + b.len()).sum();
        if (work as u64).saturating_mul(runs) > MOST_WORK {
            return None;
        }
        counted.defined = counted.pairs().map(|(a, b, _)| ways(a).saturating_mul(ways(b))).sum();
        Some(counted)
    }

    /// Assignments in which each block has rows in both arms.
    pub(crate) fn defined(&self) -> u128 {
        self.defined
    }

    /// Lists of both halves that fill the seats between them, with the factors of that block.
    fn pairs(&self) -> impl Iterator<Item = (&[Entry], &[Entry], (f64, f64))> {
        let [left, right] = &self.halves;
        left.lists.iter().flat_map(move |((seats, rows), list)| {
            let rest = self.between.seats.saturating_sub(*seats);
            let others = right.lists.range((rest, 0)..=(rest, u32::MAX));
            others.filter_map(move |((_, more), other)| {
                let factors = self.between.factors(rows + more)?;
                Some((list.as_slice(), other.as_slice(), factors))
            })
        })
    }

    /// Assignments whose `weights` · (difference in the outcome, in the realised treatment) is at
    /// least as extreme as asked.
    fn extreme(&self, weights: [f64; 2], question: Question) -> u128 {
        let Question { realised, alternative, tolerance } = question;
        let dot = |it: [f64; 2]| weights[0] * it[0] + weights[1] * it[1];
        let mut count = 0_u128;
        for (left, right, (factor, rest)) in self.pairs() {
            let sums = |list: &[Entry], offset: f64| {
                let sum = |it: &Entry| dot(it.closed) + factor * dot(it.open) + offset;
                let mut all: Vec<(f64, u128)> = list.iter().map(|it| (sum(it), it.ways)).collect();
                all.sort_by(|a, b| a.0.total_cmp(&b.0));
                all
            };
            let left = sums(left, rest * dot(self.between.sums));
            let right = sums(right, 0.0);
            let above = |bound: f64| reaching(&left, &right, |it| it >= bound);
            let below = |bound: f64| {
                let all = total(&left).saturating_mul(total(&right));
                all - reaching(&left, &right, |it| it > bound)
            };
            count += match alternative {
                Alternative::Greater => above(realised - tolerance),
                Alternative::Less => below(realised + tolerance),
                Alternative::TwoSided => {
                    let size = realised.abs() - tolerance;
                    if size <= 0.0 {
                        total(&left).saturating_mul(total(&right))
                    } else {
                        above(size) + below(-size)
                    }
                }
            };
        }
        count
    }

    /// Assignments that are at least as extreme as the realised one when treatment has no effect.
    pub(crate) fn count(&self, question: Question) -> u128 {
        self.extreme([1.0, 0.0], question)
    }

    /// The constant effects under which more than `most` assignments are at least as extreme, of
    /// which `always` are whatever the effect. A side without an end is None.
    ///
    /// The re-draw's statistic is T − τD, where D is that of the realised treatment, and the
    /// realised one is t − τ; the count falls on both sides of t.
    pub(crate) fn interval(
        &self,
        question: Question,
        (always, most): (u128, u128),
    ) -> (Option<f64>, Option<f64>) {
        let realised = question.realised;
        let kept = |effect: f64| {
            let question = Question {
                realised: realised - effect,
                tolerance: TIE * self.spread.max(effect.abs()),
                ..question
            };
            always + self.extreme([1.0, -effect], question) > most
        };
        // Far away only D counts.
        let far = |alternative| {
            let question = Question { realised: 1.0, alternative, tolerance: 1e-9 };
            always + self.extreme([0.0, 1.0], question) > most
        };
        let end = |direction: f64| {
            let (mut inside, mut reach) = (0.0, self.spread);
            while kept(realised + direction * reach) {
                (inside, reach) = (reach, 2.0 * reach);
                if reach.is_infinite() {
                    return None;
                }
            }
            while reach - inside > END * self.spread.max(inside) {
                let middle = f64::midpoint(inside, reach);
                let side =
                    if kept(realised + direction * middle) { &mut inside } else { &mut reach };
                *side = middle;
            }
            Some(realised + direction * inside)
        };
        let open = match question.alternative {
            Alternative::TwoSided => far(Alternative::TwoSided),
            Alternative::Greater | Alternative::Less => far(Alternative::Greater),
        };
        if open {
            return (None, None);
        }
        match question.alternative {
            Alternative::TwoSided => (end(-1.0), end(1.0)),
            Alternative::Greater => (end(-1.0), None),
            Alternative::Less => (None, end(1.0)),
        }
    }
}

fn ways(list: &[Entry]) -> u128 {
    list.iter().map(|it| it.ways).sum()
}

fn total(list: &[(f64, u128)]) -> u128 {
    list.iter().map(|it| it.1).sum()
}

/// Ways to a sum of one of each that is far enough up. Both rise.
fn reaching(left: &[(f64, u128)], right: &[(f64, u128)], far: impl Fn(f64) -> bool) -> u128 {
    let (mut count, mut ways, mut rest) = (0_u128, 0_u128, right);
    for (sum, times) in left {
        while let Some(((other, more), fewer)) = rest.split_last()
            && far(sum + other)
        {
            ways += more;
            rest = fewer;
        }
        count = count.saturating_add(times.saturating_mul(ways));
    }
    count
}
