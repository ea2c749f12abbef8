//! A family that moves to another office of the pilot: who owes, and may tell of, what.

use std::{fs, path::Path};

use crate::{
    serve::families::two_offices,
    support::{Ran, lodd_in, python},
};

/// Of `kast`, with a status from before the draw and none since.
const FAMILY: &str = "KAS-7X7Q-F";

fn at(dir: &Path, day: &str, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock {day}T08:00:00Z --lang en {words}"))
}

/// Whether an office owes something of the family.
fn owes(dir: &Path, office: &str) -> bool {
    let owed = at(dir, "2026-12-10", &format!("--json due --office {office}")).ok().json();
    owed.to_string().contains(FAMILY)
}

/// Whether an office's form asks about it.
fn asks(dir: &Path, office: &str) -> bool {
    let form = dir.join(format!("{office}.xlsx"));
    at(dir, "2026-12-10", &format!("template --office {office} {}", form.display())).ok();
    let cells = python("cells.py", &[&form]).ok().stdout;
    fs::remove_file(form).unwrap();
    cells.contains(FAMILY)
}

/// An office delivers a status of the family's adult.
fn tells(dir: &Path, office: &str, on: &str, work: &str) -> Ran {
    let head = "voksen_id;statusdato;inntekt;arbeid;tillegg";
    let row = format!("{FAMILY}-A1;{on};LONN;{work};BARNETRYGD");
    fs::write(dir.join("svar.csv"), format!("{head}\n{row}\n")).unwrap();
    at(dir, "2026-12-10", &format!("upload svar.csv --office {office}"))
}

#[test]
fn whoever_follows_a_family_tells_of_it_and_whoever_did_of_the_days_before() {
    let dir = two_offices();
    let dir = dir.path();
    for (office, its) in [("kast", true), ("annet", false)] {
        assert_eq!((owes(dir, office), asks(dir, office)), (its, its), "{office}");
    }
    tells(dir, "annet", "2026-12-04", "DELTID").refused(&["K04", "kast"]);

    let moved = format!("family move {FAMILY} --municipality 9998 --office annet --on 2026-12-01");
    at(dir, "2026-12-02", &moved).ok();
    for (office, its) in [("kast", false), ("annet", true)] {
        assert_eq!((owes(dir, office), asks(dir, office)), (its, its), "{office}");
    }
    tells(dir, "kast", "2026-12-04", "HELTID").refused(&["K04", "annet"]);
    tells(dir, "annet", "2026-12-04", "DELTID").ok();
    // What it may not tell it is not shown either: no difference from what the other office told.
    let looked = tells(dir, "kast", "2026-12-04", "HELTID").refused(&["K04"]);
    assert!(!format!("{}{}", looked.stdout, looked.stderr).contains("DELTID"));
    // Nor by a comparison with it: disability benefit, and a wage four days later, would be K15.
    let head = "voksen_id;statusdato;inntekt;arbeid;tillegg";
    let row = format!("{FAMILY}-A1;2026-11-30;UFORETRYGD;IKKE_SOKER;BARNETRYGD");
    fs::write(dir.join("for.csv"), format!("{head}\n{row}\n")).unwrap();
    for (office, compared) in [("kast", false), ("annet", true)] {
        let words = format!("--json upload for.csv --office {office} --dry-run");
        let looked = at(dir, "2026-12-10", &words).ok().json().to_string();
        assert_eq!(looked.contains("K15"), compared, "{office}: {looked}");
    }
    // Its own days are its own, and its file of before is what it was.
    tells(dir, "kast", "2026-11-30", "HELTID").ok();
    let again = at(dir, "2026-12-10", "--json upload start.csv --office kast").ok().json();
    assert_eq!(again["receipt"]["already"], true, "{again}");
    let text = fs::read_to_string(dir.join("start.csv")).unwrap();
    fs::write(dir.join("start-igjen.csv"), format!("{text}\n")).unwrap();
    let again = at(dir, "2026-12-10", "--json upload start-igjen.csv --office kast").ok().json();
    assert_eq!((&again["unchanged"], &again["held"]), (&8.into(), &0.into()), "{again}");

    // The move was a mistake: all is as it was.
    let back = format!("family retract {FAMILY} --what move --on 2026-12-01 --reason FEIL_DATO");
    at(dir, "2026-12-09", &back).ok();
    assert!(!owes(dir, "annet") && !asks(dir, "annet"));
    tells(dir, "annet", "2026-12-05", "HELTID").refused(&["K04", "kast"]);
    tells(dir, "kast", "2026-12-06", "HELTID").ok();
    assert_eq!(at(dir, "2026-12-10", "--json ledger verify").ok().json()["ok"], true);
}
