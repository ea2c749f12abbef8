//! The rows of `model_by_follow_up`: one an office, the mean outcome of its drawn families less that
//! of the others. Offices count alike.

use std::collections::{BTreeMap, BTreeSet};

use lodd_store::Column;

use super::arrays::Designed;
use crate::{
    frame::Frame,
    plan::Method,
    text::{Text, say},
};

/// What one family's row has besides its outcome.
pub(super) struct Place {
    pub(super) office: String,
    pub(super) is_drawn: bool,
}

/// Sum and number of the known outcomes of an office, of those not drawn first, with its first row.
#[derive(Default)]
struct Tally {
    groups: [(f64, u32); 2],
    row: usize,
}

/// The offices' rows, how many offices there are, and what a reader must know.
///
/// # Errors
///
/// If an office has no known outcome among those drawn, or among the others, and the plan does not
/// drop such offices.
pub(super) fn of_offices(
    families: &Designed,
    places: &[Place],
    method: &mut Method,
) -> Result<(Designed, u64, Vec<String>), Text> {
    let filter = method.filter.take();
    let holds = filter.map(|it| families.frame.holds(&it)).transpose()?;
    let mut offices: BTreeMap<&str, Tally> = BTreeMap::new();
    for (row, place) in places.iter().enumerate() {
        if holds.as_ref().is_some_and(|it| it.get(row) != Some(&true)) {
            continue;
        }
        let new = || Tally { row, ..Tally::default() };
        let [others, drawn] = &mut offices.entry(place.office.as_str()).or_insert_with(new).groups;
        let group = if place.is_drawn { drawn } else { others };
        if let Some(y) = families.y.get(row).copied().flatten() {
            *group = (group.0 + y, group.1 + 1);
        }
    }
    let n_offices = offices.len() as u64;
    let lost: BTreeSet<&str> = offices
        .iter()
        .filter(|(_, it)| it.groups.iter().any(|it| it.1 == 0))
        .map(|it| *it.0)
        .collect();
    let names = lost.iter().copied().collect::<Vec<_>>().join(", ");
    if !lost.is_empty() && !method.drop_blocks {
        return Err(say!(
            "kontoret har ingen kjente utfall blant de trukne eller blant de andre: {names}; `drop_blocks = true` utelater det med navn",
            nn "kontoret har ingen kjende utfall blant dei trekte eller blant dei andre: {names}; `drop_blocks = true` utelèt det med namn",
            "the office has no known outcome among those drawn or among the others: {names}; `drop_blocks = true` leaves it out by name"
        ));
    }
    offices.retain(|office, _| !lost.contains(office));
    let units: u32 = offices.values().flat_map(|it| it.groups.map(|it| it.1)).sum();
    let mut notes =
        vec![format!("each row is an office: drawn less others, of {units} units with an outcome")];
    if !lost.is_empty() {
        notes.push(format!("offices without both, left out: {names}"));
    }
    Ok((rows(families, &offices)?, n_offices, notes))
}

fn rows(families: &Designed, offices: &BTreeMap<&str, Tally>) -> Result<Designed, Text> {
    let difference = |it: &Tally| {
        let [others, drawn] = it.groups.map(|(sum, n)| sum / f64::from(n));
        Some(drawn - others)
    };
    let first: Vec<usize> = offices.values().map(|it| it.row).collect();
    let labels = offices.keys().map(|it| Some(*it));
    Ok(Designed {
        frame: Frame::new(vec![Column::text("office", labels)])?,
        y: offices.values().map(difference).collect(),
        treated: crate::frame::gather(&families.treated, &first),
        unit: crate::frame::gather(&families.unit, &first),
        block: families.block.as_ref().map(|it| crate::frame::gather(it, &first)),
        cluster: None,
        spans_arms: false,
        weights: None,
        offers: None,
        own: Vec::new(),
        missing: families.missing,
        block_dummies: families.block_dummies,
    })
}
