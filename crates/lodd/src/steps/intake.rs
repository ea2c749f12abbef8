//! Between `lodd-intake` and `lodd-store`: what a file is checked against, and what becomes of
//! what it says. The two crates know nothing of each other.

mod events;
mod history;
mod registers;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use lodd_intake::{
    Expectations, Finding, Findings, History, KnownMember, MarkKind, Role,
    catalogue::Severity as Gravity,
    text::{
        Lang::{En, Nb, Nn},
        Phrase,
    },
    variable::{Code, Kind, UnitKind, Value, Variable},
};
use lodd_panel::{codes, day_number};
use lodd_store::{Pilot, pilot as store};
use registers::registers;
use serde_json::json;

use super::{Context, due, words};
use crate::{
    problem::{Failure, Place, Problem, Severity},
    protocol::Protocol,
    text::Text,
};
pub(super) use history::history;

/// What files of this pilot are checked against, today.
pub(super) fn expectations(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
    office: Option<&str>,
) -> Result<Expectations, Failure> {
    let roster = pilot.roster().map_err(|error| words::store(&error))?;
    let follow_up = events::follow_up(pilot, protocol)?;
    let mut handovers: BTreeMap<String, Vec<(Date, String)>> = BTreeMap::new();
    for it in pilot.handovers().map_err(|error| words::store(&error))? {
        let moved_on = due::date(it.moved_on.into())?;
        handovers.entry(it.family_id).or_default().push((moved_on, it.office_id));
    }
    Ok(Expectations { follow_up, handovers, ..known(context, protocol, office, &roster)? })
}

/// What the first roster of a pilot is checked against, before there is a store.
pub(super) fn first_expectations(
    context: &Context,
    protocol: &Protocol,
) -> Result<Expectations, Failure> {
    known(context, protocol, None, &store::Roster::default())
}

fn known(
    context: &Context,
    protocol: &Protocol,
    office: Option<&str>,
    roster: &store::Roster,
) -> Result<Expectations, Failure> {
    let families =
        roster.families.iter().map(|it| (it.family_id.clone(), it.office_id.clone())).collect();
    let member = |it: &store::Member| {
        let known = KnownMember {
            family_id: it.family_id.clone(),
            role: role_of(it.role),
            birth_year: Some(it.birth_year),
        };
        (it.member_id.clone(), known)
    };
    let locked: BTreeSet<String> = roster.locked.iter().cloned().collect();
    Ok(Expectations {
        today: context.clock.today()?,
        starts_on: protocol.starts_on,
        id_prefix: protocol.id_prefix.clone(),
        offices: protocol.offices.iter().map(|it| it.id.clone()).collect(),
        office: office.map(str::to_owned),
        families,
        handovers: BTreeMap::new(),
        members: roster.members.iter().map(member).collect(),
        drawn: (!locked.is_empty()).then_some(locked),
        variables: protocol.variables().map(variable).chain(of_adults(protocol)).collect(),
        arms: protocol.draw.labels(),
        follow_up: None,
        accept_good: false,
        history: History::default(),
    })
}

/// What adults may be asked beside the family, to be held against its answer (K05): where they live.
fn of_adults(protocol: &Protocol) -> impl Iterator<Item = Variable> {
    let dwelling = protocol.variables().filter(|it| it.name == "BOLIG");
    dwelling.map(|it| Variable { unit: UnitKind::Adult, ..variable(it) })
}

fn role_of(role: store::Role) -> Role {
    match role {
        store::Role::Parent => Role::Parent,
        store::Role::Partner => Role::Partner,
        store::Role::OtherAdult => Role::OtherAdult,
        store::Role::Child => Role::Child,
    }
}

fn role(role: Role) -> store::Role {
    match role {
        Role::Parent => store::Role::Parent,
        Role::Partner => store::Role::Partner,
        Role::OtherAdult => store::Role::OtherAdult,
        Role::Child => store::Role::Child,
    }
}

fn variable(variable: &codes::Variable) -> Variable {
    let list = |codes: &[codes::Code]| -> Vec<Code> {
        let code = |it: &codes::Code| {
            Code::new(it.code.as_ref(), it.nb.as_ref(), it.en.as_ref()).in_nynorsk(it.nn.as_ref())
        };
        codes.iter().map(code).collect()
    };
    let kind = match &variable.kind {
        codes::Kind::Code(codes) => Kind::Code(list(codes)),
        codes::Kind::YesNo => Kind::YesNo,
        codes::Kind::Integer { min, max } => Kind::Integer { min: *min, max: *max },
        codes::Kind::Several(codes) => Kind::Several(list(codes)),
    };
    let unit = match variable.unit {
        codes::UnitKind::Family => UnitKind::Family,
        codes::UnitKind::Adult => UnitKind::Adult,
        codes::UnitKind::Child => UnitKind::Child,
    };
    let label = Phrase::new(
        variable.label_nb.as_ref(),
        variable.label_nn.as_ref(),
        variable.label_en.as_ref(),
    );
    Variable { name: variable.name.to_string(), unit, kind, label }
}

/// Findings as problems; the last shown of a code says how many more there are.
pub(super) fn problems(findings: &Findings) -> Vec<Problem> {
    let mut problems: Vec<Problem> = findings.iter().map(problem).collect();
    for (code, total) in findings.codes() {
        let shown = problems.iter().filter(|it| it.code.as_deref() == Some(code)).count();
        let last = problems.iter_mut().rev().find(|it| it.code.as_deref() == Some(code));
        if let Some(last) = last.filter(|_| total > shown) {
            last.count = total - shown + 1;
        }
    }
    problems
}

/// One finding as a problem.
pub(crate) fn problem(finding: &Finding) -> Problem {
    let place = Place {
        file: Some(finding.file.clone()),
        sheet: finding.sheet.clone(),
        cell: finding.cell.clone(),
        row: finding.row.and_then(|row| usize::try_from(row).ok()),
        column: finding.column.clone(),
        unit: finding.unit.clone(),
        ..Place::default()
    };
    let severity = match finding.severity() {
        Gravity::Stop => Severity::Stop,
        Gravity::Hold => Severity::Hold,
        Gravity::Warning => Severity::Warning,
        Gravity::Info => Severity::Info,
    };
    let message = |lang| finding.message(lang);
    let fix = |lang| finding.fix(lang);
    let all = fix(Nb).zip(fix(Nn)).zip(fix(En));
    Problem {
        code: Some(finding.code().to_owned()),
        severity,
        place,
        message: Text::new(message(Nb), message(En)).nn(message(Nn)),
        value: finding.value.as_ref().map(in_all),
        expected: finding.expected.as_ref().map(in_all),
        fix: all.map(|((nb, nn), en)| Text::new(nb, en).nn(nn)),
        count: 1,
    }
}

fn in_all(phrase: &Phrase) -> Text {
    Text::new(&*phrase.nb, &*phrase.en).nn(&*phrase.nn)
}

fn day(date: Date) -> i32 {
    i32::try_from(day_number(date)).unwrap_or(i32::MAX)
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A roster as the store takes it, with the offices of the protocol.
pub(super) fn roster_rows(roster: lodd_intake::Roster, protocol: &Protocol) -> store::RosterRows {
    let office = |it: &crate::protocol::Office| store::Office {
        office_id: it.id.clone(),
        name: it.name.clone(),
        municipality: it.municipality.clone(),
    };
    store::RosterRows {
        offices: protocol.offices.iter().map(office).collect(),
        families: roster
            .families
            .into_iter()
            .map(|it| store::Family {
                family_id: it.family_id,
                office_id: it.office_id,
                registered_on: day(it.registered_on),
            })
            .collect(),
        members: roster
            .members
            .into_iter()
            .map(|it| store::Member {
                member_id: it.member_id,
                family_id: it.family_id,
                role: role(it.role),
                birth_year: it.birth_year,
                sex: it.sex,
            })
            .collect(),
        months: roster.months.iter().map(month).collect(),
        facts: roster
            .facts
            .into_iter()
            .map(|it| store::Fact {
                family_id: it.family_id,
                criterion: it.criterion,
                observed_on: day(it.observed_on),
                value: it.value,
                source: it.source,
            })
            .collect(),
        marks: roster.marks.into_iter().map(mark).collect(),
    }
}

fn mark(mark: lodd_intake::Mark) -> store::Mark {
    let kind = match mark.kind {
        MarkKind::PersonKey => store::MarkKind::PersonKey,
        MarkKind::LivesWith => store::MarkKind::LivesWith,
        MarkKind::LeftOn => store::MarkKind::LeftOn,
    };
    store::Mark { unit_id: mark.unit_id, kind, value: mark.value }
}

fn month(month: &lodd_intake::Month) -> store::Month {
    store::Month {
        family_id: month.family_id.clone(),
        month: i64::from(month.month),
        register: some(&month.register),
        assistance_grant: month.grant,
        assistance_loan: month.loan,
    }
}

/// A judged file as the store takes it.
pub(super) fn upload(
    judged: &lodd_intake::Judged,
    office: &str,
    sha256: String,
) -> Result<store::Upload, Failure> {
    Ok(store::Upload {
        office_id: office.to_owned(),
        file_sha256: sha256,
        atoms: judged.atoms.iter().map(atom).collect::<Result<_, _>>()?,
        months: judged.months.iter().map(month).collect(),
        events: judged.events.iter().map(events::event).collect::<Result<_, _>>()?,
        registers: registers(&judged.registers),
        held: judged.held.iter().map(held).collect(),
        resolves: Vec::new(),
    })
}

fn atom(atom: &lodd_intake::Atom) -> Result<store::Atom, Failure> {
    Ok(store::Atom {
        family_id: atom.family_id.clone(),
        status_date: day(atom.status_date),
        snapshots: atom.snapshots.iter().map(snapshot).collect::<Result<_, _>>()?,
    })
}

fn snapshot(it: &lodd_intake::Snapshot) -> Result<store::Snapshot, Failure> {
    let known = |code: &str, found: Option<()>| {
        found
            .ok_or_else(|| Failure::internal("code", format!("`{code}` is not one of the store's")))
    };
    let source = store::Source::from_code(&it.source);
    let occasion = store::Occasion::from_code(&it.occasion);
    let record_status = store::RecordStatus::from_code(&it.record_status);
    known(&it.source, source.map(drop))?;
    known(&it.occasion, occasion.map(drop))?;
    known(&it.record_status, record_status.map(drop))?;
    let value = |value: &Value| match value {
        Value::Code(code) => store::Value::Code(code.clone()),
        Value::Number(number) => store::Value::Number(*number),
        Value::Missing(code) => store::Value::Missing(code.clone()),
        Value::Clear => store::Value::Clear,
    };
    Ok(store::Snapshot {
        unit_kind: match it.unit_kind {
            UnitKind::Family => store::UnitKind::Family,
            UnitKind::Adult => store::UnitKind::Adult,
            UnitKind::Child => store::UnitKind::Child,
        },
        unit_id: it.unit_id.clone(),
        source: source.unwrap_or(store::Source::Caseworker),
        register: some(&it.register),
        occasion: occasion.unwrap_or(store::Occasion::Planned),
        record_status: record_status.unwrap_or(store::RecordStatus::Observed),
        reason_code: it.reason_code.as_deref().and_then(store::ReasonCode::from_code),
        values: it.values.iter().map(|(name, it)| (name.clone(), value(it))).collect(),
    })
}

fn held(held: &lodd_intake::Held) -> store::HeldAtom {
    let rows: Vec<_> = held
        .rows
        .iter()
        .map(|row| {
            let cells: BTreeMap<&str, &str> =
                row.cells.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            json!({ "sheet": row.sheet, "row": row.row, "cells": cells })
        })
        .collect();
    store::HeldAtom {
        family_id: held.family_id.clone().unwrap_or_default(),
        status_date: match held.period {
            lodd_intake::Period::Date(date) => Some(day(date)),
            lodd_intake::Period::Month(_) | lodd_intake::Period::Unknown => None,
        },
        codes: held.codes.iter().map(|&code| code.to_owned()).collect(),
        rows: json!(rows).to_string(),
    }
}
