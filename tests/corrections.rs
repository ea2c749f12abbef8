//! Events that an office tells otherwise than before: within 30 days it may, later it must say why,
//! and what is published it is told of.

use std::{fs, path::Path};

use lodd_store::{Clock, Pilot, Stamp, pilot::Release};
use serde_json::Value;

use crate::{
    demo::demo,
    support::{copied, lodd_in, python},
};

const FAMILY: &str = "KAS-7X7Q-F";

fn deliver(dir: &Path, day: &str, name: &str, text: &str) -> Value {
    fs::write(dir.join(name), text).unwrap();
    let clock = format!("{day}T09:00:00Z");
    let words =
        format!("--clock {clock} --lang nb --json upload {name} --office kast --accept-good");
    lodd_in(dir, &words).ok().json()
}

/// New, unchanged, corrected, held, resolved.
fn counts(said: &Value) -> [i64; 5] {
    ["new", "unchanged", "corrected", "held", "resolved"].map(|key| said[key].as_i64().unwrap())
}

/// Code, cell and message of the one finding that is not a warning of something else.
fn finding<'a>(said: &'a Value, code: &str) -> (&'a str, &'a str) {
    let all = said["findings"].as_array().unwrap();
    let it =
        all.iter().find(|it| it["code"] == code).unwrap_or_else(|| panic!("no {code}: {said}"));
    (it["cell"].as_str().unwrap(), it["message"].as_str().unwrap())
}

/// What stands of a family's moves.
fn municipality(dir: &Path) -> Vec<String> {
    let shown = lodd_in(dir, &format!("family show {FAMILY} --json")).ok().json();
    let rows = shown["events"].as_array().unwrap();
    let stands = rows.iter().filter(|it| it["table"] == "family_moves" && it["stands"] == true);
    stands.map(|it| it["municipality"].as_str().unwrap().to_owned()).collect()
}

fn moved(to: &str) -> String {
    format!("familie_id;dato;til_kommune;til_kontor\n{FAMILY};2027-01-10;{to};\n")
}

#[test]
fn an_old_event_is_corrected_only_with_a_reason() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    let said = deliver(dir, "2027-02-02", "a.csv", &moved("0301"));
    assert_eq!(counts(&said), [1, 0, 0, 0, 0]);
    // Young enough: corrected, and the difference is shown before.
    fs::write(dir.join("b.csv"), moved("1103")).unwrap();
    let dry =
        lodd_in(dir, "--clock 2027-02-20T09:00:00Z --lang en upload b.csv --office kast --dry-run")
            .ok()
            .stdout;
    assert!(dry.contains("KAS-7X7Q-F 2027-01-10 til_kommune: 0301 → 1103"), "{dry}");
    assert_eq!(counts(&deliver(dir, "2027-02-20", "b.csv", &moved("1103"))), [0, 0, 1, 0, 0]);
    assert_eq!(municipality(dir), ["1103"]);

    // Forty days later it is held, at its cell, with all that the file tells of that day.
    let said = deliver(dir, "2027-04-01", "c.csv", &moved("5001"));
    assert_eq!(counts(&said), [0, 0, 0, 1, 0], "{said}");
    let (cell, message) = finding(&said, "K13");
    assert_eq!(cell, "C2");
    assert!(message.contains("«1103»") && message.contains("«5001»"), "{message}");
    assert_eq!(municipality(dir), ["1103"]);
    // The same as stands is none, and neither is an old correction that says why.
    assert_eq!(counts(&deliver(dir, "2027-04-02", "d.csv", &(moved("1103") + "\n")))[..2], [0, 1]);
    let with_reason = format!(
        "familie_id;dato;til_kommune;til_kontor;arsak_til_retting\n{FAMILY};2027-01-10;5001;;NY_INFO\n"
    );
    let said = deliver(dir, "2027-04-03", "e.csv", &with_reason);
    assert_eq!(counts(&said)[..4], [0, 0, 1, 0], "{said}");
    assert_eq!(municipality(dir), ["5001"]);
    // Taken back, it corrects too; both versions and the reason stay.
    let back = |why: &str| {
        format!(
            "familie_id;dato;til_kommune;til_kontor;registrering;arsak_til_retting\n\
             {FAMILY};2027-01-10;5001;;TILBAKEKALT;{why}\n"
        )
    };
    let said = deliver(dir, "2027-06-01", "f.csv", &back(""));
    assert_eq!((counts(&said)[3], finding(&said, "K13").0), (1, "E2"));
    assert_eq!(counts(&deliver(dir, "2027-06-02", "g.csv", &back("FEIL_PERSON")))[2], 1);
    assert_eq!(municipality(dir), [""; 0]);
    let shown = lodd_in(dir, &format!("family show {FAMILY} --json")).ok().json();
    assert_eq!(shown["events"].as_array().unwrap().len(), 4);
    lodd_in(dir, "ledger verify").ok();
}

/// An end to what had begun adds to it; another end is a correction. So are members' times.
#[test]
fn more_to_tell_needs_no_reason() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    let consent = |withdrawn: &str| {
        format!("medlem_id;type;dato;svar;trukket\n{FAMILY}-A1;TILTAK;2026-08-10;JA;{withdrawn}\n")
    };
    let of = |day: &str, name: &str, text: &str| counts(&deliver(dir, day, name, text));
    assert_eq!(of("2027-02-02", "a.csv", &consent(""))[0], 1);
    assert_eq!(of("2027-05-02", "b.csv", &consent("2027-05-01"))[2..4], [1, 0]);
    let said = deliver(dir, "2027-08-02", "c.csv", &consent("2027-05-03"));
    assert_eq!((counts(&said)[3], finding(&said, "K13").0), (1, "E2"));
    assert!(finding(&said, "K13").1.contains("«2027-05-01»"));

    let pilot = Pilot::open(dir).unwrap();
    let treated = pilot.assignments(1).unwrap().into_iter().find(|it| it.arm == "follow-up");
    let treated = treated.unwrap().unit_id;
    drop(pilot);
    let log = |meetings: i64, by: &str, ended: &str| {
        format!(
            "familie_id;startet;sluttet;sluttarsak;moter;koordinator;avvik\n\
             {treated};2026-09-10;{ended};{meetings};{by};\n"
        )
    };
    assert_eq!(of("2027-02-03", "d.csv", &log(4, "K1", ";"))[0], 1);
    assert_eq!(of("2027-05-03", "e.csv", &log(9, "K2", ";"))[2..4], [1, 0]);
    assert_eq!(of("2027-08-03", "f.csv", &log(12, "K2", "2027-08-01;FULLFORT"))[2..4], [1, 0]);
    let said = deliver(dir, "2027-12-03", "g.csv", &log(3, "K2", "2027-08-01;FULLFORT"));
    assert_eq!((counts(&said)[3], finding(&said, "K13").0), (1, "E2"), "fewer meetings");
}

/// One family and date is held as one: statuses and events of it, in whatever sheets.
#[test]
fn what_belongs_together_is_held_together() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    deliver(dir, "2027-02-02", "a.csv", &moved("0301"));
    for (name, sheet, text) in [
        ("s1.csv", "Flytting", moved("5001")),
        (
            "s2.csv",
            "Voksne",
            format!(
                "voksen_id;statusdato;inntekt\n{FAMILY}-A1;2027-01-10;LONN\nKAS-MWR5-H-A1;2027-01-10;LONN\n"
            ),
        ),
    ] {
        fs::write(dir.join(name), text).unwrap();
        fs::write(dir.join(name.replace(".csv", ".name")), sheet).unwrap();
    }
    let paths = ["s1.csv", "both.xlsx", "s1.name", "s2.csv", "s2.name"].map(|it| dir.join(it));
    let paths: Vec<&Path> = paths.iter().map(std::path::PathBuf::as_path).collect();
    python("as_xlsx.py", &paths).ok();
    let words = "--clock 2027-04-01T09:00:00Z --json upload both.xlsx --office kast --accept-good";
    let said = lodd_in(dir, words).ok().json();
    assert_eq!(counts(&said), [1, 0, 0, 1, 0], "{said}");
    let rows = Pilot::open(dir).unwrap().held_rows(said["receipt"]["upload"].as_i64().unwrap(), 1);
    let rows = rows.unwrap().unwrap();
    assert!(rows.contains("Flytting") && rows.contains("Voksne"), "{rows}");
    assert!(said["correction"].is_string());
}

/// A young event that stands in a published cut needs a reason, and with one a notice is given.
#[test]
fn a_published_event_is_corrected_only_with_a_reason() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    deliver(dir, "2027-02-02", "a.csv", &moved("0301"));
    let mut pilot = Pilot::open(dir).unwrap();
    let at_us = 1_801_600_000_000_000; // 2027-02-02T21:33:20Z
    let actor = "one person, command line".to_owned();
    let cut_us = pilot.cut_default().unwrap();
    let release = Release {
        cut_us,
        name: "effects".to_owned(),
        kind: lodd_store::pilot::ReleaseKind::Report,
        contents: "{}".to_owned(),
    };
    pilot.record_release(&Stamp { at_us, clock: Clock::Scripted, actor }, &release).unwrap();
    drop(pilot);
    let said = deliver(dir, "2027-02-04", "b.csv", &moved("1103"));
    assert_eq!((counts(&said)[3], finding(&said, "K13").0), (1, "C2"));
    let with_reason = format!(
        "familie_id;dato;til_kommune;til_kontor;arsak_til_retting\n{FAMILY};2027-01-10;1103;;TASTEFEIL\n"
    );
    let said = deliver(dir, "2027-02-05", "c.csv", &with_reason);
    assert_eq!((counts(&said)[2], finding(&said, "K14").0), (1, "C2"));
}
