//! The program under `strace`: what it asked of the system, and what it does when the system fails.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::Ran;

/// One finished system call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) process: u32,
    pub(crate) name: String,
    pub(crate) arguments: Vec<String>,
    /// What it returned; `None` for an error.
    pub(crate) result: Option<i64>,
    /// The path behind the file descriptor that it returned.
    pub(crate) opened: Option<PathBuf>,
    /// Whether the outcome was made up by `strace`.
    pub(crate) injected: bool,
}

impl Call {
    /// The path behind argument `i`, a file descriptor.
    pub(crate) fn file(&self, i: usize) -> PathBuf {
        path_of(self.arguments.get(i).map_or("", String::as_str)).unwrap_or_default()
    }

    /// The bytes of argument `i`, a string.
    pub(crate) fn bytes(&self, i: usize) -> Vec<u8> {
        let text = self.arguments.get(i).map_or("", String::as_str);
        assert!(text.ends_with('"'), "cut off in the log: {}", self.name);
        unhex(text.trim_matches('"'))
    }

    /// The path in argument `i`, a string, seen from `folder`.
    pub(crate) fn path(&self, i: usize, folder: &Path) -> PathBuf {
        let named = PathBuf::from(String::from_utf8(self.bytes(i)).unwrap());
        folder.join(named).components().filter(|it| it.as_os_str() != ".").collect()
    }

    pub(crate) fn number(&self, i: usize) -> usize {
        self.arguments[i].parse().unwrap_or_else(|_| panic!("{}: {:?}", self.name, self.arguments))
    }
}

/// `7</path>` or `AT_FDCWD</path>`, the path in hexadecimal escapes.
fn path_of(text: &str) -> Option<PathBuf> {
    let (_, path) = text.split_once('<')?;
    String::from_utf8(unhex(path.strip_suffix('>')?)).ok().map(PathBuf::from)
}

fn unhex(escaped: &str) -> Vec<u8> {
    escaped.split("\\x").skip(1).map(|it| u8::from_str_radix(&it[..2], 16).unwrap()).collect()
}

/// Why `strace` can't trace here; `None` where it can.
///
/// Fails where the tests' own tools are promised (`cargo xtask test`) and it still can't, unless
/// the system forbids tracing.
pub(crate) fn no_tracing() -> Option<String> {
    match Command::new("strace").args(["-o", "/dev/null", "true"]).output() {
        Err(error) => panic!("no strace ({error}): run `cargo xtask test --install`"),
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(format!(
            "tracing is not permitted here: {}",
            String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default()
        )),
    }
}

/// The program in a folder, under `strace` with these options.
pub(crate) fn traced(dir: &Path, options: &[&str], words: &str) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq"]).args(options).arg(env!("CARGO_BIN_EXE_lodd"));
    in_folder(&mut command, dir).args(words.split(' '));
    command
}

/// Sets folder and language.
pub(crate) fn in_folder<'c>(command: &'c mut Command, dir: &Path) -> &'c mut Command {
    command.current_dir(dir).env("LANG", "en_GB.UTF-8").env_remove("LC_ALL");
    command.env_remove("LC_MESSAGES")
}

/// Runs the program and gives what it asked of the system, in order, with all bytes written.
pub(crate) fn log_of(dir: &Path, options: &[&str], words: &str) -> (Ran, Vec<Call>) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let file = log.path().to_str().unwrap().to_owned();
    let all: Vec<&str> = ["-y", "-xx", "-s", "16777216", "-o", &file]
        .into_iter()
        .chain(options.iter().copied())
        .collect();
    let ran = Ran::new(&traced(dir, &all, words).output().unwrap());
    (ran, calls(&fs::read_to_string(log.path()).unwrap()))
}

/// The finished calls of a log, each where it returned.
fn calls(log: &str) -> Vec<Call> {
    let mut begun: BTreeMap<u32, String> = BTreeMap::new();
    let mut finished = Vec::new();
    for line in log.lines() {
        let (process, line) = line.split_once(' ').unwrap_or_default();
        let (process, line) = (process.parse().unwrap(), line.trim_start());
        if let Some(first) = line.strip_suffix("<unfinished ...>") {
            begun.insert(process, first.trim_end().to_owned());
        } else if let Some((_, rest)) =
            line.strip_prefix("<... ").and_then(|it| it.split_once(" resumed>"))
        {
            let whole = begun.remove(&process).unwrap_or_default() + rest;
            finished.extend(call(process, &whole));
        } else {
            finished.extend(call(process, line));
        }
    }
    finished
}

fn call(process: u32, line: &str) -> Option<Call> {
    let (name, rest) = line.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let arguments = arguments.trim_end().strip_suffix(')')?;
    let number = result.split([' ', '<']).next()?;
    Some(Call {
        process,
        name: name.to_owned(),
        arguments: arguments.split(", ").map(str::to_owned).collect(),
        result: number.parse().ok().filter(|it| *it >= 0),
        opened: path_of(result.split(' ').next()?),
        injected: result.ends_with("(INJECTED)"),
    })
}
