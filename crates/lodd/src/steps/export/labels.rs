//! What tables and their columns are called in bokmål, nynorsk and English: the labels of variables.
//!
//! At most 80 characters, Stata's limit. What a column means in full stands in the registry of columns
//! (`lodd-store`), and from there in `datapackage.json`.

use crate::text::Text;

/// `TABLE|COLUMN|bokmål|nynorsk|English` a line; no column for the table itself, `*` for any table.
const LABELS: &str = include_str!("labels.txt");

/// What a table is called.
pub(super) fn of_table(table: &str) -> Text {
    find(table, "").unwrap_or_else(|| Text::same(table))
}

/// What a column of a table is called.
pub(super) fn of_column(table: &str, column: &str) -> Text {
    find(table, column).or_else(|| find("*", column)).unwrap_or_else(|| Text::same(column))
}

/// The words of one line.
fn find(table: &str, column: &str) -> Option<Text> {
    rows().find(|it| it.table == table && it.column == column).map(|it| {
        let [nb, nn, en] = it.words;
        Text::new(nb, en).nn(nn)
    })
}

/// A line of [`LABELS`].
struct Row {
    table: &'static str,
    column: &'static str,
    words: [&'static str; 3],
}

fn rows() -> impl Iterator<Item = Row> {
    LABELS.lines().filter_map(|line| {
        let mut parts = line.split('|');
        let mut part = || parts.next();
        Some(Row { table: part()?, column: part()?, words: [part()?, part()?, part()?] })
    })
}

#[cfg(test)]
mod tests;
