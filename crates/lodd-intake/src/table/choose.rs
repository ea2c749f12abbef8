//! Which sheet is which table.

use super::{Layout, Table, text_of};
use crate::{
    finding::Findings,
    form,
    normal::fold_header,
    workbook::{Format, Sheet, Workbook},
};

/// Recognises the tables of a file: sheets by their name, or, if none has a known name, by their
/// headers. A csv or Parquet file is recognised by its headers. Hidden sheets are not read.
///
/// The second value says whether any sheet was recognised, be it one with a finding that stops.
pub(crate) fn choose<'w>(
    workbook: &'w Workbook,
    layouts: &[Layout],
    findings: &mut Findings,
) -> (Vec<Table<'w>>, bool) {
    let sheets = || workbook.sheets.iter().filter(|it| !it.hidden && !form::is_own(&it.name));
    let named = |sheet: &'w Sheet| {
        let name = fold_header(&sheet.name);
        let layout = layouts.iter().find(|layout| fold_header(layout.name) == name)?;
        Some((sheet, layout))
    };
    let mut chosen: Vec<_> = sheets().filter_map(named).collect();
    if chosen.is_empty() || workbook.format != Format::Xlsx {
        chosen = sheets().filter_map(|sheet| Some((sheet, by_headers(sheet, layouts)?))).collect();
    } else {
        let others = sheets().filter(|sheet| named(sheet).is_none());
        let alike = |sheet| Some((sheet, layouts.iter().find(|it| is_copy(sheet, it))?));
        chosen.extend(others.filter_map(alike));
    }
    let tables = chosen
        .iter()
        .filter_map(|(sheet, layout)| Table::open(workbook, sheet, layout, findings))
        .collect();
    (tables, !chosen.is_empty())
}

/// Whether a sheet of another name has all the headers that a layout requires: nothing that an
/// office sends is left unread without a word.
fn is_copy(sheet: &Sheet, layout: &Layout) -> bool {
    let Some(header) = sheet.rows.first() else { return false };
    let has = |name: &String| header.cells.iter().any(|cell| fold_header(text_of(cell)) == *name);
    layout.required.iter().all(has)
}

/// The layout most of whose headers stand in one of the first ten rows; the first of equals.
fn by_headers<'l>(sheet: &Sheet, layouts: &'l [Layout]) -> Option<&'l Layout> {
    let score = |layout: &Layout| {
        sheet.rows.iter().take(10).map(|row| layout.score(row)).max().unwrap_or(0)
    };
    let best = layouts.iter().map(score).max().filter(|score| *score > 0)?;
    layouts.iter().find(|layout| score(layout) == best)
}
