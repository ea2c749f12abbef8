//! A small pilot, and a writer of office files for it.

use std::io::{Cursor, Read, Write};

use jiff::civil::date;
use lodd_intake::{
    Expectations, Findings, History, Judged, KnownMember, Lang, Limits, Role, Upload, ids,
    snapshots as judge_snapshots,
};

use crate::variables::built_in;
use rust_xlsxwriter::{Format, Formula, Note, Workbook, Worksheet};

/// What a test puts into a cell.
#[derive(Clone, Debug)]
pub(crate) enum Put {
    Text(String),
    Number(f64),
    Date(u16, u8, u8),
    Formula(&'static str, &'static str),
    Bool(bool),
    /// A formatted cell without a value.
    Blank,
    Nothing,
}

impl From<&str> for Put {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Put {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Put {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

/// A workbook before it is written: sheets of rows.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    pub(crate) sheets: Vec<(String, Vec<Vec<Put>>)>,
    pub(crate) hidden: Vec<String>,
    /// What is done to a sheet beside its cells.
    pub(crate) marks: Vec<(&'static str, Mark)>,
}

/// What Excel keeps of a sheet beside its cells. Rows and columns from 0.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    /// First row, first column, last row, last column; the first cell keeps its value.
    Merged(u32, u16, u32, u16),
    HiddenRow(u32),
    HiddenColumn(u16),
    /// A note at row and column, by somebody.
    Note(u32, u16, &'static str),
}

impl Book {
    pub(crate) fn new(sheets: &[(&str, Vec<Vec<Put>>)]) -> Self {
        let sheets = sheets.iter().map(|(name, rows)| ((*name).to_owned(), rows.clone())).collect();
        Self { sheets, hidden: Vec::new(), marks: Vec::new() }
    }

    pub(crate) fn rows(&mut self, sheet: &str) -> &mut Vec<Vec<Put>> {
        &mut self.sheets.iter_mut().find(|(name, _)| name == sheet).unwrap().1
    }

    /// Puts a value at `Voksne!D3`.
    pub(crate) fn put(&mut self, place: &str, value: impl Into<Put>) -> &mut Self {
        let (sheet, cell) = place.split_once('!').unwrap();
        let (column, row) = (cell.as_bytes()[0] - b'A', cell[1..].parse::<usize>().unwrap() - 1);
        let rows = self.rows(sheet);
        while rows.len() <= row {
            rows.push(Vec::new());
        }
        while rows[row].len() <= usize::from(column) {
            rows[row].push(Put::Nothing);
        }
        rows[row][usize::from(column)] = value.into();
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        let day = Format::new().set_num_format("dd.mm.yyyy");
        for (name, rows) in &self.sheets {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap();
            sheet.set_hidden(self.hidden.contains(name));
            for (row, cells) in (0_u32..).zip(rows) {
                for (column, put) in (0_u16..).zip(cells) {
                    match put {
                        Put::Text(text) => sheet.write_string(row, column, text).unwrap(),
                        Put::Number(number) => sheet.write_number(row, column, *number).unwrap(),
                        Put::Date(y, m, d) => {
                            let date =
                                rust_xlsxwriter::ExcelDateTime::from_ymd(*y, *m, *d).unwrap();
                            sheet.write_datetime_with_format(row, column, date, &day).unwrap()
                        }
                        Put::Formula(formula, result) => {
                            let formula = Formula::new(*formula).set_result(*result);
                            sheet.write_formula(row, column, formula).unwrap()
                        }
                        Put::Bool(truth) => sheet.write_boolean(row, column, *truth).unwrap(),
                        Put::Blank => sheet.write_blank(row, column, &day).unwrap(),
                        Put::Nothing => continue,
                    };
                }
            }
            for (_, mark) in self.marks.iter().filter(|(of, _)| of == name) {
                mark.put(sheet, rows);
            }
        }
        book.save_to_buffer().unwrap()
    }
}

impl Mark {
    fn put(&self, sheet: &mut Worksheet, rows: &[Vec<Put>]) {
        match *self {
            Self::Merged(first_row, first, last_row, last) => {
                let cell = &rows[first_row as usize][usize::from(first)];
                let Put::Text(text) = cell else { panic!("only texts are merged in tests") };
                let plain = Format::new();
                sheet.merge_range(first_row, first, last_row, last, text, &plain).unwrap();
            }
            Self::HiddenRow(row) => {
                sheet.set_row_hidden(row).unwrap();
            }
            Self::HiddenColumn(column) => {
                sheet.set_column_hidden(column).unwrap();
            }
            Self::Note(row, column, author) => {
                let note = Note::new("Sjekk denne").set_author(author);
                sheet.insert_note(row, column, &note).unwrap();
            }
        }
    }
}

pub(crate) fn row(cells: &[&str]) -> Vec<Put> {
    cells.iter().map(|it| Put::from(*it)).collect()
}

/// The families of the pilot: eleven of Ringerike, the first of them the specification's example,
/// and one of Hadsel.
pub(crate) fn families() -> Vec<String> {
    let mut all = vec!["RIN-7KQ4-R".to_owned()];
    for at in 0..11_u8 {
        all.push(ids::mint("RIN", &[at, 22 - at, (at * 7) % 23, 13]).unwrap());
    }
    all
}

/// The family of Hadsel.
pub(crate) fn elsewhere() -> String {
    families().pop().unwrap()
}

/// Eleven families of one parent, one partner and one child, at home in Ringerike.
pub(crate) fn expectations() -> Expectations {
    let families = families();
    let known = |family: &String, role| KnownMember {
        family_id: family.clone(),
        role,
        birth_year: Some(if role == Role::Child { 2008 } else { 1980 }),
    };
    let member =
        |family: &String, end: &str, role| (format!("{family}-{end}"), known(family, role));
    Expectations {
        today: date(2016, 9, 1),
        starts_on: date(2015, 5, 1),
        id_prefix: "RIN".to_owned(),
        offices: ["ringerike", "hadsel"].map(str::to_owned).into(),
        office: Some("ringerike".to_owned()),
        families: families
            .iter()
            .map(|id| {
                (id.clone(), if *id == elsewhere() { "hadsel" } else { "ringerike" }.to_owned())
            })
            .collect(),
        handovers: std::collections::BTreeMap::new(),
        members: families
            .iter()
            .flat_map(|id| {
                [
                    member(id, "A1", Role::Parent),
                    member(id, "A2", Role::Partner),
                    member(id, "B1", Role::Child),
                ]
            })
            .collect(),
        drawn: Some(families.iter().cloned().collect()),
        variables: built_in(),
        arms: vec!["follow-up".to_owned(), "ordinary".to_owned()],
        follow_up: None,
        accept_good: false,
        history: History::default(),
    }
}

/// A file in which every family of Ringerike has answered on 2016-01-15, without a mistake.
pub(crate) fn clean() -> Book {
    let mut familier = vec![row(&["familie_id", "statusdato", "BOLIG"])];
    let mut voksne = vec![row(&[
        "voksen_id",
        "statusdato",
        "INNTEKT",
        "ARBEID",
        "STILLINGSPROSENT",
        "TILLEGG",
        "SYKMELDT",
    ])];
    let mut barn = vec![row(&["barn_id", "statusdato", "SKOLE", "FRITID"])];
    let mut months = vec![row(&["familie_id", "måned", "stønad", "lån", "register"])];
    for family in families().iter().filter(|it| **it != elsewhere()) {
        let text = |it: String| Put::Text(it);
        familier.push(vec![text(family.clone()), Put::Date(2016, 1, 15), "EID".into()]);
        for adult in ["A1", "A2"] {
            voksne.push(vec![
                text(format!("{family}-{adult}")),
                "2016-01-15".into(),
                "LONN".into(),
                "DELTID".into(),
                50.0.into(),
                "BARNETRYGD, BIDRAG".into(),
                "N".into(),
            ]);
        }
        let id = text(format!("{family}-B1"));
        barn.push(vec![id, "15.01.2016".into(), "J".into(), "INGEN".into()]);
        months.push(vec![
            text(family.clone()),
            "2016-01".into(),
            12500.0.into(),
            0.0.into(),
            "KOSTRA_11F".into(),
        ]);
    }
    Book::new(&[("Familier", familier), ("Voksne", voksne), ("Barn", barn), ("Måneder", months)])
}

pub(crate) fn judge(book: &Book) -> Result<Judged, Findings> {
    judge_bytes("status.xlsx", &book.bytes())
}

/// The same, against a pilot of which more is known.
pub(crate) fn judge_against(book: &Book, expect: &Expectations) -> Result<Judged, Findings> {
    let bytes = book.bytes();
    judge_snapshots(Upload { name: "status.xlsx", bytes: &bytes }, expect, &Limits::default())
}

pub(crate) fn judge_bytes(name: &str, bytes: &[u8]) -> Result<Judged, Findings> {
    judge_snapshots(Upload { name, bytes }, &expectations(), &Limits::default())
}

/// The findings of either outcome.
pub(crate) fn findings(outcome: &Result<Judged, Findings>) -> &Findings {
    match outcome {
        Ok(judged) => &judged.findings,
        Err(findings) => findings,
    }
}

/// Each finding as `D10 Voksne!D3`, or with the row (`K01 Voksne 24`), the sheet, or nothing.
pub(crate) fn places(findings: &Findings) -> Vec<String> {
    findings
        .iter()
        .map(|it| match (&it.sheet, &it.cell, it.row) {
            (Some(sheet), Some(cell), _) => format!("{} {sheet}!{cell}", it.code()),
            (Some(sheet), None, Some(row)) => format!("{} {sheet} {row}", it.code()),
            (Some(sheet), None, None) => format!("{} {sheet}", it.code()),
            (None, _, Some(row)) => format!("{} {row}", it.code()),
            (None, ..) => it.code().to_owned(),
        })
        .collect()
}

/// All messages and fixes, in both languages.
pub(crate) fn words(findings: &Findings) -> String {
    [findings.lines(Lang::Nb), findings.lines(Lang::En)].concat().join("\n")
}

/// The parts of a workbook's archive, unpacked.
pub(crate) fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut part = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (String::from_utf8(part.name_raw().to_vec()).unwrap(), bytes)
        })
        .collect()
}

/// An archive of these parts, not compressed.
pub(crate) fn pack(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // Stored: compressing takes longer than all that is tested.
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The workbook with one part's text changed, which must be there to be changed.
pub(crate) fn edited(bytes: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut parts = parts(bytes);
    let (_, found) = parts.iter_mut().find(|(name, _)| name == part).unwrap();
    let text = String::from_utf8(found.clone()).unwrap();
    assert!(text.contains(from), "{part} has no {from}: {text}");
    *found = text.replacen(from, to, 1).into_bytes();
    pack(&parts)
}
