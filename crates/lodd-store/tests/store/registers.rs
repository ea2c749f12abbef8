//! Registers' files: a month without a row is 0 only in a complete file, of a family that was looked up
//! and lived there.

use lodd_store::{
    Pilot,
    pilot::{Event, EventFact, Ground, LastContact, LookedUp, RegisterFile, Registers, Upload},
};

use crate::{START_DAY, assignment, at, count, import, month, pilot, raw, sha};

const YEAR: i64 = 2014;
const FIRST: i64 = YEAR * 12;

fn file(complete: bool) -> RegisterFile {
    let (municipality, register) = ("0605".to_owned(), "KOSTRA_11F".to_owned());
    RegisterFile { municipality, register, year: YEAR, complete }
}

fn looked_up(family: &str, complete: bool) -> LookedUp {
    LookedUp { family_id: family.into(), file: file(complete) }
}

/// An upload of months (nth of the year, grant) of RIN-AAA.
fn delivered(byte: u8, months: &[(i64, i64)], registers: Registers) -> Upload {
    let month =
        |(nth, grant): &(i64, i64)| month("RIN-AAA", FIRST + nth, Some("KOSTRA_11F"), Some(*grant));
    Upload {
        office_id: "ringerike".into(),
        file_sha256: sha(byte),
        months: months.iter().map(month).collect(),
        registers,
        ..Upload::default()
    }
}

fn of(file: RegisterFile, families: &[LookedUp]) -> Registers {
    Registers { files: vec![file], families: families.to_vec(), contacts: Vec::new() }
}

fn drawn() -> (tempfile::TempDir, Pilot) {
    let (dir, mut pilot) = pilot();
    let units = [assignment("RIN-AAA", "follow-up"), assignment("RIN-BBB", "ordinary")];
    pilot.record_import(&at(1), &import(1), &units, || Ok(())).unwrap();
    (dir, pilot)
}

/// Family, nth month and grant of what the panel reads at a cut, each month's last version.
fn months_at(pilot: &Pilot, cut: i64) -> Vec<(String, i64, i64)> {
    let tables = pilot.panel_inputs(cut).unwrap();
    let monthly = tables.iter().find(|it| it.name() == "monthly").unwrap();
    let (units, months) = (monthly.text("unit_id").unwrap(), monthly.int("month").unwrap());
    let (at, grants) =
        (monthly.instant("recorded_at").unwrap(), monthly.int("assistance_grant").unwrap());
    let mut rows: Vec<_> = (0..units.len())
        .map(|i| (units[i].clone().unwrap(), months[i].unwrap() - FIRST, at[i], grants[i].unwrap()))
        .collect();
    rows.sort();
    rows.reverse();
    rows.dedup_by_key(|it| (it.0.clone(), it.1));
    rows.reverse();
    rows.into_iter().map(|(unit, nth, _, grant)| (unit, nth, grant)).collect()
}

fn months(pilot: &Pilot) -> Vec<(String, i64, i64)> {
    months_at(pilot, pilot.cut_default().unwrap())
}

fn of_family(rows: &[(String, i64, i64)], family: &str) -> Vec<(i64, i64)> {
    rows.iter().filter(|it| it.0 == family).map(|it| (it.1, it.2)).collect()
}

#[test]
fn absence_is_zero_only_in_a_complete_file() {
    let (_dir, mut pilot) = drawn();
    let both = [looked_up("RIN-AAA", false), looked_up("RIN-BBB", false)];
    pilot.upload(&at(2), &delivered(1, &[(2, 500)], of(file(false), &both))).unwrap();
    let before = pilot.cut_default().unwrap();
    assert_eq!(months(&pilot), [("RIN-AAA".into(), 2, 500)]);
    // Now the whole municipality's file; of RIN-BBB one month's amount is not known.
    let both = [looked_up("RIN-AAA", true), looked_up("RIN-BBB", false)];
    pilot.upload(&at(3), &delivered(2, &[(2, 500)], of(file(true), &both))).unwrap();
    let expected: Vec<(i64, i64)> =
        (0..12).map(|nth| (nth, if nth == 2 { 500 } else { 0 })).collect();
    assert_eq!(of_family(&months(&pilot), "RIN-AAA"), expected);
    assert_eq!(of_family(&months(&pilot), "RIN-BBB"), []);
    // Nobody looked RIN-CCC up; and what was known before stays what it was.
    assert_eq!(of_family(&months(&pilot), "RIN-CCC"), []);
    assert_eq!(months_at(&pilot, before), [("RIN-AAA".into(), 2, 500)]);
    // It was not the whole file after all.
    pilot.upload(&at(4), &delivered(3, &[(2, 500)], of(file(false), &[]))).unwrap();
    assert_eq!(of_family(&months(&pilot), "RIN-AAA"), [(2, 500)]);
}

/// A month that a corrected file no longer has was not paid.
#[test]
fn a_complete_file_takes_back_what_it_does_not_have() {
    let (_dir, mut pilot) = drawn();
    let one = [looked_up("RIN-AAA", true)];
    pilot.upload(&at(2), &delivered(1, &[(2, 500), (3, 700)], of(file(true), &one))).unwrap();
    let receipt = pilot.upload(&at(3), &delivered(2, &[(3, 700)], of(file(true), &one))).unwrap();
    assert_eq!((receipt.new, receipt.unchanged, receipt.corrected), (0, 3, 1));
    let found = months(&pilot);
    assert_eq!(&of_family(&found, "RIN-AAA")[..5], [(0, 0), (1, 0), (2, 0), (3, 700), (4, 0)]);
}

/// From the month of a move on, the office's municipality says nothing of the family.
#[test]
fn a_family_that_moved_is_not_known_to_have_got_nothing() {
    let (_dir, mut pilot) = drawn();
    let one = [looked_up("RIN-AAA", true), looked_up("RIN-BBB", true)];
    pilot.upload(&at(2), &delivered(1, &[], of(file(true), &one))).unwrap();
    // 15 May 2014, to Drammen.
    let fact = EventFact::Move { municipality: "0602".into(), office_id: None };
    let on = START_DAY - 462;
    let moved = Event { family_id: "RIN-AAA".into(), on, fact, retracts: false, reason_code: None };
    let ground = Ground { event: "move", legal: "GDPR_6_1_E" };
    pilot.record_events(&at(3), ground, &[moved]).unwrap();
    let nths: Vec<i64> =
        of_family(&months(&pilot), "RIN-AAA").into_iter().map(|(nth, _)| nth).collect();
    assert_eq!(nths, [0, 1, 2, 3]);
    assert_eq!(of_family(&months(&pilot), "RIN-BBB").len(), 12);
}

#[test]
fn last_contact_is_sealed_and_versioned() {
    let (dir, mut pilot) = drawn();
    let contact = |value: &str| LastContact {
        member_id: "RIN-AAA-A1".into(),
        family_id: "RIN-AAA".into(),
        year: YEAR,
        register: "KOSTRA_11F".into(),
        values: [("INNTEKT".to_owned(), (value.to_owned(), "VKLO 5".to_owned()))].into(),
    };
    let upload = |byte, value| {
        let contacts = vec![contact(value)];
        delivered(byte, &[], Registers { contacts, ..Registers::default() })
    };
    for (minute, (byte, value, expected)) in
        [(1, "SOSIALHJELP", (1, 0, 0)), (2, "SOSIALHJELP", (0, 1, 0)), (3, "LONN", (0, 0, 1))]
            .into_iter()
            .enumerate()
    {
        let stamp = at(2 + i64::try_from(minute).unwrap());
        let it = pilot.upload(&stamp, &upload(byte, value)).unwrap();
        assert_eq!((it.new, it.unchanged, it.corrected), expected);
    }
    assert_eq!(count(dir.path(), "last_contact"), 2);
    // The concordance reads the version that stands at its cut, and nothing else does.
    let said = |cut| {
        let tables = pilot.flow_inputs(cut).unwrap();
        let table = tables.iter().find(|it| it.name() == "last_contact").unwrap();
        (table.text("variable").unwrap().to_vec(), table.text("value").unwrap().to_vec())
    };
    let inntekt = vec![Some("INNTEKT".to_owned())];
    let last = pilot.cut_default().unwrap();
    assert_eq!(said(last), (inntekt.clone(), vec![Some("LONN".to_owned())]));
    assert_eq!(said(last - 1), (inntekt, vec![Some("SOSIALHJELP".to_owned())]));
    let sealed: Vec<u8> = raw(dir.path())
        .query_row("SELECT sealed FROM last_contact LIMIT 1", [], |row| row.get(0))
        .unwrap();
    assert!(!sealed.windows(11).any(|it| it == b"SOSIALHJELP"));
    let mut strange = contact("LONN");
    strange.member_id = "RIN-BBB-A1".into();
    let registers = Registers { contacts: vec![strange], ..Registers::default() };
    assert!(pilot.upload(&at(9), &delivered(9, &[], registers)).is_err());
}
