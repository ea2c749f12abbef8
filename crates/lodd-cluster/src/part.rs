//! The rows of some units, in the order of their keys: what a query is run on.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use datafusion::arrow::{
    array::{
        Array, ArrayRef, AsArray, BooleanArray, Date32Array, Int64Array, RecordBatch,
        StringViewArray, StringViewBuilder, TimestampMicrosecondArray, UInt32Array,
    },
    compute::{concat_batches, filter_record_batch, take_record_batch},
    datatypes::{
        DataType, Date32Type, Field, Int64Type, Schema, SchemaRef, TimestampMicrosecondType,
    },
};

use crate::{
    check::{self, SHOWN, origins},
    files::Input,
    problem::{Failure, Problem},
    read::{Origin, texts, with_origin},
    text::say,
};

/// What the panel has a row for, of each unit of that kind: kind of unit, source, register and
/// variable.
pub(crate) type Series = BTreeSet<OneSeries>;
type OneSeries = (String, String, String, String);

/// Rows of snapshots, sorted by kind, unit, date, source, register and time recorded.
#[derive(Debug)]
pub(crate) struct Part {
    rows: RecordBatch,
}

/// A unit that nobody is: see [`Part::with_series`].
const NOBODY: &str = "";

/// The key of a version of a snapshot, column by column.
struct Keys<'b> {
    kind: &'b StringViewArray,
    unit: &'b StringViewArray,
    date: &'b Date32Array,
    source: &'b StringViewArray,
    register: &'b StringViewArray,
    recorded_at: &'b TimestampMicrosecondArray,
    variable: &'b StringViewArray,
}

impl<'b> Keys<'b> {
    fn new(rows: &'b RecordBatch) -> Result<Self, Failure> {
        let column = |name: &str| {
            rows.column_by_name(name).ok_or_else(|| Failure::internal(name, "no such column"))
        };
        Ok(Self {
            kind: texts(rows, "unit_kind")?,
            unit: texts(rows, "unit_id")?,
            date: column("status_date")?.as_primitive::<Date32Type>(),
            source: texts(rows, "source")?,
            register: texts(rows, "register")?,
            recorded_at: column("recorded_at")?.as_primitive::<TimestampMicrosecondType>(),
            variable: texts(rows, "variable")?,
        })
    }

    /// By the snapshot's key: no register is the empty text, as in the query.
    fn by_snapshot(&self, a: usize, b: usize) -> Ordering {
        compare(self.kind, a, b)
            .then_with(|| compare(self.unit, a, b))
            .then_with(|| self.date.value(a).cmp(&self.date.value(b)))
            .then_with(|| compare(self.source, a, b))
            .then_with(|| or_empty(self.register, a).cmp(or_empty(self.register, b)))
    }

    /// By the version's.
    fn by_version(&self, a: usize, b: usize) -> Ordering {
        self.by_snapshot(a, b)
            .then_with(|| self.recorded_at.value(a).cmp(&self.recorded_at.value(b)))
    }
}

/// Equal views are equal texts; others are looked at.
fn compare(texts: &StringViewArray, a: usize, b: usize) -> Ordering {
    let views = texts.views();
    if views.get(a) == views.get(b) {
        return Ordering::Equal;
    }
    texts.value(a).cmp(texts.value(b))
}

fn or_empty(texts: &StringViewArray, row: usize) -> &str {
    if texts.is_null(row) { "" } else { texts.value(row) }
}

impl Part {
    /// Puts rows of whole units in order, where they are not.
    ///
    /// # Errors
    ///
    /// Never, but by a fault of this program.
    pub(crate) fn new(input: &Input, batches: &[RecordBatch]) -> Result<Self, Failure> {
        let schema = with_origin(&input.schema());
        let fail = |error| Failure::internal("snapshots", error);
        let rows = concat_batches(&schema, batches).map_err(fail)?;
        let keys = Keys::new(&rows)?;
        let in_order = |row: &usize| keys.by_version(row - 1, *row) != Ordering::Greater;
        if (1..rows.num_rows()).all(|row| in_order(&row)) {
            return Ok(Self { rows });
        }
        let count = u32::try_from(rows.num_rows())
            .map_err(|error| Failure::internal("too many rows of one unit for one part", error))?;
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_by(|a, b| keys.by_version(*a as usize, *b as usize));
        let rows = take_record_batch(&rows, &UInt32Array::from(order)).map_err(fail)?;
        Ok(Self { rows })
    }

    /// Refuses rows that stand twice, and versions that say two things of their snapshot.
    ///
    /// # Errors
    ///
    /// Refused, with the place of each.
    pub(crate) fn check(&self, input: &Input) -> Result<(), Failure> {
        let keys = Keys::new(&self.rows)?;
        let occasion = texts(&self.rows, "occasion")?;
        let status = texts(&self.rows, "record_status")?;
        let mut problems = Vec::new();
        for version in self.versions(&keys) {
            let start = version.start;
            for row in version.clone() {
                let same =
                    compare(occasion, start, row).is_eq() && compare(status, start, row).is_eq();
                if !same {
                    problems.push(self.problem(input, (start, row), &keys, false)?);
                }
                // A version has a handful of variables.
                let twin = (start..row).find(|it| same_variable(keys.variable, *it, row));
                if let Some(twin) = twin {
                    problems.push(self.problem(input, (twin, row), &keys, true)?);
                }
            }
            if problems.len() >= SHOWN {
                break;
            }
        }
        check::refuse(problems)
    }

    /// Rows of one version each, in order.
    fn versions<'k>(
        &'k self,
        keys: &'k Keys<'k>,
    ) -> impl Iterator<Item = std::ops::Range<usize>> + 'k {
        let rows = self.rows.num_rows();
        let mut start = 0;
        std::iter::from_fn(move || {
            (start < rows).then(|| {
                let end = (start + 1..rows)
                    .find(|row| keys.by_version(start, *row).is_ne())
                    .unwrap_or(rows);
                let version = start..end;
                start = end;
                version
            })
        })
    }

    fn problem(
        &self,
        input: &Input,
        (first, second): (usize, usize),
        keys: &Keys<'_>,
        is_twin: bool,
    ) -> Result<Problem, Failure> {
        let origins = origins(&self.rows)?;
        let place = |row: usize| Origin(origins.value(row)).place(input);
        let (first, second) = (first.min(second), first.max(second));
        let (mut earlier, mut later) = (place(first), place(second));
        if origins.value(first) > origins.value(second) {
            std::mem::swap(&mut earlier, &mut later);
        }
        let (file, row) = (earlier.file, earlier.row.unwrap_or(0));
        let unit = keys.unit.value(second);
        let message = if is_twin {
            say!(
                "samme nøkkel to ganger for `{unit}`: også i {file}, rad {row}",
                "the same key twice for `{unit}`: also in {file}, row {row}"
            )
        } else {
            say!(
                "radene til ett øyeblikksbilde av `{unit}` må ha samme occasion og record_status: en annen i {file}, rad {row}",
                "the rows of one snapshot of `{unit}` must have the same occasion and record_status: another in {file}, row {row}"
            )
        };
        let column = if is_twin { "variable" } else { "record_status" };
        Ok(Problem::new(later.column(column), message))
    }

    /// The series that occur in snapshots current at the cut.
    ///
    /// # Errors
    ///
    /// Never, but by a fault of this program.
    pub(crate) fn series(&self, cut_us: i64) -> Result<Series, Failure> {
        let keys = Keys::new(&self.rows)?;
        let status = texts(&self.rows, "record_status")?;
        let mut found = HashSet::new();
        let mut current: Option<std::ops::Range<usize>> = None;
        let mut close = |version: std::ops::Range<usize>| {
            for row in version {
                if keys.variable.is_null(row) || status.value(row) == "TILBAKEKALT" {
                    continue;
                }
                found.insert((
                    keys.kind.value(row),
                    keys.source.value(row),
                    or_empty(keys.register, row),
                    keys.variable.value(row),
                ));
            }
        };
        for version in self.versions(&keys) {
            if keys.recorded_at.value(version.start) > cut_us {
                continue;
            }
            if let Some(before) = current.take()
                && keys.by_snapshot(before.start, version.start).is_ne()
            {
                close(before);
            }
            current = Some(version);
        }
        current.into_iter().for_each(close);
        let owned = |(kind, source, register, variable): (&str, &str, &str, &str)| {
            (kind.to_owned(), source.to_owned(), register.to_owned(), variable.to_owned())
        };
        Ok(found.into_iter().map(owned).collect())
    }

    /// The rows of units for which `keep` holds.
    ///
    /// # Errors
    ///
    /// Never, but by a fault of this program.
    pub(crate) fn only(self, keep: impl Fn(&str) -> bool) -> Result<Self, Failure> {
        let units = texts(&self.rows, "unit_id")?;
        let views = units.views();
        let mut last = None;
        let mut kept = false;
        let mask: BooleanArray = views
            .iter()
            .enumerate()
            .map(|(row, view)| {
                if last != Some(*view) {
                    (last, kept) = (Some(*view), keep(units.value(row)));
                }
                Some(kept)
            })
            .collect();
        if mask.true_count() == self.rows.num_rows() {
            return Ok(self);
        }
        let rows = filter_record_batch(&self.rows, &mask)
            .map_err(|error| Failure::internal("snapshots", error))?;
        Ok(Self { rows })
    }

    /// The table `snapshots` of the query. A unit that nobody is has an answer in each of `series`,
    /// so that a part has the same series as the whole; it is assigned nowhere, and gives no row.
    ///
    /// # Errors
    ///
    /// Never, but by a fault of this program.
    pub(crate) fn with_series(&self, series: &Series, cut_us: i64) -> Result<RecordBatch, Failure> {
        let fail = |error| Failure::internal("snapshots", error);
        let nobody = nobodys(series, cut_us).map_err(fail)?;
        let rows = as_query_reads(&self.rows)?;
        let all = concat_batches(&snapshots_schema(), [&nobody, &rows]).map_err(fail)?;
        let kinds = texts(&all, "unit_kind")?;
        if kinds.iter().is_sorted() {
            return Ok(all);
        }
        // Several kinds: nobody's rows go before each. A stable sort by kind keeps the rest.
        let count = u32::try_from(all.num_rows()).unwrap_or(u32::MAX);
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_by(|a, b| compare(kinds, *a as usize, *b as usize));
        take_record_batch(&all, &UInt32Array::from(order)).map_err(fail)
    }
}

fn same_variable(variables: &StringViewArray, a: usize, b: usize) -> bool {
    match (variables.is_null(a), variables.is_null(b)) {
        (true, true) => true,
        (false, false) => compare(variables, a, b).is_eq(),
        _ => false,
    }
}

/// The columns of `snapshots` as the query reads them.
pub(crate) fn snapshots_schema() -> SchemaRef {
    let text = |name| Field::new(name, DataType::Utf8View, true);
    let whole = |name| Field::new(name, DataType::Int64, true);
    Arc::new(Schema::new(vec![
        text("unit_kind"),
        text("unit_id"),
        whole("status_date"),
        text("source"),
        text("register"),
        text("occasion"),
        whole("recorded_at"),
        text("record_status"),
        text("variable"),
        text("value_code"),
        whole("value_num"),
        text("missing_code"),
        text("content"),
    ]))
}

/// Days and µs as whole numbers, no register as the empty text. `content` breaks no tie, since a key
/// that stands twice is refused; it is empty.
fn as_query_reads(rows: &RecordBatch) -> Result<RecordBatch, Failure> {
    let keys = Keys::new(rows)?;
    let days: Int64Array = keys.date.iter().map(|it| it.map(i64::from)).collect();
    let instants: Int64Array = keys.recorded_at.reinterpret_cast::<Int64Type>();
    let register: StringViewArray =
        (0..rows.num_rows()).map(|row| Some(or_empty(keys.register, row))).collect();
    let mut content = StringViewBuilder::with_capacity(rows.num_rows());
    (0..rows.num_rows()).for_each(|_| content.append_value(""));
    let schema = snapshots_schema();
    let column = |field: &Arc<Field>| -> Result<ArrayRef, Failure> {
        Ok(match field.name().as_str() {
            "status_date" => Arc::new(days.clone()),
            "recorded_at" => Arc::new(instants.clone()),
            "register" => Arc::new(register.clone()),
            "content" => Arc::new(content.finish_cloned()),
            name => Arc::clone(
                rows.column_by_name(name)
                    .ok_or_else(|| Failure::internal(name, "no such column"))?,
            ),
        })
    };
    let columns = schema.fields().iter().map(column).collect::<Result<_, _>>()?;
    RecordBatch::try_new(schema, columns).map_err(|error| Failure::internal("snapshots", error))
}

/// An answer in each series, by nobody.
fn nobodys(
    series: &Series,
    cut_us: i64,
) -> Result<RecordBatch, datafusion::arrow::error::ArrowError> {
    let text = |of: &dyn Fn(&OneSeries) -> Option<String>| {
        let array: StringViewArray = series.iter().map(of).collect();
        Arc::new(array) as ArrayRef
    };
    let same = |value: &'static str| text(&|_| Some(value.to_owned()));
    let none = || text(&|_| None);
    let whole = |value: Option<i64>| {
        Arc::new(series.iter().map(|_| value).collect::<Int64Array>()) as ArrayRef
    };
    let columns = vec![
        text(&|it| Some(it.0.clone())),
        same(NOBODY),
        whole(Some(0)),
        text(&|it| Some(it.1.clone())),
        text(&|it| Some(it.2.clone())),
        same("PLANLAGT"),
        whole(Some(cut_us)),
        same("OBSERVERT"),
        text(&|it| Some(it.3.clone())),
        same("J"),
        whole(None),
        none(),
        same(""),
    ];
    RecordBatch::try_new(snapshots_schema(), columns)
}
