//! What is refused in the rows of an input, each with its place.

use std::collections::BTreeSet;

use datafusion::arrow::array::{Array, RecordBatch, StringViewArray, UInt64Array};

use crate::{
    files::Input,
    problem::{Failure, Problem},
    read::{ORIGIN, Origin, texts},
    schema::Column,
    text::say,
};

/// More problems than these say nothing new.
pub(crate) const SHOWN: usize = 20;

/// Where the rows of a batch came from.
///
/// # Errors
///
/// If the batch has no such column.
pub(crate) fn origins(batch: &RecordBatch) -> Result<&UInt64Array, Failure> {
    batch
        .column_by_name(ORIGIN)
        .and_then(|it| it.as_any().downcast_ref::<UInt64Array>())
        .ok_or_else(|| Failure::internal(ORIGIN, "no such column"))
}

/// Missing values and unknown codes.
///
/// # Errors
///
/// Refused, with file, column, row group and row of each.
pub(crate) fn cells(input: &Input, batch: &RecordBatch) -> Result<(), Failure> {
    let mut problems = Vec::new();
    for column in &input.columns {
        problems.extend(missing(input, batch, column)?);
        problems.extend(unknown(input, batch, column)?);
    }
    refuse(problems)
}

/// Of a snapshot's row: a variable has exactly one of a code, a number and a missing code; no
/// variable has none.
///
/// # Errors
///
/// Refused, with the place of each row.
pub(crate) fn values(input: &Input, batch: &RecordBatch) -> Result<(), Failure> {
    let column = |name: &str| {
        batch.column_by_name(name).ok_or_else(|| Failure::internal(name, "no such column"))
    };
    let variable = column("variable")?;
    let values = [column("value_code")?, column("value_num")?, column("missing_code")?];
    let bad = |row: &usize| {
        let there = values.iter().filter(|it| it.is_valid(*row)).count();
        there != usize::from(variable.is_valid(*row))
    };
    let origins = origins(batch)?;
    let problem = |row: usize| {
        let message = if variable.is_valid(row) {
            say!(
                "en variabel må ha nøyaktig én av value_code, value_num og missing_code",
                "a variable must have exactly one of value_code, value_num and missing_code"
            )
        } else {
            say!("en verdi må ha en variabel", "a value must have a variable")
        };
        Problem::new(Origin(origins.value(row)).place(input).column("variable"), message)
    };
    refuse((0..batch.num_rows()).filter(bad).take(SHOWN).map(problem).collect())
}

/// No problems, or all of them.
pub(crate) fn refuse(problems: Vec<Problem>) -> Result<(), Failure> {
    if problems.is_empty() { Ok(()) } else { Err(Failure::refused(problems)) }
}

fn missing(input: &Input, batch: &RecordBatch, column: &Column) -> Result<Vec<Problem>, Failure> {
    let Some(array) = batch.column_by_name(column.name) else { return Ok(Vec::new()) };
    if column.nullable || array.null_count() == 0 {
        return Ok(Vec::new());
    }
    let origins = origins(batch)?;
    let problem = |row: usize| {
        let place = Origin(origins.value(row)).place(input).column(column.name);
        Problem::new(place, say!("mangler verdi", "has no value"))
    };
    Ok((0..batch.num_rows()).filter(|row| array.is_null(*row)).take(SHOWN).map(problem).collect())
}

fn unknown(input: &Input, batch: &RecordBatch, column: &Column) -> Result<Vec<Problem>, Failure> {
    let is_id = column.name.ends_with("_id");
    if batch.column_by_name(column.name).is_none() || (column.codes.is_empty() && !is_id) {
        return Ok(Vec::new());
    }
    let array = texts(batch, column.name)?;
    let good = |text: &str| {
        if is_id { !text.is_empty() } else { column.codes.contains(&text) }
    };
    let origins = origins(batch)?;
    let problem = |row: usize| {
        let place = Origin(origins.value(row)).place(input).column(column.name);
        let (found, expected) = (array.value(row), column.codes.join(", "));
        let message = if is_id {
            say!("id-en er tom", "the id is empty")
        } else {
            say!("fant `{found}`, ventet {expected}", "found `{found}`, expected {expected}")
        };
        Problem::new(place, message)
    };
    Ok(rows_where(array, |text| !good(text)).into_iter().take(SHOWN).map(problem).collect())
}

/// The rows whose text `is_bad`. Neighbours are mostly equal, and are looked at once.
fn rows_where(array: &StringViewArray, is_bad: impl Fn(&str) -> bool) -> Vec<usize> {
    let mut rows = Vec::new();
    let mut last: Option<(u128, bool)> = None;
    for (row, view) in array.views().iter().enumerate() {
        if array.is_null(row) {
            continue;
        }
        let bad = match last {
            Some((seen, bad)) if seen == *view => bad,
            _ => is_bad(array.value(row)),
        };
        last = Some((*view, bad));
        if bad {
            rows.push(row);
        }
    }
    rows
}

/// The distinct texts of a column.
///
/// # Errors
///
/// If there is no such column.
pub(crate) fn distinct(batch: &RecordBatch, name: &str) -> Result<BTreeSet<String>, Failure> {
    let array = texts(batch, name)?;
    let mut found = BTreeSet::new();
    let mut last = None;
    for (row, view) in array.views().iter().enumerate() {
        if array.is_valid(row) && last != Some(*view) {
            last = Some(*view);
            if !found.contains(array.value(row)) {
                found.insert(array.value(row).to_owned());
            }
        }
    }
    Ok(found)
}
