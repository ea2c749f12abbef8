//! `lodd power` and `lodd plan application`: what a pilot asks before anything is measured.

use std::fs;

use serde_json::Value;

use crate::{
    demo::demo,
    support::{copied, lodd_in, snapshot},
};

fn power(words: &str) -> Value {
    let dir = tempfile::tempdir().unwrap();
    lodd_in(dir.path(), &format!("power --lang en --json {words}")).ok().json()
}

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or_else(|| panic!("no {key} in {row}"))
}

/// 15 families against 42 from a base of 30 %: 39 percentage points by formula, about 43 with the
/// lottery's own test.
#[test]
fn a_pilot_of_57_families_detects_only_very_large_effects() {
    let pilot = copied(&demo().join("ringerike"));
    let ran = lodd_in(pilot.path(), "power --lang en --json --base-rate 0.3 --draws 1500").ok();
    let row = &ran.json()["rows"][0];
    assert!((number(row, "mde_formula") - 0.394_557_8).abs() < 1e-6, "{row}");
    let lottery = number(&row["mde_simulated"], "randomization_test");
    assert!((0.41..0.45).contains(&lottery), "{lottery}");
    assert_eq!((row["n_treated"].as_f64(), row["n_control"].as_f64()), (Some(15.0), Some(42.0)));
    assert!(fs::read_to_string(pilot.path().join("out/power.svg")).unwrap().contains("<polyline"));
    lodd_store::parquet::read(&pilot.path().join("out/power.parquet")).unwrap();
    let said = lodd_in(pilot.path(), "power --lang en --base-rate 0.3 --draws 300").ok().stdout;
    assert!(said.contains("is missed in more than 20 % of such trials"), "{said}");
    // The same draw, typed.
    let typed = power("--n 57 --seats 15 --base-rate 0.3 --draws 300");
    assert_eq!(typed["rows"][0]["mde_formula"], row["mde_formula"]);
}

/// 15 against 14 offices of 21 families: 13.3 at an ICC of 0.02, 15.9 at 0.05, with 27 degrees of
/// freedom.
#[test]
fn offices_count_more_than_families() {
    let words = "--offices 29 --seats 15 --families 21 --base-rate 0.3 --icc 0.02,0.05 --draws 60";
    let rows = &power(words)["rows"];
    for (at, expected) in [0.132_901, 0.159_327_1].into_iter().enumerate() {
        assert!((number(&rows[at], "mde_formula") - expected).abs() < 1e-5, "{rows}");
        assert!((number(&rows[at], "df") - 27.0).abs() < 1e-9);
    }
}

/// With one place of three no effect is found often: the exact test has three assignments.
#[test]
fn what_can_not_be_detected_is_said_plainly() {
    let dir = tempfile::tempdir().unwrap();
    let words = "power --lang en --n 3 --seats 1 --base-rate 0.3 --draws 100";
    let said = lodd_in(dir.path(), words).ok().stdout;
    assert!(said.contains("no effect can be found that often"), "{said}");
    lodd_in(dir.path(), "power --lang en --n 3 --seats 3")
        .refused(&["`--seats` must be from 1 to 2"]);
    lodd_in(dir.path(), "power --lang en --n 3 --seats 1 --base-rate 1.2")
        .refused(&["--base-rate"]);
    assert!(snapshot(dir.path()).is_empty());
}

/// Every variable that an outcome of the plan is made of is in the pack, in three languages, and no
/// other.
#[test]
fn the_application_names_what_the_plan_needs_and_nothing_else() {
    let pilot = copied(&demo().join("ringerike"));
    let ran = lodd_in(pilot.path(), "plan application --lang en --json").ok().json();
    let named: Vec<(&str, &str)> = ran["variables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["source"].as_str().unwrap(), it["variable"].as_str().unwrap()))
        .collect();
    for wanted in [
        ("REGISTER KOSTRA_11F", "assistance_grant"),
        ("REGISTER KOSTRA_11F", "assistance_loan"),
        ("VEILEDER", "ARBEID"),
    ] {
        assert!(named.contains(&wanted), "{named:?}");
    }
    // No analysis of this plan is of a category that a case's end is in.
    assert!(named.iter().all(|(_, it)| *it != "SAK_AVSLUTTET"), "{named:?}");
    let read = |code: &str| {
        fs::read_to_string(pilot.path().join(format!("out/application-{code}.md"))).unwrap()
    };
    for (code, words) in [
        ("nb", ["## Populasjon", "Hovedutfallet", "måneder etter den"]),
        ("nn", ["## Populasjon", "Hovudutfallet", "månader etter ho"]),
        ("en", ["## Population", "The main outcome", "months after it"]),
    ] {
        let text = read(code);
        for word in words {
            assert!(text.contains(word), "{word} is not in:\n{text}");
        }
        // A table that can be read: why each is needed stands below it, once.
        let longest = text.lines().filter(|it| it.starts_with('|')).map(|it| it.chars().count());
        assert!(longest.max().unwrap() < 160, "{text}");
        let grants = text.lines().find(|it| it.contains("`assistance_grant`")).unwrap();
        let numbers = grants.trim_end_matches(" |").rsplit("| ").next().unwrap();
        for number in numbers.split(", ") {
            let line = text.lines().find(|it| it.starts_with(&format!("{number}. "))).unwrap();
            let own = ["`assistance-months-12`", "`free-six-months-12`"];
            assert!(own.iter().any(|it| line.contains(it)), "{line}");
        }
    }
}

/// Norwegian has decimal commas.
#[test]
fn norwegian_figures_have_decimal_commas() {
    let dir = tempfile::tempdir().unwrap();
    let words = "power --offices 9 --seats 4 --families 7 --base-rate 0.3 --icc 0.05 --draws 20";
    let said = |lang: &str| lodd_in(dir.path(), &format!("{words} --lang {lang}")).ok().stdout;
    let numbers = |text: &str, mark: char| {
        let digits: Vec<char> = text.chars().collect();
        let inside =
            |it: &&[char]| it[0].is_ascii_digit() && it[1] == mark && it[2].is_ascii_digit();
        digits.windows(3).filter(inside).count()
    };
    let english = said("en");
    let all = numbers(&english, '.');
    assert!(all >= 4 && english.contains("ICC 0.05"), "{english}");
    for lang in ["nb", "nn"] {
        let text = said(lang);
        assert_eq!((numbers(&text, '.'), numbers(&text, ',')), (0, all), "{text}");
        assert!(text.contains("ICC 0,05"), "{text}");
    }
}
