//! What happens over time, and what the design could have found: figures with their own tables.

use super::Blocks;
use crate::{
    document::Block,
    figures::{curves, paths, power},
    model::Report,
    table::Numbering,
    wording::Words,
};

/// Assistance month by month, in every arm.
pub(super) fn months(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let mut blocks = Vec::new();
    for it in &report.months {
        blocks.extend(curves::figure(words, report, it, numbers)?.map(Block::Figure));
    }
    Ok(blocks)
}

/// The effects on one outcome at each of its horizons.
pub(super) fn effects(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let mut blocks = Vec::new();
    for it in &report.paths {
        blocks.extend(paths::figure(words, report, it, numbers)?.map(Block::Figure));
    }
    Ok(blocks)
}

/// The power of the design.
pub(super) fn power(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let mut blocks = Vec::new();
    for it in &report.power {
        blocks.extend(power::figure(words, report, it, numbers)?.map(Block::Figure));
    }
    Ok(blocks)
}
