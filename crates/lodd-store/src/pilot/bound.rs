//! Which stored rows the ledger binds, and in which bytes.
//!
//! The rows that an entry recorded are grouped by table and by the family they are about, and each
//! group gets a commitment ([`super::commitments`]) under that family's key; the hash of the list of
//! them stands in the entry's payload. What a table must say for that is how its rows reach their
//! entry and their family: [`BOUND`].
//!
//! # The bytes of a row
//!
//! A group's rows are hashed by SHA-256 in the order of their `rowid`. A row is the number of its columns that are not null (four bytes, big-endian), the rowid
//! counted as one of them, and then of each such column, by the bytes of its name: the name; `i` and
//! a whole number (eight bytes, big-endian), or `r` and the eight bytes of a real number, or `t` and
//! a text, or `b` and a blob. Names, texts and blobs have their length before them (four bytes,
//! big-endian). A column that is null leaves no bytes, so that one added later changes no hash.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, Statement, types::ValueRef};
use sha2::{Digest, Sha256};

use super::owners::{Family, Owners};
use crate::{StoreError, ledger::push_text};

/// A table whose rows the ledger binds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    /// The table, called `t` in what follows.
    pub(super) table: &'static str,
    /// How its rows reach the row that has their entry's time; empty where they have it themselves.
    join: &'static str,
    /// Their entry's time.
    at: &'static str,
    /// The family or member they are about, where they go when that family is erased.
    pub(super) unit: &'static str,
    /// The order of the rows within a group.
    order: &'static str,
    /// Whether a row may go once a later one about the same family is there.
    pub(super) replaced: bool,
}

impl Bound {
    const fn new(table: &'static str, unit: &'static str) -> Self {
        Self { table, join: "", at: "t.recorded_at", unit, order: "t.rowid", replaced: false }
    }

    const fn at(self, at: &'static str) -> Self {
        Self { at, ..self }
    }

    const fn through(self, join: &'static str, at: &'static str) -> Self {
        Self { join, at, ..self }
    }

    const fn replaced(self) -> Self {
        Self { replaced: true, ..self }
    }
}

/// The rows of the table stay when a family is erased: the draw and the log of its places, which hold
/// ids, dates and codes, can be checked for ever.
pub(super) const NONE: &str = "NULL";

/// Every table that holds what was recorded, in the order they are hashed.
pub(super) const BOUND: &[Bound] = &[
    Bound::new("offices", NONE),
    Bound::new("families", NONE),
    Bound::new("members", "t.family_id"),
    Bound::new("facts", "t.family_id"),
    Bound::new("roster_marks", "t.family_id"),
    Bound::new("screenings", "t.family_id"),
    Bound::new("screening_rules", "t.family_id").through(
        "LEFT JOIN screenings AS parent USING (screening_id, family_id)",
        "parent.recorded_at",
    ),
    Bound::new("draws", NONE),
    Bound::new("draw_units", NONE),
    Bound::new("linked_families", NONE),
    Bound::new("linked_members", NONE),
    Bound::new("assignments", NONE),
    Bound::new("struck", NONE),
    Bound::new("offers", NONE),
    Bound::new("offers_closed", NONE),
    Bound::new("participation", NONE),
    Bound::new("uploads", NONE).at("t.received_at"),
    Bound::new("snapshots", "t.family_id"),
    Bound::new("monthly", "t.family_id"),
    Bound::new("held_atoms", "t.family_id")
        .through("LEFT JOIN uploads AS parent USING (upload_id)", "parent.received_at"),
    Bound::new("holds_resolved", "parent.family_id")
        .through("LEFT JOIN held_atoms AS parent USING (upload_id, place)", "t.recorded_at"),
    Bound::new("releases", NONE),
    Bound::new("release_contents", NONE),
    Bound::new("household_spells", "t.family_id"),
    Bound::new("family_moves", "t.family_id"),
    Bound::new("consents", "t.family_id"),
    Bound::new("deviations", "t.family_id"),
    Bound::new("amendments", NONE),
    Bound::new("register_files", NONE),
    Bound::new("register_families", "t.family_id"),
    Bound::new("last_contact", "t.family_id"),
    Bound::new("plans", NONE).at("t.locked_at"),
    Bound::new("runs", NONE),
    Bound::new("files", NONE),
    Bound::new("erasures", NONE),
    // Last, since keys are made while what comes before is committed to.
    Bound::new("office_keys", NONE),
    Bound::new("family_keys", "t.family_id").replaced(),
];

/// The tables that are not in [`BOUND`], each with what holds it instead.
#[cfg(test)]
pub(super) const EXCEPTIONS: &[(&str, &str)] = &[
    ("ledger", "each entry's hash and the chain"),
    ("ledger_payloads", "the commitment in the entry"),
    ("row_commitments", "the hash of the list in the entry's payload"),
];

/// The rows that an entry recorded in a table about one family.
pub(super) struct Group {
    /// How many.
    pub(super) rows: i64,
    digest: Sha256,
}

impl Group {
    /// SHA-256 over the rows.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.digest.clone().finalize().into()
    }
}

/// Groups by the time of the entry (`None` where it can't be told) and the family.
pub(super) type Groups = BTreeMap<(Option<i64>, Family), Group>;

impl Bound {
    /// The groups of a table: of one entry, by its time, or of all.
    ///
    /// `group` says under which entry's time a row is counted.
    pub(super) fn groups(
        &self,
        connection: &Connection,
        owners: &mut Owners,
        of: Option<i64>,
        group: impl Fn(i64) -> i64,
    ) -> Result<Groups, StoreError> {
        let Self { table, join, at, unit, order, .. } = self;
        let rowid = if *order == "t.rowid" { "t.rowid" } else { "NULL" };
        let only = of.map_or_else(String::new, |_| format!("WHERE {at} = ?1"));
        let sql = format!(
            "SELECT {at}, {unit}, {rowid} AS rowid, t.* FROM {table} AS t {join} {only} ORDER BY {order}"
        );
        let mut select = connection.prepare_cached(&sql)?;
        let columns = Columns::of(&select);
        let mut rows = match of {
            Some(at) => select.query([at])?,
            None => select.query([])?,
        };
        let mut groups = Groups::new();
        let mut bytes = Vec::new();
        while let Some(row) = rows.next()? {
            let at: Option<i64> = row.get(0)?;
            let family = match (row.get_ref(1)?, at) {
                (ValueRef::Text(unit), Some(at)) => owners.of(connection, unit, at)?,
                _ => Family::NONE,
            };
            bytes.clear();
            columns.push(row, &mut bytes)?;
            let key = (at.map(&group), family);
            let group =
                groups.entry(key).or_insert_with(|| Group { rows: 0, digest: Sha256::new() });
            group.rows += 1;
            group.digest.update(&bytes);
        }
        Ok(groups)
    }
}

/// The columns of a row by name, each with its place in the statement.
struct Columns(Vec<(String, usize)>);

/// The first two columns only say where the row belongs.
const FIRST_COLUMN: usize = 2;

impl Columns {
    fn of(select: &Statement<'_>) -> Self {
        let names = select.column_names().map(str::to_owned).zip(0..);
        let mut columns: Vec<(String, usize)> = names.skip(FIRST_COLUMN).collect();
        columns.sort();
        Self(columns)
    }

    fn push(&self, row: &Row<'_>, bytes: &mut Vec<u8>) -> rusqlite::Result<()> {
        let mut filled: u32 = 0;
        bytes.extend(filled.to_be_bytes());
        for (name, place) in &self.0 {
            let value = row.get_ref(*place)?;
            if matches!(value, ValueRef::Null) {
                continue;
            }
            filled += 1;
            push_text(bytes, name);
            push_value(bytes, value);
        }
        bytes.splice(..4, filled.to_be_bytes());
        Ok(())
    }
}

fn push_value(bytes: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => {}
        ValueRef::Integer(number) => {
            bytes.push(b'i');
            bytes.extend(number.to_be_bytes());
        }
        ValueRef::Real(number) => {
            bytes.push(b'r');
            bytes.extend(number.to_be_bytes());
        }
        ValueRef::Text(text) => push_blob(bytes, b't', text),
        ValueRef::Blob(blob) => push_blob(bytes, b'b', blob),
    }
}

fn push_blob(bytes: &mut Vec<u8>, kind: u8, blob: &[u8]) {
    bytes.push(kind);
    bytes.extend(u32::try_from(blob.len()).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend(blob);
}
