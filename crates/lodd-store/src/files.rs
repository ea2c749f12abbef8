//! Files that are there whole or not at all.
//!
//! Each is written to a temporary file beside its place, flushed to the disk, and renamed (or
//! linked, where nothing may be overwritten); then the folder is flushed. What differs between
//! platforms is here and nowhere else: file modes, the flushing of folders, and a line of writers
//! exist on Unix only.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("can't {action} `{}`: {source}", path.display())]
pub struct FileError {
    /// What was tried: `read`, `write`, `create`.
    pub action: &'static str,
    /// Where.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}

impl FileError {
    pub(crate) fn at(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self { action, path, source }
    }
}

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Default,
    OwnerOnly,
}

/// Writes a file, in place of the one that is there.
///
/// # Errors
///
/// If the disk refuses. The file is then as it was before.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    place(path, bytes, Access::Default, |from, to| fs::rename(from, to))
}

/// Writes files of one folder, in place of those that are there: each whole, and the folder is
/// flushed once for all of them.
///
/// # Errors
///
/// If the disk refuses. The files before the one that is named are written then.
pub fn write_together(folder: &Path, files: &[(String, String)]) -> Result<(), FileError> {
    for (name, text) in files {
        put(&folder.join(name), text.as_bytes(), Access::Default, |from, to| fs::rename(from, to))?;
    }
    platform::sync_folder(folder).map_err(FileError::at("write", folder))
}

/// Writes a file that must not be there yet.
///
/// # Errors
///
/// If it is there (`source.kind()` is [`io::ErrorKind::AlreadyExists`]), or the disk refuses.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    place(path, bytes, Access::Default, link)
}

/// Writes a file that is to stand for ever: the same bytes may be there already (after a crash),
/// others may not.
///
/// # Errors
///
/// If others are (`source.kind()` is [`io::ErrorKind::AlreadyExists`]), or the disk refuses.
pub fn write_once(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    match write_new(path, bytes) {
        Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => {
            let there = fs::read(path).map_err(FileError::at("read", path))?;
            if there == bytes { Ok(()) } else { Err(error) }
        }
        other => other,
    }
}

/// Writes a file that must not be there yet, readable by its owner only (mode 0600 on Unix).
///
/// # Errors
///
/// As [`write_new`].
pub fn write_private_new(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    place(path, bytes, Access::OwnerOnly, link)
}

/// Writes a file in place of the one that is there, readable by its owner only.
///
/// # Errors
///
/// As [`write_atomically`].
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    place(path, bytes, Access::OwnerOnly, |from, to| fs::rename(from, to))
}

/// Adds to the end of a file, readable by its owner only, in one write: what others add at the same time
/// stands before or after it. It is not flushed.
///
/// # Errors
///
/// If the disk refuses.
pub fn append_private(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    platform::mode_of_owner(&mut options);
    let added = options.open(path).and_then(|mut file| file.write_all(bytes));
    added.map_err(FileError::at("write", path))
}

/// Creates a folder, and those above it, for its owner only (mode 0700 on Unix; the folders above
/// keep the default). A folder that is there already gets that mode.
///
/// # Errors
///
/// If the disk refuses.
pub fn create_private_dir(path: &Path) -> Result<(), FileError> {
    create_dir(path)?;
    platform::only_owner(path).map_err(FileError::at("create", path))
}

/// Creates a folder, and those above it, so that they outlive a loss of power.
///
/// # Errors
///
/// If the disk refuses.
pub fn create_dir(path: &Path) -> Result<(), FileError> {
    let fault = || FileError::at("create", path);
    let above = path.ancestors().skip(1).find(|it| it.is_dir()).unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(path).map_err(fault())?;
    for folder in path.ancestors().skip(1).take_while(|it| it.starts_with(above)) {
        platform::sync_folder(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
            .map_err(fault())?;
    }
    Ok(())
}

/// Moves a folder aside, so that what is in it is kept and its name is free: to
/// `NAME-unfinished-1`, or the next number that is not taken. Nothing happens where there is none.
///
/// # Errors
///
/// If the disk refuses.
pub fn set_aside(path: &Path) -> Result<(), FileError> {
    if !path.exists() {
        return Ok(());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = |n: u32| path.with_file_name(format!("{name}-unfinished-{n}"));
    let free = (1..=u32::MAX).map(aside).find(|it| !it.exists()).unwrap_or_else(|| aside(0));
    fs::rename(path, free).map_err(FileError::at("write", path))?;
    platform::sync_folder(folder_of(path)).map_err(FileError::at("write", path))
}

/// Moves a file within its folder, in place of what is there, so that it outlives a loss of power.
///
/// # Errors
///
/// If the disk refuses.
pub fn move_to(from: &Path, to: &Path) -> Result<(), FileError> {
    fs::rename(from, to).map_err(FileError::at("write", to))?;
    platform::sync_folder(folder_of(to)).map_err(FileError::at("write", to))
}

/// Flushes a file that something else has written, and its folder.
pub(crate) fn flush_placed(path: &Path) -> Result<(), FileError> {
    let flushed = OpenOptions::new().write(true).open(path).and_then(|it| it.sync_all());
    flushed.map_err(FileError::at("write", path))?;
    platform::sync_folder(folder_of(path)).map_err(FileError::at("write", path))
}

/// Flushes a file that another program may have written; one that is gone needs none.
pub(crate) fn flush(path: &Path) -> Result<(), FileError> {
    match OpenOptions::new().append(true).open(path).and_then(|file| file.sync_all()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(FileError::at("write", path)(error))
        }
        _ => Ok(()),
    }
}

/// A turn among the programs that write below a folder; the next one's begins when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    _locked: Option<File>,
}

/// Waits in line behind the programs that came earlier; `None` where the turn did not come in time.
///
/// It makes waiting fair and no more: where a system can't lock a folder, the turn comes at once,
/// and what keeps writers apart is the database's own lock.
pub(crate) fn wait_turn(folder: &Path, at_most: Duration) -> Option<Turn> {
    match platform::lock_folder(folder, at_most) {
        Ok(locked) => Some(Turn { _locked: Some(locked) }),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => None,
        Err(_) => Some(Turn { _locked: None }),
    }
}

fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to)?;
    fs::remove_file(from)
}

/// Writes beside, flushes, moves into place, flushes the folder.
fn place(
    path: &Path,
    bytes: &[u8],
    access: Access,
    into_place: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> Result<(), FileError> {
    put(path, bytes, access, into_place)?;
    platform::sync_folder(folder_of(path)).map_err(FileError::at("write", path))
}

/// Writes beside, flushes, moves into place. Leaves no temporary file.
fn put(
    path: &Path,
    bytes: &[u8],
    access: Access,
    into_place: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> Result<(), FileError> {
    let beside = beside(path);
    let placed = write_flushed(&beside, bytes, access).and_then(|()| into_place(&beside, path));
    if let Err(source) = placed {
        // The first error is the one to tell; that a leftover can't be removed either adds nothing.
        let _ = fs::remove_file(&beside);
        return Err(FileError::at("write", path)(source));
    }
    Ok(())
}

fn write_flushed(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    if access == Access::OwnerOnly {
        platform::mode_of_owner(&mut options);
    }
    let mut file: File = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Whether a name is that of a temporary file, which a stopped run may have left.
pub(crate) fn is_temporary(name: &str) -> bool {
    name.starts_with('.') && has_ending(name, "tmp")
}

/// Whether a file's name has an ending, written as it is.
pub(crate) fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|it| it == ending)
}

/// A name that no other writer uses: process and count.
fn beside(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}-{count}.tmp", process::id()))
}

#[cfg(unix)]
mod platform {
    use std::{
        fs::{self, File, OpenOptions, Permissions},
        io,
        os::unix::fs::{OpenOptionsExt, PermissionsExt},
        path::Path,
        sync::mpsc,
        thread,
        time::Duration,
    };

    pub(super) fn mode_of_owner(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    pub(super) fn only_owner(folder: &Path) -> io::Result<()> {
        fs::set_permissions(folder, Permissions::from_mode(0o700))
    }

    pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    /// The system serves those who wait in order. It knows no time limit, so a thread waits; one
    /// that is given up gives the lock back when it gets it.
    pub(super) fn lock_folder(folder: &Path, at_most: Duration) -> io::Result<File> {
        let folder = File::open(folder)?;
        let (sender, receiver) = mpsc::channel();
        thread::Builder::new().spawn(move || {
            let locked = folder.lock().map(|()| folder);
            let _ = sender.send(locked);
        })?;
        receiver.recv_timeout(at_most).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

#[cfg(not(unix))]
mod platform {
    use std::{
        fs::{File, OpenOptions},
        io,
        path::Path,
        time::Duration,
    };

    pub(super) fn mode_of_owner(_: &mut OpenOptions) {}

    pub(super) fn only_owner(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn lock_folder(_: &Path, _: Duration) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
