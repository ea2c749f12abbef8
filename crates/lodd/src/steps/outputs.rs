//! Derived files: what goes to `out/`, and the list of what each of them is.

use std::{fs, path::PathBuf};

use lodd_store::{
    checksums::Checksums,
    files,
    pilot::{OUT, OUT_LIST},
};

use super::{Context, export::EXPORT_MARK, words};
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

/// Writes the files of a folder below `out/` in place of those that an earlier run wrote there, and their
/// hashes into `out/SHA256SUMS`: those that are not written again are taken away.
///
/// # Errors
///
/// If the disk refuses, or what is there as the list is none.
pub(super) fn write_folder(
    context: &Context,
    folder: &str,
    named: &[(String, String)],
) -> Result<(), Failure> {
    let path = context.dir.join(OUT).join(folder);
    let list = context.dir.join(OUT).join(OUT_LIST);
    let written = |name: &str| named.iter().any(|(it, _)| it == name);
    let earlier = listed_in(context, folder)?;
    let gone: Vec<String> =
        earlier.into_iter().filter(|it| !written(it)).map(|it| format!("{folder}/{it}")).collect();
    let put = || {
        let mut sums = Checksums::read(&list)?;
        files::create_dir(&path)?;
        files::write_together(&path, named)?;
        for (name, text) in named {
            sums.set(&format!("{folder}/{name}"), text.as_bytes());
        }
        files::write_atomically(&list, sums.text().as_bytes())
    };
    put().map_err(|error| words::file(&error))?;
    remove(context, &gone)
}

/// The names of the files of a folder below `out/` that are in its list.
///
/// # Errors
///
/// If what is there as the list is none.
pub(super) fn listed_in(context: &Context, folder: &str) -> Result<Vec<String>, Failure> {
    let list = Checksums::read(&context.dir.join(OUT).join(OUT_LIST));
    let sums = list.map_err(|error| words::file(&error))?;
    let below = |path: &str| path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned);
    Ok(sums.iter().filter_map(|(path, _)| below(path)).filter(|it| !it.contains('/')).collect())
}

/// The files of every export that is there, by their names below `out/`.
///
/// # Errors
///
/// If what is there as the list is none.
pub(super) fn exported(context: &Context) -> Result<Vec<String>, Failure> {
    let out = context.dir.join(OUT);
    let sums = Checksums::read(&out.join(OUT_LIST)).map_err(|error| words::file(&error))?;
    let folder = |path: &str| path.strip_suffix(EXPORT_MARK)?.strip_suffix('/').map(str::to_owned);
    let mut names = Vec::new();
    for folder in sums.iter().filter_map(|(path, _)| folder(path)) {
        let here = listed_in(context, &folder)?.into_iter().map(|it| format!("{folder}/{it}"));
        names.extend(here.filter(|it| out.join(it).is_file()));
    }
    Ok(names)
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
