//! Screenings, announcements, draws and imports.

use std::fs;

use lodd_store::{
    StoreError,
    files::{self, FileError},
    parquet::encode,
    pilot::{
        Announcement, Beacon, DrawImport, DrawResult, DrawStatus, DrawUnit, DrawVoid, DrawnKind,
        Linking, Origin, Reasons, RuleVerdict, Screening, ScreeningRow, Strike,
    },
    schema::{ASSIGNMENTS, SCREENING},
};

use crate::{START_DAY, START_US, assignment, at, count, import, pilot, sha};

pub(crate) fn screening() -> Screening {
    let row = |family: &str, passed: Option<bool>| {
        let why = || Reasons { nb: "Nei".into(), nn: "Nei".into(), en: "No".into() };
        let reasons = (passed == Some(false)).then(why);
        let verdict =
            |rule: &str, passed, reasons| RuleVerdict { rule: rule.into(), passed, reasons };
        ScreeningRow {
            family_id: family.into(),
            office_id: "ringerike".into(),
            eligible: passed == Some(true),
            rules: vec![verdict("langvarig", passed, reasons), verdict("barn", None, None)],
        }
    };
    Screening {
        as_of: START_DAY,
        rule_hash: sha(0x77),
        rows: vec![row("RIN-AAA", Some(true)), row("RIN-BBB", Some(false))],
    }
}

pub(crate) fn announcement(draw: i64) -> Announcement {
    let unit = |id: &str| DrawUnit {
        unit_kind: DrawnKind::Family,
        unit_id: id.into(),
        block: "ringerike".into(),
    };
    Announcement {
        draw,
        origin: Origin::Drawn,
        beacon: Beacon::Witnessed,
        arms: vec!["follow-up".into(), "ordinary".into()],
        announcement_sha256: sha(1),
        plan_sha256: sha(2),
        units: vec![unit("RIN-AAA"), unit("RIN-BBB")],
        linking: Linking::default(),
    }
}

pub(crate) const NO_FILES: fn() -> Result<(), FileError> = || Ok(());

pub(crate) fn result(draw: i64) -> DrawResult {
    DrawResult { draw, drawn_on: None, reveal_sha256: sha(3), result_sha256: sha(4) }
}

#[test]
fn a_screening_comes_back_as_recorded_and_once() {
    let (dir, mut pilot) = pilot();
    assert_eq!(pilot.latest_screening().unwrap(), None);
    let id = pilot.record_screening(&at(1), &screening()).unwrap();
    let mut reordered = screening();
    reordered.rows.reverse();
    assert_eq!(pilot.record_screening(&at(2), &reordered).unwrap(), id);
    assert_eq!(count(dir.path(), "ledger"), 2);
    let latest = pilot.latest_screening().unwrap().unwrap();
    assert_eq!((latest.screening_id, latest.screening), (id, screening()));
    let mut other = screening();
    other.rows[0].rules[1].passed = Some(true);
    assert_eq!(pilot.record_screening(&at(3), &other).unwrap(), id + 1);
    assert_eq!(pilot.latest_screening().unwrap().unwrap().screening, other);
    // As known when the first was the latest, and before there was any.
    let first = pilot.screening_at(latest.recorded_at_us).unwrap().unwrap();
    assert_eq!(first.screening, screening());
    assert_eq!(pilot.screening_at(latest.recorded_at_us - 1).unwrap(), None);
}

#[test]
fn an_announced_draw_is_drawn_once() {
    let (_dir, mut pilot) = pilot();
    pilot.record_announcement(&at(1), &announcement(1), NO_FILES).unwrap();
    assert_eq!(pilot.draws().unwrap()[0].status, DrawStatus::Open);
    assert_eq!(pilot.draw_units(1).unwrap(), announcement(1).units);
    let again = pilot.record_announcement(&at(2), &announcement(2), NO_FILES).unwrap_err();
    assert!(matches!(again, StoreError::DrawOpen { open: 1 }));
    let meanwhile = pilot.record_import(&at(2), &import(2), &[], || Ok(())).unwrap_err();
    assert!(matches!(meanwhile, StoreError::DrawOpen { open: 1 }));

    let rows = [assignment("RIN-AAA", "follow-up"), assignment("RIN-BBB", "ordinary")];
    // 22:30 UTC on 20 August 2015 is the 21st in Oslo.
    pilot.record_draw(&at(13 * 60 + 30), &result(1), &rows, NO_FILES).unwrap();
    let draw = &pilot.draws().unwrap()[0];
    assert_eq!((draw.status, draw.origin), (DrawStatus::Drawn, Origin::Drawn));
    assert_eq!(draw.drawn_on, Some(START_DAY + 1));
    assert_eq!(draw.shown_at_us, Some(START_US + 48_600_000_000));
    assert_eq!(draw.announced_at_us, START_US + 60_000_000);
    assert_eq!(draw.announcement_sha256, Some(sha(1)));
    assert_eq!(pilot.assignments(1).unwrap(), rows);
    let twice = pilot.record_draw(&at(900), &result(1), &rows, NO_FILES).unwrap_err();
    assert!(matches!(twice, StoreError::DrawNotOpen { draw: 1 }));
    pilot.record_announcement(&at(901), &announcement(2), NO_FILES).unwrap();
}

#[test]
fn other_units_than_were_locked_are_refused() {
    let (dir, mut pilot) = pilot();
    pilot.record_announcement(&at(1), &announcement(1), NO_FILES).unwrap();
    let (a, b) = (assignment("RIN-AAA", "follow-up"), assignment("RIN-BBB", "ordinary"));
    let elsewhere = lodd_store::pilot::Assignment { block: "hadsel".into(), ..b.clone() };
    let cases = [
        (vec![a.clone()], "RIN-BBB"),
        (vec![a.clone(), b.clone(), assignment("RIN-CCC", "ordinary")], "RIN-CCC"),
        (vec![a.clone(), b.clone(), b.clone()], "RIN-BBB"),
        (vec![a.clone(), elsewhere], "RIN-BBB"),
    ];
    for (rows, unit) in cases {
        let error = pilot.record_draw(&at(2), &result(1), &rows, NO_FILES).unwrap_err();
        let StoreError::OtherUnits { unit_id, .. } = &error else { panic!("{error}") };
        assert_eq!(unit_id, unit);
    }
    let arm = pilot.record_draw(&at(2), &result(1), &[a, assignment("RIN-BBB", "third")], NO_FILES);
    assert!(matches!(arm, Err(StoreError::UnknownArm { .. })));
    assert_eq!(count(dir.path(), "assignments"), 0);
}

/// A void draw keeps its number, its families' roster can change, and they can be drawn again.
#[test]
fn a_void_draw_keeps_its_number_and_frees_its_families() {
    let (dir, mut pilot) = pilot();
    let void = DrawVoid { draw: 1, reason: "feil liste".into(), void_sha256: sha(9) };
    let early = pilot.record_void(&at(1), &void, NO_FILES).unwrap_err();
    assert!(matches!(early, StoreError::DrawNotOpen { draw: 1 }));
    pilot.record_announcement(&at(1), &announcement(1), NO_FILES).unwrap();
    pilot.record_void(&at(2), &void, NO_FILES).unwrap();
    let draw = &pilot.draws().unwrap()[0];
    assert_eq!((draw.status, draw.drawn_on, draw.shown_at_us), (DrawStatus::Void, None, None));
    assert_eq!(draw.announcement_sha256, Some(sha(1)));
    let payload = pilot.ledger().unwrap().pop().unwrap().payload.unwrap();
    assert!(payload.contains(&sha(9)) && payload.contains("feil liste"), "{payload}");
    let rows = [assignment("RIN-AAA", "follow-up"), assignment("RIN-BBB", "ordinary")];
    for again in [
        pilot.record_void(&at(3), &void, NO_FILES),
        pilot.record_draw(&at(3), &result(1), &rows, NO_FILES),
    ] {
        assert!(matches!(again, Err(StoreError::DrawNotOpen { draw: 1 })));
    }
    let same = pilot.record_announcement(&at(3), &announcement(1), NO_FILES).unwrap_err();
    assert!(matches!(same, StoreError::DrawNumber { expected: 2, found: 1 }));
    pilot.record_announcement(&at(4), &announcement(2), NO_FILES).unwrap();
    pilot.record_draw(&at(5), &result(2), &rows, NO_FILES).unwrap();
    assert_eq!(count(dir.path(), "assignments"), 2);
}

/// Files are written when all is checked and before the entry: what fails there is not recorded,
/// and what is refused has written none.
#[test]
fn files_come_before_the_entry_and_after_the_checks() {
    let (dir, mut pilot) = pilot();
    let path = dir.path().join("announcement.json");
    fs::write(&path, "another").unwrap();
    let taken = pilot
        .record_announcement(&at(1), &announcement(1), || files::write_once(&path, b"this one"));
    assert!(matches!(taken, Err(StoreError::File(_))));
    assert_eq!(fs::read(&path).unwrap(), b"another");
    assert_eq!((pilot.draws().unwrap(), count(dir.path(), "ledger")), (Vec::new(), 1));
    pilot
        .record_announcement(&at(2), &announcement(1), || files::write_once(&path, b"another"))
        .unwrap();
    let mut asked = false;
    let again = pilot.record_announcement(&at(3), &announcement(2), || {
        asked = true;
        Ok(())
    });
    assert!(matches!(again, Err(StoreError::DrawOpen { open: 1 })) && !asked);
}

#[test]
fn numbers_have_no_gap_and_lists_no_strangers() {
    let (_dir, mut pilot) = pilot();
    let gap = pilot.record_announcement(&at(1), &announcement(2), NO_FILES).unwrap_err();
    assert!(matches!(gap, StoreError::DrawNumber { expected: 1, found: 2 }));
    let mut list = announcement(1);
    list.units[1].unit_id = "RIN-AAA".into();
    let twice = pilot.record_announcement(&at(1), &list, NO_FILES).unwrap_err();
    assert_eq!(twice.to_string(), "unit `FAMILIE RIN-AAA` must be given once");
    list.units[1].unit_id = "RIN-XXX".into();
    let stranger = pilot.record_announcement(&at(1), &list, NO_FILES).unwrap_err();
    assert!(matches!(stranger, StoreError::UnknownFamily { .. }));
    list.units.clear();
    let empty = pilot.record_announcement(&at(1), &list, NO_FILES).unwrap_err();
    assert!(matches!(empty, StoreError::NoUnits { draw: 1 }));
    assert_eq!(pilot.draws().unwrap(), []);
}

#[test]
fn an_assignment_is_taken_over_once() {
    let (_dir, mut pilot) = pilot();
    let rows = [assignment("RIN-AAA", "follow-up"), assignment("RIN-BBB", "ordinary")];
    pilot.record_import(&at(1), &import(1), &rows, || Ok(())).unwrap();
    let again = pilot.record_import(&at(2), &import(2), &rows, || Ok(())).unwrap_err();
    assert!(matches!(again, StoreError::AlreadyImported { draw: 1 }));
    let draw = &pilot.draws().unwrap()[0];
    assert_eq!((draw.status, draw.origin), (DrawStatus::Imported, Origin::Imported));
    assert_eq!(draw.drawn_on, Some(START_DAY - 20));
    assert_eq!(pilot.assignments(1).unwrap(), rows);
}

/// What is given out passes its own schema.
#[test]
fn assignments_and_screening_are_given_out_as_their_schemas_say() {
    let (_dir, mut pilot) = pilot();
    pilot.record_screening(&at(1), &screening()).unwrap();
    let table = pilot.screening_table().unwrap();
    encode(&table, &SCREENING, &[]).unwrap();
    let rules = table.text("rule").unwrap().iter().flatten().cloned().collect::<Vec<_>>();
    assert_eq!(rules, ["langvarig", "barn", "langvarig", "barn"]);
    assert_eq!(table.bool("passed").unwrap(), [Some(true), None, Some(false), None]);
    assert_eq!(table.text("reason_en").unwrap(), [None, None, Some("No".into()), None]);

    let mut rows = [assignment("RIN-AAA", "follow-up"), assignment("RIN-BBB", "ordinary")];
    for (row, ordinal) in rows.iter_mut().zip([1, 0]) {
        (row.ordinal, row.rank) = (Some(ordinal), Some(1 + ordinal));
        row.ticket = Some(format!("{ordinal:032x}"));
    }
    let rehearsal = DrawImport { origin: Origin::Rehearsal, ..import(1) };
    pilot.record_import(&at(2), &rehearsal, &rows, || Ok(())).unwrap();
    let table = pilot.assignments_table().unwrap();
    encode(&table, &ASSIGNMENTS, &[]).unwrap();
    // Who stands where on the reserve is not told while its places may be offered.
    assert_eq!(table.text("unit_id").unwrap(), [Some("RIN-AAA".into()), Some("RIN-BBB".into())]);
    assert_eq!(table.int("ordinal").unwrap(), [Some(1), None]);
    assert_eq!(table.int("rank").unwrap(), [Some(2), None]);
    assert_eq!(table.text("ticket").unwrap(), [Some(format!("{:032x}", 1)), None]);
    assert_eq!(table.text("origin").unwrap(), [Some("rehearsal".into()), Some("rehearsal".into())]);
    assert_eq!(table.bool("compared").unwrap(), [Some(true), Some(true)]);
}

/// Only a fact from before the locking, told before the result was shown, takes a unit out of the
/// comparison; its place, and everybody else's, stays.
#[test]
fn a_struck_family_keeps_its_place() {
    let strike = |unit_id, fact_on| Strike { unit_id, fact_on, reason: "moved away" };
    let refused =
        |pilot: &mut lodd_store::Pilot, minutes, it| pilot.strike(&at(minutes), it).unwrap_err();
    let (dir, mut pilot) = pilot();
    assert!(matches!(
        refused(&mut pilot, 1, strike("RIN-AAA", START_DAY - 1)),
        StoreError::NotOnAList { .. }
    ));
    pilot.record_announcement(&at(2), &announcement(1), NO_FILES).unwrap();
    let struck = pilot.strike(&at(3), strike("RIN-AAA", START_DAY - 1)).unwrap();
    assert!(struck.blind && struck.before_locking && struck.leaves_analysis());
    assert!(matches!(
        refused(&mut pilot, 4, strike("RIN-AAA", START_DAY - 1)),
        StoreError::AlreadyStruck { draw: 1, .. }
    ));
    assert!(matches!(
        refused(&mut pilot, 4, strike("RIN-BBB", START_DAY + 1)),
        StoreError::FactTooLate { .. }
    ));
    let seated = |id, arm, rank| lodd_store::pilot::Assignment {
        rank: Some(rank),
        ordinal: Some(rank - 1),
        ..assignment(id, arm)
    };
    let rows = [seated("RIN-AAA", "follow-up", 1), seated("RIN-BBB", "ordinary", 2)];
    pilot.record_draw(&at(5), &result(1), &rows, NO_FILES).unwrap();
    let late = pilot.strike(&at(6), strike("RIN-BBB", START_DAY - 1)).unwrap();
    assert!(!late.blind && late.before_locking && !late.leaves_analysis());
    let table = pilot.assignments_table().unwrap();
    assert_eq!(table.bool("compared").unwrap(), [Some(false), Some(true)]);
    assert_eq!(table.date("struck_on").unwrap(), [Some(START_DAY - 1), Some(START_DAY - 1)]);
    assert_eq!(pilot.assignments(1).unwrap(), rows, "places and arms are as they were drawn");
    assert_eq!(pilot.struck(at(4).at_us).unwrap(), [struck], "as known before the second");
    assert_eq!(pilot.verify().unwrap(), []);
    assert_eq!(count(dir.path(), "struck"), 2);
    // Nobody who was struck while waiting is offered a place.
    assert!(pilot.offer_log(1).unwrap().blocks.iter().all(|it| it.units == 2));
}
