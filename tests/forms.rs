//! The offices' forms: what openpyxl and LibreOffice, which share no code with lodd, see in them, and
//! what lodd reads of what they save.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{Ran, copied, lodd_in, python, root};

/// A pilot that was drawn on 31 August 2015 and told of at its start.
fn pilot() -> tempfile::TempDir {
    let dir = copied(&root().join("data").join("ringerike"));
    for (clock, words) in [
        ("2015-08-20T09:00:00Z", "roster import roster.xlsx"),
        ("2015-08-20T09:30:00Z", "screen"),
        ("2015-08-28T12:00:00Z", "upload status-2015-08.xlsx --office ringerike"),
        (
            "2015-08-31T10:00:00Z",
            "draw import draw/0001 --private draw/private.csv --drawn-on 2015-08-31",
        ),
    ] {
        at(dir.path(), clock, words).ok();
    }
    dir
}

const NOW: &str = "2016-09-26T09:00:00Z";

fn at(dir: &Path, clock: &str, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock {clock} --lang nb {words}"))
}

fn look(words: &[&str]) -> Ran {
    let args: Vec<&Path> = words.iter().map(Path::new).collect();
    python("forms.py", &args).ok()
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What LibreOffice makes of files, in a folder of its own. A start takes seconds, so it is given all
/// files of one kind at once.
fn office(dir: &Path, to: &str, files: &[&Path], into: &str) -> PathBuf {
    let out = dir.join(into);
    let profile = format!("-env:UserInstallation=file://{}", shown(&dir.join("libreoffice")));
    let mut command = Command::new("soffice");
    // An office's computer is Norwegian: dates are shown, and saved as text, with the day first.
    command.env("LC_ALL", "nb_NO.UTF-8");
    command.args(["--headless", &profile, "--convert-to", to, "--outdir"]).arg(&out).args(files);
    Ran::new(&command.output().expect("no LibreOffice: run `cargo xtask test --install`")).ok();
    out
}

/// LibreOffice's csv filter: the delimiter, the quotation mark, the character set (76 is UTF-8, 1 is
/// Windows-1252), cells as they are shown, and the sheet's number.
fn csv(delimiter: char, set: u32, sheet: u32) -> String {
    let delimiter = u32::from(delimiter);
    format!(
        "csv:Text - txt - csv (StarCalc):{delimiter},34,{set},1,,0,false,true,false,false,false,{sheet}"
    )
}

#[test]
fn a_form_asks_the_same_of_both_arms_and_openpyxl_finds_it_in_order() {
    let dir = pilot();
    let (nb, nn) = (dir.path().join("status.xlsx"), dir.path().join("status-nn.xlsx"));
    at(dir.path(), NOW, "template status.xlsx --office ringerike").ok();
    lodd_in(
        dir.path(),
        &format!("--clock {NOW} --lang nn template status-nn.xlsx --office ringerike"),
    )
    .ok();
    look(&["check", shown(&nb), "nb", "2016-09-26T09:00:00"]);
    look(&["check", shown(&nn), "nn", "2016-09-26T09:00:00"]);
    look(&["families", shown(&nb), shown(dir.path())]);
    // The same input gives the same bytes, and nobody's work is overwritten.
    at(dir.path(), NOW, "template again.xlsx --office ringerike").ok();
    assert_eq!(fs::read(&nb).unwrap(), fs::read(dir.path().join("again.xlsx")).unwrap());
    let again = at(dir.path(), NOW, "template status.xlsx --office ringerike");
    assert_eq!(again.code, 2, "{}", again.stderr);
    assert!(again.stderr.contains("finnes fra før"), "{}", again.stderr);
    at(dir.path(), NOW, "template x.xlsx --office nowhere").refused(&["nowhere"]);
    assert!(!dir.path().join("x.xlsx").exists());
}

/// The windows follow from the date of the draw and the protocol alone: 31 August 2016 and the turn of
/// the year, 45 days either way, and 30 more to deliver.
#[test]
fn what_is_due_is_what_the_form_asks() {
    let dir = pilot();
    let due = |clock: &str| at(dir.path(), clock, "--json due --office ringerike").ok().json();
    let found = due(NOW);
    let rows = found["due"].as_array().unwrap();
    let drawn =
        fs::read_to_string(dir.path().join("draw/private.csv")).unwrap().lines().count() - 1;
    let at_horizon = |horizon: &str| rows.iter().filter(|it| it["horizon"] == horizon).count();
    for horizon in ["0", "12", "2016-12-31"] {
        assert_eq!(at_horizon(horizon), drawn, "{horizon}");
    }
    let twelve = rows.iter().find(|it| it["horizon"] == "12").unwrap();
    for (key, expected) in [
        ("target", "2016-08-31"),
        ("window_low", "2016-07-17"),
        ("window_high", "2016-10-15"),
        ("due_on", "2016-11-14"),
        ("state", "open"),
    ] {
        assert_eq!(twelve[key], expected, "{key}");
    }
    let states = |clock: &str, horizon: &str| {
        let found = due(clock);
        let rows = found["due"].as_array().unwrap().clone();
        let mut states: Vec<String> = rows
            .iter()
            .filter(|it| it["horizon"] == horizon)
            .map(|it| it["state"].as_str().unwrap().to_owned())
            .collect();
        states.sort();
        states.dedup();
        states
    };
    assert_eq!(states("2016-07-16T09:00:00Z", "12"), ["later"]);
    assert_eq!(states("2016-07-17T09:00:00Z", "12"), ["open"]);
    assert_eq!(states("2016-11-14T09:00:00Z", "12"), ["open"]);
    assert_eq!(states("2016-11-15T09:00:00Z", "12"), ["overdue"]);
    // The start was told of in August 2015; the answers of a year later are new.
    let missing =
        rows.iter().filter(|it| it["horizon"] == "0" && it["state"] == "reported").count();
    assert!(missing > drawn / 2, "{missing} of {drawn}");
    at(dir.path(), "2016-09-26T09:00:00Z", "upload status-2016-09.xlsx --office ringerike").ok();
    assert!(states(NOW, "12").contains(&"reported".to_owned()));
}

#[test]
fn what_openpyxl_and_libreoffice_save_is_read_value_for_value() {
    let dir = pilot();
    let path = |name: &str| dir.path().join(name);
    at(dir.path(), NOW, "template form.xlsx --office ringerike").ok();
    look(&["fill", shown(&path("form.xlsx")), shown(&path("filled.xlsx"))]);
    look(&["spoil", shown(&path("form.xlsx")), shown(&path("status.xlsx"))]);

    // Two families are held; the file that goes back is mended and delivered.
    let held = at(dir.path(), NOW, "--json upload status.xlsx --office ringerike").ok().json();
    assert_eq!(held["held"], 2, "{held}");
    assert_eq!(held["correction"], "status_retting.xlsx", "{held}");
    look(&["mend", shown(&path("status_retting.xlsx")), shown(&path("mended.xlsx"))]);
    let saved = office(
        dir.path(),
        "xlsx",
        &[&path("filled.xlsx"), &path("mended.xlsx")],
        "libreoffice-xlsx",
    );
    fs::copy(saved.join("mended.xlsx"), path("rettet.xlsx")).unwrap();
    let mended = at(dir.path(), NOW, "--json upload rettet.xlsx --office ringerike").ok().json();
    assert_eq!((&mended["held"], &mended["new"]), (&0.into(), &2.into()), "{mended}");
    let codes = |it: &serde_json::Value| -> Vec<String> {
        let findings = it["findings"].as_array().unwrap();
        findings.iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
    };
    for code in ["H08", "P04", "D11", "D01"] {
        assert!(!codes(&mended).contains(&code.to_owned()), "{mended}");
    }

    // Everything is there now: the whole form, saved by openpyxl and by LibreOffice, changes nothing.
    fs::copy(saved.join("filled.xlsx"), path("lagret.xlsx")).unwrap();
    for (set, name) in [(76, "utf8"), (1, "windows")] {
        let out = office(dir.path(), &csv(';', set, 3), &[&path("filled.xlsx")], name);
        let made = fs::read_dir(&out).unwrap().next().unwrap().unwrap().path();
        fs::copy(made, path(&format!("{name}.csv"))).unwrap();
    }
    for file in ["filled.xlsx", "lagret.xlsx", "utf8.csv", "windows.csv"] {
        let words = format!("--json upload {file} --office ringerike");
        let answer = at(dir.path(), NOW, &words).ok().json();
        let none = serde_json::Value::from(0);
        for count in ["new", "corrected", "held"] {
            assert_eq!(answer[count], none, "{file}: {answer}");
        }
        assert!(answer["unchanged"].as_i64().unwrap() > 20, "{file}: {answer}");
    }

    at(dir.path(), "2017-03-21T09:00:00Z", "plan lock").ok();
    at(dir.path(), "2017-03-21T09:10:00Z", "panel").ok();
    let seen =
        look(&["panel", shown(&path("form.xlsx")), shown(&path("out/panel.parquet"))]).json();
    assert!(seen["values"].as_i64().unwrap() > 1_000, "{seen}");
}

#[test]
fn another_file_of_that_name_is_left_alone() {
    let dir = pilot();
    at(dir.path(), NOW, "template form.xlsx --office ringerike").ok();
    let path = |name: &str| dir.path().join(name);
    look(&["spoil", shown(&path("form.xlsx")), shown(&path("status.xlsx"))]);
    fs::write(path("status_retting.xlsx"), "somebody's own").unwrap();
    let answer = at(dir.path(), NOW, "upload status.xlsx --office ringerike").ok();
    assert!(answer.stderr.contains("status_retting.xlsx"), "{}", answer.stderr);
    assert_eq!(fs::read(path("status_retting.xlsx")).unwrap(), b"somebody's own");
}

#[test]
fn the_log_names_only_families_that_are_followed_and_the_roster_form_is_read() {
    let dir = pilot();
    at(dir.path(), NOW, "template logg.xlsx --office ringerike --log").ok();
    let log =
        at(dir.path(), NOW, "--json template logg2.xlsx --office ringerike --log").ok().json();
    assert_eq!(log["families"], 15, "the draw has 15 places");
    at(dir.path(), NOW, "roster template liste.xlsx").ok();
    // An empty form is refused for what it lacks, not for what it is.
    at(dir.path(), NOW, "roster import liste.xlsx").refused(&["F06"]);
}
