//! The SQL text of the outcomes: two or three common table expressions each, and their union.
//!
//! Each outcome's last one, `o_<id>`, has the columns `draw, unit_id, horizon, source, register,
//! dead, num, den, code, reason`, a course also `low, high`: `dead` is 1 for a member that had died by the target, `reason`
//! the rank of the missing reason.

mod course;

use super::{Definition, Monthly, Resolved};
use crate::{
    codes::Stored,
    expression::{Expression, quoted},
    panel::{self, DEAD_AT_TARGET, DIED, DISAGREE, NOT_APPLICABLE, NOT_DUE, NOT_REPORTED},
    screening::three_valued,
    template::fill,
};

/// The text that computes `outcomes`, in the order they are resolved in.
pub(crate) fn sql(outcomes: &[Resolved], variables: &[Stored]) -> String {
    let mut parts = vec![fill(
        include_str!("../sql/outcomes_inputs.sql"),
        &[("rank", &panel::rank_of("p.missing_reason")), ("dead", DEAD_AT_TARGET)],
    )];
    parts.extend(outcomes.iter().map(|it| it.text(variables)));
    let mut asked: Vec<(usize, &Resolved)> =
        outcomes.iter().filter_map(|it| Some((it.asked?, it))).collect();
    asked.sort_by_key(|(at, _)| *at);
    let mut rows: Vec<String> = asked.iter().map(|(at, it)| it.rows(*at)).collect();
    if rows.is_empty() {
        rows.push(include_str!("../sql/outcomes_none.sql").trim_end().to_owned());
    }
    let listed = rows.join("\n  UNION ALL\n");
    let reason = panel::code_of("l.reason");
    let ends = [("listed", listed.as_str()), ("reason", reason.as_str())];
    parts.push(fill(include_str!("../sql/outcomes_listed.sql"), &ends));
    parts.iter().map(|it| it.trim_end()).collect::<Vec<_>>().join(",\n") + "\n"
}

fn table(id: &str) -> String {
    format!("o_{}", id.to_ascii_lowercase())
}

impl Resolved {
    fn text(&self, variables: &[Stored]) -> String {
        let text = match &self.outcome.definition {
            Definition::Sql(_) => {
                let value = self.state();
                self.over_variables(&table(&self.outcome.id), (&value, "NULL"), variables)
            }
            Definition::Categories(_) => {
                let code = self.category();
                self.over_variables(&table(&self.outcome.id), ("NULL", &code), variables)
            }
            Definition::Any(of) => self.over_members(of, ANY),
            Definition::All(of) => self.over_members(of, ALL),
            Definition::Share(of) => self.over_members(of, SHARE),
            Definition::Coverage(of) => self.over_members(of, COVERAGE),
            Definition::AnyAtHome(of) => self.over_members_in(of, ANY, AT_HOME),
            Definition::AllAtHome(of) => self.over_members_in(of, ALL, AT_HOME),
            Definition::Agreed { adults, .. } => self.agreed(adults, variables),
            Definition::Course(course) => self.course(course, variables),
            Definition::Monthly(monthly) => self.over_months(*monthly),
        };
        format!("-- {}\n{}", self.outcome.id, text.trim_end())
    }

    /// The outcome's one condition as 1, 0 or NULL, over the columns of `i`.
    fn state(&self) -> String {
        let column = |name: &str| format!("i.\"{name}\"");
        self.expressions.iter().map(|it| three_valued(it, &column)).collect()
    }

    fn over_variables(
        &self,
        table: &str,
        (num, code): (&str, &str),
        variables: &[Stored],
    ) -> String {
        let names: std::collections::BTreeSet<&str> =
            self.expressions.iter().flat_map(Expression::names).collect();
        let known = |name: &str| variables.iter().find(|it| it.name == name);
        let (own, others): (Vec<&str>, Vec<&str>) =
            names.iter().copied().partition(|it| known(it).is_some());
        let pivots: Vec<String> = names.iter().map(|name| pivot(name, known(name))).collect();
        let incomplete: Vec<String> =
            names.iter().map(|name| format!("i.\"{name}\" IS NULL")).collect();
        let (applies, joins) = self.applies();
        fill(
            include_str!("../sql/outcome_variables.sql"),
            &[
                ("table", table),
                ("inputs", &self.inputs(&own, &others)),
                ("pivots", &pivots.join(",\n    ")),
                ("incomplete", &incomplete.join(" OR ")),
                ("applies", &applies),
                ("joins", joins),
                ("num", num),
                ("code", code),
                ("not_applicable", &panel::rank(NOT_APPLICABLE).to_string()),
                ("not_reported", &panel::rank(NOT_REPORTED).to_string()),
            ],
        )
    }

    /// The rows that are pivoted: answers of the panel, and values of earlier outcomes.
    fn inputs(&self, variables: &[&str], outcomes: &[&str]) -> String {
        let unit = self.outcome.unit.code();
        let mut inputs = Vec::new();
        if !variables.is_empty() {
            let list: Vec<String> = variables.iter().map(|it| quoted(it)).collect();
            inputs.push(format!(
                "    SELECT v.draw, v.unit_id, v.horizon, v.source, v.register, v.dead, v.reason,\n      \
                 v.variable AS input, v.value AS answer, CAST(NULL AS BIGINT) AS num\n    \
                 FROM observed v\n    WHERE v.unit_kind = '{unit}' AND v.variable IN ({})",
                list.join(", ")
            ));
        }
        inputs.extend(outcomes.iter().map(|id| {
            format!(
                "    SELECT o.draw, o.unit_id, o.horizon, o.source, o.register, o.dead, o.reason,\n      \
                 '{id}' AS input, CAST(NULL AS VARCHAR) AS answer, o.num\n    FROM {} o",
                table(id)
            )
        }));
        inputs.join("\n    UNION ALL\n")
    }

    /// Whether the outcome applies to unit `i`, and the joins that tell.
    fn applies(&self) -> (String, &'static str) {
        match self.outcome.ages {
            None => ("1".to_owned(), ""),
            Some((low, high)) => (
                format!(
                    "CASE WHEN t.target_year - m.birth_year BETWEEN {low} AND {high} \
                     THEN 1 ELSE 0 END"
                ),
                "\n    JOIN targets t ON t.draw = i.draw AND t.horizon = i.horizon\n    \
                 JOIN members m ON m.member_id = i.unit_id",
            ),
        }
    }

    /// The first category that is true, all before it false.
    fn category(&self) -> String {
        let Definition::Categories(categories) = &self.outcome.definition else {
            return "NULL".to_owned();
        };
        let column = |name: &str| format!("i.\"{name}\"");
        let both = categories.iter().zip(&self.expressions).rev();
        both.fold("NULL".to_owned(), |rest, (category, expression)| {
            let (when, code) = (expression.sql(&column), quoted(&category.code));
            format!("CASE WHEN {when} THEN {code} WHEN NOT {when} THEN {rest} END")
        })
    }

    fn over_members(&self, of: &str, value: (&str, &str)) -> String {
        self.over_members_in(of, value, COUNTED)
    }

    /// Over the members that `members` selects.
    fn over_members_in(&self, of: &str, (num, den): (&str, &str), members: &str) -> String {
        let (own, of) = (table(&self.outcome.id), table(of));
        let not_applicable = panel::rank(NOT_APPLICABLE).to_string();
        let not_reported = panel::rank(NOT_REPORTED).to_string();
        let places = [
            ("table", own.as_str()),
            ("of", of.as_str()),
            ("not_applicable", not_applicable.as_str()),
            ("not_reported", not_reported.as_str()),
        ];
        let members = fill(members, &places);
        fill(
            include_str!("../sql/outcome_members.sql"),
            &[
                ("table", &own),
                ("of", &of),
                ("members", members.trim_end()),
                ("num", num),
                ("den", den),
                ("not_applicable", &not_applicable),
                ("died", &panel::rank(DIED).to_string()),
            ],
        )
    }

    /// The family's own condition; where it is not known, what its adults at home have alike.
    fn agreed(&self, adults: &str, variables: &[Stored]) -> String {
        let id = table(&self.outcome.id);
        let own = self.over_variables(&format!("{id}_own"), (&self.state(), "NULL"), variables);
        let agreed = fill(
            include_str!("../sql/outcome_agreed.sql"),
            &[
                ("table", &id),
                ("of", &table(adults)),
                ("not_applicable", &panel::rank(NOT_APPLICABLE).to_string()),
                ("not_reported", &panel::rank(NOT_REPORTED).to_string()),
                ("disagree", &panel::rank(DISAGREE).to_string()),
            ],
        );
        format!("{},\n{agreed}", own.trim_end())
    }

    fn over_months(&self, monthly: Monthly) -> String {
        let (first, told, value) = match monthly {
            Monthly::FreeSixMonths => (
                "t.month_last - 5",
                "m.assistance_grant IS NOT NULL AND m.assistance_loan IS NOT NULL",
                "CASE WHEN c.n_assisted = 0 THEN 1 ELSE 0 END",
            ),
            Monthly::Months => (
                "t.month_first",
                "m.assistance_grant IS NOT NULL AND m.assistance_loan IS NOT NULL",
                "c.n_assisted",
            ),
            Monthly::Grants => ("t.month_first", "m.assistance_grant IS NOT NULL", "c.grants"),
            Monthly::Loans => ("t.month_first", "m.assistance_loan IS NOT NULL", "c.loans"),
        };
        fill(
            include_str!("../sql/outcome_months.sql"),
            &[
                ("table", &table(&self.outcome.id)),
                ("first", first),
                ("told", told),
                ("value", value),
                ("not_applicable", &panel::rank(NOT_APPLICABLE).to_string()),
                ("not_due", &panel::rank(NOT_DUE).to_string()),
                ("not_reported", &panel::rank(NOT_REPORTED).to_string()),
            ],
        )
    }

    fn rows(&self, order: usize) -> String {
        let outcome = &self.outcome;
        let bounds = match outcome.definition {
            Definition::Course(_) => "o.low, o.high",
            _ => "CAST(NULL AS BIGINT) AS low, CAST(NULL AS BIGINT) AS high",
        };
        format!(
            "  SELECT o.draw, {order} AS outcome_order, '{}' AS outcome_id, {} AS version,\n    \
             '{}' AS unit_kind, o.unit_id, o.horizon, o.source, o.register, o.num, o.den,\n    \
             o.code, {bounds}, o.reason\n  FROM {} o",
            outcome.id,
            outcome.version,
            outcome.unit.code(),
            table(&outcome.id)
        )
    }
}

/// Numerator and denominator over a family's members, from counts in `c`.
const ANY: (&str, &str) =
    ("CASE WHEN c.ones > 0 THEN 1 WHEN c.unknown = 0 AND c.zeros > 0 THEN 0 END", "1");
const ALL: (&str, &str) =
    ("CASE WHEN c.zeros > 0 THEN 0 WHEN c.unknown = 0 AND c.ones > 0 THEN 1 END", "1");
/// Of whom it is known, among those it applies to.
const COVERAGE: (&str, &str) = (
    "CASE WHEN c.ones + c.zeros + c.unknown > 0 THEN c.ones + c.zeros END",
    "c.ones + c.zeros + c.unknown",
);
/// Members counted in the analysis, and adults at home.
const COUNTED: &str = include_str!("../sql/outcome_members_counted.sql");
const AT_HOME: &str = include_str!("../sql/outcome_members_at_home.sql");
const SHARE: (&str, &str) =
    ("CASE WHEN c.unknown = 0 AND c.ones + c.zeros > 0 THEN c.ones END", "c.ones + c.zeros");

/// One input as a column: a text, a whole number, or an outcome.
fn pivot(name: &str, variable: Option<&Stored>) -> String {
    let take = |column: &str| format!("MAX(CASE WHEN r.input = '{name}' THEN r.{column} END)");
    match variable {
        Some(Stored { codes: Some(_), .. }) => format!("{} AS \"{name}\"", take("answer")),
        Some(Stored { codes: None, .. }) => {
            format!("CAST({} AS BIGINT) AS \"{name}\"", take("answer"))
        }
        None => format!("{} AS \"{name}\"", take("num")),
    }
}
