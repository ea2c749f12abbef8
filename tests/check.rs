//! `lodd check`: every mistake of a protocol file at once, with line and column.

use std::fs;

use crate::support::{copied, lodd, lodd_in, root, snapshot};

/// Replaces the one occurrence of some text in a pilot's protocol file.
fn broken(changes: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = copied(&root().join("data/kast"));
    let path = dir.path().join("pilot.toml");
    let mut text = fs::read_to_string(&path).unwrap();
    for (from, to) in changes {
        assert_eq!(text.matches(from).count(), 1, "`{from}`");
        text = text.replace(from, to);
    }
    fs::write(path, text).unwrap();
    dir
}

/// Line and column, from 1, at which some text stands in the broken file.
fn place(dir: &tempfile::TempDir, text: &str) -> String {
    let file = fs::read_to_string(dir.path().join("pilot.toml")).unwrap();
    let (line, column) =
        file.lines().enumerate().find_map(|(i, line)| Some((i + 1, line.find(text)? + 1))).unwrap();
    format!("pilot.toml:{line}:{column}")
}

#[test]
fn all_mistakes_come_at_once_with_line_and_column() {
    let dir = broken(&[
        ("label = \"kast-rehearsal\"", "labell = \"kast-rehearsal\""),
        ("starts_on = \"2026-07-01\"", "starts_on = \"2026-02-31\""),
        ("municipality = \"9999\"", "municipality = 9999"),
        ("offices = [\"kast\"]", "offices = [\"kask\"]"),
        ("seats = [4]", "seats = [4, 8]"),
        ("children BETWEEN :min_children AND :max_children", "childern > 0"),
        ("threshold = 5", "threshold = 1"),
        ("id = \"F_SOSHJ_NOE\"", "id = \"F_SOSHJ_NEO\""),
    ]);
    let before = snapshot(dir.path());
    let ran = lodd_in(dir.path(), "check --lang en");
    let words = [
        "unknown key `pilot.labell`",
        "did you mean `label`?",
        "`pilot.label` is missing",
        "`pilot.starts_on` must be a date",
        "`office[0].municipality` must be a text, found integer",
        "office `kask` is not in [[office]]",
        "`seats` must have 1 counts",
        "there is no `childern`",
        "from 3 to 100, found 1",
        "there is no outcome `F_SOSHJ_NEO`",
    ];
    let ran = ran.refused(&words);
    for text in ["labell", "\"2026-02-31\"", "9999", "[\"kask\"]", "[4, 8]", "childern", "1\n"] {
        let place = if text == "1\n" { "pilot.toml:".to_owned() } else { place(&dir, text) };
        assert!(ran.stderr.contains(&place), "{place} is not in\n{}", ran.stderr);
    }
    assert_eq!(before, snapshot(dir.path()));
}

#[test]
fn mistakes_are_said_in_norwegian() {
    let dir = broken(&[
        ("seats = [4]", "seats = [4, 8]"),
        ("eligible = \"barn\"", "eligible = \"barna\""),
    ]);
    lodd_in(dir.path(), "check --lang nb").refused(&[
        "protokollfilen har 2 feil",
        "`seats` må ha 1 antall, ett for hver arm unntatt den siste, som får resten",
        "det finnes ikke noe `barna`; mente du `barn`?",
    ]);
}

/// What is not TOML at all is located too.
#[test]
fn syntax_errors_have_a_place() {
    let dir = broken(&[("version = 1", "version = = 1")]);
    lodd_in(dir.path(), "check --lang en").refused(&["pilot.toml:3:", "not valid TOML"]);
    let json = lodd(dir.path(), &["check", "--json"]);
    assert_eq!(json.code, 1);
    assert_eq!(json.json()["findings"][0]["line"], 3);
}

/// An expression of more than the portable subset is refused at the word.
#[test]
fn expressions_beyond_the_subset_are_refused_in_place() {
    let sql = "children BETWEEN :min_children AND :max_children";
    let dir = broken(&[(sql, "children > 0 AND children / 2 > 0")]);
    let ran =
        lodd_in(dir.path(), "check --lang en").refused(&["`/` can't be used; allowed are names"]);
    assert!(ran.stderr.contains(&place(&dir, "/ 2")), "{}", ran.stderr);
}

#[test]
fn windows_that_overlap_are_refused() {
    let dir = broken(&[("months = 3", "months = 3\nlow_days = 95\nhigh_days = 30")]);
    lodd_in(dir.path(), "check --lang en").refused(&["horizons `0` and `3` must not overlap"]);
    lodd_in(dir.path(), "check --lang nb").refused(&["horisontene `0` og `3` må ikke overlappe"]);
}

/// Dates need no draw to be held against each other.
#[test]
fn dates_whose_windows_share_a_day_are_refused() {
    let at = |date: &str| format!("at = \"{date}\"\nlow_days = 31\nhigh_days = 31");
    let both = |second: &str| {
        let horizons = [at("2027-12-31"), at(second)].join("\n[[followup.horizon]]\n");
        broken(&[("months = 3", &horizons)])
    };
    let words = ["horizons `2027-12-31` and `2028-03-02` must not overlap"];
    lodd_in(both("2028-03-02").path(), "check --lang en").refused(&words);
    // 31 January, and 1 February.
    lodd_in(both("2028-03-03").path(), "check --lang en").ok();
}

/// What is followed over time, an earlier definition, and the consent that is required.
#[test]
fn outcomes_over_time_and_earlier_definitions_are_read() {
    let with = |text: &str| {
        let added = format!("id = \"F_SOSHJ_NOE\"\n\n[[outcome]]\n{text}");
        broken(&[("id = \"F_SOSHJ_NOE\"", &added)])
    };
    let own = |key: &str, unit: &str, rest: &str| {
        format!(
            "id = \"X_NY\"\nunit = \"{unit}\"\nlabel_nb = \"Ny\"\nlabel_en = \"New\"\n{key}{rest}"
        )
    };
    for (text, outcome) in [
        ("id = \"F_TRANGBODD\"\nversion = 1".to_owned(), "F_TRANGBODD"),
        (own("first_entry = \"ARBEID = 'HELTID'\"", "VOKSEN", ""), "X_NY"),
        (own("months_in = \"assistance_grant > 9999\"", "FAMILIE", "\nfrom = \"months\""), "X_NY"),
        (
            own(
                "ever = \"BOLIG = 'EID'\"\nlabel_nn = \"Ny\"",
                "FAMILIE",
                "\n\n[consent]\nrequired = true",
            ),
            "X_NY",
        ),
    ] {
        let checked = lodd_in(with(&text).path(), "check --json").ok().json();
        let outcomes = checked["outcomes"].as_array().unwrap();
        assert!(outcomes.iter().any(|it| it == outcome), "{text}: {outcomes:?}");
    }
    for (text, words) in [
        ("id = \"F_TRANGBODD\"\nversion = 3".to_owned(), "there is no version 3"),
        (own("ever = \"ARBEID = 'HELTDI'\"", "VOKSEN", ""), "`ARBEID` can't be `HELTDI`"),
        (
            own("ever = \"assistance_grant > 0\"", "VOKSEN", "\nfrom = \"months\""),
            "must be FAMILIE",
        ),
        (own("ever = \"ARBEID = 'HELTID'\"", "VOKSEN", "\nfrom = \"mars\""), "months"),
        (
            own("ever = \"ARBEID = 'HELTID'\"\nsql = \"ARBEID = 'HELTID'\"", "VOKSEN", ""),
            "exactly one of",
        ),
    ] {
        lodd_in(with(&text).path(), "check --lang en").refused(&[words]);
    }
}
