//! Who was drawn, when, and to which family each belongs.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use datafusion::arrow::{
    array::{
        Array, ArrayRef, AsArray, BooleanArray, Date32Array, Int64Array, RecordBatch,
        StringViewArray, TimestampMicrosecondArray,
    },
    compute::{concat_batches, filter_record_batch, sort_to_indices, take_record_batch},
    datatypes::{DataType, Date32Type, Field, Int64Type, Schema, TimestampMicrosecondType},
};
use jiff::{ToSpan, civil::Date, tz::TimeZone};

use crate::{
    check::{self, SHOWN, origins},
    files::Input,
    problem::{Failure, Problem},
    read::{Cursor, Origin, partition_point, texts, with_origin},
    text::say,
};

/// The assignments, checked.
#[derive(Clone, Debug)]
pub(crate) struct Assigned {
    /// `draw, unit_kind, unit_id, family_id, shown_at`, as [`crate::tables`] reads them.
    pub(crate) rows: RecordBatch,
    /// The date of each draw, in days since 1970-01-01.
    pub(crate) draws: BTreeMap<i64, Date>,
    /// Draws that one query can answer: in each, a family has the same members in all draws.
    pub(crate) groups: Vec<BTreeSet<i64>>,
}

/// The columns of [`Assigned::rows`].
fn schema() -> Arc<Schema> {
    let text = |name| Field::new(name, DataType::Utf8View, false);
    let whole = |name| Field::new(name, DataType::Int64, false);
    Arc::new(Schema::new(vec![
        whole("draw"),
        text("unit_kind"),
        text("unit_id"),
        text("family_id"),
        whole("shown_at"),
    ]))
}

impl Assigned {
    /// Reads and checks the file.
    ///
    /// # Errors
    ///
    /// Refused with the place of each row that can't be; could not run where it can't be read.
    pub(crate) async fn read(input: &Input) -> Result<Self, Failure> {
        let mut batches = Vec::new();
        for index in 0..input.files.len() {
            let mut cursor = Cursor::open(input, index, &[])?;
            while let Some(batch) = cursor.next().await? {
                check::cells(input, &batch)?;
                batches.push(batch);
            }
        }
        let all = concat_batches(&with_origin(&input.schema()), &batches)
            .map_err(|error| Failure::internal("assignments", error))?;
        let table = Table::new(&all)?;
        if all.num_rows() == 0 {
            let place = crate::problem::Place::file(
                input.files.first().map(|it| it.name.as_str()).unwrap_or_default(),
            );
            return Err(Failure::one(place, say!("ingen er trukket", "nobody has been drawn")));
        }
        check::refuse(table.problems(input)?)?;
        let draws = table.dates(input)?;
        let shown_at = table.shown_at(&draws)?;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(table.draw.clone()),
            Arc::new(table.kind.clone()),
            Arc::new(table.unit.clone()),
            Arc::new(table.family.clone()),
            Arc::new(shown_at),
        ];
        let rows = RecordBatch::try_new(schema(), columns)
            .map_err(|error| Failure::internal("assignments", error))?;
        let groups = table.groups(&draws);
        Ok(Self { rows: by_unit(&rows)?, draws, groups })
    }

    /// Whether all units are families.
    pub(crate) fn only_families(&self) -> Result<bool, Failure> {
        let kinds = texts(&self.rows, "unit_kind")?;
        Ok(kinds.iter().flatten().all(|it| it == "FAMILIE"))
    }

    /// The rows whose unit's id lies from `start` to before `end`.
    ///
    /// # Errors
    ///
    /// Never, but by a fault of this program.
    pub(crate) fn between(&self, start: Option<&str>, end: Option<&str>) -> Result<Self, Failure> {
        let units = texts(&self.rows, "unit_id")?;
        let below = |id: &str| partition_point(units, |unit| unit < id);
        let low = start.map_or(0, below);
        let high = end.map_or(self.rows.num_rows(), below);
        Ok(self.with(self.rows.slice(low, high.saturating_sub(low))))
    }

    /// The rows for which `keep` holds, by their number.
    ///
    /// # Errors
    ///
    /// Never, but by a fault of this program.
    pub(crate) fn only(&self, keep: impl Fn(usize) -> bool) -> Result<Self, Failure> {
        let mask: BooleanArray = (0..self.rows.num_rows()).map(|row| Some(keep(row))).collect();
        let rows = filter_record_batch(&self.rows, &mask)
            .map_err(|error| Failure::internal("assignments", error))?;
        Ok(self.with(rows))
    }

    fn with(&self, rows: RecordBatch) -> Self {
        Self { rows, draws: self.draws.clone(), groups: self.groups.clone() }
    }

    /// The rows of one group of draws.
    ///
    /// # Errors
    ///
    /// Never, but by a fault of this program.
    pub(crate) fn of_group(&self, draws: &BTreeSet<i64>) -> Result<RecordBatch, Failure> {
        if self.groups.len() < 2 {
            return Ok(self.rows.clone());
        }
        let draw = self.rows.column(0).as_primitive::<Int64Type>();
        let mask: BooleanArray =
            draw.iter().map(|it| Some(it.is_some_and(|it| draws.contains(&it)))).collect();
        filter_record_batch(&self.rows, &mask)
            .map_err(|error| Failure::internal("assignments", error))
    }

    /// Every id whose snapshots the query reads: of units, and of their families.
    ///
    /// # Errors
    ///
    /// Never, but by a fault of this program.
    pub(crate) fn ids(&self) -> Result<HashSet<&str>, Failure> {
        let (units, families) = (texts(&self.rows, "unit_id")?, texts(&self.rows, "family_id")?);
        Ok(units.iter().chain(families).flatten().collect())
    }
}

/// Rows in the order of their units' ids.
fn by_unit(rows: &RecordBatch) -> Result<RecordBatch, Failure> {
    let units = texts(rows, "unit_id")?;
    let order = sort_to_indices(units, None, None);
    order
        .and_then(|order| take_record_batch(rows, &order))
        .map_err(|error| Failure::internal("assignments", error))
}

/// The columns of the file.
struct Table<'b> {
    draw: &'b Int64Array,
    kind: &'b StringViewArray,
    unit: &'b StringViewArray,
    family: &'b StringViewArray,
    drawn_on: &'b Date32Array,
    shown_at: Option<&'b TimestampMicrosecondArray>,
    batch: &'b RecordBatch,
}

impl<'b> Table<'b> {
    fn new(batch: &'b RecordBatch) -> Result<Self, Failure> {
        let column = |name: &str| {
            batch.column_by_name(name).ok_or_else(|| Failure::internal(name, "no such column"))
        };
        Ok(Self {
            draw: column("draw")?.as_primitive::<Int64Type>(),
            kind: texts(batch, "unit_kind")?,
            unit: texts(batch, "unit_id")?,
            family: texts(batch, "family_id")?,
            drawn_on: column("drawn_on")?.as_primitive::<Date32Type>(),
            shown_at: batch
                .column_by_name("shown_at")
                .map(AsArray::as_primitive::<TimestampMicrosecondType>),
            batch,
        })
    }

    fn rows(&self) -> std::ops::Range<usize> {
        0..self.batch.num_rows()
    }

    /// Units that stand twice in a draw, and families that are not their own.
    fn problems(&self, input: &Input) -> Result<Vec<Problem>, Failure> {
        let origins = origins(self.batch)?;
        let place = |row: usize| Origin(origins.value(row)).place(input);
        let mut seen: HashMap<(i64, &str, &str), usize> = HashMap::new();
        let mut problems = Vec::new();
        for row in self.rows() {
            let (draw, kind, unit) =
                (self.draw.value(row), self.kind.value(row), self.unit.value(row));
            if let Some(first) = seen.insert((draw, kind, unit), row) {
                let first = place(first).row.unwrap_or(0);
                problems.push(Problem::new(
                    place(row).column("unit_id"),
                    say!(
                        "`{unit}` står to ganger i trekning {draw}: også i rad {first}",
                        "`{unit}` stands twice in draw {draw}: also in row {first}"
                    ),
                ));
            }
            if kind == "FAMILIE" && self.family.value(row) != unit {
                problems.push(Problem::new(
                    place(row).column("family_id"),
                    say!(
                        "en familie må være sin egen: ventet `{unit}`",
                        "a family must be its own: expected `{unit}`"
                    ),
                ));
            }
            if i32::try_from(draw).is_err() {
                problems.push(Problem::new(
                    place(row).column("draw"),
                    say!("{draw} får ikke plass i 32 bit", "{draw} does not fit in 32 bits"),
                ));
            }
        }
        problems.truncate(SHOWN);
        Ok(problems)
    }

    /// The date of each draw. Date and time shown are the same in all its rows.
    fn dates(&self, input: &Input) -> Result<BTreeMap<i64, Date>, Failure> {
        let origins = origins(self.batch)?;
        let mut days: BTreeMap<i64, (i32, Option<i64>)> = BTreeMap::new();
        let mut problems = Vec::new();
        for row in self.rows() {
            let draw = self.draw.value(row);
            let found = (self.drawn_on.value(row), self.said(row));
            let first = *days.entry(draw).or_insert(found);
            let differs = |name: &str| {
                let place = Origin(origins.value(row)).place(input).column(name);
                Problem::new(
                    place,
                    say!(
                        "trekning {draw} har en annen verdi i radene før",
                        "draw {draw} has another value in the rows before"
                    ),
                )
            };
            problems.extend((first.0 != found.0).then(|| differs("drawn_on")));
            problems.extend((first.1 != found.1).then(|| differs("shown_at")));
        }
        problems.truncate(SHOWN);
        check::refuse(problems)?;
        let date = |(draw, (day, _)): (i64, (i32, _))| {
            let date = jiff::civil::date(1970, 1, 1).checked_add(i64::from(day).days());
            date.map(|date| (draw, date)).map_err(|error| Failure::internal("drawn_on", error))
        };
        days.into_iter().map(date).collect()
    }

    /// The time shown that stands in a row.
    fn said(&self, row: usize) -> Option<i64> {
        self.shown_at.filter(|it| it.is_valid(row)).map(|it| it.value(row))
    }

    /// When each result was shown, in µs: as the file says, else when the day of the draw was over
    /// in Norway.
    fn shown_at(&self, draws: &BTreeMap<i64, Date>) -> Result<Int64Array, Failure> {
        let zone = TimeZone::get("Europe/Oslo")
            .map_err(|error| Failure::internal("Europe/Oslo", error))?;
        let over = |(draw, date): (&i64, &Date)| {
            let next = date.saturating_add(1.day()).to_zoned(zone.clone());
            next.map(|at| (*draw, at.timestamp().as_microsecond()))
                .map_err(|error| Failure::internal("drawn_on", error))
        };
        let over: BTreeMap<i64, i64> = draws.iter().map(over).collect::<Result<_, _>>()?;
        let shown =
            |row: usize| self.said(row).or_else(|| over.get(&self.draw.value(row)).copied());
        Ok(self.rows().map(shown).collect())
    }

    /// Draws in which no family has other members than in the others of the group.
    fn groups(&self, draws: &BTreeMap<i64, Date>) -> Vec<BTreeSet<i64>> {
        if draws.len() < 2 {
            return vec![draws.keys().copied().collect()];
        }
        let mut members: HashMap<(i64, &str), BTreeSet<(&str, &str)>> = HashMap::new();
        for row in self.rows() {
            let of_family =
                members.entry((self.draw.value(row), self.family.value(row))).or_default();
            if self.kind.value(row) != "FAMILIE" {
                of_family.insert((self.kind.value(row), self.unit.value(row)));
            }
        }
        let mut by_draw: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
        for (draw, family) in members.keys() {
            by_draw.entry(*draw).or_default().push(family);
        }
        let mut groups: Vec<BTreeSet<i64>> = Vec::new();
        for (draw, families) in by_draw {
            let agrees = |group: &&mut BTreeSet<i64>| {
                group.iter().all(|other| {
                    families.iter().all(|family| {
                        let theirs = members.get(&(*other, *family));
                        theirs.is_none() || theirs == members.get(&(draw, *family))
                    })
                })
            };
            match groups.iter_mut().find(agrees) {
                Some(group) => {
                    group.insert(draw);
                }
                None => groups.push(BTreeSet::from([draw])),
            }
        }
        groups
    }
}
