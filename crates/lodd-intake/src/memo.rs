//! What was read once need not be read again: most cells of a column say what another one said.

use std::{cell::RefCell, collections::HashMap};

use crate::{
    field::Noted,
    finding::Finding,
    table::At,
    workbook::{Cell, CellValue},
};

/// How many different texts of a column are kept; a hostile file has no more of them than that.
const KEPT_MAX: usize = 1 << 16;

/// What the texts of one column were read as, where nothing was noted of them. Only what reading
/// takes from the text alone may be kept here. No order comes from it.
#[derive(Debug)]
pub(crate) struct Memo<T>(RefCell<HashMap<String, T>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> Memo<T> {
    /// What `read` gives, or gave when it met the same text.
    pub(crate) fn read(
        &self,
        at: &At<'_>,
        notes: &mut Vec<Finding>,
        read: impl FnOnce(&mut Vec<Finding>) -> Result<T, Noted>,
    ) -> Result<T, Noted> {
        let Some(Cell { value: CellValue::Text(text), formula: false, .. }) = at.cell else {
            return read(notes);
        };
        if let Some(known) = self.0.borrow().get(text) {
            return Ok(known.clone());
        }
        let before = notes.len();
        let found = read(notes)?;
        let mut kept = self.0.borrow_mut();
        if notes.len() == before && kept.len() < KEPT_MAX {
            kept.insert(text.clone(), found.clone());
        }
        Ok(found)
    }
}
