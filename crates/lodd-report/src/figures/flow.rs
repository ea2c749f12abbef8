//! The flow chart, after CONSORT: from the list down to each arm's observations.

use super::{
    Figure, arm_name,
    ink::{self, ARMS_MAX},
    letters::{self, leading},
    svg::{Drawing, Stroke, Type, WIDTH},
};
use crate::{
    ReportError,
    locale::fill,
    model::{Cell, Horizon, Report, Stage, Unit},
    sections::flow::{self, Line, reason_words, stage, step},
    table::capital,
    wording::Words,
};

const GAP: f64 = 26.0;
const DROP: f64 = 34.0;
const PAD: f64 = 12.0;
const TRUNK: f64 = 270.0;

/// Whether the arms fit side by side; more columns can't be read on a page.
pub(crate) fn fits(report: &Report) -> bool {
    report.arms.len() <= ARMS_MAX
}

/// What a box says: its lines, and how each is written.
type Content = Vec<(String, Type)>;

/// The chart of these lines, which stand in the table with the number `table`.
pub(crate) fn chart(
    words: Words,
    report: &Report,
    unit: Unit,
    lines: &[Line],
    number: u32,
    table: u32,
) -> Result<Figure, ReportError> {
    let offices = flow::lines(words, report, Unit::Office);
    let steps = Steps { words, report, unit, lines, offices: &offices };
    let mut chart = Chart::default();
    let bottom = chart.trunk(&steps);
    let height = chart.branches(&steps, bottom);
    let title = words.t.flow_figure.to_owned();
    let description = fill(words.t.flow_desc, &[("units", words.unit(unit))]);
    let same_numbers = fill(words.t.same_numbers, &[("n", &table.to_string())]);
    let description = format!("{description} {same_numbers}");
    let svg = chart.drawing().finish(number, height + 2.0, (&title, &description))?;
    Ok(Figure { number, title, description, svg, table: None, meta: vec![same_numbers.into()] })
}

/// What the boxes are filled from.
struct Steps<'a> {
    words: Words,
    report: &'a Report,
    unit: Unit,
    lines: &'a [Line],
    offices: &'a [Line],
}

fn total(lines: &[Line], stage: Stage) -> Option<&Line> {
    lines.iter().find(|it| it.stage == stage && it.horizon.is_none() && it.reason.is_none())
}

impl Steps<'_> {
    /// A stage before the arms part, with how many, in how many offices.
    fn trunk(&self, at: Stage) -> Option<Content> {
        let line = total(self.lines, at)?;
        let title = stage(self.words, self.report, at).to_owned();
        let n = self.words.units_of(self.unit, line.total);
        let mut content = vec![(title, Type::STRONG), (n, Type::PLAIN)];
        content.extend(self.offices(at, |it| it.total.count()));
        Some(content)
    }

    /// `3 kontorer`, where offices are counted at this stage.
    fn offices(&self, at: Stage, count: impl Fn(&Line) -> Option<u64>) -> Option<(String, Type)> {
        let is_counted = self.unit != Unit::Office && at != Stage::NotEligible;
        let n = count(total(self.offices, at).filter(|_| is_counted)?).filter(|n| *n > 0)?;
        Some((self.words.units(Unit::Office, n), Type::SMALL))
    }

    /// Who does not go on to the draw, by reason.
    fn left_out(&self) -> Option<Content> {
        let mut content = self.trunk(Stage::NotEligible)?;
        let parts = self.lines.iter().filter(|it| it.stage == Stage::NotEligible);
        content.extend(parts.filter_map(|it| {
            let reason = reason_words(self.words, self.report, it.reason.as_ref()?);
            let n = self.words.f.cell(it.total);
            Some((format!("{}: {n}", capital(&reason)), Type::SMALL))
        }));
        Some(content)
    }

    fn arm(&self, place: usize) -> Content {
        let name = arm_name(self.words, self.report, place);
        let drawn = total(self.lines, Stage::Drawn).and_then(|it| it.arms.get(place));
        let drawn = drawn.map_or_else(|| "..".to_owned(), |&n| self.words.units_of(self.unit, n));
        let mut content = vec![(name, Type::STRONG), (drawn, Type::PLAIN)];
        content.extend(self.offices(Stage::Drawn, |it| it.arms.get(place)?.count()));
        let after = |it: &&Line| {
            it.horizon.is_none() && (Stage::Erased..=Stage::Started).contains(&it.stage)
        };
        content.extend(self.lines.iter().filter(after).filter_map(|it| {
            let n = self.words.f.cell(*it.arms.get(place)?);
            Some((format!("{}: {n}", step(self.words, self.report, it)), Type::SMALL))
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
        let mut content = vec![(capital(&self.words.horizon(horizon)), Type::STRONG)];
        let here = self.lines.iter().filter(|it| it.horizon.as_ref() == Some(horizon));
        for line in here {
            let n = line.arms.get(place).copied().unwrap_or(Cell::Count(0));
            let count = self.words.f.cell(n);
            match &line.reason {
                Some(_) if n == Cell::Count(0) => {}
                Some(reason) => {
                    let reason = reason_words(self.words, self.report, reason);
                    content.push((format!("– {reason}: {count}"), Type::SMALL));
                }
                None => {
                    let name = stage(self.words, self.report, line.stage);
                    let it = if line.series.is_some() { Type::SMALL } else { Type::PLAIN };
                    let series =
                        line.series.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
                    content.push((format!("{name}: {count}{series}"), it));
                }
            }
        }
        content
    }
}

/// What kind of box it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Step,
    Aside,
    Arm,
}

/// Arrows below, boxes above.
#[derive(Debug, Default)]
struct Chart {
    arrows: Drawing,
    boxes: Drawing,
}

impl Chart {
    fn drawing(self) -> Drawing {
        let mut drawing = self.arrows;
        drawing.join(&self.boxes);
        drawing
    }

    /// The steps before the arms part; gives where the last box ends.
    fn trunk(&mut self, steps: &Steps<'_>) -> f64 {
        let middle = WIDTH / 2.0;
        let left = middle - TRUNK / 2.0;
        let mut bottom = 1.0;
        if let Some(content) = steps.trunk(Stage::Assessed) {
            bottom = self.place((left, bottom), TRUNK, &content, (Kind::Step, 0.0));
            let mut next = bottom + DROP;
            if let Some(content) = steps.left_out() {
                let (x, y) = (middle + GAP * 2.0, bottom + DROP / 2.0);
                let side = self.place((x, y), WIDTH - x - 1.0, &content, (Kind::Aside, 0.0));
                self.right((middle, y.midpoint(side)), x);
                next = side + DROP / 2.0;
            }
            self.down(middle, bottom, next);
            bottom = next;
        }
        let content = steps.trunk(Stage::Drawn).or_else(|| steps.trunk(Stage::Eligible));
        match content {
            Some(content) => self.place((left, bottom), TRUNK, &content, (Kind::Step, 0.0)),
            None => bottom,
        }
    }

    /// One column an arm; gives where the longest ends.
    fn branches(&mut self, steps: &Steps<'_>, from: f64) -> f64 {
        let arms = steps.report.arms.len();
        let count = arms.max(1) as f64;
        let width = (WIDTH - GAP * (count - 1.0) - 2.0) / count;
        let left = |place: usize| 1.0 + place as f64 * (width + GAP);
        let split = from + DROP / 2.0;
        self.arrows.line("line", (WIDTH / 2.0, from), (WIDTH / 2.0, split), Stroke::SOFT);
        let ends = (left(0) + width / 2.0, left(arms.saturating_sub(1)) + width / 2.0);
        self.arrows.line("line", (ends.0, split), (ends.1, split), Stroke::SOFT);
        let mut rows: Vec<Vec<Content>> = vec![(0..arms).map(|it| steps.arm(it)).collect()];
        rows.extend(
            steps
                .horizons()
                .into_iter()
                .map(|horizon| (0..arms).map(|place| steps.follow_up(horizon, place)).collect()),
        );
        let (mut above, mut top) = (split, split + DROP / 2.0 + 6.0);
        for (at, row) in rows.iter().enumerate() {
            let tallest = row.iter().map(|it| height(it, width)).fold(0.0, f64::max);
            let kind = if at == 0 { Kind::Arm } else { Kind::Step };
            for (arm, content) in row.iter().enumerate() {
                self.down(left(arm) + width / 2.0, above, top);
                self.place((left(arm), top), width, content, (kind, tallest));
            }
            above = top + tallest;
            top = above + DROP;
        }
        above
    }

    /// Places a box, at least so tall, and gives where it ends.
    fn place(
        &mut self,
        (x, y): (f64, f64),
        width: f64,
        content: &Content,
        (kind, least): (Kind, f64),
    ) -> f64 {
        let height = height(content, width).max(least);
        let (class, fill, stroke) = match kind {
            Kind::Step => ("step", ink::PAPER, Stroke::SOFT),
            Kind::Aside => ("aside", ink::PAPER, Stroke::SOFT.dashed("5 3")),
            Kind::Arm => ("arm", ink::TINT, Stroke { colour: ink::ACCENT, width: 1.8, dash: None }),
        };
        self.boxes.rectangle(class, (x, y), (width, height), fill, Some(stroke));
        let mut baseline = y + PAD;
        for (text, it) in content {
            for line in letters::wrap(text, width - 2.0 * PAD, it.size, it.bold) {
                baseline += leading(it.size);
                self.boxes.text("box", (x + PAD, baseline - 4.0), &line, *it);
            }
        }
        y + height
    }

    fn down(&mut self, x: f64, from: f64, to: f64) {
        self.arrows.line("line", (x, from), (x, to - 7.0), Stroke::SOFT);
        self.head(&[(x, to), (x - 5.0, to - 9.0), (x + 5.0, to - 9.0)]);
    }

    fn right(&mut self, (from, y): (f64, f64), to: f64) {
        self.arrows.line("line", (from, y), (to - 7.0, y), Stroke::SOFT);
        self.head(&[(to, y), (to - 9.0, y - 5.0), (to - 9.0, y + 5.0)]);
    }

    fn head(&mut self, corners: &[(f64, f64)]) {
        let d = format!("{}Z", super::svg::path(corners));
        let attributes = [("d", d.as_str().into()), ("fill", ink::SOFT.into())];
        self.arrows.element("path", "head", &attributes);
    }
}

/// How tall a box of this width is.
fn height(content: &Content, width: f64) -> f64 {
    let lines = |(text, it): &(String, Type)| {
        letters::wrap(text, width - 2.0 * PAD, it.size, it.bold).len() as f64 * leading(it.size)
    };
    content.iter().map(lines).sum::<f64>() + 2.0 * PAD
}
