//! What is written after a draw and before anyone is told.

use std::{fmt::Write, fs, path::Path, process::Command};

use lodd_report::{DrawnUnit, Lang, Record, RecordBeacon, RecordBlock, Text, render_record};
use serde_json::Value;

use crate::{
    designs::{ARMS, FACTORS, Office, paired, screened},
    support::{Ran, copied, lodd_in, root, snapshot},
};

const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";

fn at(dir: &Path, clock: &str, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock {clock} {words}"))
}

/// The throw-away pilot, its list locked.
fn announced() -> tempfile::TempDir {
    let dir = copied(&root().join("data/kast"));
    at(dir.path(), "2026-08-20T08:10:00Z", "roster import familier.csv medlemmer.csv").ok();
    at(dir.path(), "2026-08-20T08:20:00Z", "screen").ok();
    at(dir.path(), "2026-09-01T08:00:00Z", "draw announce --rehearsal").ok();
    dir
}

fn reveal(dir: &Path, more: &str) -> Ran {
    at(dir, "2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED}{more}"))
}

const FILES: [&str; 7] = [
    "balance.parquet",
    "checks.en.html",
    "checks.nb.html",
    "order.parquet",
    "record.en.html",
    "record.nb.html",
    "record.nn.html",
];

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<String> =
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The reveal says the headline and where the files are; they name no family and say REHEARSAL; and
/// they can be written again, the same bytes.
#[test]
fn a_reveal_writes_the_balance_the_checks_and_the_record() {
    let dir = announced();
    let ran = reveal(dir.path(), " --json").ok();
    let after = &ran.json()["after"];
    let out = dir.path().join("out/draw-0001");
    assert_eq!(names(&out), FILES);
    let told: Vec<&str> =
        after["files"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert!(FILES.iter().all(|it| told.contains(&format!("out/draw-0001/{it}").as_str())));
    // Twelve families, four places: C(12, 4) = 495 assignments, each looked at.
    assert_eq!(
        (after["balance"]["replays"].as_u64(), after["balance"]["exact"].as_bool()),
        (Some(495), Some(true))
    );
    let p = after["balance"]["p_value"].as_f64().unwrap();
    assert!((p * 495.0 - (p * 495.0).round()).abs() < 1e-9 && p > 0.0 && p <= 1.0, "{p}");
    let ids: Vec<String> = fs::read_to_string(dir.path().join("familier.csv"))
        .unwrap()
        .lines()
        .skip(1)
        .map(|line| line.split(';').next().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 12);
    for name in FILES {
        let bytes = fs::read(out.join(name)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(ids.iter().all(|id| !text.contains(id.as_str())), "{name} names a family");
        assert!(text.contains("REHEARSAL") || text.contains("rehearsal"), "{name}");
    }
    let record = fs::read_to_string(out.join("record.nb.html")).unwrap();
    let announcement = lodd_in(dir.path(), "draw status --json").json();
    let hash = announcement["draws"][0]["announcement"].as_str().unwrap();
    for words in [hash, SEED, "Nav Øvelse", "01.09.2026 kl. 10.00", "lodd draw verify draws/0001"]
    {
        assert!(record.contains(words), "{words}");
    }
    let before = snapshot(dir.path());
    at(dir.path(), "2026-09-03T12:00:00Z", "draw report 1").ok();
    at(dir.path(), "2026-09-03T12:00:00Z", "draw report").ok();
    let same = |(path, bytes): &(std::path::PathBuf, Vec<u8>)| {
        fs::read(path).is_ok_and(|now| now == *bytes)
    };
    assert!(before.iter().filter(|(path, _)| path.starts_with(&out)).all(same));
    at(dir.path(), "2026-09-03T12:00:00Z", "draw report 2 --lang en")
        .refused(&["draw 2 has not been made"]);
}

/// The draw is recorded first: where its files can't be written it stands, and they can be later.
#[test]
fn the_draw_stands_where_the_files_can_not_be_written() {
    let dir = announced();
    at(dir.path(), "2026-09-01T11:00:00Z", "draw report --lang en")
        .refused(&["no draw has been made"]);
    fs::create_dir_all(dir.path().join("out")).unwrap();
    fs::write(dir.path().join("out/draw-0001"), "in the way").unwrap();
    let ran = reveal(dir.path(), " --lang en").ok();
    for words in ["the draw stands, but the checks after it were not written", "lodd draw report 1"]
    {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    assert!(ran.stdout.contains("Draw 1 is made: follow-up 4, ordinary 8."), "{}", ran.stdout);
    lodd_in(dir.path(), "draw verify draws/0001").ok();
    assert_eq!(lodd_in(dir.path(), "draw status --json").json()["draws"][0]["status"], "DRAWN");
    fs::remove_file(dir.path().join("out/draw-0001")).unwrap();
    let again = at(dir.path(), "2026-09-03T12:00:00Z", "draw report --lang en").ok();
    assert!(again.stdout.contains("over all 495 possible draws"), "{}", again.stdout);
    assert_eq!(names(&dir.path().join("out/draw-0001")), FILES);
}

/// Every design is run again as it was drawn: all assignments where they are equally likely and few,
/// else 9,999 re-draws of the very draw.
#[test]
fn every_design_is_run_again_as_it_was_drawn() {
    let one = "[[draw.block]]\nlabel = \"n\"\noffices = [\"n\"]\n";
    let limit = "[draw.constraint]\nmax_attempts = 1000\n\
                 [[draw.constraint.limit]]\ncolumn = \"children\"\nmax_difference = \"1/4\"\n";
    let offices = "[[draw.block]]\nlabel = \"all\"\noffices = [\"n\", \"s\", \"v\"]\nseats = [1]\n";
    let children: &[usize] = &[1, 4, 2, 2, 3, 1, 4, 3];
    let office: [Office<'_>; 1] = [("n", children)];
    let three: [Office<'_>; 3] = [("n", &[1, 3]), ("s", &[1]), ("v", &[])];
    let designs: [(&[Office<'_>], String, u64, bool, usize); 5] = [
        (&office, format!("[draw]\n{ARMS}{one}probabilities = [\"1/3\"]\n"), 9_999, false, 2),
        // 8!/(2! 1! 1! 4!) and one of two in each of four pairs.
        (&office, FACTORS.to_owned(), 840, true, 4),
        (&office, paired(), 16, true, 2),
        (&office, format!("[draw]\n{ARMS}{one}seats = [4]\n{limit}"), 9_999, false, 2),
        (&three, format!("[draw]\nunit = \"KONTOR\"\n{ARMS}{offices}"), 3, true, 2),
    ];
    for (offices, draw, replays, exact, arms) in designs {
        let dir = screened(offices, &draw, |row| row);
        at(dir.path(), "2026-09-01T08:00:00Z", "draw announce --rehearsal").ok();
        let ran = reveal(dir.path(), " --json").ok();
        let after = &ran.json()["after"];
        let tested = &after["balance"];
        assert_eq!(
            (tested["replays"].as_u64(), tested["exact"].as_bool()),
            (Some(replays), Some(exact)),
            "{draw}\n{after}\n{}",
            ran.stderr
        );
        let page = fs::read_to_string(dir.path().join("out/draw-0001/record.en.html")).unwrap();
        assert_eq!(page.matches("<th scope=\"colgroup\"").count(), arms, "{page}");
        assert_eq!(page.contains("Offices"), draw.contains("KONTOR"));
        assert_eq!(page.contains("met by attempt number"), draw.contains("constraint"));
    }
}

/// Some 360 families who registered over thirty days, in the order of the list; those for whom
/// `selected` says so are in the first arm.
fn visa_lottery(selected: impl Fn(usize, usize) -> bool) -> tempfile::TempDir {
    let dir = copied(&root().join("data/housing"));
    let families = fs::read_to_string(dir.path().join("familier.csv")).unwrap();
    let count = families.lines().count() - 1;
    let mut registered = String::from("familie_id,kontor,registrert\n");
    let mut assignment = String::from("unit,block,arm,date,probability\n");
    for (row, line) in families.lines().skip(1).enumerate() {
        let id = line.split(',').next().unwrap();
        let day = row * 30 / count;
        writeln!(registered, "{id},sandiego,{:02}.04.1992", day + 1).unwrap();
        let arm = if selected(row, day) { "certificate" } else { "ordinary" };
        writeln!(assignment, "{id},sandiego,{arm},1992-06-15,1/2").unwrap();
    }
    fs::write(dir.path().join("familier.csv"), registered).unwrap();
    fs::write(dir.path().join("assignment.csv"), assignment).unwrap();
    at(dir.path(), "1992-06-01T08:00:00Z", "roster import familier.csv medlemmer.csv fakta.csv")
        .ok();
    at(dir.path(), "1992-06-01T08:30:00Z", "screen").ok();
    dir
}

fn stopped(after: &Value) -> Vec<&str> {
    after["stop"].as_array().unwrap().iter().map(|it| it["list"].as_str().unwrap()).collect()
}

/// The US visa lottery of 2012 was voided since over 90 % of those selected had registered on the
/// first two of its thirty days.
#[test]
fn the_visa_lottery_of_2012_would_have_been_stopped() {
    // 25 families of the first two days, and two others.
    let dir = visa_lottery(|row, day| day < 2 || row == 200 || row == 300);
    let ran = at(dir.path(), "1992-06-15T10:00:00Z", "draw import assignment.csv --json").ok();
    let after = &ran.json()["after"];
    for list in ["list_position", "registered_on"] {
        assert!(stopped(after).contains(&list), "{after}");
    }
    for (lang, words) in [
        (
            "nb",
            [
                "STOPP OG SE ETTER",
                "Registreringsdato mot gruppene",
                "fikk 25 av 27 plasser (92,6 %)",
            ],
        ),
        (
            "en",
            [
                "STOP AND LOOK",
                "Date of registration against the arms",
                "got 25 of 27 places (92.6 %)",
            ],
        ),
    ] {
        let told = lodd_in(dir.path(), &format!("draw report --lang {lang}")).ok().stdout;
        let page = fs::read_to_string(dir.path().join(format!("out/draw-0001/checks.{lang}.html")));
        let page = page.unwrap();
        for words in words {
            assert!(told.contains(words), "{words} is not in {told}");
        }
        assert!(page.contains(words[0]) && page.contains(words[2]), "{page}");
    }
    // Made elsewhere: there are no public files to put on record.
    assert!(!dir.path().join("out/draw-0001/record.nb.html").exists());
}

/// The same list with every thirteenth family selected is quiet.
#[test]
fn a_list_that_was_mixed_is_quiet() {
    let dir = visa_lottery(|row, _| row % 13 == 6);
    let ran = at(dir.path(), "1992-06-15T10:00:00Z", "draw import assignment.csv --json").ok();
    let after = &ran.json()["after"];
    assert!(stopped(after).is_empty() && after["checks"].as_u64() >= Some(2), "{after}");
}

/// A draw as large as a page can tell of it.
fn largest(beacon: RecordBeacon) -> Record {
    let hash = "0123456789abcdef".repeat(4);
    let words = "Oppfølging av familier med barn og gjentatte perioder med sosialhjelp ".repeat(5);
    let block = |at: usize| RecordBlock {
        name: format!("{at} {words}"),
        units: 16_777_216,
        promised: vec!["123456789/9876543210".to_owned(); 4],
        drawn: vec![4_194_304; 4],
    };
    Record {
        program: "lodd 0.1.0".to_owned(),
        title: Text::same(&words),
        pilot: "x".repeat(64),
        draw: 9_999,
        unit: DrawnUnit::Family,
        rehearsal: true,
        taken_over: true,
        scripted_clock: true,
        arms: (1..=4).map(|at| Text::same(format!("Arm {at}: {}", words.split_at(40).0))).collect(),
        blocks: (0..6).map(block).collect(),
        locked_at: "2026-09-01T10:00:00+02:00".to_owned(),
        revealed_at: "2026-09-01T14:00:00+02:00".to_owned(),
        drawn_on: "2026-09-01".to_owned(),
        beacon,
        attempt: Some(4_294_967_295),
        announcement: hash.clone(),
        root: hash.clone(),
        plan: hash.clone(),
        reveal: hash.clone(),
        result: hash.clone(),
        entries: ["announcement", "draw"].map(|it| (123_456, it.to_owned(), hash.clone())).into(),
        balance_p: Some(0.000_1),
        checks: (12, 3),
        folder: "draws/9999".to_owned(),
    }
}

/// The pages that a browser prints a file on.
fn sheets(dir: &Path, html: &str) -> usize {
    let (page, pdf) = (dir.join("page.html"), dir.join("page.pdf"));
    fs::write(&page, html).unwrap();
    let browser = std::env::var("LODD_CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"])
        .arg(format!("--user-data-dir={}", dir.join("profile").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(&page)
        .output()
        .unwrap();
    let bytes = fs::read(&pdf).unwrap_or_else(|_| panic!("{output:?}"));
    let text = String::from_utf8_lossy(&bytes);
    text.matches("/Type /Page\n").count()
}

/// One sheet of A4 in every language, for a small draw and for the largest; what is longer than a
/// sheet is counted as such.
#[test]
fn the_record_prints_on_one_sheet() {
    let dir = announced();
    reveal(dir.path(), "").ok();
    let small = fs::read_to_string(dir.path().join("out/draw-0001/record.nb.html")).unwrap();
    assert_eq!(sheets(dir.path(), &small), 1);
    let text = "seks terninger kastet av rådmannen ".repeat(40);
    let witnessed = RecordBeacon::Witnessed { description: text.clone(), value: text };
    let drand = RecordBeacon::Drand {
        round: 12_040_883,
        at: "2026-09-01T12:00:00+02:00".to_owned(),
        signature: "ab".repeat(48),
    };
    for beacon in [witnessed, drand] {
        for lang in Lang::ALL {
            let page = render_record(&largest(beacon.clone()), lang).unwrap();
            assert_eq!(sheets(dir.path(), &page), 1, "{}: {beacon:?}", lang.code());
        }
    }
    let twice = small.replace("</main>", &format!("<p>{}</p></main>", "ord ".repeat(8_000)));
    assert!(sheets(dir.path(), &twice) > 1);
}
