//! The text of a course: a condition followed from the draw to the horizon.

use super::{
    super::{Course, CourseKind, Resolved, Seen},
    pivot, table,
};
use crate::{
    codes::Stored,
    expression::{Expression, quoted},
    panel::{self, ASKED_UNKNOWN, NOT_APPLICABLE, NOT_DUE, NOT_REPORTED},
    spells::JOIN_DAYS,
    template::fill,
};

/// What one kind of course takes from the counts: the value, the bounds, and when it applies.
struct Parts {
    num: &'static str,
    low: &'static str,
    high: &'static str,
    applies: &'static str,
}

/// Nothing, as a number.
const NONE: &str = "NULL";

/// From snapshots: `c` counts of what was seen, `b` before, `m` months, `f` the frame.
const fn of_snapshots(kind: CourseKind) -> Parts {
    match kind {
        CourseKind::Ever => Parts {
            num: "CASE WHEN f.due = 0 AND c.last_seen = 0 THEN NULL WHEN c.ones > 0 THEN 1 \
                  WHEN c.unknown = 0 AND c.last_zeros > 0 THEN 0 END",
            low: NONE,
            high: NONE,
            applies: "",
        },
        CourseKind::MonthsIn => Parts {
            num: "CASE WHEN m.months_in + m.months_out = f.month_last - f.month_first + 1 \
                  THEN m.months_in END",
            low: "CASE WHEN c.ones + c.zeros > 0 THEN m.months_in END",
            high: "CASE WHEN c.ones + c.zeros > 0 \
                   THEN f.month_last - f.month_first + 1 - m.months_out END",
            applies: " AND f.month_last >= f.month_first",
        },
        CourseKind::FirstEntry => Parts {
            num: NONE,
            low: "CASE WHEN c.ones + c.zeros > 0 \
                  THEN COALESCE(b.last_no_on - f.drawn_on, 0) END",
            high: "c.entered_on - f.drawn_on",
            applies: " AND b.held_at_draw = 0",
        },
    }
}

/// From months: `c` counts, `n` and `e` the months of the last no and of the entry.
const fn of_months(kind: CourseKind) -> Parts {
    match kind {
        CourseKind::Ever => Parts {
            num: "CASE WHEN c.zeros + c.ones < c.month_last - c.month_first + 1 AND c.due = 0 \
                  THEN NULL WHEN c.ones > 0 THEN 1 \
                  WHEN c.zeros = c.month_last - c.month_first + 1 THEN 0 END",
            low: NONE,
            high: NONE,
            applies: "",
        },
        CourseKind::MonthsIn => Parts {
            num: "CASE WHEN c.ones + c.zeros = c.month_last - c.month_first + 1 THEN c.ones END",
            low: "CASE WHEN c.ones + c.zeros > 0 THEN c.ones END",
            high: "CASE WHEN c.ones + c.zeros > 0 \
                   THEN c.month_last - c.month_first + 1 - c.zeros END",
            applies: "",
        },
        CourseKind::FirstEntry => Parts {
            num: NONE,
            low: "CASE WHEN c.ones + c.zeros > 0 THEN COALESCE(n.last_day - c.drawn_on, 0) END",
            high: "e.last_day - c.drawn_on",
            applies: " AND c.held_at_draw = 0",
        },
    }
}

impl Resolved {
    pub(super) fn course(&self, course: &Course, variables: &[Stored]) -> String {
        match course.seen {
            Seen::Snapshots => self.in_snapshots(&of_snapshots(course.kind), variables),
            Seen::Months => self.in_months(course.kind),
        }
    }

    fn in_snapshots(&self, parts: &Parts, variables: &[Stored]) -> String {
        let names: std::collections::BTreeSet<&str> =
            self.expressions.iter().flat_map(Expression::names).collect();
        let known = |name: &str| variables.iter().find(|it| it.name == name);
        let columns: Vec<String> = names.iter().map(|name| column(name, known(name))).collect();
        let list: Vec<String> = names.iter().map(|name| quoted(name)).collect();
        fill(
            include_str!("../../sql/outcome_course.sql"),
            &[
                ("table", &table(&self.outcome.id)),
                ("unit", self.outcome.unit.code()),
                ("pivots", &columns.join(",\n    ")),
                ("variables", &list.join(", ")),
                ("state", &self.state()),
                ("join_days", &JOIN_DAYS.to_string()),
                ("num", parts.num),
                ("low", parts.low),
                ("high", parts.high),
                ("applies", parts.applies),
                ("asked_unknown", &panel::rank(ASKED_UNKNOWN).to_string()),
                ("not_applicable", &panel::rank(NOT_APPLICABLE).to_string()),
                ("not_due", &panel::rank(NOT_DUE).to_string()),
                ("not_reported", &panel::rank(NOT_REPORTED).to_string()),
            ],
        )
    }

    fn in_months(&self, kind: CourseKind) -> String {
        let parts = of_months(kind);
        // An entry has bounds in place of a value; months have them beside it.
        let known = if kind == CourseKind::FirstEntry { " OR v.low IS NOT NULL" } else { "" };
        fill(
            include_str!("../../sql/outcome_course_months.sql"),
            &[
                ("table", &table(&self.outcome.id)),
                ("state", &self.state()),
                ("num", parts.num),
                ("low", parts.low),
                ("high", parts.high),
                ("applies", parts.applies),
                ("known", known),
                ("not_applicable", &panel::rank(NOT_APPLICABLE).to_string()),
                ("not_due", &panel::rank(NOT_DUE).to_string()),
                ("not_reported", &panel::rank(NOT_REPORTED).to_string()),
            ],
        )
    }
}

/// A variable of a snapshot as a column.
fn column(name: &str, variable: Option<&Stored>) -> String {
    pivot(name, variable)
        .replace("r.input", "b.variable")
        .replace("r.answer", "b.value")
        .replace("r.num", "b.value")
}
