//! How the arms were assigned, from the store and the draw's public files.

use std::collections::BTreeMap;

use lodd_draw::{Announcement, Beacon as Announced, File};
use lodd_report::{Beacon, Block, Draw, Origin, Protocol, Text as Words, Unit};
use lodd_store::pilot::{self, DrawStatus, DrawnKind};
use serde_json::Value;

use super::Source;
use crate::{
    hash::hex,
    problem::Failure,
    steps::{verify::Folder, words},
};

/// Every draw of families that has ended, by number.
pub(super) fn read(source: &Source<'_>) -> Result<Vec<Draw>, Failure> {
    let draws = source.pilot.draws().map_err(|error| words::store(&error))?;
    let ended =
        draws.iter().filter(|it| matches!(it.status, DrawStatus::Drawn | DrawStatus::Imported));
    ended.filter_map(|draw| one(source, draw).transpose()).collect()
}

/// `None` for a draw of offices.
fn one(source: &Source<'_>, draw: &pilot::Draw) -> Result<Option<Draw>, Failure> {
    let assignments = source.pilot.assignments(draw.draw).map_err(|error| words::store(&error))?;
    if assignments.iter().any(|row| row.unit_kind == DrawnKind::Office) {
        return Ok(None);
    }
    let mut seats: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for row in &assignments {
        let counts = seats.entry(&row.block).or_insert_with(|| vec![0; draw.arms.len()]);
        let arm = draw.arms.iter().position(|arm| *arm == row.arm);
        if let Some(count) = arm.and_then(|arm| counts.get_mut(arm)) {
            *count += 1;
        }
    }
    let block = |(label, seats): (&str, Vec<u64>)| Block {
        name: Words::same(block_name(source, label)),
        seats,
    };
    let folder = format!("draws/{:04}", draw.draw);
    let protocol = match draw.announcement_sha256 {
        Some(_) => protocol(source, draw, &folder)?,
        None => None,
    };
    let joined = source.pilot.linked_families(draw.draw).map_err(|error| words::store(&error))?;
    let epoch = jiff::civil::date(1970, 1, 1);
    let drawn_on = epoch.checked_add(jiff::Span::new().days(draw.drawn_on.unwrap_or_default()));
    Ok(Some(Draw {
        number: u32::try_from(draw.draw).unwrap_or_default(),
        origin: Origin::from_code(draw.origin.code()).unwrap_or(Origin::Imported),
        drawn_on: drawn_on.map_err(|error| Failure::internal("date", error))?.to_string(),
        unit: Unit::Family,
        joined: joined.len() as u64,
        commands: if protocol.is_some() {
            vec![format!("lodd draw verify {folder}")]
        } else {
            Vec::new()
        },
        protocol,
        blocks: seats.into_iter().map(block).collect(),
    }))
}

/// A block of one office has the office's name.
fn block_name(source: &Source<'_>, label: &str) -> String {
    let block = source.protocol.draw.blocks.iter().find(|it| it.label == label);
    match block.map(|it| it.offices.as_slice()) {
        Some([office]) => source.protocol.office_name(office).to_owned(),
        _ => source.protocol.office_name(label).to_owned(),
    }
}

/// The public record; `None` when its files can't be read.
fn protocol(
    source: &Source<'_>,
    draw: &pilot::Draw,
    folder: &str,
) -> Result<Option<Protocol>, Failure> {
    let files = Folder::read(&source.context.path(folder))?;
    let announced = files.announcement.as_deref().and_then(|bytes| Announcement::parse(bytes).ok());
    let (Some(announced), Some(reveal)) = (announced, &files.reveal) else { return Ok(None) };
    let reveal: Value = serde_json::from_slice(reveal)
        .map_err(|error| Failure::internal(File::Reveal.name(), error))?;
    let value = |key: &str| {
        let found = reveal.get("beacon").and_then(|it| it.get(key)).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    let beacon = match &announced.beacon {
        Announced::Witnessed { description } => {
            Beacon::Witnessed { description: description.clone(), value: value("value") }
        }
        Announced::Drand { round } => {
            Beacon::Drand { round: *round, signature: value("signature") }
        }
        _ => Beacon::Fixed { seed: value("seed") },
    };
    Ok(Some(Protocol {
        beacon,
        announcement: draw.announcement_sha256.clone().unwrap_or_default(),
        plan: hex(&announced.plan),
        root: hex(&announced.root),
        taken_over: draw.status == DrawStatus::Imported,
    }))
}
