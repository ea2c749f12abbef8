//! The whole pilot folder against its ledger; receipts; copies.

use std::{fs, path::Path};

use crate::{
    demo::demo,
    support::{copied, lodd, lodd_in, snapshot},
};

/// Nothing that the demo does leaves a pilot that does not verify, and nothing in it is unknown.
#[test]
fn every_pilot_of_the_demo_verifies() {
    for pilot in ["housing", "ringerike", "kast"] {
        let said = lodd_in(&demo().join(pilot), "ledger verify --json").ok().json();
        assert_eq!(said["ok"], true);
        assert_eq!(said["findings"].as_array().unwrap().len(), 0);
        assert_eq!(said["unchecked"].as_array().unwrap().len(), 0, "{said}");
        assert_eq!(said["unknown_files"].as_array().unwrap().len(), 0, "{said}");
        assert!(said["bound_by"].is_null() && said["head"].as_str().unwrap().len() == 64);
    }
}

/// One bit of each file that lodd wrote; the store's own pages are flipped by the hundreds in
/// `crates/lodd/src/steps/ledger/flips.rs`.
#[test]
fn a_flipped_bit_of_any_file_is_named() {
    let dir = copied(&demo().join("kast"));
    let mut tried = 0;
    for (path, bytes) in snapshot(dir.path()) {
        let name = path.strip_prefix(dir.path()).unwrap().to_str().unwrap().replace('\\', "/");
        let ours = ["draws/", "private/", "out/", "pilot.toml", "analysis.toml"];
        // Several bits in one byte of a list or a key could be another way to write the same.
        if !ours.iter().any(|it| name.starts_with(it)) || bytes.is_empty() || tried > 40 {
            continue;
        }
        let mut flipped = bytes.clone();
        let at = bytes.len() / 2;
        flipped[at] ^= 4;
        fs::write(&path, flipped).unwrap();
        let said = lodd_in(dir.path(), "ledger verify --json");
        assert_eq!(said.code, 1, "{name}: {}", said.stdout);
        let text = said.json()["findings"].to_string();
        // A list of others is named by one of those, a key by what it opens.
        let list = name.ends_with("SHA256SUMS") || name.ends_with(".sha256");
        let named = text.contains(&name) || list && text.contains("out/");
        assert!(named, "{name}: {text}");
        fs::write(&path, bytes).unwrap();
        tried += 1;
    }
    assert!(tried > 10, "{tried}");
    lodd_in(dir.path(), "ledger verify").ok();
}

/// The receipt of the last upload in a pilot of the demo, as the program wrote it.
fn receipt(dir: &Path) -> serde_json::Value {
    let mut all: Vec<_> =
        fs::read_dir(dir.join("out/receipts")).unwrap().map(|it| it.unwrap().path()).collect();
    all.retain(|it| it.extension().is_some_and(|it| it == "json"));
    serde_json::from_slice(&fs::read(all.iter().max().unwrap()).unwrap()).unwrap()
}

#[test]
fn a_receipt_is_checked_field_by_field() {
    let dir = copied(&demo().join("kast"));
    let good = receipt(dir.path());
    let file = dir.path().join("kvittering.json");
    let write = |it: &serde_json::Value| fs::write(&file, it.to_string()).unwrap();
    write(&good);
    let said = lodd_in(dir.path(), "ledger receipt kvittering.json").ok().stdout;
    assert!(said.contains("The receipt fits"), "{said}");
    lodd_in(dir.path(), "ledger verify --receipt kvittering.json").ok();
    for (field, to) in [
        ("sequence", serde_json::json!(9_999)),
        ("hash", serde_json::json!("0".repeat(64))),
        ("ledger_head", serde_json::json!("0".repeat(64))),
        ("file_sha256", serde_json::json!("0".repeat(64))),
        ("office", serde_json::json!("another")),
        ("recorded_at", serde_json::json!("2015-01-01T00:00:00Z")),
    ] {
        let mut other = good.clone();
        other[field] = to;
        write(&other);
        for words in ["ledger receipt kvittering.json", "ledger verify --receipt kvittering.json"] {
            lodd_in(dir.path(), words).refused(&[field]);
        }
    }
    let mut other = good.clone();
    other["counts"]["new"] = serde_json::json!(1_000);
    write(&other);
    lodd_in(dir.path(), "ledger receipt kvittering.json").refused(&["new", "1000"]);
    fs::write(&file, "{\"sequence\": 1}").unwrap();
    lodd_in(dir.path(), "ledger receipt kvittering.json").refused(&["kvittering.json"]);
}

#[test]
fn a_backup_comes_back_whole_and_a_damaged_one_does_not() {
    let dir = copied(&demo().join("kast"));
    let away = tempfile::tempdir().unwrap();
    let (copy, back) = (away.path().join("copy"), away.path().join("back"));
    let shown = copy.to_str().unwrap();
    let said = lodd(dir.path(), &["backup", shown, "--with-keys", "--json"]).ok().json();
    let head = lodd_in(dir.path(), "ledger verify --json").ok().json()["head"].clone();
    assert_eq!(said["head"], head);
    lodd(dir.path(), &["backup", shown]).refused(&["is there already"]);
    lodd(dir.path(), &["restore", shown]).refused(&["there is a pilot"]);
    let restored = lodd(away.path(), &["restore", shown, "--pilot", "back", "--json"]).ok().json();
    assert_eq!(restored["head"], head);
    // What was copied is byte for byte what it was.
    for (path, bytes) in snapshot(&back) {
        let below = path.strip_prefix(&back).unwrap();
        if below != Path::new("pilot.sqlite") {
            assert!(fs::read(dir.path().join(below)).unwrap() == bytes, "{}", below.display());
        }
    }
    let said = lodd_in(&back, "ledger verify --json").ok().json();
    assert_eq!((&said["head"], said["unchecked"].as_array().unwrap().len()), (&head, 0));
    // Every file of a backup is bound by its list, free pages and all.
    for (path, bytes) in snapshot(&copy) {
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 3] ^= 1;
        fs::write(&path, flipped).unwrap();
        let again = lodd(away.path(), &["restore", shown, "--pilot", "again"]);
        assert_eq!(again.code, 1, "{}: {}", path.display(), again.stderr);
        assert!(!away.path().join("again").exists(), "{}", path.display());
        fs::write(&path, bytes).unwrap();
    }
}

#[test]
fn without_the_offices_keys_a_backup_says_so() {
    let dir = copied(&demo().join("kast"));
    let away = tempfile::tempdir().unwrap();
    let copy = away.path().join("copy");
    let said = lodd(dir.path(), &["backup", copy.to_str().unwrap()]).ok().stdout;
    assert!(said.contains("keys are not in it"), "{said}");
    assert!(!copy.join("private/keys").exists() && copy.join("private/ledger.key").exists());
    lodd(away.path(), &["restore", "copy", "--pilot", "back"]).ok();
    let said = lodd_in(&away.path().join("back"), "ledger verify").ok().stdout;
    assert!(said.contains("Not checked: rows about"), "{said}");
}
