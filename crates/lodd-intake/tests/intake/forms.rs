//! The forms as our own reader sees them. What openpyxl and LibreOffice see in them, and what is read of
//! what they save, is looked at in `tests/forms.rs` of the whole program.

use jiff::civil::{DateTime, date};
use lodd_intake::{
    Expectations, Finding, Held, HeldRow, Lang, Limits, Period, Role, Upload, Workbook, catalogue,
    form::is_correction,
    read,
    text::Phrase,
    variable::UnitKind,
    write::{Ask, Form, correction, log, roster, status},
};

use crate::support::{
    clean, elsewhere, expectations, families, findings, judge, judge_bytes, places,
};

const MADE_AT: DateTime = DateTime::constant(2016, 9, 1, 8, 0, 0, 0);

fn form(expect: &Expectations, lang: Lang) -> Form<'_> {
    Form {
        lang,
        pilot: "pilot-1",
        title: "Oppfølging av familier",
        office_name: "Nav Ringerike",
        made_at: MADE_AT,
        expect,
    }
}

/// Two horizons of every family of Ringerike, the last first.
fn asks() -> Vec<Ask> {
    let mut asks = Vec::new();
    for family in families().iter().filter(|it| **it != elsewhere()).rev() {
        for (label, low) in [("start", date(2015, 7, 2)), ("12 måneder", date(2016, 7, 17))] {
            let ask = |end: &str, unit, who| Ask {
                unit,
                unit_id: format!("{family}{end}"),
                who,
                horizon: Phrase::norwegian(label, label),
                window: Some((low, low.saturating_add(jiff::Span::new().days(90)))),
            };
            asks.push(ask("-B1", UnitKind::Child, Some((Role::Child, 2009))));
            asks.push(ask("-A2", UnitKind::Adult, Some((Role::Partner, 1983))));
            asks.push(ask("-A1", UnitKind::Adult, Some((Role::Parent, 1981))));
            asks.push(ask("", UnitKind::Family, None));
        }
    }
    asks
}

fn book(name: &str, bytes: &[u8]) -> Workbook {
    let read = read(Upload { name, bytes }, &Limits::default());
    read.unwrap_or_else(|findings| panic!("{name}: {:?}", places(&findings)))
}

fn texts(book: &Workbook, sheet: &str, column: u32) -> Vec<String> {
    let sheet = book.sheets.iter().find(|it| it.name == sheet).unwrap();
    let text = |row: &lodd_intake::Row| match &row.cell(column)?.value {
        lodd_intake::CellValue::Text(text) => Some(text.clone()),
        _ => None,
    };
    sheet.rows.iter().filter_map(text).collect()
}

/// Nobody has answered, so a form that comes back as it went out has nothing to say, and nothing wrong.
#[test]
fn every_form_is_read_without_a_finding_of_its_own() {
    let expect = expectations();
    for lang in Lang::ALL {
        let form = form(&expect, lang);
        for bytes in [status(&form, &asks()), log(&form, &families()), roster(&form)] {
            let bytes = bytes.unwrap();
            assert!(book("skjema.xlsx", &bytes).findings.is_empty());
            assert!(!is_correction(&book("skjema.xlsx", &bytes).sheets));
        }
        let judged = judge_bytes("status.xlsx", &status(&form, &asks()).unwrap());
        assert_eq!(places(findings(&judged)), ["F06 Familier"], "{lang:?}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_rows_come_in_the_order_of_the_ids() {
    let expect = expectations();
    let form = form(&expect, Lang::Nb);
    let mut other = asks();
    other.reverse();
    let bytes = status(&form, &asks()).unwrap();
    assert_eq!(bytes, status(&form, &asks()).unwrap());
    let ids = texts(&book("a.xlsx", &bytes), "Voksne", 0);
    let mut sorted = ids.clone();
    sorted[1..].sort();
    assert_eq!((ids.len(), &ids), (1 + 11 * 2 * 2, &sorted));
    let reversed = book("b.xlsx", &status(&form, &other).unwrap());
    assert_eq!(texts(&reversed, "Voksne", 0), ids);
}

#[test]
fn a_held_row_comes_back_marked_and_is_in_order_once_it_is_mended() {
    let expect = expectations();
    let mut file = clean();
    file.put("Voksne!D3", "HELTIDD").put("Voksne!C3", "=1+1").put("Familier!B5", "31.02.2016");
    let held = judge(&file).unwrap().held;
    assert_eq!(held.len(), 2);
    for (lang, word) in [(Lang::Nb, "ikke"), (Lang::Nn, "ikkje"), (Lang::En, "not")] {
        let bytes = correction(&form(&expect, lang), &held).unwrap();
        let book = book("status_retting.xlsx", &bytes);
        assert!(is_correction(&book.sheets));
        let said = texts(&book, "Voksne", 0).join("\n");
        assert!(said.contains("ARBEID: ") && said.contains("HELTIDD"), "{said}");
        assert!(said.contains("INNTEKT: ") && said.contains(word), "{said}");
        let cells = || book.sheets.iter().flat_map(|it| &it.rows).flat_map(|it| &it.cells);
        assert!(cells().all(|it| !it.formula));
        // The header, and the two adults of both families.
        assert_eq!(texts(&book, "Voksne", 1).len(), 1 + 4);
    }
}

/// Options of one variable that stand apart, as the store has them, come back as one cell; what a
/// privacy finding is about does not come back at all.
#[test]
fn options_come_back_as_one_cell_and_what_is_personal_not_at_all() {
    let expect = expectations();
    let id = format!("{}-A1", families()[0]);
    let cell = |header: &str, text: &str| (header.to_owned(), text.to_owned());
    let row = HeldRow {
        sheet: "Voksne".to_owned(),
        row: 2,
        cells: vec![
            cell("voksen_id", &id),
            cell("statusdato", "2016-01-15"),
            cell("INNTEKT", "ring meg på 912 34 567"),
            cell("TILLEGG_BARNETRYGD", "J"),
            cell("TILLEGG_BIDRAG", "N"),
            cell("TILLEGG_UTVIDET_BT", "J"),
        ],
        findings: vec![Finding::new(&catalogue::P02, "a.xlsx").at(2, 2).in_column("INNTEKT")],
    };
    let held = Held {
        family_id: Some(families()[0].clone()),
        period: Period::Date(date(2016, 1, 15)),
        codes: ["P02"].into(),
        rows: vec![row],
    };
    let bytes = correction(&form(&expect, Lang::Nb), &[held]).unwrap();
    let book = book("a_retting.xlsx", &bytes);
    let all: Vec<String> = (0..20).flat_map(|column| texts(&book, "Voksne", column)).collect();
    assert!(all.contains(&"BARNETRYGD, UTVIDET_BT".to_owned()), "{all:?}");
    assert!(!all.iter().any(|it| it.contains("912")), "{all:?}");
    assert!(!all.iter().any(|it| it.starts_with("TILLEGG_")), "{all:?}");
}
