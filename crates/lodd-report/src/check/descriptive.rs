//! What is refused in a descriptive table: mixed units, a missing control, numbers that contradict
//! each other.

use super::ReportError;
use crate::model::{
    Cell, Descriptive, DescriptiveColumn, DescriptiveRow, Number, Report, Subject, Title, Value,
};

pub(super) fn check(table: &Descriptive, report: &Report) -> Result<(), ReportError> {
    let name = name(table);
    if !report.files.iter().any(|file| file.name == table.file) {
        return Err(ReportError::NoNamedFile { table: name, file: table.file.clone() });
    }
    if let Some(other) = table.columns.iter().position(|it| it.unit != table.unit) {
        let found = table.columns.get(other).map_or(table.unit, |it| it.unit);
        let own = table.columns.iter().position(|it| it.unit == table.unit);
        let (expected, found) =
            ((table.unit, total(table, own)), (found, total(table, Some(other))));
        return Err(ReportError::MixedUnits { table: name, expected, found });
    }
    if table.subject.compares_arms() {
        check_arms(table, report)?;
    }
    table.rows.iter().try_for_each(|row| check_row(table, row))
}

/// How the table is named in a message.
fn name(table: &Descriptive) -> String {
    let of = table.label.as_ref().map(|it| format!(" {}", it.nb));
    format!("{:?}{}", table.subject, of.unwrap_or_default())
}

/// The first count of a column, which is that of its units.
fn total(table: &Descriptive, column: Option<usize>) -> u64 {
    let mut cells = table.rows.iter().filter_map(|row| row.cells.get(column?));
    let count = |cell: &Value| match cell {
        Value::Count(cell) | Value::Share { whole: cell, .. } => cell.count(),
        _ => None,
    };
    cells.find_map(count).unwrap_or(0)
}

/// Every arm in each group of columns, in the order of the draw: a before and after is never shown
/// without the control. Only the list has columns from before there were arms.
fn check_arms(table: &Descriptive, report: &Report) -> Result<(), ReportError> {
    let expected: Vec<&str> = report.arms.iter().map(|arm| arm.label.as_str()).collect();
    let groups = table.columns.chunk_by(|a, b| a.group == b.group);
    let mut some = false;
    for group in groups {
        let found: Vec<&str> = group.iter().filter_map(arm).collect();
        let before_the_draw = table.subject == Subject::Offices && found.is_empty();
        if found != expected && !before_the_draw {
            return Err(differ(table, &expected, &found));
        }
        some |= !found.is_empty();
    }
    if some { Ok(()) } else { Err(differ(table, &expected, &[])) }
}

fn arm(column: &DescriptiveColumn) -> Option<&str> {
    match &column.title {
        Title::Arm(label) => Some(label),
        _ => None,
    }
}

fn differ(table: &Descriptive, expected: &[&str], found: &[&str]) -> ReportError {
    let owned = |arms: &[&str]| arms.iter().map(|&it| it.to_owned()).collect();
    let (expected, found) = (owned(expected), owned(found));
    ReportError::ArmsDiffer { table: name(table), expected, found }
}

fn check_row(table: &Descriptive, row: &DescriptiveRow) -> Result<(), ReportError> {
    let (expected, found) = (table.columns.len(), row.cells.len());
    if expected != found {
        return Err(ReportError::RowLength { table: name(table), expected, found });
    }
    row.cells.iter().try_for_each(|cell| check_cell(table, cell))
}

fn check_cell(table: &Descriptive, cell: &Value) -> Result<(), ReportError> {
    match *cell {
        Value::Share { part: Cell::Count(part), whole: Cell::Count(whole) } if part > whole => {
            Err(ReportError::PartAboveWhole { table: name(table), part, whole })
        }
        Value::P(Number::Known(p)) if !(0.0..=1.0).contains(&p) => {
            Err(ReportError::NotAProbability { effect: name(table), found: p })
        }
        Value::Fraction(Number::Known(x)) if !(0.0..=1.0).contains(&x) => {
            Err(ReportError::NotAProbability { effect: name(table), found: x })
        }
        Value::Points(x) | Value::Decimal(x) => finite(table, x),
        Value::Mean { mean, sd } => finite(table, mean).and_then(|()| finite(table, sd)),
        _ => Ok(()),
    }
}

fn finite(table: &Descriptive, x: Number) -> Result<(), ReportError> {
    match x {
        Number::Known(x) if !x.is_finite() => {
            Err(ReportError::NotFinite { effect: name(table), field: "value" })
        }
        _ => Ok(()),
    }
}
