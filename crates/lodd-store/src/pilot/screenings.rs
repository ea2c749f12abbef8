//! Screenings: who was judged eligible, by which rules, and why not.

use std::collections::BTreeMap;

use rusqlite::Transaction;
use serde_json::json;

use super::{Pilot, Stamp, write::Write};
use crate::StoreError;

/// A screening of the whole roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screening {
    /// The date it judges, in days since 1970-01-01.
    pub as_of: i32,
    /// SHA-256 of the rules that judged, hexadecimal.
    pub rule_hash: String,
    /// One row a family, by id.
    pub rows: Vec<ScreeningRow>,
}

/// What was judged of one family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreeningRow {
    /// The family.
    pub family_id: String,
    /// Its office.
    pub office_id: String,
    /// Whether the rules together admit it.
    pub eligible: bool,
    /// Every rule, in the order of the protocol file.
    pub rules: Vec<RuleVerdict>,
}

/// What one rule said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleVerdict {
    /// The rule's id.
    pub rule: String,
    /// Whether it holds; `None` where it can't be judged.
    pub passed: Option<bool>,
    /// Why not, where it does not hold.
    pub reasons: Option<Reasons>,
}

/// A reason in three languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reasons {
    /// Bokmål.
    pub nb: String,
    /// Nynorsk.
    pub nn: String,
    /// English.
    pub en: String,
}

/// A screening as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredScreening {
    /// Its id: the number of its ledger entry.
    pub screening_id: i64,
    /// When it was recorded, µs since the epoch.
    pub recorded_at_us: i64,
    /// What it says.
    pub screening: Screening,
}

impl Pilot {
    /// Records a screening and returns its id. The same as the latest is not recorded again.
    ///
    /// # Errors
    ///
    /// If it judges no family, or one twice.
    pub fn record_screening(
        &mut self,
        stamp: &Stamp,
        screening: &Screening,
    ) -> Result<i64, StoreError> {
        if screening.rows.is_empty() {
            return Err(StoreError::NothingScreened);
        }
        let write = self.begin(stamp)?;
        if let Some(latest) = latest(&write.transaction, i64::MAX)?
            && same(&latest.screening, screening)
        {
            return Ok(latest.screening_id);
        }
        for row in &screening.rows {
            append(&write, screening, row)?;
        }
        let eligible = screening.rows.iter().filter(|it| it.eligible).count();
        let payload = json!({
            "screening_id": write.seq,
            "as_of": screening.as_of,
            "rule_hash": screening.rule_hash,
            "families": screening.rows.len(),
            "eligible": eligible,
        });
        Ok(write.commit("screening", &payload)?.seq)
    }

    /// The latest screening, its families by id.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn latest_screening(&self) -> Result<Option<StoredScreening>, StoreError> {
        self.screening_at(i64::MAX)
    }

    /// The latest screening recorded by a cut (µs since the epoch), its families by id.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn screening_at(&self, cut_us: i64) -> Result<Option<StoredScreening>, StoreError> {
        latest(&self.connection.unchecked_transaction()?, cut_us)
    }
}

/// The same verdicts, whatever the order of families.
fn same(one: &Screening, two: &Screening) -> bool {
    let rows = |it: &Screening| -> BTreeMap<String, ScreeningRow> {
        it.rows.iter().map(|row| (row.family_id.clone(), row.clone())).collect()
    };
    one.as_of == two.as_of && one.rule_hash == two.rule_hash && rows(one) == rows(two)
}

fn append(write: &Write<'_>, screening: &Screening, row: &ScreeningRow) -> Result<(), StoreError> {
    let ScreeningRow { family_id, office_id, eligible, rules } = row;
    let Screening { as_of, rule_hash, .. } = screening;
    let (id, at_us) = (write.seq, write.at_us);
    let insert = "INSERT INTO screenings VALUES (?, ?, ?, ?, ?, ?, ?)";
    let mut insert = write.transaction.prepare_cached(insert)?;
    insert.execute((id, family_id, at_us, office_id, as_of, eligible, rule_hash))?;
    let insert = "INSERT INTO screening_rules VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let mut insert = write.transaction.prepare_cached(insert)?;
    for (place, RuleVerdict { rule, passed, reasons }) in (1_i64..).zip(rules) {
        let (nb, nn, en) = match reasons {
            Some(Reasons { nb, nn, en }) => (Some(nb), Some(nn), Some(en)),
            None => (None, None, None),
        };
        insert.execute((id, family_id, place, rule, passed, nb, nn, en))?;
    }
    Ok(())
}

fn latest(reading: &Transaction<'_>, cut_us: i64) -> Result<Option<StoredScreening>, StoreError> {
    let sql = "SELECT screening_id, recorded_at, as_of, rule_hash, family_id, office_id, eligible \
               FROM screenings WHERE screening_id = (SELECT MAX(screening_id) FROM screenings \
               WHERE recorded_at <= ?) ORDER BY family_id";
    let mut select = reading.prepare(sql)?;
    let mut found = select.query([cut_us])?;
    let mut latest: Option<StoredScreening> = None;
    while let Some(row) = found.next()? {
        let screening = || -> rusqlite::Result<StoredScreening> {
            Ok(StoredScreening {
                screening_id: row.get(0)?,
                recorded_at_us: row.get(1)?,
                screening: Screening {
                    as_of: row.get(2)?,
                    rule_hash: row.get(3)?,
                    rows: Vec::new(),
                },
            })
        };
        let stored = match latest.take() {
            Some(stored) => stored,
            None => screening()?,
        };
        let stored = latest.insert(stored);
        let (family_id, office_id, eligible) = (row.get(4)?, row.get(5)?, row.get(6)?);
        let rules = verdicts(reading, stored.screening_id, &family_id)?;
        stored.screening.rows.push(ScreeningRow { family_id, office_id, eligible, rules });
    }
    Ok(latest)
}

fn verdicts(
    reading: &Transaction<'_>,
    screening_id: i64,
    family_id: &String,
) -> rusqlite::Result<Vec<RuleVerdict>> {
    let sql = "SELECT rule, passed, reason_nb, reason_nn, reason_en FROM screening_rules \
               WHERE screening_id = ? AND family_id = ? ORDER BY place";
    let mut select = reading.prepare_cached(sql)?;
    let verdicts = select.query_map((screening_id, family_id), |row| {
        let reasons: (Option<String>, Option<String>, Option<String>) =
            (row.get(2)?, row.get(3)?, row.get(4)?);
        let reasons = match reasons {
            (Some(nb), Some(nn), Some(en)) => Some(Reasons { nb, nn, en }),
            _ => None,
        };
        Ok(RuleVerdict { rule: row.get(0)?, passed: row.get(1)?, reasons })
    })?;
    verdicts.collect()
}
