//! What `lodd estimate` says when it is done.

use lodd_store::pilot::Draw;
use serde_json::json;

use super::{
    super::{origins, stamp_of},
    arm::not_randomised,
    rows::Estimate,
};
use crate::{
    answer::Answer,
    plan::Population,
    text::{Lang, Text, count, say},
};

fn words(text: &Text) -> (String, String, String) {
    (text.nb.clone(), text.get(Lang::Nn).to_owned(), text.en.clone())
}

/// One effect.
fn line(row: &Estimate) -> Text {
    let (id, outcome, horizon) = (&row.analysis.id, &row.outcome, row.analysis.horizon());
    let number =
        |value: Option<f64>| value.map_or_else(|| "..".to_owned(), |it| format!("{it:.4}"));
    let (estimate, se) = (number(row.number.estimate), number(row.number.std_error));
    let (low, high, p) =
        (number(row.number.conf_low), number(row.number.conf_high), number(row.number.p_value));
    let head = format!("  {id:<24} {outcome:<18} {horizon:>10}");
    let (number, interval) = (
        Text::number(format!("{estimate:>8}  SE {se}")),
        Text::number(format!("[{low}; {high}]  p {p}")),
    );
    let (en, nb) = (number.en, number.nb);
    let (interval_en, interval_nb) = (interval.en.replace(';', ","), interval.nb);
    say!("{head}  {nb}  {interval_nb}", "{head}  {en}  {interval_en}")
}

pub(super) fn answer(rows: &[Estimate], runs: i64, status: &str, draws: &[Draw]) -> Answer {
    let n = count(rows.len());
    let mut lines = vec![say!(
        "{n} tall er beregnet etter den låste planen ({status}, kjøring {runs}).",
        nn "{n} tal er rekna etter den låste planen ({status}, køyring {runs}).",
        "{n} numbers are estimated by the locked plan ({status}, run {runs})."
    )];
    for row in rows.iter().filter(|row| row.is_effect() && !row.repeats) {
        lines.push(line(row));
        if row.analysis.population != Population::Drawn {
            let (nb, nn, en) = words(&not_randomised());
            lines.push(say!("      {nb}", nn "      {nn}", "      {en}"));
        }
    }
    if status == "interim" {
        lines.push(
            Text::new(
                "  FORELØPIG (INTERIM): ikke alle var forfalt til måling.",
                "  INTERIM: not all were due.",
            )
            .nn("  FØREBELS (INTERIM): ikkje alle var forfalne til måling."),
        );
    }
    lines.extend(stamp_of(draws));
    let json = json!({ "numbers": rows.len(), "runs": runs, "status": status, "origin": origins(draws), "file": "out/estimates.parquet" });
    Answer::new(Text::lines(lines), json)
}
