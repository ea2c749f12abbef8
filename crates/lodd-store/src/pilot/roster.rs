//! The roster: offices, families, members, and what eligibility is judged on.
//!
//! Rows are versions: importing a roster appends what is new or differs, and nothing else. A family
//! on the locked list of a draw can't change this way any more.

mod listed;
mod rows;

pub use listed::{ListedFamily, ListedMember};

pub(super) use rows::{
    check_unit, compare, insert_member, known_office, listed_in, member_of, office_of,
};
use serde_json::json;

pub use super::months::Month;
use super::{MarkKind, Pilot, Role, Stamp, months, write::Write};
use crate::{StoreError, ledger::Head};

/// A roster to import. Rows that are not given stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterRows {
    /// Offices, from the protocol file.
    pub offices: Vec<Office>,
    /// Families.
    pub families: Vec<Family>,
    /// Their members.
    pub members: Vec<Member>,
    /// Their assistance by month, before the draw. A month that names no register is filed under
    /// `ROSTER`: screening sees it, outcomes never do.
    pub months: Vec<Month>,
    /// Other facts that eligibility is judged on.
    pub facts: Vec<Fact>,
    /// Keyed ids, shared homes, and who has left the list.
    pub marks: Vec<Mark>,
}

/// An office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// Its id in the protocol file.
    pub office_id: String,
    /// Its name.
    pub name: String,
    /// Its municipality, four digits.
    pub municipality: String,
}

/// A family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// Its pseudonym.
    pub family_id: String,
    /// The office that registered it.
    pub office_id: String,
    /// When, in days since 1970-01-01.
    pub registered_on: i32,
}

/// A member of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The member's pseudonym.
    pub member_id: String,
    /// The family as drawn.
    pub family_id: String,
    /// The member's place in it.
    pub role: Role,
    /// Year of birth.
    pub birth_year: i32,
    /// Sex, where it is given.
    pub sex: Option<String>,
}

/// Something observed about a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The family.
    pub family_id: String,
    /// What it is, as the protocol file names it.
    pub criterion: String,
    /// When it was so, in days since 1970-01-01.
    pub observed_on: i32,
    /// The value.
    pub value: String,
    /// Who says so.
    pub source: Option<String>,
}

/// A note about a family or member. It is not printed with its value, which may be a keyed id.
#[derive(Clone, PartialEq, Eq)]
pub struct Mark {
    /// The family or member.
    pub unit_id: String,
    /// What is noted.
    pub kind: MarkKind,
    /// The value; `None` takes the earlier one away.
    pub value: Option<String>,
}

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mark")
            .field("unit_id", &self.unit_id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterReceipt {
    /// The ledger entry; `None` where nothing was new, and nothing was written.
    pub entry: Option<Head>,
    /// Rows of any kind that were not there.
    pub new: usize,
    /// Rows that were there with other values.
    pub changed: usize,
    /// Rows that were there.
    pub unchanged: usize,
}

/// The roster as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Offices, by id.
    pub offices: Vec<Office>,
    /// Families, by id.
    pub families: Vec<Family>,
    /// Members, by id.
    pub members: Vec<Member>,
    /// Families on the locked list of a draw, by id.
    pub locked: Vec<String>,
}

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    New,
    Changed,
    Unchanged,
}

impl Pilot {
    /// Appends what is new or differs. `file_sha256` are the hashes of the files read, for the
    /// ledger. Importing the same roster again writes nothing.
    ///
    /// # Errors
    ///
    /// If a row is given twice, names an unknown office or family, or would change a family that
    /// is on the locked list of a draw. Nothing is written then.
    pub fn import_roster(
        &mut self,
        stamp: &Stamp,
        rows: &RosterRows,
        file_sha256: &[String],
    ) -> Result<RosterReceipt, StoreError> {
        refuse_twice(rows)?;
        let write = self.begin(stamp)?;
        let changes = record(&write, rows)?;
        let count = |change| changes.iter().filter(|it| **it == change).count();
        let (new, changed) = (count(Change::New), count(Change::Changed));
        let unchanged = count(Change::Unchanged);
        let entry = if new + changed == 0 {
            None
        } else {
            let payload = json!({ "files": file_sha256, "new": new, "changed": changed });
            Some(write.commit("roster", &payload)?)
        };
        Ok(RosterReceipt { entry, new, changed, unchanged })
    }

    /// The roster as it stands.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn roster(&self) -> Result<Roster, StoreError> {
        let reading = self.connection.unchecked_transaction()?;
        Ok(Roster {
            offices: rows::offices(&reading)?,
            families: rows::families(&reading)?,
            members: rows::members(&reading)?,
            locked: rows::locked(&reading)?,
        })
    }

    /// The families of the roster, by id: without their members, which are many more rows.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn families(&self) -> Result<Vec<Family>, StoreError> {
        Ok(rows::families(&self.connection)?)
    }

    /// The families in the order in which they came onto the roster: that of the files' rows.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn roster_order(&self) -> Result<Vec<String>, StoreError> {
        Ok(rows::order(&self.connection)?)
    }
}

fn refuse_twice(rows: &RosterRows) -> Result<(), StoreError> {
    let each = |what, keys: Vec<String>| match first_twice(keys) {
        Some(key) => Err(StoreError::Twice { what, key }),
        None => Ok(()),
    };
    each("office", rows.offices.iter().map(|it| it.office_id.clone()).collect())?;
    each("family", rows.families.iter().map(|it| it.family_id.clone()).collect())?;
    each("member", rows.members.iter().map(|it| it.member_id.clone()).collect())?;
    each("month", rows.months.iter().map(Month::key).collect())?;
    let key = |it: &Fact| format!("{} {} {}", it.family_id, it.criterion, it.observed_on);
    each("fact", rows.facts.iter().map(key).collect())?;
    let key = |it: &Mark| format!("{} {}", it.unit_id, it.kind.code());
    each("mark", rows.marks.iter().map(key).collect())
}

/// The first key, in ascending order, that occurs twice.
pub(super) fn first_twice(mut keys: Vec<String>) -> Option<String> {
    keys.sort_unstable();
    keys.windows(2).find(|it| it.first() == it.last()).and_then(|it| it.first().cloned())
}

fn record(write: &Write<'_>, rows: &RosterRows) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    for office in &rows.offices {
        changes.push(rows::record_office(write, office)?);
    }
    for family in &rows.families {
        changes.push(rows::record_family(write, family)?);
    }
    for member in &rows.members {
        changes.push(rows::record_member(write, member)?);
    }
    for mark in &rows.marks {
        changes.push(rows::record_mark(write, mark)?);
    }
    for fact in &rows.facts {
        changes.push(rows::record_fact(write, fact)?);
    }
    for month in &rows.months {
        let register = month.register.as_deref().unwrap_or(months::ROSTER);
        office_of(&write.transaction, &month.family_id)?;
        let recorded = months::record(write, month, register, None)?;
        if recorded != Change::Unchanged {
            rows::refuse_locked(write, &month.family_id)?;
        }
        changes.push(recorded);
    }
    Ok(changes)
}
