//! The store's format, and how an older one becomes this one.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::sealing;
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

/// Brings the store to this program's format, one transaction for all steps.
pub(super) fn migrate(connection: &mut Connection, vault: &Vault) -> Result<(), StoreError> {
    let supported = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let format = |connection: &Connection| -> rusqlite::Result<i64> {
        connection.pragma_query_value(None, "user_version", |row| row.get(0))
    };
    if format(connection)? == supported {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = format(&transaction)?;
    if found > supported {
        return Err(StoreError::TooNew { found, supported });
    }
    let fresh = Fresh::default();
    for (format, migration) in (1_i64..).zip(MIGRATIONS).skip(usize::try_from(found).unwrap_or(0)) {
        apply(&transaction, migration)?;
        if format == SEALED_SINCE {
            sealing::seal(&transaction, vault, &fresh)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", supported)?;
    fresh.write()?;
    Ok(transaction.commit()?)
}

fn apply(transaction: &Transaction<'_>, migration: &Migration) -> rusqlite::Result<()> {
    transaction.execute_batch(migration.sql)?;
    for table in migration.tables {
        for verb in ["UPDATE", "DELETE"] {
            let name = format!("{table}_no_{}", verb.to_lowercase());
            let but = if verb == "DELETE" { deletable(table) } else { "" };
            transaction.execute_batch(&format!(
                "CREATE TRIGGER {name} BEFORE {verb} ON {table} {but} \
                 BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;"
            ))?;
        }
    }
    Ok(())
}

/// When a row may go after all, as a condition of the trigger that refuses it otherwise.
fn deletable(table: &str) -> &'static str {
    match table {
        "family_keys" => {
            "WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE family_id = OLD.family_id) \
             AND NOT EXISTS (SELECT 1 FROM family_keys AS later \
             WHERE later.family_id = OLD.family_id AND later.recorded_at > OLD.recorded_at)"
        }
        _ => "",
    }
}
