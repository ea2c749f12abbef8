//! `lodd amend`: a protocol file that was changed after a list was locked. Both texts are kept, and
//! the ledger names both hashes and the reason.
//!
//! What the draw was locked with and what is measured by it stay as they were: the pilot's label,
//! prefix and first day, screening, draw, follow-up with its horizons and windows, the threshold of
//! disclosure, and every outcome and variable there is. What may change: titles, legal texts, an
//! office's name and municipality; and offices, outcomes and variables may be added.

use std::collections::{BTreeMap, BTreeSet};

use lodd_store::{files, pilot::Amendment};
use serde_json::json;
use toml::de::{DeTable, DeValue};

use super::{Context, locked_protocol, offer::checked_reason, words};
use crate::{
    answer::Answer,
    hash::sha256_hex,
    problem::{Failure, Place, Problem},
    protocol,
    text::{Text, say},
};

/// The folder of the texts that were in force.
const FOLDER: &str = "protocols";

/// Takes the changed file as the pilot's protocol from here on.
///
/// # Errors
///
/// Refused when nothing has been locked, nothing has changed, or something changed that can't.
pub(crate) fn run(context: &Context, reason: &str) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let reason = checked_reason(reason)?;
    let protocol = protocol::read(&context.dir)?;
    let Some((locked, draw)) = locked_protocol(&pilot)? else {
        return Err(Failure::policy(Text::new(
            "ingen liste er låst: endre pilot.toml fritt",
            "no list is locked: change pilot.toml freely",
        )));
    };
    let amended = protocol.sha256();
    if amended == locked {
        return Err(Failure::policy(Text::new(
            "pilot.toml er den som gjelder: ingenting er endret",
            "pilot.toml is the one in force: nothing has changed",
        )));
    }
    let before = text_of(context, &pilot, &locked, draw)?;
    let after = String::from_utf8_lossy(&protocol.bytes).into_owned();
    refuse_frozen(&before, &after)?;
    keep(context, &locked, &before)?;
    keep(context, &amended, &after)?;
    let amendment = Amendment {
        replaced_sha256: locked.clone(),
        amended_sha256: amended.clone(),
        text: after,
        reason: reason.to_owned(),
    };
    let head = pilot.amend(&context.stamp(), &amendment).map_err(|error| words::store(&error))?;
    let seq = head.seq;
    let text = Text::lines([
        say!(
            "Protokollen er endret, innslag {seq}. Trekning {draw} står som den ble låst.",
            "The protocol is amended, entry {seq}. Draw {draw} stands as it was locked."
        ),
        say!("  begge tekstene ligger i `{FOLDER}/`", "  both texts are in `{FOLDER}/`"),
    ]);
    let json = json!({ "entry": seq, "replaced": locked, "amended": amended, "reason": reason });
    Ok(Answer::new(text, json))
}

/// The text that is in force, from the store or from the draw it was locked for.
fn text_of(
    context: &Context,
    pilot: &lodd_store::Pilot,
    sha256: &str,
    draw: i64,
) -> Result<String, Failure> {
    let amendments = pilot.amendments().map_err(|error| words::store(&error))?;
    if let Some(it) = amendments.into_iter().rev().find(|it| it.amended_sha256 == sha256) {
        return Ok(it.text);
    }
    let kept = [
        context.path(format!("draws/{draw:04}/plan.toml")),
        context.path(format!("{FOLDER}/{sha256}.toml")),
    ];
    let texts = kept.iter().filter_map(|path| std::fs::read_to_string(path).ok());
    let mut ours = texts.filter(|text| sha256_hex(text.as_bytes()) == sha256);
    ours.next().ok_or_else(|| {
        Failure::policy_with(
            say!(
                "teksten som gjelder (SHA-256 {sha256}), er ikke å finne",
                "the text in force (SHA-256 {sha256}) can't be found"
            ),
            say!("legg den i `{FOLDER}/{sha256}.toml`", "put it into `{FOLDER}/{sha256}.toml`"),
        )
    })
}

fn keep(context: &Context, sha256: &str, text: &str) -> Result<(), Failure> {
    files::create_dir(&context.path(FOLDER)).map_err(|error| words::file(&error))?;
    let path = context.path(format!("{FOLDER}/{sha256}.toml"));
    files::write_once(&path, text.as_bytes()).map_err(|error| words::file(&error))
}

/// Every part that is frozen, with its value written out.
type Frozen = BTreeMap<String, String>;

fn refuse_frozen(before: &str, after: &str) -> Result<(), Failure> {
    let (before, after) = (parts(before)?, parts(after)?);
    let changed: Vec<&String> = before
        .iter()
        .filter(|(key, value)| after.get(*key) != Some(value))
        .map(|it| it.0)
        .collect();
    let added = after.keys().filter(|key| !before.contains_key(*key) && !may_come(key));
    let wrong: BTreeSet<&String> = changed.into_iter().chain(added).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let problem = |key: &&String| {
        let place = Place {
            file: Some(protocol::FILE.to_owned()),
            field: Some((*key).clone()),
            ..Place::default()
        };
        let message = say!(
            "`{key}` kan ikke endres etter at listen er låst",
            "`{key}` can't change once the list is locked"
        );
        Problem::new(place, message)
    };
    Err(Failure::refused(
        Text::new(
            "det trekningen ble låst med, og det som måles, kan ikke endres",
            "what the draw was locked with, and what is measured, can't change",
        ),
        wrong.iter().map(problem).collect(),
    ))
}

/// Whether a part may be there that was not: a further office, outcome or variable.
fn may_come(key: &str) -> bool {
    ["office ", "outcome ", "variable "].iter().any(|start| key.starts_with(start))
}

/// The frozen parts of a protocol: top-level keys, the pilot's own keys, offices by id, outcomes and
/// variables by name.
fn parts(text: &str) -> Result<Frozen, Failure> {
    let root = DeTable::parse(text).map_err(|error| Failure::internal("toml", error))?;
    let mut frozen = Frozen::new();
    for (key, value) in root.get_ref() {
        let key = key.get_ref().as_ref();
        match (key, value.get_ref()) {
            ("legal", _) => {}
            ("pilot", DeValue::Table(table)) => {
                let own = table.iter().filter(|it| !it.0.get_ref().starts_with("title_"));
                let named = own
                    .map(|(name, it)| (format!("pilot.{}", name.get_ref()), written(it.get_ref())));
                frozen.extend(named);
            }
            ("office" | "outcome" | "variable", DeValue::Array(rows)) => {
                frozen.extend(rows.iter().map(|row| named_row(key, row.get_ref())));
            }
            (_, value) => {
                frozen.insert(key.to_owned(), written(value));
            }
        }
    }
    Ok(frozen)
}

/// A row of a list under its own name. Of an office nothing but its id is frozen.
fn named_row(list: &str, row: &DeValue<'_>) -> (String, String) {
    let text = |key: &str| match row {
        DeValue::Table(table) => table.iter().find_map(|(name, value)| match value.get_ref() {
            DeValue::String(text) if name.get_ref() == key => Some(text.to_string()),
            _ => None,
        }),
        _ => None,
    };
    let name = ["id", "name", "dictionary", "use"].into_iter().find_map(text);
    let name = name.unwrap_or_else(|| written(row));
    let value = if list == "office" { String::new() } else { written(row) };
    (format!("{list} {name}"), value)
}

/// A value written out, its tables by key, so that two of the same meaning are the same.
fn written(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Array(rows) => {
            let rows: Vec<String> = rows.iter().map(|it| written(it.get_ref())).collect();
            format!("[{}]", rows.join(","))
        }
        DeValue::Table(table) => {
            let rows: BTreeMap<&str, String> = table
                .iter()
                .map(|(key, it)| (key.get_ref().as_ref(), written(it.get_ref())))
                .collect();
            format!("{rows:?}")
        }
        leaf => format!("{leaf:?}"),
    }
}
