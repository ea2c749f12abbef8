//! What registers' files said of themselves, whom they were searched for, and values at last contact.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::OptionalExtension;

use super::{Upload, check_office};
use crate::{
    StoreError,
    pilot::{
        Month, UnitKind, months,
        roster::{Change, compare, member_of},
        sealed,
        write::Write,
    },
};

/// Whether a register's file is the municipality's whole file of a year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegisterFile {
    /// Four digits.
    pub municipality: String,
    /// The register, such as `KOSTRA_11F`.
    pub register: String,
    /// The year.
    pub year: i64,
    /// Whether absence from it means 0.
    pub complete: bool,
}

/// A family that was looked up in a register's file with all its adults.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LookedUp {
    /// The family.
    pub family_id: String,
    /// The file; `complete` where it tells all the family's months.
    pub file: RegisterFile,
}

/// What a register says of a member at last contact in a year; without a date, for the concordance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastContact {
    /// The member.
    pub member_id: String,
    /// The member's family.
    pub family_id: String,
    /// The year.
    pub year: i64,
    /// The register.
    pub register: String,
    /// By variable the value, and the register's codes it was read from.
    pub values: BTreeMap<String, (String, String)>,
}

/// All of an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registers {
    /// Statements of whole files.
    pub files: Vec<RegisterFile>,
    /// Families looked up.
    pub families: Vec<LookedUp>,
    /// Members at last contact.
    pub contacts: Vec<LastContact>,
}

/// Appends them: what became of each.
pub(super) fn append(write: &Write<'_>, upload: &Upload) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    for file in &upload.registers.files {
        changes.push(append_file(write, file)?);
    }
    for it in &upload.registers.families {
        check_office(write, upload, &it.family_id)?;
        changes.push(append_family(write, it)?);
        if it.file.complete {
            changes.extend(take_back(write, upload, it)?);
        }
    }
    for contact in &upload.registers.contacts {
        check_office(write, upload, &contact.family_id)?;
        changes.push(append_contact(write, contact)?);
    }
    Ok(changes)
}

fn append_file(write: &Write<'_>, file: &RegisterFile) -> Result<Change, StoreError> {
    let RegisterFile { municipality, register, year, complete } = file;
    let sql = "SELECT complete FROM register_files WHERE municipality = ? AND register = ? \
               AND year = ? ORDER BY recorded_at DESC LIMIT 1";
    let before: Option<bool> = write
        .transaction
        .query_row(sql, (municipality, register, year), |row| row.get(0))
        .optional()?;
    let change = compare(before.as_ref(), complete);
    if change != Change::Unchanged {
        let sql = "INSERT INTO register_files VALUES (?, ?, ?, ?, ?, ?)";
        let row = (municipality, register, year, write.at_us, write.seq, complete);
        write.transaction.execute(sql, row)?;
    }
    Ok(change)
}

fn append_family(write: &Write<'_>, it: &LookedUp) -> Result<Change, StoreError> {
    let LookedUp { family_id, file: RegisterFile { municipality, register, year, complete } } = it;
    let sql = "SELECT complete FROM register_families WHERE family_id = ? AND municipality = ? \
               AND register = ? AND year = ? ORDER BY recorded_at DESC LIMIT 1";
    let before: Option<bool> = write
        .transaction
        .query_row(sql, (family_id, municipality, register, year), |row| row.get(0))
        .optional()?;
    let change = compare(before.as_ref(), complete);
    if change != Change::Unchanged {
        let sql = "INSERT INTO register_families VALUES (?, ?, ?, ?, ?, ?, ?)";
        let row = (family_id, municipality, register, year, write.at_us, write.seq, complete);
        write.transaction.execute(sql, row)?;
    }
    Ok(change)
}

/// Months of the year that an earlier file had and this one, which tells all of them, has not: the
/// family got nothing in them.
fn take_back(write: &Write<'_>, upload: &Upload, it: &LookedUp) -> Result<Vec<Change>, StoreError> {
    let LookedUp { family_id, file: RegisterFile { register, year, .. } } = it;
    let of =
        |month: &&Month| month.family_id == *family_id && month.register.as_ref() == Some(register);
    let told: BTreeSet<i64> = upload.months.iter().filter(of).map(|it| it.month).collect();
    let sql = "SELECT DISTINCT month FROM monthly WHERE unit_kind = ? AND unit_id = ? \
               AND register = ? AND month BETWEEN ? AND ? ORDER BY month";
    let mut select = write.transaction.prepare_cached(sql)?;
    let (first, last) = (year * 12, year * 12 + 11);
    let key = (UnitKind::Family, family_id, register, first, last);
    let stored: Vec<i64> = select.query_map(key, |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut changes = Vec::new();
    for month in stored.into_iter().filter(|it| !told.contains(it)) {
        let nothing = Month {
            family_id: family_id.clone(),
            month,
            register: Some(register.clone()),
            assistance_grant: Some(0),
            assistance_loan: Some(0),
        };
        changes.push(months::record(write, &nothing, register, Some(write.seq))?);
    }
    changes.retain(|it| *it != Change::Unchanged);
    Ok(changes)
}

/// The values are sealed under the family's key, as JSON.
fn append_contact(write: &Write<'_>, it: &LastContact) -> Result<Change, StoreError> {
    let LastContact { member_id, family_id, year, register, values } = it;
    let unknown = || StoreError::UnknownUnit { unit_kind: "member", unit_id: member_id.clone() };
    let member = member_of(&write.transaction, member_id)?.ok_or_else(unknown)?;
    if member.family_id != *family_id {
        let (unit_id, family_id) = (member_id.clone(), member.family_id);
        return Err(StoreError::OtherFamily { unit_id, family_id });
    }
    let key = write.family_key(family_id)?;
    let place = |recorded_at| sealed::contact((member_id, *year, register), recorded_at);
    let sql = "SELECT recorded_at, sealed FROM last_contact WHERE member_id = ? AND year = ? \
               AND register = ? ORDER BY recorded_at DESC LIMIT 1";
    let standing: Option<(i64, Vec<u8>)> = write
        .transaction
        .query_row(sql, (member_id, year, register), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let before = match standing {
        Some((at, sealed)) => Some(key.open(&place(at), &sealed)?.to_vec()),
        None => None,
    };
    let plain = serde_json::json!(values).to_string().into_bytes();
    let change = compare(before.as_ref(), &plain);
    if change != Change::Unchanged {
        let sealed = key.seal(&place(write.at_us), &plain);
        let sql = "INSERT INTO last_contact VALUES (?, ?, ?, ?, ?, ?, ?)";
        let row = (member_id, year, register, write.at_us, write.seq, family_id, sealed);
        write.transaction.execute(sql, row)?;
    }
    Ok(change)
}
