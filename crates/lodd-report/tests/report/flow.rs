//! The flow: what the chart and the tables say of the same counts.

use lodd_report::*;

use crate::fixture::{housing, ringerike, written};

/// A row of a table as its cells' exact numbers.
#[track_caller]
#[expect(clippy::unwrap_used, reason = "a panic here is a failing test")]
fn row(page: &str, head: &str) -> Vec<u64> {
    let start = format!("<th scope=\"row\">{head}</th>");
    let row = page.split_once(&start).unwrap().1.split_once("</tr>").unwrap().0;
    let cells = row.split("<data value=\"").skip(1);
    cells.map(|it| it.split_once('"').unwrap().0.parse().unwrap()).collect()
}

/// The reasons for being missing exclude each other: 181 − 157 and 181 − 146.
#[test]
fn a_missing_total_is_the_sum_of_its_reasons() {
    let page = written(&housing(), Lang::Nb).unwrap();
    assert_eq!(row(&page, "Observert etter 12 måneder"), [157, 146, 303]);
    assert_eq!(row(&page, "Mangler etter 12 måneder"), [24, 35, 59]);
    for line in [">Observert: 157<", ">Mangler: 24<", ">– ikke nådd: 24<", ">Mangler: 35<"] {
        assert!(page.contains(line), "{line}");
    }
}

/// Reasons for not being eligible overlap: they are never added up.
#[test]
fn eligibility_keeps_its_own_total() {
    let page = written(&ringerike(), Lang::Nb).unwrap();
    assert_eq!(row(&page, "Oppfyller ikke kriteriene"), [13]);
    assert_eq!(row(&page, "har ikke 1–4 barn under 18 år hjemme"), [5]);
    assert_eq!(row(&page, "Med i trekningen"), [15, 42, 57]);
}

/// Children are counted in a table of their own; adults, of whom there are no rows, in none.
#[test]
fn each_unit_has_its_own_table() {
    let mut report = ringerike();
    let page = written(&report, Lang::Nb).unwrap();
    assert!(page.contains("Flyt: antall familier i hvert trinn"));
    assert!(page.contains("Flyt: antall barn i hvert trinn"));
    assert!(!page.contains("Flyt: antall voksne i hvert trinn"));
    for row in report.flow.iter_mut().filter(|row| row.level == Unit::Child) {
        row.count = Cell::Count(0);
    }
    assert!(!written(&report, Lang::Nb).unwrap().contains("Flyt: antall barn i hvert trinn"));
}

/// With more arms than a page is wide, the table stands without a chart.
#[test]
fn many_arms_have_a_table_only() {
    let mut report = ringerike();
    report.arms = (0..5).map(|n| Arm { label: n.to_string(), name: Text::same("x") }).collect();
    report.draws[0].blocks[0].seats = vec![1; 5];
    report.status.clear();
    report.effects.clear();
    let page = written(&report, Lang::Nb).unwrap();
    assert!(!page.contains("<svg") && page.contains("Flyt: antall familier i hvert trinn"));
}
