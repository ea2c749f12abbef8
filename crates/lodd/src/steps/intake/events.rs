//! Events of an office's file, as the store takes them; and who is followed up.

use std::collections::BTreeSet;

use lodd_intake::{self as intake};
use lodd_store::{
    Pilot,
    pilot::{
        self as store, Consent, ConsentAnswer, ConsentGiven, DeviationKind, DrawStatus, DrawnKind,
        EndReason, FollowUp, ReasonCode, Spell, SpellReason,
    },
};

use super::{super::words, day, role};
use crate::{problem::Failure, protocol::Protocol};

/// An event as the store takes it.
pub(super) fn event(it: &intake::Event) -> Result<store::Event, Failure> {
    let reason_code =
        it.reason_code.as_deref().map(|code| known(code, ReasonCode::from_code(code)));
    Ok(store::Event {
        family_id: it.family_id.clone(),
        on: day(it.on),
        fact: fact(&it.fact)?,
        retracts: it.retracts,
        reason_code: reason_code.transpose()?,
    })
}

fn fact(fact: &intake::EventFact) -> Result<store::EventFact, Failure> {
    use intake::EventFact as Told;
    Ok(match fact {
        Told::Spell(it) => store::EventFact::Spell(spell(it)?),
        Told::Move { municipality, office } => {
            store::EventFact::Move { municipality: municipality.clone(), office_id: office.clone() }
        }
        Told::Consent { unit_id, kind, answer, withdrawn_on } => {
            store::EventFact::Consent(ConsentGiven {
                unit_id: unit_id.clone(),
                kind: known(kind, Consent::from_code(kind))?,
                answer: known(answer, ConsentAnswer::from_code(answer))?,
                withdrawn_on: withdrawn_on.map(day),
            })
        }
        Told::FollowUp { ended, meetings, coordinator } => {
            let ended = ended.as_ref().map(|(last, why)| {
                Ok::<_, Failure>((day(*last), known(why, EndReason::from_code(why))?))
            });
            let (meetings, coordinator) = (*meetings, coordinator.clone());
            store::EventFact::FollowUp(FollowUp {
                ended: ended.transpose()?,
                meetings,
                coordinator,
            })
        }
        Told::Deviation { kind } => {
            store::EventFact::Deviation { kind: known(kind, DeviationKind::from_code(kind))? }
        }
    })
}

fn spell(it: &intake::Spell) -> Result<Spell, Failure> {
    let with_reason = |told: &Option<(jiff::civil::Date, String)>| {
        let both = told.as_ref().map(|(on, why)| {
            Ok::<_, Failure>((day(*on), known(why, SpellReason::from_code(why))?))
        });
        both.transpose()
    };
    Ok(Spell {
        member_id: it.member_id.clone(),
        role: it.newcomer.map(|(new, _)| role(new)),
        birth_year: it.newcomer.map(|(_, year)| year),
        came: with_reason(&it.came)?,
        left: with_reason(&it.left)?,
    })
}

fn known<T>(code: &str, found: Option<T>) -> Result<T, Failure> {
    found.ok_or_else(|| Failure::internal("code", format!("`{code}` is not one of the store's")))
}

/// The families drawn to an arm other than the control, and those that took a place since; nothing
/// where no draw of families has been made.
pub(super) fn follow_up(
    pilot: &Pilot,
    protocol: &Protocol,
) -> Result<Option<BTreeSet<String>>, Failure> {
    let refused = |error: lodd_store::StoreError| words::store(&error);
    let made = |it: &store::Draw| matches!(it.status, DrawStatus::Drawn | DrawStatus::Imported);
    let mut all: Option<BTreeSet<String>> = None;
    for draw in pilot.draws().map_err(refused)?.iter().filter(|it| made(it)) {
        let rows = pilot.assignments(draw.draw).map_err(refused)?;
        let families: Vec<_> =
            rows.into_iter().filter(|it| it.unit_kind == DrawnKind::Family).collect();
        if families.is_empty() {
            continue;
        }
        let followed = all.get_or_insert_default();
        let control = protocol.draw.control();
        followed.extend(families.into_iter().filter(|it| it.arm != control).map(|it| it.unit_id));
        let offers = pilot.offer_log(draw.draw).map_err(refused)?;
        let taken = offers.blocks.into_iter().flat_map(|it| it.offers).filter(store::Offer::taken);
        followed.extend(taken.map(|it| it.family_id));
        let linked = pilot.linked_families(draw.draw).map_err(refused)?;
        let under = linked.into_iter().filter(|(_, unit)| followed.contains(unit));
        let under: Vec<String> = under.map(|(family, _)| family).collect();
        followed.extend(under);
    }
    Ok(all)
}
