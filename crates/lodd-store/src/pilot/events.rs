//! What happens to families after their list was locked: members who come and go, moves, consents,
//! follow-up, deviations from the draw. Nothing of the draw changes by it.
//!
//! Each event has a key and is kept as versions: telling the same again writes nothing, telling it
//! otherwise is a correction, and a retraction takes it away. What a version leaves open is
//! inherited from the one before, so that a start can be told first and its end later.

mod read;
mod record;
mod replaced;

pub(super) use read::household_spells;
pub use read::{FamilyEvents, Handover, HouseholdSpell, Told};
pub(super) use record::append_all;
pub use replaced::EventCorrection;

use serde_json::{Value as Json, json};

use super::{
    Consent, ConsentAnswer, DeviationKind, EndReason, Pilot, ReasonCode, Role, Source, SpellReason,
    Stamp,
    roster::{Change, office_of},
};
use crate::{StoreError, ledger::Head};

/// One thing that happened to a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The family, as drawn.
    pub family_id: String,
    /// The day it is filed under, in days since 1970-01-01: with the family, its atom.
    pub on: i32,
    /// What happened.
    pub fact: EventFact,
    /// Whether it is taken back rather than told.
    pub retracts: bool,
    /// Why it corrects what stands, where it does.
    pub reason_code: Option<ReasonCode>,
}

/// What happened. All days in days since 1970-01-01.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventFact {
    /// A member's time in the household.
    Spell(Spell),
    /// The family moved on [`Event::on`].
    Move {
        /// To this municipality, four digits.
        municipality: String,
        /// The office of the pilot that follows it from then on.
        office_id: Option<String>,
    },
    /// A consent, or its refusal, given on [`Event::on`].
    Consent(ConsentGiven),
    /// Follow-up that began on [`Event::on`].
    FollowUp(FollowUp),
    /// A deviation from the draw on [`Event::on`].
    Deviation {
        /// What kind.
        kind: DeviationKind,
    },
}

/// A member's time in a household. A newcomer has its first day, role and year of birth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    /// The member.
    pub member_id: String,
    /// The role; needed for a member who is not known yet.
    pub role: Option<Role>,
    /// Year of birth; needed for a member who is not known yet.
    pub birth_year: Option<i32>,
    /// The first day and why; `None` for the time that is running.
    pub came: Option<(i32, SpellReason)>,
    /// The last day and why.
    pub left: Option<(i32, SpellReason)>,
}

/// The answer to a question for consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentGiven {
    /// The member; the family where its adults answered as one.
    pub unit_id: String,
    /// To what.
    pub kind: Consent,
    /// The answer.
    pub answer: ConsentAnswer,
    /// The day it was withdrawn.
    pub withdrawn_on: Option<i32>,
}

/// What a coordinator tells of a family's follow-up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowUp {
    /// The last day, and why it ended.
    pub ended: Option<(i32, EndReason)>,
    /// Meetings so far.
    pub meetings: Option<i64>,
    /// A code for the coordinator; never a name.
    pub coordinator: Option<String>,
}

/// What recording events did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventReceipt {
    /// The ledger entry; `None` where nothing was new, and nothing was written.
    pub entry: Option<Head>,
    /// Events that were not there.
    pub new: usize,
    /// Events that were there otherwise.
    pub changed: usize,
    /// Events that were there.
    pub unchanged: usize,
}

/// A stored status that is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retraction<'a> {
    /// The family or member.
    pub unit_id: &'a str,
    /// The status date, in days since 1970-01-01.
    pub status_date: i32,
    /// Who reported it.
    pub source: Source,
    /// The register it was from.
    pub register: Option<&'a str>,
    /// Why.
    pub reason_code: ReasonCode,
}

/// What a ledger entry says of why something is recorded: codes, no personal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground<'a> {
    /// The entry's event, such as `withdrawal`.
    pub event: &'a str,
    /// The legal ground, a code such as `GDPR_7_3`.
    pub legal: &'a str,
}

impl Pilot {
    /// Records events together, or none of them. The same events again write nothing.
    ///
    /// # Errors
    ///
    /// If a family is on no locked list (consents apart), a member is unknown, an event lies after
    /// today, or its days contradict each other.
    pub fn record_events(
        &mut self,
        stamp: &Stamp,
        ground: Ground<'_>,
        events: &[Event],
    ) -> Result<EventReceipt, StoreError> {
        let write = self.begin(stamp)?;
        let changes = append_all(&write, events)?;
        let count = |change| changes.iter().filter(|(it, _)| *it == change).count();
        let (new, changed) = (count(Change::New), count(Change::Changed));
        let unchanged = count(Change::Unchanged);
        let entry = if new + changed == 0 {
            None
        } else {
            let told: Vec<Json> = events.iter().map(payload).collect();
            let payload = json!({ "ground": ground.legal, "events": told });
            Some(write.commit(ground.event, &payload)?)
        };
        Ok(EventReceipt { entry, new, changed, unchanged })
    }
}

/// An event as the ledger keeps it.
fn payload(event: &Event) -> Json {
    let fact = match &event.fact {
        EventFact::Spell(it) => json!({
            "member_id": it.member_id,
            "role": it.role.map(Role::code),
            "birth_year": it.birth_year,
            "valid_from": it.came.map(|(day, _)| day),
            "reason_in": it.came.map(|(_, reason)| reason.code()),
            "valid_to": it.left.map(|(day, _)| day),
            "reason_out": it.left.map(|(_, reason)| reason.code()),
        }),
        EventFact::Move { municipality, office_id } => {
            json!({ "municipality": municipality, "office_id": office_id })
        }
        EventFact::Consent(it) => json!({
            "member_id": it.unit_id,
            "kind": it.kind.code(),
            "answer": it.answer.code(),
            "withdrawn_at": it.withdrawn_on,
        }),
        EventFact::FollowUp(it) => json!({
            "ended_on": it.ended.map(|(day, _)| day),
            "end_reason": it.ended.map(|(_, reason)| reason.code()),
            "meetings": it.meetings,
            "coordinator": it.coordinator,
        }),
        EventFact::Deviation { kind } => json!({ "kind": kind.code() }),
    };
    json!({
        "table": event.fact.table(),
        "family_id": event.family_id,
        "on": event.on,
        "retracts": event.retracts,
        "reason_code": event.reason_code.map(ReasonCode::code),
        "fact": fact,
    })
}

impl EventFact {
    /// The table that keeps it.
    pub const fn table(&self) -> &'static str {
        match self {
            Self::Spell(_) => "household_spells",
            Self::Move { .. } => "family_moves",
            Self::Consent(_) => "consents",
            Self::FollowUp(_) => "participation",
            Self::Deviation { .. } => "deviations",
        }
    }
}
