//! State distributions over time: at each horizon one bar an arm, the control beside the others.

use super::{
    Figure, arm_name,
    ink::{self, Fill, STATES_MAX},
    letters,
    scale::Scale,
    svg::{Anchor, Drawing, SIZE, SMALL, Stroke, Type, WIDTH},
};
use crate::{
    ReportError,
    locale::fill,
    model::{Cell, Report, StatusColumn, StatusTable, Text},
    table::{Table, capital},
    wording::Words,
};

const LEFT: f64 = 190.0;
const RIGHT: f64 = WIDTH - 112.0;
const BAR: f64 = 21.0;

/// The figure of statuses that stand in a table; see [`is_drawn`].
pub(crate) fn figure(
    words: Words,
    report: &Report,
    status: &StatusTable,
    (number, table): (u32, &Table),
) -> Result<Figure, ReportError> {
    let outcome = status.label.get(words.lang);
    let values = [("outcome", &*capital(outcome)), ("units", words.unit(status.unit))];
    let title = fill(words.t.figures.states_title, &values);
    let description = description(words, report, status);
    let mut meta = table.meta.clone();
    meta.push(words.t.figures.states_note.to_owned().into());
    meta.push(fill(words.t.same_numbers, &[("n", &table.number.to_string())]).into());
    let svg = draw(words, report, status, (number, &title, &description))?;
    Ok(Figure { number, title, description, svg, table: None, meta })
}

/// Whether there is a bar to draw, and no more statuses than can be told apart.
pub(crate) fn is_drawn(status: &StatusTable) -> bool {
    let mut columns = status.horizons.iter().flat_map(|it| &it.columns);
    (2..=STATES_MAX).contains(&status.categories.len())
        && columns.any(|column| shares(column).is_some())
}

/// The share of each status among those observed; `None` where a count is hidden or none is.
fn shares(column: &StatusColumn) -> Option<Vec<f64>> {
    let observed = column.observed.count().filter(|n| *n > 0)?;
    let share = |cell: &Cell| cell.count().map(|n| n as f64 / observed as f64);
    column.counts.iter().map(share).collect()
}

/// For those who do not see it: at each horizon the most common status of each arm.
fn description(words: Words, report: &Report, status: &StatusTable) -> String {
    let values = [("outcome", status.label.get(words.lang)), ("units", words.unit(status.unit))];
    let mut sentences = vec![fill(words.t.figures.states_desc, &values)];
    for horizon in &status.horizons {
        let parts: Vec<String> = horizon
            .columns
            .iter()
            .enumerate()
            .filter_map(|(place, column)| {
                let all = shares(column)?;
                let (at, share) =
                    all.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))?;
                let values = [
                    ("arm", &*arm_name(words, report, place)),
                    ("state", status.categories.get(at)?.get(words.lang)),
                    ("share", &*words.f.percent(*share)),
                ];
                Some(fill(words.t.figures.states_most, &values))
            })
            .collect();
        if !parts.is_empty() {
            let when = capital(&words.horizon(&horizon.horizon));
            sentences.push(format!("{when}: {}.", words.list(&parts)));
        }
    }
    sentences.join(" ")
}

fn draw(
    words: Words,
    report: &Report,
    status: &StatusTable,
    (number, title, description): (u32, &str, &str),
) -> Result<String, ReportError> {
    let mut drawing = Drawing::default();
    let count = status.categories.len();
    let fills: Vec<Fill> = (0..count).map(|place| ink::state(place, count)).collect();
    let mut y = legend(words, &mut drawing, (&status.categories, &fills), 0.0) + 10.0;
    let across = Scale::stepped((0.0, 1.0), 0.2, (LEFT, RIGHT));
    let top = y;
    let mut body = Drawing::default();
    for horizon in &status.horizons {
        y += 18.0;
        let when = capital(&words.horizon(&horizon.horizon));
        body.text("group", (0.0, y), &when, Type::STRONG);
        y += 8.0;
        for (place, column) in horizon.columns.iter().enumerate() {
            let name = letters::wrap(&arm_name(words, report, place), LEFT - 14.0, SMALL, false);
            let tall = (name.len() as f64 * letters::leading(SMALL)).max(BAR + 3.0);
            let first = y + tall / 2.0 - (name.len() as f64 - 1.0) * letters::leading(SMALL) / 2.0;
            let ink = Type { fill: ink::INK, ..Type::SMALL };
            body.lines("bar-label", (0.0, first + 4.5), &name, ink);
            bar(words, &mut body, (column, &fills), (&across, y + (tall - BAR) / 2.0));
            y += tall + 3.0;
        }
        y += 8.0;
    }
    for value in across.ticks() {
        let x = across.at(value);
        drawing.line("grid", (x, top + 6.0), (x, y), Stroke::GRID);
        let label = across.label(value, 100.0, words.f);
        drawing.text("tick-across", (x, y + 16.0), &label, Type::SMALL.at(Anchor::Middle));
    }
    let middle = (LEFT.midpoint(RIGHT), y + 36.0);
    drawing.text(
        "axis-title",
        middle,
        words.t.figures.axis_of_observed,
        Type::SMALL.at(Anchor::Middle),
    );
    drawing.join(&body);
    drawing.finish(number, y + 44.0, (title, description))
}

/// One bar from `y` down: its statuses, their shares in whole percent, and how many it is of.
fn bar(
    words: Words,
    drawing: &mut Drawing,
    (column, fills): (&StatusColumn, &[Fill]),
    (across, y): (&Scale, f64),
) {
    let n = words.f.cell(column.observed);
    let of = fill(words.t.n_of, &[("n", &n), ("drawn", &words.f.cell(column.drawn))]);
    drawing.text("bar-n", (RIGHT + 10.0, y + BAR / 2.0 + 4.5), &of, Type::SMALL);
    let Some(shares) = shares(column) else {
        let hidden = column.counts.iter().chain([&column.observed]);
        let hidden = hidden.copied().any(|it| it == Cell::Suppressed);
        let sign = words.f.cell(if hidden { Cell::Suppressed } else { Cell::Missing });
        drawing.text("sign", (LEFT + 8.0, y + BAR / 2.0 + 4.5), &sign, Type::PLAIN);
        return;
    };
    let mut from = 0.0;
    for (share, fill) in shares.iter().zip(fills) {
        let (x, end) = (across.at(from), across.at(from + share));
        from += share;
        if *share > 0.0 {
            drawing.hatched("share", (x, y), (end - x, BAR), fill);
        }
    }
    let mut from = 0.0;
    for share in &shares {
        let (x, end) = (across.at(from), across.at(from + share));
        from += share;
        let label = words.f.decimal(share * 100.0, 0);
        let width = letters::width(&label, SMALL, false) + 6.0;
        if end - x > width + 4.0 {
            let middle = x.midpoint(end);
            let corner = (middle - width / 2.0, y + 2.5);
            drawing.rectangle("pill", corner, (width, BAR - 5.0), ink::PAPER, None);
            let it = Type { fill: ink::INK, ..Type::SMALL }.at(Anchor::Middle);
            drawing.text("share-label", (middle, y + BAR / 2.0 + 4.5), &label, it);
        }
    }
}

/// A key for each status, in as many lines as they need; gives where they end.
pub(super) fn legend(
    words: Words,
    drawing: &mut Drawing,
    (states, fills): (&[Text], &[Fill]),
    top: f64,
) -> f64 {
    let (mut x, mut y) = (0.0, top + 2.0);
    for (state, fill) in states.iter().zip(fills) {
        let room = WIDTH - 40.0;
        let name = letters::wrap(&capital(state.get(words.lang)), room, SIZE, false);
        let wide = name.iter().map(|it| letters::width(it, SIZE, false)).fold(0.0, f64::max);
        if x > 0.0 && x + 32.0 + wide > WIDTH {
            x = 0.0;
            y += 24.0;
        }
        drawing.hatched("key", (x + 1.0, y), (24.0, 15.0), fill);
        let end = drawing.lines("legend", (x + 32.0, y + 12.5), &name, Type::PLAIN);
        x += 32.0 + wide + 18.0;
        if name.len() > 1 {
            y = end - 19.0;
        }
    }
    y + 22.0
}
