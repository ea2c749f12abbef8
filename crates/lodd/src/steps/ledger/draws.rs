//! Every draw of a pilot, drawn again from its public files: that it verifies by itself, and that
//! the store says what was drawn. Hashes that were recorded say only that nothing was changed since.

use std::{fs, path::Path};

use lodd_draw::{Evidence, File, Finding, verify};
use lodd_store::{
    Pilot,
    pilot::{Assignment, Draw, DrawStatus},
};
use serde_json::{Value, json};

use super::super::{Context, draw_words, reveal, verify::Folder, words};
use crate::{
    beacon,
    problem::{Failure, Place, Problem},
    text::Text,
};

/// Something about a draw that does not hold, for people and for programs.
pub(super) struct Fault {
    pub(super) problem: Problem,
    pub(super) json: Value,
}

/// Everything that does not hold. A draw that was made elsewhere has no files to draw from, and a
/// folder that is gone is named file by file by whoever compares hashes.
pub(super) fn faults(context: &Context, pilot: &Pilot) -> Result<Vec<Fault>, Failure> {
    let mut faults = Vec::new();
    for draw in pilot.draws().map_err(|error| words::store(&error))? {
        let (public, private) = reveal::folders(context, draw.draw);
        if draw.announcement_sha256.is_some() && public.is_dir() {
            faults.extend(of_draw(context, pilot, &draw, (&public, &private))?);
        }
    }
    Ok(faults)
}

fn of_draw(
    context: &Context,
    pilot: &Pilot,
    draw: &Draw,
    (public, private): (&Path, &Path),
) -> Result<Vec<Fault>, Failure> {
    let folder = Folder::read(public)?;
    let before = reveal::folders(context, draw.draw - 1).0;
    let before = before.is_dir().then(|| Folder::read(&before)).transpose()?;
    let read = |file: File| fs::read(private.join(file.name())).ok();
    let (roster, covariates) = (read(File::Roster), read(File::Covariates));
    let previous = before.as_ref().map(Folder::files);
    let evidence = Evidence {
        previous: previous.as_ref(),
        roster: roster.as_deref(),
        covariates: covariates.as_deref(),
        check: &beacon::is_signature,
    };
    let verdict = verify(&folder.files(), &evidence);
    let found: Vec<Fault> = verdict.findings.iter().map(|it| finding(draw.draw, it)).collect();
    let made = matches!(draw.status, DrawStatus::Drawn | DrawStatus::Imported);
    let (true, true, Some(roster)) = (found.is_empty(), made, roster) else { return Ok(found) };
    disagreements(pilot, draw, &folder, &roster)
}

fn finding(draw: i64, it: &Finding) -> Fault {
    let mut problem = draw_words::problem(it);
    let file = problem.place.file.take().unwrap_or_default();
    let file = format!("draws/{draw:04}/{file}");
    problem.place.file = Some(file.clone());
    let (expected, found) = (&it.expected, &it.found);
    let json = json!({ "file": file, "field": it.field, "expected": expected, "found": found });
    Fault { problem, json }
}

/// The units whose place or arm in the store is not the one drawn.
fn disagreements(
    pilot: &Pilot,
    draw: &Draw,
    folder: &Folder,
    roster: &[u8],
) -> Result<Vec<Fault>, Failure> {
    let (Some(announcement), Some(leaves), Some(revealed)) =
        (&folder.announcement, &folder.leaves, &folder.reveal)
    else {
        return Ok(Vec::new());
    };
    let drawn = lodd_draw::compute(announcement, leaves, revealed, &beacon::is_signature)
        .map_err(|refused| super::super::verify::refuse(&refused))?;
    let drawn = reveal::assignments(&drawn, &reveal::private_ids(roster))?;
    let stored = pilot.assignments(draw.draw).map_err(|error| words::store(&error))?;
    let (mut drawn, mut stored): (Vec<_>, Vec<_>) =
        (drawn.iter().map(told).collect(), stored.iter().map(told).collect());
    drawn.sort();
    stored.sort();
    let of = |all: &[(String, String)], unit: &str| {
        let found = all.iter().find(|it| it.0 == unit);
        found.map_or_else(|| "–".to_owned(), |it| it.1.clone())
    };
    let mut units: Vec<&String> = drawn.iter().chain(&stored).map(|it| &it.0).collect();
    units.sort();
    units.dedup();
    let differ = units.into_iter().filter_map(|unit| {
        let (expected, found) = (of(&drawn, unit), of(&stored, unit));
        (expected != found).then(|| other(draw.draw, unit, (&expected, &found)))
    });
    Ok(differ.collect())
}

/// A unit's place in the draw, in one line.
fn told(it: &Assignment) -> (String, String) {
    let number = |it: Option<i64>| it.map_or_else(|| "–".to_owned(), |it| it.to_string());
    let Assignment { block, arm, .. } = it;
    let (ticket, probability) = (it.ticket.as_deref(), it.probability.as_deref());
    let (ticket, probability) = (ticket.unwrap_or("–"), probability.unwrap_or("–"));
    let (ordinal, rank) = (number(it.ordinal), number(it.rank));
    (it.unit_id.clone(), format!("{block} {ordinal} {ticket} {rank} {arm} {probability}"))
}

fn other(draw: i64, unit: &str, (expected, found): (&str, &str)) -> Fault {
    let file = format!("draws/{draw:04}/{}", File::Result.name());
    let place = Place {
        file: Some(file.clone()),
        unit: Some(unit.to_owned()),
        field: Some(unit.to_owned()),
        ..Place::default()
    };
    let message = Text::new(
        "lageret sier noe annet enn det som ble trukket",
        "the store says something else than was drawn",
    )
    .nn("lageret seier noko anna enn det som vart trekt");
    let problem = Problem::new(place, message).expected(expected, found);
    let json = json!({ "file": file, "field": unit, "expected": expected, "found": found });
    Fault { problem, json }
}
