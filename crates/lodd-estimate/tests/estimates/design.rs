//! A small implementation of `Replay` for the tests: complete assignment within blocks.

use lodd_estimate::Replay;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Blocks of units, each with its number of treated seats. Arm 0 is treated, arm 1 is control.
pub(crate) struct Blocks {
    pub(crate) blocks: Vec<(Vec<usize>, usize)>,
}

impl Blocks {
    /// Units `0..n` in one block.
    pub(crate) fn complete(n: usize, seats: usize) -> Self {
        Self { blocks: vec![((0..n).collect(), seats)] }
    }

    /// The design that an assignment came from, with its seats as they are.
    pub(crate) fn of(treated: &[bool], block: &[u32]) -> Self {
        let mut ids = block.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let blocks = ids.iter().map(|id| {
            let units: Vec<usize> = (0..block.len()).filter(|&it| block[it] == *id).collect();
            let seats = units.iter().filter(|&&it| treated[it]).count();
            (units, seats)
        });
        Self { blocks: blocks.collect() }
    }

    fn write(&self, arms: &mut [u8], mut chosen: impl FnMut(usize, usize) -> Vec<usize>) {
        arms.fill(1);
        for (units, seats) in &self.blocks {
            for place in chosen(units.len(), *seats) {
                arms[units[place]] = 0;
            }
        }
    }
}

/// Number of ways to choose k of n.
pub(crate) fn choose(n: usize, k: usize) -> u128 {
    if k > n { 0 } else { (0..k).fold(1, |ways, it| ways * (n - it) as u128 / (it as u128 + 1)) }
}

/// The i-th k-subset of `0..n`, by the combinatorial number system.
fn subset(mut n: usize, k: usize, mut i: u128) -> Vec<usize> {
    let mut places = Vec::new();
    for left in (1..=k).rev() {
        n -= 1;
        while choose(n, left) > i {
            n -= 1;
        }
        i -= choose(n, left);
        places.push(n);
    }
    places
}

impl Replay for Blocks {
    fn units(&self) -> usize {
        self.blocks.iter().map(|it| it.0.len()).sum()
    }

    fn assignments(&self) -> Option<u128> {
        self.blocks.iter().try_fold(1_u128, |all, it| all.checked_mul(choose(it.0.len(), it.1)))
    }

    fn seats(&self) -> Option<Vec<Vec<u32>>> {
        let units: Vec<usize> = self.blocks.iter().flat_map(|it| it.0.clone()).collect();
        let in_order = units.into_iter().eq(0..self.units());
        let seats = |(units, seats): &(Vec<usize>, usize)| {
            [*seats, units.len() - seats].iter().map(|it| u32::try_from(*it).unwrap()).collect()
        };
        in_order.then(|| self.blocks.iter().map(seats).collect())
    }

    fn replay(&self, i: u64, arms: &mut [u8]) {
        let mut random = ChaCha20Rng::from_seed([7; 32]);
        random.set_stream(i);
        self.write(arms, |n, k| {
            let mut places: Vec<usize> = (0..n).collect();
            for at in 0..k {
                let span = (n - at) as u64;
                places.swap(at, at + (random.next_u64() % span) as usize);
            }
            places.truncate(k);
            places
        });
    }

    fn nth(&self, i: u128, arms: &mut [u8]) {
        let mut rest = i;
        self.write(arms, |n, k| {
            let ways = choose(n, k);
            let places = subset(n, k, rest % ways);
            rest /= ways;
            places
        });
    }
}

/// A design that does not tell its seats: its assignments are gone through one by one.
pub(crate) struct OneByOne<'a>(pub(crate) &'a Blocks);

impl Replay for OneByOne<'_> {
    fn units(&self) -> usize {
        self.0.units()
    }
    fn assignments(&self) -> Option<u128> {
        self.0.assignments()
    }
    fn replay(&self, i: u64, arms: &mut [u8]) {
        self.0.replay(i, arms);
    }
    fn nth(&self, i: u128, arms: &mut [u8]) {
        self.0.nth(i, arms);
    }
}

/// All assignments differ, and there are as many as there should be.
#[test]
fn the_design_enumerates_each_assignment_once() {
    let design = Blocks { blocks: vec![((0..5).collect(), 2), ((5..8).collect(), 1)] };
    let all: std::collections::BTreeSet<Vec<u8>> = (0..30)
        .map(|i| {
            let mut arms = vec![9; 8];
            design.nth(i, &mut arms);
            arms
        })
        .collect();
    assert_eq!(design.assignments(), Some(30));
    assert_eq!(all.len(), 30);
    assert!(all.iter().all(|it| it.iter().map(|arm| u32::from(*arm)).sum::<u32>() == 5));
}
