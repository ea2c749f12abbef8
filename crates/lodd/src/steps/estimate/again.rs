//! How a draw is made again: from its public announcement and, under a constraint, its private
//! values. An assignment that was made elsewhere is drawn again with its seats as they were taken.

use lodd_draw::{Announcement, Block, Constrained, Design, File, Shares};
use lodd_store::pilot::{Assignment, Draw};

use super::Context;
use crate::{
    hash::sha256_hex,
    replay::Again,
    text::{Text, say},
};

/// The draw to be made again; else why it can't be.
///
/// `rows` stand in the order of `leaves.csv`.
pub(in crate::steps) fn again(
    context: &Context,
    draw: &Draw,
    rows: &[Assignment],
) -> Result<Again, Text> {
    let Some(sha256) = &draw.announcement_sha256 else { return as_seated(draw, rows) };
    let announced = announced(context, draw.draw, sha256)?;
    let again = match &announced.constraint {
        Some(_) => Again::constrained(constrained(context, draw.draw, &announced)?),
        None => Again::Free(announced.design),
    };
    if is_list(again.design(), rows) {
        return Ok(again);
    }
    let number = draw.draw;
    Err(say!(
        "listen i trekning {number} er ikke den som ble kunngjort",
        nn "lista i trekking {number} er ikkje den som vart kunngjord",
        "the list of draw {number} is not the one announced"
    ))
}

/// Whether the rows are the design's blocks, one after the other.
fn is_list(design: &Design, rows: &[Assignment]) -> bool {
    let mut lists = rows.chunk_by(|a, b| a.block == b.block);
    let same = |block: &Block| {
        lists.next().is_some_and(|list| {
            let first = list.first().is_some_and(|it| it.block == block.label);
            first && list.len() == block.units as usize
        })
    };
    design.blocks().iter().all(same) && lists.next().is_none()
}

fn announced(context: &Context, number: i64, sha256: &str) -> Result<Announcement, Text> {
    let name = format!("draws/{number:04}/{}", File::Announcement.name());
    let bytes = std::fs::read(context.path(&name)).unwrap_or_default();
    let parsed = Announcement::parse(&bytes).ok().filter(|_| sha256_hex(&bytes) == sha256);
    parsed.ok_or_else(|| {
        say!(
            "{name} mangler eller er ikke den som ble kunngjort: trekningen kan ikke gjøres om igjen",
            nn "{name} manglar eller er ikkje den som vart kunngjord: trekkinga kan ikkje gjerast om att",
            "{name} is missing or is not the one announced: the draw can't be made again"
        )
    })
}

/// The values are checked against their hash in the announcement.
fn constrained(
    context: &Context,
    number: i64,
    announced: &Announcement,
) -> Result<Constrained, Text> {
    let name = format!("private/{number:04}/{}", File::Covariates.name());
    let bytes = std::fs::read(context.path(&name)).unwrap_or_default();
    Constrained::read(announced, &bytes).map_err(|_| {
        say!(
            "{name} mangler eller er ikke den det ble trukket med: trekningen kan ikke gjøres om igjen under sin betingelse",
            nn "{name} manglar eller er ikkje den det vart trekt med: trekkinga kan ikkje gjerast om att under vilkåret sitt",
            "{name} is missing or is not the one drawn with: the draw can't be made again under its constraint"
        )
    })
}

/// Seats as they were taken in each block.
fn as_seated(draw: &Draw, rows: &[Assignment]) -> Result<Again, Text> {
    let block = |rows: &[Assignment]| {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let taken = |arm: &String| count(rows.iter().filter(|it| it.arm == *arm).count());
        Block {
            label: rows.first().map(|it| it.block.clone()).unwrap_or_default(),
            units: count(rows.len()),
            shares: Shares::Seats(draw.arms.iter().map(taken).collect()),
        }
    };
    let blocks = rows.chunk_by(|a, b| a.block == b.block).map(block).collect();
    let design = Design::new(draw.arms.clone(), blocks);
    design.map(Again::Free).map_err(|error| Text::same(error.to_string()))
}
