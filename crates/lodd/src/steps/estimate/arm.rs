//! One treated arm of an analysis against its control: the numbers, what stands beside them, and
//! what a reader must know.

use std::sync::Arc;

use lodd_estimate::{Estimator, Number, Sample};
use lodd_panel::outcomes::Outcome;
use lodd_store::pilot::{DrawnKind, Origin};

use super::{
    Run,
    arrays::NoSample,
    attrition,
    checks::EXPLORATORY,
    comparison::{Asked, Comparison},
    offered::certain_note,
    offers::Lists,
    plausible,
    rows::Estimate,
    sample::Measured,
};
use crate::{
    plan::{Analysis, Contrast, Population},
    text::{Text, say},
};

/// What the rows of one arm have in common.
struct Told<'t> {
    comparison: &'t Comparison,
    lists: Option<&'t Lists>,
    arm: &'t str,
    sample: Option<Arc<Sample>>,
    /// Intra-cluster correlation, and the smallest effect that could be detected.
    of_sample: Option<(Option<f64>, Option<f64>)>,
}

impl Run<'_> {
    /// The numbers of one treated arm, and of what is missing of it.
    pub(super) fn arm(
        &self,
        analysis: &Analysis,
        (outcomes, lists): (&[(&Outcome, Vec<Measured<'_>>)], Option<&Lists>),
        arm: &str,
    ) -> Result<Vec<Estimate>, Text> {
        let asked = Asked {
            drawn: self.drawn,
            facts: self.facts,
            analysis,
            lists,
            arms: (arm, self.control(analysis)),
            undrawn: self.protocol.draw.control(),
        };
        let comparison = match outcomes {
            [] => Comparison::of_all(&asked),
            outcomes => Comparison::new(outcomes, &asked),
        }?;
        let (mut numbers, sample) = self.estimate(analysis, &comparison, arm)?;
        let options = self.options(analysis, arm);
        let beside = attrition::beside(&asked, outcomes, &options)?;
        if let Some(effect) = numbers.first_mut() {
            let power = plausible::low_power(effect, analysis, (sample.as_deref(), &options));
            let coordinator = self.one_coordinator(analysis, arm);
            note(effect, beside.stamps.into_iter().chain(power).chain(coordinator));
        }
        let (method, alpha) = (&analysis.method, options.alpha);
        let correlation =
            sample.as_deref().and_then(|it| plausible::correlation(it, method, alpha));
        let of_sample = sample.as_deref().map(|it| {
            let icc = correlation.as_ref().and_then(|it| it.estimate);
            (icc, plausible::detectable(it, method, alpha))
        });
        let own = numbers.into_iter().chain(correlation).map(|it| (analysis.clone(), it));
        let told = Told { comparison: &comparison, lists, arm, sample, of_sample };
        let outcomes: Vec<&Outcome> = outcomes.iter().map(|(it, _)| *it).collect();
        Ok(own
            .chain(beside.numbers)
            .map(|(of, number)| self.row(of, &outcomes, (&told, number)))
            .collect())
    }

    /// A row of the table.
    fn row(
        &self,
        analysis: Analysis,
        outcomes: &[&Outcome],
        (told, number): (&Told<'_>, Number),
    ) -> Estimate {
        let names: Vec<&str> = outcomes.iter().map(|it| it.id.as_ref()).collect();
        let version = match outcomes {
            [one] => Some(one.version),
            _ => None,
        };
        let is_effect = number.term == told.arm;
        let of_effect = told.of_sample.filter(|_| is_effect);
        Estimate {
            outcome: match names.as_slice() {
                [] => analysis.method.estimator.clone(),
                names => names.join("+"),
            },
            outcome_version: version,
            unit: outcomes.first().map(|it| it.unit.code()),
            arm: told.arm.to_owned(),
            contrast: Some(analysis.contrast.code()),
            origin: Some(self.drawn.origin(&analysis.draws).code()),
            status: self.status_of(&analysis),
            n_drawn: told.comparison.n_drawn,
            share_control_offered: self.share_offered(&analysis),
            icc: of_effect.and_then(|it| it.0),
            mde: of_effect.and_then(|it| it.1),
            cut_us: Some(self.built.cut_us),
            redrawn: None,
            p_adjusted: None,
            adjustment: None,
            repeats: false,
            sample: told.sample.clone().filter(|_| is_effect),
            number: self.with_notes(number, told.comparison, &analysis, told.lists),
            analysis,
        }
    }

    /// What the draw did not make is never confirmatory.
    fn status_of(&self, analysis: &Analysis) -> &'static str {
        let confirmatory = self.status != "interim" && analysis.population != Population::Drawn;
        if confirmatory { EXPLORATORY } else { self.status }
    }

    /// The arm that an analysis compares with.
    pub(super) fn control(&self, analysis: &Analysis) -> &str {
        match &self.protocol.draw.offices {
            Some(offices) if analysis.contrast.is_of_offices() => offices.control(),
            _ => self.protocol.draw.control(),
        }
    }

    /// The share of families not drawn that were offered a place later; none where all compared were
    /// drawn.
    fn share_offered(&self, analysis: &Analysis) -> Option<f64> {
        let families = self.drawn.rows(&analysis.draws);
        let families = families.filter(|(_, row)| row.unit_kind == DrawnKind::Family);
        let compared = analysis.contrast != Contrast::Model;
        self.offered.share(families, self.protocol.draw.control()).filter(|_| compared)
    }

    fn estimate(
        &self,
        analysis: &Analysis,
        comparison: &Comparison,
        arm: &str,
    ) -> Result<(Vec<Number>, Option<Arc<Sample>>), Text> {
        let estimator =
            analysis.method.known().ok_or_else(|| Text::same("there is no such estimator"))?;
        let made = match comparison.sample() {
            Ok(made) => made,
            Err(NoSample::EmptyArm { treated, control, why }) => {
                return Ok((vec![nothing_to_compare(arm, (treated, control), &why)], None));
            }
            Err(NoSample::Wrong(wrong)) => return Err(wrong.words()),
            Err(NoSample::Because(why)) => return Err(why),
        };
        let options = self.options(analysis, arm);
        let again = || self.drawn.redraws(analysis, self.plan.seed.unwrap_or_default());
        let again = match estimator.needs_redraw() {
            true => Some(again()?),
            // Where the draw can't be made again, another variance is taken.
            false if analysis.method.takes("block_variance") => again().ok(),
            false => None,
        };
        let arms = (arm, self.control(analysis));
        let redraw = again.as_ref().and_then(|it| self.drawn.redraw(analysis, it, arms));
        let numbers = estimator.estimate(&made.sample, &options, redraw);
        let mut numbers = numbers.map_err(|error| made.explain(&error))?;
        if let Some(first) = numbers.first_mut() {
            let parts = first.note.take().into_iter().chain(made.notes.iter().cloned());
            first.note = Some(parts.collect::<Vec<_>>().join("; ")).filter(|it| !it.is_empty());
        }
        Ok((numbers, Some(Arc::new(made.sample))))
    }

    fn with_notes(
        &self,
        mut number: Number,
        comparison: &Comparison,
        analysis: &Analysis,
        lists: Option<&Lists>,
    ) -> Number {
        let origin = self.drawn.origin(&analysis.draws);
        let mut parts: Vec<String> = number.note.take().into_iter().collect();
        parts.extend(lists.map(Lists::note));
        parts.extend(comparison.notes.iter().cloned());
        if analysis.population != Population::Drawn {
            parts.insert(0, not_randomised().get(self.context.lang).to_owned());
        }
        if comparison.n_not_applicable > 0 {
            parts.push(format!(
                "{} units to whom the outcome does not apply are left out",
                comparison.n_not_applicable
            ));
        }
        parts.extend(certain_note(self.drawn.rows(&analysis.draws)));
        parts.extend(self.drawn.struck_note(&analysis.draws));
        let redrawn = analysis.method.known().is_some_and(Estimator::needs_redraw);
        if origin == Origin::Imported && (redrawn || number.se_type == Some("replay")) {
            parts.push(
                "not drawn here: fixed seats in each block are assumed of somebody else's draw"
                    .to_owned(),
            );
        }
        if self.exploratory && self.status == "interim" {
            parts.push("exploratory: this plan was not the first one locked".to_owned());
        }
        number.note = (!parts.is_empty()).then(|| parts.join("; "));
        number
    }
}

/// The stamp of a comparison that no draw made.
pub(in crate::steps) fn not_randomised() -> Text {
    say!(
        "ikke en randomisert sammenligning",
        nn "ikkje ei randomisert samanlikning",
        "not a randomised comparison"
    )
}

/// Adds parts to a number's note.
fn note(number: &mut Number, parts: impl IntoIterator<Item = String>) {
    let all: Vec<String> = number.note.take().into_iter().chain(parts).collect();
    number.note = (!all.is_empty()).then(|| all.join("; "));
}

/// A row that says why there is no number.
pub(super) fn nothing_to_compare(
    arm: &str,
    (treated, control): (usize, usize),
    why: &str,
) -> Number {
    Number {
        term: arm.to_owned(),
        n: (treated + control) as u64,
        n_treated: treated as u64,
        n_control: control as u64,
        note: Some(why.to_owned()),
        ..Number::default()
    }
}
