//! Monthly curves by arm: the share of each arm, month by month about the draw, with intervals.

use super::{
    Figure, arm_name, ink,
    plot::{self, EndLabel, Frame},
    scale::Scale,
    svg::{Anchor, Drawing, Stroke, Type, WIDTH},
};
use crate::{
    ReportError,
    format::Style as Written,
    locale::fill,
    model::{Cell, CurveMonth, FileKind, MonthlyCurve, MonthlyCurves, Report},
    sections::effects::interval_head,
    table::{Head, Kind, Numbering, Row, Shown, Table, meta},
    wording::Words,
};

/// Months between two marks on a line.
const MARKED: i32 = 3;
/// Months between two ticks.
const TICK: f64 = 6.0;

/// The figure with its table; `None` where there is no line to draw, or more arms than can be told
/// apart.
pub(crate) fn figure(
    words: Words,
    report: &Report,
    curves: &MonthlyCurves,
    numbers: &mut Numbering,
) -> Result<Option<Figure>, ReportError> {
    let known = |arm: &MonthlyCurve| arm.months.iter().filter(|it| it.share().is_some()).count();
    if curves.arms.len() > ink::ARMS_MAX || !curves.arms.iter().any(|arm| known(arm) > 1) {
        return Ok(None);
    }
    let number = numbers.figure();
    let level = words.f.level(1.0 - report.alpha);
    let what = words.t.figures.stock_label;
    let title = fill(words.t.figures.curves_title, &[("what", what)]);
    let description = description(words, report, curves);
    let note = fill(words.t.figures.curves_interval, &[("level", &level)]);
    let table = table(words, report, curves, numbers.table());
    let mut facts = table.meta.clone();
    facts.push(note.into());
    facts.push(fill(words.t.same_numbers, &[("n", &table.number.to_string())]).into());
    let svg = draw(words, report, curves, (number, &title, &description))?;
    Ok(Some(Figure { number, title, description, svg, table: Some(table), meta: facts }))
}

/// What those hear who do not see it: each arm's first share, the one at the draw and the last.
fn description(words: Words, report: &Report, curves: &MonthlyCurves) -> String {
    let mut sentences =
        vec![fill(words.t.figures.curves_desc, &[("what", words.t.figures.stock_label)])];
    for (place, arm) in curves.arms.iter().enumerate() {
        let known = || arm.months.iter().filter(|it| it.share().is_some());
        let told = [known().next(), known().find(|it| it.month == 0), known().next_back()];
        let mut told: Vec<&CurveMonth> = told.into_iter().flatten().collect();
        told.dedup_by_key(|it| it.month);
        let parts: Vec<String> = told
            .iter()
            .filter_map(|it| {
                let share = words.f.percent(it.share()?);
                let month = words.f.decimal(f64::from(it.month), 0);
                Some(fill(words.t.figures.curves_point, &[("share", &share), ("month", &month)]))
            })
            .collect();
        if !parts.is_empty() {
            sentences.push(format!("{}: {}.", arm_name(words, report, place), words.list(&parts)));
        }
    }
    sentences.join(" ")
}

fn draw(
    words: Words,
    report: &Report,
    curves: &MonthlyCurves,
    (number, title, description): (u32, &str, &str),
) -> Result<String, ReportError> {
    let mut drawing = Drawing::default();
    let frame = frame(curves);
    frame
        .upright(&mut drawing, words.t.figures.axis_share, |it| frame.up.label(it, 100.0, words.f));
    mark_draw(words, &mut drawing, &frame);
    let place = |month: i32, share: Option<f64>| {
        share.map(|share| (frame.across.at(f64::from(month)), frame.up.at(share)))
    };
    let styles = || (0..curves.arms.len()).filter_map(|it| ink::arm(it, curves.arms.len()));
    for (arm, style) in curves.arms.iter().zip(styles()) {
        let edge = |end: fn((f64, f64)) -> f64| -> Vec<Option<(f64, f64)>> {
            arm.months.iter().map(|it| place(it.month, it.interval.map(end))).collect()
        };
        plot::ribbon(&mut drawing, "interval", (&edge(|it| it.0), &edge(|it| it.1)), style);
    }
    let mut labels = Vec::new();
    for ((at, arm), style) in curves.arms.iter().enumerate().zip(styles()) {
        let places: Vec<Option<(f64, f64)>> =
            arm.months.iter().map(|it| place(it.month, it.share())).collect();
        plot::curve(&mut drawing, "curve", &places, style.stroke(2.4));
        let marked = arm.months.iter().zip(&places).filter(|(it, _)| it.month % MARKED == 0);
        for place in marked.filter_map(|(_, place)| *place) {
            drawing.mark("mark", place, style.mark(3.8));
        }
        if let Some(end) = places.iter().rev().find_map(|it| *it) {
            labels.push(EndLabel { end, text: arm_name(words, report, at), style });
        }
    }
    let ticks: Vec<(f64, String)> = frame
        .across
        .ticks()
        .map(|it| (frame.across.at(it), frame.across.label(it, 1.0, words.f)))
        .collect();
    let height = frame.across(&mut drawing, words.t.figures.axis_months, &ticks);
    plot::end_labels(&mut drawing, &frame, labels);
    drawing.finish(number, height, (title, description))
}

/// Axes that hold every month and every interval; shares from 0.
fn frame(curves: &MonthlyCurves) -> Frame {
    let (left, right, top, bottom) = (46.0, WIDTH - 190.0, 44.0, 344.0);
    let months = curves.arms.iter().flat_map(|it| &it.months);
    let (first, last) = months
        .clone()
        .map(|it| f64::from(it.month))
        .fold((0.0_f64, 0.0_f64), |(low, high), it| (low.min(it), high.max(it)));
    let ends = ((first / TICK).floor() * TICK, (last / TICK).ceil() * TICK);
    let shares = months.flat_map(|it| {
        let (low, high) = it.interval.unzip();
        [low, high, it.share()]
    });
    let up = Scale::covering(shares.flatten().chain([0.0]), 5, (bottom, top));
    let across = Scale::stepped(ends, TICK, (left, right));
    Frame { across, up, left, right, top, bottom }
}

/// The line at the draw, with its word above.
fn mark_draw(words: Words, drawing: &mut Drawing, frame: &Frame) {
    let x = frame.across.at(0.0);
    let stroke = Stroke { width: 1.4, ..Stroke::AXIS };
    drawing.line("draw", (x, frame.top - 8.0), (x, frame.bottom), stroke);
    let it = Type::SMALL.at(Anchor::Middle);
    drawing.text("draw-label", (x, frame.top - 13.0), words.t.figures.axis_draw, it);
}

fn table(words: Words, report: &Report, curves: &MonthlyCurves, number: u32) -> Table {
    let t = words.t;
    let (interval, [from, to]) = interval_head(words, report);
    let interval = format!("{} {}", interval.text, from.text);
    let mut head = vec![Head { rows: 2, ..Head::new(t.figures.col_month) }];
    let mut below = Vec::new();
    for place in 0..curves.arms.len() {
        head.push(Head { columns: 5, ..Head::new(arm_name(words, report, place)) });
        let own = [t.figures.col_known, t.figures.col_with, t.figures.col_share, &*interval];
        below.extend(own.map(Head::new).into_iter().chain([to.clone()]));
    }
    let mut months: Vec<i32> =
        curves.arms.iter().flat_map(|it| it.months.iter().map(|it| it.month)).collect();
    months.sort_unstable();
    months.dedup();
    let row = |month: i32| {
        let cells = curves
            .arms
            .iter()
            .flat_map(|arm| cells(words, arm.months.iter().find(|it| it.month == month)));
        Row::new(Kind::Plain, words.f.decimal(f64::from(month), 0), cells.collect())
    };
    let source = words.source("REGISTER", curves.register.as_deref());
    Table {
        number,
        caption: fill(t.figures.curves_table, &[("what", words.t.figures.stock_label)]),
        meta: meta(words, report, curves.unit, Some(source), FileKind::Stock),
        head: vec![head, below],
        rows: months.into_iter().map(row).collect(),
        notes: vec![t.symbols.to_owned()],
    }
}

/// Known, of these with, the share and the ends of its interval.
fn cells(words: Words, month: Option<&CurveMonth>) -> [Shown; 5] {
    let hidden = month.is_some_and(CurveMonth::is_suppressed);
    let none = || Shown::cell(words, if hidden { Cell::Suppressed } else { Cell::Missing });
    let share = month.and_then(CurveMonth::share);
    let (low, high) = month.filter(|_| share.is_some()).and_then(|it| it.interval).unzip();
    let percent = |it: Option<f64>| {
        it.map_or_else(none, |it| Shown::number(words, Some(it), Written::Hundredths(1)))
    };
    [
        month.map_or_else(none, |it| Shown::cell(words, it.known)),
        month.map_or_else(none, |it| Shown::cell(words, it.with)),
        percent(share),
        percent(low),
        percent(high),
    ]
}
