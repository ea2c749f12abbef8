//! Creating and opening; the triggers; several writers at once.

use std::thread;

use lodd_store::{
    Pilot, StoreError, files, oslo_day,
    pilot::{GivenAnswer, Mark, MarkKind, OfferAnswer, Strike},
};

use crate::{
    KEY, START_US, at, code, draw, events, import, linked, pilot, raw, roster, roster::fact, sha,
    upload, upload::held,
};

#[test]
fn a_pilot_is_created_once_and_found_again() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Pilot::open(dir.path()), Err(StoreError::NoPilot { .. })));
    Pilot::create(dir.path(), &KEY).unwrap();
    let key = std::fs::read_to_string(dir.path().join("private/ledger.key")).unwrap();
    assert_eq!(key, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
    let again = Pilot::create(dir.path(), &[9; 32]);
    assert!(matches!(again, Err(StoreError::PilotExists { .. })));
    assert!(matches!(
        Pilot::open(dir.path()).unwrap().cut_default(),
        Err(StoreError::NothingRecorded)
    ));
}

/// An interrupted creation leaves a key and no store: the key is kept.
#[test]
fn creation_goes_on_where_it_was_interrupted() {
    let dir = tempfile::tempdir().unwrap();
    Pilot::create(dir.path(), &KEY).unwrap();
    std::fs::remove_file(dir.path().join("pilot.sqlite")).unwrap();
    Pilot::create(dir.path(), &[9; 32]).unwrap();
    let key = std::fs::read_to_string(dir.path().join("private/ledger.key")).unwrap();
    assert!(key.starts_with("00010203"));
}

#[cfg(unix)]
#[test]
fn the_store_and_the_key_are_the_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, _pilot) = pilot();
    let mode = |name: &str| std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
    assert_eq!(mode("private") & 0o777, 0o700);
    for name in ["private/ledger.key", "pilot.sqlite", "pilot.sqlite-wal"] {
        assert_eq!(mode(name) & 0o777, 0o600, "{name}");
    }
}

#[test]
fn the_file_has_the_settings_that_durability_needs() {
    let (dir, _pilot) = pilot();
    let raw = raw(dir.path());
    let mode: String = raw.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    let id: u32 = raw.query_row("PRAGMA application_id", [], |row| row.get(0)).unwrap();
    assert_eq!(&id.to_be_bytes(), b"lodd");
}

#[test]
fn what_is_not_our_store_is_not_opened() {
    let (dir, pilot) = pilot();
    drop(pilot);
    raw(dir.path()).execute_batch("PRAGMA user_version = 99").unwrap();
    let found = Pilot::open(dir.path()).unwrap_err();
    assert!(matches!(found, StoreError::TooNew { found: 99, .. }), "{found}");
    raw(dir.path()).execute_batch("PRAGMA application_id = 7").unwrap();
    assert!(matches!(Pilot::open(dir.path()), Err(StoreError::NotAStore { .. })));
    std::fs::write(dir.path().join("pilot.sqlite"), "this is no database, just words ".repeat(64))
        .unwrap();
    assert!(matches!(Pilot::open(dir.path()), Err(StoreError::NotAStore { .. })));
}

/// A release, events of each kind, and a changed protocol.
fn tell_and_amend(pilot: &mut Pilot, minute: i64) {
    let release = lodd_store::pilot::Release {
        cut_us: START_US,
        name: "effects".into(),
        kind: lodd_store::pilot::ReleaseKind::Report,
        contents: "{}".into(),
    };
    pilot.record_release(&at(minute - 1), &release).unwrap();
    events::record_one_of_each(pilot, minute);
    let text = "title = \"Ny\"";
    let amendment = lodd_store::pilot::Amendment {
        replaced_sha256: sha(2),
        amended_sha256: crate::ledger::sha256(text),
        text: text.into(),
        reason: "titler".into(),
    };
    pilot.amend(&at(minute + 1), &amendment).unwrap();
    assert_eq!(pilot.amendments().unwrap(), [amendment]);
}

/// A row in each table that the writes below leave empty.
fn fill(raw: &rusqlite::Connection) {
    for row in [
        "erasures SELECT 'RIN-ZZZ', MAX(at), 'lov'",
        "register_files SELECT '0605', 'X', 2015, MAX(at), 1, 1",
        "register_families SELECT 'RIN-AAA', '0605', 'X', 2015, MAX(at), 1, 1",
        "last_contact SELECT 'RIN-AAA-A1', 2015, 'X', MAX(at), 1, 'RIN-AAA', x'00'",
    ] {
        raw.execute_batch(&format!("INSERT INTO {row} FROM ledger")).unwrap();
    }
}

/// Every table there is, found in the file itself, not in a list of ours.
#[test]
fn every_table_refuses_update_and_delete() {
    let (dir, mut pilot) = pilot();
    pilot
        .record_import(&at(1), &import(1), &[crate::assignment("RIN-AAA", "follow-up")], || Ok(()))
        .unwrap();
    let mut file = upload(1, &[("ARBEID", code("HELTID"))]);
    file.months = vec![crate::month("RIN-BBB", 2015 * 12, Some("KOSTRA_11F"), Some(5))];
    file.held = vec![held("RIN-CCC")];
    pilot.upload(&at(2), &file).unwrap();
    pilot.record_screening(&at(3), &draw::screening()).unwrap();
    let text = "alpha = 0.05";
    pilot.lock_plan(&at(4), &crate::ledger::sha256(text), text).unwrap();
    pilot.record_run(&at(5), &sha(9), START_US, "0.1.0").unwrap();
    let mut rows = roster();
    rows = lodd_store::pilot::RosterRows { facts: vec![fact("RIN-BBB", "J")], ..rows };
    let (unit_id, value) = ("RIN-BBB".into(), Some("2015-08-20".into()));
    rows.marks = vec![Mark { unit_id, kind: MarkKind::LeftOn, value }];
    pilot.import_roster(&at(6), &rows, &[]).unwrap();
    let yes = OfferAnswer::Yes;
    let given = GivenAnswer { family_id: "RIN-AAA", answer: yes, reason: None };
    pilot.answer_offer(&at(7), 1, given).unwrap();
    pilot.close_offers(&at(8), 1, "ringerike", "FULLT").unwrap();
    let strike = Strike { unit_id: "RIN-AAA", fact_on: crate::START_DAY, reason: "flyttet" };
    pilot.strike(&at(9), strike).unwrap();
    linked::announce(&mut pilot, 10);
    let resolves = vec![(3, 1)];
    let mended = lodd_store::pilot::Upload { resolves, ..upload(2, &[("ARBEID", code("DELTID"))]) };
    assert_eq!(pilot.upload(&at(11), &mended).unwrap().resolved, 1);
    tell_and_amend(&mut pilot, 13);

    let raw = raw(dir.path());
    raw.execute_batch("PRAGMA recursive_triggers = ON; PRAGMA foreign_keys = OFF").unwrap();
    fill(&raw);
    let tables: Vec<String> = raw
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(tables.len(), 40);
    for table in tables {
        let refused = format!("{table} is append-only");
        let column: String = raw
            .query_row(&format!("SELECT name FROM pragma_table_info('{table}')"), [], |row| {
                row.get(0)
            })
            .unwrap();
        for sql in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
            format!("REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"),
        ] {
            let error = raw.execute(&sql, []).expect_err(&sql);
            assert_eq!(error.to_string(), refused, "{sql}");
        }
    }
}

/// Four writers, 25 files each, every file by a connection of its own as from the command line: a
/// row and an entry for every one.
#[test]
fn writers_at_once_lose_nothing() {
    let (dir, _pilot) = pilot();
    thread::scope(|scope| {
        for writer in 0..4_u8 {
            let dir = dir.path();
            scope.spawn(move || {
                for file in 0..25_u8 {
                    let mut pilot = Pilot::open(dir).unwrap();
                    let mut upload = upload(1 + writer * 25 + file, &[("ARBEID", code("HELTID"))]);
                    upload.atoms[0].status_date += i32::from(writer) * 25 + i32::from(file);
                    // Everyone's clock stands still: times are told apart all the same.
                    let receipt = pilot.upload(&at(0), &upload).unwrap();
                    assert_eq!((receipt.new, receipt.already), (1, false));
                }
            });
        }
    });
    let pilot = Pilot::open(dir.path()).unwrap();
    assert_eq!(pilot.verify().unwrap(), []);
    let ledger = pilot.ledger().unwrap();
    let seqs: Vec<i64> = ledger.iter().map(|it| it.seq).collect();
    assert_eq!(seqs, (1..=101).collect::<Vec<_>>());
    assert_eq!(crate::count(dir.path(), "snapshots"), 100);
}

/// The same file from many writers at once: one entry, and everyone has its receipt.
#[test]
fn the_same_file_from_many_at_once_is_stored_once() {
    let (dir, _pilot) = pilot();
    let receipts: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let mut pilot = Pilot::open(dir.path()).unwrap();
                scope.spawn(move || pilot.upload(&at(1), &upload(1, &[("ARBEID", code("X"))])))
            })
            .collect();
        threads.into_iter().map(|it| it.join().unwrap().unwrap()).collect()
    });
    assert_eq!(receipts.iter().filter(|it| !it.already).count(), 1);
    assert!(receipts.iter().all(|it| it.hash == receipts[0].hash));
    assert_eq!(crate::count(dir.path(), "ledger"), 2);
}

#[test]
fn a_store_that_is_held_is_busy_and_says_so() {
    let error =
        rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None);
    let busy = StoreError::from(error);
    assert!(matches!(busy, StoreError::Busy));
    assert_eq!(busy.hint(), Some("try again; nothing was written"));
}

/// Norway is an hour ahead in winter, two in summer.
#[test]
fn a_day_ends_at_midnight_in_oslo() {
    // 2016-01-31T22:59:59Z and a second later; days by `date -d 2016-01-31 +%s` over 86400.
    assert_eq!(oslo_day(1_454_281_199_000_000).unwrap(), 16_831);
    assert_eq!(oslo_day(1_454_281_200_000_000).unwrap(), 16_832);
    // 2016-06-30T21:59:59Z and a second later.
    assert_eq!(oslo_day(1_467_323_999_000_000).unwrap(), 16_982);
    assert_eq!(oslo_day(1_467_324_000_000_000).unwrap(), 16_983);
    assert!(oslo_day(i64::MAX).is_err());
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("result.csv");
    files::write_new(&path, b"one").unwrap();
    let again = files::write_new(&path, b"two").unwrap_err();
    assert_eq!(again.source.kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(std::fs::read(&path).unwrap(), b"one");
    files::write_atomically(&path, b"three").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"three");
    // A folder stands where the file should go: the rename fails after the bytes were written.
    std::fs::create_dir_all(dir.path().join("taken/inside")).unwrap();
    files::write_atomically(&dir.path().join("taken"), b"four").unwrap_err();
    let names = std::fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(names, 2, "a temporary file was left");
}
