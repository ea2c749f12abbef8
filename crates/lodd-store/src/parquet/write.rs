//! A table to bytes, checked against its schema first.

use std::{path::Path, sync::Arc};

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch,
    RecordBatchOptions, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, TimeUnit};
use parquet::{
    arrow::{
        ARROW_SCHEMA_META_KEY, ArrowWriter, arrow_writer::ArrowWriterOptions, encode_arrow_schema,
    },
    basic::Compression,
    file::{
        metadata::KeyValue,
        properties::{WriterProperties, WriterVersion},
    },
};

use super::{
    ParquetError,
    metadata::{KEY, packed},
};
use crate::{
    Column, Table, TableError, Values, files,
    schema::{Field, Physical, Schema},
};

/// Who made the file. Without a version: another release must be able to give the same bytes.
const CREATED_BY: &str = "lodd";

/// Writes a table whole or not at all, in place of the file that is there.
///
/// # Errors
///
/// If the table is not as the schema says (columns in order, kinds, missing values, range), naming
/// the row from 1; or if the disk refuses. No file is left behind.
pub fn write(
    path: &Path,
    table: &Table,
    schema: &Schema,
    metadata: &[(String, String)],
) -> Result<(), ParquetError> {
    let bytes = encode(table, schema, metadata)?;
    Ok(files::write_atomically(path, &bytes)?)
}

/// The bytes of the file that [`write`](fn@write) would write.
///
/// # Errors
///
/// If the table is not as the schema says.
pub fn encode(
    table: &Table,
    schema: &Schema,
    metadata: &[(String, String)],
) -> Result<Vec<u8>, ParquetError> {
    check_columns(table, schema)?;
    let arrow_schema = arrow_schema(schema);
    let pairs = schema.fields.iter().zip(table.columns());
    let arrays = pairs
        .map(|(field, column)| array(table.name(), field, column))
        .collect::<Result<Vec<_>, _>>()?;
    let fail = |reason: String| ParquetError::Encoding { table: table.name().to_owned(), reason };
    let options = RecordBatchOptions::new().with_row_count(Some(table.rows()));
    let batch = RecordBatch::try_new_with_options(arrow_schema.clone(), arrays, &options)
        .map_err(|source| fail(source.to_string()))?;
    let mut bytes = Vec::new();
    encode_batch(&mut bytes, &batch, self::options(schema, metadata))
        .map_err(|source| fail(source.to_string()))?;
    Ok(bytes)
}

fn encode_batch(
    bytes: &mut Vec<u8>,
    batch: &RecordBatch,
    options: ArrowWriterOptions,
) -> parquet::errors::Result<()> {
    let mut writer = ArrowWriter::try_new_with_options(bytes, batch.schema(), options)?;
    writer.write(batch)?;
    writer.close().map(|_| ())
}

/// How every file of a table is written: the settings stand here and nowhere else.
///
/// The file's own metadata, `metadata` among them, stand under one key, [`KEY`].
pub fn options(schema: &Schema, metadata: &[(String, String)]) -> ArrowWriterOptions {
    let own = KeyValue::new(KEY.to_owned(), packed(schema, metadata));
    let hint =
        KeyValue::new(ARROW_SCHEMA_META_KEY.to_owned(), encode_arrow_schema(&read_as(schema)));
    let properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(vec![own, hint]))
        .build();
    // Rows are written as plain strings, and the Arrow schema that readers are given is our own.
    ArrowWriterOptions::new()
        .with_properties(properties)
        .with_skip_arrow_metadata(true)
        .with_schema_root("lodd".to_owned())
}

/// What readers of Arrow make of a table: codes come as dictionaries, which others call factors or
/// categories. The bytes of the columns are those of strings, which Parquet keeps in dictionaries anyway.
fn read_as(schema: &Schema) -> arrow_schema::Schema {
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let field = |it: &Field| match it.physical {
        Physical::Code(_) => arrow_schema::Field::new(it.name, dictionary.clone(), it.nullable),
        _ => arrow_field(it),
    };
    arrow_schema::Schema::new(schema.fields.iter().map(field).collect::<Vec<_>>())
}

/// The columns of a table as Arrow has them while it is written.
pub fn arrow_schema(schema: &Schema) -> arrow_schema::SchemaRef {
    let fields = schema.fields.iter().map(arrow_field).collect::<Vec<_>>();
    Arc::new(arrow_schema::Schema::new(fields))
}

fn check_columns(table: &Table, schema: &Schema) -> Result<(), ParquetError> {
    let expected: Vec<&str> = schema.fields.iter().map(|it| it.name).collect();
    let found: Vec<&str> = table.columns().iter().map(|it| it.name.as_str()).collect();
    if expected == found {
        return Ok(());
    }
    let table = table.name().to_owned();
    Err(ParquetError::OtherColumns {
        table,
        expected: expected.join(", "),
        found: found.join(", "),
    })
}

fn arrow_field(field: &Field) -> arrow_schema::Field {
    let kind = match field.physical {
        Physical::Text | Physical::Code(_) => DataType::Utf8,
        Physical::Int32 => DataType::Int32,
        Physical::Int64 => DataType::Int64,
        Physical::Double => DataType::Float64,
        Physical::Bool => DataType::Boolean,
        Physical::Date => DataType::Date32,
        Physical::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    };
    arrow_schema::Field::new(field.name, kind, field.nullable)
}

/// A column as an Arrow array of the type its schema says, once its values have passed.
fn array(table: &str, field: &Field, column: &Column) -> Result<ArrayRef, ParquetError> {
    let place = |row: usize| (table.to_owned(), field.name.to_owned(), row + 1);
    if let (false, Some(row)) = (field.nullable, column.values.first_missing()) {
        let (table, column, row) = place(row);
        return Err(ParquetError::Missing { table, column, row });
    }
    Ok(match (field.physical, &column.values) {
        (Physical::Text | Physical::Code(_), Values::Text(values)) => {
            Arc::new(StringArray::from_iter(values))
        }
        (Physical::Int32, Values::Int(values)) => {
            let too_large = |row| {
                let (table, column, row) = place(row);
                ParquetError::TooLarge { table, column, row }
            };
            Arc::new(Int32Array::from(narrow(values).map_err(too_large)?))
        }
        (Physical::Int64, Values::Int(values)) => Arc::new(Int64Array::from(values.clone())),
        (Physical::Double, Values::Real(values)) => {
            let infinite = |it: &Option<f64>| it.is_some_and(|it| !it.is_finite());
            if let Some(row) = values.iter().position(infinite) {
                let (table, column, row) = place(row);
                return Err(ParquetError::NotFinite { table, column, row });
            }
            Arc::new(Float64Array::from(values.clone()))
        }
        (Physical::Bool, Values::Bool(values)) => Arc::new(BooleanArray::from(values.clone())),
        (Physical::Date, Values::Date(values)) => Arc::new(Date32Array::from(values.clone())),
        (Physical::Timestamp, Values::Instant(values)) => {
            Arc::new(TimestampMicrosecondArray::from(values.clone()).with_timezone("UTC"))
        }
        (expected, found) => {
            let (table, column, _) = place(0);
            let (expected, found) = (expected.kind(), found.kind());
            return Err(TableError::OtherKind { table, column, expected, found }.into());
        }
    })
}

/// 64 bits to 32, or the row (from 0) that does not fit.
fn narrow(values: &[Option<i64>]) -> Result<Vec<Option<i32>>, usize> {
    let narrow = |(row, value): (usize, &Option<i64>)| match value {
        Some(value) => i32::try_from(*value).map(Some).map_err(|_| row),
        None => Ok(None),
    };
    values.iter().enumerate().map(narrow).collect()
}
