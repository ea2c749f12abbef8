//! The report as HTML, PDF and XLSX: one document, so that the formats can't disagree. What is in the
//! files is read by other programs.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    demo::demo,
    page::node,
    support::{Ran, copied, lodd_in, python, root, snapshot},
};

const NOW: &str = "2027-02-01T09:30:00Z";
const PILOTS: [&str; 3] = ["housing", "ringerike", "kast"];

fn report(dir: &Path, words: &str) -> Ran {
    lodd_in(dir, format!("--clock {NOW} --lang en report {words}").trim_end())
}

fn outs() -> Vec<PathBuf> {
    PILOTS.iter().map(|pilot| demo().join(pilot).join("out")).collect()
}

/// Runs a script on the reports of the demo's pilots.
fn check(script: &str) -> Ran {
    let outs = outs();
    python(script, &outs.iter().map(PathBuf::as_path).collect::<Vec<_>>())
}

/// Every number of every table in nb, nn and en: of the page, the PDF and the workbook, and those of
/// the Parquet files; and the PDF's whole text in the page's order.
#[test]
fn every_number_is_the_same_in_all_formats_and_languages() {
    check("check_formats.py").ok();
}

/// Structure, language, heads of tables, descriptions of figures, bookmarks, fonts: PDF/UA-1.
#[test]
fn the_pdf_is_whole_for_a_screen_reader() {
    check("check_tags.py").ok();
}

#[test]
fn another_spreadsheet_opens_the_workbook_and_finds_the_same() {
    check("check_office.py").ok();
}

/// No rule of WCAG 2.1 AA is broken, by axe in Chromium, wide and narrow.
#[test]
fn the_page_breaks_no_rule_of_accessibility() {
    let outs = outs();
    node("test/report.mjs", &outs.iter().map(PathBuf::as_path).collect::<Vec<_>>());
}

/// What the signs of typst, of HTML and of a spreadsheet's formulas would do, if they did anything.
const SIGNS: &[&str] = &[
    "#set text(fill: white)",
    "#panic(\"no\") #import \"@preview/x:0.1.0\": *",
    "$x^2$ *strong* _emph_ `raw` @label <label> = heading",
    "] } ) [ { ( // comment /* and */ \\n \\u{41} ~ -- --- ...",
    "<b>bold</b> &amp; \u{201c}quotes\u{201d} 'single' \u{1f600}",
    "=1+1",
    "+2",
    "-3",
    "@SUM(A1)",
    "=HYPERLINK(\"http://example.no\";\"x\")",
];

/// Prose, labels and sources with such signs come out letter by letter in all formats.
#[test]
fn what_the_evaluator_writes_is_never_read_as_markup_or_formula() {
    let dir = copied(&demo().join("kast"));
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let mut text = format!("version = 1\n[cover]\nauthors = [{}]\n", quoted(SIGNS[0]));
    let _ = writeln!(text, "[section.introduction]\nnb = {}", quoted(&SIGNS.join("\n\n")));
    for sign in SIGNS {
        let sign = quoted(sign);
        let _ = writeln!(
            text,
            "[[cost]]\nlabel_nb = {sign}\nlabel_en = {sign}\nnok = 12\nyear = 2026\nsource = {sign}"
        );
    }
    fs::write(dir.path().join("report.toml"), text).unwrap();
    report(dir.path(), "").ok();
    let out = dir.path().join("out");
    let page = fs::read_to_string(out.join("report.nb.html")).unwrap();
    assert!(page.contains("<p>#set text(fill: white)</p>") && page.contains("<p>@SUM(A1)</p>"));
    assert_eq!(page.matches(">=1+1<").count(), 3, "prose, label and source");
    python("check_formats.py", &[&out]).ok();
    python("check_tags.py", &[&out]).ok();
}

/// The same files again, on one thread and on four; only what is asked for is written.
#[test]
fn the_same_inputs_give_the_same_bytes_in_every_format() {
    let first = copied(&demo().join("kast"));
    let reports = |dir: &Path| {
        let all = snapshot(&dir.join("out")).into_iter();
        let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        let all = all.map(|(path, bytes)| (name(path), bytes));
        all.filter(|(name, _)| name.starts_with("report.")).collect::<Vec<_>>()
    };
    let made = reports(first.path());
    assert_eq!(made.len(), 9);
    for (name, _) in &made {
        fs::remove_file(first.path().join("out").join(name)).unwrap();
    }
    report(first.path(), "--format pdf --threads 4").ok();
    let names: Vec<String> = reports(first.path()).into_iter().map(|it| it.0).collect();
    assert_eq!(names, ["report.en.pdf", "report.nb.pdf", "report.nn.pdf"]);
    report(first.path(), "--format xlsx,html --threads 1").ok();
    let again = reports(first.path());
    for ((name, made), (same, again)) in made.iter().zip(&again) {
        assert!(name == same && made == again, "{name} differs");
    }
    // A clock is not in them: another day, the same cut.
    let later = "--clock 2027-03-05T10:00:00Z report --format pdf,xlsx";
    lodd_in(first.path(), later).ok();
    assert!(made == reports(first.path()), "the clock reaches a report");
}

/// A text that no cell can hold: the workbook is refused, and with it the page and the PDF.
#[test]
fn no_format_is_written_when_one_fails() {
    let dir = copied(&demo().join("kast"));
    let long = "x".repeat(32_768);
    let text = format!(
        "version = 1\n[[cost]]\nlabel_nb = \"{long}\"\nlabel_en = \"x\"\nnok = 12\nyear = 2026\nsource = \"x\"\n"
    );
    fs::write(dir.path().join("report.toml"), text).unwrap();
    let before = snapshot(dir.path());
    report(dir.path(), "--format xlsx,html").refused(&["the report can't be made", "32,767"]);
    assert_eq!(before, snapshot(dir.path()));
    report(dir.path(), "--format html").ok();
    let ran = report(dir.path(), "--format docx");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("html, pdf, xlsx"), "{}", ran.stderr);
}

/// The program has the fonts and the look in itself: it opens no file outside the pilot for them.
#[test]
fn the_template_asks_for_no_file_and_no_package() {
    let template =
        fs::read_to_string(root().join("crates/lodd-report/templates/report.typ")).unwrap();
    for word in ["#import", "#include", "read(", "json(", "datetime.today", "eval("] {
        assert!(!template.contains(word), "{word}");
    }
}
