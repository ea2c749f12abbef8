//! Families that are drawn as one unit, and what a list shares with other lists.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::{
    StoreError,
    pilot::{roster, write::Write},
};

/// How a list was made from the families on the roster. Goes into the ledger with the announcement;
/// it holds pseudonyms and no keyed id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linking {
    /// Families that are not units of their own, each with the family it is drawn under.
    pub families: BTreeMap<String, String>,
    /// Children who stand in two families of one unit: the id that is not counted, and the one
    /// that is.
    pub members: BTreeMap<String, String>,
    /// Eligible families kept out since they are joined to one drawn before.
    pub kept_out: Vec<String>,
    /// Persons who stand on other announced lists too.
    pub overlap: Vec<Overlap>,
    /// Why the list is locked all the same.
    pub overlap_known: Option<String>,
}

/// What this list shares with another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    /// The other list: pilot and draw.
    pub list: String,
    /// Persons on both.
    pub persons: usize,
    /// This pilot's families that they stand in.
    pub families: Vec<String>,
}

/// The families drawn under another's id, each with that id.
pub(super) fn of_draw(
    connection: &Connection,
    draw: i64,
) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut select =
        connection.prepare("SELECT family_id, unit_id FROM linked_families WHERE draw = ?")?;
    select.query_map([draw], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Appends which families and members are counted under another's id.
pub(super) fn append(write: &Write<'_>, draw: i64, linking: &Linking) -> Result<(), StoreError> {
    let transaction = &write.transaction;
    let mut insert =
        transaction.prepare_cached("INSERT INTO linked_families VALUES (?, ?, ?, ?)")?;
    for (family_id, unit_id) in &linking.families {
        roster::office_of(transaction, family_id)?;
        insert.execute((draw, family_id, unit_id, write.at_us))?;
    }
    let mut insert =
        transaction.prepare_cached("INSERT INTO linked_members VALUES (?, ?, ?, ?)")?;
    for (member_id, counted_as) in &linking.members {
        insert.execute((draw, member_id, counted_as, write.at_us))?;
    }
    Ok(())
}
