//! Rows of `Måneder`: monthly assistance of a family.

use std::collections::{BTreeMap, btree_map};

use crate::{
    catalogue,
    dates::{month, month_number, month_text},
    expectations::Expectations,
    field::{Noted, free_code, note, required, whole},
    finding::Finding,
    table::{Layout, Line},
};

/// The most NOK a month that is believed.
const NOK_MAX: i64 = 10_000_000;

/// What a family received in a month.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// The family.
    pub family_id: String,
    /// The month, as year·12 + month − 1.
    pub month: i32,
    /// Where it is from, such as `KOSTRA_11F`; empty when not given.
    pub register: String,
    /// Assistance granted, whole NOK; `None` where the cell is empty.
    pub grant: Option<i64>,
    /// Assistance lent, whole NOK; `None` where the cell is empty.
    pub loan: Option<i64>,
}

pub(crate) fn layout() -> Layout {
    Layout::new(
        "Måneder",
        &["familie_id", "maned", "stonad", "lan"],
        &["register", "kommune", "ar", "fullstendig", "oppslag"],
    )
}

/// The month, the register and the amounts of a row, of which the family is known. Nothing when
/// both amounts are blank: not reported.
pub(crate) fn read(
    line: &Line<'_>,
    family_id: &str,
    expect: &Expectations,
    notes: &mut Vec<Finding>,
) -> Option<Month> {
    let mut amount = |header| match line.at(header) {
        Some(at) => whole(&at, 0, NOK_MAX, notes),
        None => Ok(None),
    };
    let (grant, loan) = (amount("stonad"), amount("lan"));
    if (grant, loan) == (Ok(None), Ok(None)) {
        return None;
    }
    let month = month_of(line, expect, notes);
    let register = match line.at("register") {
        Some(at) => free_code(&at, notes),
        None => Ok(None),
    };
    let (Ok(month), Ok(grant), Ok(loan), Ok(register)) = (month, grant, loan, register) else {
        return None;
    };
    let register = register.unwrap_or_default();
    Some(Month { family_id: family_id.to_owned(), month, register, grant, loan })
}

/// The month of a row, not after today's.
pub(crate) fn month_of(
    line: &Line<'_>,
    expect: &Expectations,
    notes: &mut Vec<Finding>,
) -> Result<i32, Noted> {
    let at = line.at("maned").ok_or(Noted)?;
    let found = month(&at, notes);
    let month = required(&at, found, notes)?;
    if month > month_number(expect.today.year(), expect.today.month()) {
        return note(at.finding(&catalogue::D05).value(month_text(month)), notes);
    }
    Ok(month)
}

/// Rows by key: the first of each, and what a later one of the same key is.
#[derive(Debug)]
pub(crate) struct Unique<K, T> {
    /// With their row numbers, and how many were kept before them.
    rows: BTreeMap<K, (T, u32, usize)>,
}

/// A later row of the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// The same as the row with this number.
    Same(u32),
    /// Another content than the row with this number.
    Differs(u32),
}

impl<K: Ord, T: PartialEq> Unique<K, T> {
    pub(crate) fn new() -> Self {
        Self { rows: BTreeMap::new() }
    }

    /// Keeps the row if it is the first of its key.
    pub(crate) fn insert(&mut self, key: K, value: T, row: u32) -> Option<Repeat> {
        let before = self.rows.len();
        match self.rows.entry(key) {
            btree_map::Entry::Vacant(entry) => {
                entry.insert((value, row, before));
                None
            }
            btree_map::Entry::Occupied(entry) => {
                let (first, at, _) = entry.get();
                Some(if *first == value { Repeat::Same(*at) } else { Repeat::Differs(*at) })
            }
        }
    }

    /// The rows kept, by key.
    pub(crate) fn into_values(self) -> Vec<T> {
        self.rows.into_values().map(|(value, ..)| value).collect()
    }

    /// The rows kept, in the order in which they came.
    pub(crate) fn in_order(self) -> Vec<T> {
        let mut rows: Vec<(T, u32, usize)> = self.rows.into_values().collect();
        rows.sort_by_key(|(_, _, before)| *before);
        rows.into_iter().map(|(value, ..)| value).collect()
    }
}

/// The finding for a repeated row: K01 when it says the same, K02 when it does not.
pub(crate) fn repeat_finding(line: &Line<'_>, repeat: Repeat, unit: &str, what: &str) -> Finding {
    let (entry, first) = match repeat {
        Repeat::Same(first) => (&catalogue::K01, first),
        Repeat::Differs(first) => (&catalogue::K02, first),
    };
    let finding = line.table.finding(entry).in_row(line.row.number).about(unit).value(what);
    finding.term("r1", first.to_string()).term("r2", line.row.number.to_string())
}
