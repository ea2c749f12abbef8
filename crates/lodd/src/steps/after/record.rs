//! The record of a draw for the archive, from the store, the public files and the checks.

use std::collections::BTreeMap;

use lodd_draw::{Beacon, File, Shares, quicknet};
use lodd_report::{DrawnUnit, Record, RecordBeacon, RecordBlock};
use lodd_store::{
    Pilot,
    ledger::Entry,
    pilot::{DrawStatus, DrawnKind, Origin},
};
use serde_json::Value;

use super::{Balance, Made, Orders, program, words};
use crate::{
    clock::oslo_text,
    hash::{hex, sha256_hex},
    problem::Failure,
    protocol::Protocol,
};

/// The record; `None` for an assignment that was made elsewhere, which has no public files.
pub(super) fn record(
    pilot: &Pilot,
    protocol: &Protocol,
    made: &Made,
    (balance, orders): (&Balance, &Orders),
) -> Result<Option<Record>, Failure> {
    let Some((folder, announced)) = &made.folder else { return Ok(None) };
    let bytes = |file: Option<&Vec<u8>>| file.map(|it| sha256_hex(it)).unwrap_or_default();
    let reveal: Value = serde_json::from_slice(folder.reveal.as_deref().unwrap_or_default())
        .map_err(|error| Failure::internal(File::Reveal.name(), error))?;
    let entries = entries(pilot, made)?;
    let scripted = entries.iter().any(|it| it.clock == "scripted");
    let drawn_on = made.draw.drawn_on.unwrap_or_default();
    let drawn_on = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(drawn_on));
    Ok(Some(Record {
        program: program(),
        title: words::shown(&protocol.title),
        pilot: protocol.label.clone(),
        draw: announced.draw,
        unit: match made.kind() {
            DrawnKind::Family => DrawnUnit::Family,
            DrawnKind::Office => DrawnUnit::Office,
        },
        rehearsal: made.draw.origin == Origin::Rehearsal || announced.is_rehearsal(),
        taken_over: made.draw.status == DrawStatus::Imported,
        scripted_clock: scripted,
        arms: made.arm_names.iter().map(words::shown).collect(),
        blocks: blocks(protocol, made),
        locked_at: oslo_text(made.draw.announced_at_us)?,
        revealed_at: oslo_text(made.draw.shown_at_us.unwrap_or_default())?,
        drawn_on: drawn_on.map_err(|error| Failure::internal("date", error))?.to_string(),
        beacon: beacon(&announced.beacon, &reveal)?,
        attempt: reveal.get("attempt").and_then(Value::as_u64),
        announcement: bytes(folder.announcement.as_ref()),
        root: hex(&announced.root),
        plan: hex(&announced.plan),
        reveal: bytes(folder.reveal.as_ref()),
        result: bytes(folder.result.as_ref()),
        entries: entries.into_iter().map(|it| (it.seq, it.event, it.hash)).collect(),
        balance_p: balance.joint.as_ref().map(|(test, _)| test.p_value()),
        checks: (orders.checks.len() as u64, orders.stopped().count() as u64),
        folder: format!("draws/{:04}", made.draw.draw),
    }))
}

/// The ledger's entries on this draw itself, not on the offers that follow it.
fn entries(pilot: &Pilot, made: &Made) -> Result<Vec<Entry>, Failure> {
    let all = pilot.ledger().map_err(|error| super::super::words::store(&error))?;
    let is_ours = |it: &Entry| {
        let payload: Option<Value> =
            it.payload.as_deref().and_then(|it| serde_json::from_str(it).ok());
        let number = payload.as_ref().and_then(|it| it.get("draw")).and_then(Value::as_i64);
        ["announcement", "draw", "draw_import"].contains(&it.event.as_str())
            && number == Some(made.draw.draw)
    };
    Ok(all.into_iter().filter(is_ours).collect())
}

/// Each block as it was locked and as it came out.
fn blocks(protocol: &Protocol, made: &Made) -> Vec<RecordBlock> {
    let arms = made.design().arms();
    let mut drawn: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for row in &made.rows {
        let counts = drawn.entry(&row.block).or_insert_with(|| vec![0; arms.len()]);
        let arm = arms.iter().position(|it| *it == row.arm);
        if let Some(count) = arm.and_then(|arm| counts.get_mut(arm)) {
            *count += 1;
        }
    }
    let block = |it: &lodd_draw::Block| RecordBlock {
        name: block_name(protocol, &it.label),
        units: u64::from(it.units),
        promised: match &it.shares {
            Shares::Seats(seats) => seats.iter().map(ToString::to_string).collect(),
            Shares::Probabilities(shares) => shares.iter().map(ToString::to_string).collect(),
        },
        drawn: drawn.remove(it.label.as_str()).unwrap_or_default(),
    };
    made.design().blocks().iter().map(block).collect()
}

/// A block of one office has the office's name.
pub(in crate::steps) fn block_name(protocol: &Protocol, label: &str) -> String {
    let block = protocol.draw.blocks.iter().find(|it| it.label == label);
    match block.map(|it| it.offices.as_slice()) {
        Some([office]) => protocol.office_name(office).to_owned(),
        _ => protocol.office_name(label).to_owned(),
    }
}

fn beacon(announced: &Beacon, reveal: &Value) -> Result<RecordBeacon, Failure> {
    let value = |key: &str| {
        let found = reveal.get("beacon").and_then(|it| it.get(key)).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    Ok(match announced {
        Beacon::Witnessed { description } => {
            RecordBeacon::Witnessed { description: description.clone(), value: value("value") }
        }
        Beacon::Drand { round } => {
            RecordBeacon::Drand { round: *round, at: due(*round)?, signature: value("signature") }
        }
        _ => RecordBeacon::Fixed { seed: value("seed") },
    })
}

/// When a round was due, in Oslo's time.
fn due(round: u64) -> Result<String, Failure> {
    let seconds = quicknet::time_of(round).and_then(|it| i64::try_from(it).ok());
    oslo_text(seconds.and_then(|it| it.checked_mul(1_000_000)).unwrap_or_default())
}
