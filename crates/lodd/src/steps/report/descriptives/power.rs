//! T10, what the design could detect: by the formula of `lodd power`, for the seats of the locked draw, and
//! as simulated where `lodd power` was run on the same seats.

use std::collections::BTreeMap;

use lodd_report::{Cell, Descriptive, RowKind, Subject, Term, Title, Unit, Value};
use lodd_store::{Table, parquet};

use super::{
    Ground, One,
    sheet::{Key, Sheet, against, column, empty, of_families, row},
};
use crate::{
    problem::Failure,
    steps::{power, tables, words},
};

/// The estimator of the formula in `power.parquet`.
const FORMULA: &str = "power";

/// Smallest effects by base rate (as the file writes it) and estimator.
type Simulated = BTreeMap<(String, String), f64>;

/// Of the last draw that compares anything: one with a place for everyone, or for nobody, detects nothing.
pub(super) fn read(ground: &Ground<'_>, sheet: &mut Sheet) -> Result<Vec<Descriptive>, Failure> {
    let compares = |one: &&One| {
        let (treated, control) = compared(one);
        treated.min(control) > 0 && treated + control > 2
    };
    let Some(one) = ground.draws.iter().rev().find(compares) else { return Ok(Vec::new()) };
    let simulated = simulated(ground, one)?;
    let mut estimators: Vec<&String> = simulated.keys().map(|it| &it.1).collect();
    estimators.sort();
    estimators.dedup();
    let own = |title| column(Unit::Family, None, title);
    let mut columns: Vec<_> = one.arms().iter().map(|arm| own(Title::Arm(arm.clone()))).collect();
    columns.push(own(Title::Term(Term::Formula)));
    columns.extend(estimators.iter().map(|it| own(Title::Simulated((*it).clone()))));
    let mut table = empty(Subject::Power, Some(one.number), columns);
    let alpha = ground.source.plan.alpha;
    for base_rate in power::BASE_RATES {
        let item = format!("base rate {base_rate}");
        let mut cells: Vec<Value> = one
            .arms()
            .iter()
            .map(|arm| sheet.count(key(one, Some(arm), &item), count(one, arm)))
            .collect();
        let (treated, control) = compared(one);
        let found = power::detectable((treated, control), base_rate, alpha)?;
        let mde = format!("{item}: mde");
        cells.push(points(sheet, key(one, None, &mde), found));
        for estimator in &estimators {
            let found = simulated.get(&(item.clone(), (*estimator).clone())).copied();
            let name = format!("{item}: mde, {estimator}");
            cells.push(points(sheet, key(one, None, &name), found));
        }
        table.rows.push(row(RowKind::Plain, Title::Share(base_rate), cells));
    }
    Ok(vec![table])
}

fn key<'k>(one: &One, arm: Option<&'k str>, item: &'k str) -> Key<'k> {
    Key { arm, item, ..of_families("power", one.draw()) }
}

/// `.` where no effect can be detected so often.
fn points(sheet: &mut Sheet, key: Key<'_>, found: Option<f64>) -> Value {
    match found {
        None => Value::Count(Cell::Impossible),
        Some(_) => Value::Points(sheet.value(key, found)),
    }
}

fn count(one: &One, arm: &str) -> u64 {
    one.families(arm).count() as u64
}

/// Families in the first arm and in the control.
fn compared(one: &One) -> (u64, u64) {
    let treated = against(one.arms()).next().map_or(0, |arm| count(one, arm));
    (treated, one.arms().last().map_or(0, |arm| count(one, arm)))
}

/// What `power.parquet` says, where it is of these seats, this alpha and the usual power.
fn simulated(ground: &Ground<'_>, one: &One) -> Result<Simulated, Failure> {
    let path = ground.source.context.out("power.parquet");
    if !path.exists() {
        return Ok(Simulated::new());
    }
    let (table, _) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
    let asked = format!("power {}, alpha {}", power::WANTED, ground.source.plan.alpha);
    of(&table, compared(one), &asked)
}

fn of(table: &Table, (treated, control): (u64, u64), asked: &str) -> Result<Simulated, Failure> {
    let internal = |error| tables::internal(&error);
    let text = |name| table.text(name).map_err(internal);
    let (analyses, estimators) = (text("analysis")?, text("estimator")?);
    let (terms, notes) = (text("term")?, text("note")?);
    let estimates = table.real("estimate").map_err(internal)?;
    let (n_treated, n_control) =
        (table.int("n_treated").map_err(internal)?, table.int("n_control").map_err(internal)?);
    let row = |row: usize| {
        let at = |column: &[Option<String>]| column.get(row).and_then(Clone::clone);
        let is = |column: &[Option<i64>], n: u64| {
            column.get(row).copied().flatten().and_then(|it| u64::try_from(it).ok()) == Some(n)
        };
        let estimator = at(estimators).filter(|it| it != FORMULA)?;
        let own = at(terms).as_deref() == Some("mde")
            && at(notes).is_some_and(|it| it.ends_with(asked))
            && is(n_treated, treated)
            && is(n_control, control);
        let estimate = estimates.get(row).copied().flatten().filter(|_| own)?;
        Some(((at(analyses)?, estimator), estimate))
    };
    Ok((0..table.rows()).filter_map(row).collect())
}
