//! Text with delimiters: its encoding, its delimiter, its fields.

use std::borrow::Cow;

use super::{Content, Refusal, row_too_far, stem, text_too_long, too_many_cells, too_many_columns};
use crate::{
    catalogue,
    finding::{Finding, Findings},
    limits::Limits,
    national_id::found_in,
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
    let (delimiter, body) = dialect(&text);
    if let Some(name) = delimiter_name(delimiter) {
        findings.push(Finding::new(&catalogue::C04, file).value(name));
    }
    let lines = Lines::of(body, delimiter);
    if let Some(row) = lines.unclosed {
        findings.push(Finding::new(&catalogue::C06, file).otherwise().in_row(row));
    }
    let fields = Fields { file, delimiter, lines, limits };
    let sheet = fields.sheet(body, &mut findings)?;
    if encoding == Encoding::Windows1252 {
        let sample =
            sheet.rows.iter().flat_map(|row| &row.cells).find_map(|cell| match &cell.value {
                CellValue::Text(text) if !text.is_ascii() => Some(text.as_str()),
                _ => None,
            });
        findings.push(Finding::new(&catalogue::C02, file).value(sample.unwrap_or("æøå")));
    }
    // Excel's line that names the delimiter is no row, but may hold anything.
    let first = text.strip_suffix(body).is_some_and(|line| found_in(line, false));
    let leak =
        first.then(|| Phrase::new("den første linjen", "den første linja", "the first line"));
    Ok(Content { sheets: vec![sheet], findings, epoch_1904: false, comments: 0, leak })
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

/// Rows among which the header is looked for: titles may stand above it.
const HEADER_WITHIN: usize = 10;

/// The delimiter, and the text after a `sep=` line, which Excel does not count as a row. It is the
/// one that stands in most of the first lines, then the one there are most of: a title above the
/// header may have a comma.
fn dialect(text: &str) -> (u8, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let named = first.trim_end().strip_prefix("sep=").and_then(|it| it.bytes().next());
    if let Some(delimiter) = named.filter(|it| b";,\t".contains(it)) {
        return (delimiter, rest);
    }
    let found = |delimiter: u8| {
        let lines = text.lines().take(HEADER_WITHIN);
        let counts = lines.map(|it| count_unquoted(it, delimiter)).filter(|count| *count > 0);
        counts.fold((0, 0), |(lines, all), count| (lines + 1, all + count))
    };
    let most = [b'\t', b';', b','].into_iter().max_by_key(|it| found(*it));
    (most.unwrap_or(b','), text)
}

fn count_unquoted(line: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    let outside = |byte: &u8| {
        quoted ^= *byte == b'"';
        !quoted && *byte == delimiter
    };
    line.as_bytes().iter().copied().filter(outside).count()
}

fn delimiter_name(delimiter: u8) -> Option<Phrase> {
    match delimiter {
        b';' => Some(Phrase::norwegian("semikolon", "semicolon")),
        b'\t' => Some(Phrase::norwegian("tabulator", "tab")),
        _ => None,
    }
}

/// Where the rows are: the csv parser skips blank lines and counts line ends inside quotes.
#[derive(Debug, Default)]
struct Lines {
    /// The number of each row that is not blank, from 1, as Excel numbers them.
    rows: Vec<u32>,
    /// The row in which a quotation mark is opened that is never closed.
    unclosed: Option<u32>,
}

impl Lines {
    fn of(text: &str, delimiter: u8) -> Self {
        let mut lines = Self::default();
        let (mut row, mut field_start, mut blank) = (1, true, true);
        let mut bytes = text.bytes().peekable();
        while let Some(byte) = bytes.next() {
            let line_end = byte == b'\n' || byte == b'\r';
            if blank && !line_end {
                lines.rows.push(row);
                blank = false;
            }
            if lines.unclosed.is_some() {
                if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                    lines.unclosed = None;
                }
                field_start = false;
                continue;
            }
            if byte == b'"' && field_start {
                lines.unclosed = Some(row);
            }
            if line_end {
                if byte == b'\r' {
                    bytes.next_if_eq(&b'\n');
                }
                row += 1;
                blank = true;
            }
            field_start = line_end || byte == delimiter;
        }
        lines
    }
}

/// The parser of one file's fields.
struct Fields<'a> {
    file: &'a str,
    delimiter: u8,
    lines: Lines,
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
        let unreadable = |_| {
            Refusal::damaged(
                "feltene kan ikke leses",
                "felta kan ikkje lesast",
                "the fields can't be read",
            )
        };
        let mut rows = self.lines.rows.iter();
        while reader.read_record(&mut record).map_err(unreadable)? {
            let row = rows.next().copied().unwrap_or(u32::MAX);
            last_row = row;
            self.bound(row, &record)?;
            if used(&record) > 1 || row as usize >= HEADER_WITHIN {
                width.get_or_insert(used(&record).max(1));
            }
            let (width, used) = (width.unwrap_or(1), used(&record));
            if used > width || (record.len() < width && used > 0) {
                findings.push(self.wrong_width(row, record.len(), width));
            }
            cells.extend(record_cells(&record).map(|cell| (row, cell)));
            if cells.len() > self.limits.cells {
                return Err(too_many_cells());
            }
        }
        let twice =
            |_| Refusal::damaged("samme rad to ganger", "same rada to gonger", "a row twice");
        Sheet::build(stem(self.file).to_owned(), false, cells, last_row).map_err(twice)
    }

    fn bound(&self, row: u32, record: &csv::StringRecord) -> Result<(), Refusal> {
        let Limits { rows, columns, cell_characters, .. } = *self.limits;
        if row > rows {
            return Err(row_too_far(row));
        }
        let count = record.len();
        if count > columns as usize {
            return Err(too_many_columns(count));
        }
        if record
            .iter()
            .any(|it| it.len() > cell_characters && it.chars().count() > cell_characters)
        {
            return Err(text_too_long());
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

fn record_cells(record: &csv::StringRecord) -> impl Iterator<Item = Cell> {
    record.iter().zip(0..).filter(|(field, _)| !field.is_empty()).map(|(field, column)| Cell {
        column,
        value: CellValue::Text(field.to_owned()),
        formula: false,
    })
}
