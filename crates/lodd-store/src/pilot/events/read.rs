//! Events as known at a cut: times in the household, and everything that was told.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, named_params, types::Value as Sql};

use crate::{
    StoreError,
    pilot::{Pilot, Role, SpellReason, inputs::in_itt},
};

/// A member's time in a household in one municipality. Days in days since 1970-01-01.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdSpell {
    /// The member.
    pub member_id: String,
    /// The family, as drawn.
    pub family_id: String,
    /// The role in it.
    pub role: Role,
    /// The first day; of those on the roster the family's registration.
    pub valid_from: i32,
    /// The last day; `None` while it lasts.
    pub valid_to: Option<i32>,
    /// Where the family lived, four digits.
    pub municipality: String,
    /// Whether the member was present on the date of the draw, and so counts in its analysis.
    pub in_itt: bool,
    /// Why the member came; `None` for one who stood on the roster, or whose family moved.
    pub reason_in: Option<SpellReason>,
    /// Why the member left; `None` where the family moved.
    pub reason_out: Option<SpellReason>,
}

/// One version of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The table.
    pub table: &'static str,
    /// When it was recorded, µs since the epoch.
    pub recorded_at_us: i64,
    /// Whether this version stands: the latest of its key, and not a retraction.
    pub stands: bool,
    /// Column and value, those that are known; days as days since 1970-01-01.
    pub values: Vec<(&'static str, String)>,
}

/// What is known of a family's events at a cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyEvents {
    /// The times of its members, by member and first day.
    pub spells: Vec<HouseholdSpell>,
    /// Every version told, by table, key and time.
    pub told: Vec<Told>,
}

/// A move after which another office of the pilot follows a family, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The family.
    pub family_id: String,
    /// The day of the move, in days since 1970-01-01.
    pub moved_on: i32,
    /// The office that follows it from then on.
    pub office_id: String,
    /// When this was first told, µs since the epoch.
    pub recorded_at_us: i64,
}

/// A table of events: its key without `recorded_at`, and what else a version says.
struct Kept {
    table: &'static str,
    key: &'static [&'static str],
    told: &'static [&'static str],
    only: &'static str,
}

const KEPT: [Kept; 5] = [
    Kept {
        table: "household_spells",
        key: &["member_id", "valid_from"],
        told: &["valid_to", "reason_in", "reason_out", "retracted", "reason_code"],
        only: "1",
    },
    Kept {
        table: "family_moves",
        key: &["family_id", "moved_on"],
        told: &["municipality", "office_id", "retracted", "reason_code"],
        only: "1",
    },
    Kept {
        table: "consents",
        key: &["member_id", "kind", "at"],
        told: &["answer", "withdrawn_at", "retracted", "reason_code"],
        only: "1",
    },
    Kept {
        table: "participation",
        key: &["family_id", "started_on"],
        told: &["ended_on", "end_reason", "meetings", "coordinator", "retracted", "reason_code"],
        only: "told_by = 'LOGG'",
    },
    Kept {
        table: "deviations",
        key: &["family_id", "at", "kind"],
        told: &["retracted", "reason_code"],
        only: "1",
    },
];

impl Pilot {
    /// What has been told of a family as known at a cut, µs since the epoch.
    ///
    /// # Errors
    ///
    /// If the family is not on the roster, or the store can't be read.
    pub fn family_events(&self, family_id: &str, cut_us: i64) -> Result<FamilyEvents, StoreError> {
        let reading = self.connection.unchecked_transaction()?;
        super::office_of(&reading, family_id)?;
        let mut told = Vec::new();
        for kept in &KEPT {
            told.extend(versions(&reading, kept, family_id, cut_us)?);
        }
        let spells = household_spells(&reading, cut_us)?;
        Ok(FamilyEvents {
            spells: spells.into_iter().filter(|it| it.family_id == family_id).collect(),
            told,
        })
    }

    /// Family and coordinator (a code, never a name) of each time of follow-up that the coordinators'
    /// log tells of, as known at a cut, µs since the epoch.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn coordinators(&self, cut_us: i64) -> Result<Vec<(String, String)>, StoreError> {
        let mut select = self.connection.prepare(
            "SELECT DISTINCT family_id, coordinator FROM participation AS version \
             WHERE told_by = 'LOGG' AND retracted = 0 AND coordinator IS NOT NULL \
             AND recorded_at = (SELECT MAX(recorded_at) FROM participation WHERE told_by = 'LOGG' \
             AND family_id = version.family_id AND started_on = version.started_on \
             AND recorded_at <= ?1) ORDER BY 1, 2",
        )?;
        let rows = select.query_map((cut_us,), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The moves that stand and name an office, by family and day.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn handovers(&self) -> Result<Vec<Handover>, StoreError> {
        let mut select = self.connection.prepare(
            "SELECT family_id, moved_on, office_id, (SELECT MIN(recorded_at) FROM family_moves \
             WHERE family_id = version.family_id AND moved_on = version.moved_on \
             AND office_id = version.office_id) FROM family_moves AS version \
             WHERE retracted = 0 AND office_id IS NOT NULL AND recorded_at = \
             (SELECT MAX(recorded_at) FROM family_moves WHERE family_id = version.family_id \
             AND moved_on = version.moved_on) ORDER BY family_id, moved_on",
        )?;
        let handover = |row: &Row<'_>| {
            Ok(Handover {
                family_id: row.get(0)?,
                moved_on: row.get(1)?,
                office_id: row.get(2)?,
                recorded_at_us: row.get(3)?,
            })
        };
        Ok(select.query_map([], handover)?.collect::<Result<_, _>>()?)
    }

    /// The times of all members of all families as known at a cut, by member and first day.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn household_spells(&self, cut_us: i64) -> Result<Vec<HouseholdSpell>, StoreError> {
        let reading = self.connection.unchecked_transaction()?;
        household_spells(&reading, cut_us)
    }
}

fn versions(
    reading: &Connection,
    kept: &Kept,
    family_id: &str,
    cut_us: i64,
) -> Result<Vec<Told>, StoreError> {
    let columns: Vec<&'static str> = kept.key.iter().chain(kept.told).copied().collect();
    let (all, key, table) = (columns.join(", "), kept.key.join(", "), kept.table);
    let sql = format!(
        "SELECT recorded_at, retracted = 0 AND recorded_at = MAX(recorded_at) \
         OVER (PARTITION BY {key}), {all} FROM {table} \
         WHERE family_id = ? AND recorded_at <= ? AND {} ORDER BY {key}, recorded_at",
        kept.only
    );
    let mut select = reading.prepare(&sql)?;
    let version = |row: &Row<'_>| {
        let mut values = Vec::new();
        for (at, name) in columns.iter().enumerate() {
            let value: Sql = row.get(at + 2)?;
            let text = match value {
                Sql::Text(text) => text,
                Sql::Integer(number) => number.to_string(),
                _ => continue,
            };
            if *name != "retracted" || text == "1" {
                values.push((*name, text));
            }
        }
        Ok(Told { table, recorded_at_us: row.get(0)?, stands: row.get(1)?, values })
    };
    Ok(select.query_map((family_id, cut_us), version)?.collect::<Result<_, _>>()?)
}

/// A time as it is stored: first day, whether it began with the roster, last day, reasons.
#[derive(Clone)]
struct Stored {
    valid_from: i32,
    listed: bool,
    valid_to: Option<i32>,
    reason_in: Option<SpellReason>,
    reason_out: Option<SpellReason>,
}

/// A member with its family's registration and where its office lies.
struct Person {
    member_id: String,
    family_id: String,
    role: Role,
    registered_on: i32,
    municipality: String,
    newcomer: bool,
}

/// The times of all members of all families as known at a cut.
pub(in crate::pilot) fn household_spells(
    reading: &Connection,
    cut_us: i64,
) -> Result<Vec<HouseholdSpell>, StoreError> {
    let mut stored = stored_spells(reading, cut_us)?;
    let moves = moves(reading, cut_us)?;
    let present = in_itt(reading, cut_us)?;
    let mut all = Vec::new();
    for person in people(reading, cut_us)? {
        let mut own = stored.remove(&person.member_id).unwrap_or_default();
        if !person.newcomer && !own.iter().any(|it| it.listed) {
            let valid_from = person.registered_on;
            let (valid_to, reason_in, reason_out) = (None, None, None);
            own.push(Stored { valid_from, listed: true, valid_to, reason_in, reason_out });
        }
        own.sort_by_key(|it| it.valid_from);
        let moves = moves.get(&person.family_id).map_or(&[][..], Vec::as_slice);
        let in_itt = present.get(&person.member_id) == Some(&true);
        for spell in joined(own) {
            all.extend(placed(&person, &spell, moves).map(|it| HouseholdSpell { in_itt, ..it }));
        }
    }
    Ok(all)
}

/// Times in order, those that overlap made one.
fn joined(spells: Vec<Stored>) -> Vec<Stored> {
    let mut all: Vec<Stored> = Vec::new();
    for spell in spells {
        match all.last_mut() {
            Some(last) if last.valid_to.is_none_or(|end| spell.valid_from <= end) => {
                let longer = last.valid_to.is_some()
                    && (spell.valid_to.is_none() || spell.valid_to > last.valid_to);
                if longer {
                    (last.valid_to, last.reason_out) = (spell.valid_to, spell.reason_out);
                }
            }
            _ => all.push(spell),
        }
    }
    all
}

/// A time cut up at the family's moves.
fn placed<'p>(
    person: &'p Person,
    spell: &'p Stored,
    moves: &'p [(i32, String)],
) -> impl Iterator<Item = HouseholdSpell> + 'p {
    let inside = |day: i32| day > spell.valid_from && spell.valid_to.is_none_or(|last| day <= last);
    let mut starts = vec![spell.valid_from];
    starts.extend(moves.iter().map(|(day, _)| *day).filter(|day| inside(*day)));
    let count = starts.len();
    let ends: Vec<Option<i32>> = starts.iter().skip(1).map(|day| Some(day - 1)).collect();
    let ends = ends.into_iter().chain([spell.valid_to]);
    starts.into_iter().zip(ends).enumerate().map(move |(at, (valid_from, valid_to))| {
        let home = moves.iter().rev().find(|(day, _)| *day <= valid_from);
        HouseholdSpell {
            member_id: person.member_id.clone(),
            family_id: person.family_id.clone(),
            role: person.role,
            valid_from,
            valid_to,
            municipality: home.map_or_else(|| person.municipality.clone(), |it| it.1.clone()),
            in_itt: false,
            reason_in: spell.reason_in.filter(|_| at == 0),
            reason_out: spell.reason_out.filter(|_| at + 1 == count),
        }
    })
}

fn stored_spells(
    reading: &Connection,
    cut_us: i64,
) -> rusqlite::Result<BTreeMap<String, Vec<Stored>>> {
    let sql = "SELECT member_id, valid_from, listed, valid_to, reason_in, reason_out \
               FROM household_spells AS version WHERE retracted = 0 AND recorded_at = \
               (SELECT MAX(recorded_at) FROM household_spells WHERE member_id = version.member_id \
               AND valid_from = version.valid_from AND recorded_at <= :cut)";
    let mut select = reading.prepare(sql)?;
    let mut all: BTreeMap<String, Vec<Stored>> = BTreeMap::new();
    let mut rows = select.query(named_params! { ":cut": cut_us })?;
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_default().push(Stored {
            valid_from: row.get(1)?,
            listed: row.get(2)?,
            valid_to: row.get(3)?,
            reason_in: row.get(4)?,
            reason_out: row.get(5)?,
        });
    }
    Ok(all)
}

/// Each family's moves, by day.
fn moves(
    reading: &Connection,
    cut_us: i64,
) -> rusqlite::Result<BTreeMap<String, Vec<(i32, String)>>> {
    let sql = "SELECT family_id, moved_on, municipality FROM family_moves AS version \
               WHERE retracted = 0 AND recorded_at = (SELECT MAX(recorded_at) FROM family_moves \
               WHERE family_id = version.family_id AND moved_on = version.moved_on \
               AND recorded_at <= :cut) ORDER BY family_id, moved_on";
    let mut select = reading.prepare(sql)?;
    let mut all: BTreeMap<String, Vec<(i32, String)>> = BTreeMap::new();
    let mut rows = select.query(named_params! { ":cut": cut_us })?;
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
    }
    Ok(all)
}

fn people(reading: &Connection, cut_us: i64) -> rusqlite::Result<Vec<Person>> {
    let sql = "SELECT member_id, family_id, role, registered_on, municipality, EXISTS (SELECT 1 \
               FROM household_spells AS spell WHERE spell.member_id = member.member_id \
               AND spell.recorded_at = (SELECT MIN(recorded_at) FROM members \
               WHERE member_id = member.member_id)) \
               FROM members AS member JOIN families AS family USING (family_id) \
               JOIN offices AS office USING (office_id) \
               WHERE member.recorded_at = (SELECT MAX(recorded_at) FROM members \
               WHERE member_id = member.member_id AND recorded_at <= :cut) \
               AND family.recorded_at = (SELECT MAX(recorded_at) FROM families \
               WHERE family_id = family.family_id AND recorded_at <= :cut) \
               AND office.recorded_at = (SELECT MAX(recorded_at) FROM offices \
               WHERE office_id = office.office_id AND recorded_at <= :cut) ORDER BY member_id";
    let mut select = reading.prepare(sql)?;
    let person = |row: &Row<'_>| {
        Ok(Person {
            member_id: row.get(0)?,
            family_id: row.get(1)?,
            role: row.get(2)?,
            registered_on: row.get(3)?,
            municipality: row.get(4)?,
            newcomer: row.get(5)?,
        })
    };
    select.query_map(named_params! { ":cut": cut_us }, person)?.collect()
}
