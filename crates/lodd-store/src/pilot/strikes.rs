//! Units struck after their list was locked.

use rusqlite::{Connection, Row};
use serde_json::json;

use super::{DrawStatus, DrawnKind, Pilot, Stamp};
use crate::{StoreError, oslo_day};

/// A unit that is struck from the list of a draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struck {
    /// The draw.
    pub draw: i64,
    /// What the unit is.
    pub unit_kind: DrawnKind,
    /// Its id.
    pub unit_id: String,
    /// The date of the fact, in days since 1970-01-01.
    pub fact_on: i32,
    /// Why.
    pub reason: String,
    /// Whether it was judged before the result was shown.
    pub blind: bool,
    /// Whether the fact is dated before the list was locked.
    pub before_locking: bool,
}

impl Struck {
    /// Whether the unit leaves the analysis: only by a fact from before the locking, judged blind
    /// to its arm.
    pub fn leaves_analysis(&self) -> bool {
        self.blind && self.before_locking
    }
}

/// What is struck, as it is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strike<'a> {
    /// The family, or the office in a draw of offices.
    pub unit_id: &'a str,
    /// The date of the fact, in days since 1970-01-01.
    pub fact_on: i32,
    /// Why.
    pub reason: &'a str,
}

impl Pilot {
    /// Strikes a unit from the latest list that it is on. The list and its tickets stay as they are.
    ///
    /// # Errors
    ///
    /// If the unit is on no list that stands, has been struck, or the fact lies after today.
    pub fn strike(&mut self, stamp: &Stamp, strike: Strike<'_>) -> Result<Struck, StoreError> {
        let Strike { unit_id, fact_on, reason } = strike;
        let draws = self.draws()?;
        let write = self.begin(stamp)?;
        if fact_on > oslo_day(write.at_us)? {
            return Err(StoreError::FactTooLate { unit_id: unit_id.to_owned() });
        }
        let on = |it: &&super::Draw| it.status != DrawStatus::Void;
        let mut found = None;
        for draw in draws.iter().filter(on) {
            let units = super::draws::units_of(&write.transaction, draw.draw)?;
            let unit = units.into_iter().find(|unit| unit.unit_id == unit_id);
            found = unit.map(|unit| (draw, unit.unit_kind)).or(found);
        }
        let Some((draw, unit_kind)) = found else {
            return Err(StoreError::NotOnAList { unit_id: unit_id.to_owned() });
        };
        let struck = Struck {
            draw: draw.draw,
            unit_kind,
            unit_id: unit_id.to_owned(),
            fact_on,
            reason: reason.to_owned(),
            blind: draw.status == DrawStatus::Open,
            before_locking: fact_on < oslo_day(draw.announced_at_us)?,
        };
        let twice = |it: &Struck| (it.draw, &it.unit_id) == (struck.draw, &struck.unit_id);
        if struck_of(&write.transaction, i64::MAX)?.iter().any(twice) {
            let unit_id = struck.unit_id;
            return Err(StoreError::AlreadyStruck { draw: struck.draw, unit_id });
        }
        write.transaction.execute(
            "INSERT INTO struck VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                struck.draw,
                unit_kind,
                &struck.unit_id,
                write.at_us,
                fact_on,
                &struck.reason,
                struck.blind,
                struck.before_locking,
            ),
        )?;
        let payload = json!({
            "draw": struck.draw,
            "unit_id": struck.unit_id,
            "fact_on": fact_on,
            "reason": reason,
            "blind": struck.blind,
            "before_locking": struck.before_locking,
        });
        write.commit("strike", &payload)?;
        Ok(struck)
    }

    /// Everything struck as known at a cut, µs since the epoch; by draw and unit.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn struck(&self, cut_us: i64) -> Result<Vec<Struck>, StoreError> {
        Ok(struck_of(&self.connection, cut_us)?)
    }
}

pub(super) fn struck_of(connection: &Connection, cut_us: i64) -> rusqlite::Result<Vec<Struck>> {
    let sql = "SELECT draw, unit_kind, unit_id, fact_on, reason, blind, before_locking FROM struck \
               WHERE recorded_at <= ? ORDER BY draw, unit_kind, unit_id";
    let mut select = connection.prepare(sql)?;
    let struck = |row: &Row<'_>| {
        Ok(Struck {
            draw: row.get(0)?,
            unit_kind: row.get(1)?,
            unit_id: row.get(2)?,
            fact_on: row.get(3)?,
            reason: row.get(4)?,
            blind: row.get(5)?,
            before_locking: row.get(6)?,
        })
    };
    select.query_map([cut_us], struck)?.collect()
}
