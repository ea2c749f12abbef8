//! What figures show over time: the stock of months from `stock.parquet`, effects by horizon from
//! `estimates.parquet`, and the power of the design from `power.parquet`.

use std::collections::BTreeMap;

use lodd_estimate::balance::wilson;
use lodd_report::{
    Cell, CurveMonth, Draw, EffectPath, Horizon, Measure, MonthlyCurve, MonthlyCurves, Origin,
    PathPoint, PowerCurve, PowerCurves, Status, Unit,
};
use lodd_store::{Table, parquet};

use super::{Source, effects::measure, outcome_label, status::unit};
use crate::{
    problem::Failure,
    steps::{panel::instant, tables, words},
    text::Text,
};

/// What `power.parquet` calls the formula, which has no curve.
const FORMULA: &str = "power";

/// The months that a curve shows, about that of the draw.
const MONTHS: std::ops::RangeInclusive<i64> = -12..=24;

/// Families known and families with assistance, by register, arm, month and draw.
type Stock = BTreeMap<Option<String>, BTreeMap<(String, i64), BTreeMap<i64, (u64, u64)>>>;

/// One set of curves a register: of each arm the families with assistance among those known, over
/// all draws, in the months that every draw has.
pub(super) fn curves(source: &Source<'_>) -> Result<Vec<MonthlyCurves>, Failure> {
    let Some(table) = made(source, "stock")? else { return Ok(Vec::new()) };
    let stock = stock(&table)?;
    let curves = stock.into_iter().map(|(register, months)| {
        let draws = months.values().map(BTreeMap::len).max().unwrap_or(0);
        let of_all = months.iter().filter(|(_, by_draw)| by_draw.len() == draws);
        let mut arms: BTreeMap<&str, Vec<CurveMonth>> = BTreeMap::new();
        for ((arm, month), by_draw) in of_all {
            let known = by_draw.values().map(|it| it.0).sum::<u64>();
            let with = by_draw.values().map(|it| it.1).sum::<u64>();
            arms.entry(arm).or_default().push(CurveMonth {
                month: i32::try_from(*month).unwrap_or_default(),
                known: Cell::Count(known),
                with: Cell::Count(with),
                interval: (known > 0).then(|| wilson(with, known, source.plan.alpha)),
            });
        }
        let labels = source.protocol.draw.labels();
        MonthlyCurves {
            unit: Unit::Family,
            register,
            arms: labels
                .iter()
                .map(|arm| MonthlyCurve {
                    arm: arm.clone(),
                    months: arms.remove(arm.as_str()).unwrap_or_default(),
                })
                .collect(),
        }
    });
    Ok(curves.collect())
}

fn stock(table: &Table) -> Result<Stock, Failure> {
    let internal = |error| tables::internal(&error);
    let (arms, registers) =
        (table.text("arm").map_err(internal)?, table.text("register").map_err(internal)?);
    let int = |name| table.int(name).map_err(internal);
    let (draws, months) = (int("draw")?, int("month_no")?);
    let (known, with) = (int("n_known")?, int("families")?);
    let mut stock = Stock::new();
    for row in 0..table.rows() {
        let number = |column: &[Option<i64>]| column.get(row).copied().flatten();
        let text = |column: &[Option<String>]| column.get(row).cloned().flatten();
        // Rows without an arm are of all families.
        let (Some(arm), Some(draw), Some(month)) = (text(arms), number(draws), number(months))
        else {
            continue;
        };
        let count = |column| number(column).and_then(|it| u64::try_from(it).ok());
        let (Some(known), Some(with)) = (count(known), count(with)) else { continue };
        if MONTHS.contains(&month) {
            let by_draw =
                stock.entry(text(registers)).or_default().entry((arm, month)).or_default();
            by_draw.insert(draw, (known, with));
        }
    }
    Ok(stock)
}

/// The effects of each event study, one an outcome and arm, in the order of the file.
pub(super) fn paths(source: &Source<'_>, table: &Table) -> Result<Vec<EffectPath>, Failure> {
    let internal = |error| tables::internal(&error);
    let text = |name| table.text(name).map_err(internal);
    let real = |name| table.real(name).map_err(internal);
    let (analyses, outcomes, arms) = (text("analysis")?, text("outcome")?, text("contrast_level")?);
    let (estimators, terms, sources) = (text("estimator")?, text("term")?, text("source")?);
    let (statuses, origins) = (text("status")?, text("origin")?);
    let (estimates, lows, highs) = (real("estimate")?, real("conf_low")?, real("conf_high")?);
    let mut found: Vec<([String; 3], EffectPath)> = Vec::new();
    for row in 0..table.rows() {
        let at = |column: &[Option<String>]| column.get(row).cloned().flatten().unwrap_or_default();
        let (term, arm) = (at(terms), at(arms));
        let Some((what, period)) = term.split_once('@') else { continue };
        if at(estimators) != "event_study" || (what != arm && what != "band") {
            continue;
        }
        let (analysis, id) = (at(analyses), at(outcomes));
        let Some(outcome) = source.protocol.outcome(&id) else { continue };
        let key = [analysis, id, arm];
        if found.iter().all(|(it, _)| *it != key) {
            let planned = source.plan.analyses.iter().find(|it| Some(&it.id) == key.first());
            let path = EffectPath {
                label: outcome_label(outcome),
                arm: at(arms),
                source: at(sources),
                register: planned.and_then(|it| it.register.clone()),
                unit: unit(outcome.unit),
                measure: measure(outcome),
                status: Status::from_code(&at(statuses)).unwrap_or(Status::Exploratory),
                origin: Origin::from_code(&at(origins)).unwrap_or(Origin::Imported),
                points: Vec::new(),
            };
            found.push((key.clone(), path));
        }
        let number = |column: &[Option<f64>]| column.get(row).copied().flatten();
        let ends = number(lows).zip(number(highs));
        let Some((_, path)) = found.iter_mut().find(|(it, _)| *it == key) else { continue };
        let Some(point) = point(&mut path.points, &Horizon::from_code(period)) else { continue };
        if what == "band" {
            point.band = ends;
        } else {
            point.estimate = number(estimates);
            point.interval = ends;
        }
    }
    let mut paths: Vec<EffectPath> = found.into_iter().map(|(_, path)| path).collect();
    for path in &mut paths {
        path.points.sort_by(|a, b| a.horizon.cmp(&b.horizon));
    }
    Ok(paths)
}

/// The point of a horizon, made where there is none yet.
fn point<'p>(points: &'p mut Vec<PathPoint>, horizon: &Horizon) -> Option<&'p mut PathPoint> {
    if points.iter().all(|it| it.horizon != *horizon) {
        let horizon = horizon.clone();
        points.push(PathPoint { horizon, estimate: None, interval: None, band: None });
    }
    points.iter_mut().find(|it| it.horizon == *horizon)
}

/// The curves of `lodd power`, one set an analysis and intra-cluster correlation; only those of the
/// arms of one of the draws, at the plan's level.
pub(super) fn power(source: &Source<'_>, draws: &[Draw]) -> Result<Vec<PowerCurves>, Failure> {
    let path = source.context.out("power.parquet");
    if !path.exists() {
        return Ok(Vec::new());
    }
    let (table, _) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
    let last = source.protocol.draw.arms.len().saturating_sub(1);
    let arms: Vec<[u64; 2]> = draws.iter().map(|it| [it.in_arm(0), it.in_arm(last)]).collect();
    powers(&table, &arms, source.plan.alpha).map_err(|error| tables::internal(&error))
}

/// One number of `power.parquet`.
struct Powered {
    estimator: String,
    icc: Option<f64>,
    base_rate: Option<f64>,
    wanted: f64,
    /// The effect whose power it is; `None` for the effect that is found as often as wanted.
    effect: Option<f64>,
    value: Option<f64>,
}

fn powers(
    table: &Table,
    arms: &[[u64; 2]],
    alpha: f64,
) -> Result<Vec<PowerCurves>, lodd_store::TableError> {
    let (analyses, estimators) = (table.text("analysis")?, table.text("estimator")?);
    let (terms, notes) = (table.text("term")?, table.text("note")?);
    let (estimates, iccs) = (table.real("estimate")?, table.real("icc")?);
    let counts = [table.int("n_treated")?, table.int("n_control")?];
    let row = |row: usize| {
        let at = |column: &[Option<String>]| column.get(row).cloned().flatten();
        let real = |column: &[Option<f64>]| column.get(row).copied().flatten();
        let n = counts.map(|column| {
            column.get(row).copied().flatten().and_then(|it| u64::try_from(it).ok()).unwrap_or(0)
        });
        let estimator = at(estimators).filter(|it| it != FORMULA && arms.contains(&n))?;
        let note = at(notes)?;
        let (_, asked) = note.rsplit_once("power ")?;
        let (wanted, level) = asked.split_once(", alpha ")?;
        let is_plans = level.parse().is_ok_and(|it: f64| (it - alpha).abs() < 1e-9);
        let base = |it: &str| it.strip_prefix("base rate ")?.parse().ok();
        let powered = Powered {
            estimator,
            icc: real(iccs),
            base_rate: at(analyses)?.split(", ").find_map(base),
            wanted: wanted.parse().ok()?,
            effect: at(terms)?.strip_prefix("power@").and_then(|it| it.parse().ok()),
            value: real(estimates),
        };
        is_plans.then_some(powered)
    };
    let mut found: Vec<PowerCurves> = Vec::new();
    for it in (0..table.rows()).filter_map(row) {
        let curve = curve(&mut found, &it);
        match (curve, it.effect, it.value) {
            (Some(curve), Some(effect), Some(share)) => curve.points.push((effect, share)),
            (Some(curve), None, detectable) => curve.detectable = detectable,
            _ => {}
        }
    }
    for curve in found.iter_mut().flat_map(|it| &mut it.curves) {
        curve.points.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    Ok(found)
}

/// The curve that a number belongs to, made where there is none yet.
fn curve<'f>(found: &'f mut Vec<PowerCurves>, it: &Powered) -> Option<&'f mut PowerCurve> {
    let is = |set: &PowerCurves| set.estimator == it.estimator && set.icc == it.icc;
    if !found.iter().any(is) {
        found.push(PowerCurves {
            estimator: it.estimator.clone(),
            icc: it.icc,
            unit: Unit::Family,
            measure: if it.base_rate.is_some() { Measure::Share } else { Measure::Number },
            wanted: it.wanted,
            curves: Vec::new(),
        });
    }
    let set = found.iter_mut().find(|set| is(set))?;
    if set.curves.iter().all(|curve| curve.base_rate != it.base_rate) {
        let (base_rate, points, detectable) = (it.base_rate, Vec::new(), None);
        set.curves.push(PowerCurve { base_rate, points, detectable });
    }
    set.curves.iter_mut().find(|curve| curve.base_rate == it.base_rate)
}

/// A table that `lodd panel` makes, where it is there; it must be of the report's cut.
fn made(source: &Source<'_>, name: &str) -> Result<Option<Table>, Failure> {
    let path = source.context.out(&format!("{name}.parquet"));
    if !path.exists() {
        return Ok(None);
    }
    let (table, metadata) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
    let cut = instant(source.built.cut_us);
    if metadata.iter().any(|(key, value)| key == "cut" && *value == cut) {
        return Ok(Some(table));
    }
    Err(Failure::policy_with(
        Text::new(
            format!("out/{name}.parquet er ikke laget sammen med utfallene ved siden av"),
            format!("out/{name}.parquet was not made with the outcomes beside it"),
        ),
        Text::new("kjør `lodd panel`", "run `lodd panel`"),
    ))
}
