//! The design's gate: a small arm of a named place tells nothing of itself.

use std::collections::BTreeMap;

use lodd_disclosure::Rules;
use lodd_report::{Descriptive, Draw, RowKind, Stage, Subject, Title, Value};

/// Whether arms may be told apart, in the whole pilot and in each office.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    is_open: bool,
    offices: BTreeMap<String, bool>,
}

impl Gate {
    /// By the families drawn into each arm.
    pub(super) fn of(draws: &[Draw], tables: &[Descriptive], arms: usize, rules: &Rules) -> Self {
        let in_arm = |arm: usize| draws.iter().map(|draw| draw.in_arm(arm)).sum::<u64>();
        let all: Vec<u64> = (0..arms).map(in_arm).collect();
        let mut offices: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for table in tables.iter().filter(|it| it.subject == Subject::Offices) {
            for row in table.rows.iter().filter(|it| it.kind == RowKind::Plain) {
                let Title::Text(name) = &row.title else { continue };
                let counts = offices.entry(name.nb.clone()).or_insert_with(|| vec![0; arms]);
                let cells = table.columns.iter().zip(&row.cells);
                let of_arms = cells.filter(|(it, _)| it.group == Some(Title::Stage(Stage::Drawn)));
                for (there, (_, cell)) in counts.iter_mut().zip(of_arms) {
                    if let Value::Count(cell) = cell {
                        *there += cell.count().unwrap_or(0);
                    }
                }
            }
        }
        let allows = |counts: &[u64]| !counts.is_empty() && rules.design_allows(counts, true);
        let offices = offices.into_iter().map(|(name, counts)| (name, allows(&counts)));
        Self { is_open: allows(&all), offices: offices.collect() }
    }

    /// Whether arms may be told apart where all places are together.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether they may in an office; `None` for all together.
    pub(super) fn is_open_in(&self, office: Option<&str>) -> bool {
        let own = office.is_none_or(|it| self.offices.get(it).copied().unwrap_or(false));
        self.is_open && own
    }
}
