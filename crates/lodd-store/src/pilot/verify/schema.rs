//! The database itself: `SQLite`'s own check, its settings, and its schema against a new store's.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::{
    StoreError,
    ledger::{Fault, LedgerFault},
    pilot::migrations,
};

/// As many findings of `SQLite`'s check as are shown.
const SHOWN_MAX: usize = 20;

/// `PRAGMA integrity_check`: pages, order, indexes against their tables, checks and null columns.
pub(super) fn integrity(connection: &Connection) -> Result<Vec<LedgerFault>, StoreError> {
    let mut check = connection.prepare(&format!("PRAGMA integrity_check({SHOWN_MAX})"))?;
    let found: Vec<String> = check.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let fault =
        |found| LedgerFault { seq: 0, what: Fault::Storage, expected: "ok".to_owned(), found };
    Ok(found.into_iter().filter(|it| it != "ok").map(fault).collect())
}

/// The settings that the database's header holds.
pub(super) fn settings(connection: &Connection) -> Result<Vec<LedgerFault>, StoreError> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let encoding = connection.pragma_query_value(None, "encoding", |row| row.get(0))?;
    let settings: [(&str, String, String); 3] = [
        (
            "application_id",
            migrations::APPLICATION_ID.to_string(),
            number("application_id")?.to_string(),
        ),
        ("user_version", migrations::newest().to_string(), number("user_version")?.to_string()),
        ("encoding", "UTF-8".to_owned(), encoding),
    ];
    let faults = settings.into_iter().filter(|(_, expected, found)| expected != found);
    Ok(faults.map(|(name, expected, found)| fault(name, expected, found)).collect())
}

/// Every table, index and trigger against those of a store that is made now.
pub(super) fn schema(connection: &Connection) -> Result<Vec<LedgerFault>, StoreError> {
    let mut found = objects(connection)?;
    let fresh = migrations::fresh()?;
    let mut faults = Vec::new();
    for (name, expected) in objects(&fresh)? {
        let found = found.remove(&name).unwrap_or_else(|| "none".to_owned());
        if found != expected {
            faults.push(fault(&name, expected, found));
        }
    }
    faults.extend(found.into_iter().map(|(name, sql)| fault(&name, "none".to_owned(), sql)));
    Ok(faults)
}

/// By `trigger ledger_no_update`: the table it is of, and its SQL.
fn objects(connection: &Connection) -> Result<BTreeMap<String, String>, StoreError> {
    let sql =
        "SELECT type || ' ' || name, tbl_name || ': ' || coalesce(sql, '') FROM sqlite_schema";
    let mut select = connection.prepare(sql)?;
    let objects = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(objects.collect::<Result<_, _>>()?)
}

fn fault(name: &str, expected: String, found: String) -> LedgerFault {
    LedgerFault { seq: 0, what: Fault::Schema { name: name.to_owned() }, expected, found }
}
