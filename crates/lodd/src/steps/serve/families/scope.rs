//! Whose a family is, for the pages: the one place where an office meets a family's id. The steps take no
//! office; what has not passed here is not there.

use std::collections::BTreeMap;

use lodd_store::{
    Pilot,
    pilot::{DrawStatus, FamilyEvents, Handover, Told},
};

use super::super::super::{due, words};
use crate::problem::Failure;

/// A family that takes part, as an office may see it.
///
/// An office's families are those that it listed, and those that another office's move made it follow.
/// After such a move the office that listed the family sees what it had told itself, and nothing that was
/// told since. Families that were erased, struck, never drawn, or are another office's are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OfficeFamily {
    id: String,
    draw: i64,
    passed: Option<Passed>,
}

/// A family that another office follows since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Passed {
    /// The day of the move, in days since 1970-01-01.
    pub(super) on: i32,
    /// When it was told, µs since the epoch: what was told later is the other office's.
    pub(super) told_us: i64,
}

impl OfficeFamily {
    /// The family of that id, if it is the office's. `id` may be anything that somebody sent.
    ///
    /// # Errors
    ///
    /// If the pilot can't be read.
    pub(super) fn of(pilot: &Pilot, office: &str, id: &str) -> Result<Option<Self>, Failure> {
        Ok(Self::all(pilot, office)?.into_iter().find(|it| it.id == id))
    }

    /// The office's families, by id.
    ///
    /// # Errors
    ///
    /// If the pilot can't be read.
    pub(super) fn all(pilot: &Pilot, office: &str) -> Result<Vec<Self>, Failure> {
        let store = |error: lodd_store::StoreError| words::store(&error);
        let drawn = due::drawn(pilot).map_err(store)?;
        let mut moves: BTreeMap<String, Vec<Handover>> = BTreeMap::new();
        for it in pilot.handovers().map_err(store)? {
            moves.entry(it.family_id.clone()).or_default().push(it);
        }
        let own = pilot.families().map_err(store)?.into_iter().filter_map(|it| {
            let (draw, _) = drawn.get(&it.family_id)?;
            let moves = moves.get(&it.family_id).map_or(&[][..], Vec::as_slice);
            let is_listed = it.office_id == office;
            let passed = match whose(office, is_listed, moves) {
                Whose::Other => return None,
                Whose::Own => None,
                Whose::Passed(passed) => Some(passed),
            };
            Some(Self { id: it.family_id, draw: *draw, passed })
        });
        Ok(own.collect())
    }

    /// Its pseudonym.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Since when another office follows it.
    pub(super) fn passed(&self) -> Option<Passed> {
        self.passed
    }

    /// What this office may see of what has been told: neither follow-up nor deviations, which tell the
    /// arm, nor a consent to the follow-up from after the draw, which only some families are asked for.
    ///
    /// # Errors
    ///
    /// If the pilot can't be read.
    pub(super) fn events(&self, pilot: &Pilot) -> Result<FamilyEvents, Failure> {
        let store = |error: lodd_store::StoreError| words::store(&error);
        let cut_us = self.passed.map_or(i64::MAX, |it| it.told_us);
        let mut events = pilot.family_events(&self.id, cut_us).map_err(store)?;
        let draws = pilot.draws().map_err(store)?;
        let drawn = draws.iter().find(|it| it.draw == self.draw && it.status != DrawStatus::Void);
        let drawn_on = drawn.and_then(|it| it.drawn_on);
        events.told.retain(|it| may_be_shown(it, drawn_on));
        Ok(events)
    }
}

/// Whose a family is, for an office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Own,
    /// It listed the family, and another follows it.
    Passed(Passed),
    Other,
}

/// By the list, and by the moves that name an office, in order.
fn whose(office: &str, is_listed: bool, moves: &[Handover]) -> Whose {
    let (mut is_here, mut passed) = (is_listed, None);
    for it in moves {
        if it.office_id == office {
            (is_here, passed) = (true, None);
        } else if is_here {
            is_here = false;
            passed = Some(Passed { on: it.moved_on, told_us: it.recorded_at_us });
        }
    }
    match passed {
        _ if is_here => Whose::Own,
        Some(passed) if is_listed => Whose::Passed(passed),
        // Who followed it for a while without having listed it is done with it.
        _ => Whose::Other,
    }
}

fn may_be_shown(told: &Told, drawn_on: Option<i32>) -> bool {
    let value = |name: &str| told.values.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
    let day = |name: &str| value(name).and_then(|it| it.parse::<i32>().ok());
    match told.table {
        "household_spells" | "family_moves" => true,
        "consents" => {
            value("kind") == Some("FORSKNING")
                || drawn_on.is_none_or(|drawn| {
                    ["at", "withdrawn_at"].into_iter().filter_map(day).all(|it| it <= drawn)
                })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use lodd_store::pilot::{Handover, Told};

    use super::{Passed, Whose, may_be_shown, whose};

    fn to(office: &str, moved_on: i32) -> Handover {
        let (family_id, office_id) = ("RIN-7KQ4-R".to_owned(), office.to_owned());
        Handover { family_id, moved_on, office_id, recorded_at_us: i64::from(moved_on) * 10 }
    }

    #[test]
    fn a_family_is_whose_the_last_move_says_and_its_list_s() {
        let since = |on| Whose::Passed(Passed { on, told_us: i64::from(on) * 10 });
        let (own, other) = (Whose::Own, Whose::Other);
        let moves = [to("b", 1), to("c", 2), to("a", 3), to("b", 4)];
        for (until, [a, b, c]) in [
            (0, [own, other, other]),
            (1, [since(1), own, other]),
            (2, [since(1), other, own]),
            (3, [own, other, other]),
            (4, [since(4), own, other]),
        ] {
            let moves = &moves[..until];
            assert_eq!(whose("a", true, moves), a, "{until}");
            assert_eq!(whose("b", false, moves), b, "{until}");
            assert_eq!(whose("c", false, moves), c, "{until}");
        }
    }

    #[test]
    fn what_tells_the_arm_is_not_shown() {
        let told = |table, kind: &str, at: i32| Told {
            table,
            recorded_at_us: 0,
            stands: true,
            values: vec![("kind", kind.to_owned()), ("at", at.to_string())],
        };
        for (row, shown) in [
            (told("participation", "", 1), false),
            (told("deviations", "KRYSSET_OVER", 1), false),
            (told("offers", "", 1), false),
            (told("household_spells", "", 9), true),
            (told("family_moves", "", 9), true),
            (told("consents", "FORSKNING", 9), true),
            (told("consents", "TILTAK", 5), true),
            (told("consents", "TILTAK", 6), false),
        ] {
            assert_eq!(may_be_shown(&row, Some(5)), shown, "{row:?}");
        }
    }
}
