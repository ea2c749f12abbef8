//! That what was taken out of the store is in no byte of its files.
//!
//! `SQLite` overwrites what is deleted, but a page may hold leftovers of rows that once stood on it,
//! and the log beside the store holds the pages before. So the store is written anew and the log
//! emptied. A mark in the folder says that this is due: it is set before the rows go and taken away
//! when it is done, so that a crash or another program at work only puts it off.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::Connection;

use super::{PRIVATE, guard::BUSY_TIMEOUT};
use crate::{
    StoreError,
    files::{self, FileError},
};

const MARK: &str = "scrub-due";

/// Whether the store of a folder is to be written anew.
#[derive(Clone, Debug)]
pub(super) struct Scrub {
    mark: PathBuf,
}

impl Scrub {
    pub(super) fn of(dir: &Path) -> Self {
        Self { mark: dir.join(PRIVATE).join(MARK) }
    }

    /// Says that it is.
    pub(super) fn mark(&self) -> Result<(), StoreError> {
        Ok(files::write_private(&self.mark, b"")?)
    }

    /// Does it, if it is due and nobody else is at work.
    pub(super) fn take_up(&self, connection: &Connection) -> Result<(), StoreError> {
        if self.mark.exists() {
            self.run(connection, Duration::ZERO)?;
        }
        Ok(())
    }

    /// Does it, waiting for others so long; `false` if they were at work all the time: then the
    /// next opening takes it up.
    pub(super) fn run(&self, connection: &Connection, wait: Duration) -> Result<bool, StoreError> {
        connection.busy_timeout(wait)?;
        let done = rewrite(connection);
        connection.busy_timeout(BUSY_TIMEOUT)?;
        if !done? {
            return Ok(false);
        }
        match fs::remove_file(&self.mark) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(FileError::at("remove", &self.mark)(error).into())
            }
            _ => Ok(true),
        }
    }
}

fn rewrite(connection: &Connection) -> Result<bool, StoreError> {
    match connection.execute_batch("VACUUM").map_err(StoreError::from) {
        Err(StoreError::Busy) => return Ok(false),
        other => other?,
    }
    let busy = |row: &rusqlite::Row<'_>| row.get::<_, bool>(0);
    Ok(!connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], busy)?)
}
