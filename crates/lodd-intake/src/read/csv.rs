//! Text with delimiters: its encoding, its delimiter, its fields.

use std::borrow::Cow;

use super::{Content, Refusal, stem};
use crate::{
    catalogue,
    finding::{Finding, Findings},
    limits::Limits,
    text::Phrase,
    workbook::{Cell, CellValue, Sheet},
};

/// Reads a csv file. It becomes one sheet, named after the file.
pub(super) fn read(file: &str, bytes: &[u8], limits: &Limits) -> Result<Content, Refusal> {
    let mut findings = Findings::default();
    let (text, encoding) = decode(bytes)?;
    if encoding == Encoding::Utf8WithBom {
        findings.push(Finding::new(&catalogue::C01, file));
    }
    let (delimiter, body, skipped) = dialect(&text);
    if let Some(name) = delimiter_name(delimiter) {
        findings.push(Finding::new(&catalogue::C04, file).value(name));
    }
    if let Some(line) = unclosed_quote(body, delimiter) {
        findings.push(Finding::new(&catalogue::C06, file).in_row(line + skipped));
    }
    let fields = Fields { file, delimiter, skipped, limits };
    let sheet = fields.sheet(body, &mut findings)?;
    if encoding == Encoding::Windows1252 {
        let sample =
            sheet.rows.iter().flat_map(|row| &row.cells).find_map(|cell| match &cell.value {
                CellValue::Text(text) if !text.is_ascii() => Some(text.as_str()),
                _ => None,
            });
        findings.push(Finding::new(&catalogue::C02, file).value(sample.unwrap_or("æøå")));
    }
    Ok(Content { sheets: vec![sheet], findings, leak: None })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf8WithBom,
    Utf16,
    Windows1252,
}

/// UTF-8, else UTF-16 if it says so, else Windows-1252. Control characters other than tab and line
/// ends belong to none of them.
fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Refusal> {
    let unknown = || Refusal::new(&catalogue::C09);
    let (text, encoding) = if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        (Cow::Borrowed(std::str::from_utf8(rest).map_err(|_| unknown())?), Encoding::Utf8WithBom)
    } else if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let (text, _, malformed) = encoding_rs::UTF_16LE.decode(bytes);
        if malformed {
            return Err(unknown());
        }
        (text, Encoding::Utf16)
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        (Cow::Borrowed(text), Encoding::Utf8)
    } else {
        (encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0, Encoding::Windows1252)
    };
    if text.chars().any(|c| c.is_control() && !"\t\r\n".contains(c)) {
        return Err(unknown());
    }
    Ok((text, encoding))
}

/// The delimiter, the text after a `sep=` line, and how many lines that took.
fn dialect(text: &str) -> (u8, &str, u32) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let named = first.trim_end().strip_prefix("sep=").and_then(|it| it.bytes().next());
    if let Some(delimiter) = named.filter(|it| b";,\t".contains(it)) {
        return (delimiter, rest, 1);
    }
    let count = |delimiter: u8| {
        let mut quoted = false;
        let outside = |byte: &u8| {
            quoted ^= *byte == b'"';
            !quoted && *byte == delimiter
        };
        first.as_bytes().iter().copied().filter(outside).count()
    };
    let mut delimiter = b',';
    for other in [b';', b'\t'] {
        if count(other) > count(delimiter) {
            delimiter = other;
        }
    }
    (delimiter, text, 0)
}

fn delimiter_name(delimiter: u8) -> Option<Phrase> {
    match delimiter {
        b';' => Some(Phrase::new("semikolon", "semicolon")),
        b'\t' => Some(Phrase::new("tabulator", "tab")),
        _ => None,
    }
}

/// The line (from 1) on which a quotation mark is opened that is never closed.
fn unclosed_quote(text: &str, delimiter: u8) -> Option<u32> {
    let (mut line, mut opened) = (1, None);
    let mut field_start = true;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        line += u32::from(byte == b'\n');
        if opened.is_some() {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                opened = None;
            }
        } else if byte == b'"' && field_start {
            opened = Some(line);
        }
        field_start = byte == delimiter || byte == b'\n' || byte == b'\r';
    }
    opened
}

/// The parser of one file's fields.
struct Fields<'a> {
    file: &'a str,
    delimiter: u8,
    skipped: u32,
    limits: &'a Limits,
}

impl Fields<'_> {
    fn sheet(&self, text: &str, findings: &mut Findings) -> Result<Sheet, Refusal> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        let (mut cells, mut width, mut last_row) = (Vec::new(), None, 0);
        let mut inner_lines = 0;
        let unreadable = |_| Refusal::damaged("feltene kan ikke leses", "the fields can't be read");
        while reader.read_record(&mut record).map_err(unreadable)? {
            let line = record.position().map_or(0, csv::Position::line);
            let row = u32::try_from(line).unwrap_or(u32::MAX).saturating_sub(inner_lines);
            let row = row.saturating_add(self.skipped);
            inner_lines = inner_lines.saturating_add(line_ends(&record));
            last_row = row;
            self.bound(row, &record)?;
            let width = *width.get_or_insert(used(&record).max(1));
            if used(&record) > width || (record.len() < width && used(&record) > 0) {
                findings.push(self.wrong_width(row, record.len(), width));
            }
            cells.extend(record_cells(&record).map(|cell| (row, cell)));
        }
        let twice = |_| Refusal::damaged("samme rad to ganger", "a row twice");
        Sheet::build(stem(self.file).to_owned(), false, cells, last_row).map_err(twice)
    }

    fn bound(&self, row: u32, record: &csv::StringRecord) -> Result<(), Refusal> {
        let Limits { rows, columns, cell_characters, .. } = *self.limits;
        if row > rows {
            return Err(Refusal::too_large(format!("rad {row}"), format!("row {row}")));
        }
        let count = record.len();
        if count > columns as usize {
            return Err(Refusal::too_large(
                format!("{count} kolonner"),
                format!("{count} columns"),
            ));
        }
        if record
            .iter()
            .any(|it| it.len() > cell_characters && it.chars().count() > cell_characters)
        {
            return Err(Refusal::too_large(
                "en celle med for lang tekst",
                "a cell with too long a text",
            ));
        }
        Ok(())
    }

    fn wrong_width(&self, row: u32, found: usize, expected: usize) -> Finding {
        Finding::new(&catalogue::C05, self.file)
            .in_row(row)
            .value(found.to_string())
            .expected(expected.to_string())
    }
}

/// Fields up to the last one that is not empty: Excel may write empty ones after the header's.
fn used(record: &csv::StringRecord) -> usize {
    let trailing = record.iter().rev().take_while(|field| field.trim().is_empty()).count();
    record.len() - trailing
}

fn line_ends(record: &csv::StringRecord) -> u32 {
    let count = record.iter().map(|field| field.matches('\n').count()).sum::<usize>();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn record_cells(record: &csv::StringRecord) -> impl Iterator<Item = Cell> {
    record.iter().zip(0..).filter(|(field, _)| !field.is_empty()).map(|(field, column)| Cell {
        column,
        value: CellValue::Text(field.to_owned()),
        formula: false,
    })
}
