//! Monthly assistance, from the roster and from uploads, in one series a register.

use rusqlite::OptionalExtension;

use super::{
    UnitKind,
    roster::{Change, compare},
    write::Write,
};
use crate::StoreError;

/// The register of months that came with the roster and named none. No outcome is made of it: what
/// a family had before the draw, as told for screening, is not what a register says after it.
pub(super) const ROSTER: &str = "ROSTER";

/// A family's assistance in one calendar month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// The family.
    pub family_id: String,
    /// The month: year × 12 + month − 1.
    pub month: i64,
    /// The register it is from, such as `KOSTRA_11F`.
    pub register: Option<String>,
    /// Grants, whole NOK; `None` where nothing was reported.
    pub assistance_grant: Option<i64>,
    /// Loans, whole NOK; `None` where nothing was reported.
    pub assistance_loan: Option<i64>,
}

impl Month {
    /// Its logical key.
    pub(super) fn key(&self) -> String {
        let register = self.register.as_deref().unwrap_or(ROSTER);
        format!("{} {} {register}", self.family_id, self.month)
    }
}

/// Appends a month, if it says anything new. What it leaves out is inherited from the version
/// before.
pub(super) fn record(
    write: &Write<'_>,
    month: &Month,
    register: &str,
    upload_id: Option<i64>,
) -> Result<Change, StoreError> {
    let Month { family_id, month: number, .. } = month;
    let sql = "SELECT assistance_grant, assistance_loan FROM monthly WHERE unit_kind = ? \
               AND unit_id = ? AND month = ? AND register = ? ORDER BY recorded_at DESC LIMIT 1";
    let mut select = write.transaction.prepare_cached(sql)?;
    let key = (UnitKind::Family, family_id, number, register);
    let before: Option<(Option<i64>, Option<i64>)> =
        select.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (grant, loan) = before.unwrap_or_default();
    let merged = (month.assistance_grant.or(grant), month.assistance_loan.or(loan));
    if merged == (None, None) {
        return Err(StoreError::EmptyMonth { unit_id: family_id.clone(), month: *number });
    }
    let change = compare(before.as_ref(), &merged);
    if change != Change::Unchanged {
        let sql = "INSERT INTO monthly VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let mut insert = write.transaction.prepare_cached(sql)?;
        let row = (UnitKind::Family, family_id, number, register, write.at_us, upload_id);
        let (kind, unit, number, register, at, upload) = row;
        insert.execute((kind, unit, number, register, at, upload, merged.0, merged.1))?;
    }
    Ok(change)
}
