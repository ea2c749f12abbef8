//! Cuts whose figures have left the house.

use rusqlite::Row;
use serde_json::json;

use super::{Pilot, Stamp};
use crate::StoreError;

/// A table made at a cut and published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The cut, µs since the epoch.
    pub cut_us: i64,
    /// What was published, such as the table's name.
    pub name: String,
    /// SHA-256 of what was published, hexadecimal.
    pub sha256: String,
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
        let Release { cut_us, name, sha256 } = release;
        write.transaction.execute(
            "INSERT INTO releases VALUES (?, ?, ?, ?, ?)",
            (write.seq, write.at_us, cut_us, name, sha256),
        )?;
        let payload = json!({ "cut": cut_us, "name": name, "sha256": sha256 });
        write.commit("release", &payload)?;
        Ok(())
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
