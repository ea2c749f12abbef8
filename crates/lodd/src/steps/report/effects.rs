//! Effects, from `estimates.parquet`: the main result of each outcome, horizon, source and arm with
//! the lottery's own p-value beside it; effects of taking part, in subgroups, by other methods.

mod about;
mod rows;

use std::collections::BTreeSet;

use lodd_report::{Effect, Part, Received, Robustness, Subgroups, Text as Words};
use lodd_store::Table;

use super::{Source, status::Tallies};
use crate::problem::Failure;
use about::About;
pub(super) use about::measure;
use rows::{Key, Rows};

/// The estimator whose p-value goes beside another's estimate.
const LOTTERY: &str = "randomization_test";
/// Estimators that say between what an effect lies.
const BOUNDS: [&str; 2] = ["lee_bounds", "manski_bounds"];

/// What the file holds, in the order of the plan.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) effects: Vec<Effect>,
    pub(super) received: Vec<Received>,
    pub(super) subgroups: Vec<Subgroups>,
    pub(super) robustness: Vec<Robustness>,
}

/// Sorts the file's effects into the report's tables.
pub(super) fn read(
    source: &Source<'_>,
    table: &Table,
    tallies: &Tallies,
) -> Result<Found, Failure> {
    let reader = Reader { rows: Rows(table), about: About::new(source, tallies)? };
    let mut found = Found::default();
    let (mut mains, mut told) = (BTreeSet::<Key>::new(), BTreeSet::new());
    for row in reader.effect_rows() {
        let key = reader.rows.key(row);
        match reader.rows.text(row, "estimator").as_str() {
            "iv" => found.received.extend(reader.received(row)?),
            "interaction" => found.subgroups.extend(reader.subgroups(row)?),
            LOTTERY if reader.is_beside_another(row) => {}
            _ if mains.insert(key.clone()) => {
                let primary = &source.plan.primary;
                let is_primary = primary.is_empty() || primary.contains(&key.outcome);
                // What the draw did not make is no result of it.
                let is_drawn = key.population == "drawn";
                let is_first = is_drawn && told.insert(key.result());
                let effect = reader.effect(row, is_first && is_primary)?;
                found.effects.extend(effect);
            }
            _ => {
                let effect = reader.effect(row, false)?;
                found.robustness.extend(effect.map(|effect| Robustness { effect, bounds: None }));
            }
        }
    }
    found.robustness.extend(reader.bounds()?);
    Ok(found)
}

struct Reader<'r> {
    rows: Rows<'r>,
    about: About<'r>,
}

impl Reader<'_> {
    /// Rows that are the effect of their analysis, each number once.
    fn effect_rows(&self) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        let is_effect =
            |row: &usize| self.rows.text(*row, "term") == self.rows.text(*row, "contrast_level");
        // A number stands once more for each further adjustment.
        let once = |row: &usize| seen.insert(self.rows.number(*row));
        self.rows.all().filter(is_effect).filter(once).collect()
    }

    /// Whether a lottery's p-value goes beside another estimate.
    fn is_beside_another(&self, row: usize) -> bool {
        let key = self.rows.key(row);
        self.effect_rows().into_iter().any(|other| {
            let estimator = self.rows.text(other, "estimator");
            ![LOTTERY, "iv", "interaction"].contains(&estimator.as_str())
                && self.rows.key(other) == key
        })
    }

    /// The p-value of the lottery that goes with a row.
    fn lottery(&self, row: usize) -> Option<f64> {
        let key = self.rows.key(row);
        let is = |other: &usize| {
            self.rows.text(*other, "estimator") == LOTTERY && self.rows.key(*other) == key
        };
        self.effect_rows().into_iter().find(is).and_then(|it| self.rows.real(it, "p_value"))
    }

    /// One row as an effect; none where its outcome is not the protocol's.
    fn effect(&self, row: usize, headline: bool) -> Result<Option<Effect>, Failure> {
        let Some(effect) = self.about.effect(self.rows, row)? else { return Ok(None) };
        let is_lottery = effect.estimator == LOTTERY;
        let p_randomization = if is_lottery {
            effect.p_value
        } else {
            self.lottery(row).filter(|_| headline_like(&effect))
        };
        let p_value = effect.p_value.filter(|_| !is_lottery);
        Ok(Some(Effect { headline, p_value, p_randomization, ..effect }))
    }

    /// Rows of the same analysis, outcome and arm.
    fn siblings(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let number = self.rows.number(row);
        self.rows.all().filter(move |it| self.rows.number(*it) == number)
    }

    fn term(&self, row: usize, term: &str) -> Option<usize> {
        self.siblings(row).find(|it| self.rows.text(*it, "term") == term)
    }

    fn received(&self, row: usize) -> Result<Option<Received>, Failure> {
        let Some(effect) = self.effect(row, false)? else { return Ok(None) };
        let estimate =
            |term: &str| self.term(row, term).and_then(|it| self.rows.real(it, "estimate"));
        let first = self.term(row, "first_stage");
        let t = first.and_then(|it| self.rows.real(it, "statistic"));
        let robust = self.term(row, "anderson_rubin");
        let effect = Effect { p_randomization: None, ..effect };
        Ok(Some(Received {
            effect,
            first_stage: estimate("first_stage"),
            first_stage_f: t.map(|t| t * t),
            itt: estimate("itt"),
            robust_interval: robust.and_then(|it| self.rows.interval(it)),
        }))
    }

    fn subgroups(&self, row: usize) -> Result<Option<Subgroups>, Failure> {
        let Some(effect) = self.effect(row, false)? else { return Ok(None) };
        let arm = self.rows.text(row, "contrast_level");
        let parts = |mark: char| -> Vec<Part> {
            let label = |it: usize| {
                let term = self.rows.text(it, "term");
                Some(term.strip_prefix(&arm)?.strip_prefix(mark)?.to_owned())
            };
            let part = |it: usize| Some((it, label(it)?));
            self.siblings(row).filter_map(part).map(|(it, label)| self.part(it, &label)).collect()
        };
        let (groups, differences) = (parts('|'), parts(':'));
        Ok(Some(Subgroups { effect, groups, differences }))
    }

    fn part(&self, row: usize, label: &str) -> Part {
        Part {
            label: Words::same(label.replace('=', ": ")),
            estimate: self.rows.real(row, "estimate"),
            std_error: self.rows.real(row, "std_error"),
            interval: self.rows.interval(row),
            p_value: self.rows.real(row, "p_value"),
        }
    }

    /// Bounds of each comparison, each kind once, however many analyses they stand beside.
    fn bounds(&self) -> Result<Vec<Robustness>, Failure> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        for row in self.rows.all() {
            let estimator = self.rows.text(row, "estimator");
            let is_lower = self.rows.text(row, "term") == "lower";
            if !is_lower || !BOUNDS.contains(&estimator.as_str()) {
                continue;
            }
            if !seen.insert((self.rows.key(row), estimator)) {
                continue;
            }
            let upper = self.term(row, "upper").and_then(|it| self.rows.real(it, "estimate"));
            let bounds = self.rows.real(row, "estimate").zip(upper);
            let Some((bounds, effect)) = bounds.zip(self.effect(row, false)?) else { continue };
            let effect = Effect {
                estimate: None,
                std_error: None,
                se_type: None,
                interval: None,
                p_value: None,
                p_randomization: None,
                ..effect
            };
            found.push(Robustness { effect, bounds: Some(bounds) });
        }
        Ok(found)
    }
}

/// Whether a re-run of the draw says something of this effect: of taking part it does not.
fn headline_like(effect: &Effect) -> bool {
    !["iv", "interaction"].contains(&effect.estimator.as_str())
}
