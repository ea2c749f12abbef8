//! Forms for the offices: what `lodd template` and `lodd roster template` write, and the file that goes
//! back with what is held.
//!
//! What a form asks, in which sheet and under which header, is what the readers know; the labels in its
//! drop-downs are those that the readers take without a word. Text is always written as text: nothing
//! from a file or a protocol becomes a formula. The same input gives the same bytes.

mod book;
mod columns;
mod correction;
mod forms;
mod guide;
mod lists;
mod words;

use jiff::civil::{Date, DateTime};
use rust_xlsxwriter::XlsxError;

pub use correction::correction;
pub use forms::{log, roster, status};

use crate::{
    expectations::{Expectations, Role},
    text::{Lang, Phrase},
    variable::UnitKind,
};

/// Whom a form is for, and in which words.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// The language of labels, guide and messages.
    pub lang: Lang,
    /// The pilot's label.
    pub pilot: &'a str,
    /// The pilot's title.
    pub title: &'a str,
    /// The office's name; empty for a form of no office in particular.
    pub office_name: &'a str,
    /// When it is made, UTC.
    pub made_at: DateTime,
    /// The pilot as it is known: its offices, families, members and variables.
    pub expect: &'a Expectations,
}

/// One row that is asked for: a unit and a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What the unit is.
    pub unit: UnitKind,
    /// Its id.
    pub unit_id: String,
    /// Role and year of birth of a member.
    pub who: Option<(Role, i32)>,
    /// The time of measurement, such as *12 måneder*.
    pub horizon: Phrase,
    /// The first and the last day that count, where they are known.
    pub window: Option<(Date, Date)>,
}

/// Why a form could not be written: it has more rows or longer texts than a workbook can hold.
#[derive(Debug, thiserror::Error)]
#[error("can't write the workbook: {0}")]
pub struct FormError(#[from] XlsxError);
