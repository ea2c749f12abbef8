//! The flow chart, after CONSORT: from the list down to each arm's observations.

use super::{Line as TextLine, wrap};
use crate::{
    locale::fill,
    model::{Horizon, Report, Stage, Unit},
    sections::flow::{Line, reason_words, stage, step},
    table::capital,
    wording::Words,
};

const WIDTH: i32 = 860;
const GAP: i32 = 28;
const DROP: i32 = 34;
const PAD: i32 = 14;
const LINE: i32 = 20;
/// Width of a letter at the chart's size, a little generous.
const LETTER: i32 = 8;
/// More columns than this can't be read on a page; the table then stands alone.
const ARMS_MAX: usize = 4;

/// A flow chart in a view box of `width` by `height`.
#[derive(Debug)]
pub(crate) struct FlowChart {
    pub(crate) number: u32,
    pub(crate) title: String,
    pub(crate) description: String,
    /// Where the figure's numbers stand as a table.
    pub(crate) same_numbers: String,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) boxes: Vec<FlowBox>,
    pub(crate) arrows: Vec<Arrow>,
}

/// A box with its lines of text.
#[derive(Debug)]
pub(crate) struct FlowBox {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) class: &'static str,
    pub(crate) lines: Vec<TextLine>,
}

/// A line, and the corners of its head.
#[derive(Debug)]
pub(crate) struct Arrow {
    pub(crate) path: String,
    pub(crate) head: String,
}

/// Whether the arms fit side by side.
pub(crate) fn fits(report: &Report) -> bool {
    report.arms.len() <= ARMS_MAX
}

/// What a box says: its lines, with their class.
type Content = Vec<(String, &'static str)>;

pub(crate) fn chart(
    words: Words,
    report: &Report,
    unit: Unit,
    lines: &[Line],
    number: u32,
    table: u32,
) -> FlowChart {
    let mut canvas = Canvas { boxes: Vec::new(), arrows: Vec::new() };
    let steps = Steps { words, report, unit, lines };
    let bottom = canvas.trunk(&steps);
    let height = canvas.branches(&steps, bottom);
    FlowChart {
        number,
        title: words.t.flow_figure.to_owned(),
        description: fill(words.t.flow_desc, &[("units", words.unit(unit))]),
        same_numbers: fill(words.t.same_numbers, &[("n", &table.to_string())]),
        width: WIDTH,
        height: height + 2,
        boxes: canvas.boxes,
        arrows: canvas.arrows,
    }
}

/// What the boxes are filled from.
struct Steps<'a> {
    words: Words,
    report: &'a Report,
    unit: Unit,
    lines: &'a [Line],
}

impl Steps<'_> {
    fn total(&self, stage: Stage) -> Option<&Line> {
        self.lines
            .iter()
            .find(|it| it.stage == stage && it.horizon.is_none() && it.reason.is_none())
    }

    /// A stage before the arms part, with how many.
    fn trunk(&self, at: Stage) -> Option<Content> {
        let line = self.total(at)?;
        let title = stage(self.words, self.report, at).to_owned();
        Some(vec![(title, "strong"), (self.words.units(self.unit, line.total), "plain")])
    }

    /// Who does not go on to the draw, by reason.
    fn left_out(&self) -> Option<Content> {
        let mut content = self.trunk(Stage::NotEligible)?;
        let parts = self.lines.iter().filter(|it| it.stage == Stage::NotEligible);
        content.extend(parts.filter_map(|it| {
            let reason = reason_words(self.words, self.report, it.reason.as_ref()?);
            Some((format!("{reason}: {}", self.words.f.count(it.total)), "small"))
        }));
        Some(content)
    }

    fn arm(&self, place: usize) -> Content {
        let is_control = place + 1 == self.report.arms.len();
        let name = self.report.arms.get(place).map_or("", |arm| arm.name.get(self.words.lang));
        let name =
            if is_control { format!("{name} ({})", self.words.t.control) } else { name.to_owned() };
        let drawn = self.total(Stage::Drawn).and_then(|it| it.arms.get(place));
        let drawn = drawn.map_or_else(|| "..".to_owned(), |&n| self.words.units(self.unit, n));
        let mut content = vec![(name, "strong"), (drawn, "plain")];
        let after = |it: &&Line| {
            it.horizon.is_none() && (Stage::Erased..=Stage::Started).contains(&it.stage)
        };
        content.extend(self.lines.iter().filter(after).filter_map(|it| {
            let n = self.words.f.count(*it.arms.get(place)?);
            Some((format!("{}: {n}", step(self.words, self.report, it)), "small"))
        }));
        content
    }

    fn horizons(&self) -> Vec<&Horizon> {
        let mut horizons: Vec<&Horizon> = Vec::new();
        for horizon in self.lines.iter().filter_map(|it| it.horizon.as_ref()) {
            if !horizons.contains(&horizon) {
                horizons.push(horizon);
            }
        }
        horizons
    }

    fn follow_up(&self, horizon: &Horizon, place: usize) -> Content {
        let mut content = vec![(capital(&self.words.horizon(horizon)), "strong")];
        let here = self.lines.iter().filter(|it| it.horizon.as_ref() == Some(horizon));
        for line in here {
            let n = line.arms.get(place).copied().unwrap_or(0);
            match &line.reason {
                Some(_) if n == 0 => {}
                Some(reason) => {
                    let reason = reason_words(self.words, self.report, reason);
                    content.push((format!("– {reason}: {}", self.words.f.count(n)), "small"));
                }
                None => {
                    let name = stage(self.words, self.report, line.stage);
                    let class = if line.series.is_some() { "small" } else { "plain" };
                    let series =
                        line.series.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
                    content.push((format!("{name}: {}{series}", self.words.f.count(n)), class));
                }
            }
        }
        content
    }
}

/// The boxes and arrows placed so far.
struct Canvas {
    boxes: Vec<FlowBox>,
    arrows: Vec<Arrow>,
}

impl Canvas {
    /// The steps before the arms part; gives where the last box ends.
    fn trunk(&mut self, steps: &Steps<'_>) -> i32 {
        let (width, middle) = (300, WIDTH / 2);
        let mut bottom = 1;
        if let Some(content) = steps.trunk(Stage::Assessed) {
            bottom = self.place(middle - width / 2, bottom, width, &content, "step");
            let mut next = bottom + DROP;
            if let Some(content) = steps.left_out() {
                let x = middle + GAP * 2;
                let side = self.place(x, bottom + DROP / 2, WIDTH - x - 1, &content, "aside");
                let y = bottom.midpoint(side) + DROP / 4;
                self.right(middle, x, y);
                next = side + DROP / 2;
            }
            self.down(middle, bottom, next);
            bottom = next;
        }
        let content = steps.trunk(Stage::Drawn).or_else(|| steps.trunk(Stage::Eligible));
        match content {
            Some(content) => self.place(middle - width / 2, bottom, width, &content, "step"),
            None => bottom,
        }
    }

    /// One column an arm; gives where the longest ends.
    fn branches(&mut self, steps: &Steps<'_>, from: i32) -> i32 {
        let arms = steps.report.arms.len();
        let count = i32::try_from(arms).unwrap_or(1).max(1);
        let width = (WIDTH - GAP * (count - 1) - 2) / count;
        let left = |place: usize| 1 + i32::try_from(place).unwrap_or(0) * (width + GAP);
        let split = from + DROP / 2;
        self.line(WIDTH / 2, from, split);
        self.across(left(0) + width / 2, left(arms.saturating_sub(1)) + width / 2, split);
        let mut rows: Vec<Vec<Content>> = vec![(0..arms).map(|it| steps.arm(it)).collect()];
        rows.extend(
            steps
                .horizons()
                .into_iter()
                .map(|horizon| (0..arms).map(|place| steps.follow_up(horizon, place)).collect()),
        );
        let (mut above, mut top) = (split, split + DROP / 2 + 8);
        for (place, row) in rows.iter().enumerate() {
            let height = row.iter().map(|it| height(it, width)).max().unwrap_or(0);
            let class = if place == 0 { "arm" } else { "step" };
            for (arm, content) in row.iter().enumerate() {
                self.down(left(arm) + width / 2, above, top);
                self.place(left(arm), top, width, content, class);
                if let Some(last) = self.boxes.last_mut() {
                    last.height = height;
                }
            }
            above = top + height;
            top = above + DROP;
        }
        above
    }

    /// Places a box and gives where it ends.
    fn place(&mut self, x: i32, y: i32, width: i32, content: &Content, class: &'static str) -> i32 {
        let mut lines = Vec::new();
        let mut baseline = y + PAD + LINE - 6;
        for (text, class) in content {
            for text in wrap(text, letters(width)) {
                lines.push(TextLine { x: x + PAD, y: baseline, text, class });
                baseline += LINE;
            }
        }
        let height = height(content, width);
        self.boxes.push(FlowBox { x, y, width, height, class, lines });
        y + height
    }

    fn line(&mut self, x: i32, from: i32, to: i32) {
        self.arrows.push(Arrow { path: format!("M{x} {from}V{to}"), head: String::new() });
    }

    fn across(&mut self, from: i32, to: i32, y: i32) {
        self.arrows.push(Arrow { path: format!("M{from} {y}H{to}"), head: String::new() });
    }

    fn down(&mut self, x: i32, from: i32, to: i32) {
        let head = format!("M{x} {to}l-5 -9h10z");
        self.arrows.push(Arrow { path: format!("M{x} {from}V{}", to - 6), head });
    }

    fn right(&mut self, from: i32, to: i32, y: i32) {
        let head = format!("M{to} {y}l-9 -5v10z");
        self.arrows.push(Arrow { path: format!("M{from} {y}H{}", to - 6), head });
    }
}

fn letters(width: i32) -> usize {
    usize::try_from((width - 2 * PAD) / LETTER).unwrap_or(1)
}

fn height(content: &Content, width: i32) -> i32 {
    let lines: usize = content.iter().map(|(text, _)| wrap(text, letters(width)).len()).sum();
    i32::try_from(lines).unwrap_or(0) * LINE + 2 * PAD - 2
}
