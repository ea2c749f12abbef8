//! Parquet: round trips, the same bytes twice, and refusals that leave no file.

use lodd_store::{
    Column, Table, Values,
    parquet::{encode, read, write},
    schema::{ESTIMATES, FLOW, Field, Physical, SCHEMAS, Schema},
};

/// A table of `schema` with two rows: full, and with every null the schema allows.
fn sample(schema: &Schema) -> Table {
    let column = |field: &Field| {
        let second = |full: bool| full.then_some(());
        let keep = second(!field.nullable);
        let values = match field.physical {
            Physical::Text | Physical::Code(_) => {
                Values::Text(vec![Some("æ;\"\n".into()), keep.map(|()| String::new())])
            }
            Physical::Int32 => Values::Int(vec![Some(i64::from(i32::MIN)), keep.map(|()| 7)]),
            Physical::Int64 => Values::Int(vec![Some(i64::MAX), keep.map(|()| 0)]),
            Physical::Double => Values::Real(vec![Some(0.1), keep.map(|()| -0.0)]),
            Physical::Bool => Values::Bool(vec![Some(true), keep.map(|()| false)]),
            Physical::Date => Values::Date(vec![Some(16_667), keep.map(|()| -1)]),
            Physical::Timestamp => {
                Values::Instant(vec![Some(1_440_061_200_000_001), keep.map(|()| 0)])
            }
        };
        Column::new(field.name, values)
    };
    Table::new(schema.name, schema.fields.iter().map(column).collect()).unwrap()
}

fn metadata() -> Vec<(String, String)> {
    vec![("lodd.plan".into(), "é\n".into()), ("lodd.cut".into(), "1".into())]
}

#[test]
fn every_schema_comes_back_as_written() {
    let dir = tempfile::tempdir().unwrap();
    for schema in SCHEMAS {
        let path = dir.path().join(format!("{}.parquet", schema.name));
        let table = sample(schema);
        write(&path, &table, schema, &metadata()).unwrap();
        assert_eq!(read(&path).unwrap(), (table, metadata()));
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!((&bytes[..4], &bytes[bytes.len() - 4..]), (&b"PAR1"[..], &b"PAR1"[..]));
    }
}

#[test]
fn a_table_without_rows_keeps_its_columns() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("flow.parquet");
    let columns =
        FLOW.fields.iter().map(|it| Column::new(it.name, Values::empty(it.physical.kind())));
    let table = Table::new("flow", columns.collect()).unwrap();
    write(&path, &table, &FLOW, &[]).unwrap();
    assert_eq!(read(&path).unwrap(), (table, vec![]));
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    for schema in SCHEMAS {
        let once = encode(&sample(schema), schema, &metadata()).unwrap();
        assert_eq!(once, encode(&sample(schema), schema, &metadata()).unwrap());
    }
}

/// If this fails, every file gets other bytes with this release: see CHANGELOG, "Changes to results
/// and formats". The digest is of this very table, as first released.
#[test]
fn value_stability() {
    use sha2::Digest;
    let bytes = encode(&sample(&FLOW), &FLOW, &metadata()).unwrap();
    let digest: String =
        sha2::Sha256::digest(&bytes).iter().map(|it| format!("{it:02x}")).collect();
    assert_eq!(digest, "465318c51570bb1c166d0fbad663cab2fc7b23faafa93a78aa148d4e1d7d3623");
}

#[track_caller]
fn check_refused(edit: impl FnOnce(&mut Vec<Column>), message: &str) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("estimates.parquet");
    let mut columns = sample(&ESTIMATES).columns().to_vec();
    edit(&mut columns);
    let table = Table::new("estimates", columns).unwrap();
    assert_eq!(write(&path, &table, &ESTIMATES, &[]).unwrap_err().to_string(), message);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "a file was left");
}

fn at<'a>(columns: &'a mut [Column], name: &str) -> &'a mut Values {
    &mut columns.iter_mut().find(|it| it.name == name).unwrap().values
}

#[test]
fn what_is_not_as_the_schema_says_is_refused() {
    check_refused(
        |it| *at(it, "term") = Values::Text(vec![Some("z".into()), None]),
        "column `term` of table `estimates` must have a value in every row: row 2 has none",
    );
    check_refused(
        |it| *at(it, "df") = Values::Real(vec![None, Some(f64::NAN)]),
        "column `df` of table `estimates` must be finite: row 2 is not",
    );
    check_refused(
        |it| *at(it, "outcome_version") = Values::Int(vec![Some(1 << 31), None]),
        "column `outcome_version` of table `estimates` must fit in 32 bits: row 1 does not",
    );
    check_refused(
        |it| *at(it, "n") = Values::Real(vec![None, None]),
        "column `n` of table `estimates` must be integer, it is number",
    );
}

#[test]
fn columns_must_be_those_of_the_schema_in_order() {
    let mut columns = sample(&FLOW).columns().to_vec();
    columns.swap(0, 1);
    let table = Table::new("flow", columns).unwrap();
    assert_eq!(
        encode(&table, &FLOW, &[]).unwrap_err().to_string(),
        "table `flow` must have the columns of its schema: \
         expected cut, draw, level, arm, stage, horizon, source, register, outcome_id, reason, \
         count, found draw, cut, level, arm, stage, horizon, source, register, outcome_id, \
         reason, count"
    );
}

#[test]
fn what_is_not_parquet_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("flow.parquet");
    assert!(read(&path).unwrap_err().to_string().starts_with("can't read `"));
    let bytes = encode(&sample(&FLOW), &FLOW, &metadata()).unwrap();
    for cut in [0, 3, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..cut]).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("is not a Parquet file that can be read"), "{error}");
    }
}

/// The disk refuses: what was there stays, and nothing is left beside it.
#[test]
fn a_failed_write_leaves_the_old_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("missing/flow.parquet");
    assert!(write(&path, &sample(&FLOW), &FLOW, &[]).is_err());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
