//! What the screening's columns hold for each family: for pairs and for the constraint.

use std::collections::BTreeMap;

use lodd_store::{Kind, Pilot, query};

use super::super::words;
use crate::{problem::Failure, protocol::Protocol};

/// The largest value that is taken, either way.
const VALUE_MAX: i64 = 1 << 31;

/// The named columns' values of every family, in the order of `columns`.
///
/// # Errors
///
/// If the store can't be read, or a value is beyond ±2^31.
pub(super) fn values(
    pilot: &Pilot,
    protocol: &Protocol,
    columns: &[String],
) -> Result<BTreeMap<String, Vec<i64>>, Failure> {
    let inputs = pilot.screening_inputs().map_err(|error| words::store(&error))?;
    let kinds: Vec<(&str, Kind)> = [("family_id", Kind::Text)]
        .into_iter()
        .chain(protocol.screening.columns.iter().map(|it| (it.name.as_str(), kind(&it.kind))))
        .collect();
    let sql = protocol.panel.columns_sql().unwrap_or_default();
    let table =
        query::run(&inputs, sql, "columns", &kinds).map_err(|error| words::query(&error))?;
    let internal = |error| Failure::internal("screening", error);
    let families = table.text("family_id").map_err(internal)?;
    let mut rows: BTreeMap<String, Vec<i64>> =
        families.iter().map(|it| (it.clone().unwrap_or_default(), Vec::new())).collect();
    for column in columns {
        let values = table.int(column).map_err(internal)?;
        for (family, value) in families.iter().zip(values) {
            let known = value.filter(|it| (-VALUE_MAX..=VALUE_MAX).contains(it));
            let value = known.ok_or_else(|| Failure::internal("screening", column))?;
            if let Some(row) = family.as_ref().and_then(|it| rows.get_mut(it)) {
                row.push(value);
            }
        }
    }
    Ok(rows)
}

fn kind(kind: &lodd_panel::screening::ColumnKind) -> Kind {
    match kind {
        lodd_panel::screening::ColumnKind::Fact { .. } => Kind::Text,
        _ => Kind::Int,
    }
}
