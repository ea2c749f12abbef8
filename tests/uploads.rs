//! What an office delivers: once is enough, what is held is mended, what is corrected says why.

use std::{fs, path::Path};

use lodd_store::{
    Clock, Pilot, Stamp,
    pilot::{DrawStatus, Release},
};
use serde_json::Value;

use crate::support::{Ran, copied, lodd_in, python, root, snapshot};

const HEADER: &str = "voksen_id;statusdato;inntekt;arbeid;tillegg";

/// The throw-away pilot with its roster read and the first statuses delivered.
fn pilot() -> tempfile::TempDir {
    let dir = copied(&root().join("data/kast"));
    lodd_in(dir.path(), "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv")
        .ok();
    upload(dir.path(), "2026-09-01", "start.csv", "").ok();
    dir
}

fn upload(dir: &Path, day: &str, file: &str, more: &str) -> Ran {
    let words = format!("--clock {day}T07:00:00Z --json upload {file} --office kast{more}");
    lodd_in(dir, &words)
}

/// Writes rows under the header, delivers them on a day, and gives what the program says.
fn deliver(dir: &Path, day: &str, rows: &[&str], more: &str) -> Value {
    write(dir, "rows.csv", rows);
    upload(dir, day, "rows.csv", more).ok().json()
}

fn write(dir: &Path, file: &str, rows: &[&str]) {
    fs::write(dir.join(file), format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap();
}

/// New, unchanged, corrected, held, resolved.
fn counts(said: &Value) -> [i64; 5] {
    ["new", "unchanged", "corrected", "held", "resolved"].map(|key| said[key].as_i64().unwrap())
}

fn finding<'a>(said: &'a Value, code: &str) -> &'a Value {
    let all = said["findings"].as_array().unwrap();
    all.iter().find(|it| it["code"] == code).unwrap_or_else(|| panic!("no {code}: {said}"))
}

#[test]
fn a_receipt_proves_what_was_delivered_and_is_given_again() {
    let dir = pilot();
    let receipts = dir.path().join("out/receipts");
    let written = snapshot(&receipts);
    // The JSON, the page, and the list of their hashes.
    assert_eq!(written.len(), 3);
    let again = upload(dir.path(), "2026-09-02", "start.csv", "").ok().json();
    assert_eq!(again["receipt"]["already"], true);
    assert_eq!(finding(&again, "F08")["severity"], "info");
    let mut told = again["receipt"].clone();
    told.as_object_mut().unwrap().remove("already");
    let file = fs::read_to_string(receipts.join("000002.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&file).unwrap(), told);
    // Lost and delivered again, it is the same receipt.
    fs::remove_file(receipts.join("000002.json")).unwrap();
    upload(dir.path(), "2026-09-03", "start.csv", "").ok();
    assert_eq!(fs::read_to_string(receipts.join("000002.json")).unwrap(), file);
    let counts = serde_json::json!({
        "delivered": 12, "new": 12, "unchanged": 0, "corrected": 0, "held": 0, "resolved": 0
    });
    assert_eq!(told["counts"], counts);
    assert_eq!(told["recorded_at"], "2026-09-01T09:00:00+02:00");
    // `sha256sum data/kast/start.csv`
    let sha256 = "f0684232c978c542d17f6f75f296cce14b8ffff8acdb41a7d5702b75d89d942a";
    assert_eq!(told["file_sha256"], sha256);
    let page = fs::read_to_string(receipts.join("000002.html")).unwrap();
    for words in [sha256, told["hash"].as_str().unwrap(), "Nav Øvelse"] {
        assert!(page.contains(words), "{words}");
    }
    let ledger = lodd_in(dir.path(), "ledger verify --json").ok().json();
    assert_eq!((ledger["entries"].as_i64(), &ledger["head"]), (Some(2), &told["ledger_head"]));
}

/// Rows and columns in another order, another delimiter, another encoding, another format: other
/// bytes that say the same change nothing.
#[test]
fn what_says_the_same_changes_nothing() {
    let dir = pilot();
    let text = fs::read_to_string(dir.path().join("start.csv")).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(';').collect()).collect();
    let permuted = |order: &[usize], between: &str| -> String {
        let line = |row: &Vec<&str>| -> String {
            let cells: Vec<&str> = order.iter().map(|at| row[*at]).collect();
            cells.join(between) + "\r\n"
        };
        let body: String = rows[1..].iter().rev().map(line).collect();
        line(&rows[0]) + &body
    };
    fs::write(dir.path().join("a.csv"), permuted(&[3, 0, 4, 2, 1], ";")).unwrap();
    fs::write(dir.path().join("b.csv"), permuted(&[1, 0, 2, 3, 4], "\t")).unwrap();
    fs::write(dir.path().join("c.csv"), format!("\u{feff}{}", permuted(&[0, 1, 2, 3, 4], ",")))
        .unwrap();
    fs::write(dir.path().join("name"), "Voksne").unwrap();
    let paths = ["start.csv", "d.xlsx", "name"].map(|file| dir.path().join(file));
    python("as_xlsx.py", &[&paths[0], &paths[1], &paths[2]]).ok();
    for file in ["a.csv", "b.csv", "c.csv", "d.xlsx"] {
        let said = upload(dir.path(), "2026-09-05", file, "").ok().json();
        assert_eq!(counts(&said), [0, 12, 0, 0, 0], "{file}: {said}");
    }
}

#[test]
fn what_is_held_is_resolved_by_the_mended_file() {
    let dir = pilot();
    let good = "KAS-QXKD-N-A1;2026-08-31;LONN;HELTID;";
    let said = deliver(
        dir.path(),
        "2026-09-02",
        &[
            good,
            "KAS-7X7Q-F-A1;2026-08-31;LONN;HELTTID;",
            "KAS-MWR5-H-A1;2027-08-31;LONN;HELTID;",
            "KAS-4WFH-X-A1;2026-08-31;LONN;HELTID;",
        ],
        " --accept-good",
    );
    assert_eq!(counts(&said), [1, 0, 0, 3, 0], "{said}");
    // One mended, one not yet: only the mended is resolved. The year was wrong in the third.
    let said = deliver(
        dir.path(),
        "2026-09-03",
        &["KAS-7X7Q-F-A1;2026-08-31;LONN;HELTID;", "KAS-MWR5-H-A1;2026-08-31;LONN;HELTID;"],
        "",
    );
    assert_eq!(counts(&said), [2, 0, 0, 0, 2], "{said}");
    let open = || {
        let pilot = Pilot::open(dir.path()).unwrap();
        pilot.open_holds("kast").unwrap().into_iter().map(|it| it.family_id).collect::<Vec<_>>()
    };
    assert_eq!(open().len(), 1);
    // The mistyped id, as it should have been.
    let said = deliver(dir.path(), "2026-09-04", &["KAS-4WFH-8-A1;2026-08-31;LONN;HELTID;"], "");
    assert_eq!(counts(&said), [1, 0, 0, 0, 1], "{said}");
    assert!(open().is_empty());
}

#[test]
fn a_dry_run_shows_the_difference_and_writes_nothing() {
    let dir = pilot();
    write(
        dir.path(),
        "rows.csv",
        &["KAS-QXKD-N-A1;2026-08-25;AAP;#SLETT;", "KAS-QXKD-N-A1;2026-08-31;AAP;HELTID;"],
    );
    let before = snapshot(dir.path());
    let said = upload(dir.path(), "2026-09-02", "rows.csv", " --dry-run").ok().json();
    assert_eq!(counts(&said), [1, 0, 1, 0, 0]);
    let changes: Value = serde_json::from_str(
        r#"[{ "unit": "KAS-QXKD-N-A1", "status_date": "2026-08-25", "source": "VEILEDER",
              "register": null, "reason_code": null, "answers": [
                { "variable": "ARBEID", "before": "DELTID", "after": null },
                { "variable": "INNTEKT", "before": "LONN", "after": "AAP" }] }]"#,
    )
    .unwrap();
    assert_eq!(said["changes"], changes);
    let words = "--clock 2026-09-02T07:00:00Z --lang nb upload rows.csv --office kast --dry-run";
    let told = lodd_in(dir.path(), words).ok().stdout;
    assert!(told.contains("KAS-QXKD-N-A1 2026-08-25 INNTEKT: LONN → AAP"), "{told}");
    assert_eq!(before, snapshot(dir.path()), "something was written");
}

/// K13 at the changed cell; with a reason it goes in, and both versions are kept.
#[test]
fn an_old_version_is_corrected_only_with_a_reason() {
    let dir = pilot();
    let row = "KAS-QXKD-N-A1;2026-08-25;AAP;DELTID;";
    let others = ["KAS-7X7Q-F-A1", "KAS-MWR5-H-A1", "KAS-4WFH-8-A1", "KAS-HV3V-5-A1"]
        .map(|id| format!("{id};2026-09-20;LONN;HELTID;"));
    let rows: Vec<&str> = [row].into_iter().chain(others.iter().map(String::as_str)).collect();
    let said = deliver(dir.path(), "2026-10-02", &rows, "");
    assert_eq!(counts(&said), [4, 0, 0, 1, 0], "{said}");
    let found = finding(&said, "K13");
    assert_eq!((&found["cell"], &found["unit"]), (&"C2".into(), &"KAS-QXKD-N-A1".into()));
    let message = found["message"].as_str().unwrap();
    assert!(message.contains("LONN") && message.contains("AAP"), "{message}");

    fs::write(
        dir.path().join("why.csv"),
        "voksen_id;statusdato;inntekt;arsak_til_retting\nKAS-QXKD-N-A1;2026-08-25;AAP;TASTEFEIL\n",
    )
    .unwrap();
    let said = upload(dir.path(), "2026-10-03", "why.csv", "").ok().json();
    assert_eq!(counts(&said), [0, 0, 1, 0, 1], "{said}");
}

/// A young version needs no reason, unless its figures are published: then K13, and with one K14.
#[test]
fn what_is_published_is_corrected_only_with_a_reason() {
    let dir = pilot();
    let mut pilot = Pilot::open(dir.path()).unwrap();
    let stamp = Stamp {
        at_us: 1_788_500_000_000_000,
        clock: Clock::Scripted,
        actor: "one person, command line".to_owned(),
    };
    let cut_us = pilot.cut_default().unwrap();
    let release = Release {
        cut_us,
        name: "effects".to_owned(),
        kind: lodd_store::pilot::ReleaseKind::Report,
        contents: "{}".to_owned(),
    };
    pilot.record_release(&stamp, &release).unwrap();
    assert!(pilot.draws().unwrap().iter().all(|it| it.status != DrawStatus::Drawn));
    drop(pilot);
    let row = "KAS-QXKD-N-A1;2026-08-25;AAP;DELTID;";
    let said = deliver(dir.path(), "2026-09-05", &[row], " --accept-good");
    assert_eq!(counts(&said), [0, 0, 0, 1, 0], "{said}");
    finding(&said, "K13");
    fs::write(
        dir.path().join("why.csv"),
        "voksen_id;statusdato;inntekt;arsak_til_retting\nKAS-QXKD-N-A1;2026-08-25;AAP;TASTEFEIL\n",
    )
    .unwrap();
    let said = upload(dir.path(), "2026-09-06", "why.csv", "").ok().json();
    assert_eq!(counts(&said), [0, 0, 1, 0, 1], "{said}");
    let found = finding(&said, "K14");
    assert_eq!((&found["cell"], &found["severity"]), (&"C2".into(), &"warning".into()));
}

#[test]
fn a_file_that_would_change_much_must_say_that_it_means_to() {
    let dir = pilot();
    let text = fs::read_to_string(dir.path().join("start.csv")).unwrap();
    let text = text.replace("LEDIG_REG", "LEDIG_UREG");
    fs::write(dir.path().join("rows.csv"), text).unwrap();
    let before = snapshot(dir.path());
    upload(dir.path(), "2026-09-05", "rows.csv", "").refused(&["7", "12", "--correction"]);
    assert_eq!(before, snapshot(dir.path()), "something was written");
    let said = upload(dir.path(), "2026-09-05", "rows.csv", " --correction").ok().json();
    assert_eq!(counts(&said), [0, 5, 7, 0, 0], "{said}");
}
