//! `lodd report` and `report.toml`: what the evaluator adds, and what the report says of the pilot.

use std::fs;

use crate::{
    demo::demo,
    support::{Ran, copied, lodd_in, root, snapshot},
};

const NOW: &str = "2017-03-22T09:00:00Z";

/// Every mistake of the file at once, each with its line and column; nothing is written.
#[test]
fn mistakes_of_report_toml_are_told_with_their_places() {
    let pilot = copied(&root().join("data/ringerike"));
    let run = |words: &str| lodd_in(pilot.path(), &format!("--clock {NOW} --lang en {words}"));
    run("roster import roster.xlsx").ok();
    let text = "version = 1\n\
                [section.introducton]\n\
                nb = \"Tekst\"\n\
                [section.costs]\n\
                nb = 12\n\
                text = \"Tekst\"\n\
                [[cost]]\n\
                label_nb = \"Koordinator\"\n\
                label_en = \"Coordinator\"\n\
                nok = -5\n\
                year = 2016\n\
                source = \"regnskap\"\n\
                arm = \"folow-up\"\n\
                [outcomes]\n\
                work = [\"F_ARBEID_NOE\"]\n\
                [checklist]\n\
                27 = \"kapittel 1\"\n";
    fs::write(pilot.path().join("report.toml"), text).unwrap();
    let before = snapshot(pilot.path());
    run("report").refused(&[
        "`report.toml` has 7 mistakes, no report was written",
        "report.toml:2:10",
        "unknown key `section.introducton`",
        "introduction",
        "report.toml:5:6",
        "`section.costs.nb` must be a text, found integer",
        "report.toml:6:1",
        "unknown key `section.costs.text`",
        "report.toml:10:7",
        "must be an amount in kroner, not below 0",
        "report.toml:13:7",
        "must be one of",
        "report.toml:15:8",
        "outcome `F_ARBEID_NOE` is not in pilot.toml",
        "did you mean `F_ARBEID_NOEN`?",
        "report.toml:17:1",
        "unknown key `checklist.27`",
    ]);
    assert_eq!(before, snapshot(pilot.path()));
}

fn report(dir: &std::path::Path) -> Ran {
    lodd_in(dir, &format!("--clock {NOW} --lang en report --format html"))
}

/// The demo's pilot: its plan is accounted for, its chapters are there, the same bytes twice.
#[test]
fn the_report_of_a_pilot_accounts_for_its_plan() {
    let dir = demo().join("ringerike");
    let page =
        |lang: &str| fs::read_to_string(dir.join(format!("out/report.{lang}.html"))).unwrap();
    report(&dir).ok();
    let (nb, nn, en) = (page("nb"), page("nn"), page("en"));
    report(&dir).ok();
    assert!([&nb, &nn, &en] == [&page("nb"), &page("nn"), &page("en")]);
    // The plan has 26 analyses; each stands in the table of plan and report.
    let plan = fs::read_to_string(dir.join("analysis.toml")).unwrap();
    let planned = plan.matches("[[analysis]]").count();
    assert_eq!(planned, 26);
    assert!(en.contains("26 of 26 were run."));
    assert!(nb.contains("26 av 26 er kjørt.") && nn.contains("26 av 26 er køyrde."));
    let table = en.split_once("</strong> Plan against report").unwrap().1;
    let table = table.split_once("</table>").unwrap().0;
    for line in plan.lines().filter(|it| it.starts_with("id = ")) {
        let id = line.trim_start_matches("id = ").trim_matches('"');
        let stands = table.contains(&format!("<th scope=\"row\">{id}</th>"));
        assert!(stands || id == "F_ARBEID_NOEN", "{id}");
    }
    // The lottery's p-value stands beside the effect, the other estimator among robustness.
    for words in ["Robustness, families", "Worst-case bounds", "Linear regression (HC2)"] {
        assert!(en.contains(words), "{words}");
    }
    for (lang, words) in [("nb", "Sammendrag"), ("nn", "Samandrag"), ("en", "Summary")] {
        assert!(page(lang).contains(&format!("<h2 id=\"summary\">{words}</h2>")));
    }
}

/// Prose, costs and headings of the evaluator stand in the report, escaped.
#[test]
fn report_toml_reaches_the_report() {
    let dir = copied(&demo().join("ringerike"));
    let text = "version = 1\n\
                [cover]\n\
                authors = [\"Kari Nordmann\"]\n\
                [section.introduction]\n\
                nb = \"Bakgrunn & mål\"\n\
                [outcomes]\n\
                other = [\"F_ARBEID_NOEN\"]\n\
                [literature]\n\
                references = [\"Montgomery mfl. (2018)\"]\n";
    fs::write(dir.path().join("report.toml"), text).unwrap();
    report(dir.path()).ok();
    let page = fs::read_to_string(dir.path().join("out/report.nb.html")).unwrap();
    for words in
        ["Kari Nordmann", "Bakgrunn &#38; mål", "Andre utfall</h3>", "Montgomery mfl. (2018)"]
    {
        assert!(page.contains(words), "{words}");
    }
}
