//! Who consented to the research and who began to take part, as known at a cut.

use std::collections::BTreeSet;

use lodd_store::{Kind, Table, query};

use super::{tables, words};
use crate::problem::Failure;

/// Families in which someone has said yes to the research, and those that began to take part, in days
/// up to `today`; from the tables `asked` and `started` of the store.
pub(super) fn families(
    inputs: &[Table],
    today: i64,
) -> Result<(BTreeSet<String>, BTreeSet<String>), Failure> {
    // The latest answer of each member stands, unless a yes was taken back.
    let consented = ids(
        inputs,
        &format!(
            "SELECT DISTINCT family_id FROM asked AS one WHERE kind = 'FORSKNING' AND at <= {today} \
             AND answer = 'JA' AND (withdrawn_at IS NULL OR withdrawn_at > {today}) \
             AND at = (SELECT MAX(at) FROM asked WHERE member_id = one.member_id \
             AND kind = one.kind AND at <= {today}) ORDER BY 1"
        ),
    )?;
    let started = ids(
        inputs,
        &format!("SELECT DISTINCT family_id FROM started WHERE started_on <= {today} ORDER BY 1"),
    )?;
    Ok((consented, started))
}

fn ids(inputs: &[Table], sql: &str) -> Result<BTreeSet<String>, Failure> {
    let table = query::run(inputs, sql, "families", &[("family_id", Kind::Text)]);
    let table = table.map_err(|error| words::query(&error))?;
    let ids = table.text("family_id").map_err(|error| tables::internal(&error))?;
    Ok(ids.iter().flatten().cloned().collect())
}
