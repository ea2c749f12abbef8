//! The flow: three families of whom two are drawn, and what adds up.

use lodd_panel::{
    expression::Parameters,
    screening::{Column, ColumnKind, Rule, Screening},
};

use crate::case::{Case, SEEN, Snapshot, date, protocol};

fn screening() -> Screening {
    let rule = |id: &str, sql: &str| Rule {
        id: id.into(),
        sql: sql.into(),
        parameters: Parameters::new(),
    };
    Screening {
        as_of: date("2015-08-20"),
        columns: vec![
            Column { name: "children".into(), kind: ColumnKind::ChildrenAtHome { age_years: 18 } },
            Column { name: "fact".into(), kind: ColumnKind::Fact { criterion: "X".into() } },
        ],
        rules: vec![rule("barn", "children >= 1"), rule("fakta", "fact = 'J'")],
        eligible: "barn".into(),
    }
}

fn case(screened: bool) -> Case {
    let mut it = protocol(&[12], &[]);
    it.screening = screened.then(screening);
    let case = Case::new(&it, "2017-01-01");
    for id in ["F1", "F2", "F3"] {
        case.run("INSERT INTO families VALUES (?1, 'o', 0)", &[&id]);
        case.member(&format!("{id}-A1"), "FORELDER", 1980);
    }
    case.member("F1-A2", "PARTNER", 1980);
    case.member("F1-B1", "BARN", 2010);
    case.member("F2-B1", "BARN", 2010);
    case.member("F3-A2", "ANNEN_VOKSEN", 1996);
    case.drawn(1, "2015-08-20", &[("F1", "follow-up"), ("F2", "ordinary")]);
    case.snapshot(Snapshot { on: "2016-08-20", ..SEEN }, &["ARBEID=HELTID"]);
    let moved = Snapshot { unit: ("FAMILIE", "F2"), on: "2016-01-01", status: "FLYTTET", ..SEEN };
    case.snapshot(moved, &[]);
    case
}

fn flow(case: &Case, stages: &str) -> Vec<String> {
    if let Some(sql) = case.panel.screening_sql() {
        case.register("screening", sql);
    }
    case.register("panel", &case.panel.panel_sql());
    let columns = "draw, level, arm, stage, horizon, reason, count";
    case.rows(&format!(
        "SELECT {columns} FROM ({}) WHERE stage IN ({stages})",
        case.panel.flow_sql()
    ))
}

#[test]
fn before_the_draw_families_and_their_members_are_counted() {
    assert_eq!(
        flow(&case(true), "'assessed', 'not_eligible', 'eligible'"),
        [
            "- family - assessed - - 3",
            "- family - not_eligible - - 1",
            "- family - not_eligible - barn 1",
            "- family - not_eligible - fakta 1",
            "- family - eligible - - 2",
            "- adult - assessed - - 4",
            "- adult - not_eligible - - 1",
            "- adult - not_eligible - barn 1",
            "- adult - not_eligible - fakta 1",
            "- adult - eligible - - 3",
            "- child - assessed - - 2",
            "- child - not_eligible - - 0",
            "- child - not_eligible - barn 0",
            "- child - not_eligible - fakta 0",
            "- child - eligible - - 2",
        ]
    );
}

#[test]
fn after_the_draw_observed_and_missing_add_up_to_drawn() {
    assert_eq!(
        flow(&case(false), "'drawn', 'due', 'observed', 'missing'"),
        [
            "1 family follow-up drawn - - 1",
            "1 family follow-up due 12 - 1",
            "1 family follow-up observed 12 - 1",
            "1 family ordinary drawn - - 1",
            "1 family ordinary due 12 - 1",
            "1 family ordinary observed 12 - 0",
            "1 family ordinary missing 12 FLYTTET_KOMMUNE 1",
            "1 adult follow-up drawn - - 2",
            "1 adult follow-up due 12 - 2",
            "1 adult follow-up observed 12 - 1",
            "1 adult follow-up missing 12 IKKE_RAPPORTERT 1",
            "1 adult ordinary drawn - - 1",
            "1 adult ordinary due 12 - 1",
            "1 adult ordinary observed 12 - 0",
            "1 adult ordinary missing 12 FLYTTET_KOMMUNE 1",
            "1 child follow-up drawn - - 1",
            "1 child follow-up due 12 - 1",
            "1 child follow-up observed 12 - 0",
            "1 child follow-up missing 12 IKKE_RAPPORTERT 1",
            "1 child ordinary drawn - - 1",
            "1 child ordinary due 12 - 1",
            "1 child ordinary observed 12 - 0",
            "1 child ordinary missing 12 IKKE_RAPPORTERT 1",
        ]
    );
}

#[test]
fn one_members_death_is_not_the_familys() {
    let case = case(false);
    case.run("DELETE FROM snapshots WHERE status_date > 0", &[]);
    let first = Snapshot { on: "2016-08-20", status: "DOD", ..SEEN };
    case.snapshot(first, &[]);
    case.snapshot(Snapshot { unit: ("VOKSEN", "F1-A2"), status: "IKKE_NADD", ..first }, &[]);
    // Somebody's answer long ago, so that there is a series.
    let other = Snapshot { unit: ("VOKSEN", "F2-A1"), on: "2014-01-01", ..SEEN };
    case.snapshot(other, &["ARBEID=HELTID"]);
    let rows = flow(&case, "'missing'");
    assert_eq!(rows[0], "1 family follow-up missing 12 IKKE_NADD 1");
    assert_eq!(
        rows[2..4],
        ["1 adult follow-up missing 12 DOD 1", "1 adult follow-up missing 12 IKKE_NADD 1"]
    );
}
