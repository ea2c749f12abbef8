//! `panel.parquet`: the query's rows as `lodd panel` writes them, byte for byte.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use datafusion::arrow::{
    array::{Array, ArrayRef, BooleanArray, RecordBatch},
    compute::{cast, concat_batches, nullif},
    datatypes::{DataType, SchemaRef},
    error::ArrowError,
};
use lodd_store::{parquet as settings, schema::PANEL};
use parquet::{arrow::ArrowWriter, file::properties::DEFAULT_MAX_ROW_GROUP_ROW_COUNT};

use crate::problem::Failure;

/// The file's columns.
pub(crate) fn schema() -> SchemaRef {
    settings::arrow_schema(&PANEL)
}

/// Rows of the query as the file has them: `cut` for `cut_us`, days as dates, null for no register.
///
/// # Errors
///
/// If a number does not fit, which is refused rather than cut.
pub(crate) fn as_file(rows: &RecordBatch) -> Result<RecordBatch, Failure> {
    let schema = schema();
    let column = |name: &str, kind: &DataType| -> Result<ArrayRef, ArrowError> {
        let from = if name == "cut" { "cut_us" } else { name };
        let found = rows
            .column_by_name(from)
            .ok_or_else(|| ArrowError::SchemaError(format!("no column {from}")))?;
        match (name, kind) {
            ("register", kind) => without_empty(&cast(found, kind)?),
            (_, DataType::Date32) => exact(&exact(found, &DataType::Int32)?, kind),
            (_, DataType::Boolean) => cast(found, kind),
            (_, kind) => exact(found, kind),
        }
    };
    let columns = schema.fields().iter().map(|it| column(it.name(), it.data_type()));
    let columns = columns.collect::<Result<Vec<_>, _>>();
    columns
        .and_then(|columns| RecordBatch::try_new(schema, columns))
        .map_err(|error| Failure::internal("panel.parquet", error))
}

/// A cast that loses nothing.
fn exact(array: &ArrayRef, kind: &DataType) -> Result<ArrayRef, ArrowError> {
    let cast = cast(array, kind)?;
    if cast.null_count() == array.null_count() {
        return Ok(cast);
    }
    Err(ArrowError::CastError(format!("a value does not fit in {kind}")))
}

fn without_empty(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let texts = array
        .as_any()
        .downcast_ref::<datafusion::arrow::array::StringArray>()
        .ok_or_else(|| ArrowError::SchemaError("register is no text".to_owned()))?;
    let empty: BooleanArray = texts.iter().map(|it| it.map(str::is_empty)).collect();
    nullif(array, &empty)
}

/// What stands in the file beside its rows.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    pub(crate) cut: String,
    pub(crate) rules_sha256: String,
}

impl Stamp {
    /// As `lodd panel` has it for draws made elsewhere.
    fn metadata(&self) -> Vec<(String, String)> {
        let pairs = [
            ("lodd_version", env!("CARGO_PKG_VERSION")),
            ("cut", self.cut.as_str()),
            ("protocol_sha256", self.rules_sha256.as_str()),
            ("origin", "imported"),
        ];
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }
}

/// Writes the file beside its place, and puts it there whole when it is finished.
pub(crate) struct Output {
    writer: ArrowWriter<File>,
    from: PathBuf,
    to: PathBuf,
    pending: Vec<RecordBatch>,
    pending_rows: usize,
    rows: usize,
}

impl Output {
    /// `scratch` lies on the same disk as `folder`.
    ///
    /// # Errors
    ///
    /// Could not run where the disk refuses.
    pub(crate) fn new(folder: &Path, scratch: &Path, stamp: &Stamp) -> Result<Self, Failure> {
        let from = scratch.join("panel.parquet");
        let name = from.display().to_string();
        let file = File::create(&from).map_err(|error| Failure::io(&name, error))?;
        let options = settings::options(&PANEL, &stamp.metadata());
        let writer = ArrowWriter::try_new_with_options(file, schema(), options)
            .map_err(|error| Failure::io(&name, error))?;
        let to = folder.join("panel.parquet");
        Ok(Self { writer, from, to, pending: Vec::new(), pending_rows: 0, rows: 0 })
    }

    /// Adds rows. Where they are cut into batches does not show in the file: a row group is written
    /// as one batch, as it is when all rows come at once.
    ///
    /// # Errors
    ///
    /// Could not run where the disk refuses.
    pub(crate) fn write(&mut self, rows: &RecordBatch) -> Result<(), Failure> {
        let mut rest = rows.clone();
        while self.pending_rows + rest.num_rows() >= DEFAULT_MAX_ROW_GROUP_ROW_COUNT {
            let fits = DEFAULT_MAX_ROW_GROUP_ROW_COUNT - self.pending_rows;
            self.pending.push(rest.slice(0, fits));
            rest = rest.slice(fits, rest.num_rows() - fits);
            self.write_group()?;
        }
        if rest.num_rows() > 0 {
            self.pending_rows += rest.num_rows();
            self.pending.push(rest);
        }
        Ok(())
    }

    fn write_group(&mut self) -> Result<(), Failure> {
        let name = self.to.display().to_string();
        let group = concat_batches(&schema(), &self.pending)
            .map_err(|error| Failure::internal("panel.parquet", error))?;
        self.pending.clear();
        self.pending_rows = 0;
        self.rows += group.num_rows();
        self.writer.write(&group).map_err(|error| Failure::io(&name, error))
    }

    /// Puts the file in its place. Gives its number of rows.
    ///
    /// # Errors
    ///
    /// Could not run where the disk refuses; the file that was there stays.
    pub(crate) fn finish(mut self) -> Result<usize, Failure> {
        self.write_group()?;
        let name = self.to.display().to_string();
        let fail = |error: std::io::Error| Failure::io(&name, error);
        let file = self.writer.into_inner().map_err(|error| Failure::io(&name, error))?;
        file.sync_all().map_err(fail)?;
        fs::rename(&self.from, &self.to).map_err(fail)?;
        // The folder, where the system can flush one.
        if let Some(folder) = self.to.parent().and_then(|it| File::open(it).ok()) {
            let _ = folder.sync_all();
        }
        Ok(self.rows)
    }
}

/// The key by which units stand in the file.
pub(crate) fn unit_of(rows: &RecordBatch, row: usize) -> Result<(i32, String, String), Failure> {
    use datafusion::arrow::{array::AsArray, datatypes::Int32Type};
    let text = |name: &str| -> Result<String, Failure> {
        let column = rows
            .column_by_name(name)
            .and_then(|it| it.as_string_opt::<i32>())
            .ok_or_else(|| Failure::internal(name, "no column of text"))?;
        Ok(column.value(row).to_owned())
    };
    let draw = rows
        .column_by_name("draw")
        .and_then(|it| it.as_primitive_opt::<Int32Type>())
        .ok_or_else(|| Failure::internal("draw", "no column of numbers"))?;
    Ok((draw.value(row), text("unit_kind")?, text("unit_id")?))
}
