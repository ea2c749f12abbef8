//! The numbers of one column: every row of a table counted from the records selected for it.

use std::collections::{BTreeMap, BTreeSet};

use lodd_report::{Bound, Cell, Counted, ProfileCell, Rows};

use super::records::{Found, Least, Record, Records};
use crate::{
    problem::{Place, Problem},
    report_file::tables::{Measure, RowSpec, TableSpec},
    text::say,
};

/// The cells of one column.
pub(super) struct Column {
    /// One a row of the table.
    pub(super) cells: Vec<ProfileCell>,
    /// Different units among all records of the column.
    pub(super) whole: u64,
}

/// Units by their pseudonym; of moves, each record is one.
type Units = BTreeSet<String>;

/// A table and its records.
#[derive(Clone, Copy)]
pub(super) struct Counter<'c> {
    pub(super) spec: &'c TableSpec,
    pub(super) records: &'c Records,
}

impl Counter<'_> {
    /// The numbers of the records in `among`.
    pub(super) fn column(self, among: &[&Record]) -> Found<Column> {
        let whole: Units = among.iter().map(|it| self.unit(it)).collect();
        let mut problems = Vec::new();
        let mut selected: Vec<Vec<&Record>> = Vec::new();
        for row in &self.spec.rows {
            match self.records.select(among, &row.filter) {
                Ok(records) => selected.push(records),
                Err(found) => problems.extend(found),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut units: Vec<Units> =
            selected.iter().map(|it| it.iter().map(|it| self.unit(it)).collect()).collect();
        self.put_apart(&mut units)?;
        self.nest(&mut units);
        self.cover(&units, &whole)?;
        let mut cells = Vec::new();
        for ((row, units), records) in self.spec.rows.iter().zip(&units).zip(&selected) {
            let counted = units.len() as u64;
            let share = self.spec.share.then_some(whole.len() as u64);
            match self.cell(row, records, (counted, share)) {
                Ok(cell) => cells.push(cell),
                Err(problem) => problems.push(*problem),
            }
        }
        self.grow(&mut cells, &mut problems);
        let whole = whole.len() as u64;
        if problems.is_empty() { Ok(Column { cells, whole }) } else { Err(problems) }
    }

    fn unit(self, record: &Record) -> String {
        match self.spec.counted {
            Counted::Move => format!("{}:{}", record.key, record.number),
            _ => record.key.clone(),
        }
    }

    /// The rows that count and are no part of another.
    fn whole_rows(self) -> Vec<usize> {
        let rows = self.spec.rows.iter().enumerate();
        let whole = rows.filter(|(_, it)| it.measure == Measure::Count && !it.nested);
        whole.map(|(at, _)| at).collect()
    }

    /// Each unit in one row: the highest it has reached, or the only one that may have it.
    fn put_apart(self, units: &mut [Units]) -> Found<()> {
        if self.spec.together == Rows::Overlapping {
            return Ok(());
        }
        let mut row_of: BTreeMap<String, usize> = BTreeMap::new();
        for at in self.whole_rows().into_iter().rev() {
            let Some(own) = units.get_mut(at) else { continue };
            if self.spec.together == Rows::Highest {
                own.retain(|unit| !row_of.contains_key(unit));
            }
            for unit in own.iter() {
                if let Some(other) = row_of.insert(unit.clone(), at) {
                    return Err(vec![self.twice(unit, at, other)]);
                }
            }
        }
        Ok(())
    }

    fn twice(self, unit: &str, one: usize, other: usize) -> Problem {
        let name = |at: usize| self.spec.rows.get(at).map_or("", |it| it.id.as_str());
        let (one, other) = (name(one), name(other));
        let place = self.spec.place.clone();
        Problem::new(
            place,
            say!(
                "`{unit}` er både i raden `{one}` og i raden `{other}`",
                nn "`{unit}` er både i rada `{one}` og i rada `{other}`",
                "`{unit}` is both in row `{one}` and in row `{other}`"
            ),
        )
        .fix(say!(
            "skriv `counting = \"highest\"` om radene er en trapp, `counting = \"overlapping\"` om de overlapper",
            nn "skriv `counting = \"highest\"` om radene er ei trapp, `counting = \"overlapping\"` om dei overlappar",
            "write `counting = \"highest\"` if the rows are a staircase, `counting = \"overlapping\"` if they overlap"
        ))
    }

    /// A part has only units of the row that it is a part of.
    fn nest(self, units: &mut [Units]) {
        let mut above = Units::new();
        for (row, own) in self.spec.rows.iter().zip(units) {
            if row.nested {
                own.retain(|unit| above.contains(unit));
            } else {
                above.clone_from(own);
            }
        }
    }

    /// Rows with a total below them have every unit.
    fn cover(self, units: &[Units], whole: &Units) -> Found<()> {
        if !self.spec.total {
            return Ok(());
        }
        let rows = self.whole_rows().into_iter();
        let counted: Units = rows.filter_map(|at| units.get(at)).flatten().cloned().collect();
        let Some(left) = whole.difference(&counted).next() else { return Ok(()) };
        let n = whole.difference(&counted).count();
        Err(vec![Problem::new(
            self.spec.place.clone(),
            say!(
                "radene summerer seg ikke til alle: {n} er ikke i noen rad, den første er `{left}`",
                nn "radene summerer seg ikkje til alle: {n} er ikkje i noka rad, den første er `{left}`",
                "the rows do not add up to all: {n} are in no row, the first is `{left}`"
            ),
        )])
    }

    fn cell(
        self,
        row: &RowSpec,
        records: &[&Record],
        (counted, whole): (u64, Option<u64>),
    ) -> Result<ProfileCell, Box<Problem>> {
        let none = || ProfileCell::Count { n: Cell::Missing, whole: None };
        match &row.measure {
            Measure::Count => Ok(ProfileCell::Count { n: Cell::Count(counted), whole }),
            Measure::Growth { .. } => Ok(none()),
            Measure::Sum { column, words, down_to } => {
                let values = self.numbers(column, &row.place, records)?;
                Self::sum(row, &values, (words.clone(), *down_to))
            }
            Measure::Mean { column } => {
                let values = self.numbers(column, &row.place, records)?;
                let exact = values.iter().all(|it| !it.is_bound) && !values.is_empty();
                let sum: i64 = values.iter().map(|it| it.n).sum();
                let mean = || ProfileCell::Mean(sum as f64 / values.len() as f64);
                Ok(if exact { mean() } else { none() })
            }
            Measure::Max { column, bound } => {
                let values = self.numbers(column, &row.place, records)?;
                let most = values.iter().map(|it| it.n).max().and_then(|it| u64::try_from(it).ok());
                Ok(match (most, bound) {
                    (Some(n), Some(bound)) => ProfileCell::Bound(n, bound.clone()),
                    (Some(n), None) => ProfileCell::Count { n: Cell::Count(n), whole: None },
                    (None, _) => none(),
                })
            }
        }
    }

    /// The whole numbers of a column, one a record, each of another unit.
    fn numbers(
        self,
        column: &str,
        place: &Place,
        records: &[&Record],
    ) -> Result<Vec<Least>, Box<Problem>> {
        let first = |mut found: Vec<Problem>| Box::new(found.swap_remove(0));
        let at = self.records.column(column, place).map_err(first)?;
        let mut seen = BTreeSet::new();
        let mut values = Vec::new();
        for record in records {
            if !seen.insert(record.key.as_str()) {
                let message = say!(
                    "`{key}` har to poster, så `{column}` ville blitt lagt sammen to ganger",
                    nn "`{key}` har to postar, så `{column}` ville blitt lagt saman to gonger",
                    "`{key}` has two records, so `{column}` would be added twice",
                    key = &record.key,
                );
                return Err(Box::new(Problem::new(self.records.place(record, column), message)));
            }
            let cell = record.cell(at);
            let least = Least::parse(cell).filter(|it| it.n >= 0);
            let Some(least) = least else {
                return Err(Box::new(self.records.no_number(record, column, cell)));
            };
            values.push(least);
        }
        Ok(values)
    }

    /// Exact where every value is; else a lower bound, which stays one.
    fn sum(
        row: &RowSpec,
        values: &[Least],
        (words, down_to): (Option<lodd_report::Text>, Option<u64>),
    ) -> Result<ProfileCell, Box<Problem>> {
        let n: u64 = values.iter().filter_map(|it| u64::try_from(it.n).ok()).sum();
        if values.iter().any(|it| it.is_bound) {
            let n = down_to.filter(|it| *it > 0).map_or(n, |step| n / step * step);
            return Ok(ProfileCell::Bound(n, Bound { is_lower: true, words }));
        }
        if down_to.is_some() && !values.is_empty() {
            let message = say!(
                "summen er kjent eksakt: ta bort `down_to`",
                nn "summen er kjend eksakt: ta bort `down_to`",
                "the sum is known exactly: remove `down_to`"
            );
            return Err(Box::new(Problem::new(row.place.clone(), message)));
        }
        Ok(ProfileCell::Count { n: Cell::Count(n), whole: None })
    }

    /// Growth, once the rows that it is between are counted. Of a bound there is none.
    fn grow(self, cells: &mut [ProfileCell], problems: &mut Vec<Problem>) {
        let number = |cells: &[ProfileCell], id: &str| {
            let at = self.spec.rows.iter().position(|it| it.id == id)?;
            match cells.get(at)? {
                ProfileCell::Count { n, .. } => n.count(),
                _ => None,
            }
        };
        for (at, row) in self.spec.rows.iter().enumerate() {
            let Measure::Growth { from, to } = &row.measure else { continue };
            let ends = number(cells, from).filter(|it| *it > 0).zip(number(cells, to));
            match (ends, cells.get_mut(at)) {
                (Some((from, to)), Some(cell)) => {
                    *cell = ProfileCell::Growth((to as f64 - from as f64) / from as f64);
                }
                _ if self.records.rows.is_empty() => {}
                _ => problems.push(Problem::new(
                    row.place.clone(),
                    say!(
                        "vekst kan bare regnes mellom to antall, det første over 0",
                        nn "vekst kan berre reknast mellom to tal på einingar, det første over 0",
                        "growth can only be computed between two counts, the first above 0"
                    ),
                )),
            }
        }
    }
}
