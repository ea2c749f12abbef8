//! The rows of draws, locked lists and assignments, and what is refused before they are appended.

use std::collections::BTreeMap;

use rusqlite::{Connection, Error, OptionalExtension, Row, Transaction, types::Type};
use serde_json::json;

use super::{Assignment, Draw, DrawUnit};
use crate::{
    StoreError,
    pilot::{
        DrawStatus, DrawnKind,
        roster::{self, first_twice},
        write::Write,
    },
};

/// Refuses a number other than the next, and any while a draw is open.
pub(super) fn check_number(transaction: &Transaction<'_>, found: i64) -> Result<(), StoreError> {
    let draws = draws(transaction)?;
    if let Some(Draw { draw: open, .. }) = draws.iter().find(|it| it.status == DrawStatus::Open) {
        return Err(StoreError::DrawOpen { open: *open });
    }
    let expected = draws.last().map_or(1, |it| it.draw + 1);
    if found == expected { Ok(()) } else { Err(StoreError::DrawNumber { expected, found }) }
}

/// A draw that must be open.
pub(super) fn open(transaction: &Transaction<'_>, draw: i64) -> Result<Draw, StoreError> {
    draws(transaction)?
        .into_iter()
        .find(|it| it.draw == draw && it.status == DrawStatus::Open)
        .ok_or(StoreError::DrawNotOpen { draw })
}

/// Refuses assignments of other units, or of units in other blocks, than were locked.
pub(super) fn same_units(
    draw: i64,
    locked: &[DrawUnit],
    assigned: &[DrawUnit],
) -> Result<(), StoreError> {
    let mut count: BTreeMap<(&str, &str, &str), i64> = BTreeMap::new();
    let signed = locked.iter().map(|it| (it, 1)).chain(assigned.iter().map(|it| (it, -1)));
    for (DrawUnit { unit_kind, unit_id, block }, sign) in signed {
        *count.entry((unit_id, unit_kind.code(), block)).or_default() += sign;
    }
    match count.into_iter().find(|(_, count)| *count != 0) {
        Some(((unit_id, ..), _)) => {
            Err(StoreError::OtherUnits { draw, unit_id: unit_id.to_owned() })
        }
        None => Ok(()),
    }
}

pub(super) fn append_draw(write: &Write<'_>, draw: &Draw) -> Result<(), StoreError> {
    let sql = "INSERT INTO draws (draw, recorded_at, status, origin, beacon, arms, drawn_on, \
               shown_at, announcement_sha256, plan_sha256, reveal_sha256, result_sha256) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    write.transaction.execute(
        sql,
        (
            draw.draw,
            write.at_us,
            draw.status,
            draw.origin,
            draw.beacon,
            json!(draw.arms).to_string(),
            draw.drawn_on,
            draw.shown_at_us,
            &draw.announcement_sha256,
            &draw.plan_sha256,
            &draw.reveal_sha256,
            &draw.result_sha256,
        ),
    )?;
    Ok(())
}

pub(super) fn append_units(
    write: &Write<'_>,
    draw: i64,
    units: &[DrawUnit],
) -> Result<(), StoreError> {
    if units.is_empty() {
        return Err(StoreError::NoUnits { draw });
    }
    let keys = units.iter().map(|it| format!("{} {}", it.unit_kind.code(), it.unit_id)).collect();
    if let Some(key) = first_twice(keys) {
        return Err(StoreError::Twice { what: "unit", key });
    }
    let mut insert =
        write.transaction.prepare_cached("INSERT INTO draw_units VALUES (?, ?, ?, ?, ?)")?;
    for DrawUnit { unit_kind, unit_id, block } in units {
        match unit_kind {
            DrawnKind::Family => roster::office_of(&write.transaction, unit_id).map(|_| ())?,
            DrawnKind::Office => roster::known_office(&write.transaction, unit_id)?,
        }
        insert.execute((draw, unit_kind, unit_id, block, write.at_us))?;
    }
    Ok(())
}

pub(super) fn append_assignments(
    write: &Write<'_>,
    draw: &Draw,
    assignments: &[Assignment],
) -> Result<(), StoreError> {
    let sql = "INSERT INTO assignments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let mut insert = write.transaction.prepare_cached(sql)?;
    for it in assignments {
        if !draw.arms.contains(&it.arm) {
            let (unit_id, arm) = (it.unit_id.clone(), it.arm.clone());
            return Err(StoreError::UnknownArm { draw: draw.draw, unit_id, arm });
        }
        let (unit, at) = ((it.unit_kind, &it.unit_id), write.at_us);
        let seat = (it.ordinal, &it.ticket, it.rank, &it.arm, &it.probability);
        insert.execute((draw.draw, unit.0, unit.1, at, seat.0, seat.1, seat.2, seat.3, seat.4))?;
    }
    Ok(())
}

pub(in crate::pilot) fn units(
    connection: &Connection,
    draw: i64,
) -> rusqlite::Result<Vec<DrawUnit>> {
    let sql = "SELECT unit_kind, unit_id, block FROM draw_units WHERE draw = ? \
               ORDER BY block, unit_kind, unit_id";
    let mut select = connection.prepare(sql)?;
    let unit = |row: &Row<'_>| {
        Ok(DrawUnit { unit_kind: row.get(0)?, unit_id: row.get(1)?, block: row.get(2)? })
    };
    select.query_map([draw], unit)?.collect()
}

pub(in crate::pilot) fn draws(connection: &Connection) -> rusqlite::Result<Vec<Draw>> {
    let sql = "SELECT draw, status, origin, beacon, arms, drawn_on, shown_at, announcement_sha256, \
               plan_sha256, reveal_sha256, result_sha256, MAX(recorded_at) \
               FROM draws GROUP BY draw ORDER BY draw";
    let mut select = connection.prepare(sql)?;
    let rows = select.query_map([], |row| draw(connection, row))?;
    rows.collect()
}

fn draw(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<Draw> {
    let number: i64 = row.get(0)?;
    let arms: String = row.get(4)?;
    let first = "SELECT MIN(recorded_at) FROM draws WHERE draw = ?";
    let announced = connection.query_row(first, [number], |row| row.get(0)).optional()?;
    Ok(Draw {
        draw: number,
        status: row.get(1)?,
        origin: row.get(2)?,
        beacon: row.get(3)?,
        arms: serde_json::from_str(&arms)
            .map_err(|it| Error::FromSqlConversionFailure(4, Type::Text, Box::new(it)))?,
        announced_at_us: announced.unwrap_or_default(),
        drawn_on: row.get(5)?,
        shown_at_us: row.get(6)?,
        announcement_sha256: row.get(7)?,
        plan_sha256: row.get(8)?,
        reveal_sha256: row.get(9)?,
        result_sha256: row.get(10)?,
    })
}

pub(in crate::pilot) fn assignments(
    connection: &Connection,
    draw: i64,
) -> rusqlite::Result<Vec<Assignment>> {
    let sql = "SELECT unit_kind, unit_id, block, ordinal, ticket, rank, arm, probability \
               FROM assignments JOIN draw_units USING (draw, unit_kind, unit_id) \
               WHERE draw = ? ORDER BY block, rank NULLS LAST, unit_id";
    let mut select = connection.prepare(sql)?;
    let rows = select.query_map([draw], |row| {
        Ok(Assignment {
            unit_kind: row.get(0)?,
            unit_id: row.get(1)?,
            block: row.get(2)?,
            ordinal: row.get(3)?,
            ticket: row.get(4)?,
            rank: row.get(5)?,
            arm: row.get(6)?,
            probability: row.get(7)?,
        })
    })?;
    rows.collect()
}
