//! Spells, transitions and the stock of months.

use lodd_panel::arms::{Arms, ArmsError};

use crate::case::{Case, SEEN, Snapshot, day, protocol};

fn arms() -> Arms {
    Arms::new(["follow-up", "ordinary"]).unwrap()
}

fn spells(case: &Case) -> Vec<String> {
    case.derive();
    let columns = "value, start_low, start_high, end_low, end_high, n_observations, flag";
    case.rows(&format!("SELECT {columns} FROM ({})", case.panel.spells_sql()))
}

fn days(row: &str) -> String {
    let cell = |it: &str| {
        if it.contains('-') && it.len() == 10 { day(it).to_string() } else { it.to_owned() }
    };
    row.split(' ').map(cell).collect::<Vec<_>>().join(" ")
}

fn case_of(states: &[(&str, &str)]) -> Case {
    let case = Case::new(&protocol(&[12], &[]), "2017-01-01");
    case.member("F1-A1", "FORELDER", 1980);
    case.drawn(1, "2015-08-20", &[("F1", "follow-up"), ("F2", "ordinary")]);
    for (on, state) in states {
        case.snapshot(Snapshot { on, ..SEEN }, &[&format!("ARBEID={state}")]);
    }
    case
}

#[test]
fn equal_states_join_up_to_92_days_and_are_cut_after() {
    // 1 January to 2 April 2016 is 92 days, 2 April to 4 July 93.
    let case = case_of(&[
        ("2016-01-01", "HELTID"),
        ("2016-04-02", "HELTID"),
        ("2016-07-04", "HELTID"),
        ("2016-08-01", "DELTID"),
        // Not known: passed over, so that the next one is 61 days after the last.
        ("2016-09-01", "?UKJENT"),
        ("2016-10-01", "DELTID"),
    ]);
    assert_eq!(
        spells(&case),
        [
            days("HELTID - 2016-01-01 2016-04-02 2016-07-04 2 ubekreftet"),
            days("HELTID 2016-04-02 2016-07-04 2016-07-04 2016-08-01 1 ubekreftet"),
            days("DELTID 2016-07-04 2016-08-01 2016-10-01 - 2 -"),
        ]
    );
}

#[test]
fn spells_are_of_assigned_units_and_of_each_source() {
    let case = case_of(&[("2016-01-01", "HELTID")]);
    case.snapshot(
        Snapshot { on: "2016-02-01", source: ("REGISTER", "AA"), ..SEEN },
        &["ARBEID=DELTID"],
    );
    let other = Snapshot { unit: ("VOKSEN", "F9-A1"), on: "2016-01-01", ..SEEN };
    case.snapshot(other, &["ARBEID=HELTID"]);
    // Drawn twice: its spells are there once.
    case.drawn(2, "2015-11-20", &[("F1", "ordinary")]);
    assert_eq!(
        spells(&case),
        [
            days("DELTID - 2016-02-01 2016-02-01 - 1 -"),
            days("HELTID - 2016-01-01 2016-01-01 - 1 -"),
        ]
    );
}

fn transitions(case: &Case) -> Vec<String> {
    case.derive();
    let columns = "arm, variable, horizon, from_value, to_value, n";
    case.rows(&format!("SELECT {columns} FROM ({})", case.panel.transitions_sql(&arms())))
}

/// Three families, two arms: every pair in both arms, and an arm's counts add up to those drawn.
#[test]
fn transitions_stand_with_the_control_beside_them() {
    let case = Case::new(&protocol(&[0, 12], &[]), "2017-01-01");
    for id in ["F1-A1", "F1-A2", "F2-A1", "F3-A1"] {
        case.member(id, "FORELDER", 1980);
    }
    case.drawn(1, "2015-08-20", &[("F1", "follow-up"), ("F2", "ordinary"), ("F3", "ordinary")]);
    let at = |id: &str, on: &str, recorded_at: i64, value: &str| {
        let it = Snapshot { unit: ("VOKSEN", id), on, recorded_at, ..SEEN };
        case.snapshot(it, &[value]);
    };
    for (id, start, end) in [
        ("F1-A1", "LEDIG_REG", "HELTID"),
        ("F1-A2", "LEDIG_REG", "LEDIG_REG"),
        ("F2-A1", "LEDIG_REG", "HELTID"),
    ] {
        at(id, "2015-08-01", 1, &format!("ARBEID={start}"));
        at(id, "2016-08-20", 200, &format!("ARBEID={end}"));
    }
    // Recorded after the result was shown: no status at the start that may be compared with.
    at("F3-A1", "2015-08-01", 150, "ARBEID=UTDANNING");
    at("F3-A1", "2016-08-20", 200, "ARBEID=HELTID");
    assert_eq!(
        transitions(&case),
        [
            "follow-up ARBEID 12 LEDIG_REG HELTID 1",
            "ordinary ARBEID 12 LEDIG_REG HELTID 1",
            "follow-up ARBEID 12 LEDIG_REG LEDIG_REG 1",
            "ordinary ARBEID 12 LEDIG_REG LEDIG_REG 0",
            "follow-up ARBEID 12 - HELTID 0",
            "ordinary ARBEID 12 - HELTID 1",
        ]
    );
}

#[test]
fn one_arm_alone_is_refused() {
    assert!(matches!(
        Arms::new(["follow-up"]),
        Err(ArmsError::WithoutControl { found: Some(arm) }) if arm == "follow-up"
    ));
    assert!(matches!(
        Arms::new(Vec::<String>::new()),
        Err(ArmsError::WithoutControl { found: None })
    ));
    assert!(matches!(Arms::new(["a", "b", "a"]), Err(ArmsError::Twice { arm }) if arm == "a"));
    // A label can't end its text.
    let text = lodd_panel::stock::sql(&Arms::new(["it's", "b"]).unwrap());
    assert!(text.contains("'it''s' AS arm"));
}

fn stock(case: &Case, columns: &str, filter: &str) -> Vec<String> {
    let sql = case.panel.stock_sql(&arms());
    case.rows(&format!("SELECT {columns} FROM ({sql}) WHERE {filter}"))
}

#[test]
fn families_and_their_children_at_home_are_counted_by_month() {
    let case = Case::new(&protocol(&[12], &[]), "2017-01-01");
    case.drawn(1, "2015-08-20", &[("F1", "follow-up"), ("F2", "ordinary")]);
    case.member("F1-B1", "BARN", 2008);
    // 17 in 2015, 18 in 2016; born in 2016; away for a while.
    case.member("F1-B2", "BARN", 1998);
    case.run("INSERT INTO members VALUES ('F1-B3', 'F1', 'BARN', 2016, 0)", &[]);
    case.member("F1-B4", "BARN", 2010);
    case.away("F1-B4", ("2015-11-30", Some("2015-12-31")));
    case.member("F2-B1", "BARN", 2008);
    case.member("F3-B1", "BARN", 2008);
    for (family, of, amounts) in [
        ("F1", "2015-10", (1_000, 0)),
        ("F1", "2015-11", (0, 500)),
        ("F1", "2015-12", (1_000, 0)),
        ("F1", "2016-01", (1_000, 0)),
        ("F2", "2015-10", (0, 0)),
        ("F2", "2015-12", (1, 0)),
        ("F3", "2015-10", (1, 0)),
    ] {
        case.month(family, of, amounts);
    }
    let columns = "month_no, n_families, n_known, families, children";
    assert_eq!(
        stock(&case, columns, "arm IS NULL"),
        ["- 3 3 2 4", "- 3 1 1 2", "- 3 2 2 4", "- 3 1 1 3"]
    );
    assert_eq!(
        stock(&case, &format!("arm, {columns}"), "arm IS NOT NULL"),
        [
            "follow-up 2 1 1 1 3",
            "ordinary 2 1 1 0 0",
            "follow-up 3 1 1 1 2",
            "ordinary 3 1 0 0 0",
            "follow-up 4 1 1 1 3",
            "ordinary 4 1 1 1 1",
            "follow-up 5 1 1 1 3",
            "ordinary 5 1 0 0 0",
        ]
    );
    assert_eq!(stock(&case, "families_12", "families_12 IS NOT NULL"), Vec::<String>::new());
}

#[test]
fn the_average_month_is_over_twelve() {
    let case = Case::new(&protocol(&[12], &[]), "2017-01-01");
    case.drawn(1, "2015-08-20", &[("F1", "follow-up"), ("F2", "ordinary")]);
    case.member("F1-B1", "BARN", 2008);
    for month in 1..=12 {
        case.month("F1", &format!("2015-{month:02}"), (if month <= 6 { 100 } else { 0 }, 0));
        if month > 1 {
            case.month("F2", &format!("2015-{month:02}"), (100, 0));
        }
    }
    case.month("F2", "2016-01", (100, 0));
    let columns = "arm, families_12, children_12, unknown_12";
    assert_eq!(
        stock(&case, columns, "families_12 IS NOT NULL AND arm IS NULL"),
        ["- 17 6 1", "- 17 5 1"]
    );
}
