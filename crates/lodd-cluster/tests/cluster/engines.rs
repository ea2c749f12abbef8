//! The same text over the same rows: SQLite, DataFusion, DuckDB. Ballista: `ballista.rs`.

use std::{fs, process::Command};

use lodd_panel::panel;
use lodd_store::{Table, parquet};

use crate::{
    files,
    made::{Made, register},
    run::{Folder, as_lodd_writes, by_sqlite, kinds, root},
};

fn made() -> Made {
    register(1, 16)
}

#[test]
fn datafusion_writes_the_bytes_that_lodd_writes_of_sqlite_s_rows() {
    let made = made();
    let expected = by_sqlite(&made);
    // The data hold what the rule must tell apart, or the comparison says little.
    for reason in ["DOD", "TRAKK_SAMTYKKE", "IKKE_FORFALT", "FLYTTET_KOMMUNE", "SPURT_UKJENT"] {
        assert!(has(&expected, "missing_reason", reason), "{reason}");
    }
    for reason in ["IKKE_AKTUELT", "IKKE_NADD", "UTENFOR_VINDU", "IKKE_RAPPORTERT"] {
        assert!(has(&expected, "missing_reason", reason), "{reason}");
    }
    assert!(has(&expected, "flag", "dod") && has(&expected, "flag", "sen_baseline"));
    assert!(has(&expected, "variable", "SEEN_BY_STRANGERS"));
    assert!(!has(&expected, "variable", "CORRECTED_AWAY"));
    assert!(!has(&expected, "variable", "AFTER_THE_CUT"));
    assert!(expected.rows() > 3_000, "{}", expected.rows());
    let folder = Folder::with(&made);
    let bytes = folder.panel(&["snapshots.parquet"], &[]);
    assert!(bytes == as_lodd_writes(&expected), "other bytes than lodd's");
}

fn has(table: &Table, column: &str, value: &str) -> bool {
    table.text(column).unwrap().iter().any(|it| it.as_deref() == Some(value))
}

/// DuckDB reads the same Parquet files, with views of its own for the types.
const DUCKDB: &str = "\
import duckdb, sys
folder, draw = sys.argv[1], sys.argv[2]
db = duckdb.connect()
db.execute('SET threads = 2')
for name in ('cut', 'assignments', 'members', 'targets', 'exits'):
    db.execute(f\"CREATE TABLE {name} AS SELECT * FROM '{folder}/{draw}-{name}.parquet'\")
db.execute(f\"\"\"CREATE VIEW snapshots AS SELECT unit_kind, unit_id, status_date - DATE '1970-01-01'
    AS status_date, source, coalesce(register, '') AS register, occasion,
    epoch_us(recorded_at) AS recorded_at, record_status, variable, value_code, value_num,
    missing_code, 'c' AS content FROM '{folder}/snapshots.parquet'\"\"\")
text = open(f'{folder}/panel.sql').read()
db.execute(f\"COPY ({text}) TO '{folder}/{draw}-panel.parquet'\")
";

#[test]
fn duckdb_gives_the_same_rows() {
    let made = made();
    let folder = Folder::with(&made);
    fs::write(folder.path("panel.sql"), panel::sql()).unwrap();
    for draw in 1..=3 {
        let inputs = files::inputs(&made.rows, &made.units, draw);
        let expected = lodd_store::query::run(&inputs, &panel::sql(), "panel", &kinds()).unwrap();
        for table in inputs.iter().filter(|it| it.name() != "snapshots") {
            write_as_is(&folder, draw, table);
        }
        let python = root().join(".venv/bin/python");
        let output = Command::new(python)
            .args(["-c", DUCKDB])
            .arg(folder.path(""))
            .arg(draw.to_string())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let (found, _) = parquet::read(&folder.path(&format!("{draw}-panel.parquet"))).unwrap();
        for (name, _) in kinds() {
            assert_eq!(found.values(name).unwrap(), expected.values(name).unwrap(), "{name}");
        }
    }
}

/// A table with whole numbers and texts, as they are.
fn write_as_is(folder: &Folder, draw: i64, table: &Table) {
    use lodd_store::{
        Column, Values,
        schema::{Field, Physical, Schema},
    };
    let whole = |it: &Column| match &it.values {
        Values::Instant(us) => Column::int(&it.name, us.clone()),
        _ => it.clone(),
    };
    let table = Table::new(table.name(), table.columns().iter().map(whole).collect()).unwrap();
    let fields: Vec<Field> = table
        .columns()
        .iter()
        .map(|it| Field {
            name: Box::leak(it.name.clone().into_boxed_str()),
            physical: match it.values {
                Values::Text(_) => Physical::Text,
                _ => Physical::Int64,
            },
            nullable: true,
            meaning: "",
        })
        .collect();
    let schema = Schema { name: "input", row: "", fields: Box::leak(fields.into_boxed_slice()) };
    files::write(&folder.path(&format!("{draw}-{}.parquet", table.name())), &table, &schema);
}
