//! What a new delivery is compared with: the latest that was told of a unit, and who has left.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, named_params};

use super::{
    Pilot,
    inputs::told_of,
    sealed::{self, Ring, SnapshotKey},
    uploads::Value,
};
use crate::StoreError;

/// The latest snapshot of a unit that a person told of and in which something was observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatestSnapshot {
    /// Its date, in days since 1970-01-01.
    pub status_date: i32,
    /// Its codes, by variable.
    pub codes: BTreeMap<String, String>,
}

/// A unit that has died or withdrawn, so that nothing more can be told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftUnit {
    /// The family or member.
    pub unit_id: String,
    /// Whether it has died; otherwise the consent to research is withdrawn.
    pub died: bool,
    /// Since when, in days since 1970-01-01.
    pub on: i32,
}

const LATEST: &str = "SELECT family_id, status_date, source, register, recorded_at, sealed \
    FROM snapshots AS version \
    WHERE unit_id = :unit AND source <> 'REGISTER' AND record_status = 'OBSERVERT' \
    AND recorded_at = (SELECT MAX(recorded_at) FROM snapshots WHERE unit_id = version.unit_id \
    AND status_date = version.status_date AND source = version.source \
    AND register = version.register) ORDER BY status_date DESC, recorded_at DESC LIMIT 1";

/// By status, and by event: the current version of each.
const LEFT: &str = concat!(
    "WITH ",
    told_of!(),
    "SELECT unit_id, record_status = 'DOD', MIN(status_date) \
    FROM snapshots AS version WHERE unit_id IN (SELECT id FROM told_of) \
    AND record_status IN ('DOD', 'TRAKK_SAMTYKKE') \
    AND recorded_at = (SELECT MAX(recorded_at) FROM snapshots WHERE unit_id = version.unit_id \
    AND status_date = version.status_date AND source = version.source \
    AND register = version.register) GROUP BY 1, 2 \
    UNION ALL SELECT member_id, 1, valid_to FROM household_spells AS version \
    WHERE member_id IN (SELECT id FROM told_of) AND retracted = 0 AND reason_out = 'DOD' AND valid_to IS NOT NULL \
    AND recorded_at = (SELECT MAX(recorded_at) FROM household_spells \
    WHERE member_id = version.member_id AND valid_from = version.valid_from) \
    UNION ALL SELECT member_id, 0, withdrawn_at FROM consents AS version \
    WHERE member_id IN (SELECT id FROM told_of) AND retracted = 0 AND kind = 'FORSKNING' AND withdrawn_at IS NOT NULL \
    AND recorded_at = (SELECT MAX(recorded_at) FROM consents WHERE member_id = version.member_id \
    AND kind = version.kind AND at = version.at) \
    AND NOT EXISTS (SELECT 1 FROM consents AS later WHERE later.member_id = version.member_id \
    AND later.kind = version.kind AND later.answer = 'JA' AND later.retracted = 0 \
    AND later.at > version.withdrawn_at) ORDER BY 1, 3, 2"
);

impl Pilot {
    /// The latest that was told of each of these units; a unit of which nothing was told is left
    /// out.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn latest_snapshots<'u>(
        &self,
        units: impl IntoIterator<Item = &'u str>,
    ) -> Result<BTreeMap<String, LatestSnapshot>, StoreError> {
        let reading = self.connection.unchecked_transaction()?;
        let mut select = reading.prepare(LATEST)?;
        let mut ring = Ring::new(&self.vault, &reading);
        let mut latest = BTreeMap::new();
        for unit in units {
            let found = |row: &Row<'_>| Found::of(row);
            let found = select.query_row(named_params! { ":unit": unit }, found).optional()?;
            let Some(found) = found else { continue };
            let codes = found.codes(&mut ring, unit)?;
            latest
                .insert(unit.to_owned(), LatestSnapshot { status_date: found.status_date, codes });
        }
        Ok(latest)
    }

    /// Units of an office, or of all, that have died or whose consent to research is withdrawn; by
    /// unit and date.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn left_units(&self, office: Option<&str>) -> Result<Vec<LeftUnit>, StoreError> {
        let mut select = self.connection.prepare(LEFT)?;
        let left = |row: &Row<'_>| {
            Ok(LeftUnit { unit_id: row.get(0)?, died: row.get(1)?, on: row.get(2)? })
        };
        let left = select.query_map(named_params! { ":office": office }, left)?;
        Ok(left.collect::<Result<_, _>>()?)
    }
}

/// A snapshot as stored.
struct Found {
    family_id: String,
    status_date: i32,
    source: String,
    register: String,
    recorded_at: i64,
    sealed: Vec<u8>,
}

impl Found {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            family_id: row.get(0)?,
            status_date: row.get(1)?,
            source: row.get(2)?,
            register: row.get(3)?,
            recorded_at: row.get(4)?,
            sealed: row.get(5)?,
        })
    }

    /// Its codes, by variable: the one place here that reads values.
    fn codes(
        &self,
        ring: &mut Ring<'_>,
        unit_id: &str,
    ) -> Result<BTreeMap<String, String>, StoreError> {
        let Self { status_date, source, register, .. } = self;
        let key = SnapshotKey { unit_id, status_date: *status_date, source, register };
        let place = key.place(self.recorded_at);
        let values = ring.open(&self.family_id, (&place, &self.sealed), sealed::read_values)?;
        let code = |(variable, value)| match value {
            Value::Code(code) => Some((variable, code)),
            _ => None,
        };
        Ok(values.into_iter().filter_map(code).collect())
    }
}
