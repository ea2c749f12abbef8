//! `[draw]`: the arms, and the seats of each block.

use std::collections::BTreeSet;

use crate::{
    reader::Node,
    text::{Text, say},
};

/// How places are drawn. Empty `blocks` where the assignment is imported.
#[derive(Clone, Debug, Default)]
pub(crate) struct DrawPlan {
    /// In the order of the protocol; the last one is the control.
    pub(crate) arms: Vec<Arm>,
    /// In ascending order of label.
    pub(crate) blocks: Vec<Block>,
}

#[derive(Clone, Debug)]
pub(crate) struct Arm {
    pub(crate) label: String,
    pub(crate) name: Text,
}

#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) label: String,
    pub(crate) offices: Vec<String>,
    /// One count an arm but the last.
    pub(crate) seats: Vec<u32>,
    /// Where its seats stand in the file: the key, and line and column.
    pub(crate) field: String,
    pub(crate) line: (usize, usize),
}

impl DrawPlan {
    pub(crate) fn labels(&self) -> Vec<String> {
        self.arms.iter().map(|arm| arm.label.clone()).collect()
    }

    /// The arm that others are compared with.
    pub(crate) fn control(&self) -> &str {
        self.arms.last().map_or("", |arm| &arm.label)
    }

    /// The block of an office.
    pub(crate) fn block_of(&self, office: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.offices.iter().any(|it| it == office))
    }
}

/// Reads `[draw]`.
pub(super) fn read(root: &Node<'_>, offices: &[String]) -> DrawPlan {
    let Some(node) = root.table("draw") else { return DrawPlan::default() };
    node.choice("unit", &[("FAMILIE", ())]);
    let arms = arms(&node);
    let mut blocks: Vec<Block> =
        node.tables("block").iter().map(|block| read_block(block, offices, arms.len())).collect();
    repeated(&node, "block", blocks.iter().map(|block| block.label.as_str()));
    repeated(
        &node,
        "block",
        blocks.iter().flat_map(|block| block.offices.iter().map(String::as_str)),
    );
    blocks.sort_by(|a, b| a.label.cmp(&b.label));
    node.finish();
    DrawPlan { arms, blocks }
}

fn arms(node: &Node<'_>) -> Vec<Arm> {
    let read = |node: &Node<'_>| {
        let label = super::label(node, "label");
        let name = Text::new(node.text("name_nb"), node.text("name_en"));
        node.finish();
        Arm { label, name }
    };
    let arms: Vec<Arm> = node.tables("arm").iter().map(read).collect();
    if !(2..=64).contains(&arms.len()) {
        let n = arms.len();
        node.mistake(
            "arm",
            say!(
                "en trekning må ha 2 til 64 [[draw.arm]], fant {n}",
                "a draw must have 2 to 64 [[draw.arm]], found {n}"
            ),
        );
    }
    repeated(node, "arm", arms.iter().map(|arm| arm.label.as_str()));
    arms
}

fn read_block(node: &Node<'_>, known: &[String], arms: usize) -> Block {
    let label = super::label(node, "label");
    let offices = node.texts("offices");
    for office in offices.iter().filter(|office| !known.contains(office)) {
        node.mistake(
            "offices",
            say!(
                "kontoret `{office}` er ikke i [[office]]",
                "office `{office}` is not in [[office]]"
            ),
        );
    }
    let seats = node.integers_or_none("seats").unwrap_or_default();
    let counts: Vec<u32> = seats.iter().filter_map(|&n| u32::try_from(n).ok()).collect();
    if counts.len() != seats.len() || counts.len() + 1 != arms {
        let wanted = arms.saturating_sub(1);
        node.mistake(
            "seats",
            say!(
                "`seats` må ha {wanted} antall, ett for hver arm unntatt den siste, som får resten",
                "`seats` must have {wanted} counts, one for each arm but the last, which takes the rest"
            ),
        );
    }
    let (field, line) = (node.path("seats"), node.line("seats"));
    node.finish();
    Block { label, offices, seats: counts, field, line }
}

/// Records names that stand twice.
pub(super) fn repeated<'n>(node: &Node<'_>, key: &str, names: impl Iterator<Item = &'n str>) {
    let mut seen = BTreeSet::new();
    for name in names.filter(|name| !name.is_empty()) {
        if !seen.insert(name) {
            node.mistake(key, say!("`{name}` står to ganger", "`{name}` stands twice"));
        }
    }
}
