//! `lodd ids new`: ids with check symbols, drawn at random. Nothing is stored.

use std::collections::BTreeSet;

use lodd_intake::ids;
use serde_json::json;

use super::{Context, random, words};
use crate::{
    answer::Answer,
    problem::Failure,
    protocol,
    text::{Text, say},
};

/// The most ids that are made at once.
const MAX: u32 = 100_000;

/// Makes `count` ids that no family of the pilot has. The prefix is the pilot's unless one is given.
///
/// # Errors
///
/// Refused when the prefix is none, or it is not the pilot's.
pub(crate) fn new(context: &Context, count: u32, prefix: Option<&str>) -> Result<Answer, Failure> {
    let is_pilot = context.path(protocol::FILE).exists();
    let own = if is_pilot { Some(protocol::read(&context.dir)?.id_prefix) } else { None };
    let prefix = chosen(prefix, own.as_deref())?;
    if !(1..=MAX).contains(&count) {
        return Err(Failure::policy(say!(
            "antallet må være fra 1 til {MAX}, fant {count}",
            "the number must be from 1 to {MAX}, found {count}"
        )));
    }
    let taken = taken(context)?;
    let mut made = BTreeSet::new();
    while made.len() < usize::try_from(count).unwrap_or(usize::MAX) {
        let Ok(id) = ids::mint(&prefix, &values(symbols(count))?) else { continue };
        if !taken.contains(&id) {
            made.insert(id);
        }
    }
    let all: Vec<String> = made.into_iter().collect();
    let json = json!({ "prefix": prefix, "ids": all });
    Ok(Answer::new(Text::same(all.join("\n")), json))
}

fn chosen(given: Option<&str>, own: Option<&str>) -> Result<String, Failure> {
    match (given, own) {
        (Some(given), Some(own)) if given != own => Err(Failure::policy(say!(
            "pilotens ID-er begynner med {own}, ikke {given}",
            "this pilot's ids begin with {own}, not {given}"
        ))),
        (Some(prefix), _) | (None, Some(prefix)) => {
            ids::verify_prefix(prefix).map_err(|_| {
                Failure::policy(say!(
                    "--prefix må være tre store bokstaver som ikke er en måned, fant `{prefix}`",
                    "--prefix must be three upper-case letters that are not a month's, found `{prefix}`"
                ))
            })?;
            Ok(prefix.to_owned())
        }
        (None, None) => Err(Failure::policy(Text::new(
            "si hvilket prefiks med --prefix, eller kjør i en pilotmappe",
            "name the prefix with --prefix, or run in a pilot's folder",
        ))),
    }
}

/// The ids that the pilot's families have.
fn taken(context: &Context) -> Result<BTreeSet<String>, Failure> {
    if !context.path("pilot.sqlite").exists() {
        return Ok(BTreeSet::new());
    }
    let roster = context.pilot()?.roster().map_err(|error| words::store(&error))?;
    Ok(roster.families.into_iter().map(|it| it.family_id).collect())
}

/// So many symbols that an id typed at random is seldom one of them.
const fn symbols(count: u32) -> usize {
    match count {
        0..=1_000 => 4,
        1_001..=20_000 => 5,
        _ => 6,
    }
}

/// Values below 23, each as likely as any other.
fn values(symbols: usize) -> Result<Vec<u8>, Failure> {
    let mut values = Vec::new();
    while values.len() < symbols {
        // 230 is ten times 23: what is above would favour the first values.
        values.extend(random()?.into_iter().filter(|byte| *byte < 230).map(|byte| byte % 23));
    }
    values.truncate(symbols);
    Ok(values)
}
