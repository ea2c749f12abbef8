//! Status at each horizon: one table an outcome, one unit a table, the control column always there.

use super::Blocks;
use crate::{
    document::Block,
    figures::states,
    locale::fill,
    model::{Cell, FileKind, Report, StatusColumn, StatusTable, Unit},
    table::{Head, Kind, Numbering, Row, Shown, Table, capital, meta},
    wording::Words,
};

/// The tables of each unit, under its name.
pub(super) fn blocks(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    if report.status.is_empty() {
        return Ok(vec![Block::paragraph(words.t.status_none)]);
    }
    let mut blocks = vec![Block::paragraph(words.t.status_intro)];
    for unit in Unit::ALL {
        let of_unit: Vec<&StatusTable> =
            report.status.iter().filter(|table| table.unit == unit).collect();
        if !of_unit.is_empty() {
            blocks.push(Block::Heading(capital(words.unit(unit))));
        }
        for status in of_unit {
            let table = table(words, report, status, numbers.table());
            if states::is_drawn(status) {
                let number = numbers.figure();
                let figure = states::figure(words, report, status, (number, &table))?;
                blocks.push(Block::Figure(figure));
            }
            blocks.push(Block::Table(table));
        }
    }
    Ok(blocks)
}

fn table(words: Words, report: &Report, status: &StatusTable, number: u32) -> Table {
    let t = words.t;
    let columns: Vec<&StatusColumn> = status.horizons.iter().flat_map(|it| &it.columns).collect();
    let base = |label: &str, count: &dyn Fn(&StatusColumn) -> Cell| {
        let cells = columns.iter().map(|column| Shown::cell(words, count(column))).collect();
        Row::new(Kind::Base, label, cells)
    };
    let mut rows = vec![
        base(t.drawn_row, &|column| column.drawn),
        base(t.due_row, &|column| column.due),
        base(t.observed_row, &|column| column.observed),
    ];
    rows.extend(status.categories.iter().enumerate().map(|(place, category)| {
        let cells = columns.iter().map(|column| share(words, column, place)).collect();
        Row::new(Kind::Plain, category.get(words.lang), cells)
    }));
    let source = words.source(&status.source, status.register.as_deref());
    let outcome = status.label.get(words.lang);
    Table {
        number,
        caption: fill(t.status_table, &[("outcome", outcome), ("units", words.unit(status.unit))]),
        meta: meta(words, report, status.unit, Some(source), FileKind::Outcomes),
        head: head(words, report, status),
        rows,
        notes: vec![t.symbols.to_owned()],
    }
}

/// Horizons above, arms below.
fn head(words: Words, report: &Report, status: &StatusTable) -> Vec<Vec<Head>> {
    let mut horizons = vec![Head { rows: 2, ..Head::new(words.t.col_outcome) }];
    let mut arms = Vec::new();
    for it in &status.horizons {
        let horizon = capital(&words.horizon(&it.horizon));
        horizons.push(Head { columns: it.columns.len(), ..Head::new(horizon) });
        arms.extend(it.columns.iter().map(|column| arm(words, report, &column.arm)));
    }
    vec![horizons, arms]
}

fn arm(words: Words, report: &Report, label: &str) -> Head {
    let name = report.arm(label).map_or(label, |arm| arm.name.get(words.lang));
    let is_control = report.control().is_some_and(|control| control.label == label);
    Head::new(if is_control { format!("{name} ({})", words.t.control) } else { name.to_owned() })
}

/// A count with its share of those observed.
fn share(words: Words, column: &StatusColumn, place: usize) -> Shown {
    let cell = column.counts.get(place).copied().unwrap_or(Cell::Missing);
    let shown = Shown::cell(words, cell);
    match (cell, column.observed) {
        (Cell::Count(part @ 1..), Cell::Count(whole @ 1..)) => {
            let percent = words.f.percent(part as f64 / whole as f64);
            shown.with_minor(fill(words.t.of_observed, &[("x", &percent)]))
        }
        _ => shown,
    }
}
