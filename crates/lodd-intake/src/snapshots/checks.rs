//! Checks that compare: an answer with another, with the list, or with what is stored.

use std::collections::BTreeSet;

use super::{
    Snapshot,
    rows::{Judgement, Reported},
};
use crate::{catalogue::Entry, expectations::Expectations, finding::Finding, variable::Value};

mod cross;
mod levels;
mod overdue;
mod past;
mod windows;

pub(super) use overdue::overdue;

/// Notes what does not fit, at the rows it concerns.
pub(super) fn note(rows: &mut [Judgement<'_>], expect: &Expectations) {
    let levels = levels::Levels::of(rows, expect);
    let exits = past::exits(rows, expect);
    let mut dated = BTreeSet::new();
    let judge = |row: &Judgement<'_>| {
        let mut found = Vec::new();
        let Some(Reported::Status(snapshot)) = &row.reported else {
            found.extend(past::event_after_exit(row, &exits));
            return found;
        };
        found.extend(windows::outside(row, snapshot, expect, &mut dated));
        found.extend(levels.contradiction(row, snapshot));
        found.extend(cross::all(row, snapshot, expect));
        found.extend(past::transition(row, snapshot, expect));
        found.extend(past::after_exit(row, snapshot, &exits));
        found
    };
    let found: Vec<Vec<Finding>> = rows.iter().map(judge).collect();
    for (row, found) in rows.iter_mut().zip(found) {
        row.notes.extend(found);
    }
}

/// A code that a snapshot gives, if it gives one.
fn code<'s>(snapshot: &'s Snapshot, variable: &str) -> Option<&'s str> {
    let values = &snapshot.values;
    let at = values.binary_search_by(|(name, _)| name.as_str().cmp(variable)).ok()?;
    match values.get(at) {
        Some((_, Value::Code(code))) => Some(code),
        _ => None,
    }
}

/// A finding about a row's unit, at the cell under a header, else at the row.
fn finding(row: &Judgement<'_>, entry: &'static Entry, header: &str) -> Finding {
    let finding = match row.line.at(header) {
        Some(at) => at.finding(entry),
        None => row.line.table.finding(entry).in_row(row.line.row.number),
    };
    match &row.unit {
        Some(unit) => finding.about(unit),
        None => finding,
    }
}
