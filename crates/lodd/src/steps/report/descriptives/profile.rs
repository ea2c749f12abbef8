//! T4b, who the families are: eligible, drawn, consented, started and analysed, side by side.

use std::collections::BTreeSet;

use lodd_report::{Cell, Descriptive, RowKind, Stage, Subject, Term, Title, Unit, Value};

use super::{
    Ground, One,
    sheet::{Key, Sheet, column, empty, of_families, row},
};
use crate::{problem::Failure, steps::words};

/// Families at a step, `None` where the step was not recorded.
type Families = Option<BTreeSet<String>>;

/// One table a draw.
pub(super) fn read(ground: &Ground<'_>, sheet: &mut Sheet) -> Result<Vec<Descriptive>, Failure> {
    ground.draws.iter().map(|one| table(ground, one, sheet)).collect()
}

fn table(ground: &Ground<'_>, one: &One, sheet: &mut Sheet) -> Result<Descriptive, Failure> {
    let steps = steps(ground, one)?;
    let columns =
        steps.iter().map(|(stage, ..)| column(Unit::Family, None, Title::Stage(*stage))).collect();
    let mut table = empty(Subject::Profile, Some(one.number), columns);
    let key = |population, item| Key {
        population: Some(population),
        item,
        ..of_families("profile", one.draw())
    };
    let counts = steps.iter().map(|(_, population, families)| match families {
        Some(families) => sheet.count(key(population, "families"), families.len() as u64),
        None => Value::Count(Cell::Missing),
    });
    let base = row(RowKind::Base, Title::Term(Term::Families), counts.collect());
    table.rows.push(base);
    for fact in one.known.roster() {
        let cells = steps.iter().map(|(_, population, families)| {
            let Some(families) = families else { return Value::Count(Cell::Missing) };
            let known: Vec<f64> =
                families.iter().filter_map(|it| fact.values.get(it).copied()).collect();
            sheet.mean(key(population, &fact.id), moments(&known), fact.share)
        });
        let cells = cells.collect();
        table.rows.push(row(RowKind::Plain, Title::Text(fact.name.of_report()), cells));
    }
    Ok(table)
}

/// Number, mean and standard deviation.
pub(super) fn moments(known: &[f64]) -> (u64, Option<f64>, Option<f64>) {
    let n = known.len() as f64;
    let mean = (!known.is_empty()).then(|| known.iter().sum::<f64>() / n);
    let squares = mean.map(|mean| known.iter().map(|x| (x - mean).powi(2)).sum::<f64>());
    let sd = squares.filter(|_| known.len() > 1).map(|it| (it / (n - 1.0)).sqrt());
    (known.len() as u64, mean, sd)
}

fn steps(ground: &Ground<'_>, one: &One) -> Result<Vec<(Stage, &'static str, Families)>, Failure> {
    let people = &ground.people;
    let at = one.made.draw.announced_at_us;
    let screened = ground.source.pilot.screening_at(at).map_err(|error| words::store(&error))?;
    let eligible = screened.map(|it| {
        let rows = it.screening.rows.into_iter().filter(|row| row.eligible);
        rows.map(|row| row.family_id).collect()
    });
    let drawn: BTreeSet<String> = one.made.rows.iter().map(|it| it.unit_id.clone()).collect();
    let of_drawn = |is: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
        drawn.iter().filter(|family| is(family)).cloned().collect()
    };
    let consented = of_drawn(&|family| people.consented.contains(family));
    let started = of_drawn(&|family| people.has_started(one.draw(), family));
    let any_started = people.started.iter().any(|(draw, _)| *draw == one.draw());
    let analysed = ground.seen.analysed.as_ref();
    let analysed = analysed.map(|it| of_drawn(&|family| it.has(one.draw(), family)));
    Ok(vec![
        (Stage::Eligible, "eligible", eligible),
        (Stage::Drawn, "drawn", Some(drawn)),
        (Stage::Consented, "consented", people.was_asked.then_some(consented)),
        (Stage::Started, "started", any_started.then_some(started)),
        (Stage::Analysed, "analysed", analysed),
    ])
}
