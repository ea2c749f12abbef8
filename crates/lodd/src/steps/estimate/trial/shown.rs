//! What is printed of a table's numbers: lines for people, one JSON object a row for scripts.

use serde_json::{Map, Value, json};

use super::{Estimate, Files};
use crate::{
    answer::Answer,
    text::{Text, count, say},
};

pub(super) fn answer(all: &[Estimate], files: Files<'_>) -> Answer {
    if files.json {
        let lines: String = all.iter().map(|it| format!("{}\n", row_json(it))).collect();
        return Answer { raw: Some(lines.into_bytes()), ..Answer::default() };
    }
    let n = count(all.len());
    let mut lines = vec![say!("{n} tall:", nn "{n} tal:", "{n} numbers:")];
    let number = |it: Option<f64>| it.map_or_else(|| "..".to_owned(), |it| format!("{it:.5}"));
    for row in all {
        let it = &row.number;
        let (id, outcome, term) = (&row.analysis.id, &row.outcome, &it.term);
        let (estimate, se) = (number(it.estimate), number(it.std_error));
        let (low, high, p) = (number(it.conf_low), number(it.conf_high), number(it.p_value));
        lines.push(Text::same(format!(
            "  {id:<20} {outcome:<16} {term:<20} {estimate:>12}  SE {se}  [{low}, {high}]  p {p}  n {}",
            it.n
        )));
        lines.extend(it.note.as_ref().map(|note| Text::same(format!("      {note}"))));
    }
    Answer::new(Text::lines(lines), Value::Null)
}

/// One row as JSON, in the columns of `estimates.parquet` that it has.
fn row_json(row: &Estimate) -> Value {
    let it = &row.number;
    let all = [
        ("analysis", json!(row.analysis.id)),
        ("estimator", json!(row.analysis.method.estimator)),
        ("outcome", json!(row.outcome)),
        ("contrast_level", json!(row.arm)),
        ("status", json!(row.status)),
        ("term", json!(it.term)),
        ("estimate", json!(it.estimate)),
        ("std_error", json!(it.std_error)),
        ("statistic", json!(it.statistic)),
        ("df", json!(it.df)),
        ("p_value", json!(it.p_value)),
        ("conf_low", json!(it.conf_low)),
        ("conf_high", json!(it.conf_high)),
        ("se_type", json!(it.se_type)),
        ("n", json!(it.n)),
        ("n_treated", json!(it.n_treated)),
        ("n_control", json!(it.n_control)),
        ("n_drawn", json!(row.n_drawn)),
        ("n_dropped", json!(row.n_drawn.saturating_sub(it.n))),
        ("n_clusters", json!(it.n_clusters)),
        ("n_blocks", json!(it.n_blocks)),
        ("mean_treated", json!(it.mean_treated)),
        ("mean_control", json!(it.mean_control)),
        ("events_treated", json!(it.events_treated)),
        ("events_control", json!(it.events_control)),
        ("icc", json!(row.icc)),
        ("mde", json!(row.mde)),
        ("p_adjusted", json!(row.p_adjusted)),
        ("adjustment", json!(row.adjustment)),
        ("note", json!(it.note)),
    ];
    let pairs = all.into_iter().map(|(key, value)| (key.to_owned(), value));
    Value::Object(pairs.collect::<Map<String, Value>>())
}
