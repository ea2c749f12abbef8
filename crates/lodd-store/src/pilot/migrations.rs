//! The store's format, and how an older one becomes this one.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{Clock, Stamp, head, sealing, write::Write};
use crate::{
    StoreError,
    vault::{Fresh, Vault},
};

/// `application_id` of the `SQLite` file: "lodd" in ASCII.
pub(super) const APPLICATION_ID: i64 = 0x6c6f_6464;

/// The first format whose families' rows are sealed: the step to it needs the keys.
const SEALED_SINCE: i64 = 6;

/// A step from one format to the next.
struct Migration {
    sql: &'static str,
    /// The tables it makes, all of them append-only.
    tables: &'static [&'static str],
}

/// Step n (from 1) leads to format n. Never edited once released, only added to.
const MIGRATIONS: &[Migration] = &[
    Migration { sql: include_str!("0001.sql"), tables: FIRST },
    Migration {
        sql: include_str!("0002.sql"),
        tables: &["roster_marks", "linked_families", "linked_members"],
    },
    Migration {
        sql: include_str!("0003.sql"),
        tables: &["offers", "offers_closed", "participation"],
    },
    Migration { sql: include_str!("0004.sql"), tables: &["struck"] },
    Migration { sql: include_str!("0005.sql"), tables: &["holds_resolved", "releases"] },
    Migration {
        sql: include_str!("0006.sql"),
        tables: &["office_keys", "family_keys", "erasures"],
    },
    Migration {
        sql: include_str!("0007.sql"),
        tables: &["household_spells", "family_moves", "consents", "deviations"],
    },
    Migration { sql: include_str!("0008.sql"), tables: &["amendments"] },
    Migration { sql: include_str!("0009.sql"), tables: &["row_commitments", "files"] },
    Migration {
        sql: include_str!("0010.sql"),
        tables: &["register_files", "register_families", "last_contact"],
    },
    Migration { sql: include_str!("0011.sql"), tables: &[] },
    Migration { sql: include_str!("0012.sql"), tables: &["release_contents"] },
];

const FIRST: &[&str] = &[
    "ledger",
    "ledger_payloads",
    "offices",
    "families",
    "members",
    "facts",
    "screenings",
    "screening_rules",
    "draws",
    "draw_units",
    "assignments",
    "uploads",
    "snapshots",
    "snapshot_values",
    "monthly",
    "held_atoms",
    "plans",
    "runs",
];

/// Tables whose rows stay when a family is erased, so that the draw's count and the log of its
/// places stay right: they hold pseudonyms, dates and codes.
const KEPT: &[&str] =
    &["families", "linked_families", "offers", "participation", "erasures", "row_commitments"];

/// The last format whose step changes rows as they are stored (values, a column that is not null), or
/// that first binds them: what an older store holds is bound anew, as it is then, by an entry of its
/// own.
const REWRITTEN_SINCE: i64 = 9;

/// What a store is opened with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening<'a> {
    /// The pilot's folder.
    pub(super) dir: &'a Path,
    /// The ledger's key.
    pub(super) key: &'a [u8; 32],
    /// The offices' and families' keys.
    pub(super) vault: &'a Vault,
}

/// The format that this program writes.
pub(super) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Brings the store to this program's format, one transaction for all steps. `sealing` is called
/// before plain rows of an older format are sealed.
pub(super) fn migrate(
    connection: &mut Connection,
    opening: &Opening<'_>,
    sealing: impl FnOnce() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let supported = newest();
    if format(connection)? == supported {
        return Ok(());
    }
    // A table takes another's place: SQLite asks that foreign keys be off, outside a transaction.
    connection.pragma_update(None, "foreign_keys", false)?;
    let migrated = migrate_to(supported, (connection, opening), sealing);
    connection.pragma_update(None, "foreign_keys", true)?;
    migrated
}

fn format(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn migrate_to(
    supported: i64,
    (connection, opening): (&mut Connection, &Opening<'_>),
    sealing: impl FnOnce() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = format(&transaction)?;
    if found > supported {
        return Err(StoreError::TooNew { found, supported });
    }
    if (1..SEALED_SINCE).contains(&found) {
        sealing()?;
    }
    let vault = opening.vault;
    let fresh = Fresh::default();
    for (format, migration) in (1_i64..).zip(MIGRATIONS).skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(migration.sql)?;
        if format == SEALED_SINCE {
            sealing::seal(&transaction, vault, &fresh)?;
            // Those of earlier steps get triggers that know of erasure.
            for table in MIGRATIONS.iter().take(5).flat_map(|it| it.tables) {
                guard(&transaction, format, table)?;
            }
        }
        for table in migration.tables {
            guard(&transaction, format, table)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", supported)?;
    if found < REWRITTEN_SINCE && head(&transaction)?.is_some() {
        return Write::new(transaction, opening, fresh, migrating())?.bind(supported);
    }
    fresh.write()?;
    Ok(transaction.commit()?)
}

/// An empty store of this program's format, in memory.
pub(super) fn fresh() -> Result<Connection, StoreError> {
    let mut connection = Connection::open_in_memory()?;
    let (dir, vault) = (Path::new(""), Vault::new("".into()));
    migrate(&mut connection, &Opening { dir, key: &[0; 32], vault: &vault }, || Ok(()))?;
    Ok(connection)
}

/// Who binds what an older format recorded: no clock is asked, the entry comes 1 µs after the last.
fn migrating() -> Stamp {
    Stamp { at_us: i64::MIN, clock: Clock::System, actor: "lodd".to_owned() }
}

/// Makes a table append-only.
fn guard(transaction: &Transaction<'_>, format: i64, table: &str) -> rusqlite::Result<()> {
    if !transaction.table_exists(None, table)? {
        return Ok(());
    }
    let but = if format < SEALED_SINCE { String::new() } else { deletable(transaction, table)? };
    for (verb, but) in [("UPDATE", ""), ("DELETE", &but)] {
        let name = format!("{table}_no_{}", verb.to_lowercase());
        transaction.execute_batch(&format!(
            "DROP TRIGGER IF EXISTS {name}; CREATE TRIGGER {name} BEFORE {verb} ON {table} {but} \
             BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;"
        ))?;
    }
    Ok(())
}

/// When a row may go after all, as a condition of the trigger that refuses it otherwise.
fn deletable(transaction: &Transaction<'_>, table: &str) -> rusqlite::Result<String> {
    let erased = "NOT EXISTS (SELECT 1 FROM erasures WHERE family_id = OLD.family_id)";
    Ok(match table {
        "family_keys" => format!(
            "WHEN {erased} AND NOT EXISTS (SELECT 1 FROM family_keys AS later \
             WHERE later.family_id = OLD.family_id AND later.recorded_at > OLD.recorded_at)"
        ),
        "holds_resolved" => "WHEN NOT EXISTS (SELECT 1 FROM held_atoms JOIN erasures \
             USING (family_id) WHERE upload_id = OLD.upload_id AND place = OLD.place)"
            .to_owned(),
        table if erasable(transaction, table)? => format!("WHEN {erased}"),
        _ => String::new(),
    })
}

/// Whether a table's rows go with their family.
fn erasable(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    Ok(!KEPT.contains(&table) && connection.column_exists(None, table, "family_id")?)
}

/// The tables whose rows go with their family, but for that of the keys.
pub(super) fn erased_with_family(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let tables: Vec<String> =
        connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for table in tables {
        if table != "family_keys" && erasable(connection, &table)? {
            found.push(table);
        }
    }
    Ok(found)
}
