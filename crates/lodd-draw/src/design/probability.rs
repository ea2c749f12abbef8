//! Exact probabilities, from the same rounding that seats.

use super::{Block, Design, Shares, seats::cut};
use crate::Fraction;

/// The most steps spent on a pair of blocks whose seats are rounded together.
const STEPS_MAX: u128 = 50_000_000;

impl Design {
    /// The probability with which each unit of block number `block` gets arm number `arm`, both
    /// from 0; `None` where there is no such block or arm.
    pub fn probability(&self, block: usize, arm: usize) -> Option<Fraction> {
        let block = self.blocks.get(block)?;
        match &block.shares {
            Shares::Seats(seats) => Fraction::new((*seats.get(arm)?).into(), block.units.into()),
            Shares::Probabilities(probabilities) => probabilities.get(arm).copied(),
        }
    }

    /// The probability with which two different units get these arms, each a block number and an
    /// arm number from 0.
    ///
    /// `None` where there are no such arms or no two such units, where a number from 2^128 on is
    /// needed, or where the blocks of two arms are too many to add up (estimate it by replays).
    pub fn pairwise(&self, one: (usize, usize), other: (usize, usize)) -> Option<Fraction> {
        let (p, q) = (self.probability(one.0, one.1)?, self.probability(other.0, other.1)?);
        if one.0 == other.0 {
            return self.within(one.0, one.1, other.1);
        }
        let together = self.denominators.len() == 1 && self.arms.len() == 2;
        if together { self.between(one, other) } else { p.times(q) }
    }

    /// Two units of one block: the mean of `m_a (m_b − [a = b]) / (n (n − 1))` over the starts.
    fn within(&self, n: usize, a: usize, b: usize) -> Option<Fraction> {
        let block = self.blocks.get(n)?;
        let units = u128::from(block.units);
        let mut sum = Fraction::ZERO;
        for (seats, probability) in self.roundings(n)? {
            let (a_seats, b_seats) = (u128::from(*seats.get(a)?), u128::from(*seats.get(b)?));
            let pairs = a_seats * b_seats.saturating_sub(u128::from(a == b));
            sum = sum.plus(Fraction::new(pairs, units * (units - 1))?.times(probability)?)?;
        }
        Some(sum)
    }

    /// The seats that a block can get, each with its probability.
    fn roundings(&self, n: usize) -> Option<Vec<(Vec<u32>, Fraction)>> {
        let block = self.blocks.get(n)?;
        let Shares::Probabilities(_) = &block.shares else {
            return Some(vec![(block.whole_seats()?, Fraction::ONE)]);
        };
        let joint = self.arms.len() == 2;
        let denominator = *self.denominators.get(if joint { 0 } else { n })?;
        let seats = |start| block.rounded(denominator, start);
        // The seats change at the starts at which a partial sum passes a whole number.
        let mut starts = vec![0];
        let mut sum = 0;
        for arm in 0..self.arms.len() {
            sum += u128::from(block.parts(denominator, arm));
            let rest = u64::try_from(sum % u128::from(denominator)).ok()?;
            starts.push((denominator - rest) % denominator);
        }
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.iter().skip(1).chain([&denominator]);
        let share = |(&start, &end): (&u64, &u64)| {
            Some((seats(start), Fraction::new((end - start).into(), denominator.into())?))
        };
        starts.iter().zip(ends).map(share).collect()
    }

    /// Two units of two blocks of two arms, rounded with one start in a random order.
    ///
    /// Between the two stand t of the other blocks, each set of t equally likely; what they add,
    /// modulo 1, decides how the two starts differ. Sets are counted by size and sum.
    fn between(&self, one: (usize, usize), other: (usize, usize)) -> Option<Fraction> {
        let (first, second) = (self.blocks.get(one.0)?, self.blocks.get(other.0)?);
        let denominator = *self.denominators.first()?;
        let others: Vec<u64> = (0..self.blocks.len())
            .filter(|n| *n != one.0 && *n != other.0)
            .filter_map(|n| Some(self.blocks.get(n)?.parts(denominator, 0)))
            .collect();
        let (blocks, d) = (self.blocks.len() as u128, u128::from(denominator));
        if blocks * blocks * d + d * d > STEPS_MAX {
            return None;
        }
        let counts = sets(&others, denominator)?;
        let mut sum = Fraction::ZERO;
        for ((before, arm), (after, arm_after)) in
            [((first, one.1), (second, other.1)), ((second, other.1), (first, one.1))]
        {
            for (size, by_sum) in (0_u128..).zip(&counts) {
                // (B − 1 − t) of the B (B − 1) pairs of places have t between them.
                let ways: u128 = by_sum.iter().sum();
                let places = Fraction::new(blocks - 1 - size, blocks * (blocks - 1))?;
                let mut pairs = 0_u128;
                for (gap, &sets) in (0_u64..).zip(by_sum).filter(|(_, sets)| **sets > 0) {
                    let seats = seats_apart((before, arm), (after, arm_after), gap, denominator);
                    pairs = pairs.checked_add(sets.checked_mul(seats)?)?;
                }
                let mean = Fraction::new(pairs, ways.checked_mul(d)?)?;
                sum = sum.plus(mean.times(places)?)?;
            }
        }
        let units = u128::from(first.units) * u128::from(second.units);
        sum.times(Fraction::new(1, units)?)
    }
}

impl Block {
    /// What arm number `arm` adds to the running sum, modulo 1, in units of 1/`denominator`.
    fn parts(&self, denominator: u64, arm: usize) -> u64 {
        let Shares::Probabilities(probabilities) = &self.shares else { return 0 };
        let p = probabilities.get(arm).copied().unwrap_or(Fraction::ZERO);
        let expected = Fraction::new(self.units.into(), 1).and_then(|units| units.times(p));
        let expected = expected.unwrap_or(Fraction::ZERO);
        let times = u128::from(denominator) / expected.denominator();
        let part = (expected.numerator() % expected.denominator()) * times;
        u64::try_from(part).unwrap_or(0)
    }
}

/// Number of sets of each size whose parts add up to each sum modulo `denominator`.
fn sets(parts: &[u64], denominator: u64) -> Option<Vec<Vec<u128>>> {
    let d = usize::try_from(denominator).ok()?;
    let mut counts = vec![vec![0_u128; d]; parts.len() + 1];
    *counts.first_mut()?.first_mut()? = 1;
    for &part in parts {
        let part = usize::try_from(part).ok()?;
        for size in (1..counts.len()).rev() {
            let (smaller, rest) = counts.split_at_mut(size);
            let (Some(from), Some(to)) = (smaller.last(), rest.first_mut()) else { continue };
            let (head, tail) = from.split_at(d - part);
            for (to, add) in to.iter_mut().zip(tail.iter().chain(head)) {
                *to = to.checked_add(*add)?;
            }
        }
    }
    Some(counts)
}

/// The sum over all starts of the product of two arms' seats, the second block `gap` after the
/// first.
fn seats_apart(
    (before, arm): (&Block, usize),
    (after, arm_after): (&Block, usize),
    gap: u64,
    denominator: u64,
) -> u128 {
    let of = |seats: u32, block: &Block, arm: usize| {
        u128::from(if arm == 0 { seats } else { block.units - seats })
    };
    let products = (0..denominator).map(|start| {
        let mut sum = u128::from(start);
        let first = cut(&mut sum, before.first_expected(denominator), denominator);
        sum += u128::from(gap);
        let second = cut(&mut sum, after.first_expected(denominator), denominator);
        of(first, before, arm) * of(second, after, arm_after)
    });
    products.sum()
}
