//! A sheet with its columns recognised: which row is the header, which column is which.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    catalogue::{self, Entry},
    finding::{Finding, Findings, cell_name},
    form,
    normal::{clean, fold_header, is_changed, nearest},
    snapshots::SheetPlace,
    workbook::{Cell, CellValue, Row, Sheet, Workbook},
};

mod choose;
mod extra;
mod forbidden;
mod hidden;
mod merged;

pub(crate) use choose::choose;

/// What a sheet must look like.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// The sheet's name.
    pub(crate) name: &'static str,
    /// Headers that must be there.
    pub(crate) required: Vec<String>,
    /// Headers that may be there.
    pub(crate) optional: Vec<String>,
    /// The arms' labels, which no header may show; none where the arm may be shown.
    pub(crate) secret: Option<Vec<String>>,
}

impl Layout {
    /// A layout of folded headers; `optional` may be in any case.
    pub(crate) fn new(name: &'static str, required: &[&str], optional: &[&str]) -> Self {
        let folded = |names: &[&str]| names.iter().map(|it| fold_header(it)).collect();
        Self { name, required: folded(required), optional: folded(optional), secret: None }
    }

    fn knows(&self, folded: &str) -> bool {
        self.required.iter().chain(&self.optional).any(|it| it == folded)
    }

    /// How many of a row's cells are headers of this layout.
    fn score(&self, row: &Row) -> usize {
        row.cells.iter().filter(|cell| self.knows(&fold_header(text_of(cell)))).count()
    }
}

/// A sheet whose columns are known.
#[derive(Clone, Debug)]
pub(crate) struct Table<'w> {
    pub(crate) file: &'w str,
    pub(crate) sheet: &'w Sheet,
    /// The layout's name, such as `Familier`.
    pub(crate) name: &'static str,
    /// Column index and the header as written, by folded header.
    columns: BTreeMap<String, (u32, String)>,
    rows: Vec<&'w Row>,
    /// Columns that the form does not have.
    extra: Vec<u32>,
    merged: merged::Merged,
    /// Whether the workbook's dates are counted from 1904.
    pub(crate) epoch_1904: bool,
    /// The days of the dates in the column first asked for.
    days: OnceCell<BTreeSet<i64>>,
}

impl<'w> Table<'w> {
    /// Recognises a sheet's columns. `None` when the header is nowhere to be found; a header with
    /// another mistake stops the file, but its rows are judged with what is recognised.
    fn open(
        workbook: &'w Workbook,
        sheet: &'w Sheet,
        layout: &Layout,
        findings: &mut Findings,
    ) -> Option<Self> {
        let new = |entry| Finding::new(entry, &workbook.file).in_sheet(&sheet.name);
        if let Some(row) = misplaced_header(sheet, layout) {
            findings.push(new(&catalogue::H09).in_row(row).value(row.to_string()));
            return None;
        }
        let mut table = Self {
            file: &workbook.file,
            sheet,
            name: layout.name,
            columns: BTreeMap::new(),
            rows: Vec::new(),
            extra: Vec::new(),
            merged: merged::Merged::default(),
            epoch_1904: workbook.epoch_1904,
            days: OnceCell::new(),
        };
        let header = sheet.rows.first().filter(|row| row.number == 1);
        let missing_told = !merged::check_header(&table, findings);
        table.match_headers(header, layout, missing_told, findings);
        table.rows = sheet.rows.iter().filter(|row| row.number > 1 && !is_blank(row)).collect();
        let columns: Vec<u32> = table.columns.values().map(|(column, _)| *column).collect();
        if !sheet.shape.merged.is_empty() {
            let rows: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
            table.merged = merged::Merged::of(sheet, &columns, &rows);
        }
        hidden::note(&table, findings);
        table.note_blank_rows(findings);
        table.note_invisible(&columns, findings);
        Some(table)
    }

    /// Whether a date of the column stands on this day, in days since 1899-12-30.
    pub(crate) fn has_day(&self, column: u32, day: i64) -> bool {
        let days = self.days.get_or_init(|| {
            let cells = self.rows.iter().filter_map(|row| row.cell(column));
            cells.filter_map(|cell| crate::dates::day_of(&cell.value)).collect()
        });
        days.contains(&day)
    }

    /// The column under a (folded) header; `None` when the file has none.
    pub(crate) fn column(&self, header: &str) -> Option<Column<'_>> {
        let (column, header) = self.columns.get(header)?;
        Some(Column { column: *column, header })
    }

    /// The rows that have a value.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|row| Line { table: self, row })
    }

    /// The sheet and its columns, to point into them when the file is no longer at hand.
    pub(crate) fn place(&self) -> SheetPlace {
        SheetPlace { sheet: self.sheet.name.clone(), columns: self.columns.clone() }
    }

    pub(crate) fn finding(&self, entry: &'static Entry) -> Finding {
        Finding::new(entry, self.file).in_sheet(&self.sheet.name)
    }

    /// Fills `columns` and `extra`. With `missing_told` it is noted already why some are missing.
    fn match_headers(
        &mut self,
        header: Option<&Row>,
        layout: &Layout,
        missing_told: bool,
        findings: &mut Findings,
    ) {
        let mut extra: Vec<(u32, String)> = Vec::new();
        for cell in header.map_or(&[][..], |row| &row.cells) {
            let written = clean(text_of(cell)).0.into_owned();
            let folded = fold_header(&written);
            if folded.is_empty() || folded == form::MISTAKES {
                continue;
            }
            if !layout.knows(&folded) {
                extra.push((cell.column, written));
            } else if let Some((first, _)) = self.columns.get(&folded) {
                findings.push(self.twice(&written, *first, cell.column));
            } else {
                self.columns.insert(folded, (cell.column, written));
            }
        }
        let mut unknown = Vec::new();
        for (column, header) in extra {
            match forbidden::find(self, layout, column, &header) {
                Some(finding) => findings.push(finding),
                None => unknown.push((column, header)),
            }
        }
        self.extra = unknown.iter().map(|(column, _)| *column).collect();
        if !missing_told {
            self.note_missing(layout, unknown, findings);
        }
    }

    fn twice(&self, header: &str, first: u32, second: u32) -> Finding {
        self.finding(&catalogue::H05)
            .at(second, 1)
            .in_column(header)
            .value(header)
            .term("c1", cell_name(first, 1))
            .term("c2", cell_name(second, 1))
    }

    /// Notes missing columns, each with the extra one that was probably meant, then extra ones.
    fn note_missing(
        &self,
        layout: &Layout,
        mut extra: Vec<(u32, String)>,
        findings: &mut Findings,
    ) {
        for name in layout.required.iter().filter(|name| !self.columns.contains_key(*name)) {
            let missing = self.finding(&catalogue::H04).in_row(1).expected(name.as_str());
            let folded: Vec<String> = extra.iter().map(|(_, it)| fold_header(it)).collect();
            let meant = nearest(name, folded.iter().map(String::as_str))
                .and_then(|it| folded.iter().position(|folded| folded == it));
            findings.push(match meant.map(|at| extra.remove(at)) {
                Some((column, header)) => missing.at(column, 1).in_column(&header).value(header),
                None => missing,
            });
        }
        for (column, header) in &extra {
            let finding = self.finding(&catalogue::H08).at(*column, 1).in_column(header);
            findings.push(finding.value(header.as_str()));
        }
    }

    fn note_blank_rows(&self, findings: &mut Findings) {
        let mut expected = 2;
        for row in &self.rows {
            if row.number > expected {
                findings.push(self.finding(&catalogue::H11).in_row(expected));
            }
            expected = row.number + 1;
        }
        let blank = self.sheet.last_row.saturating_sub(expected - 1) as usize;
        if blank > 0 && !self.rows.is_empty() {
            findings.push(self.finding(&catalogue::H10).in_row(expected).count(blank));
        }
    }

    fn note_invisible(&self, read: &[u32], findings: &mut Findings) {
        let mut count = 0;
        let mut first = None;
        for row in &self.rows {
            for cell in row.cells.iter().filter(|cell| read.contains(&cell.column)) {
                if is_changed(text_of(cell)) {
                    count += 1;
                    first.get_or_insert((cell.column, row.number));
                }
            }
        }
        if let Some((column, row)) = first {
            findings.push(self.finding(&catalogue::C08).at(column, row).count(count));
        }
    }
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'t> {
    pub(crate) table: &'t Table<'t>,
    pub(crate) row: &'t Row,
}

impl<'t> Line<'t> {
    /// The place under a (folded) header; `None` when the file has no such column.
    pub(crate) fn at(&self, header: &str) -> Option<At<'t>> {
        self.table.column(header).map(|column| self.at_column(column))
    }

    /// The place in a column of its table.
    pub(crate) fn at_column(&self, Column { column, header }: Column<'t>) -> At<'t> {
        At { line: *self, column, header, cell: self.row.cell(column) }
    }

    /// What is found in the row whatever is read in it: merged cells, remarks, contact details.
    pub(crate) fn notes(&self) -> Vec<Finding> {
        let mut notes: Vec<Finding> =
            self.table.merged.notes(self.table, self.row.number).collect();
        extra::note(self, &mut notes);
        notes
    }

    /// The code for which the row is held though it may have no finding of its own.
    pub(crate) fn tainted(&self) -> Option<&'static str> {
        self.table.merged.has_row(self.row.number).then_some(catalogue::H07.code)
    }

    /// Header and text of every cell under a recognised header, in the order of the columns.
    pub(crate) fn cells(&self) -> Vec<(String, String)> {
        let mut columns: Vec<_> = self.table.columns.values().collect();
        columns.sort();
        let text = |column: u32| self.row.cell(column).map(|it| display(&it.value));
        columns
            .into_iter()
            .filter_map(|(column, header)| Some((header.clone(), text(*column)?)))
            .collect()
    }
}

/// A column of a table: its index, from 0, and its header as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column<'t> {
    column: u32,
    header: &'t str,
}

/// One place: a column of a row, with its cell if it has a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'t> {
    line: Line<'t>,
    column: u32,
    pub(crate) header: &'t str,
    pub(crate) cell: Option<&'t Cell>,
}

impl At<'_> {
    /// Whether it is blank for being merged with others.
    pub(crate) fn is_covered(&self) -> bool {
        self.line.table.merged.has_cell(self.column, self.line.row.number)
    }

    /// Whether the workbook's dates are counted from 1904.
    pub(crate) fn has_1904_epoch(&self) -> bool {
        self.line.table.epoch_1904
    }

    /// Whether another date of the column stands on this day, in days since 1899-12-30.
    pub(crate) fn column_has_day(&self, day: i64) -> bool {
        self.line.table.has_day(self.column, day)
    }

    /// A finding at this place that does not show the cell's value.
    pub(crate) fn masked(&self, entry: &'static Entry) -> Finding {
        let finding = self.line.table.finding(entry).at(self.column, self.line.row.number);
        finding.in_column(self.header)
    }

    /// A finding at this place, with the cell's value.
    pub(crate) fn finding(&self, entry: &'static Entry) -> Finding {
        let finding = self.masked(entry);
        match self.cell {
            Some(cell) => finding.value(display(&cell.value)),
            None => finding,
        }
    }
}

/// The row, not the first, in which the header stands; or a second row of the same headers.
fn misplaced_header(sheet: &Sheet, layout: &Layout) -> Option<u32> {
    let first = sheet.rows.first().filter(|row| row.number == 1 && layout.score(row) > 0);
    let is_header = |row: &&Row| match first {
        None => layout.score(row) >= 2,
        Some(first) => {
            let same = |cell: &&Cell| {
                let above = first.cell(cell.column).map(|it| fold_header(text_of(it)));
                above.is_some_and(|above| !above.is_empty() && above == fold_header(text_of(cell)))
            };
            row.cells.iter().filter(same).count() >= 2
        }
    };
    let mut later = sheet.rows.iter().take(10).filter(|row| row.number > 1);
    later.find(is_header).map(|row| row.number)
}

fn is_blank(row: &Row) -> bool {
    row.cells.iter().all(|cell| cell.value.is_blank())
}

/// A cell's text; nothing for other kinds.
pub(crate) fn text_of(cell: &Cell) -> &str {
    if let CellValue::Text(text) = &cell.value { text } else { "" }
}

/// A cell's value as it would be typed.
pub(crate) fn display(value: &CellValue) -> String {
    match value {
        CellValue::Text(text) | CellValue::Error(text) => text.clone(),
        CellValue::Number(number) => crate::text::Phrase::number(*number).nb,
        CellValue::Date(serial) => match crate::dates::from_serial(*serial) {
            Some(date) => crate::text::Phrase::date(date).nb,
            None => crate::text::Phrase::number(*serial).nb,
        },
        CellValue::Bool(truth) => if *truth { "SANN" } else { "USANN" }.to_owned(),
        CellValue::Uncalculated => String::new(),
    }
}
