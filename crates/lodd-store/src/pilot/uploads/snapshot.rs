//! One snapshot: merged with the version before, compared by content, appended if it differs.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, Row, Transaction};

use crate::{
    StoreError,
    ledger::{push_text, sha256_hex},
    pilot::{Occasion, ReasonCode, RecordStatus, Source, UnitKind, roster::Change, write::Write},
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
    snapshot_id: i64,
    recorded_at_us: i64,
    occasion: Occasion,
    record_status: RecordStatus,
    content: String,
}

type Merged = BTreeMap<String, Value>;

impl Snapshot {
    fn register(&self) -> &str {
        self.register.as_deref().unwrap_or_default()
    }

    /// The logical key.
    pub(super) fn key(&self, status_date: i32) -> String {
        let Self { unit_id, source, .. } = self;
        format!("{unit_id} {status_date} {} {}", source.code(), self.register())
    }

    /// The SHA-256 over what the snapshot says, in hexadecimal: the ASCII bytes of
    /// `lodd snapshot/1` and a zero byte; occasion and record status; then of each value, by the
    /// bytes of the variable's name, the name and `c:CODE`, `n:NUMBER` or `m:MISSING`. Each text
    /// with its length before it, as in the ledger.
    fn content(&self, values: &Merged) -> String {
        let mut bytes = b"lodd snapshot/1\0".to_vec();
        push_text(&mut bytes, self.occasion.code());
        push_text(&mut bytes, self.record_status.code());
        for (variable, value) in values {
            push_text(&mut bytes, variable);
            push_text(
                &mut bytes,
                &match value {
                    Value::Code(code) => format!("c:{code}"),
                    Value::Number(number) => format!("n:{number}"),
                    Value::Missing(code) => format!("m:{code}"),
                    Value::Clear => continue,
                },
            );
        }
        sha256_hex(&bytes)
    }
}

/// Appends a snapshot as a further version, unless it says what stands already.
pub(super) fn append(
    write: &Write<'_>,
    snapshot: &Snapshot,
    status_date: i32,
) -> Result<(Change, Option<Correction>), StoreError> {
    let before = standing(&write.transaction, snapshot, status_date)?;
    let stood = match &before {
        Some(version) => values_of(&write.transaction, version)?,
        None => Merged::new(),
    };
    let inherits = before.as_ref().is_some_and(|version| inherits(snapshot, version));
    let merged = merge(snapshot, if inherits { stood.clone() } else { Merged::new() })?;
    let content = snapshot.content(&merged);
    let correction = match before {
        Some(version) if version.content == content => return Ok((Change::Unchanged, None)),
        Some(version) => Some(Correction {
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
    insert(write, snapshot, status_date, &content, &merged)?;
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
    let sql = "SELECT snapshot_id, recorded_at, occasion, record_status, content FROM snapshots \
               WHERE unit_id = ? AND status_date = ? AND source = ? AND register = ? \
               ORDER BY recorded_at DESC LIMIT 1";
    let key = (&snapshot.unit_id, status_date, snapshot.source, snapshot.register());
    let version = |row: &Row<'_>| {
        Ok(Version {
            snapshot_id: row.get(0)?,
            recorded_at_us: row.get(1)?,
            occasion: row.get(2)?,
            record_status: row.get(3)?,
            content: row.get(4)?,
        })
    };
    transaction.prepare_cached(sql)?.query_row(key, version).optional()
}

fn values_of(transaction: &Transaction<'_>, version: &Version) -> rusqlite::Result<Merged> {
    let sql = "SELECT variable, value_code, value_num, missing_code FROM snapshot_values \
               WHERE snapshot_id = ?";
    let mut select = transaction.prepare_cached(sql)?;
    let values = select.query_map([version.snapshot_id], |row| {
        let (code, number): (Option<String>, Option<i64>) = (row.get(1)?, row.get(2)?);
        let value = match (code, number) {
            (Some(code), _) => Value::Code(code),
            (None, Some(number)) => Value::Number(number),
            (None, None) => Value::Missing(row.get(3)?),
        };
        Ok((row.get(0)?, value))
    })?;
    values.collect()
}

fn insert(
    write: &Write<'_>,
    snapshot: &Snapshot,
    status_date: i32,
    content: &str,
    values: &Merged,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO snapshots (unit_kind, unit_id, status_date, source, register, \
               recorded_at, upload_id, occasion, record_status, reason_code, content) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let Snapshot { unit_kind, unit_id, source, occasion, record_status, reason_code, .. } =
        snapshot;
    let register = snapshot.register();
    write.transaction.prepare_cached(sql)?.execute((
        unit_kind,
        unit_id,
        status_date,
        source,
        register,
        write.at_us,
        write.seq,
        occasion,
        record_status,
        reason_code,
        content,
    ))?;
    let snapshot_id = write.transaction.last_insert_rowid();
    let sql = "INSERT INTO snapshot_values VALUES (?, ?, ?, ?, ?)";
    let mut insert = write.transaction.prepare_cached(sql)?;
    for (variable, value) in values {
        let (code, number, missing) = match value {
            Value::Code(code) => (Some(code), None, None),
            Value::Number(number) => (None, Some(number), None),
            Value::Missing(code) => (None, None, Some(code)),
            Value::Clear => continue,
        };
        insert.execute((snapshot_id, variable, code, number, missing))?;
    }
    Ok(())
}
