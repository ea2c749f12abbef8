//! Where a sealed text stands. It opens there and nowhere else.

use crate::ledger::push_text;

/// A row of a table, by what it is filed under. What is sealed for one place does not open at
/// another, so no one can move it to another row, date or version.
///
/// ```
/// use lodd_store::vault::Place;
///
/// let place = |version| Place::of("facts").text("husleie").number(16_667).number(version);
/// assert_eq!(place(1), place(1));
/// assert_ne!(place(1), place(2));
/// // A text is told apart from the same bytes cut otherwise.
/// assert_ne!(Place::of("t").text("a").text("bc"), Place::of("t").text("ab").text("c"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    table: &'static str,
    bytes: Vec<u8>,
}

impl Place {
    /// Somewhere in a table.
    pub fn of(table: &'static str) -> Self {
        let mut bytes = Vec::with_capacity(96);
        push_text(&mut bytes, table);
        Self { table, bytes }
    }

    /// … under this text.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.bytes.push(b't');
        push_text(&mut self.bytes, text);
        self
    }

    /// … under this number, date or instant.
    #[must_use]
    pub fn number(mut self, number: i64) -> Self {
        self.bytes.push(b'n');
        self.bytes.extend(number.to_be_bytes());
        self
    }

    /// The table.
    pub const fn table(&self) -> &'static str {
        self.table
    }

    /// The bytes that a sealed text is bound to: the table's name as a text of the ledger; then of
    /// each part, in order, `t` and the text so, or `n` and the number in eight bytes, big-endian.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
