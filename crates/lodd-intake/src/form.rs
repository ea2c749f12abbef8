//! The form that a file was made from: what its guide sheet says of itself.

use crate::{
    catalogue,
    expectations::Expectations,
    finding::{Finding, Findings},
    normal::{clean, fold_header},
    table::display,
    workbook::{Cell, Sheet, Workbook},
};

/// The version of the forms that are written today.
pub const VERSION: u32 = 1;

/// The oldest version that is still read.
pub const OLDEST: u32 = 1;

/// Sheets of the forms that hold no answers: the guide in bokmål and nynorsk, and the codes.
const OWN: [&str; 3] = ["Veiledning", "Rettleiing", "Koder"];

/// The column that says what is wrong with a row, in a file that went back to an office.
pub(crate) const MISTAKES: &str = "feil";

/// The key in the guide of a file that went back to an office.
pub(crate) const CORRECTS: &str = "retting";

/// Whether the file is one that went back to an office with what was held.
pub fn is_correction(sheets: &[Sheet]) -> bool {
    sheets.iter().any(|sheet| is_own(&sheet.name) && said(sheet, CORRECTS).is_some())
}

/// Whether a sheet is one of the forms' own, without answers.
pub(crate) fn is_own(sheet: &str) -> bool {
    OWN.iter().any(|own| fold_header(own) == fold_header(sheet))
}

/// Whether the file was made from a form.
pub(crate) fn is_form(book: &Workbook) -> bool {
    guide(book).is_some_and(|sheet| said(sheet, "malversjon").is_some())
}

/// Notes a form that is too old (F07), or another office's (F09).
pub(crate) fn check(book: &Workbook, expect: &Expectations, findings: &mut Findings) {
    let Some(sheet) = guide(book) else { return };
    let place = |entry, cell: &Cell, row| {
        let finding = Finding::new(entry, &book.file).in_sheet(&sheet.name);
        finding.at(cell.column, row).value(display(&cell.value))
    };
    if let Some((cell, row)) = said(sheet, "malversjon") {
        let version: Option<u32> = display(&cell.value).trim().parse().ok();
        if version.is_none_or(|version| version < OLDEST) {
            let current = VERSION.to_string();
            findings.push(place(&catalogue::F07, cell, row).expected(current));
        }
    }
    if let (Some((cell, row)), Some(own)) = (said(sheet, "kontor"), &expect.office) {
        let written = clean(&display(&cell.value)).0.to_lowercase();
        if written != own.to_lowercase() {
            findings.push(place(&catalogue::F09, cell, row).expected(own.as_str()));
        }
    }
}

fn guide(book: &Workbook) -> Option<&Sheet> {
    book.sheets.iter().find(|sheet| is_own(&sheet.name) && said(sheet, "malversjon").is_some())
}

/// The cell beside `key`, which stands in the first column, and its row.
fn said<'s>(sheet: &'s Sheet, key: &str) -> Option<(&'s Cell, u32)> {
    let row = sheet
        .rows
        .iter()
        .find(|row| row.cell(0).is_some_and(|cell| fold_header(&display(&cell.value)) == key))?;
    Some((row.cell(1)?, row.number))
}
