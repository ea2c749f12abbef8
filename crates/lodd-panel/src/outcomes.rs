//! Outcomes: from the panel to one number, code or reason a unit and horizon.
//!
//! Inputs: `panel` (the result of [`crate::panel::sql`], `due` and dates as integers),
//! `observations` (that of [`crate::observations::sql`]), `cut`, `targets`, `assignments`, `members`,
//! `monthly`, `calendar(month, year, last_day)` ([`crate::calendar`]) and `away(member_id, from_on,
//! until_on)`: when a member did not live in the household, the last day excluded, for newcomers
//! also before they came. Output: [`COLUMNS`], sorted by the full key. A value is two integers,
//! divided on writing: `value_num / value_den`; bounds are whole numbers.
//!
//! - Only the primary rule. An outcome is computed within one (source, register), for each in
//!   which at least one of its inputs occurs; sources are never blended.
//! - Three-valued logic: *any* is 1 if one member is 1, 0 only if all are 0; *all* dually; a
//!   share is missing as long as one member's answer is. Over ITT members alive at the target to
//!   whom it applies; a family with none of them gets `IKKE_AKTUELT` (`DOD` if they have died).
//! - A missing outcome has the first reason, in [`crate::panel::MISSING_REASONS`]' order, among
//!   its inputs'. `IKKE_AKTUELT` where all inputs are there and it does not apply.
//! - Monthly outcomes: source `REGISTER`, from rows of the family. A month is 0 only if a row
//!   says 0; one month without a row makes the outcome missing. They do not apply at the start,
//!   nor "the last six months" before the sixth month after the draw's.
//! - *Adults at home* are the parents and partners who live in the household at the target, newcomers
//!   too, who have no rows of their own and are unknown.
//! - *Ever*, *months in* and *first entry* follow a condition over time, from the planned snapshots
//!   after the draw up to the window's end or from months 1 to h. *Ever* is 1 if it was seen to hold;
//!   0 if every snapshot says no and one of them lies in the window, or every month does. A month is
//!   *in* by its last day where status is only seen at snapshots: between two that agree and lie at
//!   most [`crate::spells::JOIN_DAYS`] days apart the status holds, elsewhere it is unknown, and the
//!   number of months has bounds. *First entry* is an interval (`value_low`, `value_high`] in days
//!   after the draw, without an upper end where it was never seen; it does not apply to a unit for
//!   which the condition held at the draw.

use std::borrow::Cow;

use crate::codes::{Text, UnitKind};

mod resolve;
mod text;

pub(crate) use resolve::{Resolved, check_code_list, resolve};
pub(crate) use text::sql;

/// The columns of the result, in order.
pub const COLUMNS: &[&str] = &[
    "cut_us",
    "draw",
    "outcome_id",
    "version",
    "unit_kind",
    "unit_id",
    "horizon",
    "source",
    "register",
    "value_num",
    "value_den",
    "value_code",
    "value_low",
    "value_high",
    "missing_reason",
];

/// An outcome of the dictionary, or a pilot's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Upper-case name.
    pub id: Text,
    /// Counted up when the definition changes.
    pub version: i32,
    /// Whom it describes.
    pub unit: UnitKind,
    /// Bokmål.
    pub label_nb: Text,
    /// Nynorsk.
    pub label_nn: Text,
    /// English.
    pub label_en: Text,
    /// Which way is better, where that is said.
    pub direction: Option<Direction>,
    /// Ages in years at the target, both included, to which it applies: year less birth year.
    pub ages: Option<(i64, i64)>,
    /// What it is.
    pub definition: Definition,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// What an outcome is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Definition {
    /// A condition over the unit's variables and yes/no outcomes: 1 or 0.
    Sql(Text),
    /// Whether a yes/no outcome of members holds for one of them.
    Any(Text),
    /// Whether it holds for all.
    All(Text),
    /// The share of them for whom it holds.
    Share(Text),
    /// The share of them of whom it is known.
    Coverage(Text),
    /// Whether it holds for one of the adults at home.
    AnyAtHome(Text),
    /// Whether it holds for all adults at home.
    AllAtHome(Text),
    /// A condition over the family's variables; where it is not known, what all its adults at home
    /// that are counted have alike.
    Agreed {
        /// The condition.
        sql: Text,
        /// The yes/no outcome of adults.
        adults: Text,
    },
    /// The first condition that is true, all before it false.
    Categories(Vec<Category>),
    /// From monthly registers.
    Monthly(Monthly),
    /// A condition followed from the draw to the horizon.
    Course(Course),
}

/// A condition followed over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// What is asked of it.
    pub kind: CourseKind,
    /// Over the unit's variables; of months over `assistance_grant` and `assistance_loan`.
    pub sql: Text,
    /// Where it is seen.
    pub seen: Seen,
}

/// What is asked of a condition followed over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CourseKind {
    /// 1 if it ever held.
    Ever,
    /// In how many months it held.
    MonthsIn,
    /// When it first held.
    FirstEntry,
}

impl CourseKind {
    /// Its key in `pilot.toml`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ever => "ever",
            Self::MonthsIn => "months_in",
            Self::FirstEntry => "first_entry",
        }
    }
}

/// Where a condition is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// At planned snapshots.
    Snapshots,
    /// In monthly registers, of families.
    Months,
}

/// One category of an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Upper-case name.
    pub code: String,
    /// Bokmål.
    pub nb: String,
    /// English.
    pub en: String,
    /// A condition over the unit's variables and yes/no outcomes.
    pub sql: String,
}

/// What is made of months of assistance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Monthly {
    /// 1 if months h − 5 … h are all without grant and loan.
    FreeSixMonths,
    /// Months 1 … h with a grant or a loan.
    Months,
    /// NOK of grants in months 1 … h.
    Grants,
    /// NOK of loans in months 1 … h.
    Loans,
}

/// What a protocol's `[[outcome]]` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// One of the dictionary, by its id: the definition that is in use.
    Dictionary(String),
    /// One of the dictionary in an earlier definition.
    Version(String, i32),
    /// The pilot's own.
    Own(Box<Outcome>),
}

/// What an outcome's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// 1 or 0.
    YesNo,
    /// A fraction in [0, 1], over members.
    Share,
    /// A count of months, at least 0.
    Months,
    /// NOK, at least 0.
    Nok,
    /// A code.
    Category,
    /// A pair of bounds, of months or of days.
    Interval,
}

impl ValueKind {
    const fn label(self) -> &'static str {
        match self {
            Self::YesNo => "a yes/no outcome",
            Self::Share => "a share",
            Self::Months => "a number of months",
            Self::Nok => "an amount",
            Self::Category => "a category",
            Self::Interval => "an interval",
        }
    }
}

impl Outcome {
    /// What its value is.
    pub const fn value_kind(&self) -> ValueKind {
        match &self.definition {
            Definition::Sql(_)
            | Definition::Any(_)
            | Definition::All(_)
            | Definition::AnyAtHome(_)
            | Definition::AllAtHome(_)
            | Definition::Agreed { .. }
            | Definition::Course(Course { kind: CourseKind::Ever, .. })
            | Definition::Monthly(Monthly::FreeSixMonths) => ValueKind::YesNo,
            Definition::Share(_) | Definition::Coverage(_) => ValueKind::Share,
            Definition::Monthly(Monthly::Months)
            | Definition::Course(Course {
                kind: CourseKind::MonthsIn, seen: Seen::Months, ..
            }) => ValueKind::Months,
            Definition::Monthly(Monthly::Grants | Monthly::Loans) => ValueKind::Nok,
            Definition::Categories(_) => ValueKind::Category,
            Definition::Course(_) => ValueKind::Interval,
        }
    }

    /// Its definition in words, for the dictionary of a report.
    pub fn derivation(&self) -> String {
        match &self.definition {
            Definition::Sql(sql) => sql.to_string(),
            Definition::Any(of) => format!("one of the family's members has {of}"),
            Definition::All(of) => format!("all of the family's members have {of}"),
            Definition::Share(of) => format!("the share of the family's members that have {of}"),
            Definition::Coverage(of) => {
                format!("the share of the family's members of whom {of} is known")
            }
            Definition::AnyAtHome(of) => format!("one of the adults at home has {of}"),
            Definition::AllAtHome(of) => format!("all adults at home have {of}"),
            Definition::Agreed { sql, adults } => {
                format!(
                    "{sql}; where it is not known, what all ITT adults at home have as {adults}"
                )
            }
            Definition::Course(course) => course.derivation(),
            Definition::Categories(categories) => {
                let one = |it: &Category| format!("{}: {}", it.code, it.sql);
                categories.iter().map(one).collect::<Vec<_>>().join("; ")
            }
            Definition::Monthly(Monthly::FreeSixMonths) => {
                "neither grant nor loan in months h - 5 to h".to_owned()
            }
            Definition::Monthly(Monthly::Months) => {
                "months 1 to h after the draw's with a grant or a loan".to_owned()
            }
            Definition::Monthly(Monthly::Grants) => "NOK of grants in months 1 to h".to_owned(),
            Definition::Monthly(Monthly::Loans) => "NOK of loans in months 1 to h".to_owned(),
        }
    }

    /// Whom it is counted over.
    pub fn denominator(&self) -> Text {
        match (&self.definition, self.unit, self.ages) {
            (Definition::AnyAtHome(_) | Definition::AllAtHome(_), ..) => {
                "assigned families with a parent or partner at home at the target".into()
            }
            (
                Definition::Any(_)
                | Definition::All(_)
                | Definition::Share(_)
                | Definition::Coverage(_),
                ..,
            ) => {
                "assigned families with an ITT member alive at the target to whom it applies".into()
            }
            (_, UnitKind::Family, _) => "assigned families".into(),
            (_, UnitKind::Adult, None) => "parents and partners present at the draw".into(),
            (_, UnitKind::Child, None) => "children present at the draw".into(),
            (_, unit, Some((low, high))) => Cow::Owned(format!(
                "{} present at the draw, {low} to {high} years old at the target",
                if unit == UnitKind::Child { "children" } else { "adults" }
            )),
        }
    }
}

impl Course {
    fn derivation(&self) -> String {
        let (sql, seen) = (
            &self.sql,
            match self.seen {
                Seen::Snapshots => "planned snapshots after the draw up to the window's end",
                Seen::Months => "months 1 to h",
            },
        );
        match self.kind {
            CourseKind::Ever => format!("ever {sql}, in {seen}"),
            CourseKind::MonthsIn => format!("months 1 to h with {sql}, from {seen}"),
            CourseKind::FirstEntry => {
                format!("days from the draw until first {sql}, in (low, high], from {seen}")
            }
        }
    }
}
