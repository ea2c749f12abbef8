//! What the evaluator gives to the report: words, costs, references.

use std::collections::BTreeMap;

use super::{Domain, Text};

/// What stands in the pilot's `report.toml`. Nothing of it is needed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Who stands behind the report.
    pub cover: Cover,
    /// The evaluator's own words, by the section they belong to: one of [`crate::PROSE_SECTIONS`].
    /// A language that nothing is written in is empty. A blank line parts paragraphs, `## ` begins a
    /// heading, `- ` an item of a list.
    pub prose: BTreeMap<String, Text>,
    /// Outcomes that the evaluator puts under a heading, by their id.
    pub domains: BTreeMap<String, Domain>,
    /// What the measure cost.
    pub costs: Vec<Cost>,
    /// References, as they are to be printed.
    pub literature: Vec<String>,
    /// Where an item of the checklist is told of, by its number.
    pub checklist: BTreeMap<String, String>,
}

impl Profile {
    /// The heading that the evaluator puts an outcome under.
    pub fn domain(&self, outcome: &str) -> Option<Domain> {
        self.domains.get(outcome).copied()
    }
}

/// Who stands behind the report. Empty texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of `[cover]` in `report.toml`")]
pub struct Cover {
    pub authors: Vec<String>,
    pub institution: String,
    pub commissioned_by: String,
    pub series: String,
}

/// One item of cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// What was paid for.
    pub label: Text,
    /// The arm whose families it was paid for, where there is one.
    pub arm: Option<String>,
    /// Norwegian kroner.
    pub nok: f64,
    /// The year of the prices.
    pub year: i64,
    /// Where the amount is from.
    pub source: String,
}
