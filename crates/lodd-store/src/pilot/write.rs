//! One write: a transaction, its place in time, and the ledger entry that closes it.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde_json::{Value as Json, json};

use super::{
    Pilot, Stamp,
    commitments::{self, At, BIND, LIST},
    draws::draws_of,
    guard::Guard,
    head,
    migrations::Opening,
    roster::office_of,
};
use crate::{
    StoreError,
    files::Turn,
    ledger::{self, Entry, Head, NO_PREVIOUS},
    vault::{FamilyKey, Fresh, PILOT, Vault, VaultError},
};

/// An open write. Rows appended under it carry [`Write::at_us`]; [`Write::commit`] adds the ledger
/// entry. Dropped without a commit, nothing has happened.
pub(super) struct Write<'c> {
    pub(super) transaction: Transaction<'c>,
    /// `recorded_at` of everything in this write, µs since the epoch.
    pub(super) at_us: i64,
    /// The number its ledger entry will have.
    pub(super) seq: i64,
    /// The pilot's folder.
    pub(super) dir: &'c Path,
    previous_hash: String,
    key: [u8; 32],
    stamp: Stamp,
    pub(super) vault: &'c Vault,
    fresh: Fresh,
    /// The turn among the programs that write, none while a store is opened. Dropped after the
    /// transaction: the next writer finds the database free.
    line: Option<(&'c Guard, Turn)>,
}

/// What commits to a family's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Committing {
    /// Its key.
    Key([u8; 32]),
    /// Nothing any more: the key was destroyed.
    Erased,
    /// A key that can't be had here: the file of its office's key is not there, or not the one.
    NotAtHand,
    /// A key that is not the one it was.
    Broken {
        /// What it is.
        found: String,
    },
}

impl Pilot {
    /// Begins a write: takes the write lock, so that time and number are this write's alone.
    pub(super) fn begin(&mut self, stamp: &Stamp) -> Result<Write<'_>, StoreError> {
        let turn = self.guard.turn()?;
        let Self { connection, dir, key, vault, guard, .. } = self;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let opening = Opening { dir, key, vault };
        let write = Write::new(transaction, &opening, Fresh::default(), stamp.clone())?;
        Ok(Write { line: Some((guard, turn)), ..write })
    }

    /// What commits to the rows about a family, or with the empty id to those about none.
    pub(super) fn committing(
        &self,
        connection: &Connection,
        family_id: &str,
    ) -> Result<Committing, StoreError> {
        if family_id.is_empty() {
            return Ok(Committing::Key(self.key));
        }
        let sql = "SELECT 1 FROM erasures WHERE family_id = ?";
        let erased = connection.prepare_cached(sql)?.exists([family_id])?;
        let broken = |found: &str| Committing::Broken { found: found.to_owned() };
        Ok(match (self.vault.family_key(connection, family_id), erased) {
            (Ok(Some(key)), false) => Committing::Key(*key.commit_key()),
            (Ok(Some(_)), true) => broken("there, though the family is erased"),
            (Ok(None), true) => Committing::Erased,
            (Ok(None), false) => broken("none"),
            (Err(StoreError::Vault(error)), _) => match error {
                VaultError::KeyMissing { .. }
                | VaultError::OtherKey { .. }
                | VaultError::BadKeyFile { .. } => Committing::NotAtHand,
                VaultError::Unwrapped { .. } => broken("another"),
                other => return Err(other.into()),
            },
            (Err(error), _) => return Err(error),
        })
    }
}

impl<'c> Write<'c> {
    /// A write in a transaction that holds the write lock.
    pub(super) fn new(
        transaction: Transaction<'c>,
        opening: &Opening<'c>,
        fresh: Fresh,
        stamp: Stamp,
    ) -> rusqlite::Result<Self> {
        let last = head(&transaction)?;
        let after = |it: &Head| stamp.at_us.max(it.at_us.saturating_add(1));
        Ok(Self {
            at_us: last.as_ref().map_or(stamp.at_us, after),
            seq: last.as_ref().map_or(1, |it| it.seq + 1),
            previous_hash: last.map_or_else(|| NO_PREVIOUS.to_owned(), |it| it.hash),
            dir: opening.dir,
            key: *opening.key,
            vault: opening.vault,
            stamp,
            fresh,
            line: None,
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

    /// Appends the commitments to what it has recorded and the ledger entry, and commits.
    pub(super) fn commit(self, event: &str, payload: &Json) -> Result<Head, StoreError> {
        let list = self.commitments(false)?;
        self.close(event, payload, &list)
    }

    /// Binds everything that an older format recorded, as it stands now: its rows, and the files of
    /// its draws.
    pub(super) fn bind(self, format: i64) -> Result<(), StoreError> {
        for draw in draws_of(&self.transaction)? {
            self.record_draw_files(draw.draw)?;
        }
        let list = self.commitments(true)?;
        let payload = json!({ "format": format, "entries": self.seq - 1 });
        self.close(BIND, &payload, &list).map(drop)
    }

    /// Appends the commitments and returns the hash of their list.
    fn commitments(&self, all: bool) -> Result<String, StoreError> {
        let at = At { seq: self.seq, at_us: self.at_us };
        commitments::append(&self.transaction, at, all, |family_id| match family_id {
            "" => Ok(Some(self.key)),
            family_id => match self.family_key(family_id) {
                Ok(key) => Ok(Some(*key.commit_key())),
                // What stood before the erasure can't be bound any more.
                Err(StoreError::Vault(VaultError::Erased { .. })) if all => Ok(None),
                Err(error) => Err(error),
            },
        })
    }

    fn close(self, event: &str, payload: &Json, list: &str) -> Result<Head, StoreError> {
        let mut payload = payload.clone();
        if let Some(payload) = payload.as_object_mut() {
            payload.insert(LIST.to_owned(), json!(list));
        }
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
        match &self.line {
            Some((guard, _turn)) => guard.commit(self.transaction)?,
            None => self.transaction.commit()?,
        }
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
