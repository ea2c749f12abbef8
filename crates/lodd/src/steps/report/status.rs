//! Status at each horizon, one table an outcome and source, the control column beside.

use std::collections::BTreeMap;

use lodd_panel::{
    codes::UnitKind,
    outcomes::{Definition, Outcome, ValueKind},
};
use lodd_report::{Cell, Horizon, StatusColumn, StatusHorizon, StatusTable, Text as Words, Unit};

use lodd_store::Pilot;

use super::{Source, outcome_label};
use crate::{problem::Failure, steps::tables};

/// Units of one arm at one horizon.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    drawn: u64,
    observed: u64,
    counts: BTreeMap<String, u64>,
}

/// Outcome, source, register, horizon, arm.
type Key = (String, String, Option<String>, String, String);

/// Every outcome counted by source, horizon and arm.
#[derive(Debug)]
pub(super) struct Tallies(BTreeMap<Key, Tally>);

impl Tallies {
    /// Units drawn into an arm to whom an outcome applies, observed or not.
    pub(super) fn drawn(
        &self,
        outcome: &str,
        (from, register): (&str, Option<&str>),
        horizon: &str,
        arm: &str,
    ) -> Option<u64> {
        let is = |key: &Key| {
            key.0 == outcome
                && key.1 == from
                && (register.is_none() || key.2.as_deref() == register)
                && key.3 == horizon
                && key.4 == arm
        };
        self.0.iter().find(|(key, _)| is(key)).map(|(_, tally)| tally.drawn)
    }
}

pub(super) fn unit(kind: UnitKind) -> Unit {
    match kind {
        UnitKind::Family => Unit::Family,
        UnitKind::Adult => Unit::Adult,
        UnitKind::Child => Unit::Child,
    }
}

/// The outcomes that are categories; where a pilot has none, those that are yes or no.
pub(super) fn read(source: &Source<'_>, tallies: &Tallies) -> Vec<StatusTable> {
    let tallies = &tallies.0;
    let of_kind = |kind: ValueKind| -> Vec<&Outcome> {
        source.protocol.outcomes().filter(|it| it.value_kind() == kind).collect()
    };
    let mut outcomes = of_kind(ValueKind::Category);
    if outcomes.is_empty() {
        outcomes = of_kind(ValueKind::YesNo);
    }
    let mut tables = Vec::new();
    for outcome in outcomes {
        let mut sources: Vec<(String, Option<String>)> = tallies
            .keys()
            .filter(|key| key.0 == outcome.id)
            .map(|key| (key.1.clone(), key.2.clone()))
            .collect();
        sources.dedup();
        sources.sort();
        sources.dedup();
        tables.extend(sources.into_iter().map(|from| table(source, outcome, &from, tallies)));
    }
    tables
}

fn table(
    source: &Source<'_>,
    outcome: &Outcome,
    (from, register): &(String, Option<String>),
    tallies: &BTreeMap<Key, Tally>,
) -> StatusTable {
    let categories = categories(outcome);
    let column = |horizon: &str, arm: &str| {
        let key = (
            outcome.id.to_string(),
            from.clone(),
            register.clone(),
            horizon.to_owned(),
            arm.to_owned(),
        );
        let tally = tallies.get(&key).cloned().unwrap_or_default();
        let due = source.is_due(horizon);
        StatusColumn {
            unit: unit(outcome.unit),
            arm: arm.to_owned(),
            drawn: Cell::Count(tally.drawn),
            due: if due { Cell::Count(tally.drawn) } else { Cell::Missing },
            observed: Cell::Count(tally.observed),
            counts: categories
                .iter()
                .map(|(code, _)| Cell::Count(tally.counts.get(code).copied().unwrap_or(0)))
                .collect(),
        }
    };
    let horizons = source
        .protocol
        .horizons()
        .iter()
        .map(|horizon| StatusHorizon {
            horizon: Horizon::from_code(horizon),
            columns: source.protocol.draw.labels().iter().map(|arm| column(horizon, arm)).collect(),
        })
        .collect();
    StatusTable {
        label: outcome_label(outcome),
        unit: unit(outcome.unit),
        source: from.clone(),
        register: register.clone(),
        categories: categories.iter().map(|(_, words)| words.clone()).collect(),
        horizons,
    }
}

/// Codes and names, in the outcome's order.
fn categories(outcome: &Outcome) -> Vec<(String, Words)> {
    match &outcome.definition {
        Definition::Categories(list) => list
            .iter()
            .map(|it| (it.code.clone(), Words::new(it.nb.as_str(), it.en.as_str())))
            .collect(),
        _ => vec![
            ("1".to_owned(), Words::new("Ja", "Yes")),
            ("0".to_owned(), Words::new("Nei", "No")),
        ],
    }
}

/// Counts every outcome by source, horizon and arm.
pub(super) fn tally(source: &Source<'_>) -> Result<Tallies, Failure> {
    let table = &source.built.outcomes;
    let text = |name| table.text(name).map_err(|error| tables::internal(&error));
    let (outcomes, units, horizons) = (text("outcome_id")?, text("unit_id")?, text("horizon")?);
    let (sources, registers, codes) = (text("source")?, text("register")?, text("value_code")?);
    let reasons = text("missing_reason")?;
    let values = table.real("value").map_err(|error| tables::internal(&error))?;
    let arms = arms(source.pilot)?;
    let mut tallies: BTreeMap<Key, Tally> = BTreeMap::new();
    for row in 0..table.rows() {
        let at = |column: &[Option<String>]| column.get(row).cloned().flatten();
        let unit_id = at(units).unwrap_or_default();
        let Some(arm) = arms.get(&unit_id) else { continue };
        if at(reasons).as_deref() == Some("IKKE_AKTUELT") {
            continue;
        }
        let key = (
            at(outcomes).unwrap_or_default(),
            at(sources).unwrap_or_default(),
            at(registers),
            at(horizons).unwrap_or_default(),
            arm.clone(),
        );
        let tally = tallies.entry(key).or_default();
        tally.drawn += 1;
        let code = at(codes)
            .or_else(|| values.get(row).copied().flatten().map(|value| format!("{value}")));
        if let Some(code) = code {
            tally.observed += 1;
            *tally.counts.entry(code).or_default() += 1;
        }
    }
    Ok(Tallies(tallies))
}

/// The arm of every assigned family and of its members, over all draws.
pub(super) fn arms(pilot: &Pilot) -> Result<BTreeMap<String, String>, Failure> {
    let store = |error| crate::steps::words::store(&error);
    let mut arms = BTreeMap::new();
    for draw in pilot.draws().map_err(store)? {
        let rows = pilot.assignments(draw.draw).map_err(store)?;
        arms.extend(rows.into_iter().map(|row| (row.unit_id, row.arm)));
    }
    for member in pilot.roster().map_err(store)?.members {
        if let Some(arm) = arms.get(&member.family_id).cloned() {
            arms.insert(member.member_id, arm);
        }
    }
    Ok(arms)
}

impl Source<'_> {
    /// Whether every draw's reports for a horizon should be in.
    pub(super) fn is_due(&self, horizon: &str) -> bool {
        let mut targets = self.built.targets.iter().filter(|it| it.horizon == horizon);
        targets.all(|it| it.due_on <= self.built.cut_day)
    }
}
