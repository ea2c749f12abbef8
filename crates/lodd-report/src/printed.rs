//! The report's tables as one long table: what those read who compute.

use crate::{
    Printed,
    document::{Block, Document},
    table::{Head, Table},
};

/// Every cell of every table, in the order of the document.
pub(crate) fn cells(document: &Document) -> Vec<Printed> {
    let blocks = document.sections.iter().flat_map(|it| &it.blocks);
    let tables = blocks.filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Figure(figure) => figure.table.as_ref(),
        Block::Heading(_)
        | Block::Paragraph(_)
        | Block::Finding { .. }
        | Block::List(_)
        | Block::Facts(_)
        | Block::Commands(_) => None,
    });
    tables.flat_map(of_table).collect()
}

fn of_table(table: &Table) -> Vec<Printed> {
    let columns = columns(&table.head);
    let mut found = Vec::new();
    for row in &table.rows {
        let minor = row.minor.iter().map(String::as_str);
        let name = std::iter::once(row.head.as_str()).chain(minor).collect::<Vec<_>>().join(" · ");
        for (place, cell) in row.cells.iter().enumerate() {
            let minor = cell.minor.iter().map(|it| format!(" ({it})"));
            found.push(Printed {
                table: table.number,
                caption: table.caption.clone(),
                row: name.clone(),
                column: columns.get(place + 1).cloned().unwrap_or_default(),
                value: cell.exact.map(|it| it.value),
                shown: std::iter::once(cell.text.clone()).chain(minor).collect(),
            });
        }
    }
    found
}

/// The heads over each column, the first of which is the rows'.
fn columns(head: &[Vec<Head>]) -> Vec<String> {
    let mut names: Vec<Vec<&str>> = Vec::new();
    // How many further rows of the head a column is filled by one that is tall.
    let mut taken: Vec<usize> = Vec::new();
    for row in head {
        let mut place = 0;
        for it in row {
            while taken.get(place).is_some_and(|rows| *rows > 0) {
                place += 1;
            }
            for _ in 0..it.columns {
                if names.len() <= place {
                    names.resize(place + 1, Vec::new());
                    taken.resize(place + 1, 0);
                }
                if let Some((name, rows)) = names.get_mut(place).zip(taken.get_mut(place)) {
                    name.push(&it.text);
                    *rows = it.rows;
                }
                place += 1;
            }
        }
        for rows in &mut taken {
            *rows = rows.saturating_sub(1);
        }
    }
    names.into_iter().map(|it| it.join(" · ")).collect()
}
