//! What is made of statuses over time: spells, transitions, and the stock of months.

use lodd_panel::{arms::Arms, calendar, horizon::Target, spells, stock, transitions};
use lodd_store::{
    Column, Kind, Table,
    query::Engine,
    schema::{self, Schema},
};

use super::{finished, kinds};
use crate::{
    problem::Failure,
    protocol::Protocol,
    steps::{tables, words},
};

/// The columns of the table `observations`.
pub(super) const OBSERVATIONS: &[(&str, Kind)] = &[
    ("unit_kind", Kind::Text),
    ("unit_id", Kind::Text),
    ("source", Kind::Text),
    ("register", Kind::Text),
    ("status_date", Kind::Date),
    ("variable", Kind::Text),
    ("value", Kind::Text),
];

/// The tables, as their files have them; where nothing can be compared only the spells.
#[derive(Debug)]
pub(super) struct OverTime {
    spells: Table,
    beside: Option<(Table, Table)>,
}

impl OverTime {
    /// Each table with its schema.
    pub(super) fn tables(&self) -> impl Iterator<Item = (&'static Schema, &Table)> {
        let beside = self.beside.iter();
        let beside = beside.flat_map(|(transitions, stock)| {
            [(&schema::TRANSITIONS, transitions), (&schema::STOCK, stock)]
        });
        std::iter::once((&schema::SPELLS, &self.spells)).chain(beside)
    }
}

/// The queries, by name.
pub(super) fn texts(protocol: &Protocol) -> Vec<(&'static str, String)> {
    let mut texts = vec![("spells", protocol.panel.spells_sql())];
    if let Some(arms) = arms(protocol) {
        texts.push(("transitions", protocol.panel.transitions_sql(&arms)));
        texts.push(("stock", protocol.panel.stock_sql(&arms)));
    }
    texts
}

/// The arms that are shown beside each other; `None` without a control.
fn arms(protocol: &Protocol) -> Option<Arms> {
    Arms::new(protocol.draw.labels()).ok()
}

/// Runs the queries on an engine that has the panel and the observations.
pub(super) fn build(engine: &Engine, protocol: &Protocol) -> Result<OverTime, Failure> {
    let run = |sql: &str, name: &str, kinds: &[(&str, Kind)]| {
        engine.run(sql, name, kinds).map_err(|error| words::query(&error))
    };
    let found =
        run(&protocol.panel.spells_sql(), "spells", &kinds(spells::COLUMNS, &schema::SPELLS))?;
    let spells = finished(&found, &schema::SPELLS)?;
    let Some(arms) = arms(protocol) else { return Ok(OverTime { spells, beside: None }) };
    let moved = run(
        &protocol.panel.transitions_sql(&arms),
        "transitions",
        &kinds(transitions::COLUMNS, &schema::TRANSITIONS),
    )?;
    let months = run(&protocol.panel.stock_sql(&arms), "stock", &stock_kinds())?;
    let beside = (finished(&moved, &schema::TRANSITIONS)?, averaged(&months)?);
    Ok(OverTime { spells, beside: Some(beside) })
}

/// What the query has as numbers, and the file as dates and means.
const SUMS: [&str; 3] = ["month", "families_12", "children_12"];

fn stock_kinds() -> Vec<(&'static str, Kind)> {
    let mut all = kinds(stock::COLUMNS, &schema::STOCK);
    for (name, kind) in &mut all {
        if SUMS.contains(name) {
            *kind = Kind::Int;
        }
    }
    all
}

/// The stock with months as dates, and sums over twelve months divided by 12.
fn averaged(raw: &Table) -> Result<Table, Failure> {
    let internal = |error: lodd_store::TableError| tables::internal(&error);
    let dates = raw.int("month").map_err(internal)?.iter().map(|it| {
        let first = calendar::first_day((*it)?)?;
        i32::try_from(lodd_panel::day_number(first)).ok()
    });
    let is_kept = |it: &&Column| !SUMS.contains(&it.name.as_str());
    let mut columns: Vec<Column> = raw.columns().iter().filter(is_kept).cloned().collect();
    columns.push(Column::date("month", dates));
    for (sum, mean) in [("families_12", "mean_families_12"), ("children_12", "mean_children_12")] {
        let sums = raw.int(sum).map_err(internal)?.iter();
        columns.push(Column::real(mean, sums.map(|it| it.map(|it| it as f64 / 12.0))));
    }
    let with_means = Table::new("stock", columns).map_err(internal)?;
    finished(&with_means, &schema::STOCK)
}

/// The months of every target and of every row of `monthly`.
pub(super) fn calendar(inputs: &[Table], targets: &[Target]) -> Result<Table, Failure> {
    let internal = |error: lodd_store::TableError| tables::internal(&error);
    let monthly = inputs.iter().find(|it| it.name() == "monthly");
    let told = monthly.map(|it| it.int("month")).transpose().map_err(internal)?.unwrap_or(&[]);
    let of_targets = targets.iter().flat_map(|it| [it.month_first - 1, it.month_last]);
    let all: Vec<i64> = told.iter().copied().flatten().chain(of_targets).collect();
    let months = match (all.iter().min(), all.iter().max()) {
        (Some(first), Some(last)) => calendar::months(*first, *last),
        _ => Vec::new(),
    };
    let columns = vec![
        Column::int("month", months.iter().map(|it| Some(it.month))),
        Column::int("year", months.iter().map(|it| Some(it.year))),
        Column::int("last_day", months.iter().map(|it| Some(it.last_day))),
    ];
    Table::new("calendar", columns).map_err(internal)
}
