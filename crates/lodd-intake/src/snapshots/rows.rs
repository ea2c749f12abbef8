//! One row of a status sheet, or of `Måneder`, on its own.

use jiff::civil::Date;

use super::{
    Period, Snapshot, id_header,
    plan::{Plan, Unit},
};
use crate::{
    catalogue,
    dates::{month_number, not_after, not_before, not_of_another_epoch},
    events::{self, Event},
    expectations::{Expectations, Theirs},
    field::{Noted, free_code, note, required},
    finding::Finding,
    ids::MemberKind,
    months::{self, Month},
    table::{At, Line},
    text::Phrase,
    unit_id::{self, Id},
    variable::UnitKind,
};

/// Columns of a status sheet beside the id, the date and the variables.
pub(super) const META: [&str; 5] =
    ["kilde", "register", "anledning", "registrering", "arsak_til_retting"];

/// Columns that a form fills in for whoever fills in the rest. They are not read.
pub(crate) const HELP: [&str; 4] = ["hvem", "malepunkt", "vindu_fra", "vindu_til"];

/// What a row turned out to be.
#[derive(Debug)]
pub(super) struct Judgement<'t> {
    /// The family, as far as it can be told.
    pub(super) family: Option<String>,
    /// The unit's id, if it can be told.
    pub(super) unit: Option<String>,
    pub(super) period: Period,
    /// Whether it is a row of `Måneder`.
    pub(super) is_month: bool,
    /// None when a finding holds the row.
    pub(super) reported: Option<Reported>,
    pub(super) notes: Vec<Finding>,
    pub(super) line: Line<'t>,
}

impl Judgement<'_> {
    /// Whether it is a row of a sheet of events.
    pub(super) fn is_event(&self) -> bool {
        events::is_event_sheet(self.line.table.name)
    }

    /// The events it tells of.
    pub(super) fn events(&self) -> &[Event] {
        match &self.reported {
            Some(Reported::Events(events)) => events,
            _ => &[],
        }
    }

    /// The codes of the findings that hold the row.
    pub(super) fn holding(&self) -> impl Iterator<Item = &'static str> {
        let holds = |it: &&Finding| it.severity() == catalogue::Severity::Hold;
        self.notes.iter().filter(holds).map(Finding::code).chain(self.line.tainted())
    }
}

/// What a good row reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reported {
    Status(Snapshot),
    Month(Month),
    /// What one row tells of, never nothing.
    Events(Vec<Event>),
}

/// Judges a row of a status sheet. None when it reports nothing: a row that a form has filled in
/// with id and date is not an answer.
pub(super) fn status<'t>(line: &Line<'t>, plan: &Plan<'t, '_>) -> Option<Judgement<'t>> {
    let mut notes = line.notes();
    let noted = !notes.is_empty() || line.tainted().is_some();
    let values = plan.values(line, &mut notes);
    let record_status = plan.record_status.read(line, &mut notes);
    let silent = matches!(&values, Ok(values) if values.is_empty()) && record_status == Ok(None);
    if silent && !noted {
        return None;
    }
    let unit = plan.unit(line, &mut notes);
    let status_date = status_date(line, &unit, plan, &mut notes);
    let period = status_date.map_or(Period::Unknown, Period::Date);
    let meta = meta(line, plan, &mut notes);
    let Unit { id: known, family, .. } = unit;
    let at = || line.at(id_header(plan.unit));
    let is_after = |day: Date| status_date.is_ok_and(|it| it > day);
    let known =
        known.filter(|_| !anothers((at, family.as_deref()), is_after, plan.expect, &mut notes));
    let reported = (|| {
        if silent {
            return None;
        }
        let (source, register, occasion, reason_code) = meta.ok()?;
        Some(Reported::Status(Snapshot {
            unit_kind: plan.unit,
            unit_id: known.clone()?,
            status_date: status_date.ok()?,
            source,
            register,
            occasion,
            record_status: record_status.ok()?.unwrap_or_else(|| "OBSERVERT".to_owned()),
            reason_code,
            values: values.ok()?,
        }))
    })();
    let line = *line;
    Some(Judgement { family, unit: known, period, is_month: false, reported, notes, line })
}

/// Judges a row of `Måneder`. None when it reports nothing.
pub(super) fn month<'t>(line: &Line<'t>, expect: &Expectations) -> Option<Judgement<'t>> {
    let mut notes = line.notes();
    let read = months::read(line, "", expect, &mut notes);
    if read.is_none() && notes.is_empty() && line.tainted().is_none() {
        return None;
    }
    let (known, family) = unit_id(line, UnitKind::Family, expect, &mut notes);
    let period =
        months::month_of(line, expect, &mut Vec::new()).map_or(Period::Unknown, Period::Month);
    let at = || line.at(id_header(UnitKind::Family));
    let is_after = |day: Date| match period {
        Period::Month(month) => month > month_number(day.year(), day.month()),
        _ => false,
    };
    let known = known.filter(|_| !anothers((at, family.as_deref()), is_after, expect, &mut notes));
    let reported = match (&known, read) {
        (Some(id), Some(month)) => Some(Reported::Month(Month { family_id: id.clone(), ..month })),
        _ => None,
    };
    let line = *line;
    Some(Judgement { family, unit: known, period, is_month: true, reported, notes, line })
}

/// Judges a row of a sheet of events. None when it reports nothing.
pub(super) fn event<'t>(line: &Line<'t>, expect: &Expectations) -> Option<Judgement<'t>> {
    let mut notes = line.notes();
    let mut found = events::row(line, expect, &mut notes)?;
    let at = || line.at("medlem_id").or_else(|| line.at("familie_id"));
    let is_after = |day: Date| found.on.is_some_and(|it| it > day);
    if anothers((at, found.family.as_deref()), is_after, expect, &mut notes) {
        found.events = None;
    }
    let period = found.on.map_or(Period::Unknown, Period::Date);
    Some(Judgement {
        family: found.family,
        unit: found.unit,
        period,
        is_month: false,
        reported: found.events.map(Reported::Events),
        notes,
        line: *line,
    })
}

/// Whether another office follows the family since before that day. Noted at the id; holds the row.
fn anothers<'t>(
    (at, family): (impl Fn() -> Option<At<'t>>, Option<&str>),
    is_after: impl Fn(Date) -> bool,
    expect: &Expectations,
    notes: &mut Vec<Finding>,
) -> bool {
    let Some(family) = family.filter(|_| !expect.handovers.is_empty()) else { return false };
    let is = matches!(expect.theirs(family), Theirs::Until(day) if is_after(day));
    if let (true, Some(at), Some(office)) = (is, at(), expect.follower(family)) {
        notes.push(at.finding(&catalogue::K04).about(family).expected(office));
    }
    is
}

/// The unit's id, if the uploading office may report it, and the family it belongs to as far as
/// that can be told.
pub(super) fn unit_id(
    line: &Line<'_>,
    unit: UnitKind,
    expect: &Expectations,
    notes: &mut Vec<Finding>,
) -> (Option<String>, Option<String>) {
    let Some(at) = line.at(id_header(unit)) else { return (None, None) };
    let known = |id: &str| expect.families.contains_key(id) || expect.members.contains_key(id);
    match unit_id::read(&at, expect, known, notes) {
        Id::Good { id, family, kind } => match refused(&at, &id, &family, (unit, kind), expect) {
            None => {
                let as_drawn = expect.members.get(&id).map(|it| it.family_id.clone());
                (Some(id), Some(as_drawn.unwrap_or(family)))
            }
            Some(finding) => {
                notes.push(finding);
                (None, Some(family))
            }
        },
        Id::Bad { meant } => (None, meant),
        Id::Blank => {
            notes.push(at.finding(&catalogue::D12));
            (None, None)
        }
    }
}

/// Why a well-formed id can't be reported here.
pub(super) fn refused(
    at: &At<'_>,
    id: &str,
    family: &str,
    (unit, kind): (UnitKind, Option<MemberKind>),
    expect: &Expectations,
) -> Option<Finding> {
    let expected_kind = match unit {
        UnitKind::Family => None,
        UnitKind::Adult => Some(MemberKind::Adult),
        UnitKind::Child => Some(MemberKind::Child),
    };
    if kind != expected_kind {
        return Some(at.finding(&catalogue::D09));
    }
    let found = |entry| at.finding(entry).about(id);
    let drawn = expect.drawn.as_ref().is_none_or(|drawn| drawn.contains(family));
    let Some(office) = expect.follower(family).filter(|_| drawn) else {
        return Some(found(&catalogue::K03).expected(expect.id_prefix.as_str()));
    };
    if expect.theirs(family) == Theirs::Never {
        return Some(found(&catalogue::K04).expected(office));
    }
    let registered = kind.is_none() || expect.members.contains_key(id);
    (!registered).then(|| found(&catalogue::K09).expected(family))
}

fn status_date<'t>(
    line: &Line<'t>,
    unit: &Unit,
    plan: &Plan<'t, '_>,
    notes: &mut Vec<Finding>,
) -> Result<Date, Noted> {
    let (at, found) = plan.date(line, notes)?;
    let day = required(&at, Ok(found), notes)?;
    let (earliest, today) = (unit.earliest, plan.expect.today);
    not_of_another_epoch(&at, day, earliest..=today, notes)?;
    not_after(&at, day, today, notes)?;
    not_before(&at, day, earliest, notes)?;
    match unit.birth_year.filter(|year| i32::from(day.year()) < *year) {
        Some(year) => {
            let born = Phrase::new(
                format!("fødselsåret {year}"),
                format!("fødselsåret {year}"),
                format!("the year of birth {year}"),
            );
            note(at.finding(&catalogue::D06).value(Phrase::date(day)).expected(born), notes)
        }
        None => Ok(day),
    }
}

/// Source, register, occasion and reason of a correction, with their defaults.
type Meta = (String, String, String, Option<String>);

fn meta<'t>(line: &Line<'t>, plan: &Plan<'t, '_>, notes: &mut Vec<Finding>) -> Result<Meta, Noted> {
    let source = plan.source.read(line, notes);
    let occasion = plan.occasion.read(line, notes);
    let reason = plan.reason.read(line, notes);
    let register = match line.at("register") {
        Some(at) => free_code(&at, notes),
        None => Ok(None),
    };
    Ok((
        source?.unwrap_or_else(|| "VEILEDER".to_owned()),
        register?.unwrap_or_default(),
        occasion?.unwrap_or_else(|| "PLANLAGT".to_owned()),
        reason?,
    ))
}
