//! The pilot's store: one `SQLite` file, written one transaction at a time.
//!
//! Nothing is updated in place: each write appends rows and one ledger entry, all under the same
//! `recorded_at`, which is later than every one before it. A correction is a further version. What
//! was known at an earlier *cut* therefore stays what it was.

mod amendments;
mod bound;
mod codes;
mod commitments;
mod draws;
mod erasures;
mod events;
mod guard;
mod inputs;
mod kept;
mod keys;
mod latest;
mod migrations;
mod months;
mod offers;
mod outputs;
mod owners;
mod plans;
mod releases;
mod roster;
mod screenings;
mod scrub;
mod sealed;
mod sealing;
mod strikes;
#[cfg(test)]
mod tests;
mod uploads;
mod verify;
mod write;

use std::{
    io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use zeroize::Zeroizing;

pub use amendments::Amendment;
pub use codes::{
    Beacon, Consent, ConsentAnswer, DeviationKind, DrawStatus, DrawnKind, EndReason, MarkKind,
    Occasion, OfferAnswer, Origin, ReasonCode, RecordStatus, ReleaseKind, Role, Source,
    SpellReason, UnitKind,
};
pub use draws::{
    Announcement, Assignment, Draw, DrawImport, DrawResult, DrawUnit, DrawVoid, Linking, Overlap,
};
pub use erasures::{Erasure, Tombstone};
pub use events::{
    ConsentGiven, Event, EventCorrection, EventFact, EventReceipt, FamilyEvents, FollowUp, Ground,
    Handover, HouseholdSpell, Retraction, Spell, Told,
};
pub use inputs::{ConsentRule, Exit, FollowedMember, Report};
pub use kept::locked_files;
pub use keys::{KeyChange, KeyState};
pub use latest::{LatestSnapshot, LeftUnit};
pub use offers::{BlockOffers, EndedPart, GivenAnswer, Offer, OfferError, OfferLog, OffersClosed};
pub use plans::LockedPlan;
pub use releases::{Release, Released};
pub use roster::{
    Fact, Family, ListedFamily, ListedMember, Mark, Member, Month, Office, Roster, RosterReceipt,
    RosterRows,
};
pub use screenings::{Reasons, RuleVerdict, Screening, ScreeningRow, StoredScreening};
use scrub::Scrub;
pub use strikes::{Strike, Struck};
pub use uploads::{
    Answer, Atom, Correction, Delivery, HeldAtom, LastContact, LookedUp, OpenHold, Receipt,
    RegisterFile, Registers, Snapshot, Upload, UploadPreview, Value,
};
pub use verify::{Audit, Claim, opening_fault};

use crate::{
    StoreError,
    files::{self, FileError},
    ledger::{self, Entry, Head},
    vault::{FamilyKey, Place, Vault, keyfile},
};
use guard::Guard;
use migrations::Opening;

/// Prepared statements kept: more than one write has.
const STATEMENTS_KEPT: usize = 128;
const STORE: &str = "pilot.sqlite";
const LOG: &str = "pilot.sqlite-wal";
const PRIVATE: &str = "private";
/// The folder of derived files.
pub const OUT: &str = "out";
/// The folder in [`OUT`] of receipts: each with a list of its own, `NNNNNN.sha256`.
pub const RECEIPTS: &str = "receipts";
/// What lists them there, with their hashes ([`crate::checksums`]).
pub const OUT_LIST: &str = "SHA256SUMS";
const KEY: &str = "ledger.key";

/// When a write happens, by which clock, and who does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// µs since the epoch, UTC. Recorded as one µs after the last entry where it is not later.
    pub at_us: i64,
    /// Where that time comes from.
    pub clock: Clock,
    /// Who does it: a role or a user name; stands in the ledger.
    pub actor: String,
}

/// Where a time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The computer's clock.
    System,
    /// A script, as in the demo.
    Scripted,
}

impl Clock {
    const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Scripted => "scripted",
        }
    }
}

/// An open pilot.
#[derive(Debug)]
pub struct Pilot {
    dir: PathBuf,
    connection: Connection,
    key: [u8; 32],
    vault: Vault,
    due: Scrub,
    guard: Guard,
}

impl Pilot {
    /// Creates the store of a pilot in a folder, and its ledger's key in `private/`.
    ///
    /// `key` is 32 random bytes from the caller. A key that lies there already (from a creation
    /// that was interrupted) is kept and used.
    ///
    /// # Errors
    ///
    /// If there is a pilot already, or the disk refuses.
    pub fn create(dir: &Path, key: &[u8; 32]) -> Result<Self, StoreError> {
        Self::create_with(dir, key, &keyfile::default_folder(dir))
    }

    /// The same, with the offices' keys in that folder.
    ///
    /// # Errors
    ///
    /// As [`Pilot::create`].
    pub fn create_with(dir: &Path, key: &[u8; 32], keys: &Path) -> Result<Self, StoreError> {
        let store = dir.join(STORE);
        if store.exists() {
            return Err(StoreError::PilotExists { dir: dir.to_owned() });
        }
        files::create_private_dir(&dir.join(PRIVATE))?;
        let line = key_line(key);
        ignore_existing(files::write_private_new(&key_path(dir), line.as_bytes()))?;
        // An empty file is an empty database; made here, it gets our mode, and its journals too.
        ignore_existing(files::write_private_new(&store, b""))?;
        Self::open_with(dir, keys)
    }

    /// Opens the pilot of a folder, and brings an older store to this program's format.
    ///
    /// # Errors
    ///
    /// If there is none, it was written by a later program, or it is not a pilot's store.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_with(dir, &keyfile::default_folder(dir))
    }

    /// The same, with the offices' keys in that folder.
    ///
    /// # Errors
    ///
    /// As [`Pilot::open`].
    pub fn open_with(dir: &Path, keys: &Path) -> Result<Self, StoreError> {
        let path = dir.join(STORE);
        if !path.exists() {
            return Err(StoreError::NoPilot { dir: dir.to_owned() });
        }
        let key = read_key(&key_path(dir))?;
        let mut connection = connect(&path)?;
        let vault = Vault::new(keys.to_owned());
        let due = Scrub::of(dir);
        let opening = Opening { dir, key: &key, vault: &vault };
        migrations::migrate(&mut connection, &opening, || due.mark())?;
        due.take_up(&connection)?;
        let guard = Guard::new(&dir.join(PRIVATE), &dir.join(LOG));
        Ok(Self { dir: dir.to_owned(), connection, key, vault, due, guard })
    }

    /// A family's key, or the pilot's own ([`vault::PILOT`](crate::vault::PILOT)); `None` where no
    /// write has concerned it yet, and once it is erased.
    ///
    /// # Errors
    ///
    /// If its office's key file is missing or another's, or the store can't be read.
    pub fn family_key(&self, family_id: &str) -> Result<Option<FamilyKey>, StoreError> {
        self.vault.family_key(&self.connection, family_id)
    }

    /// Opens what a write has sealed for a family and place; `None` once the family is erased.
    ///
    /// # Errors
    ///
    /// As [`Pilot::family_key`]; if what is stored was changed, or sealed for another place.
    pub fn unseal(
        &self,
        family_id: &str,
        place: &Place,
        sealed: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let key = self.family_key(family_id)?;
        Ok(key.map(|it| it.open(place, sealed)).transpose()?)
    }

    /// The whole ledger, in order.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn ledger(&self) -> Result<Vec<Entry>, StoreError> {
        verify::entries(&self.connection)
    }

    /// The ledger's last entry; `None` while nothing is recorded.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn head(&self) -> Result<Option<Head>, StoreError> {
        Ok(head(&self.connection)?)
    }

    /// The cut that is meant where none is named: the time of the ledger's last entry, in µs.
    ///
    /// # Errors
    ///
    /// If nothing is recorded yet.
    pub fn cut_default(&self) -> Result<i64, StoreError> {
        self.head()?.map(|it| it.at_us).ok_or(StoreError::NothingRecorded)
    }
}

fn head(connection: &Connection) -> rusqlite::Result<Option<Head>> {
    let last = "SELECT seq, at, hash FROM ledger ORDER BY seq DESC LIMIT 1";
    let head = |row: &rusqlite::Row<'_>| {
        Ok(Head { seq: row.get(0)?, at_us: row.get(1)?, hash: row.get(2)? })
    };
    connection.query_row(last, [], head).optional()
}

/// Opens the database with the settings every connection needs.
fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(guard::BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    let id = connection.pragma_query_value(None, "application_id", |row| row.get::<_, i64>(0));
    let tables = "SELECT COUNT(*) FROM sqlite_schema";
    let ours = match id {
        Ok(migrations::APPLICATION_ID) => true,
        Ok(_) => connection.query_row(tables, [], |row| row.get::<_, i64>(0))? == 0,
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => false,
        Err(error) => return Err(error.into()),
    };
    if !ours {
        return Err(StoreError::NotAStore { path: path.to_owned() });
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What goes is overwritten: a key that was replaced, the rows of a family that was erased.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Without this, INSERT OR REPLACE would delete rows unseen by the triggers.
    connection.pragma_update(None, "recursive_triggers", true)?;
    Ok(connection)
}

fn key_path(dir: &Path) -> PathBuf {
    dir.join(PRIVATE).join(KEY)
}

fn key_line(key: &[u8; 32]) -> String {
    format!("{}\n", ledger::hex(key))
}

fn read_key(path: &Path) -> Result<[u8; 32], StoreError> {
    let bytes = std::fs::read(path).map_err(FileError::at("read", path))?;
    // Another way to write the same key is a file that was changed.
    let text = std::str::from_utf8(&bytes).ok().map(|it| it.strip_suffix('\n').unwrap_or(it));
    let key = text.and_then(ledger::unhex_32).filter(|key| text == Some(&*ledger::hex(key)));
    key.ok_or_else(|| StoreError::BadKey { path: path.to_owned() })
}

fn ignore_existing(result: Result<(), FileError>) -> Result<(), FileError> {
    match result {
        Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}
