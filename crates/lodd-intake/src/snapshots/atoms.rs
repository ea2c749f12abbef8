//! Rows to atoms: what belongs together, what contradicts itself, what goes in and what is held.

use std::collections::{BTreeMap, BTreeSet, btree_map};

use jiff::civil::Date;

use super::{
    Atom, Held, HeldRow, Judged, Period, Snapshot,
    rows::{Judgement, Reported},
};
use crate::{
    catalogue::{self, Entry},
    dates::month_text,
    events::Event,
    expectations::Expectations,
    finding::{Finding, Findings},
    text::Phrase,
    variable::UnitKind,
};

/// The family, if it can be told (else a number nothing else has), and when.
type Key = (Result<String, usize>, Period);

/// The rows of one atom.
#[derive(Debug, Default)]
struct Group<'t> {
    rows: Vec<Judgement<'t>>,
    /// Codes of rows of the family that have no date and might belong here.
    tainted: BTreeSet<&'static str>,
}

/// Gathers rows into atoms and judges each.
pub(super) fn judge(
    rows: Vec<Judgement<'_>>,
    mut findings: Findings,
    expect: &Expectations,
    has_adults: bool,
) -> Judged {
    let (mut atoms, mut months, mut held) = (Vec::new(), Vec::new(), Vec::new());
    let mut events: Vec<(Event, HeldRow)> = Vec::new();
    // An adult's row whose family can't be told may be of any adult that is missing.
    let untold = |row: &Judgement<'_>| row.family.is_none() && row.line.table.name == "Voksne";
    let has_adults = has_adults && !rows.iter().any(untold);
    let sheets = sheets_of(&rows);
    let mut notes = Vec::new();
    let mut groups = grouped(rows);
    for group in groups.values_mut() {
        note_repeats(&mut group.rows);
    }
    hold_with_newcomers(&mut groups);
    for ((family, period), group) in groups {
        let missing =
            if has_adults { missing_adults(&family, period, &group, expect) } else { None };
        let mut codes = group.tainted;
        for row in &group.rows {
            codes.extend(row.holding());
            notes.extend(row.notes.iter().cloned());
        }
        notes.extend(missing);
        if !codes.is_empty() {
            let rows = group.rows.into_iter().map(held_row).collect();
            held.push(Held { family_id: family.ok(), period, codes, rows });
            continue;
        }
        let mut told: Vec<(Snapshot, u32)> = Vec::new();
        for row in group.rows {
            match row.reported {
                Some(Reported::Status(snapshot)) => told.push((snapshot, row.line.row.number)),
                Some(Reported::Month(month)) => months.push(month),
                Some(Reported::Events(ref found)) => {
                    let found = found.clone();
                    let told = held_row(row);
                    events.extend(found.into_iter().map(|it| (it, told.clone())));
                }
                None => {}
            }
        }
        if told.is_empty() {
            continue;
        }
        told.sort_by(|(a, _), (b, _)| key_of(a).cmp(&key_of(b)));
        let (snapshots, rows) = told.into_iter().unzip();
        if let (Ok(family_id), Period::Date(status_date)) = (family, period) {
            atoms.push(Atom { family_id, status_date, snapshots, rows });
        }
    }
    // Atoms go by family; whoever mends the file goes through it from the top.
    notes.sort_by_cached_key(|it| {
        let sheet = sheets.iter().position(|name| it.sheet.as_deref() == Some(name));
        (sheet, it.row, it.cell.as_ref().map(|cell| (cell.len(), cell.clone())))
    });
    findings.extend(notes);
    months.sort();
    events.sort_by(|(a, _), (b, _)| a.cmp(b));
    let (events, event_rows) = events.into_iter().unzip();
    let (registers, places, event_places) = Default::default();
    Judged { atoms, months, events, event_rows, registers, held, findings, places, event_places }
}

/// The names of the rows' sheets, in the order of the file.
fn sheets_of<'t>(rows: &[Judgement<'t>]) -> Vec<&'t str> {
    let mut sheets: Vec<&str> = rows.iter().map(|it| it.line.table.sheet.name.as_str()).collect();
    sheets.dedup();
    sheets
}

/// Rows by family and date. A row without a date holds every date of its family: nobody knows
/// which of them it would complete.
fn grouped(rows: Vec<Judgement<'_>>) -> BTreeMap<Key, Group<'_>> {
    let mut groups: BTreeMap<Key, Group<'_>> = BTreeMap::new();
    let mut undated = Vec::new();
    for (place, row) in rows.into_iter().enumerate() {
        if row.period == Period::Unknown {
            undated.push((place, row));
        } else {
            let family = row.family.clone().ok_or(place);
            groups.entry((family, row.period)).or_default().rows.push(row);
        }
    }
    for (place, row) in undated {
        let family = row.family.clone().ok_or(place);
        let same_kind = |period: &Period| match period {
            Period::Date(_) => !row.is_month,
            Period::Month(_) => row.is_month,
            Period::Unknown => false,
        };
        let codes: Vec<&'static str> = row.holding().collect();
        let mut own = (family.clone(), Period::Unknown);
        let from = (family.clone(), Period::Date(Date::MIN));
        let of_family = groups.range_mut(from..).take_while(|((it, _), _)| *it == family);
        for (key, group) in of_family.filter(|((_, period), _)| same_kind(period)) {
            group.tainted.extend(codes.iter().copied());
            own = key.clone();
        }
        groups.entry(own).or_default().rows.push(row);
    }
    groups
}

/// Holds what else is told of a member who would become known by a row that is held.
fn hold_with_newcomers(groups: &mut BTreeMap<Key, Group<'_>>) {
    let is_held = |group: &Group<'_>| {
        !group.tainted.is_empty() || group.rows.iter().any(|row| row.holding().next().is_some())
    };
    loop {
        let held = groups.values().filter(|group| is_held(group)).flat_map(|group| &group.rows);
        let unknown: BTreeSet<String> = held
            .flat_map(Judgement::events)
            .filter_map(|event| event.newcomer().map(str::to_owned))
            .collect();
        let mut found = false;
        for group in groups.values_mut().filter(|group| !is_held(group)) {
            let waits = |row: &&mut Judgement<'_>| {
                row.unit.as_ref().is_some_and(|unit| unknown.contains(unit))
            };
            for row in group.rows.iter_mut().filter(waits) {
                let unit = row.unit.clone().unwrap_or_default();
                let family = row.family.clone().unwrap_or_default();
                let finding = at(row, &catalogue::K09).about(&unit).expected(family);
                row.notes.push(finding);
                found = true;
            }
        }
        if !found {
            return;
        }
    }
}

/// Notes rows of one key: the same twice is used once, two that differ are both held.
fn note_repeats(rows: &mut [Judgement<'_>]) {
    let unknown = String::new();
    for (earlier, later) in repeats(rows) {
        let (Some(one), Some(row)) = (rows.get(earlier), rows.get(later)) else { continue };
        let (Some(told), Some(again)) = (&one.reported, &row.reported) else { continue };
        let same = told == again;
        let entry = if same { &catalogue::K01 } else { &catalogue::K02 };
        let unit = match again {
            Reported::Status(it) => &it.unit_id,
            Reported::Month(it) => &it.family_id,
            Reported::Events(_) => row.unit.as_ref().unwrap_or(&unknown),
        };
        let finding = at(row, entry).about(unit).term("r1", one.line.row.number.to_string());
        let finding = finding.term("r2", row.line.row.number.to_string());
        let finding = finding.value(difference(told, again));
        if let Some(row) = rows.get_mut(later) {
            row.notes.push(finding);
            if same {
                row.reported = None;
            }
        }
    }
}

/// The places of rows whose key stood before, each with the place of the first.
fn repeats(rows: &[Judgement<'_>]) -> Vec<(usize, usize)> {
    let keys: Vec<Option<String>> =
        rows.iter().map(|row| row.events().first().map(Event::key)).collect();
    let mut first: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    let mut repeats = Vec::new();
    for (place, row) in rows.iter().enumerate().filter(|_| rows.len() > 1) {
        let key = match &row.reported {
            Some(Reported::Status(it)) => (&*it.unit_id, &*it.source, &*it.register),
            Some(Reported::Month(it)) => (&*it.family_id, "", &*it.register),
            Some(Reported::Events(_)) => match keys.get(place) {
                Some(Some(key)) => (key.as_str(), "", ""),
                _ => continue,
            },
            None => continue,
        };
        match first.entry(key) {
            btree_map::Entry::Vacant(entry) => drop(entry.insert(place)),
            btree_map::Entry::Occupied(entry) => repeats.push((*entry.get(), place)),
        }
    }
    repeats
}

/// What two rows of one key answer differently.
fn difference(one: &Reported, other: &Reported) -> String {
    let (Reported::Status(one), Reported::Status(other)) = (one, other) else {
        return match one {
            Reported::Month(month) => month_text(month.month),
            Reported::Events(events) => {
                events.first().map_or_else(String::new, |event| Phrase::date(event.on).nb)
            }
            Reported::Status(_) => String::new(),
        };
    };
    let answers = |it: &Snapshot| -> BTreeSet<_> { it.values.iter().cloned().collect() };
    let (one_values, other_values) = (answers(one), answers(other));
    let mut names: Vec<String> =
        one_values.symmetric_difference(&other_values).map(|(name, _)| name.clone()).collect();
    names.dedup();
    if names.is_empty() { "registrering".to_owned() } else { names.join(", ") }
}

/// The finding for adults who belong to the family but have no row on a date, in a file that has
/// rows of adults. None when the family as a whole was not observed.
fn missing_adults(
    family: &Result<String, usize>,
    period: Period,
    group: &Group<'_>,
    expect: &Expectations,
) -> Option<Finding> {
    let (Ok(family), Period::Date(date)) = (family, period) else { return None };
    let unclear = group.rows.iter().any(|row| row.unit.is_none());
    let unobserved = group.rows.iter().any(|row| match &row.reported {
        Some(Reported::Status(it)) => {
            it.unit_kind == UnitKind::Family && it.record_status != "OBSERVERT"
        }
        _ => false,
    });
    let of_family = |(_, it): &(&String, &crate::KnownMember)| {
        it.family_id == *family && it.role.is_itt_adult()
    };
    // Members sort after their family's id, so only those around it are looked at.
    let adults: Vec<&String> = expect
        .members
        .range(family.clone()..)
        .take_while(|(id, _)| id.starts_with(family.as_str()))
        .filter(of_family)
        .map(|(id, _)| id)
        .collect();
    let statuses = || group.rows.iter().filter(|row| !row.is_event());
    let present = |id: &&&String| statuses().any(|row| row.unit.as_ref() == Some(**id));
    let missing = adults.len() - adults.iter().filter(present).count();
    let first = statuses().next().filter(|_| missing > 0 && !unobserved && !unclear)?;
    let finding = at(first, &catalogue::K10).about(family).count(missing);
    Some(finding.term("m", adults.len().to_string()).term("dato", Phrase::date(date)))
}

fn at(row: &Judgement<'_>, entry: &'static Entry) -> Finding {
    row.line.table.finding(entry).in_row(row.line.row.number)
}

fn held_row(row: Judgement<'_>) -> HeldRow {
    let line = row.line;
    HeldRow {
        sheet: line.table.sheet.name.clone(),
        row: line.row.number,
        cells: line.cells(),
        findings: row.notes,
    }
}

fn key_of(it: &Snapshot) -> (UnitKind, &str, &str, &str) {
    (it.unit_kind, &it.unit_id, &it.source, &it.register)
}
