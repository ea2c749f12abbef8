//! From outcomes and assignments to the rows of an analysis.

use std::collections::{BTreeMap, BTreeSet};

use lodd_estimate::{MissingCovariates, Role};
use lodd_panel::{
    codes::UnitKind,
    outcomes::{Outcome, ValueKind},
};

use super::{
    Analysis,
    arrays::{Designed, Made, NoSample, Own},
    differences, exits,
    facts::{Facts, Unit},
    offers::Lists,
    placed::{Placed, placed},
    sample::{Drawn, Measured},
};
use crate::{
    plan::{Cluster, Contrast, Method, Weights, contrast::of_offices_like_these},
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
    /// What a reader must know of how the rows were made.
    pub(super) notes: Vec<String>,
    /// The families' rows, where those of the analysis are offices.
    families: Option<(Designed, Method)>,
}

/// What one analysis is made from.
pub(super) struct Asked<'a> {
    pub(super) drawn: &'a Drawn,
    pub(super) facts: &'a Facts,
    pub(super) analysis: &'a Analysis,
    pub(super) lists: Option<&'a Lists>,
    /// Treated and control.
    pub(super) arms: (&'a str, &'a str),
    /// The arm of families that were not drawn.
    pub(super) undrawn: &'a str,
}

/// A row before its columns are looked up.
struct Row<'t> {
    unit: Unit<'t>,
    placed: Placed<'t>,
    measured: Measured<'t>,
    /// The values of an index's outcomes.
    parts: Vec<Option<f64>>,
}

impl Comparison {
    /// The measured families, adults or children of two arms; those ever offered a place against
    /// the rest where there are lists. Lists where everyone was offered one are left out.
    pub(super) fn new(
        measured: &[(&Outcome, Vec<Measured<'_>>)],
        asked: &Asked<'_>,
    ) -> Result<Self, Text> {
        let unit = measured.first().map_or(UnitKind::Family, |(outcome, _)| outcome.unit);
        let families = placed(asked);
        let (mut rows, mut n_drawn, mut n_not_applicable) = (Vec::new(), 0, 0);
        for (measured, parts) in merged(measured) {
            let family = family_of(measured.unit_id, unit);
            let Some(placed) = families.get(&(measured.draw, family)) else { continue };
            if measured.reason == Some(NOT_APPLICABLE) {
                n_not_applicable += 1;
                continue;
            }
            n_drawn += 1;
            rows.push(Row {
                unit: Unit { draw: measured.draw, family, id: measured.unit_id },
                placed: placed.clone(),
                measured,
                parts,
            });
        }
        let outcome = measured.first().map(|(outcome, _)| *outcome);
        let names: Vec<&str> = measured.iter().map(|(it, _)| it.id.as_ref()).collect();
        let (designed, mut method) = designed(&rows, asked, (outcome, &names))?;
        if asked.analysis.contrast != Contrast::ModelByFollowUp {
            let (notes, families) = (Vec::new(), None);
            return Ok(Self { designed, method, n_drawn, n_not_applicable, notes, families });
        }
        let families = Some((designed.clone(), method.clone()));
        let place = |it: &Row<'_>| differences::Place {
            office: it.placed.office.clone().unwrap_or_default(),
            is_drawn: it.placed.is_drawn,
        };
        let places: Vec<_> = rows.iter().map(place).collect();
        let (designed, n_drawn, notes) = differences::of_offices(&designed, &places, &mut method)?;
        Ok(Self { designed, method, n_drawn, n_not_applicable, notes, families })
    }

    /// Every drawn family, for what was known before the draw.
    pub(super) fn of_all(asked: &Asked<'_>) -> Result<Self, Text> {
        let mut rows = Vec::new();
        for ((draw, family), placed) in placed(asked) {
            let unit = Unit { draw, family, id: family };
            rows.push(Row { unit, placed, measured: Measured::nothing(draw), parts: Vec::new() });
        }
        let (designed, method) = designed(&rows, asked, (None, &[]))?;
        let n_drawn = rows.len() as u64;
        let (notes, families) = (Vec::new(), None);
        Ok(Self { designed, method, n_drawn, n_not_applicable: 0, notes, families })
    }

    /// Whether a cluster has several rows.
    pub(super) fn is_clustered(&self) -> bool {
        let mut seen = BTreeSet::new();
        self.designed.cluster.iter().flatten().any(|it| !seen.insert(it))
    }

    /// The rows for an estimator of what is missing: all to whom the analysis's `where` applies,
    /// unweighted and without clusters. None where an arm has no row at all.
    pub(super) fn with_missing(&self, method: Method) -> Result<Option<Made>, Text> {
        let own = (&self.designed, &self.method);
        let (designed, asked) = self.families.as_ref().map_or(own, |it| (&it.0, &it.1));
        let method =
            Method { filter: asked.filter.clone(), drop_blocks: asked.drop_blocks, ..method };
        // Of several outcomes, any is enough.
        let parts = designed.own.iter().filter(|it| it.0 == Role::Part);
        let parts: Vec<&Own> = parts.map(|it| &it.2).collect();
        let known = |row: usize| {
            parts.iter().any(|it| match it {
                Own::Numbers(all) => all.get(row).is_some_and(|it| !it.is_nan()),
                Own::Labels(_) => false,
            })
        };
        let y = if parts.is_empty() {
            designed.y.clone()
        } else {
            (0..designed.y.len()).map(|row| known(row).then_some(0.0)).collect()
        };
        let bare = Designed {
            y,
            cluster: None,
            spans_arms: false,
            weights: None,
            own: Vec::new(),
            ..designed.clone()
        };
        match bare.sample(&method) {
            Ok(made) => Ok(Some(made)),
            Err(NoSample::EmptyArm { .. }) => Ok(None),
            Err(NoSample::Wrong(wrong)) => Err(wrong.words()),
            Err(NoSample::Because(why)) => Err(why),
        }
    }

    /// The checked sample.
    pub(super) fn sample(&self) -> Result<Made, NoSample> {
        self.designed.sample(&self.method)
    }
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
    let blocks = blocks(rows, asked);
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
    let left = exits::left(rows.iter().map(|it| (it.unit, it.measured)), asked);
    let mut own = own_columns(rows, outcome, names, &method);
    if method.takes(Role::Competing.key()) {
        let exits = left.iter().map(|it| f64::from(u8::from(it.is_some()))).collect();
        own.push((Role::Competing, "exit".to_owned(), Own::Numbers(exits)));
    }
    // What was received is no column that rows could be chosen by.
    method.columns.retain(|(role, name)| {
        let received = asked.facts.received(&units, name);
        let taken = *role == Role::Endogenous && received.is_some();
        own.extend(received.filter(|_| taken).map(|it| (*role, name.clone(), Own::Numbers(it))));
        !taken
    });
    let several = blocks.iter().collect::<BTreeSet<_>>().len() > 1;
    let (cluster, spans_arms) = clusters(rows, asked, outcome);
    let y = values(rows, &left, (outcome, &method));
    let known: Vec<bool> = y.iter().map(Option::is_some).collect();
    let weights = match &analysis.weights {
        Weights::Families => None,
        Weights::Offices => Some(asked.facts.office_weights(&units, &known)),
        Weights::Column(name) => Some(frame.numbers(name).map_err(|it| it.why)?),
    };
    let weights = weights
        .map(|it| it.into_iter().collect::<Option<Vec<f64>>>().ok_or_else(missing_weight))
        .transpose()?;
    let offers = rows.iter().map(|it| it.placed.taken).collect();
    let designed = Designed {
        y,
        treated: rows.iter().map(|it| it.placed.treated).collect(),
        unit: rows.iter().map(|it| it.placed.index).collect(),
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

/// The outcome of each row, as the method takes it.
fn values(
    rows: &[Row<'_>],
    left: &[Option<f64>],
    (outcome, method): (Option<&Outcome>, &Method),
) -> Vec<Option<f64>> {
    let category = outcome.is_some_and(|it| it.value_kind() == ValueKind::Category);
    let dated = method.takes(Role::Event.key());
    rows.iter()
        .zip(left)
        .map(|(it, left)| match it.measured {
            Measured { code: Some(_), .. } if category => Some(0.0),
            _ if left.is_some() => *left,
            // Seen to have come by the end of the interval; else not by its start.
            Measured { low: Some(low), high, .. } if dated => Some(high.unwrap_or(low)),
            Measured { low: Some(low), .. } => Some(low),
            other => other.value,
        })
        .collect()
}

/// The blocks of the draw that is compared; those of several draws are kept apart.
fn blocks(rows: &[Row<'_>], asked: &Asked<'_>) -> Vec<String> {
    let several = asked.drawn.compared(asked.analysis).len() > 1;
    let label = |it: &Row<'_>| {
        let block = it.placed.block;
        if several { format!("{:04} {block}", it.unit.draw) } else { block.to_owned() }
    };
    rows.iter().map(label).collect()
}

fn missing_weight() -> Text {
    Text::new("en vekt mangler", "a weight is missing").nn("ei vekt manglar")
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
        Some(ValueKind::Interval) if method.takes(Role::Event.key()) => {
            let seen = rows.iter().map(|it| f64::from(u8::from(it.measured.high.is_some())));
            own.push((Role::Event, "event".to_owned(), Own::Numbers(seen.collect())));
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
    let contrast = asked.analysis.contrast;
    let offices = || {
        let units: Vec<Unit<'_>> = rows.iter().map(|it| it.unit).collect();
        asked.facts.offices(&units)
    };
    let like_these = of_offices_like_these(contrast, asked.analysis.method.options.se);
    match asked.analysis.cluster {
        // The offices were drawn: each has one arm.
        _ if contrast.is_of_offices() => (Some(offices()), false),
        Some(Cluster::Office) => (Some(offices()), true),
        None if like_these => (Some(offices()), true),
        Some(Cluster::Family) => {
            (Some(rows.iter().map(|it| it.unit.family.to_owned()).collect()), again)
        }
        None if members || again => {
            (Some(rows.iter().map(|it| it.unit.family.to_owned()).collect()), again)
        }
        None => (None, false),
    }
}

/// A member's id is its family's with `-A1`, `-B1` … after it.
fn family_of(unit_id: &str, unit: UnitKind) -> &str {
    if unit == UnitKind::Family {
        return unit_id;
    }
    unit_id.rsplit_once('-').map_or(unit_id, |(family, _)| family)
}
