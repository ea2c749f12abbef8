//! The rows of the roster, each a version of the one before.

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::{Change, Fact, Family, Mark, Member, Office};
use crate::{
    StoreError,
    pilot::{MarkKind, Role, UnitKind, sealed, write::Write},
};

/// What a row is against the one that stands.
pub(in crate::pilot) fn compare<T: PartialEq>(before: Option<&T>, row: &T) -> Change {
    match before {
        None => Change::New,
        Some(before) if before == row => Change::Unchanged,
        Some(_) => Change::Changed,
    }
}

pub(super) fn record_office(write: &Write<'_>, office: &Office) -> Result<Change, StoreError> {
    let sql = "SELECT office_id, name, municipality FROM offices WHERE office_id = ? \
               ORDER BY recorded_at DESC LIMIT 1";
    let before = write.transaction.query_row(sql, [&office.office_id], office_row).optional()?;
    let change = compare(before.as_ref(), office);
    if change != Change::Unchanged {
        let Office { office_id, name, municipality } = office;
        let mut insert =
            write.transaction.prepare_cached("INSERT INTO offices VALUES (?, ?, ?, ?)")?;
        insert.execute((office_id, write.at_us, name, municipality))?;
        write.office_key(office_id)?;
    }
    Ok(change)
}

pub(super) fn record_family(write: &Write<'_>, family: &Family) -> Result<Change, StoreError> {
    let Family { family_id, office_id, registered_on } = family;
    let sql = "SELECT family_id, office_id, registered_on FROM families WHERE family_id = ? \
               ORDER BY recorded_at DESC LIMIT 1";
    let mut select = write.transaction.prepare_cached(sql)?;
    let before = select.query_row([family_id], family_row).optional()?;
    let change = compare(before.as_ref(), family);
    if change != Change::Unchanged {
        refuse_locked(write, family_id)?;
        known_office(&write.transaction, office_id)?;
        let mut insert =
            write.transaction.prepare_cached("INSERT INTO families VALUES (?, ?, ?, ?)")?;
        insert.execute((family_id, write.at_us, office_id, registered_on))?;
        write.family_key(family_id)?;
    }
    Ok(change)
}

pub(super) fn record_member(write: &Write<'_>, member: &Member) -> Result<Change, StoreError> {
    let before = member_of(&write.transaction, &member.member_id)?;
    let change = compare(before.as_ref(), member);
    if change != Change::Unchanged {
        for it in before.iter().chain([member]) {
            refuse_locked(write, &it.family_id)?;
        }
        office_of(&write.transaction, &member.family_id)?;
        insert_member(write, member)?;
    }
    Ok(change)
}

/// Appends a version of a member.
pub(in crate::pilot) fn insert_member(
    write: &Write<'_>,
    member: &Member,
) -> Result<(), StoreError> {
    let Member { member_id, family_id, role, birth_year, sex } = member;
    let sql = "INSERT INTO members VALUES (?, ?, ?, ?, ?, ?)";
    let mut insert = write.transaction.prepare_cached(sql)?;
    insert.execute((member_id, write.at_us, family_id, role, birth_year, sex))?;
    Ok(())
}

pub(super) fn record_fact(write: &Write<'_>, fact: &Fact) -> Result<Change, StoreError> {
    let Fact { family_id, criterion, observed_on, value, source } = fact;
    office_of(&write.transaction, family_id)?;
    let key = write.family_key(family_id)?;
    let sql = "SELECT recorded_at, sealed, source FROM facts WHERE family_id = ? \
               AND criterion = ? AND observed_on = ? ORDER BY recorded_at DESC LIMIT 1";
    let mut select = write.transaction.prepare_cached(sql)?;
    let of = (family_id, criterion, observed_on);
    let standing: Option<(i64, Vec<u8>, Option<String>)> =
        select.query_row(of, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let place = |recorded_at| sealed::fact(criterion, *observed_on, recorded_at);
    let before = match standing {
        Some((at, bytes, source)) => {
            Some((sealed::open(&key, (&place(at), &bytes), sealed::text)?, source))
        }
        None => None,
    };
    let change = compare(before.as_ref(), &(value.clone(), source.clone()));
    if change != Change::Unchanged {
        refuse_locked(write, family_id)?;
        let bytes = key.seal(&place(write.at_us), value.as_bytes());
        let sql = "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)";
        let mut insert = write.transaction.prepare_cached(sql)?;
        insert.execute((family_id, criterion, observed_on, write.at_us, source, bytes))?;
    }
    Ok(change)
}

pub(super) fn record_mark(write: &Write<'_>, mark: &Mark) -> Result<Change, StoreError> {
    let Mark { unit_id, kind, value } = mark;
    let before = mark_of(write, unit_id, *kind)?;
    if before.is_none() && value.is_none() {
        return Ok(Change::Unchanged);
    }
    let change = compare(before.as_ref(), &Standing(value.clone()));
    if change != Change::Unchanged {
        let family = match member_of(&write.transaction, unit_id)? {
            Some(member) => member.family_id,
            None => unit_id.clone(),
        };
        office_of(&write.transaction, &family)?;
        refuse_locked(write, &family)?;
        if let (MarkKind::LivesWith, Some(other)) = (kind, value) {
            office_of(&write.transaction, other)?;
        }
        let place = (&unit_id[..], *kind, write.at_us);
        let (value, sealed) = sealed::split_mark(&write.family_key(&family)?, place, value.clone());
        let sql = "INSERT INTO roster_marks VALUES (?, ?, ?, ?, ?, ?)";
        let mut insert = write.transaction.prepare_cached(sql)?;
        insert.execute((unit_id, kind, write.at_us, family, value, sealed))?;
    }
    Ok(change)
}

/// A mark as it stands: null where it was taken away.
#[derive(PartialEq)]
struct Standing(Option<String>);

/// The mark as it stands; `None` where there was never one.
fn mark_of(
    write: &Write<'_>,
    unit_id: &str,
    kind: MarkKind,
) -> Result<Option<Standing>, StoreError> {
    let sql = "SELECT family_id, recorded_at, value, sealed FROM roster_marks \
               WHERE unit_id = ? AND mark = ? ORDER BY recorded_at DESC LIMIT 1";
    let mut select = write.transaction.prepare_cached(sql)?;
    let mut rows = select.query((unit_id, kind))?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (family, at): (String, i64) = (row.get(0)?, row.get(1)?);
    let sealed: Option<Vec<u8>> = row.get(3)?;
    let Some(sealed) = sealed else { return Ok(Some(Standing(row.get(2)?))) };
    let place = sealed::mark(unit_id, kind.code(), at);
    let key = write.family_key(&family)?;
    Ok(Some(Standing(Some(sealed::open(&key, (&place, &sealed), sealed::text)?))))
}

/// Lists that hold a family now, in its own name or under another's: those of draws not void.
const LOCKS: &str = "FROM (SELECT draw, unit_id FROM draw_units WHERE unit_kind = 'FAMILIE' \
    UNION ALL SELECT draw, family_id FROM linked_families) AS unit WHERE (SELECT status FROM \
    draws WHERE draws.draw = unit.draw ORDER BY recorded_at DESC LIMIT 1) <> 'VOID'";

/// The draw on whose locked list a family stands.
pub(in crate::pilot) fn listed_in(
    transaction: &Transaction<'_>,
    family_id: &str,
) -> Result<Option<i64>, StoreError> {
    let sql = format!("SELECT draw {LOCKS} AND unit_id = ? ORDER BY draw LIMIT 1");
    let mut select = transaction.prepare_cached(&sql)?;
    Ok(select.query_row([family_id], |row| row.get(0)).optional()?)
}

pub(super) fn refuse_locked(write: &Write<'_>, family_id: &str) -> Result<(), StoreError> {
    match listed_in(&write.transaction, family_id)? {
        Some(draw) => Err(StoreError::LockedFamily { family_id: family_id.to_owned(), draw }),
        None => Ok(()),
    }
}

pub(super) fn locked(reading: &Transaction<'_>) -> Result<Vec<String>, StoreError> {
    let mut select =
        reading.prepare(&format!("SELECT DISTINCT unit_id {LOCKS} ORDER BY unit_id"))?;
    Ok(select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Refuses an office that is not in the pilot.
pub(in crate::pilot) fn known_office(
    transaction: &Transaction<'_>,
    office_id: &str,
) -> Result<(), StoreError> {
    let sql = "SELECT 1 FROM offices WHERE office_id = ?";
    if transaction.prepare_cached(sql)?.exists([office_id])? {
        return Ok(());
    }
    Err(StoreError::UnknownOffice { office_id: office_id.to_owned() })
}

/// The office of a family; refuses one that is not on the roster.
pub(in crate::pilot) fn office_of(
    transaction: &Transaction<'_>,
    family_id: &str,
) -> Result<String, StoreError> {
    let sql =
        "SELECT office_id FROM families WHERE family_id = ? ORDER BY recorded_at DESC LIMIT 1";
    let mut select = transaction.prepare_cached(sql)?;
    let office = select.query_row([family_id], |row| row.get(0)).optional()?;
    office.ok_or_else(|| StoreError::UnknownFamily { family_id: family_id.to_owned() })
}

/// A member as it stands.
pub(in crate::pilot) fn member_of(
    transaction: &Transaction<'_>,
    member_id: &str,
) -> Result<Option<Member>, StoreError> {
    let sql = "SELECT member_id, family_id, role, birth_year, sex FROM members \
               WHERE member_id = ? ORDER BY recorded_at DESC LIMIT 1";
    let mut select = transaction.prepare_cached(sql)?;
    Ok(select.query_row([member_id], member_row).optional()?)
}

pub(super) fn offices(reading: &Transaction<'_>) -> rusqlite::Result<Vec<Office>> {
    // With MAX alone, SQLite takes the other columns from the row that has it.
    let sql = "SELECT office_id, name, municipality, MAX(recorded_at) FROM offices \
               GROUP BY office_id ORDER BY office_id";
    reading.prepare(sql)?.query_map([], office_row)?.collect()
}

pub(super) fn families(reading: &Connection) -> rusqlite::Result<Vec<Family>> {
    let sql = "SELECT family_id, office_id, registered_on, recorded_at FROM families \
               WHERE family_id NOT IN (SELECT family_id FROM erasures)";
    let mut select = reading.prepare(sql)?;
    let versions = select.query_map([], |row| Ok((row.get(3)?, family_row(row)?)))?;
    Ok(latest(versions.collect::<Result<_, _>>()?, |it: &Family| &it.family_id))
}

/// The last version of each, by id: half the time of grouping them in the query. `versions` come
/// with when they were recorded.
fn latest<T>(mut versions: Vec<(i64, T)>, id: impl Fn(&T) -> &str) -> Vec<T> {
    versions.sort_unstable_by(|(at, a), (bt, b)| id(a).cmp(id(b)).then(bt.cmp(at)));
    versions.dedup_by(|(_, earlier), (_, later)| id(earlier) == id(later));
    versions.into_iter().map(|(_, it)| it).collect()
}

/// Rows are appended and never deleted, so their numbers keep the order they came in.
pub(super) fn order(reading: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT family_id FROM families \
               WHERE family_id NOT IN (SELECT family_id FROM erasures) \
               GROUP BY family_id ORDER BY MIN(rowid)";
    reading.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

pub(super) fn members(reading: &Transaction<'_>) -> rusqlite::Result<Vec<Member>> {
    let sql = "SELECT member_id, family_id, role, birth_year, sex, recorded_at FROM members";
    let mut select = reading.prepare(sql)?;
    let versions = select.query_map([], |row| Ok((row.get(5)?, member_row(row)?)))?;
    Ok(latest(versions.collect::<Result<_, _>>()?, |it: &Member| &it.member_id))
}

fn office_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Office> {
    Ok(Office { office_id: row.get(0)?, name: row.get(1)?, municipality: row.get(2)? })
}

fn family_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Family> {
    Ok(Family { family_id: row.get(0)?, office_id: row.get(1)?, registered_on: row.get(2)? })
}

fn member_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        member_id: row.get(0)?,
        family_id: row.get(1)?,
        role: row.get(2)?,
        birth_year: row.get(3)?,
        sex: row.get(4)?,
    })
}

/// Refuses a unit that is not of that kind on the roster, or not in that family.
pub(in crate::pilot) fn check_unit(
    transaction: &Transaction<'_>,
    kind: UnitKind,
    unit_id: &str,
    family_id: &str,
) -> Result<(), StoreError> {
    let unknown =
        || StoreError::UnknownUnit { unit_kind: kind.code(), unit_id: unit_id.to_owned() };
    let family = if kind == UnitKind::Family {
        unit_id.to_owned()
    } else {
        let member = member_of(transaction, unit_id)?.ok_or_else(unknown)?;
        if (member.role == Role::Child) != (kind == UnitKind::Child) {
            return Err(unknown());
        }
        member.family_id
    };
    if family == family_id {
        return Ok(());
    }
    Err(StoreError::OtherFamily { unit_id: unit_id.to_owned(), family_id: family })
}
