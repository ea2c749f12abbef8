use super::{write::Write, *};

/// What a connection must be set to, read back from the library. 2 is FULL; temporaries in
/// memory are 2 too.
#[test]
fn a_connection_has_the_settings_that_durability_needs() {
    let dir = tempfile::tempdir().unwrap();
    let pilot = Pilot::create(dir.path(), &[7; 32]).unwrap();
    let settings = [
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("trusted_schema", 0),
        ("temp_store", 2),
        ("busy_timeout", 20_000),
    ];
    for (name, expected) in settings {
        let read = pilot.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        assert_eq!(read.unwrap(), expected, "{name}");
    }
}

/// A write that is dropped before its entry has not happened, and no row stands
/// without one.
#[test]
fn a_row_needs_its_ledger_entry() {
    let dir = tempfile::tempdir().unwrap();
    let mut pilot = Pilot::create(dir.path(), &[7; 32]).unwrap();
    let stamp = Stamp { at_us: 5, clock: Clock::System, actor: "forsker".into() };
    let insert = "INSERT INTO offices VALUES ('o', ?, 'Nav', '0605')";
    let write = pilot.begin(&stamp).unwrap();
    write.transaction.execute(insert, [write.at_us]).unwrap();
    drop(write);
    let Write { transaction, .. } = pilot.begin(&stamp).unwrap();
    transaction.execute(insert, [6]).unwrap();
    assert!(transaction.commit().is_err(), "no entry has that time");
    assert_eq!(pilot.head().unwrap(), None);
    assert_eq!(pilot.roster().unwrap(), Roster::default());
    assert_eq!(pilot.verify().unwrap(), []);
}

/// Whatever a table holds is bound to the ledger, or stands among the exceptions with the reason.
#[test]
fn every_table_is_bound_or_says_why_not() {
    let fresh = migrations::fresh().unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut select = fresh.prepare(sql).unwrap();
    let tables = select.query_map([], |row| row.get(0)).unwrap();
    let tables: Vec<String> = tables.map(Result::unwrap).collect();
    let bound = bound::BOUND.iter().map(|it| it.table);
    let mut said: Vec<&str> = bound.chain(bound::EXCEPTIONS.iter().map(|it| it.0)).collect();
    said.sort_unstable();
    assert_eq!(said, tables, "a table is not in pilot/bound.rs");
    assert!(bound::EXCEPTIONS.iter().all(|it| !it.1.is_empty()));
}
