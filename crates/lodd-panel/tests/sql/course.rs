//! Conditions followed over time: ever, months in, first entry. One adult drawn on 20 August 2015,
//! month 1 being September; the window of 12 months ends on 4 October 2016.

use lodd_panel::{
    Protocol,
    codes::UnitKind,
    outcomes::{Course, CourseKind, Definition, Outcome, Seen, ValueKind},
};

use crate::{
    case::{Case, SEEN, Snapshot, day, month, protocol},
    protocol::own,
};

const WORK: &str = "ARBEID IN ('HELTID', 'DELTID')";

fn course(kind: CourseKind, sql: &str, seen: Seen) -> Definition {
    Definition::Course(Course { kind, sql: sql.to_owned().into(), seen })
}

/// `A_EVER`, `A_MONTHS` and `A_ENTRY` of the adult's work.
fn of_work(months: &[i64]) -> Protocol {
    let mut it = protocol(months, &[]);
    for (id, kind) in [
        ("A_EVER", CourseKind::Ever),
        ("A_MONTHS", CourseKind::MonthsIn),
        ("A_ENTRY", CourseKind::FirstEntry),
    ] {
        it.outcomes.push(own(id, UnitKind::Adult, course(kind, WORK, Seen::Snapshots)));
    }
    it
}

fn case(cut_on: &str, states: &[(&str, &str)]) -> Case {
    let case = Case::new(&of_work(&[12]), cut_on);
    case.member("F1-A1", "FORELDER", 1980);
    case.drawn(1, "2015-08-20", &[("F1", "follow-up")]);
    for (on, state) in states {
        case.snapshot(Snapshot { on, ..SEEN }, &[&format!("ARBEID={state}")]);
    }
    case
}

fn found(case: &Case) -> Vec<String> {
    case.outcomes("value_num, value_low, value_high, missing_reason")
}

#[track_caller]
fn check(states: &[(&str, &str)], expected: [&str; 3]) {
    assert_eq!(found(&case("2017-01-01", states)), expected, "{states:?}");
}

const YES: &str = "HELTID";
const NO: &str = "LEDIG_REG";

#[test]
fn an_entry_lies_after_the_last_no_and_up_to_the_first_yes() {
    // 20 November is 92 days after the draw, 18 February 182, 20 August 366.
    check(
        &[("2015-11-20", NO), ("2016-02-18", YES), ("2016-08-20", NO)],
        ["1 - - -", "- 0 12 -", "- 92 182 -"],
    );
    // Never seen: no upper end, from the last no on.
    check(&[("2015-11-20", NO), ("2016-08-20", NO)], ["0 - - -", "- 0 12 -", "- 366 - -"]);
    // A yes at the first snapshot: any day after the draw.
    check(&[("2015-11-20", YES)], ["1 - - -", "- 0 12 -", "- 0 92 -"]);
    // In work at the draw: no entry can be seen. 20 May is 92 days before, 19 May 93.
    check(
        &[("2015-05-20", YES), ("2015-11-20", NO), ("2016-08-20", YES)],
        ["1 - - -", "- 0 12 -", "- - - IKKE_AKTUELT"],
    );
    check(
        &[("2015-05-19", YES), ("2015-11-20", NO), ("2016-08-20", YES)],
        ["1 - - -", "- 0 12 -", "- 92 366 -"],
    );
}

#[test]
fn never_is_said_only_of_those_followed_to_the_end() {
    // The last snapshot lies before the window, which begins on 6 July.
    check(
        &[("2015-11-20", NO), ("2016-07-05", NO)],
        ["- - - UTENFOR_VINDU", "- 0 12 -", "- 320 - -"],
    );
    // One that is not known could have been a yes.
    check(
        &[("2015-11-20", "?UKJENT"), ("2016-08-20", NO)],
        ["- - - SPURT_UKJENT", "- 0 12 -", "- 366 - -"],
    );
    // After the window nothing counts.
    check(&[("2016-08-20", NO), ("2016-10-05", YES)], ["0 - - -", "- 0 12 -", "- 366 - -"]);
    // Nothing seen at all: the panel's reason.
    let nothing = case("2017-01-01", &[("2014-01-01", NO)]);
    assert_eq!(
        found(&nothing),
        ["- - - UTENFOR_VINDU", "- - - UTENFOR_VINDU", "- - - UTENFOR_VINDU"]
    );
}

/// Those who have entered would be known before those who have not: neither counts before its time.
#[test]
fn before_it_is_due_ever_is_not_known() {
    let early = case("2016-06-01", &[("2015-11-20", YES)]);
    assert_eq!(found(&early)[0], "- - - IKKE_FORFALT");
    let seen = case("2016-08-21", &[("2015-11-20", YES), ("2016-08-20", YES)]);
    assert_eq!(found(&seen)[0], "1 - - -");
}

/// Extra contacts are those of treated families, and no part of a course.
#[test]
fn extra_contacts_do_not_count() {
    let it = case("2017-01-01", &[("2016-08-20", NO)]);
    let extra = Snapshot { on: "2016-03-01", occasion: "EKSTRA", ..SEEN };
    it.snapshot(extra, &["ARBEID=HELTID"]);
    assert_eq!(found(&it), ["0 - - -", "- 0 12 -", "- 366 - -"]);
}

#[test]
fn a_month_is_in_by_its_last_day_between_snapshots_that_agree() {
    // 31 August, 30 November and 29 February lie 91 days apart, 31 May and 31 August 92.
    let quarterly = ["2015-08-31", "2015-11-30", "2016-02-29", "2016-05-31", "2016-08-31"];
    let of = |states: [&'static str; 5]| -> Vec<(&str, &str)> {
        quarterly.into_iter().zip(states).collect()
    };
    // Month 1 is September 2015, the twelfth August 2016: all of them are known.
    check(&of([YES; 5]), ["1 - - -", "12 12 12 -", "- 0 11 -"]);
    check(&of([NO; 5]), ["0 - - -", "0 0 0 -", "- 377 - -"]);
    // Lost between 30 November and 29 February: December and January are not known.
    check(&of([YES, YES, NO, NO, NO]), ["1 - - -", "- 3 5 -", "- 0 11 -"]);
    // 93 days between two that agree: the months inside are not known.
    check(&[("2016-05-30", YES), ("2016-08-31", YES)], ["1 - - -", "- 1 12 -", "- 0 284 -"]);
}

/// A family's months, from its register: what is not told is in the bounds, and no number.
#[test]
fn months_of_a_register() {
    let mut it = protocol(&[12], &[]);
    for (id, kind) in [
        ("F_EVER", CourseKind::Ever),
        ("F_MONTHS", CourseKind::MonthsIn),
        ("F_ENTRY", CourseKind::FirstEntry),
    ] {
        let sql = "assistance_grant + assistance_loan >= 10000";
        it.outcomes.push(own(id, UnitKind::Family, course(kind, sql, Seen::Months)));
    }
    let case = Case::new(&it, "2017-01-01");
    case.drawn(1, "2015-08-20", &[("F1", "follow-up")]);
    for month in 1..=12 {
        let (year, month) = if month <= 4 { (2015, month + 8) } else { (2016, month - 4) };
        case.month("F1", &format!("{year}-{month:02}"), (9_000, 0));
    }
    assert_eq!(found(&case), ["0 - - -", "0 0 0 -", "- 377 - -"], "31 August 2016 is day 377");
    let set = "UPDATE monthly SET assistance_grant = 10000 WHERE month = ?1";
    case.run(set, &[&month("2015-12")]);
    // Entered in December: after 30 November, day 102, up to 31 December, day 133.
    assert_eq!(found(&case), ["1 - - -", "1 1 1 -", "- 102 133 -"]);
    case.run("DELETE FROM monthly WHERE month = ?1", &[&month("2016-03")]);
    assert_eq!(found(&case), ["1 - - -", "- 1 2 IKKE_RAPPORTERT", "- 102 133 -"]);
    case.run("DELETE FROM monthly WHERE month = ?1", &[&month("2015-12")]);
    assert_eq!(
        found(&case),
        ["- - - IKKE_RAPPORTERT", "- 0 2 IKKE_RAPPORTERT", "- 102 - -"],
        "what is not told may have been one"
    );
    // Month 0 tells whether it was so at the draw.
    case.month("F1", "2015-08", (20_000, 0));
    assert_eq!(found(&case)[2], "- - - IKKE_AKTUELT");
}

#[test]
fn at_the_start_there_is_no_course() {
    let mut it = of_work(&[0]);
    it.followup.horizons[0].low_days = Some(60);
    let case = Case::new(&it, "2017-01-01");
    case.member("F1-A1", "FORELDER", 1980);
    case.drawn(1, "2015-08-20", &[("F1", "follow-up")]);
    case.snapshot(Snapshot { on: "2015-08-20", ..SEEN }, &["ARBEID=HELTID"]);
    assert_eq!(found(&case), ["- - - IKKE_AKTUELT"; 3]);
}

#[test]
fn what_their_values_are() {
    let panel = lodd_panel::Panel::new(&of_work(&[12])).unwrap();
    let kinds: Vec<ValueKind> = panel.outcomes().map(Outcome::value_kind).collect();
    assert_eq!(kinds, [ValueKind::YesNo, ValueKind::Interval, ValueKind::Interval]);
    // A family's condition over its adults' course, like any yes/no outcome.
    let mut it = of_work(&[12]);
    it.outcomes.push(own("F_EVER", UnitKind::Family, Definition::Any("A_EVER".into())));
    assert!(lodd_panel::Panel::new(&it).is_ok());
    // Amounts are of families, and of months only.
    for (unit, sql, seen, path) in [
        (UnitKind::Adult, "assistance_grant > 0", Seen::Months, "outcome[0].ever"),
        (UnitKind::Family, "BOLIG = 'EID'", Seen::Months, "outcome[0].ever"),
        (UnitKind::Family, "assistance_grant > 0", Seen::Snapshots, "outcome[0].ever"),
        (UnitKind::Family, "1 = 1", Seen::Months, "outcome[0].ever"),
    ] {
        let mut it = protocol(&[12], &[]);
        it.outcomes.push(own("X_EVER", unit, course(CourseKind::Ever, sql, seen)));
        let mistakes = lodd_panel::Panel::new(&it).unwrap_err();
        assert!(mistakes.iter().all(|it| it.path == path), "{sql}: {mistakes:?}");
    }
    assert_eq!(day("2015-11-20") - day("2015-08-20"), 92);
}
