//! `power.parquet`: what can be detected, in the columns of `estimates.parquet`.

use lodd_store::{Column, Kind, Table, Values, parquet, schema};

use super::{Asked, Line, Setting};
use crate::{
    problem::Failure,
    steps::{tables, words},
};

/// One number.
struct Row {
    analysis: String,
    estimator: &'static str,
    term: String,
    estimate: Option<f64>,
    line: usize,
    note: String,
}

/// A row for each number.
fn rows(asked: &Asked, lines: &[Line]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let base = line.base_rate.map(|it| format!("base rate {it}"));
        let icc = line.icc.map(|it| format!("icc {it}"));
        let analysis = base.into_iter().chain(icc).collect::<Vec<_>>().join(", ");
        let analysis = if analysis.is_empty() { "sd".to_owned() } else { analysis };
        let row = |estimator, term: String, estimate, note: String| Row {
            analysis: analysis.clone(),
            estimator,
            term,
            estimate,
            line: at,
            note,
        };
        let asked_for = format!("power {}, alpha {}", asked.wanted, asked.alpha);
        rows.push(row("power", "mde".to_owned(), line.formula, format!("by formula, {asked_for}")));
        for curve in &line.curves {
            let note = format!("simulated with {} draws, {asked_for}", asked.draws);
            rows.push(row(curve.name, "mde".to_owned(), curve.detected, note.clone()));
            for (effect, power) in &curve.points {
                let term = format!("power@{effect:.4}");
                rows.push(row(curve.name, term, Some(*power), note.clone()));
            }
        }
    }
    rows
}

/// The file's bytes.
pub(super) fn bytes(asked: &Asked, setting: &Setting, lines: &[Line]) -> Result<Vec<u8>, Failure> {
    let rows = rows(asked, lines);
    let line = |row: &Row| lines.get(row.line);
    let count = |n: Option<f64>| n.map(f64::round).and_then(|it| it.to_string().parse().ok());
    let column = |name: &'static str, kind: Kind| -> Values {
        let text =
            |value: &dyn Fn(&Row) -> Option<String>| Values::Text(rows.iter().map(value).collect());
        match name {
            "analysis" => text(&|it| Some(it.analysis.clone())),
            "estimator" => text(&|it| Some(it.estimator.to_owned())),
            "outcome" => text(&|_| Some("power".to_owned())),
            "status" => text(&|_| Some("planning".to_owned())),
            "term" => text(&|it| Some(it.term.clone())),
            "note" => text(&|it| Some(it.note.clone())),
            "estimate" => Values::Real(rows.iter().map(|it| it.estimate).collect()),
            "mde" => Values::Real(
                rows.iter().map(|it| it.estimate.filter(|_| it.term == "mde")).collect(),
            ),
            "df" => Values::Real(rows.iter().map(|it| line(it).map(|it| it.df)).collect()),
            "icc" => Values::Real(rows.iter().map(|it| line(it)?.icc).collect()),
            "n_treated" => Values::Int(rows.iter().map(|it| count(Some(line(it)?.n.0))).collect()),
            "n_control" => Values::Int(rows.iter().map(|it| count(Some(line(it)?.n.1))).collect()),
            _ => match kind {
                Kind::Text => text(&|_| None),
                Kind::Int => Values::Int(vec![None; rows.len()]),
                Kind::Instant => Values::Instant(vec![None; rows.len()]),
                _ => Values::Real(vec![None; rows.len()]),
            },
        }
    };
    let columns = schema::ESTIMATES
        .fields
        .iter()
        .map(|it| Column::new(it.name, column(it.name, it.physical.kind())))
        .collect();
    let table = Table::new("estimates", columns).map_err(|error| tables::internal(&error))?;
    let metadata = vec![
        ("lodd_version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("seed".to_owned(), crate::hash::hex(&setting.seed)),
        ("draws".to_owned(), asked.draws.to_string()),
    ];
    parquet::encode(&table, &schema::ESTIMATES, &metadata).map_err(|error| words::parquet(&error))
}
