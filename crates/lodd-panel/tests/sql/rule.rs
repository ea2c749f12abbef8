//! The horizon rule. One family, F1, drawn on 20 August 2015: at 12 months the target is
//! 20 August 2016, the window 6 July to 4 October, due on 3 November.

use crate::case::{Case, SEEN, Snapshot, day, protocol};

const ADULT: Snapshot<'static> = SEEN;
const FAMILY: Snapshot<'static> = Snapshot { unit: ("FAMILIE", "F1"), ..SEEN };

/// A pilot whose only adult has the series VEILEDER ARBEID through another adult's answer.
fn case_with(months: &[i64], cut_on: &str) -> Case {
    let case = Case::new(&protocol(months, &[]), cut_on);
    case.member("F1-A1", "FORELDER", 1980);
    case.member("F2-A1", "FORELDER", 1980);
    case.drawn(1, "2015-08-20", &[("F1", "follow-up"), ("F2", "ordinary")]);
    case.snapshot(
        Snapshot { unit: ("VOKSEN", "F2-A1"), on: "2014-01-01", ..SEEN },
        &["ARBEID=HELTID"],
    );
    case
}

fn case() -> Case {
    case_with(&[12], "2017-01-01")
}

#[track_caller]
fn check(case: &Case, columns: &str, expected: &[&str]) {
    assert_eq!(case.panel(columns, "unit_id = 'F1-A1' AND variable = 'ARBEID'"), expected);
}

#[test]
fn the_nearest_planned_snapshot_gives_the_value() {
    let case = case();
    case.snapshot(Snapshot { on: "2016-07-06", ..ADULT }, &["ARBEID=DELTID"]);
    case.snapshot(Snapshot { on: "2016-09-01", ..ADULT }, &["ARBEID=HELTID"]);
    let extra = Snapshot { on: "2016-08-20", occasion: "EKSTRA", ..ADULT };
    case.snapshot(extra, &["ARBEID=LEDIG_REG"]);
    check(
        &case,
        "value, missing_reason, status_date, days_off, n_in_window, due, flag",
        &[&format!("HELTID - {} 12 2 1 -", day("2016-09-01"))],
    );
}

#[test]
fn both_ends_of_the_window_are_in_it() {
    for (on, value) in [
        ("2016-07-05", "- UTENFOR_VINDU -46 0"),
        ("2016-07-06", "HELTID - -45 1"),
        ("2016-10-04", "HELTID - 45 1"),
        ("2016-10-05", "- UTENFOR_VINDU 46 0"),
    ] {
        let case = case();
        case.snapshot(Snapshot { on, ..ADULT }, &["ARBEID=HELTID"]);
        check(&case, "value, missing_reason, days_off, n_in_window", &[value]);
    }
}

#[test]
fn equal_distances_go_to_the_later_date() {
    let case = case();
    case.snapshot(Snapshot { on: "2016-08-15", ..ADULT }, &["ARBEID=DELTID"]);
    case.snapshot(Snapshot { on: "2016-08-25", ..ADULT }, &["ARBEID=HELTID"]);
    check(&case, "value, days_off", &["HELTID 5"]);
}

#[test]
fn each_source_and_register_has_rows_of_its_own() {
    let case = case();
    case.snapshot(Snapshot { on: "2016-08-15", ..ADULT }, &["ARBEID=DELTID"]);
    let register = Snapshot { on: "2016-08-25", source: ("REGISTER", "AA"), ..ADULT };
    case.snapshot(register, &["ARBEID=HELTID"]);
    let other = Snapshot { on: "2016-08-26", source: ("REGISTER", "X"), ..ADULT };
    case.snapshot(Snapshot { unit: ("VOKSEN", "F2-A1"), ..other }, &["ARBEID=HELTID"]);
    check(
        &case,
        "source, register, value, missing_reason",
        &["REGISTER AA HELTID -", "REGISTER X - IKKE_RAPPORTERT", "VEILEDER '' DELTID -"],
    );
}

#[test]
fn a_correction_replaces_and_a_retraction_removes() {
    let case = case();
    let first = Snapshot { on: "2016-08-15", recorded_at: 10, ..ADULT };
    case.snapshot(first, &["ARBEID=DELTID"]);
    case.snapshot(Snapshot { recorded_at: 20, ..first }, &["ARBEID=HELTID"]);
    check(&case, "value, n_in_window", &["HELTID 1"]);
    case.snapshot(Snapshot { recorded_at: 30, status: "TILBAKEKALT", ..first }, &[]);
    check(&case, "value, missing_reason", &["- IKKE_RAPPORTERT"]);
    case.snapshot(Snapshot { recorded_at: 40, ..first }, &["ARBEID=UTDANNING"]);
    check(&case, "value, missing_reason", &["UTDANNING -"]);
}

#[test]
fn what_is_recorded_after_the_cut_is_not_there() {
    let case = case();
    let first = Snapshot { on: "2016-08-15", recorded_at: 1000, ..ADULT };
    case.snapshot(first, &["ARBEID=DELTID"]);
    let before = case.panel("*", "1 = 1");
    case.snapshot(Snapshot { recorded_at: 1001, ..first }, &["ARBEID=HELTID", "INNTEKT=LONN"]);
    case.snapshot(Snapshot { recorded_at: 1001, on: "2016-08-20", ..first }, &["ARBEID=HELTID"]);
    assert_eq!(case.panel("*", "1 = 1"), before);
    check(&case, "value", &["DELTID"]);
}

#[test]
fn a_correction_that_drops_a_variable_drops_its_value() {
    let case = case();
    let first = Snapshot { on: "2016-08-15", recorded_at: 10, ..ADULT };
    case.snapshot(first, &["ARBEID=DELTID", "INNTEKT=LONN"]);
    case.snapshot(Snapshot { recorded_at: 20, ..first }, &["INNTEKT=AAP"]);
    check(&case, "value, missing_reason", &["- IKKE_RAPPORTERT"]);
}

#[test]
fn all_variables_come_from_the_one_snapshot() {
    let case = case();
    case.snapshot(Snapshot { on: "2016-08-20", ..ADULT }, &["INNTEKT=LONN"]);
    case.snapshot(
        Snapshot { on: "2016-08-21", ..ADULT },
        &["ARBEID=HELTID", "STILLINGSPROSENT=80"],
    );
    // ARBEID was seen a day later, but not in the snapshot picked: no blending of dates.
    assert_eq!(
        case.panel("variable, value, missing_reason, days_off, n_in_window", "unit_id = 'F1-A1'"),
        [
            "ARBEID - UTENFOR_VINDU 1 2",
            "INNTEKT LONN - 0 2",
            "STILLINGSPROSENT - UTENFOR_VINDU 1 2"
        ]
    );
}

#[test]
fn whole_numbers_are_written_as_text() {
    let case = case();
    case.snapshot(Snapshot { on: "2016-08-20", ..ADULT }, &["STILLINGSPROSENT=80"]);
    let sql = case.panel.panel_sql();
    let filter = "unit_id = 'F1-A1' AND variable = 'STILLINGSPROSENT' AND rule = 'primary'";
    let sql = format!("SELECT typeof(value), value FROM ({sql}) WHERE {filter}");
    assert_eq!(case.rows(&sql), ["text 80"]);
}

/// Everything that can be said of one adult, taken away reason by reason.
#[test]
fn the_first_reason_that_holds_is_given() {
    let statuses = |leave_out: &[&str], cut_on: &str| {
        let case = case_with(&[12], cut_on);
        for (status, on) in [
            ("DOD", "2016-10-04"),
            ("TRAKK_SAMTYKKE", "2016-09-30"),
            ("FLYTTET", "2015-12-01"),
            ("IKKE_NADD", "2016-07-06"),
            ("SLUTTET_I_TILTAK", "2016-07-07"),
        ] {
            if !leave_out.contains(&status) {
                case.snapshot(Snapshot { on, status, ..ADULT }, &[]);
            }
        }
        for reason in ["SAMTYKKE_MANGLER", "FAMILIE_OPPLOST"] {
            if !leave_out.contains(&reason) {
                case.exit(ADULT.unit, reason, ("2016-10-04", None));
            }
        }
        if !leave_out.contains(&"UKJENT") {
            case.snapshot(Snapshot { on: "2016-08-20", ..ADULT }, &["ARBEID=?UKJENT"]);
        }
        if !leave_out.contains(&"OBSERVERT") {
            let seen = Snapshot { on: "2015-08-20", occasion: "EKSTRA", ..ADULT };
            case.snapshot(seen, &["ARBEID=HELTID"]);
        }
        case.panel("missing_reason", "unit_id = 'F1-A1' AND variable = 'ARBEID'").remove(0)
    };
    let late = "2016-11-03";
    let mut out = vec![];
    assert_eq!(statuses(&out, late), "DOD");
    out.push("DOD");
    assert_eq!(statuses(&out, late), "TRAKK_SAMTYKKE");
    out.push("TRAKK_SAMTYKKE");
    assert_eq!(statuses(&out, late), "SAMTYKKE_MANGLER");
    out.push("SAMTYKKE_MANGLER");
    assert_eq!(statuses(&out, "2016-11-02"), "IKKE_FORFALT");
    assert_eq!(statuses(&out, late), "FLYTTET_KOMMUNE");
    out.push("FLYTTET");
    assert_eq!(statuses(&out, late), "FAMILIE_OPPLOST");
    out.push("FAMILIE_OPPLOST");
    assert_eq!(statuses(&out, late), "SPURT_UKJENT");
    out.push("UKJENT");
    assert_eq!(statuses(&out, late), "IKKE_NADD");
    out.push("IKKE_NADD");
    assert_eq!(statuses(&out, late), "UTENFOR_VINDU");
    out.push("OBSERVERT");
    assert_eq!(statuses(&out, late), "IKKE_RAPPORTERT", "leaving the service is no reason");
}

#[test]
fn reasons_dated_after_the_window_do_not_hold() {
    let case = case();
    for status in ["DOD", "TRAKK_SAMTYKKE", "FLYTTET", "IKKE_NADD"] {
        case.snapshot(Snapshot { on: "2016-10-05", status, ..ADULT }, &[]);
        check(&case, "missing_reason", &["IKKE_RAPPORTERT"]);
        case.run("DELETE FROM snapshots WHERE record_status = ?1", &[&status]);
    }
    let status = "IKKE_NADD";
    case.snapshot(Snapshot { on: "2016-07-05", status, ..ADULT }, &[]);
    check(&case, "missing_reason", &["IKKE_RAPPORTERT"]);
}

#[test]
fn a_value_stands_whatever_happened_after() {
    let case = case();
    case.snapshot(Snapshot { on: "2016-07-10", ..ADULT }, &["ARBEID=HELTID"]);
    case.snapshot(Snapshot { on: "2016-08-01", status: "DOD", ..ADULT }, &[]);
    check(&case, "value, missing_reason, flag", &["HELTID - dod"]);
}

#[test]
fn a_death_is_flagged_up_to_the_target_only() {
    for (on, flag) in [("2016-08-20", "DOD dod"), ("2016-08-21", "DOD -")] {
        let case = case();
        case.snapshot(Snapshot { on, status: "DOD", ..ADULT }, &[]);
        check(&case, "missing_reason, flag", &[flag]);
    }
}

#[test]
fn other_missing_codes() {
    for (code, expected) in [
        ("VIL_IKKE_SVARE", "SPURT_UKJENT"),
        ("IKKE_AKTUELT", "IKKE_AKTUELT"),
        ("IKKE_SPURT", "IKKE_RAPPORTERT"),
    ] {
        let case = case();
        case.snapshot(Snapshot { on: "2016-08-20", ..ADULT }, &[&format!("ARBEID=?{code}")]);
        check(&case, "missing_reason", &[expected]);
    }
}

#[test]
fn what_is_said_of_the_family_holds_for_its_members() {
    for (status, expected) in [
        ("FLYTTET", "FLYTTET_KOMMUNE"),
        ("TRAKK_SAMTYKKE", "TRAKK_SAMTYKKE"),
        ("IKKE_NADD", "IKKE_NADD"),
        ("DOD", "IKKE_RAPPORTERT"),
    ] {
        let case = case();
        case.snapshot(Snapshot { on: "2016-08-20", status, ..FAMILY }, &[]);
        check(&case, "missing_reason", &[expected]);
    }
}

#[test]
fn not_reached_is_one_sources_own() {
    let case = case();
    let status = "IKKE_NADD";
    let other = Snapshot { on: "2016-08-20", status, source: ("SELVRAPPORT", ""), ..ADULT };
    case.snapshot(other, &[]);
    check(&case, "missing_reason", &["IKKE_RAPPORTERT"]);
}

#[test]
fn outside_the_window_the_nearest_is_named() {
    let case = case();
    for on in ["2015-08-20", "2016-06-20", "2016-10-20"] {
        case.snapshot(Snapshot { on, ..ADULT }, &["ARBEID=HELTID"]);
    }
    // 61 days either side of 20 August: the later.
    check(&case, "missing_reason, days_off, n_in_window", &["UTENFOR_VINDU 61 0"]);
}

#[test]
fn the_start_is_the_latest_before_the_draw() {
    let case = case_with(&[0], "2017-01-01");
    for (on, value) in [
        ("2015-06-20", "ARBEID=UTDANNING"),
        ("2015-06-21", "ARBEID=DELTID"),
        ("2015-08-20", "ARBEID=HELTID"),
        ("2015-08-21", "ARBEID=LEDIG_REG"),
    ] {
        case.snapshot(Snapshot { on, ..ADULT }, &[value]);
    }
    // 20 June is 61 days before the draw.
    check(&case, "value, days_off, n_in_window, flag", &["HELTID 0 2 -"]);
}

#[test]
fn a_start_recorded_after_the_result_was_shown_is_flagged() {
    let before = Snapshot { on: "2015-08-20", recorded_at: 99, ..ADULT };
    for (recorded_at, flag) in [(99, "HELTID -"), (101, "HELTID sen_baseline")] {
        let case = case_with(&[0], "2017-01-01");
        case.snapshot(Snapshot { recorded_at, ..before }, &["ARBEID=HELTID"]);
        check(&case, "value, flag", &[flag]);
    }
    let case = case_with(&[0], "2017-01-01");
    case.snapshot(before, &["ARBEID=HELTID"]);
    case.snapshot(Snapshot { recorded_at: 101, ..before }, &["ARBEID=DELTID"]);
    check(&case, "value, flag", &["DELTID sen_baseline"]);
    let case = case_with(&[12], "2017-01-01");
    let later = Snapshot { on: "2016-08-20", recorded_at: 101, ..ADULT };
    case.snapshot(later, &["ARBEID=HELTID"]);
    check(&case, "value, flag", &["HELTID -"]);
}

#[test]
fn sensitivity_rules_are_rows_of_their_own() {
    let case = case();
    // The window begins on 6 July: 7 April is 90 days before it.
    case.snapshot(Snapshot { on: "2016-04-07", ..ADULT }, &["ARBEID=UTDANNING"]);
    let extra = Snapshot { on: "2016-08-01", occasion: "EKSTRA", ..ADULT };
    case.snapshot(extra, &["ARBEID=HELTID"]);
    let sql = format!(
        "SELECT rule, value, days_off, n_in_window FROM ({}) WHERE unit_id = 'F1-A1'",
        case.panel.panel_sql()
    );
    assert_eq!(
        case.rows(&sql),
        ["primary - -19 0", "locf90 UTDANNING -135 0", "nearest_any HELTID -19 1"]
    );
    // A planned snapshot in the window, however far from the target, comes before one before it.
    case.snapshot(Snapshot { on: "2016-10-04", ..ADULT }, &["ARBEID=DELTID"]);
    assert_eq!(
        case.rows(&sql),
        ["primary DELTID 45 1", "locf90 DELTID 45 1", "nearest_any HELTID -19 2"]
    );
}

#[test]
fn the_window_comes_before_what_is_carried_forward() {
    let mut it = protocol(&[12], &[]);
    it.followup.horizons[0].low_days = Some(5);
    let case = Case::new(&it, "2017-01-01");
    case.member("F1-A1", "FORELDER", 1980);
    case.drawn(1, "2015-08-20", &[("F1", "follow-up")]);
    // Six days before the target, but outside the window; 45 days after it, and inside.
    case.snapshot(Snapshot { on: "2016-08-14", ..ADULT }, &["ARBEID=DELTID"]);
    case.snapshot(Snapshot { on: "2016-10-04", ..ADULT }, &["ARBEID=HELTID"]);
    let sql = case.panel.panel_sql();
    let sql = format!("SELECT value, days_off FROM ({sql}) WHERE rule = 'locf90'");
    assert_eq!(case.rows(&sql), ["HELTID 45"]);
}

#[test]
fn who_has_rows() {
    let case = case();
    case.member("F1-A2", "PARTNER", 1980);
    case.member("F1-A3", "ANNEN_VOKSEN", 1997);
    case.member("F1-B1", "BARN", 2008);
    case.run("INSERT INTO members VALUES ('F1-B2', 'F1', 'BARN', 2016, 0)", &[]);
    case.member("F3-A1", "FORELDER", 1980);
    let child = Snapshot { unit: ("BARN", "F1-B1"), on: "2016-08-20", ..SEEN };
    case.snapshot(child, &["SKOLE=J"]);
    case.snapshot(Snapshot { on: "2016-08-20", ..FAMILY }, &["BOLIG=EID"]);
    assert_eq!(
        case.panel("unit_kind, unit_id, variable, value", "1 = 1"),
        [
            "BARN F1-B1 SKOLE J",
            "FAMILIE F1 BOLIG EID",
            "FAMILIE F2 BOLIG -",
            "VOKSEN F1-A1 ARBEID -",
            "VOKSEN F1-A2 ARBEID -",
            "VOKSEN F2-A1 ARBEID -",
        ]
    );
}

#[test]
fn a_unit_in_two_draws_has_rows_in_both() {
    let case = case();
    case.drawn(2, "2015-11-20", &[("F1", "follow-up")]);
    case.snapshot(Snapshot { on: "2016-10-01", ..ADULT }, &["ARBEID=HELTID"]);
    let rows = case.panel("draw, value, missing_reason, days_off", "unit_id = 'F1-A1'");
    // 50 days before 20 November 2016: outside ±45; and that window is due on 3 February.
    assert_eq!(rows, ["1 HELTID - 42", "2 - IKKE_FORFALT -"]);
}

#[test]
fn row_order_changes_nothing() {
    let forwards = case();
    let backwards = case();
    let on = ["2016-08-15", "2016-08-25", "2016-09-01", "2016-05-01"];
    let add = |case: &Case, at: usize| {
        case.snapshot(Snapshot { on: on[at], ..ADULT }, &["ARBEID=HELTID", "INNTEKT=?UKJENT"]);
    };
    (0..4).for_each(|at| add(&forwards, at));
    (0..4).rev().for_each(|at| add(&backwards, at));
    assert_eq!(forwards.panel("*", "1 = 1"), backwards.panel("*", "1 = 1"));
}

/// Told as events, a death, a withdrawal and a move give the reasons that they give as statuses; a
/// family's holds for its members, and one that ended before the window closed does not.
#[test]
fn an_event_gives_the_reason_that_a_status_gives() {
    let (adult, family) = (("VOKSEN", "F1-A1"), ("FAMILIE", "F1"));
    for (unit, reason, days, expected) in [
        (adult, "DOD", ("2016-10-04", None), "DOD"),
        (adult, "DOD", ("2016-10-05", None), "IKKE_RAPPORTERT"),
        (family, "DOD", ("2016-01-01", None), "IKKE_RAPPORTERT"),
        (adult, "TRAKK_SAMTYKKE", ("2016-10-04", None), "TRAKK_SAMTYKKE"),
        (family, "TRAKK_SAMTYKKE", ("2016-01-01", None), "TRAKK_SAMTYKKE"),
        (family, "TRAKK_SAMTYKKE", ("2016-01-01", Some("2016-10-05")), "TRAKK_SAMTYKKE"),
        (family, "TRAKK_SAMTYKKE", ("2016-01-01", Some("2016-10-04")), "IKKE_RAPPORTERT"),
        (adult, "SAMTYKKE_MANGLER", ("2016-10-04", None), "SAMTYKKE_MANGLER"),
        (adult, "SAMTYKKE_MANGLER", ("2016-10-05", None), "IKKE_RAPPORTERT"),
        (adult, "SAMTYKKE_MANGLER", ("2015-08-20", Some("2016-10-04")), "IKKE_RAPPORTERT"),
        (family, "SAMTYKKE_MANGLER", ("2016-01-01", None), "IKKE_RAPPORTERT"),
        (adult, "FAMILIE_OPPLOST", ("2016-10-04", None), "FAMILIE_OPPLOST"),
        (adult, "FAMILIE_OPPLOST", ("2016-10-05", None), "IKKE_RAPPORTERT"),
        (adult, "FAMILIE_OPPLOST", ("2015-12-01", Some("2016-03-01")), "IKKE_RAPPORTERT"),
        (family, "FLYTTET", ("2016-10-04", None), "FLYTTET_KOMMUNE"),
        (family, "FLYTTET", ("2016-10-05", None), "IKKE_RAPPORTERT"),
        (family, "FLYTTET", ("2015-12-01", Some("2016-03-01")), "IKKE_RAPPORTERT"),
    ] {
        let case = case();
        case.exit(unit, reason, days);
        check(&case, "value, missing_reason", &[&format!("- {expected}")]);
    }
}

/// Both levels: a person's row says that the family broke up, the family's own row never does.
#[test]
fn a_family_keeps_its_own_rows_when_it_breaks_up() {
    let case = case();
    case.member("F1-B1", "BARN", 2008);
    case.snapshot(Snapshot { unit: ("FAMILIE", "F2"), on: "2014-01-01", ..SEEN }, &["BOLIG=EID"]);
    let child = Snapshot { unit: ("BARN", "F1-B1"), on: "2014-01-01", ..SEEN };
    case.snapshot(child, &["SKOLE=?IKKE_SPURT"]);
    for unit in [("FAMILIE", "F1"), ("VOKSEN", "F1-A1"), ("BARN", "F1-B1")] {
        case.exit(unit, "FAMILIE_OPPLOST", ("2016-01-01", None));
    }
    assert_eq!(
        case.panel("unit_kind, missing_reason", "unit_id LIKE 'F1%'"),
        ["BARN FAMILIE_OPPLOST", "FAMILIE IKKE_RAPPORTERT", "VOKSEN FAMILIE_OPPLOST"]
    );
}
