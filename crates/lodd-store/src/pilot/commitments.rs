//! Commitments to the rows that an entry recorded, one a table and family.
//!
//! Of each group of rows ([`super::bound`]) `row_commitments` keeps how many they are and
//!
//! ```text
//! HMAC-SHA-256(commit key of the family, "lodd rows/1" 00 BE64(seq) text(table) text(family) BE64(rows) SHA-256(rows))
//! ```
//!
//! Rows about no family have the empty text there and the ledger's key. An entry's payload has
//! under `rows` the hash of the list of its commitments, by family and table:
//!
//! ```text
//! SHA-256("lodd row list/1" 00 BE64(seq) BE64(length) then of each: text(family) text(table) BE64(rows) commitment)
//! ```
//!
//! `BE64` and `text` are those of the ledger, `commitment` is 32 bytes. Once a family's key is
//! destroyed nobody can tell what a commitment was made to, and the list, and with it the chain,
//! verifies as before.

use std::collections::BTreeMap;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::{
    bound::{BOUND, Bound, Group},
    owners::Owners,
};
use crate::{
    StoreError,
    ledger::{hex, hmac_sha256, push_text},
};

/// The key of an entry's payload with the hash of its list.
pub(super) const LIST: &str = "rows";

/// The event that binds everything recorded before rows were bound.
pub(super) const BIND: &str = "bind";

/// An entry by number and time.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub(super) seq: i64,
    pub(super) at_us: i64,
}

/// A commitment as it stands in the list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    pub(super) family_id: String,
    pub(super) table: String,
    pub(super) rows: i64,
    pub(super) commitment: [u8; 32],
}

/// The commitment to a group of rows.
pub(super) fn commitment(
    key: &[u8; 32],
    (seq, table, family_id): (i64, &str, &str),
    group: &Group,
) -> [u8; 32] {
    let mut bytes = b"lodd rows/1\0".to_vec();
    bytes.extend(seq.to_be_bytes());
    push_text(&mut bytes, table);
    push_text(&mut bytes, family_id);
    bytes.extend(group.rows.to_be_bytes());
    bytes.extend(group.digest());
    hmac_sha256(key, &bytes)
}

/// The hash of an entry's list.
pub(super) fn list_hash<'a>(seq: i64, lines: impl ExactSizeIterator<Item = &'a Line>) -> String {
    let mut hash = Sha256::new();
    hash.update(b"lodd row list/1\0");
    hash.update(seq.to_be_bytes());
    hash.update((lines.len() as u64).to_be_bytes());
    let mut bytes = Vec::new();
    for line in lines {
        bytes.clear();
        push_text(&mut bytes, &line.family_id);
        push_text(&mut bytes, &line.table);
        bytes.extend(line.rows.to_be_bytes());
        bytes.extend(line.commitment);
        hash.update(&bytes);
    }
    hex(&hash.finalize())
}

/// Appends the commitments to everything that an entry has recorded, or to everything there is
/// (`all`, in the entry that binds what older formats recorded), and returns the hash of their list.
///
/// `key` gives a family's commit key, making it where there is none; the empty id has the ledger's.
pub(super) fn append(
    connection: &Connection,
    entry: At,
    all: bool,
    mut key: impl FnMut(&str) -> Result<Option<[u8; 32]>, StoreError>,
) -> Result<String, StoreError> {
    let mut owners = Owners::default();
    let mut lines = BTreeMap::new();
    let sql = "INSERT INTO row_commitments (seq, family_id, of_table, rows, commitment) \
               VALUES (?, ?, ?, ?, ?)";
    let mut insert = connection.prepare_cached(sql)?;
    for bound in BOUND {
        let Bound { table, .. } = bound;
        let of = (!all).then_some(entry.at_us);
        for ((_, family), group) in bound.groups(connection, &mut owners, of, |_| entry.at_us)? {
            let family_id = owners.name(family);
            // Of an erased family nothing can be bound any more.
            let Some(key) = key(family_id)? else { continue };
            let made = commitment(&key, (entry.seq, table, family_id), &group);
            insert.execute((entry.seq, family_id, table, group.rows, made))?;
            let (family_id, table) = (family_id.to_owned(), (*table).to_owned());
            let line = Line { family_id, table, rows: group.rows, commitment: made };
            lines.insert((line.family_id.clone(), line.table.clone()), line);
        }
    }
    Ok(list_hash(entry.seq, lines.values()))
}
