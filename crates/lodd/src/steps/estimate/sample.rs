//! The draws of a pilot, and what was measured of the drawn.

use std::collections::{BTreeMap, BTreeSet};

use lodd_estimate::{Adjustment, Estimator, Redraw, Replay};
use lodd_panel::outcomes::Outcome;
use lodd_store::{
    Pilot,
    pilot::{Assignment, Draw, DrawnKind, Origin, Struck},
};

use super::{Analysis, Built, Context, Plan, again, tables, words};
use crate::{
    problem::Failure,
    replay::{Again, Redraws},
    text::Text,
};

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
        let jointly = plan.adjust.contains(&Adjustment::WestfallYoung);
        let redrawn = |it: &Analysis| {
            let estimator = it.method.known();
            jointly
                || estimator.is_some_and(Estimator::needs_redraw)
                || it.method.takes("block_variance")
        };
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

    pub(super) fn is_struck(&self, draw: i64, row: &Assignment) -> bool {
        self.struck.contains(&(draw, row.unit_id.clone()))
    }

    /// What the note says of the struck units of these draws; `None` without any.
    pub(super) fn struck_note(&self, numbers: &[i64]) -> Option<String> {
        let n = self.struck.iter().filter(|(draw, _)| numbers.contains(draw)).count();
        (n > 0).then(|| {
            format!("{n} units struck from the list before the result was shown are left out")
        })
    }

    pub(super) fn of(&self, numbers: &[i64]) -> impl Iterator<Item = &(Draw, Vec<Assignment>)> {
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
    pub(super) fn lists(&self, numbers: &[i64]) -> BTreeMap<&str, (i64, &str)> {
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

    /// The draws of offices among these.
    pub(super) fn of_offices(&self, numbers: &[i64]) -> Vec<i64> {
        let office = |it: &i64| self.kind(*it) == Some(DrawnKind::Office);
        numbers.iter().copied().filter(office).collect()
    }

    /// The draws whose arms an analysis compares: those of offices, or those of families.
    pub(super) fn compared(&self, analysis: &Analysis) -> Vec<i64> {
        let offices = analysis.contrast.is_of_offices();
        let kind = if offices { DrawnKind::Office } else { DrawnKind::Family };
        let own = |it: &i64| self.kind(*it) == Some(kind);
        analysis.draws.iter().copied().filter(own).collect()
    }

    /// The draws as they can be made again, those held that the plan does not re-run; else why they
    /// can't.
    pub(super) fn redraws(&self, analysis: &Analysis, seed: [u8; 32]) -> Result<Redraws<'_>, Text> {
        let numbers = self.compared(analysis);
        let held = |draw: i64| analysis.replay.as_ref().is_some_and(|it| !it.contains(&draw));
        let again = |(draw, rows): &(Draw, Vec<Assignment>)| {
            let again = self.again.get(&draw.draw).and_then(|it| it.as_ref().ok())?;
            let labels = again.design().arms();
            let arm = |row: &Assignment| {
                let at = labels.iter().position(|label| *label == row.arm);
                at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
            };
            let arms = held(draw.draw).then(|| rows.iter().map(arm).collect());
            Some((u32::try_from(draw.draw).ok()?, again, arms))
        };
        let broken =
            self.of(&numbers).find_map(|(draw, _)| self.again.get(&draw.draw)?.as_ref().err());
        match broken {
            Some(why) => Err(why.clone()),
            None => Ok(Redraws::holding(self.of(&numbers).filter_map(again).collect(), seed)),
        }
    }

    /// The re-draw of a treated arm against the control.
    pub(super) fn redraw<'r>(
        &self,
        analysis: &Analysis,
        redraws: &'r dyn Replay,
        (treated, control): (&str, &str),
    ) -> Option<Redraw<'r>> {
        let draw = &self.of(&self.compared(analysis)).next()?.0;
        let arms = self.again.get(&draw.draw)?.as_ref().ok()?.design().arms();
        let index = |label: &str| u8::try_from(arms.iter().position(|arm| arm == label)?).ok();
        Some(Redraw { replay: redraws, treated: index(treated)?, control: index(control)? })
    }
}

/// What is known of a unit in the outcomes table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measured<'t> {
    pub(super) draw: i64,
    pub(super) unit_id: &'t str,
    pub(super) horizon: &'t str,
    pub(super) value: Option<f64>,
    pub(super) code: Option<&'t str>,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    pub(super) reason: Option<&'t str>,
    pub(super) register: Option<&'t str>,
}

impl Measured<'_> {
    /// A unit of a draw of which nothing is asked.
    pub(super) const fn nothing(draw: i64) -> Self {
        Self {
            draw,
            unit_id: "",
            horizon: "",
            value: None,
            code: None,
            low: None,
            high: None,
            reason: None,
            register: None,
        }
    }
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
    let codes = text("value_code")?;
    let real = |name| table.real(name).map_err(|error| tables::internal(&error));
    let (lows, highs) = (real("value_low")?, real("value_high")?);
    let mut found = Vec::new();
    for row in 0..table.rows() {
        let at = |column: &'t [Option<String>]| column.get(row).and_then(Option::as_deref);
        let draw = draws.get(row).copied().flatten().unwrap_or_default();
        let wanted = at(outcomes) == Some(outcome.id.as_ref())
            && at(horizons).is_some_and(|it| analysis.horizons.iter().any(|own| own == it))
            && at(sources) == Some(analysis.source.as_str())
            && (analysis.register.is_none() || at(registers) == analysis.register.as_deref())
            && analysis.draws.contains(&draw);
        if wanted {
            let number = |column: &[Option<f64>]| column.get(row).copied().flatten();
            found.push(Measured {
                draw,
                unit_id: at(units).unwrap_or_default(),
                horizon: at(horizons).unwrap_or_default(),
                value: number(values),
                code: at(codes),
                low: number(lows),
                high: number(highs),
                reason: at(reasons),
                register: at(registers),
            });
        }
    }
    Ok(found)
}
