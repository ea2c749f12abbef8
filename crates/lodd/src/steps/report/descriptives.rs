//! The report's descriptive tables, and `descriptives.parquet` with the numbers that stand in no
//! other file. A number goes into the table and into the file by one call of [`Sheet`].

mod attrition;
mod balance;
mod harms;
mod offices;
mod people;
mod power;
mod profile;
mod received;
mod response;
mod seen;
mod sheet;
mod transitions;

use lodd_report::{DataFile, Descriptive, FileKind, FlowRow, Text as Words};
use lodd_store::{
    parquet,
    pilot::{DrawStatus, DrawnKind},
    schema,
};

use super::Source;
use crate::{
    problem::Failure,
    steps::{after, words},
};
use people::People;
use seen::Seen;
use sheet::Sheet;

/// The file's name.
pub(super) const FILE: &str = "descriptives.parquet";

/// What the report shows, and the files behind it.
pub(super) struct Descriptives {
    pub(super) tables: Vec<Descriptive>,
    /// Harms that nobody was asked about.
    pub(super) not_measured: Vec<Words>,
    /// The bytes of `descriptives.parquet`, to be written when the report is.
    pub(super) bytes: Vec<u8>,
    /// It, and the files of the draws that tables are made from.
    pub(super) files: Vec<DataFile>,
}

/// A draw of families that has ended, with what was known of its families before.
struct One {
    made: after::Made,
    known: after::Known,
    number: u32,
}

/// What every table is made from.
struct Ground<'g> {
    source: &'g Source<'g>,
    draws: Vec<One>,
    people: People,
    seen: Seen,
}

/// Everything, `flow` being all rows of `flow.parquet`.
pub(super) fn read(source: &Source<'_>, flow: &[FlowRow]) -> Result<Descriptives, Failure> {
    let draws = draws(source)?;
    let people = People::read(source, &draws)?;
    let seen = Seen::read(source, &people)?;
    let ground = Ground { source, draws, people, seen };
    let mut sheet = Sheet::new(source.built.cut_us);
    let mut tables = Vec::new();
    let mut files = Vec::new();
    tables.extend(offices::read(&ground, &mut sheet)?);
    tables.extend(response::calendar(&ground, &mut sheet)?);
    tables.extend(profile::read(&ground, &mut sheet)?);
    tables.extend(balance::read(&ground, &mut sheet, &mut files)?);
    tables.extend(attrition::read(source, flow));
    tables.extend(received::read(&ground, &mut sheet));
    tables.extend(response::read(&ground, &mut sheet));
    tables.extend(transitions::read(source, &mut files)?);
    let (harmed, not_measured) = harms::read(&ground, &mut sheet);
    tables.extend(harmed);
    tables.extend(power::read(&ground, &mut sheet)?);
    let bytes = parquet::encode(&sheet.table()?, &schema::DESCRIPTIVES, &source.metadata())
        .map_err(|error| words::parquet(&error))?;
    let sha256 = Some(crate::hash::sha256_hex(&bytes));
    files.insert(0, DataFile { kind: FileKind::Descriptives, name: FILE.to_owned(), sha256 });
    Ok(Descriptives { tables, not_measured, bytes, files })
}

/// The draws of families that had ended by the cut.
fn draws(source: &Source<'_>) -> Result<Vec<One>, Failure> {
    let store = |error| words::store(&error);
    let cut_us = source.built.cut_us;
    let mut found = Vec::new();
    for draw in source.pilot.draws().map_err(store)? {
        let ended = matches!(draw.status, DrawStatus::Drawn | DrawStatus::Imported)
            && draw.shown_at_us.is_some_and(|at| at <= cut_us);
        if !ended {
            continue;
        }
        let (made, known) = after::made(source.context, source.pilot, source.protocol, draw.draw)?;
        if made.kind() == DrawnKind::Family {
            let number = u32::try_from(draw.draw).unwrap_or_default();
            found.push(One { made, known, number });
        }
    }
    Ok(found)
}

impl Source<'_> {
    /// The metadata of a file that the report is made with.
    fn metadata(&self) -> parquet::Metadata {
        vec![
            ("lodd_version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            ("cut".to_owned(), super::super::panel::instant(self.built.cut_us)),
            ("protocol_sha256".to_owned(), self.protocol.sha256()),
            ("plan_sha256".to_owned(), self.plan.sha256.clone()),
        ]
    }
}

impl One {
    /// The labels of its arms, the control last.
    fn arms(&self) -> &[String] {
        self.made.design().arms()
    }

    /// Its families of an arm.
    fn families<'o>(&'o self, arm: &'o str) -> impl Iterator<Item = &'o str> {
        self.made.rows.iter().filter(move |row| row.arm == arm).map(|row| row.unit_id.as_str())
    }

    fn draw(&self) -> i64 {
        self.made.draw.draw
    }
}
