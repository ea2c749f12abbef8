//! The orders in which the units of a draw stood on lists.

use std::collections::BTreeMap;

use lodd_estimate::balance::midranks;
use lodd_store::{Pilot, pilot::DrawnKind};

use super::{Made, names, number, words};
use crate::{problem::Failure, protocol::Protocol, text::Text};

/// An order of the units of a draw.
#[derive(Clone, Debug)]
pub(in crate::steps) struct List {
    /// Its name in files.
    pub(in crate::steps) id: &'static str,
    pub(in crate::steps) name: Text,
    /// The place of each unit, ties allowed.
    pub(in crate::steps) places: Vec<f64>,
}

/// The orders that are known for every unit, each once.
pub(super) fn read(
    pilot: &Pilot,
    protocol: &Protocol,
    made: &Made,
    registered: &[Option<f64>],
) -> Result<Vec<List>, Failure> {
    let order = match made.kind() {
        DrawnKind::Family => pilot.roster_order().map_err(|error| words::store(&error))?,
        DrawnKind::Office => protocol.offices.iter().map(|it| it.id.clone()).collect(),
    };
    let mut sorted: Vec<&str> = made.rows.iter().map(|row| row.unit_id.as_str()).collect();
    sorted.sort_unstable();
    let list = |id, name, places: Vec<Option<f64>>| {
        let places: Option<Vec<f64>> = places.into_iter().collect();
        places.map(|places| List { id, name, places })
    };
    let ordinals = made.rows.iter().map(|row| row.ordinal.map(number));
    let found = [
        list(
            "list_position",
            names::order("list_position"),
            places(made, order.iter().map(String::as_str)),
        ),
        list("registered_on", names::order("registered_on"), registered.to_vec()),
        list("unit_id", names::order("unit_id"), places(made, sorted)),
        list("ordinal", names::order("ordinal"), ordinals.collect()),
    ];
    // A list that stands in the order of another says the same.
    let mut kept: Vec<List> = Vec::new();
    for list in found.into_iter().flatten() {
        let ranks = midranks(made.block(), &list.places);
        if !kept.iter().any(|it| midranks(made.block(), &it.places) == ranks) {
            kept.push(list);
        }
    }
    Ok(kept)
}

/// The place of each unit among `order`.
fn places<'o>(made: &Made, order: impl IntoIterator<Item = &'o str>) -> Vec<Option<f64>> {
    let places: BTreeMap<&str, i64> = order.into_iter().zip(1..).collect();
    made.rows.iter().map(|row| places.get(row.unit_id.as_str()).copied().map(number)).collect()
}
