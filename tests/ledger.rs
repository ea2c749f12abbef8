//! The whole pilot folder against its ledger; receipts; copies.

use std::{fs, path::Path};

use lodd_store::{
    Clock, Pilot, Stamp,
    pilot::{Assignment, DrawImport, Linking},
};

use crate::{
    demo::demo,
    support::{copied, copy, lodd, lodd_in, root, snapshot},
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

/// A pilot in which a finished draw was taken over by a program that lies: it writes the files that
/// `files` leaves and the arms that `arms` leaves, and a ledger in which everything fits them.
fn taken_over(files: impl Fn(&Path), arms: impl Fn(&mut [Assignment])) -> tempfile::TempDir {
    let dir = copied(&root().join("data/ringerike"));
    for (clock, words) in
        [("2015-08-20T09:00:00Z", "roster import roster.xlsx"), ("2015-08-20T09:30:00Z", "screen")]
    {
        lodd_in(dir.path(), &format!("--clock {clock} {words}")).ok();
    }
    let honest = copied(dir.path());
    let words = "--clock 2015-08-31T10:00:00Z draw import draw/0001 --private draw/private.csv \
                 --drawn-on 2015-08-31";
    lodd_in(honest.path(), words).ok();
    let (draw, mut assignments) = {
        let pilot = Pilot::open(honest.path()).unwrap();
        (pilot.draws().unwrap().remove(0), pilot.assignments(1).unwrap())
    };
    arms(&mut assignments);
    let public = honest.path().join("draws");
    files(&public.join("0001"));
    let result = fs::read(public.join("0001/result.csv")).unwrap();
    let import = DrawImport {
        draw: 1,
        origin: draw.origin,
        beacon: draw.beacon,
        arms: draw.arms,
        drawn_on: draw.drawn_on.unwrap(),
        shown_at_us: None,
        announcement_sha256: draw.announcement_sha256,
        plan_sha256: draw.plan_sha256,
        reveal_sha256: draw.reveal_sha256,
        result_sha256: sha256(&result),
        linking: Linking::default(),
    };
    let mut pilot = Pilot::open(dir.path()).unwrap();
    let actor = "one person, command line".to_owned();
    let stamp = Stamp { at_us: 1_441_015_200_000_000, clock: Clock::Scripted, actor };
    let write = || {
        copy(&public, &dir.path().join("draws"));
        copy(&honest.path().join("private/0001"), &dir.path().join("private/0001"));
        Ok(())
    };
    pilot.record_import(&stamp, &import, &assignments, write).unwrap();
    assert_eq!(pilot.verify().unwrap(), [], "the hashes all fit");
    drop(pilot);
    dir
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Draw, store and ledger can't disagree: each draw is drawn again, whatever hashes were recorded.
#[test]
fn a_draw_that_was_changed_with_all_its_hashes_is_named() {
    lodd_in(taken_over(|_| {}, |_| {}).path(), "ledger verify").ok();

    let file = "draws/0001/result.csv";
    let findings = |dir: &Path| {
        let ran = lodd_in(dir, "ledger verify --json --lang en");
        assert_eq!(ran.code, 1, "{}", ran.stdout);
        assert!(ran.stderr.contains(file), "{}", ran.stderr);
        ran.json()["findings"].as_array().unwrap().clone()
    };
    let swapped = taken_over(
        |dir| {
            let path = dir.join("result.csv");
            let text = fs::read_to_string(&path).unwrap();
            let to = text.replace("follow-up", "x").replacen(",ordinary", ",follow-up", 1);
            fs::write(path, to.replacen(",x", ",ordinary", 1).replace(",x", ",follow-up")).unwrap();
        },
        |_| {},
    );
    let found = findings(swapped.path());
    assert!(!found.is_empty() && found.iter().all(|it| it["file"] == file), "{found:?}");

    // The files are the true ones, and the store says that two families have each other's arm.
    let stored = taken_over(
        |_| {},
        |all| {
            let first = all.iter().position(|it| it.arm == "follow-up").unwrap();
            let second = all.iter().position(|it| it.arm == "ordinary").unwrap();
            let arm = std::mem::replace(&mut all[first].arm, "ordinary".to_owned());
            all[second].arm = arm;
        },
    );
    let found = findings(stored.path());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found.iter().all(|it| it["file"] == file && it["expected"] != it["found"]),
        "{found:?}"
    );
}

/// The keys of the offices may lie elsewhere.
#[test]
fn with_the_keys_elsewhere_all_rows_are_checked() {
    let dir = copied(&demo().join("kast"));
    let away = tempfile::tempdir().unwrap();
    let keys = away.path().join("keys");
    fs::rename(dir.path().join("private/keys"), &keys).unwrap();
    let unchecked =
        |words: &str| lodd_in(dir.path(), words).ok().json()["unchecked"].as_array().unwrap().len();
    assert_eq!(unchecked("ledger verify --json"), 12);
    assert_eq!(unchecked(&format!("ledger verify --json --keys {}", keys.display())), 0);
}
