//! The evaluator's own tables, counted from micro-data as `report.toml` describes them, and
//! `profile_tables.parquet` with every number of them.

mod count;
mod file;
mod records;
mod sheet;
mod stored;

use lodd_report::{
    Cell, ContextFigure, Counted, DataFile, FileKind, Horizon, ProfileCell, ProfileColumn,
    ProfileRow, ProfileTable, RowKind, Text as Words,
};
use lodd_store::{Pilot, Table, parquet, schema};

use crate::{
    hash::sha256_hex,
    problem::{Failure, Problem},
    protocol::Protocol,
    report_file::{
        ReportFile,
        tables::{From, Group, Measure, RowSpec, TableSpec},
    },
    steps::{Context, words},
    text::{Lang, Text, say},
};
use count::{Column, Counter};
use records::{Found, Record, Records};
use sheet::{Line, Sheet};

/// The file's name.
pub(super) const FILE: &str = "profile_tables.parquet";

/// What tables are counted from.
#[derive(Clone)]
pub(super) struct Ground<'g> {
    pub(super) context: &'g Context,
    pub(super) pilot: &'g Pilot,
    pub(super) protocol: &'g Protocol,
    /// `outcomes.parquet`; none without a draw.
    pub(super) outcomes: Option<&'g Table>,
    pub(super) cut_us: i64,
    /// Units drawn to each arm, over all draws; what is paid for an arm is divided by them.
    pub(super) drawn: Vec<(String, u64)>,
}

/// What the report shows of them, and the file behind it; no file where there are none.
#[derive(Default)]
pub(super) struct ProfileTables {
    pub(super) tables: Vec<ProfileTable>,
    pub(super) context: Vec<ContextFigure>,
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) file: Option<DataFile>,
}

/// Counts every table.
///
/// # Errors
///
/// Refused with everything that is wrong in any of the tables and their files.
pub(super) fn read(ground: &Ground<'_>, file: &ReportFile) -> Result<ProfileTables, Failure> {
    if file.tables.is_empty() && file.context.is_empty() && file.profile.costs.is_empty() {
        return Ok(ProfileTables::default());
    }
    let mut sheet = Sheet::new(ground.cut_us);
    let (mut tables, mut problems) = (Vec::new(), Vec::new());
    for spec in &file.tables {
        match one(ground, spec, &mut sheet)? {
            Ok(table) => tables.push(table),
            Err(found) => told(&mut problems, found),
        }
    }
    if !problems.is_empty() {
        let n = problems.len();
        let summary = match n {
            1 => Text::new(
                "de egne tabellene i rapporten har 1 feil, ingen rapport er skrevet",
                "the report's own tables have 1 mistake, no report was written",
            )
            .nn("dei eigne tabellane i rapporten har 1 feil, ingen rapport er skriven"),
            _ => say!(
                "de egne tabellene i rapporten har {n} feil, ingen rapport er skrevet",
                nn "dei eigne tabellane i rapporten har {n} feil, ingen rapport er skriven",
                "the report's own tables have {n} mistakes, no report was written"
            ),
        };
        return Err(Failure::refused(summary, problems));
    }
    for it in &file.context {
        sheet.context(&it.id, &it.figure);
    }
    for (place, it) in (1..).zip(&file.profile.costs) {
        let of = ground.drawn.iter().find(|(arm, _)| Some(arm) == it.arm.as_ref());
        sheet.cost(place, it, of.map(|(_, n)| *n));
    }
    let metadata = sheet.metadata(ground.protocol);
    let bytes = parquet::encode(&sheet.table()?, &schema::PROFILE_TABLES, &metadata)
        .map_err(|error| words::parquet(&error))?;
    let sha256 = Some(sha256_hex(&bytes));
    Ok(ProfileTables {
        tables,
        context: file.context.iter().map(|it| it.figure.clone()).collect(),
        bytes: Some(bytes),
        file: Some(DataFile { kind: FileKind::ProfileTables, name: FILE.to_owned(), sha256 }),
    })
}

/// Adds what is not told already: several tables may count one file.
fn told(problems: &mut Vec<Problem>, found: Vec<Problem>) {
    for it in found {
        let words = |it: &Problem| (it.place.words(Lang::En), it.message.en.clone());
        if problems.iter().all(|before| words(before) != words(&it)) {
            problems.push(it);
        }
    }
}

/// One table; its numbers go into the sheet.
fn one(
    ground: &Ground<'_>,
    spec: &TableSpec,
    sheet: &mut Sheet,
) -> Result<Found<ProfileTable>, Failure> {
    let records = match &spec.from {
        From::File { .. } => match file::read(ground.context, ground.protocol, spec)? {
            Ok((records, read)) => {
                sheet.counted(read);
                records
            }
            Err(problems) => return Ok(Err(problems)),
        },
        From::Families => stored::families(ground.pilot, ground.protocol)?,
        From::Months => stored::months(ground.context)?,
        From::Statuses { .. } => match ground.outcomes {
            Some(outcomes) => stored::statuses(ground.pilot, outcomes)?,
            None => return Ok(Err(vec![undrawn(spec)])),
        },
    };
    if let Some(problem) = wrong_unit(spec) {
        return Ok(Err(vec![problem]));
    }
    Ok(counted(ground.protocol, spec, &records).map(|(columns, lines)| {
        sheet.table_of(spec, &columns, &lines);
        shown(spec, columns, lines)
    }))
}

fn undrawn(spec: &TableSpec) -> Problem {
    Problem::new(
        spec.place.clone(),
        Text::new(
            "statuser følges fra en trekning, og piloten har ingen",
            "statuses are followed from a draw, and the pilot has none",
        )
        .nn("statusar blir følgde frå ei trekning, og piloten har inga"),
    )
}

/// What the store holds is of its own units.
fn wrong_unit(spec: &TableSpec) -> Option<Problem> {
    if !matches!(spec.from, From::Families | From::Months) {
        return None;
    }
    let fits = |row: &RowSpec| match (&row.measure, spec.counted) {
        (Measure::Count | Measure::Max { .. }, counted) => counted == Counted::Family,
        (Measure::Sum { column, .. } | Measure::Mean { column }, counted) => match &**column {
            "children" => counted == Counted::Child,
            "adults" => counted == Counted::Adult,
            _ => counted == Counted::Family,
        },
        (Measure::Growth { .. }, _) => true,
    };
    let row = spec.rows.iter().find(|row| !fits(row))?;
    let (id, unit) = (&row.id, spec.counted.code());
    let message = say!(
        "raden `{id}` teller noe annet enn tabellens enhet, `{unit}`",
        nn "rada `{id}` tel noko anna enn eininga til tabellen, `{unit}`",
        "row `{id}` counts something else than the table's unit, `{unit}`"
    );
    let code = Some("U01".to_owned());
    Some(Problem { code, ..Problem::new(row.place.clone(), message) })
}

/// Columns, and one line a row, group and total.
fn counted(
    protocol: &Protocol,
    spec: &TableSpec,
    records: &Records,
) -> Found<(Vec<ProfileColumn>, Vec<Line>)> {
    let all: Vec<&Record> = records.rows.iter().collect();
    let mut chosen = records.select(&all, &spec.filter)?;
    if let Some(first) = &spec.first {
        chosen = records.first_of(&chosen, first)?;
    }
    let counter = Counter { spec, records };
    let From::Statuses { horizons } = &spec.from else {
        let column = counter.column(&chosen)?;
        return Ok((vec![ProfileColumn::default()], lines(spec, &[column])));
    };
    check_units(spec, &chosen)?;
    let (mut columns, mut numbers) = (Vec::new(), Vec::new());
    for horizon in horizons {
        for arm in protocol.draw.labels() {
            let here = |it: &&&Record| it.cell(2) == horizon && it.cell(6) == arm;
            let among: Vec<&Record> = chosen.iter().filter(here).copied().collect();
            numbers.push(counter.column(&among)?);
            let horizon = Some(Horizon::from_code(horizon));
            columns.push(ProfileColumn { horizon, arm: Some(arm) });
        }
    }
    Ok((columns, lines(spec, &numbers)))
}

/// Every status that a row counts is of the table's unit.
fn check_units(spec: &TableSpec, chosen: &[&Record]) -> Found<()> {
    let kind = match spec.counted {
        Counted::Family => "FAMILIE",
        Counted::Adult => "VOKSEN",
        Counted::Child => "BARN",
        Counted::Person | Counted::Case | Counted::Move => "",
    };
    let Some(other) = chosen.iter().find(|it| it.cell(0) != kind) else { return Ok(()) };
    let (found, outcome) = (other.cell(0), other.cell(1));
    let unit = spec.counted.code();
    let message = say!(
        "utfallet `{outcome}` er av {found}, og tabellen teller `{unit}`",
        nn "utfallet `{outcome}` er av {found}, og tabellen tel `{unit}`",
        "outcome `{outcome}` is of {found}, and the table counts `{unit}`"
    );
    let code = Some("U01".to_owned());
    Err(vec![Problem { code, ..Problem::new(spec.place.clone(), message) }])
}

/// The rows with their groups above the first of each, and the total below.
fn lines(spec: &TableSpec, columns: &[Column]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (at, row) in spec.rows.iter().enumerate() {
        let group = spec.groups.iter().find(|it| Some(&it.id) == row.group.as_ref());
        if let Some(group) = group.filter(|it| lines.iter().all(|line| line.id != it.id)) {
            lines.push(of_group(spec, group, columns));
        }
        let cells = columns.iter().filter_map(|it| it.cells.get(at)).cloned().collect();
        let is_part = row.nested || group.is_some();
        let kind = if is_part { RowKind::Part } else { RowKind::Plain };
        let (id, label, code) = (row.id.clone(), row.label.clone(), row.measure.code());
        lines.push(Line { id, label, code, kind, cells });
    }
    if spec.total {
        let cells = columns.iter().map(|it| {
            let whole = spec.share.then_some(it.whole);
            ProfileCell::Count { n: Cell::Count(it.whole), whole }
        });
        lines.push(Line {
            id: "total".to_owned(),
            label: Words::new("I alt", "Total"),
            code: "total",
            kind: RowKind::Total,
            cells: cells.collect(),
        });
    }
    lines
}

/// The sum of the rows of a group, which exclude each other.
fn of_group(spec: &TableSpec, group: &Group, columns: &[Column]) -> Line {
    let cell = |column: &Column| {
        let rows = spec.rows.iter().zip(&column.cells);
        let own = rows.filter(|(row, _)| row.group.as_ref() == Some(&group.id));
        let n = own.filter_map(|(_, cell)| match cell {
            ProfileCell::Count { n, .. } => n.count(),
            _ => None,
        });
        let whole = spec.share.then_some(column.whole);
        ProfileCell::Count { n: Cell::Count(n.sum()), whole }
    };
    Line {
        id: group.id.clone(),
        label: group.label.clone(),
        code: "group",
        kind: RowKind::Plain,
        cells: columns.iter().map(cell).collect(),
    }
}

fn shown(spec: &TableSpec, columns: Vec<ProfileColumn>, lines: Vec<Line>) -> ProfileTable {
    let row = |it: Line| ProfileRow { kind: it.kind, label: it.label, cells: it.cells };
    ProfileTable {
        id: spec.id.clone(),
        section: spec.section.clone(),
        title: spec.title.clone(),
        counted: spec.counted,
        source: spec.source.clone(),
        period: spec.period.clone(),
        together: spec.together,
        beside: spec.beside.clone(),
        note: spec.note.clone(),
        file: FILE.to_owned(),
        columns,
        rows: lines.into_iter().map(row).collect(),
    }
}
