//! The sheets of events: what good rows become, what is held, and that the log stays apart.

use std::collections::BTreeSet;

use jiff::civil::date;
use lodd_intake::{Event, EventFact, Findings, Judged, Limits, Role, Spell, Upload, snapshots};

use super::support::{Book, Put, clean, elsewhere, expectations, findings, places, row};

const FAMILY: &str = "RIN-7KQ4-R";
const MEMBERS: [&str; 7] =
    ["medlem_id", "familie_id", "rolle", "fodselsar", "fra_dato", "til_dato", "arsak"];
const MOVES: [&str; 4] = ["familie_id", "dato", "til_kommune", "til_kontor"];
const CONSENTS: [&str; 5] = ["medlem_id", "type", "dato", "svar", "trukket"];
const LOG: [&str; 7] =
    ["familie_id", "startet", "sluttet", "sluttarsak", "moter", "koordinator", "avvik"];

/// Judges a file; only [`FAMILY`] is followed up.
fn judge(book: &Book) -> Result<Judged, Findings> {
    let mut expect = expectations();
    expect.follow_up = Some(BTreeSet::from([FAMILY.to_owned()]));
    expect.accept_good = true;
    snapshots(Upload { name: "skjema.xlsx", bytes: &book.bytes() }, &expect, &Limits::default())
}

/// A file of one sheet.
fn sheet(name: &str, headers: &[&str], rows: &[&[&str]]) -> Book {
    let mut all = vec![row(headers)];
    all.extend(rows.iter().map(|it| row(it)));
    Book::new(&[(name, all)])
}

fn other() -> String {
    super::support::families()[3].clone()
}

#[test]
fn members_who_come_and_go_become_times_in_the_household() {
    let book = sheet(
        "Familiemedlemmer",
        &MEMBERS,
        &[
            &["RIN-7KQ4-R-B2", FAMILY, "BARN", "2016", "03.02.2016", "", "Født"],
            &["RIN-7KQ4-R-A2", FAMILY, "PARTNER", "", "", "2016-05-01", "SAMLIVSBRUDD"],
            // As a form fills it in: nothing is told.
            &["RIN-7KQ4-R-A1", FAMILY, "FORELDER", "", "", "", ""],
        ],
    );
    let judged = judge(&book).unwrap();
    let event = |on, spell| Event {
        family_id: FAMILY.into(),
        on,
        fact: EventFact::Spell(spell),
        retracts: false,
        reason_code: None,
    };
    let (born, left) = (date(2016, 2, 3), date(2016, 5, 1));
    assert_eq!(
        judged.events,
        [
            event(
                born,
                Spell {
                    member_id: "RIN-7KQ4-R-B2".into(),
                    newcomer: Some((Role::Child, 2016)),
                    came: Some((born, "FODT".into())),
                    left: None,
                }
            ),
            event(
                left,
                Spell {
                    member_id: "RIN-7KQ4-R-A2".into(),
                    newcomer: None,
                    came: None,
                    left: Some((left, "SAMLIVSBRUDD".into())),
                }
            ),
        ]
    );
    assert!(judged.held.is_empty() && judged.atoms.is_empty());
}

#[test]
fn moves_consents_follow_up_and_deviations_are_told() {
    let moves = sheet("Flytting", &MOVES, &[&[FAMILY, "2016-05-01", "301", "Hadsel"]]);
    let judged = judge(&moves).unwrap();
    let (municipality, office) = ("0301".to_owned(), Some("hadsel".to_owned()));
    assert_eq!(judged.events[0].fact, EventFact::Move { municipality, office });
    assert_eq!(places(&judged.findings), ["D11 Flytting!C2"]);

    let consents = sheet(
        "Samtykke",
        &CONSENTS,
        &[
            &["RIN-7KQ4-R-A1", "Forskning", "2015-08-01", "Ja", "2016-05-01"],
            &[FAMILY, "TILTAK", "2015-08-01", "NEI", ""],
        ],
    );
    let judged = judge(&consents).unwrap();
    let consent = |unit: &str, kind: &str, answer: &str, withdrawn_on| EventFact::Consent {
        unit_id: unit.into(),
        kind: kind.into(),
        answer: answer.into(),
        withdrawn_on,
    };
    let facts: Vec<_> = judged.events.iter().map(|it| it.fact.clone()).collect();
    assert_eq!(
        facts,
        [
            consent(FAMILY, "TILTAK", "NEI", None),
            consent("RIN-7KQ4-R-A1", "FORSKNING", "JA", Some(date(2016, 5, 1))),
        ]
    );

    let log = sheet(
        "Deltakelse",
        &LOG,
        &[&[FAMILY, "2015-09-01", "2016-06-30", "FULLFORT", "12", "k1", ""]],
    );
    let judged = judge(&log).unwrap();
    assert_eq!(
        judged.events[0].fact,
        EventFact::FollowUp {
            ended: Some((date(2016, 6, 30), "FULLFORT".into())),
            meetings: Some(12),
            coordinator: Some("K1".into()),
        }
    );
    let kinds =
        sheet("Avvik", &["familie_id", "dato", "type"], &[&[FAMILY, "2016-01-01", "SEN_BASELINE"]]);
    let judged = judge(&kinds).unwrap();
    assert_eq!(judged.events[0].fact, EventFact::Deviation { kind: "SEN_BASELINE".into() });
    assert_eq!(judged.events[0].on, date(2016, 1, 1));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_mistake_holds_the_row_and_says_where() {
    let stranger = elsewhere();
    let adult = format!("{stranger}-A1");
    let cases: [(&str, &[&str], &[&str], &str); 19] = [
        ("Flytting", &MOVES, &["RIN-7KQ5-R", "2016-05-01", "0301", ""], "D09 Flytting!A2"),
        ("Flytting", &MOVES, &["", "2016-05-01", "0301", ""], "D12 Flytting!A2"),
        ("Flytting", &MOVES, &[&stranger, "2016-05-01", "0301", ""], "K04 Flytting!A2"),
        ("Flytting", &MOVES, &[FAMILY, "2017-05-01", "0301", ""], "D05 Flytting!B2"),
        ("Flytting", &MOVES, &[FAMILY, "2014-05-01", "0301", ""], "D06 Flytting!B2"),
        ("Flytting", &MOVES, &[FAMILY, "2016-05-01", "Oslo", ""], "D10 Flytting!C2"),
        ("Flytting", &MOVES, &[FAMILY, "2016-05-01", "0301", "oslo"], "D10 Flytting!D2"),
        (
            "Samtykke",
            &CONSENTS,
            &["RIN-7KQ4-R-A9", "TILTAK", "2016-01-01", "JA", ""],
            "K09 Samtykke!A2",
        ),
        ("Samtykke", &CONSENTS, &[&adult, "TILTAK", "2016-01-01", "JA", ""], "K04 Samtykke!A2"),
        (
            "Samtykke",
            &CONSENTS,
            &[FAMILY, "TILTAK", "2016-01-01", "KANSKJE", ""],
            "D10 Samtykke!D2",
        ),
        (
            "Samtykke",
            &CONSENTS,
            &[FAMILY, "TILTAK", "2016-01-01", "JA", "2015-12-01"],
            "D06 Samtykke!E2",
        ),
        (
            "Deltakelse",
            &LOG,
            &[FAMILY, "2015-09-01", "2016-01-01", "", "", "", ""],
            "D12 Deltakelse!D2",
        ),
        ("Deltakelse", &LOG, &[FAMILY, "2015-09-01", "", "", "-3", "", ""], "D13 Deltakelse!E2"),
        (
            "Deltakelse",
            &LOG,
            &[FAMILY, "2015-09-01", "", "", "", "Kari Nordmann", ""],
            "D10 Deltakelse!F2",
        ),
        (
            "Familiemedlemmer",
            &MEMBERS,
            &["RIN-7KQ4-R-B2", FAMILY, "BARN", "2010", "2016-02-03", "", "FODT"],
            "D13 Familiemedlemmer!D2",
        ),
        (
            "Familiemedlemmer",
            &MEMBERS,
            &["RIN-7KQ4-R-B2", FAMILY, "BARN", "2016", "", "", "FODT"],
            "D12 Familiemedlemmer!E2",
        ),
        (
            "Familiemedlemmer",
            &MEMBERS,
            &["RIN-7KQ4-R-A3", FAMILY, "BARN", "1990", "2016-02-03", "", "FLYTTET_INN"],
            "D10 Familiemedlemmer!C2",
        ),
        (
            "Familiemedlemmer",
            &MEMBERS,
            &["RIN-7KQ4-R-A2", FAMILY, "FORELDER", "", "", "2016-05-01", "DOD"],
            "K22 Familiemedlemmer!C2",
        ),
        (
            "Familiemedlemmer",
            &MEMBERS,
            &["RIN-7KQ4-R-A2", FAMILY, "PARTNER", "", "", "2016-05-01", "FODT"],
            "D10 Familiemedlemmer!G2",
        ),
    ];
    for (name, headers, cells, place) in cases {
        let outcome = judge(&sheet(name, headers, &[cells]));
        let found = findings(&outcome);
        assert_eq!(places(found), [place], "{cells:?}");
        let judged = outcome.unwrap();
        assert!(judged.events.is_empty() && judged.held.len() == 1, "{cells:?}");
    }
    let name = judge(&sheet("Deltakelse", &LOG, &[cases[13].2])).unwrap();
    assert!(!super::support::words(&name.findings).contains("Nordmann"), "a name is never shown");
}

/// K06: follow-up of a family not drawn to it is held, unless the row says that it was given.
#[test]
fn follow_up_of_a_control_family_is_held_or_a_deviation() {
    let control = other();
    let log = |deviation: &str| {
        sheet("Deltakelse", &LOG, &[&[&control, "2015-09-01", "", "", "2", "K1", deviation]])
    };
    let held = judge(&log("")).unwrap();
    assert_eq!(places(&held.findings), ["K06 Deltakelse!A2"]);
    assert_eq!((held.events.len(), held.held.len()), (0, 1));
    let told = judge(&log("KONTROLL_FULGT_OPP")).unwrap();
    assert_eq!(places(&told.findings), ["K06 Deltakelse!A2"]);
    assert!(told.held.is_empty());
    let kinds: Vec<bool> =
        told.events.iter().map(|it| matches!(it.fact, EventFact::Deviation { .. })).collect();
    assert_eq!(kinds, [false, true]);
    // The status form tells of both arms.
    let moved =
        judge(&sheet("Flytting", &MOVES, &[&[&control, "2016-05-01", "0301", ""]])).unwrap();
    assert!(moved.findings.is_empty());
}

/// K08: the log would show who is followed up.
#[test]
fn the_log_does_not_stand_in_a_file_of_statuses() {
    let mut book = clean();
    book.sheets.push((
        "Deltakelse".into(),
        vec![row(&LOG), row(&[FAMILY, "2015-09-01", "", "", "2", "K1", ""])],
    ));
    let stopped = judge(&book).unwrap_err();
    assert_eq!(places(&stopped), ["K08 Deltakelse"]);
    assert!(super::support::words(&stopped).contains("Arket «Deltakelse» viser gruppe"));
    let mut book = clean();
    book.sheets
        .push(("Flytting".into(), vec![row(&MOVES), row(&[FAMILY, "2016-05-01", "0301", ""])]));
    let judged = judge(&book).unwrap();
    assert!(judged.findings.is_empty());
    assert_eq!((judged.atoms.len(), judged.events.len()), (11, 1));
}

#[test]
fn an_event_is_held_with_its_family_and_date_and_with_no_other() {
    let mut book = clean();
    let day = "2016-01-15";
    let moves =
        [row(&MOVES), row(&[FAMILY, day, "0301", ""]), row(&[FAMILY, "2016-02-15", "1103", ""])];
    book.sheets.push(("Flytting".into(), moves.to_vec()));
    book.put("Barn!C2", "X");
    let judged = judge(&book).unwrap();
    assert_eq!(judged.held.len(), 1);
    let sheets: Vec<_> = judged.held[0].rows.iter().map(|it| it.sheet.as_str()).collect();
    assert!(sheets.contains(&"Flytting") && sheets.contains(&"Barn"));
    let left: Vec<_> = judged.events.iter().map(|it| it.on.to_string()).collect();
    assert_eq!(left, ["2016-02-15"]);
}

/// A new adult can be told of and observed in one file; held, both are.
#[test]
fn who_is_new_in_a_file_is_known_to_the_rest_of_it() {
    let file = |birth_year: &str| {
        let mut book = clean();
        let newcomer =
            ["RIN-7KQ4-R-A3", FAMILY, "PARTNER", birth_year, "2015-12-01", "", "FLYTTET_INN"];
        book.sheets.push(("Familiemedlemmer".into(), vec![row(&MEMBERS), row(&newcomer)]));
        let cells = ["RIN-7KQ4-R-A3", "2016-01-15", "LONN", "DELTID", "50", "INGEN", "N"];
        let mut status = row(&cells);
        status[4] = Put::Number(50.0);
        book.rows("Voksne").push(status);
        book
    };
    let judged = judge(&file("1990")).unwrap();
    assert!(judged.findings.is_empty(), "{:?}", places(&judged.findings));
    assert_eq!((judged.atoms.len(), judged.events.len()), (11, 1));
    let judged = judge(&file("1790")).unwrap();
    assert_eq!(judged.held.len(), 2);
    assert_eq!((judged.atoms.len(), judged.events.len()), (10, 0));
    // A good row, held with another of its family and date, takes what needs it with it.
    let mut book = file("1990");
    book.sheets
        .push(("Flytting".into(), vec![row(&MOVES), row(&[FAMILY, "2015-12-01", "Oslo", ""])]));
    let judged = judge(&book).unwrap();
    assert_eq!((judged.atoms.len(), judged.events.len(), judged.held.len()), (10, 0, 2));
    assert!(places(&judged.findings).iter().any(|it| it.starts_with("K09")));
}

#[test]
fn the_same_event_twice_is_used_once_and_two_that_differ_are_held() {
    let twice = |second: &str| {
        sheet(
            "Flytting",
            &MOVES,
            &[&[FAMILY, "2016-05-01", "0301", ""], &[FAMILY, "2016-05-01", second, ""]],
        )
    };
    let judged = judge(&twice("0301")).unwrap();
    assert_eq!(
        (judged.events.len(), places(&judged.findings)),
        (1, vec!["K01 Flytting 3".to_owned()])
    );
    let judged = judge(&twice("1103")).unwrap();
    assert_eq!((judged.events.len(), judged.held.len()), (0, 1));
    assert_eq!(places(&judged.findings), ["K02 Flytting 3"]);
}

#[test]
fn an_event_is_taken_back_by_its_row() {
    let mut headers = MOVES.to_vec();
    headers.extend(["registrering", "årsak til retting"]);
    let book = sheet(
        "Flytting",
        &headers,
        &[&[FAMILY, "2016-05-01", "0301", "", "TILBAKEKALT", "FEIL_PERSON"]],
    );
    let judged = judge(&book).unwrap();
    assert!(judged.events[0].retracts);
    assert_eq!(judged.events[0].reason_code.as_deref(), Some("FEIL_PERSON"));
}
