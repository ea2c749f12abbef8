//! What a rule can see: one column a criterion.

use super::AsOf;
use crate::{
    expression::{Name, Type},
    mistake::{Mistake, MistakeKind},
};

/// One `[[screening.column]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Lower-case name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
}

/// What a column holds for a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Members with role `BARN` who are younger than that in years, the age taken as the year of
    /// the date less the year of birth.
    ChildrenAtHome {
        /// Exclusive.
        age_years: i64,
    },
    /// Distinct months with assistance among the last complete months.
    MonthsWithAssistance {
        /// How many months back, the last complete one included.
        lookback_months: i64,
        /// Whether a month with a loan only counts.
        count_loans: bool,
    },
    /// Spells of assistance that reach into the last complete months.
    AssistanceSpells {
        /// How many months back, the last complete one included.
        lookback_months: i64,
        /// Months without assistance that end a spell.
        gap_months: i64,
        /// Whether a month with a loan only counts.
        count_loans: bool,
    },
    /// The latest value of a criterion that was observed on or before the date; else NULL.
    Fact {
        /// Its name in `facts`.
        criterion: String,
    },
}

impl Column {
    pub(super) fn as_name(&self) -> Name {
        let kind = match self.kind {
            ColumnKind::Fact { .. } => Type::Text,
            _ => Type::Integer,
        };
        Name::new(self.name.as_str(), kind)
    }
}

/// Numbers out of range.
pub(super) fn check(columns: &[Column]) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let mut range = |key: &str, (min, max): (i64, i64), found: i64| {
            if !(min..=max).contains(&found) {
                let path = format!("screening.column[{at}].{key}");
                mistakes.push(Mistake::new(path, MistakeKind::OutOfRange { min, max, found }));
            }
        };
        match column.kind {
            ColumnKind::ChildrenAtHome { age_years } => range("age_years", (1, 120), age_years),
            ColumnKind::MonthsWithAssistance { lookback_months, .. } => {
                range("lookback_months", (1, 600), lookback_months);
            }
            ColumnKind::AssistanceSpells { lookback_months, gap_months, .. } => {
                range("lookback_months", (1, 600), lookback_months);
                range("gap_months", (1, 600), gap_months);
            }
            ColumnKind::Fact { .. } => {}
        }
    }
    mistakes
}

/// The selected columns, and the joins that carry them.
pub(super) fn text(columns: &[Column], as_of: AsOf) -> (String, String) {
    columns
        .iter()
        .enumerate()
        .map(|(order, column)| {
            let (value, query) = column.kind.query(order, as_of);
            let joined = format!(
                "\n  LEFT JOIN (\n{query}\n  ) q{order} ON q{order}.family_id = f.family_id"
            );
            (format!(",\n    {value} AS \"{}\"", column.name), joined)
        })
        .unzip()
}

impl ColumnKind {
    fn query(&self, order: usize, as_of: AsOf) -> (String, String) {
        let count = format!("COALESCE(q{order}.n, 0)");
        let since = |lookback: i64| as_of.last_month - lookback + 1;
        let last = as_of.last_month;
        match self {
            Self::ChildrenAtHome { age_years } => (
                count,
                format!(
                    "    SELECT m.family_id, COUNT(*) AS n FROM members m\n    \
                     WHERE m.role = 'BARN' AND {} - m.birth_year < {age_years}\n    \
                     GROUP BY m.family_id",
                    as_of.year
                ),
            ),
            Self::MonthsWithAssistance { lookback_months, count_loans } => (
                count,
                format!(
                    "    SELECT a.family_id, COUNT(DISTINCT a.month) AS n FROM assisted a\n    \
                     WHERE a.month BETWEEN {} AND {last}{}\n    GROUP BY a.family_id",
                    since(*lookback_months),
                    grants_only(*count_loans)
                ),
            ),
            Self::AssistanceSpells { lookback_months, gap_months, count_loans } => (
                count,
                spells(since(*lookback_months), last, *gap_months, grants_only(*count_loans)),
            ),
            Self::Fact { criterion } => (
                format!("q{order}.value"),
                format!(
                    "    SELECT r.family_id, r.value FROM ranked_facts r\n    \
                     WHERE r.criterion = {} AND r.place = 1",
                    crate::expression::quoted(criterion)
                ),
            ),
        }
    }
}

const fn grants_only(count_loans: bool) -> &'static str {
    if count_loans { "" } else { " AND a.granted = 1" }
}

/// A month starts a spell unless the month of assistance before it is nearer than the gap.
fn spells(first: i64, last: i64, gap_months: i64, only: &str) -> String {
    format!(
        "    SELECT s.family_id, COUNT(*) AS n FROM (\n      \
         SELECT d.family_id, d.month, LAG(d.month) OVER (\n        \
         PARTITION BY d.family_id ORDER BY d.month ASC NULLS LAST) AS previous\n      \
         FROM (SELECT DISTINCT a.family_id, a.month FROM assisted a\n        \
         WHERE a.month BETWEEN {first} AND {last}{only}) d\n    ) s\n    \
         WHERE s.previous IS NULL OR s.month - s.previous - 1 >= {gap_months}\n    \
         GROUP BY s.family_id"
    )
}
