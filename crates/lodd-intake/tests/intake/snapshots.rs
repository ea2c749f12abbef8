//! What good rows become, and that a family and date goes in whole or not at all.

use lodd_intake::{Atom, Period, Snapshot, UnitKind, Value};

use super::support::{Book, Put, clean, judge, places, row};

const FAMILY: &str = "RIN-7KQ4-R";

fn snapshot(book: &Book, unit: &str) -> Snapshot {
    let judged = judge(book).unwrap();
    let all = judged.atoms.into_iter().flat_map(|atom| atom.snapshots);
    all.into_iter().find(|it| it.unit_id == unit).unwrap()
}

fn code(name: &str, code: &str) -> (String, Value) {
    (name.to_owned(), Value::Code(code.to_owned()))
}

#[test]
fn a_row_becomes_a_snapshot_with_its_defaults_and_one_variable_an_option() {
    let got = snapshot(&clean(), "RIN-7KQ4-R-A1");
    assert_eq!(got.unit_kind, UnitKind::Adult);
    assert_eq!(got.status_date, jiff::civil::date(2016, 1, 15));
    assert_eq!((got.source.as_str(), got.register.as_str()), ("VEILEDER", ""));
    assert_eq!((got.occasion.as_str(), got.record_status.as_str()), ("PLANLAGT", "OBSERVERT"));
    assert_eq!(
        got.values,
        [
            code("ARBEID", "DELTID"),
            code("INNTEKT", "LONN"),
            ("STILLINGSPROSENT".to_owned(), Value::Number(50)),
            code("SYKMELDT", "N"),
            code("TILLEGG_BARNETRYGD", "J"),
            code("TILLEGG_BIDRAG", "J"),
            code("TILLEGG_BOSTOTTE_HUSBANK", "N"),
            code("TILLEGG_BOSTOTTE_KOMM", "N"),
            code("TILLEGG_KONTANTSTOTTE", "N"),
            code("TILLEGG_SOSIALHJELP_SUPPL", "N"),
            code("TILLEGG_UTVIDET_BT", "N"),
        ]
    );
    let child = snapshot(&clean(), "RIN-7KQ4-R-B1");
    let none = ["ANNET", "IDRETT", "KULTUR"].map(|it| code(&format!("FRITID_{it}"), "N"));
    assert_eq!(child.values, [none.to_vec(), vec![code("SKOLE", "J")]].concat());
}

#[test]
fn empty_is_nothing_unknown_is_an_answer_and_slett_clears() {
    let mut book = clean();
    book.put("Voksne!C2", "").put("Voksne!D2", "ukjent").put("Voksne!E2", "#slett");
    book.put("Voksne!F2", "ikke spurt").put("Voksne!G2", Put::Bool(true));
    let got = snapshot(&book, "RIN-7KQ4-R-A1");
    assert!(!got.values.iter().any(|(name, _)| name == "INNTEKT"));
    assert!(got.values.contains(&("ARBEID".to_owned(), Value::Missing("UKJENT".to_owned()))));
    assert!(got.values.contains(&("STILLINGSPROSENT".to_owned(), Value::Clear)));
    assert!(got.values.contains(&code("SYKMELDT", "J")));
    let not_asked = Value::Missing("IKKE_SPURT".to_owned());
    let options = got.values.iter().filter(|(name, _)| name.starts_with("TILLEGG_"));
    assert_eq!(options.filter(|(_, value)| *value == not_asked).count(), 7);
}

#[test]
fn case_and_norwegian_letters_do_not_matter() {
    let mut book = clean();
    book.put("Voksne!C2", " uføretrygd").put("Voksne!D2", "kvp prog");
    let got = snapshot(&book, "RIN-7KQ4-R-A1");
    assert_eq!(got.values[..2], [code("ARBEID", "KVP_PROG"), code("INNTEKT", "UFORETRYGD")]);
}

#[test]
fn why_nothing_was_observed_is_kept_and_a_row_without_an_answer_is_none() {
    let mut book = clean();
    book.put("Voksne!H1", "Registrering").put("Voksne!I1", "kilde").put("Voksne!J1", "register");
    for column in ["C", "D", "E", "F", "G"] {
        book.put(&format!("Voksne!{column}2"), "").put(&format!("Voksne!{column}4"), "");
    }
    book.put("Voksne!H2", "ikke nådd").put("Voksne!I3", "register").put("Voksne!J3", "KOSTRA 11F");
    let judged = judge(&book).unwrap();
    let got = snapshot(&book, "RIN-7KQ4-R-A1");
    assert_eq!((got.record_status.as_str(), got.values.len()), ("IKKE_NADD", 0));
    let partner = snapshot(&book, "RIN-7KQ4-R-A2");
    assert_eq!((partner.source.as_str(), partner.register.as_str()), ("REGISTER", "KOSTRA_11F"));
    // Row 4 has an id and a date, as a form fills them in, and nothing else: not reported.
    assert_eq!(places(&judged.findings), ["K10 Familier 3"]);
}

#[test]
fn one_wrong_cell_holds_the_whole_family_and_no_other() {
    let mut book = clean();
    book.put("Barn!C2", "X");
    let judged = judge(&book).unwrap();
    assert_eq!(judged.held.len(), 1);
    let held = &judged.held[0];
    assert_eq!(held.family_id.as_deref(), Some(FAMILY));
    assert_eq!(held.period, Period::Date(jiff::civil::date(2016, 1, 15)));
    let rows: Vec<_> = held.rows.iter().map(|it| (it.sheet.as_str(), it.row)).collect();
    assert_eq!(rows, [("Familier", 2), ("Voksne", 2), ("Voksne", 3), ("Barn", 2)]);
    assert_eq!(held.rows[3].cells[2], ("SKOLE".to_owned(), "X".to_owned()));
    assert!(judged.atoms.iter().all(|atom| atom.family_id != FAMILY));
    assert_eq!((judged.atoms.len(), judged.months.len()), (10, 11));
}

#[test]
fn a_row_without_a_date_holds_all_dates_of_its_family() {
    let mut book = clean();
    book.rows("Familier").push(row(&[FAMILY, "2016-03-15", "EID"]));
    book.put("Voksne!B2", "");
    let judged = judge(&book).unwrap();
    let dates: Vec<_> = judged.held.iter().map(|it| it.period).collect();
    let date = |month| Period::Date(jiff::civil::date(2016, month, 15));
    assert_eq!(dates, [date(1), date(3)]);
    assert!(judged.held.iter().all(|it| it.codes.contains("D12")));
}

#[test]
fn a_mistyped_id_holds_the_family_that_was_meant() {
    let mut book = clean();
    book.put("Voksne!A2", "RIN-7KQ5-R-A1");
    let judged = judge(&book).unwrap();
    assert_eq!(judged.held.len(), 1);
    assert_eq!(judged.held[0].family_id.as_deref(), Some(FAMILY));
    assert_eq!(judged.held[0].rows.len(), 4);
}

#[test]
fn the_order_of_sheets_and_rows_does_not_matter() {
    let one = judge(&clean()).unwrap();
    let mut book = clean();
    book.sheets.reverse();
    for (_, rows) in &mut book.sheets {
        rows[1..].reverse();
        for row in rows {
            row.reverse();
        }
    }
    let other = judge(&book).unwrap();
    let told = |it: Vec<Atom>| -> Vec<_> {
        it.into_iter().map(|it| (it.family_id, it.status_date, it.snapshots)).collect()
    };
    assert_eq!(told(one.atoms), told(other.atoms));
    assert_eq!(one.months, other.months);
}

#[test]
fn months_are_whole_kroner_and_a_date_stands_for_its_month() {
    let mut book = clean();
    book.put("Måneder!B2", Put::Date(2016, 2, 1)).put("Måneder!C2", "12 500,00");
    book.put("Måneder!D3", "");
    let judged = judge(&book).unwrap();
    let first = judged.months.iter().find(|it| it.family_id == FAMILY).unwrap();
    assert_eq!((first.month, first.grant, first.loan), (2016 * 12 + 1, Some(12500), Some(0)));
    assert_eq!(first.register, "KOSTRA_11F");
    assert_eq!(judged.months.iter().filter(|it| it.loan.is_none()).count(), 1);
}

#[test]
fn two_sources_of_one_date_stand_beside_each_other() {
    let mut book = clean();
    book.put("Familier!D1", "kilde").put("Familier!E1", "anledning");
    let mut self_report = row(&[FAMILY, "2016-01-15", "UTEN", "selvrapport", "ekstra"]);
    self_report[1] = Put::Date(2016, 1, 15);
    book.rows("Familier").push(self_report);
    let judged = judge(&book).unwrap();
    assert!(judged.findings.is_empty());
    let atom = judged.atoms.iter().find(|it| it.family_id == FAMILY).unwrap();
    let sources: Vec<_> = atom.snapshots.iter().map(|it| it.source.as_str()).take(2).collect();
    assert_eq!(sources, ["SELVRAPPORT", "VEILEDER"]);
    assert_eq!(atom.snapshots[0].occasion, "EKSTRA");
}

/// A serial number counted from 1904 is the day 1462 days later than the same one from 1900.
#[test]
fn a_workbook_of_the_1904_system_has_its_own_dates() {
    let from = "<workbookPr ";
    let bytes = super::support::edited(
        &clean().bytes(),
        "xl/workbook.xml",
        from,
        "<workbookPr date1904=\"1\" ",
    );
    let mut expect = super::support::expectations();
    expect.today = jiff::civil::date(2030, 1, 1);
    let upload = lodd_intake::Upload { name: "s.xlsx", bytes: &bytes };
    let judged = lodd_intake::snapshots(upload, &expect, &lodd_intake::Limits::default()).unwrap();
    let day = jiff::civil::date(2020, 1, 16);
    assert!(judged.atoms.iter().any(|atom| atom.status_date == day));
}
