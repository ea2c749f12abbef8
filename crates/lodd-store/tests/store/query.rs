//! Queries: what goes in comes out, and what is not as declared is refused.

use lodd_store::{Column, Kind, Table, Values, query};

fn every_kind() -> Table {
    Table::new(
        "every kind",
        vec![
            Column::text("t\"ext", [Some("æøå"), None, Some("")]),
            Column::int("int", [Some(i64::MIN), None, Some(i64::MAX)]),
            Column::real("real", [Some(0.1), None, Some(-2.0)]),
            Column::bool("bool", [Some(true), None, Some(false)]),
            Column::date("date", [Some(16_667), None, Some(-1)]),
            Column::instant("instant", [Some(1_440_061_200_000_000), None, Some(0)]),
        ],
    )
    .unwrap()
}

#[test]
fn every_kind_goes_through_unchanged() {
    let table = every_kind();
    let kinds: Vec<(&str, Kind)> =
        table.columns().iter().map(|it| (it.name.as_str(), it.values.kind())).collect();
    let out = query::run(
        std::slice::from_ref(&table),
        "SELECT * FROM \"every kind\"",
        "every kind",
        &kinds,
    )
    .unwrap();
    assert_eq!(out, table);
}

/// Window functions, and NULLS placed: what the panel's SQL needs. Ranks by hand.
#[test]
fn window_functions_run() {
    let table = Table::new(
        "s",
        vec![
            Column::text("unit", [Some("a"), Some("a"), Some("b")]),
            Column::int("off", [Some(3), None, Some(1)]),
        ],
    )
    .unwrap();
    let sql = "WITH r AS (SELECT unit, off, ROW_NUMBER() OVER (PARTITION BY unit \
               ORDER BY off ASC NULLS LAST) AS place FROM s) \
               SELECT unit, off, place FROM r ORDER BY unit, place";
    let columns = [("unit", Kind::Text), ("off", Kind::Int), ("place", Kind::Int)];
    let out = query::run(&[table], sql, "ranked", &columns).unwrap();
    assert_eq!(out.int("off").unwrap(), [Some(3), None, Some(1)]);
    assert_eq!(out.int("place").unwrap(), [Some(1), Some(2), Some(1)]);
}

#[track_caller]
fn check_refused(sql: &str, columns: &[(&str, Kind)], message: &str) {
    let error = query::run(&[every_kind()], sql, "q", columns).unwrap_err().to_string();
    assert!(error.starts_with(message), "{error}");
}

#[test]
fn results_must_be_as_declared() {
    let int = [("x", Kind::Int)];
    check_refused("SELECT 1 AS y", &int, "query `q` must give the columns x, it gives y");
    check_refused(
        "SELECT 1.5 AS x",
        &int,
        "query `q` must give integer in column `x`, row 1: it gives number",
    );
    check_refused(
        "SELECT 1 AS x UNION ALL SELECT 'secret'",
        &int,
        "query `q` must give integer in column `x`, row 2: it gives text",
    );
    check_refused("SELECT 2 AS x", &[("x", Kind::Bool)], "query `q` must give truth value");
    check_refused("SELECT 4294967296 AS x", &[("x", Kind::Date)], "query `q` must give date");
    check_refused("SELEC 1", &int, "query `q` can't be run");
}

/// A rule is an expression in a pilot's file: it can't write, nor reach the disk.
#[test]
fn only_one_reading_statement_is_run() {
    let only = "query `q` must only read, and be one statement";
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("out.sqlite");
    check_refused("CREATE TABLE x (y)", &[], only);
    check_refused("DELETE FROM \"every kind\"", &[], only);
    check_refused("SELECT 1 AS x; SELECT 2 AS x", &[("x", Kind::Int)], only);
    let attach = format!("ATTACH '{}' AS a", file.display());
    check_refused(&attach, &[], only);
    check_refused("BEGIN", &[], only);
    assert!(!file.exists());
}

#[test]
fn tables_are_checked_once() {
    let twice = Table::new("t", vec![Column::int("a", [None]), Column::int("a", [None])]);
    assert_eq!(
        twice.unwrap_err().to_string(),
        "table `t` must have each column once: `a` stands twice"
    );
    let uneven =
        Table::new("t", vec![Column::int("a", [None]), Column::new("b", Values::empty(Kind::Int))]);
    assert_eq!(
        uneven.unwrap_err().to_string(),
        "column `b` of table `t` must have 1 rows, it has 0"
    );
    let table = every_kind();
    assert_eq!(
        table.int("real").unwrap_err().to_string(),
        "column `real` of table `every kind` must be integer, it is number"
    );
    assert_eq!(
        table.int("none").unwrap_err().to_string(),
        "table `every kind` has no column `none`"
    );
}
