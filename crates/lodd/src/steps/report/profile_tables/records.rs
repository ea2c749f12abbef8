//! What is counted: records of texts, from a file or from the store; and which of them a row wants.

use std::collections::BTreeMap;

use crate::{
    problem::{Place, Problem},
    reader::{did_you_mean, nearest},
    report_file::tables::{Condition, Value},
    text::say,
};

/// What can go wrong with a table: everything that is wrong at once.
pub(super) type Found<T> = Result<T, Vec<Problem>>;

/// Records with the same columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    /// The file's name, or what it is of.
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Record>,
}

/// One record.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// Whose it is: a pseudonym.
    pub(super) key: String,
    /// Its row in the file, from 1; 0 where it is from the store.
    pub(super) number: usize,
    /// One text a column, empty where nothing stands.
    pub(super) cells: Vec<String>,
}

impl Record {
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// A whole number, or `4+`: at least so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Least {
    pub(super) n: i64,
    pub(super) is_bound: bool,
}

impl Least {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_suffix('+').unwrap_or(text);
        Some(Self { n: digits.parse().ok()?, is_bound: digits.len() < text.len() })
    }
}

impl Records {
    /// A column by its name; `place` is where it is asked for.
    pub(super) fn column(&self, name: &str, place: &Place) -> Found<usize> {
        if let Some(at) = self.columns.iter().position(|it| it == name) {
            return Ok(at);
        }
        let (records, list) = (&self.name, self.columns.join(", "));
        let message = say!(
            "`{records}` har ingen kolonne `{name}`; der står {list}",
            nn "`{records}` har ingen kolonne `{name}`; der står {list}",
            "`{records}` has no column `{name}`; there are {list}"
        );
        let problem = Problem::new(place.clone(), message);
        Err(vec![match nearest(name, self.columns.iter().map(String::as_str)) {
            Some(near) => problem.fix(did_you_mean(near)),
            None => problem,
        }])
    }

    /// Where a value stands. What is from the store has no row.
    pub(super) fn place(&self, record: &Record, column: &str) -> Place {
        let row = (record.number > 0).then_some(record.number);
        let column = Some(column.to_owned());
        Place { file: Some(self.name.clone()), row, column, ..Place::default() }
    }

    /// The records for which all conditions hold, of those in `among`.
    pub(super) fn select<'r>(
        &'r self,
        among: &[&'r Record],
        conditions: &[Condition],
    ) -> Found<Vec<&'r Record>> {
        let mut wanted = Vec::new();
        let mut problems = Vec::new();
        for condition in conditions {
            match self.column(&condition.column, &condition.place) {
                Ok(column) => wanted.push((column, condition)),
                Err(found) => problems.extend(found),
            }
        }
        let mut selected = Vec::new();
        for record in among {
            let mut holds = true;
            for (column, condition) in &wanted {
                match self.says(record, *column, condition) {
                    Ok(it) => holds &= it,
                    Err(problem) => problems.push(*problem),
                }
            }
            if holds {
                selected.push(*record);
            }
        }
        if problems.is_empty() { Ok(selected) } else { Err(problems) }
    }

    fn says(
        &self,
        record: &Record,
        column: usize,
        condition: &Condition,
    ) -> Result<bool, Box<Problem>> {
        let cell = record.cell(column);
        for value in &condition.any_of {
            let holds = match value {
                Value::Text(text) => cell == text,
                Value::Range(low, high) => within(cell, *low, *high)
                    .ok_or_else(|| Box::new(self.no_number(record, &condition.column, cell)))?,
            };
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A whole number is needed, and something else stands there.
    pub(super) fn no_number(&self, record: &Record, column: &str, found: &str) -> Problem {
        let message = say!(
            "`{column}` må være et heltall her",
            nn "`{column}` må vere eit heiltal her",
            "`{column}` must be a whole number here"
        );
        let place = self.place(record, column);
        Problem::new(place, message).expected("0, 1, 2 …", found)
    }

    /// By column and unit, the unit's one record with the smallest value there.
    pub(super) fn first_of<'r>(
        &'r self,
        among: &[&'r Record],
        (name, place): &(String, Place),
    ) -> Found<Vec<&'r Record>> {
        let column = self.column(name, place)?;
        let mut first: BTreeMap<&str, &Record> = BTreeMap::new();
        let mut problems = Vec::new();
        for record in among {
            let cell = record.cell(column);
            if cell.is_empty() {
                let message = say!(
                    "`{name}` mangler, så rekkefølgen er ikke kjent",
                    nn "`{name}` manglar, så rekkjefølgja er ikkje kjend",
                    "`{name}` is missing, so the order is not known"
                );
                problems.push(Problem::new(self.place(record, name), message));
                continue;
            }
            match first.get(record.key.as_str()).map(|it| it.cell(column)) {
                Some(before) if before == cell => {
                    let message = say!(
                        "to poster for `{key}` har samme `{name}`: hvilken som kom først, er ikke kjent",
                        nn "to postar for `{key}` har same `{name}`: kven som kom først, er ikkje kjent",
                        "two records of `{key}` have the same `{name}`: which came first is not known",
                        key = &record.key,
                    );
                    problems.push(Problem::new(self.place(record, name), message));
                }
                Some(before) if before < cell => {}
                _ => {
                    first.insert(&record.key, record);
                }
            }
        }
        if problems.is_empty() { Ok(first.into_values().collect()) } else { Err(problems) }
    }
}

/// Whether a number lies within both ends; `None` where that is not known.
fn within(cell: &str, low: Option<i64>, high: Option<i64>) -> Option<bool> {
    let least = Least::parse(cell)?;
    let above = low.is_none_or(|low| least.n >= low);
    let below = high.is_none_or(|high| least.n <= high);
    match (least.is_bound, above, below) {
        (false, above, below) => Some(above && below),
        (true, _, false) => Some(false),
        (true, true, true) if high.is_none() => Some(true),
        _ => None,
    }
}
