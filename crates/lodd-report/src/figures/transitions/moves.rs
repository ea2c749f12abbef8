//! The moves of one horizon, read off the table of transitions.

use crate::model::{Cell, Descriptive, DescriptiveRow, Horizon, Text, Title, Value};

/// A status; `None` where it is not known.
pub(super) type State<'t> = Option<&'t Text>;

/// More statuses than this at one time are not drawn.
const STATES_MAX: usize = 16;

/// How many of an arm went from one status to another, more than none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flow<'t> {
    pub(super) from: State<'t>,
    pub(super) to: State<'t>,
    pub(super) n: u64,
}

/// One arm.
#[derive(Clone, Debug)]
pub(super) struct Panel<'t> {
    /// Its units in the draw.
    pub(super) whole: u64,
    /// In the table's order; they sum to the whole.
    pub(super) flows: Vec<Flow<'t>>,
}

/// Every arm at one horizon.
#[derive(Clone, Debug)]
pub(super) struct Moves<'t> {
    pub(super) horizon: &'t Horizon,
    pub(super) panels: Vec<Panel<'t>>,
    /// Each status that occurs, in the order of the table; what is not known comes last.
    pub(super) order: Vec<State<'t>>,
}

/// The horizons that can be drawn: all counts may be shown and add up, someone's status is known at
/// both times, and there are no more statuses than can be read.
pub(super) fn all(table: &Descriptive) -> Vec<Moves<'_>> {
    let groups = table.columns.chunk_by(|a, b| a.group == b.group);
    let mut from = 0;
    let mut found = Vec::new();
    for group in groups {
        let places: Vec<usize> = group
            .iter()
            .zip(from..)
            .filter(|(column, _)| matches!(column.title, Title::Arm(_)))
            .map(|(_, place)| place)
            .collect();
        from += group.len();
        let Some(Title::Horizon(horizon)) = group.first().and_then(|it| it.group.as_ref()) else {
            continue;
        };
        let panels: Option<Vec<Panel<'_>>> =
            places.iter().map(|place| panel(&table.rows, *place)).collect();
        let order = order(&table.rows);
        found.extend(panels.map(|panels| Moves { horizon, panels, order }).filter(is_drawn));
    }
    found
}

fn is_drawn(moves: &Moves<'_>) -> bool {
    let mut flows = moves.panels.iter().flat_map(|it| &it.flows);
    moves.order.len() <= STATES_MAX && flows.any(|it| it.from.is_some() && it.to.is_some())
}

/// `None` where a count may not be shown, or where the parts are not the whole.
fn panel(rows: &[DescriptiveRow], place: usize) -> Option<Panel<'_>> {
    let mut flows = Vec::new();
    let mut whole = None;
    for row in rows {
        let (Title::Move(from, to), Some(cell)) = (&row.title, row.cells.get(place)) else {
            continue;
        };
        let Value::Share { part: Cell::Count(n), whole: Cell::Count(of) } = *cell else {
            return None;
        };
        if *whole.get_or_insert(of) != of {
            return None;
        }
        flows.extend((n > 0).then_some(Flow { from: from.as_ref(), to: to.as_ref(), n }));
    }
    let whole = whole?;
    (flows.iter().map(|it| it.n).sum::<u64>() == whole).then_some(Panel { whole, flows })
}

/// Every status of the table. Rows are in the order of the code list, by the first status and then
/// by the second: each run of either is a part of that order, and they are joined to one.
fn order(rows: &[DescriptiveRow]) -> Vec<State<'_>> {
    let moves: Vec<(State<'_>, State<'_>)> = rows
        .iter()
        .filter_map(|row| match &row.title {
            Title::Move(from, to) => Some((from.as_ref(), to.as_ref())),
            _ => None,
        })
        .collect();
    let mut order = Vec::new();
    let firsts = moves.iter().map(|it| it.0);
    join(&mut order, firsts);
    for run in moves.chunk_by(|a, b| a.0 == b.0) {
        join(&mut order, run.iter().map(|it| it.1));
    }
    let is_unknown = moves.iter().any(|it| it.0.is_none() || it.1.is_none());
    order.into_iter().map(Some).chain(is_unknown.then_some(None)).collect()
}

/// Puts each status of a run that is not there yet after the one before it in the run.
fn join<'t>(order: &mut Vec<&'t Text>, run: impl Iterator<Item = State<'t>>) {
    let mut next = 0;
    for state in run.flatten() {
        let there = order.iter().position(|it| *it == state);
        if there.is_none() {
            order.insert(next, state);
        }
        next = there.unwrap_or(next) + 1;
    }
}
