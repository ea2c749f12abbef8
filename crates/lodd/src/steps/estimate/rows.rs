//! `estimates.parquet`: one row a number.

use std::sync::Arc;

use lodd_estimate::{Number, Sample};
use lodd_store::{Column, Table, parquet};

use super::{
    super::{panel::instant, read_file},
    Analysis, Built, Context, Plan, tables,
};
use crate::{
    hash::{hex, sha256_hex},
    problem::Failure,
    protocol::Protocol,
    replay::Again,
};

/// A number with everything that says what it is.
#[derive(Clone, Debug)]
pub(super) struct Estimate {
    pub(super) analysis: Analysis,
    pub(super) outcome: String,
    /// None where there is no single outcome, as for the unit.
    pub(super) outcome_version: Option<i32>,
    pub(super) unit: Option<&'static str>,
    /// The arm set against the control.
    pub(super) arm: String,
    pub(super) contrast: Option<&'static str>,
    pub(super) origin: Option<&'static str>,
    pub(super) status: &'static str,
    pub(super) n_drawn: u64,
    pub(super) share_control_offered: Option<f64>,
    /// Of the effect, where rows are clustered.
    pub(super) icc: Option<f64>,
    /// Of the effect, where it is a difference.
    pub(super) mde: Option<f64>,
    pub(super) cut_us: Option<i64>,
    pub(super) p_adjusted: Option<f64>,
    pub(super) adjustment: Option<&'static str>,
    /// The number of the row before once more, with another adjustment.
    pub(super) repeats: bool,
    /// How its units were assigned, to be run again; None in a pilot, which knows its draws.
    pub(super) redrawn: Option<Arc<Again>>,
    /// The rows that an effect rests on, for tests of several outcomes together.
    pub(super) sample: Option<Arc<Sample>>,
    pub(super) number: Number,
}

impl Estimate {
    /// Whether it is the effect of its analysis, not one of the numbers beside it.
    pub(super) fn is_effect(&self) -> bool {
        self.number.term == self.arm
    }

    /// Adds a part to the note.
    pub(super) fn note(&mut self, part: &str) {
        self.number.note = Some(match self.number.note.take() {
            Some(note) => format!("{note}; {part}"),
            None => part.to_owned(),
        });
    }
}

/// The table, in the columns of its schema.
pub(super) fn table(rows: &[Estimate]) -> Result<Table, Failure> {
    let text = |name: &str, value: &dyn Fn(&Estimate) -> Option<String>| {
        Column::text(name, rows.iter().map(value))
    };
    let real = |name: &str, value: fn(&Number) -> Option<f64>| {
        Column::real(name, rows.iter().map(|it| value(&it.number)))
    };
    let int = |name: &str, value: &dyn Fn(&Estimate) -> Option<u64>| {
        Column::int(name, rows.iter().map(|it| value(it).and_then(|n| i64::try_from(n).ok())))
    };
    let some = |value: &str| Some(value.to_owned());
    let draws = |it: &Estimate| {
        it.analysis.draws.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    };
    let columns = vec![
        text("analysis", &|it| some(&it.analysis.id)),
        text("estimator", &|it| some(&it.analysis.method.estimator)),
        text("outcome", &|it| some(&it.outcome)),
        Column::int("outcome_version", rows.iter().map(|it| it.outcome_version.map(i64::from))),
        text("horizon", &|it| Some(it.analysis.horizon()).filter(|it| !it.is_empty())),
        text("source", &|it| some(&it.analysis.source).filter(|it| !it.is_empty())),
        text("unit", &|it| it.unit.map(str::to_owned)),
        text("draw", &|it| Some(draws(it)).filter(|it| !it.is_empty())),
        text("contrast", &|it| it.contrast.map(str::to_owned)),
        text("contrast_level", &|it| some(&it.arm)),
        text("population", &|it| it.origin.map(|_| it.analysis.population.code().to_owned())),
        text("origin", &|it| it.origin.map(str::to_owned)),
        text("status", &|it| some(it.status)),
        text("term", &|it| some(&it.number.term)),
        real("estimate", |it| it.estimate),
        real("std_error", |it| it.std_error),
        real("statistic", |it| it.statistic),
        real("df", |it| it.df),
        real("p_value", |it| it.p_value),
        real("conf_low", |it| it.conf_low),
        real("conf_high", |it| it.conf_high),
        text("se_type", &|it| it.number.se_type.map(str::to_owned)),
        int("n", &|it| Some(it.number.n)),
        int("n_treated", &|it| Some(it.number.n_treated)),
        int("n_control", &|it| Some(it.number.n_control)),
        int("n_drawn", &|it| Some(it.n_drawn)),
        int("n_dropped", &|it| Some(it.n_drawn.saturating_sub(it.number.n))),
        int("n_clusters", &|it| it.number.n_clusters),
        int("n_blocks", &|it| it.number.n_blocks),
        real("mean_treated", |it| it.mean_treated),
        real("mean_control", |it| it.mean_control),
        int("events_treated", &|it| it.number.events_treated),
        int("events_control", &|it| it.number.events_control),
        Column::real("share_control_offered", rows.iter().map(|it| it.share_control_offered)),
        Column::real("icc", rows.iter().map(|it| it.icc)),
        Column::real("mde", rows.iter().map(|it| it.mde)),
        Column::real("p_adjusted", rows.iter().map(|it| it.p_adjusted)),
        text("adjustment", &|it| it.adjustment.map(str::to_owned)),
        Column::instant("cut", rows.iter().map(|it| it.cut_us)),
        text("note", &|it| it.number.note.clone()),
    ];
    Table::new("estimates", columns).map_err(|error| tables::internal(&error))
}

/// Hashes of everything the numbers follow from.
pub(super) fn metadata(
    context: &Context,
    plan: &Plan,
    protocol: &Protocol,
    built: &Built,
) -> Result<parquet::Metadata, Failure> {
    let mut metadata = vec![
        ("cut".to_owned(), instant(built.cut_us)),
        ("plan_sha256".to_owned(), plan.sha256.clone()),
        ("protocol_sha256".to_owned(), protocol.sha256()),
        ("seed".to_owned(), plan.seed.map(|it| hex(&it)).unwrap_or_default()),
    ];
    for name in ["assignments", "outcomes", "flow"] {
        let bytes = read_file(&context.out(&format!("{name}.parquet")))?;
        metadata.push((format!("{name}_sha256"), sha256_hex(&bytes)));
    }
    Ok(metadata)
}
