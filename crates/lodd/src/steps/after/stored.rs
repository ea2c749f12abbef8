//! The checks of a draw as they were written, for a page: read, not computed again.

use std::path::Path;

use lodd_store::{
    Table, TableError, parquet,
    pilot::{Draw, DrawnKind},
    schema,
};

use super::facts::names;
use crate::{
    problem::Failure,
    protocol::Protocol,
    steps::{Context, words},
    text::Text,
};

/// What stands in `balance.parquet` and `order.parquet` of a draw.
#[derive(Debug)]
pub(in crate::steps) struct Stored {
    pub(in crate::steps) facts: Vec<Compared>,
    /// p-value of all facts together, the draws it was held against, and whether they are all there are.
    pub(in crate::steps) joint: Option<(f64, i64, bool)>,
    pub(in crate::steps) orders: Vec<Ordered>,
}

/// A fact by arm.
#[derive(Debug)]
pub(in crate::steps) struct Compared {
    pub(in crate::steps) name: Text,
    pub(in crate::steps) share: bool,
    /// In the order of the draw's arms.
    pub(in crate::steps) means: Vec<Option<f64>>,
    /// Of each arm but the last from it.
    pub(in crate::steps) differences: Vec<Option<f64>>,
    pub(in crate::steps) p: Option<f64>,
}

/// An order of the list, held against arms or ranks.
#[derive(Debug)]
pub(in crate::steps) struct Ordered {
    pub(in crate::steps) name: Text,
    pub(in crate::steps) of_ranks: bool,
    /// Units in the first tenth, how many of them were drawn, and how many were to be expected.
    pub(in crate::steps) first: Option<(i64, i64, f64)>,
    pub(in crate::steps) p: f64,
    pub(in crate::steps) stop: bool,
}

impl Stored {
    /// Nothing where the files are not there, or are of another result.
    pub(in crate::steps) fn read(
        context: &Context,
        protocol: &Protocol,
        (draw, kind): (&Draw, DrawnKind),
    ) -> Result<Option<Self>, Failure> {
        let folder = context.out(&format!("draw-{:04}", draw.draw));
        let of = |name: &str| read(&folder.join(format!("{name}.parquet")), draw);
        let (Some(balance), Some(order)) = (of(schema::BALANCE.name)?, of(schema::ORDER.name)?)
        else {
            return Ok(None);
        };
        let broken = |error: TableError| super::tables::internal(&error);
        let (facts, joint) = facts(protocol, (draw, kind), &balance).map_err(broken)?;
        let orders = orders(&order).map_err(broken)?;
        Ok(Some(Self { facts, joint, orders }))
    }
}

fn read(path: &Path, draw: &Draw) -> Result<Option<Table>, Failure> {
    if !path.is_file() {
        return Ok(None);
    }
    let (table, metadata) = parquet::read(path).map_err(|error| words::parquet(&error))?;
    let of = metadata.iter().find(|(key, _)| key == "result_sha256").map(|(_, it)| it.as_str());
    Ok((of == draw.result_sha256.as_deref()).then_some(table))
}

type Joint = Option<(f64, i64, bool)>;

fn facts(
    protocol: &Protocol,
    (draw, kind): (&Draw, DrawnKind),
    table: &Table,
) -> Result<(Vec<Compared>, Joint), TableError> {
    let (ids, arms) = (table.text("fact")?, table.text("arm")?);
    let (means, differences) = (table.real("mean")?, table.real("std_difference")?);
    let (df, p) = (table.int("df")?, table.real("p_value")?);
    let (replays, exact) = (table.int("n_replays")?, table.bool("exact")?);
    let (mut all, mut joint): (Vec<(&str, Compared)>, _) = (Vec::new(), None);
    for row in 0..table.rows() {
        let at = |of: &[Option<f64>]| of.get(row).copied().flatten();
        let int = |of: &[Option<i64>]| of.get(row).copied().flatten().unwrap_or_default();
        let text = |of: &'_ [Option<String>]| of.get(row).cloned().flatten();
        let Some(arm) = text(arms) else {
            let is_exact = exact.get(row).copied().flatten().unwrap_or_default();
            joint = at(p).map(|p| (p, int(replays), is_exact));
            continue;
        };
        let Some(id) = ids.get(row).and_then(Option::as_deref) else { continue };
        if all.last().is_none_or(|(last, _)| *last != id) {
            let blank = Compared {
                name: names::fact(protocol, kind, id),
                share: id.contains('='),
                means: vec![None; draw.arms.len()],
                differences: vec![None; draw.arms.len().saturating_sub(1)],
                p: at(p).filter(|_| int(df) > 0),
            };
            all.push((id, blank));
        }
        let place = draw.arms.iter().position(|it| *it == arm);
        if let (Some(place), Some((_, fact))) = (place, all.last_mut()) {
            if let Some(mean) = fact.means.get_mut(place) {
                *mean = at(means);
            }
            if let Some(difference) = fact.differences.get_mut(place) {
                *difference = at(differences);
            }
        }
    }
    Ok((all.into_iter().map(|(_, it)| it).collect(), joint))
}

fn orders(table: &Table) -> Result<Vec<Ordered>, TableError> {
    let (lists, against) = (table.text("list")?, table.text("against")?);
    let (p, stop) = (table.real("p_value")?, table.bool("stop")?);
    let (n, drawn) = (table.int("n_first")?, table.int("n_first_drawn")?);
    let expected = table.real("expected_first_drawn")?;
    let row = |row: usize| {
        let int = |of: &[Option<i64>]| of.get(row).copied().flatten();
        let real = |of: &[Option<f64>]| of.get(row).copied().flatten();
        let first = int(n).zip(int(drawn)).zip(real(expected));
        Some(Ordered {
            name: names::order(lists.get(row)?.as_deref()?),
            of_ranks: against.get(row)?.as_deref() == Some("rank"),
            first: first.map(|((n, drawn), expected)| (n, drawn, expected)),
            p: real(p)?,
            stop: stop.get(row).copied().flatten().unwrap_or_default(),
        })
    };
    Ok((0..table.rows()).filter_map(row).collect())
}
