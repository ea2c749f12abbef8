//! A pilot of twelve families at the time of three published rounds of quicknet.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use tempfile::TempDir;

use crate::support::{Ran, copied, lodd_in, root};

/// Round, signature (published by drand), a time an hour before it, and a time after it.
pub(crate) struct Round {
    pub(crate) number: u64,
    pub(crate) signature: &'static str,
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
}

/// Round r comes at Unix time 1692803367 + 3·(r − 1): 15:15:33 and 15:59:24 on 23 August 2023, and
/// 10:56:03 on 15 September.
pub(crate) const ROUNDS: [Round; 3] = [
    Round {
        number: 123,
        signature: "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92",
        before: "2023-08-23T14:00:00Z",
        after: "2023-08-23T15:16:00Z",
    },
    Round {
        number: 1000,
        signature: "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
        before: "2023-08-23T15:40:00Z",
        after: "2023-08-23T16:00:00Z",
    },
    Round {
        number: 657_413,
        signature: "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
        before: "2023-09-14T10:00:00Z",
        after: "2023-09-16T10:00:00Z",
    },
];

impl Round {
    pub(crate) fn json(&self) -> String {
        format!(r#"{{"round":{},"signature":"{}"}}"#, self.number, self.signature)
    }
}

/// The throw-away pilot of the demo, four years earlier, screened; a round may be ten minutes off.
pub(crate) fn screened() -> TempDir {
    static TEMPLATE: OnceLock<TempDir> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let dir = copied(&root().join("data/kast"));
        for file in ["pilot.toml", "familier.csv"] {
            change(&dir.path().join(file), "2026", "2022");
        }
        change(&dir.path().join("medlemmer.csv"), ";BARN;202", ";BARN;201");
        change(
            &dir.path().join("pilot.toml"),
            "unit = \"FAMILIE\"",
            "unit = \"FAMILIE\"\nlead_minutes = 10",
        );
        at(dir.path(), "2022-08-20T08:10:00Z", "roster import familier.csv medlemmer.csv").ok();
        at(dir.path(), "2022-08-20T08:20:00Z", "screen").ok();
        dir
    });
    copied(template.path())
}

/// Runs `lodd` by a scripted clock.
pub(crate) fn at(dir: &Path, clock: &str, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock {clock} --lang en {words}"))
}

pub(crate) fn announce(dir: &Path, round: &Round) -> Ran {
    at(dir, round.before, &format!("draw announce --round {}", round.number))
}

/// Reveals with a round's published signature, in a file.
pub(crate) fn reveal(dir: &Path, round: &Round) -> Ran {
    fs::write(dir.join("round.json"), round.json()).unwrap();
    at(dir, round.after, "draw reveal --beacon round.json")
}

/// Announced and revealed with round 123.
pub(crate) fn drawn() -> TempDir {
    let dir = screened();
    announce(dir.path(), &ROUNDS[0]).ok();
    reveal(dir.path(), &ROUNDS[0]).ok();
    dir
}

/// A file of a draw's public folder.
pub(crate) fn public(dir: &Path, number: u32, file: &str) -> PathBuf {
    dir.join(format!("draws/{number:04}")).join(file)
}

/// Replaces words that must be there, all of them.
pub(crate) fn change(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "`{from}` is not in {}", path.display());
    fs::write(path, text.replace(from, to)).unwrap();
}

/// A value of one of the JSON files of a draw.
pub(crate) fn value(path: &Path, pointer: &str) -> String {
    let json: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    json.pointer(pointer).unwrap().as_str().unwrap().to_owned()
}

/// Writes what `compute` gives for the files as they are into result.csv, as a cheat would.
pub(crate) fn recompute(dir: &Path, number: u32) {
    let computed = lodd_in(dir, &format!("draw compute draws/{number:04}")).ok();
    fs::write(public(dir, number, "result.csv"), computed.stdout).unwrap();
}

/// A verdict must be a refusal, with these words among its findings.
#[track_caller]
pub(crate) fn refuted(dir: &Path, words: &str, findings: &[&str]) {
    lodd_in(dir, &format!("{words} --lang en")).refused(findings);
}

/// Runs `lodd` with something on its standard input.
pub(crate) fn with_input(dir: &Path, words: &str, input: &str) -> Ran {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_lodd"))
        .current_dir(dir)
        .args(words.split(' '))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Ran::new(&child.wait_with_output().unwrap())
}
