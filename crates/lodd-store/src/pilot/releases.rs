//! Cuts whose figures have left the house, and what was told of them.

use rusqlite::Row;
use serde_json::json;

use super::{Pilot, ReleaseKind, Stamp};
use crate::{StoreError, ledger::sha256_hex};

/// Tables made at a cut and published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The cut, µs since the epoch.
    pub cut_us: i64,
    /// What was published, such as the table's name.
    pub name: String,
    /// Whose tables they are.
    pub kind: ReleaseKind,
    /// What was told and what was withheld, as the program that made it writes it: JSON. Withheld
    /// values are not in it.
    pub contents: String,
}

/// A release as it is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// Its entry in the ledger.
    pub entry: i64,
    /// When it was recorded, µs since the epoch.
    pub recorded_at_us: i64,
    /// Who recorded it.
    pub actor: String,
    /// What was published.
    pub release: Release,
}

impl Pilot {
    /// Records a release.
    ///
    /// # Errors
    ///
    /// If the cut is later than what is recorded.
    pub fn record_release(&mut self, stamp: &Stamp, release: &Release) -> Result<(), StoreError> {
        self.check_cut(release.cut_us)?;
        let write = self.begin(stamp)?;
        let Release { cut_us, name, kind, contents } = release;
        let sha256 = sha256_hex(contents.as_bytes());
        write.transaction.execute(
            "INSERT INTO releases VALUES (?, ?, ?, ?, ?)",
            (write.seq, write.at_us, cut_us, name, &sha256),
        )?;
        write.transaction.execute(
            "INSERT INTO release_contents VALUES (?, ?, ?, ?)",
            (write.seq, write.at_us, kind.code(), contents),
        )?;
        let payload = json!({ "cut": cut_us, "name": name, "kind": kind.code(), "sha256": sha256 });
        write.commit("release", &payload)?;
        Ok(())
    }

    /// Every release of which the contents are known, in the order they were recorded.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn releases(&self) -> Result<Vec<Released>, StoreError> {
        let sql = "SELECT r.release_id, r.recorded_at, l.actor, r.cut, r.name, c.kind, c.contents \
                   FROM releases AS r JOIN release_contents AS c USING (release_id) \
                   JOIN ledger AS l ON l.seq = r.release_id ORDER BY r.release_id";
        let mut select = self.connection.prepare(sql)?;
        let mut rows = select.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let release = Release {
                cut_us: row.get(3)?,
                name: row.get(4)?,
                kind: row.get(5)?,
                contents: row.get(6)?,
            };
            let (entry, recorded_at_us, actor) = (row.get(0)?, row.get(1)?, row.get(2)?);
            found.push(Released { entry, recorded_at_us, actor, release });
        }
        Ok(found)
    }

    /// The cuts that are published, each with when it was, µs since the epoch; latest cut first.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn released_cuts(&self) -> Result<Vec<(i64, i64)>, StoreError> {
        let sql = "SELECT cut, recorded_at FROM releases ORDER BY cut DESC, recorded_at";
        let mut select = self.connection.prepare(sql)?;
        let cuts = select.query_map([], |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(cuts.collect::<Result<_, _>>()?)
    }
}
