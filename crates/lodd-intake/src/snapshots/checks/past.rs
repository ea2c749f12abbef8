//! What is told now against what was told before: unlikely changes (K15), and answers after a
//! death or a withdrawal (K17).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{super::Snapshot, Judgement, Reported, code, finding, windows::days_between};
use crate::{
    catalogue,
    expectations::{Exit, Expectations, Leaving},
    finding::Finding,
    text::Phrase,
};

/// Changes that are unlikely within this many days: variable, from, to, days.
const UNLIKELY: &[(&str, &str, &str, usize)] = &[("INNTEKT", "UFORETRYGD", "LONN", 31)];

/// The finding for a change that is unlikely, against the latest that is stored of the unit.
pub(super) fn transition(
    row: &Judgement<'_>,
    snapshot: &Snapshot,
    expect: &Expectations,
) -> Option<Finding> {
    let latest = expect.history.latest.get(&snapshot.unit_id)?;
    let days = days_between(latest.status_date, snapshot.status_date);
    let later = snapshot.status_date > latest.status_date;
    UNLIKELY.iter().filter(|(.., within)| days > 0 && days <= *within).find_map(
        |&(name, from, to, _)| {
            let (stored, told) = (latest.codes.get(name)?.as_str(), code(snapshot, name)?);
            let (before, after) = if later { (stored, told) } else { (told, stored) };
            let unlikely = (before, after) == (from, to);
            unlikely.then(|| {
                let finding = finding(row, &catalogue::K15, &name.to_lowercase()).value(after);
                finding.suggest(Some(before)).count(days)
            })
        },
    )
}

/// Who has died or withdrawn and when, by what is stored and by the file itself.
pub(super) fn exits(rows: &[Judgement<'_>], expect: &Expectations) -> BTreeMap<String, Exit> {
    let told = || {
        rows.iter().filter_map(|row| match &row.reported {
            Some(Reported::Status(it)) => Some(it),
            _ => None,
        })
    };
    let retracted: BTreeSet<(&str, Date)> = told()
        .filter(|it| it.record_status == "TILBAKEKALT")
        .map(|it| (it.unit_id.as_str(), it.status_date))
        .collect();
    let stands = |unit: &str, exit: &Exit| !retracted.contains(&(unit, exit.on));
    let stored = expect.history.exits.iter().filter(|(unit, exit)| stands(unit, exit));
    let mut exits: BTreeMap<String, Exit> =
        stored.map(|(unit, exit)| (unit.clone(), *exit)).collect();
    for it in told() {
        let Some(status) = leaving(&it.record_status) else { continue };
        let exit = Exit { status, on: it.status_date };
        let known = exits.entry(it.unit_id.clone()).or_insert(exit);
        if exit.on < known.on {
            *known = exit;
        }
    }
    exits
}

/// The finding for an answer of a unit, or a family, that had left before.
pub(super) fn after_exit(
    row: &Judgement<'_>,
    snapshot: &Snapshot,
    exits: &BTreeMap<String, Exit>,
) -> Option<Finding> {
    if exits.is_empty() || snapshot.record_status != "OBSERVERT" {
        return None;
    }
    let of = |unit: &str| exits.get_key_value(unit);
    let (unit, exit) = of(&snapshot.unit_id)
        .or_else(|| of(row.family.as_deref()?))
        .filter(|(_, exit)| exit.on < snapshot.status_date)?;
    let word = match exit.status {
        Leaving::Died => Phrase::norwegian("død", "dead"),
        Leaving::Withdrew => Phrase::new("trukket", "trekt", "withdrawn"),
    };
    let finding = finding(row, &catalogue::K17, "statusdato").about(unit).value(word);
    Some(finding.term("dato", Phrase::date(exit.on)))
}

fn leaving(record_status: &str) -> Option<Leaving> {
    match record_status {
        "DOD" => Some(Leaving::Died),
        "TRAKK_SAMTYKKE" => Some(Leaving::Withdrew),
        _ => None,
    }
}
