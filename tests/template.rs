//! `lodd new`: from a template to two verified draws.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{Ran, lodd, lodd_in, snapshot};

const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";
const OFFICES: usize = 29;

fn at(dir: &Path, clock: &str, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock {clock} --lang en {words}"))
}

/// The template as it is, but for six families an office and two seats.
fn pilot() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    lodd_in(dir.path(), "new . --template holf").ok();
    lodd_in(dir.path(), "check").ok();
    let path = dir.path().join("pilot.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches("seats = [20]").count(), OFFICES);
    fs::write(&path, text.replace("seats = [20]", "seats = [2]")).unwrap();
    roster(dir.path());
    dir
}

/// In each office five families with six months of assistance, and one with five: not eligible.
fn roster(dir: &Path) {
    let mut families = "familie_id;kontor;registrert\n".to_owned();
    let mut members = "medlem_id;familie_id;rolle;fodselsar;kjonn\n".to_owned();
    let mut months = "familie_id;maned;stonad;lan\n".to_owned();
    for office in 1..=OFFICES {
        for family in 0..6 {
            let id = id(office, family);
            writeln!(families, "{id};kontor-{office:02};2027-02-01").unwrap();
            writeln!(members, "{id}-A1;{id};FORELDER;1989;K\n{id}-B1;{id};BARN;2019;").unwrap();
            for month in 7..=if family == 5 { 11 } else { 12 } {
                writeln!(months, "{id};2026-{month:02};9000;").unwrap();
            }
        }
    }
    fs::write(dir.join("familier.csv"), families).unwrap();
    fs::write(dir.join("medlemmer.csv"), members).unwrap();
    fs::write(dir.join("maneder.csv"), months).unwrap();
}

fn id(office: usize, family: usize) -> String {
    let digit = |n: usize| u8::try_from(n % 13 + 7).unwrap();
    lodd_intake::ids::mint("HLF", &[digit(office / 13), digit(office), digit(family), 12]).unwrap()
}

fn announcement(dir: &Path, number: usize) -> (Vec<u8>, Value) {
    let path = dir.join(format!("draws/{number:04}/announcement.json"));
    let bytes = fs::read(path).unwrap();
    let json = serde_json::from_slice(&bytes).unwrap();
    (bytes, json)
}

/// Arm of each block's units, counted.
fn counts(dir: &Path, number: usize) -> BTreeMap<(String, String), usize> {
    let text = fs::read_to_string(dir.join(format!("draws/{number:04}/result.csv"))).unwrap();
    let mut counts = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        *counts.entry((fields[0].to_owned(), fields[5].to_owned())).or_default() += 1;
    }
    counts
}

#[test]
fn the_two_stage_template_runs_as_a_rehearsal() {
    let dir = pilot();
    let dir = dir.path();
    at(dir, "2027-02-20T08:00:00Z", "roster import familier.csv medlemmer.csv maneder.csv").ok();
    at(dir, "2027-03-01T08:00:00Z", "screen").ok();

    // What is to come, exactly: 15 of 29 offices, 2 of 5 families in each.
    let design = lodd_in(dir, "check --json").ok().json()["design"].clone();
    assert_eq!(design[0]["unit"], "KONTOR");
    assert_eq!(design[0]["blocks"][0]["probability"], serde_json::json!(["15/29", "14/29"]));
    assert_eq!(design[1]["unit"], "FAMILIE");
    assert_eq!(design[1]["blocks"].as_array().unwrap().len(), OFFICES);
    for block in design[1]["blocks"].as_array().unwrap() {
        assert_eq!(block["probability"], serde_json::json!(["2/5", "3/5"]), "{block}");
    }

    // Draw 1 is of offices; no other can begin before it has ended.
    let said = at(dir, "2027-03-02T08:00:00Z", "draw announce --rehearsal").ok().stdout;
    assert!(said.contains("29 offices"), "{said}");
    at(dir, "2027-03-02T09:00:00Z", "draw announce --rehearsal").refused(&["draw 1 is open"]);
    at(dir, "2027-03-02T12:00:00Z", &format!("draw reveal --seed {SEED}")).ok();
    let (first, json) = announcement(dir, 1);
    assert_eq!(json["arms"], serde_json::json!(["model", "own-way"]));
    let offices = counts(dir, 1);
    assert_eq!(offices[&("offices".to_owned(), "model".to_owned())], 15);
    assert_eq!(offices[&("offices".to_owned(), "own-way".to_owned())], 14);

    // Draw 2 is of the families of each office, and holds the hash of draw 1.
    let said = at(dir, "2027-03-03T08:00:00Z", "draw announce --rehearsal").ok().stdout;
    assert!(said.contains("145 families"), "{said}");
    let (_, json) = announcement(dir, 2);
    let sha256: String = Sha256::digest(&first).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(json["previous"], *sha256);
    assert_eq!(json["arms"], serde_json::json!(["follow-up", "ordinary"]));
    at(dir, "2027-03-03T12:00:00Z", &format!("draw reveal --seed {SEED}")).ok();
    let families = counts(dir, 2);
    assert_eq!(families.len(), 2 * OFFICES);
    for ((block, arm), n) in &families {
        assert_eq!(*n, if arm == "follow-up" { 2 } else { 3 }, "{block}");
    }

    for number in [1, 2] {
        let words = format!(
            "draw verify draws/{number:04} --roster private/{number:04}/private.csv --json"
        );
        let verdict = lodd_in(dir, &words).ok().json();
        let notes = verdict["notes"].to_string();
        assert!(!notes.contains("chain"), "{notes}");
    }
    let status = lodd_in(dir, "draw status --json").ok().json();
    let kinds: Vec<&Value> =
        status["draws"].as_array().unwrap().iter().map(|it| &it["unit"]).collect();
    assert_eq!(kinds, ["KONTOR", "FAMILIE"]);
    lodd_in(dir, "ledger verify").ok();

    // The plan of the template is one that can be locked and run; of draw 1 it can't be.
    let path = dir.join("analysis.toml");
    let plan = fs::read_to_string(&path).unwrap();
    for (day, draws) in [("04", "[1, 2]"), ("05", "[1]")] {
        fs::write(&path, plan.replace("draws = [1, 2]", &format!("draws = {draws}"))).unwrap();
        at(dir, &format!("2027-03-{day}T08:00:00Z"), "plan lock").ok();
        at(dir, &format!("2027-03-{day}T09:00:00Z"), "panel").ok();
        let ran = at(dir, &format!("2027-03-{day}T10:00:00Z"), "estimate --interim");
        match draws {
            "[1, 2]" => ran.ok(),
            _ => ran.refused(&["draw 1 is of offices, and the analysis compares families"]),
        };
    }
}

/// A changed draw 1 is found from draw 2.
#[test]
fn the_second_stage_binds_the_first() {
    let dir = pilot();
    let dir = dir.path();
    at(dir, "2027-02-20T08:00:00Z", "roster import familier.csv medlemmer.csv maneder.csv").ok();
    at(dir, "2027-03-01T08:00:00Z", "screen").ok();
    for day in ["02", "03"] {
        at(dir, &format!("2027-03-{day}T08:00:00Z"), "draw announce --rehearsal").ok();
        at(dir, &format!("2027-03-{day}T12:00:00Z"), &format!("draw reveal --seed {SEED}")).ok();
    }
    let path = dir.join("draws/0001/reveal.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("6b61", "6b62", 1)).unwrap();
    lodd_in(dir, "draw verify draws/0002 --lang en").refused(&["announcement.json", "ended"]);
}

/// All files are there, nothing is overwritten, and an unknown name lists those there are.
#[test]
fn a_template_is_complete_and_its_names_are_listed() {
    let dir = tempfile::tempdir().unwrap();
    for (lang, words) in
        [("en", "there is no template `hofl`"), ("nb", "det finnes ingen mal `hofl`")]
    {
        let ran = lodd(dir.path(), &["new", "x", "--template", "hofl", "--lang", lang]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(words) && ran.stderr.contains("holf: "), "{}", ran.stderr);
    }
    assert!(snapshot(dir.path()).is_empty());
    lodd_in(dir.path(), "new x --template holf").ok();
    let files: BTreeSet<String> = snapshot(&dir.path().join("x"))
        .iter()
        .map(|(path, _)| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    let expected = ["README.md", "analysis.toml", "pilot.toml", "report.toml"];
    assert_eq!(files.into_iter().collect::<Vec<_>>(), expected);
    let before = snapshot(dir.path());
    lodd_in(dir.path(), "new x --template holf --lang en").refused(&["is not empty"]);
    assert_eq!(before, snapshot(dir.path()));
    // Nothing is filled in: a draw that counts is refused, key by key.
    let path = dir.path().join("x/pilot.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"holf-rehearsal\"", "\"holf\"")).unwrap();
    roster(&dir.path().join("x"));
    let run = |words: &str| lodd_in(&dir.path().join("x"), words);
    run("--clock 2027-02-20T08:00:00Z roster import familier.csv medlemmer.csv maneder.csv").ok();
    run("draw announce --witnessed terninger --lang en").refused(&["legal.dpia", "legal.ethics"]);
}
