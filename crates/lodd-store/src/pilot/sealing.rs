//! The step to format 6: every office and family of an older store gets its key.

use rusqlite::Transaction;

use crate::{
    StoreError,
    vault::{Fresh, Vault},
};

/// Makes the keys. They are filed under the ledger's last entry: nothing can be registered before
/// there is one.
pub(super) fn seal(
    transaction: &Transaction<'_>,
    vault: &Vault,
    fresh: &Fresh,
) -> Result<(), StoreError> {
    let last: Option<i64> =
        transaction.query_row("SELECT MAX(at) FROM ledger", [], |row| row.get(0))?;
    let Some(last) = last else { return Ok(()) };
    let offices = "SELECT DISTINCT office_id FROM offices ORDER BY office_id";
    for office_id in column(transaction, offices)? {
        vault.office_key_or_new((transaction, last), &office_id, fresh)?;
    }
    let families = "SELECT DISTINCT family_id FROM families ORDER BY family_id";
    for family_id in column(transaction, families)? {
        let office_id = super::roster::office_of(transaction, &family_id)?;
        vault.family_key_or_new((transaction, last), (&family_id, &office_id), fresh)?;
    }
    Ok(())
}

fn column(transaction: &Transaction<'_>, sql: &str) -> rusqlite::Result<Vec<String>> {
    transaction.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}
