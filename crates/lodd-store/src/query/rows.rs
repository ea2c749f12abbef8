//! The rows of a statement as a table of declared kinds.

use rusqlite::{Connection, Error, Params, Row, types::ValueRef};

use super::QueryError;
use crate::{Column, Kind, Table, Values};

/// Runs a reading statement and types its rows as declared.
pub(crate) fn collect(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    name: &str,
    columns: &[(&str, Kind)],
) -> Result<Table, QueryError> {
    let query = || name.to_owned();
    let refused = |source| match source {
        Error::MultipleStatement => QueryError::NotOneSelect { query: query() },
        source => QueryError::Sql { query: query(), source },
    };
    let mut statement = connection.prepare(sql).map_err(refused)?;
    // ATTACH counts as reading for SQLite; but it gives no columns.
    if !statement.readonly() || statement.column_count() == 0 {
        return Err(QueryError::NotOneSelect { query: query() });
    }
    let expected = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let found = statement.column_names().collect::<Vec<_>>().join(", ");
    if expected != found {
        return Err(QueryError::OtherColumns { query: query(), expected, found });
    }
    let mut values: Vec<Values> = columns.iter().map(|(_, kind)| Values::empty(*kind)).collect();
    let mut rows = statement.query(parameters).map_err(refused)?;
    let mut count = 0;
    while let Some(row) = rows.next().map_err(refused)? {
        count += 1;
        if let Err((column, expected, found)) = push_row(&mut values, row) {
            let column = columns.get(column).map_or("", |(name, _)| *name).to_owned();
            return Err(QueryError::OtherKind {
                query: query(),
                column,
                row: count,
                expected,
                found,
            });
        }
    }
    let columns = columns.iter().zip(values).map(|((name, _), values)| Column::new(*name, values));
    Ok(Table::new(name, columns.collect())?)
}

/// Appends a row, or says which column (from 0) is not of its kind.
fn push_row(values: &mut [Values], row: &Row<'_>) -> Result<(), (usize, Kind, String)> {
    for (index, column) in values.iter_mut().enumerate() {
        let kind = column.kind();
        let value = row.get_ref(index).map_err(|_| (index, kind, "nothing".to_owned()))?;
        push(column, value).ok_or_else(|| (index, kind, kind_of(value).to_owned()))?;
    }
    Ok(())
}

/// Appends a value, if it is of the column's kind.
fn push(column: &mut Values, value: ValueRef<'_>) -> Option<()> {
    if value == ValueRef::Null {
        match column {
            Values::Text(values) => values.push(None),
            Values::Int(values) | Values::Instant(values) => values.push(None),
            Values::Real(values) => values.push(None),
            Values::Bool(values) => values.push(None),
            Values::Date(values) => values.push(None),
        }
        return Some(());
    }
    match (column, value) {
        (Values::Text(values), ValueRef::Text(text)) => {
            values.push(Some(std::str::from_utf8(text).ok()?.to_owned()));
        }
        (Values::Int(values) | Values::Instant(values), ValueRef::Integer(it)) => {
            values.push(Some(it));
        }
        (Values::Real(values), ValueRef::Real(it)) => values.push(Some(it)),
        (Values::Real(values), ValueRef::Integer(it)) => values.push(Some(it as f64)),
        (Values::Bool(values), ValueRef::Integer(it @ (0 | 1))) => values.push(Some(it == 1)),
        (Values::Date(values), ValueRef::Integer(it)) => values.push(Some(i32::try_from(it).ok()?)),
        _ => return None,
    }
    Some(())
}

fn kind_of(value: ValueRef<'_>) -> &'static str {
    match value {
        ValueRef::Null => "nothing",
        ValueRef::Integer(_) => "integer",
        ValueRef::Real(_) => "number",
        ValueRef::Text(_) => "text",
        ValueRef::Blob(_) => "bytes",
    }
}
