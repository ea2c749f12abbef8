//! Bad input: every refusal says file, column, row group and row, before anything is written.

use std::fs;

use lodd_store::{Column, Table};

use crate::{
    files::{self, SNAPSHOTS},
    made::{Made, register},
    run::{Folder, said},
};

fn made() -> Made {
    register(11, 12)
}

#[track_caller]
fn check(found: &str, parts: &[&str]) {
    for part in parts {
        assert!(found.contains(part), "`{part}` is not said: {found}");
    }
}

#[test]
fn a_missing_column_and_one_of_another_type_are_both_named() {
    let folder = Folder::with(&made());
    let table = files::snapshots(&made().rows);
    let columns: Vec<Column> = table
        .columns()
        .iter()
        .filter(|it| it.name != "occasion")
        .map(|it| match it.name.as_str() {
            "status_date" => {
                Column::text("status_date", (0..table.rows()).map(|_| Some("2016-01-01")))
            }
            _ => it.clone(),
        })
        .collect();
    let table = Table::new("snapshots", columns).unwrap();
    let kind = |name: &str| {
        use lodd_store::schema::Physical::{Int64, Text, Timestamp};
        match name {
            "recorded_at" => Timestamp,
            "value_num" => Int64,
            _ => Text,
        }
    };
    let fields: Vec<_> = SNAPSHOTS
        .fields
        .iter()
        .filter(|it| it.name != "occasion")
        .map(|it| lodd_store::schema::Field {
            name: it.name,
            physical: kind(it.name),
            nullable: true,
            meaning: "",
        })
        .collect();
    let schema = lodd_store::schema::Schema {
        name: "other",
        row: "",
        fields: Box::leak(fields.into_boxed_slice()),
    };
    files::write(&folder.path("other.parquet"), &table, &schema);
    let found = folder.refused(&["other.parquet"], &[]);
    check(&found, &["other.parquet, column `occasion`: the column is missing; expected string"]);
    check(&found, &["other.parquet, column `status_date`: expected date32, found string"]);
}

#[test]
fn cells_are_refused_with_their_row() {
    let folder = Folder::with(&made());
    let mut rows = made().rows;
    rows[6].source = "NABOEN";
    rows[9].unit = String::new();
    folder.snapshots("bad.parquet", &rows);
    for part_rows in ["1000000", "50"] {
        let found =
            folder.refused(&["snapshots.parquet", "bad.parquet"], &["--part-rows", part_rows]);
        check(&found, &["bad.parquet, column `unit_id`, row group 0, row 10: the id is empty"]);
    }
    let mut rows = made().rows;
    rows[6].source = "NABOEN";
    let with_code = rows.iter().position(|it| it.code.is_some() && it.source != "NABOEN").unwrap();
    rows[with_code].number = Some(1);
    folder.snapshots("bad.parquet", &rows);
    for part_rows in ["1000000", "50"] {
        let found = folder.refused(&["bad.parquet"], &["--part-rows", part_rows]);
        check(
            &found,
            &["row group 0, row 7: found `NABOEN`, expected VEILEDER, SELVRAPPORT, REGISTER"],
        );
    }
    rows[6].source = "REGISTER";
    folder.snapshots("bad.parquet", &rows);
    let found = folder.refused(&["bad.parquet"], &[]);
    let row = format!("row {}: a variable must have exactly one of", with_code + 1);
    check(&found, &["bad.parquet, column `variable`", &row]);
}

#[test]
fn missing_keys_are_refused() {
    let folder = Folder::with(&made());
    let table = files::snapshots(&made().rows);
    for name in ["unit_id", "recorded_at", "status_date"] {
        let hole = |it: &Column| {
            let mut column = it.clone();
            if column.name == name {
                match &mut column.values {
                    lodd_store::Values::Text(all) => all[12] = None,
                    lodd_store::Values::Date(all) => all[12] = None,
                    lodd_store::Values::Instant(all) => all[12] = None,
                    _ => unreachable!(),
                }
            }
            column
        };
        let table = Table::new("snapshots", table.columns().iter().map(hole).collect()).unwrap();
        files::write(&folder.path("holes.parquet"), &table, &SNAPSHOTS);
        for part_rows in ["1000000", "50"] {
            let found = folder.refused(&["holes.parquet"], &["--part-rows", part_rows]);
            let place =
                format!("holes.parquet, column `{name}`, row group 0, row 13: has no value");
            check(&found, &[&place]);
        }
    }
}

#[test]
fn a_key_that_stands_twice_is_refused_with_both_places() {
    let folder = Folder::with(&made());
    let rows = made().rows;
    let twin = rows.iter().position(|it| it.variable.is_some()).unwrap();
    folder.snapshots("again.parquet", &rows[twin..=twin]);
    for part_rows in ["1000000", "50"] {
        let words = ["--part-rows", part_rows];
        let found = folder.refused(&["snapshots.parquet", "again.parquet"], &words);
        let (unit, row) = (&rows[twin].unit, twin + 1);
        check(&found, &[&format!("the same key twice for `{unit}`"), "again.parquet"]);
        check(&found, &[&format!("row {row}"), "snapshots.parquet"]);
    }
    let mut other = rows[twin].clone();
    other.variable = Some("OTHER");
    other.status = "IKKE_NADD";
    folder.snapshots("again.parquet", &[other]);
    let found = folder.refused(&["snapshots.parquet", "again.parquet"], &[]);
    check(&found, &["must have the same occasion and record_status"]);
}

#[test]
fn assignments_are_refused_with_their_row() {
    let made = made();
    let folder = Folder::with(&made);
    let mut units = made.units.clone();
    units.push(units[3].clone());
    let last = units.len();
    folder.assignments(&units);
    let found = folder.refused(&["snapshots.parquet"], &[]);
    check(&found, &[&format!("row {last}: `{}` stands twice in draw", units[3].unit)]);
    let mut units = made.units.clone();
    units[5].drawn_on += 1;
    folder.assignments(&units);
    check(&folder.refused(&["snapshots.parquet"], &[]), &["column `drawn_on`", "another value"]);
    let mut units = made.units.clone();
    let family = units.iter().position(|it| it.kind == "FAMILIE").unwrap();
    units[family].family = "ANOTHER".to_owned();
    folder.assignments(&units);
    check(&folder.refused(&["snapshots.parquet"], &[]), &["column `family_id`", "must be its own"]);
    folder.assignments(&[]);
    check(&folder.refused(&["snapshots.parquet"], &[]), &["nobody has been drawn"]);
}

#[test]
fn rules_are_refused_with_line_or_key() {
    let folder = Folder::with(&made());
    for (rules, said) in [
        ("[followup]\nhorizons = 3\n", "rules.toml:2:1"),
        ("[followup]\n", "there must be at least one"),
        ("[followup]\n[[followup.horizon]]\nmonths = 9\n", "no default window"),
        ("[followup]\n[[followup.horizon]]\nmonths = 3\nat = 2017-01-01\n", "exactly one of"),
        (
            "[followup]\n[[followup.horizon]]\nmonths = 3\n[[followup.horizon]]\nmonths = 4\nlow_days = 5\nhigh_days = 5\n",
            "must not overlap",
        ),
        (
            "[followup]\n[[followup.horizon]]\nat = \"2015-01-01\"\nlow_days = 1\nhigh_days = 1\n",
            "must come after the draw",
        ),
    ] {
        fs::write(folder.path("rules.toml"), rules).unwrap();
        check(&folder.refused(&["snapshots.parquet"], &[]), &["rules.toml", said]);
    }
    // The whole of a pilot.toml will do.
    let whole = format!("[pilot]\nlabel = \"x\"\n{}", files::RULES);
    fs::write(folder.path("rules.toml"), whole).unwrap();
    folder.panel(&["snapshots.parquet"], &[]);
}

#[test]
fn what_can_t_be_run_is_exit_code_2() {
    let folder = Folder::with(&made());
    fs::write(folder.path("text.parquet"), "no table").unwrap();
    let run = |words: &[&str], more: &[&str]| {
        let output = folder.command(words, "refused", more).output().unwrap();
        (output.status.code(), said(&output))
    };
    let (code, text) = run(&["nowhere.parquet"], &[]);
    assert_eq!(code, Some(2), "{text}");
    check(&text, &["there is no file `nowhere.parquet`"]);
    let (code, text) = run(&["text.parquet"], &[]);
    assert_eq!(code, Some(1), "{text}");
    check(&text, &["text.parquet", "is not a Parquet file"]);
    let (code, text) = run(&["snapshots.parquet"], &["--engine", "spark"]);
    assert_eq!(code, Some(2), "{text}");
    check(&text, &["must be local or ballista://HOST:PORT"]);
    let output = folder
        .command(&["snapshots.parquet"], "refused", &[])
        .args(["--lang", "nb"])
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    assert!(!output.status.success(), "--lang twice is a mistake");
}
