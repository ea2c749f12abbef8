//! The figure of effects with intervals: one line an effect, a mark and its interval.

use super::{
    Figure,
    ink::{self, Shape},
    letters::{self, leading},
    scale::Scale,
    svg::{Anchor, Drawing, Mark, SIZE, SMALL, Stroke, Type},
};
use crate::{
    ReportError,
    locale::fill,
    model::{Effect, Measure, Report, Unit},
    sections::effects::{method, name, origin},
    wording::{Verdict, Words, verdict},
};

/// The plot stands between the labels and the numbers.
const LEFT: f64 = 276.0;
const RIGHT: f64 = 556.0;
const NUMBERS: f64 = 572.0;
const TOP: f64 = 28.0;
/// Half the height of an interval's cap.
const CAP: f64 = 6.0;

/// The figure of effects of one unit and one measure, which stand in the table with this number.
pub(crate) fn figure(
    words: Words,
    report: &Report,
    effects: &[&Effect],
    number: u32,
    table: u32,
) -> Result<Figure, ReportError> {
    let t = words.t;
    let unit = effects.first().map_or(Unit::Family, |it| it.unit);
    let level = words.f.level(1.0 - report.alpha);
    let title = fill(t.effects_figure, &[("level", &*level), ("units", words.unit(unit))]);
    let same_numbers = fill(t.same_numbers, &[("n", &table.to_string())]);
    let unit_line = fill(t.unit, &[("unit", words.unit(unit))]);
    let told: Vec<String> = effects.iter().map(|it| told(words, it)).collect();
    let description = format!("{} {}", t.effects_desc, told.join(" "));
    let svg = draw(words, report, effects, (number, &title, &description))?;
    let meta = [unit_line, t.effects_desc.to_owned(), same_numbers].map(Into::into).into();
    Ok(Figure { number, title, description, svg, table: None, meta })
}

/// One effect for those who do not see it.
fn told(words: Words, effect: &Effect) -> String {
    format!("{}: {}.", crate::table::capital(&name(words, effect)), numbers(words, effect))
}

/// `40,4 (30,0 til 50,7)`
fn numbers(words: Words, effect: &Effect) -> String {
    let value = |x: f64| words.f.value(effect.measure, x);
    let range = |(low, high): (f64, f64)| {
        fill(words.t.range, &[("low", &value(low)), ("high", &value(high))])
    };
    match (effect.estimate, effect.interval) {
        (None, _) => "..".to_owned(),
        (Some(x), None) => value(x),
        (Some(x), Some(interval)) => format!("{} ({})", value(x), range(interval)),
    }
}

fn draw(
    words: Words,
    report: &Report,
    effects: &[&Effect],
    (number, title, description): (u32, &str, &str),
) -> Result<String, ReportError> {
    let measure = effects.first().map_or(Measure::Share, |it| it.measure);
    let ends = effects.iter().flat_map(|it| {
        let (low, high) = it.interval.unzip();
        [low, high, it.estimate]
    });
    let scale = Scale::covering(ends.flatten().chain([0.0]), 5, (LEFT, RIGHT));
    let mut rows = Drawing::default();
    let mut y = TOP;
    for effect in effects {
        y = row(words, report, &mut rows, (effects, effect, &scale, y));
    }
    let mut drawing = Drawing::default();
    heading(words, report, &mut drawing);
    axis(words, &mut drawing, (&scale, measure), y);
    drawing.join(&rows);
    let height = legend(words, report, &mut drawing, (effects, y + 48.0));
    drawing.finish(number, height, (title, description))
}

fn heading(words: Words, report: &Report, drawing: &mut Drawing) {
    let level = words.f.level(1.0 - report.alpha);
    let interval = fill(words.t.col_interval, &[("level", &level)]);
    let heading = format!("{} ({interval})", words.t.col_difference);
    drawing.text("heading", (NUMBERS, 14.0), &heading, Type::SMALL);
}

/// Grid, ticks, zero and title; `bottom` is where the rows end.
fn axis(words: Words, drawing: &mut Drawing, (scale, measure): (&Scale, Measure), bottom: f64) {
    let factor = if measure == Measure::Share { 100.0 } else { 1.0 };
    let middle = Type::SMALL.at(Anchor::Middle);
    for value in scale.ticks() {
        let x = scale.at(value);
        drawing.line("grid", (x, TOP - 6.0), (x, bottom), Stroke::GRID);
        let label = scale.label(value, factor, words.f);
        drawing.text("tick-across", (x, bottom + 18.0), &label, middle);
    }
    drawing.line("axis", (LEFT, bottom), (RIGHT, bottom), Stroke::AXIS);
    let zero = scale.at(0.0);
    let stroke = Stroke { width: 1.4, ..Stroke::AXIS }.dashed("2 3");
    drawing.line("zero", (zero, TOP - 6.0), (zero, bottom), stroke);
    let title = fill(words.t.axis, &[("unit", words.measure(measure))]);
    drawing.text("axis-title", (LEFT.midpoint(RIGHT), bottom + 38.0), &title, middle);
}

/// One row from `y` downwards; gives where it ends.
fn row(
    words: Words,
    report: &Report,
    drawing: &mut Drawing,
    (effects, effect, scale, y): (&[&Effect], &Effect, &Scale, f64),
) -> f64 {
    let label =
        letters::wrap(&crate::table::capital(&name(words, effect)), LEFT - 18.0, SIZE, true);
    let baseline = drawing.lines("row-label", (0.0, y + 18.0), &label, Type::STRONG);
    // The method tells it from a row of the same name.
    let alike =
        |other: &&&Effect| name(words, other) == name(words, effect) && other.arm == effect.arm;
    let is_one_of_many = effects.iter().filter(alike).count() > 1;
    let mut under = vec![origin(words, report, effect)];
    under.extend(is_one_of_many.then(|| method(words, effect)));
    under.extend(words.badges(effect).into_iter().map(str::to_owned));
    let under = letters::wrap(&under.join(" · "), LEFT - 18.0, SMALL, false);
    let below = drawing.lines("row-minor", (0.0, baseline - 1.0), &under, Type::SMALL);
    let end = below - leading(SMALL) + 12.0;
    let middle = y.midpoint(end) + 1.0;
    if let Some((low, high)) = effect.interval {
        let (low, high) = (scale.at(low), scale.at(high));
        let stroke = Stroke { colour: ink::ACCENT, width: 2.2, dash: None };
        drawing.line("interval", (low, middle), (high, middle), stroke);
        for x in [low, high] {
            drawing.line("cap", (x, middle - CAP), (x, middle + CAP), stroke);
        }
    }
    if let Some(estimate) = effect.estimate {
        let mark = mark(verdict(effect, report.alpha));
        drawing.mark("mark", (scale.at(estimate), middle), mark);
    }
    let it = Type { fill: ink::INK, ..Type::PLAIN };
    drawing.text("numbers", (NUMBERS, middle + 5.0), &numbers(words, effect), it);
    end
}

/// Filled square, hollow circle or hollow diamond.
fn mark(verdict: Verdict) -> Mark {
    let (shape, filled) = match verdict {
        Verdict::Certain => (Shape::Square, true),
        Verdict::Uncertain => (Shape::Circle, false),
        Verdict::Untested | Verdict::NotEstimated => (Shape::Diamond, false),
    };
    Mark { shape, colour: ink::ACCENT, filled, radius: 6.0 }
}

/// What the marks that occur mean; gives where it ends.
fn legend(
    words: Words,
    report: &Report,
    drawing: &mut Drawing,
    (effects, top): (&[&Effect], f64),
) -> f64 {
    let t = words.t;
    let verdicts: Vec<Verdict> = effects.iter().map(|it| verdict(it, report.alpha)).collect();
    let certain = fill(t.legend_certain, &[("alpha", &words.f.trimmed(report.alpha))]);
    let entries = [
        (Verdict::Certain, certain.as_str()),
        (Verdict::Uncertain, t.legend_uncertain),
        (Verdict::Untested, t.legend_none),
    ];
    let mut y = top;
    for (verdict, text) in entries.into_iter().filter(|(it, _)| verdicts.contains(it)) {
        y += 21.0;
        drawing.mark("key", (9.0, y - 4.5), mark(verdict));
        drawing.text("legend", (24.0, y), text, Type::SMALL);
    }
    y + 8.0
}
