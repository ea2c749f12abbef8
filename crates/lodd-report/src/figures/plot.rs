//! What plots of lines share: the frame with its ticks, lines with gaps, ribbons, labels at the
//! lines' ends.

use super::{
    ink::Style,
    letters::{self, apart},
    scale::Scale,
    svg::{Anchor, Drawing, SMALL, Stroke, Type, WIDTH, path},
};

/// A place, or where there is none a gap.
type Place = Option<(f64, f64)>;

/// The frame of a plot: its two axes, `across` from left to right, `up` from the bottom.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) across: Scale,
    pub(crate) up: Scale,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

impl Frame {
    /// Grid lines with the labels of the axis that goes up, and what it measures above it.
    pub(crate) fn upright(
        &self,
        drawing: &mut Drawing,
        title: &str,
        label: impl Fn(f64) -> String,
    ) {
        drawing.text("axis-title", (0.0, 14.0), title, Type::SMALL);
        for value in self.up.ticks() {
            let y = self.up.at(value);
            drawing.line("grid", (self.left, y), (self.right, y), Stroke::GRID);
            let it = Type::SMALL.at(Anchor::End);
            drawing.text("tick-up", (self.left - 8.0, y + 4.5), &label(value), it);
        }
    }

    /// The axis that goes across, with ticks and title; gives where it ends.
    pub(crate) fn across(
        &self,
        drawing: &mut Drawing,
        title: &str,
        ticks: &[(f64, String)],
    ) -> f64 {
        let middle = Type::SMALL.at(Anchor::Middle);
        drawing.line("axis", (self.left, self.bottom), (self.right, self.bottom), Stroke::AXIS);
        for (x, label) in ticks {
            drawing.line("tick", (*x, self.bottom), (*x, self.bottom + 5.0), Stroke::AXIS);
            drawing.text("tick-across", (*x, self.bottom + 20.0), label, middle);
        }
        let place = (self.left.midpoint(self.right), self.bottom + 42.0);
        drawing.text("axis-title", place, title, middle);
        self.bottom + 50.0
    }
}

/// A line through the places, broken at gaps; a place between two gaps is a short stroke.
pub(crate) fn curve(drawing: &mut Drawing, class: &str, places: &[Place], stroke: Stroke) {
    let d: String = runs(places).iter().map(|run| path(run)).collect();
    if !d.is_empty() {
        drawing.stroked(class, &d, stroke);
    }
}

/// An area between the places of a lower and an upper line, broken at gaps, with thin edges.
pub(crate) fn ribbon(
    drawing: &mut Drawing,
    class: &str,
    (low, high): (&[Place], &[Place]),
    style: Style,
) {
    let mut d = String::new();
    for (low, high) in runs(low).iter().zip(runs(high)) {
        let around: Vec<(f64, f64)> = low.iter().copied().chain(high.into_iter().rev()).collect();
        d.push_str(&path(&around));
        d.push('Z');
    }
    if d.is_empty() {
        return;
    }
    drawing.element(
        "path",
        class,
        &[("d", d.as_str().into()), ("fill", style.colour.into()), ("fill-opacity", 0.13.into())],
    );
    for edge in [low, high] {
        curve(drawing, "edge", edge, style.stroke(0.8));
    }
}

/// The places between gaps.
fn runs(places: &[Place]) -> Vec<Vec<(f64, f64)>> {
    let runs = places.split(Option::is_none);
    runs.map(|run| run.iter().flatten().copied().collect::<Vec<_>>())
        .filter(|run: &Vec<(f64, f64)>| !run.is_empty())
        .collect()
}

/// A label at the end of a line.
#[derive(Debug)]
pub(crate) struct EndLabel {
    /// Where the line ends.
    pub(crate) end: (f64, f64),
    pub(crate) text: String,
    pub(crate) style: Style,
}

/// Labels right of the plot, each beside its line's end or led to it; none on another.
pub(crate) fn end_labels(drawing: &mut Drawing, frame: &Frame, mut labels: Vec<EndLabel>) {
    labels.sort_by(|a, b| a.end.1.total_cmp(&b.end.1));
    let room = WIDTH - frame.right - 50.0;
    let lines: Vec<Vec<String>> =
        labels.iter().map(|it| letters::wrap(&it.text, room, SMALL, false)).collect();
    let leading = letters::leading(SMALL);
    let wanted: Vec<(f64, f64)> = labels
        .iter()
        .zip(&lines)
        .map(|(label, lines)| (label.end.1, lines.len() as f64 * leading + 3.0))
        .collect();
    let middles = apart(&wanted, (frame.top - 12.0, frame.bottom + 8.0));
    for ((label, lines), middle) in labels.iter().zip(&lines).zip(middles) {
        let from = (label.end.0 + 5.0, label.end.1);
        let key = |dx: f64| (frame.right + dx, middle);
        drawing.line("leader", from, key(17.0), Stroke { width: 0.8, ..Stroke::SOFT });
        drawing.line("key-line", key(17.0), key(43.0), label.style.stroke(2.2));
        drawing.mark("key", key(30.0), label.style.mark(4.2));
        let first = middle - (lines.len() as f64 - 1.0) * leading / 2.0 + 4.5;
        let it = Type { fill: super::ink::INK, ..Type::SMALL };
        drawing.lines("end-label", (frame.right + 48.0, first), lines, it);
    }
}
