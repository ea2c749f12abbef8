//! Outcomes: from the panel to one number, code or reason a unit and horizon.
//!
//! Inputs: `panel` (the result of [`crate::panel::sql`], `due` and dates as integers), `cut`,
//! `targets`, `assignments`, `members`, `monthly`. Output: [`COLUMNS`], sorted by the full key. A
//! value is two integers, divided on writing: `value_num / value_den`.
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
    /// The first condition that is true, all before it false.
    Categories(Vec<Category>),
    /// From monthly registers.
    Monthly(Monthly),
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
    /// One of the dictionary, by its id.
    Dictionary(String),
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
}

impl ValueKind {
    const fn label(self) -> &'static str {
        match self {
            Self::YesNo => "a yes/no outcome",
            Self::Share => "a share",
            Self::Months => "a number of months",
            Self::Nok => "an amount",
            Self::Category => "a category",
        }
    }
}

impl Outcome {
    /// What its value is.
    pub const fn value_kind(&self) -> ValueKind {
        match self.definition {
            Definition::Sql(_)
            | Definition::Any(_)
            | Definition::All(_)
            | Definition::Monthly(Monthly::FreeSixMonths) => ValueKind::YesNo,
            Definition::Share(_) => ValueKind::Share,
            Definition::Monthly(Monthly::Months) => ValueKind::Months,
            Definition::Monthly(Monthly::Grants | Monthly::Loans) => ValueKind::Nok,
            Definition::Categories(_) => ValueKind::Category,
        }
    }

    /// Its definition in words, for the dictionary of a report.
    pub fn derivation(&self) -> String {
        match &self.definition {
            Definition::Sql(sql) => sql.to_string(),
            Definition::Any(of) => format!("one of the family's members has {of}"),
            Definition::All(of) => format!("all of the family's members have {of}"),
            Definition::Share(of) => format!("the share of the family's members that have {of}"),
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
            (Definition::Any(_) | Definition::All(_) | Definition::Share(_), ..) => {
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
