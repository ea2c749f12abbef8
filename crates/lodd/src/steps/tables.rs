//! Tables that go to `out/`, as Parquet.

use std::path::PathBuf;

use lodd_store::{
    Column, Table, TableError,
    parquet::{self, Metadata},
    pilot::{Assignment, Draw, ScreeningRow},
    schema::Schema,
};

use super::{Context, words};
use crate::problem::Failure;

/// Writes `out/NAME.parquet`, with the program's version among its metadata.
pub(super) fn write(
    context: &Context,
    schema: &Schema,
    table: &Table,
    metadata: Metadata,
) -> Result<PathBuf, Failure> {
    let path = context.out(&format!("{}.parquet", schema.name));
    let folder = context.dir.join("out");
    std::fs::create_dir_all(&folder).map_err(|error| Failure::io(&folder, &error))?;
    let mut all = vec![("lodd_version".to_owned(), env!("CARGO_PKG_VERSION").to_owned())];
    all.extend(metadata);
    parquet::write(&path, table, schema, &all).map_err(|error| words::parquet(&error))?;
    Ok(path)
}

pub(super) fn internal(error: &TableError) -> Failure {
    Failure::internal("table", error)
}

/// A column that must be there and is not.
pub(super) fn internal_missing(table: &str, column: &str) -> Failure {
    Failure::internal(table, format!("column `{column}` has no value"))
}

/// One row a family and rule.
pub(super) fn screening(rows: &[ScreeningRow]) -> Result<Table, Failure> {
    let each = || rows.iter().flat_map(|row| row.rules.iter().map(move |rule| (row, rule)));
    let columns = vec![
        Column::text("family_id", each().map(|(row, _)| Some(row.family_id.as_str()))),
        Column::text("office_id", each().map(|(row, _)| Some(row.office_id.as_str()))),
        Column::bool("eligible", each().map(|(row, _)| Some(row.eligible))),
        Column::text("rule", each().map(|(_, rule)| Some(rule.rule.as_str()))),
        Column::bool("passed", each().map(|(_, rule)| rule.passed)),
        Column::text(
            "reason_nb",
            each().map(|(_, rule)| rule.reasons.as_ref().map(|it| it.nb.as_str())),
        ),
        Column::text(
            "reason_nn",
            each().map(|(_, rule)| rule.reasons.as_ref().map(|it| it.nn.as_str())),
        ),
        Column::text(
            "reason_en",
            each().map(|(_, rule)| rule.reasons.as_ref().map(|it| it.en.as_str())),
        ),
    ];
    Table::new("screening", columns).map_err(|error| internal(&error))
}

/// One row a drawn unit, of every draw that has ended.
pub(super) fn assignments(draws: &[(Draw, Vec<Assignment>)]) -> Result<Table, Failure> {
    let each = || draws.iter().flat_map(|(draw, rows)| rows.iter().map(move |row| (draw, row)));
    let columns = vec![
        Column::int("draw", each().map(|(draw, _)| Some(draw.draw))),
        Column::text("unit_kind", each().map(|(_, row)| Some(row.unit_kind.code()))),
        Column::text("unit_id", each().map(|(_, row)| Some(row.unit_id.as_str()))),
        Column::text("block", each().map(|(_, row)| Some(row.block.as_str()))),
        Column::int("ordinal", each().map(|(_, row)| row.ordinal)),
        Column::text("ticket", each().map(|(_, row)| row.ticket.as_deref())),
        Column::int("rank", each().map(|(_, row)| row.rank)),
        Column::text("arm", each().map(|(_, row)| Some(row.arm.as_str()))),
        Column::text("probability", each().map(|(_, row)| row.probability.as_deref())),
        Column::text("origin", each().map(|(draw, _)| Some(draw.origin.code().to_lowercase()))),
    ];
    Table::new("assignments", columns).map_err(|error| internal(&error))
}
