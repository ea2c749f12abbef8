//! What a row of `estimates.parquet` is about: its outcome, arms, units, families and offices.

use std::collections::{BTreeMap, BTreeSet};

use lodd_panel::outcomes::{Definition, Outcome, ValueKind};
use lodd_report::{
    Contrast, Domain, Effect, Horizon, Measure, Origin, Pair, Population, Status, Unit,
};

use super::rows::Rows;
use crate::{
    plan::Cluster,
    problem::Failure,
    steps::{
        report::{
            Source, outcome_label,
            status::{Tallies, unit},
        },
        tables, words,
    },
};

/// What rows are looked up in.
pub(super) struct About<'r> {
    source: &'r Source<'r>,
    tallies: &'r Tallies,
    /// The offices of each draw's families.
    offices: BTreeMap<i64, BTreeSet<String>>,
}

impl<'r> About<'r> {
    pub(super) fn new(source: &'r Source<'r>, tallies: &'r Tallies) -> Result<Self, Failure> {
        let roster = source.pilot.roster().map_err(|error| words::store(&error))?;
        let of: BTreeMap<&str, &str> = roster
            .families
            .iter()
            .map(|it| (it.family_id.as_str(), it.office_id.as_str()))
            .collect();
        let mut offices = BTreeMap::new();
        for draw in source.pilot.draws().map_err(|error| words::store(&error))? {
            let rows = source.pilot.assignments(draw.draw).map_err(|error| words::store(&error))?;
            let known = rows.iter().filter_map(|row| of.get(row.unit_id.as_str()));
            offices.insert(draw.draw, known.map(|it| (*it).to_owned()).collect());
        }
        Ok(Self { source, tallies, offices })
    }

    /// A row as an effect; none where its outcome or contrast is not the protocol's.
    pub(super) fn effect(&self, rows: Rows<'_>, row: usize) -> Result<Option<Effect>, Failure> {
        let source = self.source;
        let outcome = source.protocol.outcome(&rows.text(row, "outcome"));
        let contrast = Contrast::from_code(&rows.text(row, "contrast"));
        let Some((outcome, contrast)) = outcome.zip(contrast) else { return Ok(None) };
        let analysis = rows.text(row, "analysis");
        let planned = source.plan.analyses.iter().find(|it| it.id == analysis);
        let register = planned.and_then(|it| it.register.clone());
        let n = rows.counts(row, "n_treated", "n_control");
        let unit = unit(outcome.unit);
        let by_family = planned.is_none_or(|it| it.cluster != Some(Cluster::Office));
        Ok(Some(Effect {
            label: outcome_label(outcome),
            domain: source.file.profile.domain(&outcome.id).unwrap_or_else(|| domain(outcome)),
            contrast,
            population: Population::from_code(&rows.text(row, "population")).unwrap_or_default(),
            headline: false,
            horizon: Horizon::from_code(&rows.text(row, "horizon")),
            source: rows.text(row, "source"),
            unit,
            measure: measure(outcome),
            estimator: rows.text(row, "estimator"),
            se_type: rows.text_or_none(row, "se_type"),
            drawn: self.drawn(rows, row, (outcome, contrast, register.as_deref())),
            n: n.ok_or_else(|| tables::internal_missing("estimates", "n_treated"))?,
            events: rows.counts(row, "events_treated", "events_control"),
            means: rows.reals(row, "mean_treated", "mean_control"),
            estimate: rows.real(row, "estimate"),
            std_error: rows.real(row, "std_error"),
            df: rows.real(row, "df"),
            interval: rows.interval(row),
            p_value: rows.real(row, "p_value"),
            p_randomization: None,
            p_adjusted: rows.adjusted(row),
            icc: rows.real(row, "icc"),
            icc_interval: icc_interval(rows, row),
            families: match unit {
                Unit::Family => n.map(|n| n.treated + n.control),
                _ => {
                    rows.count(row, "n_clusters").filter(|_| by_family && !contrast.is_of_offices())
                }
            },
            offices: self.offices(&rows.text(row, "draw")),
            mde: rows.real(row, "mde"),
            status: Status::from_code(&rows.text(row, "status")).unwrap_or(Status::Exploratory),
            origin: Origin::from_code(&rows.text(row, "origin")).unwrap_or(Origin::Imported),
            note: rows.text_or_none(row, "note"),
            arms: self.arms(contrast, &rows.text(row, "contrast_level")),
            arm: rows.text(row, "contrast_level"),
            analysis,
            register,
        }))
    }

    /// The names of offices' arms, which are not those of the report.
    fn arms(&self, contrast: Contrast, arm: &str) -> Option<Pair<lodd_report::Text>> {
        let offices = self.source.protocol.draw.offices.as_ref()?;
        let name = |label: &str| {
            let arm = offices.arms.iter().find(|it| it.label == label);
            arm.map(|it| it.name.of_report())
        };
        let names = Pair::new(name(arm)?, name(offices.control())?);
        contrast.is_of_offices().then_some(names)
    }

    /// Units drawn into the two arms; those ever offered a place are no arm.
    fn drawn(
        &self,
        rows: Rows<'_>,
        row: usize,
        (outcome, contrast, register): (&Outcome, Contrast, Option<&str>),
    ) -> Option<Pair<u64>> {
        if !matches!(contrast, Contrast::InitialOffer | Contrast::FollowUp) {
            return None;
        }
        let (horizon, from) = (rows.text(row, "horizon"), rows.text(row, "source"));
        let drawn = |arm: &str| self.tallies.drawn(&outcome.id, (&from, register), &horizon, arm);
        let treated = drawn(&rows.text(row, "contrast_level"))?;
        Some(Pair::new(treated, drawn(self.source.protocol.draw.control())?))
    }

    /// Offices of the families of these draws, such as `1,2`.
    fn offices(&self, draws: &str) -> Option<u64> {
        let numbers = draws.split(',').filter_map(|it| it.parse::<i64>().ok());
        let offices: BTreeSet<&String> =
            numbers.filter_map(|draw| self.offices.get(&draw)).flatten().collect();
        (!offices.is_empty()).then_some(offices.len() as u64)
    }
}

/// The interval of the intra-cluster correlation, a row of its own beside the effect.
fn icc_interval(rows: Rows<'_>, row: usize) -> Option<(f64, f64)> {
    rows.real(row, "icc")?;
    let number = rows.number(row);
    let of = |it: &usize| {
        let [analysis, _, outcome, horizon, arm] = rows.number(*it);
        [&analysis, &outcome, &horizon, &arm] == [&number[0], &number[2], &number[3], &number[4]]
            && rows.text(*it, "term") == "icc"
    };
    rows.all().find(of).and_then(|it| rows.interval(it))
}

pub(in crate::steps::report) fn measure(outcome: &Outcome) -> Measure {
    match outcome.value_kind() {
        ValueKind::YesNo | ValueKind::Share => Measure::Share,
        ValueKind::Months => Measure::Months,
        ValueKind::Nok => Measure::Kroner,
        ValueKind::Category | ValueKind::Interval => Measure::Number,
    }
}

/// What an outcome is about, by the built-in variables and outcomes that it is computed from.
fn domain(outcome: &Outcome) -> Domain {
    let derivation = outcome.derivation();
    let of =
        |words: &[&str]| words.iter().any(|it| outcome.id.contains(it) || derivation.contains(it));
    match &outcome.definition {
        _ if unit(outcome.unit) == Unit::Child || of(&["C_FRITID", "BARN_DELTAR"]) => {
            Domain::Children
        }
        Definition::Monthly(_) => Domain::Economy,
        _ if of(&["BOLIG", "TRANGBODD", "KVM"]) => Domain::Housing,
        _ if of(&["INNTEKT", "SOSHJ", "LONN", "TILLEGG_", "assistance_"]) => Domain::Economy,
        _ if of(&["ARBEID", "HELTID", "AKTIV", "stillingsprosent"]) => Domain::Work,
        _ => Domain::Other,
    }
}
