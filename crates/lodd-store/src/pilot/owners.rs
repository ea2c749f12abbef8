//! Whose a row is: the family that an id stands for at a time.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use crate::StoreError;

/// A family by number, in the order they were met; [`Owners::name`] has its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Family(usize);

impl Family {
    /// No family: what is about the pilot, an office, or someone who is not on the roster.
    pub(super) const NONE: Self = Self(0);
}

/// Ids of families and members, each with the family it stood for from a time on. Filled as they are
/// asked for.
#[derive(Debug)]
pub(super) struct Owners {
    names: Vec<String>,
    numbers: BTreeMap<String, Family>,
    units: BTreeMap<Vec<u8>, Vec<(i64, Family)>>,
    /// When a family was erased.
    erased: BTreeMap<Family, i64>,
}

impl Default for Owners {
    fn default() -> Self {
        Self {
            names: vec![String::new()],
            numbers: BTreeMap::new(),
            units: BTreeMap::new(),
            erased: BTreeMap::new(),
        }
    }
}

impl Owners {
    /// The family's id; empty for none.
    pub(super) fn name(&self, family: Family) -> &str {
        self.names.get(family.0).map_or("", String::as_str)
    }

    /// The family that an id stood for at a time: itself once it was on the roster, that of a member
    /// as the roster had it then, or none. From its erasure on a family is none: nothing commits to
    /// its rows any more.
    pub(super) fn of(
        &mut self,
        connection: &Connection,
        unit: &[u8],
        at: i64,
    ) -> Result<Family, StoreError> {
        if !self.units.contains_key(unit) {
            let versions = self.versions(connection, unit)?;
            self.units.insert(unit.to_owned(), versions);
        }
        let versions = self.units.get(unit).map_or(&[][..], Vec::as_slice);
        let then = versions.iter().rev().find(|(from, _)| *from <= at);
        let family = then.map_or(Family::NONE, |(_, family)| *family);
        let erased = self.erased.get(&family).is_some_and(|erased| *erased <= at);
        Ok(if erased { Family::NONE } else { family })
    }

    fn versions(
        &mut self,
        connection: &Connection,
        unit: &[u8],
    ) -> Result<Vec<(i64, Family)>, StoreError> {
        let sql = "SELECT recorded_at, family_id FROM families WHERE family_id = ?1 \
                   UNION ALL SELECT recorded_at, family_id FROM members WHERE member_id = ?1 \
                   ORDER BY recorded_at";
        let mut select = connection.prepare_cached(sql)?;
        // Bytes that are no text are nobody's id.
        let Ok(unit) = std::str::from_utf8(unit) else { return Ok(Vec::new()) };
        let versions = select.query_map([unit], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let versions: Vec<(i64, String)> = versions.collect::<Result<_, _>>()?;
        let number = |(from, family)| Ok((from, self.number(connection, family)?));
        versions.into_iter().map(number).collect()
    }

    fn number(&mut self, connection: &Connection, family: String) -> Result<Family, StoreError> {
        if let Some(number) = self.numbers.get(&family) {
            return Ok(*number);
        }
        let number = Family(self.names.len());
        let mut erased =
            connection.prepare_cached("SELECT recorded_at FROM erasures WHERE family_id = ?")?;
        if let Some(at) = erased.query_row([&family], |row| row.get(0)).optional()? {
            self.erased.insert(number, at);
        }
        self.names.push(family.clone());
        self.numbers.insert(family, number);
        Ok(number)
    }
}
