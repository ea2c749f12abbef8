//! `lodd draw announce`: locks the list of eligible families.

mod blocks;
mod covariates;
mod keep;
mod pairing;
mod stage;

pub(super) use blocks::{list, of_offices, offices};
pub(super) use keep::COVARIATES;
pub(super) use stage::complete;

use lodd_draw::{
    Announce, Announced, Beacon, REHEARSAL, Secret, Unit, announce, announcement_hash,
};
use lodd_store::{
    StoreError,
    pilot::{Announcement, Beacon as StoreBeacon, DrawStatus, DrawUnit, DrawnKind, Origin},
};
use serde_json::json;

use super::{Context, draw_words, random, screen, verify::Folder, words};
use crate::{
    answer::Answer,
    clock::Clock,
    hash::sha256_hex,
    problem::{Failure, Place, Problem},
    protocol::{FILE, LEGAL, Protocol},
    text::{Text, say},
};

/// Locks the list: the announcement and leaves go to `draws/NNNN`, salts and secret to
/// `private/NNNN`. `witnessed`: what will be read out; `None` is a rehearsal.
///
/// # Errors
///
/// Refused when a draw is open, the list is not the one that was screened, the legal block of a
/// real draw is not filled in, or the seats do not fit.
pub(crate) fn run(context: &Context, witnessed: Option<&str>) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    check_real(context, &protocol)?;
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    if let Some(open) = draws.iter().find(|it| it.status == DrawStatus::Open) {
        return Err(words::store(&StoreError::DrawOpen { open: open.draw }));
    }
    let number = u32::try_from(draws.len()).unwrap_or(u32::MAX).saturating_add(1);
    let plan = stage::next(&pilot, &protocol)?;
    let candidates = match plan.unit {
        DrawnKind::Office => offices(plan),
        DrawnKind::Family => screen::eligible(&pilot, &protocol)?,
    };
    let list = list(&pilot, &protocol, plan, candidates)?;
    let units = list.units()?;
    let beacon = match witnessed {
        Some(description) => Beacon::Witnessed { description: description.to_owned() },
        None => Beacon::Fixed,
    };
    let secret = Secret(random()?);
    let before = before(context, number)?;
    let announced = announce(Announce {
        pilot: &protocol.label,
        draw: number,
        previous: before.as_ref().map(Folder::files),
        plan: &protocol.bytes,
        secret,
        beacon: beacon.clone(),
        arms: plan.labels(),
        blocks: list.shares(),
        constraint: list.constraint,
        units: units.clone(),
    })
    .map_err(|error| Failure::policy(draw_words::announce(&error)))?;
    let origin = if witnessed.is_some() { Origin::Drawn } else { Origin::Rehearsal };
    let entry = Announcement {
        draw: i64::from(number),
        origin,
        beacon: if witnessed.is_some() { StoreBeacon::Witnessed } else { StoreBeacon::Fixed },
        arms: plan.labels(),
        announcement_sha256: sha256_hex(&announced.announcement),
        plan_sha256: protocol.sha256(),
        units: units.iter().map(|unit| drawn_unit(plan.unit, unit)).collect(),
    };
    let write = || keep::write(context, number, &protocol.bytes, &announced, &secret);
    pilot
        .record_announcement(&context.stamp(), &entry, write)
        .map_err(|error| words::store(&error))?;
    let locked = words::units(plan.unit, units.len());
    Ok(answer(number, &announced, &beacon, (&protocol, &locked)))
}

/// What a draw that counts must have beyond a rehearsal.
fn check_real(context: &Context, protocol: &Protocol) -> Result<(), Failure> {
    if protocol.label.ends_with(REHEARSAL) {
        return Ok(());
    }
    if let Clock::Scripted(_) = context.clock {
        return Err(Failure::policy(Text::new(
            "en virkelig trekning kan ikke gjøres med skriptet klokke",
            "a real draw can't be made by a scripted clock",
        )));
    }
    let empty = |(key, text): (&&str, &String)| {
        text.trim().is_empty().then(|| {
            let place = Place {
                file: Some(FILE.to_owned()),
                field: Some(format!("legal.{key}")),
                ..Place::default()
            };
            Problem::new(
                place,
                Text::new(
                    "må fylles ut før en virkelig trekning",
                    "must be filled in before a real draw",
                ),
            )
        })
    };
    let problems: Vec<Problem> = LEGAL.iter().zip(&protocol.legal).filter_map(empty).collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure::refused(
        Text::new("det rettslige grunnlaget er ikke ferdig", "the legal basis is not complete"),
        problems,
    ))
}

/// The folder of the draw before, from which the chain goes on.
fn before(context: &Context, number: u32) -> Result<Option<Folder>, Failure> {
    if number == 1 {
        return Ok(None);
    }
    Folder::read(&context.path(format!("draws/{:04}", number - 1))).map(Some)
}

fn drawn_unit(unit_kind: DrawnKind, unit: &Unit) -> DrawUnit {
    DrawUnit { unit_kind, unit_id: unit.id.clone(), block: unit.block.clone() }
}

fn answer(
    number: u32,
    announced: &Announced,
    beacon: &Beacon,
    (protocol, locked): (&Protocol, &Text),
) -> Answer {
    let hash = announcement_hash(&announced.announcement);
    let label = &protocol.label;
    let mut lines = vec![
        say!(
            "Trekning {number} for `{label}` er kunngjort: listen med {nb} er låst.",
            "Draw {number} of `{label}` is announced: the list of {en} is locked.",
            nb = &locked.nb,
            en = &locked.en,
        ),
        say!("  kunngjøringens hash: {hash}", "  hash of the announcement: {hash}", hash = &hash),
    ];
    lines.push(match beacon {
        Beacon::Witnessed { description } => say!(
            "  Før dette leses opp for vitner ({description}), må hashen stå der andre ser den: i en\n  offentlig postjournal eller hos et vitne. Publiser filene i draws/{number:04}.",
            "  Before this is read out before witnesses ({description}), the hash must stand where others\n  see it: in a public postal journal or with a witness. Publish the files of draws/{number:04}."
        ),
        _ => Text::new("  ØVELSE (REHEARSAL): denne trekningen gjelder ikke.", "  REHEARSAL: nothing of this draw counts."),
    });
    lines.push(say!(
        "  Salt og hemmelighet ligger i private/{number:04}: de skal aldri publiseres.",
        "  Salts and secret are in private/{number:04}: they must never be published."
    ));
    let json = json!({
        "draw": number,
        "pilot": label,
        "announcement": hash,
        "beacon": beacon.kind(),
        "rehearsal": *beacon == Beacon::Fixed,
        "dir": format!("draws/{number:04}"),
    });
    Answer::new(Text::lines(lines), json)
}
