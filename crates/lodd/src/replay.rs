//! The pilot's own draw, run again for randomisation tests: `lodd-draw`'s [`Design`] seen as the
//! [`Replay`] of `lodd-estimate`.

use lodd_draw::Design;
use lodd_estimate::Replay;
use sha2::{Digest, Sha256};

/// One or more numbered draws, re-run independently. Units stand in the order of the draws, and
/// within a draw in the order of its `leaves.csv`.
#[derive(Debug)]
pub(crate) struct Redraws {
    /// Each draw with its seed, which follows from the plan's.
    draws: Vec<(Design, [u8; 32])>,
}

impl Redraws {
    /// `designs`: number and design of each draw; `seed`: the plan's.
    pub(crate) fn new(designs: Vec<(u32, Design)>, seed: [u8; 32]) -> Self {
        let own = |draw: u32| -> [u8; 32] {
            Sha256::new().chain_update(seed).chain_update(draw.to_be_bytes()).finalize().into()
        };
        Self { draws: designs.into_iter().map(|(draw, design)| (design, own(draw))).collect() }
    }

    /// Runs `each` on every draw with its part of `arms`.
    fn each(&self, mut arms: &mut [u8], mut each: impl FnMut(&Design, &[u8; 32], &mut [u8])) {
        for (design, seed) in &self.draws {
            let units = usize::try_from(design.units()).unwrap_or(usize::MAX).min(arms.len());
            let (now, later) = arms.split_at_mut(units);
            each(design, seed, now);
            arms = later;
        }
    }
}

impl Replay for Redraws {
    fn units(&self) -> usize {
        self.draws
            .iter()
            .map(|(design, _)| usize::try_from(design.units()).unwrap_or(usize::MAX))
            .sum()
    }

    fn assignments(&self) -> Option<u128> {
        self.draws
            .iter()
            .try_fold(1_u128, |all, (design, _)| all.checked_mul(design.assignments()?))
    }

    fn replay(&self, i: u64, arms: &mut [u8]) {
        self.each(arms, |design, seed, arms| design.replay(seed, i, arms));
    }

    /// The last draw is the fastest digit of `i`.
    fn nth(&self, i: u128, arms: &mut [u8]) {
        let mut rest = i;
        let mut digits: Vec<u128> = self
            .draws
            .iter()
            .rev()
            .map(|(design, _)| {
                let count = design.assignments().unwrap_or(1).max(1);
                let digit = rest % count;
                rest /= count;
                digit
            })
            .collect();
        self.each(arms, |design, _, arms| {
            design.nth(digits.pop().unwrap_or_default(), arms);
        });
    }
}
