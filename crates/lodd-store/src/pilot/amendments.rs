//! Protocol files that were changed after a list was locked: both hashes, the new text, the reason.

use rusqlite::Row;
use serde_json::json;

use super::{Pilot, Stamp};
use crate::{
    StoreError,
    ledger::{Head, sha256_hex},
};

/// A protocol that takes the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// SHA-256 of the text that was in force, hexadecimal.
    pub replaced_sha256: String,
    /// SHA-256 of the new text, hexadecimal.
    pub amended_sha256: String,
    /// The new text, byte for byte.
    pub text: String,
    /// Why.
    pub reason: String,
}

impl Pilot {
    /// Records an amendment.
    ///
    /// # Errors
    ///
    /// If the hash is not the text's.
    pub fn amend(&mut self, stamp: &Stamp, amendment: &Amendment) -> Result<Head, StoreError> {
        let Amendment { replaced_sha256, amended_sha256, text, reason } = amendment;
        let expected = sha256_hex(text.as_bytes());
        if expected != *amended_sha256 {
            return Err(StoreError::PlanHash { expected, found: amended_sha256.clone() });
        }
        let write = self.begin(stamp)?;
        write.transaction.execute(
            "INSERT INTO amendments VALUES (?, ?, ?, ?, ?)",
            (amended_sha256, write.at_us, replaced_sha256, text, reason),
        )?;
        let payload = json!({
            "replaced": replaced_sha256,
            "amended": amended_sha256,
            "reason": reason,
        });
        write.record_protocol()?;
        write.commit("amendment", &payload)
    }

    /// Every amendment, in the order they were made.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn amendments(&self) -> Result<Vec<Amendment>, StoreError> {
        let sql = "SELECT replaced_sha256, amended_sha256, text, reason FROM amendments \
                   ORDER BY recorded_at";
        let mut select = self.connection.prepare(sql)?;
        let amendment = |row: &Row<'_>| {
            Ok(Amendment {
                replaced_sha256: row.get(0)?,
                amended_sha256: row.get(1)?,
                text: row.get(2)?,
                reason: row.get(3)?,
            })
        };
        Ok(select.query_map([], amendment)?.collect::<Result<_, _>>()?)
    }
}
