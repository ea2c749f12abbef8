//! What keeps a store whole when others write too and disks fail: a line of writers, no write after
//! a failed flush, and nothing acknowledged that is not on the disk.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use rusqlite::{
    Connection,
    ErrorCode::{ConstraintViolation, DatabaseBusy, DatabaseLocked},
    Row, Transaction,
};

use crate::{
    StoreError,
    files::{self, Turn},
};

/// How long a write waits for other programs' before it gives up.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// Of one open pilot.
#[derive(Debug)]
pub(super) struct Guard {
    /// Where writers stand in line: a folder that is there anyway.
    line: PathBuf,
    /// The database's write-ahead log.
    log: PathBuf,
    /// Whether a commit has failed for the disk's sake: then nothing more is written.
    failed: AtomicBool,
}

impl Guard {
    pub(super) fn new(line: &Path, log: &Path) -> Self {
        Self { line: line.to_owned(), log: log.to_owned(), failed: AtomicBool::new(false) }
    }

    /// Waits in line with the other programs that write. `SQLite`'s own waiting looks now and then
    /// whether the database is free: with many writers, whoever has waited longest looks least.
    pub(super) fn turn(&self) -> Result<Turn, StoreError> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(StoreError::ClosedToWriting);
        }
        files::wait_turn(&self.line, BUSY_TIMEOUT).ok_or(StoreError::Busy)
    }

    /// Commits. Where the disk fails it, the pilot is closed to writing until it is opened again:
    /// after a failed flush the system may count as written what is not, and the next flush succeed.
    pub(super) fn commit(&self, transaction: Transaction<'_>) -> rusqlite::Result<()> {
        transaction.commit().inspect_err(|error| {
            let refused = error.sqlite_error_code();
            if !matches!(refused, Some(ConstraintViolation | DatabaseBusy | DatabaseLocked)) {
                self.failed.store(true, Ordering::Relaxed);
            }
        })
    }

    /// Makes sure that what can be read is on the disk too.
    ///
    /// What a program wrote that died before it flushed can be read by the next one, and is lost
    /// with the power. Before it is acknowledged, it is copied into the database and flushed; while
    /// others read, which keeps some of it from being copied, the log itself is.
    pub(super) fn flush_what_stands(&self, connection: &Connection) -> Result<(), StoreError> {
        let copied = |row: &Row<'_>| {
            let (busy, log, copied): (bool, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(!busy && log == copied)
        };
        if connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], copied)? {
            return Ok(());
        }
        Ok(files::flush(&self.log)?)
    }
}
