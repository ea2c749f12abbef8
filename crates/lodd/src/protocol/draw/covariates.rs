//! What is known of the families before they are drawn, and used: `[draw.pairs]`, `[draw.constraint]`.

use lodd_draw::Fraction;
use lodd_panel::screening::ColumnKind;
use lodd_store::pilot::DrawnKind;

use super::{DrawPlan, Known, repeated, shares};
use crate::{
    pairs::{COLUMNS_MAX, WEIGHT_MAX},
    reader::{Node, did_you_mean, nearest},
    text::say,
};

/// `[draw.pairs]`: who is alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pairs {
    /// Column of the screening and its weight.
    pub(crate) on: Vec<(String, i64)>,
}

/// `[draw.constraint]`: draws in which the arms differ more are drawn again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Constraint {
    /// Column of the screening, and the largest difference of its means.
    pub(crate) limits: Vec<(String, Fraction)>,
    pub(crate) max_attempts: u64,
}

/// Attempts are numbered by 32 bits.
const ATTEMPTS_MAX: i64 = 1 << 32;

pub(super) fn pairs(node: &Node<'_>, known: &Known<'_>) -> Option<Pairs> {
    let node = node.table_or_none("pairs")?;
    let read = |node: &Node<'_>| {
        let on = (column(node, known), node.integer("weight", 1..=WEIGHT_MAX));
        node.finish();
        on
    };
    let on: Vec<(String, i64)> = node.tables("on").iter().map(read).collect();
    if !(1..=COLUMNS_MAX).contains(&on.len()) {
        let n = on.len();
        node.mistake(
            "on",
            say!(
                "[draw.pairs] må ha 1 til {COLUMNS_MAX} kolonner i `on`, fant {n}",
                nn "[draw.pairs] må ha 1 til {COLUMNS_MAX} kolonnar i `on`, fann {n}",
                "[draw.pairs] must have 1 to {COLUMNS_MAX} columns in `on`, found {n}"
            ),
        );
    }
    repeated(&node, "on", on.iter().map(|(column, _)| column.as_str()));
    node.finish();
    Some(Pairs { on })
}

pub(super) fn constraint(node: &Node<'_>, known: &Known<'_>) -> Option<Constraint> {
    let node = node.table_or_none("constraint")?;
    let max_attempts = node.integer("max_attempts", 1..=ATTEMPTS_MAX);
    let limits: Vec<(String, Fraction)> =
        node.tables("limit").iter().map(|it| limit(it, known)).collect();
    if limits.is_empty() {
        node.mistake(
            "limit",
            say!(
                "det må være minst én [[draw.constraint.limit]]",
                nn "det må vere minst éin [[draw.constraint.limit]]",
                "there must be at least one [[draw.constraint.limit]]"
            ),
        );
    }
    repeated(&node, "limit", limits.iter().map(|(column, _)| column.as_str()));
    node.finish();
    Some(Constraint { limits, max_attempts: u64::try_from(max_attempts).unwrap_or(1) })
}

fn limit(node: &Node<'_>, known: &Known<'_>) -> (String, Fraction) {
    let column = column(node, known);
    let text = node.text("max_difference");
    let difference = text.parse().unwrap_or_else(|_| {
        if node.has("max_difference") {
            shares::no_fraction(node, "max_difference", &text);
        }
        Fraction::ZERO
    });
    node.finish();
    (column, difference)
}

/// The name of a column of the screening that holds whole numbers.
fn column(node: &Node<'_>, known: &Known<'_>) -> String {
    let name = node.text("column");
    let Some(columns) = known.columns.filter(|_| !name.is_empty()) else { return name };
    let numeric = |kind: &ColumnKind| !matches!(kind, ColumnKind::Fact { .. });
    match columns.iter().find(|it| it.name == name) {
        Some(column) if numeric(&column.kind) => {}
        Some(_) => node.mistake(
            "column",
            say!(
                "kolonnen `{name}` er tekst: her må det være en kolonne med hele tall",
                nn "kolonnen `{name}` er tekst: her må det vere ein kolonne med heile tal",
                "column `{name}` is a text: here it must be a column of whole numbers"
            ),
        ),
        None => {
            let message = say!(
                "det finnes ingen [[screening.column]] `{name}`",
                nn "det finst ingen [[screening.column]] `{name}`",
                "there is no [[screening.column]] `{name}`"
            );
            let names = columns.iter().filter(|it| numeric(&it.kind)).map(|it| it.name.as_str());
            match nearest(&name, names) {
                Some(near) => node.mistake_with("column", message, did_you_mean(near)),
                None => node.mistake("column", message),
            }
        }
    }
    name
}

/// Pairs have two arms; offices have no columns.
pub(super) fn check(node: &Node<'_>, plan: &DrawPlan) {
    let arms = plan.arms.len();
    if plan.pairs.is_some() && arms != 2 {
        node.mistake(
            "pairs",
            say!(
                "[draw.pairs] krever to armer, fant {arms}",
                nn "[draw.pairs] krev to armar, fann {arms}",
                "[draw.pairs] needs two arms, found {arms}"
            ),
        );
    }
    for key in ["pairs", "constraint"] {
        if plan.unit == DrawnKind::Office && node.has(key) {
            node.mistake(
                key,
                say!(
                    "[draw.{key}] gjelder familier, og `unit` er KONTOR",
                    nn "[draw.{key}] gjeld familiar, og `unit` er KONTOR",
                    "[draw.{key}] is about families, and `unit` is KONTOR"
                ),
            );
        }
    }
}
