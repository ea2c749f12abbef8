//! Checks that compare: answers with each other, with the list, and with what is known so far; and
//! what Excel keeps beside the cells. One file a code, which raises it once at its place.

use jiff::civil::date;
use lodd_intake::{
    Exit, Expectations, Lang, Latest, Leaving, Measured, Overdue, UnitKind, Window,
    variable::{Kind, Variable},
};

use super::support::{
    Book, Mark, Put, clean, edited, expectations, families, findings, judge_against, judge_bytes,
    places, row, words,
};

/// What must be found, a change to the clean workbook, and what more is known of the pilot.
type Case = (&'static [&'static str], fn(&mut Book), fn(&mut Expectations));

const NOTHING_MORE: fn(&mut Expectations) = |_| {};

/// Drawn on 2015-10-01, measured after three months (30 days around) and on 2016-06-30.
fn drawn(expect: &mut Expectations) {
    let window = |horizon: &str, low, target, high| Window {
        horizon: horizon.to_owned(),
        target,
        low,
        high,
    };
    expect.history.draws = vec![Measured {
        drawn_on: date(2015, 10, 1),
        windows: vec![
            window("3", date(2015, 12, 2), date(2016, 1, 1), date(2016, 1, 31)),
            window("2016-06-30", date(2016, 5, 16), date(2016, 6, 30), date(2016, 8, 14)),
        ],
    }];
    expect.history.followed = families().into_iter().map(|family| (family, 0)).collect();
}

/// A form's guide sheet.
fn guide(book: &mut Book, name: &str, version: &str, office: &str) {
    let rows = vec![
        row(&["Slik fyller du ut", ""]),
        row(&["malversjon", version]),
        row(&["pilot", "Ringerike"]),
        row(&["kontor", office]),
    ];
    book.sheets.insert(0, (name.to_owned(), rows));
}

/// Ends a chain of changes.
fn put(_: &mut Book) {}

const CASES: &[Case] = &[
    (&["F07 Veiledning!B2"], |it| guide(it, "Veiledning", "0", "ringerike"), NOTHING_MORE),
    (&["F09 Rettleiing!B4"], |it| guide(it, "Rettleiing", "1", "hadsel"), NOTHING_MORE),
    (
        &["H01"],
        |it| {
            guide(it, "Veiledning", "1", "Ringerike");
            it.sheets.retain(|(name, _)| name != "Barn");
        },
        NOTHING_MORE,
    ),
    (&["H03 Voksne 5"], |it| it.marks = vec![("Voksne", Mark::HiddenRow(4))], NOTHING_MORE),
    (&["H03 Voksne!D1"], |it| it.marks = vec![("Voksne", Mark::HiddenColumn(3))], NOTHING_MORE),
    (&["H06 Voksne!C1"], |it| it.marks = vec![("Voksne", Mark::Merged(0, 2, 0, 3))], NOTHING_MORE),
    (&["H07 Voksne!D4"], |it| it.marks = vec![("Voksne", Mark::Merged(3, 3, 4, 3))], NOTHING_MORE),
    (&["H07 Barn!A6"], |it| it.marks = vec![("Barn", Mark::Merged(5, 0, 6, 0))], NOTHING_MORE),
    (
        &["P04"],
        |it| {
            let note = |row, author| ("Voksne", Mark::Note(row, 2, author));
            it.marks = vec![note(3, "Kari"), note(4, "Kari"), note(5, "lodd")];
        },
        NOTHING_MORE,
    ),
    (
        &["P02 Voksne!H3", "H08 Voksne!H1"],
        |it| put(it.put("Voksne!H1", "Merknad").put("Voksne!H3", "ring 412 34 567")),
        NOTHING_MORE,
    ),
    (&["P02 Voksne!D3"], |it| put(it.put("Voksne!D3", "kari.n@nav.no")), NOTHING_MORE),
    (&["P02 Familier!B3"], |it| put(it.put("Familier!B3", "ring 41234567")), NOTHING_MORE),
    (
        &["H08 Voksne!H1", "P03 Voksne!H3"],
        |it| put(it.put("Voksne!H1", "Merknad").put("Voksne!H3", "fikk jobb i mars")),
        NOTHING_MORE,
    ),
    (&["C03 Voksne!C3"], |it| put(it.put("Voksne!C3", "UF?RETRYGD")), NOTHING_MORE),
    (&["C06 Voksne!D3"], |it| put(it.put("Voksne!D3", "HEL\nTID")), NOTHING_MORE),
    (&["D11 Voksne!D3"], |it| put(it.put("Voksne!D3", "Full tid")), NOTHING_MORE),
    (&["D06 Familier!B2"], |it| put(it.put("Familier!B2", "01.08.2015")), drawn),
    (
        &["D06 Barn!B3"],
        |_| {},
        |it| {
            let child = format!("{}-B1", families()[1]);
            it.members.get_mut(&child).unwrap().birth_year = Some(2017);
        },
    ),
    (&["D07 Familier!B2"], |it| whole_family_on(it, 2016, 2, 10), drawn),
    (&["D17 Familier!B4"], |it| dragged_dates(it), NOTHING_MORE),
    (
        &["D08 Familier!A4", "D08 Familier!A5", "D08 Familier!A6", "D17 Familier!A4"],
        |it| {
            for (row, number) in [(4, 1.0), (5, 2.0), (6, 3.0)] {
                it.put(&format!("Familier!A{row}"), number);
            }
        },
        |it| it.accept_good = true,
    ),
    (&["K05 Voksne!H2"], answers_of_adults, adults_are_asked),
    (
        &["K11 Familier"],
        |_| {},
        |it| {
            let window = (date(2016, 5, 16), date(2016, 8, 14));
            let due_on = date(2016, 8, 30);
            let families = families().into_iter().take(3);
            it.history.overdue =
                families.map(|family_id| Overdue { family_id, window, due_on }).collect();
        },
    ),
    (
        &["K15 Voksne!C2"],
        |_| {},
        |it| {
            let codes = [("INNTEKT".to_owned(), "UFORETRYGD".to_owned())].into();
            let latest = Latest { status_date: date(2015, 12, 20), codes };
            it.history.latest = [("RIN-7KQ4-R-A1".to_owned(), latest)].into();
        },
    ),
    (
        &["K16 Voksne!C2"],
        |it| put(it.put("Voksne!C2", "AAP").put("Voksne!D2", "LEDIG_UREG")),
        NOTHING_MORE,
    ),
    (&["K16 Voksne!C2"], |it| put(it.put("Voksne!C2", "ALDERSPENSJON")), NOTHING_MORE),
    (
        &["K16 Voksne!F2"],
        |it| {
            it.put("Voksne!F3", "");
            it.rows("Barn").remove(1);
        },
        |it| drop(it.members.remove("RIN-7KQ4-R-B1")),
    ),
    (
        &["K17 Voksne!B2"],
        |_| {},
        |it| {
            let exit = Exit { status: Leaving::Withdrew, on: date(2016, 1, 14) };
            it.history.exits = [("RIN-7KQ4-R-A1".to_owned(), exit)].into();
        },
    ),
];

fn whole_family_on(book: &mut Book, year: u16, month: u8, day: u8) {
    for place in ["Familier!B2", "Voksne!B2", "Voksne!B3", "Barn!B2"] {
        book.put(place, Put::Date(year, month, day));
    }
}

/// Five families whose date was dragged from a Thursday over a weekend, each alone in a file.
fn dragged_dates(book: &mut Book) {
    book.sheets.truncate(1);
    for row in 4..=8_u8 {
        book.put(&format!("Familier!B{row}"), Put::Date(2016, 1, 10 + row));
    }
}

fn answers_of_adults(book: &mut Book) {
    book.put("Voksne!H1", "BOLIG").put("Voksne!H2", "UTEN").put("Voksne!H3", "EID");
}

fn adults_are_asked(expect: &mut Expectations) {
    let of_family = expect.variables.iter().find(|it| it.name == "BOLIG").unwrap();
    let Kind::Code(codes) = of_family.kind.clone() else { panic!() };
    let name = "BOLIG".to_owned();
    let kind = Kind::Code(codes);
    expect.variables.push(Variable { name, unit: UnitKind::Adult, kind, label: "BOLIG".into() });
}

/// The codes that these files raise.
pub(crate) fn raised() -> impl Iterator<Item = &'static str> {
    CASES.iter().flat_map(|(places, ..)| *places).map(|place| &place[..3])
}

#[test]
fn each_is_found_once_at_its_place() {
    for (expected, change, more) in CASES {
        let (mut book, mut expect) = (clean(), expectations());
        change(&mut book);
        more(&mut expect);
        let outcome = judge_against(&book, &expect);
        assert_eq!(places(findings(&outcome)), *expected);
    }
}

/// One date of a workbook with 1904 dates, and one that was pasted from such a workbook.
#[test]
fn dates_that_are_four_years_and_a_day_off_are_asked_about() {
    let mut book = clean();
    for row in 3..=12 {
        book.put(&format!("Familier!B{row}"), "15.01.2016");
    }
    let part = "xl/workbook.xml";
    let mac = edited(&book.bytes(), part, "<workbookPr ", "<workbookPr date1904=\"1\" ");
    let outcome = judge_bytes("status.xlsx", &mac);
    assert_eq!(places(findings(&outcome)), ["D02 Familier!B2"]);
    let words = words(findings(&outcome));
    assert!(words.contains("B2: 16.01.2020 eller 15.01.2016?"), "{words}");

    let mut book = clean();
    book.put("Familier!B4", Put::Date(2012, 1, 14));
    assert_eq!(places(findings(&judge_bytes("s.xlsx", &book.bytes()))), ["D02 Familier!B4"]);
    book.put("Familier!B4", Put::Date(2012, 1, 13));
    assert_eq!(places(findings(&judge_bytes("s.xlsx", &book.bytes()))), ["D06 Familier!B4"]);
}

/// A number without a date format says a day in each of two calendars.
#[test]
fn a_bare_number_in_a_workbook_with_1904_dates_is_not_guessed() {
    let mut book = clean();
    book.sheets.truncate(1);
    for row in 2..=12 {
        book.put(&format!("Familier!B{row}"), "15.01.2016");
    }
    book.put("Familier!B2", 42384.0);
    let part = "xl/workbook.xml";
    let mac = edited(&book.bytes(), part, "<workbookPr ", "<workbookPr date1904=\"1\" ");
    assert_eq!(places(findings(&judge_bytes("s.xlsx", &mac))), ["D02 Familier!B2"]);
}

#[test]
fn the_messages_say_what_was_found_in_three_languages() {
    let told = |case: usize| {
        let (_, change, more) = &CASES[case];
        let (mut book, mut expect) = (clean(), expectations());
        change(&mut book);
        more(&mut expect);
        let outcome = judge_against(&book, &expect);
        let last = findings(&outcome).iter().last().unwrap().clone();
        Lang::ALL.map(|lang| last.message(lang))
    };
    let case = |code: &str| CASES.iter().position(|(it, ..)| it[0].starts_with(code)).unwrap();
    assert_eq!(
        told(case("H03")),
        [
            "«Voksne» har 1 skjult rad (filter). Alt er tatt med.",
            "«Voksne» har 1 skjult rad (filter). Alt er teke med.",
            "“Voksne” has 1 hidden row (a filter). All was read.",
        ]
    );
    assert_eq!(
        told(case("D07")),
        [
            "10.02.2016 er 40 dager fra nærmeste måletidspunkt (01.01.2016). Lagres, men teller ikke \
             i 3-månedersmålingen.",
            "10.02.2016 er 40 dagar frå næraste måletidspunkt (01.01.2016). Blir lagra, men tel ikkje \
             i 3-månadersmålinga.",
            "2016-02-10 is 40 days from the nearest time of measurement (2016-01-01). Stored, but \
             does not count in the 3-month measurement.",
        ]
    );
    let three = families()[..3].to_vec();
    let mut three = three;
    three.sort();
    let three = three.join(", ");
    assert_eq!(
        told(case("K11"))[..2],
        [
            format!(
                "3 familier skulle vært registrert innen 30.08.2016, men mangler svar: {three}."
            ),
            format!(
                "3 familiar skulle vore registrert innan 30.08.2016, men manglar svar: {three}."
            ),
        ]
    );
    assert_eq!(told(case("K17"))[1], "RIN-7KQ4-R-A1 er registrert som trekt frå 14.01.2016.");
    assert_eq!(told(case("K15"))[0], "RIN-7KQ4-R-A1: UFORETRYGD → LONN på 26 dager er uvanlig.");
}

/// What a careful office does, and what nobody need look at.
#[test]
fn what_is_in_order_has_no_finding() {
    let mut book = clean();
    guide(&mut book, "Veiledning", "1", "ringerike");
    book.sheets.push(("Koder".to_owned(), vec![row(&["BOLIG"]), row(&["EID"])]));
    book.hidden.push("Koder".to_owned());
    for name in ["Familier", "Voksne", "Barn"] {
        for (at, cells) in book.rows(name).iter_mut().enumerate() {
            cells.insert(0, if at == 0 { "Feil".into() } else { "D10: rettet".into() });
        }
    }
    book.marks = vec![("Veiledning", Mark::Merged(0, 0, 0, 1)), ("Voksne", Mark::HiddenRow(60))];
    let mut expect = expectations();
    drawn(&mut expect);
    let window = (date(2015, 12, 2), date(2016, 1, 31));
    let told = Overdue { family_id: families()[0].clone(), window, due_on: date(2016, 2, 20) };
    expect.history.overdue = vec![told];
    let outcome = judge_against(&book, &expect);
    assert_eq!(places(findings(&outcome)), [""; 0]);
    assert_eq!(outcome.unwrap().atoms.len(), 11);
}

/// Dates of one family after the other through a week, and four children of one family, count up
/// by one and are in order.
#[test]
fn what_counts_up_in_earnest_is_not_taken_for_dragged() {
    let mut book = clean();
    book.sheets.truncate(1);
    for row in 4..=8_u8 {
        book.put(&format!("Familier!B{row}"), Put::Date(2016, 1, 7 + row));
    }
    assert_eq!(places(findings(&judge_bytes("s.xlsx", &book.bytes()))), [""; 0]);

    let mut book = clean();
    let mut expect = expectations();
    let child = expect.members["RIN-7KQ4-R-B1"].clone();
    for number in 2..=4 {
        let id = format!("RIN-7KQ4-R-B{number}");
        book.rows("Barn").insert(number, row(&[&id, "2016-01-15", "J", "INGEN"]));
        expect.members.insert(id, child.clone());
    }
    assert_eq!(places(findings(&judge_against(&book, &expect))), [""; 0]);
}
