//! Derived files: what goes to `out/`, and the list of what each of them is.

use std::path::PathBuf;

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
