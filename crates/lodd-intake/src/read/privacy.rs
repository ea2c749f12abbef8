//! Searches all that was read for national identity numbers (P01). Nothing found is ever shown.

use super::{Content, has_ending};
use crate::{
    catalogue,
    finding::{Finding, Findings},
    national_id::{found_in, is_label, is_number},
    normal::fold_header,
    roster::marks::{PERSON_KEY, is_keyed_id},
    text::Phrase,
    workbook::{Cell, CellValue, Row, Sheet},
};

/// The finding for a file whose name holds one. The name is masked.
pub(super) fn in_file_name(file: &str) -> Option<Finding> {
    let ending = if has_ending(file, ".csv") { ".csv" } else { ".xlsx" };
    found_in(file, false).then(|| {
        Finding::new(&catalogue::P01, format!("•••{ending}"))
            .term("a", Phrase::new("filnavnet", "filnamnet", "the file name"))
    })
}

/// The findings for a file that holds any, or none. They replace all other findings of the file,
/// which might quote the number.
pub(super) fn in_content(file: &str, content: &Content) -> Option<Findings> {
    let mut findings = Findings::default();
    for (sheet, number) in content.sheets.iter().zip(1..) {
        findings.extend(in_sheet(file, sheet, number));
    }
    if let (true, Some(part)) = (findings.is_empty(), &content.leak) {
        findings.push(Finding::new(&catalogue::P01, file).term("a", part.clone()));
    }
    (!findings.is_empty()).then_some(findings)
}

fn in_sheet(file: &str, sheet: &Sheet, number: usize) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut name = sheet.name.clone();
    if found_in(&name, false) {
        let place = Phrase::new(
            format!("navnet på ark {number}"),
            format!("namnet på ark {number}"),
            format!("the name of sheet {number}"),
        );
        found.push(Finding::new(&catalogue::P01, file).term("a", place));
        name = format!("#{number}");
    }
    let labelled = columns(sheet, is_label);
    let keyed = columns(sheet, |header| fold_header(header) == PERSON_KEY);
    for row in &sheet.rows {
        for cell in leaks_in_row(row, &labelled, &keyed) {
            found.push(
                Finding::new(&catalogue::P01, file).in_sheet(&name).at(cell.column, row.number),
            );
        }
    }
    found
}

/// The columns whose first cell is such a header.
fn columns(sheet: &Sheet, is: impl Fn(&str) -> bool) -> Vec<u32> {
    let header = sheet.rows.first().map_or(&[][..], |row| &row.cells);
    header.iter().filter(|cell| is_text(cell, &is)).map(|cell| cell.column).collect()
}

fn is_text(cell: &Cell, is: impl Fn(&str) -> bool) -> bool {
    matches!(&cell.value, CellValue::Text(text) if text.len() < 200 && is(text))
}

fn leaks_in_row<'a>(row: &'a Row, labelled: &[u32], keyed: &[u32]) -> Vec<&'a Cell> {
    let mut found = Vec::new();
    let mut neighbour = false;
    for cell in &row.cells {
        let labelled = neighbour || labelled.contains(&cell.column);
        let leak = match &cell.value {
            // Its digits can run as a number by chance; a keyed id is told by its form and column.
            CellValue::Text(text) if keyed.contains(&cell.column) && is_keyed_id(text.trim()) => {
                false
            }
            CellValue::Text(text) => found_in(text, labelled),
            CellValue::Number(number) | CellValue::Date(number) => is_number(*number, labelled),
            CellValue::Bool(_) | CellValue::Error(_) | CellValue::Uncalculated => false,
        };
        if leak {
            found.push(cell);
        }
        neighbour = is_text(cell, is_label);
    }
    found
}
