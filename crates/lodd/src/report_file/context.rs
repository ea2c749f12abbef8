//! `[[context]]` of `report.toml`: figures from elsewhere, which have a source and a year.

use lodd_report::{Bound, ContextFigure};

use super::{
    stands_twice,
    tables::{id, section, words},
};
use crate::{reader::Node, text::say};

/// One figure and its id in the Parquet file.
#[derive(Clone, Debug)]
pub(crate) struct ContextSpec {
    pub(crate) id: String,
    pub(crate) figure: ContextFigure,
}

/// Reads every `[[context]]`.
pub(super) fn read(root: &Node<'_>) -> Vec<ContextSpec> {
    let nodes = root.tables("context");
    let figures: Vec<ContextSpec> = nodes.iter().map(figure).collect();
    for (at, (node, it)) in nodes.iter().zip(&figures).enumerate() {
        if figures.iter().take(at).any(|before| before.id == it.id && !it.id.is_empty()) {
            stands_twice(node, &it.id);
        }
    }
    figures
}

fn figure(node: &Node<'_>) -> ContextSpec {
    let value = node.number("value");
    let percent = node.flag("percent", false);
    let most = if percent { 100.0 } else { 1e12 };
    if !(0.0..=most).contains(&value) {
        node.mistake(
            "value",
            say!(
                "`value` må være fra 0 til {most}, fant {value}",
                nn "`value` må vere frå 0 til {most}, fann {value}",
                "`value` must be from 0 to {most}, found {value}"
            ),
        );
    }
    let is_lower = node.choice("bound", &[("lower", true), ("upper", false)]);
    let own = super::tables::bound_words(node);
    if own.is_some() && is_lower.is_none() {
        node.mistake(
            "words_nb",
            say!(
                "`words_nb` hører til et tall med `bound`",
                nn "`words_nb` høyrer til eit tal med `bound`",
                "`words_nb` belongs to a number with a `bound`"
            ),
        );
    }
    let figure = ContextFigure {
        section: section(node),
        label: words(node, ["label_nb", "label_nn", "label_en"]),
        value,
        percent,
        bound: is_lower.map(|is_lower| Bound { is_lower, words: own }),
        source: words(node, ["source_nb", "source_nn", "source_en"]),
        year: node.integer("year", 1990..=2100),
    };
    let spec = ContextSpec { id: id(node), figure };
    node.finish();
    spec
}
