//! What happened to families: members who come and go, moves, consents; and, in the coordinators'
//! log, follow-up and deviations from the draw.
//!
//! An event belongs to the atom of its family and its date, and goes in or is held with it. The log
//! tells who is followed up, so its sheets never stand in a file of statuses (K08).

use jiff::civil::Date;

use crate::{
    catalogue,
    expectations::{Expectations, Role},
    finding::Finding,
    table::{Layout, Table},
    variable::Code,
};

pub mod codes;
mod members;
mod read;
mod units;

pub(crate) use read::{newcomers, row};

/// The sheets of a form for statuses that tell of events, each with its headers.
pub const IN_STATUS_FORM: [(&str, &[&str]); 3] = [
    (
        "Familiemedlemmer",
        &["medlem_id", "familie_id", "rolle", "fodselsar", "fra_dato", "til_dato", "arsak"],
    ),
    ("Flytting", &["familie_id", "dato", "til_kommune", "til_kontor"]),
    ("Samtykke", &["medlem_id", "type", "dato", "svar", "trukket"]),
];

/// The sheets of the coordinators' log, each with its headers.
pub const IN_LOG: [(&str, &[&str]); 2] = [
    (
        "Deltakelse",
        &["familie_id", "startet", "sluttet", "sluttarsak", "moter", "koordinator", "avvik"],
    ),
    ("Avvik", &["familie_id", "dato", "type"]),
];

/// Columns that every sheet of events may have.
const META: [&str; 2] = ["registrering", "arsak_til_retting"];

/// Something that happened to a family.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// The family, as drawn.
    pub family_id: String,
    /// The day it is filed under.
    pub on: Date,
    /// What happened.
    pub fact: EventFact,
    /// Whether it is taken back (`TILBAKEKALT`).
    pub retracts: bool,
    /// Why what was told before is corrected, where given.
    pub reason_code: Option<String>,
}

/// What happened. Codes are those of [`codes`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventFact {
    /// A member's time in the household.
    Spell(Spell),
    /// The family moved.
    Move {
        /// To this municipality, four digits.
        municipality: String,
        /// The office of the pilot that follows it from then on.
        office: Option<String>,
    },
    /// A consent was given or refused.
    Consent {
        /// The member, or the family where its adults answered as one.
        unit_id: String,
        /// `FORSKNING` or `TILTAK`.
        kind: String,
        /// `JA` or `NEI`.
        answer: String,
        /// The day it was withdrawn.
        withdrawn_on: Option<Date>,
    },
    /// Follow-up began.
    FollowUp {
        /// The last day and why.
        ended: Option<(Date, String)>,
        /// Meetings so far.
        meetings: Option<i64>,
        /// The coordinator's code.
        coordinator: Option<String>,
    },
    /// A deviation from the draw.
    Deviation {
        /// What kind.
        kind: String,
    },
}

/// A member's time in a household.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    /// The member.
    pub member_id: String,
    /// Role and year of birth of a member who was not known before.
    pub newcomer: Option<(Role, i32)>,
    /// The first day and why.
    pub came: Option<(Date, String)>,
    /// The last day and why.
    pub left: Option<(Date, String)>,
}

impl Event {
    /// What tells one event of a file from another.
    pub(crate) fn key(&self) -> String {
        let (sheet, unit, sub) = match &self.fact {
            EventFact::Spell(it) => {
                let day = it.came.as_ref().map(|(day, _)| day.to_string());
                ("spell", it.member_id.as_str(), day.unwrap_or_default())
            }
            EventFact::Move { .. } => ("move", self.family_id.as_str(), self.on.to_string()),
            EventFact::Consent { unit_id, kind, .. } => {
                ("consent", unit_id.as_str(), format!("{kind} {}", self.on))
            }
            EventFact::FollowUp { .. } => ("log", self.family_id.as_str(), self.on.to_string()),
            EventFact::Deviation { kind } => {
                ("deviation", self.family_id.as_str(), format!("{kind} {}", self.on))
            }
        };
        format!("{sheet} {unit} {sub}")
    }

    /// The member that the event makes known.
    pub(crate) fn newcomer(&self) -> Option<&str> {
        match &self.fact {
            EventFact::Spell(it) if it.newcomer.is_some() => Some(&it.member_id),
            _ => None,
        }
    }
}

/// Whether a text is a coordinator's code: one to three letters, one to three digits.
pub fn is_coordinator(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = text.bytes().skip(letters).filter(u8::is_ascii_digit).count();
    let fits = (1..=3).contains(&letters) && (1..=3).contains(&digits);
    fits && letters + digits == text.len()
}

/// Whether a sheet tells of events.
pub(crate) fn is_event_sheet(name: &str) -> bool {
    IN_STATUS_FORM.iter().chain(&IN_LOG).any(|(it, _)| *it == name)
}

/// The layouts of all sheets of events.
pub(crate) fn layouts() -> Vec<Layout> {
    let layout = |(name, headers): &(&'static str, &[&str])| Layout::new(name, headers, &META);
    IN_STATUS_FORM.iter().chain(&IN_LOG).map(layout).collect()
}

/// Sheets of the log in a file of statuses: they show who is followed up (K08).
pub(crate) fn out_of_place(tables: &[Table<'_>]) -> Vec<Finding> {
    let of_log = |name: &str| IN_LOG.iter().any(|(it, _)| *it == name);
    let statuses = ["Familier", "Voksne", "Barn"];
    if !tables.iter().any(|table| statuses.contains(&table.name)) {
        return Vec::new();
    }
    let shown = tables.iter().filter(|table| of_log(table.name));
    shown.map(|table| table.finding(&catalogue::K08).suggest(Some(table.name))).collect()
}

/// Whether a family was drawn to follow-up, or has been offered a place since; where that is not
/// known, it was.
fn is_followed(expect: &Expectations, family: &str) -> bool {
    expect.follow_up.as_ref().is_none_or(|followed| followed.contains(family))
}

/// The codes of a list.
fn plain(codes: &[Code]) -> Vec<&str> {
    codes.iter().map(|it| it.code.as_str()).collect()
}
