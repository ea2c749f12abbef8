//! Families that are drawn as one unit: what is kept, and what the panel's queries then read.

use lodd_store::{
    Pilot, StoreError, Table,
    pilot::{
        Announcement, Atom, Beacon, DrawUnit, DrawnKind, Linking, Mark, MarkKind, Month, Origin,
        RecordStatus, Role, RosterRows, Snapshot, UnitKind, Upload,
    },
};

use crate::{START_DAY, adult, at, code, count, member, month, pilot, sha};

/// RIN-BBB is drawn under RIN-AAA; RIN-BBB-B1 is the same child as RIN-AAA-B1.
pub(crate) fn announce(pilot: &mut Pilot, minutes: i64) {
    let (unit_kind, block) = (DrawnKind::Family, "ringerike".to_owned());
    let draw = i64::try_from(pilot.draws().unwrap().len()).unwrap() + 1;
    let linking = Linking {
        families: [("RIN-BBB".into(), "RIN-AAA".into())].into(),
        members: [("RIN-BBB-B1".into(), "RIN-AAA-B1".into())].into(),
        ..Linking::default()
    };
    let announcement = Announcement {
        draw,
        origin: Origin::Drawn,
        beacon: Beacon::Witnessed,
        arms: vec!["follow-up".into(), "ordinary".into()],
        announcement_sha256: sha(1),
        plan_sha256: sha(2),
        units: vec![DrawUnit { unit_kind, unit_id: "RIN-AAA".into(), block }],
        linking,
    };
    pilot.record_announcement(&at(minutes), &announcement, || Ok(())).unwrap();
}

/// The roster with a child in RIN-BBB too.
fn with_child() -> (tempfile::TempDir, Pilot) {
    let (dir, mut pilot) = pilot();
    let members = vec![member("RIN-BBB-B1", Role::Child, 2008)];
    pilot.import_roster(&at(1), &RosterRows { members, ..RosterRows::default() }, &[]).unwrap();
    (dir, pilot)
}

fn table(pilot: &Pilot, name: &str) -> Table {
    let cut = pilot.cut_default().unwrap();
    pilot.panel_inputs(cut).unwrap().into_iter().find(|it| it.name() == name).unwrap()
}

fn texts(table: &Table, column: &str) -> Vec<String> {
    table.text(column).unwrap().iter().map(|it| it.clone().unwrap_or_default()).collect()
}

fn mark(unit: &str, kind: MarkKind, value: Option<&str>) -> Mark {
    Mark { unit_id: unit.into(), kind, value: value.map(Into::into) }
}

#[test]
fn members_of_a_linked_family_count_under_the_lead_and_each_once() {
    let (_dir, mut pilot) = with_child();
    let before = table(&pilot, "members");
    assert_eq!(
        texts(&before, "family_id"),
        ["RIN-AAA", "RIN-AAA", "RIN-AAA", "RIN-BBB", "RIN-BBB"]
    );
    let cut = pilot.cut_default().unwrap();
    announce(&mut pilot, 2);
    let after = table(&pilot, "members");
    assert_eq!(
        texts(&after, "member_id"),
        ["RIN-AAA-A1", "RIN-AAA-A2", "RIN-AAA-B1", "RIN-BBB-A1"]
    );
    assert_eq!(texts(&after, "family_id"), ["RIN-AAA"; 4]);
    // What was known before is what it was, and the roster itself is not rewritten.
    assert_eq!(pilot.panel_inputs(cut).unwrap()[2], before);
    assert_eq!(pilot.roster().unwrap().members.len(), 5);
    assert_eq!(pilot.roster().unwrap().locked, ["RIN-AAA", "RIN-BBB"]);
    assert_eq!(pilot.linked_families(1).unwrap(), [("RIN-BBB".into(), "RIN-AAA".into())].into());
    let changed = RosterRows {
        marks: vec![mark("RIN-BBB", MarkKind::LeftOn, Some("2015-08-20"))],
        ..RosterRows::default()
    };
    let refused = pilot.import_roster(&at(3), &changed, &[]).unwrap_err();
    assert!(matches!(refused, StoreError::LockedFamily { .. }), "{refused}");
}

fn about(kind: UnitKind, id: &str, work: &str, status: RecordStatus) -> Snapshot {
    Snapshot { unit_kind: kind, record_status: status, ..adult(id, &[("X", code(work))]) }
}

fn deliver(pilot: &mut Pilot, minutes: i64, rows: &[(&str, i32, &str, RecordStatus)]) {
    let atom = |(id, day, value, status): &(&str, i32, &str, RecordStatus)| {
        let kind = if id.contains("-B1") { UnitKind::Child } else { UnitKind::Family };
        let snapshots = vec![about(kind, id, value, *status)];
        Atom { family_id: id[..7].into(), status_date: START_DAY + day, snapshots }
    };
    let upload = Upload {
        office_id: "ringerike".into(),
        file_sha256: sha(u8::try_from(minutes).unwrap()),
        atoms: rows.iter().map(atom).collect(),
        ..Upload::default()
    };
    pilot.upload(&at(minutes), &upload).unwrap();
}

/// On one date the lead's own row stands, unless it was withdrawn; on other dates the other's does.
#[test]
fn what_is_told_of_a_linked_family_is_told_of_the_unit() {
    use RecordStatus::{Observed, Retracted};
    let (_dir, mut pilot) = with_child();
    deliver(&mut pilot, 2, &[("RIN-BBB", 0, "b0", Observed), ("RIN-AAA", 0, "a0", Observed)]);
    deliver(&mut pilot, 3, &[("RIN-BBB", 1, "b1", Observed), ("RIN-BBB-B1", 2, "c2", Observed)]);
    announce(&mut pilot, 4);
    deliver(&mut pilot, 5, &[("RIN-AAA", 5, "a5", Observed), ("RIN-BBB", 5, "b5", Observed)]);
    deliver(&mut pilot, 6, &[("RIN-AAA", 5, "a5", Retracted)]);
    let snapshots = table(&pilot, "snapshots");
    let rows: Vec<(String, String)> =
        texts(&snapshots, "unit_id").into_iter().zip(texts(&snapshots, "value_code")).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let expected = [("RIN-AAA", "a0"), ("RIN-AAA", "b1"), ("RIN-AAA", "b5"), ("RIN-AAA-B1", "c2")];
    assert_eq!(rows, expected);
}

/// The unit's month is the sum, and is known when every one of its families has told.
#[test]
fn months_of_linked_families_add_up() {
    let (_dir, mut pilot) = with_child();
    announce(&mut pilot, 2);
    let told = |family: &str, at: i64, grant: Option<i64>, loan: Option<i64>| Month {
        assistance_loan: loan,
        ..month(family, at, Some("KOSTRA_11F"), grant)
    };
    let first = vec![
        told("RIN-AAA", 24_200, Some(100), Some(1)),
        told("RIN-BBB", 24_200, Some(20), None),
        told("RIN-AAA", 24_201, Some(7), None),
    ];
    let upload = |file: u8, months| Upload {
        office_id: "ringerike".into(),
        file_sha256: sha(file),
        months,
        ..Upload::default()
    };
    pilot.upload(&at(3), &upload(1, first)).unwrap();
    pilot.upload(&at(4), &upload(2, vec![told("RIN-BBB", 24_200, Some(30), None)])).unwrap();
    let months = table(&pilot, "monthly");
    assert_eq!(texts(&months, "unit_id"), ["RIN-AAA"]);
    assert_eq!(months.int("month").unwrap(), [Some(24_200)]);
    assert_eq!(months.int("assistance_grant").unwrap(), [Some(130)]);
    assert_eq!(months.int("assistance_loan").unwrap(), [None]);
}

#[test]
fn who_has_left_the_list_is_neither_screened_nor_listed() {
    let (dir, mut pilot) = with_child();
    let import = |pilot: &mut Pilot, minutes, marks| {
        let rows = RosterRows { marks, ..RosterRows::default() };
        pilot.import_roster(&at(minutes), &rows, &[]).unwrap()
    };
    let key = "ab".repeat(32);
    let marks = vec![
        mark("RIN-BBB", MarkKind::LeftOn, Some("2015-08-20")),
        mark("RIN-AAA-A2", MarkKind::LeftOn, Some("2015-08-20")),
        mark("RIN-AAA-A1", MarkKind::PersonKey, Some(&key)),
        mark("RIN-AAA", MarkKind::LivesWith, Some("RIN-CCC")),
    ];
    let receipt = import(&mut pilot, 2, marks.clone());
    assert_eq!((receipt.new, receipt.changed), (4, 0));
    assert_eq!(import(&mut pilot, 3, marks).entry, None);
    let listed = pilot.listed().unwrap();
    let ids: Vec<&str> = listed.iter().map(|it| it.family_id.as_str()).collect();
    assert_eq!(ids, ["RIN-AAA", "RIN-CCC"]);
    let members: Vec<&str> = listed[0].members.iter().map(|it| it.member_id.as_str()).collect();
    assert_eq!(members, ["RIN-AAA-A1", "RIN-AAA-B1"]);
    assert_eq!(listed[0].lives_with.as_deref(), Some("RIN-CCC"));
    assert_eq!(listed[0].members[0].person_key.as_deref(), Some(key.as_str()));
    assert!(!format!("{listed:?}").contains(&key[..8]));
    let screened = pilot.screening_inputs().unwrap();
    assert_eq!(texts(&screened[0], "family_id"), ["RIN-AAA", "RIN-CCC"]);
    assert!(!texts(&screened[1], "member_id").contains(&"RIN-AAA-A2".to_owned()));
    // Taken back: a further row, nothing is updated.
    import(&mut pilot, 4, vec![mark("RIN-BBB", MarkKind::LeftOn, None)]);
    assert_eq!(pilot.listed().unwrap().len(), 3);
    assert_eq!(count(dir.path(), "roster_marks"), 5);
}
