//! What the queries of screening and panel read: the store's rows as known at a cut, as tables.
//!
//! Rows come out in the order of their keys, so that the same cut gives the same tables whatever
//! has been recorded since. Where there is no register the text is empty, not null.

mod absent;
mod events;
mod flow;
mod followed;
mod linked;
mod opened;
mod zeros;

pub use absent::ConsentRule;
use events::{EXITS, MEMBERS};
pub(super) use followed::told_of;
pub use followed::{Exit, FollowedMember, Report};
use rusqlite::{Connection, named_params};

use super::{Pilot, sealed::Ring};
use crate::{
    Column, Kind, StoreError, Table, oslo_day,
    query::{QueryError, collect},
};

/// A table as a query over the store, with `:cut` as its parameter.
struct Input {
    name: &'static str,
    sql: &'static str,
    columns: &'static [(&'static str, Kind)],
}

const ASSIGNMENTS: Input = Input {
    name: "assignments",
    sql: "SELECT assignment.draw, unit_kind, unit_id, unit_id AS family_id, block, arm, drawn_on, \
          shown_at \
          FROM assignments AS assignment JOIN draw_units USING (draw, unit_kind, unit_id) \
          JOIN draws ON draws.draw = assignment.draw \
          AND draws.recorded_at = assignment.recorded_at \
          WHERE assignment.recorded_at <= :cut AND unit_kind = 'FAMILIE' \
          AND unit_id NOT IN (SELECT family_id FROM erasures) \
          ORDER BY assignment.draw, unit_id",
    columns: &[
        ("draw", Kind::Int),
        ("unit_kind", Kind::Text),
        ("unit_id", Kind::Text),
        ("family_id", Kind::Text),
        ("block", Kind::Text),
        ("arm", Kind::Text),
        ("drawn_on", Kind::Date),
        ("shown_at", Kind::Instant),
    ],
};

/// Members as screening sees them: of their own family, but for those who have left the list.
const MEMBERS_LISTED: Input = Input {
    name: "members",
    sql: "SELECT member_id, family_id, role, birth_year, 1 AS in_itt FROM members AS version \
          WHERE recorded_at = (SELECT MAX(recorded_at) FROM members \
          WHERE member_id = version.member_id AND recorded_at <= :cut) \
          AND member_id NOT IN (SELECT unit_id FROM roster_marks AS mark \
          WHERE mark = 'UTMELDT' AND value IS NOT NULL AND recorded_at = (SELECT MAX(recorded_at) \
          FROM roster_marks WHERE unit_id = mark.unit_id AND mark = 'UTMELDT' \
          AND recorded_at <= :cut)) ORDER BY member_id",
    columns: MEMBERS.columns,
};

const FAMILIES: Input = Input {
    name: "families",
    sql: "SELECT family_id, office_id, registered_on FROM families AS version \
          WHERE recorded_at = (SELECT MAX(recorded_at) FROM families \
          WHERE family_id = version.family_id AND recorded_at <= :cut) \
          AND family_id NOT IN (SELECT family_id FROM erasures) \
          AND family_id NOT IN (SELECT unit_id FROM roster_marks AS mark \
          WHERE mark = 'UTMELDT' AND value IS NOT NULL AND recorded_at = (SELECT MAX(recorded_at) \
          FROM roster_marks WHERE unit_id = mark.unit_id AND mark = 'UTMELDT' \
          AND recorded_at <= :cut)) ORDER BY family_id",
    columns: &[("family_id", Kind::Text), ("office_id", Kind::Text), ("registered_on", Kind::Date)],
};

impl Input {
    fn at(&self, connection: &Connection, cut_us: i64) -> Result<Table, StoreError> {
        let parameters = named_params! { ":cut": cut_us };
        Ok(collect(connection, self.sql, parameters, self.name, self.columns)?)
    }
}

/// Members of drawn families, each with whether it was present on the draw's date.
pub(super) fn in_itt(
    connection: &Connection,
    cut_us: i64,
) -> Result<std::collections::BTreeMap<String, bool>, StoreError> {
    let table = MEMBERS.at(connection, cut_us)?;
    let members = table.text("member_id").map_err(QueryError::from)?;
    let present = table.int("in_itt").map_err(QueryError::from)?;
    let both = members.iter().zip(present);
    Ok(both.filter_map(|(id, it)| Some((id.clone()?, *it == Some(1)))).collect())
}

/// Deaths, withdrawals and moves, then lacks of consent and families that broke up; each sorted.
fn exits(connection: &Connection, (cut_us, rule): (i64, ConsentRule)) -> Result<Table, StoreError> {
    let events = EXITS.at(connection, cut_us)?;
    let absences = absent::absences(connection, (cut_us, rule))?;
    let text = |name, of: fn(&absent::Absence) -> &str| -> Result<Column, QueryError> {
        let added = absences.iter().map(|it| Some(of(it).to_owned()));
        Ok(Column::text(name, events.text(name)?.iter().cloned().chain(added)))
    };
    let day = |name, of: fn(&absent::Absence) -> Option<i32>| -> Result<Column, QueryError> {
        let added = absences.iter().map(of);
        Ok(Column::date(name, events.date(name)?.iter().copied().chain(added)))
    };
    let columns = vec![
        text("unit_kind", |it| it.unit_kind)?,
        text("unit_id", |it| &it.unit_id)?,
        text("reason", |it| it.reason)?,
        day("from_on", |it| Some(it.from_on))?,
        day("until_on", |it| it.until_on)?,
    ];
    Ok(Table::new("exits", columns).map_err(QueryError::from)?)
}

impl Pilot {
    /// What the panel's query reads, as known at a cut (µs since the epoch): `cut`, `assignments`,
    /// `members`, `snapshots`, `monthly`, `exits` and `away`. The targets of the horizons and the
    /// calendar are the caller's to add.
    ///
    /// # Errors
    ///
    /// If the cut is later than what is recorded.
    pub fn panel_inputs(&self, cut_us: i64) -> Result<Vec<Table>, StoreError> {
        self.panel_inputs_by(cut_us, ConsentRule::NotRequired)
    }

    /// The same, `exits` by what the pilot's protocol says of consent.
    ///
    /// # Errors
    ///
    /// If the cut is later than what is recorded.
    pub fn panel_inputs_by(
        &self,
        cut_us: i64,
        consent: ConsentRule,
    ) -> Result<Vec<Table>, StoreError> {
        let reading = self.connection.unchecked_transaction()?;
        self.check_cut(cut_us)?;
        let cut = vec![
            Column::instant("cut_us", [Some(cut_us)]),
            Column::date("cut_day", [Some(oslo_day(cut_us)?)]),
        ];
        let mut tables = vec![Table::new("cut", cut).map_err(QueryError::from)?];
        for input in [ASSIGNMENTS, MEMBERS] {
            tables.push(input.at(&reading, cut_us)?);
        }
        let mut ring = Ring::new(&self.vault, &reading);
        tables.push(opened::snapshots(&mut ring, cut_us)?);
        tables.push(opened::months(&mut ring, cut_us)?);
        tables.push(exits(&reading, (cut_us, consent))?);
        tables.push(absent::away(&reading, cut_us)?);
        Ok(tables)
    }

    /// What screening reads, as it stands: `families`, `members`, `monthly` (of the roster and of
    /// every register) and `facts`, each in its current version only.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn screening_inputs(&self) -> Result<Vec<Table>, StoreError> {
        self.screening_inputs_at(i64::MAX)
    }

    /// The same as known at a cut (µs since the epoch), such as when a list was locked.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn screening_inputs_at(&self, cut_us: i64) -> Result<Vec<Table>, StoreError> {
        let reading = self.connection.unchecked_transaction()?;
        let mut tables = vec![FAMILIES.at(&reading, cut_us)?, MEMBERS_LISTED.at(&reading, cut_us)?];
        let mut ring = Ring::new(&self.vault, &reading);
        tables.push(opened::months_current(&mut ring, cut_us)?);
        tables.push(opened::facts(&mut ring, cut_us)?);
        Ok(tables)
    }

    /// Refuses a cut later than the ledger's last entry.
    pub(super) fn check_cut(&self, cut: i64) -> Result<(), StoreError> {
        let last = self.cut_default()?;
        if cut > last {
            return Err(StoreError::CutTooLate { cut, last });
        }
        Ok(())
    }
}
