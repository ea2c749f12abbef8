//! Every figure, read back from the page: marks stand where the numbers say, labels stand clear of each
//! other, and nothing is told by colour alone.

mod of_tables;
mod picture;
mod vision;

use std::collections::BTreeSet;

use lodd_report::*;
use roxmltree::Document;

use crate::fixture::{housing, ringerike, written};
use picture::{Axis, drawing, drawings, middle, number, overlap, parts, places, text_of, texts};
use vision::{contrast, distance, seen};

#[expect(clippy::unwrap_used, reason = "a panic here is a failing test")]
fn html(report: &Report, lang: Lang) -> String {
    written(report, lang).unwrap()
}

/// Months −12 to 24 of an arm: known families and those with assistance, one month not known.
fn curve(arm: &str, known: u64, with: impl Fn(i32) -> u64) -> MonthlyCurve {
    let month = |month: i32| {
        let known = if month == 7 { 0 } else { known };
        let with = if known == 0 { 0 } else { with(month) };
        // Any interval will do here; that it is Wilson's is tested where it is made.
        let share = with as f64 / known.max(1) as f64;
        let ends = ((share - 0.11).max(0.0), (share + 0.13).min(1.0));
        CurveMonth {
            month,
            known: Cell::Count(known),
            with: Cell::Count(with),
            interval: (known > 0).then_some(ends),
        }
    };
    MonthlyCurve { arm: arm.to_owned(), months: (-12..=24).map(month).collect() }
}

fn months() -> MonthlyCurves {
    let falling = |month: i32| u64::from(14 - (month.max(0) / 3).unsigned_abs());
    let level = |month: i32| u64::from(33 - (month.max(0) / 6).unsigned_abs());
    MonthlyCurves {
        unit: Unit::Family,
        register: Some("KOSTRA_11F".into()),
        arms: vec![curve("follow-up", 15, falling), curve("ordinary", 40, level)],
    }
}

fn path() -> EffectPath {
    let point = |months, estimate: f64| PathPoint {
        horizon: Horizon::Months(months),
        estimate: Some(estimate),
        interval: Some((estimate - 0.08, estimate + 0.09)),
        band: Some((estimate - 0.12, estimate + 0.13)),
    };
    EffectPath {
        label: Text::new("arbeid", "work"),
        arm: "follow-up".into(),
        source: "VEILEDER".into(),
        register: None,
        unit: Unit::Adult,
        measure: Measure::Share,
        status: Status::Confirmatory,
        origin: Origin::Rehearsal,
        points: vec![point(6, 0.021), point(12, 0.064), point(24, 0.117)],
    }
}

fn power() -> PowerCurves {
    let curve = |base_rate: f64, by: f64| PowerCurve {
        base_rate: Some(base_rate),
        points: (0..=10)
            .map(|at| {
                let effect = f64::from(at) * 0.05;
                (effect, (0.05 + effect * by).min(1.0))
            })
            .collect(),
        detectable: Some(0.75 / by),
    };
    PowerCurves {
        estimator: "difference_in_means".into(),
        icc: None,
        unit: Unit::Family,
        measure: Measure::Share,
        wanted: 0.8,
        curves: [(0.1, 3.1), (0.2, 2.6), (0.3, 2.2), (0.4, 2.1), (0.5, 2.05)]
            .map(|(base_rate, by)| curve(base_rate, by))
            .into(),
    }
}

/// The rehearsal with everything that has a figure.
pub(crate) fn pictured() -> Report {
    let mut report = ringerike();
    let file = |kind, name: &str| DataFile { kind, name: name.into(), sha256: None };
    report
        .files
        .extend([file(FileKind::Stock, "stock.parquet"), file(FileKind::Power, "power.parquet")]);
    let all =
        Report { months: vec![months()], paths: vec![path()], power: vec![power()], ..report };
    of_tables::with_tables(all)
}

#[expect(clippy::indexing_slicing, reason = "a panic here is a failing test")]
/// Three treated arms with long names, and statuses with long names: little room.
fn crowded() -> Report {
    let mut report = pictured();
    let long = ["Tett oppfølging med koordinator", "Oppfølging og kurs", "Husleiegaranti"];
    let arms = long.iter().zip(["follow-up", "b", "c"]);
    let arms: Vec<Arm> =
        arms.map(|(name, label)| Arm { label: label.into(), name: Text::same(*name) }).collect();
    report.arms = arms.into_iter().chain(report.arms.pop()).collect();
    report.draws[0].blocks[0].seats = vec![15, 14, 14, 42];
    report.months[0].arms = vec![
        curve("follow-up", 15, |_| 9),
        curve("b", 14, |_| 9),
        curve("c", 14, |_| 8),
        curve("ordinary", 40, |_| 25),
    ];
    report.status = Vec::new();
    report.flow.retain(|row| row.arm.is_none());
    of_tables::with_tables(report)
}

/// The reports that laws are held to, with their pages in every language.
fn pages() -> Vec<(&'static str, String)> {
    let reports = [("pictured", pictured()), ("housing", housing()), ("crowded", crowded())];
    reports
        .iter()
        .flat_map(|(name, report)| Lang::ALL.map(|lang| (*name, html(report, lang))))
        .collect()
}

/// Also leaves the pages where a developer can look at them.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the pages are for looking at; the crate writes none"
)]
fn the_same_report_gives_the_same_drawings() {
    for (name, page) in pages().into_iter().zip(pages()).map(|(a, b)| {
        assert_eq!(a, b);
        a
    }) {
        let lang = page.split_once("lang=\"").unwrap().1.get(..2).unwrap();
        let file = format!("{}/figures-{name}-{lang}.html", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(file, page).unwrap();
    }
}

#[test]
fn monthly_curves_stand_at_their_shares() {
    let svg = drawing(&html(&pictured(), Lang::Nb), "Utvikling over tid");
    let doc = Document::parse(&svg).unwrap();
    let (across, up) = (Axis::of(&doc, "tick-across", false), Axis::of(&doc, "tick-up", true));
    let curves = parts(&doc, "curve");
    let model = months();
    assert_eq!(curves.len(), model.arms.len());
    for (curve, arm) in curves.into_iter().zip(&model.arms) {
        let places = places(curve.attribute("d").unwrap());
        let known: Vec<&CurveMonth> = arm.months.iter().filter(|it| it.month != 7).collect();
        assert_eq!(places.len(), known.len(), "a month that is not known is a gap");
        assert_eq!(curve.attribute("d").unwrap().matches('M').count(), 2);
        for ((x, y), month) in places.into_iter().zip(known) {
            across.is_at(x, f64::from(month.month));
            up.is_at(y, month.share().unwrap() * 100.0);
        }
    }
    let draw = places(parts(&doc, "draw")[0].attribute("d").unwrap());
    across.is_at(draw[0].0, 0.0);
    // The areas' corners: every lower and every upper end, of the months before the gap and after.
    for (area, arm) in parts(&doc, "interval").into_iter().zip(&model.arms) {
        let corners = places(area.attribute("d").unwrap());
        let (early, late) = corners.split_at(2 * 19);
        let ends = |months: &[&CurveMonth]| -> Vec<f64> {
            let low = months.iter().map(|it| it.interval.unwrap().0);
            low.chain(months.iter().rev().map(|it| it.interval.unwrap().1)).collect()
        };
        let known: Vec<&CurveMonth> = arm.months.iter().filter(|it| it.month != 7).collect();
        let (before, after) = known.split_at(19);
        for (corners, months) in [(early, before), (late, after)] {
            for ((_, y), end) in corners.iter().zip(ends(months)) {
                up.is_at(*y, end * 100.0);
            }
        }
    }
}

#[test]
fn effects_stand_at_their_estimates_and_intervals() {
    let report = housing();
    let svg = drawing(&html(&report, Lang::Nb), "Estimerte effekter");
    let doc = Document::parse(&svg).unwrap();
    let axis = Axis::of(&doc, "tick-across", false);
    for (mark, effect) in parts(&doc, "mark").into_iter().zip(&report.effects) {
        axis.is_at(middle(mark).0, effect.estimate.unwrap() * 100.0);
    }
    for (line, effect) in parts(&doc, "interval").into_iter().zip(&report.effects) {
        let ends = places(line.attribute("d").unwrap());
        let (low, high) = effect.interval.unwrap();
        axis.is_at(ends[0].0, low * 100.0);
        axis.is_at(ends[1].0, high * 100.0);
    }
    assert_eq!(parts(&doc, "mark").len(), report.effects.len());
    axis.is_at(places(parts(&doc, "zero")[0].attribute("d").unwrap())[0].0, 0.0);
}

#[test]
fn effects_by_horizon_have_both_intervals() {
    let svg = drawing(&html(&pictured(), Lang::Nb), "Arbeid: effekt");
    let doc = Document::parse(&svg).unwrap();
    let up = Axis::of(&doc, "tick-up", true);
    let model = path();
    for (class, ends) in [
        ("interval", model.points.iter().map(|it| it.interval).collect::<Vec<_>>()),
        ("band", model.points.iter().map(|it| it.band).collect()),
    ] {
        assert_eq!(parts(&doc, class).len(), model.points.len());
        for (line, ends) in parts(&doc, class).into_iter().zip(ends) {
            let places = places(line.attribute("d").unwrap());
            up.is_at(places[0].1, ends.unwrap().0 * 100.0);
            up.is_at(places[1].1, ends.unwrap().1 * 100.0);
        }
    }
    for (mark, point) in parts(&doc, "mark").into_iter().zip(&model.points) {
        up.is_at(middle(mark).1, point.estimate.unwrap() * 100.0);
    }
}

#[test]
fn bars_of_statuses_are_as_long_as_their_shares() {
    let report = housing();
    let svg = drawing(&html(&report, Lang::Nb), "Statusfordeling");
    let doc = Document::parse(&svg).unwrap();
    let axis = Axis::of(&doc, "tick-across", false);
    let columns = report.status[0].horizons.iter().flat_map(|it| &it.columns);
    // What is hidden or not known has no bar, and says so.
    let shown: Vec<&StatusColumn> =
        columns.filter(|it| it.counts.iter().all(|it| it.count().is_some())).collect();
    assert_eq!(shown.len(), 3);
    assert_eq!(parts(&doc, "sign")[0].text(), Some(":"));
    let mut bars = parts(&doc, "share").into_iter();
    for column in shown {
        let observed = column.observed.count().unwrap() as f64;
        let mut from = 0.0;
        for n in column.counts.iter().filter_map(|it| it.count()).filter(|n| *n > 0) {
            let bar = bars.next().unwrap();
            axis.is_at(number(bar, "x"), from);
            from += n as f64 / observed * 100.0;
            axis.is_at(number(bar, "x") + number(bar, "width"), from);
        }
    }
    assert!(bars.next().is_none());
}

#[test]
fn power_curves_go_through_their_points() {
    let svg = drawing(&html(&pictured(), Lang::Nb), "Styrken til designet");
    let doc = Document::parse(&svg).unwrap();
    let (across, up) = (Axis::of(&doc, "tick-across", false), Axis::of(&doc, "tick-up", true));
    let model = power();
    assert_eq!(parts(&doc, "curve").len(), model.curves.len());
    for (curve, model) in parts(&doc, "curve").into_iter().zip(&model.curves) {
        let places = places(curve.attribute("d").unwrap());
        assert!(places.len() > 5);
        for ((x, y), (effect, share)) in places.into_iter().zip(&model.points) {
            across.is_at(x, effect * 100.0);
            up.is_at(y, share * 100.0);
        }
    }
    up.is_at(places(parts(&doc, "wanted")[0].attribute("d").unwrap())[0].1, 80.0);
}

/// Arrows of the flow chart start and end at boxes, and every count of the flow is in one.
#[test]
fn the_flow_chart_has_the_counts_of_its_table() {
    let report = housing();
    let svg = drawing(&html(&report, Lang::Nb), "Flytskjema");
    let doc = Document::parse(&svg).unwrap();
    let said: Vec<String> = texts(&doc).into_iter().map(|it| it.0).collect();
    for count in ["362 voksne", "181 voksne", "Observert: 157", "Observert: 146"] {
        assert!(said.iter().any(|it| it.contains(count)), "{count} is not in {said:?}");
    }
    let boxes: Vec<picture::Box> = ["step", "aside", "arm"]
        .iter()
        .flat_map(|class| parts(&doc, class))
        .map(|it| {
            let (x, y) = (number(it, "x"), number(it, "y"));
            (x, y, x + number(it, "width"), y + number(it, "height"))
        })
        .collect();
    for (text, inner) in texts(&doc) {
        let holds = |it: &&picture::Box| {
            it.0 <= inner.0 && it.1 <= inner.1 && inner.2 <= it.2 && inner.3 <= it.3
        };
        assert_eq!(boxes.iter().filter(holds).count(), 1, "`{text}` is in no box");
    }
    for (at, one) in boxes.iter().enumerate() {
        assert!(boxes.iter().skip(at + 1).all(|other| !overlap(*one, *other)));
    }
}

#[test]
fn no_label_stands_on_another_or_outside_the_picture() {
    for (name, page) in pages() {
        for svg in drawings(&page) {
            let doc = Document::parse(&svg).unwrap();
            let title = text_of(&doc, "title");
            let root = doc.root_element();
            let size: Vec<f64> = root
                .attribute("viewBox")
                .unwrap()
                .split(' ')
                .map(|it| it.parse().unwrap())
                .collect();
            let texts = texts(&doc);
            for (at, (text, one)) in texts.iter().enumerate() {
                let within = one.0 >= -1.0 && one.2 <= size[2] + 1.0 && one.3 <= size[3] + 1.0;
                assert!(within && one.1 >= 0.0, "{name}, {title}: `{text}` is cut off");
                for (other, two) in texts.iter().skip(at + 1) {
                    let clear = !overlap(*one, *two);
                    assert!(clear, "{name}, {title}: `{text}` and `{other}`");
                }
            }
        }
    }
}

/// What figures are read by.
const LINES: [&str; 15] = [
    "curve", "mark", "interval", "zero", "draw", "axis", "line", "share", "from", "to", "same",
    "moved", "unknown", "drawn", "analysed",
];

/// WCAG 2.1: 4.5 to 1 for text, 3 to 1 for what graphics are read by.
#[test]
fn letters_and_lines_stand_out() {
    for (_, page) in pages() {
        for svg in drawings(&page) {
            let doc = Document::parse(&svg).unwrap();
            for text in doc.descendants().filter(|it| it.has_tag_name("text")) {
                let ratio = contrast(text.attribute("fill").unwrap(), "#e7eef3");
                assert!(ratio >= 4.5, "{ratio}");
            }
            for class in LINES {
                for part in parts(&doc, class) {
                    let Some(stroke) = part.attribute("stroke") else { continue };
                    let ratio = contrast(stroke, "#ffffff");
                    assert!(ratio >= 3.0, "{class} {stroke}: {ratio}");
                }
            }
        }
    }
}

/// Arms: told apart by colour, by grey, by dashes and by marks, each without the others.
#[test]
fn arms_are_told_apart_without_colour() {
    for report in [pictured(), crowded()] {
        let svg = drawing(&html(&report, Lang::Nb), "Utvikling over tid");
        let doc = Document::parse(&svg).unwrap();
        let curves = parts(&doc, "curve");
        let looks: Vec<(&str, Option<&str>)> = curves
            .iter()
            .map(|it| (it.attribute("stroke").unwrap(), it.attribute("stroke-dasharray")))
            .collect();
        for (at, (colour, dash)) in looks.iter().enumerate() {
            for (other, other_dash) in looks.iter().skip(at + 1) {
                assert_ne!(dash, other_dash);
                for ((how, a), (_, b)) in seen(colour).into_iter().zip(seen(other)) {
                    let apart = distance(a, b);
                    let least = if how == "grey" { 10.0 } else { 25.0 };
                    assert!(apart >= least, "{colour} and {other} in {how}: {apart}");
                }
            }
        }
        let keys: BTreeSet<String> = parts(&doc, "key")
            .iter()
            .map(|it| {
                let corners = it.attribute("d").map_or(0, |d| places(d).len());
                format!("{corners} {}", it.attribute("fill") == Some("#ffffff"))
            })
            .collect();
        assert!(keys.len() >= 2.min(looks.len()), "{keys:?}");
    }
}

/// Statuses that touch differ in lightness, and in what they are hatched with.
#[test]
fn neighbouring_statuses_are_told_apart_without_colour() {
    let svg = drawing(&html(&housing(), Lang::Nb), "Statusfordeling");
    let doc = Document::parse(&svg).unwrap();
    let keys = parts(&doc, "key");
    assert_eq!(keys.len(), 3);
    for pair in keys.windows(2) {
        let [a, b] = [pair[0], pair[1]].map(|it| it.attribute("fill").unwrap());
        for ((how, a), (_, b)) in seen(a).into_iter().zip(seen(b)) {
            assert!(distance(a, b) >= 7.0, "{how}");
        }
        // Which way the first line of the hatching runs, and whether it is a dot.
        let hatch = |at: roxmltree::Node<'_, '_>| {
            let next = at.next_sibling_element();
            let next = next.filter(|it| it.attribute("class") == Some("hatch"))?;
            let places = places(next.attribute("d")?);
            let (dx, dy) = (places[1].0 - places[0].0, places[1].1 - places[0].1);
            Some((dx.signum() * f64::from(u8::from(dx != 0.0)), dy > 0.0, dx.hypot(dy) < 3.0))
        };
        assert_ne!(hatch(pair[0]), hatch(pair[1]));
    }
}

/// A title and a description, ids of its own, and no part that a page or a PDF would have to fetch.
#[test]
fn every_drawing_is_named_described_and_alone() {
    for (name, page) in pages() {
        let drawings = drawings(&page);
        assert!(!drawings.is_empty(), "{name}");
        for svg in drawings {
            let doc = Document::parse(&svg).unwrap();
            let root = doc.root_element();
            assert_eq!(root.attribute("role"), Some("img"));
            let names = root.attribute("aria-labelledby").unwrap();
            for id in names.split(' ') {
                let mut all = doc.descendants();
                let named = all.find(|it| it.attribute("id") == Some(id)).unwrap();
                assert!(named.text().is_some_and(|it| it.len() > 5), "{name}: {id}");
            }
            for part in ["url(", "href", "style=", "<script", "NaN", "inf\""] {
                assert!(!svg.contains(part), "{name}: {part}");
            }
        }
    }
}

/// What may not be published is not drawn.
#[test]
fn what_is_suppressed_has_no_mark() {
    let mut report = pictured();
    let month = &mut report.months[0].arms[0].months[3];
    assert_eq!(month.month, -9);
    month.with = Cell::Suppressed;
    month.interval = None;
    let page = html(&report, Lang::Nb);
    let svg = drawing(&page, "Utvikling over tid");
    let doc = Document::parse(&svg).unwrap();
    let across = Axis::of(&doc, "tick-across", false);
    let curve = places(parts(&doc, "curve")[0].attribute("d").unwrap());
    assert_eq!(curve.len(), 35);
    assert!(curve.iter().all(|(x, _)| (across.value(*x) + 9.0).abs() > 0.5));
    let mut report = housing();
    report.effects[0].estimate = None;
    report.effects[0].interval = None;
    let svg = drawing(&html(&report, Lang::Nb), "Estimerte effekter");
    let doc = Document::parse(&svg).unwrap();
    let told = parts(&doc, "numbers").iter().filter(|it| it.text() == Some("..")).count();
    assert_eq!((parts(&doc, "mark").len(), told), (2, 1));
}
