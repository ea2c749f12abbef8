//! The roster as it is linked before a list is locked: who stands where, by keyed id.

use std::collections::BTreeMap;

use rusqlite::Transaction;

use super::{Pilot, rows};
use crate::{
    StoreError,
    pilot::{
        MarkKind, Role,
        sealed::{self, Ring},
    },
};

/// A family that has not left the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFamily {
    /// Its pseudonym.
    pub family_id: String,
    /// Its office.
    pub office_id: String,
    /// Another family whose persons live with this one's.
    pub lives_with: Option<String>,
    /// Its members that have not left the list, by id.
    pub members: Vec<ListedMember>,
}

/// A member that has not left the list. It is printed without its keyed id.
#[derive(Clone, PartialEq, Eq)]
pub struct ListedMember {
    /// The member's pseudonym.
    pub member_id: String,
    /// The member's place in the family.
    pub role: Role,
    /// Year of birth.
    pub birth_year: i32,
    /// The keyed id, where the office gave one.
    pub person_key: Option<String>,
}

impl std::fmt::Debug for ListedMember {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListedMember").field("member_id", &self.member_id).finish_non_exhaustive()
    }
}

impl Pilot {
    /// Every family that has not left the list, by id, with its members and what links them. This
    /// is the one place that reads keyed ids.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn listed(&self) -> Result<Vec<ListedFamily>, StoreError> {
        let reading = self.connection.unchecked_transaction()?;
        let marks = self.marks(&reading)?;
        let of = |unit: &str, kind| marks.get(&(unit.to_owned(), kind)).cloned().flatten();
        let listed = |unit: &str| of(unit, MarkKind::LeftOn).is_none();
        let mut families = BTreeMap::new();
        for family in rows::families(&reading)?.into_iter().filter(|it| listed(&it.family_id)) {
            let lives_with = of(&family.family_id, MarkKind::LivesWith);
            let (family_id, office_id) = (family.family_id, family.office_id);
            let listed = ListedFamily { family_id, office_id, lives_with, members: Vec::new() };
            families.insert(listed.family_id.clone(), listed);
        }
        for member in rows::members(&reading)?.into_iter().filter(|it| listed(&it.member_id)) {
            if let Some(family) = families.get_mut(&member.family_id) {
                let person_key = of(&member.member_id, MarkKind::PersonKey);
                let (member_id, role, birth_year) =
                    (member.member_id, member.role, member.birth_year);
                family.members.push(ListedMember { member_id, role, birth_year, person_key });
            }
        }
        Ok(families.into_values().collect())
    }

    /// Every mark as it stands, opened where it is sealed.
    fn marks(
        &self,
        reading: &Transaction<'_>,
    ) -> Result<BTreeMap<(String, MarkKind), Option<String>>, StoreError> {
        let sql = "SELECT unit_id, mark, MAX(recorded_at), family_id, value, sealed \
                   FROM roster_marks GROUP BY unit_id, mark";
        let mut select = reading.prepare(sql)?;
        let mut rows = select.query([])?;
        let mut ring = Ring::new(&self.vault, reading);
        let mut marks = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (unit, kind): (String, MarkKind) = (row.get(0)?, row.get(1)?);
            let sealed: Option<Vec<u8>> = row.get(5)?;
            let value = match sealed {
                Some(sealed) => {
                    let place = sealed::mark(&unit, kind.code(), row.get(2)?);
                    let family: String = row.get(3)?;
                    Some(ring.open(&family, (&place, &sealed), sealed::text)?)
                }
                None => row.get(4)?,
            };
            marks.insert((unit, kind), value);
        }
        Ok(marks)
    }
}
