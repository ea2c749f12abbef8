//! Monthly assistance, from the roster and from uploads, in one series a register.

use rusqlite::OptionalExtension;

use super::{
    UnitKind,
    roster::{Change, compare},
    sealed,
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
    let key = write.family_key(family_id)?;
    let sql = "SELECT recorded_at, sealed FROM monthly WHERE unit_kind = ? \
               AND unit_id = ? AND month = ? AND register = ? ORDER BY recorded_at DESC LIMIT 1";
    let mut select = write.transaction.prepare_cached(sql)?;
    let of = (UnitKind::Family, family_id, number, register);
    let standing: Option<(i64, Vec<u8>)> =
        select.query_row(of, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let place = |recorded_at| sealed::month(family_id, *number, register, recorded_at);
    let before = match standing {
        Some((at, bytes)) => Some(sealed::open(&key, (&place(at), &bytes), sealed::read_amounts)?),
        None => None,
    };
    let (grant, loan) = before.unwrap_or_default();
    let merged = (month.assistance_grant.or(grant), month.assistance_loan.or(loan));
    if merged == (None, None) {
        return Err(StoreError::EmptyMonth { unit_id: family_id.clone(), month: *number });
    }
    let change = compare(before.as_ref(), &merged);
    if change != Change::Unchanged {
        let amounts = sealed::amounts(merged.0, merged.1);
        let bytes = key.seal(&place(write.at_us), amounts.as_bytes());
        let sql = "INSERT INTO monthly VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let mut insert = write.transaction.prepare_cached(sql)?;
        let (kind, at) = (UnitKind::Family, write.at_us);
        insert.execute((kind, family_id, number, register, at, upload_id, family_id, bytes))?;
    }
    Ok(change)
}
