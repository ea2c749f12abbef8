//! `lodd export`: what other programs read is what stands in the Parquet files, hostile text included; and
//! where an export may go.

use std::{fs, path::Path};

use lodd_store::{
    Column, Table, Values,
    checksums::Checksums,
    parquet,
    schema::{OFFERS, PANEL, SCREENING, Schema},
};

use crate::{
    demo::demo,
    support::{Ran, copied, lodd_in, python, snapshot},
};

/// Texts that some program would take for something else than text.
const HOSTILE: [&str; 12] = [
    "=HYPERLINK(\"http://x\";\"y\")",
    "+47 = -1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1",
    "\r\n-x, \"sitat\"; * 'æøå'",
    "'=ikke formel",
    "\"'\" ;* /* */ // $home `x' `\"dobbelt\"'",
    "C:\\new\\temp\\\\server 'O''Brien'",
    "  innrykk og slutt ",
    "-1.5",
    "første linje\nandre \u{1f600} linje",
];

/// What means something to one program, each by itself.
const ALONE: [&str; 8] =
    ["pris $x", "a`b", "a \"b\" c", "a\\b", "a /* b", "a // b", "a'b''c", "\"' =x"];

fn run(dir: &Path, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock 2027-03-01T09:00:00Z --lang en {words}"))
}

fn check(dir: &Path, lang: &str) {
    println!("{}", python("check_export.py", &[dir, lang.as_ref()]).ok().stdout);
}

/// Stata's commands interpreted, PSPP, R and Python: the same cells, types and labels.
#[test]
fn other_programs_read_what_stands_in_the_parquet_files() {
    for (pilot, lang) in [("kast", "en"), ("ringerike", "nb")] {
        let dir = copied(&demo().join(pilot));
        let said = lodd_in(dir.path(), &format!("export --lang {lang} --json")).ok().json();
        assert_eq!(said["dir"], "out/export");
        check(dir.path(), lang);
        // Every file is in the list of what was written.
        run(dir.path(), "ledger verify").ok();
    }
}

/// Replaces a column of a file in `out/`, and what its list says of the file.
fn replace(dir: &Path, schema: &Schema, columns: &[(&str, &[&str])]) {
    let name = format!("{}.parquet", schema.name);
    let path = dir.join("out").join(&name);
    let (table, metadata) = parquet::read(&path).unwrap();
    let texts = |it: &Column, all: &[&str]| {
        let n = it.values.len();
        Values::Text(all.iter().cycle().take(n).map(|text| Some((*text).to_owned())).collect())
    };
    let column = |it: &Column| match columns.iter().find(|(name, _)| *name == it.name) {
        Some((_, all)) => Column::new(&it.name, texts(it, all)),
        None => it.clone(),
    };
    let made = Table::new(schema.name, table.columns().iter().map(column).collect()).unwrap();
    let bytes = parquet::encode(&made, schema, &metadata).unwrap();
    fs::write(&path, &bytes).unwrap();
    let list = dir.join("out/SHA256SUMS");
    let mut sums = Checksums::read(&list).unwrap();
    sums.set(&name, &bytes);
    fs::write(list, sums.text()).unwrap();
}

/// In free text, in codes that no list has, in labels and in the title.
#[test]
fn hostile_text_comes_out_literally_and_begins_no_formula() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    let path = dir.join("pilot.toml");
    let text = fs::read_to_string(&path).unwrap();
    let office = r#"name = "=cmd|'x'; * \"'\" /* $home `y' \\ // 'Ås'\nsør""#;
    let text = text.replace("name = \"Nav Øvelse\"", office);
    let text = text.replace("title_en = \"", "title_en = \"=1+1 \\\"* ");
    let long = "æ".repeat(100);
    let own = format!(
        "\n[[variable]]\nname = \"EGEN\"\nunit = \"VOKSEN\"\nkind = \"code\"\nlabel_nb = \"@'{long}\"\nlabel_en = \
         \"@'{long}\"\ncodes = [{{ code = \"A\", nb = \"-a\", en = \"-a\" }}]\n"
    );
    fs::write(&path, text + &own).unwrap();
    run(dir, "amend --reason navn").ok();
    replace(dir, &SCREENING, &[("reason_nb", &HOSTILE), ("rule", &HOSTILE[..4])]);
    replace(dir, &OFFERS, &[("reason", &HOSTILE[..4]), ("end_reason", &HOSTILE[6..9])]);
    replace(dir, &PANEL, &[("flag", &ALONE)]);
    run(dir, "export --lang nb").ok();
    check(dir, "nb");
    let csv = fs::read_to_string(dir.join("out/export/screening.csv")).unwrap();
    for cell in ["'=HYPERLINK(", "'-2+3+cmd", "'@SUM", "'+47", "\\r\\n-x", ",-1.5,", "''=ikke"] {
        assert!(csv.contains(cell), "{cell}");
    }
}

#[test]
fn the_same_tables_give_the_same_bytes_and_nothing_is_left_over() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    run(dir, "export").ok();
    let first = snapshot(&dir.join("out"));
    run(dir, "export").ok();
    assert!(first == snapshot(&dir.join("out")));
    run(dir, "export --to csv").ok();
    let names = |ending: &str| {
        let all = snapshot(&dir.join("out/export"));
        all.iter().filter(|(path, _)| path.extension().is_some_and(|it| it == ending)).count()
    };
    assert_eq!((names("csv"), names("do"), names("sps"), names("R")), (15, 0, 0, 0));
    run(dir, "export --to stata,r out/til-analysen").ok();
    assert_eq!(snapshot(&dir.join("out/til-analysen")).len(), 15 * 3 + 2);
    run(dir, "ledger verify").ok();
    // What is derived goes with a family that is erased.
    run(dir, "family erase KAS-QXKD-N --ground SAMTYKKE_TRUKKET --yes").ok();
    assert!(!dir.join("out/export/panel.csv").exists());
    assert!(!dir.join("out/til-analysen/panel.do").exists());
}

#[test]
fn an_export_stays_below_out_and_what_is_wrong_is_named() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    let elsewhere = tempfile::tempdir().unwrap();
    let before = snapshot(dir);
    for to in ["eksport", "out", "out/../eksport", "/", elsewhere.path().to_str().unwrap()] {
        run(dir, &format!("export {to}")).refused(&["is not a folder below the pilot's out/"]);
    }
    run(dir, "export out/draw-0001").refused(&["holds other files than an export"]);
    assert_eq!(snapshot(dir), before);
    assert_eq!(snapshot(elsewhere.path()), Vec::new());
    // A file that is gone, one that is changed, and a text that no program reads.
    replace(dir, &OFFERS, &[("reason", &["ab", "a\u{1}b"]), ("end_reason", &["A\nB"])]);
    let refused = [
        "out/offers.parquet, row 2 (reason)",
        "out/offers.parquet, row 1 (end_reason)",
        "control character",
    ];
    run(dir, "export").refused(&refused);
    fs::remove_file(dir.join("out/panel.parquet")).unwrap();
    fs::write(dir.join("out/flow.parquet"), b"PAR1").unwrap();
    let refused = ["out/panel.parquet", "not there any more", "out/flow.parquet", "SHA-256"];
    run(dir, "export").refused(&refused);
    assert!(!dir.join("out/export").exists());
    fs::remove_dir_all(dir.join("out")).unwrap();
    run(dir, "export").refused(&["there are no tables in out/", "make the tables with"]);
    assert!(!dir.join("out").exists());
}

/// Codes come as dictionaries, and every reader finds the same rows under one key of metadata.
#[test]
fn parquet_opens_in_pyarrow_polars_and_duckdb() {
    for pilot in ["kast", "ringerike"] {
        println!("{}", python("check_parquet.py", &[&demo().join(pilot)]).ok().stdout);
    }
}

/// The lists of `codes.csv` stand beside the Parquet files too, without what an export finds in these.
#[test]
fn code_lists_stand_beside_the_parquet_files() {
    let dir = copied(&demo().join("kast"));
    run(dir.path(), "export --to csv").ok();
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    let (beside, exported) = (read("out/codes.csv"), read("out/export/codes.csv"));
    assert!(beside.lines().count() > 100);
    for line in beside.lines() {
        assert!(exported.lines().any(|it| it == line), "{line}");
    }
}
