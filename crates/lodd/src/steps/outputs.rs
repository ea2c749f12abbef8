//! Derived files: what goes to `out/`, and the list of what each of them is.

use std::{fs, path::PathBuf};

use lodd_store::{
    checksums::Checksums,
    files,
    pilot::{OUT, OUT_LIST},
};

use super::{Context, words};
use crate::problem::Failure;

/// Writes `out/NAME` in place of what is there, and its hash into `out/SHA256SUMS`.
///
/// # Errors
///
/// If the disk refuses, or what is there as the list is none.
pub(super) fn write(context: &Context, name: &str, bytes: &[u8]) -> Result<PathBuf, Failure> {
    let folder = context.dir.join(OUT);
    let path = folder.join(name);
    let list = folder.join(OUT_LIST);
    let put = || {
        let mut sums = Checksums::read(&list)?;
        files::create_dir(path.parent().unwrap_or(&folder))?;
        files::write_atomically(&path, bytes)?;
        sums.set(name, bytes);
        files::write_atomically(&list, sums.text().as_bytes())
    };
    put().map_err(|error| words::file(&error))?;
    Ok(path)
}

/// Takes `out/NAME` of each name away, from the list first, so that nothing that was taken away on
/// purpose is missed.
///
/// # Errors
///
/// If the disk refuses, or what is there as the list is none.
pub(super) fn remove(context: &Context, names: &[String]) -> Result<(), Failure> {
    if names.is_empty() {
        return Ok(());
    }
    let folder = context.dir.join(OUT);
    let list = folder.join(OUT_LIST);
    let forget = || {
        let mut sums = Checksums::read(&list)?;
        for name in names {
            sums.remove(name);
        }
        files::write_atomically(&list, sums.text().as_bytes())
    };
    forget().map_err(|error| words::file(&error))?;
    for name in names {
        let path = folder.join(name);
        fs::remove_file(&path).map_err(|error| Failure::io(&path, &error))?;
    }
    Ok(())
}
