//! From outcomes and assignments to the arrays that an estimator takes.

use std::collections::{BTreeMap, BTreeSet};

use lodd_estimate::{
    Covariate, Estimator, Offers, Redraw, Replay, Rows, Sample, SampleError, Taken, estimator,
};
use lodd_panel::{codes::UnitKind, outcomes::Outcome};
use lodd_store::{
    Pilot,
    pilot::{Assignment, Draw, DrawnKind, Origin, Struck},
};

use super::{
    Analysis, Built, Context, Plan, again, offered::compared, offers::Lists, tables, words,
};
use crate::{
    problem::Failure,
    replay::{Again, Redraws},
    text::Text,
};

/// Why a unit without a value is not attrition.
const NOT_APPLICABLE: &str = "IKKE_AKTUELT";

/// The draws of a pilot with their assignments, in the order of the locked lists.
#[derive(Debug)]
pub(super) struct Drawn {
    draws: Vec<(Draw, Vec<Assignment>)>,
    /// How each is made again, where an analysis of the plan does that.
    again: BTreeMap<i64, Result<Again, Text>>,
    /// Draw and unit of those that were struck from a list and leave the analysis.
    struck: BTreeSet<(i64, String)>,
}

impl Drawn {
    /// Reads them, and how those are made again that the plan re-runs.
    pub(super) fn read(
        context: &Context,
        pilot: &Pilot,
        plan: &Plan,
        cut_us: i64,
    ) -> Result<Self, Failure> {
        let redrawn = |it: &Analysis| estimator(&it.estimator).is_some_and(Estimator::needs_redraw);
        let redrawn =
            |draw: i64| plan.analyses.iter().any(|it| redrawn(it) && it.draws.contains(&draw));
        let (mut draws, mut again) = (Vec::new(), BTreeMap::new());
        for draw in pilot.draws().map_err(|error| words::store(&error))? {
            let mut rows = pilot.assignments(draw.draw).map_err(|error| words::store(&error))?;
            // The order of `leaves.csv`; by unit where there is none.
            rows.sort_by(|a, b| {
                (&a.block, a.ordinal, &a.unit_id).cmp(&(&b.block, b.ordinal, &b.unit_id))
            });
            if redrawn(draw.draw) && !rows.is_empty() {
                again.insert(draw.draw, again::again(context, &draw, &rows));
            }
            draws.push((draw, rows));
        }
        let struck = pilot.struck(cut_us).map_err(|error| words::store(&error))?;
        let struck = struck.into_iter().filter(Struck::leaves_analysis);
        Ok(Self { draws, again, struck: struck.map(|it| (it.draw, it.unit_id)).collect() })
    }

    fn is_struck(&self, draw: &Draw, row: &Assignment) -> bool {
        self.struck.contains(&(draw.draw, row.unit_id.clone()))
    }

    /// What the note says of the struck units of these draws; `None` without any.
    pub(super) fn struck_note(&self, numbers: &[i64]) -> Option<String> {
        let n = self.struck.iter().filter(|(draw, _)| numbers.contains(draw)).count();
        (n > 0).then(|| {
            format!("{n} units struck from the list before the result was shown are left out")
        })
    }

    fn of(&self, numbers: &[i64]) -> impl Iterator<Item = &(Draw, Vec<Assignment>)> {
        self.draws.iter().filter(move |(draw, _)| numbers.contains(&draw.draw))
    }

    /// The assignments of some draws, each with its draw.
    pub(super) fn rows(&self, numbers: &[i64]) -> impl Iterator<Item = (i64, &Assignment)> {
        self.of(numbers).flat_map(|(draw, rows)| rows.iter().map(|row| (draw.draw, row)))
    }

    /// The first of these numbers that is no draw, or one that has not been revealed.
    pub(super) fn missing(&self, numbers: &[i64]) -> Option<i64> {
        let drawn = |number: &i64| {
            self.draws.iter().any(|(draw, rows)| draw.draw == *number && !rows.is_empty())
        };
        numbers.iter().copied().find(|number| !drawn(number))
    }

    /// What a draw is of; `None` where it has no assignments.
    pub(super) fn kind(&self, number: i64) -> Option<DrawnKind> {
        let rows = self.draws.iter().find(|(draw, _)| draw.draw == number).map(|(_, rows)| rows)?;
        rows.first().map(|row| row.unit_kind)
    }

    /// A family that is in several of these draws.
    pub(super) fn in_several(&self, numbers: &[i64]) -> Option<&str> {
        let mut seen = BTreeSet::new();
        let mut families = self.of(numbers).flat_map(|(_, rows)| rows).map(|it| &it.unit_id);
        families.find(|it| !seen.insert(*it)).map(String::as_str)
    }

    /// Draw and block of each family of these draws.
    fn lists(&self, numbers: &[i64]) -> BTreeMap<&str, (i64, &str)> {
        let rows = self.of(numbers).flat_map(|(draw, rows)| rows.iter().map(|it| (draw.draw, it)));
        rows.map(|(draw, it)| (it.unit_id.as_str(), (draw, it.block.as_str()))).collect()
    }

    /// The arms but the control, in the order of the protocol.
    pub(super) fn treated_arms(&self, numbers: &[i64], control: &str) -> Vec<String> {
        let arms = self.of(numbers).next().map(|(draw, _)| draw.arms.clone()).unwrap_or_default();
        arms.into_iter().filter(|arm| arm != control).collect()
    }

    /// The least trustworthy origin among the draws.
    pub(super) fn origin(&self, numbers: &[i64]) -> Origin {
        let has = |origin| self.of(numbers).any(|(draw, _)| draw.origin == origin);
        if has(Origin::Rehearsal) {
            Origin::Rehearsal
        } else if has(Origin::Imported) {
            Origin::Imported
        } else {
            Origin::Drawn
        }
    }

    /// The draws as they can be made again; else why they can't.
    pub(super) fn redraws(&self, numbers: &[i64], seed: [u8; 32]) -> Result<Redraws<'_>, Text> {
        let again = |(draw, _): &(Draw, Vec<Assignment>)| {
            let again = self.again.get(&draw.draw).and_then(|it| it.as_ref().ok())?;
            Some((u32::try_from(draw.draw).ok()?, again))
        };
        let broken =
            self.of(numbers).find_map(|(draw, _)| self.again.get(&draw.draw)?.as_ref().err());
        match broken {
            Some(why) => Err(why.clone()),
            None => Ok(Redraws::new(self.of(numbers).filter_map(again).collect(), seed)),
        }
    }

    /// The re-draw of a treated arm against the control.
    pub(super) fn redraw<'r>(
        &self,
        numbers: &[i64],
        redraws: &'r dyn Replay,
        (treated, control): (&str, &str),
    ) -> Option<Redraw<'r>> {
        let draw = &self.of(numbers).next()?.0;
        let arms = self.again.get(&draw.draw)?.as_ref().ok()?.design().arms();
        let index = |label: &str| u8::try_from(arms.iter().position(|arm| arm == label)?).ok();
        Some(Redraw { replay: redraws, treated: index(treated)?, control: index(control)? })
    }
}

/// The rows of one analysis: those of two arms whose outcome is known.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    y: Vec<f64>,
    treated: Vec<bool>,
    /// Index of the drawn family among all of the analysed draws.
    unit: Vec<u32>,
    block: Vec<u32>,
    block_labels: Vec<String>,
    /// Adults and children are clustered on their family.
    clustered: bool,
    /// What became of each row's place, and the places of its list; empty without offers.
    taken: Vec<Taken>,
    places: Vec<u32>,
    /// Units drawn into the two arms to whom the outcome applies, observed or not.
    pub(super) n_drawn: u64,
    pub(super) n_not_applicable: u64,
}

/// What is known of a unit in the outcomes table.
pub(super) struct Measured<'t> {
    unit_id: &'t str,
    value: Option<f64>,
    reason: Option<&'t str>,
    register: Option<&'t str>,
}

impl Comparison {
    /// The measured families, adults or children of two arms.
    pub(super) fn new(
        measured: &[Measured<'_>],
        drawn: &Drawn,
        analysis: &Analysis,
        unit: UnitKind,
        (treated, control): (&str, &str),
    ) -> Self {
        let families = families(drawn, &analysis.draws);
        let mut comparison = Self {
            block_labels: block_labels(&families),
            clustered: unit != UnitKind::Family,
            ..Self::default()
        };
        for measured in measured {
            let family = family_of(measured.unit_id, unit);
            let Some((index, block, arm)) = families.get(family) else { continue };
            if *arm != treated && *arm != control {
                continue;
            }
            if !comparison.count(measured) {
                continue;
            }
            if let Some(y) = measured.value {
                comparison.push(y, *arm == treated, (*index, block));
            }
        }
        comparison
    }

    /// The measured families, adults or children of lists that places were offered down: those
    /// ever offered one against the rest. Lists where everyone was offered one are left out.
    pub(super) fn of_lists(
        measured: &[Measured<'_>],
        drawn: &Drawn,
        analysis: &Analysis,
        unit: UnitKind,
        lists: &Lists,
    ) -> Self {
        let families = families(drawn, &analysis.draws);
        let on = drawn.lists(&analysis.draws);
        let mut comparison = Self { block_labels: block_labels(&families), ..Self::default() };
        for measured in measured {
            let family = family_of(measured.unit_id, unit);
            let place = on.get(family).and_then(|(draw, block)| lists.places(*draw, block));
            let (Some((index, block, _)), Some(places)) = (families.get(family), place) else {
                continue;
            };
            if !comparison.count(measured) {
                continue;
            }
            if let Some(y) = measured.value {
                let taken = lists.offered.get(family).copied();
                comparison.push(y, taken.is_some(), (*index, block));
                comparison.taken.push(taken.unwrap_or_default());
                comparison.places.push(places);
            }
        }
        comparison
    }

    /// Counts a drawn unit; false if the outcome does not apply to it.
    fn count(&mut self, measured: &Measured<'_>) -> bool {
        let applies = measured.reason != Some(NOT_APPLICABLE);
        *(if applies { &mut self.n_drawn } else { &mut self.n_not_applicable }) += 1;
        applies
    }

    fn push(&mut self, y: f64, treated: bool, (unit, block): (u32, &String)) {
        self.y.push(y);
        self.treated.push(treated);
        self.unit.push(unit);
        let label = self.block_labels.binary_search(block).unwrap_or_default();
        self.block.push(u32::try_from(label).unwrap_or_default());
    }

    /// The checked sample; regressions get the blocks as covariates, since a family's probability
    /// may differ between them.
    pub(super) fn sample(&self, estimator: &str) -> Result<Sample, SampleError> {
        let blocked = self.block_labels.len() > 1;
        let regression = estimator == "lm_robust";
        let covariates = if blocked && regression { self.block_dummies() } else { Vec::new() };
        Sample::new(Rows {
            y: &self.y,
            treated: &self.treated,
            unit: &self.unit,
            block: (blocked && !regression).then_some(self.block.as_slice()),
            cluster: self.clustered.then_some(self.unit.as_slice()),
            covariates: &covariates,
            offers: (!self.places.is_empty())
                .then_some(Offers { taken: &self.taken, places: &self.places }),
            ..Rows::default()
        })
    }

    /// One column a block but the first.
    fn block_dummies(&self) -> Vec<Covariate> {
        let dummy = |(at, label): (u32, &String)| Covariate {
            name: format!("block[{label}]"),
            values: self.block.iter().map(|block| f64::from(u8::from(*block == at))).collect(),
        };
        (0..).zip(&self.block_labels).skip(1).map(dummy).collect()
    }
}

/// Index, block and arm of each drawn family that the lot decided for; blocks of several draws are
/// kept apart.
fn families<'d>(drawn: &'d Drawn, numbers: &[i64]) -> BTreeMap<&'d str, (u32, String, &'d str)> {
    let several = numbers.len() > 1;
    let rows = drawn.of(numbers).flat_map(|(draw, rows)| rows.iter().map(move |row| (draw, row)));
    let label = |draw: &Draw, row: &Assignment| {
        if several { format!("{:04} {}", draw.draw, row.block) } else { row.block.clone() }
    };
    rows.zip(0..)
        .filter(|((draw, row), _)| compared(row) && !drawn.is_struck(draw, row))
        .map(|((draw, row), index)| {
            (row.unit_id.as_str(), (index, label(draw, row), row.arm.as_str()))
        })
        .collect()
}

fn block_labels(families: &BTreeMap<&str, (u32, String, &str)>) -> Vec<String> {
    let mut labels: Vec<String> = families.values().map(|(_, block, _)| block.clone()).collect();
    labels.sort();
    labels.dedup();
    labels
}

/// A member's id is its family's with `-A1`, `-B1` … after it.
fn family_of(unit_id: &str, unit: UnitKind) -> &str {
    if unit == UnitKind::Family {
        return unit_id;
    }
    unit_id.rsplit_once('-').map_or(unit_id, |(family, _)| family)
}

/// The registers that rows come from, sorted.
pub(super) fn registers<'t>(rows: &[Measured<'t>]) -> Vec<&'t str> {
    let all: BTreeSet<&str> = rows.iter().map(|row| row.register.unwrap_or("–")).collect();
    all.into_iter().collect()
}

/// The rows of the outcomes table that an analysis asks for.
pub(super) fn measured<'t>(
    built: &'t Built,
    analysis: &Analysis,
    outcome: &Outcome,
) -> Result<Vec<Measured<'t>>, Failure> {
    let table = &built.outcomes;
    let text = |name| table.text(name).map_err(|error| tables::internal(&error));
    let draws = table.int("draw").map_err(|error| tables::internal(&error))?;
    let values = table.real("value").map_err(|error| tables::internal(&error))?;
    let (outcomes, units, horizons) = (text("outcome_id")?, text("unit_id")?, text("horizon")?);
    let (sources, registers, reasons) =
        (text("source")?, text("register")?, text("missing_reason")?);
    let mut found = Vec::new();
    for row in 0..table.rows() {
        let at = |column: &'t [Option<String>]| column.get(row).and_then(Option::as_deref);
        let draw = draws.get(row).copied().flatten().unwrap_or_default();
        let wanted = at(outcomes) == Some(outcome.id.as_ref())
            && at(horizons) == Some(analysis.horizon.as_str())
            && at(sources) == Some(analysis.source.as_str())
            && (analysis.register.is_none() || at(registers) == analysis.register.as_deref())
            && analysis.draws.contains(&draw);
        if wanted {
            let value = values.get(row).copied().flatten();
            found.push(Measured {
                unit_id: at(units).unwrap_or_default(),
                value,
                reason: at(reasons),
                register: at(registers),
            });
        }
    }
    Ok(found)
}
