//! `[[outcome]]`: what is measured, from the dictionary or the pilot's own.

use lodd_panel::outcomes::{Category, Choice, Definition, Direction, Outcome};

use super::followup::unit;
use crate::{reader::Node, text::say};

const DEFINITIONS: [&str; 5] = ["sql", "any", "all", "share", "categories"];

/// Reads one `[[outcome]]`: `id` alone names one of the dictionary.
pub(super) fn read(node: &Node<'_>) -> Option<Choice> {
    let id = node.text("id");
    let given: Vec<&'static str> = DEFINITIONS.into_iter().filter(|key| node.has(key)).collect();
    let choice = match given.as_slice() {
        [] if !node.has("unit") => Some(Choice::Dictionary(id)),
        [key] => own(node, id, key),
        _ => {
            node.mistake(
                "id",
                say!(
                    "utfallet `{id}` må ha nøyaktig én av sql, any, all, share og categories",
                    "outcome `{id}` must have exactly one of sql, any, all, share and categories"
                ),
            );
            None
        }
    };
    node.finish();
    choice
}

fn own(node: &Node<'_>, id: String, key: &'static str) -> Option<Choice> {
    let unit = unit(node);
    let definition = match key {
        "sql" => Definition::Sql(node.text("sql").into()),
        "any" => Definition::Any(node.text("any").into()),
        "all" => Definition::All(node.text("all").into()),
        "share" => Definition::Share(node.text("share").into()),
        _ => Definition::Categories(node.tables("categories").iter().map(category).collect()),
    };
    let outcome = Outcome {
        id: id.into(),
        version: i32::try_from(node.integer_or_none("version").unwrap_or(1)).unwrap_or(1),
        unit: unit?,
        label_nb: node.text("label_nb").into(),
        label_en: node.text("label_en").into(),
        direction: node.choice("direction", &[("up", Direction::Up), ("down", Direction::Down)]),
        ages: None,
        definition,
    };
    Some(Choice::Own(Box::new(outcome)))
}

fn category(node: &Node<'_>) -> Category {
    let category = Category {
        code: node.text("code"),
        nb: node.text("nb"),
        en: node.text("en"),
        sql: node.text("sql"),
    };
    node.finish();
    category
}
