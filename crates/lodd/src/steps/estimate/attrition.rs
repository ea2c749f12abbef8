//! What stands beside each intention-to-treat effect: response by arm, worst-case bounds, and Lee's
//! bounds where an arm has 30 observed or more.

use lodd_estimate::{Number, Options, OutcomeKind, Role, estimator};
use lodd_panel::outcomes::{Outcome, ValueKind};

use super::{
    Analysis,
    comparison::{Asked, Comparison},
    sample::Measured,
};
use crate::{
    plan::{Contrast, Method, Population},
    text::Text,
};

/// Observed of each arm that Lee's bounds need.
const FEW: u64 = 30;

/// The share missing in an arm, and the difference between the arms, above which the effect's note
/// says so.
const MISSING_MOST: f64 = 0.2;
const APART_MOST: f64 = 0.1;

/// Estimators that are about attrition themselves.
const OWN: [&str; 4] = ["lee_bounds", "manski_bounds", "ipw", "multiple_imputation"];

/// The terms that stand without bounds too.
const RESPONSE: [&str; 2] = ["response_treated", "response_control"];

/// What stands beside the effects of an analysis.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// Each with its analysis, of one horizon and by its own estimator.
    pub(super) numbers: Vec<(Analysis, Number)>,
    /// What the effect's own note says.
    pub(super) stamps: Vec<String>,
}

/// What was found of the missing at one horizon.
#[derive(Debug, Default)]
struct Attrition {
    /// Each with the estimator that it is by.
    numbers: Vec<(&'static str, Number)>,
    stamp: Option<String>,
}

/// An outcome with what is known of units.
type Known<'o> = (&'o Outcome, Vec<Measured<'o>>);

/// Response and bounds at each horizon of an analysis; nothing beside one that is no
/// intention-to-treat comparison of outcomes, or is about attrition itself.
pub(super) fn beside(
    asked: &Asked<'_>,
    outcomes: &[Known<'_>],
    options: &Options,
) -> Result<Beside, Text> {
    let mut all = Beside::default();
    let Some((first, _)) = outcomes.first().filter(|_| is_itt(asked.analysis)) else {
        return Ok(all);
    };
    for horizon in &asked.analysis.horizons {
        let measured = at_horizon(outcomes, horizon);
        let analysis = Analysis { horizons: vec![horizon.clone()], ..asked.analysis.clone() };
        let comparison = Comparison::new(&measured, &Asked { analysis: &analysis, ..*asked })?;
        let found = of(&comparison, (first, &analysis), options)?;
        all.numbers.extend(found.numbers.into_iter().map(|(estimator, number)| {
            let mut analysis = analysis.clone();
            estimator.clone_into(&mut analysis.method.estimator);
            (analysis, number)
        }));
        all.stamps.extend(found.stamp);
    }
    all.stamps.dedup();
    Ok(all)
}

fn at_horizon<'o>(outcomes: &[Known<'o>], horizon: &str) -> Vec<Known<'o>> {
    let at =
        |all: &[Measured<'o>]| all.iter().filter(|it| it.horizon == horizon).copied().collect();
    outcomes.iter().map(|(outcome, all)| (*outcome, at(all))).collect()
}

fn is_itt(analysis: &Analysis) -> bool {
    let itt = analysis.contrast != Contrast::EverOffer && analysis.population == Population::Drawn;
    itt && !OWN.contains(&analysis.method.estimator.as_str())
}

/// Response and bounds of the rows of an analysis, those with a missing outcome among them.
fn of(
    comparison: &Comparison,
    (outcome, analysis): (&Outcome, &Analysis),
    options: &Options,
) -> Result<Attrition, Text> {
    let known = support(outcome, analysis);
    let numeric = analysis
        .method
        .known()
        .is_some_and(|it| matches!(it.outcome(), OutcomeKind::Number | OutcomeKind::Binary));
    let one = !analysis.method.takes(Role::Part.key());
    let bounded = numeric && one && analysis.contrast != Contrast::ModelByFollowUp;
    let run = |name: &'static str, support: Option<(f64, f64)>| -> Result<Vec<Number>, Text> {
        let method = Method { estimator: name.to_owned(), ..Method::default() };
        let Some(made) = comparison.with_missing(method)? else { return Ok(Vec::new()) };
        let options = Options { support, ..options.clone() };
        let numbers = estimator(name).map(|it| it.estimate(&made.sample, &options, None));
        numbers.transpose().map(Option::unwrap_or_default).map_err(|error| made.explain(&error))
    };
    let lee = run("lee_bounds", None)?;
    let response: Vec<Number> =
        lee.iter().filter(|it| RESPONSE.contains(&it.term.as_str())).cloned().collect();
    let mut found = Attrition { numbers: Vec::new(), stamp: stamp(&response) };
    let observed = |it: &Number, n: u64| it.estimate.unwrap_or_default() * n as f64;
    let enough = match response.as_slice() {
        [treated, control] => {
            observed(treated, treated.n_treated).min(observed(control, control.n_control)) + 0.5
                >= FEW as f64
        }
        _ => false,
    };
    if let Some(support) = known.filter(|_| bounded) {
        let all = run("manski_bounds", Some(support))?;
        found.numbers.extend(all.into_iter().map(|it| ("manski_bounds", it)));
    }
    if bounded && enough {
        found.numbers.extend(lee.into_iter().map(|it| ("lee_bounds", it)));
    } else if found.numbers.is_empty() {
        found.numbers.extend(response.into_iter().map(|it| ("lee_bounds", it)));
    }
    if comparison.is_clustered() {
        found.numbers.retain(|(_, it)| it.term != "imbens_manski");
        for (_, it) in &mut found.numbers {
            without_inference(it);
        }
    }
    if let Some((_, first)) = found.numbers.first_mut() {
        for why in whys((known.is_some(), bounded, enough), analysis) {
            first.note = Some(first.note.take().map_or(why.clone(), |it| format!("{it}; {why}")));
        }
    }
    Ok(found)
}

/// Bounds that are not there, and why.
fn whys((known, bounded, enough): (bool, bool, bool), analysis: &Analysis) -> Vec<String> {
    let mut whys = Vec::new();
    if analysis.contrast == Contrast::ModelByFollowUp {
        whys.push(
            "units of both arms of offices; no bounds of a difference of differences".to_owned(),
        );
    } else if analysis.method.takes(Role::Part.key()) {
        whys.push("units with any of the outcomes; no bounds of an index".to_owned());
    } else if !bounded {
        whys.push("no bounds: the outcome is no number".to_owned());
    } else {
        if !known {
            whys.push("no worst-case bounds: the outcome has no known range".to_owned());
        }
        if !enough {
            whys.push(format!("no Lee bounds: fewer than {FEW} observed in an arm"));
        }
    }
    whys
}

/// The range that an outcome can't leave.
fn support(outcome: &Outcome, analysis: &Analysis) -> Option<(f64, f64)> {
    match outcome.value_kind() {
        ValueKind::YesNo | ValueKind::Share => Some((0.0, 1.0)),
        ValueKind::Months => {
            let months: u32 = analysis.horizons.first()?.parse().ok()?;
            (months > 0).then_some((0.0, f64::from(months)))
        }
        _ => None,
    }
}

/// What the effect's note says where many are missing, or more in one arm.
fn stamp(response: &[Number]) -> Option<String> {
    let shares: Vec<f64> = response.iter().filter_map(|it| it.estimate).collect();
    let [treated, control] = shares.as_slice() else { return None };
    let many = treated.min(*control) < 1.0 - MISSING_MOST - 1e-12;
    let apart = (treated - control).abs() > APART_MOST + 1e-12;
    (many || apart).then(|| {
        format!(
            "attrition: {:.1} % of the treated and {:.1} % of the controls have an outcome; read \
             this with the bounds beside it",
            treated * 100.0,
            control * 100.0
        )
    })
}

/// Rows of a cluster are no independent draws.
fn without_inference(number: &mut Number) {
    if number.std_error.is_none() {
        return;
    }
    (number.std_error, number.statistic, number.df) = (None, None, None);
    (number.p_value, number.conf_low, number.conf_high) = (None, None, None);
    number.se_type = None;
    let why = "rows are clustered: no standard error";
    number.note = Some(number.note.take().map_or(why.to_owned(), |it| format!("{it}; {why}")));
}
