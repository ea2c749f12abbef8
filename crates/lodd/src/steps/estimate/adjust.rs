//! P-values adjusted within a family of hypotheses: the effects of one estimator on the family's
//! outcomes, at every horizon and of every arm.

use std::collections::BTreeMap;

use lodd_estimate::{
    Adjustment, Hypothesis, Options, Redraw, Sample, adjust, estimator, romano_wolf,
    westfall_young, westfall_young_by,
};

use super::{Run, rows::Estimate};
use crate::plan::adjust::{DIFFERENCES, takers, takes};

/// Tests several effects of one estimator together, over the draws of one design.
pub(super) trait Jointly {
    /// The adjusted p-values of the effects, each with its rows, in their order; else why there are
    /// none.
    fn test(
        &self,
        effects: &[(&Estimate, &Sample)],
        how: Adjustment,
    ) -> Result<Vec<Option<f64>>, String>;
}

/// The families of a plan, and how they are adjusted.
pub(super) struct Families<'f> {
    /// The family of each outcome that has one.
    pub(super) of: &'f BTreeMap<String, String>,
    pub(super) adjust: &'f [Adjustment],
    pub(super) joint: &'f (dyn Jointly + Sync),
}

/// A family's effects by one estimator, as places among the rows.
type Members = Vec<usize>;

impl Families<'_> {
    /// Adjusts the effects of each family. The plan's first way stands in the effect's own row; each
    /// other way has a row of its own after it, the same number once more.
    pub(super) fn adjust(&self, rows: &mut Vec<Estimate>) {
        let mut families: BTreeMap<(&String, &str), Members> = BTreeMap::new();
        for (at, row) in rows.iter().enumerate().filter(|(_, it)| it.is_effect()) {
            if let Some(family) = self.of.get(&row.outcome) {
                let estimator = row.analysis.method.known().map_or("", |it| it.name());
                families.entry((family, estimator)).or_default().push(at);
            }
        }
        let mut found: BTreeMap<usize, Vec<Adjusted>> = BTreeMap::new();
        for ((_, estimator), members) in &families {
            for how in self.adjust {
                let adjusted = self.adjusted(rows, (estimator, members), *how);
                for (at, p) in members.iter().zip(adjusted) {
                    let (how, size) = (how.name(), members.len());
                    found.entry(*at).or_default().push(Adjusted { how, size, p });
                }
            }
        }
        let old = std::mem::take(rows);
        for (at, row) in old.into_iter().enumerate() {
            let own = found.remove(&at).unwrap_or_default();
            if own.is_empty() {
                rows.push(row);
                continue;
            }
            rows.extend(own.into_iter().enumerate().map(|(order, it)| it.row(&row, order > 0)));
        }
    }

    /// The adjusted p-value of each member.
    fn adjusted(
        &self,
        rows: &[Estimate],
        (estimator, members): (&str, &Members),
        how: Adjustment,
    ) -> Vec<Result<Option<f64>, String>> {
        let row = |at: &usize| rows.get(*at);
        if !how.needs_draws() {
            let p: Vec<Option<f64>> =
                members.iter().map(|at| row(at).and_then(|it| it.number.p_value)).collect();
            return adjust(&p, p.len(), how).into_iter().map(Ok).collect();
        }
        let none = |why: String| members.iter().map(|_| Err(why.clone())).collect();
        if !takes(how, estimator) {
            return none(format!("only of {}", takers(how)));
        }
        let effects: Option<Vec<(&Estimate, &Sample)>> = members
            .iter()
            .map(|at| row(at).and_then(|it| Some((it, it.sample.as_deref()?))))
            .collect();
        let Some(effects) = effects else {
            return none("an outcome of the family is missing in an arm".to_owned());
        };
        match self.joint.test(&effects, how) {
            Ok(adjusted) => adjusted.into_iter().map(Ok).collect(),
            Err(why) => none(why),
        }
    }
}

/// One adjustment of one effect.
struct Adjusted {
    how: &'static str,
    /// Hypotheses of the family.
    size: usize,
    p: Result<Option<f64>, String>,
}

impl Adjusted {
    fn row(self, effect: &Estimate, repeats: bool) -> Estimate {
        let mut row = Estimate { repeats, ..effect.clone() };
        let Self { how, size, p } = self;
        row.adjustment = Some(how);
        match p {
            Ok(Some(p)) => {
                row.p_adjusted = Some(p);
                row.note(&format!("{how} over {size} hypotheses: {p:.5}"));
            }
            Ok(None) => row.note(&format!("{how}: no p-value to adjust")),
            Err(why) => row.note(&format!("{how}: {why}")),
        }
        row
    }
}

impl Jointly for Run<'_> {
    fn test(
        &self,
        effects: &[(&Estimate, &Sample)],
        how: Adjustment,
    ) -> Result<Vec<Option<f64>>, String> {
        let Some((first, _)) = effects.first() else { return Ok(Vec::new()) };
        let seed = self.plan.seed.unwrap_or_default();
        let options = |it: &Estimate| self.options(&it.analysis, &it.arm);
        let draws = |it: &Estimate| (self.drawn.compared(&it.analysis), it.analysis.replay.clone());
        if how == Adjustment::RomanoWolf {
            let samples: Vec<Sample> = effects.iter().map(|it| it.1.clone()).collect();
            return romano_wolf(&samples, &options(first)).map_err(|error| error.to_string());
        }
        if effects.iter().any(|(it, _)| draws(it) != draws(first)) {
            return Err("the hypotheses are not all of the same draws".to_owned());
        }
        let again = self.drawn.redraws(&first.analysis, seed).map_err(|why| why.en)?;
        let redraw = |it: &Estimate| {
            let arms = (it.arm.as_str(), self.control(&it.analysis));
            self.drawn.redraw(&it.analysis, &again, arms).ok_or("the draw can't be re-run")
        };
        if DIFFERENCES.contains(&first.analysis.method.estimator.as_str()) {
            if effects.iter().any(|(it, _)| it.arm != first.arm) {
                return Err("the hypotheses are not all of one arm".to_owned());
            }
            let samples: Vec<Sample> = effects.iter().map(|it| it.1.clone()).collect();
            return westfall_young(&samples, &options(first), redraw(first)?)
                .map(|it| it.adjusted)
                .map_err(|error| error.to_string());
        }
        reestimated(effects, &options, &redraw)
    }
}

/// Re-draws in which each effect is computed again, at most.
const REPLICATES: u64 = 2_000;

/// The adjusted p-values by computing each effect again under each re-draw.
pub(super) fn reestimated<'r>(
    effects: &[(&Estimate, &Sample)],
    options: &dyn Fn(&Estimate) -> Options,
    redraw: &dyn Fn(&Estimate) -> Result<Redraw<'r>, &'static str>,
) -> Result<Vec<Option<f64>>, String> {
    let Some(name) = effects.first().map(|it| it.0.analysis.method.estimator.as_str()) else {
        return Ok(Vec::new());
    };
    let estimator = estimator(name).ok_or("there is no such estimator")?;
    let fewer = |it: Options| Options { replicates: it.replicates.min(REPLICATES), ..it };
    let all: Vec<Options> = effects.iter().map(|it| fewer(options(it.0))).collect();
    let hypotheses: Result<Vec<Hypothesis<'_>>, &str> = effects
        .iter()
        .zip(&all)
        .map(|((it, sample), options)| Ok(Hypothesis { sample, options, redraw: redraw(it)? }))
        .collect();
    westfall_young_by(estimator, &hypotheses?).map_err(|error| error.to_string())
}
