//! What is drawn: from the protocol and the eligible families to arms, blocks, seats and units.

use std::collections::{BTreeMap, BTreeSet};

use lodd_draw::{Secret, Shares, Unit};
use lodd_store::{Pilot, pilot::DrawStatus};

use super::super::{random, words};
use crate::{
    problem::{Failure, Place, Problem},
    protocol::{Block, FILE, Protocol},
    text::{Text, say},
};

/// The list to be locked.
#[derive(Debug)]
pub(super) struct List {
    /// In the order of the protocol.
    pub(super) arms: Vec<String>,
    /// Label of each block and its seats or probabilities, one an arm.
    pub(super) blocks: Vec<(String, Shares)>,
    pub(super) units: Vec<Unit>,
}

/// Puts the eligible families that no draw has had into the blocks of the protocol.
///
/// # Errors
///
/// Refused when an office is in no block, nobody is left to draw, or the seats do not fit.
pub(super) fn list(
    pilot: &Pilot,
    protocol: &Protocol,
    families: Vec<(String, String)>,
) -> Result<List, Failure> {
    let units = units(protocol, families, &locked(pilot)?)?;
    let blocks = seats(protocol, &units)?;
    Ok(List { arms: protocol.draw.labels(), blocks, units })
}

/// Families on the list of any draw before this one; those of a void draw are free again.
fn locked(pilot: &Pilot) -> Result<BTreeSet<String>, Failure> {
    let mut all = BTreeSet::new();
    for draw in pilot.draws().map_err(|error| words::store(&error))? {
        if draw.status != DrawStatus::Void {
            let units = pilot.draw_units(draw.draw).map_err(|error| words::store(&error))?;
            all.extend(units.into_iter().map(|unit| unit.unit_id));
        }
    }
    Ok(all)
}

/// The eligible families that no draw has had, each in the block of its office.
fn units(
    protocol: &Protocol,
    families: Vec<(String, String)>,
    locked: &BTreeSet<String>,
) -> Result<Vec<Unit>, Failure> {
    let mut units = Vec::with_capacity(families.len());
    let mut without: BTreeSet<String> = BTreeSet::new();
    for (family, office) in families.into_iter().filter(|(family, _)| !locked.contains(family)) {
        match protocol.draw.block_of(&office) {
            Some(block) => {
                units.push(Unit {
                    block: block.label.clone(),
                    id: family,
                    salt: Secret(random()?),
                });
            }
            None => {
                without.insert(office);
            }
        }
    }
    if without.is_empty() && !units.is_empty() {
        return Ok(units);
    }
    if without.is_empty() {
        return Err(Failure::policy(Text::new(
            "det er ingen familier å trekke blant: ingen oppfyller kriteriene, eller alle er alt trukket",
            "there are no families to draw: none is eligible, or all have been drawn",
        )));
    }
    let problem = |office: String| {
        let place = Place {
            file: Some(FILE.to_owned()),
            field: Some("draw.block".to_owned()),
            ..Place::default()
        };
        Problem::new(
            place,
            say!("kontoret `{office}` er ikke i noen blokk", "office `{office}` is in no block"),
        )
    };
    Err(Failure::refused(
        Text::new(
            "noen kontor har familier, men ingen plasser",
            "some offices have families but no seats",
        ),
        without.into_iter().map(problem).collect(),
    ))
}

/// Seats of each block: as planned, and the last arm takes the rest.
fn seats(protocol: &Protocol, units: &[Unit]) -> Result<Vec<(String, Shares)>, Failure> {
    let mut families: BTreeMap<&str, u32> = BTreeMap::new();
    for unit in units {
        *families.entry(&unit.block).or_default() += 1;
    }
    let mut problems = Vec::new();
    let mut blocks = Vec::new();
    for block in
        protocol.draw.blocks.iter().filter(|block| families.contains_key(block.label.as_str()))
    {
        let n = families.get(block.label.as_str()).copied().unwrap_or_default();
        let taken: u64 = block.seats.iter().copied().map(u64::from).sum();
        let rest = u64::from(n).checked_sub(taken).and_then(|rest| u32::try_from(rest).ok());
        match rest {
            Some(rest) => {
                let seats = block.seats.iter().copied().chain([rest]).collect();
                blocks.push((block.label.clone(), Shares::Seats(seats)));
            }
            None => problems.push(too_many_seats(block, taken, n)),
        }
    }
    if problems.is_empty() {
        return Ok(blocks);
    }
    Err(Failure::refused(Text::new("plassene går ikke opp", "the seats do not fit"), problems))
}

fn too_many_seats(block: &Block, taken: u64, n: u32) -> Problem {
    let label = block.label.clone();
    let place = Place {
        file: Some(FILE.to_owned()),
        line: Some(block.line),
        field: Some(block.field.clone()),
        ..Place::default()
    };
    let message = say!(
        "blokken `{label}` kan ikke ha flere plasser enn familier: {taken} plasser, {n} familier",
        "block `{label}` can't have more seats than families: {taken} seats, {n} families"
    );
    Problem::new(place, message).expected(format!("<= {n}"), taken.to_string())
}
