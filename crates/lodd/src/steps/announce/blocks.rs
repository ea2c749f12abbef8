//! What is drawn: from the protocol and the units to be drawn to blocks and their shares.
//!
//! The order in which the units come says nothing: blocks, pairs and counts follow from their ids.

use std::collections::{BTreeMap, BTreeSet};

use lodd_draw::{Constrain, Fraction, Limit, Secret, Shares, Unit};
use lodd_store::{
    Pilot,
    pilot::{DrawStatus, DrawnKind},
};

use super::{
    super::{random, words},
    capacity::{self, Places},
    covariates, pairing,
};
use crate::{
    problem::{Failure, Place, Problem},
    protocol::{Block, DrawPlan, FILE, Protocol, Wanted},
    text::{Text, say},
};

/// A unit that may be drawn, and its office; an office's is itself.
pub(in crate::steps) type Candidate = (String, String);

/// A block with the units in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::steps) struct Placed {
    pub(in crate::steps) label: String,
    pub(in crate::steps) shares: Shares,
    /// In ascending order.
    pub(in crate::steps) ids: Vec<String>,
}

/// Every unit in its block, and what holds over all blocks.
#[derive(Debug)]
pub(in crate::steps) struct List {
    /// In ascending order of label.
    pub(in crate::steps) blocks: Vec<Placed>,
    pub(in crate::steps) constraint: Option<Constrain>,
    /// The free places of blocks with a capacity.
    pub(super) places: Vec<Places>,
}

impl List {
    /// Label and shares of each block.
    pub(super) fn shares(&self) -> Vec<(String, Shares)> {
        self.blocks.iter().map(|it| (it.label.clone(), it.shares.clone())).collect()
    }

    /// The units, each with a salt of its own.
    ///
    /// # Errors
    ///
    /// If the operating system gives no random bytes.
    pub(super) fn units(&self) -> Result<Vec<Unit>, Failure> {
        let each = self.blocks.iter().flat_map(|block| block.ids.iter().map(move |id| (block, id)));
        each.map(|(block, id)| {
            Ok(Unit { block: block.label.clone(), id: id.clone(), salt: Secret(random()?) })
        })
        .collect()
    }
}

/// The offices of a plan's blocks, each a unit.
pub(in crate::steps) fn offices(plan: &DrawPlan) -> Vec<Candidate> {
    let offices = plan.blocks.iter().flat_map(|block| &block.offices);
    offices.map(|office| (office.clone(), office.clone())).collect()
}

/// The blocks of a draw of offices: all of it stands in the protocol.
///
/// # Errors
///
/// Refused when a block has more seats than offices.
pub(in crate::steps) fn of_offices(plan: &DrawPlan) -> Result<Vec<Placed>, Failure> {
    seats(place(plan, offices(plan))?, &BTreeMap::new())
}

/// Puts the candidates that no draw has had into the blocks of the plan.
///
/// # Errors
///
/// Refused when an office is in no block, nobody is left to draw, or the seats do not fit.
pub(in crate::steps) fn list(
    pilot: &Pilot,
    protocol: &Protocol,
    plan: &DrawPlan,
    candidates: Vec<Candidate>,
) -> Result<List, Failure> {
    let locked = locked(pilot, plan.unit)?;
    let candidates = candidates.into_iter().filter(|(id, _)| !locked.contains(id)).collect();
    let (placed, places) = capacity::count(pilot, plan, place(plan, candidates)?)?;
    let constraint = match &plan.constraint {
        None => None,
        Some(wanted) => {
            let (names, limits): (Vec<String>, Vec<Limit>) =
                wanted.limits.iter().cloned().map(limit).unzip();
            let mut covariates = covariates::values(pilot, protocol, &names)?;
            let drawn: BTreeSet<&String> = placed.iter().flat_map(|(_, ids)| ids).collect();
            covariates.retain(|id, _| drawn.contains(id));
            Some(Constrain { limits, max_attempts: wanted.max_attempts, covariates })
        }
    };
    let blocks = match &plan.pairs {
        Some(pairs) => pairing::pairs(pilot, protocol, pairs, placed)?,
        None => seats(placed, &capacity::free(&places))?,
    };
    Ok(List { blocks, constraint, places })
}

fn limit((name, max_difference): (String, Fraction)) -> (String, Limit) {
    (name.clone(), Limit { name, max_difference })
}

/// Units on the list of any draw before this one; those of a void draw are free again.
fn locked(pilot: &Pilot, kind: DrawnKind) -> Result<BTreeSet<String>, Failure> {
    let mut all = BTreeSet::new();
    for draw in pilot.draws().map_err(|error| words::store(&error))? {
        if draw.status != DrawStatus::Void {
            let units = pilot.draw_units(draw.draw).map_err(|error| words::store(&error))?;
            all.extend(units.into_iter().filter(|it| it.unit_kind == kind).map(|it| it.unit_id));
        }
    }
    Ok(all)
}

/// The units of each block that has any; blocks in ascending order of label.
fn place(
    plan: &DrawPlan,
    candidates: Vec<Candidate>,
) -> Result<Vec<(&Block, Vec<String>)>, Failure> {
    let mut blocks: BTreeMap<&str, (&Block, Vec<String>)> = BTreeMap::new();
    let mut without: BTreeSet<String> = BTreeSet::new();
    for (id, office) in candidates {
        match plan.block_of(&office) {
            Some(block) => {
                blocks.entry(&block.label).or_insert((block, Vec::new())).1.push(id);
            }
            None => {
                without.insert(office);
            }
        }
    }
    if !without.is_empty() {
        return Err(in_no_block(without));
    }
    if blocks.is_empty() {
        return Err(Failure::policy(nobody(plan.unit)));
    }
    let mut placed: Vec<(&Block, Vec<String>)> = blocks.into_values().collect();
    for (_, ids) in &mut placed {
        ids.sort();
    }
    Ok(placed)
}

fn nobody(kind: DrawnKind) -> Text {
    match kind {
        DrawnKind::Family => Text::new(
            "det er ingen familier å trekke blant: ingen oppfyller kriteriene, eller alle er alt trukket",
            "there are no families to draw: none is eligible, or all have been drawn",
        ).nn("det er ingen familiar å trekkje blant: ingen oppfyller kriteria, eller alle er alt trekte"),
        DrawnKind::Office => Text::new(
            "det er ingen kontor å trekke blant: ingen står i [[draw.block]], eller alle er alt trukket",
            "there are no offices to draw: none is in a [[draw.block]], or all have been drawn",
        ).nn("det er ingen kontor å trekkje blant: ingen står i [[draw.block]], eller alle er alt trekte"),
    }
}

fn in_no_block(offices: BTreeSet<String>) -> Failure {
    let problem = |office: String| {
        let place = Place {
            file: Some(FILE.to_owned()),
            field: Some("draw.block".to_owned()),
            ..Place::default()
        };
        Problem::new(
            place,
            say!(
                "kontoret `{office}` er ikke i noen blokk",
                nn "kontoret `{office}` er ikkje i noka blokk",
                "office `{office}` is in no block"
            ),
        )
    };
    Failure::refused(
        Text::new(
            "noen kontor har familier, men ingen plasser",
            "some offices have families but no seats",
        )
        .nn("nokre kontor har familiar, men ingen plassar"),
        offices.into_iter().map(problem).collect(),
    )
}

/// The shares of each block: as planned, and the last arm takes the rest.
///
/// `free`: the places of each block with a capacity.
fn seats(placed: capacity::Placed<'_>, free: &BTreeMap<&str, u32>) -> Result<Vec<Placed>, Failure> {
    let (mut blocks, mut problems) = (Vec::new(), Vec::new());
    for (block, ids) in placed {
        let free = free.get(block.label.as_str()).copied().unwrap_or_default();
        match shares(block, ids.len(), free) {
            Ok(shares) => blocks.push(Placed { label: block.label.clone(), shares, ids }),
            Err(taken) => problems.push(too_many_seats(block, taken, ids.len())),
        }
    }
    if problems.is_empty() {
        return Ok(blocks);
    }
    Err(Failure::refused(
        Text::new("plassene går ikke opp", "the seats do not fit").nn("plassane går ikkje opp"),
        problems,
    ))
}

/// `n`: units in the block. Its seats, where they are more.
fn shares(block: &Block, n: usize, free: u32) -> Result<Shares, u64> {
    let counted = [u32::try_from(n).unwrap_or(u32::MAX).min(free)];
    let seats = match &block.shares {
        Wanted::Capacity(_) => &counted[..],
        Wanted::Probabilities(fractions) => return Ok(Shares::Probabilities(fractions.clone())),
        Wanted::Pairs => return Ok(Shares::Seats(Vec::new())),
        Wanted::Seats(seats) => seats.as_slice(),
    };
    let taken: u64 = seats.iter().copied().map(u64::from).sum();
    let rest = (n as u64).checked_sub(taken).and_then(|rest| u32::try_from(rest).ok());
    Ok(Shares::Seats(seats.iter().copied().chain([rest.ok_or(taken)?]).collect()))
}

fn too_many_seats(block: &Block, taken: u64, n: usize) -> Problem {
    let label = block.label.clone();
    let place = Place {
        file: Some(FILE.to_owned()),
        line: Some(block.line),
        field: Some(block.field.clone()),
        ..Place::default()
    };
    let message = say!(
        "blokken `{label}` kan ikke ha flere plasser enn familier: {taken} plasser, {n} familier",
        nn "blokka `{label}` kan ikkje ha fleire plassar enn familiar: {taken} plassar, {n} familiar",
        "block `{label}` can't have more seats than families: {taken} seats, {n} families"
    );
    Problem::new(place, message).expected(format!("<= {n}"), taken.to_string())
}
