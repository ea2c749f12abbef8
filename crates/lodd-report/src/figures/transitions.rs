//! Moves between statuses, from the start to one horizon: an alluvial diagram of each arm, in one
//! scale, so that equal heights are equal shares of those drawn.

mod moves;

use std::fmt::Write;

use super::{
    Figure, arm_name, ink,
    letters::{self, apart, leading},
    svg::{Anchor, Drawing, SMALL, Stroke, Type, WIDTH, digits},
};
use crate::{
    ReportError,
    locale::fill,
    model::{Descriptive, Report},
    table::{Numbering, Table, capital},
    wording::Words,
};
use moves::{Flow, Moves, Panel, State};

/// The outer edges of the two columns of statuses.
const LEFT: f64 = 232.0;
const RIGHT: f64 = WIDTH - LEFT;
/// How wide a status is.
const NODE: f64 = 11.0;
/// The height of all who were drawn into an arm.
const WHOLE: f64 = 190.0;
/// Between two statuses.
const GAP: f64 = 5.0;
/// A move that is not lower has its number in it.
const NUMBERED: f64 = 13.0;
/// How many moves of each arm are told of in words.
const TOLD: usize = 3;
/// The fill of a move to another status.
const MOVED: &str = "#7ea4ba";

/// The figures of a table of transitions, one a horizon.
pub(crate) fn figures(
    words: Words,
    report: &Report,
    (it, table): (&Descriptive, &Table),
    numbers: &mut Numbering,
) -> Result<Vec<Figure>, ReportError> {
    let all = moves::all(it);
    let mut figures = Vec::new();
    for moves in &all {
        figures.push(figure(words, report, (it, table), (moves, numbers.figure()))?);
    }
    Ok(figures)
}

/// How many figures a table of transitions has.
pub(crate) fn count(it: &Descriptive) -> usize {
    moves::all(it).len()
}

fn figure(
    words: Words,
    report: &Report,
    (it, table): (&Descriptive, &Table),
    (moves, number): (&Moves<'_>, u32),
) -> Result<Figure, ReportError> {
    let title = format!("{}, {}", table.caption, words.horizon(moves.horizon));
    let description = description(words, report, moves);
    let mut meta = table.meta.clone();
    meta.push(words.t.figures.moves_note.to_owned().into());
    meta.push(fill(words.t.same_numbers, &[("n", &table.number.to_string())]).into());
    let svg = draw(words, report, (it, moves), (number, &title, &description))?;
    Ok(Figure { number, title, description, svg, table: None, meta })
}

/// For those who do not see it: the most common moves of each arm.
fn description(words: Words, report: &Report, moves: &Moves<'_>) -> String {
    let t = &words.t.figures;
    let mut sentences = vec![fill(t.moves_desc, &[("horizon", &words.horizon(moves.horizon))])];
    for (place, panel) in moves.panels.iter().enumerate() {
        let mut flows: Vec<&Flow<'_>> = panel.flows.iter().collect();
        flows.sort_by_key(|it| std::cmp::Reverse(it.n));
        let told: Vec<String> = flows
            .into_iter()
            .take(TOLD)
            .map(|it| {
                let (from, to) = (name(words, it.from), name(words, it.to));
                let moved = fill(words.t.descriptive.moved, &[("from", from), ("to", to)]);
                let (n, whole) = (words.f.count(it.n), words.f.count(panel.whole));
                fill(t.moves_most, &[("move", &moved), ("n", &n), ("whole", &whole)])
            })
            .collect();
        if !told.is_empty() {
            sentences.push(format!("{}: {}.", arm_name(words, report, place), told.join("; ")));
        }
    }
    sentences.join(" ")
}

fn name(words: Words, state: State<'_>) -> &str {
    state.map_or(words.t.descriptive.not_known, |it| it.get(words.lang))
}

fn draw(
    words: Words,
    report: &Report,
    (it, moves): (&Descriptive, &Moves<'_>),
    (number, title, description): (u32, &str, &str),
) -> Result<String, ReportError> {
    let mut drawing = Drawing::default();
    let mut y = legend(words, &mut drawing, moves);
    let times = [capital(words.t.at_start), capital(&words.horizon(moves.horizon))];
    for (place, panel) in moves.panels.iter().enumerate() {
        let units = words.units(it.unit, panel.whole);
        let head = format!("{}: {units}", arm_name(words, report, place));
        let lines = letters::wrap(&head, WIDTH, Type::STRONG.size, true);
        y = drawing.lines("group", (0.0, y + 24.0), &lines, Type::STRONG) + 2.0;
        if panel.flows.is_empty() {
            drawing.text("sign", (LEFT, y), "..", Type::PLAIN);
            y += 8.0;
            continue;
        }
        let [before, after] = &times;
        drawing.text("time", (LEFT + NODE, y), before, Type::SMALL.at(Anchor::End));
        drawing.text("time", (RIGHT - NODE, y), after, Type::SMALL);
        y = diagram(words, &mut drawing, (panel, &moves.order), y + 10.0) + 4.0;
    }
    drawing.finish(number, y + 4.0, (title, description))
}

/// A status at one of the two times.
struct Node<'t> {
    state: State<'t>,
    n: u64,
    top: f64,
    height: f64,
}

/// One arm from `top` down; gives where it ends.
fn diagram(
    words: Words,
    drawing: &mut Drawing,
    (panel, order): (&Panel<'_>, &[State<'_>]),
    top: f64,
) -> f64 {
    let starts = nodes((panel, order), |it| it.from);
    let ends = nodes((panel, order), |it| it.to);
    let labels = |nodes: &[Node<'_>]| -> Vec<Vec<String>> {
        nodes.iter().map(|it| label(words, it, panel.whole)).collect()
    };
    let (left, right) = (labels(&starts), labels(&ends));
    let tall = [(&starts, &left), (&ends, &right)].map(|(nodes, labels)| {
        let letters: f64 = labels.iter().map(|it| height(it)).sum();
        extent(nodes).max(letters)
    });
    let tall = tall.into_iter().fold(0.0, f64::max);
    let (mut starts, mut ends) = (starts, ends);
    for nodes in [&mut starts, &mut ends] {
        let above = top + (tall - extent(nodes)) / 2.0;
        for node in nodes {
            node.top += above;
        }
    }
    flows(words, drawing, panel, (&starts, &ends));
    for (nodes, labels, x, side) in
        [(&starts, &left, LEFT, Anchor::End), (&ends, &right, RIGHT - NODE, Anchor::Start)]
    {
        for node in nodes {
            let dashed = node.state.is_none();
            let fill = if dashed { ink::PAPER } else { ink::ACCENT };
            let stroke = Stroke { colour: ink::ACCENT, width: 1.0, dash: dashed.then_some("3 2") };
            let class = if side == Anchor::End { "from" } else { "to" };
            drawing.rectangle(class, (x, node.top), (NODE, node.height), fill, Some(stroke));
        }
        beside(drawing, (nodes, labels), (x, side), (top, top + tall));
    }
    top + tall
}

/// Each status with its units, from 0 down.
fn nodes<'t>(
    (panel, order): (&Panel<'t>, &[State<'t>]),
    of: impl Fn(&Flow<'t>) -> State<'t>,
) -> Vec<Node<'t>> {
    let mut top = 0.0;
    let mut nodes = Vec::new();
    for state in order {
        let n: u64 = panel.flows.iter().filter(|it| of(it) == *state).map(|it| it.n).sum();
        if n > 0 {
            let height = share(n, panel.whole) * WHOLE;
            nodes.push(Node { state: *state, n, top, height });
            top += height + GAP;
        }
    }
    nodes
}

fn share(n: u64, whole: u64) -> f64 {
    n as f64 / whole.max(1) as f64
}

fn extent(nodes: &[Node<'_>]) -> f64 {
    nodes.last().map_or(0.0, |it| it.top + it.height) - nodes.first().map_or(0.0, |it| it.top)
}

fn label(words: Words, node: &Node<'_>, whole: u64) -> Vec<String> {
    let values = [
        ("state", &*capital(name(words, node.state))),
        ("n", &*words.f.count(node.n)),
        ("share", &*words.f.percent(share(node.n, whole))),
    ];
    letters::wrap(&fill(words.t.figures.moves_node, &values), LEFT - 14.0, SMALL, false)
}

fn height(lines: &[String]) -> f64 {
    lines.len() as f64 * leading(SMALL) + 3.0
}

/// The names of the statuses of one side, each led to where it stands.
fn beside(
    drawing: &mut Drawing,
    (nodes, labels): (&[Node<'_>], &[Vec<String>]),
    (x, side): (f64, Anchor),
    (top, bottom): (f64, f64),
) {
    let middle = |it: &Node<'_>| it.top + it.height / 2.0;
    let wanted: Vec<(f64, f64)> =
        nodes.iter().zip(labels).map(|(node, lines)| (middle(node), height(lines))).collect();
    let middles = apart(&wanted, (top, bottom));
    let (edge, text) =
        if side == Anchor::End { (x, x - 12.0) } else { (x + NODE, x + NODE + 12.0) };
    let toward = if side == Anchor::End { -1.0 } else { 1.0 };
    for ((node, lines), at) in nodes.iter().zip(labels).zip(middles) {
        let (from, to) = ((edge + toward * 2.0, middle(node)), (edge + toward * 10.0, at));
        drawing.line("leader", from, to, Stroke { width: 0.8, ..Stroke::SOFT });
        let first = at - (lines.len() as f64 - 1.0) * leading(SMALL) / 2.0 + 4.5;
        let it = Type { fill: ink::INK, ..Type::SMALL };
        drawing.lines("state", (text, first), lines, it.at(side));
    }
}

/// The moves between two columns of statuses, those to another status on top.
fn flows(
    words: Words,
    drawing: &mut Drawing,
    panel: &Panel<'_>,
    (starts, ends): (&[Node<'_>], &[Node<'_>]),
) {
    let mut left: Vec<f64> = starts.iter().map(|it| it.top).collect();
    let mut right: Vec<f64> = ends.iter().map(|it| it.top).collect();
    let mut numbers = Drawing::default();
    let mut layers = [const { Vec::new() }; 3];
    for (a, start) in starts.iter().enumerate() {
        for (b, end) in ends.iter().enumerate() {
            let is = |it: &&Flow<'_>| it.from == start.state && it.to == end.state;
            let (Some(flow), Some(from), Some(to)) =
                (panel.flows.iter().find(is), left.get_mut(a), right.get_mut(b))
            else {
                continue;
            };
            let tall = share(flow.n, panel.whole) * WHOLE;
            let d = ribbon((LEFT + NODE, *from), (RIGHT - NODE, *to), tall);
            if tall >= NUMBERED {
                let at = (LEFT + NODE + 7.0, *from + tall / 2.0 + 4.5);
                let it = Type { fill: ink::INK, ..Type::SMALL };
                numbers.text("n", at, &words.f.count(flow.n), it);
            }
            let kind = Kind::of(flow);
            if let Some(layer) = layers.get_mut(kind as usize) {
                layer.push((kind, d));
            }
            *from += tall;
            *to += tall;
        }
    }
    for (kind, d) in layers.into_iter().flatten() {
        kind.element(drawing, "path", &[("d", d.as_str().into())]);
    }
    drawing.join(&numbers);
}

/// A band of one height between two places.
fn ribbon((x0, y0): (f64, f64), (x1, y1): (f64, f64), tall: f64) -> String {
    let middle = digits(x0.midpoint(x1));
    let (from, to) = (digits(x0), digits(x1));
    let [top, end, below, bottom] = [y0, y1, y1 + tall, y0 + tall].map(digits);
    let mut d = String::new();
    let _ = write!(
        d,
        "M{from} {top}C{middle} {top} {middle} {end} {to} {end}\
         L{to} {below}C{middle} {below} {middle} {bottom} {from} {bottom}Z"
    );
    d
}

/// How moves are told apart: by their edges and by how dark they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Unknown,
    Same,
    Moved,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Same, Self::Moved, Self::Unknown];

    fn of(flow: &Flow<'_>) -> Self {
        match (flow.from, flow.to) {
            (None, _) | (_, None) => Self::Unknown,
            (from, to) if from == to => Self::Same,
            _ => Self::Moved,
        }
    }

    fn element(self, drawing: &mut Drawing, name: &str, places: &[(&str, super::svg::Value<'_>)]) {
        let (class, fill) = match self {
            Self::Unknown => ("unknown", ink::PAPER),
            Self::Same => ("same", ink::TINT),
            Self::Moved => ("moved", MOVED),
        };
        let mut all = places.to_vec();
        all.extend([("fill", fill.into()), ("fill-opacity", 0.75.into())]);
        let dash = (self == Self::Unknown).then_some("3 2");
        all.extend(Stroke { colour: ink::ACCENT, width: 0.8, dash }.attributes());
        drawing.element(name, class, &all);
    }
}

/// What the looks of those moves mean that occur; gives where it ends.
fn legend(words: Words, drawing: &mut Drawing, moves: &Moves<'_>) -> f64 {
    let t = &words.t.figures;
    let all = moves.panels.iter().flat_map(|it| &it.flows).map(Kind::of);
    let (mut x, mut y) = (1.0, 2.0);
    for kind in Kind::ALL.into_iter().filter(|kind| all.clone().any(|it| it == *kind)) {
        let text = match kind {
            Kind::Same => t.moves_same,
            Kind::Moved => t.moves_other,
            Kind::Unknown => t.moves_unknown,
        };
        let wide = letters::width(text, SMALL, false);
        if x > 1.0 && x + 32.0 + wide > WIDTH {
            (x, y) = (1.0, y + 22.0);
        }
        let size = [("width", 24.0.into()), ("height", 15.0.into())];
        let at = [("x", x.into()), ("y", y.into())];
        kind.element(drawing, "rect", &[at, size].concat());
        drawing.text("legend", (x + 32.0, y + 12.0), text, Type::SMALL);
        x += 32.0 + wide + 18.0;
    }
    y + 18.0
}
