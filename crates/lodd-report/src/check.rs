//! What a report is refused for. Everything is checked before anything is written.

mod descriptive;
mod profile_table;

use crate::model::{
    Block, Cell, Draw, Effect, FileKind, Pair, Report, StatusColumn, StatusHorizon, StatusTable,
    Unit,
};

/// Why no report is made. Tables are named by their Norwegian label.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum ReportError {
    #[error(
        "table `{table}` must have one unit, not both {:?} ({}) and {:?} ({}) (U01)",
        .expected.0, .expected.1, .found.0, .found.1
    )]
    MixedUnits { table: String, expected: (Unit, u64), found: (Unit, u64) },
    #[error(
        "table `{table}` must show every arm in the order of the draw at each horizon, \
         the control last: expected {expected:?}, found {found:?}"
    )]
    ArmsDiffer { table: String, expected: Vec<String>, found: Vec<String> },
    #[error("table `{table}` must have {expected} cells in a row, found {found}")]
    RowLength { table: String, expected: usize, found: usize },
    #[error("table `{table}` is made from `{file}`, which must be among the report's files")]
    NoNamedFile { table: String, file: String },
    #[error("table `{table}` must have {expected} counts in a column, found {found}")]
    ColumnLength { table: String, expected: usize, found: usize },
    #[error("table `{table}` can't count {part} of {whole} units")]
    PartAboveWhole { table: String, part: u64, whole: u64 },
    #[error("effect `{effect}` has a number that is not finite in `{field}`")]
    NotFinite { effect: String, field: &'static str },
    #[error("effect `{effect}` must have p-values in [0, 1], found {found}")]
    NotAProbability { effect: String, found: f64 },
    #[error("effect `{effect}` has an interval that ends before it starts: {low} to {high}")]
    IntervalReversed { effect: String, low: f64, high: f64 },
    #[error("effect `{effect}` must compare a treated arm with the control, found arm `{arm}`")]
    UnknownArm { effect: String, arm: String },
    #[error("table `{0}` has rows that overlap, which must not be summed")]
    Overlapping(String),
    #[error("table `{table}` must stand beside another table of another unit, found `{other}`")]
    Beside { table: String, other: String },
    #[error("a report must have at least two arms, found {0}")]
    TooFewArms(usize),
    #[error("block `{block}` must have seats in {expected} arms, found {found}")]
    BlockArms { block: String, expected: usize, found: usize },
    #[error("alpha must lie between 0 and 1, found {0}")]
    Alpha(f64),
    #[error("a table is made from the {0:?} file, which must be among the report's files")]
    NoFile(FileKind),
    #[error("figure `{0}` has a number that is not finite")]
    Figure(String),
    #[error("the PDF could not be set: {0}")]
    Pdf(String),
    #[error("the workbook could not be written: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    #[error("the page could not be filled in")]
    Template(#[from] askama::Error),
}

/// Refuses what the report must not say.
pub(crate) fn check(report: &Report) -> Result<(), ReportError> {
    let compares =
        !(report.draws.is_empty() && report.effects.is_empty() && report.status.is_empty());
    if report.arms.len() == 1 || (report.arms.is_empty() && compares) {
        return Err(ReportError::TooFewArms(report.arms.len()));
    }
    if !(report.alpha > 0.0 && report.alpha < 1.0) {
        return Err(ReportError::Alpha(report.alpha));
    }
    check_files(report)?;
    for block in report.draws.iter().flat_map(|Draw { blocks, .. }| blocks) {
        check_block(block, report.arms.len())?;
    }
    for table in &report.status {
        check_status(table, report)?;
    }
    for table in &report.descriptives {
        descriptive::check(table, report)?;
    }
    for table in &report.profile_tables {
        profile_table::check(table, report)?;
    }
    for effect in &report.effects {
        check_effect(effect, report)?;
    }
    Ok(())
}

/// Every table names its file, so the file must be known.
fn check_files(report: &Report) -> Result<(), ReportError> {
    let needed = [
        (FileKind::Screening, report.eligibility.is_some()),
        (FileKind::Assignments, !report.draws.is_empty()),
        (FileKind::Stock, !report.months.is_empty()),
        (FileKind::Power, !report.power.is_empty()),
        (FileKind::Flow, !report.flow.is_empty()),
        (FileKind::ProfileTables, !(report.context.is_empty() && report.profile.costs.is_empty())),
        (FileKind::Outcomes, !report.status.is_empty()),
        (FileKind::Estimates, !report.effects.is_empty()),
    ];
    for (kind, is_needed) in needed {
        if is_needed && !report.files.iter().any(|file| file.kind == kind) {
            return Err(ReportError::NoFile(kind));
        }
    }
    Ok(())
}

fn check_block(block: &Block, arms: usize) -> Result<(), ReportError> {
    if block.seats.len() == arms {
        return Ok(());
    }
    let (block, found) = (block.name.nb.clone(), block.seats.len());
    Err(ReportError::BlockArms { block, expected: arms, found })
}

/// One unit, and never a horizon without its control column.
fn check_status(table: &StatusTable, report: &Report) -> Result<(), ReportError> {
    let expected: Vec<&str> = report.arms.iter().map(|arm| arm.label.as_str()).collect();
    for StatusHorizon { columns, .. } in &table.horizons {
        let found: Vec<&str> = columns.iter().map(|column| column.arm.as_str()).collect();
        if found != expected {
            let owned = |arms: Vec<&str>| arms.into_iter().map(str::to_owned).collect();
            let table = table.label.nb.clone();
            let (expected, found) = (owned(expected), owned(found));
            return Err(ReportError::ArmsDiffer { table, expected, found });
        }
        for column in columns {
            check_column(table, column)?;
        }
    }
    Ok(())
}

fn check_column(table: &StatusTable, column: &StatusColumn) -> Result<(), ReportError> {
    let name = || table.label.nb.clone();
    if column.unit != table.unit {
        let mut columns = table.horizons.iter().flat_map(|it| &it.columns);
        let of_unit =
            columns.find(|it| it.unit == table.unit).map_or(0, |it| it.drawn.count().unwrap_or(0));
        let (expected, found) =
            ((table.unit, of_unit), (column.unit, column.drawn.count().unwrap_or(0)));
        return Err(ReportError::MixedUnits { table: name(), expected, found });
    }
    if column.counts.len() != table.categories.len() {
        let (expected, found) = (table.categories.len(), column.counts.len());
        return Err(ReportError::ColumnLength { table: name(), expected, found });
    }
    let within = |part: Cell, whole: Option<u64>| match (part.count(), whole) {
        (Some(part), Some(whole)) if part > whole => {
            Err(ReportError::PartAboveWhole { table: name(), part, whole })
        }
        _ => Ok(()),
    };
    within(column.due, column.drawn.count())?;
    within(column.observed, column.drawn.count())?;
    column.counts.iter().try_for_each(|&cell| within(cell, column.observed.count()))
}

fn check_effect(effect: &Effect, report: &Report) -> Result<(), ReportError> {
    let name = || effect.label.nb.clone();
    let treated = report.arms.split_last().map_or(&[][..], |(_, treated)| treated);
    if effect.arms.is_none() && !treated.iter().any(|arm| arm.label == effect.arm) {
        return Err(ReportError::UnknownArm { effect: name(), arm: effect.arm.clone() });
    }
    for (field, number) in numbers(effect) {
        if number.is_some_and(|it| !it.is_finite()) {
            return Err(ReportError::NotFinite { effect: name(), field });
        }
    }
    for found in [effect.p_value, effect.p_randomization].into_iter().flatten() {
        if !(0.0..=1.0).contains(&found) {
            return Err(ReportError::NotAProbability { effect: name(), found });
        }
    }
    if let Some((low, high)) = effect.interval.filter(|(low, high)| low > high) {
        return Err(ReportError::IntervalReversed { effect: name(), low, high });
    }
    check_counts(effect)
}

/// Events are among those analysed, and those among the drawn.
fn check_counts(effect: &Effect) -> Result<(), ReportError> {
    let nested = |part: Option<Pair<u64>>, whole: Option<Pair<u64>>| {
        let (Some(part), Some(whole)) = (part, whole) else { return Ok(()) };
        for (part, whole) in [(part.treated, whole.treated), (part.control, whole.control)] {
            if part > whole {
                let table = effect.label.nb.clone();
                return Err(ReportError::PartAboveWhole { table, part, whole });
            }
        }
        Ok(())
    };
    nested(effect.events, Some(effect.n))?;
    nested(Some(effect.n), effect.drawn)
}

fn numbers(effect: &Effect) -> [(&'static str, Option<f64>); 10] {
    [
        ("mean_treated", effect.means.map(|it| it.treated)),
        ("mean_control", effect.means.map(|it| it.control)),
        ("estimate", effect.estimate),
        ("std_error", effect.std_error),
        ("df", effect.df),
        ("conf_low", effect.interval.map(|it| it.0)),
        ("conf_high", effect.interval.map(|it| it.1)),
        ("p_value", effect.p_value),
        ("p_randomization", effect.p_randomization),
        ("mde", effect.mde),
    ]
}
