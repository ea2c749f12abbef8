//! How rows lie in their files, so that all rows of a unit can be had together.

use datafusion::arrow::array::Array;

use crate::{
    check,
    files::Input,
    problem::Failure,
    read::{Cursor, texts},
};

/// Places in a part where it may end.
const NOTED_A_PART: usize = 16;

/// What one reading of the units told.
#[derive(Debug)]
pub(crate) struct Layout {
    /// Whether every file is sorted by unit.
    pub(crate) sorted: bool,
    /// Whether families have snapshots of their own.
    pub(crate) has_families: bool,
    pub(crate) rows: usize,
    /// Ids at even distances through each file.
    noted: Vec<String>,
}

impl Layout {
    /// Reads kind and id of the unit of every row.
    ///
    /// # Errors
    ///
    /// Refused where one is missing; could not run where a file can't be read.
    pub(crate) async fn read(input: &Input, part_rows: usize) -> Result<Self, Failure> {
        let mut layout = Self { sorted: true, has_families: false, rows: 0, noted: Vec::new() };
        let every = (part_rows / NOTED_A_PART).max(1);
        for index in 0..input.files.len() {
            layout.read_file(input, index, every).await?;
        }
        layout.noted.sort_unstable();
        Ok(layout)
    }

    async fn read_file(
        &mut self,
        input: &Input,
        index: usize,
        every: usize,
    ) -> Result<(), Failure> {
        let mut cursor = Cursor::open(input, index, &["unit_kind", "unit_id"])?;
        let mut last: Option<String> = None;
        let mut until_noted = every;
        while let Some(batch) = cursor.next().await? {
            check::cells(input, &batch)?;
            self.has_families =
                self.has_families || check::distinct(&batch, "unit_kind")?.contains("FAMILIE");
            let ids = texts(&batch, "unit_id")?;
            let mut before = last.as_deref().unwrap_or_default();
            let views = ids.views();
            for (row, view) in views.iter().enumerate() {
                // Equal neighbours need no second look.
                if row > 0 && views.get(row - 1) == Some(view) {
                    continue;
                }
                self.sorted = self.sorted && before <= ids.value(row);
                before = ids.value(row);
            }
            while until_noted <= ids.len() {
                self.noted.push(ids.value(until_noted - 1).to_owned());
                until_noted += every;
            }
            until_noted -= ids.len();
            self.rows += ids.len();
            last = Some(before.to_owned());
        }
        Ok(())
    }

    /// Where parts end, in ascending order: the first unit of the next part. The last has no end.
    pub(crate) fn ends(&self) -> Vec<Option<String>> {
        let noted = self.noted.iter().skip(NOTED_A_PART).step_by(NOTED_A_PART);
        let mut ends: Vec<Option<String>> = noted.map(|it| Some(it.clone())).collect();
        ends.dedup();
        ends.push(None);
        ends
    }
}
