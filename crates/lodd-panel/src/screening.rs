//! Who is eligible: from `[screening]` to one SQL text.
//!
//! Inputs, as they stood at the cut: `families(family_id, office_id)`, `members(member_id,
//! family_id, role, birth_year)`, `monthly(unit_kind, unit_id, month, register, recorded_at,
//! assistance_grant, assistance_loan)`, `facts(family_id, criterion, observed_on, value,
//! recorded_at)`. Output: one row a family and rule, [`COLUMNS`].
//!
//! The roster carries a row for a month with assistance only, so a month without a row counts as
//! a month without assistance. (Outcomes are stricter: see `outcomes`.) Months of a family's
//! adults count once for the family. A rule that meets a NULL is neither held nor broken
//! (`passed` is NULL), and a family is eligible only if `eligible` is true: unknown is not.

use jiff::civil::Date;

use crate::{
    expression::{Expression, Name, Parameters, Type},
    mistake::{Mistake, MistakeKind, is_name},
    months::{day_number, month_number},
    template::fill,
};

mod columns;

pub use columns::{Column, ColumnKind};

/// The columns of the result, in order. `eligible` is 1 or 0; `passed` is 1, 0 or NULL.
pub const COLUMNS: &[&str] = &["family_id", "office_id", "eligible", "rule", "passed"];

/// `[screening]` of the protocol.
#[derive(Clone, Debug)]
pub struct Screening {
    /// The date that families are judged on.
    pub as_of: Date,
    /// What a rule sees.
    pub columns: Vec<Column>,
    /// The rules, in the order that reasons are told.
    pub rules: Vec<Rule>,
    /// A condition over the ids of the rules.
    pub eligible: String,
}

/// One named rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Lower-case name.
    pub id: String,
    /// A condition over the columns.
    pub sql: String,
    /// What `:name` stands for in it.
    pub parameters: Parameters,
}

/// The year and month that a column is counted from.
#[derive(Clone, Copy, Debug)]
struct AsOf {
    year: i64,
    /// The last complete month before the date, as year·12 + month − 1.
    last_month: i64,
}

impl Screening {
    /// The SQL text.
    ///
    /// # Errors
    ///
    /// Every mistake in names, columns, rules and the condition.
    pub(crate) fn compile(&self) -> Result<String, Vec<Mistake>> {
        let mut mistakes = self.names();
        mistakes.extend(columns::check(&self.columns));
        let rules: Vec<Option<Expression>> = self
            .rules
            .iter()
            .enumerate()
            .map(|(at, rule)| rule.expression(at, &self.columns, &mut mistakes))
            .collect();
        let flags: Vec<Name> =
            self.rules.iter().map(|it| Name::new(it.id.as_str(), Type::Flag)).collect();
        let eligible = Expression::parse(&self.eligible, &flags, &Parameters::new())
            .map_err(|all| refused("screening.eligible", all, &mut mistakes))
            .ok();
        let rules: Option<Vec<Expression>> = rules.into_iter().collect();
        match (rules, eligible) {
            (Some(rules), Some(eligible)) if mistakes.is_empty() => {
                Ok(self.text(&rules, &eligible))
            }
            _ => Err(mistakes),
        }
    }

    fn names(&self) -> Vec<Mistake> {
        let columns = self.columns.iter().map(|it| it.name.as_str());
        let rules = self.rules.iter().map(|it| it.id.as_str());
        let mut mistakes = check_names(columns, "screening.column", "name");
        mistakes.extend(check_names(rules, "screening.rule", "id"));
        if self.rules.is_empty() {
            mistakes.push(Mistake::new("screening.rule", MistakeKind::Empty));
        }
        mistakes
    }

    fn text(&self, rules: &[Expression], eligible: &Expression) -> String {
        let column = |name: &str| format!("c.\"{name}\"");
        let held: String = self
            .rules
            .iter()
            .zip(rules)
            .map(|(rule, it)| format!(",\n    {} AS \"{}\"", three_valued(it, &column), rule.id))
            .collect();
        let rows: Vec<String> = (0..)
            .zip(&self.rules)
            .map(|(order, rule)| {
                let id = &rule.id;
                format!(
                    "  SELECT j.family_id, j.office_id, j.eligible, '{id}' AS rule, \
                     j.\"{id}\" AS passed, {order} AS rule_order\n  FROM judged j"
                )
            })
            .collect();
        let judged = fill(
            include_str!("sql/screening.sql"),
            &[
                ("rules", &held),
                ("eligible", &eligible.sql(&|name| format!("h.\"{name}\""))),
                ("rows", &rows.join("\n  UNION ALL\n")),
            ],
        );
        format!("{},\n{judged}", self.seen())
    }

    /// What the rules see, up to the query that uses it.
    fn seen(&self) -> String {
        let as_of =
            AsOf { year: self.as_of.year().into(), last_month: month_number(self.as_of) - 1 };
        let (selected, joined) = columns::text(&self.columns, as_of);
        let seen = fill(
            include_str!("sql/screening_seen.sql"),
            &[
                ("as_of", &day_number(self.as_of).to_string()),
                ("columns", &selected),
                ("joins", &joined),
            ],
        );
        seen.trim_end().to_owned()
    }

    /// One row a family, by id: `family_id` and what each column holds. Only for a screening that
    /// [`Screening::compile`] has found in order.
    pub(crate) fn columns_sql(&self) -> String {
        let columns: String =
            self.columns.iter().map(|it| format!(", s.\"{}\"", it.name)).collect();
        format!(
            "{}\nSELECT s.family_id{columns}\nFROM seen s\nORDER BY s.family_id ASC NULLS LAST\n",
            self.seen()
        )
    }
}

impl Rule {
    fn expression(
        &self,
        at: usize,
        columns: &[Column],
        mistakes: &mut Vec<Mistake>,
    ) -> Option<Expression> {
        let names: Vec<Name> = columns.iter().map(Column::as_name).collect();
        let expression = Expression::parse(&self.sql, &names, &self.parameters)
            .map_err(|all| refused(&format!("screening.rule[{at}].sql"), all, mistakes))
            .ok()?;
        for name in self.parameters.keys().filter(|it| !expression.parameters().contains(*it)) {
            let path = format!("screening.rule[{at}].parameters.{name}");
            mistakes.push(Mistake::new(path, MistakeKind::UnusedParameter { name: name.clone() }));
        }
        Some(expression)
    }
}

/// 1 where the condition is true, 0 where it is false, else NULL: the same on engines with and
/// without a boolean type.
pub(crate) fn three_valued(expression: &Expression, column: &dyn Fn(&str) -> String) -> String {
    let sql = expression.sql(column);
    format!("CASE WHEN {sql} THEN 1 WHEN NOT {sql} THEN 0 END")
}

/// Notes each refusal under `path`.
pub(crate) fn refused(
    path: &str,
    refusals: Vec<crate::expression::Refusal>,
    mistakes: &mut Vec<Mistake>,
) {
    mistakes.extend(refusals.into_iter().map(|it| Mistake::of_expression(path, it)));
}

fn check_names<'a>(names: impl Iterator<Item = &'a str>, list: &str, key: &str) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (at, name) in names.enumerate() {
        let path = format!("{list}[{at}].{key}");
        if !is_name(name, u8::is_ascii_lowercase) {
            let kind = MistakeKind::BadName { name: name.to_owned(), letters: "lower-case" };
            mistakes.push(Mistake::new(path, kind));
        } else if COLUMNS.contains(&name) {
            let first = "the table of screenings".to_owned();
            let kind = MistakeKind::DuplicateName { name: name.to_owned(), first };
            mistakes.push(Mistake::new(path, kind));
        } else if let Some(first) = seen.iter().position(|it| *it == name) {
            let first = format!("{list}[{first}]");
            let kind = MistakeKind::DuplicateName { name: name.to_owned(), first };
            mistakes.push(Mistake::new(path, kind));
        }
        seen.push(name);
    }
    mistakes
}
