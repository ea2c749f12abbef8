//! Deliveries of systems: Parquet as polars and DuckDB write it says what the csv file says.

use std::{fs, path::Path};

use serde_json::Value;

use crate::support::{Ran, copied, lodd_in, python, root, snapshot};

/// The throw-away pilot with its roster read, and its first delivery as Parquet files.
fn pilot() -> tempfile::TempDir {
    let dir = copied(&root().join("data/kast"));
    let words = "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv";
    lodd_in(dir.path(), words).ok();
    python("as_parquet.py", &[&dir.path().join("start.csv"), dir.path()]).ok();
    dir
}

fn upload(dir: &Path, file: &str) -> Ran {
    let words =
        format!("--clock 2026-09-01T07:00:00Z --json --lang en upload {file} --office kast");
    lodd_in(dir, &words)
}

fn counts(said: &Value) -> [i64; 4] {
    ["new", "unchanged", "corrected", "held"].map(|key| said[key].as_i64().unwrap())
}

#[test]
fn parquet_says_what_the_csv_file_says() {
    for file in ["polars.parquet", "plain.parquet", "instant.parquet", "duckdb.parquet"] {
        let dir = pilot();
        assert_eq!(counts(&upload(dir.path(), file).ok().json()), [12, 0, 0, 0], "{file}");
        assert_eq!(counts(&upload(dir.path(), "start.csv").ok().json()), [0, 12, 0, 0], "{file}");
    }
}

#[test]
fn a_wrong_answer_is_found_at_its_row_and_column() {
    let dir = pilot();
    let said = upload(dir.path(), "wrong.parquet").ok().json();
    assert_eq!(counts(&said), [11, 0, 0, 1]);
    let wrong = said["findings"].as_array().unwrap().iter().find(|it| it["code"] == "D10").unwrap();
    // The third row under the header.
    assert_eq!(
        (&wrong["row"], &wrong["column"], &wrong["value"]),
        (&Value::from(4), &Value::from("arbeid"), &Value::from("DELTIDD"))
    );
}

#[test]
fn what_is_not_read_is_refused_with_the_way_out() {
    let dir = pilot();
    let before = snapshot(dir.path());
    for (file, code, words) in [
        ("zstd.parquet", "F05", "read uncompressed or with Snappy"),
        ("list.parquet", "F05", "column 5 is neither text, number, date nor truth value"),
        ("long.parquet", "F04", "too long a text"),
        ("person.parquet", "P01", "the file's metadata"),
    ] {
        let ran = upload(dir.path(), file);
        assert_eq!(ran.code, 1, "{file}: {}", ran.stderr);
        let finding = &ran.json()["findings"][0];
        assert_eq!(finding["code"], code, "{file}");
        let said = format!("{} {}", finding["message"], finding["fix"]);
        assert!(said.contains(words), "{file}: {said}");
    }
    assert_eq!(snapshot(dir.path()), before);
}

/// Bytes of a good file changed at random places: an answer with a reason, and never a crash.
#[test]
fn a_mutated_file_is_read_or_refused() {
    let dir = pilot();
    let good = fs::read(dir.path().join("polars.parquet")).unwrap();
    let mut state: u64 = 20_261_122;
    let mut below = |n: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % n
    };
    for i in 0..60 {
        let mut bytes = good.clone();
        if i % 6 == 0 {
            bytes.truncate(4 + below(good.len() - 4));
        }
        for _ in 0..=below(8) {
            // The lengths and types of the footer more often than the values.
            let from = if below(3) == 0 { 4 } else { bytes.len() / 2 };
            let at = from + below(bytes.len() - from);
            bytes[at] ^= 1 << below(8);
        }
        fs::write(dir.path().join("mutated.parquet"), bytes).unwrap();
        let words =
            "--clock 2026-09-01T07:00:00Z --json upload mutated.parquet --office kast --dry-run";
        let ran = lodd_in(dir.path(), words);
        let told = format!("mutation {i}: {} {}", ran.code, ran.stderr);
        assert!(ran.code == 0 || ran.code == 1, "{told}");
        assert!(!ran.stderr.contains("panicked"), "{told}");
    }
}
