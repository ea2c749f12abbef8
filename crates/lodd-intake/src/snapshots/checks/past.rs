//! What is told now against what was told before: unlikely changes (K15), and answers and events
//! after a death or a withdrawal (K17).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{super::Snapshot, Judgement, Reported, code, finding, windows::days_between};
use crate::{
    catalogue,
    events::{Event, EventFact},
    expectations::{Exit, Expectations, Leaving, Theirs},
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
    // Whoever followed the family before is not shown what another office told since.
    let is_theirs = |family: &str| expect.theirs(family) == Theirs::Now;
    row.family.as_deref().filter(|it| is_theirs(it))?;
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
    let events = || rows.iter().flat_map(Judgement::events);
    let taken_back: BTreeSet<(&str, Leaving)> = events()
        .filter(|it| it.retracts)
        .filter_map(exit_told)
        .map(|it| (it.0, it.1.status))
        .collect();
    let stands = |unit: &str, exit: &Exit| {
        !retracted.contains(&(unit, exit.on)) && !taken_back.contains(&(unit, exit.status))
    };
    let stored = expect.history.exits.iter().filter(|(unit, exit)| stands(unit, exit));
    let mut exits: BTreeMap<String, Exit> =
        stored.map(|(unit, exit)| (unit.clone(), *exit)).collect();
    let of_statuses = told().filter_map(|it| {
        let status = leaving(&it.record_status)?;
        Some((it.unit_id.as_str(), Exit { status, on: it.status_date }))
    });
    let of_events = events().filter(|it| !it.retracts).filter_map(exit_told);
    for (unit, exit) in of_statuses.chain(of_events) {
        let known = exits.entry(unit.to_owned()).or_insert(exit);
        if exit.on < known.on {
            *known = exit;
        }
    }
    for event in events() {
        if let Some(unit) = consents_again(event, &exits) {
            exits.remove(&unit);
        }
    }
    exits
}

/// The death or the withdrawal that an event tells of.
fn exit_told(event: &Event) -> Option<(&str, Exit)> {
    match &event.fact {
        EventFact::Spell(it) => {
            let (on, why) = it.left.as_ref()?;
            let died = why == "DOD";
            died.then_some((it.member_id.as_str(), Exit { status: Leaving::Died, on: *on }))
        }
        EventFact::Consent { unit_id, kind, withdrawn_on, .. } if kind == "FORSKNING" => {
            Some((unit_id, Exit { status: Leaving::Withdrew, on: (*withdrawn_on)? }))
        }
        _ => None,
    }
}

/// The unit that consents to the research again after it withdrew.
fn consents_again(event: &Event, exits: &BTreeMap<String, Exit>) -> Option<String> {
    let EventFact::Consent { unit_id, kind, answer, withdrawn_on: None } = &event.fact else {
        return None;
    };
    let exit = exits.get(unit_id)?;
    let again = kind == "FORSKNING" && answer == "JA" && !event.retracts;
    (again && exit.status == Leaving::Withdrew && event.on > exit.on).then(|| unit_id.clone())
}

/// The finding for an event of a unit, or a family, that had left before. A death and what is taken
/// back can be told afterwards, and so can another answer of somebody who withdrew.
pub(super) fn event_after_exit(
    row: &Judgement<'_>,
    exits: &BTreeMap<String, Exit>,
) -> Option<Finding> {
    let event = row.events().first().filter(|it| !exits.is_empty() && !it.retracts)?;
    let dead_only = matches!(event.fact, EventFact::Consent { .. });
    let (header, on) = match &event.fact {
        EventFact::Spell(it) => match (&it.came, &it.left) {
            (Some((on, _)), _) => ("fra_dato", *on),
            (None, Some((on, why))) if why != "DOD" => ("til_dato", *on),
            _ => return None,
        },
        EventFact::FollowUp { .. } => ("startet", event.on),
        EventFact::Move { .. } | EventFact::Consent { .. } | EventFact::Deviation { .. } => {
            ("dato", event.on)
        }
    };
    let of = |unit: &str| exits.get_key_value(unit);
    let (unit, exit) = row.unit.as_deref().and_then(of).or_else(|| of(&event.family_id))?;
    let left = exit.on < on && (!dead_only || exit.status == Leaving::Died);
    left.then(|| after(finding(row, &catalogue::K17, header).about(unit), *exit))
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
    Some(after(finding(row, &catalogue::K17, "statusdato").about(unit), *exit))
}

fn after(finding: Finding, exit: Exit) -> Finding {
    let word = match exit.status {
        Leaving::Died => Phrase::norwegian("død", "dead"),
        Leaving::Withdrew => Phrase::new("trukket", "trekt", "withdrawn"),
    };
    finding.value(word).term("dato", Phrase::date(exit.on))
}

fn leaving(record_status: &str) -> Option<Leaving> {
    match record_status {
        "DOD" => Some(Leaving::Died),
        "TRAKK_SAMTYKKE" => Some(Leaving::Withdrew),
        _ => None,
    }
}
