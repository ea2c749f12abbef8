//! Who can get a seat, with what probability, and every assignment the draw could have given.

use std::{cmp::Ordering, collections::BTreeSet};

use crate::Fraction;

mod count;
mod probability;
mod replay;
mod seats;

pub(crate) use seats::Keyed;

/// The most arms a draw can have.
pub const ARMS_MAX: usize = 64;
/// The most blocks a draw can have.
pub const BLOCKS_MAX: usize = 10_000;
/// The most units a block can have.
pub const UNITS_MAX: u32 = 1 << 24;

/// How the units of a block are shared out over the arms: one number an arm, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shares {
    /// So many seats; they sum to the block's units.
    Seats(Vec<u32>),
    /// Each unit's probability; they sum to 1. The draw rounds them to seats.
    Probabilities(Vec<Fraction>),
}

impl Shares {
    fn len(&self) -> usize {
        match self {
            Self::Seats(seats) => seats.len(),
            Self::Probabilities(probabilities) => probabilities.len(),
        }
    }
}

/// One block of units and its seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Name of the block, `[A-Za-z0-9_.-]{1,64}`.
    pub label: String,
    /// Number of units, 1 to 2^24.
    pub units: u32,
    /// Its seats or probabilities.
    pub shares: Shares,
}

/// The arms and blocks of a draw.
///
/// Invariant, checked by [`Design::new`]: 2 to 64 distinct arms; 1 to 10,000 blocks in ascending
/// order of their labels' bytes, none twice; all blocks with seats, which sum to their units, or
/// all with probabilities, which sum to 1 and whose common denominator D (section 5) is below
/// 2^64. So a draw cannot fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    arms: Vec<String>,
    blocks: Vec<Block>,
    /// D of section 5: of all blocks with two arms, of each block with more; none with seats.
    denominators: Vec<u64>,
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
    #[error("block `{block}` must have one share for each of {arms} arms, not {found}")]
    SeatCounts { block: String, arms: usize, found: usize },
    #[error(
        "block `{block}` can't have more seats than families: {seats} seats, {families} families"
    )]
    MoreSeatsThanFamilies { block: String, seats: u64, families: u32 },
    #[error("block `{block}` must have a seat for each family: {seats} seats, {families} families")]
    FewerSeatsThanFamilies { block: String, seats: u64, families: u32 },
    #[error(
        "block `{block}` can't have probabilities where another has seats, nor seats where another has probabilities"
    )]
    Mixed { block: String },
    #[error("block `{block}` must have probabilities that sum to 1")]
    Sum { block: String },
    #[error("block `{block}` has probabilities whose common denominator is 2^64 or more")]
    Denominator { block: String },
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
            | Self::FewerSeatsThanFamilies { block, .. }
            | Self::Mixed { block }
            | Self::Sum { block }
            | Self::Denominator { block } => Some(block),
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
    /// use lodd_draw::{Block, Design, DesignError, Shares};
    ///
    /// let arms = vec!["follow-up".to_owned(), "ordinary".to_owned()];
    /// let block = |seats| Block {
    ///     label: "ringerike".into(),
    ///     units: 57,
    ///     shares: Shares::Seats(seats),
    /// };
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
        let counts = blocks.iter().map(|it| count::assignments(&it.whole_seats()?)).collect();
        let denominators = seats::denominators(&blocks).unwrap_or_default();
        Ok(Self { arms, blocks, denominators, counts })
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
            let same = blocks.first().map(|it| std::mem::discriminant(&it.shares));
            if same != Some(std::mem::discriminant(&block.shares)) {
                problems.push(DesignError::Mixed { block: block.label.clone() });
            }
        }
        if problems.is_empty()
            && let Err(block) = seats::denominators(blocks)
        {
            problems.push(DesignError::Denominator { block });
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

    /// Number of assignments the draw can give, all equally likely; `None` from 2^128 on, and
    /// where probabilities must be rounded, since they are not equally likely then.
    pub fn assignments(&self) -> Option<u128> {
        self.counts.iter().try_fold(1_u128, |product, count| product.checked_mul((*count)?))
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
    fn problem(&self, arms: usize) -> Option<DesignError> {
        let (block, families) = (self.label.clone(), self.units);
        if !(1..=UNITS_MAX).contains(&families) {
            return Some(DesignError::Families { block, families });
        }
        if self.shares.len() != arms {
            return Some(DesignError::SeatCounts { block, arms, found: self.shares.len() });
        }
        match &self.shares {
            Shares::Seats(seats) => {
                let seats: u64 = seats.iter().copied().map(u64::from).sum();
                let families_64 = u64::from(families);
                match seats.cmp(&families_64) {
                    Ordering::Greater => {
                        Some(DesignError::MoreSeatsThanFamilies { block, seats, families })
                    }
                    Ordering::Less => {
                        Some(DesignError::FewerSeatsThanFamilies { block, seats, families })
                    }
                    Ordering::Equal => None,
                }
            }
            Shares::Probabilities(probabilities) => {
                let sum = |sum: Option<Fraction>, p: &Fraction| sum?.plus(*p);
                match probabilities.iter().fold(Some(Fraction::ZERO), sum) {
                    None => Some(DesignError::Denominator { block }),
                    Some(sum) => (sum != Fraction::ONE).then_some(DesignError::Sum { block }),
                }
            }
        }
    }
}

/// Whether a text can be the label of a pilot, a block or an arm.
pub fn is_label(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}
