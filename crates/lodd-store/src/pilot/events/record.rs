//! Events to rows: what stands under an event's key, what the event makes of it, what is refused.

use rusqlite::{OptionalExtension, params_from_iter, types::Value as Sql};

use super::{
    ConsentGiven, Event, EventFact, FollowUp, Spell,
    replaced::{Replaced, replaced},
};
use crate::{
    StoreError, oslo_day,
    pilot::{
        SpellReason,
        roster::{Change, Member, insert_member, listed_in, member_of, office_of},
        write::Write,
    },
};

/// A row under its key. The columns told are those that a version can leave open.
struct Record {
    table: &'static str,
    key: Vec<(&'static str, Sql)>,
    /// The same in every version of the key.
    fixed: Vec<(&'static str, Sql)>,
    told: Vec<(&'static str, Sql)>,
}

/// What became of an event, and what it replaces.
type Appended = (Change, Option<Replaced>);

/// Appends events, members' times first, since other rows name those members. One change an event,
/// in the order given.
pub(in crate::pilot) fn append_all(
    write: &Write<'_>,
    events: &[Event],
) -> Result<Vec<Appended>, StoreError> {
    let is_spell = |event: &Event| matches!(event.fact, EventFact::Spell(_));
    let mut changes = vec![(Change::Unchanged, None); events.len()];
    for spells in [true, false] {
        let each = events.iter().zip(&mut changes).filter(|(event, _)| is_spell(event) == spells);
        for (event, change) in each {
            *change = append(write, event)?;
        }
    }
    Ok(changes)
}

fn append(write: &Write<'_>, event: &Event) -> Result<Appended, StoreError> {
    check(write, event)?;
    let (record, member) = match &event.fact {
        EventFact::Spell(spell) => spell_record(write, event, spell)?,
        EventFact::Move { municipality, office_id } => {
            (move_record(event, municipality, office_id.as_deref()), Change::Unchanged)
        }
        EventFact::Consent(given) => {
            check_unit(write, &given.unit_id, &event.family_id)?;
            (consent_record(event, given), Change::Unchanged)
        }
        EventFact::FollowUp(told) => (follow_up_record(write, event, told)?, Change::Unchanged),
        EventFact::Deviation { kind } => (
            Record {
                table: event.fact.table(),
                key: vec![
                    ("family_id", text(&event.family_id)),
                    ("at", day(event.on)),
                    ("kind", text(kind.code())),
                ],
                fixed: Vec::new(),
                told: Vec::new(),
            },
            Change::Unchanged,
        ),
    };
    let (row, replaced) = version(write, event, &record)?;
    Ok((if row == Change::Unchanged { member } else { row }, replaced))
}

/// Refuses an event of a family on no locked list, or after today, or that ends before it begins.
fn check(write: &Write<'_>, event: &Event) -> Result<(), StoreError> {
    let unit_id = || event.family_id.clone();
    office_of(&write.transaction, &event.family_id)?;
    let consent = matches!(event.fact, EventFact::Consent(_));
    if !consent && listed_in(&write.transaction, &event.family_id)?.is_none() {
        return Err(StoreError::NotOnAList { unit_id: unit_id() });
    }
    let (first, last) = match &event.fact {
        EventFact::Spell(Spell { came, left, .. }) => (came.map(|it| it.0), left.map(|it| it.0)),
        EventFact::FollowUp(it) => (Some(event.on), it.ended.map(|it| it.0)),
        EventFact::Consent(it) => (Some(event.on), it.withdrawn_on),
        EventFact::Move { .. } | EventFact::Deviation { .. } => (Some(event.on), None),
    };
    if first.zip(last).is_some_and(|(first, last)| last < first) {
        return Err(StoreError::DaysReversed { unit_id: unit_id() });
    }
    if first.max(last).max(Some(event.on)) > Some(oslo_day(write.at_us)?) {
        return Err(StoreError::FactTooLate { unit_id: unit_id() });
    }
    Ok(())
}

/// Refuses a unit that is neither the family nor one of its members.
fn check_unit(write: &Write<'_>, unit_id: &str, family_id: &str) -> Result<(), StoreError> {
    if unit_id == family_id {
        return Ok(());
    }
    let unit = || unit_id.to_owned();
    match member_of(&write.transaction, unit_id)? {
        Some(member) if member.family_id == family_id => Ok(()),
        Some(member) => {
            Err(StoreError::OtherFamily { unit_id: unit(), family_id: member.family_id })
        }
        None => Err(StoreError::UnknownUnit { unit_kind: "MEDLEM", unit_id: unit() }),
    }
}

fn move_record(event: &Event, municipality: &str, office_id: Option<&str>) -> Record {
    Record {
        table: event.fact.table(),
        key: vec![("family_id", text(&event.family_id)), ("moved_on", day(event.on))],
        fixed: Vec::new(),
        told: vec![
            ("municipality", text(municipality)),
            ("office_id", office_id.map_or(Sql::Null, text)),
        ],
    }
}

fn consent_record(event: &Event, given: &ConsentGiven) -> Record {
    let ConsentGiven { unit_id, kind, answer, withdrawn_on } = given;
    Record {
        table: event.fact.table(),
        key: vec![("member_id", text(unit_id)), ("kind", text(kind.code())), ("at", day(event.on))],
        fixed: vec![("family_id", text(&event.family_id))],
        told: vec![
            ("answer", text(answer.code())),
            ("withdrawn_at", withdrawn_on.map_or(Sql::Null, day)),
        ],
    }
}

/// Follow-up is filed under the draw whose list the family is on.
fn follow_up_record(
    write: &Write<'_>,
    event: &Event,
    told: &FollowUp,
) -> Result<Record, StoreError> {
    let FollowUp { ended, meetings, coordinator } = told;
    let draw = listed_in(&write.transaction, &event.family_id)?;
    Ok(Record {
        table: event.fact.table(),
        key: vec![
            ("family_id", text(&event.family_id)),
            ("started_on", day(event.on)),
            ("told_by", text("LOGG")),
        ],
        fixed: vec![("draw", draw.map_or(Sql::Null, Sql::Integer))],
        told: vec![
            ("ended_on", ended.map_or(Sql::Null, |it| day(it.0))),
            ("end_reason", ended.map_or(Sql::Null, |it| text(it.1.code()))),
            ("meetings", meetings.map_or(Sql::Null, Sql::Integer)),
            ("coordinator", coordinator.as_deref().map_or(Sql::Null, text)),
        ],
    })
}

/// A member's time: which one is meant, and the member it makes known.
fn spell_record(
    write: &Write<'_>,
    event: &Event,
    spell: &Spell,
) -> Result<(Record, Change), StoreError> {
    let member = record_newcomer(write, event, spell)?;
    let (valid_from, listed) = first_day(write, event, spell)?;
    if !listed && spell.left.is_some_and(|(last, _)| last < valid_from) {
        return Err(StoreError::DaysReversed { unit_id: spell.member_id.clone() });
    }
    let reason_in = spell.came.filter(|_| !listed).map(|(_, reason)| entry(reason).code());
    let reason_out = spell.left.map(|(_, reason)| exit(reason).code());
    let record = Record {
        table: event.fact.table(),
        key: vec![("member_id", text(&spell.member_id)), ("valid_from", day(valid_from))],
        fixed: vec![
            ("family_id", text(&event.family_id)),
            ("listed", Sql::Integer(i64::from(listed))),
        ],
        told: vec![
            ("valid_to", spell.left.map_or(Sql::Null, |it| day(it.0))),
            ("reason_in", reason_in.map_or(Sql::Null, text)),
            ("reason_out", reason_out.map_or(Sql::Null, text)),
        ],
    };
    Ok((record, member))
}

/// A reason that a member came for; any other says nothing of that.
const fn entry(reason: SpellReason) -> SpellReason {
    match reason {
        SpellReason::Born | SpellReason::MovedIn => reason,
        _ => SpellReason::Other,
    }
}

/// A reason that a member left for.
const fn exit(reason: SpellReason) -> SpellReason {
    match reason {
        SpellReason::Born | SpellReason::MovedIn => SpellReason::Other,
        _ => reason,
    }
}

/// Makes a member known who came after the list was locked, or corrects one. Who stood on the
/// locked list stays as it was locked.
fn record_newcomer(write: &Write<'_>, event: &Event, spell: &Spell) -> Result<Change, StoreError> {
    let member_id = || spell.member_id.clone();
    let before = member_of(&write.transaction, &spell.member_id)?;
    if let Some(before) = &before {
        check_unit(write, &spell.member_id, &event.family_id)?;
        let same = spell.role.is_none_or(|it| it == before.role)
            && spell.birth_year.is_none_or(|it| it == before.birth_year);
        if same || event.retracts {
            return Ok(Change::Unchanged);
        }
        if !is_newcomer(write, &spell.member_id)? || member_is_new(write, &spell.member_id)? {
            return Err(StoreError::ListedOtherwise { member_id: member_id() });
        }
    }
    let known = before.as_ref();
    let role = spell.role.or(known.map(|it| it.role));
    let birth_year = spell.birth_year.or(known.map(|it| it.birth_year));
    let (Some(role), Some(birth_year), Some(_)) = (role, birth_year, spell.came) else {
        return Err(StoreError::UnknownUnit { unit_kind: "MEDLEM", unit_id: member_id() });
    };
    let family_id = event.family_id.clone();
    let sex = known.and_then(|it| it.sex.clone());
    insert_member(write, &Member { member_id: member_id(), family_id, role, birth_year, sex })?;
    Ok(if before.is_some() { Change::Changed } else { Change::New })
}

/// Whether a member became known by an event: the roster's entries record no times.
fn is_newcomer(write: &Write<'_>, member_id: &str) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM household_spells WHERE member_id = ?1 AND recorded_at \
               = (SELECT MIN(recorded_at) FROM members WHERE member_id = ?1))";
    Ok(write.transaction.prepare_cached(sql)?.query_row([member_id], |row| row.get(0))?)
}

/// The first day of the time that is meant, and whether it is the one that began with the roster.
fn first_day(write: &Write<'_>, event: &Event, spell: &Spell) -> Result<(i32, bool), StoreError> {
    let sql = "SELECT registered_on FROM families WHERE family_id = ? \
               ORDER BY recorded_at DESC LIMIT 1";
    let registered_on: i32 =
        write.transaction.prepare_cached(sql)?.query_row([&event.family_id], |row| row.get(0))?;
    let newcomer = is_newcomer(write, &spell.member_id)? || member_is_new(write, &spell.member_id)?;
    if let Some((first, _)) = spell.came {
        let listed = !newcomer && first <= registered_on;
        return Ok((if listed { registered_on } else { first }, listed));
    }
    let until = spell.left.map_or(event.on, |it| it.0);
    let sql = "SELECT valid_from, listed FROM household_spells AS version WHERE member_id = ?1 \
               AND valid_from <= ?2 AND retracted = 0 AND recorded_at = (SELECT MAX(recorded_at) \
               FROM household_spells WHERE member_id = ?1 AND valid_from = version.valid_from) \
               ORDER BY valid_from DESC LIMIT 1";
    let mut select = write.transaction.prepare_cached(sql)?;
    let found = select
        .query_row((&spell.member_id, until), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        Some(found) => Ok(found),
        None if newcomer => Err(StoreError::NotInHousehold { member_id: spell.member_id.clone() }),
        None => Ok((registered_on, true)),
    }
}

/// Whether the member was made known in this very write.
fn member_is_new(write: &Write<'_>, member_id: &str) -> Result<bool, StoreError> {
    let sql = "SELECT MIN(recorded_at) = ?2 FROM members WHERE member_id = ?1";
    let new: Option<bool> = write
        .transaction
        .prepare_cached(sql)?
        .query_row((member_id, write.at_us), |row| row.get(0))?;
    Ok(new == Some(true))
}

/// The version that stands under a key: what it tells, whether it is a retraction, and when it was
/// recorded.
pub(super) type Standing = (Vec<Sql>, bool, i64);

/// Appends a version of a record, unless it says what stands already. A second one in the same
/// write is refused: its time is the same.
fn version(write: &Write<'_>, event: &Event, record: &Record) -> Result<Appended, StoreError> {
    let before = standing(write, record)?;
    if before.as_ref().is_some_and(|it| it.2 == write.at_us) {
        let key = format!("{} {}", event.family_id, event.on);
        return Err(StoreError::Twice { what: record.table, key });
    }
    let stood = before.as_ref().filter(|it| !it.1);
    if event.retracts && before.is_none() {
        return Err(StoreError::NothingToRetract { unit_id: event.family_id.clone() });
    }
    let told: Vec<Sql> = match stood {
        Some((old, ..)) if event.retracts => old.clone(),
        Some((old, ..)) => record.told.iter().zip(old).map(inherit).collect(),
        None => match &before {
            Some((old, ..)) if event.retracts => old.clone(),
            _ => record.told.iter().map(|(_, value)| value.clone()).collect(),
        },
    };
    let change = match &before {
        None => Change::New,
        Some((old, retracted, _)) if *old == told && *retracted == event.retracts => {
            return Ok((Change::Unchanged, None));
        }
        Some(_) => Change::Changed,
    };
    let names = record.told.iter().map(|(name, _)| *name);
    let replaced = before.as_ref().map(|before| replaced(names, before, (&told, event.retracts)));
    insert(write, event, record, told)?;
    Ok((change, replaced))
}

fn inherit(((_, new), old): (&(&'static str, Sql), &Sql)) -> Sql {
    if *new == Sql::Null { old.clone() } else { new.clone() }
}

fn standing(write: &Write<'_>, record: &Record) -> Result<Option<Standing>, StoreError> {
    let told: String = record.told.iter().map(|(name, _)| format!("{name}, ")).collect();
    let keys: Vec<String> = record.key.iter().map(|(name, _)| format!("{name} = ?")).collect();
    let sql = format!(
        "SELECT {told}retracted, recorded_at FROM {} WHERE {} ORDER BY recorded_at DESC LIMIT 1",
        record.table,
        keys.join(" AND "),
    );
    let count = record.told.len();
    let key = params_from_iter(record.key.iter().map(|(_, value)| value));
    let row = |row: &rusqlite::Row<'_>| {
        let told = (0..count).map(|at| row.get(at)).collect::<rusqlite::Result<_>>()?;
        Ok((told, row.get(count)?, row.get(count + 1)?))
    };
    Ok(write.transaction.prepare_cached(&sql)?.query_row(key, row).optional()?)
}

fn insert(
    write: &Write<'_>,
    event: &Event,
    record: &Record,
    told: Vec<Sql>,
) -> Result<(), StoreError> {
    let reason = event.reason_code.map_or(Sql::Null, |it| text(it.code()));
    let own = [
        ("recorded_at", Sql::Integer(write.at_us)),
        ("retracted", Sql::Integer(i64::from(event.retracts))),
        ("reason_code", reason),
    ];
    let told = record.told.iter().map(|(name, _)| *name).zip(told);
    let given = record.key.iter().chain(&record.fixed).cloned();
    let (names, values): (Vec<&str>, Vec<Sql>) = given.chain(told).chain(own).unzip();
    let marks = vec!["?"; names.len()].join(", ");
    let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", record.table, names.join(", "));
    write.transaction.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

fn text(text: &str) -> Sql {
    Sql::Text(text.to_owned())
}

fn day(day: i32) -> Sql {
    Sql::Integer(i64::from(day))
}
