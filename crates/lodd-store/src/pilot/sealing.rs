//! The step to format 6: keys for every office and family, and every row of theirs sealed.

use rusqlite::{OptionalExtension, Row, Transaction};

use super::{
    MarkKind, RecordStatus,
    roster::office_of,
    sealed::{self, Merged, SnapshotKey},
    uploads::Value,
};
use crate::{
    StoreError,
    vault::{FamilyKey, Fresh, PILOT, Vault},
};

/// One older store on its way. What is made is filed under the ledger's last entry: nothing can be
/// registered before there is one.
struct Step<'a> {
    transaction: &'a Transaction<'a>,
    vault: &'a Vault,
    fresh: &'a Fresh,
    last: i64,
}

/// Makes the keys, seals the rows, and puts the new tables in the old ones' place. Foreign keys
/// must be off: the caller checks them when it is done.
pub(super) fn seal(
    transaction: &Transaction<'_>,
    vault: &Vault,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let last: Option<i64> =
        transaction.query_row("SELECT MAX(at) FROM ledger", [], |row| row.get(0))?;
    if let Some(last) = last {
        let step = Step { transaction, vault, fresh, last };
        step.keys()?;
        step.facts()?;
        step.marks()?;
        step.snapshots()?;
        step.months()?;
        step.held()?;
    }
    transaction.execute_batch("DROP TABLE snapshot_values")?;
    for table in ["facts", "roster_marks", "snapshots", "monthly", "held_atoms"] {
        transaction.execute_batch(&format!(
            "DROP TABLE {table}; ALTER TABLE sealed_{table} RENAME TO {table}"
        ))?;
    }
    Ok(())
}

impl Step<'_> {
    fn keys(&self) -> Result<(), StoreError> {
        let offices = "SELECT DISTINCT office_id FROM offices ORDER BY office_id";
        for office_id in self.column(offices)? {
            self.vault.office_key_or_new((self.transaction, self.last), &office_id, self.fresh)?;
        }
        let families = "SELECT DISTINCT family_id FROM families ORDER BY family_id";
        for family_id in self.column(families)? {
            self.key(&family_id)?;
        }
        Ok(())
    }

    fn column(&self, sql: &str) -> rusqlite::Result<Vec<String>> {
        self.transaction.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
    }

    fn key(&self, family_id: &str) -> Result<FamilyKey, StoreError> {
        if let Some(key) = self.vault.family_key(self.transaction, family_id)? {
            return Ok(key);
        }
        let office_id = match family_id {
            PILOT => PILOT.to_owned(),
            family_id => office_of(self.transaction, family_id)?,
        };
        let at = (&**self.transaction, self.last);
        self.vault.family_key_or_new(at, (family_id, &office_id), self.fresh)
    }

    /// The family that a member was of when something was recorded; a family is its own.
    fn family_of(&self, unit_id: &str, recorded_at: i64) -> Result<String, StoreError> {
        let sql = "SELECT family_id FROM members WHERE member_id = ? \
                   ORDER BY recorded_at <= ? DESC, ABS(recorded_at - ?) LIMIT 1";
        let mut select = self.transaction.prepare_cached(sql)?;
        let key = (unit_id, recorded_at, recorded_at);
        let family = select.query_row(key, |row| row.get(0)).optional()?;
        Ok(family.unwrap_or_else(|| unit_id.to_owned()))
    }

    fn facts(&self) -> Result<(), StoreError> {
        let sql = "SELECT family_id, criterion, observed_on, recorded_at, source, value FROM facts";
        let mut insert =
            self.transaction.prepare("INSERT INTO sealed_facts VALUES (?, ?, ?, ?, ?, ?)")?;
        let mut select = self.transaction.prepare(sql)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (family_id, criterion): (String, String) = (row.get(0)?, row.get(1)?);
            let (observed_on, at, value): (i32, i64, String) =
                (row.get(2)?, row.get(3)?, row.get(5)?);
            let place = sealed::fact(&criterion, observed_on, at);
            let sealed = self.key(&family_id)?.seal(&place, value.as_bytes());
            let source: Option<String> = row.get(4)?;
            insert.execute((family_id, criterion, observed_on, at, source, sealed))?;
        }
        Ok(())
    }

    fn marks(&self) -> Result<(), StoreError> {
        let sql = "SELECT unit_id, mark, recorded_at, value FROM roster_marks";
        let mut insert = self
            .transaction
            .prepare("INSERT INTO sealed_roster_marks VALUES (?, ?, ?, ?, ?, ?)")?;
        let mut select = self.transaction.prepare(sql)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (unit_id, mark, at): (String, MarkKind, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let value: Option<String> = row.get(3)?;
            let family_id = self.family_of(&unit_id, at)?;
            let key = self.key(&family_id)?;
            let (value, sealed) = sealed::split_mark(&key, (&unit_id, mark, at), value);
            insert.execute((unit_id, mark, at, family_id, value, sealed))?;
        }
        Ok(())
    }

    fn snapshots(&self) -> Result<(), StoreError> {
        let sql = "SELECT snapshot_id, unit_kind, unit_id, status_date, source, register, \
                   recorded_at, upload_id, occasion, record_status, reason_code FROM snapshots";
        let mut insert = self.transaction.prepare(
            "INSERT INTO sealed_snapshots VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        let mut select = self.transaction.prepare(sql)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (unit_id, source, register): (String, String, String) =
                (row.get(2)?, row.get(4)?, row.get(5)?);
            let (id, status_date, at): (i64, i32, i64) = (row.get(0)?, row.get(3)?, row.get(6)?);
            let (occasion, status) = (row.get(8)?, row.get::<_, RecordStatus>(9)?);
            let family_id = self.family_of(&unit_id, at)?;
            let key = self.key(&family_id)?;
            let values = sealed::values(&self.values(id)?);
            let content = key.content(&sealed::content(occasion, status, &values));
            let (unit, source, register) = (&unit_id[..], &source[..], &register[..]);
            let place = SnapshotKey { unit_id: unit, status_date, source, register }.place(at);
            let sealed = key.seal(&place, &values);
            let (kind, reason): (String, Option<String>) = (row.get(1)?, row.get(10)?);
            let upload_id: i64 = row.get(7)?;
            let head = (id, kind, unit, &family_id, status_date, source, register);
            let (id, kind, unit, family, date, source, register) = head;
            insert.execute((
                id, kind, unit, family, date, source, register, at, upload_id, occasion, status,
                reason, content, sealed,
            ))?;
        }
        Ok(())
    }

    fn values(&self, snapshot_id: i64) -> rusqlite::Result<Merged> {
        let sql = "SELECT variable, value_code, value_num, missing_code FROM snapshot_values \
                   WHERE snapshot_id = ?";
        let mut select = self.transaction.prepare_cached(sql)?;
        let values = select.query_map([snapshot_id], |row| {
            let (code, number): (Option<String>, Option<i64>) = (row.get(1)?, row.get(2)?);
            let value = match (code, number) {
                (Some(code), _) => Value::Code(code),
                (None, Some(number)) => Value::Number(number),
                (None, None) => Value::Missing(row.get(3)?),
            };
            Ok((row.get(0)?, value))
        })?;
        values.collect()
    }

    fn months(&self) -> Result<(), StoreError> {
        let sql = "SELECT unit_kind, unit_id, month, register, recorded_at, upload_id, \
                   assistance_grant, assistance_loan FROM monthly";
        let mut insert = self
            .transaction
            .prepare("INSERT INTO sealed_monthly VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?;
        let mut select = self.transaction.prepare(sql)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (kind, unit_id, month): (String, String, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let (register, at): (String, i64) = (row.get(3)?, row.get(4)?);
            let family_id = self.family_of(&unit_id, at)?;
            let place = sealed::month(&unit_id, month, &register, at);
            let amounts = sealed::amounts(row.get(6)?, row.get(7)?);
            let sealed = self.key(&family_id)?.seal(&place, amounts.as_bytes());
            let upload_id: Option<i64> = row.get(5)?;
            insert.execute((kind, unit_id, month, register, at, upload_id, family_id, sealed))?;
        }
        Ok(())
    }

    fn held(&self) -> Result<(), StoreError> {
        let sql = "SELECT upload_id, place, family_id, status_date, codes, rows FROM held_atoms";
        let mut insert = self
            .transaction
            .prepare("INSERT INTO sealed_held_atoms VALUES (?, ?, ?, ?, ?, ?, ?)")?;
        let mut select = self.transaction.prepare(sql)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let held = |row: &Row<'_>| -> rusqlite::Result<_> {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
            };
            let (upload_id, place, family_id) = held(row)?;
            let sealed_for = match office_of(self.transaction, &family_id) {
                Ok(_) => family_id.clone(),
                Err(StoreError::UnknownFamily { .. }) => PILOT.to_owned(),
                Err(error) => return Err(error),
            };
            let text: String = row.get(5)?;
            let key = self.key(&sealed_for)?;
            let sealed = key.seal(&sealed::held(upload_id, place), text.as_bytes());
            let (date, codes): (Option<i32>, String) = (row.get(3)?, row.get(4)?);
            insert.execute((upload_id, place, family_id, date, codes, sealed_for, sealed))?;
        }
        Ok(())
    }
}
