//! What is refused in a table of the evaluator's own.

use super::ReportError;
use crate::model::{Cell, ProfileCell, ProfileTable, Report, RowKind, Rows};

pub(super) fn check(table: &ProfileTable, report: &Report) -> Result<(), ReportError> {
    let name = || table.id.clone();
    if !report.files.iter().any(|file| file.name == table.file) {
        return Err(ReportError::NoNamedFile { table: name(), file: table.file.clone() });
    }
    check_arms(table, report)?;
    check_beside(table, report)?;
    let summed = table.rows.iter().any(|row| row.kind == RowKind::Total);
    if summed && table.together == Rows::Overlapping {
        return Err(ReportError::Overlapping(name()));
    }
    for row in &table.rows {
        let (expected, found) = (table.columns.len(), row.cells.len());
        if expected != found {
            return Err(ReportError::RowLength { table: name(), expected, found });
        }
        row.cells.iter().try_for_each(|cell| check_cell(table, cell))?;
    }
    Ok(())
}

/// Every arm at each horizon, the control last: a before and after is never shown without it.
fn check_arms(table: &ProfileTable, report: &Report) -> Result<(), ReportError> {
    if table.columns.iter().all(|it| it.arm.is_none()) {
        return Ok(());
    }
    let expected: Vec<&str> = report.arms.iter().map(|it| it.label.as_str()).collect();
    for group in table.columns.chunk_by(|a, b| a.horizon == b.horizon) {
        let found: Vec<&str> = group.iter().map(|it| it.arm.as_deref().unwrap_or("")).collect();
        if found != expected {
            let owned = |arms: Vec<&str>| arms.into_iter().map(str::to_owned).collect();
            let (expected, found) = (owned(expected), owned(found));
            return Err(ReportError::ArmsDiffer { table: table.id.clone(), expected, found });
        }
    }
    Ok(())
}

/// What a table stands beside is another table, of another unit.
fn check_beside(table: &ProfileTable, report: &Report) -> Result<(), ReportError> {
    let Some(id) = &table.beside else { return Ok(()) };
    let other = report.profile_tables.iter().find(|it| it.id == *id);
    match other {
        Some(other) if other.counted != table.counted => Ok(()),
        _ => Err(ReportError::Beside { table: table.id.clone(), other: id.clone() }),
    }
}

fn check_cell(table: &ProfileTable, cell: &ProfileCell) -> Result<(), ReportError> {
    let name = || table.id.clone();
    match *cell {
        ProfileCell::Count { n: Cell::Count(part), whole: Some(whole) } if part > whole => {
            Err(ReportError::PartAboveWhole { table: name(), part, whole })
        }
        ProfileCell::Mean(x) | ProfileCell::Growth(x) if !x.is_finite() => {
            Err(ReportError::NotFinite { effect: name(), field: "value" })
        }
        _ => Ok(()),
    }
}
