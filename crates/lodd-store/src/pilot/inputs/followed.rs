//! Whom the offices are to tell of, and what they have told: without the answers themselves.

use rusqlite::{Row, named_params};

use super::{
    events::{EXITS, MEMBERS},
    linked::linked,
};
use crate::{
    StoreError,
    pilot::{Occasion, Pilot, RecordStatus, Role},
};

/// A member who is followed. Of a child with two homes only the one it counts in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedMember {
    /// The member's id; it begins with that of the family the office tells of it in.
    pub member_id: String,
    /// The family that was drawn: another where families were drawn as one.
    pub unit_id: String,
    /// The role in the family.
    pub role: Role,
    /// Year of birth.
    pub birth_year: i32,
    /// Whether the member was there on the draw's date: those who came later are not counted.
    pub in_itt: bool,
}

/// A time in which a family or member was out: dead, withdrawn or moved, by an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Who was out, of those who count as one the one that counts.
    pub unit_id: String,
    /// Why: `DOD`, `TRAKK_SAMTYKKE` or `FLYTTET`.
    pub reason: String,
    /// The first day, in days since 1970-01-01.
    pub from_on: i32,
    /// The first day on which the unit was back, if it is.
    pub until_on: Option<i32>,
}

/// That a person told of a unit on a date, as it stands; of what was retracted nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The family or member; the one that counts, of those who count as one.
    pub unit_id: String,
    /// The date it is about, in days since 1970-01-01.
    pub status_date: i32,
    /// Planned or extra.
    pub occasion: Occasion,
    /// Whether something was observed, or why not.
    pub record_status: RecordStatus,
}

/// `told_of(id)`: the families of `:office`, listed or moved to it, or all where it is null, and their
/// members.
macro_rules! told_of {
    () => {
        "own AS (SELECT family_id FROM families AS version \
         WHERE (:office IS NULL OR office_id = :office OR family_id IN \
         (SELECT family_id FROM family_moves WHERE office_id = :office)) AND recorded_at = (SELECT MAX(recorded_at) \
         FROM families WHERE family_id = version.family_id)), \
         told_of AS (SELECT family_id AS id FROM own UNION \
         SELECT member_id FROM members WHERE family_id IN (SELECT family_id FROM own)) "
    };
}
pub(in crate::pilot) use told_of;

/// Registers tell of a unit unasked, so they are no answer to what an office was asked.
const REPORTS: &str = linked!(
    ", ",
    told_of!(),
    "SELECT DISTINCT COALESCE(to_id, unit_id), status_date, occasion, record_status \
     FROM snapshots AS version LEFT JOIN moved ON from_id = unit_id \
     WHERE unit_id IN (SELECT id FROM told_of) AND source <> 'REGISTER' \
     AND record_status <> 'TILBAKEKALT' AND recorded_at = (SELECT MAX(recorded_at) \
     FROM snapshots WHERE unit_id = version.unit_id AND status_date = version.status_date \
     AND source = version.source AND register = version.register) ORDER BY 1, 2, 3, 4"
);

impl Pilot {
    /// The members of all families, by id, but for those who have left the list.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn followed_members(&self) -> Result<Vec<FollowedMember>, StoreError> {
        let mut select = self.connection.prepare(MEMBERS.sql)?;
        let member = |row: &Row<'_>| {
            Ok(FollowedMember {
                member_id: row.get("member_id")?,
                unit_id: row.get("family_id")?,
                role: row.get("role")?,
                birth_year: row.get("birth_year")?,
                in_itt: row.get("in_itt")?,
            })
        };
        let members = select.query_map(named_params! { ":cut": i64::MAX }, member)?;
        Ok(members.collect::<Result<_, _>>()?)
    }

    /// When families and members were out by an event, by unit, as known at a cut (µs since the
    /// epoch).
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn exits(&self, cut_us: i64) -> Result<Vec<Exit>, StoreError> {
        let mut select = self.connection.prepare(EXITS.sql)?;
        let exit = |row: &Row<'_>| {
            Ok(Exit {
                unit_id: row.get("unit_id")?,
                reason: row.get("reason")?,
                from_on: row.get("from_on")?,
                until_on: row.get("until_on")?,
            })
        };
        let exits = select.query_map(named_params! { ":cut": cut_us }, exit)?;
        Ok(exits.collect::<Result<_, _>>()?)
    }

    /// What has been told of the families of an office, or of all, and of their members; by unit
    /// and date.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn reports(&self, office: Option<&str>) -> Result<Vec<Report>, StoreError> {
        let mut select = self.connection.prepare(REPORTS)?;
        let report = |row: &Row<'_>| {
            Ok(Report {
                unit_id: row.get(0)?,
                status_date: row.get(1)?,
                occasion: row.get(2)?,
                record_status: row.get(3)?,
            })
        };
        let parameters = named_params! { ":cut": i64::MAX, ":office": office };
        let reports = select.query_map(parameters, report)?;
        Ok(reports.collect::<Result<_, _>>()?)
    }
}
