//! One snapshot: merged with the version before, compared by content, appended if it differs.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row, Transaction};

use super::Atom;
use crate::{
    StoreError,
    pilot::{
        Occasion, ReasonCode, RecordStatus, Source, UnitKind,
        roster::Change,
        sealed::{self, Merged, SnapshotKey},
        write::Write,
    },
    vault::FamilyKey,
};

/// The status of one unit at its atom's date, as reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// What the unit is.
    pub unit_kind: UnitKind,
    /// Its pseudonym.
    pub unit_id: String,
    /// Who reports.
    pub source: Source,
    /// From which register.
    pub register: Option<String>,
    /// Why it was taken.
    pub occasion: Occasion,
    /// What came of asking.
    pub record_status: RecordStatus,
    /// Why it corrects what stands, where it does.
    pub reason_code: Option<ReasonCode>,
    /// The values reported, each variable once. A variable that is left out was not reported.
    pub values: Vec<(String, Value)>,
}

/// What a cell says of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A code of the variable's list.
    Code(String),
    /// A whole number.
    Number(i64),
    /// A missing code, such as `UKJENT`: an answer too.
    Missing(String),
    /// Takes back what an earlier version said (`#SLETT`).
    Clear,
}

/// A stored snapshot that a new version takes the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The unit.
    pub unit_id: String,
    /// The date, in days since 1970-01-01.
    pub status_date: i32,
    /// Who reported.
    pub source: Source,
    /// From which register.
    pub register: Option<String>,
    /// When the version it replaces was recorded, µs since the epoch.
    pub replaced_at_us: i64,
    /// The reason given.
    pub reason_code: Option<ReasonCode>,
    /// What it changes, by variable.
    pub answers: Vec<Answer>,
}

/// A variable's value before and after a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The variable; `registrering` for the record's status, `anledning` for its occasion.
    pub variable: String,
    /// What stood; `None` where nothing did.
    pub before: Option<String>,
    /// What stands now; `None` where it is cleared.
    pub after: Option<String>,
}

/// The version that stands.
struct Version {
    family_id: String,
    status_date: i32,
    recorded_at_us: i64,
    occasion: Occasion,
    record_status: RecordStatus,
    content: String,
    sealed: Vec<u8>,
}

impl Snapshot {
    fn register(&self) -> &str {
        self.register.as_deref().unwrap_or_default()
    }

    /// The logical key.
    pub(super) fn key(&self, status_date: i32) -> String {
        let Self { unit_id, source, .. } = self;
        format!("{unit_id} {status_date} {} {}", source.code(), self.register())
    }

    fn sealed_key(&self, status_date: i32) -> SnapshotKey<'_> {
        let (source, register) = (self.source.code(), self.register());
        SnapshotKey { unit_id: &self.unit_id, status_date, source, register }
    }
}

/// Appends a snapshot of an atom as a further version, unless it says what stands already.
pub(super) fn append(
    write: &Write<'_>,
    snapshot: &Snapshot,
    Atom { family_id, status_date, .. }: &Atom,
) -> Result<(Change, Option<Correction>), StoreError> {
    let status_date = *status_date;
    let key = write.family_key(family_id)?;
    let before = match standing(&write.transaction, snapshot, status_date)? {
        // Of the family that the unit was in then.
        Some(version) => Some((write.family_key(&version.family_id)?, version)),
        None => None,
    };
    let stood = match &before {
        Some((key, version)) => version.values(key, snapshot)?,
        None => Merged::new(),
    };
    let inherits = before.as_ref().is_some_and(|(_, version)| inherits(snapshot, version));
    let merged = merge(snapshot, if inherits { stood.clone() } else { Merged::new() })?;
    let values = sealed::values(&merged);
    let content = sealed::content(snapshot.occasion, snapshot.record_status, &values);
    let correction = match before {
        Some((key, version)) if version.content == key.content(&content) => {
            return Ok((Change::Unchanged, None));
        }
        Some((_, version)) => Some(Correction {
            unit_id: snapshot.unit_id.clone(),
            status_date,
            source: snapshot.source,
            register: snapshot.register.clone(),
            replaced_at_us: version.recorded_at_us,
            reason_code: snapshot.reason_code,
            answers: answers(snapshot, &version, &stood, &merged),
        }),
        None => None,
    };
    let sealed = key.seal(&snapshot.sealed_key(status_date).place(write.at_us), &values);
    insert(write, snapshot, (family_id, status_date), (&key.content(&content), &sealed))?;
    Ok((if correction.is_some() { Change::Changed } else { Change::New }, correction))
}

/// Values are inherited from one observation to the next version of it; what was never observed,
/// or was retracted, leaves nothing.
fn inherits(snapshot: &Snapshot, before: &Version) -> bool {
    snapshot.record_status == RecordStatus::Observed
        && before.record_status == RecordStatus::Observed
}

/// What differs between the version that stands and the one that takes its place.
fn answers(snapshot: &Snapshot, version: &Version, before: &Merged, after: &Merged) -> Vec<Answer> {
    let answer = |variable: &str, before: Option<String>, after: Option<String>| {
        (before != after).then(|| Answer { variable: variable.to_owned(), before, after })
    };
    let of_record = [
        ("registrering", version.record_status.code(), snapshot.record_status.code()),
        ("anledning", version.occasion.code(), snapshot.occasion.code()),
    ];
    let of_record = of_record
        .into_iter()
        .filter_map(|(name, old, new)| answer(name, Some(old.to_owned()), Some(new.to_owned())));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let of_values = names.into_iter().filter_map(|name| {
        answer(name, before.get(name).and_then(shown), after.get(name).and_then(shown))
    });
    of_record.chain(of_values).collect()
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Code(code) | Value::Missing(code) => Some(code.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Clear => None,
    }
}

fn merge(snapshot: &Snapshot, inherited: Merged) -> Result<Merged, StoreError> {
    let mut reported = Merged::new();
    for (variable, value) in &snapshot.values {
        if reported.insert(variable.clone(), value.clone()).is_some() {
            let (unit_id, variable) = (snapshot.unit_id.clone(), variable.clone());
            return Err(StoreError::VariableTwice { unit_id, variable });
        }
    }
    let mut merged = inherited;
    merged.extend(reported);
    merged.retain(|_, value| *value != Value::Clear);
    Ok(merged)
}

fn standing(
    transaction: &Transaction<'_>,
    snapshot: &Snapshot,
    status_date: i32,
) -> rusqlite::Result<Option<Version>> {
    let sql = "SELECT family_id, recorded_at, occasion, record_status, content, sealed \
               FROM snapshots WHERE unit_id = ? AND status_date = ? AND source = ? \
               AND register = ? ORDER BY recorded_at DESC LIMIT 1";
    let key = (&snapshot.unit_id, status_date, snapshot.source, snapshot.register());
    let version = |row: &Row<'_>| {
        Ok(Version {
            family_id: row.get(0)?,
            status_date,
            recorded_at_us: row.get(1)?,
            occasion: row.get(2)?,
            record_status: row.get(3)?,
            content: row.get(4)?,
            sealed: row.get(5)?,
        })
    };
    transaction.prepare_cached(sql)?.query_row(key, version).optional()
}

impl Version {
    fn values(&self, key: &FamilyKey, snapshot: &Snapshot) -> Result<Merged, StoreError> {
        let place = snapshot.sealed_key(self.status_date).place(self.recorded_at_us);
        sealed::open(key, (&place, &self.sealed), sealed::read_values)
    }
}

fn insert(
    write: &Write<'_>,
    snapshot: &Snapshot,
    (family_id, status_date): (&str, i32),
    (content, sealed): (&str, &[u8]),
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO snapshots (unit_kind, unit_id, family_id, status_date, source, register, \
               recorded_at, upload_id, occasion, record_status, reason_code, content, sealed) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let Snapshot { unit_kind, unit_id, source, occasion, record_status, reason_code, .. } =
        snapshot;
    let register = snapshot.register();
    write.transaction.prepare_cached(sql)?.execute((
        unit_kind,
        unit_id,
        family_id,
        status_date,
        source,
        register,
        write.at_us,
        write.seq,
        occasion,
        record_status,
        reason_code,
        content,
        sealed,
    ))?;
    Ok(())
}
