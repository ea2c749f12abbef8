//! The plan held against the estimates, the outcomes that are used, and the ledger's deviations.

use std::collections::BTreeSet;

use lodd_report::{
    Deviation, DeviationKind, Fate, Horizon, Outcome, Planned, Status, StatusTable, Text as Words,
};
use lodd_store::{Pilot, Table};
use serde_json::Value;

use super::{Source, oslo, outcome_label, status::unit};
use crate::{
    plan::Analysis,
    problem::Failure,
    steps::{tables, words},
};

/// Every analysis of the plan, one entry an outcome, and what came of it.
pub(super) fn planned(source: &Source<'_>, table: &Table) -> Result<Vec<Planned>, Failure> {
    let rows = Ran::read(table)?;
    let mut planned = Vec::new();
    for analysis in &source.plan.analyses {
        let together = analysis.outcomes.is_empty() || analysis.method.takes("outcomes");
        let outcomes: Vec<String> =
            if together { vec![analysis.outcomes.join("+")] } else { analysis.outcomes.clone() };
        planned.extend(outcomes.iter().map(|outcome| one(source, analysis, outcome, &rows)));
    }
    Ok(planned)
}

fn one(source: &Source<'_>, analysis: &Analysis, outcome: &str, rows: &Ran) -> Planned {
    let label = source.protocol.outcome(outcome).map(outcome_label);
    let horizon = match analysis.horizons.as_slice() {
        [horizon] => Some(Horizon::from_code(horizon)),
        _ => None,
    };
    Planned {
        analysis: analysis.id.clone(),
        outcome: label.unwrap_or_else(|| Words::same(outcome)),
        horizon,
        estimator: analysis.method.estimator.clone(),
        fate: rows.fate(&analysis.id, outcome),
    }
}

/// What the file of estimates says of each analysis and outcome.
struct Ran(Vec<RanRow>);

struct RanRow {
    analysis: String,
    outcome: String,
    status: String,
    has_number: bool,
    note: Option<String>,
}

impl Ran {
    fn read(table: &Table) -> Result<Self, Failure> {
        let text = |name| table.text(name).map_err(|error| tables::internal(&error));
        let real = |name| table.real(name).map_err(|error| tables::internal(&error));
        let (analyses, outcomes) = (text("analysis")?, text("outcome")?);
        let (statuses, notes) = (text("status")?, text("note")?);
        let (estimates, p_values) = (real("estimate")?, real("p_value")?);
        let row = |row: usize| {
            let at = |column: &[Option<String>]| column.get(row).cloned().flatten();
            let some = |column: &[Option<f64>]| column.get(row).is_some_and(Option::is_some);
            RanRow {
                analysis: at(analyses).unwrap_or_default(),
                outcome: at(outcomes).unwrap_or_default(),
                status: at(statuses).unwrap_or_default(),
                has_number: some(estimates) || some(p_values),
                note: at(notes),
            }
        };
        Ok(Self((0..table.rows()).map(row).collect()))
    }

    fn fate(&self, analysis: &str, outcome: &str) -> Fate {
        let is =
            |it: &&RanRow| it.analysis == analysis && (outcome.is_empty() || it.outcome == outcome);
        let rows: Vec<&RanRow> = self.0.iter().filter(is).collect();
        let Some(first) = rows.first() else { return Fate::NotRun };
        if rows.iter().all(|it| !it.has_number) {
            return Fate::NoEstimate(first.note.clone());
        }
        let status = Status::from_code(&first.status).unwrap_or(Status::Exploratory);
        Fate::Run { status, numbers: rows.len() as u64 }
    }
}

/// The outcomes of the plan and of the status tables, in the protocol's order.
pub(super) fn outcomes(source: &Source<'_>, status: &[StatusTable]) -> Vec<Outcome> {
    let planned: BTreeSet<&str> =
        source.plan.analyses.iter().flat_map(|it| &it.outcomes).map(String::as_str).collect();
    let shown = |it: &lodd_panel::outcomes::Outcome| {
        planned.contains(it.id.as_ref())
            || status.iter().any(|table| table.label == outcome_label(it))
    };
    let used = source.protocol.outcomes().filter(|it| shown(it));
    used.map(|it| Outcome {
        id: it.id.to_string(),
        version: it.version,
        label: outcome_label(it),
        unit: unit(it.unit),
        derivation: it.derivation(),
        primary: source.plan.primary.iter().any(|id| *id == it.id),
    })
    .collect()
}

/// Amendments, strikes, draws given up and plans locked after the first, in the ledger's order.
pub(in crate::steps) fn deviations(pilot: &Pilot) -> Result<Vec<Deviation>, Failure> {
    let mut plans = 0;
    let mut found = Vec::new();
    for entry in pilot.ledger().map_err(|error| words::store(&error))? {
        let payload: Value = entry
            .payload
            .as_deref()
            .and_then(|it| serde_json::from_str(it).ok())
            .unwrap_or_default();
        let flag = |key: &str| payload.get(key).and_then(Value::as_bool).unwrap_or(false);
        plans += u32::from(entry.event == "plan");
        let kind = match entry.event.as_str() {
            "amendment" => DeviationKind::Amendment,
            "strike" => DeviationKind::Strike { leaves: flag("blind") && flag("before_locking") },
            "draw_void" => {
                let draw = payload.get("draw").and_then(Value::as_u64).unwrap_or_default();
                DeviationKind::Void { draw: u32::try_from(draw).unwrap_or_default() }
            }
            "plan" if plans > 1 => DeviationKind::Replanned,
            _ => continue,
        };
        let reason = payload.get("reason").and_then(Value::as_str).unwrap_or_default();
        found.push(Deviation {
            at: oslo(entry.at_us)?,
            entry: u64::try_from(entry.seq).unwrap_or_default(),
            kind,
            reason: reason.to_owned(),
        });
    }
    Ok(found)
}
