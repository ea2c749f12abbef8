//! What takes two persons: what is said to the second, and what is done when both have said yes.

use std::{collections::BTreeMap, path::Path};

use lodd_server::{Block, Deed, Filled};
use lodd_store::{
    pilot::{Family, Member, Office, Role, RosterRows},
    vault::keyfile,
};

use super::{act, describe};
use crate::{
    clock::Clock,
    problem::Failure,
    steps::{
        Context,
        announce::{self, Asked, OtherLists},
        screen,
    },
    text::Lang,
};

fn at(dir: &Path, clock: &str) -> Context {
    Context {
        dir: dir.to_owned(),
        keys: keyfile::default_folder(dir),
        lang: Lang::Nb,
        clock: Clock::scripted(clock).unwrap(),
        progress: false,
        threads: None,
        actor: "two persons, page: a and b".into(),
    }
}

/// The families of the throw-away pilot. An office's file is read by the program itself, started once
/// more, which a unit test is not.
fn roster(folder: &Path) -> RosterRows {
    let rows = |name: &str| -> Vec<Vec<String>> {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        text.lines().skip(1).map(|it| it.split(';').map(str::to_owned).collect()).collect()
    };
    let office_id = || "kast".to_owned();
    let family = |it: Vec<String>| {
        let on: jiff::civil::Date = it[2].parse().unwrap();
        let on = on.since(jiff::civil::date(1970, 1, 1)).unwrap().get_days();
        Family { family_id: it[0].clone(), office_id: office_id(), registered_on: on }
    };
    let member = |it: Vec<String>| Member {
        member_id: it[0].clone(),
        family_id: it[1].clone(),
        role: Role::from_code(&it[2]).unwrap(),
        birth_year: it[3].parse().unwrap(),
        sex: None,
    };
    let (name, municipality) = ("Nav Øvelse".to_owned(), "9999".to_owned());
    RosterRows {
        offices: vec![Office { office_id: office_id(), name, municipality }],
        families: rows("familier.csv").into_iter().map(family).collect(),
        members: rows("medlemmer.csv").into_iter().map(member).collect(),
        ..RosterRows::default()
    }
}

/// The throw-away pilot, announced; and whoever two persons are.
fn announced() -> (tempfile::TempDir, Context) {
    let dir = tempfile::tempdir().unwrap();
    let kast = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/kast");
    std::fs::copy(kast.join("pilot.toml"), dir.path().join("pilot.toml")).unwrap();
    let before = at(dir.path(), "2026-08-20T08:10:00Z");
    let mut pilot = before.pilot_or_new().unwrap();
    pilot.import_roster(&before.stamp(), &roster(&kast), &[]).unwrap();
    drop(pilot);
    screen::run(&at(dir.path(), "2026-08-20T08:20:00Z")).unwrap();
    let asked = Asked { rehearsal: true, ..Asked::default() };
    let locking = at(dir.path(), "2026-09-01T08:00:00Z");
    announce::run(&locking, asked, &OtherLists::default()).unwrap();
    let context = at(dir.path(), "2026-09-01T09:00:00Z");
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
