//! Rotation, shares, erasure.

use std::{collections::BTreeSet, fs, path::Path};

use lodd_store::{
    Pilot, StoreError,
    pilot::{HeldAtom, RosterRows, Value},
    vault::{PILOT, VaultError, keyfile, shares::ShareError},
};
use zeroize::Zeroizing;

use crate::{
    assignment, at, code, count, golden::holding, import, month, pilot, raw, roster::fact, sha,
    upload,
};

type Texts = Vec<Zeroizing<String>>;

fn keys(dir: &Path) -> std::path::PathBuf {
    keyfile::default_folder(dir)
}

/// A pilot with something of every sealed kind, under canary words.
fn told() -> (tempfile::TempDir, Pilot) {
    let (dir, mut pilot) = pilot();
    let facts = vec![fact("RIN-AAA", "KANARI-FAKTUM-A"), fact("RIN-CCC", "KANARI-FAKTUM-C")];
    let rows = RosterRows { facts, ..RosterRows::default() };
    pilot.import_roster(&at(1), &rows, &[]).unwrap();
    pilot
        .record_import(
            &at(2),
            &import(1),
            &[assignment("RIN-AAA", "follow-up"), assignment("RIN-BBB", "ordinary")],
            || Ok(()),
        )
        .unwrap();
    let values = [("ARBEID", code("KANARI-KODE-A")), ("TALL", Value::Number(987_654_321))];
    let mut file = upload(1, &values);
    file.months = vec![
        month("RIN-AAA", 24_188, Some("KOSTRA_11F"), Some(912_345_678)),
        month("RIN-BBB", 24_188, Some("KOSTRA_11F"), Some(7)),
    ];
    let held = |family: &str, word: &str| HeldAtom {
        family_id: family.into(),
        status_date: None,
        codes: vec!["D03".into()],
        rows: format!(r#"["{word}"]"#),
    };
    file.held = vec![held("RIN-AAA", "KANARI-HOLDT-A"), held("who", "KANARI-HOLDT-UKJENT")];
    pilot.upload(&at(3), &file).unwrap();
    (dir, pilot)
}

/// The canaries as they would stand in plain.
fn canaries() -> Vec<Vec<u8>> {
    let numbers = [987_654_321_u32, 912_345_678].map(|it| it.to_be_bytes().to_vec());
    [b"KANARI".to_vec()].into_iter().chain(numbers).collect()
}

fn everything(pilot: &Pilot) -> Vec<String> {
    let cut = pilot.cut_default().unwrap();
    let mut tables = pilot.panel_inputs(cut).unwrap();
    tables.remove(0);
    tables.extend(pilot.screening_inputs().unwrap());
    let held = [1, 2].map(|place| pilot.held_rows(4, place).unwrap());
    tables.iter().map(|it| format!("{it:?}")).chain([format!("{held:?}")]).collect()
}

/// A disk without the key files shows nothing that was reported, and neither does the program.
#[test]
fn a_stolen_disk_shows_no_value() {
    let (dir, pilot) = told();
    assert!(everything(&pilot).concat().contains("KANARI-HOLDT-UKJENT"), "it can be read");
    assert_eq!(holding(dir.path(), &canaries()), [""; 0], "while it is open");
    drop(pilot);
    assert_eq!(holding(dir.path(), &canaries()), [""; 0]);
    fs::remove_dir_all(keys(dir.path())).unwrap();
    let pilot = Pilot::open(dir.path()).unwrap();
    let refused = |it: Result<(), StoreError>| {
        let error = it.unwrap_err();
        assert!(matches!(error, StoreError::Vault(VaultError::KeyMissing { .. })), "{error}");
    };
    refused(pilot.panel_inputs(pilot.cut_default().unwrap()).map(|_| ()));
    refused(pilot.screening_inputs().map(|_| ()));
    refused(pilot.held_rows(4, 1).map(|_| ()));
    refused(pilot.held_rows(4, 2).map(|_| ()));
    assert_eq!(pilot.draws().unwrap().len(), 1, "what is plain is there");
    assert_eq!(pilot.verify().unwrap(), []);
}

/// Sealed rows put in another's place behind the store's back: between dates, units, versions.
#[test]
fn rows_that_were_swapped_are_found() {
    let (dir, mut pilot) = told();
    let mut second = upload(2, &[("ARBEID", code("ANNEN"))]);
    second.atoms[0].status_date += 30;
    second.months = vec![month("RIN-AAA", 24_189, Some("KOSTRA_11F"), Some(1))];
    pilot.upload(&at(4), &second).unwrap();
    drop(pilot);
    let raw = raw(dir.path());
    for (table, of) in [
        ("snapshots", "unit_id = 'RIN-AAA-A1'"),
        ("monthly", "unit_id = 'RIN-AAA'"),
        ("monthly", "month = 24188"),
        ("facts", "criterion = criterion"),
        ("held_atoms", "place = place"),
    ] {
        raw.execute_batch(&format!("DROP TRIGGER IF EXISTS {table}_no_update")).unwrap();
        let sql = format!("SELECT rowid, sealed FROM {table} WHERE {of} ORDER BY rowid LIMIT 2");
        let rows: Vec<(i64, Vec<u8>)> = raw
            .prepare(&sql)
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let put = |into: usize, from: usize| {
            let sql = format!("UPDATE {table} SET sealed = ? WHERE rowid = ?");
            raw.execute(&sql, (&rows[from].1, rows[into].0)).unwrap();
        };
        put(0, 1);
        put(1, 0);
        let pilot = Pilot::open(dir.path()).unwrap();
        let cut = pilot.cut_default().unwrap();
        let read = match table {
            "held_atoms" => pilot.held_rows(4, 1).map(|_| ()),
            "facts" => pilot.screening_inputs().map(|_| ()),
            _ => pilot.panel_inputs(cut).map(|_| ()),
        };
        let found = read.unwrap_err();
        assert!(
            matches!(found, StoreError::Vault(VaultError::Unopened { .. })),
            "{table}: {found}"
        );
        put(0, 0);
        put(1, 1);
        everything(&pilot);
    }
}

#[test]
fn a_rotated_key_opens_what_the_old_one_did_and_the_old_one_nothing() {
    let (dir, mut pilot) = told();
    let before = everything(&pilot);
    let wraps = |dir: &Path| -> Vec<Vec<u8>> {
        let raw = raw(dir);
        let mut select = raw.prepare("SELECT wrapped FROM family_keys ORDER BY 1").unwrap();
        select.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let old = wraps(dir.path());
    let path = keys(dir.path()).join("ringerike.key");
    let old_key = fs::read(&path).unwrap();
    let changed = pilot.rotate_key(&at(9), "ringerike").unwrap();
    assert_eq!((changed.version, changed.families, changed.overwritten), (2, 2, true));
    assert_eq!(everything(&pilot), before, "the connection goes on");
    drop(pilot);
    let pilot = Pilot::open(dir.path()).unwrap();
    assert_eq!(everything(&pilot), before);
    assert_eq!(pilot.verify().unwrap(), []);
    let kept: BTreeSet<_> = wraps(dir.path()).into_iter().collect();
    let gone: Vec<_> = old.iter().filter(|it| !kept.contains(*it)).cloned().collect();
    assert_eq!((kept.len(), gone.len()), (4, 2), "two of Ringerike; Hadsel's and the pilot's stay");
    drop(pilot);
    assert_eq!(holding(dir.path(), &gone), [""; 0], "no old wrapping in any byte");
    assert_eq!(fs::read(changed.old.unwrap()).unwrap(), old_key);
    assert_ne!(fs::read(&path).unwrap(), old_key);
    fs::write(&path, old_key).unwrap();
    let pilot = Pilot::open(dir.path()).unwrap();
    assert!(pilot.family_key("RIN-AAA").is_err(), "the old key opens nothing");
    let payload = pilot.ledger().unwrap().pop().unwrap().payload.unwrap();
    assert!(payload.starts_with(r#"{"office":"ringerike","version":2,"families":2,"rows":"#));
}

/// Every place where a rotation can be stopped: the new key is written; the store says it is the
/// office's; the old file is moved; the files have not been written anew.
#[test]
fn a_rotation_can_be_stopped_anywhere() {
    let moved = |from: &str, to: &str, dir: &Path| {
        fs::rename(keys(dir).join(from), keys(dir).join(to)).unwrap();
    };
    for step in ["written", "committed", "old moved", "not scrubbed"] {
        let (dir, mut pilot) = told();
        let before = everything(&pilot);
        if step == "written" {
            let line = format!("{}\n", "ab".repeat(32));
            fs::write(keys(dir.path()).join("ringerike.key.new"), line).unwrap();
        } else {
            pilot.rotate_key(&at(9), "ringerike").unwrap();
        }
        drop(pilot);
        match step {
            "committed" => {
                moved("ringerike.key", "ringerike.key.new", dir.path());
                moved("ringerike.key.1.old", "ringerike.key", dir.path());
            }
            "old moved" => moved("ringerike.key", "ringerike.key.new", dir.path()),
            "not scrubbed" => fs::write(dir.path().join("private/scrub-due"), "").unwrap(),
            _ => {}
        }
        let mut pilot = Pilot::open(dir.path()).unwrap();
        assert_eq!(everything(&pilot), before, "{step}");
        assert!(!dir.path().join("private/scrub-due").exists(), "{step}");
        let version = pilot.rotate_key(&at(10), "ringerike").unwrap().version;
        assert_eq!(version, if step == "written" { 2 } else { 3 }, "{step}");
        assert_eq!(everything(&pilot), before, "{step}");
        drop(pilot);
        let pilot = Pilot::open(dir.path()).unwrap();
        assert_eq!(everything(&pilot), before, "{step}");
        let left = keys(dir.path()).join("ringerike.key.new");
        assert!(!left.exists(), "{step}");
    }
}

fn exported(pilot: &mut Pilot, shares: u8, threshold: u8) -> Texts {
    let mut texts = Texts::new();
    let keep = |given: &[Zeroizing<String>]| {
        texts = given.to_vec();
        Ok(())
    };
    pilot.export_key(&at(20), ("ringerike", shares, threshold), keep).unwrap();
    texts
}

fn share_error(error: StoreError) -> ShareError {
    match error {
        StoreError::Vault(VaultError::Share(error)) => error,
        other => panic!("{other}"),
    }
}

/// Any three of five bring the key back; any two are refused, whatever they are.
#[test]
fn any_three_of_five_shares_bring_a_lost_key_back() {
    let (dir, mut pilot) = told();
    let before = everything(&pilot);
    let texts = exported(&mut pilot, 5, 3);
    assert_eq!(texts.len(), 5);
    let path = keys(dir.path()).join("ringerike.key");
    let key = fs::read(&path).unwrap();
    for some in 0_u32..32 {
        let chosen: Texts =
            (0..5).filter(|it| some >> it & 1 == 1).map(|it| texts[it].clone()).collect();
        fs::remove_file(&path).unwrap();
        let brought = pilot.import_key(&at(21), &chosen);
        if some.count_ones() >= 3 {
            brought.unwrap();
            assert_eq!(fs::read(&path).unwrap(), key);
        } else {
            let error = share_error(brought.unwrap_err());
            assert!(matches!(error, ShareError::TooFew { .. }), "{error}");
            assert!(!path.exists());
            fs::write(&path, &key).unwrap();
        }
    }
    assert_eq!(everything(&pilot), before);
    let words: String =
        pilot.ledger().unwrap().iter().filter_map(|it| it.payload.clone()).collect();
    let digits = String::from_utf8(key).unwrap();
    assert!(!words.contains(digits.trim_end()), "no key in the ledger");
}

/// A share as typed in from paper: other spaces and capitals; then each digit misread.
#[test]
fn a_misread_share_is_found() {
    let (_dir, mut pilot) = told();
    let texts = exported(&mut pilot, 3, 2);
    let typed = texts[0].to_uppercase().replace("DATA: ", "data:\u{20}\u{20}");
    let names =
        ["lodd share/1", "office", "key", "version", "set", "share", "of", "needed", "check"];
    let typed = names.iter().fold(typed, |text, name| text.replace(&name.to_uppercase(), name));
    let typed = typed.replace("RINGERIKE", "ringerike");
    let lower = |line: &str| line.starts_with("key") || line.starts_with("set");
    let typed: Vec<String> =
        typed.lines().map(|it| if lower(it) { it.to_lowercase() } else { it.to_owned() }).collect();
    pilot.import_key(&at(22), &[Zeroizing::new(typed.join("\r\n")), texts[1].clone()]).unwrap();
    for (place, digit) in texts[0].char_indices().filter(|(_, it)| it.is_ascii_hexdigit()) {
        let other = if digit == '1' { "7" } else { "1" };
        let mut changed = texts[0].to_string();
        changed.replace_range(place..=place, other);
        let error = pilot.import_key(&at(23), &[Zeroizing::new(changed), texts[1].clone()]);
        share_error(error.unwrap_err());
    }
}

#[test]
fn shares_that_do_not_belong_together_are_refused() {
    let (_dir, mut pilot) = told();
    let (one, two) = (exported(&mut pilot, 3, 2), exported(&mut pilot, 3, 2));
    let mut error = |texts: &[&Zeroizing<String>]| {
        let texts: Texts = texts.iter().map(|it| (*it).clone()).collect();
        share_error(pilot.import_key(&at(24), &texts).unwrap_err())
    };
    assert!(matches!(error(&[&one[0], &two[1]]), ShareError::Mixed { place: 2 }));
    assert!(matches!(error(&[&one[0], &one[0]]), ShareError::Twice { number: 1 }));
    let words = Zeroizing::new("not a share".to_owned());
    assert!(matches!(error(&[&words, &one[0]]), ShareError::NotAShare { place: 1, .. }));
    for (shares, threshold) in [(1, 1), (3, 1), (3, 4), (21, 2), (0, 0)] {
        let error = pilot.export_key(&at(25), ("ringerike", shares, threshold), |_| Ok(()));
        let error = share_error(error.unwrap_err());
        assert!(matches!(error, ShareError::Numbers { .. }), "{error}");
    }
    pilot.rotate_key(&at(26), "ringerike").unwrap();
    let old = share_error(pilot.import_key(&at(27), &one).unwrap_err());
    assert!(matches!(old, ShareError::OtherKey), "of the key before: {old}");
}

#[test]
fn the_pilots_key_can_be_made_before_it_is_needed() {
    let (dir, mut pilot) = pilot();
    assert_eq!(pilot.new_key(&at(1), PILOT).unwrap().version, 1);
    assert!(keys(dir.path()).join("pilot.key").exists());
    let again = pilot.new_key(&at(2), PILOT).unwrap_err();
    assert!(matches!(again, StoreError::Vault(VaultError::HasKey { .. })), "{again}");
    assert!(matches!(pilot.new_key(&at(2), "oslo"), Err(StoreError::UnknownOffice { .. })));
    fs::remove_file(keys(dir.path()).join("hadsel.key")).unwrap();
    let states = pilot.keys().unwrap();
    let states: Vec<_> = states
        .iter()
        .map(|it| (&it.office_id[..], it.version, it.families, it.fault.is_some()))
        .collect();
    assert_eq!(states, [("", 1, 0, false), ("hadsel", 1, 1, true), ("ringerike", 1, 2, false)]);
}

/// Neither the wrapped key nor a value is in any byte of the folder; the rest is as it was.
#[test]
fn an_erased_family_is_gone_and_the_rest_is_as_it_was() {
    let (dir, mut pilot) = told();
    let sql = "SELECT wrapped FROM family_keys WHERE family_id = 'RIN-AAA'";
    let mut gone: Vec<Vec<u8>> =
        vec![raw(dir.path()).query_row(sql, [], |row| row.get(0)).unwrap()];
    for table in ["snapshots", "monthly", "facts", "held_atoms"] {
        let sql = format!("SELECT sealed FROM {table} WHERE family_id = 'RIN-AAA'");
        gone.push(raw(dir.path()).query_row(&sql, [], |row| row.get(0)).unwrap());
    }
    assert_eq!(holding(dir.path(), &gone[..1]).len(), 1, "found before it is erased");
    let erased = pilot.erase_family(&at(30), "RIN-AAA", "SAMTYKKE_TRUKKET").unwrap();
    // Three members, a status, a month, a fact, a held row, and the key.
    assert_eq!((erased.rows, erased.overwritten), (8, true));
    assert_eq!(holding(dir.path(), &gone), [""; 0], "while the store is open");
    assert!(pilot.family_key("RIN-AAA").unwrap().is_none());
    drop(pilot);
    assert_eq!(holding(dir.path(), &gone), [""; 0]);

    let mut pilot = Pilot::open(dir.path()).unwrap();
    assert_eq!(pilot.verify().unwrap(), []);
    let tables = pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap();
    assert_eq!(tables[1].text("unit_id").unwrap(), [Some("RIN-BBB".into())]);
    let texts = everything(&pilot).concat();
    assert!(!texts.contains("RIN-AAA") && texts.contains("KANARI-FAKTUM-C"), "{texts}");
    assert_eq!(pilot.draw_units(1).unwrap().len(), 2, "the list is as it was drawn");
    let tombs = pilot.erasures().unwrap();
    assert_eq!((&tombs[0].family_id[..], &tombs[0].ground[..]), ("RIN-AAA", "SAMTYKKE_TRUKKET"));
    for table in ["members", "snapshots", "held_atoms"] {
        let rest = count(dir.path(), table);
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE family_id = 'RIN-AAA'");
        let own: i64 = raw(dir.path()).query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!((own, rest), (0, i64::from(table != "snapshots")), "{table}");
    }

    let again = pilot.erase_family(&at(31), "RIN-AAA", "x").unwrap_err();
    assert!(matches!(again, StoreError::AlreadyErased { .. }), "{again}");
    let mut file = upload(9, &[("ARBEID", code("HELTID"))]);
    file.held = std::mem::take(&mut file.atoms)
        .iter()
        .map(|it| HeldAtom {
            family_id: it.family_id.clone(),
            status_date: None,
            codes: Vec::new(),
            rows: "[]".into(),
        })
        .collect();
    let refused = pilot.upload(&at(32), &file).unwrap_err();
    assert!(matches!(refused, StoreError::Vault(VaultError::Erased { .. })), "{refused}");
    let rows = RosterRows { facts: vec![fact("RIN-AAA", "NY")], ..RosterRows::default() };
    assert!(pilot.import_roster(&at(33), &rows, &[]).is_err(), "nothing about it is stored again");
    assert!(matches!(
        pilot.erase_family(&at(34), "RIN-ZZZ", "x"),
        Err(StoreError::UnknownFamily { .. })
    ));
}

/// Only a tombstone lets rows go, and only that family's.
#[test]
fn rows_of_a_family_that_was_not_erased_stay() {
    let (dir, mut pilot) = told();
    pilot.record_run(&at(5), &sha(9), crate::START_US, "0.1.0").unwrap();
    pilot.erase_family(&at(30), "RIN-BBB", "feil").unwrap();
    let raw = raw(dir.path());
    raw.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    for table in ["members", "snapshots", "monthly", "facts", "held_atoms", "family_keys"] {
        let error = raw.execute(&format!("DELETE FROM {table}"), []).unwrap_err();
        assert_eq!(error.to_string(), format!("{table} is append-only"));
    }
}

/// Every table that has a family's id goes with the family, but for those of the draw and the
/// family's own row: found in the file itself.
#[test]
fn every_table_of_families_is_erased_or_kept_knowingly() {
    let (dir, _pilot) = pilot();
    let raw = raw(dir.path());
    let sql = "SELECT name FROM sqlite_schema AS t WHERE type = 'table' AND EXISTS \
               (SELECT 1 FROM pragma_table_info(t.name) AS it WHERE it.name = 'family_id')";
    let mut select = raw.prepare(sql).unwrap();
    let tables: Vec<String> =
        select.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let stays = |table: &String| -> bool {
        let sql = format!("SELECT sql FROM sqlite_schema WHERE name = '{table}_no_delete'");
        let trigger: String = raw.query_row(&sql, [], |row| row.get(0)).unwrap();
        !trigger.contains("FROM erasures")
    };
    let kept: Vec<&str> = tables.iter().filter(|it| stays(it)).map(String::as_str).collect();
    let kept: BTreeSet<&str> = kept.into_iter().collect();
    let expected =
        ["families", "linked_families", "offers", "participation", "row_commitments", "erasures"];
    assert_eq!(kept, BTreeSet::from(expected));
    assert!(tables.len() > 12, "{tables:?}");
}
