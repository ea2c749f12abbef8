//! How much a file may hold. Counted while reading, never taken from the file's own word.

/// The limits of one upload. [`Limits::default`] has the documented values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub body_bytes: usize,
    /// Parts in the workbook's zip archive.
    pub zip_entries: usize,
    /// Bytes of all parts together, inflated.
    pub inflated_bytes: u64,
    /// Inflated over compressed bytes of a part, for parts above 1 MiB.
    pub ratio: u64,
    /// Sheets in a workbook.
    pub sheets: usize,
    /// Rows in a sheet, by the number of the last one.
    pub rows: u32,
    /// Columns in a sheet, by the number of the last one.
    pub columns: u32,
    /// Cells with a value, in all sheets together.
    pub cells: usize,
    /// Characters in one cell.
    pub cell_characters: usize,
    /// Bytes of text in all cells together, a text used twice counted twice.
    pub text_bytes: usize,
    /// Nested elements in a part of the workbook.
    pub xml_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 10 << 20,
            zip_entries: 200,
            inflated_bytes: 100 << 20,
            ratio: 200,
            sheets: 20,
            rows: 100_000,
            columns: 200,
            cells: 2_000_000,
            cell_characters: 32_767,
            text_bytes: 100 << 20,
            xml_depth: 64,
        }
    }
}
