//! Section 5: from probabilities to seats, so that every unit's probability is exact.
//!
//! Both rules are systematic sampling (Madow 1949): a running sum is cut at the whole numbers
//! after one random start u/D, so each part gets the floor or the ceiling of its expectation.

use std::borrow::Cow;

use super::{Block, Design, Shares};
use crate::{
    Fraction,
    fraction::lcm,
    hash::{Hash, below, hmac, key_stream},
};

/// Where the rounding takes its chances from: the draw's key, or a replay's stream.
pub(crate) trait Chance {
    /// Order of the blocks, by their numbers.
    fn order(&mut self, blocks: &[Block]) -> Vec<usize>;
    /// A whole number from 0 to `denominator` − 1; `block` where each has its own.
    fn start(&mut self, block: Option<&Block>, denominator: u64) -> u64;
}

/// The chances of a draw, which follow from its key K.
pub(crate) struct Keyed<'a>(pub(crate) &'a Hash);

impl Chance for Keyed<'_> {
    fn order(&mut self, blocks: &[Block]) -> Vec<usize> {
        let place = |&n: &usize| {
            let label = blocks.get(n).map_or("", |block| &block.label);
            hmac(self.0, &[b"lodd/1 order\0", label.as_bytes()])
        };
        let mut order: Vec<usize> = (0..blocks.len()).collect();
        order.sort_by_cached_key(place);
        order
    }

    fn start(&mut self, block: Option<&Block>, denominator: u64) -> u64 {
        let label = block.map_or("", |block| &block.label);
        below(&mut key_stream(hmac(self.0, &[b"lodd/1 round\0", label.as_bytes()])), denominator)
    }
}

impl Design {
    /// The seats of each block: as announced, or rounded.
    pub(crate) fn seats(&self, chance: &mut impl Chance) -> Vec<Cow<'_, [u32]>> {
        match self.denominators.as_slice() {
            [] => self.blocks.iter().map(|block| Cow::Borrowed(block.fixed())).collect(),
            [denominator] if self.arms.len() == 2 => self.held_total(*denominator, chance),
            each => {
                let rounded = |(block, &denominator): (&Block, &u64)| {
                    let start = chance.start(Some(block), denominator);
                    Cow::Owned(block.rounded(denominator, start))
                };
                self.blocks.iter().zip(each).map(rounded).collect()
            }
        }
    }

    /// Two arms: one start for all blocks, so that the draw's total is rounded once as well.
    fn held_total(&self, denominator: u64, chance: &mut impl Chance) -> Vec<Cow<'_, [u32]>> {
        let order = chance.order(&self.blocks);
        let mut sum = u128::from(chance.start(None, denominator));
        let mut seats = vec![Cow::default(); self.blocks.len()];
        for n in order {
            let Some((block, to)) = self.blocks.get(n).zip(seats.get_mut(n)) else { continue };
            let first = cut(&mut sum, block.first_expected(denominator), denominator);
            *to = Cow::Owned(vec![first, block.units - first]);
        }
        seats
    }
}

impl Block {
    /// The announced seats; empty with probabilities.
    fn fixed(&self) -> &[u32] {
        match &self.shares {
            Shares::Seats(seats) => seats,
            Shares::Probabilities(_) => &[],
        }
    }

    /// The seats that every draw gives: as announced, or whole expectations.
    pub(super) fn whole_seats(&self) -> Option<Vec<u32>> {
        match &self.shares {
            Shares::Seats(seats) => Some(seats.clone()),
            Shares::Probabilities(probabilities) => {
                probabilities.iter().map(|p| whole(self.expected(*p)?)).collect()
            }
        }
    }

    /// units · p.
    fn expected(&self, p: Fraction) -> Option<Fraction> {
        Fraction::new(u128::from(self.units), 1)?.times(p)
    }

    /// units · p of the first arm, in units of 1/`denominator`.
    pub(super) fn first_expected(&self, denominator: u64) -> u128 {
        let Shares::Probabilities(probabilities) = &self.shares else { return 0 };
        let p = probabilities.first().copied().unwrap_or(Fraction::ZERO);
        over(p, denominator) * u128::from(self.units)
    }

    /// The seats of a block with its own start (more than two arms).
    pub(super) fn rounded(&self, denominator: u64, start: u64) -> Vec<u32> {
        let Shares::Probabilities(probabilities) = &self.shares else { return Vec::new() };
        let mut sum = u128::from(start);
        let expected = probabilities.iter().filter_map(|p| self.expected(*p));
        expected.map(|it| cut(&mut sum, over(it, denominator), denominator)).collect()
    }
}

/// Adds `amount` to the running sum (both in units of 1/`denominator`): the whole numbers passed.
///
/// With a sum that starts at u this is ⌊S + e + u/D⌋ − ⌊S + u/D⌋, and, since a whole part of e
/// passes as many whole numbers wherever it starts, ⌊e⌋ + ⌊F + f + u/D⌋ − ⌊F + u/D⌋ as well.
pub(super) fn cut(sum: &mut u128, amount: u128, denominator: u64) -> u32 {
    let denominator = u128::from(denominator);
    let before = *sum / denominator;
    *sum += amount;
    u32::try_from(*sum / denominator - before).unwrap_or(u32::MAX)
}

/// A fraction as a number of 1/`denominator`, a multiple of its own.
fn over(fraction: Fraction, denominator: u64) -> u128 {
    fraction.numerator() * (u128::from(denominator) / fraction.denominator())
}

fn whole(fraction: Fraction) -> Option<u32> {
    u32::try_from(fraction.numerator()).ok().filter(|_| fraction.denominator() == 1)
}

/// D of section 5; the block at which it reaches 2^64 is the error.
pub(super) fn denominators(blocks: &[Block]) -> Result<Vec<u64>, String> {
    let mut common = 1;
    let mut each = Vec::new();
    for block in blocks {
        let Shares::Probabilities(probabilities) = &block.shares else { return Ok(Vec::new()) };
        let two = probabilities.len() == 2;
        let before = if two { common } else { 1 };
        let mut parts = probabilities.iter().take(if two { 1 } else { usize::MAX });
        let denominator = parts.try_fold(before, |all, p| {
            let part = if two { *p } else { block.expected(*p)? };
            lcm(all, u128::from(u64::try_from(part.denominator()).ok()?))
        });
        let denominator = denominator.and_then(|it| u64::try_from(it).ok());
        common = u128::from(denominator.ok_or_else(|| block.label.clone())?);
        each.push(u64::try_from(common).unwrap_or(u64::MAX));
    }
    // With two arms the last is the common one of all blocks.
    let two = blocks.first().is_some_and(|block| block.shares.len() == 2);
    Ok(if two { each.pop().into_iter().collect() } else { each })
}
