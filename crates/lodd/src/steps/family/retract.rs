//! `lodd family retract`: takes back a status or an event that was recorded in error.

use lodd_store::{
    Pilot,
    pilot::{
        Consent, ConsentAnswer, ConsentGiven, DeviationKind, Event, EventFact, FollowUp, Ground,
        Retraction, Source, Spell, SpellReason, Told,
    },
};

use super::{
    super::{Context, words},
    Manner, PUBLIC_TASK, answer, code, day_of, family_of, number, reason,
};
use crate::{answer::Answer, problem::Failure, text::say};

/// What can be taken back, and the table it stands in.
const WHAT: [(&str, &str); 5] = [
    ("member", "household_spells"),
    ("move", "family_moves"),
    ("consent", "consents"),
    ("participation", "participation"),
    ("deviation", "deviations"),
];

/// What is taken back, as typed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken<'a> {
    pub(crate) what: &'a str,
    /// Of a status: who told it, and the register it was from.
    pub(crate) status: (&'a str, Option<&'a str>),
    /// Of a consent: to what, where several were given on that day.
    pub(crate) consent: Option<&'a str>,
}

/// Takes back. What it was stays in the store, and in every earlier cut.
///
/// # Errors
///
/// Refused when nothing stands there.
pub(crate) fn run(
    context: &Context,
    unit: &str,
    taken: Taken<'_>,
    manner: Manner<'_>,
) -> Result<Answer, Failure> {
    let Taken { what, status, consent } = taken;
    let mut pilot = context.pilot()?;
    let family = family_of(&pilot, unit)?;
    let reason_code = reason(manner.reason.unwrap_or_default())?;
    let on = number(day_of("--on", manner.on)?);
    let ground = Ground { event: "retraction", legal: PUBLIC_TASK };
    let receipt = if what == "status" {
        let source = code("--source", status.0, Source::ALL, Source::code)?;
        let retraction =
            Retraction { unit_id: unit, status_date: on, source, register: status.1, reason_code };
        pilot.retract_snapshot(&context.stamp(), ground, retraction)
    } else {
        let kind = consent.map(|it| code("--consent", it, Consent::ALL, Consent::code));
        let fact = standing(&pilot, (&family, unit), (what, kind.transpose()?), on)?;
        let (family_id, reason_code) = (family.clone(), Some(reason_code));
        let on = fact.1;
        let event = Event { family_id, on, fact: fact.0, retracts: true, reason_code };
        pilot.record_events(&context.stamp(), ground, &[event])
    };
    let receipt = receipt.map_err(|error| words::store(&error))?;
    let said = say!(
        "Tilbakekalt for {unit}: {what}, {on}. Tidligere uttrekk er som de var.",
        nn "Tilbakekalla for {unit}: {what}, {on}. Tidlegare uttrekk er som dei var.",
        "Retracted for {unit}: {what}, {on}. Earlier cuts are as they were.",
        on = manner.on
    );
    Ok(answer(&family, said, &receipt))
}

/// The event that stands with one of its days on that day, and the day it is kept under.
fn standing(
    pilot: &Pilot,
    (family, unit): (&str, &str),
    (what, kind): (&str, Option<Consent>),
    on: i32,
) -> Result<(EventFact, i32), Failure> {
    let Some((_, table)) = WHAT.iter().find(|(name, _)| *name == what) else {
        let all = WHAT.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        return Err(Failure::policy(say!(
            "--what må være status, {all}, fant `{what}`",
            nn "--what må vere status, {all}, fann `{what}`",
            "--what must be status, {all}, found `{what}`"
        )));
    };
    let told = pilot.family_events(family, i64::MAX).map_err(|error| words::store(&error))?.told;
    let is_kind = |it: &Told| {
        kind.is_none_or(|kind| {
            it.values.iter().any(|(name, value)| *name == "kind" && value == kind.code())
        })
    };
    let mut of_table = told.iter().filter(|it| it.table == *table && it.stands && is_kind(it));
    let found = of_table.find_map(|it| fact(it, unit, on));
    found.ok_or_else(|| {
        let unit_id = unit.to_owned();
        words::store(&lodd_store::StoreError::NothingToRetract { unit_id })
    })
}

/// The fact of a row, if it is of that unit and day.
fn fact(row: &Told, unit: &str, on: i32) -> Option<(EventFact, i32)> {
    let value = |name: &str| row.values.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
    let day = |name: &str| value(name).and_then(|it| it.parse::<i32>().ok());
    let of_unit = value("member_id").is_none_or(|it| it == unit);
    let first = ["valid_from", "moved_on", "at", "started_on"].into_iter().find_map(day)?;
    let last = ["valid_to", "withdrawn_at", "ended_on"].into_iter().find_map(day);
    if !of_unit || (first != on && last != Some(on)) {
        return None;
    }
    let fact = match row.table {
        "household_spells" => {
            let other = SpellReason::Other;
            let came = (last != Some(on)).then_some((first, other));
            let left = last.filter(|it| *it == on).map(|it| (it, other));
            let (member_id, role, birth_year) = (unit.to_owned(), None, None);
            EventFact::Spell(Spell { member_id, role, birth_year, came, left })
        }
        "family_moves" => EventFact::Move { municipality: String::new(), office_id: None },
        "consents" => EventFact::Consent(ConsentGiven {
            unit_id: unit.to_owned(),
            kind: Consent::from_code(value("kind")?)?,
            answer: ConsentAnswer::No,
            withdrawn_on: None,
        }),
        "participation" => EventFact::FollowUp(FollowUp::default()),
        _ => EventFact::Deviation { kind: DeviationKind::from_code(value("kind")?)? },
    };
    Some((fact, first))
}
