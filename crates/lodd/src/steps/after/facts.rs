//! What was known of each unit when the list was locked: facts to compare, and orders of the list.
//!
//! A family has what screening saw of it, its members and the date of its registration; an office
//! the number of its families and their means.

pub(super) mod names;
mod orders;
mod screened;

use std::collections::{BTreeMap, BTreeSet};

use lodd_store::{Kind, Pilot, Table, pilot::DrawnKind, query};

use super::{
    super::{tables, words},
    made::{Made, number},
};
use crate::{problem::Failure, protocol::Protocol, text::Text};
pub(in crate::steps) use orders::List;

/// More offices or values of a fact than this are not told apart.
const SHARES_SHOWN: usize = 12;

/// Something known of each unit of a draw.
#[derive(Clone, Debug)]
pub(in crate::steps) struct Fact {
    /// Its name in files.
    pub(in crate::steps) id: String,
    pub(in crate::steps) name: Text,
    /// Whether each value is 0 or 1.
    pub(in crate::steps) share: bool,
    /// One a unit.
    pub(in crate::steps) values: Vec<Option<f64>>,
}

/// What is known of the units of a draw.
pub(in crate::steps) struct Known {
    facts: Vec<Fact>,
    /// The facts of every family on the roster, drawn or not.
    roster: Vec<OfFamilies>,
    orders: Vec<List>,
    /// The office of each unit, as a number; empty where offices were drawn.
    pub(super) office: Vec<usize>,
}

/// Something known of every family on the roster.
#[derive(Clone, Debug)]
pub(in crate::steps) struct OfFamilies {
    pub(in crate::steps) id: String,
    pub(in crate::steps) name: Text,
    /// Whether each value is 0 or 1.
    pub(in crate::steps) share: bool,
    /// By family.
    pub(in crate::steps) values: BTreeMap<String, f64>,
}

/// The roster as it was known when the list was locked.
struct Roster {
    tables: Vec<Table>,
    /// Office and registration date of each family, by id.
    families: BTreeMap<String, (String, i64)>,
}

impl Known {
    /// Reads the roster at the time of locking.
    pub(super) fn read(pilot: &Pilot, protocol: &Protocol, made: &Made) -> Result<Self, Failure> {
        let cut = made.draw.announced_at_us;
        let roster = Roster::read(pilot, cut)?;
        let mut columns = screened::columns(protocol, &roster.tables)?;
        columns.extend(members(pilot, cut)?);
        if !screened::sees_months(protocol) {
            columns.push(months(&roster.tables, cut)?);
        }
        let mut facts = match made.kind() {
            DrawnKind::Family => of_families(made, &columns),
            DrawnKind::Office => of_offices(made, &columns, &roster),
        };
        let registered = registered(made, &roster);
        facts.push(Fact {
            id: "registered_on".to_owned(),
            name: names::registered(),
            share: false,
            values: registered.clone(),
        });
        let office = offices(made, &roster);
        facts.extend(office_shares(protocol, made, &office));
        let facts = distinct(facts);
        let orders = orders::read(pilot, protocol, made, &registered)?;
        Ok(Self { facts, roster: each_once(columns), orders, office: office.1 })
    }

    /// Orders alone.
    #[cfg(test)]
    pub(super) fn of_orders(orders: Vec<List>, office: Vec<usize>) -> Self {
        Self { facts: Vec::new(), roster: Vec::new(), orders, office }
    }

    pub(in crate::steps) fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// What is known of every family on the roster, in the order of the protocol.
    pub(in crate::steps) fn roster(&self) -> &[OfFamilies] {
        &self.roster
    }

    pub(in crate::steps) fn orders(&self) -> &[List] {
        &self.orders
    }
}

/// The facts that vary, each once: what screening saw may be what the roster says.
fn distinct(facts: Vec<Fact>) -> Vec<Fact> {
    let mut kept: Vec<Fact> = Vec::new();
    for fact in facts {
        if fact.varies() && !kept.iter().any(|it| it.values == fact.values) {
            kept.push(fact);
        }
    }
    kept
}

/// The same of the whole roster, those that do not vary with them.
fn each_once(columns: Vec<OfFamilies>) -> Vec<OfFamilies> {
    let mut kept: Vec<OfFamilies> = Vec::new();
    for column in columns {
        if !kept.iter().any(|it| it.id == column.id || it.values == column.values) {
            kept.push(column);
        }
    }
    kept
}

impl Fact {
    /// A fact that is the same for all says nothing of a draw.
    fn varies(&self) -> bool {
        let known: BTreeSet<u64> = self.values.iter().flatten().map(|it| it.to_bits()).collect();
        known.len() > 1 || (known.len() == 1 && self.values.contains(&None))
    }

    /// The values with the mean in place of what is not known, and whether each is known where
    /// some are not: what tests take.
    pub(super) fn complete(&self) -> Vec<Vec<f64>> {
        let known: Vec<f64> = self.values.iter().flatten().copied().collect();
        let mean = known.iter().sum::<f64>() / number(i64::try_from(known.len()).unwrap_or(1));
        let filled = self.values.iter().map(|it| it.unwrap_or(mean)).collect();
        let mut columns = vec![filled];
        if known.len() < self.values.len() {
            columns.push(self.values.iter().map(|it| f64::from(u8::from(it.is_some()))).collect());
        }
        columns
    }
}

impl Roster {
    fn read(pilot: &Pilot, cut: i64) -> Result<Self, Failure> {
        let tables = pilot.screening_inputs_at(cut).map_err(|error| words::store(&error))?;
        let internal = |error| tables::internal(&error);
        let mut families = BTreeMap::new();
        if let Some(table) = tables.iter().find(|it| it.name() == "families") {
            let (ids, offices) = (
                table.text("family_id").map_err(internal)?,
                table.text("office_id").map_err(internal)?,
            );
            let days = table.date("registered_on").map_err(internal)?;
            for ((id, office), day) in ids.iter().zip(offices).zip(days) {
                if let (Some(id), Some(office), Some(day)) = (id, office, day) {
                    families.insert(id.clone(), (office.clone(), i64::from(*day)));
                }
            }
        }
        Ok(Self { tables, families })
    }
}

/// Children and adults of each family, those of linked families counted together.
fn members(pilot: &Pilot, cut: i64) -> Result<Vec<OfFamilies>, Failure> {
    let inputs = pilot.panel_inputs(cut).map_err(|error| words::store(&error))?;
    let sql = "SELECT family_id, SUM(role = 'BARN') AS children, SUM(role <> 'BARN') AS adults \
               FROM members GROUP BY family_id ORDER BY family_id";
    let kinds = [("family_id", Kind::Text), ("children", Kind::Int), ("adults", Kind::Int)];
    let table = query::run(&inputs, sql, "counts", &kinds).map_err(|error| words::query(&error))?;
    let of = |id: &str, name: Text| {
        Ok(OfFamilies { id: id.to_owned(), name, share: false, values: values(&table, id)? })
    };
    Ok(vec![of("children", names::children())?, of("adults", names::adults())?])
}

/// Months with assistance among the twelve complete months before the list was locked.
fn months(inputs: &[Table], cut: i64) -> Result<OfFamilies, Failure> {
    let at = jiff::Timestamp::from_microsecond(cut);
    let date = crate::clock::oslo_date(at.map_err(|error| Failure::internal("instant", error))?)?;
    let this = i64::from(date.year()) * 12 + i64::from(date.month()) - 1;
    let sql = format!(
        "SELECT f.family_id AS family_id, COUNT(DISTINCT m.month) AS months FROM families f \
         LEFT JOIN members p ON p.family_id = f.family_id \
         LEFT JOIN monthly m ON m.unit_id IN (f.family_id, p.member_id) \
         AND m.month BETWEEN {} AND {} AND (m.assistance_grant > 0 OR m.assistance_loan > 0) \
         GROUP BY f.family_id ORDER BY f.family_id",
        this - 12,
        this - 1
    );
    let kinds = [("family_id", Kind::Text), ("months", Kind::Int)];
    let table = query::run(inputs, &sql, "counts", &kinds).map_err(|error| words::query(&error))?;
    let name = names::months();
    let values = values(&table, "months")?;
    Ok(OfFamilies { id: "assistance_months_12".to_owned(), name, share: false, values })
}

/// A column of whole numbers by family.
fn values(table: &Table, column: &str) -> Result<BTreeMap<String, f64>, Failure> {
    let internal = |error| tables::internal(&error);
    let families = table.text("family_id").map_err(internal)?;
    let numbers = table.int(column).map_err(internal)?;
    let pair =
        |(family, n): (&Option<String>, &Option<i64>)| Some((family.clone()?, number((*n)?)));
    Ok(families.iter().zip(numbers).filter_map(pair).collect())
}

fn of_families(made: &Made, columns: &[OfFamilies]) -> Vec<Fact> {
    let fact = |it: &OfFamilies| {
        let values = made.rows.iter().map(|row| it.values.get(&row.unit_id).copied()).collect();
        Fact { id: it.id.clone(), name: it.name.clone(), share: it.share, values }
    };
    columns.iter().map(fact).collect()
}

/// For each office how many families it has, and their means.
fn of_offices(made: &Made, columns: &[OfFamilies], roster: &Roster) -> Vec<Fact> {
    let families = |office: &str| -> Vec<&String> {
        roster.families.iter().filter(|(_, (at, _))| at == office).map(|(id, _)| id).collect()
    };
    let count = |n: usize| number(i64::try_from(n).unwrap_or(i64::MAX));
    let sizes = made.rows.iter().map(|row| Some(count(families(&row.unit_id).len())));
    let mut facts = vec![Fact {
        id: "families".to_owned(),
        name: names::families(),
        share: false,
        values: sizes.collect(),
    }];
    facts.extend(columns.iter().map(|it| {
        let mean = |office: &str| {
            let known: Vec<f64> =
                families(office).into_iter().filter_map(|id| it.values.get(id).copied()).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / count(known.len()))
        };
        let values = made.rows.iter().map(|row| mean(&row.unit_id)).collect();
        let name = names::of_office(&it.name);
        Fact { id: it.id.clone(), name, share: false, values }
    }));
    facts
}

/// Days from the first registration to each unit's; an office's is that of its first family.
fn registered(made: &Made, roster: &Roster) -> Vec<Option<f64>> {
    let day = |unit: &str| match made.kind() {
        DrawnKind::Family => roster.families.get(unit).map(|(_, day)| *day),
        DrawnKind::Office => {
            roster.families.values().filter(|(at, _)| at == unit).map(|(_, day)| *day).min()
        }
    };
    let days: Vec<Option<i64>> = made.rows.iter().map(|row| day(&row.unit_id)).collect();
    let first = days.iter().flatten().copied().min().unwrap_or(0);
    days.into_iter().map(|it| it.map(|day| number(day - first))).collect()
}

/// The offices of the families, and which of them each unit is of.
fn offices(made: &Made, roster: &Roster) -> (Vec<String>, Vec<usize>) {
    if made.kind() == DrawnKind::Office {
        return (Vec::new(), Vec::new());
    }
    let office = |unit: &str| roster.families.get(unit).map_or("", |(office, _)| office.as_str());
    let all: BTreeSet<&str> = made.rows.iter().map(|row| office(&row.unit_id)).collect();
    let all: Vec<String> = all.into_iter().map(str::to_owned).collect();
    let place = |unit: &str| all.iter().position(|it| it == office(unit)).unwrap_or_default();
    let of = made.rows.iter().map(|row| place(&row.unit_id)).collect();
    (all, of)
}

/// The share of each office, where blocks hold several.
fn office_shares(
    protocol: &Protocol,
    made: &Made,
    (names, of): &(Vec<String>, Vec<usize>),
) -> Vec<Fact> {
    let pairs: BTreeSet<(u32, usize)> =
        made.block().iter().copied().zip(of.iter().copied()).collect();
    let blocks: BTreeSet<u32> = pairs.iter().map(|(block, _)| *block).collect();
    if pairs.len() == blocks.len() || names.len() > SHARES_SHOWN {
        return Vec::new();
    }
    let share = |(at, id): (usize, &String)| Fact {
        id: format!("office={id}"),
        name: names::office(protocol.office_name(id)),
        share: true,
        values: of.iter().map(|it| Some(f64::from(u8::from(*it == at)))).collect(),
    };
    names.iter().enumerate().map(share).collect()
}
