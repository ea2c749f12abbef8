//! Lee's bounds.

use std::collections::BTreeMap;

use super::refusals::{refuse_clusters, unequal_shares};
use crate::attrition::{Bounds, Observed};
use crate::{EstimateError, Estimator, Measure, Number, Options, Redraw, Role, Sample};

/// Bounds for those whose outcome is seen in either arm.
#[derive(Debug)]
pub(super) struct LeeBounds;

/// Below this many observed rows an arm, the normal approximation is said to be rough.
const FEW_ROWS: usize = 30;

impl Estimator for LeeBounds {
    fn name(&self) -> &'static str {
        "lee_bounds"
    }
    fn summary(&self) -> &'static str {
        "Lee's bounds on the effect when one arm is observed more often than the other"
    }
    fn formula(&self) -> &'static str {
        "q = (r_a − r_b)/r_a with r the share observed and a the arm with more. Of a's outcomes the \
         largest or the smallest share q is left out, a row at the cutoff in part; bounds are the \
         differences of means. Standard errors: Lee's proposition 3, with the variance of q. \
         imbens_manski: L − c·se_L to U + c·se_U, Φ(c + (U − L)/max se) − Φ(−c) = 1 − alpha. \
         tightened_by: within cells, averaged by the rows observed in b."
    }
    fn assumptions(&self) -> &'static str {
        "Treatment was drawn at random, and being treated makes nobody less likely to be observed, or \
         nobody more likely, within each cell. The bounds are for those observed in either arm."
    }
    fn source(&self) -> &'static str {
        "Lee (2009), Review of Economic Studies 76; Imbens and Manski (2004), Econometrica 72"
    }
    fn measure(&self) -> Measure {
        Measure::Other
    }
    fn needs(&self) -> &'static [&'static str] {
        &["observed"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["observed", "tightened_by"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("lower", "the smallest effect that the data leave possible"),
            ("upper", "the largest"),
            ("imbens_manski", "interval that holds the effect with probability 1 − alpha"),
            ("trim_share", "share of the observed that is left out of the arm with more"),
            ("response_treated", "share of the treated that is observed"),
            ("response_control", "share of the controls that is observed"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        let [treated, control] = arms(sample, |_| true);
        let mut first = Number::of(sample, "lower");
        if let Some(note) = unequal_shares(sample) {
            first.note(note);
        }
        if treated.outcomes.len().min(control.outcomes.len()) < FEW_ROWS {
            first.note("fewer than 30 observed in an arm: the standard errors are rough");
        }
        let bounds = match cells(sample).as_slice() {
            [] => Bounds::lee(&treated, &control).ok_or_else(|| NOBODY.to_owned()),
            cells => tightened(sample, cells, treated.response() >= control.response()),
        };
        let mut numbers = bounded(first, sample, options, bounds);
        let (one, zero) = (treated.response(), control.response());
        let more = one.max(zero);
        let rest = [
            ("trim_share", if more > 0.0 { 1.0 - one.min(zero) / more } else { 0.0 }),
            ("response_treated", one),
            ("response_control", zero),
        ];
        numbers.extend(rest.map(|(term, it)| Number::of(sample, term).describe(it, None)));
        Ok(numbers)
    }
}

const NOBODY: &str = "nobody is observed in an arm: no bounds";

/// Rows of `lower`, `upper` and `imbens_manski`; without bounds each says why.
pub(super) fn bounded(
    first: Number,
    sample: &Sample,
    options: &Options,
    bounds: Result<Bounds, String>,
) -> Vec<Number> {
    let rest = ["upper", "imbens_manski"].map(|term| Number::of(sample, term));
    let mut numbers: Vec<Number> = [first].into_iter().chain(rest).collect();
    let it = match bounds {
        Ok(it) => it,
        Err(why) => {
            for it in &mut numbers {
                it.note(&why);
            }
            return numbers;
        }
    };
    let ends = [it.lower, it.upper];
    let mut done: Vec<Number> = numbers
        .drain(..2)
        .zip(ends)
        .map(|(number, bound)| {
            number.infer_normal(bound.at, Some(bound.std_error), "lee", options.alpha)
        })
        .collect();
    let (low, high) = it.interval(options.alpha);
    for mut number in numbers {
        number.conf_low = Some(low);
        number.conf_high = Some(high);
        number.note("the interval of the effect, which has no point estimate");
        done.push(number);
    }
    done
}

/// Whether each row is observed.
pub(super) fn is_observed(sample: &Sample) -> Vec<bool> {
    let values = sample.column(Role::Observed).map(|it| it.values.as_slice());
    values.unwrap_or_default().iter().map(|it| *it > 0.5).collect()
}

/// Both arms of the rows that `keep` holds for, the treated first.
pub(super) fn arms(sample: &Sample, keep: impl Fn(usize) -> bool) -> [Observed; 2] {
    let observed = is_observed(sample);
    [true, false].map(|arm| {
        let rows = sample.treated.iter().enumerate().filter(|(at, it)| **it == arm && keep(*at));
        let rows: Vec<usize> = rows.map(|it| it.0).collect();
        let seen = rows.iter().filter(|at| observed.get(**at) == Some(&true));
        Observed::new(seen.filter_map(|at| sample.y.get(*at).copied()).collect(), rows.len())
    })
}

/// The rows of each cell of the columns of `tightened_by`, with its labels; none without columns.
fn cells(sample: &Sample) -> Vec<(String, Vec<usize>)> {
    let mut cells: BTreeMap<Vec<usize>, (String, Vec<usize>)> = BTreeMap::new();
    if sample.column(Role::TightenedBy).is_none() {
        return Vec::new();
    }
    for row in 0..sample.n() {
        let codes: Vec<usize> = sample.columns(Role::TightenedBy).map(|it| it.code(row)).collect();
        let label = || {
            let levels =
                sample.columns(Role::TightenedBy).filter_map(|it| it.levels.get(it.code(row)));
            levels.cloned().collect::<Vec<_>>().join(", ")
        };
        cells.entry(codes).or_insert_with(|| (label(), Vec::new())).1.push(row);
    }
    cells.into_values().collect()
}

fn tightened(
    sample: &Sample,
    cells: &[(String, Vec<usize>)],
    trims_treated: bool,
) -> Result<Bounds, String> {
    let bounds = cells.iter().map(|(label, rows)| {
        let [treated, control] = arms(sample, |row| rows.binary_search(&row).is_ok());
        let other = if trims_treated { &control } else { &treated };
        let weight = other.outcomes.len() as f64;
        Bounds::trimming(&treated, &control, trims_treated).map(|it| (weight, it)).ok_or_else(|| {
            format!(
                "no bounds: in cell `{label}` of tightened_by nobody is observed in an arm, or the arm \
                 that is observed more often elsewhere is observed less often"
            )
        })
    });
    bounds.collect::<Result<Vec<_>, String>>().map(|it| Bounds::averaged(&it))
}
