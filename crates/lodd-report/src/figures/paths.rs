//! Effects by horizon of one outcome: each with its own interval, and the wider one that holds for
//! all horizons at once.

use super::{
    Figure, arm_name,
    ink::{self, Style},
    plot::Frame,
    scale::Scale,
    svg::{Drawing, SIZE, Stroke, Type, WIDTH},
};
use crate::{
    ReportError,
    figures::letters,
    format::Style as Written,
    locale::fill,
    model::{EffectPath, FileKind, Measure, PathPoint, Report},
    sections::effects,
    table::{Head, Kind, Numbering, Row, Shown, Table, capital, meta},
    wording::Words,
};

/// Half the width of a cap of an interval.
const CAP: f64 = 6.0;

/// The figure of one outcome with its table; `None` where nothing was estimated.
pub(crate) fn figure(
    words: Words,
    report: &Report,
    effects: &EffectPath,
    numbers: &mut Numbering,
) -> Result<Option<Figure>, ReportError> {
    if effects.points.iter().filter(|it| it.estimate.is_some()).count() < 2 {
        return Ok(None);
    }
    let number = numbers.figure();
    let level = words.f.level(1.0 - report.alpha);
    let outcome = effects.label.get(words.lang);
    let title =
        fill(words.t.figures.path_title, &[("outcome", &capital(outcome)), ("level", &level)]);
    let described = fill(words.t.figures.path_desc, &[("outcome", outcome)]);
    let has_band = effects.points.iter().any(|it| it.band.is_some());
    let table = table(words, report, effects, (numbers.table(), has_band));
    let mut facts = table.meta.clone();
    facts.push(fill(words.t.same_numbers, &[("n", &table.number.to_string())]).into());
    let svg = draw(words, report, effects, (number, &title, &described))?;
    Ok(Some(Figure { number, title, description: described, svg, table: Some(table), meta: facts }))
}

fn draw(
    words: Words,
    report: &Report,
    effects: &EffectPath,
    (number, title, description): (u32, &str, &str),
) -> Result<String, ReportError> {
    let mut drawing = Drawing::default();
    let frame = frame(effects);
    let factor = if effects.measure == Measure::Share { 100.0 } else { 1.0 };
    let axis = fill(words.t.axis, &[("unit", words.measure(effects.measure))]);
    frame.upright(&mut drawing, &axis, |it| frame.up.label(it, factor, words.f));
    let zero = frame.up.at(0.0);
    let dashed = Stroke::AXIS.dashed("2 3");
    drawing.line("zero", (frame.left, zero), (frame.right, zero), dashed);
    let place = report.arms.iter().position(|it| it.label == effects.arm).unwrap_or(0);
    let style = ink::arm(place, report.arms.len().min(ink::ARMS_MAX)).unwrap_or(ink::ORDERED[0]);
    let mut ticks = Vec::new();
    for (at, point) in effects.points.iter().enumerate() {
        let x = frame.across.at(at as f64 + 0.5);
        ticks.push((x, words.horizon(&point.horizon)));
        bar(&mut drawing, &frame, (x, point), style);
    }
    let bottom = frame.across(&mut drawing, "", &ticks) - 18.0;
    let height = legend(words, report, &mut drawing, (effects, style, bottom));
    drawing.finish(number, height, (title, description))
}

/// One horizon: the wide interval thin and broken, its own interval thick, the estimate on top.
fn bar(drawing: &mut Drawing, frame: &Frame, (x, point): (f64, &PathPoint), style: Style) {
    let y = |value: f64| frame.up.at(value);
    if let Some((low, high)) = point.band {
        let stroke = Stroke { colour: style.colour, width: 1.2, dash: Some("3 2") };
        drawing.line("band", (x, y(low)), (x, y(high)), stroke);
        let cap = Stroke { dash: None, ..stroke };
        for end in [low, high] {
            drawing.line("cap", (x - CAP * 1.6, y(end)), (x + CAP * 1.6, y(end)), cap);
        }
    }
    if let Some((low, high)) = point.interval {
        let stroke = Stroke { colour: style.colour, width: 3.2, dash: None };
        drawing.line("interval", (x, y(low)), (x, y(high)), stroke);
        for end in [low, high] {
            let cap = Stroke { width: 2.0, ..stroke };
            drawing.line("cap", (x - CAP, y(end)), (x + CAP, y(end)), cap);
        }
    }
    if let Some(estimate) = point.estimate {
        drawing.mark("mark", (x, y(estimate)), style.mark(6.0));
    }
}

/// What the marks mean, below; gives where it ends.
fn legend(
    words: Words,
    report: &Report,
    drawing: &mut Drawing,
    (effects, style, top): (&EffectPath, Style, f64),
) -> f64 {
    let level = words.f.level(1.0 - report.alpha);
    let place = report.arms.iter().position(|it| it.label == effects.arm).unwrap_or(0);
    let last = report.arms.len().saturating_sub(1);
    let arms =
        [("arm", arm_name(words, report, place)), ("control", arm_name(words, report, last))];
    let arms = arms.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut y = top + 16.0;
    drawing.mark("key", (18.0, y - 4.5), style.mark(5.0));
    drawing.text("legend", (40.0, y), &fill(words.t.figures.path_estimate, &arms), Type::SMALL);
    let entries = [
        (
            effects.points.iter().any(|it| it.interval.is_some()),
            words.t.figures.path_interval,
            3.2,
            None,
        ),
        (
            effects.points.iter().any(|it| it.band.is_some()),
            words.t.figures.path_band,
            1.2,
            Some("3 2"),
        ),
    ];
    for (_, text, width, dash) in entries.into_iter().filter(|it| it.0) {
        y += letters::leading(SIZE) + 2.0;
        let stroke = Stroke { colour: style.colour, width, dash };
        drawing.line("key", (6.0, y - 4.5), (30.0, y - 4.5), stroke);
        drawing.text("legend", (40.0, y), &fill(text, &[("level", &level)]), Type::SMALL);
    }
    y + 10.0
}

fn frame(effects: &EffectPath) -> Frame {
    let (left, right, top, bottom) = (54.0, WIDTH - 10.0, 32.0, 300.0);
    let values = effects.points.iter().flat_map(|it| {
        let (low, high) = it.interval.unzip();
        let (lowest, highest) = it.band.unzip();
        [low, high, lowest, highest, it.estimate]
    });
    let up = Scale::covering(values.flatten().chain([0.0]), 5, (bottom, top));
    let across = Scale::stepped((0.0, effects.points.len() as f64), 1.0, (left, right));
    Frame { across, up, left, right, top, bottom }
}

fn table(
    words: Words,
    report: &Report,
    path: &EffectPath,
    (number, has_band): (u32, bool),
) -> Table {
    let t = words.t;
    let level = words.f.level(1.0 - report.alpha);
    let (interval, ends) = effects::interval_head(words, report);
    let whole = |text| Head { rows: 2, ..Head::new(text) };
    let mut head = vec![whole(t.figures.col_horizon), whole(t.col_difference), interval];
    let mut below = ends.to_vec();
    if has_band {
        let band = fill(t.figures.col_band, &[("level", &level)]);
        head.push(Head { columns: 2, ..Head::new(band) });
        below.extend(ends);
    }
    let row = |point: &PathPoint| {
        let estimate = Shown::number(words, point.estimate, Written::of(path.measure));
        let mut cells = vec![estimate];
        cells.extend(effects::ends(words, path.measure, point.interval));
        if has_band {
            cells.extend(effects::ends(words, path.measure, point.band));
        }
        Row::new(Kind::Plain, capital(&words.horizon(&point.horizon)), cells)
    };
    let source = words.source(&path.source, path.register.as_deref());
    Table {
        number,
        caption: fill(t.figures.path_table, &[("outcome", path.label.get(words.lang))]),
        meta: meta(words, report, path.unit, Some(source), FileKind::Estimates),
        head: vec![head, below],
        rows: path.points.iter().map(row).collect(),
        notes: vec![t.symbols.to_owned()],
    }
}
