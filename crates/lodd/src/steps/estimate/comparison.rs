//! From outcomes and assignments to the rows of an analysis.

use std::collections::{BTreeMap, BTreeSet};

use lodd_estimate::{MissingCovariates, Role, Taken};
use lodd_panel::{
    codes::UnitKind,
    outcomes::{Outcome, ValueKind},
};
use lodd_store::pilot::{Assignment, Draw};

use super::{
    Analysis,
    arrays::{Designed, Made, NoSample, Own},
    facts::{Facts, Unit},
    offered::compared,
    offers::Lists,
    sample::{Drawn, Measured},
};
use crate::{
    plan::{Cluster, Method, Weights},
    text::Text,
};

/// Why a unit without a value is not attrition.
const NOT_APPLICABLE: &str = "IKKE_AKTUELT";

/// The rows of one analysis: those of two arms to whom the outcome applies, measured or not.
pub(super) struct Comparison {
    designed: Designed,
    method: Method,
    /// Units drawn into the two arms to whom the outcome applies, observed or not.
    pub(super) n_drawn: u64,
    pub(super) n_not_applicable: u64,
}

/// What one analysis is made from.
pub(super) struct Asked<'a> {
    pub(super) drawn: &'a Drawn,
    pub(super) facts: &'a Facts,
    pub(super) analysis: &'a Analysis,
    pub(super) lists: Option<&'a Lists>,
    /// Treated and control.
    pub(super) arms: (&'a str, &'a str),
}

/// A row before its columns are looked up.
struct Row<'t> {
    unit: Unit<'t>,
    index: u32,
    block: String,
    treated: bool,
    measured: Measured<'t>,
    /// The values of an index's outcomes.
    parts: Vec<Option<f64>>,
    taken: (Taken, u32),
}

impl Comparison {
    /// The measured families, adults or children of two arms; those ever offered a place against
    /// the rest where there are lists. Lists where everyone was offered one are left out.
    pub(super) fn new(
        measured: &[(&Outcome, Vec<Measured<'_>>)],
        asked: &Asked<'_>,
    ) -> Result<Self, Text> {
        let unit = measured.first().map_or(UnitKind::Family, |(outcome, _)| outcome.unit);
        let families = families(asked.drawn, &asked.analysis.draws);
        let lists = asked.drawn.lists(&asked.analysis.draws);
        let (mut rows, mut n_drawn, mut n_not_applicable) = (Vec::new(), 0, 0);
        for (measured, parts) in merged(measured) {
            let family = family_of(measured.unit_id, unit);
            let Some((index, block, arm)) = families.get(&(measured.draw, family)) else {
                continue;
            };
            let Some((treated, taken)) = side(asked, (family, arm), &lists) else { continue };
            if measured.reason == Some(NOT_APPLICABLE) {
                n_not_applicable += 1;
                continue;
            }
            n_drawn += 1;
            rows.push(Row {
                unit: Unit { draw: measured.draw, family, id: measured.unit_id },
                index: *index,
                block: block.clone(),
                treated,
                measured,
                parts,
                taken,
            });
        }
        let outcome = measured.first().map(|(outcome, _)| *outcome);
        let names: Vec<&str> = measured.iter().map(|(it, _)| it.id.as_ref()).collect();
        let (designed, method) = designed(&rows, asked, (outcome, &names))?;
        Ok(Self { designed, method, n_drawn, n_not_applicable })
    }

    /// Every drawn family, for what was known before the draw.
    pub(super) fn of_all(asked: &Asked<'_>) -> Result<Self, Text> {
        let families = families(asked.drawn, &asked.analysis.draws);
        let (treated, control) = asked.arms;
        let row =
            |(&(draw, family), (index, block, arm)): (&(i64, &'_ str), &(u32, String, &str))| {
                let measured = Measured {
                    draw,
                    unit_id: "",
                    horizon: "",
                    value: None,
                    code: None,
                    low: None,
                    high: None,
                    reason: None,
                    register: None,
                };
                (*arm == treated || *arm == control).then(|| {
                    (draw, family.to_owned(), *index, block.clone(), *arm == treated, measured)
                })
            };
        let found: Vec<_> = families.iter().filter_map(row).collect();
        let rows: Vec<Row<'_>> = found
            .iter()
            .map(|(draw, family, index, block, treated, measured)| Row {
                unit: Unit { draw: *draw, family, id: family },
                index: *index,
                block: block.clone(),
                treated: *treated,
                measured: *measured,
                parts: Vec::new(),
                taken: (Taken::No, 0),
            })
            .collect();
        let (designed, method) = designed(&rows, asked, (None, &[]))?;
        Ok(Self { designed, method, n_drawn: rows.len() as u64, n_not_applicable: 0 })
    }

    /// The checked sample.
    pub(super) fn sample(&self) -> Result<Made, NoSample> {
        self.designed.sample(&self.method)
    }
}

/// Whether a family is treated, and what became of its place; None of those not compared.
fn side(
    asked: &Asked<'_>,
    (family, arm): (&str, &str),
    on: &BTreeMap<&str, (i64, &str)>,
) -> Option<(bool, (Taken, u32))> {
    let (treated, control) = asked.arms;
    let Some(lists) = asked.lists else {
        return (arm == treated || arm == control).then_some((arm == treated, (Taken::No, 0)));
    };
    let (draw, block) = on.get(family)?;
    let places = lists.places(*draw, block)?;
    let taken = lists.offered.get(family).copied();
    Some((taken.is_some(), (taken.unwrap_or_default(), places)))
}

/// A row with the values of all outcomes.
type Merged<'t> = (Measured<'t>, Vec<Option<f64>>);

/// One row a unit and horizon: the first outcome's, with the values of all.
fn merged<'t>(measured: &[(&Outcome, Vec<Measured<'t>>)]) -> Vec<Merged<'t>> {
    match measured {
        [(_, one)] => one.iter().map(|it| (*it, Vec::new())).collect(),
        several => {
            let mut rows: BTreeMap<(i64, &str, &str), Merged<'t>> = BTreeMap::new();
            for (at, (_, of)) in several.iter().enumerate() {
                for it in of {
                    let key = (it.draw, it.unit_id, it.horizon);
                    let row = rows.entry(key).or_insert_with(|| (*it, vec![None; several.len()]));
                    // What applies in one outcome applies.
                    if it.reason != Some(NOT_APPLICABLE) {
                        row.0.reason = it.reason;
                    }
                    if let Some(part) = row.1.get_mut(at) {
                        *part = it.value;
                    }
                }
            }
            rows.into_values().collect()
        }
    }
}

fn designed(
    rows: &[Row<'_>],
    asked: &Asked<'_>,
    (outcome, names): (Option<&Outcome>, &[&str]),
) -> Result<(Designed, Method), Text> {
    let analysis = asked.analysis;
    let units: Vec<Unit<'_>> = rows.iter().map(|it| it.unit).collect();
    let blocks: Vec<String> = rows.iter().map(|it| it.block.clone()).collect();
    let frame = asked.facts.frame(&units, (&blocks, analysis))?;
    let mut method = analysis.method.clone();
    let own_name = outcome.map_or("", |it| it.id.as_ref());
    let full = |name: &mut String| {
        if name.starts_with('@') {
            name.insert_str(0, own_name);
        }
    };
    method.columns.iter_mut().for_each(|(_, name)| full(name));
    method.covariates.iter_mut().for_each(full);
    let mut own = own_columns(rows, outcome, names, &method);
    // What was received is no column that rows could be chosen by.
    method.columns.retain(|(role, name)| {
        let received = asked.facts.received(&units, name);
        let taken = *role == Role::Endogenous && received.is_some();
        own.extend(received.filter(|_| taken).map(|it| (*role, name.clone(), Own::Numbers(it))));
        !taken
    });
    let several = blocks.iter().collect::<BTreeSet<_>>().len() > 1;
    let (cluster, spans_arms) = clusters(rows, asked, outcome);
    let category = outcome.is_some_and(|it| it.value_kind() == ValueKind::Category);
    let y: Vec<Option<f64>> = rows
        .iter()
        .map(|it| match it.measured {
            Measured { code: Some(_), .. } if category => Some(0.0),
            Measured { low: Some(low), .. } => Some(low),
            other => other.value,
        })
        .collect();
    let known: Vec<bool> = y.iter().map(Option::is_some).collect();
    let weights = match &analysis.weights {
        Weights::Families => None,
        Weights::Offices => Some(asked.facts.office_weights(&units, &known)),
        Weights::Column(name) => Some(frame.numbers(name).map_err(|it| it.why)?),
    };
    let weights = weights
        .map(|it| it.into_iter().collect::<Option<Vec<f64>>>().ok_or_else(missing_weight))
        .transpose()?;
    let offers = rows.iter().map(|it| it.taken).collect();
    let designed = Designed {
        y,
        treated: rows.iter().map(|it| it.treated).collect(),
        unit: rows.iter().map(|it| it.index).collect(),
        block: several.then_some(blocks),
        cluster,
        spans_arms,
        weights,
        offers: asked.lists.is_some().then_some(offers),
        own,
        missing: MissingCovariates::Indicator,
        block_dummies: true,
        frame,
    };
    Ok((designed, method))
}

fn missing_weight() -> Text {
    Text::new("en vekt mangler", "a weight is missing")
}

/// The columns that follow from the outcome itself.
fn own_columns(
    rows: &[Row<'_>],
    outcome: Option<&Outcome>,
    names: &[&str],
    method: &Method,
) -> Vec<(Role, String, Own)> {
    let mut own = Vec::new();
    if method.takes(Role::Part.key()) {
        for (at, name) in names.iter().enumerate() {
            let value = |row: &Row<'_>| match row.parts.get(at) {
                Some(part) => part.unwrap_or(f64::NAN),
                None => row.measured.value.unwrap_or(f64::NAN),
            };
            let values = rows.iter().map(value).collect();
            own.push((Role::Part, (*name).to_owned(), Own::Numbers(values)));
        }
    }
    match outcome.map(Outcome::value_kind) {
        Some(ValueKind::Category) => {
            let codes = rows.iter().map(|it| it.measured.code.unwrap_or_default().to_owned());
            own.push((Role::Category, "category".to_owned(), Own::Labels(codes.collect())));
        }
        Some(ValueKind::Interval) => {
            let highs = rows.iter().map(|it| it.measured.high.unwrap_or(f64::INFINITY));
            own.push((Role::High, "value_high".to_owned(), Own::Numbers(highs.collect())));
        }
        _ => {}
    }
    if method.takes(Role::Period.key()) {
        // As many digits in each, so that they stand in their order.
        let digits = rows.iter().map(|it| it.measured.horizon.len()).max().unwrap_or_default();
        let label = |it: &Row<'_>| format!("{:0>digits$}", it.measured.horizon);
        own.push((
            Role::Period,
            "horizon".to_owned(),
            Own::Labels(rows.iter().map(label).collect()),
        ));
    }
    own
}

/// What rows are clustered on, and whether such clusters hold both arms.
fn clusters(
    rows: &[Row<'_>],
    asked: &Asked<'_>,
    outcome: Option<&Outcome>,
) -> (Option<Vec<String>>, bool) {
    let members = outcome.is_some_and(|it| it.unit != UnitKind::Family);
    let again = asked.drawn.in_several(&asked.analysis.draws).is_some();
    match asked.analysis.cluster {
        Some(Cluster::Office) => {
            let units: Vec<Unit<'_>> = rows.iter().map(|it| it.unit).collect();
            (Some(asked.facts.offices(&units)), true)
        }
        Some(Cluster::Family) => {
            (Some(rows.iter().map(|it| it.unit.family.to_owned()).collect()), again)
        }
        None if members || again => {
            (Some(rows.iter().map(|it| it.unit.family.to_owned()).collect()), again)
        }
        None => (None, false),
    }
}

/// Index, block and arm of each drawn family that the lot decided for, by draw; blocks of several
/// draws are kept apart.
fn families<'d>(
    drawn: &'d Drawn,
    numbers: &[i64],
) -> BTreeMap<(i64, &'d str), (u32, String, &'d str)> {
    let several = numbers.len() > 1;
    let rows = drawn.of(numbers).flat_map(|(draw, rows)| rows.iter().map(move |row| (draw, row)));
    let label = |draw: &Draw, row: &Assignment| {
        if several { format!("{:04} {}", draw.draw, row.block) } else { row.block.clone() }
    };
    rows.zip(0..)
        .filter(|((draw, row), _)| compared(row) && !drawn.is_struck(draw, row))
        .map(|((draw, row), index)| {
            ((draw.draw, row.unit_id.as_str()), (index, label(draw, row), row.arm.as_str()))
        })
        .collect()
}

/// A member's id is its family's with `-A1`, `-B1` … after it.
fn family_of(unit_id: &str, unit: UnitKind) -> &str {
    if unit == UnitKind::Family {
        return unit_id;
    }
    unit_id.rsplit_once('-').map_or(unit_id, |(family, _)| family)
}
