//! The figures of the descriptive tables: moves between statuses, and balance.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic here is a failing test")]

use lodd_report::*;
use roxmltree::{Document, Node};

use super::{
    crowded, html,
    picture::{Axis, drawing, drawings, middle, number, parts, places, text_of},
    pictured,
    vision::{distance, seen},
};

/// From, to, and how many of each arm.
type Moved = (Option<&'static str>, Option<&'static str>, Vec<u64>);

/// 18 and 53 adults, and more arms of 20 each.
fn moved(arms: usize) -> Vec<Moved> {
    let (work, help, school) = (Some("Arbeid"), Some("Sosialhjelp"), Some("Utdanning"));
    let moves = [
        (work, work, [3, 6, 4]),
        (work, None, [0, 1, 1]),
        (help, work, [6, 12, 5]),
        (help, school, [1, 2, 5]),
        (help, help, [7, 22, 5]),
        (help, None, [1, 7, 0]),
        (None, help, [0, 3, 0]),
    ];
    let of = |n: [u64; 3]| -> Vec<u64> {
        let arm = |arm| match arm {
            0 => n[0],
            last if last + 1 == arms => n[1],
            _ => n[2],
        };
        (0..arms).map(arm).collect()
    };
    moves.into_iter().map(|(from, to, n)| (from, to, of(n))).collect()
}

fn arms(report: &Report) -> Vec<String> {
    report.arms.iter().map(|it| it.label.clone()).collect()
}

fn columns(
    unit: Unit,
    group: Option<&Title>,
    arms: &[String],
    term: Term,
) -> Vec<DescriptiveColumn> {
    let own = |title| DescriptiveColumn { unit, group: group.cloned(), title };
    let treated = &arms[..arms.len() - 1];
    let versus = |arm: &String| match treated.len() {
        1 => Title::Term(term),
        _ => Title::Versus(term, arm.clone()),
    };
    let all = arms.iter().map(|arm| Title::Arm(arm.clone()));
    all.chain(treated.iter().map(versus)).map(own).collect()
}

fn empty(subject: Subject, unit: Unit, file: &str) -> Descriptive {
    Descriptive {
        subject,
        unit,
        draw: Some(1),
        label: None,
        source: None,
        horizon: None,
        replays: Some(10_000),
        file: file.into(),
        columns: Vec::new(),
        rows: Vec::new(),
    }
}

/// Moves after 12 months, and after 24, when nobody of the first arm is left.
fn transitions(report: &Report) -> Descriptive {
    let arms = arms(report);
    let mut table = empty(Subject::Transitions, Unit::Adult, "transitions.parquet");
    table.label = Some(Text::new("Hovedinntekt", "Main income"));
    for months in [12, 24] {
        let group = Title::Horizon(Horizon::Months(months));
        table.columns.extend(columns(Unit::Adult, Some(&group), &arms, Term::Contrast));
    }
    let all = moved(arms.len());
    let wholes: Vec<u64> =
        (0..arms.len()).map(|arm| all.iter().map(|it| it.2[arm]).sum()).collect();
    for (from, to, n) in &all {
        let mut cells = Vec::new();
        for months in [12, 24] {
            cells.extend((0..arms.len()).map(|arm| {
                let gone = months == 24 && arm == 0;
                let [part, whole] =
                    [n[arm], wholes[arm]].map(|n| Cell::Count(if gone { 0 } else { n }));
                Value::Share { part, whole }
            }));
            cells.extend((1..arms.len()).map(|_| Value::Points(Number::Missing)));
        }
        let title = Title::Move(from.map(Text::same), to.map(Text::same));
        table.rows.push(DescriptiveRow { kind: RowKind::Plain, title, cells });
    }
    table
}

/// What the facts are called, and the differences of the first arm.
const FACTS: [(&str, f64, f64); 4] = [
    ("Barn under 18 år som bor hjemme hos familien", -0.24, -0.2967),
    ("Måneder med sosialhjelp, siste 12", 0.2149, 0.2149),
    ("Voksne i familien", 0.0012, -0.0841),
    ("Registrert, dager etter den første", -1.0317, 0.3),
];

fn difference(value: f64, arm: usize) -> f64 {
    value + arm as f64 * 0.07
}

fn balance(report: &Report, subject: Subject) -> Descriptive {
    let arms = arms(report);
    let mut table = empty(subject, Unit::Family, "balance.parquet");
    table.columns = columns(Unit::Family, None, &arms, Term::StdDifference);
    let row = |title, kind, cells| DescriptiveRow { kind, title, cells };
    let mean = || Value::Mean { mean: Number::Known(1.0), sd: Number::Known(1.0) };
    for (name, drawn, analysed) in FACTS {
        let value = if subject == Subject::Balance { drawn } else { analysed };
        let differences = (1..arms.len()).map(|arm| {
            // A fact that does not vary has none.
            let is_missing = name == "Voksne i familien" && subject == Subject::Balance;
            let value = Number::Known(difference(value, arm - 1));
            Value::Decimal(if is_missing { Number::Missing } else { value })
        });
        let cells = arms.iter().map(|_| mean()).chain(differences).collect();
        table.rows.push(row(Title::Text(Text::same(name)), RowKind::Plain, cells));
    }
    let joint = vec![Value::Empty; table.columns.len()];
    table.rows.push(row(Title::Term(Term::AllFacts), RowKind::Total, joint));
    table
}

/// The report with these tables.
pub(crate) fn with_tables(mut report: Report) -> Report {
    let files =
        [(FileKind::Transitions, "transitions.parquet"), (FileKind::Balance, "balance.parquet")];
    let file = |(kind, name): (FileKind, &str)| DataFile { kind, name: name.into(), sha256: None };
    report.files.extend(files.map(file));
    report.descriptives = vec![
        balance(&report, Subject::Balance),
        balance(&report, Subject::BalanceAnalysed),
        transitions(&report),
    ];
    report
}

/// The corners of a band: its left upper and lower end, then those at the right.
fn band(node: Node<'_, '_>) -> [f64; 4] {
    let d = node.attribute("d").unwrap();
    let numbers: Vec<f64> = d
        .split(|it: char| !(it.is_ascii_digit() || it == '.' || it == '-'))
        .filter_map(|it| it.parse().ok())
        .collect();
    assert_eq!(numbers.len(), 16, "{d}");
    [numbers[1], numbers[15], numbers[7], numbers[9]]
}

/// Elements of a class between two heights.
fn between<'d>(doc: &'d Document<'_>, class: &str, (top, bottom): (f64, f64)) -> Vec<Node<'d, 'd>> {
    let y =
        |it: &Node<'_, '_>| it.attribute("y").map_or_else(|| band(*it)[0], |y| y.parse().unwrap());
    parts(doc, class).into_iter().filter(|it| (top..bottom).contains(&y(it))).collect()
}

/// Each arm's part of a picture, from its heading to the next.
fn panels(doc: &Document<'_>) -> Vec<(f64, f64)> {
    let mut tops: Vec<f64> = parts(doc, "group").into_iter().map(|it| number(it, "y")).collect();
    tops.push(f64::INFINITY);
    tops.windows(2).map(|it| (it[0], it[1])).collect()
}

/// Every band is as high as its share of those drawn, and joins the two statuses that it says; what
/// is left over is nothing.
fn check_moves(report: &Report, title: &str) {
    let svg = drawing(&html(report, Lang::Nb), title);
    let doc = Document::parse(&svg).unwrap();
    let arms = report.arms.len();
    assert_eq!(panels(&doc).len(), arms);
    for (arm, panel) in panels(&doc).into_iter().enumerate() {
        let all = moved(arms);
        let whole: u64 = all.iter().map(|it| it.2[arm]).sum();
        let nodes = |class: &str| between(&doc, class, panel);
        let total: f64 = nodes("from").iter().map(|it| number(*it, "height")).sum();
        let arrived: f64 = nodes("to").iter().map(|it| number(*it, "height")).sum();
        assert!((total - arrived).abs() < 0.1 && (total - 190.0).abs() < 0.1, "{total} {arrived}");
        let labels = between(&doc, "state", panel);
        // The label whose line leads to a status: statuses and labels have one order on each side.
        let named = |class: &str, anchor: Option<&str>, y: f64| -> Option<String> {
            let nodes = nodes(class);
            let place = nodes.iter().position(|it| {
                let top = number(*it, "y");
                (top - 0.02..=top + number(*it, "height") + 0.02).contains(&y)
            });
            let own: Vec<_> =
                labels.iter().filter(|it| it.attribute("text-anchor") == anchor).collect();
            assert_eq!(own.len(), nodes.len(), "a label a status");
            own.get(place?)?.text()?.split_once(':').map(|it| it.0.to_owned())
        };
        let mut left = 0;
        for class in ["same", "moved", "unknown"] {
            for band in between(&doc, class, panel).into_iter().filter(|it| it.has_tag_name("path"))
            {
                let [top, bottom, to, to_bottom] = self::band(band);
                assert!((bottom - top - (to_bottom - to)).abs() < 0.02);
                let from = named("from", Some("end"), top.midpoint(bottom)).unwrap();
                let to = named("to", None, to.midpoint(to_bottom)).unwrap();
                let is = |name: Option<&str>, shown: &str| name.unwrap_or("Ikke kjent") == shown;
                let (_, _, n) = all.iter().find(|it| is(it.0, &from) && is(it.1, &to)).unwrap();
                let expected = n[arm] as f64 / whole as f64 * total;
                assert!((bottom - top - expected).abs() < 0.03, "{from} to {to}: {bottom} {top}");
                let kind = if from == "Ikke kjent" || to == "Ikke kjent" {
                    "unknown"
                } else if from == to {
                    "same"
                } else {
                    "moved"
                };
                assert_eq!(class, kind, "{from} to {to}");
                left += 1;
            }
        }
        assert_eq!(left, all.iter().filter(|it| it.2[arm] > 0).count());
    }
}

#[test]
fn moves_are_as_high_as_their_shares_and_join_their_statuses() {
    check_moves(
        &pictured(),
        "Overganger mellom statuser: Hovedinntekt, voksne, trekning 1, etter 12",
    );
    check_moves(
        &crowded(),
        "Overganger mellom statuser: Hovedinntekt, voksne, trekning 1, etter 12",
    );
}

/// Numbers in the bands and beside the statuses are counts of the table and their sums.
#[test]
fn moves_are_written_with_their_counts() {
    let svg = drawing(&html(&pictured(), Lang::Nb), "Overganger mellom statuser");
    let doc = Document::parse(&svg).unwrap();
    let said: Vec<&str> = parts(&doc, "state").into_iter().filter_map(|it| it.text()).collect();
    for text in [
        "Arbeid: 3\u{a0}(16,7\u{a0}%)",
        "Sosialhjelp: 15\u{a0}(83,3\u{a0}%)",
        "Arbeid: 9\u{a0}(50,0\u{a0}%)",
        "Ikke kjent: 8\u{a0}(15,1\u{a0}%)",
    ] {
        assert!(said.contains(&text), "{text} is not in {said:?}");
    }
    let heads: Vec<&str> = parts(&doc, "group").into_iter().filter_map(|it| it.text()).collect();
    assert_eq!(heads, ["Oppfølging: 18 voksne", "Ordinære tjenester (kontroll): 53 voksne"]);
    let mut counts: Vec<u64> =
        parts(&doc, "n").into_iter().map(|it| it.text().unwrap().parse().unwrap()).collect();
    counts.sort_unstable();
    // A band lower than a letter has none.
    assert_eq!(counts, [3, 6, 6, 7, 7, 12, 22]);
}

/// Nobody of an arm at a horizon: said, and the other arms stay.
#[test]
fn an_arm_without_anyone_is_said_to_be_missing() {
    let svg = drawing(
        &html(&pictured(), Lang::Nb),
        "Overganger mellom statuser: Hovedinntekt, voksne, trekning 1, etter 24",
    );
    let doc = Document::parse(&svg).unwrap();
    let signs: Vec<_> = parts(&doc, "sign").into_iter().map(|it| it.text()).collect();
    assert_eq!(signs, [Some("..")]);
    let [first, second] = panels(&doc)[..] else { panic!("two arms") };
    assert!(between(&doc, "from", first).is_empty());
    assert_eq!(between(&doc, "from", second).len(), 3);
}

#[test]
fn bands_are_told_apart_without_colour() {
    let svg = drawing(&html(&pictured(), Lang::Nb), "Overganger mellom statuser");
    let doc = Document::parse(&svg).unwrap();
    let key = |class: &str| {
        let all = parts(&doc, class).into_iter().find(|it| it.has_tag_name("rect")).unwrap();
        (all.attribute("fill").unwrap(), all.attribute("stroke-dasharray"))
    };
    let (same, moved, unknown) = (key("same"), key("moved"), key("unknown"));
    assert!(unknown.1.is_some() && same.1.is_none() && moved.1.is_none());
    for ((how, a), (_, b)) in seen(same.0).into_iter().zip(seen(moved.0)) {
        assert!(distance(a, b) >= 15.0, "{how}");
    }
}

fn check_balance(report: &Report, arm: usize) {
    let name = report.arms[arm].name.nb.clone();
    let svg = drawing(&html(report, Lang::Nb), &format!("Balanse: {name} og"));
    let doc = Document::parse(&svg).unwrap();
    let axis = Axis::of(&doc, "tick-across", false);
    let expected = |of: fn(&(&str, f64, f64)) -> f64, skip: &str| -> Vec<f64> {
        let facts = FACTS.iter().filter(|it| it.0 != skip);
        facts.map(|it| difference(of(it), arm)).collect()
    };
    for (class, values) in
        [("drawn", expected(|it| it.1, "Voksne i familien")), ("analysed", expected(|it| it.2, ""))]
    {
        let marks = parts(&doc, class);
        assert_eq!(marks.len(), values.len(), "{class}");
        for (mark, value) in marks.into_iter().zip(values) {
            axis.is_at(middle(mark).0, value);
        }
    }
    let guides: Vec<f64> = parts(&doc, "guide")
        .into_iter()
        .map(|it| places(it.attribute("d").unwrap())[0].0)
        .collect();
    axis.is_at(guides[0], -0.1);
    axis.is_at(guides[1], 0.1);
    axis.is_at(places(parts(&doc, "zero")[0].attribute("d").unwrap())[0].0, 0.0);
    // A number a fact and table; the one that is missing says so.
    let numbers: Vec<&str> =
        parts(&doc, "numbers").into_iter().filter_map(|it| it.text()).collect();
    assert_eq!(numbers.len(), 2 * FACTS.len());
    assert_eq!(numbers.iter().filter(|it| **it == "..").count(), 1);
}

#[test]
fn differences_stand_at_their_values_between_the_lines() {
    check_balance(&pictured(), 0);
    for arm in 0..3 {
        check_balance(&crowded(), arm);
    }
}

#[test]
fn a_balance_plot_says_what_is_outside_the_lines() {
    let svg = drawing(&html(&pictured(), Lang::Nb), "Balanse: Oppfølging og Ordinære tjenester");
    let doc = Document::parse(&svg).unwrap();
    let text = text_of(&doc, "desc");
    assert!(
        text.ends_with(
            "er 3 av 3 utenfor dem; størst er «Registrert, dager etter den første», −1,03."
        ),
        "{text}"
    );
    let page = html(&pictured(), Lang::En);
    assert!(page.contains("The same numbers stand in Tables"));
}

/// A number that may not be shown takes the whole figure with it; its table stays.
#[test]
fn a_figure_whose_numbers_may_not_all_be_shown_is_not_drawn() {
    let all = pictured();
    assert_eq!(figures_of(&all.descriptives), 3);
    assert_eq!(drawings(&html(&all, Lang::Nb)).len() - 3, {
        let mut none = pictured();
        none.descriptives.clear();
        drawings(&html(&none, Lang::Nb)).len()
    });
    let hide = |table: usize, row: usize, column: usize, value: Value| {
        let mut report = pictured();
        report.descriptives[table].rows[row].cells[column] = value;
        let titles: Vec<String> = drawings(&html(&report, Lang::Nb))
            .iter()
            .map(|svg| text_of(&Document::parse(svg).unwrap(), "title"))
            .filter(|it| it.starts_with("Overganger") || it.starts_with("Balanse"))
            .collect();
        assert_eq!(titles.len(), figures_of(&report.descriptives));
        titles
    };
    let hidden = || Value::Count(Cell::Suppressed);
    let left = hide(0, 1, 2, hidden());
    assert!(left.len() == 2 && left.iter().all(|it| it.starts_with("Overganger")), "{left:?}");
    // Those analysed stand in the same figure.
    assert_eq!(hide(1, 1, 2, Value::Decimal(Number::Suppressed)).len(), 2);
    let whole = Cell::Count(18);
    let left = hide(2, 2, 0, Value::Share { part: Cell::Suppressed, whole });
    assert_eq!(left.len(), 2);
    assert!(left[1].ends_with("etter 24 måneder"), "{left:?}");
    // A total that is withheld, and parts that are not the whole.
    let part = Cell::Count(6);
    assert_eq!(hide(2, 2, 0, Value::Share { part, whole: Cell::Suppressed }).len(), 2);
    assert_eq!(hide(2, 2, 0, Value::Share { part: Cell::Count(5), whole }).len(), 2);
}
