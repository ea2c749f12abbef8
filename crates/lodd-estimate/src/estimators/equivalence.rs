//! Two one-sided tests against a margin.

use super::difference_in_means::DifferenceInMeans;
use crate::distributions::{t_quantile, t_tail};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// Whether a difference in means lies within a margin.
#[derive(Debug)]
pub(super) struct Equivalence;

impl Estimator for Equivalence {
    fn name(&self) -> &'static str {
        "equivalence"
    }
    fn summary(&self) -> &'static str {
        "Two one-sided tests of whether a difference in means is smaller than a margin"
    }
    fn formula(&self) -> &'static str {
        "With d, its standard error and df from difference_in_means and margin m: lower tests d ≤ −m \
         by (d + m)/se, upper tests d ≥ m by (d − m)/se. joint: the larger of both p-values; its \
         interval has level 1 − 2·alpha, and lies within ±m where p < alpha."
    }
    fn assumptions(&self) -> &'static str {
        "As difference_in_means. The margin was fixed before the outcomes were seen. A large p of an \
         ordinary test says nothing of equivalence; a small p here does."
    }
    fn source(&self) -> &'static str {
        "Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15"
    }
    fn options(&self) -> &'static [&'static str] {
        &["margin", "block_variance"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            (
                "joint",
                "difference in means, with the larger p and the interval of level 1 − 2·alpha",
            ),
            ("lower", "one-sided test that the difference is at or below minus the margin"),
            ("upper", "one-sided test that the difference is at or above the margin"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        redraw: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let needed = EstimateError::NeedsOption { estimator: self.name(), option: "margin" };
        let margin = options.margin.ok_or(needed)?;
        let numbers = DifferenceInMeans.compute(sample, options, redraw)?;
        let base = numbers.into_iter().next().unwrap_or_default();
        let side = |term: &str, shift: f64, sign: f64| {
            let mut number = Number::of(sample, term);
            number.estimate = base.estimate;
            number.std_error = base.std_error;
            number.se_type = base.se_type;
            number.df = base.df;
            let t = base.estimate.zip(base.std_error).filter(|it| it.1 > 0.0);
            number.statistic = t.map(|(estimate, std_error)| (estimate + shift) / std_error);
            number.p_value =
                number.statistic.zip(base.df).and_then(|(t, df)| one_sided(sign * t, df));
            number.note("one-sided: the interval is that of joint");
            number
        };
        // H₀: d ≤ −m is rejected for large t, H₀: d ≥ m for small.
        let (lower, upper) = (side("lower", margin, 1.0), side("upper", -margin, -1.0));
        let mut joint = Number { term: "joint".to_owned(), ..base.clone() };
        joint.p_value = lower.p_value.zip(upper.p_value).map(|(a, b)| a.max(b));
        joint.statistic = None;
        joint.conf_low = None;
        joint.conf_high = None;
        if let (Some(at), Some(se), Some(df)) = (base.estimate, base.std_error, base.df) {
            let reach = t_quantile(options.alpha, df).map(|it| it * se);
            joint.conf_low = reach.map(|it| at - it);
            joint.conf_high = reach.map(|it| at + it);
        }
        joint.note(format!("margin {margin}; the interval has level 1 - 2 alpha"));
        Ok(vec![joint, lower, upper])
    }
}

/// P(T > t) for any t.
fn one_sided(t: f64, df: f64) -> Option<f64> {
    if t >= 0.0 { t_tail(t, df) } else { t_tail(-t, df).map(|it| 1.0 - it) }
}
