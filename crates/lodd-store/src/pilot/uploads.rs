//! Uploads: what an office delivers, what became of it, and the receipt.
//!
//! An upload goes in as a whole, in one transaction with its ledger entry, or not at all. The file
//! itself is not kept: its SHA-256 says that it was delivered, and makes a second delivery harmless.

mod events;
mod history;
mod holds;
mod registers;
mod snapshot;

pub use history::Delivery;
pub use holds::OpenHold;
pub use registers::{LastContact, LookedUp, RegisterFile, Registers};
use rusqlite::{OptionalExtension, Transaction};
use serde_json::json;
pub use snapshot::{Answer, Correction, Snapshot, Value};

use super::{
    Event, EventCorrection, Pilot, Stamp,
    months::{self, Month},
    roster::{Change, check_unit, first_twice, known_office, office_of},
    sealed,
    write::Write,
};
use crate::{StoreError, vault::PILOT};

/// A checked file of one office.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Upload {
    /// The office that delivers.
    pub office_id: String,
    /// SHA-256 of the file's bytes, hexadecimal.
    pub file_sha256: String,
    /// What is accepted: whole families at a date.
    pub atoms: Vec<Atom>,
    /// Months of assistance; each counts as an atom.
    pub months: Vec<Month>,
    /// What happened to families; those of one family and date belong to one atom.
    pub events: Vec<Event>,
    /// What registers' files state of themselves, and members at last contact.
    pub registers: Registers,
    /// What is held back.
    pub held: Vec<HeldAtom>,
    /// Earlier holds that this delivery speaks of again: their upload and place in it.
    pub resolves: Vec<(i64, i64)>,
}

/// One family at one status date: goes in whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// The family.
    pub family_id: String,
    /// The date the statuses were true, in days since 1970-01-01.
    pub status_date: i32,
    /// Of the family, its adults and its children.
    pub snapshots: Vec<Snapshot>,
}

/// One family at one date that is held back whole, until a mended file comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldAtom {
    /// The family as written, known or not.
    pub family_id: String,
    /// The date, where it could be read; days since 1970-01-01.
    pub status_date: Option<i32>,
    /// The codes of what is wrong.
    pub codes: Vec<String>,
    /// The rows as read, JSON.
    pub rows: String,
}

/// What an upload did, by atoms: `delivered = new + unchanged + corrected + held`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The upload's id.
    pub upload_id: i64,
    /// The number of its ledger entry.
    pub seq: i64,
    /// When it was recorded, µs since the epoch.
    pub recorded_at_us: i64,
    /// The hash of its ledger entry.
    pub hash: String,
    /// The ledger's head when the receipt was first given: this upload's own entry.
    pub ledger_head: String,
    /// Atoms in the file.
    pub delivered: i64,
    /// Atoms that were not there.
    pub new: i64,
    /// Atoms that were there.
    pub unchanged: i64,
    /// Atoms that were there with other values.
    pub corrected: i64,
    /// Atoms held back.
    pub held: i64,
    /// Earlier holds that it resolved.
    pub resolved: i64,
    /// Whether this file had been delivered before: then nothing was written, and this is the
    /// first delivery's receipt.
    pub already: bool,
}

/// What an upload would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadPreview {
    /// Atoms in the file.
    pub delivered: i64,
    /// Atoms that are not there.
    pub new: i64,
    /// Atoms that are there.
    pub unchanged: i64,
    /// Atoms that are there with other values.
    pub corrected: i64,
    /// Atoms held back.
    pub held: i64,
    /// Earlier holds that would be resolved.
    pub resolved: i64,
    /// Whether this file has been delivered before: then nothing would be written.
    pub already: bool,
    /// The snapshots that would be replaced.
    pub corrections: Vec<Correction>,
    /// The events that would be replaced.
    pub event_corrections: Vec<EventCorrection>,
}

impl Pilot {
    /// Stores an upload. The same file again writes nothing and returns the first receipt.
    ///
    /// # Errors
    ///
    /// If the office, a family, or a unit is unknown or another's; a status is given twice for one
    /// date; a month names no register. Nothing is written then.
    pub fn upload(&mut self, stamp: &Stamp, upload: &Upload) -> Result<Receipt, StoreError> {
        let write = self.begin(stamp)?;
        if let Some(receipt) = first_receipt(&write.transaction, upload)? {
            drop(write);
            self.guard.flush_what_stands(&self.connection)?;
            return Ok(receipt);
        }
        let counted = append(&write, upload)?;
        let payload = json!({
            "upload_id": write.seq,
            "office_id": upload.office_id,
            "file_sha256": upload.file_sha256,
            "delivered": counted.delivered,
            "new": counted.new,
            "unchanged": counted.unchanged,
            "corrected": counted.corrected,
            "held": counted.held,
            "resolved": counted.resolved,
        });
        let head = write.commit("upload", &payload)?;
        Ok(Receipt {
            upload_id: head.seq,
            seq: head.seq,
            recorded_at_us: head.at_us,
            ledger_head: head.hash.clone(),
            hash: head.hash,
            delivered: counted.delivered,
            new: counted.new,
            unchanged: counted.unchanged,
            corrected: counted.corrected,
            held: counted.held,
            resolved: counted.resolved,
            already: false,
        })
    }

    /// What [`Pilot::upload`] would do, by doing it and taking it back.
    ///
    /// # Errors
    ///
    /// As [`Pilot::upload`].
    pub fn preview_upload(
        &mut self,
        stamp: &Stamp,
        upload: &Upload,
    ) -> Result<UploadPreview, StoreError> {
        let write = self.begin(stamp)?;
        let Some(first) = first_receipt(&write.transaction, upload)? else {
            return append(&write, upload);
        };
        Ok(UploadPreview {
            delivered: first.delivered,
            new: first.new,
            unchanged: first.unchanged,
            corrected: first.corrected,
            held: first.held,
            resolved: first.resolved,
            already: true,
            corrections: Vec::new(),
            event_corrections: Vec::new(),
        })
    }
}

/// The receipt of the same file from the same office.
fn first_receipt(
    transaction: &Transaction<'_>,
    upload: &Upload,
) -> Result<Option<Receipt>, StoreError> {
    let sql = history::receipts("WHERE office_id = ? AND file_sha256 = ?");
    let key = (&upload.office_id, &upload.file_sha256);
    Ok(transaction.query_row(&sql, key, history::receipt).optional()?)
}

/// Appends all rows of an upload but the ledger entry, and counts them.
fn append(write: &Write<'_>, upload: &Upload) -> Result<UploadPreview, StoreError> {
    refuse_twice(upload)?;
    known_office(&write.transaction, &upload.office_id)?;
    let mut changes = Vec::new();
    let mut corrections = Vec::new();
    let (mut told, event_corrections) = events::append(write, upload)?;
    for atom in &upload.atoms {
        let change = append_atom(write, upload, atom, &mut corrections)?;
        let told = told.remove(&(atom.family_id.clone(), atom.status_date));
        changes.push(worst([change].into_iter().chain(told)));
    }
    changes.extend(told.into_values());
    for month in &upload.months {
        changes.push(append_month(write, upload, month)?);
    }
    changes.extend(registers::append(write, upload)?);
    for (place, held) in (1_i64..).zip(&upload.held) {
        append_held(write, place, held)?;
    }
    let count = |change| as_count(changes.iter().filter(|it| **it == change).count());
    let counted = UploadPreview {
        delivered: as_count(changes.len() + upload.held.len()),
        new: count(Change::New),
        unchanged: count(Change::Unchanged),
        corrected: count(Change::Changed),
        held: as_count(upload.held.len()),
        resolved: 0,
        already: false,
        corrections,
        event_corrections,
    };
    append_upload(write, upload, &counted)?;
    Ok(UploadPreview { resolved: holds::resolve(write, upload)?, ..counted })
}

fn refuse_twice(upload: &Upload) -> Result<(), StoreError> {
    let atom = |it: &Atom| format!("{} {}", it.family_id, it.status_date);
    let atoms = upload.atoms.iter().map(atom).collect();
    let months = upload.months.iter().map(Month::key).collect();
    for (what, keys) in [("family and date", atoms), ("month", months)] {
        if let Some(key) = first_twice(keys) {
            return Err(StoreError::Twice { what, key });
        }
    }
    Ok(())
}

fn as_count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A move of a family to an office, as it stands.
const MOVED_TO: &str = "SELECT COUNT(*) FROM family_moves AS version WHERE family_id = ?1 \
     AND office_id = ?2 AND retracted = 0 AND recorded_at = (SELECT MAX(recorded_at) \
     FROM family_moves WHERE family_id = version.family_id AND moved_on = version.moved_on)";

/// Refuses a family that another office listed and that never moved to this one.
fn check_office(write: &Write<'_>, upload: &Upload, family_id: &str) -> Result<(), StoreError> {
    let owner = office_of(&write.transaction, family_id)?;
    let moved_here = || -> Result<bool, StoreError> {
        let mut select = write.transaction.prepare_cached(MOVED_TO)?;
        let moves: i64 = select.query_row([family_id, &upload.office_id], |row| row.get(0))?;
        Ok(moves > 0)
    };
    if owner == upload.office_id || moved_here()? {
        return Ok(());
    }
    let (unit_id, office_id) = (family_id.to_owned(), upload.office_id.clone());
    Err(StoreError::OtherOffice { unit_id, office_id, owner })
}

/// Appends an atom. It is corrected if one of its snapshots is, else new if one of them is.
fn append_atom(
    write: &Write<'_>,
    upload: &Upload,
    atom: &Atom,
    corrections: &mut Vec<Correction>,
) -> Result<Change, StoreError> {
    check_office(write, upload, &atom.family_id)?;
    let keys = atom.snapshots.iter().map(|it| it.key(atom.status_date)).collect();
    if let Some(key) = first_twice(keys) {
        return Err(StoreError::Twice { what: "snapshot", key });
    }
    let mut changes = Vec::new();
    for it in &atom.snapshots {
        check_unit(&write.transaction, it.unit_kind, &it.unit_id, &atom.family_id)?;
        let (change, correction) = snapshot::append(write, it, atom)?;
        changes.push(change);
        corrections.extend(correction);
    }
    Ok(worst(changes))
}

/// What becomes of an atom: corrected if something in it is, else new if something is.
fn worst(changes: impl IntoIterator<Item = Change>) -> Change {
    changes.into_iter().fold(Change::Unchanged, |worst, it| match (worst, it) {
        (Change::Changed, _) | (_, Change::Changed) => Change::Changed,
        (Change::New, _) | (_, Change::New) => Change::New,
        _ => Change::Unchanged,
    })
}

fn append_month(write: &Write<'_>, upload: &Upload, month: &Month) -> Result<Change, StoreError> {
    check_office(write, upload, &month.family_id)?;
    match month.register.as_deref() {
        Some(register) if !register.is_empty() && register != months::ROSTER => {
            months::record(write, month, register, Some(write.seq))
        }
        _ => {
            let Month { family_id, month, .. } = month;
            Err(StoreError::NoRegister { unit_id: family_id.clone(), month: *month })
        }
    }
}

fn append_held(write: &Write<'_>, place: i64, held: &HeldAtom) -> Result<(), StoreError> {
    let HeldAtom { family_id, status_date, codes, rows } = held;
    let sealed_for = match office_of(&write.transaction, family_id) {
        Ok(_) => family_id,
        Err(StoreError::UnknownFamily { .. }) => PILOT,
        Err(error) => return Err(error),
    };
    let key = write.family_key(sealed_for)?;
    let sealed = key.seal(&sealed::held(write.seq, place), rows.as_bytes());
    let sql = "INSERT INTO held_atoms VALUES (?, ?, ?, ?, ?, ?, ?)";
    let mut insert = write.transaction.prepare_cached(sql)?;
    let codes = json!(codes).to_string();
    insert.execute((write.seq, place, family_id, status_date, codes, sealed_for, sealed))?;
    Ok(())
}

fn append_upload(
    write: &Write<'_>,
    upload: &Upload,
    counted: &UploadPreview,
) -> Result<(), StoreError> {
    let UploadPreview { delivered, new, unchanged, corrected, held, .. } = counted;
    let (id, at_us) = (write.seq, write.at_us);
    let Upload { office_id, file_sha256, .. } = upload;
    write.transaction.execute(
        "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (id, office_id, file_sha256, at_us, delivered, new, unchanged, corrected, held),
    )?;
    Ok(())
}
