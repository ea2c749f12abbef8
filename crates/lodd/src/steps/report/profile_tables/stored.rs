//! What the pilot itself holds, as records: families, months, statuses.

use std::collections::BTreeMap;

use lodd_store::{Kind, Pilot, Table, parquet, pilot::Role};

use super::records::{Record, Records};
use crate::{
    problem::Failure,
    protocol::{Protocol, Wanted},
    steps::{Context, report::status, tables, words},
};

/// Every family of the roster: its office, its arm and draw, its answer to the offer of a place, its
/// adults and children, and the most places there are at any time in its block.
pub(super) fn families(pilot: &Pilot, protocol: &Protocol) -> Result<Records, Failure> {
    let store = |error| words::store(&error);
    let roster = pilot.roster().map_err(store)?;
    let arms = status::arms(pilot)?;
    let mut answers: BTreeMap<String, &'static str> = BTreeMap::new();
    let mut draw_of: BTreeMap<String, String> = BTreeMap::new();
    for draw in pilot.draws().map_err(store)? {
        for row in pilot.assignments(draw.draw).map_err(store)? {
            draw_of.insert(row.unit_id, draw.draw.to_string());
        }
        let log = pilot.offer_log(draw.draw).map_err(store)?;
        let offers = log.blocks.into_iter().flat_map(|it| it.offers);
        answers.extend(offers.filter_map(|it| Some((it.family_id, it.answer?.code()))));
    }
    let columns = ["family", "office", "draw", "arm", "answer", "adults", "children", "capacity"];
    let rows = roster.families.iter().map(|family| {
        let id = &family.family_id;
        let members = || roster.members.iter().filter(|it| it.family_id == *id);
        let children = members().filter(|it| it.role == Role::Child).count();
        let block = protocol.draw.block_of(&family.office_id);
        let capacity = match block.map(|it| &it.shares) {
            Some(Wanted::Capacity(n)) => n.to_string(),
            _ => String::new(),
        };
        let cells = vec![
            id.clone(),
            family.office_id.clone(),
            draw_of.get(id).cloned().unwrap_or_default(),
            arms.get(id).cloned().unwrap_or_default(),
            answers.get(id).copied().unwrap_or_default().to_owned(),
            (members().count() - children).to_string(),
            children.to_string(),
            capacity,
        ];
        Record { key: id.clone(), number: 0, cells }
    });
    Ok(named("families", &columns, rows.collect()))
}

/// Every month of the stock of assistance, over all families.
pub(super) fn months(context: &Context) -> Result<Records, Failure> {
    let path = context.out("stock.parquet");
    let columns = ["month", "register", "known", "families", "children"];
    if !path.exists() {
        return Ok(named("months", &columns, Vec::new()));
    }
    let (table, _) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
    let cells = texts(&table, &["month", "register", "n_known", "families", "children"])?;
    let arms = texts(&table, &["arm"])?;
    let of_all = cells.into_iter().zip(arms).filter(|(_, arm)| arm.iter().all(String::is_empty));
    let rows = of_all.map(|(mut cells, _)| {
        let month: String =
            cells.first().map(|it| it.chars().take(7).collect()).unwrap_or_default();
        if let Some(first) = cells.first_mut() {
            first.clone_from(&month);
        }
        Record { key: month, number: 0, cells }
    });
    Ok(named("months", &columns, rows.collect()))
}

/// Every status that is known: an outcome of a unit at a horizon, with the unit's arm.
pub(super) fn statuses(pilot: &Pilot, outcomes: &Table) -> Result<Records, Failure> {
    let arms = status::arms(pilot)?;
    let columns = ["unit_kind", "outcome", "horizon", "source", "register", "value", "arm"];
    let cells = texts(
        outcomes,
        &[
            "unit_id",
            "unit_kind",
            "outcome_id",
            "horizon",
            "source",
            "register",
            "value_code",
            "value",
        ],
    )?;
    let mut rows = Vec::new();
    for mut cells in cells {
        let (number, code) = (cells.pop().unwrap_or_default(), cells.pop().unwrap_or_default());
        let value = if code.is_empty() { number } else { code };
        let key = cells.drain(..1).next().unwrap_or_default();
        let Some(arm) = arms.get(&key).filter(|_| !value.is_empty()) else { continue };
        cells.extend([value, arm.clone()]);
        rows.push(Record { key, number: 0, cells });
    }
    Ok(named("statuses", &columns, rows))
}

fn named(name: &str, columns: &[&str], rows: Vec<Record>) -> Records {
    let columns = columns.iter().map(|&it| it.to_owned()).collect();
    Records { name: name.to_owned(), columns, rows }
}

/// These columns of a table as texts, row by row; empty where there is no value.
fn texts(table: &Table, columns: &[&str]) -> Result<Vec<Vec<String>>, Failure> {
    let internal = |error| tables::internal(&error);
    let mut rows = vec![Vec::new(); table.rows()];
    for name in columns {
        let values: Vec<String> = match table.values(name).map_err(internal)?.kind() {
            Kind::Int => shown(table.int(name).map_err(internal)?, ToString::to_string),
            Kind::Real => shown(table.real(name).map_err(internal)?, ToString::to_string),
            Kind::Date => {
                let days = table.date(name).map_err(internal)?;
                let date = |it: &Option<i32>| {
                    it.map(|day| crate::steps::due::date(i64::from(day)).map(|it| it.to_string()))
                        .transpose()
                        .map(Option::unwrap_or_default)
                };
                days.iter().map(date).collect::<Result<_, Failure>>()?
            }
            _ => shown(table.text(name).map_err(internal)?, Clone::clone),
        };
        for (row, value) in rows.iter_mut().zip(values) {
            row.push(value);
        }
    }
    Ok(rows)
}

fn shown<T>(values: &[Option<T>], text: impl Fn(&T) -> String) -> Vec<String> {
    values.iter().map(|it| it.as_ref().map(&text).unwrap_or_default()).collect()
}
