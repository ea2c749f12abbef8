//! `lodd family show`: what has been told of a family, with the day it was so and the time it was
//! recorded.

use jiff::{Timestamp, civil::Date};
use lodd_store::pilot::{HouseholdSpell, Told};
use serde_json::{Map, Value, json};

use super::super::{Context, panel, words};
use crate::{
    answer::Answer,
    problem::Failure,
    text::{Text, say},
};

/// Columns that hold days.
const DAYS: [&str; 7] =
    ["valid_from", "valid_to", "moved_on", "at", "withdrawn_at", "started_on", "ended_on"];

/// Shows everything told of a family as known at a cut.
///
/// # Errors
///
/// Refused when the family is not on the roster.
pub(crate) fn run(context: &Context, family: &str, cut: Option<&str>) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let cut_us = match cut {
        Some(text) => text.parse::<Timestamp>().map(Timestamp::as_microsecond).map_err(|_| {
            Failure::policy(say!(
                "--cut må være et tidspunkt som 2016-10-01T00:00:00Z, fant `{text}`",
                nn "--cut må vere eit tidspunkt som 2016-10-01T00:00:00Z, fann `{text}`",
                "--cut must be a time like 2016-10-01T00:00:00Z, found `{text}`"
            ))
        })?,
        None => i64::MAX,
    };
    let known = pilot.family_events(family, cut_us).map_err(|error| words::store(&error))?;
    let json = json!({
        "family": family,
        "spells": known.spells.iter().map(spell).collect::<Vec<_>>(),
        "events": known.told.iter().map(told).collect::<Vec<_>>(),
    });
    let members = known.spells.iter().map(|it| Text::same(line(it)));
    let events = known.told.iter().map(|it| Text::same(event_line(it)));
    let lines =
        [say!("{family}: husstanden", nn "{family}: husstanden", "{family}: the household")]
            .into_iter()
            .chain(members)
            .chain([Text::new("Ført:", "Recorded:")])
            .chain(events);
    Ok(Answer::new(Text::lines(lines), json))
}

fn spell(it: &HouseholdSpell) -> Value {
    json!({
        "member_id": it.member_id,
        "role": it.role.code(),
        "valid_from": day(it.valid_from),
        "valid_to": it.valid_to.map(day),
        "municipality": it.municipality,
        "in_itt": it.in_itt,
        "reason_in": it.reason_in.map(lodd_store::pilot::SpellReason::code),
        "reason_out": it.reason_out.map(lodd_store::pilot::SpellReason::code),
    })
}

fn told(it: &Told) -> Value {
    let mut row = Map::new();
    row.insert("table".to_owned(), json!(it.table));
    row.insert("recorded_at".to_owned(), json!(panel::instant(it.recorded_at_us)));
    row.insert("stands".to_owned(), json!(it.stands));
    for (name, value) in &it.values {
        row.insert((*name).to_owned(), json!(shown(name, value)));
    }
    Value::Object(row)
}

fn line(it: &HouseholdSpell) -> String {
    let (from, to) = (day(it.valid_from), it.valid_to.map_or_else(String::new, day));
    format!("  {} {} {from} – {to} {}", it.member_id, it.role.code(), it.municipality)
}

fn event_line(it: &Told) -> String {
    let values: Vec<String> =
        it.values.iter().map(|(name, value)| format!("{name}={}", shown(name, value))).collect();
    let mark = if it.stands { ' ' } else { '×' };
    let at = panel::instant(it.recorded_at_us);
    format!("{mark} {at} {} {}", it.table, values.join(" "))
}

fn shown(name: &str, value: &str) -> String {
    match value.parse() {
        Ok(number) if DAYS.contains(&name) => day(number),
        _ => value.to_owned(),
    }
}

/// A day since 1970-01-01 as ISO text.
fn day(number: i32) -> String {
    let epoch = Date::constant(1970, 1, 1);
    let span = jiff::Span::new().try_days(number).ok();
    let date = span.and_then(|span| epoch.checked_add(span).ok());
    date.map_or_else(|| number.to_string(), |date| date.to_string())
}
