//! The log-rank test.

use super::refusals::refuse_clusters;
use crate::survival::Times;
use crate::survival::log_rank::LogRank;
use crate::{EstimateError, Estimator, Measure, Number, Options, OutcomeKind, Redraw, Sample};

/// Whether the hazards of both arms are the same.
#[derive(Debug)]
pub(super) struct Logrank;

/// Below this many expected events in an arm the chi-square approximation is said to be rough.
const FEW_EVENTS: f64 = 5.0;

impl Estimator for Logrank {
    fn name(&self) -> &'static str {
        "logrank"
    }
    fn summary(&self) -> &'static str {
        "Log-rank test of times to an event, within blocks and strata"
    }
    fn formula(&self) -> &'static str {
        "At each event time of a stratum, with d events among n at risk of whom n₁ are treated: \
         E = d·n₁/n, V = d·n₁n₀(n−d)/(n²(n−1)). χ² = (Σ O₁ − Σ E)²/Σ V, 1 degree of freedom. Strata \
         are the design's blocks, crossed with the columns of `strata`."
    }
    fn assumptions(&self) -> &'static str {
        "Rows are independent; censoring is unrelated to the event within arms and strata. The \
         test has most power where the ratio of the hazards is the same at all times."
    }
    fn source(&self) -> &'static str {
        "Mantel (1966); Peto and Peto (1972); as R survival's survdiff"
    }
    fn measure(&self) -> Measure {
        Measure::Other
    }
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Time
    }
    fn needs(&self) -> &'static [&'static str] {
        &["event"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["event", "strata"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("chisq", "the test's statistic, 1 degree of freedom"),
            ("observed_treated", "events among the treated"),
            ("expected_treated", "events among them if the hazards were the same"),
            ("observed_control", "events among the controls"),
            ("expected_control", "events among them if the hazards were the same"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        _: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        let it = LogRank::of(&Times::of(sample)?, sample);
        let gap = it.observed_treated - it.expected_treated;
        let mut test = Number::of(sample, "chisq");
        if it.expected_treated.min(it.expected_control) < FEW_EVENTS {
            test.note("an arm expects fewer than 5 events: the chi-square is rough");
        }
        let test = if it.variance > 0.0 {
            test.infer_chi_square(gap * gap / it.variance, 1.0)
        } else {
            test.note("no event at a time when both arms are at risk: no test");
            test
        };
        let rest = [
            ("observed_treated", it.observed_treated),
            ("expected_treated", it.expected_treated),
            ("observed_control", it.observed_control),
            ("expected_control", it.expected_control),
        ];
        let rest = rest.map(|(term, value)| Number::of(sample, term).describe(value, None));
        Ok([test].into_iter().chain(rest).collect())
    }
}
