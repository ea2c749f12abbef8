//! Excel workbooks, cell by cell.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{
    Content, Refusal, archive, observed::Observed, row_too_far, text_too_long, too_many_cells,
    too_many_columns,
};
use crate::{
    catalogue,
    finding::{Finding, Findings},
    form,
    limits::Limits,
    workbook::{Cell, CellValue, Sheet},
};

/// Days between the epochs 1899-12-30 and 1904-01-01.
const EPOCH_1904: f64 = 1462.0;

/// Reads a workbook.
pub(super) fn read(file: &str, bytes: &[u8], limits: &Limits) -> Result<Content, Refusal> {
    let mut inspected = archive::inspect(bytes, limits)?;
    // The guard refuses what is known to make calamine panic; a new way must not end the program.
    let (sheets, epoch_1904) = catch_unwind(AssertUnwindSafe(|| {
        let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| refusal(&error))?;
        Ok((sheets(&mut book, &mut inspected.observed, limits)?, book.has_1904_epoch()))
    }))
    .unwrap_or_else(|_| Err(unreadable()))?;
    let mut findings = Findings::default();
    let unread =
        |sheet: &&Sheet| sheet.hidden && !sheet.rows.is_empty() && !form::is_own(&sheet.name);
    for sheet in sheets.iter().filter(unread) {
        findings.push(Finding::new(&catalogue::H02, file).in_sheet(&sheet.name));
    }
    let comments = inspected.observed.comments();
    // LibreOffice does not keep who wrote a note, so those of our own can't be told by their author.
    if comments > 0 && !form::is_correction(&sheets) {
        findings.push(Finding::new(&catalogue::P04, file).count(comments));
    }
    let leak = inspected.leak(sheets.len());
    Ok(Content { sheets, findings, epoch_1904, comments, leak })
}

fn sheets(
    book: &mut Book<'_>,
    observed: &mut Observed,
    limits: &Limits,
) -> Result<Vec<Sheet>, Refusal> {
    let listed = book.sheets_metadata().to_vec();
    if listed.len() > limits.sheets {
        let count = listed.len();
        return Err(Refusal::too_many(count, ["ark", "ark", "sheets"]));
    }
    let mut room = Room { cells: limits.cells, text_bytes: limits.text_bytes, limits };
    let mut sheets = Vec::new();
    let worksheets = listed.iter().enumerate().filter(|(_, it)| it.typ == SheetType::WorkSheet);
    for (at, listed) in worksheets {
        let hidden = listed.visible != SheetVisible::Visible;
        let (cells, last_row) = cells(book, &listed.name, &mut room)?;
        let sheet = Sheet::build(listed.name.clone(), hidden, cells, last_row);
        let sheet = sheet.map_err(|_| {
            Refusal::damaged("samme celle to ganger", "same cella to gonger", "a cell twice")
        })?;
        sheets.push(Sheet { shape: observed.shape(at), ..sheet });
    }
    Ok(sheets)
}

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The cells that have a value, with their rows from 1, and the last row with any cell.
fn cells(
    book: &mut Book<'_>,
    sheet: &str,
    room: &mut Room<'_>,
) -> Result<(Vec<(u32, Cell)>, u32), Refusal> {
    let epoch = if book.has_1904_epoch() { EPOCH_1904 } else { 0.0 };
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|error| refusal(&error))?;
    let (mut cells, mut last_row) = (Vec::new(), 0);
    while let Some(it) =
        reader.next_cell_with_formula_metadata().map_err(|error| refusal(&error))?
    {
        let (row, column) = (it.pos.0.saturating_add(1), it.pos.1);
        let formula = it.formula.is_some();
        let value = match value(it.value, epoch) {
            None if formula => Some(CellValue::Uncalculated),
            value => value,
        };
        if row <= room.limits.rows {
            last_row = last_row.max(row);
        }
        if let Some(value) = value {
            room.take(row, column, &value)?;
            cells.push((row, Cell { column, value, formula }));
        }
    }
    Ok((cells, last_row))
}

fn value(value: DataRef<'_>, epoch: f64) -> Option<CellValue> {
    let date = |it: ExcelDateTime| CellValue::Date(it.as_f64() + epoch);
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => CellValue::Number(number as f64),
        DataRef::Float(number) => CellValue::Number(number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            return text_value(&text);
        }
        DataRef::SharedString(text) => return text_value(text),
        DataRef::Bool(truth) => CellValue::Bool(truth),
        DataRef::DateTime(it) if it.is_datetime() => date(it),
        DataRef::DateTime(it) => CellValue::Number(it.as_f64()),
        DataRef::Error(error) => CellValue::Error(error.to_string()),
    })
}

fn text_value(text: &str) -> Option<CellValue> {
    (!text.is_empty()).then(|| CellValue::Text(text.to_owned()))
}

/// What is left of the limits that hold over all sheets.
struct Room<'a> {
    cells: usize,
    text_bytes: usize,
    limits: &'a Limits,
}

impl Room<'_> {
    fn take(&mut self, row: u32, column: u32, value: &CellValue) -> Result<(), Refusal> {
        let Limits { rows, columns, cell_characters, .. } = *self.limits;
        if row > rows {
            return Err(row_too_far(row));
        }
        if column >= columns {
            let count = column.saturating_add(1);
            return Err(too_many_columns(count));
        }
        let text = if let CellValue::Text(text) = value { text.as_str() } else { "" };
        if text.len() > cell_characters && text.chars().count() > cell_characters {
            return Err(text_too_long());
        }
        let left = (self.cells.checked_sub(1), self.text_bytes.checked_sub(text.len()));
        let (Some(cells), Some(text_bytes)) = left else {
            return Err(too_many_cells());
        };
        (self.cells, self.text_bytes) = (cells, text_bytes);
        Ok(())
    }
}

fn refusal(error: &XlsxError) -> Refusal {
    if matches!(error, XlsxError::Password) {
        return Refusal::new(&catalogue::F02);
    }
    unreadable()
}

/// The parser's own words can quote the file, so they are not passed on.
fn unreadable() -> Refusal {
    Refusal::damaged(
        "arbeidsboken kan ikke tolkes",
        "arbeidsboka kan ikkje tolkast",
        "the workbook can't be interpreted",
    )
}
