//! One write: a transaction, its place in time, and the ledger entry that closes it.

use rusqlite::{Transaction, TransactionBehavior};
use serde_json::Value as Json;

use super::{Pilot, Stamp, head, roster::office_of};
use crate::{
    StoreError,
    ledger::{self, Entry, Head, NO_PREVIOUS},
    vault::{FamilyKey, Fresh, PILOT, Vault},
};

/// An open write. Rows appended under it carry [`Write::at_us`]; [`Write::commit`] adds the ledger
/// entry. Dropped without a commit, nothing has happened.
pub(super) struct Write<'c> {
    pub(super) transaction: Transaction<'c>,
    /// `recorded_at` of everything in this write, µs since the epoch.
    pub(super) at_us: i64,
    /// The number its ledger entry will have.
    pub(super) seq: i64,
    previous_hash: String,
    key: [u8; 32],
    stamp: Stamp,
    pub(super) vault: &'c Vault,
    fresh: Fresh,
}

impl Pilot {
    /// Begins a write: takes the write lock, so that time and number are this write's alone.
    pub(super) fn begin(&mut self, stamp: &Stamp) -> Result<Write<'_>, StoreError> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last = head(&transaction)?;
        let after = |it: &Head| stamp.at_us.max(it.at_us.saturating_add(1));
        Ok(Write {
            at_us: last.as_ref().map_or(stamp.at_us, after),
            seq: last.as_ref().map_or(1, |it| it.seq + 1),
            previous_hash: last.map_or_else(|| NO_PREVIOUS.to_owned(), |it| it.hash),
            key: self.key,
            stamp: stamp.clone(),
            vault: &self.vault,
            fresh: Fresh::default(),
            transaction,
        })
    }
}

impl Write<'_> {
    /// The key of a family on the roster, or the pilot's own ([`PILOT`]); made by the first write
    /// that asks for it. Refuses a family that has been erased, and one whose office's key file is
    /// missing or another's.
    pub(super) fn family_key(&self, family_id: &str) -> Result<FamilyKey, StoreError> {
        if let Some(key) = self.vault.family_key(&self.transaction, family_id)? {
            return Ok(key);
        }
        let office = match family_id {
            PILOT => PILOT.to_owned(),
            family_id => office_of(&self.transaction, family_id)?,
        };
        let at = (&*self.transaction, self.at_us);
        self.vault.family_key_or_new(at, (family_id, &office), &self.fresh)
    }

    /// Makes the key of an office that has none.
    pub(super) fn office_key(&self, office_id: &str) -> Result<(), StoreError> {
        let at = (&*self.transaction, self.at_us);
        self.vault.office_key_or_new(at, office_id, &self.fresh).map(|_| ())
    }

    /// Appends the ledger entry and commits.
    pub(super) fn commit(self, event: &str, payload: &Json) -> Result<Head, StoreError> {
        let payload = payload.to_string();
        let mut entry = Entry {
            seq: self.seq,
            at_us: self.at_us,
            clock: self.stamp.clock.name().to_owned(),
            actor: self.stamp.actor,
            event: event.to_owned(),
            commitment: ledger::commitment(&self.key, &payload),
            previous_hash: self.previous_hash,
            hash: String::new(),
            payload: Some(payload),
        };
        entry.hash = entry.computed_hash();
        append(&self.transaction, &entry)?;
        // A key must lie safely in its file before anything stands under it.
        self.fresh.write()?;
        self.transaction.commit()?;
        Ok(Head { seq: entry.seq, at_us: entry.at_us, hash: entry.hash })
    }
}

fn append(transaction: &Transaction<'_>, entry: &Entry) -> rusqlite::Result<()> {
    transaction.execute(
        "INSERT INTO ledger (seq, at, clock, actor, event, commitment, previous_hash, hash) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.seq,
            entry.at_us,
            &entry.clock,
            &entry.actor,
            &entry.event,
            &entry.commitment,
            &entry.previous_hash,
            &entry.hash,
        ),
    )?;
    transaction.execute(
        "INSERT INTO ledger_payloads (seq, payload) VALUES (?, ?)",
        (entry.seq, &entry.payload),
    )?;
    Ok(())
}
