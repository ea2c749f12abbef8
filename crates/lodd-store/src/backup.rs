//! Copies of a pilot: taken while others write, whole and verified or not there at all; and brought
//! back.
//!
//! A backup is a folder with the store, the files it binds, the protocol and the plan as they are
//! locked, what is in `out/`, the ledger's key, and [`LIST`], a list of SHA-256 over all of it that
//! `sha256sum -c` reads. The offices' keys are not in it unless asked for: with them, whoever has
//! the backup reads what families have said.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};

use crate::{
    StoreError, actors,
    checksums::{Checksums, Difference, listed},
    files::{self, FileError},
    ledger::{Head, LedgerFault},
    pilot::{Audit, OUT, Pilot, locked_files},
    vault::keyfile,
};

/// The list of what is in a backup.
pub const LIST: &str = "SHA256SUMS";

const STORE: &str = "pilot.sqlite";
const LEDGER_KEY: &str = "private/ledger.key";
const KEYS: &str = "private/keys";
/// Notes of who asked the pages for what, a file a month.
pub const ACCESS: &str = "private/access";

/// How long a copy waits for another program's write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// Why a backup is not taken, or not brought back. Nothing is left behind then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum BackupError {
    #[error("`{}` is there already", path.display())]
    Exists { path: PathBuf },
    #[error("`{}` is not a backup", path.display())]
    NoBackup { path: PathBuf },
    #[error("`{}` is damaged: {} files are not as they were", path.display(), differences.len())]
    Damaged { path: PathBuf, differences: Vec<Difference> },
    #[error("the copy does not verify: {} findings", faults.len())]
    NotVerified { faults: Vec<LedgerFault> },
    #[error("there is a pilot in `{}` already, at entry {there}; the backup is at entry {backup}", path.display())]
    PilotThere { path: PathBuf, there: i64, backup: i64 },
    #[error("`{}` is not empty", path.display())]
    NotEmpty { path: PathBuf },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    File(#[from] FileError),
}

impl From<rusqlite::Error> for BackupError {
    fn from(source: rusqlite::Error) -> Self {
        Self::Store(source.into())
    }
}

/// A copy that was made and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The ledger's last entry in it; `None` where nothing is recorded.
    pub head: Option<Head>,
    /// Files, the list not counted.
    pub files: usize,
    /// Whether the offices' keys are in it.
    pub with_keys: bool,
    /// What its verification said.
    pub audit: Audit,
}

/// Copies the pilot in `dir` to the new folder `to`, at one point in its ledger, while other
/// programs may go on writing. `keys` is the folder of the offices' keys, which are copied only
/// `with_keys`.
///
/// # Errors
///
/// If `to` is there, the copy does not verify, or the disk refuses. Then there is no `to`.
pub fn back_up(dir: &Path, keys: &Path, to: &Path, with_keys: bool) -> Result<Copied, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists { path: to.to_owned() });
    }
    let making = Making::beside(to)?;
    copy_store(dir, &making.path)?;
    copy_file(dir, &making.path, LEDGER_KEY)?;
    copy_file(dir, &making.path, actors::KEY)?;
    for name in listed(&dir.join(ACCESS))? {
        copy_file(dir, &making.path, &format!("{ACCESS}/{name}"))?;
    }
    let pilot = Pilot::open_with(&making.path, keys)?;
    for path in locked_files(&pilot)? {
        copy_file(dir, &making.path, &path)?;
    }
    copy_derived(dir, &making.path)?;
    let audit = verified(&pilot)?;
    let head = pilot.head()?;
    drop(pilot);
    settle(&making.path)?;
    if with_keys {
        for name in listed(keys)? {
            let (from, to) = (keys.join(&name), making.path.join(KEYS).join(&name));
            copy(&from, &to, KEYS)?;
        }
    }
    let files = seal(&making.path)?;
    making.put(to)?;
    Ok(Copied { head, files, with_keys, audit })
}

/// Brings a backup back into `dir`, which must be empty or not there. `keys` is the folder of the
/// offices' keys, where the backup has none.
///
/// # Errors
///
/// If the backup is not whole, does not verify, or there is something in `dir`: then nothing is
/// written.
pub fn restore(backup: &Path, dir: &Path, keys: Option<&Path>) -> Result<Copied, BackupError> {
    let list = check(backup)?;
    check_empty(backup, dir)?;
    let fresh = !dir.exists();
    let making = Making::inside(dir)?;
    for (path, _) in list.iter() {
        copy_file(backup, &making.path, path)?;
    }
    let folder = keys.map_or_else(|| keyfile::default_folder(&making.path), Path::to_owned);
    let copied = Pilot::open_with(&making.path, &folder)
        .map_err(BackupError::from)
        .and_then(|it| Ok((verified(&it)?, it.head()?)));
    let (audit, head) = match copied {
        Ok(copied) => copied,
        Err(error) => {
            drop(making);
            if fresh {
                let _ = fs::remove_dir(dir);
            }
            return Err(error);
        }
    };
    let with_keys = making.path.join(KEYS).is_dir();
    making.open_up(dir)?;
    Ok(Copied { head, files: list.iter().count(), with_keys, audit })
}

/// The list of a backup whose files are all as it says, and no others.
fn check(backup: &Path) -> Result<Checksums, BackupError> {
    let path = backup.join(LIST);
    let no_backup = || BackupError::NoBackup { path: backup.to_owned() };
    if !path.is_file() {
        return Err(no_backup());
    }
    let list = match Checksums::read(&path) {
        Err(error) if error.source.kind() == io::ErrorKind::InvalidData => {
            let (path, expected) = (LIST.to_owned(), "a list of SHA-256".to_owned());
            let differences = vec![Difference { path, expected, found: None }];
            return Err(BackupError::Damaged { path: backup.to_owned(), differences });
        }
        other => other?,
    };
    if !list.has(STORE) || !list.has(LEDGER_KEY) {
        return Err(no_backup());
    }
    let differences = list.differences(backup)?;
    if differences.is_empty() {
        return Ok(list);
    }
    Err(BackupError::Damaged { path: backup.to_owned(), differences })
}

/// Nothing may be in the way: a pilot least of all, whichever of the two is newer.
fn check_empty(backup: &Path, dir: &Path) -> Result<(), BackupError> {
    let mut entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(FileError::at("read", dir)(error).into()),
    };
    if entries.next().is_none() {
        return Ok(());
    }
    let path = dir.to_owned();
    if !dir.join(STORE).is_file() {
        return Err(BackupError::NotEmpty { path });
    }
    Err(BackupError::PilotThere { path, there: last(dir)?, backup: last(backup)? })
}

/// The number of the last entry of the store in a folder, which stays as it is.
fn last(dir: &Path) -> Result<i64, BackupError> {
    let connection = connect(&dir.join(STORE))?;
    let sql = "SELECT coalesce(MAX(seq), 0) FROM ledger";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

fn connect(path: &Path) -> Result<Connection, BackupError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

/// Makes the copy one file, which is read without others beside it.
fn settle(to: &Path) -> Result<(), BackupError> {
    let copy = connect(&to.join(STORE))?;
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    copy.close().map_err(|(_, error)| error)?;
    Ok(files::flush_placed(&to.join(STORE))?)
}

/// All pages in one step, as of one instant: in WAL mode writers go on meanwhile.
fn copy_store(dir: &Path, to: &Path) -> Result<(), BackupError> {
    let path = dir.join(STORE);
    if !path.is_file() {
        return Err(StoreError::NoPilot { dir: dir.to_owned() }.into());
    }
    let from = connect(&path)?;
    let target = to.join(STORE);
    files::write_private_new(&target, b"")?;
    let mut copy = Connection::open(&target)?;
    match Backup::new(&from, &mut copy)?.step(-1)? {
        StepResult::Done => {}
        _ => return Err(StoreError::Busy.into()),
    }
    Ok(copy.close().map_err(|(_, error)| error)?)
}

/// What is in `out/`.
fn copy_derived(dir: &Path, to: &Path) -> Result<(), BackupError> {
    for name in listed(&dir.join(OUT))? {
        copy_file(dir, to, &format!("{OUT}/{name}"))?;
    }
    Ok(())
}

/// Copies a file that may have gone: then the copy does not verify, and says which.
fn copy_file(dir: &Path, to: &Path, path: &str) -> Result<(), FileError> {
    copy(&dir.join(path), &to.join(path), path)
}

fn copy(from: &Path, to: &Path, path: &str) -> Result<(), FileError> {
    let bytes = match fs::read(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(FileError::at("read", from))?,
    };
    let folder = to.parent().unwrap_or(to);
    if path.starts_with("private/") {
        files::create_private_dir(folder)?;
        files::write_private_new(to, &bytes)
    } else if path == STORE {
        files::write_private_new(to, &bytes)
    } else {
        files::create_dir(folder)?;
        files::write_new(to, &bytes)
    }
}

fn verified(pilot: &Pilot) -> Result<Audit, BackupError> {
    let audit = pilot.audit()?;
    if audit.faults.is_empty() {
        return Ok(audit);
    }
    Err(BackupError::NotVerified { faults: audit.faults })
}

/// Writes the list; as many files as there are.
fn seal(folder: &Path) -> Result<usize, BackupError> {
    let mut list = Checksums::default();
    for path in listed(folder)? {
        let file = folder.join(&path);
        list.set(&path, &fs::read(&file).map_err(FileError::at("read", &file))?);
    }
    files::write_new(&folder.join(LIST), list.text().as_bytes())?;
    Ok(list.iter().count())
}

/// A folder that is being filled; it goes again unless it is put in its place.
struct Making {
    path: PathBuf,
    placed: bool,
}

impl Making {
    /// Beside the folder that it will be.
    fn beside(to: &Path) -> Result<Self, FileError> {
        let name = to.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self::at(to.with_file_name(format!(".{name}.{}.part", std::process::id())))
    }

    /// In the folder that it will fill.
    fn inside(dir: &Path) -> Result<Self, FileError> {
        files::create_dir(dir)?;
        Self::at(dir.join(format!(".lodd-restore.{}.part", std::process::id())))
    }

    fn at(path: PathBuf) -> Result<Self, FileError> {
        files::create_private_dir(&path)?;
        Ok(Self { path, placed: false })
    }

    /// Gives the folder its name.
    fn put(mut self, to: &Path) -> Result<(), FileError> {
        files::move_to(&self.path, to)?;
        self.placed = true;
        Ok(())
    }

    /// Moves what is in it up into `dir`, the store last: without it there is no pilot.
    fn open_up(mut self, dir: &Path) -> Result<(), FileError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(FileError::at("read", &self.path))? {
            names.push(entry.map_err(FileError::at("read", &self.path))?.file_name());
        }
        names.sort_by_key(|name| (name == STORE, name.clone()));
        for name in names {
            files::move_to(&self.path.join(&name), &dir.join(&name))?;
        }
        self.placed = true;
        fs::remove_dir(&self.path).map_err(FileError::at("write", &self.path))
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        if !self.placed {
            // The first error is the one to tell; that a leftover can't be removed adds nothing.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
