//! What the panel and the outcomes say of families drawn: observed when, in a measure, harmed,
//! analysed. Planned measurements only, by the primary rule.

use std::collections::{BTreeMap, BTreeSet};

use lodd_report::{Horizon, Text as Words};
use lodd_store::{Table, parquet};

use super::{super::Source, harms::HARMS, people::People};
use crate::{
    plan::Population,
    problem::Failure,
    steps::{panel::instant, tables, words},
    text::Text,
};

/// The horizon at the start.
const START: &str = "0";

/// Work situations that are a measure, and the programme; main incomes that tell of them.
const MEASURES: [&str; 3] = ["TILTAK_STAT", "TILTAK_KOMM", "INTRO_ORDN"];
const PROGRAMME: [&str; 2] = ["KVP_PROG", "KVP"];

/// What the adults of a family were in after the draw.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Work {
    pub(super) in_measure: bool,
    pub(super) in_programme: bool,
}

/// A unit that was asked about a harm.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) unit_kind: String,
    pub(super) draw: i64,
    pub(super) family: String,
    pub(super) harmed: bool,
}

/// The first primary comparison of the plan, and which families have a value of its outcome.
#[derive(Clone, Debug)]
pub(super) struct Analysed {
    pub(super) label: Words,
    pub(super) horizon: Horizon,
    pub(super) source: (String, Option<String>),
    families: BTreeSet<(i64, String)>,
}

/// What is known of families after the draw.
#[derive(Default)]
pub(super) struct Seen {
    /// Families observed, themselves or through a member, by draw and horizon.
    observed: BTreeSet<(i64, String, String)>,
    /// Families with an adult whose work situation or income is known after the draw.
    pub(super) work: BTreeMap<(i64, String), Work>,
    /// By harm and unit.
    pub(super) harms: BTreeMap<(&'static str, String), Asked>,
    pub(super) analysed: Option<Analysed>,
}

impl Seen {
    pub(super) fn read(source: &Source<'_>, people: &People) -> Result<Self, Failure> {
        let path = source.context.out("panel.parquet");
        let (table, metadata) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
        let cut = instant(source.built.cut_us);
        if !metadata.iter().any(|(key, value)| key == "cut" && *value == cut) {
            return Err(Failure::policy_with(
                Text::new(
                    "out/panel.parquet er ikke laget sammen med utfallene ved siden av",
                    "out/panel.parquet was not made with the outcomes beside it",
                ),
                Text::new("kjør `lodd panel`", "run `lodd panel`"),
            ));
        }
        let mut seen = Self::default();
        let internal = |error| tables::internal(&error);
        let text = |name| table.text(name).map_err(internal);
        let (kinds, units, horizons) = (text("unit_kind")?, text("unit_id")?, text("horizon")?);
        let (rules, variables, values) = (text("rule")?, text("variable")?, text("value")?);
        let (draws, windows) =
            (table.int("draw").map_err(internal)?, table.int("n_in_window").map_err(internal)?);
        for row in 0..table.rows() {
            let int = |column: &[Option<i64>]| column.get(row).copied().flatten().unwrap_or(0);
            if at(rules, row) != Some("primary") {
                continue;
            }
            let (Some(kind), Some(unit)) = (at(kinds, row), at(units, row)) else { continue };
            let of_member = || people.family_of.get(unit).map(String::as_str);
            let family = if kind == "FAMILIE" { Some(unit) } else { of_member() };
            let Some(family) = family else { continue };
            let row = PanelRow {
                draw: int(draws),
                horizon: at(horizons, row).unwrap_or_default(),
                variable: at(variables, row).unwrap_or_default(),
                value: at(values, row),
                kind,
                unit,
                family,
            };
            seen.add(&row, int(windows) > 0);
        }
        seen.analysed = analysed(source, people)?;
        Ok(seen)
    }

    fn add(&mut self, row: &PanelRow<'_>, in_window: bool) {
        let PanelRow { draw, kind, unit, family, horizon, variable, value } = *row;
        if in_window {
            self.observed.insert((draw, family.to_owned(), horizon.to_owned()));
        }
        let Some(value) = value.filter(|_| horizon != START) else { return };
        if kind == "VOKSEN" && (variable == "ARBEID" || variable == "INNTEKT") {
            let work = self.work.entry((draw, family.to_owned())).or_default();
            work.in_measure |= variable == "ARBEID" && MEASURES.contains(&value);
            work.in_programme |= PROGRAMME.contains(&value);
        }
        if let Some(harm) = HARMS.iter().find(|it| it.variable == variable) {
            let fresh = || Asked {
                unit_kind: kind.to_owned(),
                draw,
                family: family.to_owned(),
                harmed: false,
            };
            let key = (harm.variable, unit.to_owned());
            let asked = self.harms.entry(key).or_insert_with(fresh);
            asked.harmed |= value == "J";
        }
    }

    /// Whether a family was observed at a horizon.
    pub(super) fn observed(&self, draw: i64, family: &str, horizon: &str) -> bool {
        self.observed.contains(&(draw, family.to_owned(), horizon.to_owned()))
    }
}

/// One row of the panel, of the family that its unit is counted in.
struct PanelRow<'r> {
    draw: i64,
    kind: &'r str,
    unit: &'r str,
    family: &'r str,
    horizon: &'r str,
    variable: &'r str,
    value: Option<&'r str>,
}

fn at(column: &[Option<String>], row: usize) -> Option<&str> {
    column.get(row).and_then(Option::as_deref)
}

impl Analysed {
    /// Whether a family has a value of the outcome, itself or of one of its members.
    pub(super) fn has(&self, draw: i64, family: &str) -> bool {
        self.families.contains(&(draw, family.to_owned()))
    }
}

/// `None` where the plan compares nobody.
fn analysed(source: &Source<'_>, people: &People) -> Result<Option<Analysed>, Failure> {
    let plan = source.plan;
    let is_primary = |id: &String| plan.primary.is_empty() || plan.primary.contains(id);
    let mut of_all = plan.analyses.iter().filter(|it| it.population == Population::Drawn);
    let first = of_all.find_map(|it| {
        let outcome = it.outcomes.iter().find(|id| is_primary(id))?;
        Some((it, source.protocol.outcome(outcome)?, it.horizons.last()?))
    });
    let Some((analysis, outcome, horizon)) = first else { return Ok(None) };
    let mut families = BTreeSet::new();
    for (draw, unit) in
        valued(&source.built.outcomes, (outcome.id.as_ref(), horizon.as_str(), analysis))?
    {
        let family = people.family_of.get(&unit).cloned().unwrap_or(unit);
        let key = (draw, family);
        if !people.struck.contains(&key) {
            families.insert(key);
        }
    }
    Ok(Some(Analysed {
        label: super::super::outcome_label(outcome),
        horizon: Horizon::from_code(horizon),
        source: (analysis.source.clone(), analysis.register.clone()),
        families,
    }))
}

/// Draw and unit of the rows with a value of the outcome.
fn valued(
    table: &Table,
    (outcome, horizon, analysis): (&str, &str, &crate::plan::Analysis),
) -> Result<Vec<(i64, String)>, Failure> {
    let internal = |error| tables::internal(&error);
    let text = |name| table.text(name).map_err(internal);
    let (outcomes, units, horizons) = (text("outcome_id")?, text("unit_id")?, text("horizon")?);
    let (sources, registers, reasons) =
        (text("source")?, text("register")?, text("missing_reason")?);
    let draws = table.int("draw").map_err(internal)?;
    let row = |row: usize| {
        let is = at(outcomes, row) == Some(outcome)
            && at(horizons, row) == Some(horizon)
            && at(sources, row) == Some(&analysis.source)
            && (analysis.register.is_none() || at(registers, row) == analysis.register.as_deref())
            && at(reasons, row).is_none();
        let draw = draws.get(row).copied().flatten()?;
        is.then_some((draw, at(units, row)?.to_owned()))
    };
    Ok((0..table.rows()).filter_map(row).collect())
}
