//! `[draw]`: what is drawn, the arms, and the shares of each block.

mod arms;
mod covariates;
mod shares;

use std::collections::BTreeSet;

use lodd_panel::screening::Column;
use lodd_store::pilot::DrawnKind;

pub(crate) use arms::{Arm, Margin};
pub(crate) use covariates::{Constraint, Pairs};
pub(crate) use shares::Wanted;

use crate::{
    beacon::times::{LEAD_MINUTES, LEAD_MINUTES_MAX, LEAD_MINUTES_MIN},
    reader::Node,
    text::say,
};
use arms::Factor;

/// How places are drawn. Empty `blocks` where the assignment is imported.
#[derive(Clone, Debug)]
pub(crate) struct DrawPlan {
    /// What a ticket is for.
    pub(crate) unit: DrawnKind,
    /// In the order of the protocol; the last one is the control.
    pub(crate) arms: Vec<Arm>,
    /// Two where the arms are their products, else none.
    factors: Vec<Factor>,
    /// In ascending order of label.
    pub(crate) blocks: Vec<Block>,
    /// Each block is split into pairs of those most alike.
    pub(crate) pairs: Option<Pairs>,
    /// What the arms may not differ by.
    pub(crate) constraint: Option<Constraint>,
    /// The draw of offices that comes before: a plan of its own.
    pub(crate) offices: Option<Box<Self>>,
    /// Minutes between an announcement and its round, where the file says it.
    lead_minutes: Option<i64>,
}

impl Default for DrawPlan {
    fn default() -> Self {
        Self {
            unit: DrawnKind::Family,
            arms: Vec::new(),
            factors: Vec::new(),
            blocks: Vec::new(),
            pairs: None,
            constraint: None,
            offices: None,
            lead_minutes: None,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) label: String,
    pub(crate) offices: Vec<String>,
    pub(crate) shares: Wanted,
    /// Where its shares stand in the file: the key, and line and column.
    pub(crate) field: String,
    pub(crate) line: (usize, usize),
}

impl DrawPlan {
    /// Minutes that an announcement must be made before its round.
    pub(crate) fn lead_minutes(&self) -> i64 {
        self.lead_minutes.unwrap_or(LEAD_MINUTES)
    }

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

    /// Each level of each factor with the arms that have it; empty where the arms are no products.
    pub(crate) fn margins(&self) -> Vec<Margin> {
        arms::margins(&self.factors)
    }
}

/// What a `[draw]` is read against.
pub(super) struct Known<'k> {
    /// The ids of `[[office]]`.
    pub(super) offices: &'k [String],
    /// `[[screening.column]]`; `None` where it could not be read.
    pub(super) columns: Option<&'k [Column]>,
}

/// Reads `[draw]`, which a project without a lottery has not: then there are no arms.
pub(super) fn read(root: &Node<'_>, known: &Known<'_>) -> DrawPlan {
    let Some(node) = root.table_or_none("draw") else { return DrawPlan::default() };
    let unit = node
        .choice("unit", &[("FAMILIE", DrawnKind::Family), ("KONTOR", DrawnKind::Office)])
        .unwrap_or(DrawnKind::Family);
    let pairs = covariates::pairs(&node, known);
    let staged = node.has("offices");
    let mut plan = stage(&node, known, Manner { unit, paired: pairs.is_some(), staged });
    plan.constraint = covariates::constraint(&node, known);
    plan.pairs = pairs;
    if let Some(first) = node.table_or_none("offices") {
        let offices =
            stage(&first, known, Manner { unit: DrawnKind::Office, paired: false, staged: false });
        first.finish();
        check_stages(&node, &plan, &offices);
        plan.offices = Some(Box::new(offices));
    }
    covariates::check(&node, &plan);
    let lead = LEAD_MINUTES_MIN..=LEAD_MINUTES_MAX;
    plan.lead_minutes = node.has("lead_minutes").then(|| node.integer("lead_minutes", lead));
    node.finish();
    plan
}

/// What the rest of a `[draw]` says of its blocks.
#[derive(Clone, Copy)]
struct Manner {
    unit: DrawnKind,
    /// Blocks are split into pairs.
    paired: bool,
    /// Offices are drawn before: each is a block.
    staged: bool,
}

/// The arms and blocks of one draw.
fn stage(node: &Node<'_>, known: &Known<'_>, manner: Manner) -> DrawPlan {
    let (arms, factors) = arms::read(node);
    let read = |block: &Node<'_>| read_block(block, known.offices, arms.len(), manner);
    let nodes = node.tables("block");
    let mut blocks: Vec<Block> = nodes.iter().map(read).collect();
    shares::check_one_kind(&nodes, &blocks);
    repeated(node, "block", blocks.iter().map(|block| block.label.as_str()));
    let offices = blocks.iter().flat_map(|block| block.offices.iter().map(String::as_str));
    repeated(node, "block", offices);
    blocks.sort_by(|a, b| a.label.cmp(&b.label));
    DrawPlan { unit: manner.unit, arms, factors, blocks, ..DrawPlan::default() }
}

/// Offices are drawn first, then the families of those offices.
fn check_stages(node: &Node<'_>, families: &DrawPlan, offices: &DrawPlan) {
    if families.unit == DrawnKind::Office {
        node.mistake(
            "offices",
            say!(
                "[draw.offices] kommer før en trekning av familier: `unit` må være FAMILIE",
                nn "[draw.offices] kjem før ei trekking av familiar: `unit` må vere FAMILIE",
                "[draw.offices] comes before a draw of families: `unit` must be FAMILIE"
            ),
        );
    }
    if offices.blocks.is_empty() {
        node.mistake(
            "offices",
            say!(
                "det må være minst én [[draw.offices.block]]",
                nn "det må vere minst éin [[draw.offices.block]]",
                "there must be at least one [[draw.offices.block]]"
            ),
        );
        return;
    }
    for office in families.blocks.iter().flat_map(|block| &block.offices) {
        if offices.block_of(office).is_none() {
            node.mistake(
                "offices",
                say!(
                    "kontoret `{office}` har familier i [[draw.block]], men er ikke i noen [[draw.offices.block]]",
                    nn "kontoret `{office}` har familiar i [[draw.block]], men er ikkje i nokon [[draw.offices.block]]",
                    "office `{office}` has families in [[draw.block]], but is in no [[draw.offices.block]]"
                ),
            );
        }
    }
}

fn read_block(node: &Node<'_>, known: &[String], arms: usize, manner: Manner) -> Block {
    let label = super::label(node, "label");
    let offices = node.texts("offices");
    for office in offices.iter().filter(|office| !known.contains(office)) {
        node.mistake(
            "offices",
            say!(
                "kontoret `{office}` er ikke i [[office]]",
                nn "kontoret `{office}` er ikkje i [[office]]",
                "office `{office}` is not in [[office]]"
            ),
        );
    }
    if manner.staged && offices.len() != 1 {
        node.mistake(
            "offices",
            say!(
                "i to trinn er hvert kontor en egen blokk: `{label}` må ha ett kontor",
                nn "i to trinn er kvart kontor ei eiga blokk: `{label}` må ha eitt kontor",
                "in two stages each office is a block of its own: `{label}` must have one office",
                label = &label
            ),
        );
    }
    let shares =
        if manner.paired { shares::paired(node, &label) } else { shares::read(node, arms) };
    let key = ["capacity", "probabilities"].into_iter().find(|key| node.has(key));
    let key = key.unwrap_or("seats");
    if manner.unit == DrawnKind::Office {
        shares::no_capacity(node);
        shares::check_fits(node, &shares, offices.len());
    }
    let (field, line) = (node.path(key), node.line(key));
    node.finish();
    Block { label, offices, shares, field, line }
}

/// Records names that stand twice.
pub(super) fn repeated<'n>(node: &Node<'_>, key: &str, names: impl Iterator<Item = &'n str>) {
    let mut seen = BTreeSet::new();
    for name in names.filter(|name| !name.is_empty()) {
        if !seen.insert(name) {
            node.mistake(
                key,
                say!(
                    "`{name}` står to ganger",
                    nn "`{name}` står to gonger",
                    "`{name}` stands twice"
                ),
            );
        }
    }
}
