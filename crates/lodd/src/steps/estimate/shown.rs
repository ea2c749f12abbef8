//! What `lodd estimate` says when it is done.

use lodd_store::pilot::Draw;
use serde_json::json;

use super::{
    super::{origins, stamp_of},
    rows::Estimate,
};
use crate::{
    answer::Answer,
    text::{Text, count, say},
};

pub(super) fn answer(rows: &[Estimate], runs: i64, status: &str, draws: &[Draw]) -> Answer {
    let n = count(rows.len());
    let mut lines = vec![say!(
        "{n} tall er beregnet etter den låste planen ({status}, kjøring {runs}).",
        "{n} numbers are estimated by the locked plan ({status}, run {runs})."
    )];
    for row in rows.iter().filter(|row| row.is_effect()) {
        let (id, outcome, horizon) = (&row.analysis.id, &row.outcome, row.analysis.horizon());
        let number =
            |value: Option<f64>| value.map_or_else(|| "..".to_owned(), |it| format!("{it:.4}"));
        let (estimate, se) = (number(row.number.estimate), number(row.number.std_error));
        let (low, high, p) =
            (number(row.number.conf_low), number(row.number.conf_high), number(row.number.p_value));
        lines.push(Text::same(format!(
            "  {id:<24} {outcome:<18} {horizon:>10}  {estimate:>8}  SE {se}  [{low}, {high}]  p {p}"
        )));
    }
    if status == "interim" {
        lines.push(Text::new(
            "  FORELØPIG (INTERIM): ikke alle var forfalt til måling.",
            "  INTERIM: not all were due.",
        ));
    }
    lines.extend(stamp_of(draws));
    let json = json!({ "numbers": rows.len(), "runs": runs, "status": status, "origin": origins(draws), "file": "out/estimates.parquet" });
    Answer::new(Text::lines(lines), json)
}
