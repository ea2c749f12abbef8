//! Which bytes a set of files had: a list that `sha256sum -c` reads too.
//!
//! One line a file, by path: 64 lower-case hexadecimal digits, two spaces, the path below the list's
//! folder with `/` between its parts, a line feed.

use std::{collections::BTreeMap, fs, io, path::Path};

use crate::{
    files::{self, FileError},
    ledger::{sha256_hex, unhex_32},
};

/// Hashes by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checksums(BTreeMap<String, String>);

/// A file that is not as its list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its path below the list's folder.
    pub path: String,
    /// The SHA-256 it must have.
    pub expected: String,
    /// The SHA-256 it has; `None` where there is no file.
    pub found: Option<String>,
}

impl Checksums {
    /// Reads a list; `None` where it is not byte for byte one that [`Checksums::text`] writes.
    ///
    /// ```
    /// use lodd_store::checksums::Checksums;
    /// let mut list = Checksums::default();
    /// list.set("a.txt", b"abc");
    /// assert_eq!(Checksums::parse(list.text().as_bytes()), Some(list));
    /// assert_eq!(Checksums::parse(b"no list"), None);
    /// ```
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut all = BTreeMap::new();
        for line in text.lines() {
            let (hash, path) = line.split_once("  ")?;
            unhex_32(hash)?;
            all.insert(path.to_owned(), hash.to_owned());
        }
        let read = Self(all);
        (read.text() == text && read.0.keys().all(|path| is_below(path))).then_some(read)
    }

    /// The list of a folder; an empty one where there is none.
    ///
    /// # Errors
    ///
    /// If it can't be read, or is no list (`source.kind()` is [`io::ErrorKind::InvalidData`]).
    pub fn read(path: &Path) -> Result<Self, FileError> {
        match fs::read(path) {
            Ok(bytes) => Self::parse(&bytes)
                .ok_or_else(|| FileError::at("read", path)(io::ErrorKind::InvalidData.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(FileError::at("read", path)(error)),
        }
    }

    /// Sets what a file has.
    pub fn set(&mut self, path: &str, bytes: &[u8]) {
        self.0.insert(path.to_owned(), sha256_hex(bytes));
    }

    /// Forgets a file that is taken away.
    pub fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// The bytes of the list.
    pub fn text(&self) -> String {
        self.0.iter().map(|(path, hash)| format!("{hash}  {path}\n")).collect()
    }

    /// Paths and hashes, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, hash)| (path.as_str(), hash.as_str()))
    }

    /// Whether the list has a path.
    pub fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// The files below a folder that are not as the list says, by path.
    ///
    /// # Errors
    ///
    /// If a file is there and can't be read.
    pub fn differences(&self, folder: &Path) -> Result<Vec<Difference>, FileError> {
        let mut all = Vec::new();
        for (path, expected) in self.iter() {
            let found = hash_of(&folder.join(path))?;
            if found.as_deref() != Some(expected) {
                let (path, expected) = (path.to_owned(), expected.to_owned());
                all.push(Difference { path, expected, found });
            }
        }
        Ok(all)
    }
}

/// The SHA-256 of a file; `None` where there is none.
pub(crate) fn hash_of(path: &Path) -> Result<Option<String>, FileError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(sha256_hex(&bytes))),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound) => Ok(None),
        Err(error) => Err(FileError::at("read", path)(error)),
    }
}

/// Every file below a folder, by path with `/` between its parts; none where there is no folder.
/// Names that are not UTF-8, and what is neither file nor folder, are left out; so are temporary
/// files of [`files`], which a stopped run may leave.
pub(crate) fn listed(folder: &Path) -> Result<Vec<String>, FileError> {
    let mut all = Vec::new();
    walk(folder, "", &mut all)?;
    all.sort();
    Ok(all)
}

fn walk(folder: &Path, prefix: &str, all: &mut Vec<String>) -> Result<(), FileError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(FileError::at("read", folder)(error)),
    };
    for entry in entries {
        let entry = entry.map_err(FileError::at("read", folder))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type().map_err(FileError::at("read", folder))?;
        let path = format!("{prefix}{name}");
        if kind.is_dir() {
            walk(&entry.path(), &format!("{path}/"), all)?;
        } else if kind.is_file() && !files::is_temporary(&name) {
            all.push(path);
        }
    }
    Ok(())
}

/// Whether a path stays below its folder.
fn is_below(path: &str) -> bool {
    !path.is_empty()
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains('\\')
}
