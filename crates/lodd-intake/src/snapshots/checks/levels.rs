//! The same question answered for the family and by its adults (K05).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{super::Snapshot, Judgement, Reported, code, finding};
use crate::{
    catalogue, expectations::Expectations, finding::Finding, normal::fold_header,
    variable::UnitKind,
};

/// The families' answers to questions that adults are asked too.
#[derive(Debug, Default)]
pub(super) struct Levels {
    answers: BTreeMap<(String, Date, String), Vec<(String, String)>>,
}

impl Levels {
    pub(super) fn of(rows: &[Judgement<'_>], expect: &Expectations) -> Self {
        let names = |unit| -> BTreeSet<&str> {
            let own = expect.variables.iter().filter(|it| it.unit == unit);
            own.map(|it| it.name.as_str()).collect()
        };
        let family = names(UnitKind::Family);
        let both: Vec<&str> = names(UnitKind::Adult).intersection(&family).copied().collect();
        let mut answers = BTreeMap::new();
        for row in rows.iter().filter(|_| !both.is_empty()) {
            let Some(Reported::Status(it)) = &row.reported else { continue };
            if it.unit_kind != UnitKind::Family {
                continue;
            }
            let given = both.iter().filter_map(|name| {
                code(it, name).map(|code| ((*name).to_owned(), code.to_owned()))
            });
            let key = (it.unit_id.clone(), it.status_date, it.source.clone());
            answers.insert(key, given.collect());
        }
        Self { answers }
    }

    /// The first answer of an adult that is another than the family's.
    pub(super) fn contradiction(
        &self,
        row: &Judgement<'_>,
        snapshot: &Snapshot,
    ) -> Option<Finding> {
        if self.answers.is_empty() || snapshot.unit_kind != UnitKind::Adult {
            return None;
        }
        let key = (row.family.clone()?, snapshot.status_date, snapshot.source.clone());
        let (name, of_family, own) =
            self.answers.get(&key)?.iter().find_map(|(name, of_family)| {
                let own = code(snapshot, name)?;
                (own != of_family).then_some((name, of_family, own))
            })?;
        let finding = finding(row, &catalogue::K05, &fold_header(name)).value(of_family.as_str());
        Some(finding.expected(own).about(&key.0))
    }
}
