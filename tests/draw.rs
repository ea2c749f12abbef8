//! The draw from the command line: what a stranger sees, and what nobody can do.

use std::{fs, path::Path};

use crate::support::{Ran, copied, lodd, lodd_in, python, root, snapshot};

const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";

/// The throw-away pilot, screened and announced.
fn announced() -> tempfile::TempDir {
    let dir = copied(&root().join("data/kast"));
    at(dir.path(), "2026-08-20T08:10:00Z", "roster import familier.csv medlemmer.csv").ok();
    at(dir.path(), "2026-08-20T08:20:00Z", "screen").ok();
    at(dir.path(), "2026-09-01T08:00:00Z", "draw announce --rehearsal").ok();
    dir
}

fn drawn() -> tempfile::TempDir {
    let dir = announced();
    at(dir.path(), "2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED}")).ok();
    dir
}

fn at(dir: &Path, clock: &str, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock {clock} {words}"))
}

/// Flips the byte in the middle of each public file in turn; lodd-draw's own tests flip them all.
#[test]
fn a_changed_byte_of_any_public_file_is_named() {
    let dir = drawn();
    lodd_in(dir.path(), "draw verify draws/0001").ok();
    for file in ["announcement.json", "plan.toml", "leaves.csv", "reveal.json", "result.csv"] {
        let path = dir.path().join("draws/0001").join(file);
        let good = fs::read(&path).unwrap();
        for at in [0, good.len() / 3, good.len() / 2, good.len() - 2] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, &bad).unwrap();
            for lang in ["nb", "en"] {
                let ran = lodd(dir.path(), &["draw", "verify", "draws/0001", "--lang", lang]);
                ran.refused(&[file]);
            }
            let json = lodd_in(dir.path(), "draw verify draws/0001 --json").json();
            assert_eq!(json["ok"], false);
            let named = json["findings"].as_array().unwrap().iter().any(|it| it["file"] == file);
            assert!(named, "{file} byte {at}: {json}");
        }
        fs::write(&path, &good).unwrap();
    }
    lodd_in(dir.path(), "draw verify draws/0001").ok();
}

#[test]
fn compute_prints_the_result_file() {
    let dir = drawn();
    let printed = lodd_in(dir.path(), "draw compute draws/0001").ok().stdout;
    assert_eq!(printed, fs::read_to_string(dir.path().join("draws/0001/result.csv")).unwrap());
}

/// Another implementation, in Python's standard library, verifies the same folder.
#[test]
fn an_independent_program_verifies_the_draw() {
    let dir = drawn();
    let draw = dir.path().join("draws/0001");
    python("../verifier/verify_draw.py", &[&draw]).ok();
    let path = draw.join("result.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("follow-up", "ordinary", 1)).unwrap();
    let ran = python("../verifier/verify_draw.py", &[&draw]);
    ran.refused(&["result.csv: line"]);
}

#[test]
fn a_draw_can_not_be_repeated_until_one_likes_it() {
    let dir = announced();
    at(dir.path(), "2026-09-01T09:00:00Z", "draw announce --rehearsal --lang en")
        .refused(&["draw 1 is open"]);
    at(dir.path(), "2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED}")).ok();
    let other = SEED.replace('6', "7");
    let before = snapshot(&dir.path().join("draws"));
    at(dir.path(), "2026-09-01T13:00:00Z", &format!("draw reveal --seed {other} --lang en"))
        .refused(&["no draw is open"]);
    assert_eq!(before, snapshot(&dir.path().join("draws")));
    // All families have been drawn: there is nobody to draw again.
    at(dir.path(), "2026-09-02T08:00:00Z", "draw announce --rehearsal --lang en")
        .refused(&["there are no families to draw"]);
}

#[test]
fn the_locked_protocol_can_not_change() {
    let dir = announced();
    let path = dir.path().join("pilot.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("seats = [4]", "seats = [5]")).unwrap();
    for (lang, words) in [
        ("en", "has changed since the list was locked for draw 1"),
        ("nb", "er endret siden listen ble låst for trekning 1"),
    ] {
        at(dir.path(), "2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED} --lang {lang}"))
            .refused(&[words]);
    }
}

/// More seats than families is refused at the line of the seats, in both languages.
#[test]
fn more_seats_than_families_is_refused() {
    let dir = copied(&root().join("data/kast"));
    let path = dir.path().join("pilot.toml");
    let text = fs::read_to_string(&path).unwrap().replace("seats = [4]", "seats = [13]");
    let line = 1 + text.lines().position(|line| line == "seats = [13]").unwrap();
    fs::write(&path, &text).unwrap();
    at(dir.path(), "2026-08-20T08:10:00Z", "roster import familier.csv medlemmer.csv").ok();
    at(dir.path(), "2026-08-20T08:20:00Z", "screen").ok();
    let before = snapshot(dir.path());
    let announce = |lang: &str| {
        at(dir.path(), "2026-09-01T08:00:00Z", &format!("draw announce --rehearsal --lang {lang}"))
    };
    let place = format!("pilot.toml:{line}:9 (draw.block[0].seats)");
    announce("en").refused(&[&place, "can't have more seats than families: 13 seats, 12 families"]);
    announce("nb")
        .refused(&[&place, "kan ikke ha flere plasser enn familier: 13 plasser, 12 familier"]);
    assert_eq!(before, snapshot(dir.path()));
}

/// A draw that counts needs its legal basis, the system's clock, and no fixed seed.
#[test]
fn a_real_draw_needs_more_than_a_rehearsal() {
    let dir = copied(&root().join("data/kast"));
    let path = dir.path().join("pilot.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("label = \"kast-rehearsal\"", "label = \"kast-ekte\"");
    fs::write(&path, text.replace("dpia = \"Øvelse med oppdiktede familier.\"", "dpia = \"\""))
        .unwrap();
    at(dir.path(), "2026-08-20T08:10:00Z", "roster import familier.csv medlemmer.csv").ok();
    at(dir.path(), "2026-08-20T08:20:00Z", "screen").ok();
    at(dir.path(), "2026-09-01T08:00:00Z", "draw announce --rehearsal --lang en")
        .refused(&["a real draw can't be made by a scripted clock"]);
    lodd(dir.path(), &["draw", "announce", "--witnessed", "seks terninger", "--lang", "en"])
        .refused(&["legal.dpia", "must be filled in before a real draw"]);
    fs::write(&path, &text).unwrap();
    lodd_in(dir.path(), "screen").ok();
    lodd_in(dir.path(), "draw announce --rehearsal --lang en").refused(&["must end in -rehearsal"]);
    lodd(dir.path(), &["draw", "announce", "--witnessed", "seks terninger"]).ok();
    lodd_in(dir.path(), &format!("draw reveal --seed {SEED} --lang en"))
        .refused(&["expected `witnessed`, found `fixed`"]);
    lodd(dir.path(), &["draw", "reveal", "--value", "4-2-6-1-1-5"]).ok();
    let json = lodd_in(dir.path(), "draw verify draws/0001 --json").ok().json();
    assert_eq!(
        (json["rehearsal"].as_bool(), json["beacon"].as_str()),
        (Some(false), Some("witnessed"))
    );
}

/// A finished folder is verified before it is taken over, and must be of those eligible here.
#[test]
fn a_tampered_folder_is_not_taken_over() {
    let dir = copied(&root().join("data/ringerike"));
    at(dir.path(), "2015-08-20T09:00:00Z", "roster import roster.xlsx").ok();
    at(dir.path(), "2015-08-20T09:30:00Z", "screen").ok();
    let import = "draw import draw/0001 --private draw/private.csv --drawn-on 2015-08-31 --lang en";
    let path = dir.path().join("draw/0001/result.csv");
    let good = fs::read_to_string(&path).unwrap();
    fs::write(&path, good.replacen("follow-up", "ordinary", 1)).unwrap();
    let before = snapshot(dir.path());
    at(dir.path(), "2015-08-31T10:00:00Z", import).refused(&["was not taken over", "result.csv"]);
    assert_eq!(before, snapshot(dir.path()));
    fs::write(&path, good).unwrap();
    at(dir.path(), "2015-08-31T10:00:00Z", import).ok();
    at(dir.path(), "2015-08-31T11:00:00Z", import).refused(&[]);
}

/// An assignment made elsewhere is of exactly those found eligible here, on one day.
#[test]
fn an_assignment_of_others_is_not_taken_over() {
    let dir = copied(&root().join("data/housing"));
    at(dir.path(), "1992-06-01T08:00:00Z", "roster import familier.csv medlemmer.csv fakta.csv")
        .ok();
    at(dir.path(), "1992-06-01T08:30:00Z", "screen").ok();
    let text = fs::read_to_string(dir.path().join("assignment.csv")).unwrap();
    let first = text.lines().nth(1).unwrap();
    let unit = first.split(',').next().unwrap();
    let run = |text: &str, lang: &str| {
        fs::write(dir.path().join("bad.csv"), text).unwrap();
        at(dir.path(), "1992-06-15T10:00:00Z", &format!("draw import bad.csv --lang {lang}"))
    };
    let without = text.replacen(&format!("{first}\n"), "", 1);
    run(&without, "en").refused(&[
        "those drawn are not those eligible",
        unit,
        "is eligible, but was not drawn",
    ]);
    run(&without, "nb").refused(&["oppfyller kriteriene, men er ikke trukket"]);
    run(&text.replacen("certificate", "sertifikat", 1), "en").refused(&[
        "bad.csv",
        "C2",
        "sertifikat",
    ]);
    run(&text.replacen("1992-06-15", "1992-06-14", 1), "en").refused(&["must have one date"]);
    run(&format!("{text}{first}\n"), "en").refused(&["K19", unit]);
    let status = lodd_in(dir.path(), "draw status --json").ok().json();
    assert!(status["draws"].as_array().unwrap().is_empty(), "{status}");
    run(&text, "en").ok();
    let before = snapshot(dir.path());
    run(&text, "en").refused(&["that assignment is draw 1 already"]);
    assert_eq!(before, snapshot(dir.path()));
    // Rules and windows are frozen by an import as by a draw.
    let kept = fs::read(dir.path().join("draws/0001/plan.toml")).unwrap();
    assert!(kept == fs::read(dir.path().join("pilot.toml")).unwrap());
    let path = dir.path().join("pilot.toml");
    let protocol = fs::read_to_string(&path).unwrap();
    fs::write(&path, protocol.replacen("reporting_lag_days = 30", "reporting_lag_days = 3", 1))
        .unwrap();
    at(dir.path(), "1993-01-11T09:00:00Z", "upload status-12.csv --office sandiego --lang en")
        .refused(&["`pilot.toml` has changed since the list was locked for draw 1"]);
}

/// The seats of `seats-2arm`, and what the announcement of `prob-3arm` says.
#[test]
fn probabilities_are_those_of_the_announcement() {
    let vectors = root().join("crates/lodd-draw/tests/vectors/draw");
    let ran = lodd_in(&vectors, "draw probabilities prob-3arm/0001").ok();
    let announced: serde_json::Value = serde_json::from_slice(
        &fs::read(vectors.join("prob-3arm/0001/announcement.json")).unwrap(),
    )
    .unwrap();
    let mut expected = vec!["block,arm,probability,how".to_owned()];
    for block in announced["blocks"].as_array().unwrap() {
        let p = block["probabilities"].as_array().unwrap();
        for (arm, p) in announced["arms"].as_array().unwrap().iter().zip(p) {
            let text = |it: &serde_json::Value| it.as_str().unwrap().to_owned();
            expected.push(format!("{},{},{},exact", text(&block["label"]), text(arm), text(p)));
        }
    }
    assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), expected);
    lodd_in(&vectors, "draw probabilities constrained/0001").refused(&["--covariates"]);
}

/// Laws of inclusion: over all units the probabilities of an arm add up to its seats, and the
/// pairs of a unit of the first arm to one seat less, times its own.
#[test]
fn probabilities_of_a_constrained_draw_add_up() {
    let vectors = root().join("crates/lodd-draw/tests/vectors/draw/constrained/0001");
    let covariates = "--covariates covariates.csv --replays 2000";
    let one = lodd_in(&vectors, &format!("draw probabilities . {covariates}")).ok().stdout;
    let result = fs::read_to_string(vectors.join("result.csv")).unwrap();
    let seats = result.lines().filter(|line| line.ends_with(",follow-up")).count() as f64;
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let fraction = |text: &str| -> f64 {
        let (top, bottom) = text.split_once('/').unwrap_or((text, "1"));
        top.parse::<f64>().unwrap() / bottom.parse::<f64>().unwrap()
    };
    let mut own = std::collections::BTreeMap::new();
    for row in one.lines().skip(1).map(cells).filter(|row| row[2] == "follow-up") {
        own.insert((row[0].clone(), row[1].clone()), fraction(&row[3]));
    }
    assert!((own.values().sum::<f64>() - seats).abs() < 1e-9, "{one}");
    let pairs =
        lodd_in(&vectors, &format!("draw probabilities . --pairs {covariates}")).ok().stdout;
    let mut sums = std::collections::BTreeMap::new();
    for row in pairs.lines().skip(1).map(cells) {
        if row[2] == "follow-up" && row[5] == "follow-up" {
            for unit in [(row[0].clone(), row[1].clone()), (row[3].clone(), row[4].clone())] {
                *sums.entry(unit).or_insert(0.0) += fraction(&row[6]);
            }
        }
    }
    assert_eq!(sums.len(), own.len());
    for (unit, sum) in sums {
        assert!((sum - (seats - 1.0) * own[&unit]).abs() < 1e-9, "{unit:?}");
    }
}

/// A family that is struck keeps its ordinal; every ticket, rank and arm is what it was.
#[test]
fn a_withdrawn_family_leaves_all_other_ranks_as_they_were() {
    let (with, without) = (announced(), tempfile::tempdir().unwrap());
    crate::support::copy(with.path(), without.path());
    let private = fs::read_to_string(with.path().join("private/0001/private.csv")).unwrap();
    let family = private.lines().nth(3).unwrap().rsplit(',').next().unwrap().to_owned();
    let strike = format!("family strike {family} --on 2026-08-01 --json --reason flyttet");
    let struck = at(with.path(), "2026-09-01T09:00:00Z", &strike).ok().json();
    assert_eq!((&struck["leaves_analysis"], &struck["draw"]), (&true.into(), &1.into()));
    at(with.path(), "2026-09-01T09:00:00Z", &strike).refused(&["struck"]);
    let result = |dir: &Path| {
        at(dir, "2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED}")).ok();
        lodd_in(dir, "draw verify draws/0001").ok();
        fs::read_to_string(dir.join("draws/0001/result.csv")).unwrap()
    };
    assert_eq!(result(with.path()), result(without.path()));
    let late = at(without.path(), "2026-09-02T09:00:00Z", &strike).ok().json();
    assert_eq!(late["leaves_analysis"], false, "the outcome was known");
    for (words, lang) in [("trekning", "nb"), ("no draw", "en")] {
        let nobody = format!("family strike KAS-XXXX-X --on 2026-08-01 --reason x --lang {lang}");
        at(without.path(), "2026-09-02T09:00:00Z", &nobody).refused(&["KAS-XXXX-X", words]);
    }
}
