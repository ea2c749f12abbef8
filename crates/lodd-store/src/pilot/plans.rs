//! Locked analysis plans, and how often each was run.

use rusqlite::Connection;
use serde_json::json;

use super::{Pilot, Stamp};
use crate::{StoreError, ledger::sha256_hex};

/// An analysis plan as it was locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedPlan {
    /// SHA-256 of its text, hexadecimal.
    pub sha256: String,
    /// When, µs since the epoch.
    pub locked_at_us: i64,
    /// Its text, byte for byte.
    pub text: String,
}

impl Pilot {
    /// Locks a plan. One that is locked already stays as it is.
    ///
    /// # Errors
    ///
    /// If `sha256` is not the text's.
    pub fn lock_plan(
        &mut self,
        stamp: &Stamp,
        sha256: &str,
        text: &str,
    ) -> Result<LockedPlan, StoreError> {
        let expected = sha256_hex(text.as_bytes());
        if expected != sha256 {
            return Err(StoreError::PlanHash { expected, found: sha256.to_owned() });
        }
        let write = self.begin(stamp)?;
        let locked = plans(&write.transaction)?.into_iter().find(|it| it.sha256 == sha256);
        if let Some(locked) = locked {
            return Ok(locked);
        }
        let locked_at_us = write.at_us;
        let insert = "INSERT INTO plans VALUES (?, ?, ?)";
        write.transaction.execute(insert, (sha256, locked_at_us, text))?;
        write.commit("plan", &json!({ "plan": sha256 }))?;
        Ok(LockedPlan { sha256: sha256.to_owned(), locked_at_us, text: text.to_owned() })
    }

    /// Every locked plan, in the order they were locked.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn locked_plans(&self) -> Result<Vec<LockedPlan>, StoreError> {
        Ok(plans(&self.connection)?)
    }

    /// Records that a plan, locked or not, was run on a cut by a release of the program, and
    /// returns how many distinct runs that plan has had. The same run again is not counted.
    ///
    /// # Errors
    ///
    /// If the cut is later than what is recorded.
    pub fn record_run(
        &mut self,
        stamp: &Stamp,
        plan_sha256: &str,
        cut_us: i64,
        release: &str,
    ) -> Result<i64, StoreError> {
        self.check_cut(cut_us)?;
        let write = self.begin(stamp)?;
        let insert = "INSERT INTO runs VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
        let row = (plan_sha256, cut_us, release, write.at_us);
        let fresh = write.transaction.execute(insert, row)? == 1;
        let count = "SELECT COUNT(*) FROM runs WHERE plan_sha256 = ?";
        let runs = write.transaction.query_row(count, [plan_sha256], |row| row.get(0))?;
        if fresh {
            let payload = json!({ "plan": plan_sha256, "cut": cut_us, "release": release });
            write.commit("run", &payload)?;
        }
        Ok(runs)
    }
}

fn plans(connection: &Connection) -> rusqlite::Result<Vec<LockedPlan>> {
    let sql = "SELECT plan_sha256, locked_at, text FROM plans ORDER BY locked_at, plan_sha256";
    let mut select = connection.prepare(sql)?;
    let plans = select.query_map([], |row| {
        Ok(LockedPlan { sha256: row.get(0)?, locked_at_us: row.get(1)?, text: row.get(2)? })
    })?;
    plans.collect()
}
