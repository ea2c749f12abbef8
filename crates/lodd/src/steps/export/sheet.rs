//! A table as every format takes it: its cells as text, and of each column its type, label and codes.
//!
//! A cell never begins a formula and never runs over a line: [`escaped`] says how, and how back.

use std::borrow::Cow;

use jiff::{Span, Timestamp, civil};
use lodd_store::{
    Table, Values,
    schema::{Field, Physical, Schema},
};

use super::{
    labels,
    lists::{Code, Lists},
};
use crate::{
    problem::{Failure, Place, Problem},
    text::{Lang, Text, say},
};

/// A table that is exported.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The file's name without its ending.
    pub(super) name: &'static str,
    /// What it is called, in the language of the export.
    pub(super) label: String,
    pub(super) schema: &'static Schema,
    pub(super) columns: Vec<Column>,
    pub(super) rows: usize,
    /// The file: RFC 4180, UTF-8.
    pub(super) csv: String,
}

/// A column of a [`Sheet`].
#[derive(Debug)]
pub(super) struct Column {
    pub(super) field: &'static Field,
    /// What it is called, in the language of the export; without quotes of its own or line breaks.
    pub(super) label: String,
    /// Its codes with what they are called, in the order of their numbers from 1; empty where it has no list.
    pub(super) codes: Vec<(String, String)>,
    /// Bytes of its longest cell.
    pub(super) width: usize,
    /// Whether a cell does not stand as the text is, so that scripts must turn it back.
    pub(super) is_escaped: bool,
    /// Whether it has a value at all.
    pub(super) has_values: bool,
}

/// What a table is called: in files, and in messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'n> {
    pub(super) table: &'static str,
    /// The file it was read from.
    pub(super) file: &'n str,
}

impl Sheet {
    /// The sheet of a table.
    ///
    /// # Errors
    ///
    /// Refused where a text has a control character that no program reads, naming row and column.
    pub(super) fn new(
        names: Names<'_>,
        (schema, table): (&'static Schema, &Table),
        lists: &Lists,
        lang: Lang,
    ) -> Result<Self, Failure> {
        let mut columns = Vec::new();
        let mut cells = Vec::new();
        let mut problems = Vec::new();
        for (field, values) in schema.fields.iter().zip(table.columns()) {
            let codes = codes(field, lists, lang);
            let (texts, faults) = texts(&values.values, !codes.is_empty())?;
            problems.extend(faults.into_iter().map(|row| unreadable(names, field.name, row)));
            columns.push(Column {
                field,
                label: flat(labels::of_column(names.table, field.name).get(lang)),
                codes,
                width: texts.iter().flatten().map(|it| it.text.len()).max().unwrap_or(0),
                is_escaped: texts.iter().flatten().any(|it| it.is_escaped),
                has_values: texts.iter().flatten().any(|it| !it.text.is_empty()),
            });
            cells.push(texts);
        }
        if !problems.is_empty() {
            return Err(Failure::refused(
                Text::new(
                    "tabellene kan ikke skrives som csv",
                    "the tables can't be written as csv",
                ),
                problems,
            ));
        }
        let label = flat(labels::of_table(names.table).get(lang));
        let csv = csv(schema, &cells, table.rows());
        Ok(Self { name: names.table, label, schema, columns, rows: table.rows(), csv })
    }

    /// Whether its rows are of families and persons, under pseudonyms.
    pub(super) fn is_personal(&self) -> bool {
        self.schema.fields.iter().any(|it| matches!(it.name, "unit_id" | "family_id"))
    }
}

fn unreadable(names: Names<'_>, column: &str, row: usize) -> Problem {
    let place = Place {
        file: Some(names.file.to_owned()),
        row: Some(row + 1),
        column: Some(column.to_owned()),
        field: Some(column.to_owned()),
        ..Place::default()
    };
    let message = say!(
        "`{column}` har et styretegn som ikke kan stå i en csv-fil",
        "`{column}` has a control character that can't stand in a csv file"
    );
    Problem::new(place, message).fix(Text::new(
        "rett teksten der den ble ført, og lag tabellen på nytt",
        "mend the text where it was entered, and make the table again",
    ))
}

fn codes(field: &Field, lists: &Lists, lang: Lang) -> Vec<(String, String)> {
    let Physical::Code(list) = field.physical else { return Vec::new() };
    let label = |it: &Code| Some(flat(it.label.get(lang))).filter(|label| !label.is_empty());
    let codes = lists.of(list).iter();
    codes.map(|it| (it.code.clone(), label(it).unwrap_or_else(|| it.code.clone()))).collect()
}

/// A label on one line: what runs over lines, and other control characters, become single spaces.
fn flat(label: &str) -> String {
    let spaced: String = label.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    spaced.split(' ').filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A cell.
#[derive(Debug)]
struct Cell {
    text: String,
    is_escaped: bool,
}

type Cells = Vec<Option<Cell>>;

/// The cells of a column, of texts or of codes, and the rows (from 0) whose text no program reads.
fn texts(values: &Values, are_codes: bool) -> Result<(Cells, Vec<usize>), Failure> {
    let plain = |text: String| Cell { text, is_escaped: false };
    let mut faults = Vec::new();
    let cells = match values {
        Values::Text(all) => {
            let mut cells = Vec::with_capacity(all.len());
            for (row, text) in all.iter().enumerate() {
                if text.as_deref().is_some_and(|it| has_control(it, are_codes)) {
                    faults.push(row);
                }
                cells.push(text.as_deref().map(|text| {
                    let shown = escaped(text);
                    Cell { is_escaped: shown != text, text: shown.into_owned() }
                }));
            }
            cells
        }
        Values::Int(all) => all.iter().map(|it| it.map(|it| plain(it.to_string()))).collect(),
        Values::Real(all) => all.iter().map(|it| it.map(|it| plain(number(it)))).collect(),
        Values::Bool(all) => {
            all.iter().map(|it| it.map(|it| plain(u8::from(it).to_string()))).collect()
        }
        Values::Date(all) => all
            .iter()
            .map(|it| it.map(|it| date(it).map(plain)).transpose())
            .collect::<Result<_, _>>()?,
        Values::Instant(all) => all
            .iter()
            .map(|it| it.map(|it| instant(it).map(plain)).transpose())
            .collect::<Result<_, _>>()?,
    };
    Ok((cells, faults))
}

/// Control characters other than the three that [`escaped`] has a way to write; a code has none.
fn has_control(text: &str, is_code: bool) -> bool {
    text.chars().any(|it| it.is_control() && (is_code || !matches!(it, '\t' | '\n' | '\r')))
}

/// A text as it stands in a cell: `\`, tab, line feed and carriage return as `\\`, `\t`, `\n` and `\r`;
/// then `'` before what would begin a formula (`=`, `+`, `-`, `@`) unless it is a negative number, and
/// before a `'`. Back: take away a first `'`, then read the four pairs.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let mut shown = Cow::Borrowed(text);
    if text.contains(['\\', '\t', '\n', '\r']) {
        let pairs = text.replace('\\', "\\\\").replace('\t', "\\t");
        shown = Cow::Owned(pairs.replace('\n', "\\n").replace('\r', "\\r"));
    }
    if shown.starts_with(['=', '+', '-', '@', '\'']) && !is_negative_number(&shown) {
        shown = Cow::Owned(format!("'{shown}"));
    }
    shown
}

fn is_negative_number(text: &str) -> bool {
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    text.strip_prefix('-').is_some_and(|it| match it.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(it),
    })
}

/// The shortest text that reads back as the same number, with an exponent where it would be long.
fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        "0".to_owned()
    } else if (1e-5..1e15).contains(&size) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

fn date(days: i32) -> Result<String, Failure> {
    let date = civil::date(1970, 1, 1).checked_add(Span::new().days(i64::from(days)));
    date.map(|it| it.to_string()).map_err(|error| Failure::internal("date", error))
}

/// ISO 8601 in UTC, with all six digits of a second's fraction.
fn instant(us: i64) -> Result<String, Failure> {
    let at = Timestamp::from_microsecond(us).map_err(|error| Failure::internal("time", error))?;
    Ok(at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
}

fn csv(schema: &Schema, columns: &[Cells], rows: usize) -> String {
    let names: Vec<&str> = schema.fields.iter().map(|it| it.name).collect();
    let mut csv = names.join(",") + "\r\n";
    for row in 0..rows {
        for (at, cells) in columns.iter().enumerate() {
            if at > 0 {
                csv.push(',');
            }
            if let Some(Some(cell)) = cells.get(row) {
                push_quoted(&mut csv, &cell.text);
            }
        }
        csv.push_str("\r\n");
    }
    csv
}

fn push_quoted(csv: &mut String, text: &str) {
    let plain = !text.is_empty() && !text.contains([',', '"']) && text.trim() == text;
    if plain {
        csv.push_str(text);
    } else {
        csv.push('"');
        csv.push_str(&text.replace('"', "\"\""));
        csv.push('"');
    }
}

#[cfg(test)]
mod tests;
