//! The columns that a pilot's plan may name: what was known before the draw, and outcomes at the
//! draw itself.

use lodd_estimate::{Role, Seats};
use lodd_panel::{outcomes::ValueKind, screening::ColumnKind};
use lodd_store::{Column, Kind, Values};

use super::{Analysis, Method, Weights};
use crate::{
    frame::Frame,
    protocol::Protocol,
    reader::{Node, did_you_mean, nearest},
    text::{Text, say},
};

/// The horizon that was before anything was drawn.
pub(crate) const BASELINE: &str = "0";

/// Columns of every pilot, besides those of its screening.
pub(crate) const OF_EVERY_PILOT: [&str; 5] = ["block", "office", "family", "children", "adults"];

/// Columns of what came after the draw: only what is received can be one of them.
const AFTER: [&str; 2] = ["offered", "took"];

/// A column by an SQL expression over the others.
#[derive(Clone, Debug)]
pub(crate) struct Derived {
    pub(crate) name: String,
    pub(crate) sql: String,
}

/// `[[derive]]`, in order.
pub(super) fn derived(root: &Node<'_>) -> Vec<Derived> {
    let read = |node: &Node<'_>| {
        let derived = Derived { name: node.text("name"), sql: node.text("sql") };
        node.finish();
        derived
    };
    root.tables("derive").iter().map(read).collect()
}

/// What a plan's columns are looked up in.
pub(super) struct Known<'k> {
    pub(super) protocol: &'k Protocol,
    pub(super) derived: &'k [Derived],
}

/// An outcome and a horizon in one name: `F_ARBEID_NOEN@0`; `@0` is the analysis's own outcome.
pub(crate) fn at_horizon(name: &str) -> Option<(&str, &str)> {
    name.split_once('@')
}

impl Known<'_> {
    fn names(&self) -> Vec<String> {
        let screened = self.protocol.screening.columns.iter().map(|it| it.name.clone());
        let derived = self.derived.iter().map(|it| it.name.clone());
        OF_EVERY_PILOT.iter().map(|it| (*it).to_owned()).chain(screened).chain(derived).collect()
    }

    /// Whether a column was known before the draw.
    fn before(&self, name: &str) -> bool {
        match at_horizon(name) {
            Some((outcome, horizon)) => {
                let known = outcome.is_empty() || self.protocol.outcome(outcome).is_some();
                known
                    && horizon == BASELINE
                    && self.protocol.horizons().iter().any(|it| it == BASELINE)
            }
            None => self.names().iter().any(|it| it == name),
        }
    }
}

/// A plan does not say what the draw says.
pub(super) fn of_the_draw(node: &Node<'_>, method: &Method) {
    for key in [Role::Probability.key(), Role::Instrument.key()] {
        if node.has(key) {
            node.mistake(
                key,
                say!(
                    "`{key}` kommer fra trekningen og kan ikke stå i planen",
                    nn "`{key}` kjem frå trekkinga og kan ikkje stå i planen",
                    "`{key}` comes from the draw and can't be in the plan"
                ),
            );
        }
    }
    if method.states_seats && method.options.seats != Seats::Fixed {
        node.mistake(
            "seats",
            say!(
                "planen motsier trekningen, som har faste plasser i hver blokk",
                nn "planen seier imot trekkinga, som har faste plassar i kvar blokk",
                "the plan contradicts the draw, which has fixed seats in each block"
            ),
        );
    }
}

/// Refuses names of no column, and columns of what came after the draw.
pub(super) fn names(node: &Node<'_>, known: &Known<'_>, analysis: &Analysis) {
    let weights = match &analysis.weights {
        Weights::Column(name) => Some(("weights", name.as_str())),
        _ => None,
    };
    for (key, name) in analysis.method.names().chain(weights) {
        let received = key == Role::Endogenous.key();
        let after = AFTER.contains(&name) || at_horizon(name).is_some_and(|it| it.1 != BASELINE);
        if received && (AFTER.contains(&name) || known.before(name)) {
            continue;
        }
        if key == Role::Period.key() {
            node.mistake(
                key,
                say!(
                    "periodene er horisontene: skriv `horizons = [3, 6]`",
                    nn "periodane er horisontane: skriv `horizons = [3, 6]`",
                    "the periods are the horizons: write `horizons = [3, 6]`"
                ),
            );
        } else if after {
            node.mistake(
                key,
                say!(
                    "`{name}` er fra etter trekningen og kan ikke stå i `{key}`",
                    nn "`{name}` er frå etter trekkinga og kan ikkje stå i `{key}`",
                    "`{name}` is from after the draw and can't be in `{key}`"
                ),
            );
        } else if !known.before(name) {
            unknown(node, key, name, &known.names());
        }
    }
}

fn unknown(node: &Node<'_>, key: &str, name: &str, names: &[String]) {
    let all = names.join(", ");
    let message = say!(
        "det finnes ingen kolonne `{name}`; det finnes {all} og utfall før trekningen som `UTFALL@0`",
        nn "det finst ingen kolonne `{name}`; det finst {all} og utfall før trekkinga som `UTFALL@0`",
        "there is no column `{name}`; there are {all} and outcomes before the draw such as `OUTCOME@0`"
    );
    match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => node.mistake_with(key, message, did_you_mean(near)),
        None => node.mistake(key, message),
    }
}

impl Known<'_> {
    /// The columns as every analysis has them, without rows: what an expression is checked on.
    fn empty(&self) -> Result<Frame, Text> {
        let screening = self.protocol.screening.columns.iter();
        let text = |name: &str| Column::new(name, Values::empty(Kind::Text));
        let number = |name: &str| Column::new(name, Values::empty(Kind::Real));
        let mut columns: Vec<Column> = screening
            .map(|it| if is_text(&it.kind) { text(&it.name) } else { number(&it.name) })
            .collect();
        for name in OF_EVERY_PILOT {
            if columns.iter().all(|it| it.name != name) {
                let is_count = matches!(name, "children" | "adults");
                columns.push(if is_count { number(name) } else { text(name) });
            }
        }
        if self.protocol.horizons().iter().any(|it| it == BASELINE) {
            for outcome in self.protocol.outcomes() {
                let name = format!("{}@{BASELINE}", outcome.id);
                let category = outcome.value_kind() == ValueKind::Category;
                columns.push(if category { text(&name) } else { number(&name) });
            }
        }
        Frame::new(columns)
    }
}

/// Checks the expressions of a plan, each on the columns that stand before it.
pub(super) fn check(root: &Node<'_>, known: &Known<'_>, analyses: &[(Node<'_>, Analysis)]) {
    let Ok(mut frame) = known.empty() else { return };
    let tables = root.tables("derive");
    for (it, node) in known.derived.iter().zip(&tables) {
        let name = &it.name;
        if frame.names().chain(AFTER).any(|taken| taken.eq_ignore_ascii_case(name)) {
            node.mistake(
                "name",
                say!(
                    "kolonnen `{name}` finnes fra før",
                    nn "kolonnen `{name}` finst frå før",
                    "there is a column `{name}` already"
                ),
            );
        } else if let Err(why) = frame.derive(name, &it.sql) {
            node.mistake("sql", why);
        }
    }
    for (node, analysis) in analyses {
        let filter = analysis.method.filter.as_ref();
        if let Some(Err(why)) = filter.map(|it| frame.holds(it)) {
            node.mistake("where", why);
        }
    }
}

/// Whether a screening column is text.
pub(crate) fn is_text(kind: &ColumnKind) -> bool {
    matches!(kind, ColumnKind::Fact { .. })
}
