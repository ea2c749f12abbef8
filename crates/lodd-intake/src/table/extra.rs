//! What people write in columns that the form does not have: it is not stored, and must not hold
//! what points at a person (P02, P03).

use super::Line;
use crate::{catalogue, finding::Finding, personal::is_contact, workbook::CellValue};

/// Three words are a remark, fewer may be a code of somebody's own.
const WORDS_MIN: usize = 3;

/// Notes contact details (P02) and remarks (P03) in a row.
pub(super) fn note(line: &Line<'_>, notes: &mut Vec<Finding>) {
    for column in &line.table.extra {
        let Some(cell) = line.row.cell(*column) else { continue };
        let CellValue::Text(text) = &cell.value else { continue };
        let found = |entry| line.table.finding(entry).at(*column, line.row.number);
        if is_contact(text) {
            notes.push(found(&catalogue::P02));
        } else if words(text) >= WORDS_MIN {
            notes.push(found(&catalogue::P03));
        }
    }
}

fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count()
}
