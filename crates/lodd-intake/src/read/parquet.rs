//! A table that a system wrote: Parquet, with the columns of the csv file of the same table.
//!
//! It becomes one sheet, named after the file, with the columns' names as row 1: findings count its
//! rows as those of the csv file.

use arrow_array::{
    Array, ArrayRef, RecordBatch,
    cast::AsArray,
    types::{
        ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
        Int64Type, TimestampMicrosecondType, TimestampMillisecondType, UInt8Type, UInt16Type,
        UInt32Type,
    },
};
use arrow_schema::{DataType, SchemaRef, TimeUnit};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use super::{Content, Refusal, row_too_far, stem, text_too_long, too_many_cells, too_many_columns};
use crate::{
    finding::Findings,
    limits::Limits,
    national_id::found_in,
    text::Phrase,
    workbook::{Cell, CellValue, Sheet},
};

/// 1970-01-01, in days since 1899-12-30.
const EPOCH: f64 = 25_569.0;
const DAY_MS: f64 = 86_400_000.0;
/// Few, since a file of some bytes can unpack to a long text in each of them.
const ROWS_AT_ONCE: usize = 256;

/// Reads a Parquet file: text, whole numbers, floats, dates, instants and truth values.
pub(super) fn read(file: &str, bytes: &[u8], limits: &Limits) -> Result<Content, Refusal> {
    // Without the writer's Arrow schema a string is a string, be it large, a view or a dictionary.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let bytes = Bytes::copy_from_slice(bytes);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(bytes, options)
        .map_err(|_| damaged())?;
    let metadata = builder.metadata();
    let (columns, rows) = (builder.schema().fields().len(), metadata.file_metadata().num_rows());
    if columns > limits.columns as usize {
        return Err(too_many_columns(columns));
    }
    if rows >= i64::from(limits.rows) {
        return Err(row_too_far(limits.rows.saturating_add(1)));
    }
    let leak = metadata.file_metadata().key_value_metadata().is_some_and(|pairs| {
        let mut texts = pairs.iter().flat_map(|it| it.value.iter().chain([&it.key]));
        texts.any(|text| found_in(text, false))
    });
    let mut cells = header(builder.schema())?;
    let reader = builder.with_batch_size(ROWS_AT_ONCE).build().map_err(|_| damaged())?;
    let mut row = 2;
    let mut text_bytes = 0;
    for batch in reader {
        let batch = batch.map_err(|_| damaged())?;
        text_bytes += texts_of(&batch).map(str::len).sum::<usize>();
        if text_bytes > limits.text_bytes {
            return Err(text_too_long());
        }
        append(&mut cells, &batch, row, limits)?;
        row = row.saturating_add(u32::try_from(batch.num_rows()).unwrap_or(u32::MAX));
    }
    let sheet =
        Sheet::build(stem(file).to_owned(), false, cells, row - 1).map_err(|_| damaged())?;
    let place =
        || Phrase::new("opplysningene om filen", "opplysningane om fila", "the file's metadata");
    Ok(Content {
        sheets: vec![sheet],
        findings: Findings::default(),
        epoch_1904: false,
        comments: 0,
        leak: leak.then(place),
    })
}

fn damaged() -> Refusal {
    Refusal::damaged(
        "Parquet leses ukomprimert eller med Snappy",
        "Parquet vert lese ukomprimert eller med Snappy",
        "Parquet is read uncompressed or with Snappy",
    )
}

/// Row 1: the names of the columns, if all are of a type that is read.
fn header(schema: &SchemaRef) -> Result<Vec<(u32, Cell)>, Refusal> {
    let mut cells = Vec::new();
    for (field, column) in schema.fields().iter().zip(0..) {
        if !is_read(field.data_type()) {
            let number = column + 1;
            return Err(Refusal::damaged(
                &format!("kolonne {number} er verken tekst, tall, dato eller ja/nei"),
                &format!("kolonne {number} er verken tekst, tal, dato eller ja/nei"),
                &format!("column {number} is neither text, number, date nor truth value"),
            ));
        }
        cells.push((1, cell(column, CellValue::Text(field.name().clone()))));
    }
    Ok(cells)
}

fn is_read(kind: &DataType) -> bool {
    use DataType as T;
    let instant = matches!(kind, T::Timestamp(TimeUnit::Millisecond | TimeUnit::Microsecond, _));
    let unsigned = matches!(kind, T::UInt8 | T::UInt16 | T::UInt32);
    let number = kind.is_signed_integer() || matches!(kind, T::Float32 | T::Float64);
    instant || unsigned || number || matches!(kind, T::Utf8 | T::Boolean | T::Date32)
}

const fn cell(column: u32, value: CellValue) -> Cell {
    Cell { column, value, formula: false }
}

/// Appends the values of a batch whose first row has the number `first`.
fn append(
    cells: &mut Vec<(u32, Cell)>,
    batch: &RecordBatch,
    first: u32,
    limits: &Limits,
) -> Result<(), Refusal> {
    for (array, column) in batch.columns().iter().zip(0..) {
        if cells.len() + array.len() - array.null_count() > limits.cells {
            return Err(too_many_cells());
        }
        for (value, row) in values(array, limits)?.into_iter().zip(first..) {
            cells.extend(value.map(|value| (row, cell(column, value))));
        }
    }
    Ok(())
}

fn values(array: &ArrayRef, limits: &Limits) -> Result<Vec<Option<CellValue>>, Refusal> {
    use CellValue::{Date, Number};
    Ok(match array.data_type() {
        DataType::Boolean => array.as_boolean().iter().map(|it| it.map(CellValue::Bool)).collect(),
        DataType::Int8 => each::<Int8Type>(array, |it| Number(it.into())),
        DataType::Int16 => each::<Int16Type>(array, |it| Number(it.into())),
        DataType::Int32 => each::<Int32Type>(array, |it| Number(it.into())),
        DataType::Int64 => each::<Int64Type>(array, |it| Number(it as f64)),
        DataType::UInt8 => each::<UInt8Type>(array, |it| Number(it.into())),
        DataType::UInt16 => each::<UInt16Type>(array, |it| Number(it.into())),
        DataType::UInt32 => each::<UInt32Type>(array, |it| Number(it.into())),
        DataType::Float32 => each::<Float32Type>(array, |it| Number(it.into())),
        DataType::Float64 => each::<Float64Type>(array, Number),
        DataType::Date32 => each::<Date32Type>(array, |it| Date(f64::from(it) + EPOCH)),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            each::<TimestampMillisecondType>(array, |it| Date(it as f64 / DAY_MS + EPOCH))
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            each::<TimestampMicrosecondType>(array, |it| Date(it as f64 / 1e3 / DAY_MS + EPOCH))
        }
        DataType::Utf8 => texts(array, limits)?,
        _ => return Err(damaged()),
    })
}

fn each<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    value: impl Fn(T::Native) -> CellValue,
) -> Vec<Option<CellValue>> {
    array.as_primitive::<T>().iter().map(|it| it.map(&value)).collect()
}

fn texts_of(batch: &RecordBatch) -> impl Iterator<Item = &str> {
    batch
        .columns()
        .iter()
        .filter_map(|it| it.as_string_opt::<i32>())
        .flat_map(|it| it.iter().flatten())
}

/// Texts; an empty one is no value, as in a csv file.
fn texts(array: &ArrayRef, limits: &Limits) -> Result<Vec<Option<CellValue>>, Refusal> {
    let texts = array.as_string::<i32>();
    let bound = limits.cell_characters;
    if texts.iter().flatten().any(|it| it.len() > bound && it.chars().count() > bound) {
        return Err(text_too_long());
    }
    let value = |it: &str| (!it.is_empty()).then(|| CellValue::Text(it.to_owned()));
    Ok(texts.iter().map(|it| it.and_then(value)).collect())
}
