//! Reading Parquet files row by row in their own order, each row with the place it came from.

use std::sync::Arc;

use datafusion::arrow::{
    array::{Array, ArrayRef, RecordBatch, StringViewArray, UInt64Array},
    compute::cast,
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use futures::StreamExt;
use parquet::arrow::{
    ProjectionMask,
    arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions},
    async_reader::{ParquetRecordBatchStream, ParquetRecordBatchStreamBuilder},
};

use crate::{
    files::{Input, InputFile},
    problem::{Failure, Place},
    stored::Stored,
};

/// Rows decoded at once.
const BATCH_ROWS: usize = 8192;

/// The column that says where a row came from: see [`Origin`].
pub(crate) const ORIGIN: &str = "origin";

/// Bits of [`Origin`] for the row.
const ROW_BITS: u32 = 40;

/// A row's place: the file's index and the row's number in it, from 0, as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin(pub(crate) u64);

impl Origin {
    fn new(file: usize, row: u64) -> Self {
        Self(((file as u64) << ROW_BITS) | row)
    }

    /// File, row group and row, in words that a person can look up.
    pub(crate) fn place(self, input: &Input) -> Place {
        let row = self.0 & ((1 << ROW_BITS) - 1);
        let index = usize::try_from(self.0 >> ROW_BITS).unwrap_or(usize::MAX);
        let Some(file) = input.files.get(index) else { return Place::default() };
        let mut end = 0;
        let row_group = file.parquet().row_groups().iter().position(|group| {
            end += u64::try_from(group.num_rows()).unwrap_or(0);
            row < end
        });
        Place { row_group, row: Some(row + 1), ..Place::file(&file.name) }
    }
}

/// A file, read from its first row to its last.
pub(crate) struct Cursor {
    name: String,
    file: usize,
    next_row: u64,
    stream: ParquetRecordBatchStream<Stored>,
    schema: SchemaRef,
    rest: Option<RecordBatch>,
}

/// The schema of batches: the input's columns, then [`ORIGIN`].
pub(crate) fn with_origin(schema: &Schema) -> SchemaRef {
    let mut fields: Vec<_> = schema.fields().iter().map(Arc::clone).collect();
    fields.push(Arc::new(Field::new(ORIGIN, DataType::UInt64, false)));
    Arc::new(Schema::new(fields))
}

/// The file's own types, but strings as views, which are the quickest to compare.
fn as_views(file: &InputFile) -> Result<ArrowReaderMetadata, parquet::errors::ParquetError> {
    let field = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => {
            Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View))
        }
        _ => Arc::clone(field),
    };
    let fields: Vec<_> = file.footer.schema().fields().iter().map(field).collect();
    let options = ArrowReaderOptions::new()
        .with_skip_arrow_metadata(true)
        .with_schema(Arc::new(Schema::new(fields)));
    ArrowReaderMetadata::try_new(Arc::clone(file.footer.metadata()), options)
}

impl Cursor {
    /// Opens the file at `index` of an input; only the columns named are read.
    ///
    /// # Errors
    ///
    /// Could not run where the file can't be read.
    pub(crate) fn open(input: &Input, index: usize, only: &[&str]) -> Result<Self, Failure> {
        let Some(file) = input.files.get(index) else {
            return Err(Failure::internal("file", index));
        };
        let fail = |error| Failure::io(&file.name, error);
        let metadata = as_views(file).map_err(fail)?;
        let wanted = |name: &str| only.is_empty() || only.contains(&name);
        let names: Vec<&str> =
            input.columns.iter().map(|it| it.name).filter(|it| wanted(it)).collect();
        let builder = ParquetRecordBatchStreamBuilder::new_with_metadata(file.reader(), metadata);
        let mask = ProjectionMask::columns(builder.parquet_schema(), names.iter().copied());
        let stream =
            builder.with_projection(mask).with_batch_size(BATCH_ROWS).build().map_err(fail)?;
        let whole = input.schema();
        let fields: Vec<_> =
            whole.fields().iter().filter(|it| wanted(it.name())).map(Arc::clone).collect();
        let schema = with_origin(&Schema::new(fields));
        Ok(Self { name: file.name.clone(), file: index, next_row: 0, stream, schema, rest: None })
    }

    /// The next rows, if there are more.
    ///
    /// # Errors
    ///
    /// Could not run where the file can't be read.
    pub(crate) async fn next(&mut self) -> Result<Option<RecordBatch>, Failure> {
        if let Some(rest) = self.rest.take() {
            return Ok(Some(rest));
        }
        let Some(batch) = self.stream.next().await else { return Ok(None) };
        let batch = batch.map_err(|error| Failure::io(&self.name, error))?;
        self.as_input(&batch).map(Some).map_err(|error| Failure::io(&self.name, error))
    }

    /// The columns in the schema's order and types, with their places.
    fn as_input(
        &mut self,
        batch: &RecordBatch,
    ) -> Result<RecordBatch, datafusion::arrow::error::ArrowError> {
        let rows = batch.num_rows();
        let first = Origin::new(self.file, self.next_row).0;
        self.next_row += rows as u64;
        let origin: ArrayRef = Arc::new(UInt64Array::from_iter_values(first..first + rows as u64));
        let found = batch.schema();
        let column = |field: &Arc<Field>| {
            if field.name() == ORIGIN {
                return Ok(Arc::clone(&origin));
            }
            cast(batch.column(found.index_of(field.name())?), field.data_type())
        };
        let columns = self.schema.fields().iter().map(column).collect::<Result<_, _>>()?;
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }

    /// The next rows whose unit's id is below `end`, of a file that is sorted by it; all that are
    /// left without an end.
    ///
    /// # Errors
    ///
    /// Could not run where the file can't be read.
    pub(crate) async fn below(
        &mut self,
        end: Option<&str>,
        into: &mut Vec<RecordBatch>,
    ) -> Result<(), Failure> {
        while let Some(batch) = self.next().await? {
            let ids = texts(&batch, "unit_id")?;
            let cut = end.map_or(batch.num_rows(), |end| {
                // Sorted: missing ids aside, which sort nowhere and are refused by the check.
                partition_point(ids, |id| id < end)
            });
            if cut > 0 {
                into.push(batch.slice(0, cut));
            }
            if cut < batch.num_rows() {
                self.rest = Some(batch.slice(cut, batch.num_rows() - cut));
                return Ok(());
            }
        }
        Ok(())
    }
}

/// The first row for which `is_before` does not hold.
pub(crate) fn partition_point(ids: &StringViewArray, is_before: impl Fn(&str) -> bool) -> usize {
    let (mut low, mut high) = (0, ids.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if ids.is_null(middle) || is_before(ids.value(middle)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// A column of text by name.
///
/// # Errors
///
/// If there is none; the schema has been checked.
pub(crate) fn texts<'b>(
    batch: &'b RecordBatch,
    name: &str,
) -> Result<&'b StringViewArray, Failure> {
    batch
        .column_by_name(name)
        .and_then(|it| it.as_any().downcast_ref::<StringViewArray>())
        .ok_or_else(|| Failure::internal(name, "no column of text"))
}
