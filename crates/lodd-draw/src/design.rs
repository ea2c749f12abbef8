//! Who can get a seat, with what probability, and every assignment the draw could have given.

use std::{
    collections::BTreeSet,
    fmt::{self, Display, Formatter},
};

use crate::hash::{Hash, hmac, key_stream, ranked};

mod count;

/// The most arms a draw can have.
pub const ARMS_MAX: usize = 64;
/// The most blocks a draw can have.
pub const BLOCKS_MAX: usize = 10_000;
/// The most units a block can have.
pub const UNITS_MAX: u32 = 1 << 24;

/// One block of units and its seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Name of the block, `[A-Za-z0-9_.-]{1,64}`.
    pub label: String,
    /// Number of units, 1 to 2^24.
    pub units: u32,
    /// Seats of each arm, in the order of the design's arms; they sum to `units`.
    pub seats: Vec<u32>,
}

/// The arms and blocks of a draw.
///
/// Invariant, checked by [`Design::new`]: 2 to 64 distinct arms; 1 to 10,000 blocks in ascending
/// order of their labels' bytes, none twice; in each block one count of seats an arm, which sum
/// to its units. So a draw cannot fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    arms: Vec<String>,
    blocks: Vec<Block>,
    /// Number of assignments within each block, where it fits.
    counts: Vec<Option<u128>>,
}

/// Why a design is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum DesignError {
    #[error("a draw must have 2 to {ARMS_MAX} arms, not {found}")]
    Arms { found: usize },
    #[error("arm `{arm}` must be 1 to 64 of the characters A-Z a-z 0-9 _ . -")]
    ArmLabel { arm: String },
    #[error("arm `{arm}` must be named once")]
    RepeatedArm { arm: String },
    #[error("a draw must have 1 to {BLOCKS_MAX} blocks, not {found}")]
    Blocks { found: usize },
    #[error("block `{block}` must be 1 to 64 of the characters A-Z a-z 0-9 _ . -")]
    BlockLabel { block: String },
    #[error("block `{block}` must be named once")]
    RepeatedBlock { block: String },
    #[error("block `{block}` must have 1 to {UNITS_MAX} families, not {families}")]
    Families { block: String, families: u32 },
    #[error("block `{block}` must have one count of seats for each of {arms} arms, not {found}")]
    SeatCounts { block: String, arms: usize, found: usize },
    #[error(
        "block `{block}` can't have more seats than families: {seats} seats, {families} families"
    )]
    MoreSeatsThanFamilies { block: String, seats: u64, families: u32 },
    #[error("block `{block}` must have a seat for each family: {seats} seats, {families} families")]
    FewerSeatsThanFamilies { block: String, seats: u64, families: u32 },
}

impl DesignError {
    /// The block that is wrong; empty where it is their number, `None` where it is the arms.
    pub fn block(&self) -> Option<&str> {
        match self {
            Self::Arms { .. } | Self::ArmLabel { .. } | Self::RepeatedArm { .. } => None,
            Self::Blocks { .. } => Some(""),
            Self::BlockLabel { block }
            | Self::RepeatedBlock { block }
            | Self::Families { block, .. }
            | Self::SeatCounts { block, .. }
            | Self::MoreSeatsThanFamilies { block, .. }
            | Self::FewerSeatsThanFamilies { block, .. } => Some(block),
        }
    }
}

/// An exact fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the field's own")]
pub struct Fraction {
    pub numerator: u32,
    pub denominator: u32,
}

impl Fraction {
    /// `numerator / denominator` reduced; `denominator > 0`.
    fn reduced(numerator: u32, denominator: u32) -> Self {
        let (mut a, mut b) = (numerator, denominator);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        let divisor = a.max(1);
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }
}

impl Display for Fraction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            _ => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

impl Design {
    /// Checks arms and blocks; blocks may come in any order and are sorted by label.
    ///
    /// # Errors
    ///
    /// The first of the problems of [`Design::problems`].
    ///
    /// ```
    /// use lodd_draw::{Block, Design, DesignError};
    ///
    /// let arms = vec!["follow-up".to_owned(), "ordinary".to_owned()];
    /// let block = |seats| Block { label: "ringerike".into(), units: 57, seats };
    /// let design = Design::new(arms.clone(), vec![block(vec![15, 42])])?;
    /// assert_eq!(design.probability(0, 0).unwrap().to_string(), "5/19");
    ///
    /// let refused = Design::new(arms, vec![block(vec![60, 0])]).unwrap_err();
    /// assert!(matches!(refused, DesignError::MoreSeatsThanFamilies { seats: 60, families: 57, .. }));
    /// # Ok::<(), DesignError>(())
    /// ```
    pub fn new(arms: Vec<String>, mut blocks: Vec<Block>) -> Result<Self, DesignError> {
        if let Some(problem) = Self::problems(&arms, &blocks).into_iter().next() {
            return Err(problem);
        }
        blocks.sort_by(|a, b| a.label.cmp(&b.label));
        let counts = blocks.iter().map(|block| count::assignments(&block.seats)).collect();
        Ok(Self { arms, blocks, counts })
    }

    /// Everything that is wrong with arms and blocks, in their order.
    pub fn problems(arms: &[String], blocks: &[Block]) -> Vec<DesignError> {
        let mut problems = Vec::new();
        if !(2..=ARMS_MAX).contains(&arms.len()) {
            problems.push(DesignError::Arms { found: arms.len() });
        }
        let mut seen = BTreeSet::new();
        for arm in arms {
            if !is_label(arm) {
                problems.push(DesignError::ArmLabel { arm: arm.clone() });
            }
            if !seen.insert(arm) {
                problems.push(DesignError::RepeatedArm { arm: arm.clone() });
            }
        }
        if !(1..=BLOCKS_MAX).contains(&blocks.len()) {
            problems.push(DesignError::Blocks { found: blocks.len() });
        }
        let mut seen = BTreeSet::new();
        for block in blocks {
            if !is_label(&block.label) {
                problems.push(DesignError::BlockLabel { block: block.label.clone() });
            }
            if !seen.insert(&block.label) {
                problems.push(DesignError::RepeatedBlock { block: block.label.clone() });
            }
            problems.extend(block.problem(arms.len()));
        }
        problems
    }

    /// The arms, in the order of the protocol.
    pub fn arms(&self) -> &[String] {
        &self.arms
    }

    /// The blocks, in ascending order of their labels.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Number of units over all blocks.
    pub fn units(&self) -> u64 {
        self.blocks.iter().map(|block| u64::from(block.units)).sum()
    }

    /// The probability with which each unit of block number `block` gets arm number `arm`, both
    /// from 0; `None` where there is no such block or arm.
    pub fn probability(&self, block: usize, arm: usize) -> Option<Fraction> {
        let block = self.blocks.get(block)?;
        Some(Fraction::reduced(*block.seats.get(arm)?, block.units))
    }

    /// Number of assignments the draw can give, all equally likely; `None` from 2^128 on.
    pub fn assignments(&self) -> Option<u128> {
        self.counts.iter().try_fold(1_u128, |product, count| product.checked_mul((*count)?))
    }

    /// Draws again: draw number `i` under `seed`, with tickets, ranks and seats as in the draw.
    ///
    /// `arms`: the number of each unit's arm from 0, in the order of `leaves.csv` (blocks by
    /// label, ordinals inside), length [`Design::units`]. The tickets of all units in that order
    /// are the `ChaCha20` key stream of HMAC(seed, "lodd/1 replay" ‖ 00 ‖ BE64(i)).
    pub fn replay(&self, seed: &Hash, i: u64, arms: &mut [u8]) {
        let mut stream = key_stream(hmac(seed, &[b"lodd/1 replay\0", &i.to_be_bytes()]));
        self.each_block(arms, |block, arms| {
            for ((_, ordinal), arm) in ranked(&mut stream, block.units).iter().zip(block.arms()) {
                if let Some(to) = arms.get_mut(*ordinal as usize) {
                    *to = arm;
                }
            }
        });
    }

    /// Runs `each` on every block with its part of `arms`.
    fn each_block(&self, mut arms: &mut [u8], mut each: impl FnMut(&Block, &mut [u8])) {
        for block in &self.blocks {
            let units = arms.len().min(block.units as usize);
            let (now, later) = arms.split_at_mut(units);
            each(block, now);
            arms = later;
        }
    }
}

impl Block {
    /// The arms of the ranks 1, 2, …: the first arm has the lowest tickets. Section 5.
    pub(crate) fn arms(&self) -> impl Iterator<Item = u8> {
        self.seats.iter().zip(0_u8..).flat_map(|(&n, arm)| std::iter::repeat_n(arm, n as usize))
    }

    fn problem(&self, arms: usize) -> Option<DesignError> {
        let (block, families) = (self.label.clone(), self.units);
        let seats: u64 = self.seats.iter().copied().map(u64::from).sum();
        if !(1..=UNITS_MAX).contains(&families) {
            Some(DesignError::Families { block, families })
        } else if self.seats.len() != arms {
            Some(DesignError::SeatCounts { block, arms, found: self.seats.len() })
        } else if seats > u64::from(families) {
            Some(DesignError::MoreSeatsThanFamilies { block, seats, families })
        } else if seats < u64::from(families) {
            Some(DesignError::FewerSeatsThanFamilies { block, seats, families })
        } else {
            None
        }
    }
}

/// Whether a text can be the label of a pilot, a block or an arm.
pub fn is_label(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}
