//! What offices have delivered, as it was acknowledged.

use rusqlite::Row;

use super::{
    super::{Clock, Pilot},
    Receipt,
};
use crate::StoreError;

/// A delivery that stands, with the receipt that was given for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its receipt; `already` is true.
    pub receipt: Receipt,
    /// SHA-256 of the file's bytes, hexadecimal.
    pub file_sha256: String,
    /// Whether a script gave the time.
    pub scripted_clock: bool,
}

impl Pilot {
    /// What an office has delivered, newest first.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn deliveries(&self, office_id: &str) -> Result<Vec<Delivery>, StoreError> {
        let sql = receipts("WHERE office_id = ? ORDER BY upload_id DESC");
        let mut select = self.connection.prepare(&sql)?;
        let delivery = |row: &Row<'_>| {
            Ok(Delivery {
                receipt: receipt(row)?,
                file_sha256: row.get(9)?,
                scripted_clock: row.get::<_, String>(10)? == Clock::Scripted.name(),
            })
        };
        let all = select.query_map([office_id], delivery)?.collect::<Result<_, _>>()?;
        Ok(all)
    }
}

/// A query for receipts, in the order that [`receipt`] reads.
pub(super) fn receipts(which: &str) -> String {
    format!(
        "SELECT upload_id, received_at, hash, delivered, new, unchanged, corrected, held, \
         (SELECT COUNT(*) FROM holds_resolved WHERE resolved_by = uploads.upload_id), \
         file_sha256, clock FROM uploads JOIN ledger ON seq = upload_id {which}"
    )
}

/// The receipt of a delivery that stands.
pub(super) fn receipt(row: &Row<'_>) -> rusqlite::Result<Receipt> {
    let (upload_id, hash): (i64, String) = (row.get(0)?, row.get(2)?);
    Ok(Receipt {
        upload_id,
        seq: upload_id,
        recorded_at_us: row.get(1)?,
        ledger_head: hash.clone(),
        hash,
        delivered: row.get(3)?,
        new: row.get(4)?,
        unchanged: row.get(5)?,
        corrected: row.get(6)?,
        held: row.get(7)?,
        resolved: row.get(8)?,
        already: true,
    })
}
