//! Parquet files: what a pilot gives out, and any trial's table that is read.
//!
//! Writing is deterministic: the same table, schema and metadata give the same bytes. So nothing of
//! the clock, of the machine or of a library's version enters a file; writer settings stand here
//! and nowhere else.

mod metadata;
mod read;
mod write;

use std::path::PathBuf;

pub use metadata::KEY;
pub use read::read;
pub use write::{arrow_schema, encode, options, write};

use crate::{TableError, files::FileError};

/// What a file says of itself, in file order: of our own files the pairs under [`KEY`], of others the
/// key-value metadata that stand in them.
pub type Metadata = Vec<(String, String)>;

/// Why a Parquet file can't be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum ParquetError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(
        "table `{table}` must have the columns of its schema: expected {expected}, found {found}"
    )]
    OtherColumns { table: String, expected: String, found: String },
    #[error(
        "column `{column}` of table `{table}` must have a value in every row: row {row} has none"
    )]
    Missing { table: String, column: String, row: usize },
    #[error("column `{column}` of table `{table}` must be finite: row {row} is not")]
    NotFinite { table: String, column: String, row: usize },
    #[error("column `{column}` of table `{table}` must fit in 32 bits: row {row} does not")]
    TooLarge { table: String, column: String, row: usize },
    #[error("column `{column}` of `{}` can't be read: its type is {found}", path.display())]
    UnknownType { path: PathBuf, column: String, found: String },
    #[error("`{}` is not a Parquet file that can be read: {reason}", path.display())]
    Malformed { path: PathBuf, reason: String },
    #[error("table `{table}` can't be written as Parquet: {reason}")]
    Encoding { table: String, reason: String },
}
