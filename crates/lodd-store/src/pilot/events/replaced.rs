//! What a further version of an event puts in the place of what stood.

use rusqlite::types::Value as Sql;

use super::{Event, record::Standing};
use crate::pilot::{ReasonCode, uploads::Answer};

/// A stored event that a new version takes the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventCorrection {
    /// Its place among the upload's events.
    pub place: usize,
    /// When the version it replaces was recorded, µs since the epoch.
    pub replaced_at_us: i64,
    /// The reason given.
    pub reason_code: Option<ReasonCode>,
    /// What said something and says something else now, by column of the table; `registrering` for
    /// an event that is taken back, or told again. Days are days since 1970-01-01. Empty where
    /// there is only more to tell: an end of what had begun.
    pub answers: Vec<Answer>,
}

/// The version that is replaced: when it was recorded, and what is changed of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pilot) struct Replaced {
    at_us: i64,
    answers: Vec<Answer>,
}

impl Replaced {
    pub(in crate::pilot) fn by(self, place: usize, event: &Event) -> EventCorrection {
        EventCorrection {
            place,
            replaced_at_us: self.at_us,
            reason_code: event.reason_code,
            answers: self.answers,
        }
    }
}

/// Compares what stood with what is told now. What was told again after it was taken back has
/// nothing to differ from.
pub(super) fn replaced(
    names: impl Iterator<Item = &'static str>,
    (before, was_retracted, at_us): &Standing,
    (after, is_retracted): (&[Sql], bool),
) -> Replaced {
    let status = |retracted: bool| Some(if retracted { "TILBAKEKALT" } else { "OBSERVERT" });
    let record = ("registrering", status(*was_retracted), status(is_retracted));
    let record = (*was_retracted != is_retracted).then(|| answer(record));
    let pairs = before.iter().zip(after).filter(|_| !was_retracted);
    let told = names.zip(pairs).filter_map(|(name, (before, after))| {
        let (before, after) = (shown(before), shown(after));
        let differs = before.is_some() && before != after;
        differs.then(|| answer((name, before.as_deref(), after.as_deref())))
    });
    Replaced { at_us: *at_us, answers: record.into_iter().chain(told).collect() }
}

fn answer((variable, before, after): (&str, Option<&str>, Option<&str>)) -> Answer {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Answer { variable: variable.to_owned(), before: owned(before), after: owned(after) }
}

fn shown(value: &Sql) -> Option<String> {
    match value {
        Sql::Text(text) => Some(text.clone()),
        Sql::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}
