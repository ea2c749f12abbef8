//! `lodd kostra`: files of every year and form with known contents (`tests/python/make_kostra.py`), read
//! as what they are and refused as what they are not.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    demo::demo,
    support::{Ran, lodd, python, snapshot},
};

const YEARS: [u16; 5] = [2022, 2023, 2024, 2025, 2026];
const FORMS: [&str; 2] = ["11F", "11CF"];

/// Years whose columns are the same.
const SAME_COLUMNS: [(&str, u16, u16); 3] =
    [("11F", 2022, 2023), ("11F", 2025, 2026), ("11CF", 2025, 2026)];

struct Made {
    dir: tempfile::TempDir,
    expected: Value,
}

impl Made {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        python("make_kostra.py", &[dir.path()]).ok();
        let expected = fs::read_to_string(dir.path().join("expected.json")).unwrap();
        Self { expected: serde_json::from_str(&expected).unwrap(), dir }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn bytes(&self, form: &str, year: u16) -> Vec<u8> {
        fs::read(self.path().join(format!("{form}_{year}.dat"))).unwrap()
    }

    fn run(&self, file: &str, more: &[&str]) -> Ran {
        let words = ["kostra", file, "--key", "KEY.csv", "--clock", "2027-02-01T10:00:00Z"];
        lodd(self.path(), &[&words, more].concat())
    }

    fn expected(&self, form: &str, year: u16, what: &str) -> Vec<String> {
        let list = &self.expected[format!("{form}_{year}")][what];
        list.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    }

    #[track_caller]
    fn names_nobody(&self, text: &str) {
        for secret in self.expected["secrets"].as_array().unwrap() {
            assert!(!text.contains(secret.as_str().unwrap()), "{text}");
        }
    }
}

fn lines(path: PathBuf) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn every_form_and_year_gives_exactly_its_sums_and_names_nobody() {
    let made = Made::new();
    for (form, year) in FORMS.iter().flat_map(|form| YEARS.map(|year| (*form, year))) {
        let out = format!("out-{form}-{year}");
        let mut words = vec!["--out", &out, "--json", "--verbose"];
        if form == "11F" {
            words.push("--complete");
        }
        let ran = made.run(&format!("{form}_{year}.dat"), &words).ok();
        let json = ran.json();
        assert_eq!((&json["form"], &json["year"]), (&Value::from(form), &Value::from(year)));
        assert_eq!(json["findings"].as_array().unwrap().len(), 0, "{json}");
        let (records, left_out) = if form == "11F" { (11, 7) } else { (9, 7) };
        assert_eq!((&json["records"], &json["left_out"]), (&records.into(), &left_out.into()));
        let contacts = lines(made.path().join(&out).join("last_contact.csv"));
        assert_eq!(contacts[0], "medlem_id;ar;variabel;verdi;register;fra_kostra");
        assert_eq!(contacts[1..], made.expected(form, year, "contacts"), "{form} {year}");
        let monthly = made.path().join(&out).join("monthly.csv");
        assert_eq!(monthly.exists(), form == "11F");
        if form == "11F" {
            check_months(&made, year, &lines(monthly));
        }
        made.names_nobody(&ran.stdout);
        made.names_nobody(&ran.stderr);
        for (path, bytes) in snapshot(&made.path().join(&out)) {
            made.names_nobody(&String::from_utf8(bytes).unwrap());
            only_the_owner_reads(&path);
        }
    }
}

/// The paid months as expected; before them what the file states of the municipality and of each family.
fn check_months(made: &Made, year: u16, found: &[String]) {
    assert_eq!(found[0], "familie_id;maned;stonad;lan;register;kommune;ar;fullstendig;oppslag");
    assert_eq!(found[1], format!(";;;;KOSTRA_11F;3305;{year};J;"));
    let families = made.expected("11F", year, "families");
    let stated = &found[2..2 + families.len()];
    for (line, family) in stated.iter().zip(&families) {
        assert!(
            line.starts_with(&format!("{family};;;;KOSTRA_11F;3305;{year};J;{family}-A1")),
            "{line}"
        );
    }
    assert_eq!(found[2 + families.len()..], made.expected("11F", year, "months"), "{year}");
}

#[cfg(unix)]
fn only_the_owner_reads(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(not(unix))]
fn only_the_owner_reads(_: &Path) {}

#[test]
fn a_file_is_never_read_as_another_years() {
    let made = Made::new();
    for (form, year) in FORMS.iter().flat_map(|form| YEARS.map(|year| (*form, year))) {
        let file = format!("{form}_{year}.dat");
        for other in YEARS.into_iter().filter(|other| *other != year) {
            let asked = made.run(&file, &["--out", "out", "--year", &other.to_string()]);
            asked.refused(&["R06", &format!("{file}:1:5 (VERSION)"), &year.to_string()]);
            let flipped = flip(&made, form, year, other);
            let ran = made.run("flipped.dat", &["--out", "out", "--form", form]);
            let same = SAME_COLUMNS.iter().any(|(it, a, b)| {
                *it == form && ((*a, *b) == (year, other) || (*b, *a) == (year, other))
            });
            match (same, other < year) {
                (false, _) => {
                    let says = format!("the file says {form} {other}");
                    let ran = ran.refused(&["R07", &says, &format!("{form} {year}")]);
                    made.names_nobody(&ran.stderr);
                }
                // The columns are the same, but the dates are later than the year.
                (true, true) => drop(ran.refused(&["R08"])),
                // Nothing in the file contradicts the year that it says.
                (true, false) => {
                    ran.ok();
                    fs::remove_dir_all(made.path().join("out")).unwrap();
                }
            }
            fs::remove_file(flipped).unwrap();
            assert!(!made.path().join("out").exists(), "{form} {year} as {other}");
        }
    }
}

/// A file whose VERSION says another year.
fn flip(made: &Made, form: &str, year: u16, other: u16) -> PathBuf {
    let mut bytes = made.bytes(form, year);
    let version = (other % 100).to_string();
    let starts: Vec<usize> = std::iter::once(0)
        .chain(bytes.iter().enumerate().filter(|(_, it)| **it == b'\n').map(|(at, _)| at + 1))
        .filter(|at| *at < bytes.len())
        .collect();
    for at in starts {
        bytes[at + 4..at + 6].copy_from_slice(version.as_bytes());
    }
    let path = made.path().join("flipped.dat");
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn one_form_is_not_read_as_the_other() {
    let made = Made::new();
    made.run("11CF_2024.dat", &["--out", "out", "--form", "11F"])
        .refused(&["R07", "those of 11CF 2024"]);
    made.run("11F_2024.dat", &["--out", "out", "--form", "11CF"])
        .refused(&["R07", "those of 11F 2024"]);
    made.run("11CF_2024.dat", &["--out", "out", "--complete"]).refused(&["R12"]);
    made.run("KEY.csv", &["--out", "out"]).refused(&["R05", "KEY.csv:1:5 (VERSION)"]);
    assert!(!made.path().join("out").exists());
}

#[test]
fn encodings_and_line_ends_change_nothing() {
    let made = Made::new();
    // A journal number with a letter outside ASCII, in the key too.
    let text = String::from_utf8(made.bytes("11F", 2024)).unwrap();
    let journal: String = text.lines().nth(3).unwrap().chars().skip(8).take(8).collect();
    let with_letter = journal.replacen('J', "Ø", 1);
    let text = text.replace(&journal, &with_letter);
    let key = fs::read_to_string(made.path().join("KEY.csv")).unwrap();
    fs::write(made.path().join("KEY.csv"), key.replace(&journal, &with_letter)).unwrap();
    let latin = |text: &str| text.chars().map(|c| u8::try_from(c).unwrap()).collect::<Vec<u8>>();
    let trimmed: String = text.lines().map(|it| format!("{}\n", it.trim_end())).collect();
    let cases = [
        text.clone().into_bytes(),
        latin(&text),
        latin(&text.replace('\n', "\r\n")),
        text.trim_end().as_bytes().to_vec(),
        format!("\u{feff}{trimmed}").into_bytes(),
    ];
    let mut outputs = BTreeSet::new();
    for (i, bytes) in cases.iter().enumerate() {
        fs::write(made.path().join("case.dat"), bytes).unwrap();
        let out = format!("case-{i}");
        made.run("case.dat", &["--out", &out]).ok();
        let files = ["monthly.csv", "last_contact.csv"];
        outputs.insert(files.map(|it| fs::read(made.path().join(&out).join(it)).unwrap()));
        let months = lines(made.path().join(&out).join("monthly.csv"));
        assert!(months.ends_with(&made.expected("11F", 2024, "months")), "case {i}");
    }
    assert_eq!(outputs.len(), 1);
    // One line in another encoding than the others: nobody knows where its columns are.
    let mixed = [text.as_bytes(), &latin(&text)].concat();
    fs::write(made.path().join("case.dat"), mixed).unwrap();
    let ran = made.run("case.dat", &["--out", "mixed"]).refused(&["R03"]);
    assert!(!ran.stderr.contains(&with_letter) && !made.path().join("mixed").exists());
}

#[test]
fn a_key_with_mistakes_is_refused_line_by_line_and_shows_no_number() {
    let made = Made::new();
    let key = fs::read_to_string(made.path().join("KEY.csv")).unwrap();
    let number = key.lines().nth(1).unwrap().rsplit(';').next().unwrap().to_owned();
    let other = if number.ends_with('9') { "8" } else { "9" };
    let wrong = format!("{}{other}", &number[..10]);
    let bad = format!(
        "{key}RIN-7KQ4-R-A1;FNR;{wrong}\nRIN-7KQ4-X-A1;JOURNAL;J1\nRIN-7KQ4-R-A3;FNR;{number}\n\
         RIN-7KQ4-R-A1;PASS;J2\n"
    );
    fs::write(made.path().join("KEY.csv"), bad).unwrap();
    let places =
        ["R35 KEY.csv:7:1 (id_value)", "R33 KEY.csv:8:1", "R36 KEY.csv:9:1", "R34 KEY.csv:10:1"];
    let ran = made.run("11F_2024.dat", &["--out", "out"]).refused(&places);
    made.names_nobody(&ran.stderr);
    assert!(!ran.stderr.contains(&wrong) && !made.path().join("out").exists());
    fs::write(made.path().join("KEY.csv"), "id;value\n1;2\n").unwrap();
    made.run("11F_2024.dat", &["--out", "out"]).refused(&["R31", "`member_id`", "`id_type`"]);
}

#[test]
fn what_is_there_is_not_written_over_and_a_key_in_the_pilot_is_warned_of() {
    let made = Made::new();
    made.run("11F_2024.dat", &["--out", "out"]).ok();
    let before = snapshot(made.path());
    made.run("11F_2024.dat", &["--out", "out"]).ok();
    made.run("11F_2025.dat", &["--out", "out"]).refused(&["monthly.csv", "other content"]);
    made.run("11CF_2024.dat", &["--out", "out"]).refused(&["monthly.csv"]);
    assert_eq!(snapshot(made.path()), before);
    fs::write(made.path().join("pilot.toml"), "").unwrap();
    let ran = made.run("11F_2023.dat", &["--out", "again"]).ok();
    assert!(ran.stderr.contains("`KEY.csv` lies in the pilot folder"), "{}", ran.stderr);
}

#[test]
fn a_year_that_is_not_over_is_not_complete() {
    let made = Made::new();
    let words =
        ["kostra", "11F_2026.dat", "--key", "KEY.csv", "--out", "out", "--complete", "--clock"];
    let ran = lodd(made.path(), &[&words[..], &["2026-12-31T10:00:00Z"]].concat());
    ran.refused(&["R11", "2026 is not over"]);
    assert!(!made.path().join("out").exists());
}

/// Families of the demo's rehearsal in place of the made-up ones, each with its one adult.
const FOLLOWED: [&str; 5] = ["KAS-QXKD-N", "KAS-7X7Q-F", "KAS-MWR5-H", "KAS-4WFH-8", "KAS-HV3V-5"];

/// What `lodd kostra` writes, `lodd upload` reads: once.
#[test]
fn what_is_written_is_read_by_upload() {
    let made = Made::new();
    let key = fs::read_to_string(made.path().join("KEY.csv")).unwrap();
    let mut families = FOLLOWED.iter();
    let rows = key.lines().enumerate().map(|(line, row)| match row.split_once(';') {
        Some((_, rest)) if line > 0 => format!("{}-A1;{rest}\n", families.next().unwrap()),
        _ => format!("{row}\n"),
    });
    fs::write(made.path().join("KEY.csv"), rows.collect::<String>()).unwrap();
    let json = made.run("11F_2026.dat", &["--out", "out", "--complete", "--json"]).ok().json();
    let (months, values) = (json["months"].as_i64().unwrap(), json["values"].as_i64().unwrap());
    assert!(months > 12 && values > 12, "{json}");
    let pilot = demo().join("kast");
    let upload = |file: &Path| {
        let words = ["upload", file.to_str().unwrap(), "--office", "kast", "--json"];
        let clock = ["--clock", "2027-03-01T10:00:00Z", "--pilot", pilot.to_str().unwrap()];
        lodd(made.path(), &[&words[..], &clock].concat())
    };
    // One municipality's file, five families looked up, the months.
    let told = upload(&made.path().join("out/monthly.csv")).ok().json();
    assert_eq!((&told["new"], &told["held"]), (&(1 + 5 + months).into(), &0.into()), "{told}");
    let contacts = upload(&made.path().join("out/last_contact.csv")).ok().json();
    assert_eq!((&contacts["new"], &contacts["held"]), (&4.into(), &0.into()), "{contacts}");
    assert_eq!(
        upload(&made.path().join("out/monthly.csv")).ok().json()["receipt"]["already"],
        true
    );
    // A family whose adult was not looked up: its months are not the whole family's, and are held.
    let text = fs::read_to_string(made.path().join("out/monthly.csv")).unwrap();
    let partial = text.replace(";KAS-QXKD-N-A1\n", ";\n");
    assert_ne!(partial, text);
    fs::write(made.path().join("partial.csv"), partial).unwrap();
    let held = upload(&made.path().join("partial.csv"));
    assert!(held.stdout.contains("K23") && held.stdout.contains("KAS-QXKD-N"), "{}", held.stdout);
    // A statement that is no statement.
    let bad = text.replace(";9999;", ";x;").replace(";3305;2026;J;\n", ";33;2026;KANSKJE;\n");
    fs::write(made.path().join("bad.csv"), bad).unwrap();
    assert!(upload(&made.path().join("bad.csv")).stdout.contains("D10"));
}
