//! The laws of drawing, by exhaustion: every outcome of every chance, counted.

use std::collections::BTreeMap;

use super::*;
use crate::{Fraction, Shares};

/// Numbers given one by one.
struct Asked<'a>(&'a mut dyn FnMut(u32) -> u32);

impl Below for Asked<'_> {
    fn each<const N: usize>(&mut self, bounds: [u32; N]) -> [u32; N] {
        bounds.map(|bound| (self.0)(bound))
    }
}

/// Runs `each` once for every sequence of numbers that a program asking for numbers below bounds
/// can be given; all sequences are equally likely if all bounds are asked in the same order.
fn every_chance(mut each: impl FnMut(&mut dyn FnMut(u32) -> u32)) -> u64 {
    let (mut given, mut times): (Vec<u32>, u64) = (Vec::new(), 0);
    loop {
        let (mut bounds, mut at) = (Vec::new(), 0);
        each(&mut |bound| {
            bounds.push(bound);
            at += 1;
            given.get(at - 1).copied().unwrap_or(0)
        });
        times += 1;
        given.resize(bounds.len(), 0);
        let Some(last) = (0..bounds.len()).rev().find(|n| given[*n] + 1 < bounds[*n]) else {
            return times;
        };
        given[last] += 1;
        given.truncate(last + 1);
    }
}

#[test]
fn filling_seats_gives_every_assignment_equally_often() {
    for seats in
        [&[1, 0][..], &[2, 3], &[4, 2], &[0, 3], &[1, 2, 1], &[2, 2, 1], &[0, 2, 1, 1], &[5, 1]]
    {
        let units: u32 = seats.iter().sum();
        let mut found: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        let all = every_chance(|below| {
            let mut arms = vec![9; units as usize];
            fill(seats, &mut arms, &mut Asked(below));
            *found.entry(arms).or_default() += 1;
        });
        let factorial = |n: u32| (1..=u64::from(n)).product::<u64>();
        let ways = factorial(units) / seats.iter().map(|n| factorial(*n)).product::<u64>();
        assert_eq!(found.len() as u64, ways, "{seats:?}");
        assert!(found.values().all(|times| *times == all / ways), "{seats:?}: {found:?}");
    }
}

#[test]
fn shuffling_gives_every_order_equally_often() {
    let mut found: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    every_chance(|below| {
        let mut items = [0, 1, 2, 3, 4];
        shuffle(&mut items, &mut Asked(below));
        *found.entry(items.to_vec()).or_default() += 1;
    });
    assert_eq!(found.len(), 120);
    assert!(found.values().all(|times| *times == 1));
}

/// One outcome of the chances of rounding: an order of the blocks and a start for each.
struct Given {
    order: Vec<usize>,
    starts: Vec<u64>,
    asked: usize,
}

impl Chance for Given {
    fn order(&mut self, _: &[Block]) -> Vec<usize> {
        self.order.clone()
    }

    fn start(&mut self, _: Option<&Block>, denominator: u64) -> u64 {
        self.asked += 1;
        let start = self.starts[self.asked - 1];
        assert!(start < denominator);
        start
    }
}

fn orders(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let with = |rest: Vec<usize>| {
        (0..=rest.len()).map(move |at| [&rest[..at], &[n - 1], &rest[at..]].concat())
    };
    orders(n - 1).into_iter().flat_map(with).collect()
}

/// The seats of every outcome of rounding, all outcomes equally likely.
fn every_rounding(design: &Design) -> Vec<Vec<Vec<u32>>> {
    let mut starts = vec![Vec::new()];
    for denominator in &design.denominators {
        let more = |starts: Vec<u64>| (0..*denominator).map(move |u| [&starts[..], &[u]].concat());
        starts = starts.into_iter().flat_map(more).collect();
    }
    let orders = orders(design.blocks.len());
    let each = orders.iter().flat_map(|order| starts.iter().map(move |starts| (order, starts)));
    each.map(|(order, starts)| {
        let mut given = Given { order: order.clone(), starts: starts.clone(), asked: 0 };
        design.seats(&mut given).into_iter().map(std::borrow::Cow::into_owned).collect()
    })
    .collect()
}

fn fraction(text: &str) -> Fraction {
    text.parse().unwrap()
}

fn design(arms: usize, blocks: &[(u32, &[&str])]) -> Design {
    let block = |(n, (units, p)): (usize, &(u32, &[&str]))| Block {
        label: format!("b{n}"),
        units: *units,
        shares: Shares::Probabilities(p.iter().map(|p| fraction(p)).collect()),
    };
    let arms = (0..arms).map(|n| format!("a{n}")).collect();
    Design::new(arms, blocks.iter().enumerate().map(block).collect()).unwrap()
}

fn small() -> Vec<Design> {
    let singles = |p: &'static [&'static str], n| vec![(1, p); n];
    vec![
        // The corners in which randomizr's stated probabilities are not those of its draws.
        design(2, &singles(&["1/2", "1/2"], 4)),
        design(2, &[(3, &["9/10", "1/10"])]),
        design(3, &[(4, &["1/10", "1/5", "7/10"])]),
        design(2, &[(3, &["2/5", "3/5"]), (2, &["1/3", "2/3"]), (1, &["3/7", "4/7"])]),
        design(
            2,
            &[(3, &["1/4", "3/4"]), (3, &["1/2", "1/2"]), (5, &["0", "1"]), (2, &["1", "0"])],
        ),
        design(2, &[(2, &["1/2", "1/2"]), (4, &["1/4", "3/4"])]),
        design(3, &[(3, &["1/2", "1/3", "1/6"]), (2, &["1/4", "1/4", "1/2"])]),
        design(4, &[(5, &["1/4", "1/4", "1/4", "1/4"]), (1, &["1/2", "0", "1/3", "1/6"])]),
    ]
}

/// Stated = true, exactly: over every order and start, the mean of the share of seats.
#[test]
fn stated_probabilities_are_those_of_all_roundings() {
    for design in small() {
        let all = every_rounding(&design);
        for (n, block) in design.blocks.iter().enumerate() {
            for arm in 0..design.arms.len() {
                let seats: u128 = all.iter().map(|seats| u128::from(seats[n][arm])).sum();
                let mean = Fraction::new(seats, u128::from(block.units) * all.len() as u128);
                assert_eq!(design.probability(n, arm), mean, "{design:?} {n} {arm}");
            }
        }
    }
}

/// Given the seats, two units of a block hold a and b with `m_a (m_b − [a = b]) / (n (n − 1))`, two
/// of different blocks with `m_a m_b / (n n')`, each filling being equally likely.
#[test]
fn pairwise_probabilities_are_those_of_all_roundings() {
    for design in small() {
        let (all, arms) = (every_rounding(&design), design.arms.len());
        let cells = || (0..design.blocks.len()).flat_map(|n| (0..arms).map(move |arm| (n, arm)));
        for (n, a) in cells() {
            for (m, b) in cells() {
                let (units, others) = (design.blocks[n].units, design.blocks[m].units);
                let same = u32::from(n == m);
                let pairs = u128::from(units) * u128::from(others - same);
                let held = |seats: &Vec<Vec<u32>>| {
                    let less = u32::from(n == m && a == b).min(seats[m][b]);
                    u128::from(seats[n][a]) * u128::from(seats[m][b] - less)
                };
                let sum: u128 = all.iter().map(held).sum();
                let mean = Fraction::new(sum, pairs * all.len() as u128);
                assert_eq!(design.pairwise((n, a), (m, b)), mean, "{design:?} {n},{a} {m},{b}");
            }
        }
    }
}

/// Each block gets the floor or the ceiling of its expectation, and so does the whole draw.
#[test]
fn totals_are_held() {
    for design in small() {
        let expected = |n: usize| {
            let units = Fraction::new(u128::from(design.blocks[n].units), 1).unwrap();
            units.times(design.probability(n, 0).unwrap()).unwrap()
        };
        let near = |seats: u32, e: Fraction| {
            let floor = e.numerator() / e.denominator();
            let ceiling = e.numerator().div_ceil(e.denominator());
            (floor..=ceiling).contains(&u128::from(seats))
        };
        let blocks = 0..design.blocks.len();
        let total = blocks.clone().map(expected).reduce(|a, b| a.plus(b).unwrap()).unwrap();
        for seats in every_rounding(&design) {
            assert!(blocks.clone().all(|n| near(seats[n][0], expected(n))), "{seats:?}");
            let first = seats.iter().map(|it| it[0]).sum();
            assert!(design.arms.len() > 2 || near(first, total), "{design:?} {seats:?}");
            assert!(
                seats
                    .iter()
                    .zip(&design.blocks)
                    .all(|(it, block)| it.iter().sum::<u32>() == block.units)
            );
        }
    }
}
