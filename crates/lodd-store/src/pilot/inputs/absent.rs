//! Units that lack consent to research, and persons of families that broke up: from the events, as
//! known at a cut. Rows of `exits`, beside those of [`super::events`].
//!
//! - `SAMTYKKE_MANGLER` holds from a refusal until the next yes; where the pilot requires consent,
//!   also from the draw until the first yes. An adult's last word counts, its own or its family's; a
//!   withdrawal is a no. A family lacks consent when all its adults do; a child as its family, unless
//!   it has answered itself.
//! - `FAMILIE_OPPLOST` holds for a person who left the household when the couple parted, from the day
//!   after the last one there until the person is back; and for everyone of the family while none of
//!   the adults counted in it lives there any more, deaths apart.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::{ASSIGNMENTS, Input, events::MEMBERS, linked::linked};
use crate::{
    Column, Kind, StoreError, Table,
    pilot::{
        SpellReason,
        events::{HouseholdSpell, household_spells},
    },
    query::QueryError,
};

/// Whether somebody who was never asked lacks consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentRule {
    /// Only a refusal is a lack.
    NotRequired,
    /// Without a yes there is none.
    Required,
}

/// A row of `exits`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Absence {
    pub(super) unit_kind: &'static str,
    pub(super) unit_id: String,
    pub(super) reason: &'static str,
    pub(super) from_on: i32,
    pub(super) until_on: Option<i32>,
}

/// Answers about research: of the unit drawn, of a member, or of a linked family for its members.
const ANSWERS: Input = Input {
    name: "answers",
    sql: linked!(
        ", told AS (SELECT member_id AS id, at, answer, withdrawn_at FROM consents AS version \
         WHERE retracted = 0 AND kind = 'FORSKNING' AND recorded_at = (SELECT MAX(recorded_at) \
         FROM consents WHERE member_id = version.member_id AND kind = version.kind \
         AND at = version.at AND recorded_at <= :cut)), \
         people AS (SELECT member_id, family_id FROM members AS version \
         WHERE recorded_at = (SELECT MAX(recorded_at) FROM members \
         WHERE member_id = version.member_id AND recorded_at <= :cut)), \
         placed AS (SELECT id AS unit_id, 1 AS own, at, answer, withdrawn_at FROM told \
         WHERE id IN (SELECT family_id FROM families) \
         AND id NOT IN (SELECT family_id FROM units) \
         UNION ALL SELECT COALESCE(counted_as, people.member_id), people.member_id = told.id, at, \
         answer, withdrawn_at FROM told \
         JOIN people ON people.member_id = told.id OR (people.family_id = told.id \
         AND told.id IN (SELECT family_id FROM units)) \
         LEFT JOIN persons ON persons.member_id = people.member_id) \
         SELECT unit_id, own, at, answer = 'JA' AS agrees FROM placed \
         UNION ALL SELECT unit_id, own, withdrawn_at, 0 FROM placed WHERE withdrawn_at IS NOT NULL \
         ORDER BY unit_id, at, own, agrees DESC"
    ),
    columns: &[
        ("unit_id", Kind::Text),
        ("own", Kind::Int),
        ("at", Kind::Date),
        ("agrees", Kind::Bool),
    ],
};

/// One answer: the day, whether it is the unit's own, and that of two on a day the no counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Answer {
    at: i32,
    own: bool,
    refuses: bool,
}

/// A family that was drawn, with the members counted in it.
#[derive(Default)]
struct Unit {
    drawn_on: i32,
    adults: Vec<String>,
    children: Vec<String>,
}

/// The rows, sorted.
pub(super) fn absences(
    connection: &Connection,
    (cut_us, rule): (i64, ConsentRule),
) -> Result<Vec<Absence>, StoreError> {
    let units = units(connection, cut_us)?;
    let answers = answers(connection, cut_us)?;
    let mut spells: BTreeMap<String, Vec<HouseholdSpell>> = BTreeMap::new();
    for spell in household_spells(connection, cut_us)? {
        spells.entry(spell.member_id.clone()).or_default().push(spell);
    }
    let mut all = BTreeSet::new();
    for (family_id, unit) in &units {
        all.extend(Consents { family_id, unit, rule, answers: &answers }.lacking());
        all.extend(dissolved(unit, &spells));
    }
    Ok(all.into_iter().collect())
}

/// When members did not live in the household, the last day excluded: of those who came later also
/// before they came. The table `away`.
pub(super) fn away(connection: &Connection, cut_us: i64) -> Result<Table, StoreError> {
    let spells = household_spells(connection, cut_us)?;
    let mut rows: Vec<(String, i32, Option<i32>)> = Vec::new();
    let mut spells = spells.iter().peekable();
    let mut before: Option<&str> = None;
    while let Some(spell) = spells.next() {
        let id = spell.member_id.as_str();
        // The epoch is before every pilot; who stood on the roster has no reason to have come.
        if before != Some(id) && spell.reason_in.is_some() {
            rows.push((id.to_owned(), 0, Some(spell.valid_from)));
        }
        let back = spells.peek().filter(|it| it.member_id == id).map(|it| it.valid_from);
        if let Some(last) = spell.valid_to.filter(|last| back != Some(last + 1)) {
            rows.push((id.to_owned(), last + 1, back));
        }
        before = Some(id);
    }
    let columns = vec![
        Column::text("member_id", rows.iter().map(|it| Some(it.0.as_str()))),
        Column::date("from_on", rows.iter().map(|it| Some(it.1))),
        Column::date("until_on", rows.iter().map(|it| it.2)),
    ];
    Ok(Table::new("away", columns).map_err(QueryError::from)?)
}

fn units(connection: &Connection, cut_us: i64) -> Result<BTreeMap<String, Unit>, StoreError> {
    let assignments = ASSIGNMENTS.at(connection, cut_us)?;
    let members = MEMBERS.at(connection, cut_us)?;
    let mut units: BTreeMap<String, Unit> = BTreeMap::new();
    for (family_id, drawn_on) in
        text(&assignments, "family_id")?.zip(date(&assignments, "drawn_on")?)
    {
        let unit = units.entry(family_id).or_insert(Unit { drawn_on, ..Unit::default() });
        unit.drawn_on = unit.drawn_on.min(drawn_on);
    }
    let present = members.int("in_itt").map_err(QueryError::from)?;
    let people = text(&members, "member_id")?.zip(text(&members, "family_id")?);
    for (((id, family_id), role), present) in people.zip(text(&members, "role")?).zip(present) {
        let Some(unit) = units.get_mut(&family_id).filter(|_| *present == Some(1)) else {
            continue;
        };
        match role.as_str() {
            "FORELDER" | "PARTNER" => unit.adults.push(id),
            "BARN" => unit.children.push(id),
            _ => {}
        }
    }
    Ok(units)
}

fn answers(
    connection: &Connection,
    cut_us: i64,
) -> Result<BTreeMap<String, Vec<Answer>>, StoreError> {
    let table = ANSWERS.at(connection, cut_us)?;
    let own = table.int("own").map_err(QueryError::from)?;
    let agrees = table.bool("agrees").map_err(QueryError::from)?;
    let mut answers: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
    let days = text(&table, "unit_id")?.zip(date(&table, "at")?);
    for (((unit_id, at), own), agrees) in days.zip(own).zip(agrees) {
        let answer = Answer { at, own: *own == Some(1), refuses: *agrees != Some(true) };
        answers.entry(unit_id).or_default().push(answer);
    }
    Ok(answers)
}

fn text<'t>(table: &'t Table, name: &str) -> Result<impl Iterator<Item = String> + 't, StoreError> {
    let column = table.text(name).map_err(QueryError::from)?;
    Ok(column.iter().map(|it| it.clone().unwrap_or_default()))
}

fn date<'t>(table: &'t Table, name: &str) -> Result<impl Iterator<Item = i32> + 't, StoreError> {
    let column = table.date(name).map_err(QueryError::from)?;
    Ok(column.iter().map(|it| it.unwrap_or_default()))
}

/// Days on which something holds, from one change to the next.
fn periods(days: &BTreeSet<i32>, holds: impl Fn(i32) -> bool) -> Vec<(i32, Option<i32>)> {
    let mut found: Vec<(i32, Option<i32>)> = Vec::new();
    for &day in days {
        let open = found.last().is_some_and(|(_, until)| until.is_none());
        match (open, holds(day)) {
            (false, true) => found.push((day, None)),
            (true, false) => {
                if let Some(last) = found.last_mut() {
                    last.1 = Some(day);
                }
            }
            _ => {}
        }
    }
    found
}

struct Consents<'a> {
    family_id: &'a str,
    unit: &'a Unit,
    rule: ConsentRule,
    answers: &'a BTreeMap<String, Vec<Answer>>,
}

impl Consents<'_> {
    fn lacking(&self) -> Vec<Absence> {
        let ids = self.unit.adults.iter().chain(&self.unit.children).map(String::as_str);
        let told = ids.chain([self.family_id]).flat_map(|id| self.of(id));
        let days: BTreeSet<i32> = told.map(|it| it.at).chain([self.unit.drawn_on]).collect();
        let mut all = Vec::new();
        let mut add = |unit_kind, unit_id: &str, found: Vec<(i32, Option<i32>)>| {
            all.extend(found.into_iter().map(|(from_on, until_on)| Absence {
                unit_kind,
                unit_id: unit_id.to_owned(),
                reason: "SAMTYKKE_MANGLER",
                from_on,
                until_on,
            }));
        };
        add("FAMILIE", self.family_id, periods(&days, |day| self.family_lacks(day)));
        for id in &self.unit.adults {
            add("VOKSEN", id, periods(&days, |day| self.adult_lacks(id, day)));
        }
        for id in &self.unit.children {
            add("BARN", id, periods(&days, |day| self.child_lacks(id, day)));
        }
        all
    }

    fn of(&self, id: &str) -> &[Answer] {
        self.answers.get(id).map_or(&[], Vec::as_slice)
    }

    /// The last word on a day, of these: a member's own before its family's, a no before a yes.
    fn last(day: i32, own: &[Answer], family: &[Answer]) -> Option<bool> {
        let family = family.iter().map(|it| Answer { own: false, ..*it });
        let until = own.iter().copied().chain(family).filter(|it| it.at <= day);
        until.max().map(|it| it.refuses)
    }

    fn adult_lacks(&self, id: &str, day: i32) -> bool {
        Self::last(day, self.of(id), self.of(self.family_id))
            .unwrap_or(self.rule == ConsentRule::Required)
    }

    fn family_lacks(&self, day: i32) -> bool {
        if self.unit.adults.is_empty() {
            return Self::last(day, self.of(self.family_id), &[])
                .unwrap_or(self.rule == ConsentRule::Required);
        }
        self.unit.adults.iter().all(|id| self.adult_lacks(id, day))
    }

    fn child_lacks(&self, id: &str, day: i32) -> bool {
        if self.of(id).iter().any(|it| it.at <= day) {
            return self.adult_lacks(id, day);
        }
        self.family_lacks(day)
    }
}

fn dissolved(unit: &Unit, spells: &BTreeMap<String, Vec<HouseholdSpell>>) -> Vec<Absence> {
    let of = |id: &str| spells.get(id).map_or(&[][..], Vec::as_slice);
    let adults: Vec<&[HouseholdSpell]> = unit.adults.iter().map(|id| of(id)).collect();
    let all_gone = all_gone(&adults);
    let kinds = [("VOKSEN", &unit.adults), ("BARN", &unit.children)];
    let members = kinds.into_iter().flat_map(|(kind, ids)| ids.iter().map(move |id| (kind, id)));
    let of_member = members.flat_map(|(unit_kind, id)| {
        let own = parted(of(id)).into_iter().chain(all_gone.iter().copied());
        own.map(move |(from_on, until_on)| Absence {
            unit_kind,
            unit_id: id.clone(),
            reason: "FAMILIE_OPPLOST",
            from_on,
            until_on,
        })
    });
    of_member.collect()
}

/// From the day after a member left as the couple parted until the member was back.
fn parted(spells: &[HouseholdSpell]) -> Vec<(i32, Option<i32>)> {
    let next = spells.iter().skip(1).map(|it| Some(it.valid_from)).chain([None]);
    let ended =
        spells.iter().zip(next).filter(|(it, _)| it.reason_out == Some(SpellReason::Parted));
    ended.filter_map(|(it, back)| Some((it.valid_to? + 1, back))).collect()
}

/// While no adult lives in the household, and one of them has left it alive.
fn all_gone(adults: &[&[HouseholdSpell]]) -> Vec<(i32, Option<i32>)> {
    let each = || adults.iter().flat_map(|it| it.iter());
    let ends: BTreeSet<i32> = each().filter_map(|it| Some(it.valid_to? + 1)).collect();
    let starts = each().map(|it| it.valid_from).filter(|it| ends.first() <= Some(it));
    let days: BTreeSet<i32> = starts.chain(ends.iter().copied()).collect();
    periods(&days, |day| {
        let there = |it: &&HouseholdSpell| {
            it.valid_from <= day && it.valid_to.is_none_or(|last| day <= last)
        };
        let left_alive = |it: &HouseholdSpell| {
            it.valid_to.is_some_and(|last| last < day)
                && it.reason_out.is_some_and(|reason| reason != SpellReason::Died)
        };
        !each().any(|it| there(&it)) && each().any(left_alive)
    })
}
