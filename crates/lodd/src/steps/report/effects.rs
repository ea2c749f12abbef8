//! Effects, from `estimates.parquet`: one an analysis and arm, with the lottery's own p-value
//! beside the one it belongs to.

use std::collections::BTreeSet;

use lodd_panel::outcomes::{Outcome, ValueKind};
use lodd_report::{Effect, Horizon, Measure, Origin, Pair, Status, Text as Words};
use lodd_store::Table;

use super::{
    Source,
    status::{Tallies, unit},
};
use crate::{problem::Failure, steps::tables};

/// The estimator whose p-value goes beside another's estimate.
const LOTTERY: &str = "randomization_test";

/// Contrasts of the arms that the page has.
const SHOWN: [&str; 3] = ["initial_offer", "ever_offer", "follow_up"];

/// The effects in the order of the plan.
pub(super) fn read(
    source: &Source<'_>,
    table: &Table,
    tallies: &Tallies,
) -> Result<Vec<Effect>, Failure> {
    let rows = Rows { table, tallies };
    let mut effects = Vec::new();
    let mut told: BTreeSet<(String, String, String)> = BTreeSet::new();
    let mut seen: BTreeSet<[String; 4]> = BTreeSet::new();
    let lotteries: Vec<usize> =
        (0..table.rows()).filter(|&row| rows.text(row, "estimator") == LOTTERY).collect();
    let alike = |a: usize, b: usize| {
        ["outcome", "horizon", "source", "contrast", "contrast_level", "draw", "population"]
            .iter()
            .all(|name| rows.text(a, name) == rows.text(b, name))
    };
    for row in
        (0..table.rows()).filter(|&row| rows.text(row, "term") == rows.text(row, "contrast_level"))
    {
        // The page has the arms of families; those of offices stand in the file alone.
        let contrast = rows.text(row, "contrast");
        if !SHOWN.contains(&contrast.as_str()) {
            continue;
        }
        // A number stands once more for each further adjustment.
        let number =
            ["analysis", "estimator", "outcome", "contrast_level"].map(|it| rows.text(row, it));
        if !seen.insert(number) {
            continue;
        }
        let is_lottery = lotteries.contains(&row);
        let beside =
            (0..table.rows()).any(|other| !lotteries.contains(&other) && alike(row, other));
        if is_lottery && beside {
            continue;
        }
        let Some(outcome) = source.protocol.outcome(&rows.text(row, "outcome")) else { continue };
        let lottery = lotteries.iter().find(|&&it| !is_lottery && alike(it, row));
        let key = (
            rows.text(row, "outcome"),
            rows.text(row, "horizon"),
            rows.text(row, "contrast_level"),
        );
        let primary = source.plan.primary.is_empty() || source.plan.primary.contains(&key.0);
        // What the draw did not make is no result of it.
        let is_drawn = rows.text(row, "population") == "drawn";
        let headline = is_drawn && told.insert(key) && primary;
        effects.push(rows.effect(source, row, outcome, (lottery.copied(), headline))?);
    }
    Ok(effects)
}

struct Rows<'t> {
    table: &'t Table,
    tallies: &'t Tallies,
}

impl Rows<'_> {
    fn text(&self, row: usize, column: &str) -> String {
        self.text_or_none(row, column).unwrap_or_default()
    }

    fn text_or_none(&self, row: usize, column: &str) -> Option<String> {
        self.table.text(column).ok()?.get(row)?.clone()
    }

    fn real(&self, row: usize, column: &str) -> Option<f64> {
        *self.table.real(column).ok()?.get(row)?
    }

    fn count(&self, row: usize, column: &str) -> Option<u64> {
        u64::try_from((*self.table.int(column).ok()?.get(row)?)?).ok()
    }

    fn pair<T>(
        &self,
        row: usize,
        treated: &str,
        control: &str,
        get: impl Fn(&Self, usize, &str) -> Option<T>,
    ) -> Option<Pair<T>> {
        Some(Pair::new(get(self, row, treated)?, get(self, row, control)?))
    }

    fn effect(
        &self,
        source: &Source<'_>,
        row: usize,
        outcome: &Outcome,
        (lottery, headline): (Option<usize>, bool),
    ) -> Result<Effect, Failure> {
        let (arm, horizon, from) =
            (self.text(row, "contrast_level"), self.text(row, "horizon"), self.text(row, "source"));
        let analysis = self.text(row, "analysis");
        let planned = source.plan.analyses.iter().find(|it| it.id == analysis);
        let register = planned.and_then(|it| it.register.clone());
        let drawn = |arm: &str| {
            self.tallies.drawn(&outcome.id, (&from, register.as_deref()), &horizon, arm)
        };
        // Everyone ever offered a place is not an arm.
        let arms = ["initial_offer", "follow_up"].contains(&self.text(row, "contrast").as_str());
        let drawn = drawn(&arm).zip(drawn(source.protocol.draw.control())).filter(|_| arms);
        let n = self.pair(row, "n_treated", "n_control", Self::count);
        Ok(Effect {
            label: Words::new(outcome.label_nb.as_ref(), outcome.label_en.as_ref()),
            headline,
            horizon: Horizon::from_code(&horizon),
            source: from,
            register,
            unit: unit(outcome.unit),
            measure: measure(outcome),
            estimator: self.text(row, "estimator"),
            se_type: self.text_or_none(row, "se_type"),
            drawn: drawn.map(|(treated, control)| Pair::new(treated, control)),
            n: n.ok_or_else(|| tables::internal_missing("estimates", "n_treated"))?,
            events: self.pair(row, "events_treated", "events_control", Self::count),
            means: self.pair(row, "mean_treated", "mean_control", Self::real),
            estimate: self.real(row, "estimate"),
            std_error: self.real(row, "std_error"),
            df: self.real(row, "df"),
            interval: self.real(row, "conf_low").zip(self.real(row, "conf_high")),
            p_value: self.real(row, "p_value").filter(|_| self.text(row, "estimator") != LOTTERY),
            p_randomization: self
                .real(lottery.unwrap_or(row), "p_value")
                .filter(|_| lottery.is_some() || self.text(row, "estimator") == LOTTERY),
            mde: self.real(row, "mde"),
            status: Status::from_code(&self.text(row, "status")).unwrap_or(Status::Exploratory),
            origin: Origin::from_code(&self.text(row, "origin")).unwrap_or(Origin::Imported),
            note: self.text_or_none(row, "note"),
            arm,
        })
    }
}

fn measure(outcome: &Outcome) -> Measure {
    match outcome.value_kind() {
        ValueKind::YesNo | ValueKind::Share => Measure::Share,
        ValueKind::Months => Measure::Months,
        ValueKind::Nok => Measure::Kroner,
        ValueKind::Category | ValueKind::Interval => Measure::Number,
    }
}
