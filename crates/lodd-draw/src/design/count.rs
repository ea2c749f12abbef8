//! Counting and numbering the assignments of a design, for exact enumeration.
//!
//! Assignments are ordered as their arms in the order of units: lexicographically, the last
//! unit fastest. Arithmetic is exact: `c · m / j` is computed as `(c / j) · m + (c mod j) · m / j`,
//! which does not overflow unless the quotient does.

use super::{Block, Design};

/// `c · m / j`, where `j` divides `c · m` and is at most 2^32; `None` from 2^128 on.
fn times_over(c: u128, m: u32, j: u32) -> Option<u128> {
    let (m, j) = (u128::from(m), u128::from(j).max(1));
    (c / j).checked_mul(m)?.checked_add(c % j * m / j)
}

/// The multinomial coefficient: ways to give units to arms with so many seats each.
pub(super) fn assignments(seats: &[u32]) -> Option<u128> {
    let (mut count, mut units) = (1_u128, 0_u32);
    for &seats in seats {
        units += seats;
        // Over the smaller of the two sides, the running product never falls.
        let chosen = seats.min(units - seats);
        for j in 1..=chosen {
            count = times_over(count, units - chosen + j, j)?;
        }
    }
    Some(count)
}

impl Design {
    /// Assignment number `i` of all, from 0: `arms` as in [`Design::replay`].
    ///
    /// Gives `false` and leaves `arms` alone when there is no such assignment, or when they are
    /// too many to number ([`Design::assignments`] is `None`).
    pub fn nth(&self, i: u128, arms: &mut [u8]) -> bool {
        if self.assignments().is_none_or(|all| i >= all) {
            return false;
        }
        // The last block is the fastest digit of `i`.
        let mut digits = Vec::with_capacity(self.blocks.len());
        let mut rest = i;
        for count in self.counts.iter().rev().flatten() {
            digits.push((rest % count, *count));
            rest /= count;
        }
        self.each_block(arms, |block, arms| {
            if let Some((digit, count)) = digits.pop() {
                block.nth(digit, count, arms);
            }
        });
        true
    }

    /// Turns assignment number i into number i + 1, much faster than [`Design::nth`] does.
    ///
    /// `arms` must hold an assignment of this design. Gives `false` after the last one, with
    /// `arms` back at number 0.
    pub fn advance(&self, arms: &mut [u8]) -> bool {
        let mut end = arms.len();
        for block in self.blocks.iter().rev() {
            let start = end.saturating_sub(block.units as usize);
            if arms.get_mut(start..end).is_some_and(next_permutation) {
                return true;
            }
            end = start;
        }
        false
    }
}

impl Block {
    /// Assignment number `rest` of the `count` of this block.
    fn nth(&self, mut rest: u128, mut count: u128, arms: &mut [u8]) {
        let (mut seats, mut units) = (self.whole_seats().unwrap_or_default(), self.units);
        for to in arms {
            for (left, arm) in seats.iter_mut().zip(0_u8..) {
                // Of `count` assignments, those that begin with this arm.
                let here = times_over(count, *left, units).unwrap_or(0);
                if rest < here {
                    (*to, count, *left, units) = (arm, here, *left - 1, units - 1);
                    break;
                }
                rest -= here;
            }
        }
    }
}

/// The next permutation in lexicographic order; after the last one `false`, and the first again.
fn next_permutation(arms: &mut [u8]) -> bool {
    let Some(at) = arms.windows(2).rposition(|pair| pair.first() < pair.last()) else {
        arms.reverse();
        return false;
    };
    // The tail after `at` falls; its last value above that at `at` takes its place.
    let (head, tail) = arms.split_at_mut(at + 1);
    if let Some(last) = head.last_mut() {
        let above = tail.iter().rposition(|arm| arm > last);
        if let Some(next) = above.and_then(|above| tail.get_mut(above)) {
            std::mem::swap(last, next);
        }
    }
    tail.reverse();
    true
}
