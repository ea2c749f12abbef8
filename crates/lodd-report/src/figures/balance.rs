//! Standardised differences between two arms, one line a fact: among all drawn, and beside them
//! among those who are analysed. What is called a love plot.

use super::{
    Figure, arm_name,
    ink::{self, Shape},
    letters::{self, leading},
    scale::Scale,
    svg::{Anchor, Drawing, Mark, SMALL, Stroke, Type, WIDTH},
};
use crate::{
    ReportError,
    locale::fill,
    model::{Descriptive, Number, Report, Term, Title, Value},
    table::{Numbering, Table},
    wording::Words,
};

/// The plot stands between the names and the numbers.
const LEFT: f64 = 262.0;
const RIGHT: f64 = 562.0;
/// Where the numbers of all drawn and of the analysed end.
const NUMBERS: [f64; 2] = [WIDTH - 96.0, WIDTH - 4.0];
/// The lines between which a difference is small, by custom.
const SMALL_DIFFERENCE: f64 = 0.1;
/// How far a line's two marks stand above and below its middle.
const OFF: f64 = 5.0;

/// The two tables of one draw, as they are read and as they are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'t> {
    pub(crate) drawn: (&'t Descriptive, &'t Table),
    pub(crate) analysed: Option<(&'t Descriptive, &'t Table)>,
}

/// What a table says of one fact.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Seen {
    Known(f64),
    Missing,
    Hidden,
}

/// One fact: its row in the table of all drawn, and both differences.
struct Line {
    row: usize,
    drawn: Seen,
    analysed: Option<Seen>,
}

/// The figures of one draw, one an arm that is compared with the control.
pub(crate) fn figures(
    words: Words,
    report: &Report,
    pair: Pair<'_>,
    numbers: &mut Numbering,
) -> Result<Vec<Figure>, ReportError> {
    let analysed = pair.analysed.map(|it| it.0);
    if count(pair.drawn.0, analysed) == 0 {
        return Ok(Vec::new());
    }
    let arms = 0..contrasts(pair.drawn.0).len();
    arms.map(|arm| figure(words, report, pair, (arm, numbers.figure()))).collect()
}

/// How many figures the tables of one draw have: none where a difference may not be shown, or none
/// is known.
pub(crate) fn count(drawn: &Descriptive, analysed: Option<&Descriptive>) -> usize {
    let arms = contrasts(drawn).len();
    let lines: Vec<Line> = (0..arms).flat_map(|arm| lines(drawn, analysed, arm)).collect();
    let seen = || lines.iter().flat_map(|it| [Some(it.drawn), it.analysed]).flatten();
    let hidden = seen().any(|it| it == Seen::Hidden);
    let known = lines.iter().any(|it| matches!(it.drawn, Seen::Known(_)));
    if known && !hidden { arms } else { 0 }
}

/// The columns of differences, in the order of the arms.
fn contrasts(table: &Descriptive) -> Vec<usize> {
    let columns = table.columns.iter().enumerate();
    let is = |title: &Title| {
        matches!(title, Title::Term(Term::StdDifference) | Title::Versus(Term::StdDifference, _))
    };
    columns.filter(|(_, it)| is(&it.title)).map(|(place, _)| place).collect()
}

/// The differences of an arm, by row.
fn seen(table: &Descriptive, arm: usize) -> Vec<(usize, Seen)> {
    let Some(place) = contrasts(table).get(arm).copied() else { return Vec::new() };
    let cells =
        table.rows.iter().enumerate().filter_map(|(row, it)| Some((row, it.cells.get(place)?)));
    cells
        .filter_map(|(row, cell)| match cell {
            Value::Empty => None,
            Value::Decimal(Number::Known(x)) => Some((row, Seen::Known(*x))),
            Value::Decimal(Number::Missing | Number::Impossible) => Some((row, Seen::Missing)),
            _ => Some((row, Seen::Hidden)),
        })
        .collect()
}

fn lines(drawn: &Descriptive, analysed: Option<&Descriptive>, arm: usize) -> Vec<Line> {
    let others = analysed.map(|it| (it, seen(it, arm)));
    let line = |(row, drawn_seen): (usize, Seen)| {
        let title = drawn.rows.get(row).map(|it| &it.title);
        let same = others.as_ref().and_then(|(table, seen)| {
            let is = |at: usize| table.rows.get(at).map(|it| &it.title) == title;
            seen.iter().find(|(at, _)| is(*at)).map(|(_, it)| *it)
        });
        Line { row, drawn: drawn_seen, analysed: same }
    };
    seen(drawn, arm).into_iter().map(line).collect()
}

fn figure(
    words: Words,
    report: &Report,
    pair: Pair<'_>,
    (arm, number): (usize, u32),
) -> Result<Figure, ReportError> {
    let t = &words.t.figures;
    let (drawn, table) = pair.drawn;
    let control = report.arms.len().saturating_sub(1);
    let values = [
        ("arm", &*arm_name(words, report, arm)),
        ("control", &*arm_name(words, report, control)),
        ("n", &*drawn.draw.map(|n| n.to_string()).unwrap_or_default()),
    ];
    let title = fill(t.balance_title, &values);
    let lines = lines(drawn, pair.analysed.map(|it| it.0), arm);
    let description = description(words, (table, &lines));
    let mut meta = table.meta.clone();
    meta.push(t.balance_note.to_owned().into());
    let one = table.number.to_string();
    let same = match pair.analysed {
        Some((_, other)) => {
            fill(t.same_numbers_two, &[("a", &one), ("b", &other.number.to_string())])
        }
        None => fill(words.t.same_numbers, &[("n", &one)]),
    };
    meta.push(same.into());
    let svg = draw(words, (table, &lines), (number, &title, &description))?;
    Ok(Figure { number, title, description, svg, table: None, meta })
}

/// For those who do not see it: how many differences are outside the lines, and the largest.
fn description(words: Words, (table, lines): (&Table, &[Line])) -> String {
    let t = &words.t.figures;
    let known: Vec<(usize, f64)> = lines
        .iter()
        .filter_map(|it| match it.drawn {
            Seen::Known(x) => Some((it.row, x)),
            Seen::Missing | Seen::Hidden => None,
        })
        .collect();
    let outside = known.iter().filter(|it| it.1.abs() > SMALL_DIFFERENCE).count();
    let largest = known.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()).then(b.0.cmp(&a.0)));
    let Some((row, x)) = largest else { return t.balance_desc.to_owned() };
    let name = table.rows.get(*row).map_or("", |it| it.head.as_str());
    let values = [
        ("outside", &*outside.to_string()),
        ("all", &*known.len().to_string()),
        ("fact", name),
        ("x", &*words.f.decimal(*x, 2)),
    ];
    format!("{} {}", t.balance_desc, fill(t.balance_most, &values))
}

fn draw(
    words: Words,
    (table, lines): (&Table, &[Line]),
    (number, title, description): (u32, &str, &str),
) -> Result<String, ReportError> {
    let has_analysed = lines.iter().any(|it| it.analysed.is_some());
    let values = lines.iter().flat_map(|it| [Some(it.drawn), it.analysed]).flatten();
    let values = values.filter_map(|it| match it {
        Seen::Known(x) => Some(x),
        Seen::Missing | Seen::Hidden => None,
    });
    let ends = [-SMALL_DIFFERENCE, SMALL_DIFFERENCE];
    let scale = Scale::covering(values.chain(ends), 6, (LEFT, RIGHT));
    let mut drawing = Drawing::default();
    let top = heading(words, &mut drawing, has_analysed);
    let mut rows = Drawing::default();
    let mut y = top;
    for line in lines {
        let name = table.rows.get(line.row).map_or("", |it| it.head.as_str());
        y = row(words, &mut rows, (line, name, &scale), y);
    }
    axis(words, &mut drawing, (&scale, top), y);
    drawing.join(&rows);
    let height = legend(words, &mut drawing, (has_analysed, y + 46.0));
    drawing.finish(number, height, (title, description))
}

/// What the numbers are of; gives where it ends.
fn heading(words: Words, drawing: &mut Drawing, has_analysed: bool) -> f64 {
    let t = &words.t.figures;
    let middle = Type::SMALL.at(Anchor::End);
    let mut bottom: f64 = 0.0;
    let columns = [t.col_drawn, t.col_analysed];
    for (text, x) in columns.into_iter().zip(NUMBERS).take(1 + usize::from(has_analysed)) {
        let lines = letters::wrap(text, 88.0, SMALL, false);
        bottom = bottom.max(drawing.lines("heading", (x, 14.0), &lines, middle));
    }
    bottom + 4.0
}

/// Grid, ticks, zero, the lines of small differences and title; `bottom` is where the rows end.
fn axis(words: Words, drawing: &mut Drawing, (scale, top): (&Scale, f64), bottom: f64) {
    let middle = Type::SMALL.at(Anchor::Middle);
    for value in scale.ticks() {
        let x = scale.at(value);
        drawing.line("grid", (x, top), (x, bottom), Stroke::GRID);
        let label = scale.label(value, 1.0, words.f);
        drawing.text("tick-across", (x, bottom + 18.0), &label, middle);
    }
    drawing.line("axis", (LEFT, bottom), (RIGHT, bottom), Stroke::AXIS);
    drawing.line("zero", (scale.at(0.0), top), (scale.at(0.0), bottom), Stroke::AXIS);
    for value in [-SMALL_DIFFERENCE, SMALL_DIFFERENCE] {
        let x = scale.at(value);
        drawing.line("guide", (x, top), (x, bottom), Stroke::SOFT.dashed("5 4"));
    }
    let label = format!("±{}", words.f.trimmed(SMALL_DIFFERENCE));
    drawing.text("guide-label", (scale.at(0.0), top - 6.0), &label, middle);
    let place = (LEFT.midpoint(RIGHT), bottom + 38.0);
    drawing.text("axis-title", place, words.t.figures.axis_balance, middle);
}

/// The mark of all drawn, and that of the analysed.
fn mark(is_drawn: bool, radius: f64) -> Mark {
    let (shape, colour) =
        if is_drawn { (Shape::Square, ink::ACCENT) } else { (Shape::Circle, "#b35900") };
    Mark { shape, colour, filled: is_drawn, radius }
}

/// One fact from `y` down; gives where it ends.
fn row(
    words: Words,
    drawing: &mut Drawing,
    (line, name, scale): (&Line, &str, &Scale),
    y: f64,
) -> f64 {
    let name = letters::wrap(name, LEFT - 16.0, SMALL, false);
    let tall = (name.len() as f64 * leading(SMALL) + 7.0).max(27.0);
    let middle = y + tall / 2.0;
    let first = middle - (name.len() as f64 - 1.0) * leading(SMALL) / 2.0 + 4.5;
    let it = Type { fill: ink::INK, ..Type::SMALL };
    drawing.lines("row-label", (0.0, first), &name, it);
    let off = if line.analysed.is_some() { OFF } else { 0.0 };
    let both = [(Some(line.drawn), -off, true), (line.analysed, off, false)];
    for ((seen, off, is_drawn), x) in both.into_iter().zip(NUMBERS) {
        let text = match seen {
            None => continue,
            Some(Seen::Known(value)) => {
                let class = if is_drawn { "drawn" } else { "analysed" };
                drawing.mark(class, (scale.at(value), middle + off), mark(is_drawn, 4.6));
                words.f.decimal(value, 2)
            }
            Some(Seen::Missing | Seen::Hidden) => "..".to_owned(),
        };
        drawing.text("numbers", (x, middle + 4.5), &text, it.at(Anchor::End));
    }
    y + tall
}

/// What the marks and lines mean; gives where it ends.
fn legend(words: Words, drawing: &mut Drawing, (has_analysed, top): (bool, f64)) -> f64 {
    let t = &words.t.figures;
    let mut y = top;
    let marks = [(true, t.balance_drawn), (false, t.balance_analysed)];
    for (is_drawn, text) in marks.into_iter().take(1 + usize::from(has_analysed)) {
        y += 21.0;
        drawing.mark("key", (15.0, y - 4.5), mark(is_drawn, 5.0));
        drawing.text("legend", (36.0, y), text, Type::SMALL);
    }
    y += 21.0;
    drawing.line("key", (3.0, y - 4.5), (27.0, y - 4.5), Stroke::SOFT.dashed("5 4"));
    let text = letters::wrap(t.balance_guide, WIDTH - 40.0, SMALL, false);
    drawing.lines("legend", (36.0, y), &text, Type::SMALL) - leading(SMALL) + 10.0
}
