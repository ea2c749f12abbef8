//! The pilot's own draw, run again for randomisation tests: `lodd-draw`'s [`Design`], under its
//! constraint if it has one, seen as the [`Replay`] of `lodd-estimate`.

use lodd_draw::{ATTEMPTS_MAX, Constrained, Design, Shares};
use lodd_estimate::Replay;
use sha2::{Digest, Sha256};

/// Designs with at most this many assignments are searched for all that a constraint accepts.
const SEARCHED_MAX: u128 = 1_000_000;

/// One draw as it was made, to be made again.
#[derive(Clone, Debug)]
pub(crate) enum Again {
    /// Seats or probabilities alone.
    Free(Design),
    /// The first attempt that keeps within the limits.
    Constrained {
        constrained: Constrained,
        /// The numbers of the assignments that do; `None` where they are too many to search.
        accepted: Option<Vec<u128>>,
    },
}

impl Again {
    /// A constrained draw: each assignment within the limits is as likely as every other, if those
    /// of the design are.
    pub(crate) fn constrained(constrained: Constrained) -> Self {
        let design = constrained.design();
        let all = design.assignments().filter(|all| *all <= SEARCHED_MAX);
        let accepted = all.map(|all| {
            let mut arms = vec![0; units(design)];
            design.nth(0, &mut arms);
            let accepted = (0..all).filter(|_| {
                let accepts = constrained.accepts(&arms);
                design.advance(&mut arms);
                accepts
            });
            accepted.collect()
        });
        Self::Constrained { constrained, accepted }
    }

    pub(crate) fn design(&self) -> &Design {
        match self {
            Self::Free(design) => design,
            Self::Constrained { constrained, .. } => constrained.design(),
        }
    }

    fn assignments(&self) -> Option<u128> {
        match self {
            Self::Free(design) => design.assignments(),
            Self::Constrained { accepted, .. } => Some(accepted.as_ref()?.len() as u128),
        }
    }

    /// As of [`Replay::seats`].
    fn seats(&self) -> Option<Vec<Vec<u32>>> {
        let Self::Free(design) = self else { return None };
        let seats = design.blocks().iter().map(|block| match &block.shares {
            Shares::Seats(seats) => Some(seats.clone()),
            Shares::Probabilities(_) => None,
        });
        seats.collect()
    }

    fn replay(&self, seed: &[u8; 32], i: u64, arms: &mut [u8]) {
        match self {
            Self::Free(design) => design.replay(seed, i, arms),
            // The draw itself was accepted, so sooner or later another is. The protocol's own limit
            // of attempts would only cut off some of the same distribution.
            Self::Constrained { constrained, .. } => {
                constrained.replay(seed, i, ATTEMPTS_MAX, arms);
            }
        }
    }

    fn nth(&self, i: u128, arms: &mut [u8]) {
        match self {
            Self::Free(design) => design.nth(i, arms),
            Self::Constrained { constrained, accepted } => {
                let at = usize::try_from(i).ok();
                let number = at.and_then(|at| accepted.as_ref()?.get(at).copied());
                constrained.design().nth(number.unwrap_or_default(), arms)
            }
        };
    }
}

/// One or more numbered draws, re-run independently. Units stand in the order of the draws, and
/// within a draw in the order of its `leaves.csv`.
#[derive(Debug)]
pub(crate) struct Redraws<'d> {
    draws: Vec<Part<'d>>,
}

/// One draw of several.
#[derive(Debug)]
struct Part<'d> {
    again: &'d Again,
    /// Follows from the plan's.
    seed: [u8; 32],
    /// The arms that its units keep, where it is not run again.
    held: Option<Vec<u8>>,
}

impl Part<'_> {
    fn assignments(&self) -> Option<u128> {
        if self.held.is_some() { Some(1) } else { self.again.assignments() }
    }
}

impl<'d> Redraws<'d> {
    /// `draws`: number and draw; `seed`: the plan's.
    pub(crate) fn new(draws: Vec<(u32, &'d Again)>, seed: [u8; 32]) -> Self {
        Self::holding(draws.into_iter().map(|(draw, again)| (draw, again, None)).collect(), seed)
    }

    /// The same, where some draws are held: their units keep the arms given, one a unit.
    pub(crate) fn holding(draws: Vec<(u32, &'d Again, Option<Vec<u8>>)>, seed: [u8; 32]) -> Self {
        let own = |draw: u32| -> [u8; 32] {
            Sha256::new().chain_update(seed).chain_update(draw.to_be_bytes()).finalize().into()
        };
        let part = |(draw, again, held)| Part { again, seed: own(draw), held };
        Self { draws: draws.into_iter().map(part).collect() }
    }

    /// Runs `each` on every draw that is not held with its part of `arms`.
    fn each(&self, mut arms: &mut [u8], mut each: impl FnMut(&Again, &[u8; 32], &mut [u8])) {
        for part in &self.draws {
            let units = units(part.again.design()).min(arms.len());
            let (now, later) = arms.split_at_mut(units);
            match &part.held {
                Some(held) => now.iter_mut().zip(held).for_each(|(arm, own)| *arm = *own),
                None => each(part.again, &part.seed, now),
            }
            arms = later;
        }
    }
}

fn units(design: &Design) -> usize {
    usize::try_from(design.units()).unwrap_or(usize::MAX)
}

impl Replay for Redraws<'_> {
    fn units(&self) -> usize {
        self.draws.iter().map(|it| units(it.again.design())).sum()
    }

    fn assignments(&self) -> Option<u128> {
        self.draws.iter().try_fold(1_u128, |all, it| all.checked_mul(it.assignments()?))
    }

    fn seats(&self) -> Option<Vec<Vec<u32>>> {
        // A draw that is held has one assignment.
        let seats = |it: &Part<'_>| if it.held.is_some() { None } else { it.again.seats() };
        let draws: Option<Vec<_>> = self.draws.iter().map(seats).collect();
        Some(draws?.concat())
    }

    fn replay(&self, i: u64, arms: &mut [u8]) {
        self.each(arms, |again, seed, arms| again.replay(seed, i, arms));
    }

    /// The last draw is the fastest digit of `i`.
    fn nth(&self, i: u128, arms: &mut [u8]) {
        let mut rest = i;
        let mut digits: Vec<u128> = self
            .draws
            .iter()
            .rev()
            .filter(|it| it.held.is_none())
            .map(|it| {
                let count = it.assignments().unwrap_or(1).max(1);
                let digit = rest % count;
                rest /= count;
                digit
            })
            .collect();
        self.each(arms, |again, _, arms| again.nth(digits.pop().unwrap_or_default(), arms));
    }
}

#[cfg(test)]
mod tests;
