//! Drawing again, for inference: the very distribution of the draw, faster than the draw.

use super::{Block, Design, seats::Chance};
use crate::hash::{Hash, Stream, below, hmac};

impl Design {
    /// Draws again: draw number `i` under `seed`, rounded and seated as in the draw.
    ///
    /// `arms`: the number of each unit's arm from 0, in the order of `leaves.csv` (blocks by
    /// label, ordinals inside), length [`Design::units`]. Chances come from the `ChaCha20` key
    /// stream of HMAC(seed, "lodd/1 replay" ‖ 00 ‖ BE64(i)). The seats are those of section 5;
    /// which units take them is drawn without tickets, each way to fill them equally likely.
    pub fn replay(&self, seed: &Hash, i: u64, arms: &mut [u8]) {
        let mut stream = Stream::new(hmac(seed, &[b"lodd/1 replay\0", &i.to_be_bytes()]));
        let seats = self.seats(&mut stream);
        let mut seats = seats.iter();
        self.each_block(arms, |_, arms| {
            fill(seats.next().map_or(&[], |it| it.as_ref()), arms, &mut stream);
        });
    }
}

/// Takes all chances from one stream.
impl Chance for Stream {
    fn order(&mut self, blocks: &[Block]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..blocks.len()).collect();
        shuffle(&mut order, self);
        order
    }

    fn start(&mut self, _: Option<&Block>, denominator: u64) -> u64 {
        below(self.wide(), denominator)
    }
}

/// Numbers from 0 to a bound − 1, all equally likely.
trait Below {
    /// Several at once, each with its bound; the product of the bounds must be below 2^64.
    fn each<const N: usize>(&mut self, bounds: [u32; N]) -> [u32; N];
}

impl Below for Stream {
    fn each<const N: usize>(&mut self, bounds: [u32; N]) -> [u32; N] {
        self.below_each(bounds)
    }
}

/// Gives the units of one block to arms with so many seats, each way equally likely.
fn fill(seats: &[u32], arms: &mut [u8], chances: &mut impl Below) {
    if let &[first, second] = seats {
        // The smaller arm is a random subset.
        let (few, of, rest) = if first <= second { (first, 0, 1) } else { (second, 1, 0) };
        arms.fill(rest);
        subset(few, of, arms, chances);
    } else {
        let all = seats.iter().zip(0_u8..).flat_map(|(&n, arm)| (0..n).map(move |_| arm));
        arms.iter_mut().zip(all).for_each(|(to, arm)| *to = arm);
        shuffle(arms, chances);
    }
}

/// Floyd's sample of `few` places without replacement (Bentley and Floyd 1987), marked `mark`.
fn subset(few: u32, mark: u8, arms: &mut [u8], chances: &mut impl Below) {
    let units = u32::try_from(arms.len()).unwrap_or(u32::MAX);
    let mut last = units.saturating_sub(few);
    // 2^8 to the eighth is 2^64: as many at once as one word gives.
    while units < 256 && last + 8 <= units {
        let bounds = std::array::from_fn(|n| last + 1 + u32::try_from(n).unwrap_or(0));
        for place in chances.each::<8>(bounds) {
            take(place, last, mark, arms);
            last += 1;
        }
    }
    while last < units {
        let [place] = chances.each([last + 1]);
        take(place, last, mark, arms);
        last += 1;
    }
}

/// Marks a place, or the last one where it is taken.
fn take(place: u32, last: u32, mark: u8, arms: &mut [u8]) {
    let taken = arms.get(place as usize) == Some(&mark);
    if let Some(to) = arms.get_mut(if taken { last } else { place } as usize) {
        *to = mark;
    }
}

/// Fisher and Yates's shuffle in Durstenfeld's form.
fn shuffle<T>(items: &mut [T], chances: &mut impl Below) {
    for last in (1..items.len()).rev() {
        let [place] = chances.each([u32::try_from(last + 1).unwrap_or(u32::MAX)]);
        items.swap(last, place as usize);
    }
}

#[cfg(test)]
mod tests;
