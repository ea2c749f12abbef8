//! T1, list and draw per office: eligible, on the list, drawn, reserve, consented.

use std::collections::{BTreeMap, BTreeSet};

use lodd_report::{
    Cell, Descriptive, RowKind, Stage, Subject, Term, Text as Words, Title, Unit, Value,
};

use super::{
    Ground, One,
    sheet::{Key, Sheet, column, empty, of_families, row},
};
use crate::{problem::Failure, steps::words};

/// One table a draw.
pub(super) fn read(ground: &Ground<'_>, sheet: &mut Sheet) -> Result<Vec<Descriptive>, Failure> {
    ground.draws.iter().map(|one| table(ground, one, sheet)).collect()
}

fn table(ground: &Ground<'_>, one: &One, sheet: &mut Sheet) -> Result<Descriptive, Failure> {
    let arms = one.arms();
    let own = |group: Option<Stage>, title| column(Unit::Family, group.map(Title::Stage), title);
    let mut columns =
        vec![own(None, Title::Stage(Stage::Eligible)), own(None, Title::Term(Term::OnList))];
    let of_arms =
        |group: Stage| arms.iter().map(move |arm| own(Some(group), Title::Arm(arm.clone())));
    columns.extend(of_arms(Stage::Drawn));
    columns.push(own(None, Title::Term(Term::Reserve)));
    columns.extend(of_arms(Stage::Consented));
    let eligible = eligible(ground, one)?;
    let mut table = empty(Subject::Offices, Some(one.number), columns);
    let offices = offices(ground, one, eligible.as_ref());
    for office in &offices {
        let title = Words::same(ground.source.protocol.office_name(office));
        let cells = cells(ground, one, (Some(office), eligible.as_ref()), sheet);
        table.rows.push(row(RowKind::Plain, Title::Text(title), cells));
    }
    if offices.len() > 1 {
        let cells = cells(ground, one, (None, eligible.as_ref()), sheet);
        table.rows.push(row(RowKind::Total, Title::Term(Term::Total), cells));
    }
    Ok(table)
}

/// Families that met the criteria when the list was locked, by office; `None` where nobody was
/// screened here.
fn eligible(ground: &Ground<'_>, one: &One) -> Result<Option<BTreeMap<String, u64>>, Failure> {
    let at = one.made.draw.announced_at_us;
    let found = ground.source.pilot.screening_at(at).map_err(|error| words::store(&error))?;
    let Some(found) = found else { return Ok(None) };
    let mut counts = BTreeMap::new();
    for family in found.screening.rows.iter().filter(|it| it.eligible) {
        *counts.entry(family.office_id.clone()).or_insert(0) += 1;
    }
    Ok(Some(counts))
}

/// The offices with families on the list, in the protocol's order.
fn offices(
    ground: &Ground<'_>,
    one: &One,
    eligible: Option<&BTreeMap<String, u64>>,
) -> Vec<String> {
    let drawn = one.made.rows.iter().map(|it| ground.people.office_of(&it.unit_id).to_owned());
    let mut all: BTreeSet<String> = drawn.collect();
    all.extend(eligible.into_iter().flat_map(|it| it.keys().cloned()));
    let known = ground.source.protocol.offices.iter().map(|it| it.id.clone());
    let mut sorted: Vec<String> = known.filter(|id| all.remove(id)).collect();
    sorted.extend(all);
    sorted
}

fn cells(
    ground: &Ground<'_>,
    one: &One,
    (office, eligible): (Option<&String>, Option<&BTreeMap<String, u64>>),
    sheet: &mut Sheet,
) -> Vec<Value> {
    let people = &ground.people;
    let office = office.map(String::as_str);
    let is_here = |family: &str| office.is_none_or(|office| people.office_of(family) == office);
    let key = |population, arm| Key {
        office,
        arm,
        population: Some(population),
        item: "families",
        ..of_families("offices", one.draw())
    };
    let mut cells = vec![match eligible {
        None => Value::Count(Cell::Missing),
        Some(counts) => {
            let of = |(id, n): (&String, &u64)| office.is_none_or(|it| it == id).then_some(*n);
            sheet.count(key("eligible", None), counts.iter().filter_map(of).sum())
        }
    }];
    let count = |of: &dyn Fn(&str) -> bool, arm: Option<&str>| {
        let rows = one.made.rows.iter().filter(|it| arm.is_none_or(|arm| it.arm == arm));
        rows.filter(|it| is_here(&it.unit_id) && of(&it.unit_id)).count() as u64
    };
    cells.push(sheet.count(key("listed", None), count(&|_| true, None)));
    for arm in one.arms() {
        cells.push(sheet.count(key("drawn", Some(arm)), count(&|_| true, Some(arm))));
    }
    cells.push(match reserve(ground, one) {
        None => Value::Count(Cell::Impossible),
        Some(waiting) => {
            sheet.count(key("reserve", None), count(&|family| waiting.contains(family), None))
        }
    });
    for arm in one.arms() {
        cells.push(if people.was_asked {
            let n = count(&|family| people.consented.contains(family), Some(arm));
            sheet.count(key("consented", Some(arm)), n)
        } else {
            Value::Count(Cell::Missing)
        });
    }
    cells
}

/// Families of the last arm that have not been offered a place, where places are offered down the
/// list: a draw of two arms.
fn reserve<'o>(ground: &Ground<'_>, one: &'o One) -> Option<BTreeSet<&'o str>> {
    let [_, control] = one.arms() else { return None };
    let offered =
        |family: &str| ground.people.offers.contains_key(&(one.draw(), family.to_owned()));
    Some(one.families(control).filter(|family| !offered(family)).collect())
}
