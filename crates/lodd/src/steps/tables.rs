//! Tables that go to `out/`, as Parquet.

use std::path::PathBuf;

use lodd_store::{
    Table, TableError,
    parquet::{self, Metadata},
    schema::Schema,
};

use super::{Context, outputs, words};
use crate::problem::Failure;

/// Writes `out/NAME.parquet`, with the program's version among its metadata.
pub(super) fn write(
    context: &Context,
    schema: &Schema,
    table: &Table,
    metadata: Metadata,
) -> Result<PathBuf, Failure> {
    write_in(context, "", (schema, table), metadata)
}

/// Writes `NAME.parquet` in a folder of `out/`, named with a `/` behind it.
pub(super) fn write_in(
    context: &Context,
    folder: &str,
    (schema, table): (&Schema, &Table),
    metadata: Metadata,
) -> Result<PathBuf, Failure> {
    let mut all = vec![("lodd_version".to_owned(), env!("CARGO_PKG_VERSION").to_owned())];
    all.extend(metadata);
    let bytes = parquet::encode(table, schema, &all).map_err(|error| words::parquet(&error))?;
    outputs::write(context, &format!("{folder}{}.parquet", schema.name), &bytes)
}

pub(super) fn internal(error: &TableError) -> Failure {
    Failure::internal("table", error)
}

/// A column that must be there and is not.
pub(super) fn internal_missing(table: &str, column: &str) -> Failure {
    Failure::internal(table, format!("column `{column}` has no value"))
}
