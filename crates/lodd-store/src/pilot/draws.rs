//! Draws: the locked list, what was drawn or taken over, and every unit's arm.

mod linking;
mod rows;

use std::collections::BTreeMap;

pub use linking::{Linking, Overlap};

use rows::{
    append_assignments, append_draw, append_units, check_number, draws, open, same_units, units,
};
pub(super) use rows::{assignments as assignments_of, draws as draws_of, units as units_of};
use serde_json::json;

use super::{Beacon, DrawStatus, DrawnKind, Origin, Pilot, Stamp};
use crate::{StoreError, files::FileError, ledger::Head, oslo_day};

/// A draw that is announced: the list is locked from here on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The draw's number: one after the last.
    pub draw: i64,
    /// `Drawn`, or `Rehearsal` with a fixed beacon.
    pub origin: Origin,
    /// Where its randomness will come from.
    pub beacon: Beacon,
    /// The arms, in the order of the protocol.
    pub arms: Vec<String>,
    /// SHA-256 of `announcement.json`, hexadecimal.
    pub announcement_sha256: String,
    /// SHA-256 of the protocol file as announced, hexadecimal.
    pub plan_sha256: String,
    /// The units on the list.
    pub units: Vec<DrawUnit>,
    /// Which families were drawn under another's id, and whom the list shares with others.
    pub linking: Linking,
}

/// A unit on the locked list of a draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawUnit {
    /// What it is.
    pub unit_kind: DrawnKind,
    /// Its id.
    pub unit_id: String,
    /// The block it is drawn in.
    pub block: String,
}

/// How an announced draw ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawResult {
    /// The announced draw.
    pub draw: i64,
    /// The date of the draw, in days since 1970-01-01; `None` for the date in Oslo on which this is
    /// recorded (witnessed and fixed beacons).
    pub drawn_on: Option<i32>,
    /// SHA-256 of `reveal.json`, hexadecimal.
    pub reveal_sha256: String,
    /// SHA-256 of `result.csv`, hexadecimal.
    pub result_sha256: String,
}

/// An announced draw that is given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawVoid {
    /// The announced draw.
    pub draw: i64,
    /// Why, as `void.json` says it to everyone.
    pub reason: String,
    /// SHA-256 of `void.json`, hexadecimal.
    pub void_sha256: String,
}

/// A draw that was made elsewhere, or by a finished folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawImport {
    /// The draw's number here: one after the last.
    pub draw: i64,
    /// `Imported`, or `Rehearsal` where the folder's beacon is fixed.
    pub origin: Origin,
    /// The folder's beacon; `None` for a file of assignments.
    pub beacon: Option<Beacon>,
    /// The arms, in the order of the protocol.
    pub arms: Vec<String>,
    /// The date of the draw, in days since 1970-01-01.
    pub drawn_on: i32,
    /// When the result was first shown, µs since the epoch; `None` for the time of this entry.
    pub shown_at_us: Option<i64>,
    /// SHA-256 of `announcement.json`, hexadecimal.
    pub announcement_sha256: Option<String>,
    /// SHA-256 of the protocol file as announced, hexadecimal.
    pub plan_sha256: Option<String>,
    /// SHA-256 of `reveal.json`, hexadecimal.
    pub reveal_sha256: Option<String>,
    /// SHA-256 of `result.csv` or of the file of assignments, hexadecimal.
    pub result_sha256: String,
    /// Which families were drawn under another's id.
    pub linking: Linking,
}

/// The arm of one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// What the unit is.
    pub unit_kind: DrawnKind,
    /// Its id.
    pub unit_id: String,
    /// The block it was drawn in.
    pub block: String,
    /// Its place in `leaves.csv` within the block, from 0.
    pub ordinal: Option<i64>,
    /// Its ticket, hexadecimal.
    pub ticket: Option<String>,
    /// Its place in the block by ticket, from 1.
    pub rank: Option<i64>,
    /// Its arm.
    pub arm: String,
    /// The probability of that arm, an exact fraction.
    pub probability: Option<String>,
}

/// A draw as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the inputs above")]
pub struct Draw {
    pub draw: i64,
    pub status: DrawStatus,
    pub origin: Origin,
    pub beacon: Option<Beacon>,
    pub arms: Vec<String>,
    /// When its list was locked or taken over, µs since the epoch.
    pub announced_at_us: i64,
    pub drawn_on: Option<i32>,
    pub shown_at_us: Option<i64>,
    pub announcement_sha256: Option<String>,
    pub plan_sha256: Option<String>,
    pub reveal_sha256: Option<String>,
    pub result_sha256: Option<String>,
}

impl Pilot {
    /// Records an announcement and locks its list: these families' roster can't change any more.
    ///
    /// `write_files` runs when everything has been checked and while no other program can write to
    /// the store, just before the entry is committed: so no two announcements can meet in one
    /// folder, and a file without an entry is what a crash leaves, never the other way round. The
    /// entry binds the files of the draw's folders as they are then.
    ///
    /// # Errors
    ///
    /// If a draw is open, the number is not the next, or the list is empty, has a unit twice or one
    /// that is not on the roster; or what `write_files` says. Then nothing is recorded.
    pub fn record_announcement(
        &mut self,
        stamp: &Stamp,
        announcement: &Announcement,
        write_files: impl FnOnce() -> Result<(), FileError>,
    ) -> Result<Head, StoreError> {
        let write = self.begin(stamp)?;
        let it = announcement;
        check_number(&write.transaction, it.draw)?;
        let draw = Draw {
            draw: it.draw,
            status: DrawStatus::Open,
            origin: it.origin,
            beacon: Some(it.beacon),
            arms: it.arms.clone(),
            announced_at_us: write.at_us,
            drawn_on: None,
            shown_at_us: None,
            announcement_sha256: Some(it.announcement_sha256.clone()),
            plan_sha256: Some(it.plan_sha256.clone()),
            reveal_sha256: None,
            result_sha256: None,
        };
        append_draw(&write, &draw)?;
        append_units(&write, it.draw, &it.units)?;
        linking::append(&write, it.draw, &it.linking)?;
        let mut payload = payload(&draw, it.units.len());
        if let Some(payload) = payload.as_object_mut() {
            payload.insert("linking".to_owned(), json!(it.linking));
        }
        write_files()?;
        write.record_draw_files(it.draw)?;
        write.commit("announcement", &payload)
    }

    /// Records how an announced draw ended; `write_files` as in [`Pilot::record_announcement`].
    ///
    /// # Errors
    ///
    /// If it is not open, or the assignments are not of exactly the units on its list, in its arms;
    /// or what `write_files` says.
    pub fn record_draw(
        &mut self,
        stamp: &Stamp,
        result: &DrawResult,
        assignments: &[Assignment],
        write_files: impl FnOnce() -> Result<(), FileError>,
    ) -> Result<Head, StoreError> {
        let write = self.begin(stamp)?;
        let open = open(&write.transaction, result.draw)?;
        let locked = units(&write.transaction, result.draw)?;
        let assigned: Vec<DrawUnit> = assignments.iter().map(Assignment::unit).collect();
        same_units(result.draw, &locked, &assigned)?;
        let drawn_on = result.drawn_on.map_or_else(|| oslo_day(write.at_us), Ok)?;
        let draw = Draw {
            status: DrawStatus::Drawn,
            drawn_on: Some(drawn_on),
            shown_at_us: Some(write.at_us),
            reveal_sha256: Some(result.reveal_sha256.clone()),
            result_sha256: Some(result.result_sha256.clone()),
            ..open
        };
        append_draw(&write, &draw)?;
        append_assignments(&write, &draw, assignments)?;
        write_files()?;
        write.record_draw_files(draw.draw)?;
        write.commit("draw", &payload(&draw, assignments.len()))
    }

    /// Records that an announced draw is given up: its families are free for the next draw, its
    /// number is used. `write_files` as in [`Pilot::record_announcement`].
    ///
    /// # Errors
    ///
    /// If it is not open, or what `write_files` says.
    pub fn record_void(
        &mut self,
        stamp: &Stamp,
        void: &DrawVoid,
        write_files: impl FnOnce() -> Result<(), FileError>,
    ) -> Result<Head, StoreError> {
        let write = self.begin(stamp)?;
        let open = open(&write.transaction, void.draw)?;
        let units = units(&write.transaction, void.draw)?.len();
        let draw = Draw { status: DrawStatus::Void, ..open };
        append_draw(&write, &draw)?;
        let mut payload = payload(&draw, units);
        if let Some(payload) = payload.as_object_mut() {
            payload.insert("void_sha256".to_owned(), json!(void.void_sha256));
            payload.insert("reason".to_owned(), json!(void.reason));
        }
        write_files()?;
        write.record_draw_files(draw.draw)?;
        write.commit("draw_void", &payload)
    }

    /// Records a draw that was made elsewhere; `write_files` as in [`Pilot::record_announcement`].
    ///
    /// # Errors
    ///
    /// As [`Pilot::record_announcement`]; if the same result was taken over before; or a unit is in
    /// none of the arms.
    pub fn record_import(
        &mut self,
        stamp: &Stamp,
        import: &DrawImport,
        assignments: &[Assignment],
        write_files: impl FnOnce() -> Result<(), FileError>,
    ) -> Result<Head, StoreError> {
        let write = self.begin(stamp)?;
        let it = import;
        let twin = |draw: &Draw| draw.result_sha256.as_ref() == Some(&it.result_sha256);
        if let Some(Draw { draw, .. }) = draws(&write.transaction)?.into_iter().find(twin) {
            return Err(StoreError::AlreadyImported { draw });
        }
        check_number(&write.transaction, it.draw)?;
        let draw = Draw {
            draw: it.draw,
            status: DrawStatus::Imported,
            origin: it.origin,
            beacon: it.beacon,
            arms: it.arms.clone(),
            announced_at_us: write.at_us,
            drawn_on: Some(it.drawn_on),
            shown_at_us: Some(it.shown_at_us.unwrap_or(write.at_us)),
            announcement_sha256: it.announcement_sha256.clone(),
            plan_sha256: it.plan_sha256.clone(),
            reveal_sha256: it.reveal_sha256.clone(),
            result_sha256: Some(it.result_sha256.clone()),
        };
        append_draw(&write, &draw)?;
        let units: Vec<DrawUnit> = assignments.iter().map(Assignment::unit).collect();
        append_units(&write, it.draw, &units)?;
        append_assignments(&write, &draw, assignments)?;
        linking::append(&write, it.draw, &it.linking)?;
        let mut payload = payload(&draw, assignments.len());
        if let Some(payload) = payload.as_object_mut() {
            payload.insert("linking".to_owned(), json!(it.linking));
        }
        write_files()?;
        write.record_draw_files(it.draw)?;
        write.commit("draw_import", &payload)
    }

    /// Every draw as it stands, by number.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn draws(&self) -> Result<Vec<Draw>, StoreError> {
        Ok(draws(&self.connection)?)
    }

    /// The locked list of a draw, by block and unit.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn draw_units(&self, draw: i64) -> Result<Vec<DrawUnit>, StoreError> {
        Ok(units(&self.connection, draw)?)
    }

    /// The families that were drawn under another's id in a draw, each with that id.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn linked_families(&self, draw: i64) -> Result<BTreeMap<String, String>, StoreError> {
        Ok(linking::of_draw(&self.connection, draw)?)
    }

    /// The assignments of a draw, by block, rank and unit.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn assignments(&self, draw: i64) -> Result<Vec<Assignment>, StoreError> {
        Ok(rows::assignments(&self.connection, draw)?)
    }
}

impl Assignment {
    fn unit(&self) -> DrawUnit {
        let Self { unit_kind, unit_id, block, .. } = self.clone();
        DrawUnit { unit_kind, unit_id, block }
    }
}

fn payload(draw: &Draw, units: usize) -> serde_json::Value {
    json!({
        "draw": draw.draw,
        "status": draw.status.code(),
        "origin": draw.origin.code(),
        "beacon": draw.beacon.map(Beacon::code),
        "arms": draw.arms,
        "units": units,
        "drawn_on": draw.drawn_on,
        "announcement_sha256": draw.announcement_sha256,
        "plan_sha256": draw.plan_sha256,
        "reveal_sha256": draw.reveal_sha256,
        "result_sha256": draw.result_sha256,
    })
}
