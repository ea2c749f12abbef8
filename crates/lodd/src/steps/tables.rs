//! Tables that go to `out/`, as Parquet.

use std::path::{Path, PathBuf};

use lodd_store::{
    Table, TableError,
    parquet::{self, Metadata},
    schema::Schema,
};

use super::{Context, words};
use crate::problem::Failure;

/// Writes `out/NAME.parquet`, with the program's version among its metadata.
pub(super) fn write(
    context: &Context,
    schema: &Schema,
    table: &Table,
    metadata: Metadata,
) -> Result<PathBuf, Failure> {
    write_in(&context.dir.join("out"), schema, table, metadata)
}

/// Writes `NAME.parquet` in a folder, which is made.
pub(super) fn write_in(
    folder: &Path,
    schema: &Schema,
    table: &Table,
    metadata: Metadata,
) -> Result<PathBuf, Failure> {
    let path = folder.join(format!("{}.parquet", schema.name));
    std::fs::create_dir_all(folder).map_err(|error| Failure::io(folder, &error))?;
    let mut all = vec![("lodd_version".to_owned(), env!("CARGO_PKG_VERSION").to_owned())];
    all.extend(metadata);
    parquet::write(&path, table, schema, &all).map_err(|error| words::parquet(&error))?;
    Ok(path)
}

pub(super) fn internal(error: &TableError) -> Failure {
    Failure::internal("table", error)
}

/// A column that must be there and is not.
pub(super) fn internal_missing(table: &str, column: &str) -> Failure {
    Failure::internal(table, format!("column `{column}` has no value"))
}
