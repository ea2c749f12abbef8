//! Numbers on their way into a table: each is also a row of `descriptives.parquet`.

use lodd_report::{
    Cell, Descriptive, DescriptiveColumn, DescriptiveRow, Number, RowKind, Subject, Term, Title,
    Unit, Value,
};
use lodd_store::{Column, Table};

use crate::{problem::Failure, steps::tables};

/// Which number it is. What does not apply is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Key<'k> {
    pub(super) table: &'static str,
    pub(super) draw: Option<i64>,
    /// `FAMILIE`, `VOKSEN` or `BARN`.
    pub(super) unit: &'static str,
    pub(super) office: Option<&'k str>,
    pub(super) arm: Option<&'k str>,
    pub(super) population: Option<&'static str>,
    pub(super) horizon: Option<&'k str>,
    pub(super) item: &'k str,
}

/// The key of a number of families.
pub(super) fn of_families(table: &'static str, draw: i64) -> Key<'static> {
    Key { table, draw: Some(draw), unit: "FAMILIE", ..Key::default() }
}

#[derive(Clone, Debug, Default)]
struct Row {
    table: &'static str,
    draw: Option<i64>,
    unit: &'static str,
    office: Option<String>,
    arm: Option<String>,
    population: Option<&'static str>,
    horizon: Option<String>,
    item: String,
    n: Option<i64>,
    whole: Option<i64>,
    value: Option<f64>,
    sd: Option<f64>,
    at: Option<i32>,
}

/// The rows of the file so far.
#[derive(Debug)]
pub(super) struct Sheet {
    cut_us: i64,
    rows: Vec<Row>,
}

impl Sheet {
    pub(super) fn new(cut_us: i64) -> Self {
        Self { cut_us, rows: Vec::new() }
    }

    fn add(&mut self, key: Key<'_>, numbers: &Row) {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        self.rows.push(Row {
            table: key.table,
            draw: key.draw,
            unit: key.unit,
            office: owned(key.office),
            arm: owned(key.arm),
            population: key.population,
            horizon: owned(key.horizon),
            item: key.item.to_owned(),
            n: numbers.n,
            whole: numbers.whole,
            value: numbers.value,
            sd: numbers.sd,
            at: numbers.at,
        });
    }

    /// A count.
    pub(super) fn count(&mut self, key: Key<'_>, n: u64) -> Value {
        self.add(key, &Row { n: int(n), ..Row::default() });
        Value::Count(Cell::Count(n))
    }

    /// A count of a whole; missing where the whole is not known.
    pub(super) fn share(&mut self, key: Key<'_>, n: Option<u64>, whole: u64) -> Value {
        let Some(n) = n else { return Value::Count(Cell::Missing) };
        self.add(key, &Row { n: int(n), whole: int(whole), ..Row::default() });
        Value::Share { part: Cell::Count(n), whole: Cell::Count(whole) }
    }

    /// A mean of `n` values; a fraction where each is 0 or 1.
    pub(super) fn mean(
        &mut self,
        key: Key<'_>,
        (n, mean, sd): (u64, Option<f64>, Option<f64>),
        share: bool,
    ) -> Value {
        self.add(key, &Row { n: int(n), value: mean, sd, ..Row::default() });
        if share {
            Value::Fraction(mean.into())
        } else {
            Value::Mean { mean: mean.into(), sd: sd.into() }
        }
    }

    /// A number of its own.
    pub(super) fn value(&mut self, key: Key<'_>, x: Option<f64>) -> Number {
        self.add(key, &Row { value: x, ..Row::default() });
        x.into()
    }

    /// A date, in days since 1970-01-01.
    pub(super) fn date(&mut self, key: Key<'_>, day: i64) -> Result<Value, Failure> {
        self.add(key, &Row { at: i32::try_from(day).ok(), ..Row::default() });
        Ok(Value::Date(Some(crate::steps::due::date(day)?.to_string())))
    }

    /// The table, in the columns of its schema.
    pub(super) fn table(&self) -> Result<Table, Failure> {
        let rows = || self.rows.iter();
        let columns = vec![
            Column::instant("cut", rows().map(|_| Some(self.cut_us))),
            Column::text("table", rows().map(|it| Some(it.table))),
            Column::int("draw", rows().map(|it| it.draw)),
            Column::text("unit_kind", rows().map(|it| Some(it.unit))),
            Column::text("office_id", rows().map(|it| it.office.as_deref())),
            Column::text("arm", rows().map(|it| it.arm.as_deref())),
            Column::text("population", rows().map(|it| it.population)),
            Column::text("horizon", rows().map(|it| it.horizon.as_deref())),
            Column::text("item", rows().map(|it| Some(it.item.as_str()))),
            Column::int("n", rows().map(|it| it.n)),
            Column::int("whole", rows().map(|it| it.whole)),
            Column::real("value", rows().map(|it| it.value)),
            Column::real("sd", rows().map(|it| it.sd)),
            Column::date("at", rows().map(|it| it.at)),
        ];
        Table::new("descriptives", columns).map_err(|error| tables::internal(&error))
    }
}

fn int(n: u64) -> Option<i64> {
    i64::try_from(n).ok()
}

/// The difference of two shares that stand in the table; missing where one is not known.
pub(super) fn points(treated: &Value, control: &Value) -> Value {
    let share = |value: &Value| match value {
        Value::Share { part: Cell::Count(part), whole: Cell::Count(whole @ 1..) } => {
            Some(*part as f64 / *whole as f64)
        }
        _ => None,
    };
    Value::Points(share(treated).zip(share(control)).map(|(one, other)| one - other).into())
}

/// A table about families without rows.
pub(super) fn empty(
    subject: Subject,
    draw: Option<u32>,
    columns: Vec<DescriptiveColumn>,
) -> Descriptive {
    Descriptive {
        subject,
        unit: columns.first().map_or(Unit::Family, |it| it.unit),
        draw,
        label: None,
        source: None,
        horizon: None,
        replays: None,
        file: super::FILE.to_owned(),
        columns,
        rows: Vec::new(),
    }
}

pub(super) fn column(unit: Unit, group: Option<Title>, title: Title) -> DescriptiveColumn {
    DescriptiveColumn { unit, group, title }
}

/// Columns of every arm, the control last, and of the difference of each other arm from it.
pub(super) fn compared(
    unit: Unit,
    group: Option<&Title>,
    arms: &[String],
    difference: Term,
) -> Vec<DescriptiveColumn> {
    let own = |title| column(unit, group.cloned(), title);
    let mut columns: Vec<DescriptiveColumn> =
        arms.iter().map(|arm| own(Title::Arm(arm.clone()))).collect();
    columns.extend(against(arms).map(|arm| own(versus(difference, arm, arms))));
    columns
}

/// The arms that are compared with the control.
pub(super) fn against(arms: &[String]) -> impl Iterator<Item = &String> {
    arms.split_last().map_or(&[][..], |(_, treated)| treated).iter()
}

/// What a difference from the control is called: with the arm's name where there are several.
pub(super) fn versus(term: Term, arm: &str, arms: &[String]) -> Title {
    if arms.len() > 2 { Title::Versus(term, arm.to_owned()) } else { Title::Term(term) }
}

pub(super) fn row(kind: RowKind, title: Title, cells: Vec<Value>) -> DescriptiveRow {
    DescriptiveRow { kind, title, cells }
}

/// A row of every arm, with the differences of its shares from the control's.
pub(super) fn with_points(kind: RowKind, title: Title, mut cells: Vec<Value>) -> DescriptiveRow {
    let control = cells.last().cloned().unwrap_or(Value::Empty);
    let treated = cells.len().saturating_sub(1);
    let differences: Vec<Value> =
        cells.iter().take(treated).map(|cell| points(cell, &control)).collect();
    cells.extend(differences);
    row(kind, title, cells)
}

/// A row of every arm with nothing to compare.
pub(super) fn without_points(kind: RowKind, title: Title, mut cells: Vec<Value>) -> DescriptiveRow {
    let treated = cells.len().saturating_sub(1);
    cells.extend(std::iter::repeat_n(Value::Empty, treated));
    row(kind, title, cells)
}
