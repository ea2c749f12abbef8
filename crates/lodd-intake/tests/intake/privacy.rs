//! National identity numbers, wherever they hide: the file is refused and the digits are in no
//! message.
//!
//! The number is a synthetic one (month + 80), of the series for tests; its control digits were
//! computed with a pencil: 018190 100 k1 k2 with the weights 3 7 6 1 8 9 4 5 2 and
//! 5 4 3 2 7 6 5 4 3 2.

use super::support::{
    Book, Put, clean, edited, findings, judge, judge_bytes, pack, parts, places, words,
};

/// 3·0+7·1+6·8+1·1+8·9+9·0+4·1+5·0+2·0 = 132 = 11·12, so k1 = 0;
/// 5·0+4·1+3·8+2·1+7·9+6·0+5·1+4·0+3·0+2·0 = 98 = 11·9 − 1, so k2 = 1.
const NUMBER: &str = "01819010001";

#[track_caller]
fn check_refused(name: &str, bytes: &[u8], place: &str) {
    let outcome = judge_bytes(name, bytes);
    let found = findings(&outcome);
    assert!(outcome.is_err(), "{place}");
    assert_eq!(places(found), [place]);
    let everything = format!("{found:?} {}", words(found));
    let digits: String = everything.chars().filter(char::is_ascii_digit).collect();
    for hidden in [NUMBER, &NUMBER[1..], "819010001"] {
        assert!(!digits.contains(hidden), "{everything}");
    }
}

fn with(place: &str, value: impl Into<Put>) -> Vec<u8> {
    let mut book = clean();
    book.put(place, value);
    book.bytes()
}

#[test]
fn in_a_cell_of_any_kind_also_beside_another_mistake() {
    check_refused("s.xlsx", &with("Voksne!D3", NUMBER), "P01 Voksne!D3");
    check_refused("s.xlsx", &with("Voksne!A3", "018190 10001"), "P01 Voksne!A3");
    check_refused("s.xlsx", &with("Måneder!C3", 1_819_010_001.0), "P01 Måneder!C3");
    check_refused("s.xlsx", &with("Voksne!K30", "merk 018190-10001!"), "P01 Voksne!K30");
    check_refused("s.xlsx", &with("Voksne!D3", Put::Formula("=1", NUMBER)), "P01 Voksne!D3");
    let mut book = clean();
    book.put("Voksne!B1", "feil overskrift").put("Voksne!D3", NUMBER).put("Voksne!D4", "HELTIDD");
    check_refused("s.xlsx", &book.bytes(), "P01 Voksne!D3");
}

#[test]
fn in_a_header_a_hidden_sheet_a_sheet_name_a_file_name() {
    check_refused("s.xlsx", &with("Voksne!H1", NUMBER), "P01 Voksne!H1");
    let mut hidden = clean();
    hidden.sheets.push(("Skjult".to_owned(), vec![vec![NUMBER.into()]]));
    hidden.hidden.push("Skjult".to_owned());
    check_refused("s.xlsx", &hidden.bytes(), "P01 Skjult!A1");
    let mut named = clean();
    named.sheets.push((NUMBER.to_owned(), vec![vec!["a".into()]]));
    check_refused("s.xlsx", &named.bytes(), "P01");
    named.sheets[4].1[0].push(NUMBER.into());
    let outcome = judge(&named);
    assert_eq!(places(findings(&outcome)), ["P01", "P01 #5!B1"]);
    check_refused(&format!("{NUMBER}.xlsx"), &clean().bytes(), "P01");
    check_refused("/tmp/018190 10001/018190 10001.csv", b"a", "P01");
}

#[test]
fn in_document_properties_comments_and_validation() {
    let bytes = clean().bytes();
    let creator =
        edited(&bytes, "docProps/core.xml", "<dc:creator>", &format!("<dc:creator>{NUMBER}"));
    check_refused("s.xlsx", &creator, "P01");
    let mut with_comment = parts(&bytes);
    let comment = format!(
        "<comments><commentList><comment ref=\"A1\"><text><t>{NUMBER}</t></text></comment></commentList></comments>"
    );
    with_comment.push(("xl/comments1.xml".to_owned(), comment.into_bytes()));
    check_refused("s.xlsx", &pack(&with_comment), "P01");
    let prompt = format!(
        "<dataValidations><dataValidation prompt=\"{NUMBER}\"/></dataValidations></worksheet>"
    );
    let validation = edited(&bytes, "xl/worksheets/sheet1.xml", "</worksheet>", &prompt);
    check_refused("s.xlsx", &validation, "P01");
}

#[test]
fn in_a_csv_also_a_broken_one() {
    let header = "familie_id,statusdato,BOLIG";
    check_refused(
        "s.csv",
        format!("{header}\nRIN-7KQ4-R,2016-01-15,{NUMBER}\n").as_bytes(),
        "P01 s!C2",
    );
    check_refused("s.csv", format!("{header}\nRIN-7KQ4-R,{NUMBER}\n").as_bytes(), "P01 s!B2");
    check_refused("s.csv", format!("{header}\nRIN-7KQ4-R,\"{NUMBER}\n").as_bytes(), "P01 s!B2");
    let windows = [b"\xf8,".as_slice(), NUMBER.as_bytes(), b"\n"].concat();
    check_refused("s.csv", &windows, "P01 s!B1");
}

#[test]
fn eleven_digits_under_a_header_that_says_so_need_no_control_digits() {
    let sheet = vec![vec!["Fødselsnr".into(), "x".into()], vec!["01819012345".into(), "y".into()]];
    check_refused("s.xlsx", &Book::new(&[("Familier", sheet)]).bytes(), "P01 Familier!A2");
}

#[test]
fn other_numbers_are_no_hits() {
    let mut book = clean();
    book.put("Voksne!H1", "Merknad").put("Voksne!H3", "01819010002 og 12345678901");
    // Nor are they nothing: they are as long as an account number.
    assert_eq!(places(findings(&judge(&book))), ["P02 Voksne!H3", "H08 Voksne!H1"]);
}
