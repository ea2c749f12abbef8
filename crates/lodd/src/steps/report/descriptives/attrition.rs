//! T3, attrition by arm and reason, overall and differential: from `flow.parquet`, each source apart.

use std::collections::BTreeMap;

use lodd_report::{
    Cell, Descriptive, DescriptiveRow, FlowRow, Horizon, Reason, RowKind, Stage, Subject, Term,
    Text as Words, Title, Unit, Value,
};

use super::{
    super::Source,
    sheet::{compared, empty, with_points},
};

/// What one table is of.
#[derive(Clone, Debug, PartialEq)]
struct Series {
    unit: Unit,
    source: String,
    register: Option<String>,
    /// Of a source without snapshots, such as months: the outcome that is analysed.
    outcome: Option<Words>,
}

/// One table a unit and source; of a source that has no snapshots one an outcome.
pub(super) fn read(source: &Source<'_>, flow: &[FlowRow]) -> Vec<Descriptive> {
    let arms = source.protocol.draw.labels();
    let mut tables = Vec::new();
    for unit in Unit::ALL {
        for series in series(flow, unit) {
            tables.extend(table(&arms, flow, &series));
        }
    }
    tables
}

fn series(flow: &[FlowRow], unit: Unit) -> Vec<Series> {
    let of_unit = || flow.iter().filter(|it| it.level == unit && it.source.is_some());
    let snapshots = |source: &Option<String>, register: &Option<String>| {
        of_unit().any(|it| {
            it.stage == Stage::Observed
                && it.count.is_some()
                && (&it.source, &it.register) == (source, register)
        })
    };
    let mut all: Vec<Series> = Vec::new();
    for row in of_unit() {
        let seen = snapshots(&row.source, &row.register);
        let outcome = match row.stage {
            Stage::Observed if seen => None,
            Stage::Analysed if !seen => row.outcome.clone(),
            _ => continue,
        };
        let source = row.source.clone().unwrap_or_default();
        let one = Series { unit, source, register: row.register.clone(), outcome };
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn table(arms: &[String], flow: &[FlowRow], series: &Series) -> Option<Descriptive> {
    let (present, absent) = match series.outcome {
        None => (Stage::Observed, Stage::Missing),
        Some(_) => (Stage::Analysed, Stage::NotAnalysed),
    };
    let is_own = |row: &&FlowRow| {
        row.level == series.unit
            && (row.stage == present || row.stage == absent)
            && row.source.as_ref() == Some(&series.source)
            && row.register == series.register
            && (series.outcome.is_none() || row.outcome == series.outcome)
    };
    let own: Vec<&FlowRow> = flow.iter().filter(is_own).collect();
    let mut horizons: Vec<Horizon> = own.iter().filter_map(|row| row.horizon.clone()).collect();
    horizons.sort();
    horizons.dedup();
    horizons.first()?;
    let drawn = drawn(flow, series.unit);
    let columns = horizons.iter().flat_map(|horizon| {
        let group = Title::Horizon(horizon.clone());
        compared(series.unit, Some(&group), arms, Term::Contrast)
    });
    let mut table = empty(Subject::Attrition, None, columns.collect());
    table.unit = series.unit;
    table.label.clone_from(&series.outcome);
    table.source = Some((series.source.clone(), series.register.clone()));
    "flow.parquet".clone_into(&mut table.file);
    let whole = |arm: &String| drawn.get(arm.as_str()).copied().unwrap_or(0);
    let across = |kind, title, is: &dyn Fn(&FlowRow) -> bool| {
        let cells = horizons.iter().flat_map(|horizon| {
            let count = |arm: &String| {
                let rows = own.iter().filter(|row| row.arm.as_ref() == Some(arm) && is(row));
                rows.filter(|row| row.horizon.as_ref() == Some(horizon))
                    .filter_map(|row| row.count.count())
                    .sum()
            };
            let part = |arm: &String| Value::Share {
                part: Cell::Count(count(arm)),
                whole: Cell::Count(whole(arm)),
            };
            with_points(kind, Title::Term(Term::Total), arms.iter().map(part).collect()).cells
        });
        DescriptiveRow { kind, title, cells: cells.collect() }
    };
    let treated = arms.len().saturating_sub(1);
    let base = horizons.iter().flat_map(|_| {
        let counts = arms.iter().map(|arm| Value::Count(Cell::Count(whole(arm))));
        counts.chain(std::iter::repeat_n(Value::Empty, treated)).collect::<Vec<_>>()
    });
    let (kind, title) = (RowKind::Base, Title::Stage(Stage::Drawn));
    table.rows.push(DescriptiveRow { kind, title, cells: base.collect() });
    table.rows.push(across(RowKind::Plain, Title::Stage(present), &|row| row.stage == present));
    table.rows.push(across(RowKind::Plain, Title::Stage(absent), &|row| row.stage == absent));
    for code in reasons(&own, absent) {
        let is =
            |row: &FlowRow| row.stage == absent && row.reason == Some(Reason::Code(code.clone()));
        table.rows.push(across(RowKind::Part, Title::Code(code.clone()), &is));
    }
    Some(table)
}

/// Units drawn, by arm.
fn drawn(flow: &[FlowRow], unit: Unit) -> BTreeMap<&str, u64> {
    let mut counts = BTreeMap::new();
    for row in flow.iter().filter(|it| it.level == unit && it.stage == Stage::Drawn) {
        if let Some(arm) = &row.arm {
            *counts.entry(arm.as_str()).or_insert(0) += row.count.count().unwrap_or(0);
        }
    }
    counts
}

/// The reasons that occur, in the order of the file.
fn reasons(own: &[&FlowRow], absent: Stage) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for row in own.iter().filter(|it| it.stage == absent) {
        match &row.reason {
            Some(Reason::Code(code)) if !all.contains(code) => all.push(code.clone()),
            _ => {}
        }
    }
    all
}
