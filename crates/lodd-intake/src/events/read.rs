//! One row of a sheet of events.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    Event, EventFact, Spell, codes, is_coordinator, is_followed,
    units::{May, Unit, unit},
};
use crate::{
    catalogue,
    codes::REASONS,
    dates::{date, not_after, not_before},
    expectations::{Expectations, Role},
    field::{Field, Noted, code, note, plain_codes, required, text, whole},
    finding::Finding,
    table::{At, Line},
    variable::Code,
};

/// The most meetings that are believed.
const MEETINGS_MAX: i64 = 1000;
const STATUSES: [&str; 2] = ["OBSERVERT", "TILBAKEKALT"];

/// What a row of events turned out to be.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The family, as far as it can be told.
    pub(crate) family: Option<String>,
    /// The member or family the row is about.
    pub(crate) unit: Option<String>,
    /// The day the row is filed under.
    pub(crate) on: Option<Date>,
    /// Nothing when a finding holds the row.
    pub(crate) events: Option<Vec<Event>>,
}

/// Judges a row of the sheet `name`. None when it reports nothing: a form fills in ids.
pub(crate) fn row(
    line: &Line<'_>,
    expect: &Expectations,
    notes: &mut Vec<Finding>,
) -> Option<Found> {
    let mut reading = Reading { line, expect, notes };
    match line.table.name {
        "Familiemedlemmer" => reading.member(),
        "Flytting" => reading.moved(),
        "Samtykke" => reading.consent(),
        "Deltakelse" => reading.follow_up(),
        _ => reading.deviation(),
    }
}

/// The members that good rows of `Familiemedlemmer` make known.
pub(crate) fn newcomers<'e>(
    events: impl Iterator<Item = &'e Event>,
) -> BTreeMap<String, (String, Role, i32)> {
    let newcomer = |event: &'e Event| match &event.fact {
        EventFact::Spell(Spell { member_id, newcomer: Some((role, year)), .. }) => {
            Some((member_id.clone(), (event.family_id.clone(), *role, *year)))
        }
        _ => None,
    };
    events.filter_map(newcomer).collect()
}

pub(super) struct Reading<'r, 't> {
    pub(super) line: &'r Line<'t>,
    pub(super) expect: &'r Expectations,
    pub(super) notes: &'r mut Vec<Finding>,
}

/// Whether a row takes its event back, and why it corrects.
type Meta = (bool, Option<String>);

impl Reading<'_, '_> {
    /// Whether nothing stands under these headers.
    pub(super) fn blank(&self, headers: &[&str]) -> bool {
        let filled = |at: &At<'_>| at.cell.is_some_and(|cell| !cell.value.is_blank());
        headers.iter().all(|header| !self.line.at(header).is_some_and(|at| filled(&at)))
    }

    pub(super) fn unit(&mut self, header: &str, may: May) -> Unit {
        unit(self.line, (header, may), self.expect, self.notes)
    }

    /// A day from the pilot's first to today, no earlier than `first`.
    pub(super) fn day(&mut self, header: &str, first: Option<Date>) -> Field<Date> {
        let Some(at) = self.line.at(header) else { return Ok(None) };
        let Some(day) = date(&at, self.notes)? else { return Ok(None) };
        not_after(&at, day, self.expect.today, self.notes)?;
        let earliest = first.map_or(self.expect.starts_on, |it| it.max(self.expect.starts_on));
        not_before(&at, day, earliest, self.notes)?;
        Ok(Some(day))
    }

    pub(super) fn needed<T>(&mut self, header: &str, found: Field<T>) -> Result<T, Noted> {
        let at = self.line.at(header).ok_or(Noted)?;
        required(&at, found, self.notes)
    }

    pub(super) fn code(&mut self, header: &str, codes: &[Code]) -> Field<String> {
        self.line.at(header).map_or(Ok(None), |at| code(&at, codes, self.notes))
    }

    pub(super) fn meta(&mut self) -> Result<Meta, Noted> {
        let status = self.code("registrering", &plain_codes(&STATUSES));
        let reason = self.code("arsak_til_retting", &REASONS);
        Ok((status?.as_deref() == Some("TILBAKEKALT"), reason?))
    }

    fn moved(&mut self) -> Option<Found> {
        let told = ["dato", "til_kommune", "til_kontor"];
        if self.blank(&told) {
            return None;
        }
        let unit = self.unit("familie_id", May::Family);
        let on = self.day("dato", None);
        let on = self.needed("dato", on).ok();
        let municipality = self.municipality();
        let office = self.office();
        let meta = self.meta();
        let fact =
            (|| Some(EventFact::Move { municipality: municipality.ok()?, office: office.ok()? }))();
        Some(found(unit, on, fact, meta))
    }

    /// Four digits. Excel drops the nought of Oslo's, which can then be nothing else.
    fn municipality(&mut self) -> Result<String, Noted> {
        let at = self.line.at("til_kommune").ok_or(Noted)?;
        let written = text(&at, self.notes);
        let written = required(&at, written, self.notes)?;
        let digits = written.bytes().all(|it| it.is_ascii_digit());
        match written.len() {
            4 if digits => Ok(written),
            3 if digits => {
                let whole = format!("0{written}");
                self.notes.push(at.finding(&catalogue::D11).expected(whole.as_str()));
                Ok(whole)
            }
            _ => note(at.finding(&catalogue::D10).expected("0301, 3305, …"), self.notes),
        }
    }

    fn office(&mut self) -> Field<String> {
        let Some(at) = self.line.at("til_kontor") else { return Ok(None) };
        let Some(written) = text(&at, self.notes)? else { return Ok(None) };
        let same = |it: &&String| it.to_lowercase() == written.to_lowercase();
        if let Some(office) = self.expect.offices.iter().find(same) {
            return Ok(Some(office.clone()));
        }
        let all: Vec<&str> = self.expect.offices.iter().map(String::as_str).collect();
        note(at.finding(&catalogue::D10).expected(all.join(", ")), self.notes)
    }

    fn consent(&mut self) -> Option<Found> {
        if self.blank(&["dato", "svar", "trukket"]) {
            return None;
        }
        let unit = self.unit("medlem_id", May::Either);
        let kind = self.code("type", &codes::consents());
        let kind = self.needed("type", kind);
        let on = self.day("dato", None);
        let on = self.needed("dato", on).ok();
        let answer = self.code("svar", &codes::answers());
        let answer = self.needed("svar", answer);
        let withdrawn_on = self.day("trukket", on);
        let meta = self.meta();
        let unit_id = unit.id.clone();
        let fact = (|| {
            let (kind, answer) = (kind.ok()?, answer.ok()?);
            let withdrawn_on = withdrawn_on.ok()?;
            Some(EventFact::Consent { unit_id: unit_id?, kind, answer, withdrawn_on })
        })();
        Some(found(unit, on, fact, meta))
    }

    fn follow_up(&mut self) -> Option<Found> {
        let told = ["startet", "sluttet", "sluttarsak", "moter", "avvik"];
        if self.blank(&told) {
            return None;
        }
        let unit = self.unit("familie_id", May::Family);
        let on = self.day("startet", None);
        let on = self.needed("startet", on).ok();
        let ended = self.ended(on);
        let meetings =
            self.line.at("moter").map_or(Ok(None), |at| whole(&at, 0, MEETINGS_MAX, self.notes));
        let coordinator = self.coordinator();
        let deviation = self.code("avvik", &codes::deviations());
        let drawn = self.drawn_to_it(&unit, &deviation);
        let meta = self.meta();
        let fact = (|| {
            drawn.ok()?;
            let (ended, meetings) = (ended.ok()?, meetings.ok()?);
            Some(EventFact::FollowUp { ended, meetings, coordinator: coordinator.ok()? })
        })();
        let mut told = found(unit, on, fact, meta);
        match (deviation, &mut told.events) {
            (Ok(Some(kind)), Some(events)) => {
                let first = events.first().cloned();
                events.extend(first.map(|it| Event { fact: EventFact::Deviation { kind }, ..it }));
            }
            (Err(Noted), events) => *events = None,
            _ => {}
        }
        Some(told)
    }

    /// The last day and why: both or neither.
    fn ended(&mut self, first: Option<Date>) -> Field<(Date, String)> {
        let last = self.day("sluttet", first);
        let reason = self.code("sluttarsak", &codes::end_reasons());
        if last == Ok(None) && reason == Ok(None) {
            return Ok(None);
        }
        let last = self.needed("sluttet", last);
        let reason = self.needed("sluttarsak", reason);
        Ok(Some((last?, reason?)))
    }

    /// A code such as `K1`. What is none may be a name, and is not shown.
    fn coordinator(&mut self) -> Field<String> {
        let Some(at) = self.line.at("koordinator") else { return Ok(None) };
        let Some(written) = text(&at, self.notes)? else { return Ok(None) };
        if is_coordinator(&written) {
            return Ok(Some(written.to_uppercase()));
        }
        note(at.finding(&catalogue::D10).value("•••").expected("K1, K2, …"), self.notes)
    }

    /// Holds follow-up of a family that was not drawn to it, unless the row says that it was given
    /// all the same (K06).
    fn drawn_to_it(&mut self, unit: &Unit, deviation: &Field<String>) -> Result<(), Noted> {
        let Some(family) = &unit.id else { return Ok(()) };
        if is_followed(self.expect, family) {
            return Ok(());
        }
        let at = self.line.at("familie_id").ok_or(Noted)?;
        let finding = at.finding(&catalogue::K06).about(family);
        if matches!(deviation, Ok(Some(_))) {
            self.notes.push(finding.otherwise());
            return Ok(());
        }
        note(finding, self.notes)
    }

    fn deviation(&mut self) -> Option<Found> {
        if self.blank(&["dato", "type"]) {
            return None;
        }
        let unit = self.unit("familie_id", May::Family);
        let on = self.day("dato", None);
        let on = self.needed("dato", on).ok();
        let kind = self.code("type", &codes::deviations());
        let kind = self.needed("type", kind);
        let meta = self.meta();
        Some(found(unit, on, kind.ok().map(|kind| EventFact::Deviation { kind }), meta))
    }
}

/// What a row about a unit turned out to be.
fn found(
    unit: Unit,
    on: Option<Date>,
    fact: Option<EventFact>,
    meta: Result<Meta, Noted>,
) -> Found {
    let good = unit.id.is_some();
    let event = (|| {
        let (retracts, reason_code) = meta.ok()?;
        let family_id = unit.family.clone().filter(|_| good)?;
        Some(vec![Event { family_id, on: on?, fact: fact?, retracts, reason_code }])
    })();
    Found { family: unit.family, unit: unit.id, on, events: event }
}
