//! What is sealed of a row, and for which place: the one list of both.
//!
//! | table | its place, in order | what is sealed |
//! |---|---|---|
//! | `snapshots` | unit, status date, source, register, `recorded_at` | of each value, by the bytes of the variable's name, the name and `c:CODE`, `n:NUMBER` or `m:MISSING`, each with its length before it (four bytes, big-endian) |
//! | `monthly` | unit, month, register, `recorded_at` | grant and loan as JSON, `[9000,null]` |
//! | `facts` | criterion, date, `recorded_at` | the value |
//! | `roster_marks` | unit, mark, `recorded_at` | the keyed id |
//! | `held_atoms` | upload, place in it | the rows, JSON |

mod ring;

use std::collections::BTreeMap;

pub(super) use ring::{Ring, open, text};

use super::{MarkKind, Occasion, RecordStatus, uploads::Value};
use crate::{
    ledger::push_text,
    vault::{FamilyKey, Place},
};

/// A snapshot's values by variable, none of them [`Value::Clear`].
pub(super) type Merged = BTreeMap<String, Value>;

/// A snapshot's logical key without its version: unit, status date, source, register.
#[derive(Clone, Copy)]
pub(super) struct SnapshotKey<'a> {
    pub(super) unit_id: &'a str,
    pub(super) status_date: i32,
    pub(super) source: &'a str,
    pub(super) register: &'a str,
}

impl SnapshotKey<'_> {
    pub(super) fn place(self, recorded_at: i64) -> Place {
        let place = Place::of("snapshots").text(self.unit_id).number(self.status_date.into());
        place.text(self.source).text(self.register).number(recorded_at)
    }
}

pub(super) fn month(unit_id: &str, month: i64, register: &str, recorded_at: i64) -> Place {
    Place::of("monthly").text(unit_id).number(month).text(register).number(recorded_at)
}

/// What a register says of a member at last contact in a year.
pub(super) fn contact((member_id, year, register): (&str, i64, &str), recorded_at: i64) -> Place {
    Place::of("last_contact").text(member_id).number(year).text(register).number(recorded_at)
}

pub(super) fn fact(criterion: &str, observed_on: i32, recorded_at: i64) -> Place {
    Place::of("facts").text(criterion).number(observed_on.into()).number(recorded_at)
}

pub(super) fn mark(unit_id: &str, mark: &str, recorded_at: i64) -> Place {
    Place::of("roster_marks").text(unit_id).text(mark).number(recorded_at)
}

pub(super) fn held(upload_id: i64, place: i64) -> Place {
    Place::of("held_atoms").number(upload_id).number(place)
}

/// What a snapshot says, as the bytes that are sealed.
pub(super) fn values(merged: &Merged) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (variable, value) in merged {
        let written = match value {
            Value::Code(code) => format!("c:{code}"),
            Value::Number(number) => format!("n:{number}"),
            Value::Missing(code) => format!("m:{code}"),
            Value::Clear => continue,
        };
        push_text(&mut bytes, variable);
        push_text(&mut bytes, &written);
    }
    bytes
}

/// The values of such bytes; `None` if they are none.
pub(super) fn read_values(mut bytes: &[u8]) -> Option<Merged> {
    let mut merged = Merged::new();
    while !bytes.is_empty() {
        let variable = take_text(&mut bytes)?;
        let (kind, text) = take_text(&mut bytes)?.split_once(':')?;
        let value = match kind {
            "c" => Value::Code(text.to_owned()),
            "n" => Value::Number(text.parse().ok()?),
            "m" => Value::Missing(text.to_owned()),
            _ => return None,
        };
        merged.insert(variable.to_owned(), value);
    }
    Some(merged)
}

fn take_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (text, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

/// What a snapshot's digest is of: the ASCII bytes of `lodd snapshot/1` and a zero byte, occasion and
/// record status, and the values as sealed.
pub(super) fn content(occasion: Occasion, status: RecordStatus, values: &[u8]) -> Vec<u8> {
    let mut bytes = b"lodd snapshot/1\0".to_vec();
    push_text(&mut bytes, occasion.code());
    push_text(&mut bytes, status.code());
    bytes.extend(values);
    bytes
}

/// Grant and loan of a month, as sealed.
pub(super) fn amounts(grant: Option<i64>, loan: Option<i64>) -> String {
    let amount = |it: Option<i64>| it.map_or_else(|| "null".to_owned(), |it| it.to_string());
    format!("[{},{}]", amount(grant), amount(loan))
}

pub(super) fn read_amounts(bytes: &[u8]) -> Option<(Option<i64>, Option<i64>)> {
    serde_json::from_slice(bytes).ok()
}

/// A mark's columns `value` and `sealed`: a person's keyed id is sealed, all else is plain.
pub(super) fn split_mark(
    key: &FamilyKey,
    (unit_id, kind, recorded_at): (&str, MarkKind, i64),
    value: Option<String>,
) -> (Option<String>, Option<Vec<u8>>) {
    match kind {
        MarkKind::PersonKey => {
            let place = mark(unit_id, kind.code(), recorded_at);
            (None, value.map(|it| key.seal(&place, it.as_bytes())))
        }
        MarkKind::LivesWith | MarkKind::LeftOn => (value, None),
    }
}
