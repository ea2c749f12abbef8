//! What `lodd panel` says of what it has built.

use lodd_store::{Table, pilot::Draw};
use serde_json::json;

use super::{Built, instant, interim, interim_words};
use crate::{
    answer::Answer,
    problem::Failure,
    steps::{origins, stamp_of, tables},
    text::{Text, count, say},
};

/// What `lodd panel` says: how much there is, what was observed, what is not due, what was erased.
pub(super) fn answer(
    (panel, built): (&Table, &Built),
    draws: &[Draw],
    (erased, files): (usize, &[String]),
) -> Result<Answer, Failure> {
    let cut = instant(built.cut_us);
    let (rows, values) = (panel.rows(), built.outcomes.rows());
    let (shown_rows, shown_values) = (count(rows), count(values));
    let mut lines = vec![say!(
        "Panelet er bygd på det som var kjent {cut}: {shown_rows} rader, {shown_values} utfallsverdier.",
        nn "Panelet er bygd på det som var kjent {cut}: {shown_rows} rader, {shown_values} verdiar av utfall.",
        "The panel is built on what was known at {cut}: {shown_rows} rows, {shown_values} values of outcomes.",
        cut = &cut,
    )];
    lines.extend(observed(&built.flow)?);
    let late = interim(built);
    if !late.is_empty() {
        let list = interim_words(built);
        lines.push(say!(
            "  FORELØPIG (INTERIM): ikke forfalt (trekning/horisont): {list}",
            nn "  FØREBELS (INTERIM): ikkje forfalle (trekning/horisont): {list}",
            "  INTERIM: not due (draw/horizon): {list}"
        ));
    }
    lines.extend(stamp_of(draws));
    if erased > 0 {
        lines.push(say!(
            "  Slettede familier, ikke med: {erased}",
            nn "  Sletta familiar, ikkje med: {erased}",
            "  Families erased, not in it: {erased}"
        ));
    }
    let json = json!({
        "erased": erased,
        "cut": cut,
        "panel": rows,
        "outcomes": values,
        "flow": built.flow.rows(),
        "origin": origins(draws),
        "interim": late.iter().map(|(it, _)| it).collect::<Vec<_>>(),
        "files": files,
    });
    Ok(Answer::new(Text::lines(lines), json))
}

/// Families observed and drawn, at each horizon and in each arm.
fn observed(flow: &Table) -> Result<Vec<Text>, Failure> {
    let text = |name| flow.text(name).map_err(|error| tables::internal(&error));
    let (levels, arms, stages, horizons) =
        (text("level")?, text("arm")?, text("stage")?, text("horizon")?);
    let counts = flow.int("count").map_err(|error| tables::internal(&error))?;
    let rows: Vec<_> = levels.iter().zip(arms).zip(stages).zip(horizons).zip(counts).collect();
    let is = |it: &Option<String>, word: &str| it.as_deref() == Some(word);
    let mut lines = Vec::new();
    // Of any source: each source's own rows have its name.
    let of_any = rows.iter().zip(text("source")?).filter(|(_, source)| source.is_none());
    for ((((_, arm), _), horizon), n) in of_any
        .map(|(row, _)| row)
        .filter(|((((level, _), stage), _), _)| is(level, "family") && is(stage, "observed"))
    {
        let drawn = rows.iter().filter(|((((level, it), stage), _), _)| {
            is(level, "family") && is(stage, "drawn") && it == arm
        });
        let drawn: i64 = drawn.filter_map(|(_, n)| **n).sum();
        let (arm, horizon) =
            ((*arm).clone().unwrap_or_default(), (*horizon).clone().unwrap_or_default());
        let (n, drawn) = (count(n.unwrap_or(0)), count(drawn));
        lines.push(say!(
            "  {horizon:>10}  {arm}: {n} av {drawn} familier observert",
            nn "  {horizon:>10}  {arm}: {n} av {drawn} familiar observerte",
            "  {horizon:>10}  {arm}: {n} of {drawn} families observed"
        ));
    }
    Ok(lines)
}
