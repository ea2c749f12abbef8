//! The named cheats: each is done with the program and the files, and fails or leaves a public trace.
//!
//! What was published before a draw is decided is the hash of its announcement; that, and the files
//! themselves, is all a stranger has. *Same list under another label* is in `families.rs`: no file
//! of one pilot shows it, but the keyed ids of the roster do.

use std::fs;

use crate::{
    lottery::{
        ROUNDS, announce, at, change, drawn, public, recompute, refuted, reveal, screened, value,
    },
    support::{copied, copy, lodd_in, root, snapshot},
};

const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";

/// Draw 1 void, draw 2 drawn: two links of a chain.
fn two() -> tempfile::TempDir {
    let dir = screened();
    announce(dir.path(), &ROUNDS[0]).ok();
    at(dir.path(), ROUNDS[0].after, "draw void --reason feil").ok();
    announce(dir.path(), &ROUNDS[1]).ok();
    reveal(dir.path(), &ROUNDS[1]).ok();
    dir
}

#[test]
fn second_announcement() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[0]).ok();
    let before = snapshot(dir.path());
    announce(dir.path(), &ROUNDS[1]).refused(&["draw 1 is open", "void it"]);
    announce(dir.path(), &ROUNDS[0]).refused(&["draw 1 is open"]);
    assert_eq!(before, snapshot(dir.path()));
}

#[test]
fn number_gap() {
    let dir = two();
    fs::rename(dir.path().join("draws/0002"), dir.path().join("draws/0003")).unwrap();
    refuted(dir.path(), "draw verify draws/0003", &["announcement.json", "draw"]);
    // Renumbered inside as well: it is no longer what was announced, nor what was revealed.
    change(&public(dir.path(), 3, "announcement.json"), "\"draw\": 2", "\"draw\": 3");
    refuted(
        dir.path(),
        "draw verify draws/0003 --previous draws/0001",
        &["reveal.json", "(previous)"],
    );
}

#[test]
fn deleted_and_renumbered() {
    let dir = two();
    fs::remove_dir_all(dir.path().join("draws/0001")).unwrap();
    // The gap is said; and the next draw can't be announced without what it follows on.
    let json = lodd_in(dir.path(), "draw verify draws/0002 --json").ok().json();
    assert_eq!(json["notes"][0], "chain not checked: the draw before is not here");
    fs::rename(dir.path().join("draws/0002"), dir.path().join("draws/0001")).unwrap();
    refuted(dir.path(), "draw verify draws/0001", &["announcement.json", "draw"]);
    let path = public(dir.path(), 1, "announcement.json");
    change(&path, "\"draw\": 2", "\"draw\": 1");
    refuted(
        dir.path(),
        "draw verify draws/0001",
        &["announcement.json", "previous", "reveal.json"],
    );
    for key in ["previous", "ended"] {
        let hash = value(&path, &format!("/{key}"));
        change(&path, &hash, &"0".repeat(64));
    }
    refuted(dir.path(), "draw verify draws/0001", &["reveal.json"]);
}

#[test]
fn previous_of_another_pilot() {
    let dir = two();
    let other = screened();
    change(&other.path().join("pilot.toml"), "kast-rehearsal", "annen-rehearsal");
    announce(other.path(), &ROUNDS[0]).ok();
    at(other.path(), ROUNDS[0].after, "draw void --reason feil").ok();
    let theirs = other.path().join("draws/0001").display().to_string();
    refuted(
        dir.path(),
        &format!("draw verify draws/0002 --previous {theirs}"),
        &["previous", "ended", "(previous) announcement.json"],
    );
    // Nor does the program go on from it.
    fs::remove_dir_all(dir.path().join("draws")).unwrap();
    let third = screened();
    announce(third.path(), &ROUNDS[0]).ok();
    at(third.path(), ROUNDS[0].after, "draw void --reason feil").ok();
    copy(&other.path().join("draws/0001"), &third.path().join("draws/0001"));
    let before = snapshot(third.path());
    announce(third.path(), &ROUNDS[1]).refused(&[]);
    assert_eq!(before, snapshot(third.path()));
}

#[test]
fn past_round() {
    let dir = screened();
    let before = snapshot(dir.path());
    at(dir.path(), ROUNDS[0].after, "draw announce --round 123").refused(&["it is known"]);
    at(dir.path(), ROUNDS[0].after, "draw announce --at 2023-08-23T15:15:33Z")
        .refused(&["it is known"]);
    assert_eq!(before, snapshot(dir.path()));
    // A clock set back does not help once the ledger has a later entry.
    announce(dir.path(), &ROUNDS[0]).ok();
    at(dir.path(), ROUNDS[1].after, "draw void --reason feil").ok();
    at(dir.path(), ROUNDS[1].before, "draw announce --round 1000").refused(&["it is known"]);
}

#[test]
fn other_chain() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[0]).ok();
    // Round 5713537 of fastnet, drand's network before quicknet: also 48 bytes, by another key.
    let fastnet = "9391bf57538cf1c0012fabc0d933408d21f785324bcbb4f9850503e5a31e268f6e523e1c1db91ab4bf950752474e1580";
    fs::write(dir.path().join("r.json"), ROUNDS[0].json().replace(ROUNDS[0].signature, fastnet))
        .unwrap();
    let before = snapshot(&dir.path().join("draws"));
    at(dir.path(), ROUNDS[0].after, "draw reveal --beacon r.json")
        .refused(&["(signature)", "another chain"]);
    assert_eq!(before, snapshot(&dir.path().join("draws")));
    reveal(dir.path(), &ROUNDS[0]).ok();
    let path = public(dir.path(), 1, "announcement.json");
    let other = "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce";
    let chain = value(&path, "/beacon/chain");
    change(&path, &chain, other);
    refuted(dir.path(), "draw verify draws/0001", &["announcement.json", "beacon.chain"]);
}

#[test]
fn signature_of_another_round() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[0]).ok();
    let before = snapshot(&dir.path().join("draws"));
    let json = format!(r#"{{"round":123,"signature":"{}"}}"#, ROUNDS[1].signature);
    fs::write(dir.path().join("r.json"), json).unwrap();
    at(dir.path(), ROUNDS[0].after, "draw reveal --beacon r.json").refused(&["signature"]);
    assert_eq!(before, snapshot(&dir.path().join("draws")));
    // By hand, with the result that would follow: the signature is no longer the round's.
    reveal(dir.path(), &ROUNDS[0]).ok();
    let path = public(dir.path(), 1, "reveal.json");
    change(&path, ROUNDS[0].signature, ROUNDS[1].signature);
    refuted(dir.path(), "draw verify draws/0001", &["reveal.json", "beacon.signature"]);
    lodd_in(dir.path(), "draw compute draws/0001").refused(&["reveal.json"]);
    change(&path, "\"round\": 123", "\"round\": 1000");
    refuted(dir.path(), "draw verify draws/0001", &["reveal.json", "beacon.round"]);
}

#[test]
fn row_added() {
    let dir = drawn();
    let path = public(dir.path(), 1, "leaves.csv");
    let row = format!("kast,{}\n", "f".repeat(64));
    fs::write(&path, fs::read_to_string(&path).unwrap() + &row).unwrap();
    refuted(dir.path(), "draw verify draws/0001", &["leaves.csv"]);
    // With the number of units as well: then it is no longer what was announced.
    change(&public(dir.path(), 1, "announcement.json"), "\"units\": 12", "\"units\": 13");
    change(&public(dir.path(), 1, "announcement.json"), "        8\n", "        9\n");
    refuted(dir.path(), "draw verify draws/0001", &["leaves.csv", "reveal.json"]);
}

#[test]
fn row_removed() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[0]).ok();
    let path = public(dir.path(), 1, "leaves.csv");
    let text = fs::read_to_string(&path).unwrap();
    let last = text.trim_end().rfind('\n').unwrap() + 1;
    fs::write(&path, &text[..last]).unwrap();
    // Before the reveal: nothing can be drawn on a list that is not the locked one.
    let before = snapshot(&dir.path().join("draws"));
    reveal(dir.path(), &ROUNDS[0]).refused(&["leaves.csv"]);
    assert_eq!(before, snapshot(&dir.path().join("draws")));
    refuted(dir.path(), "draw verify draws/0001", &["leaves.csv"]);
}

#[test]
fn block_changed() {
    let dir = drawn();
    let path = public(dir.path(), 1, "leaves.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("kast,", "kasa,", 1)).unwrap();
    refuted(dir.path(), "draw verify draws/0001", &["leaves.csv"]);
    fs::write(&path, text.replace("kast,", "kasa,")).unwrap();
    change(
        &public(dir.path(), 1, "announcement.json"),
        "\"label\": \"kast\"",
        "\"label\": \"kasa\"",
    );
    refuted(dir.path(), "draw verify draws/0001", &["leaves.csv", "reveal.json"]);
}

#[test]
fn seats_changed() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[0]).ok();
    let path = public(dir.path(), 1, "announcement.json");
    let good = fs::read_to_string(&path).unwrap();
    let bad = good.replace("        4,\n        8\n", "        8,\n        4\n");
    assert_ne!(good, bad);
    fs::write(&path, &bad).unwrap();
    let before = snapshot(&dir.path().join("draws"));
    for words in ["draw reveal --beacon round.json", "draw void --reason feil"] {
        fs::write(dir.path().join("round.json"), ROUNDS[0].json()).unwrap();
        at(dir.path(), ROUNDS[0].after, words)
            .refused(&["is not the announcement that was recorded"]);
    }
    assert_eq!(before, snapshot(&dir.path().join("draws")));
    fs::write(&path, good).unwrap();
    reveal(dir.path(), &ROUNDS[0]).ok();
    fs::write(&path, bad).unwrap();
    refuted(dir.path(), "draw verify draws/0001", &["reveal.json"]);
}

#[test]
fn arms_reordered() {
    let dir = drawn();
    let path = public(dir.path(), 1, "announcement.json");
    let text = fs::read_to_string(&path).unwrap();
    let bad = text.replace(
        "    \"follow-up\",\n    \"ordinary\"\n",
        "    \"ordinary\",\n    \"follow-up\"\n",
    );
    assert_ne!(text, bad);
    fs::write(&path, bad).unwrap();
    refuted(dir.path(), "draw verify draws/0001", &["reveal.json"]);
}

#[test]
fn secret_swapped() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[0]).ok();
    let path = dir.path().join("private/0001/secret");
    let good = fs::read_to_string(&path).unwrap();
    let other = "ab".repeat(32);
    fs::write(&path, &other).unwrap();
    let before = snapshot(&dir.path().join("draws"));
    reveal(dir.path(), &ROUNDS[0]).refused(&["the secret must be the one"]);
    at(dir.path(), ROUNDS[0].after, "draw void --reason feil")
        .refused(&["the secret must be the one"]);
    assert_eq!(before, snapshot(&dir.path().join("draws")));
    fs::write(&path, &good).unwrap();
    reveal(dir.path(), &ROUNDS[0]).ok();
    change(&public(dir.path(), 1, "reveal.json"), good.trim(), &other);
    refuted(dir.path(), "draw verify draws/0001", &["reveal.json", "secret"]);
    lodd_in(dir.path(), "draw compute draws/0001").refused(&["reveal.json", "secret"]);
}

/// The list locked again with other salts: never over what was written, and with another hash.
#[test]
fn re_salted() {
    let dir = screened();
    let empty = fs::read(dir.path().join("pilot.sqlite")).unwrap();
    announce(dir.path(), &ROUNDS[1]).ok();
    let announced = fs::read(public(dir.path(), 1, "announcement.json")).unwrap();
    // The store forgets the draw: the announcement is taken up as it was.
    fs::write(dir.path().join("pilot.sqlite"), &empty).unwrap();
    announce(dir.path(), &ROUNDS[1]).ok();
    assert!(announced == fs::read(public(dir.path(), 1, "announcement.json")).unwrap());
    // The private side is gone as well: the number is refused.
    fs::write(dir.path().join("pilot.sqlite"), &empty).unwrap();
    fs::rename(dir.path().join("private/0001"), dir.path().join("kept")).unwrap();
    let before = snapshot(&dir.path().join("draws"));
    announce(dir.path(), &ROUNDS[1])
        .refused(&["it may have been seen, and stands", "private/0001"]);
    assert_eq!(before, snapshot(&dir.path().join("draws")));
    // All of it is gone: the new announcement has another hash than the one that was published.
    fs::rename(dir.path().join("draws"), dir.path().join("hidden")).unwrap();
    announce(dir.path(), &ROUNDS[1]).ok();
    assert!(announced != fs::read(public(dir.path(), 1, "announcement.json")).unwrap());
}

#[test]
fn void_after_the_reveal() {
    let dir = drawn();
    let before = snapshot(&dir.path().join("draws"));
    at(dir.path(), ROUNDS[1].before, "draw void --reason uheldig").refused(&["no draw is open"]);
    assert_eq!(before, snapshot(&dir.path().join("draws")));
    // By hand, beside the reveal or in its place of a chain that went on.
    let chain = two();
    let void = fs::read(public(chain.path(), 1, "void.json")).unwrap();
    fs::write(public(chain.path(), 2, "void.json"), &void).unwrap();
    refuted(chain.path(), "draw verify draws/0002", &["void.json"]);
}

#[test]
fn void_without_reason() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[0]).ok();
    let before = snapshot(&dir.path().join("draws"));
    assert_eq!(at(dir.path(), ROUNDS[0].after, "draw void").code, 2);
    at(dir.path(), ROUNDS[0].after, "draw void --reason \u{a0}").refused(&["must have a reason"]);
    assert_eq!(before, snapshot(&dir.path().join("draws")));
    at(dir.path(), ROUNDS[0].after, "draw void --reason feil").ok();
    change(&public(dir.path(), 1, "void.json"), "\"feil\"", "\"\"");
    refuted(dir.path(), "draw verify draws/0001", &["void.json", "reason"]);
    // Another reason shows against the next draw.
    let dir = two();
    change(&public(dir.path(), 1, "void.json"), "\"feil\"", "\"brann\"");
    refuted(dir.path(), "draw verify draws/0002", &["void.json"]);
}

#[test]
fn rehearsal_promoted() {
    let dir = drawn();
    let path = public(dir.path(), 1, "announcement.json");
    change(&path, "\"kast-rehearsal\"", "\"kast\"");
    refuted(dir.path(), "draw verify draws/0001", &["reveal.json"]);
    // With a fixed seed the label itself is refused.
    let fixed = screened();
    at(fixed.path(), ROUNDS[0].before, "draw announce --rehearsal").ok();
    at(fixed.path(), ROUNDS[0].after, &format!("draw reveal --seed {SEED}")).ok();
    change(&public(fixed.path(), 1, "announcement.json"), "\"kast-rehearsal\"", "\"kast\"");
    refuted(fixed.path(), "draw verify draws/0001", &["announcement.json", "pilot"]);
    // A pilot that counts takes none, neither by its clock nor by import.
    let real = screened();
    change(&real.path().join("pilot.toml"), "\"kast-rehearsal\"", "\"kast\"");
    let before = snapshot(real.path());
    announce(real.path(), &ROUNDS[0]).refused(&["can't be made by a scripted clock"]);
    lodd_in(real.path(), "draw announce --rehearsal --lang en")
        .refused(&["must end in -rehearsal"]);
    lodd_in(real.path(), "draw announce --rehearsal --witnessed x --lang en")
        .refused(&["must end in -rehearsal"]);
    let theirs = drawn();
    let from = theirs.path().join("draws/0001").display().to_string();
    let list = theirs.path().join("private/0001/private.csv").display().to_string();
    lodd_in(
        real.path(),
        &format!("draw import {from} --private {list} --drawn-on 2023-08-23 --lang en"),
    )
    .refused(&["does not belong to this pilot", "(pilot)"]);
    assert_eq!(before, snapshot(real.path()));
}

/// The result of a later attempt: without the private values the verdict says what it can't tell,
/// with them it is refused.
#[test]
fn a_later_attempt_chosen() {
    let dir = copied(&root().join("crates/lodd-draw/tests/vectors/draw/constrained"));
    let covariates = "--covariates 0001/covariates.csv";
    let rename = |dir: &std::path::Path| {
        fs::create_dir_all(dir.join("draws")).unwrap();
        copy(&dir.join("0001"), &dir.join("draws/0001"));
    };
    rename(dir.path());
    lodd_in(dir.path(), &format!("draw verify draws/0001 {covariates}")).ok();
    change(&public(dir.path(), 1, "reveal.json"), "\"attempt\": 2", "\"attempt\": 3");
    recompute(dir.path(), 1);
    let json = lodd_in(dir.path(), "draw verify draws/0001 --json").ok().json();
    let note = json["notes"][0].as_str().unwrap();
    assert!(note.contains("constraint not checked; any of 100000 results would pass"), "{note}");
    refuted(dir.path(), &format!("draw verify draws/0001 {covariates}"), &["attempt"]);
}

/// Another text than was read out, with the result that follows: the witnesses know, and so does
/// the next draw of the chain.
#[test]
fn witnessed_value_replaced() {
    let dir = screened();
    at(dir.path(), ROUNDS[0].before, "draw announce --witnessed terninger").ok();
    at(dir.path(), ROUNDS[0].after, "draw reveal --value 4-2-6-1").ok();
    // Two draws of one list: the first is drawn, so its families are not free.
    at(dir.path(), ROUNDS[1].before, "draw announce --witnessed terninger")
        .refused(&["no families to draw"]);
    let path = public(dir.path(), 1, "reveal.json");
    assert_eq!(value(&path, "/beacon/value"), "4-2-6-1");
    change(&path, "4-2-6-1", "6-6-6-6");
    refuted(dir.path(), "draw verify draws/0001", &["reveal.json", "beacon.value"]);
    recompute(dir.path(), 1);
    // What was published first is the trace: the ledger's hash of it, and the published file.
    lodd_in(dir.path(), "draw verify draws/0001").ok();
    at(dir.path(), ROUNDS[1].after, "draw reveal --value 6-6-6-6").refused(&["no draw is open"]);
}
