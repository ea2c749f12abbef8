//! `[[outcome]]`: what is measured, from the dictionary or the pilot's own.

use lodd_panel::outcomes::{
    Category, Choice, Course, CourseKind, Definition, Direction, Outcome, Seen,
};

use super::followup::unit;
use crate::{reader::Node, text::say};

const DEFINITIONS: [&str; 8] =
    ["sql", "any", "all", "share", "categories", "ever", "months_in", "first_entry"];

const SEEN: &[(&str, Seen)] = &[("snapshots", Seen::Snapshots), ("months", Seen::Months)];

/// Reads one `[[outcome]]`: `id` alone names one of the dictionary, `version` an earlier definition.
pub(super) fn read(node: &Node<'_>) -> Option<Choice> {
    let id = node.text("id");
    let given: Vec<&'static str> = DEFINITIONS.into_iter().filter(|key| node.has(key)).collect();
    let choice = match given.as_slice() {
        [] if !node.has("unit") => Some(match node.integer_or_none("version") {
            Some(version) => Choice::Version(id, i32::try_from(version).unwrap_or(i32::MAX)),
            None => Choice::Dictionary(id),
        }),
        [key] => own(node, id, key),
        _ => {
            let all = DEFINITIONS.join(", ");
            node.mistake(
                "id",
                say!(
                    "utfallet `{id}` må ha nøyaktig én av {all}",
                    nn "utfallet `{id}` må ha nøyaktig éin av {all}",
                    "outcome `{id}` must have exactly one of {all}"
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
        "ever" => course(node, CourseKind::Ever),
        "months_in" => course(node, CourseKind::MonthsIn),
        "first_entry" => course(node, CourseKind::FirstEntry),
        _ => Definition::Categories(node.tables("categories").iter().map(category).collect()),
    };
    let label_nb = node.text("label_nb");
    let label_nn = node.text_or_none("label_nn").unwrap_or_else(|| label_nb.clone());
    let outcome = Outcome {
        id: id.into(),
        version: i32::try_from(node.integer_or_none("version").unwrap_or(1)).unwrap_or(1),
        unit: unit?,
        label_nb: label_nb.into(),
        label_nn: label_nn.into(),
        label_en: node.text("label_en").into(),
        direction: node.choice("direction", &[("up", Direction::Up), ("down", Direction::Down)]),
        ages: None,
        definition,
    };
    Some(Choice::Own(Box::new(outcome)))
}

/// A condition followed over time; `from` says where it is seen.
fn course(node: &Node<'_>, kind: CourseKind) -> Definition {
    let seen = node.choice("from", SEEN).unwrap_or(Seen::Snapshots);
    Definition::Course(Course { kind, sql: node.text(kind.key()).into(), seen })
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
