//! P-values adjusted within a family of hypotheses: the effects of one estimator on the family's
//! outcomes, at every horizon and of every arm.

use std::collections::BTreeMap;

use lodd_estimate::{Adjustment, Sample, adjust, romano_wolf, westfall_young};

use super::{Run, rows::Estimate};

/// Tests several outcomes together, over the draws of one design.
pub(super) trait Jointly {
    /// The adjusted p-values of samples of one arm, in their order; else why there are none.
    fn test(
        &self,
        samples: &[Sample],
        of: &Estimate,
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
    /// Adjusts the effects of each family. The plan's first way stands in the row's own columns,
    /// the others in its note.
    pub(super) fn adjust(&self, rows: &mut [Estimate]) {
        let mut families: BTreeMap<(&String, &str), Members> = BTreeMap::new();
        for (at, row) in rows.iter().enumerate().filter(|(_, it)| it.is_effect()) {
            if let Some(family) = self.of.get(&row.outcome) {
                let estimator = row.analysis.method.known().map_or("", |it| it.name());
                families.entry((family, estimator)).or_default().push(at);
            }
        }
        for ((_, estimator), members) in &families {
            for (order, how) in self.adjust.iter().enumerate() {
                let adjusted = self.adjusted(rows, (estimator, members), *how);
                for (at, p) in members.iter().zip(adjusted) {
                    let Some(row) = rows.get_mut(*at) else { continue };
                    let (name, size) = (how.name(), members.len());
                    match p {
                        Ok(Some(p)) => {
                            if order == 0 {
                                (row.p_adjusted, row.adjustment) = (Some(p), Some(name));
                            }
                            row.note(&format!("{name} over {size} hypotheses: {p:.5}"));
                        }
                        Ok(None) => row.note(&format!("{name}: no p-value to adjust")),
                        Err(why) => row.note(&format!("{name}: {why}")),
                    }
                }
            }
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
        let takes: &[&str] = match how {
            Adjustment::WestfallYoung => &["difference_in_means", "randomization_test"],
            Adjustment::RomanoWolf => &["lm_robust", "wild_bootstrap"],
            _ => {
                let p: Vec<Option<f64>> =
                    members.iter().map(|at| row(at).and_then(|it| it.number.p_value)).collect();
                return adjust(&p, p.len(), how).into_iter().map(Ok).collect();
            }
        };
        if !takes.contains(&estimator) {
            let why = format!("only of {}", takes.join(" and "));
            return members.iter().map(|_| Err(why.clone())).collect();
        }
        let first = members.first().and_then(row);
        let alike = |it: &Estimate| {
            first.is_some_and(|a| a.arm == it.arm && a.analysis.draws == it.analysis.draws)
        };
        let several = members.iter().filter_map(row).any(|it| !alike(it));
        let samples: Option<Vec<Sample>> =
            members.iter().map(|at| row(at).and_then(|it| it.sample.as_deref()).cloned()).collect();
        let (Some(samples), Some(first), false) = (samples, first, several) else {
            let why =
                "the hypotheses are not all of one arm and one draw with outcomes in both arms";
            return members.iter().map(|_| Err(why.to_owned())).collect();
        };
        match self.joint.test(&samples, first, how) {
            Ok(adjusted) => adjusted.into_iter().map(Ok).collect(),
            Err(why) => members.iter().map(|_| Err(why.clone())).collect(),
        }
    }
}

impl Jointly for Run<'_> {
    fn test(
        &self,
        samples: &[Sample],
        of: &Estimate,
        how: Adjustment,
    ) -> Result<Vec<Option<f64>>, String> {
        let options = self.options(&of.analysis, &of.arm);
        if how == Adjustment::RomanoWolf {
            return romano_wolf(samples, &options).map_err(|error| error.to_string());
        }
        let draws = &of.analysis.draws;
        let again =
            self.drawn.redraws(draws, self.plan.seed.unwrap_or_default()).map_err(|why| why.en)?;
        let arms = (of.arm.as_str(), self.protocol.draw.control());
        let redraw = self.drawn.redraw(draws, &again, arms).ok_or("the draw can't be re-run")?;
        westfall_young(samples, &options, redraw)
            .map(|it| it.adjusted)
            .map_err(|error| error.to_string())
    }
}
