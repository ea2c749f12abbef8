//! One file for each code, which raises it exactly once at the right place, and nothing else.

use super::support::{
    Book, Put, clean, edited, elsewhere, findings, judge, judge_bytes, places, row, words,
};

/// A change to the clean workbook, and the one finding it must give.
pub(crate) type Case = (&'static str, fn(&mut Book));

fn put(book: &mut Book, place: &str, value: impl Into<Put>) {
    book.put(place, value);
}

/// Findings that hold one family, or only warn: the file goes in.
const ACCEPTED: &[Case] = &[
    ("C03 Voksne!D3", |it| put(it, "Voksne!D3", "HELTIDÃ¸")),
    ("C07 Måneder!C2", |it| put(it, "Måneder!C2", "1.234")),
    ("C07 Måneder!D5", |it| put(it, "Måneder!D5", "12,500")),
    ("C08 Voksne!D3", |it| put(it, "Voksne!D3", "HELTID\u{200b}")),
    ("D01 Voksne!B3", |it| put(it, "Voksne!B3", 42384.0)),
    ("D03 Voksne!B3", |it| put(it, "Voksne!B3", "15/01/16")),
    ("D03 Familier!B2", |it| put(it, "Familier!B2", 12.0)),
    ("D04 Familier!B4", |it| put(it, "Familier!B4", "31.02.2016")),
    ("D04 Måneder!B4", |it| put(it, "Måneder!B4", "2016-13")),
    ("D05 Barn!B2", |it| put(it, "Barn!B2", Put::Date(2016, 9, 2))),
    ("D05 Måneder!B2", |it| put(it, "Måneder!B2", "2016-10")),
    ("D06 Voksne!B3", |it| put(it, "Voksne!B3", "30.04.2015")),
    ("D08 Voksne!A3", |it| put(it, "Voksne!A3", 739_000_000.0)),
    ("D08 Familier!A3", |it| put(it, "Familier!A3", "7,39E+08")),
    ("D09 Voksne!A3", |it| put(it, "Voksne!A3", "RIN-7KQ5-R-A2")),
    ("D09 Familier!A3", |it| put(it, "Familier!A3", "Hansen")),
    ("D09 Voksne!A2", |it| put(it, "Voksne!A2", "RIN-7KQ4-R-B1")),
    ("D10 Voksne!D3", |it| put(it, "Voksne!D3", "HELTIDD")),
    ("D10 Voksne!F3", |it| put(it, "Voksne!F3", "BARNETRYGD, INGEN")),
    ("D10 Familier!C2", |it| put(it, "Familier!C2", "SLOTT")),
    ("D11 Voksne!D3", |it| put(it, "Voksne!D3", "arbeid, heltid")),
    ("D11 Voksne!G3", |it| put(it, "Voksne!G3", "ja")),
    ("D12 Voksne!A3", |it| put(it, "Voksne!A3", "")),
    ("D12 Voksne!B3", |it| put(it, "Voksne!B3", "")),
    ("D13 Voksne!E3", |it| put(it, "Voksne!E3", 375.0)),
    ("D13 Voksne!E3", |it| put(it, "Voksne!E3", "37,5")),
    ("D13 Måneder!C2", |it| put(it, "Måneder!C2", 12500.5)),
    ("D13 Måneder!C2", |it| put(it, "Måneder!C2", -1.0)),
    ("D14 Voksne!D3", |it| put(it, "Voksne!D3", Put::Formula("=1/0", "#DIV/0!"))),
    ("D15 Voksne!D3", |it| put(it, "Voksne!D3", Put::Formula("=\"HEL\"&\"TID\"", "HELTID"))),
    ("D18 Voksne!D3", |it| put(it, "Voksne!D3", "=HELTID")),
    ("D18 Voksne!D3", |it| put(it, "Voksne!D3", "@HELTID")),
    ("D19 Voksne!D3", |it| put(it, "Voksne!D3", "X".repeat(501))),
    ("H02 Gammelt", |it| {
        it.sheets.push(("Gammelt".to_owned(), vec![row(&["a"]), row(&["b"])]));
        it.hidden.push("Gammelt".to_owned());
    }),
    ("H08 Voksne!H1", |it| put(it, "Voksne!H1", "Merknad")),
    ("H10 Barn 13", |it| put(it, "Barn!A14", Put::Blank)),
    ("H11 Barn 5", |it| it.rows("Barn").insert(4, Vec::new())),
    ("K01 Voksne 24", |it| {
        let again = it.rows("Voksne")[4].clone();
        it.rows("Voksne").push(again);
    }),
    ("K02 Voksne 24", |it| {
        let again = it.rows("Voksne")[4].clone();
        it.rows("Voksne").push(again);
        it.put("Voksne!D24", "HELTID");
    }),
    ("K02 Måneder 13", |it| {
        let again = it.rows("Måneder")[4].clone();
        it.rows("Måneder").push(again);
        it.put("Måneder!C13", 1.0);
    }),
    ("K03 Familier!A13", |it| {
        it.rows("Familier").push(row(&["RIN-XXXX-M", "2016-01-15", "EID"]));
    }),
    ("K04 Familier!A13", |it| {
        let other = elsewhere();
        it.rows("Familier").push(row(&[&other, "2016-01-15", "EID"]));
    }),
    ("K09 Voksne!A24", |it| {
        it.rows("Voksne").push(row(&["RIN-7KQ4-R-A7", "2016-01-15", "LONN", "DELTID"]));
    }),
    ("K10 Familier 2", |it| {
        it.rows("Voksne").remove(1);
    }),
];

/// Findings that stop the file.
const REFUSED: &[Case] = &[
    ("F06 Familier", |it| it.sheets.iter_mut().for_each(|(_, rows)| rows.truncate(1))),
    ("H01", |it| {
        it.sheets.truncate(1);
        it.sheets[0] = ("Ark1".to_owned(), vec![row(&["a", "b"]), row(&["c", "d"])]);
    }),
    ("H04 Voksne!B1", |it| put(it, "Voksne!B1", "status dato")),
    ("H04 Familier 1", |it| put(it, "Familier!B1", "")),
    ("H05 Voksne!G1", |it| put(it, "Voksne!G1", "arbeid")),
    ("H09 Barn 2", |it| it.rows("Barn").insert(0, row(&["Skjema for barn"]))),
    ("H09 Barn 2", |it| {
        let header = it.rows("Barn")[0].clone();
        it.rows("Barn").insert(0, header);
    }),
    ("K08 Voksne!H1", |it| put(it, "Voksne!H1", "Gruppe")),
    ("K08 Familier!D1", |it| put(it, "Familier!D1", "Follow-up")),
    ("P05 Voksne!H1", |it| put(it, "Voksne!H1", "Etternavn (valgfritt)")),
    ("P05 Barn!E1", |it| put(it, "Barn!E1", "Fødselsdato")),
];

/// Each change with what it must give.
pub(crate) fn cases() -> impl Iterator<Item = &'static Case> {
    ACCEPTED.iter().chain(REFUSED)
}

/// The codes that these files raise.
pub(crate) fn raised() -> impl Iterator<Item = &'static str> {
    cases().map(|(place, _)| &place[..3])
}

#[test]
fn a_clean_file_has_no_finding() {
    let judged = judge(&clean()).unwrap();
    assert!(judged.findings.is_empty(), "{:?}", places(&judged.findings));
    assert_eq!((judged.atoms.len(), judged.months.len(), judged.held.len()), (11, 11, 0));
    assert_eq!(judged.atoms[0].snapshots.len(), 4);
}

#[test]
fn each_code_is_raised_once_at_its_place_and_the_rest_goes_in() {
    for (expected, change) in ACCEPTED {
        let mut book = clean();
        change(&mut book);
        let outcome = judge(&book);
        assert_eq!(places(findings(&outcome)), [*expected]);
        let judged = outcome.unwrap();
        let holds =
            findings(&Ok(judged.clone())).worst() == Some(lodd_intake::catalogue::Severity::Hold);
        assert_eq!(judged.held.len(), usize::from(holds), "{expected}");
        if holds {
            let code = &expected[..3];
            assert_eq!(judged.held[0].codes.iter().copied().collect::<Vec<_>>(), [code]);
            assert!(!judged.held[0].rows.is_empty());
        }
    }
}

#[test]
fn each_code_that_stops_a_file_is_raised_once_at_its_place() {
    for (expected, change) in REFUSED {
        let mut book = clean();
        change(&mut book);
        let outcome = judge(&book);
        assert_eq!(places(findings(&outcome)), [*expected]);
        assert!(outcome.is_err(), "{expected}");
    }
}

#[test]
fn of_two_rows_that_are_the_same_one_is_used() {
    let mut book = clean();
    let again = book.rows("Voksne")[4].clone();
    book.rows("Voksne").push(again);
    assert_eq!(judge(&book).unwrap().atoms, judge(&clean()).unwrap().atoms);
}

#[test]
fn the_bounds_of_a_date_are_good_dates() {
    for day in [Put::Date(2016, 9, 1), Put::Date(2015, 5, 1)] {
        let mut book = clean();
        book.sheets.truncate(1);
        book.put("Familier!B2", day);
        assert!(judge(&book).unwrap().findings.is_empty());
    }
}

#[test]
fn a_column_that_is_not_read_is_not_judged() {
    let mut book = clean();
    book.put("Voksne!H1", "Merknad").put("Voksne!H2", "=x\u{a0}");
    assert_eq!(places(findings(&judge(&book))), ["H08 Voksne!H1"]);
}

/// What stands where an id should can be a name.
#[test]
fn what_does_not_look_like_an_id_is_not_shown() {
    let mut book = clean();
    book.put("Familier!A3", "Kari Hansen");
    let outcome = judge(&book);
    let words = words(findings(&outcome));
    assert!(
        words.contains("«tekst på 11 tegn» er ikke en gyldig ID.") && !words.contains("Hansen")
    );
}

#[test]
fn a_name_that_looks_like_a_copy_is_asked_about() {
    for name in ["status (1).xlsx", "Kopi av status.xlsx", "~$status.xlsx", "status - copy.xlsx"] {
        let judged = judge_bytes(name, &clean().bytes()).unwrap();
        assert_eq!(places(&judged.findings), ["F11"], "{name}");
    }
}

#[test]
fn more_than_a_fifth_held_refuses_the_file_unless_the_good_ones_are_asked_for() {
    let mut book = clean();
    // Eleven families on a date and eleven in a month; four of 22 is under a fifth.
    for row in 2..=5 {
        book.put(&format!("Familier!C{row}"), "SLOTT");
    }
    let judged = judge(&book).unwrap();
    assert_eq!((judged.held.len(), judged.atoms.len()), (4, 7));
    book.put("Familier!C6", "SLOTT");
    let refused = judge(&book).unwrap_err();
    assert_eq!((refused.total("F10"), refused.total("D10")), (1, 5));
    let f10 = refused.iter().find(|it| it.code() == "F10").unwrap();
    let nb = f10.message(lodd_intake::Lang::Nb);
    assert_eq!(nb, "5 av 22 familier har feil. Ingenting i filen er lagret.");
    assert!(f10.fix(lodd_intake::Lang::Nb).unwrap().contains("D10 (5)"));

    let mut expect = super::support::expectations();
    expect.accept_good = true;
    let upload = lodd_intake::Upload { name: "status.xlsx", bytes: &book.bytes() };
    let judged = lodd_intake::snapshots(upload, &expect, &lodd_intake::Limits::default()).unwrap();
    assert_eq!((judged.held.len(), judged.atoms.len()), (5, 6));
}

/// A formula that Excel never calculated has an element `f` and no value.
#[test]
fn a_formula_without_a_value_is_held() {
    let mut book = clean();
    book.put("Voksne!D3", Put::Formula("=1+1", "7"));
    let bytes = edited(&book.bytes(), "xl/worksheets/sheet2.xml", "<v>7</v>", "");
    let judged = judge_bytes("status.xlsx", &bytes).unwrap();
    assert_eq!(places(&judged.findings), ["D16 Voksne!D3"]);
}
