//! What is worked out once for a sheet of statuses and not for each of its rows: which column is
//! which, and what the texts that stand in it were read as.

use jiff::civil::Date;

use super::{
    id_header,
    rows::unit_id,
    values::{self, Values},
};
use crate::{
    codes::{Codes, OCCASIONS, REASONS, SOURCES, STATUSES},
    dates::date,
    expectations::Expectations,
    field::{Field, Noted, code},
    finding::Finding,
    memo::Memo,
    normal::fold_header,
    table::{At, Column, Line, Table},
    variable::{UnitKind, Variable},
};

/// How the rows of one sheet are read.
#[derive(Debug)]
pub(super) struct Plan<'t, 'e> {
    pub(super) unit: UnitKind,
    pub(super) expect: &'e Expectations,
    variables: Vec<Asked<'t, 'e>>,
    id: Option<Column<'t>>,
    units: Memo<Unit>,
    date: Option<Column<'t>>,
    dates: Memo<Option<Date>>,
    /// Whether anything was observed, who says so, on which occasion, why it is corrected.
    pub(super) record_status: Coded<'t>,
    pub(super) source: Coded<'t>,
    pub(super) occasion: Coded<'t>,
    pub(super) reason: Coded<'t>,
}

/// The column of a variable.
#[derive(Debug)]
struct Asked<'t, 'e> {
    variable: &'e Variable,
    column: Column<'t>,
    memo: Memo<Values>,
}

/// The unit of a row, as far as it can be told.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) id: Option<String>,
    pub(super) family: Option<String>,
    /// The first day on which a status of it can be.
    pub(super) earliest: Date,
    pub(super) birth_year: Option<i32>,
}

/// A column of codes that a file may do without.
#[derive(Debug)]
pub(super) struct Coded<'t> {
    column: Option<Column<'t>>,
    codes: &'static Codes,
    memo: Memo<Option<String>>,
}

impl<'t, 'e> Plan<'t, 'e> {
    pub(super) fn new(table: &'t Table<'_>, unit: UnitKind, expect: &'e Expectations) -> Self {
        let asked = |variable: &'e Variable| {
            let column = table.column(&fold_header(&variable.name))?;
            Some(Asked { variable, column, memo: Memo::default() })
        };
        let coded =
            |header, codes| Coded { column: table.column(header), codes, memo: Memo::default() };
        let own = expect.variables.iter().filter(|it| it.unit == unit);
        Self {
            unit,
            expect,
            variables: own.filter_map(asked).collect(),
            id: table.column(id_header(unit)),
            units: Memo::default(),
            date: table.column("statusdato"),
            dates: Memo::default(),
            record_status: coded("registrering", &STATUSES),
            source: coded("kilde", &SOURCES),
            occasion: coded("anledning", &OCCASIONS),
            reason: coded("arsak_til_retting", &REASONS),
        }
    }

    /// The values of the unit's variables, by name. Noted when any can't be read.
    pub(super) fn values(
        &self,
        line: &Line<'t>,
        notes: &mut Vec<Finding>,
    ) -> Result<Values, Noted> {
        let mut all = Values::new();
        let mut outcome = Ok(());
        for Asked { variable, column, memo } in &self.variables {
            let at = line.at_column(*column);
            match memo.read(&at, notes, |notes| values::of(&at, variable, notes)) {
                Ok(found) => all.extend(found),
                Err(noted) => outcome = Err(noted),
            }
        }
        all.sort();
        outcome.map(|()| all)
    }

    /// The unit that a row is about.
    pub(super) fn unit(&self, line: &Line<'t>, notes: &mut Vec<Finding>) -> Unit {
        let Some(at) = self.id.map(|column| line.at_column(column)) else {
            return self.look_up((None, None));
        };
        let read = |notes: &mut Vec<Finding>| {
            Ok(self.look_up(unit_id(line, self.unit, self.expect, notes)))
        };
        self.units.read(&at, notes, read).unwrap_or_else(|Noted| self.look_up((None, None)))
    }

    fn look_up(&self, (id, family): (Option<String>, Option<String>)) -> Unit {
        let Expectations { history, starts_on, members, .. } = self.expect;
        let earliest = family.as_deref().and_then(|it| history.earliest(it));
        let earliest = earliest.map_or(*starts_on, |it| it.max(*starts_on));
        let birth_year = id.as_ref().and_then(|it| members.get(it)?.birth_year);
        Unit { id, family, earliest, birth_year }
    }

    /// The place of a row's status date, and the date.
    pub(super) fn date(
        &self,
        line: &Line<'t>,
        notes: &mut Vec<Finding>,
    ) -> Result<(At<'t>, Option<Date>), Noted> {
        let at = line.at_column(self.date.ok_or(Noted)?);
        let found = self.dates.read(&at, notes, |notes| date(&at, notes))?;
        Ok((at, found))
    }
}

impl<'t> Coded<'t> {
    /// The code of a row.
    pub(super) fn read(&self, line: &Line<'t>, notes: &mut Vec<Finding>) -> Field<String> {
        let Some(column) = self.column else { return Ok(None) };
        let at = line.at_column(column);
        self.memo.read(&at, notes, |notes| code(&at, self.codes, notes))
    }
}
