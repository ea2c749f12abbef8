//! Erasing a family: its key destroyed, its rows gone, a tombstone in their place.

use std::time::Duration;

use rusqlite::Transaction;
use serde_json::json;

use super::{Pilot, Stamp, migrations::erased_with_family, roster::office_of};
use crate::{StoreError, ledger::Head};

/// How long an erasure waits for other programs before it leaves the overwriting to the next
/// opening of the store.
const WAIT: Duration = Duration::from_secs(5);

/// What an erasure did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Its ledger entry.
    pub entry: Head,
    /// Rows that are gone.
    pub rows: usize,
    /// Whether the files have been written anew. Where another program was at work they are when
    /// the store is next opened.
    pub overwritten: bool,
}

/// The tombstone of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Its pseudonym.
    pub family_id: String,
    /// When, in µs since the epoch.
    pub recorded_at_us: i64,
    /// On what ground.
    pub ground: String,
}

impl Pilot {
    /// Erases a family: destroys its key, takes away its rows, and writes a tombstone with the
    /// ground. Its place on the list of a draw stays, so that the draw's count stays right.
    ///
    /// # Errors
    ///
    /// If it is not on the roster, or erased already. Nothing is written then.
    pub fn erase_family(
        &mut self,
        stamp: &Stamp,
        family_id: &str,
        ground: &str,
    ) -> Result<Erasure, StoreError> {
        let due = self.due.clone();
        let write = self.begin(stamp)?;
        office_of(&write.transaction, family_id)?;
        let erased = "SELECT 1 FROM erasures WHERE family_id = ?";
        if write.transaction.prepare(erased)?.exists([family_id])? {
            return Err(StoreError::AlreadyErased { family_id: family_id.to_owned() });
        }
        due.mark()?;
        let sql = "INSERT INTO erasures (family_id, recorded_at, ground) VALUES (?, ?, ?)";
        write.transaction.execute(sql, (family_id, write.at_us, ground))?;
        let rows = take_away(&write.transaction, family_id)?;
        let payload = json!({ "family": family_id, "ground": ground });
        let entry = write.commit("erasure", &payload)?;
        self.vault.forget(family_id);
        let overwritten = due.run(&self.connection, WAIT)?;
        Ok(Erasure { entry, rows, overwritten })
    }

    /// The families that have been erased, by id.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn erasures(&self) -> Result<Vec<Tombstone>, StoreError> {
        let sql = "SELECT family_id, recorded_at, ground FROM erasures ORDER BY family_id";
        let mut select = self.connection.prepare(sql)?;
        let rows = select.query_map([], |row| {
            Ok(Tombstone {
                family_id: row.get(0)?,
                recorded_at_us: row.get(1)?,
                ground: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Takes a family's rows away; the triggers let them go since there is a tombstone.
fn take_away(transaction: &Transaction<'_>, family_id: &str) -> rusqlite::Result<usize> {
    // What refers to other rows goes before them.
    let holds = "DELETE FROM holds_resolved WHERE (upload_id, place) IN \
                 (SELECT upload_id, place FROM held_atoms WHERE family_id = ?)";
    let mut rows = transaction.execute(holds, [family_id])?;
    rows += transaction.execute("DELETE FROM screening_rules WHERE family_id = ?", [family_id])?;
    for table in erased_with_family(transaction)?.iter().map(String::as_str).chain(["family_keys"])
    {
        let sql = format!("DELETE FROM {table} WHERE family_id = ?");
        rows += transaction.execute(&sql, [family_id])?;
    }
    Ok(rows)
}
