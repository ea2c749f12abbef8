//! Results of the parts, kept on disk and joined in the order of the file.
//!
//! All rows of a unit in a draw come from one part, so joining compares units, not rows.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fs::File,
    io::{BufReader, BufWriter},
    path::{Path, PathBuf},
};

use datafusion::arrow::{
    array::RecordBatch,
    ipc::{
        CompressionType,
        reader::FileReader,
        writer::{FileWriter, IpcWriteOptions},
    },
};

use crate::{
    output::{Output, schema, unit_of},
    problem::Failure,
};

/// Rows read at once of each run.
const BATCH_ROWS: usize = 4096;

/// Draw, kind of unit, and unit.
type Unit = (i32, String, String);

/// A sorted file of rows.
#[derive(Debug)]
pub(crate) struct Run {
    path: PathBuf,
    first: Unit,
}

impl Run {
    /// Keeps sorted rows. None where there are none.
    ///
    /// # Errors
    ///
    /// Could not run where the disk refuses.
    pub(crate) fn keep(path: &Path, rows: &[RecordBatch]) -> Result<Option<Self>, Failure> {
        let Some(batch) = rows.iter().find(|it| it.num_rows() > 0) else { return Ok(None) };
        let first = unit_of(batch, 0)?;
        write(path, rows).map_err(|error| Failure::io(&path.display().to_string(), error))?;
        Ok(Some(Self { path: path.to_owned(), first }))
    }
}

fn write(path: &Path, rows: &[RecordBatch]) -> Result<(), datafusion::arrow::error::ArrowError> {
    let options =
        IpcWriteOptions::default().try_with_compression(Some(CompressionType::LZ4_FRAME))?;
    let file = BufWriter::new(File::create(path)?);
    let mut writer = FileWriter::try_new_with_options(file, &schema(), options)?;
    for batch in rows {
        let mut start = 0;
        while start < batch.num_rows() {
            let length = BATCH_ROWS.min(batch.num_rows() - start);
            writer.write(&batch.slice(start, length))?;
            start += length;
        }
    }
    writer.finish()
}

/// A run that is being read: its rows from `at` on are still to come.
struct Open {
    name: String,
    reader: FileReader<BufReader<File>>,
    batch: RecordBatch,
    at: usize,
}

impl Open {
    fn new(run: &Run) -> Result<Option<Self>, Failure> {
        let name = run.path.display().to_string();
        let file = File::open(&run.path).map_err(|error| Failure::io(&name, error))?;
        let reader = FileReader::try_new(BufReader::new(file), None)
            .map_err(|error| Failure::io(&name, error))?;
        let batch = RecordBatch::new_empty(schema());
        let mut open = Self { name, reader, batch, at: 0 };
        Ok(open.refill()?.then_some(open))
    }

    /// Whether there are more rows.
    fn refill(&mut self) -> Result<bool, Failure> {
        while self.at >= self.batch.num_rows() {
            let Some(batch) = self.reader.next() else { return Ok(false) };
            self.batch = batch.map_err(|error| Failure::io(&self.name, error))?;
            self.at = 0;
        }
        Ok(true)
    }

    /// The rows of units up to `end`, as far as they have been read. No unit is in two runs.
    fn up_to(&mut self, end: Option<&Unit>) -> Result<RecordBatch, Failure> {
        let rows = self.batch.num_rows();
        let is_before = |row: usize| -> Result<bool, Failure> {
            Ok(match end {
                Some(end) => unit_of(&self.batch, row)? <= *end,
                None => true,
            })
        };
        // Mostly all of the batch, or a unit: from both ends towards the middle.
        let (mut low, mut high) = (self.at, rows);
        if is_before(rows - 1)? {
            low = rows;
        }
        while low < high {
            let middle = usize::midpoint(low, high);
            if is_before(middle)? { low = middle + 1 } else { high = middle }
        }
        let part = self.batch.slice(self.at, low - self.at);
        self.at = low;
        Ok(part)
    }
}

/// Writes the rows of all runs in order.
///
/// # Errors
///
/// Could not run where the disk refuses.
pub(crate) fn join(runs: &[Run], output: &mut Output) -> Result<(), Failure> {
    // A run is opened when its first unit is next: sorted input needs one at a time.
    let mut next: BinaryHeap<Reverse<(Unit, usize)>> =
        runs.iter().enumerate().map(|(index, it)| Reverse((it.first.clone(), index))).collect();
    let mut open: Vec<Option<Open>> = runs.iter().map(|_| None).collect();
    while let Some(Reverse((_, index))) = next.pop() {
        let end = next.peek().map(|Reverse((unit, _))| unit.clone());
        let (Some(run), Some(slot)) = (runs.get(index), open.get_mut(index)) else { continue };
        let mut reading = match slot.take() {
            Some(it) => it,
            None => match Open::new(run)? {
                Some(it) => it,
                None => continue,
            },
        };
        let more = loop {
            output.write(&reading.up_to(end.as_ref())?)?;
            if reading.at < reading.batch.num_rows() {
                break true;
            }
            if !reading.refill()? {
                break false;
            }
        };
        if more {
            next.push(Reverse((unit_of(&reading.batch, reading.at)?, index)));
            *slot = Some(reading);
        }
    }
    Ok(())
}
