//! Sources compared: two caseworkers' answers held against self-reports and a register, by hand.

use crate::case::{Case, SEEN, Snapshot, protocol};

/// F1-A1 to F1-A3 drawn on 20 August 2015: at 12 months the target's year is 2016.
fn case() -> Case {
    let case = Case::new(&protocol(&[12], &[]), "2017-01-01");
    for member in ["F1-A1", "F1-A2", "F1-A3"] {
        case.member(member, "FORELDER", 1980);
    }
    case.drawn(1, "2015-08-20", &[("F1", "a")]);
    case
}

fn told(case: &Case, unit: &str, source: (&str, &str), on: &str, value: &str) {
    let it = Snapshot { unit: ("VOKSEN", unit), source, on, ..SEEN };
    case.snapshot(it, &[&format!("ARBEID={value}")]);
}

fn concordance(case: &Case) -> Vec<String> {
    case.register("panel", &case.panel.panel_sql());
    let columns = "unit_kind, horizon, variable, source_a, register_a, source_b, register_b, \
                   last_contact, value_a, value_b, n, n_agree, n_both";
    case.rows(&format!("SELECT {columns} FROM ({})", case.panel.concordance_sql()))
}

#[test]
fn units_of_which_both_say_something_are_counted_by_what_they_say() {
    let case = case();
    for (unit, caseworker, own) in [
        ("F1-A1", "HELTID", "HELTID"),
        ("F1-A2", "HELTID", "DELTID"),
        ("F1-A3", "DELTID", "?UKJENT"),
    ] {
        told(&case, unit, ("VEILEDER", ""), "2016-08-20", caseworker);
        told(&case, unit, ("SELVRAPPORT", ""), "2016-09-20", own);
    }
    // Another time than the window's is not compared.
    told(&case, "F1-A3", ("SELVRAPPORT", ""), "2015-09-20", "DELTID");
    assert_eq!(
        concordance(&case),
        [
            "VOKSEN 12 ARBEID SELVRAPPORT '' VEILEDER '' 0 DELTID HELTID 1 1 2",
            "VOKSEN 12 ARBEID SELVRAPPORT '' VEILEDER '' 0 HELTID HELTID 1 1 2",
        ]
    );
}

#[test]
fn last_contact_of_the_targets_year_is_compared_and_makes_no_row_of_the_panel() {
    let case = case();
    told(&case, "F1-A1", ("VEILEDER", ""), "2016-08-20", "HELTID");
    told(&case, "F1-A2", ("VEILEDER", ""), "2016-08-20", "DELTID");
    for (member, year, value) in [
        ("F1-A1", 2016, "HELTID"),
        ("F1-A2", 2016, "HELTID"),
        ("F1-A2", 2015, "DELTID"),
        ("F1-A3", 2016, "HELTID"),
    ] {
        case.run(
            "INSERT INTO last_contact VALUES (?1, ?2, 'KOSTRA_11F', 'ARBEID', ?3)",
            &[&member, &year, &value],
        );
    }
    assert_eq!(
        concordance(&case),
        [
            "VOKSEN 12 ARBEID VEILEDER '' REGISTER KOSTRA_11F 1 DELTID HELTID 1 1 2",
            "VOKSEN 12 ARBEID VEILEDER '' REGISTER KOSTRA_11F 1 HELTID HELTID 1 1 2",
        ]
    );
    assert_eq!(case.rows("SELECT DISTINCT source FROM panel"), ["VEILEDER"]);
}

#[test]
fn two_registers_are_two_sources() {
    let case = case();
    told(&case, "F1-A1", ("REGISTER", "AA"), "2016-08-20", "HELTID");
    told(&case, "F1-A1", ("REGISTER", "X"), "2016-08-20", "HELTID");
    assert_eq!(
        concordance(&case),
        ["VOKSEN 12 ARBEID REGISTER AA REGISTER X 0 HELTID HELTID 1 1 1"]
    );
}
