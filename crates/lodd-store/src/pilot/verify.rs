//! Whether everything in a pilot's folder is still what was recorded.

mod files;
mod receipt;
mod rows;
mod schema;

use std::{io, path::Path};

use rusqlite::Connection;

pub use receipt::Claim;

use super::{Pilot, key_path};
use crate::{
    StoreError,
    files::FileError,
    ledger::{self, Entry, Fault, LedgerFault},
};

/// What a check of everything found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Everything that is not as it was recorded.
    pub faults: Vec<LedgerFault>,
    /// The entry that bound what older formats had recorded, if one did: what came before it is
    /// bound as it stood then.
    pub bound_by: Option<i64>,
    /// Families that have been erased: their rows can't be checked, their commitments are there.
    pub erased: Vec<String>,
    /// Families whose office's key is not at hand: their rows were not checked.
    pub unchecked: Vec<String>,
    /// Files below the folders that lodd writes to, which it has not written.
    pub unknown_files: Vec<String>,
    /// Whether the ledger's key is the one it was written with: else its commitments say nothing.
    pub key_fits: bool,
    /// Entries in the ledger.
    pub entries: usize,
    /// Those by a scripted clock.
    pub scripted: usize,
    /// The hash of the last entry; empty where there is none.
    pub head: String,
}

impl Pilot {
    /// Checks the whole pilot: the database itself, its schema, the ledger, every stored row, and
    /// the files beside the store.
    ///
    /// # Errors
    ///
    /// If the store can't be read for another reason than damage, which is a finding.
    pub fn audit(&self) -> Result<Audit, StoreError> {
        let mut audit = Audit::default();
        let reading = self.connection.unchecked_transaction()?;
        let mut faults = Vec::new();
        for check in [schema::integrity, schema::settings, schema::schema] {
            faults.extend(of_damage(check(&reading))?);
        }
        let entries = match entries(&reading) {
            Ok(entries) => entries,
            Err(error) => {
                faults.extend(of_damage(Err(error))?);
                Vec::new()
            }
        };
        faults.extend(chain(&entries, self, &mut audit));
        faults.extend(of_damage(unmatched(&reading))?);
        faults.extend(of_damage(dangling(&reading, &entries))?);
        faults.extend(of_damage(rows::verify(self, &reading, &entries, &mut audit))?);
        faults.extend(of_damage(files::verify(self, &reading, &mut audit))?);
        audit.entries = entries.len();
        audit.scripted = entries.iter().filter(|it| it.clock == "scripted").count();
        audit.head = entries.last().map(|it| it.hash.clone()).unwrap_or_default();
        audit.faults = faults;
        Ok(audit)
    }

    /// Checks the ledger alone: numbers, times, hashes, and payloads.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn verify_chain(&self) -> Result<Vec<LedgerFault>, StoreError> {
        Ok(ledger::verify(&entries(&self.connection)?, &self.key))
    }

    /// What [`Pilot::audit`] finds.
    ///
    /// # Errors
    ///
    /// As [`Pilot::audit`].
    pub fn verify(&self) -> Result<Vec<LedgerFault>, StoreError> {
        Ok(self.audit()?.faults)
    }
}

/// The ledger's own hashes. A key that fits no payload is told once, not for each.
fn chain(entries: &[Entry], pilot: &Pilot, audit: &mut Audit) -> Vec<LedgerFault> {
    let mut faults = ledger::verify(entries, &pilot.key);
    let unfit = faults.iter().filter(|it| it.what == Fault::Payload).count();
    audit.key_fits = unfit == 0 || unfit < entries.len();
    if !audit.key_fits {
        faults.retain(|it| it.what != Fault::Payload);
        let what = Fault::File { path: files::below(pilot, &key_path(&pilot.dir)) };
        let (expected, found) = ("the ledger's key".to_owned(), "another key".to_owned());
        faults.push(LedgerFault { seq: 0, what, expected, found });
    }
    faults
}

/// What is found when a pilot can't even be opened, since a file is damaged or gone; `None` where
/// that is not the reason.
pub fn opening_fault(dir: &Path, error: &StoreError) -> Option<LedgerFault> {
    let fault =
        |what, found: String| LedgerFault { seq: 0, what, expected: "readable".to_owned(), found };
    let below =
        |path: &Path| path.strip_prefix(dir).map(|it| it.to_string_lossy().replace('\\', "/"));
    match error {
        StoreError::BadKey { path } => {
            let path = below(path).ok()?;
            Some(fault(Fault::File { path }, error.to_string()))
        }
        StoreError::File(FileError { path, source, .. })
            if source.kind() == io::ErrorKind::NotFound =>
        {
            let path = below(path).ok()?;
            Some(fault(Fault::File { path }, "none".to_owned()))
        }
        _ if error.is_damage() => Some(fault(Fault::Storage, error.to_string())),
        _ => None,
    }
}

/// A database that can't be read as one is a finding, not a failure.
fn of_damage(
    checked: Result<Vec<LedgerFault>, StoreError>,
) -> Result<Vec<LedgerFault>, StoreError> {
    match checked {
        Err(error) if error.is_damage() => Ok(vec![LedgerFault {
            seq: 0,
            what: Fault::Storage,
            expected: "readable".to_owned(),
            found: error.to_string(),
        }]),
        other => other,
    }
}

/// The whole ledger, in order.
pub(super) fn entries(connection: &Connection) -> Result<Vec<Entry>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT seq, at, clock, actor, event, commitment, previous_hash, hash, payload \
         FROM ledger LEFT JOIN ledger_payloads USING (seq) ORDER BY seq",
    )?;
    let entries = statement.query_map([], |row| {
        Ok(Entry {
            seq: row.get(0)?,
            at_us: row.get(1)?,
            clock: row.get(2)?,
            actor: row.get(3)?,
            event: row.get(4)?,
            commitment: row.get(5)?,
            previous_hash: row.get(6)?,
            hash: row.get(7)?,
            payload: row.get(8)?,
        })
    })?;
    Ok(entries.collect::<Result<_, _>>()?)
}

/// Payloads without an entry.
fn unmatched(connection: &Connection) -> Result<Vec<LedgerFault>, StoreError> {
    let sql = "SELECT seq FROM ledger_payloads WHERE seq NOT IN (SELECT seq FROM ledger)";
    let mut statement = connection.prepare(sql)?;
    let faults = statement.query_map([], |row| {
        let (expected, found) = ("with an entry".to_owned(), "without".to_owned());
        Ok(LedgerFault { seq: row.get(0)?, what: Fault::Unmatched, expected, found })
    })?;
    Ok(faults.collect::<Result<_, _>>()?)
}

/// Tables with rows whose ledger entry is gone, one fault a table.
fn dangling(connection: &Connection, entries: &[Entry]) -> Result<Vec<LedgerFault>, StoreError> {
    let last = entries.last().map_or(0, |it| it.seq);
    let mut statement = connection.prepare(
        "SELECT \"table\", COUNT(*) FROM pragma_foreign_key_check \
         WHERE \"table\" <> 'ledger_payloads' GROUP BY \"table\" ORDER BY \"table\"",
    )?;
    let faults = statement.query_map([], |row| {
        let (table, rows): (String, i64) = (row.get(0)?, row.get(1)?);
        let (expected, found) = ("there".to_owned(), format!("{rows} rows of `{table}` without"));
        Ok(LedgerFault { seq: last, what: Fault::Rows, expected, found })
    })?;
    Ok(faults.collect::<Result<_, _>>()?)
}
