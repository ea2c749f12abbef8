//! `[[table.row]]` and `[[table.group]]`: what each row counts, and `where`, what a record must say.

use lodd_report::{Bound, Rows, Text as Words};
use toml::de::DeValue;

use super::{super::stands_twice, TableSpec, id, words};
use crate::{
    problem::Place,
    reader::{Node, did_you_mean, integer, nearest},
    text::say,
};

/// A column must say one of these.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) column: String,
    pub(crate) any_of: Vec<Value>,
    pub(crate) place: Place,
}

/// What a column may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    /// A whole number, both ends included.
    Range(Option<i64>, Option<i64>),
}

/// Rows that are told together.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) label: Words,
}

/// One `[[table.row]]`.
#[derive(Clone, Debug)]
pub(crate) struct RowSpec {
    pub(crate) id: String,
    pub(crate) label: Words,
    pub(crate) group: Option<String>,
    /// Whether it is a part of the row above that is no part.
    pub(crate) nested: bool,
    pub(crate) filter: Vec<Condition>,
    pub(crate) measure: Measure,
    pub(crate) place: Place,
}

/// What is made of the records of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Count,
    /// The sum of a column. Where a value has a `+` it is a lower bound, told in these words and
    /// rounded down to a multiple of this.
    Sum {
        column: String,
        words: Option<Words>,
        down_to: Option<u64>,
    },
    Mean {
        column: String,
    },
    Max {
        column: String,
        bound: Option<Bound>,
    },
    /// From one row to another.
    Growth {
        from: String,
        to: String,
    },
}

impl Measure {
    /// Its code in the Parquet file.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum { .. } => "sum",
            Self::Mean { .. } => "mean",
            Self::Max { .. } => "max",
            Self::Growth { .. } => "growth",
        }
    }
}

pub(super) fn groups(table: &Node<'_>) -> Vec<Group> {
    let read = |node: &Node<'_>| {
        let label = words(node, ["label_nb", "label_nn", "label_en"]);
        let group = Group { id: id(node), label };
        node.finish();
        group
    };
    table.tables("group").iter().map(read).collect()
}

pub(super) fn read(table: &Node<'_>) -> Vec<RowSpec> {
    let rows: Vec<RowSpec> = table.tables("row").iter().map(row).collect();
    if rows.is_empty() {
        table.mistake(
            "row",
            say!(
                "en tabell må ha minst én [[table.row]]",
                nn "ein tabell må ha minst éi [[table.row]]",
                "a table must have at least one [[table.row]]"
            ),
        );
    }
    rows
}

fn row(node: &Node<'_>) -> RowSpec {
    let row = RowSpec {
        id: id(node),
        label: words(node, ["label_nb", "label_nn", "label_en"]),
        group: node.text_or_none("group"),
        nested: node.flag("nested", false),
        filter: conditions(node),
        measure: measure(node),
        place: node.place("id"),
    };
    node.finish();
    row
}

fn measure(node: &Node<'_>) -> Measure {
    let own = bound_words(node);
    let down_to = node.has("down_to").then(|| node.integer("down_to", 1..=1_000_000));
    let is_lower = node.choice("bound", &[("lower", true), ("upper", false)]);
    let growth = node.texts_or_none("growth");
    let (sum, mean, max) =
        (node.text_or_none("sum"), node.text_or_none("mean"), node.text_or_none("max"));
    let said = [sum.is_some(), mean.is_some(), max.is_some(), growth.is_some()];
    if said.into_iter().filter(|it| *it).count() > 1 {
        node.mistake(
            "id",
            say!(
                "bare én av `sum`, `mean`, `max` og `growth` kan stå i en rad",
                nn "berre éin av `sum`, `mean`, `max` og `growth` kan stå i ei rad",
                "only one of `sum`, `mean`, `max` and `growth` can stand in a row"
            ),
        );
    }
    let misplaced = [
        ("down_to", down_to.is_some() && sum.is_none()),
        ("bound", is_lower.is_some() && max.is_none()),
        ("words_nb", own.is_some() && sum.is_none() && is_lower.is_none()),
    ];
    for (key, _) in misplaced.into_iter().filter(|it| it.1) {
        node.mistake(
            key,
            say!(
                "`{key}` hører til et tall som bare er kjent fra én side",
                nn "`{key}` høyrer til eit tal som berre er kjent frå éi side",
                "`{key}` belongs to a number that is known from one side only"
            ),
        );
    }
    match (sum, mean, max, growth.as_deref()) {
        (Some(column), ..) => {
            let down_to = down_to.and_then(|it| u64::try_from(it).ok());
            Measure::Sum { column, words: own, down_to }
        }
        (_, Some(column), ..) => Measure::Mean { column },
        (_, _, Some(column), _) => {
            Measure::Max { column, bound: is_lower.map(|is_lower| Bound { is_lower, words: own }) }
        }
        (_, _, _, Some([from, to])) => Measure::Growth { from: from.clone(), to: to.clone() },
        (_, _, _, Some(_)) => {
            node.mistake(
                "growth",
                say!(
                    "`growth` må være to rader, fra og til",
                    nn "`growth` må vere to rader, frå og til",
                    "`growth` must be two rows, from and to"
                ),
            );
            Measure::Count
        }
        _ => Measure::Count,
    }
}

/// `godt over {n}`, in three languages.
pub(in crate::report_file) fn bound_words(node: &Node<'_>) -> Option<Words> {
    if !node.has("words_nb") {
        return None;
    }
    let own = words(node, ["words_nb", "words_nn", "words_en"]);
    for (key, text) in [("words_nb", &own.nb), ("words_nn", &own.nn), ("words_en", &own.en)] {
        if text.matches("{n}").count() != 1 {
            node.mistake(
                key,
                say!(
                    "`{key}` må ha `{{n}}` der tallet skal stå",
                    nn "`{key}` må ha `{{n}}` der talet skal stå",
                    "`{key}` must have `{{n}}` where the number is to stand"
                ),
            );
        }
    }
    Some(own)
}

/// `where = { kilde = ["NAV", "BARNEVERN"], alder = "0..18" }`.
pub(super) fn conditions(node: &Node<'_>) -> Vec<Condition> {
    let Some(table) = node.table_or_none("where") else { return Vec::new() };
    let mut conditions = Vec::new();
    for (column, value) in table.entries() {
        let texts: Option<Vec<String>> = match value.as_array() {
            Some(all) => all.iter().map(|it| text(it.get_ref())).collect(),
            None => text(value).map(|it| vec![it]),
        };
        let Some(texts) = texts.filter(|it| !it.is_empty()) else {
            let name = table.path(column);
            let message = say!(
                "`{name}` må være en tekst, et heltall eller en liste av dem",
                nn "`{name}` må vere ein tekst, eit heiltal eller ei liste av dei",
                "`{name}` must be a text, a whole number or a list of them"
            );
            table.mistake(column, message);
            continue;
        };
        let any_of = texts.iter().map(|it| wanted(it)).collect();
        let (column, place) = (column.to_owned(), table.place(column));
        conditions.push(Condition { column, any_of, place });
    }
    conditions
}

fn text(value: &DeValue<'_>) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| integer(value).map(|it| it.to_string()))
}

/// `0..18`, `4..`, `..3`; else the text itself.
fn wanted(text: &str) -> Value {
    let end = |text: &str| {
        if text.is_empty() { Some(None) } else { text.parse::<i64>().ok().map(Some) }
    };
    let range = text.split_once("..").and_then(|(low, high)| Some((end(low)?, end(high)?)));
    match range {
        Some((low, high)) if low.is_some() || high.is_some() => Value::Range(low, high),
        _ => Value::Text(text.to_owned()),
    }
}

/// Ids stand once, groups and rows that are named exist, and a part has something to be a part of.
pub(super) fn check(table: &Node<'_>, spec: &TableSpec) {
    let nodes = table.tables("row");
    let ids: Vec<&str> = spec.rows.iter().map(|it| it.id.as_str()).collect();
    let groups: Vec<&str> = spec.groups.iter().map(|it| it.id.as_str()).collect();
    for (at, (node, row)) in nodes.iter().zip(&spec.rows).enumerate() {
        let before = ids.iter().take(at).chain(&groups).chain(&["total"]);
        let twice = before.copied().any(|it| it == row.id);
        if twice && !row.id.is_empty() {
            stands_twice(node, &row.id);
        }
        if let Some(group) = &row.group {
            known(node, "group", group, &groups);
        }
        if let Measure::Growth { from, to } = &row.measure {
            known(node, "growth", from, &ids);
            known(node, "growth", to, &ids);
        }
        let is_whole = |it: &RowSpec| !it.nested && it.measure == Measure::Count;
        let above = spec.rows.get(..at).unwrap_or_default();
        let has_whole = above.iter().rev().find(|it| !it.nested).is_some_and(is_whole);
        let alone = row.measure == Measure::Count && row.group.is_none();
        if row.nested && !(has_whole && alone) {
            node.mistake(
                "nested",
                say!(
                    "en rad som er del av en annen, teller, står utenfor gruppene, og har en rad over seg som teller",
                    nn "ei rad som er del av ei anna, tel, står utanfor gruppene, og har ei rad over seg som tel",
                    "a row that is a part of another counts, stands outside the groups, and has a row above it that counts"
                ),
            );
        }
        if spec.together == Rows::Highest && !row.nested && row.measure != Measure::Count {
            node.mistake(
                "id",
                say!(
                    "i en trapp må hver rad telle",
                    nn "i ei trapp må kvar rad telje",
                    "in a staircase each row must count"
                ),
            );
        }
    }
}

fn known(node: &Node<'_>, key: &'static str, name: &str, all: &[&str]) {
    if all.contains(&name) {
        return;
    }
    let message = say!(
        "`{key}`: det er ingen `{name}` i tabellen",
        nn "`{key}`: det er ingen `{name}` i tabellen",
        "`{key}`: there is no `{name}` in the table"
    );
    match nearest(name, all.iter().copied()) {
        Some(near) => node.mistake_with(key, message, did_you_mean(near)),
        None => node.mistake(key, message),
    }
}
