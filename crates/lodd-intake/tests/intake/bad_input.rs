//! What must be told an office in plain words, in both languages, with file, cell, value, expected
//! and fix.

use lodd_intake::{Findings, Judged, Lang};

use super::support::{Book, clean, findings, judge, judge_bytes, row};

/// Checks the one finding: its place, and its message and fix in both languages.
#[track_caller]
fn check(outcome: &Result<Judged, Findings>, code: &str, place: &str, nb: &str, en: &str) {
    let found = findings(outcome);
    let finding = found.iter().find(|it| it.code() == code).unwrap();
    assert_eq!(found.total(code), 1);
    assert_eq!(finding.place(Lang::Nb), place);
    let words = |lang| [finding.message(lang), finding.fix(lang).unwrap_or_default()].join(" ");
    assert_eq!(words(Lang::Nb), nb);
    assert_eq!(words(Lang::En), en);
}

fn with(place: &str, value: &str) -> Result<Judged, Findings> {
    let mut book = clean();
    book.put(place, value);
    judge(&book)
}

#[test]
fn a_missing_column() {
    let outcome = with("Familier!B1", "status-dato");
    assert!(outcome.is_err());
    check(
        &outcome,
        "H04",
        "status.xlsx, ark Familier, B1",
        "Kolonnen «statusdato» mangler i «Familier». Mente du «status-dato»? Legg til kolonnen \
         «statusdato», eller endre overskriften i B1 til «statusdato».",
        "The column “statusdato” is missing in “Familier”. Did you mean “status-dato”? Add the \
         column “statusdato”, or change the header in B1 to “statusdato”.",
    );
}

#[test]
fn an_unknown_code() {
    let outcome = with("Familier!C2", "eidd");
    assert_eq!(outcome.as_ref().unwrap().held[0].family_id.as_deref(), Some("RIN-7KQ4-R"));
    check(
        &outcome,
        "D10",
        "status.xlsx, ark Familier, C2",
        "C2: «eidd» er ikke et gyldig valg for BOLIG. Gyldige: LEID_PRIVAT, LEID_KOMM, EID, UTEN, \
         ANNET, INSTITUSJON, MIDLERTIDIG. Mente du «EID»? Velg fra nedtrekkslisten.",
        "C2: “eidd” is not a valid choice for BOLIG. Valid: LEID_PRIVAT, LEID_KOMM, EID, UTEN, \
         ANNET, INSTITUSJON, MIDLERTIDIG. Did you mean “EID”? Choose from the drop-down list.",
    );
}

#[test]
fn a_family_that_is_not_on_the_list() {
    let mut book = clean();
    book.rows("Familier").push(row(&["RIN-XXXX-M", "2016-01-15", "EID"]));
    check(
        &judge(&book),
        "K03",
        "status.xlsx, ark Familier, A13",
        "RIN-XXXX-M er ikke med i trekningen for RIN. Sjekk ID. Nye familier meldes inn før \
         trekning, ikke her.",
        "RIN-XXXX-M is not in the draw of RIN. Check the id. New families are registered before a \
         draw, not here.",
    );
}

#[test]
fn a_family_twice() {
    let mut book = clean();
    book.rows("Familier").push(row(&["RIN-7KQ4-R", "2016-01-15", "UTEN"]));
    let outcome = judge(&book);
    assert_eq!(outcome.as_ref().unwrap().held[0].rows.len(), 5, "the whole family is held");
    check(
        &outcome,
        "K02",
        "status.xlsx, ark Familier, rad 13",
        "RIN-7KQ4-R har to ulike svar for BOLIG (rad 2, 13). Behold den riktige.",
        "RIN-7KQ4-R has two different answers for BOLIG (rows 2, 13). Keep the right one.",
    );
}

#[test]
fn the_thirty_first_of_february() {
    check(
        &with("Familier!B2", "31.02.2016"),
        "D04",
        "status.xlsx, ark Familier, B2",
        "B2: datoen 31.02.2016 finnes ikke. Rett dagen eller måneden.",
        "B2: the date 31.02.2016 does not exist. Correct the day or the month.",
    );
}

#[test]
fn a_decimal_comma_in_the_wrong_place() {
    check(
        &with("Måneder!C2", "12,500"),
        "C07",
        "status.xlsx, ark Måneder, C2",
        "C2: «12,500» kan bety 12500 eller 12,500. Skriv uten tusenskille; desimaler med komma, \
         f.eks. 37,5.",
        "C2: “12,500” can mean 12500 or 12.500. Write it without a thousands separator; decimals \
         with a comma, such as 37,5.",
    );
    check(
        &with("Voksne!E3", "5,5"),
        "D13",
        "status.xlsx, ark Voksne, E3",
        "E3: 5,5 er utenfor 1–100 (hele tall). Rett tallet.",
        "E3: 5,5 is outside 1–100 (whole numbers). Correct the number.",
    );
}

#[test]
fn a_file_that_is_not_a_spreadsheet() {
    for (name, bytes) in [
        ("status.csv", &b"\x89PNG\r\n\x1a\n"[..]),
        ("status.csv", b"<html><table><tr><td>a</td></tr></table></html>"),
        ("status.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Workbook"),
        ("status.xlsx", b"familie_id,statusdato\n"),
        ("status", b"familie_id,statusdato\n"),
    ] {
        check(
            &judge_bytes(name, bytes),
            "F01",
            name,
            "Filen er verken en Excel-fil (.xlsx) eller en CSV-fil. Åpne i Excel, velg Lagre som → \
             Excel-arbeidsbok (.xlsx).",
            "The file is neither an Excel workbook (.xlsx) nor a CSV file. Open it in Excel and \
             choose Save as → Excel Workbook (.xlsx).",
        );
    }
}

#[test]
fn an_empty_file() {
    let header_only = Book::new(&[("Familier", vec![row(&["familie_id", "statusdato", "BOLIG"])])]);
    let nothing = ("Fant ingen rader med data i arket «", "Found no rows with data in the sheet “");
    for (outcome, place, sheet) in [
        (judge_bytes("status.xlsx", b""), "status.xlsx, ark status", "status"),
        (judge_bytes("status.csv", b""), "status.csv, ark status", "status"),
        (judge(&header_only), "status.xlsx, ark Familier", "Familier"),
    ] {
        assert!(outcome.is_err());
        let nb = format!("{}{sheet}». Sjekk at du fylte ut riktig ark og lagret.", nothing.0);
        let en = format!(
            "{}{sheet}”. Check that you filled in the right sheet and saved it.",
            nothing.1
        );
        check(&outcome, "F06", place, &nb, &en);
    }
}
