//! What a reader must know of an effect that was found: how likely the design was to find a
//! plausible one, and whether the effect can be told from the person who gave it.

use std::collections::BTreeSet;

use lodd_estimate::{
    Measure, Number, Options, OutcomeKind, Role, Sample, estimator, intraclass,
    power::{Power, power_of},
};

use super::{Run, sample::Drawn};
use crate::plan::{Analysis, Method};

/// Below this power, what is significant is exaggerated on average.
const LOW_POWER: f64 = 0.5;

/// What is said of a significant effect of a design with little power at the plausible effect.
pub(super) fn low_power(
    number: &Number,
    analysis: &Analysis,
    (sample, options): (Option<&Sample>, &Options),
) -> Option<String> {
    let plausible = analysis.plausible_effect?;
    number.p_value.filter(|it| *it < options.alpha)?;
    let difference = analysis.method.known()?.measure() == Measure::Difference;
    let own = number.std_error.zip(number.df).filter(|_| difference);
    let (std_error, df) = if let Some(own) = own {
        own
    } else {
        let plain = estimator("difference_in_means")?.estimate(sample?, options, None).ok()?;
        let first = plain.first()?;
        first.std_error.zip(first.df)?
    };
    let power = power_of(plausible, (std_error, df), options.alpha)?;
    (power < LOW_POWER).then(|| {
        format!(
            "a design that finds an effect of {plausible} with probability {power:.2} only: \
             significant estimates of such designs are exaggerated on average"
        )
    })
}

/// The power at which an effect counts as one that could be detected.
const DETECTED: f64 = 0.8;

/// The intra-cluster correlation of a row's sample, with the interval as a number of its own.
pub(super) fn correlation(sample: &Sample, method: &Method, alpha: f64) -> Option<Number> {
    let it = intraclass(sample, alpha).filter(|_| is_numeric(method))?;
    Some(it.number(sample))
}

/// The smallest difference that such a comparison finds in four of five trials, by the formula of
/// `lodd power`, from its sizes and its controls only.
pub(super) fn detectable(sample: &Sample, method: &Method, alpha: f64) -> Option<f64> {
    let difference = method.known()?.measure() == Measure::Difference && is_numeric(method);
    let power = Power::of(sample, alpha).filter(|_| difference)?;
    power.detectable(DETECTED).ok().flatten()
}

fn is_numeric(method: &Method) -> bool {
    let numeric = [OutcomeKind::Number, OutcomeKind::Binary];
    let several = method.takes(Role::Period.key()) || method.takes(Role::Part.key());
    method.known().is_some_and(|it| numeric.contains(&it.outcome())) && !several
}

impl Run<'_> {
    /// What is said where one coordinator followed up all of an arm.
    pub(super) fn one_coordinator(&self, analysis: &Analysis, arm: &str) -> Option<String> {
        let numbers = self.drawn.compared(analysis);
        let families: BTreeSet<&str> = in_arm(self.drawn, &numbers, arm);
        let told = self.facts.coordinators().filter(|(family, _)| families.contains(family));
        let coordinators: BTreeSet<&str> = told.map(|it| it.1).collect();
        let one = coordinators.len() == 1;
        one.then(|| {
            format!(
                "one coordinator followed up all of `{arm}`: effect and person can't be told apart"
            )
        })
    }
}

fn in_arm<'d>(drawn: &'d Drawn, numbers: &[i64], arm: &str) -> BTreeSet<&'d str> {
    let rows = drawn.rows(numbers).filter(|(_, row)| row.arm == arm);
    rows.map(|(_, row)| row.unit_id.as_str()).collect()
}
