//! The figure of effects with intervals: one line an effect, a mark and its interval.

use super::{Line as TextLine, wrap};
use crate::{
    format::Format,
    locale::fill,
    model::{Effect, Measure, Report, Unit},
    sections::effects::{method, name, origin},
    wording::{Verdict, Words, verdict},
};

const WIDTH: i32 = 860;
/// The plot stands between the labels and the numbers.
const PLOT_LEFT: i32 = 300;
const PLOT_RIGHT: i32 = 640;
const NUMBERS: i32 = 664;
const TOP: i32 = 34;
const LINE: i32 = 19;
/// Letters of a label that fit beside the plot.
const LETTERS: usize = 36;

/// A forest figure in a view box of `width` by `height`.
#[derive(Debug)]
pub(crate) struct Forest {
    pub(crate) number: u32,
    pub(crate) title: String,
    pub(crate) description: &'static str,
    /// Where the figure's numbers stand as a table.
    pub(crate) same_numbers: String,
    pub(crate) unit_line: String,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) plot_left: i32,
    pub(crate) plot_right: i32,
    pub(crate) numbers: i32,
    pub(crate) top: i32,
    pub(crate) bottom: i32,
    pub(crate) zero: i32,
    pub(crate) ticks: Vec<(i32, String)>,
    pub(crate) axis: String,
    pub(crate) heading: String,
    pub(crate) rows: Vec<ForestRow>,
    pub(crate) legend: Vec<Mark>,
}

impl Forest {
    /// The middle of the plot, for the axis's title.
    pub(crate) fn middle(&self) -> i32 {
        self.plot_left.midpoint(self.plot_right)
    }
}

/// One effect.
#[derive(Debug)]
pub(crate) struct ForestRow {
    pub(crate) y: i32,
    pub(crate) label: Vec<TextLine>,
    pub(crate) interval: Option<(i32, i32)>,
    pub(crate) mark: Option<Mark>,
    pub(crate) numbers: String,
}

/// A mark and what it stands for: filled square, hollow circle or hollow diamond.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) kind: &'static str,
    pub(crate) text: String,
}

/// The figure of effects of one unit and one measure.
pub(crate) fn figure(
    words: Words,
    report: &Report,
    effects: &[&Effect],
    number: u32,
    table: u32,
) -> Forest {
    let t = words.t;
    let unit = effects.first().map_or(Unit::Family, |it| it.unit);
    let measure = effects.first().map_or(Measure::Share, |it| it.measure);
    let scale = Scale::new(effects);
    let mut y = TOP;
    let mut rows = Vec::new();
    for effect in effects {
        let alike =
            |other: &&&Effect| name(words, other) == name(words, effect) && other.arm == effect.arm;
        let method = (effects.iter().filter(alike).count() > 1).then(|| method(words, effect));
        let row = row(words, report, (effect, method), &scale, y);
        y = row.1;
        rows.push(row.0);
    }
    let level = words.f.level(1.0 - report.alpha);
    let values = [("level", &*level), ("units", words.unit(unit))];
    let mut legend: Vec<Mark> = Vec::new();
    for verdict in effects.iter().map(|it| verdict(it, report.alpha)) {
        let kind = kind(verdict);
        if verdict != Verdict::NotEstimated && !legend.iter().any(|it| it.kind == kind) {
            let text = legend_text(words, report, verdict);
            legend.push(Mark { x: 10, y: y + 62 + legend_offset(legend.len()), kind, text });
        }
    }
    Forest {
        number,
        title: fill(t.effects_figure, &values),
        description: t.effects_desc,
        same_numbers: fill(t.same_numbers, &[("n", &table.to_string())]),
        unit_line: fill(t.unit, &[("unit", words.unit(unit))]),
        width: WIDTH,
        height: y + 58 + legend_offset(legend.len()),
        plot_left: PLOT_LEFT,
        plot_right: PLOT_RIGHT,
        numbers: NUMBERS,
        top: TOP - 8,
        bottom: y,
        zero: scale.x(0.0),
        ticks: scale.ticks(measure, words.f),
        axis: fill(t.axis, &[("unit", words.measure(measure))]),
        heading: format!("{} ({})", t.col_difference, fill(t.col_interval, &[("level", &level)])),
        rows,
        legend,
    }
}

fn legend_offset(entries: usize) -> i32 {
    i32::try_from(entries).unwrap_or(0) * 22
}

/// One row from `y` downwards, and where it ends; `method` tells it from a row of the same name.
fn row(
    words: Words,
    report: &Report,
    (effect, method): (&Effect, Option<String>),
    scale: &Scale,
    y: i32,
) -> (ForestRow, i32) {
    let mut label = Vec::new();
    let mut baseline = y + LINE;
    for text in wrap(&name(words, effect), LETTERS) {
        label.push(TextLine { x: 2, y: baseline, text, class: "strong" });
        baseline += LINE;
    }
    let mut under = vec![origin(words, report, effect)];
    under.extend(method);
    under.extend(words.badges(effect).into_iter().map(str::to_owned));
    for text in wrap(&under.join(" · "), LETTERS + 8) {
        label.push(TextLine { x: 2, y: baseline, text, class: "small" });
        baseline += LINE;
    }
    let end = baseline + 6;
    let middle = y.midpoint(end) - 2;
    let kind = kind(verdict(effect, report.alpha));
    let value = |x: f64| words.f.value(effect.measure, x);
    let range = |(low, high): (f64, f64)| {
        fill(words.t.range, &[("low", &value(low)), ("high", &value(high))])
    };
    let numbers = match (effect.estimate, effect.interval) {
        (None, _) => "..".to_owned(),
        (Some(x), None) => value(x),
        (Some(x), Some(interval)) => format!("{} ({})", value(x), range(interval)),
    };
    let mark =
        effect.estimate.map(|x| Mark { x: scale.x(x), y: middle, kind, text: String::new() });
    let interval = effect.interval.map(|(low, high)| (scale.x(low), scale.x(high)));
    (ForestRow { y: middle, label, interval, mark, numbers }, end)
}

fn kind(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Certain => "certain",
        Verdict::Uncertain => "uncertain",
        Verdict::Untested | Verdict::NotEstimated => "untested",
    }
}

fn legend_text(words: Words, report: &Report, verdict: Verdict) -> String {
    match verdict {
        Verdict::Certain => {
            fill(words.t.legend_certain, &[("alpha", &words.f.trimmed(report.alpha))])
        }
        Verdict::Uncertain => words.t.legend_uncertain.to_owned(),
        Verdict::Untested | Verdict::NotEstimated => words.t.legend_none.to_owned(),
    }
}

/// The axis: from `low` in steps, zero always on it.
struct Scale {
    low: f64,
    step: f64,
    steps: u32,
}

impl Scale {
    /// The range of all effects and intervals and zero, widened to whole steps.
    fn new(effects: &[&Effect]) -> Self {
        let ends = effects.iter().flat_map(|it| {
            let (low, high) = it.interval.unzip();
            [low, high, it.estimate]
        });
        let (low, high) =
            ends.flatten().fold((0.0_f64, 0.0_f64), |(low, high), x| (low.min(x), high.max(x)));
        let span = if high > low { high - low } else { 1.0 };
        let step = nice(span / 5.0);
        let low = (low / step).floor() * step;
        let steps = ((high - low) / step - 1e-9).ceil().clamp(1.0, 12.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 1 to 12"
        )]
        Self { low, step, steps: steps as u32 }
    }

    /// Where a value stands, in the figure's units.
    fn x(&self, value: f64) -> i32 {
        let share = (value - self.low) / (self.step * f64::from(self.steps));
        let x = f64::from(PLOT_LEFT) + share.clamp(0.0, 1.0) * f64::from(PLOT_RIGHT - PLOT_LEFT);
        #[expect(clippy::cast_possible_truncation, reason = "clamped to the plot")]
        let x = x.round() as i32;
        x
    }

    fn ticks(&self, measure: Measure, format: Format) -> Vec<(i32, String)> {
        let factor = if measure == Measure::Share { 100.0 } else { 1.0 };
        let step = self.step * factor;
        let places = [0, 1, 2, 3]
            .into_iter()
            .find(|&it| is_whole(step * 10_f64.powi(it)))
            .and_then(|it| usize::try_from(it).ok())
            .unwrap_or(4);
        let tick = |n: u32| {
            let value = self.low + f64::from(n) * self.step;
            (self.x(value), format.decimal(value * factor, places))
        };
        (0..=self.steps).map(tick).collect()
    }
}

fn is_whole(x: f64) -> bool {
    (x - x.round()).abs() < 1e-6
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `x > 0`.
fn nice(x: f64) -> f64 {
    let power = 10_f64.powf(x.log10().floor());
    let times = [1.0, 2.0, 5.0].into_iter().find(|it| it * power >= x * (1.0 - 1e-9));
    times.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_one_two_or_five() {
        let steps = [0.1, 0.101, 0.3, 7.0, 0.05, 1000.0].map(nice);
        for (step, expected) in steps.into_iter().zip([0.1, 0.2, 0.5, 10.0, 0.05, 1000.0]) {
            assert!((step - expected).abs() < 1e-12, "{step} is not {expected}");
        }
    }
}
