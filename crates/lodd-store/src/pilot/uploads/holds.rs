//! What is on hold, and what a later delivery resolves.

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value as Json;

use super::Upload;
use crate::{
    StoreError,
    pilot::{
        Pilot,
        sealed::{self, Ring},
        write::Write,
    },
};

/// Something held back that no later delivery has spoken of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenHold {
    /// The upload that brought it.
    pub upload_id: i64,
    /// Its place in that upload, from 1.
    pub place: i64,
    /// The family as written, known or not; empty where none was written.
    pub family_id: String,
    /// The date, where it could be read; days since 1970-01-01.
    pub status_date: Option<i32>,
    /// The codes of what is wrong.
    pub codes: Vec<String>,
}

impl Pilot {
    /// What an office has on hold, oldest first.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn open_holds(&self, office_id: &str) -> Result<Vec<OpenHold>, StoreError> {
        Ok(open_of(&self.connection, office_id)?)
    }

    /// The rows that were held back at a place of an upload, JSON; `None` if nothing was, or its
    /// family has been erased.
    ///
    /// # Errors
    ///
    /// If they do not open, or the store can't be read.
    pub fn held_rows(&self, upload_id: i64, place: i64) -> Result<Option<String>, StoreError> {
        let reading = self.connection.unchecked_transaction()?;
        let sql = "SELECT sealed_for, sealed FROM held_atoms WHERE upload_id = ? AND place = ?";
        let held = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?));
        let found = reading.query_row(sql, (upload_id, place), held).optional()?;
        let Some((family, sealed)) = found else { return Ok(None) };
        let place = sealed::held(upload_id, place);
        let mut ring = Ring::new(&self.vault, &reading);
        ring.open(&family, (&place, &sealed), sealed::text).map(Some)
    }
}

fn open_of(connection: &Connection, office_id: &str) -> rusqlite::Result<Vec<OpenHold>> {
    let sql = "SELECT upload_id, place, family_id, status_date, codes \
               FROM held_atoms JOIN uploads USING (upload_id) \
               LEFT JOIN holds_resolved USING (upload_id, place) \
               WHERE office_id = ? AND resolved_by IS NULL ORDER BY upload_id, place";
    let hold = |row: &Row<'_>| {
        let codes: String = row.get(4)?;
        Ok(OpenHold {
            upload_id: row.get(0)?,
            place: row.get(1)?,
            family_id: row.get(2)?,
            status_date: row.get(3)?,
            codes: codes_of(&codes),
        })
    };
    connection.prepare_cached(sql)?.query_map([office_id], hold)?.collect()
}

fn codes_of(json: &str) -> Vec<String> {
    let read: Json = serde_json::from_str(json).unwrap_or_default();
    let codes = read.as_array().into_iter().flatten();
    codes.filter_map(Json::as_str).map(str::to_owned).collect()
}

/// Resolves the holds of this office that the upload names and that are still open: another
/// delivery may have come between. Returns how many.
pub(super) fn resolve(write: &Write<'_>, upload: &Upload) -> rusqlite::Result<i64> {
    let open = open_of(&write.transaction, &upload.office_id)?;
    let sql = "INSERT INTO holds_resolved VALUES (?, ?, ?, ?)";
    let mut insert = write.transaction.prepare_cached(sql)?;
    let mut resolved = 0;
    for hold in open {
        let named = upload.resolves.contains(&(hold.upload_id, hold.place));
        if named && hold.upload_id < write.seq {
            insert.execute((hold.upload_id, hold.place, write.at_us, write.seq))?;
            resolved += 1;
        }
    }
    Ok(resolved)
}
