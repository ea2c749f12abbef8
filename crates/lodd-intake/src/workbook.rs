//! What a file holds, whatever its format: sheets of rows of located, typed cells.

use serde::{Deserialize, Serialize};

use crate::finding::Findings;

/// A file as it was sent.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// Its name; folders before it are dropped.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// An Excel workbook, `.xlsx`.
    Xlsx,
    /// Text with delimiters, `.csv`; it has one sheet.
    Csv,
    /// A table of a system's, `.parquet`; it has one sheet.
    Parquet,
}

/// A file that has been read. It holds no national identity number: such a file is refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workbook {
    /// The file's name, without folders.
    pub file: String,
    /// What it was read from.
    pub format: Format,
    /// The sheets, in the order of the file, hidden ones too.
    pub sheets: Vec<Sheet>,
    /// Whether its dates are counted from 1904, as a Mac once did. They are converted.
    pub epoch_1904: bool,
    /// Comments and notes on cells, those of lodd's own files apart. None is kept.
    pub comments: usize,
    /// Warnings and information from reading; nothing that stops the file.
    pub findings: Findings,
}

/// One sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name; of a csv or Parquet file the file's name without its ending.
    pub name: String,
    /// Whether it is hidden in Excel.
    pub hidden: bool,
    /// The rows that have a value, by number. Rows far apart cost nothing.
    pub rows: Vec<Row>,
    /// The last row that has a cell, be it an empty one.
    pub last_row: u32,
    /// What is merged and hidden in it.
    pub shape: Shape,
}

/// The author of the notes in lodd's own files; they are not taken for an office's comments.
pub const NOTE_AUTHOR: &str = "lodd";

/// What Excel keeps of a sheet beside its cells. Runs have both ends included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Merged cells.
    pub merged: Vec<Area>,
    /// Hidden and filtered rows, from 1.
    pub hidden_rows: Vec<(u32, u32)>,
    /// Hidden columns, from 0.
    pub hidden_columns: Vec<(u32, u32)>,
}

/// A rectangle of cells, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// The first row, from 1.
    pub first_row: u32,
    /// The last row.
    pub last_row: u32,
    /// The first column, from 0.
    pub first_column: u32,
    /// The last column.
    pub last_column: u32,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its number, from 1.
    pub number: u32,
    /// The cells that have a value, by column.
    pub cells: Vec<Cell>,
}

/// One cell that has a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Its column, from 0.
    pub column: u32,
    /// What stands in it.
    pub value: CellValue,
    /// Whether the value comes from a formula.
    pub formula: bool,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CellValue {
    /// Text, as it stands.
    Text(String),
    /// A number without a date format. May be NaN or infinite in a hostile file.
    Number(f64),
    /// A number with a date format: days since 1899-12-30 (a 1904 workbook is converted).
    Date(f64),
    /// A truth value.
    Bool(bool),
    /// An error of Excel's, such as `#REF!`.
    Error(String),
    /// A formula without a calculated value.
    Uncalculated,
}

impl Shape {
    /// The most merged areas, and the most runs of hidden rows or columns, of one sheet.
    pub(crate) const MARKS_MAX: usize = 1_000;

    /// Whether it has no more than is kept.
    pub(crate) fn is_bounded(&self) -> bool {
        let counts = [self.merged.len(), self.hidden_rows.len(), self.hidden_columns.len()];
        counts.into_iter().all(|count| count <= Self::MARKS_MAX)
    }
}

impl Row {
    /// The cell in `column` (from 0), if it has a value.
    pub fn cell(&self, column: u32) -> Option<&Cell> {
        let at = self.cells.binary_search_by_key(&column, |cell| cell.column).ok()?;
        self.cells.get(at)
    }
}

impl CellValue {
    /// Whether it is text of blanks and invisible characters only.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if crate::normal::is_blank(text))
    }
}

impl Sheet {
    /// Builds a sheet of cells in any order.
    ///
    /// # Errors
    ///
    /// If two cells stand at the same place: their row and column.
    pub(crate) fn build(
        name: String,
        hidden: bool,
        mut cells: Vec<(u32, Cell)>,
        last_row: u32,
    ) -> Result<Self, (u32, u32)> {
        cells.sort_by_key(|(row, cell)| (*row, cell.column));
        let mut rows: Vec<Row> = Vec::new();
        for (number, cell) in cells {
            // Most rows have as many cells as the one before.
            let room = rows.last().map_or(1, |row| row.cells.len());
            match rows.last_mut().filter(|row| row.number == number) {
                Some(row) if row.cells.last().is_some_and(|it| it.column == cell.column) => {
                    return Err((number, cell.column));
                }
                Some(row) => row.cells.push(cell),
                None => {
                    let mut cells = Vec::with_capacity(room);
                    cells.push(cell);
                    rows.push(Row { number, cells });
                }
            }
        }
        Ok(Self { name, hidden, rows, last_row, shape: Shape::default() })
    }
}
