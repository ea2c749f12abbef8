//! The files beside the store: those that are bound by it, the keys, and what is derived.

use std::{collections::BTreeSet, path::Path};

use rusqlite::Connection;

use super::Audit;
use crate::{
    StoreError,
    checksums::{Checksums, hash_of, listed},
    files::has_ending,
    ledger::{Fault, LedgerFault},
    pilot::{OUT, OUT_LIST, Pilot, RECEIPTS, kept},
    vault::{VaultError, keyfile},
};

/// What is found where a file is missing, expected where none should be, or can't be told.
const NONE: &str = "none";

/// Checks every file that lodd writes in a pilot's folder.
pub(super) fn verify(
    pilot: &Pilot,
    connection: &Connection,
    audit: &mut Audit,
) -> Result<Vec<LedgerFault>, StoreError> {
    let mut faults = kept_files(pilot, connection, audit)?;
    faults.extend(keys(pilot, connection, audit)?);
    faults.extend(analysis(pilot, connection)?);
    faults.extend(derived(pilot, audit)?);
    Ok(faults)
}

/// The files of draws and the protocol, against what was recorded of them.
fn kept_files(
    pilot: &Pilot,
    connection: &Connection,
    audit: &mut Audit,
) -> Result<Vec<LedgerFault>, StoreError> {
    let bound = kept::all(connection)?;
    let mut faults = Vec::new();
    for (path, expected) in &bound {
        let found = hash_of(&pilot.dir.join(path))?;
        faults.extend(fault(path, expected, found));
    }
    let present = kept::present(&pilot.dir)?.into_iter();
    let unknown = present.filter(|it| bound.binary_search_by(|(path, _)| path.cmp(it)).is_err());
    audit.unknown_files.extend(unknown);
    Ok(faults)
}

/// The offices' keys that lie there, each one that the store was written with. One that is being
/// made, or replaces another and has not yet, is noted.
fn keys(
    pilot: &Pilot,
    connection: &Connection,
    audit: &mut Audit,
) -> Result<Vec<LedgerFault>, StoreError> {
    let ids: BTreeSet<String> = {
        let mut select = connection.prepare("SELECT key_id FROM office_keys")?;
        select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    let folder = pilot.vault.folder();
    let mut faults = Vec::new();
    for name in listed(folder)? {
        let path = folder.join(&name);
        let shown = below(pilot, &path);
        let id = match keyfile::id_in(&path) {
            Err(VaultError::BadKeyFile { .. }) => Some("not a key".to_owned()),
            other => other?,
        };
        let Some(found) = id.filter(|it| !ids.contains(it)) else { continue };
        if has_ending(&name, "new") {
            audit.unknown_files.push(shown);
        } else {
            let what = Fault::File { path: shown };
            let expected = "a key of this pilot".to_owned();
            faults.push(LedgerFault { seq: 0, what, expected, found });
        }
    }
    Ok(faults)
}

/// A path as it is told: below the pilot's folder, with `/` between its parts.
pub(super) fn below(pilot: &Pilot, path: &Path) -> String {
    let below = path.strip_prefix(&pilot.dir).unwrap_or(path);
    below.to_string_lossy().replace('\\', "/")
}

/// `analysis.toml` must be a plan that was locked, once one is.
fn analysis(pilot: &Pilot, connection: &Connection) -> Result<Option<LedgerFault>, StoreError> {
    let plans = kept::plans(connection)?;
    let found = hash_of(&pilot.dir.join(kept::ANALYSIS))?;
    Ok(match (plans.last(), found) {
        (Some(_), Some(found)) if plans.contains(&found) => None,
        (Some(last), found) => fault(kept::ANALYSIS, last, found),
        (None, _) => None,
    })
}

/// `out/`: each file as the command that wrote it said, in the folder's list or in a receipt's own.
fn derived(pilot: &Pilot, audit: &mut Audit) -> Result<Vec<LedgerFault>, StoreError> {
    let folder = pilot.dir.join(OUT);
    let own = format!("{RECEIPTS}/");
    let mut present = listed(&folder)?;
    let is_list = |it: &String| it == OUT_LIST || it.starts_with(&own) && has_ending(it, "sha256");
    let lists: Vec<String> = present.iter().filter(|it| is_list(it)).cloned().collect();
    let mut faults = Vec::new();
    let mut said: BTreeSet<String> = lists.iter().cloned().collect();
    for list in lists {
        let prefix = list.strip_suffix(OUT_LIST).map_or(own.as_str(), |_| "");
        let sums = match Checksums::read(&folder.join(&list)) {
            Err(error) if error.source.kind() == std::io::ErrorKind::InvalidData => {
                let what = Fault::File { path: format!("{OUT}/{list}") };
                let (expected, found) = ("SHA-256 of files".to_owned(), "unreadable".to_owned());
                faults.push(LedgerFault { seq: 0, what, expected, found });
                continue;
            }
            other => other?,
        };
        said.extend(sums.iter().map(|(name, _)| format!("{prefix}{name}")));
        for it in sums.differences(&folder.join(prefix))? {
            let path = format!("{OUT}/{prefix}{}", it.path);
            faults.extend(fault(&path, &it.expected, it.found));
        }
    }
    present.retain(|it| !said.contains(it));
    audit.unknown_files.extend(present.into_iter().map(|it| format!("{OUT}/{it}")));
    Ok(faults)
}

fn fault(path: &str, expected: &str, found: Option<String>) -> Option<LedgerFault> {
    let found = found.unwrap_or_else(|| NONE.to_owned());
    (found != expected).then(|| LedgerFault {
        seq: 0,
        what: Fault::File { path: path.to_owned() },
        expected: expected.to_owned(),
        found,
    })
}
