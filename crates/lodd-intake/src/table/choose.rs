//! Which sheet is which table.

use super::{Layout, Table};
use crate::{
    finding::Findings,
    normal::fold_header,
    workbook::{Format, Sheet, Workbook},
};

/// Recognises the tables of a file: sheets by their name, or, if none has a known name, by their
/// headers. A csv file is recognised by its headers. Hidden sheets are not read.
///
/// The second value says whether any sheet was recognised, be it one with a finding that stops.
pub(crate) fn choose<'w>(
    workbook: &'w Workbook,
    layouts: &[Layout],
    findings: &mut Findings,
) -> (Vec<Table<'w>>, bool) {
    let visible = || workbook.sheets.iter().filter(|sheet| !sheet.hidden);
    let named = |sheet: &'w Sheet| {
        let name = fold_header(&sheet.name);
        let layout = layouts.iter().find(|layout| fold_header(layout.name) == name)?;
        Some((sheet, layout))
    };
    let mut chosen: Vec<_> = visible().filter_map(named).collect();
    if chosen.is_empty() || workbook.format == Format::Csv {
        chosen = visible().filter_map(|sheet| Some((sheet, by_headers(sheet, layouts)?))).collect();
    }
    let tables = chosen
        .iter()
        .filter_map(|(sheet, layout)| Table::open(workbook, sheet, layout, findings))
        .collect();
    (tables, !chosen.is_empty())
}

/// The layout most of whose headers stand in one of the first ten rows; the first of equals.
fn by_headers<'l>(sheet: &Sheet, layouts: &'l [Layout]) -> Option<&'l Layout> {
    let score = |layout: &Layout| {
        sheet.rows.iter().take(10).map(|row| layout.score(row)).max().unwrap_or(0)
    };
    let best = layouts.iter().map(score).max().filter(|score| *score > 0)?;
    layouts.iter().find(|layout| score(layout) == best)
}
