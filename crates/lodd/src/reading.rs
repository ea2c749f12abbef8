//! How an office's file is read: by a child process that has given up all it could do harm with.
//!
//! The parsers meet whatever somebody sends. They run in a second process of this same executable,
//! the only process the program ever starts, which limits itself ([`confine`]) before it reads a
//! byte. The file goes to it through a pipe and never to the disk; what it gives back is checked
//! as bytes from a stranger are. A file that brings the child down is refused, as any bad file is.

use std::{
    ffi::{OsStr, OsString},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use lodd_intake::{
    Finding, Findings, Limits, Upload, Workbook, catalogue, read, shown_name, text::Phrase, wire,
};

use crate::problem::Failure;

pub(crate) mod confine;
mod parent;

/// The argument that makes a process the child. Nobody types it.
const CHILD: &str = "__read-office-file";

/// What the child exits with when it could not limit itself; it has then read nothing.
const NOT_CONFINED: u8 = 3;

/// The bytes of a file that the user named, but of one that is over the limit no more than show it.
///
/// # Errors
///
/// If the file can't be opened or read.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: io::Error| Failure::io(&shown(path), &error);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(over_the_limit()).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// A path as it may be shown: not when it holds a national identity number.
fn shown(path: &Path) -> PathBuf {
    let text = path.to_string_lossy();
    let personal = text.split(['/', '\\']).any(|step| shown_name(step) != step);
    if personal { PathBuf::from(shown_name(&text)) } else { path.to_owned() }
}

/// Reads a file that nobody has vouched for.
///
/// # Errors
///
/// The outer one when reading could not be run; the inner one, findings, when the file is refused.
pub(crate) fn workbook(name: &str, bytes: &[u8]) -> Result<Result<Workbook, Findings>, Failure> {
    let limits = Limits::default();
    if bytes.len() > limits.body_bytes {
        return Ok(read(Upload { name, bytes }, &limits));
    }
    let ended = parent::run(name, bytes, wire::bytes_max(&limits))?;
    if let Some(outcome) = wire::read(name, &ended.output, &limits) {
        return Ok(outcome);
    }
    Ok(Err(refused(name, ended.end)?.into()))
}

/// Why a file is refused whose reader did not answer.
fn refused(name: &str, end: parent::End) -> Result<Finding, Failure> {
    let file = shown_name(name);
    let too_large = |nb: &str, nn: &str, en: &str| {
        Ok(Finding::new(&catalogue::F04, &file).value(Phrase::new(nb, nn, en)))
    };
    match end {
        parent::End::Memory => too_large(
            "mer enn 512 MiB minne",
            "meir enn 512 MiB minne",
            "more than 512 MiB of memory",
        ),
        parent::End::Time => {
            too_large("mer enn 10 sekunder", "meir enn 10 sekund", "more than 10 seconds")
        }
        parent::End::Exit(code) if code == i32::from(NOT_CONFINED) => Err(confine::impossible()),
        parent::End::Exit(_) | parent::End::Signal => {
            let what = Phrase::new("leseren stoppet", "lesaren stogga", "the reader stopped");
            Ok(Finding::new(&catalogue::F05, &file).value(what))
        }
    }
}

/// Whether these are the words a child is started with.
pub(crate) fn is_child(words: &mut impl Iterator<Item = OsString>) -> bool {
    words.nth(1).is_some_and(|word| word == OsStr::new(CHILD)) && words.next().is_none()
}

/// The child: limits itself, reads a name and a file from stdin, writes what reading gave.
pub(crate) fn child() -> ExitCode {
    if confine::enter().is_err() {
        return ExitCode::from(NOT_CONFINED);
    }
    match answer(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer(mut from: impl Read, to: impl Write) -> io::Result<()> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let mut name = String::new();
    let length = u64::from(u32::from_le_bytes(length));
    from.by_ref().take(length).read_to_string(&mut name)?;
    if name.len() as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut bytes = Vec::new();
    from.take(over_the_limit()).read_to_end(&mut bytes)?;
    let outcome = read(Upload { name: &name, bytes: &bytes }, &Limits::default());
    drop(bytes);
    wire::write(&outcome, io::BufWriter::new(to))
}

fn over_the_limit() -> u64 {
    Limits::default().body_bytes as u64 + 1
}
