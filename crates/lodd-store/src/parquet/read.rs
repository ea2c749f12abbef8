//! Bytes to a table: our own files, and those of others.

use std::{fs::File, path::Path};

use arrow_array::{
    Array, ArrayRef,
    cast::AsArray,
    types::{
        ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
        Int64Type, TimestampMicrosecondType, TimestampMillisecondType, UInt8Type, UInt16Type,
        UInt32Type,
    },
};
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use super::{
    Metadata, ParquetError,
    metadata::{KEY, unpacked},
};
use crate::{Column, Table, Values, files::FileError};

/// Reads a file as a table, named as the file without its ending, and its metadata.
///
/// Reads integers of up to 64 bits (unsigned up to 32), floats and doubles, text, booleans, dates,
/// and timestamps in ms or µs (taken as UTC where the file does not say).
///
/// # Errors
///
/// If it can't be opened, is not Parquet, or a column is of another type (nested, decimal, binary).
pub fn read(path: &Path) -> Result<(Table, Metadata), ParquetError> {
    let file = File::open(path).map_err(FileError::at("read", path))?;
    let malformed = |reason: String| ParquetError::Malformed { path: path.to_owned(), reason };
    // Without the writer's Arrow schema a string is a string, be it large, a view or a dictionary.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .map_err(|source| malformed(source.to_string()))?;
    let metadata = key_values(&builder);
    let mut columns = Vec::new();
    for field in builder.schema().fields() {
        let unknown = || ParquetError::UnknownType {
            path: path.to_owned(),
            column: field.name().clone(),
            found: field.data_type().to_string(),
        };
        columns.push(Column::new(field.name(), empty(field.data_type()).ok_or_else(unknown)?));
    }
    let reader = builder.build().map_err(|source| malformed(source.to_string()))?;
    for batch in reader {
        let batch = batch.map_err(|source| malformed(source.to_string()))?;
        for (column, array) in columns.iter_mut().zip(batch.columns()) {
            append(&mut column.values, array);
        }
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    Ok((Table::new(name, columns)?, metadata))
}

fn key_values(builder: &ParquetRecordBatchReaderBuilder<File>) -> Metadata {
    let pairs = builder.metadata().file_metadata().key_value_metadata();
    let pairs = pairs.map(Vec::as_slice).unwrap_or_default();
    let own = pairs.iter().find(|it| it.key == KEY).and_then(|it| it.value.as_deref());
    if let Some(own) = own.and_then(unpacked) {
        return own;
    }
    pairs.iter().map(|it| (it.key.clone(), it.value.clone().unwrap_or_default())).collect()
}

/// The kind of values that a type is read into, if it is read at all.
fn empty(kind: &DataType) -> Option<Values> {
    Some(match kind {
        DataType::Utf8 => Values::Text(Vec::new()),
        DataType::Boolean => Values::Bool(Vec::new()),
        DataType::Float32 | DataType::Float64 => Values::Real(Vec::new()),
        DataType::Date32 => Values::Date(Vec::new()),
        DataType::Timestamp(TimeUnit::Millisecond | TimeUnit::Microsecond, _) => {
            Values::Instant(Vec::new())
        }
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => {
            Values::Int(Vec::new())
        }
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => Values::Int(Vec::new()),
        _ => return None,
    })
}

/// Appends an array to values of the kind [`empty`] chose for its type.
fn append(values: &mut Values, array: &ArrayRef) {
    match (values, array.data_type()) {
        (Values::Text(values), _) => {
            values.extend(array.as_string::<i32>().iter().map(|it| it.map(str::to_owned)));
        }
        (Values::Bool(values), _) => values.extend(array.as_boolean()),
        (Values::Real(values), DataType::Float32) => extend::<Float32Type, _>(values, array),
        (Values::Real(values), _) => extend::<Float64Type, _>(values, array),
        (Values::Date(values), _) => extend::<Date32Type, _>(values, array),
        (Values::Instant(values), DataType::Timestamp(TimeUnit::Millisecond, _)) => {
            let instants = array.as_primitive::<TimestampMillisecondType>().iter();
            values.extend(instants.map(|it| it.map(|ms| ms.saturating_mul(1000))));
        }
        (Values::Instant(values), _) => extend::<TimestampMicrosecondType, _>(values, array),
        (Values::Int(values), kind) => match kind {
            DataType::Int8 => extend::<Int8Type, _>(values, array),
            DataType::Int16 => extend::<Int16Type, _>(values, array),
            DataType::Int32 => extend::<Int32Type, _>(values, array),
            DataType::UInt8 => extend::<UInt8Type, _>(values, array),
            DataType::UInt16 => extend::<UInt16Type, _>(values, array),
            DataType::UInt32 => extend::<UInt32Type, _>(values, array),
            _ => extend::<Int64Type, _>(values, array),
        },
    }
}

fn extend<T: ArrowPrimitiveType, V: From<T::Native>>(
    values: &mut Vec<Option<V>>,
    array: &ArrayRef,
) {
    values.extend(array.as_primitive::<T>().iter().map(|it| it.map(V::from)));
}
