//! `lodd report --public` and `lodd release`: what leaves the house gives no family away.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

use crate::{
    demo::demo,
    support::{Ran, copied, lodd_in, python, root, snapshot},
};

const NOW: &str = "2027-02-01T10:00:00Z";

/// The default threshold, of `docs/disclosure.md`.
const THRESHOLD: f64 = 5.0;

fn run(dir: &Path, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock {NOW} --lang en {words}"))
}

fn pilot(name: &str) -> tempfile::TempDir {
    copied(&demo().join(name))
}

fn public(dir: &Path) -> Value {
    run(dir, "--json report --public --format html").ok().json()
}

fn page(dir: &Path, lang: &str) -> String {
    fs::read_to_string(dir.join(format!("public/report.{lang}.html"))).unwrap()
}

/// A cell of `public/tables.csv`: caption, row, column, number, text.
fn cells(dir: &Path) -> Vec<[String; 5]> {
    let text = fs::read_to_string(dir.join("public/tables.csv")).unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let row = |row: csv::StringRecord| [1, 2, 3, 4, 5].map(|at| row[at].to_owned());
    reader.records().map(|it| row(it.unwrap())).collect()
}

fn is_of_families(caption: &str) -> bool {
    let counted = ["Flyt: antall ", "Avstemming: ", "Kriterier: ", "Utvalg og trekning: "];
    counted.iter().any(|it| caption.starts_with(it)) && !caption.contains("kontorer i hvert")
}

/// Costs and figures from elsewhere are the evaluator's: they are published, and name the public file.
#[test]
fn what_the_evaluator_states_stands_in_the_public_file() {
    let dir = pilot("housing");
    let cost = "[[cost]]\nlabel_nb = \"Koordinator\"\nlabel_en = \"Coordinator\"\nnok = 12345\nyear = 2026\nsource = \"x\"\n";
    let context = "[[context]]\nid = \"x\"\nsection = \"introduction\"\nlabel_nb = \"Lavinntekt\"\nlabel_en = \"Low income\"\nvalue = 12\npercent = true\nyear = 2020\nsource_nb = \"x\"\nsource_en = \"x\"\n";
    fs::write(dir.path().join("report.toml"), format!("version = 1\n{cost}{context}")).unwrap();
    public(dir.path());
    for (label, value) in [("Koordinator", "12345"), ("Lavinntekt", "0.12")] {
        let cells = cells(dir.path());
        let found = cells.iter().filter(|it| it[1] == label && it[3] == value).count();
        assert_eq!(found, 1, "{label}: {cells:?}");
    }
    let page = page(dir.path(), "en");
    let captions: Vec<&str> =
        page.split("<caption>").skip(1).filter_map(|it| it.split("</caption>").next()).collect();
    for caption in ["Costs", "Figures from other sources"] {
        let named = |it: &&&str| it.contains(caption) && it.contains("File: tables.parquet");
        assert_eq!(captions.iter().filter(named).count(), 1, "{caption}: {captions:?}");
    }
}

/// What stands in `public/` is the report and its tables, and nothing that a family's row is in; the
/// same inputs give the same bytes; every page says that it is public, none that it is internal.
#[test]
fn the_public_folder_holds_the_report_and_its_tables_alone() {
    let dir = pilot("housing");
    let all = || run(dir.path(), "--json report --public").ok().json();
    let said = all();
    let mut names: Vec<String> = fs::read_dir(dir.path().join("public"))
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = [
        "SHA256SUMS",
        "report.en.html",
        "report.en.pdf",
        "report.en.xlsx",
        "report.nb.html",
        "report.nb.pdf",
        "report.nb.xlsx",
        "report.nn.html",
        "report.nn.pdf",
        "report.nn.xlsx",
        "tables.csv",
        "tables.parquet",
    ];
    assert_eq!(names, expected);
    assert!(said["withheld"].as_u64().unwrap() > 20 && said["numbers"].as_u64().unwrap() > 200);
    let first = snapshot(&dir.path().join("public"));
    let family = "HOU-QXKD-N";
    assert!(
        fs::read_to_string(root().join("data/housing/status-24.csv")).unwrap().contains(family)
    );
    for (path, bytes) in &first {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("HOU-"), "{} names a family", path.display());
    }
    all();
    assert_eq!(first, snapshot(&dir.path().join("public")));
    for (lang, stamp) in [("nb", "OFFENTLIG"), ("nn", "OFFENTLEG"), ("en", "PUBLIC")] {
        let page = page(dir.path(), lang);
        assert!(page.contains(stamp) && !page.contains("INTERN"), "{lang}");
    }
    run(dir.path(), "ledger verify").ok();
}

/// An attacker of its own, by linear programming over nothing but the printed tables.
#[test]
fn no_withheld_count_of_the_example_pilots_can_be_worked_out() {
    for name in ["housing", "ringerike"] {
        let dir = pilot(name);
        public(dir.path());
        let [public, internal] =
            ["public", "out"].map(|folder| dir.path().join(folder).join("report.nb.html"));
        python("attack_public.py", &[&public, &internal]).ok();
    }
}

/// No number of a table of families is under the threshold, zero among them.
#[test]
fn no_count_of_families_under_the_threshold_is_printed() {
    for name in ["housing", "ringerike"] {
        let dir = pilot(name);
        public(dir.path());
        let mut counted = 0;
        for [caption, row, column, value, shown] in cells(dir.path()) {
            if !is_of_families(&caption) || value.is_empty() {
                continue;
            }
            counted += 1;
            let value: f64 = value.parse().unwrap();
            assert!(value >= THRESHOLD, "{caption}: {row}, {column}: {shown}");
        }
        assert!(counted > 20, "{name}: {counted}");
    }
}

/// The place is named and an arm has 15 families: nothing is told of an arm but how many were drawn. Not
/// one estimate of the internal report stands in the public one, in a table, a sentence or a figure.
#[test]
fn a_small_arm_of_a_named_place_tells_nothing_of_itself() {
    let dir = pilot("ringerike");
    let said = public(dir.path());
    let left_out: Vec<&str> =
        said["left_out"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    for why in ["small_arm", "status", "months", "effects", "robustness"] {
        assert!(left_out.contains(&why), "{why}: {left_out:?}");
    }
    // Neither table is there, so neither figure is.
    assert!(left_out.contains(&"figures"), "{left_out:?}");
    let public_page = page(dir.path(), "nb");
    for words in ["Balanse:", "Overganger mellom"] {
        assert!(!public_page.contains(words), "{words}");
    }
    let of_arms = ["Frafall", "Overganger", "Hovedresultater", "Innrapportering", "Balansetest"];
    for [caption, ..] in cells(dir.path()) {
        assert!(!of_arms.iter().any(|it| caption.starts_with(it)), "{caption}");
    }
    let internal = fs::read_to_string(dir.path().join("out/report.nb.html")).unwrap();
    // What is of all families, and what the design could detect, may stand in both.
    let is_of_an_arm = |table: &&str| {
        let named =
            ["Hovedresultater", "Robusthet", "Overganger", "Frafall", "Balanse", "Utvikling"];
        table.split_once("</caption>").is_some_and(|it| named.iter().any(|of| it.0.contains(of)))
    };
    let is_exact = |it: &&str| it.contains('.') && it.trim_start_matches('-').len() > 6;
    let tables = internal.split("<caption>").skip(1).filter(is_of_an_arm);
    let values =
        tables.flat_map(|it| it.split("</table>").next().unwrap().split("<data value=\"").skip(1));
    let exact: Vec<&str> =
        values.map(|it| it.split_once('"').unwrap().0).filter(is_exact).collect();
    assert!(exact.len() > 100, "{}", exact.len());
    let public: Vec<String> = ["nb", "nn", "en"].map(|lang| page(dir.path(), lang)).into();
    let whole = |value: &str| format!("\"{value}\"");
    let of_all: Vec<&str> = internal
        .split("<caption>")
        .filter(|it| it.contains("Hvem er familiene") || it.contains("Styrkeberegning"))
        .collect();
    for value in exact.iter().filter(|it| !of_all.iter().any(|of| of.contains(&whole(it)))) {
        assert!(
            !public.iter().any(|page| page.contains(*value)),
            "{value} stands in a public page"
        );
    }
    assert!(public[0].contains("færre enn 30 familier"));
    // The analyses were run: that is told, and that their numbers are withheld.
    assert!(public[2].contains("run, but its numbers may not be published"));
}

/// A comparison that is shown has its four cells at the threshold or above; where one fails, its
/// estimate stands nowhere. With a threshold of families: the housing trial passes but for what is small.
#[test]
fn comparisons_are_shown_or_withheld_as_a_whole() {
    let dir = pilot("housing");
    public(dir.path());
    let rows: Vec<[String; 5]> = cells(dir.path());
    let main: Vec<&[String; 5]> =
        rows.iter().filter(|it| it[0].starts_with("Hovedresultater")).collect();
    assert!(!main.is_empty());
    for cell in main.iter().filter(|it| it[4].contains(" av ")) {
        let of = cell[4].split_once('(').unwrap().1.trim_end_matches(')');
        let (events, n) = of.split_once(" av ").unwrap();
        let (events, n): (f64, f64) = (events.parse().unwrap(), n.parse().unwrap());
        assert!(events >= THRESHOLD && n - events >= THRESHOLD, "{cell:?}");
    }
    // Where one number of an arm is withheld, so is the difference from the other.
    let mut by_row: BTreeMap<(&str, &str, String), Vec<&[String; 5]>> = BTreeMap::new();
    for cell in rows.iter().filter(|it| it[2].contains(" · ")) {
        let group = cell[2].split(" · ").next().unwrap().to_owned();
        by_row.entry((&cell[0], &cell[1], group)).or_default().push(cell);
    }
    let mut withheld = 0;
    for ((caption, row, group), cells) in by_row {
        let Some(difference) = cells.iter().find(|it| it[2].ends_with("Forskjell")) else {
            continue;
        };
        let arms = cells.iter().filter(|it| !it[2].ends_with("Forskjell"));
        if arms.clone().any(|it| it[4].starts_with(':')) {
            withheld += 1;
            assert_eq!(difference[4], ":", "{caption}, {row}, {group}");
            assert!(arms.into_iter().all(|it| it[4].starts_with(':')), "{caption}, {row}, {group}");
        }
    }
    assert!(withheld > 5, "{withheld}");
}

/// A release is registered once, by an entry of the ledger, with the hashes of its files.
#[test]
fn a_release_is_registered_with_its_files() {
    let dir = pilot("housing");
    run(dir.path(), "release public").refused(&["`public/` has no public report"]);
    public(dir.path());
    let said = lodd_in(
        dir.path(),
        &format!("--clock {NOW} --lang en --json release public --label Report"),
    );
    let said = said.ok().json();
    assert_eq!((&said["label"], &said["earlier"]), (&Value::from("Report"), &Value::from(0)));
    let list = run(dir.path(), "--json release --list").ok().json();
    let one = &list["releases"][0];
    assert_eq!((&one["label"], &one["kind"]), (&Value::from("Report"), &Value::from("report")));
    let sums = fs::read_to_string(dir.path().join("public/SHA256SUMS")).unwrap();
    for file in one["files"].as_array().unwrap() {
        assert!(sums.contains(file["sha256"].as_str().unwrap()));
    }
    run(dir.path(), "ledger verify").ok();
    // What was published is known: the same report again withholds the same.
    let before = snapshot(&dir.path().join("public"));
    public(dir.path());
    assert_eq!(before, snapshot(&dir.path().join("public")));
    run(dir.path(), "release public").refused(&["this is registered already: `Report`"]);
    // A page that was touched is not what was audited.
    let path = dir.path().join("public/report.en.html");
    fs::write(&path, page(dir.path(), "en").replace("families", "Families")).unwrap();
    let before = snapshot(dir.path());
    run(dir.path(), "release public/report.en.html")
        .refused(&["`public/report.en.html` is not what `lodd report --public` gives now"]);
    run(dir.path(), "release out/estimates.parquet").refused(&["is not in `public/`"]);
    assert_eq!(before, snapshot(dir.path()));
}

/// One family's status is corrected between two reports: what changed with it is withheld in the second,
/// and no number that both show tells of fewer families than the threshold.
#[test]
fn two_reports_do_not_tell_of_the_family_between_them() {
    let dir = pilot("housing");
    let at = |clock: &str, words: &str| {
        lodd_in(dir.path(), &format!("--clock {clock} --lang en {words}")).ok()
    };
    let of = |all: &[[String; 5]], status: &str| {
        let column = "Etter 24 måneder · Husleiebevis";
        let cell = all
            .iter()
            .find(|it| it[0] == "Bosituasjon, familier" && it[1] == status && it[2] == column);
        cell.unwrap()[4].clone()
    };
    let (shared, own) =
        ("I fellesskap (botilbud, institusjon, hos andre)", "Egen, selvstendig bolig");
    at("1994-09-02T09:00:00Z", "report --public --format html");
    at("1994-09-02T09:10:00Z", "release public");
    let first = cells(dir.path());
    // 36 and 103 families of the certificate's arm, as in the trial's own table.
    assert!(of(&first, shared).starts_with("36 ") && of(&first, own).starts_with("103 "));
    let correction = "familie_id;statusdato;registrering;bostatus;arsak_til_retting\n\
                      HOU-QXKD-N;14.07.1994;OBSERVERT;FELLES;TASTEFEIL\n";
    fs::write(dir.path().join("rett.csv"), correction).unwrap();
    at("1994-09-20T09:00:00Z", "upload rett.csv --office sandiego --correction");
    at("1994-09-21T09:00:00Z", "panel");
    at("1994-09-21T09:10:00Z", "estimate");
    at("1994-09-21T09:20:00Z", "report --public --format html");
    let second = cells(dir.path());
    assert_eq!([of(&second, shared), of(&second, own)], [":", ":"]);
    let key = |it: &[String; 5]| (it[0].clone(), it[1].clone(), it[2].clone());
    // Reasons stand once a horizon under the same name: which is which the table does not say.
    let unique =
        |it: &&[String; 5]| first.iter().filter(|other| key(other) == key(it)).count() == 1;
    let earlier: BTreeMap<_, _> = first.iter().filter(unique).map(|it| (key(it), &it[3])).collect();
    let mut compared = 0;
    for cell in second.iter().filter(|it| !it[2].ends_with("Forskjell")) {
        let before = earlier.get(&key(cell)).and_then(|it| it.parse::<f64>().ok());
        let Some((before, now)) = before.zip(cell[3].parse::<f64>().ok()) else { continue };
        compared += 1;
        let moved = (now - before).abs();
        assert!(moved == 0.0 || !(1.0..THRESHOLD).contains(&moved), "{cell:?}, before {before}");
    }
    assert!(compared > 100, "{compared}");
    let said = at("1994-09-21T09:30:00Z", "--json release public").json();
    assert_eq!(said["earlier"], 1);
    at("1994-09-21T09:40:00Z", "ledger verify");
}

fn slides(dir: &Path, cut: &str, numbers: &[(&str, u64)]) {
    let mut text = format!("version = 1\nlabel = \"Slides\"\ncut = \"{cut}\"\n");
    for (of, value) in numbers {
        text = format!("{text}[[number]]\nof = \"{of}\"\nvalue = {value}\n");
    }
    fs::write(dir.join("slides.toml"), text).unwrap();
}

/// The office's own slides told at an earlier date that 41 families were in the control group; the draw
/// has 42. The difference is one family, and no suppression hides it: the number is named.
#[test]
fn a_difference_from_slides_that_gives_a_family_away_is_refused() {
    let dir = pilot("ringerike");
    public(dir.path());
    slides(dir.path(), "2015-09-01", &[("family|Drawn|arm=ordinary", 41)]);
    run(dir.path(), "release slides.toml --elsewhere").ok();
    let before = snapshot(dir.path());
    let words = [
        "would give families away, nothing is written",
        "`family|Drawn|arm=ordinary`",
        "together with what was published at the cut 2015-09-01",
        "wait until more have come",
    ];
    run(dir.path(), "report --public --format html").refused(&words);
    run(dir.path(), "release public").refused(&words);
    assert_eq!(before, snapshot(dir.path()));
    run(dir.path(), "ledger verify").ok();
}

/// Where a number need not be shown, what the slides tell is taken into account by withholding it.
#[test]
fn a_number_near_one_of_the_slides_is_withheld() {
    let find = |dir: &Path| {
        let rows = cells(dir).into_iter();
        let mut rows = rows.filter(|it| it[0] == "Bosituasjon, familier");
        rows.find(|it| {
            it[1] == "På gata" && it[2] == "Etter 6 måneder · Uten husleiebevis (kontroll)"
        })
    };
    let dir = pilot("housing");
    public(dir.path());
    assert_eq!(find(dir.path()).unwrap()[4].split(' ').next(), Some("30"));
    let of = fs::read_to_string(dir.path().join("out/public-numbers.csv")).unwrap();
    let of = of.lines().find(|it| it.contains("|h=6|arm=ordinary|status=På gata\""));
    let of = of.unwrap().split('"').nth(1).unwrap();
    slides(dir.path(), "1994-01-01", &[(of, 29)]);
    run(dir.path(), "release slides.toml --elsewhere").ok();
    public(dir.path());
    assert_eq!(find(dir.path()).unwrap()[4], ":");
}

/// A file of numbers with mistakes: all at once, with their places; nothing is registered.
#[test]
fn mistakes_of_a_table_from_elsewhere_are_told_with_their_places() {
    let dir = pilot("kast");
    let text = "version = 1\nlabel = \"Slides\"\ncut = \"yesterday\"\n[[number]]\nof = \"family|a\"\n\
                value = -1\n[[sum]]\nwhole = \"family|b\"\nparts = [\"family|a\"]\n";
    fs::write(dir.path().join("slides.toml"), text).unwrap();
    let before = snapshot(dir.path());
    run(dir.path(), "release slides.toml --elsewhere").refused(&[
        "has 3 mistakes, nothing is registered",
        "slides.toml:3:7",
        "slides.toml:6:9",
        "`family|b` is not among the file's numbers",
    ]);
    assert_eq!(before, snapshot(dir.path()));
}

/// Four and eight families: nothing may be published, and nothing is written.
#[test]
fn a_pilot_under_the_threshold_has_no_public_report() {
    let dir = pilot("kast");
    let before = snapshot(dir.path());
    run(dir.path(), "report --public --format html")
        .refused(&["an arm of the draw is under the threshold", "pool the pilot with others"]);
    assert_eq!(before, snapshot(dir.path()));
}

/// Rounded to base 5 every count is a multiple of 5 near the true one, totals add up, and what is made
/// from exact counts is left out.
#[test]
fn rounded_counts_keep_their_sums() {
    let dir = pilot("housing");
    public(dir.path());
    let exact = cells(dir.path());
    run(dir.path(), "report --public --round 5").ok();
    let rounded = cells(dir.path());
    let (mut counted, mut added, mut of_arms) = (0, 0, Vec::new());
    // A table that rounds to nothing is not printed.
    let has = |caption: &str| rounded.iter().any(|it| it[0] == caption);
    let own = exact.iter().filter(|it| is_of_families(&it[0]) && has(&it[0]));
    for (own, near) in own.zip(rounded.iter().filter(|it| is_of_families(&it[0]))) {
        let [caption, row, column, value, _] = near;
        assert_eq!(&own[..3], &near[..3]);
        let Ok(value) = value.parse::<f64>() else { continue };
        counted += 1;
        assert!((value / 5.0).fract().abs() < 1e-9, "{caption}: {row}, {column}: {value}");
        if let Ok(own) = own[3].parse::<f64>() {
            assert!((own - value).abs() < 10.0, "{caption}: {row}, {column}: {own}, {value}");
        }
        if !caption.starts_with("Flyt") {
            continue;
        }
        if column != "I alt" {
            of_arms.push(value);
        } else if !of_arms.is_empty() {
            added += 1;
            let arms: f64 = of_arms.drain(..).sum();
            assert!((value - arms).abs() < 1e-9, "{caption}: {row}: {value}, {arms}");
        }
    }
    assert!(counted > 100 && added > 10, "{counted}, {added}");
    assert!(!rounded.iter().any(|it| it[0].starts_with("Hovedresultater")));
    run(dir.path(), "release public").ok();
    run(dir.path(), "report --public --format html").refused(&["was published with --round 5"]);
}
