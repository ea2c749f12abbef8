//! The roster: versions, locks, and what screening reads.

use lodd_store::{
    StoreError,
    pilot::{Fact, RosterRows},
};

use crate::{START_DAY, assignment, at, count, import, member, month, pilot, roster, sha};

pub(crate) fn fact(family: &str, value: &str) -> Fact {
    Fact {
        family_id: family.into(),
        criterion: "ANNEN_YTELSE".into(),
        observed_on: START_DAY - 40,
        value: value.into(),
        source: None,
    }
}

#[test]
fn the_same_roster_again_writes_nothing() {
    let (dir, mut pilot) = pilot();
    let again = pilot.import_roster(&at(1), &roster(), &[sha(0xbb)]).unwrap();
    assert_eq!((again.entry, again.new, again.changed, again.unchanged), (None, 0, 0, 9));
    assert_eq!(count(dir.path(), "ledger"), 1);
    assert_eq!(count(dir.path(), "families"), 3);
}

#[test]
fn a_changed_row_is_a_further_version() {
    let (dir, mut pilot) = pilot();
    let mut rows = roster();
    rows.members[3].birth_year = 1986;
    let receipt = pilot.import_roster(&at(1), &rows, &[]).unwrap();
    assert_eq!((receipt.new, receipt.changed, receipt.unchanged), (0, 1, 8));
    assert_eq!(count(dir.path(), "members"), 5);
    let standing = pilot.roster().unwrap();
    assert_eq!(standing.members, rows.members);
    assert_eq!((standing.families, standing.locked.len()), (rows.families, 0));
}

#[test]
fn a_row_given_twice_or_without_its_family_is_refused_and_nothing_is_written() {
    let (dir, mut pilot) = pilot();
    let refused = |pilot: &mut lodd_store::Pilot, rows: &RosterRows| {
        pilot.import_roster(&at(1), rows, &[]).unwrap_err().to_string()
    };
    let mut rows = RosterRows { facts: vec![fact("RIN-BBB", "AAP")], ..RosterRows::default() };
    rows.members = vec![member("RIN-BBB-A2", lodd_store::pilot::Role::Parent, 1990); 2];
    assert_eq!(refused(&mut pilot, &rows), "member `RIN-BBB-A2` must be given once");
    rows.members = vec![member("RIN-XXX-A1", lodd_store::pilot::Role::Parent, 1990)];
    assert_eq!(refused(&mut pilot, &rows), "family `RIN-XXX` is not on the roster");
    let mut rows = roster();
    rows.families[0].office_id = "drammen".into();
    assert_eq!(refused(&mut pilot, &rows), "office `drammen` is not in this pilot");
    assert_eq!(count(dir.path(), "ledger"), 1);
    assert_eq!(count(dir.path(), "facts"), 0);
}

/// Only the families on the list are locked, and only against change.
#[test]
fn a_drawn_familys_roster_is_locked() {
    let (_dir, mut pilot) = pilot();
    pilot
        .record_import(&at(1), &import(1), &[assignment("RIN-AAA", "follow-up")], || Ok(()))
        .unwrap();
    assert_eq!(pilot.roster().unwrap().locked, ["RIN-AAA"]);
    let same = pilot.import_roster(&at(2), &roster(), &[]).unwrap();
    assert_eq!(same.entry, None);
    let only = |edit: &dyn Fn(&mut RosterRows)| {
        let mut rows = roster();
        edit(&mut rows);
        rows
    };
    let locked = [
        only(&|it| it.families[0].registered_on += 1),
        only(&|it| it.members[0].birth_year += 1),
        only(&|it| it.members.push(member("RIN-AAA-B2", lodd_store::pilot::Role::Child, 2010))),
        only(&|it| it.members[3].family_id = "RIN-AAA".into()),
        only(&|it| it.members[0].family_id = "RIN-BBB".into()),
        only(&|it| it.facts.push(fact("RIN-AAA", "AAP"))),
        only(&|it| it.months.push(month("RIN-AAA", 24_180, None, Some(1)))),
    ];
    for rows in locked {
        let error = pilot.import_roster(&at(3), &rows, &[]).unwrap_err();
        let StoreError::LockedFamily { family_id, draw: 1 } = &error else { panic!("{error}") };
        assert_eq!(family_id, "RIN-AAA");
    }
    let other = only(&|it| it.members[3].birth_year += 1);
    assert_eq!(pilot.import_roster(&at(4), &other, &[]).unwrap().changed, 1);
}

#[test]
fn screening_reads_current_versions_only() {
    let (_dir, mut pilot) = pilot();
    let mut rows = roster();
    rows.facts = vec![fact("RIN-AAA", "AAP")];
    rows.months = vec![month("RIN-AAA", 24_180, None, Some(4_000))];
    pilot.import_roster(&at(1), &rows, &[]).unwrap();
    rows.facts[0].value = "UFORETRYGD".into();
    rows.facts.push(fact("RIN-BBB", "AAP"));
    rows.months[0].assistance_grant = Some(0);
    pilot.import_roster(&at(2), &rows, &[]).unwrap();
    rows.facts[1].value = "DAGPENGER".into();
    pilot.import_roster(&at(3), &rows, &[]).unwrap();
    let tables = pilot.screening_inputs().unwrap();
    let names: Vec<&str> = tables.iter().map(lodd_store::Table::name).collect();
    assert_eq!(names, ["families", "members", "monthly", "facts"]);
    let columns: Vec<Vec<&str>> =
        tables.iter().map(|it| it.columns().iter().map(|it| it.name.as_str()).collect()).collect();
    assert_eq!(columns[0], ["family_id", "office_id", "registered_on"]);
    assert_eq!(columns[3], ["family_id", "criterion", "observed_on", "value", "recorded_at"]);
    assert_eq!(tables[0].rows(), 3);
    assert_eq!(tables[2].int("assistance_grant").unwrap(), [Some(0)]);
    assert_eq!(tables[2].text("register").unwrap(), [Some("ROSTER".into())]);
    let values = tables[3].text("value").unwrap();
    assert_eq!(values, [Some("UFORETRYGD".into()), Some("DAGPENGER".into())]);
}

/// The months told for screening stay out of the panel, whatever their date.
#[test]
fn roster_months_without_a_register_never_reach_the_panel() {
    let (_dir, mut pilot) = pilot();
    let months = vec![
        month("RIN-AAA", 24_200, None, Some(1)),
        month("RIN-AAA", 24_200, Some("KOSTRA_11F"), Some(2)),
    ];
    let rows = RosterRows { months, ..RosterRows::default() };
    pilot.import_roster(&at(1), &rows, &[]).unwrap();
    let tables = pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap();
    assert_eq!(tables[4].text("register").unwrap(), [Some("KOSTRA_11F".into())]);
    assert_eq!(pilot.screening_inputs().unwrap()[2].rows(), 2);
}
