//! The command line as others script against it: help, exit codes, streams, languages.

use std::fs;

use crate::{
    demo::demo,
    support::{lodd, lodd_in, root, snapshot},
};

const COMMANDS: &[&str] = &[
    "demo",
    "new",
    "check",
    "roster import",
    "screen",
    "draw announce",
    "draw reveal",
    "draw void",
    "draw slip",
    "draw compute",
    "draw verify",
    "draw import",
    "draw offer next",
    "draw offer answer",
    "draw offer leave",
    "draw offer close",
    "draw offer status",
    "draw offer list",
    "draw status",
    "upload",
    "panel",
    "plan lock",
    "plan show",
    "estimate",
    "report",
    "ledger verify",
    "ledger receipt",
    "backup",
    "restore",
];

/// Help goes to stdout, exits 0, and says what the command is for before it lists options.
#[test]
fn every_command_has_help() {
    for command in COMMANDS {
        let ran = lodd_in(&root(), &format!("{command} --help")).ok();
        let first = ran.stdout.lines().next().unwrap();
        assert!(first.split(' ').count() >= 3 && !first.starts_with("Usage"), "{command}: {first}");
        assert!(ran.stdout.contains("Usage: lodd"), "{command}");
        assert!(ran.stderr.is_empty(), "{command}: {}", ran.stderr);
    }
    let all = lodd_in(&root(), "--help").ok().stdout;
    for command in COMMANDS {
        assert!(all.contains(command.split(' ').next().unwrap()), "{command} is not in --help");
    }
}

/// 2 is for a run that could not start: usage and files that are not there.
#[test]
fn exit_codes() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(lodd_in(dir.path(), "chekc").code, 2);
    let absent = lodd_in(dir.path(), "check");
    assert_eq!(absent.code, 2);
    assert!(absent.stderr.contains("pilot.toml") && absent.stdout.is_empty(), "{absent:?}");
    assert_eq!(lodd_in(dir.path(), "--clock yesterday check").code, 2);
    fs::write(dir.path().join("pilot.toml"), "version = 7\n").unwrap();
    assert_eq!(lodd_in(dir.path(), "check").code, 1);
}

/// With `--json` stdout is one object, and nothing else is on it.
#[test]
fn json_is_alone_on_stdout() {
    let dir = demo().join("ringerike");
    let check = lodd_in(&dir, "check --json").ok();
    assert_eq!(check.json()["ok"], true);
    let verdict = lodd_in(&dir, "draw verify draws/0001 --json").ok().json();
    assert_eq!(verdict["ok"], true);
    assert_eq!(verdict["protocol"], "lodd/1");
    assert_eq!(verdict["draw"], 1);
    assert_eq!(verdict["units"], 57);
    assert_eq!(verdict["arms"]["follow-up"], 15);
    assert_eq!(verdict["arms"]["ordinary"], 42);
    assert_eq!(verdict["beacon"], "fixed");
    assert!(verdict["findings"].as_array().unwrap().is_empty());
}

/// The environment's locale chooses the language; `--lang` overrides it.
#[test]
fn norwegian_unless_the_locale_says_otherwise() {
    let dir = demo().join("ringerike");
    let say = |lang: &str| lodd(&dir, &["--lang", lang, "screen"]).ok().stdout;
    assert!(say("en").contains("57 of 70 families are eligible"), "{}", say("en"));
    assert!(say("nb").contains("57 av 70 familier oppfyller kriteriene"), "{}", say("nb"));
}

/// A command that only reads leaves every byte as it was.
#[test]
fn reading_writes_nothing() {
    let dir = demo().join("ringerike");
    let before = snapshot(&dir);
    for words in [
        "check",
        "draw verify draws/0001",
        "draw status",
        "plan show",
        "ledger verify",
        "panel --print-sql",
    ] {
        lodd_in(&dir, words).ok();
    }
    let after = snapshot(&dir);
    let name = |all: &[(std::path::PathBuf, Vec<u8>)]| {
        all.iter().map(|it| it.0.clone()).collect::<Vec<_>>()
    };
    assert_eq!(name(&before), name(&after));
    assert!(before == after, "a file changed");
}
