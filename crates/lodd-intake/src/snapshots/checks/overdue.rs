//! Families that the file, too, says nothing of, though their deadline has passed (K11).

use std::collections::{BTreeMap, BTreeSet};

use super::{super::Period, Judgement};
use crate::{catalogue, expectations::Expectations, finding::Finding, table::Table, text::Phrase};

/// How many families are named.
const NAMED_MAX: usize = 20;

/// One finding for each deadline that has passed, about the file's first table of statuses.
pub(crate) fn overdue(
    table: &Table<'_>,
    rows: &[Judgement<'_>],
    expect: &Expectations,
) -> Vec<Finding> {
    let overdue = &expect.history.overdue;
    if overdue.is_empty() {
        return Vec::new();
    }
    let told: BTreeSet<_> = rows
        .iter()
        .filter_map(|row| match row.period {
            Period::Date(date) => Some((row.family.as_deref()?, date)),
            Period::Month(_) | Period::Unknown => None,
        })
        .collect();
    let mut missing: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for it in overdue {
        let family = it.family_id.as_str();
        let (low, high) = it.window;
        if told.range((family, low)..=(family, high)).next().is_none() {
            missing.entry(it.due_on).or_default().insert(family);
        }
    }
    let finding = |(due_on, families): (_, BTreeSet<&str>)| {
        let mut named: Vec<&str> = families.iter().copied().take(NAMED_MAX).collect();
        if families.len() > NAMED_MAX {
            named.push("…");
        }
        let finding = Finding::new(&catalogue::K11, table.file).in_sheet(&table.sheet.name);
        let finding = finding.count(families.len()).term("dato", Phrase::date(due_on));
        finding.term("liste", named.join(", "))
    };
    missing.into_iter().map(finding).collect()
}
