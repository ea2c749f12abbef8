//! The files beside the store that must stay as they are: which they are, and their hashes.
//!
//! Everything in the folders of a draw, public and private, and the protocol it was made with.
//! Recorded in the write that made them, from the disk, so that the ledger binds them.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::{DrawStatus, Pilot, draws::draws_of, write::Write};
use crate::{
    StoreError,
    checksums::{hash_of, listed},
};

/// The protocol file.
pub(super) const PROTOCOL: &str = "pilot.toml";
/// The analysis plan.
pub(super) const ANALYSIS: &str = "analysis.toml";

/// The folders of a draw.
pub(super) fn folders(draw: i64) -> [String; 2] {
    [format!("draws/{draw:04}"), format!("private/{draw:04}")]
}

impl Write<'_> {
    /// Records the files of a draw as they are on the disk now, and the protocol it was made with.
    pub(super) fn record_draw_files(&self, draw: i64) -> Result<(), StoreError> {
        for folder in folders(draw) {
            for name in listed(&self.dir.join(&folder))? {
                let path = format!("{folder}/{name}");
                let sha256 = hash_of(&self.dir.join(&path))?;
                self.record_file(&path, sha256.as_deref())?;
            }
        }
        self.record_protocol()
    }

    /// Binds `pilot.toml` to what was locked or amended last: the protocol of the latest draw that
    /// stands, or a later amendment; to nothing while no draw stands.
    pub(super) fn record_protocol(&self) -> Result<(), StoreError> {
        let draws = draws_of(&self.transaction)?;
        let standing = draws.iter().rfind(|it| it.status != DrawStatus::Void);
        let sha256 = match standing {
            Some(draw) => match self.amended_since(draw.announced_at_us)? {
                Some(amended) => Some(amended),
                None => recorded(&self.transaction, &plan_of(draw.draw))?,
            },
            None => None,
        };
        self.record_file(PROTOCOL, sha256.as_deref())
    }

    /// The latest amendment after a list was locked.
    fn amended_since(&self, locked_at_us: i64) -> Result<Option<String>, StoreError> {
        let sql = "SELECT amended_sha256 FROM amendments WHERE recorded_at > ? \
                   ORDER BY recorded_at DESC LIMIT 1";
        let mut select = self.transaction.prepare_cached(sql)?;
        Ok(select.query_row([locked_at_us], |row| row.get(0)).optional()?)
    }

    /// Records what a file has, unless that is recorded; `None` where it is bound no more.
    pub(super) fn record_file(&self, path: &str, sha256: Option<&str>) -> Result<(), StoreError> {
        if recorded(&self.transaction, path)?.as_deref() == sha256 {
            return Ok(());
        }
        let sql = "INSERT INTO files (path, recorded_at, sha256) VALUES (?, ?, ?)";
        self.transaction.execute(sql, (path, self.at_us, sha256))?;
        Ok(())
    }
}

fn plan_of(draw: i64) -> String {
    let [public, _] = folders(draw);
    format!("{public}/plan.toml")
}

/// What is recorded of a file.
fn recorded(connection: &Connection, path: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT sha256 FROM files WHERE path = ? ORDER BY recorded_at DESC LIMIT 1";
    let mut select = connection.prepare_cached(sql)?;
    Ok(select.query_row([path], |row| row.get(0)).optional()?.flatten())
}

/// Every file that is bound, with its hash, by path.
pub(super) fn all(connection: &Connection) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT path, sha256, MAX(recorded_at) FROM files GROUP BY path ORDER BY path";
    let mut select = connection.prepare(sql)?;
    let files = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let files: Vec<(String, Option<String>)> = files.collect::<Result<_, _>>()?;
    Ok(files.into_iter().filter_map(|(path, sha256)| Some((path, sha256?))).collect())
}

/// The hashes of the plans that were locked, in that order.
pub(super) fn plans(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT plan_sha256 FROM plans ORDER BY locked_at";
    let mut select = connection.prepare(sql)?;
    Ok(select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// The files beside the store that a pilot is not whole without, by path: those that are bound, and
/// the protocol and the plan where they are there.
///
/// # Errors
///
/// If the store can't be read.
pub fn locked_files(pilot: &Pilot) -> Result<Vec<String>, StoreError> {
    let mut paths: Vec<String> =
        all(&pilot.connection)?.into_iter().map(|(path, _)| path).collect();
    paths.extend([PROTOCOL.to_owned(), ANALYSIS.to_owned()]);
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// The files below the folders of draws, recorded or not, by path; not those that an interrupted
/// announcement set aside, nor keys.
pub(super) fn present(dir: &Path) -> Result<Vec<String>, StoreError> {
    let mut all = Vec::new();
    for folder in ["draws", "private"] {
        all.extend(listed(&dir.join(folder))?.into_iter().map(|it| format!("{folder}/{it}")));
    }
    all.retain(|path| {
        let folder = path.split('/').nth(1).unwrap_or_default();
        folder.len() == 4 && folder.bytes().all(|it| it.is_ascii_digit())
    });
    Ok(all)
}
