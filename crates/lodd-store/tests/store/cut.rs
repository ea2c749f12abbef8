//! What was known at a cut stays what it was.

use lodd_store::{
    StoreError,
    pilot::{RosterRows, Value},
};
use proptest::prelude::*;

use crate::{START_DAY, START_US, assignment, at, code, import, member, month, pilot, sha, upload};

#[test]
fn the_inputs_are_those_the_panel_reads() {
    let (_dir, mut pilot) = pilot();
    pilot
        .record_import(&at(1), &import(1), &[assignment("RIN-AAA", "follow-up")], || Ok(()))
        .unwrap();
    pilot.upload(&at(2), &upload(1, &[("STILLINGSPROSENT", Value::Number(80))])).unwrap();
    let tables = pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap();
    let columns: Vec<String> = tables
        .iter()
        .map(|it| {
            let names: Vec<&str> = it.columns().iter().map(|it| it.name.as_str()).collect();
            format!("{}({})", it.name(), names.join(", "))
        })
        .collect();
    assert_eq!(
        columns,
        [
            "cut(cut_us, cut_day)",
            "assignments(draw, unit_kind, unit_id, family_id, block, arm, drawn_on, shown_at)",
            "members(member_id, family_id, role, birth_year, in_itt)",
            "snapshots(unit_kind, unit_id, status_date, source, register, occasion, recorded_at, \
             record_status, variable, value_code, value_num, missing_code, content)",
            "monthly(unit_kind, unit_id, month, register, recorded_at, assistance_grant, \
             assistance_loan)",
            "exits(unit_kind, unit_id, reason, from_on, until_on)",
            "away(member_id, from_on, until_on)",
        ]
    );
    assert_eq!(tables[0].instant("cut_us").unwrap(), [Some(START_US + 120_000_000)]);
    assert_eq!(tables[0].date("cut_day").unwrap(), [Some(START_DAY)]);
    assert_eq!(tables[1].date("drawn_on").unwrap(), [Some(START_DAY - 20)]);
    assert_eq!(tables[1].instant("shown_at").unwrap(), [Some(START_US + 60_000_000)]);
    assert_eq!(tables[2].int("in_itt").unwrap(), [Some(1); 4]);
    assert_eq!(tables[3].int("value_num").unwrap(), [Some(80)]);
    assert_eq!(tables[3].text("register").unwrap(), [Some(String::new())]);
}

/// A snapshot without values is one row without a variable.
#[test]
fn nothing_observed_is_a_row_too() {
    let (_dir, mut pilot) = pilot();
    let mut file = upload(1, &[]);
    file.atoms[0].snapshots[0].record_status = lodd_store::pilot::RecordStatus::NotReached;
    pilot.upload(&at(1), &file).unwrap();
    let snapshots = &pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap()[3];
    assert_eq!(snapshots.text("variable").unwrap(), [None]);
    assert_eq!(snapshots.text("record_status").unwrap(), [Some("IKKE_NADD".into())]);
}

#[test]
fn a_later_cut_than_what_is_recorded_is_refused() {
    let (_dir, mut pilot) = pilot();
    let error = pilot.panel_inputs(START_US + 1).unwrap_err();
    assert!(matches!(error, StoreError::CutTooLate { .. }), "{error}");
    let error = pilot.record_run(&at(1), &sha(1), START_US + 1, "0.1.0").unwrap_err();
    assert!(matches!(error, StoreError::CutTooLate { .. }), "{error}");
}

/// Before the first entry nothing was known.
#[test]
fn a_cut_before_everything_is_empty() {
    let (_dir, pilot) = pilot();
    let tables = pilot.panel_inputs(START_US - 1).unwrap();
    assert!(tables[1..].iter().all(|it| it.rows() == 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is recorded later (corrections, retractions, months, a changed roster, a draw),
    /// every earlier cut gives the tables that it gave when it was the last.
    #[test]
    fn an_earlier_cut_gives_the_same_rows_for_ever(
        steps in prop::collection::vec((0..5_u8, 0..4_i64), 1..25)
    ) {
        let (_dir, mut pilot) = pilot();
        let mut seen = Vec::new();
        for (number, (step, value)) in (1_u8..).zip(steps) {
            let stamp = at(i64::from(number));
            match step {
                0 => {
                    let file = upload(number, &[("STILLINGSPROSENT", Value::Number(value))]);
                    pilot.upload(&stamp, &file).unwrap();
                }
                1 => {
                    let mut file = upload(number, &[("ARBEID", code("HELTID"))]);
                    file.atoms[0].status_date += i32::try_from(value).unwrap();
                    pilot.upload(&stamp, &file).unwrap();
                }
                2 => {
                    let mut file = upload(number, &[]);
                    file.atoms[0].snapshots[0].record_status =
                        lodd_store::pilot::RecordStatus::Retracted;
                    file.months = vec![month("RIN-AAA", 24_188, Some("KOSTRA_11F"), Some(value))];
                    pilot.upload(&stamp, &file).unwrap();
                }
                3 => {
                    let birth_year = 1985 + i32::try_from(value).unwrap();
                    let members =
                        vec![member("RIN-BBB-A1", lodd_store::pilot::Role::Parent, birth_year)];
                    let rows = RosterRows { members, ..RosterRows::default() };
                    pilot.import_roster(&stamp, &rows, &[]).unwrap();
                }
                _ => {
                    let draw = i64::try_from(pilot.draws().unwrap().len()).unwrap() + 1;
                    let mut it = import(draw);
                    it.result_sha256 = sha(number);
                    pilot.record_import(&stamp, &it, &[assignment("RIN-AAA", "follow-up")], || Ok(())).unwrap();
                }
            }
            let cut = pilot.cut_default().unwrap();
            seen.push((cut, pilot.panel_inputs(cut).unwrap()));
        }
        for (cut, tables) in seen {
            prop_assert_eq!(pilot.panel_inputs(cut).unwrap(), tables);
        }
        prop_assert_eq!(pilot.verify().unwrap(), vec![]);
    }
}
