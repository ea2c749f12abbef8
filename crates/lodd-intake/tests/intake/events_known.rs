//! Events against what is known: who stands on the list, and who has died or withdrawn.

use jiff::civil::date;
use lodd_intake::{Exit, Findings, Judged, Leaving, Limits, Upload, snapshots};

use super::support::{Book, expectations, findings, places, row};

const FAMILY: &str = "RIN-7KQ4-R";
const MEMBERS: [&str; 7] =
    ["medlem_id", "familie_id", "rolle", "fodselsar", "fra_dato", "til_dato", "arsak"];
const MOVES: [&str; 4] = ["familie_id", "dato", "til_kommune", "til_kontor"];
const CONSENTS: [&str; 6] = ["medlem_id", "type", "dato", "svar", "trukket", "registrering"];
const LOG: [&str; 7] =
    ["familie_id", "startet", "sluttet", "sluttarsak", "moter", "koordinator", "avvik"];
const DEVIATIONS: [&str; 3] = ["familie_id", "dato", "type"];

type Sheets<'s> = &'s [(&'s str, &'s [&'s str], &'s [&'s str])];

/// Judges a file of sheets with a row each, of a pilot in which some have left.
fn judge(sheets: Sheets<'_>, exits: &[(&str, Leaving, i8)]) -> Result<Judged, Findings> {
    let mut expect = expectations();
    expect.accept_good = true;
    expect.history.exits = exits
        .iter()
        .map(|(unit, status, day)| {
            ((*unit).to_owned(), Exit { status: *status, on: date(2016, 3, *day) })
        })
        .collect();
    let sheets: Vec<_> =
        sheets.iter().map(|(name, head, cells)| (*name, vec![row(head), row(cells)])).collect();
    let bytes = Book::new(&sheets).bytes();
    snapshots(Upload { name: "skjema.xlsx", bytes: &bytes }, &expect, &Limits::default())
}

fn found(sheets: Sheets<'_>, exits: &[(&str, Leaving, i8)]) -> Vec<String> {
    places(findings(&judge(sheets, exits)))
}

/// K17: each sheet, the day after the family withdrew; on the day itself nothing is wrong.
#[test]
fn an_event_after_a_withdrawal_is_held_at_its_day() {
    let adult = format!("{FAMILY}-A2");
    let withdrew = [(FAMILY, Leaving::Withdrew, 14)];
    for day in ["2016-03-14", "2016-03-15"] {
        let cases: [(Sheets<'_>, &str); 4] = [
            (&[("Flytting", &MOVES, &[FAMILY, day, "0301", ""])], "K17 Flytting!B2"),
            (&[("Deltakelse", &LOG, &[FAMILY, day, "", "", "2", "K1", ""])], "K17 Deltakelse!B2"),
            (&[("Avvik", &DEVIATIONS, &[FAMILY, day, "ANNET"])], "K17 Avvik!B2"),
            (
                &[("Familiemedlemmer", &MEMBERS, &[&adult, FAMILY, "", "", "", day, "FLYTTET_UT"])],
                "K17 Familiemedlemmer!F2",
            ),
        ];
        for (sheets, place) in cases {
            let expected: &[&str] = if day == "2016-03-15" { &[place] } else { &[] };
            let outcome = judge(sheets, &withdrew);
            assert_eq!(places(findings(&outcome)), expected, "{sheets:?}");
            let judged = outcome.unwrap();
            assert_eq!(
                (judged.events.len(), judged.held.len()),
                (1 - expected.len(), expected.len())
            );
        }
    }
    // One adult's withdrawal is not the family's.
    let moved: Sheets<'_> = &[("Flytting", &MOVES, &[FAMILY, "2016-03-15", "0301", ""])];
    assert_eq!(found(moved, &[(&adult, Leaving::Withdrew, 14)]), [""; 0]);
}

/// Of the dead nothing can be told but that they died; who withdrew can answer again.
#[test]
fn the_dead_neither_answer_nor_move() {
    let adult = format!("{FAMILY}-A2");
    let consent: Sheets<'_> =
        &[("Samtykke", &CONSENTS, &[&adult, "FORSKNING", "2016-03-15", "JA", "", ""])];
    assert_eq!(found(consent, &[(&adult, Leaving::Died, 14)]), ["K17 Samtykke!C2"]);
    assert_eq!(found(consent, &[(&adult, Leaving::Withdrew, 14)]), [""; 0]);
    for (why, expected) in [("FLYTTET_UT", &["K17 Familiemedlemmer!F2"][..]), ("DOD", &[])] {
        let left: Sheets<'_> =
            &[("Familiemedlemmer", &MEMBERS, &[&adult, FAMILY, "", "", "", "2016-03-15", why])];
        assert_eq!(found(left, &[(&adult, Leaving::Died, 14)]), expected, "{why}");
    }
    // Of the others in the family everything can be told.
    let moved: Sheets<'_> = &[("Flytting", &MOVES, &[FAMILY, "2016-03-15", "0301", ""])];
    assert_eq!(found(moved, &[(&adult, Leaving::Died, 14)]), [""; 0]);
}

/// The sheets of one file are read together: a death or a withdrawal in one holds an answer in
/// another, and a new consent, or one taken back, lets it in.
#[test]
fn a_file_is_held_against_its_own_events() {
    const VOKSNE: [&str; 3] = ["voksen_id", "statusdato", "inntekt"];
    let adult = format!("{FAMILY}-A2");
    let status = [adult.as_str(), "2016-04-01", "LONN"];
    let of = |cells: &[&str]| {
        found(&[("Voksne", &VOKSNE, &status), ("Samtykke", &CONSENTS, cells)], &[])
    };
    let k17 =
        |it: Vec<String>| it.into_iter().filter(|it| it.starts_with("K17")).collect::<Vec<_>>();
    let withdrawn = [adult.as_str(), "FORSKNING", "2015-08-01", "JA", "2016-03-20", ""];
    assert_eq!(k17(of(&withdrawn)), ["K17 Voksne!B2"]);
    let of_measure = [adult.as_str(), "TILTAK", "2015-08-01", "JA", "2016-03-20", ""];
    assert_eq!(k17(of(&of_measure)), [""; 0]);
    let died = [&adult, FAMILY, "", "", "", "2016-03-20", "DOD"];
    let file: Sheets<'_> = &[("Voksne", &VOKSNE, &status), ("Familiemedlemmer", &MEMBERS, &died)];
    assert_eq!(k17(found(file, &[])), ["K17 Voksne!B2"]);
    // Withdrawn before, and answered anew in this file; or told by mistake, and taken back in it.
    for cells in [
        [adult.as_str(), "FORSKNING", "2016-03-25", "JA", "", ""],
        [adult.as_str(), "FORSKNING", "2015-08-01", "JA", "2016-03-14", "TILBAKEKALT"],
    ] {
        let file: Sheets<'_> = &[("Voksne", &VOKSNE, &status), ("Samtykke", &CONSENTS, &cells)];
        let exits = [(adult.as_str(), Leaving::Withdrew, 14)];
        assert_eq!(k17(found(file, &exits)), [""; 0], "{cells:?}");
        assert_eq!(k17(found(&[("Voksne", &VOKSNE, &status)], &exits)), ["K17 Voksne!B2"]);
    }
}

/// K18: nobody whom the draw counts is taken off the list by a form; the whole file stops.
#[test]
fn a_form_takes_nobody_off_the_list() {
    let adult = format!("{FAMILY}-A2");
    for (at, place) in [(1, "B2"), (2, "C2"), (3, "D2")] {
        let mut cells = [&adult, FAMILY, "PARTNER", "1980", "", "", ""];
        cells[at] = "#SLETT";
        let outcome = judge(&[("Familiemedlemmer", &MEMBERS, &cells)], &[]);
        assert_eq!(places(findings(&outcome)), [format!("K18 Familiemedlemmer!{place}")]);
        assert!(outcome.is_err());
    }
}

/// K22: role and year of birth are the list's, in a row that tells of something and in one that
/// a form filled in.
#[test]
fn another_year_of_birth_than_the_lists_is_held() {
    let adult = format!("{FAMILY}-A2");
    for (day, why) in [("2016-05-01", "FLYTTET_UT"), ("", "")] {
        let told = |role: &str, year: &str| {
            let cells = [&adult, FAMILY, role, year, "", day, why];
            found(&[("Familiemedlemmer", &MEMBERS, &cells)], &[])
        };
        assert_eq!(told("PARTNER", "1981"), ["K22 Familiemedlemmer!D2"]);
        assert_eq!(
            told("FORELDER", "1981"),
            ["K22 Familiemedlemmer!C2", "K22 Familiemedlemmer!D2"]
        );
        // As the form fills it in, it tells of nothing: a file of nothing but that.
        let expected: &[&str] = if why.is_empty() { &["F06 Familiemedlemmer"] } else { &[] };
        assert_eq!(told("PARTNER", "1980"), expected);
    }
}

/// K15: who is told of as an adult before the year of the 18th birthday is asked about.
#[test]
fn a_child_who_is_made_an_adult_early_is_asked_about() {
    let adult = format!("{FAMILY}-A3");
    for (year, expected) in [("1998", &[][..]), ("1999", &["K15 Familiemedlemmer!D2"])] {
        let cells = [&adult, FAMILY, "ANNEN_VOKSEN", year, "2016-05-01", "", "FLYTTET_INN"];
        let judged = judge(&[("Familiemedlemmer", &MEMBERS, &cells)], &[]).unwrap();
        assert_eq!(places(&judged.findings), expected);
        assert_eq!((judged.events.len(), judged.held.len()), (1, 0), "only a warning");
    }
}

/// What is found in a row whatever is read in it, is found in an event's row too.
#[test]
fn contact_details_beside_an_event_are_found() {
    let headers = ["familie_id", "dato", "til_kommune", "til_kontor", "merknad"];
    let cells = [FAMILY, "2016-05-01", "0301", "", "ring 412 34 567"];
    let found = found(&[("Flytting", &headers, &cells)], &[]);
    assert_eq!(found, ["P02 Flytting!E2", "H08 Flytting!E1"]);
}
