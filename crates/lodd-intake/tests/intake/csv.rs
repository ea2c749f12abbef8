//! Text with delimiters: encodings, delimiters, fields.

use super::support::{families, findings, judge_bytes, places, words};

const HEADER: &str = "familie_id,statusdato,BOLIG";
const ROW: &str = "RIN-7KQ4-R,2016-01-15,EID";

/// Judges a csv and gives the places of its findings.
fn found(bytes: &[u8]) -> Vec<String> {
    places(findings(&judge_bytes("status.csv", bytes)))
}

#[test]
fn a_clean_csv_has_no_finding() {
    let judged = judge_bytes("status.csv", format!("{HEADER}\n{ROW}\n").as_bytes()).unwrap();
    assert!(judged.findings.is_empty());
    assert_eq!(judged.atoms[0].snapshots[0].unit_id, "RIN-7KQ4-R");
}

#[test]
fn delimiters_are_found() {
    let with = |delimiter: &str| format!("{HEADER}\r\n{ROW}\r\n").replace(',', delimiter);
    for (text, name) in [(with(";"), "semikolon"), (with("\t"), "tabulator")] {
        let judged = judge_bytes("status.csv", text.as_bytes()).unwrap();
        assert_eq!(places(&judged.findings), ["C04"]);
        assert!(words(&judged.findings).contains(name));
        assert_eq!(judged.atoms.len(), 1);
    }
    let named = format!("sep=;\n{HEADER}\n{}", ROW.replace("EID", "SLOTT")).replace(',', ";");
    let judged = findings(&judge_bytes("status.csv", named.as_bytes())).clone();
    assert!(places(&judged).contains(&"D10 status!C2".to_owned()), "rows are counted as in Excel");
}

#[test]
fn encodings_are_told_apart() {
    let text = format!("{HEADER}\n{ROW}\n");
    let bom = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    assert_eq!(found(&bom), ["C01"]);

    let windows = b"familie_id,m\xe5ned,st\xf8nad,l\xe5n\nRIN-7KQ4-R,2016-01,100,0\n";
    let judged = judge_bytes("status.csv", windows).unwrap();
    assert_eq!(places(&judged.findings), ["C02"]);
    assert!(words(&judged.findings).contains("«måned»"));
    assert_eq!(judged.months[0].grant, Some(100));

    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(found(&utf16), Vec::<String>::new());
    assert_eq!(found(&utf16[2..]), ["C09"], "UTF-16 that does not say so");
    assert_eq!(found(b"familie_id\0,statusdato\n"), ["C09"]);
}

#[test]
fn a_row_with_another_number_of_fields_stops_the_file_at_its_row() {
    let text = format!("{HEADER}\n{ROW}\n\n{ROW},x\n\"a\nb\",c\n{ROW}\n");
    let outcome = judge_bytes("status.csv", text.as_bytes());
    let all = findings(&outcome);
    assert!(outcome.is_err());
    let rows: Vec<_> = all.iter().filter(|it| it.code() == "C05").map(|it| it.row).collect();
    // The blank line is row 3, as in Excel; the line break inside quotes makes no row.
    assert_eq!(rows, [Some(4), Some(5)]);
    assert!(words(all).contains("Rad 4 har 4 felt, overskriften har 3."));
    assert!(words(all).contains("Row 5 has 2 fields, the header has 3."));
}

/// Families are judged by id, but whoever mends the file goes through it from the top.
#[test]
fn findings_of_a_code_are_in_the_order_of_the_file() {
    let row = |family: &str| format!("{family},2016-01-15,SLOTT\n");
    let families = families();
    let (first, second) = (row(&families[0]), row(&families[1]));
    for rows in [[&first, &second], [&second, &first]] {
        let text = format!("{HEADER}\n{}{}", rows[0], rows[1]);
        let codes = found(text.as_bytes()).into_iter().filter(|it| it.starts_with("D10"));
        assert_eq!(codes.collect::<Vec<_>>(), ["D10 status!C2", "D10 status!C3"]);
    }
}

/// A title has no delimiter (typed) or empty fields after it (saved by Excel), or commas of its own.
#[test]
fn a_title_above_the_header_is_named_once() {
    let table = format!("{HEADER}\n{ROW}\n").replace(',', ";");
    for title in ["Skjema for familier", "Skjema for familier;;", "Skjema, for, familier"] {
        let found = found(format!("{title}\n\n{table}").as_bytes());
        assert_eq!(found, ["H09 status 3", "C04"], "{title}");
    }
}

#[test]
fn empty_fields_after_the_last_column_are_nothing() {
    let text = format!("{HEADER},,\n{ROW},,\n,,,,\n");
    assert_eq!(found(text.as_bytes()), ["H10 status 3"]);
}

#[test]
fn a_quotation_mark_that_stays_open_stops_the_file_where_it_opens() {
    let text = format!("{HEADER}\n{ROW}\nRIN-7KQ4-R,2016-01-16,\"EID\n{ROW}\n");
    let outcome = judge_bytes("status.csv", text.as_bytes());
    assert!(outcome.is_err());
    assert!(places(findings(&outcome)).contains(&"C06 3".to_owned()));
    assert_eq!(found(format!("{HEADER}\n\"RIN-7KQ4-R\",\"2016-01-15\",EID\n").as_bytes()), [""; 0]);
}
