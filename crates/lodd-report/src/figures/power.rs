//! Power curves: how often an effect of each size is found, a curve for each share among the
//! controls.

use super::{
    Figure, ink,
    plot::{self, EndLabel, Frame},
    scale::Scale,
    svg::{Drawing, Stroke, Type, WIDTH},
};
use crate::{
    ReportError,
    format::Style as Written,
    locale::fill,
    model::{FileKind, Measure, PowerCurve, PowerCurves, Report},
    table::{Head, Kind, Numbering, Row, Shown, Table, meta},
    wording::Words,
};

/// The figure with its table; `None` where no curve was simulated, or more than can be told apart.
pub(crate) fn figure(
    words: Words,
    report: &Report,
    power: &PowerCurves,
    numbers: &mut Numbering,
) -> Result<Option<Figure>, ReportError> {
    let drawn = power.curves.iter().filter(|it| it.points.len() > 1).count();
    if drawn == 0 || drawn > ink::ORDERED.len() {
        return Ok(None);
    }
    let number = numbers.figure();
    let title = fill(words.t.figures.power_title, &[("analysis", &analysis(words, power))]);
    let description = description(words, power);
    let table = table(words, report, power, numbers.table());
    let mut facts = table.meta.clone();
    facts.push(fill(words.t.same_numbers, &[("n", &table.number.to_string())]).into());
    let svg = draw(words, power, (number, &title, &description))?;
    Ok(Some(Figure { number, title, description, svg, table: Some(table), meta: facts }))
}

/// `lineær regresjon, ICC 0,05`
fn analysis(words: Words, power: &PowerCurves) -> String {
    let analysis = words.t.code(&power.estimator).to_owned();
    match power.icc {
        Some(icc) => format!("{analysis}, ICC {}", words.f.trimmed(icc)),
        None => analysis,
    }
}

/// For those who do not see it: what is found with the power asked for.
fn description(words: Words, power: &PowerCurves) -> String {
    let wanted = words.f.level(power.wanted);
    let mut sentences = vec![fill(words.t.figures.power_desc, &[("wanted", &wanted)])];
    for curve in power.curves.iter().filter(|it| it.points.len() > 1) {
        let name = name(words, curve);
        sentences.push(match curve.detectable {
            Some(effect) => {
                let effect = words.difference(power.measure, effect);
                fill(words.t.figures.power_found, &[("curve", &name), ("effect", &effect)])
            }
            None => fill(words.t.figures.power_not_found, &[("curve", &name)]),
        });
    }
    sentences.join(" ")
}

/// What a curve assumes: `fra 30 %`, or that a number is simulated.
fn name(words: Words, curve: &PowerCurve) -> String {
    match curve.base_rate {
        Some(rate) => fill(words.t.figures.power_base, &[("share", &words.f.level(rate))]),
        None => words.t.figures.power_number.to_owned(),
    }
}

/// The points up to the first effect that every curve all but always finds.
fn shown(power: &PowerCurves) -> f64 {
    let certain = |curve: &PowerCurve| {
        let sure = curve.points.iter().find(|(_, share)| *share >= 0.995);
        sure.or(curve.points.last()).map_or(0.0, |it| it.0)
    };
    power.curves.iter().map(certain).fold(0.0, f64::max)
}

fn draw(
    words: Words,
    power: &PowerCurves,
    (number, title, description): (u32, &str, &str),
) -> Result<String, ReportError> {
    let mut drawing = Drawing::default();
    let frame = frame(power);
    let factor = if power.measure == Measure::Share { 100.0 } else { 1.0 };
    frame
        .upright(&mut drawing, words.t.figures.axis_power, |it| frame.up.label(it, 100.0, words.f));
    let wanted = frame.up.at(power.wanted);
    let dashed = Stroke { width: 1.3, ..Stroke::AXIS }.dashed("2 3");
    drawing.line("wanted", (frame.left, wanted), (frame.right, wanted), dashed);
    let label = fill(words.t.figures.power_wanted, &[("wanted", &words.f.level(power.wanted))]);
    let it = Type { fill: ink::INK, ..Type::SMALL };
    drawing.text("wanted-label", (frame.left + 6.0, wanted - 6.0), &label, it);
    let mut labels = Vec::new();
    let curves = power.curves.iter().filter(|it| it.points.len() > 1);
    let most = shown(power);
    for (curve, style) in curves.zip(ink::ORDERED) {
        let points = curve.points.iter().filter(|(effect, _)| *effect <= most);
        let places: Vec<(f64, f64)> =
            points.map(|(x, y)| (frame.across.at(*x), frame.up.at(*y))).collect();
        let line: Vec<Option<(f64, f64)>> = places.iter().copied().map(Some).collect();
        plot::curve(&mut drawing, "curve", &line, style.stroke(2.2));
        for place in &places {
            drawing.mark("mark", *place, style.mark(3.4));
        }
        if let Some(end) = places.last() {
            labels.push(EndLabel { end: *end, text: name(words, curve), style });
        }
    }
    let ticks: Vec<(f64, String)> = frame
        .across
        .ticks()
        .map(|it| (frame.across.at(it), frame.across.label(it, factor, words.f)))
        .collect();
    let axis = fill(words.t.figures.axis_effect, &[("unit", words.measure(power.measure))]);
    let height = frame.across(&mut drawing, &axis, &ticks);
    plot::end_labels(&mut drawing, &frame, labels);
    drawing.finish(number, height, (title, description))
}

fn frame(power: &PowerCurves) -> Frame {
    let (left, right, top, bottom) = (46.0, WIDTH - 150.0, 30.0, 330.0);
    let across = Scale::covering([0.0, shown(power)], 6, (left, right));
    let up = Scale::stepped((0.0, 1.0), 0.2, (bottom, top));
    Frame { across, up, left, right, top, bottom }
}

/// A row for each curve and size of effect.
fn table(words: Words, report: &Report, power: &PowerCurves, number: u32) -> Table {
    let t = words.t;
    let mut rows = Vec::new();
    for curve in power.curves.iter().filter(|it| it.points.len() > 1) {
        for (effect, share) in &curve.points {
            let cells = vec![
                Shown::number(words, Some(*effect), Written::of(power.measure)),
                Shown::number(words, Some(*share), Written::Hundredths(1)),
            ];
            rows.push(Row::new(Kind::Plain, name(words, curve), cells));
        }
    }
    let effect = fill(t.figures.axis_effect, &[("unit", words.measure(power.measure))]);
    Table {
        number,
        caption: fill(t.figures.power_table, &[("analysis", &analysis(words, power))]),
        meta: meta(words, report, power.unit, None, FileKind::Power),
        head: vec![[t.figures.col_assumed, &*effect, t.figures.axis_power].map(Head::new).into()],
        rows,
        notes: Vec::new(),
    }
}
