//! What takes two persons: what is said to the second, and what is done when both have said yes.

use std::{collections::BTreeMap, ffi::OsString, path::Path};

use lodd_server::{Block, Deed, Filled};

use super::{act, describe};
use crate::{clock::Clock, problem::Failure, steps::Context, text::Lang};

const NOW: &str = "2026-09-01T09:00:00Z";

fn lodd(dir: &Path, clock: &str, words: &str) {
    let pilot = dir.display().to_string();
    let first = ["lodd", "--quiet", "--pilot", &pilot, "--clock", clock];
    let words = words.replace('@', &format!("{pilot}/"));
    let all = first.into_iter().chain(words.split(' ')).map(OsString::from);
    assert_eq!(crate::cli::run(all), std::process::ExitCode::SUCCESS, "{words}");
}

/// The throw-away pilot, announced; and whoever two persons are.
fn announced() -> (tempfile::TempDir, Context) {
    let dir = tempfile::tempdir().unwrap();
    let kast = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/kast");
    for file in ["pilot.toml", "familier.csv", "medlemmer.csv"] {
        std::fs::copy(kast.join(file), dir.path().join(file)).unwrap();
    }
    lodd(dir.path(), "2026-08-20T08:10:00Z", "roster import @familier.csv @medlemmer.csv");
    lodd(dir.path(), "2026-08-20T08:20:00Z", "screen");
    lodd(dir.path(), "2026-09-01T08:00:00Z", "draw announce --rehearsal");
    let context = Context {
        dir: dir.path().to_owned(),
        keys: lodd_store::vault::keyfile::default_folder(dir.path()),
        lang: Lang::Nb,
        clock: Clock::scripted(NOW).unwrap(),
        progress: false,
        threads: None,
        actor: "two persons, page: a and b".into(),
    };
    (dir, context)
}

fn filled(pairs: &[(&str, &str)]) -> Filled {
    let answers: BTreeMap<_, _> =
        pairs.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned())).collect();
    Filled { answers, ..Filled::default() }
}

fn actors(context: &Context, event: &str) -> Vec<String> {
    let ledger = context.pilot().unwrap().ledger().unwrap();
    ledger.into_iter().filter(|it| it.event == event).map(|it| it.actor).collect()
}

#[test]
fn a_void_is_described_with_its_draw_and_reason_and_done_once() {
    let (_dir, context) = announced();
    let asked = filled(&[("draw", "1"), ("reason", "to familier sto to ganger")]);
    let said = describe(&context, Deed::Void, &asked).unwrap();
    assert!(said.contains("trekning 1") && said.contains("to familier sto to ganger"), "{said}");
    for wrong in [
        &[("draw", "2"), ("reason", "x")][..],
        &[("reason", "x")],
        &[("draw", "1")],
        &[("draw", "1"), ("reason", "12345678901 ba om det")],
    ] {
        let refused = describe(&context, Deed::Void, &filled(wrong));
        assert!(matches!(refused, Err(Failure::Refused { .. })), "{wrong:?}");
        assert!(!act(&context, Deed::Void, &filled(wrong)).unwrap().good, "{wrong:?}");
    }
    assert!(actors(&context, "draw_void").is_empty());
    assert!(act(&context, Deed::Void, &asked).unwrap().good);
    assert!(!act(&context, Deed::Void, &asked).unwrap().good);
    assert_eq!(actors(&context, "draw_void"), ["two persons, page: a and b"]);
}

#[test]
fn a_change_of_keys_says_whose_and_names_no_folder() {
    let (dir, context) = announced();
    let versions = || -> Vec<(String, i64)> {
        let keys = context.pilot().unwrap().keys().unwrap();
        keys.into_iter().map(|it| (it.office_id, it.version)).collect()
    };
    let before = versions();
    assert!(!before.is_empty());
    let every = describe(&context, Deed::RotateKeys, &filled(&[])).unwrap();
    assert!(every.contains("hvert kontor"), "{every}");
    let none = filled(&[("office", "../../nei")]);
    assert!(!act(&context, Deed::RotateKeys, &none).unwrap().good);
    assert_eq!(versions(), before);
    let done = act(&context, Deed::RotateKeys, &filled(&[])).unwrap();
    assert!(done.good);
    let folder = dir.path().display().to_string();
    let shown = format!("{:?}", done.sheet);
    assert!(!shown.contains(&folder), "{shown}");
    let rows = done.sheet.blocks.iter().find_map(|it| match it {
        Block::Table(grid) => Some(grid.rows.len()),
        _ => None,
    });
    assert_eq!(rows, Some(before.len()));
    let after: Vec<_> = before.into_iter().map(|(id, version)| (id, version + 1)).collect();
    assert_eq!(versions(), after);
}
