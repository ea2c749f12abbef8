//! Numbers on their way into `profile_tables.parquet`.

use lodd_report::{
    Bound, ContextFigure, Cost, Horizon, ProfileCell, ProfileColumn, RowKind, Text as Words,
};
use lodd_store::{Column, Table, parquet::Metadata};

use super::file::Read;
use crate::{
    problem::Failure,
    protocol::Protocol,
    report_file::tables::TableSpec,
    steps::{panel::instant, tables},
};

/// A row of a table, one cell a column.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) label: Words,
    /// What kind of number it is.
    pub(super) code: &'static str,
    pub(super) kind: RowKind,
    pub(super) cells: Vec<ProfileCell>,
}

#[derive(Clone, Debug, Default)]
struct Row {
    table: String,
    unit: &'static str,
    period: String,
    source: String,
    place: i64,
    id: String,
    label: String,
    kind: &'static str,
    nested: bool,
    horizon: Option<String>,
    arm: Option<String>,
    n: Option<i64>,
    whole: Option<i64>,
    value: Option<f64>,
    bound: Option<&'static str>,
}

/// The rows of the file so far, and the files that were counted.
#[derive(Debug)]
pub(super) struct Sheet {
    cut_us: i64,
    rows: Vec<Row>,
    files: Vec<Read>,
}

impl Sheet {
    pub(super) fn new(cut_us: i64) -> Self {
        Self { cut_us, rows: Vec::new(), files: Vec::new() }
    }

    /// Remembers a file that was counted.
    pub(super) fn counted(&mut self, file: Read) {
        if !self.files.contains(&file) {
            self.files.push(file);
        }
    }

    /// Every number of a table.
    pub(super) fn table_of(&mut self, spec: &TableSpec, columns: &[ProfileColumn], lines: &[Line]) {
        for (place, line) in (1..).zip(lines) {
            for (column, cell) in columns.iter().zip(&line.cells) {
                let row = Row {
                    table: spec.id.clone(),
                    unit: spec.counted.code(),
                    period: spec.period.nb.clone(),
                    source: spec.source.nb.clone(),
                    place,
                    id: line.id.clone(),
                    label: line.label.nb.clone(),
                    kind: line.code,
                    nested: line.kind == RowKind::Part,
                    horizon: column.horizon.as_ref().map(code),
                    arm: column.arm.clone(),
                    ..Row::default()
                };
                self.rows.push(numbers(row, cell));
            }
        }
    }

    /// A figure from elsewhere.
    pub(super) fn context(&mut self, id: &str, figure: &ContextFigure) {
        let before = self.rows.iter().filter(|it| it.table == "context").count();
        self.rows.push(Row {
            table: "context".to_owned(),
            unit: if figure.percent { "percent" } else { "count" },
            period: figure.year.to_string(),
            source: figure.source.nb.clone(),
            place: i64::try_from(before).unwrap_or_default() + 1,
            id: id.to_owned(),
            label: figure.label.nb.clone(),
            kind: "context",
            value: Some(figure.value),
            bound: figure.bound.as_ref().map(side),
            ..Row::default()
        });
    }

    /// What something cost, and how many units were drawn to the arm that it was paid for.
    pub(super) fn cost(&mut self, place: i64, cost: &Cost, drawn: Option<u64>) {
        self.rows.push(Row {
            table: "cost".to_owned(),
            unit: "kroner",
            period: cost.year.to_string(),
            source: cost.source.clone(),
            place,
            id: place.to_string(),
            label: cost.label.nb.clone(),
            kind: "cost",
            arm: cost.arm.clone(),
            whole: drawn.and_then(|n| i64::try_from(n).ok()),
            value: Some(cost.nok),
            ..Row::default()
        });
    }

    pub(super) fn metadata(&self, protocol: &Protocol) -> Metadata {
        let mut metadata = vec![
            ("lodd_version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            ("cut".to_owned(), instant(self.cut_us)),
            ("protocol_sha256".to_owned(), protocol.sha256()),
        ];
        let files = self.files.iter();
        metadata.extend(files.map(|(name, sha256)| (format!("sha256:{name}"), sha256.clone())));
        metadata
    }

    /// The table, in the columns of its schema.
    pub(super) fn table(&self) -> Result<Table, Failure> {
        let rows = || self.rows.iter();
        let columns = vec![
            Column::instant("cut", rows().map(|_| Some(self.cut_us))),
            Column::text("table", rows().map(|it| Some(it.table.as_str()))),
            Column::text("unit", rows().map(|it| Some(it.unit))),
            Column::text("period", rows().map(|it| Some(it.period.as_str()))),
            Column::text("source", rows().map(|it| Some(it.source.as_str()))),
            Column::int("row_no", rows().map(|it| Some(it.place))),
            Column::text("row", rows().map(|it| Some(it.id.as_str()))),
            Column::text("label", rows().map(|it| Some(it.label.as_str()))),
            Column::text("kind", rows().map(|it| Some(it.kind))),
            Column::bool("nested", rows().map(|it| Some(it.nested))),
            Column::text("horizon", rows().map(|it| it.horizon.as_deref())),
            Column::text("arm", rows().map(|it| it.arm.as_deref())),
            Column::int("n", rows().map(|it| it.n)),
            Column::int("whole", rows().map(|it| it.whole)),
            Column::real("value", rows().map(|it| it.value)),
            Column::text("bound", rows().map(|it| it.bound)),
        ];
        Table::new("profile_tables", columns).map_err(|error| tables::internal(&error))
    }
}

fn numbers(row: Row, cell: &ProfileCell) -> Row {
    let int = |n: u64| i64::try_from(n).ok();
    match cell {
        ProfileCell::Count { n, whole } => {
            Row { n: n.count().and_then(int), whole: whole.and_then(int), ..row }
        }
        ProfileCell::Mean(x) | ProfileCell::Growth(x) => Row { value: Some(*x), ..row },
        ProfileCell::Bound(n, bound) => Row { n: int(*n), bound: Some(side(bound)), ..row },
    }
}

fn side(bound: &Bound) -> &'static str {
    if bound.is_lower { "lower" } else { "upper" }
}

fn code(horizon: &Horizon) -> String {
    match horizon {
        Horizon::Months(n) => n.to_string(),
        Horizon::Date(iso) => iso.clone(),
    }
}
