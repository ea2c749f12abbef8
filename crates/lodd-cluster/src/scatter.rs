//! Rows that lie in no order, spread over files by the family of their unit, so that all rows of a
//! family and its members are in one file.

use std::{
    collections::HashMap,
    fs::File,
    hash::{DefaultHasher, Hash, Hasher},
    io::BufWriter,
    path::{Path, PathBuf},
    sync::Arc,
};

use datafusion::arrow::{
    array::{Array, ArrayRef, RecordBatch, StringViewArray, UInt32Array},
    compute::{concat_batches, take_record_batch},
    datatypes::SchemaRef,
    error::ArrowError,
    ipc::{
        CompressionType,
        reader::FileReader,
        writer::{FileWriter, IpcWriteOptions},
    },
};

use crate::{
    assigned::Assigned,
    check,
    files::Input,
    problem::Failure,
    progress::Progress,
    read::{Cursor, texts, with_origin},
};

/// Most files at once.
const FILES_MAX: usize = 512;

/// Rows kept in memory, over all files, before they are written.
const KEPT_ROWS: usize = 1_048_576;

/// Which files a unit's rows go to, and which assignments are read with each.
#[derive(Debug)]
pub(crate) struct Spread {
    files: usize,
    /// Of each row of the assignments.
    pub(crate) of_assignment: Vec<usize>,
    /// Persons by id; a person of two families has two.
    of_person: HashMap<String, Vec<usize>>,
}

fn hash(id: &str, files: usize) -> usize {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    usize::try_from(hasher.finish() % files as u64).unwrap_or(0)
}

impl Spread {
    /// # Errors
    ///
    /// Never, but by a fault of this program.
    pub(crate) fn new(assigned: &Assigned, files: usize) -> Result<Self, Failure> {
        let files = files.clamp(1, FILES_MAX);
        let (kinds, units) =
            (texts(&assigned.rows, "unit_kind")?, texts(&assigned.rows, "unit_id")?);
        let families = texts(&assigned.rows, "family_id")?;
        let mut of_person: HashMap<String, Vec<usize>> = HashMap::new();
        let mut of_assignment = Vec::with_capacity(units.len());
        for row in 0..units.len() {
            let file = hash(families.value(row), files);
            of_assignment.push(file);
            if kinds.value(row) != "FAMILIE" {
                let of_unit = of_person.entry(units.value(row).to_owned()).or_default();
                if !of_unit.contains(&file) {
                    of_unit.push(file);
                }
            }
        }
        Ok(Self { files, of_assignment, of_person })
    }

    fn each_file(&self, kind: &str, id: &str, mut add: impl FnMut(usize)) {
        match self.of_person.get(id).filter(|_| kind != "FAMILIE") {
            Some(files) => files.iter().for_each(|file| add(*file)),
            None => add(hash(id, self.files)),
        }
    }
}

/// Files that rows are being spread over.
struct Spill {
    path: PathBuf,
    writer: FileWriter<BufWriter<File>>,
    kept: Vec<RecordBatch>,
}

impl Spill {
    fn new(folder: &Path, index: usize, schema: &SchemaRef) -> Result<Self, ArrowError> {
        let path = folder.join(format!("spread-{index:04}.arrow"));
        let options =
            IpcWriteOptions::default().try_with_compression(Some(CompressionType::LZ4_FRAME))?;
        let file = BufWriter::new(File::create(&path)?);
        let writer = FileWriter::try_new_with_options(file, schema, options)?;
        Ok(Self { path, writer, kept: Vec::new() })
    }

    fn flush(&mut self, schema: &SchemaRef) -> Result<(), ArrowError> {
        let batch = concat_batches(schema, &self.kept)?;
        self.kept.clear();
        if batch.num_rows() == 0 {
            return Ok(());
        }
        // Without the texts of rows that went to other files.
        let own = |column: &ArrayRef| match column.as_any().downcast_ref::<StringViewArray>() {
            Some(texts) => Arc::new(texts.gc()) as ArrayRef,
            None => Arc::clone(column),
        };
        let columns = batch.columns().iter().map(own).collect();
        self.writer.write(&RecordBatch::try_new(batch.schema(), columns)?)
    }
}

/// Spreads all rows, checked cell by cell. Gives the files.
///
/// # Errors
///
/// Refused with the place of each bad cell; could not run where the disk refuses.
pub(crate) async fn scatter(
    input: &Input,
    spread: &Spread,
    folder: &Path,
    progress: &Progress,
) -> Result<Vec<PathBuf>, Failure> {
    let fail = |error: ArrowError| Failure::io(&folder.display().to_string(), error);
    let schema = with_origin(&input.schema());
    let new = |index| Spill::new(folder, index, &schema);
    let mut spills = (0..spread.files).map(new).collect::<Result<Vec<_>, _>>().map_err(fail)?;
    let mut kept = 0;
    for index in 0..input.files.len() {
        let mut cursor = Cursor::open(input, index, &[])?;
        while let Some(batch) = cursor.next().await? {
            check::cells(input, &batch)?;
            check::values(input, &batch)?;
            place(&batch, spread, &mut spills)?;
            kept += batch.num_rows();
            progress.add(batch.num_rows());
            if kept >= KEPT_ROWS {
                spills.iter_mut().try_for_each(|it| it.flush(&schema)).map_err(fail)?;
                kept = 0;
            }
        }
    }
    for spill in &mut spills {
        spill.flush(&schema).map_err(fail)?;
        spill.writer.finish().map_err(fail)?;
    }
    Ok(spills.into_iter().map(|it| it.path).collect())
}

/// Puts each row of a batch where it belongs.
fn place(batch: &RecordBatch, spread: &Spread, spills: &mut [Spill]) -> Result<(), Failure> {
    let (kinds, units) = (texts(batch, "unit_kind")?, texts(batch, "unit_id")?);
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); spills.len()];
    for (row, number) in (0..units.len()).zip(0_u32..) {
        spread.each_file(kinds.value(row), units.value(row), |file| {
            if let Some(of_file) = rows.get_mut(file) {
                of_file.push(number);
            }
        });
    }
    for (rows, spill) in rows.into_iter().zip(spills) {
        if !rows.is_empty() {
            let taken = take_record_batch(batch, &UInt32Array::from(rows));
            spill.kept.push(taken.map_err(|error| Failure::internal("snapshots", error))?);
        }
    }
    Ok(())
}

/// The rows of one file.
///
/// # Errors
///
/// Could not run where the disk refuses.
pub(crate) fn read(path: &Path) -> Result<Vec<RecordBatch>, Failure> {
    let read = || -> Result<Vec<RecordBatch>, ArrowError> {
        FileReader::try_new(File::open(path)?, None)?.collect()
    };
    read().map_err(|error| Failure::io(&path.display().to_string(), error))
}
