//! Cochran, Mantel and Haenszel: a binary outcome over blocks.

use super::refusals::refuse_clusters;
use super::risk::{SMALL, exact};
use crate::conditional::Conditional;
use crate::tables::{Counts, tables};
use crate::{EstimateError, Estimator, Measure, Number, Options, OutcomeKind, Redraw, Sample};

/// One odds ratio for all blocks, and its tests.
#[derive(Debug)]
pub(super) struct Cmh;

impl Estimator for Cmh {
    fn name(&self) -> &'static str {
        "cmh"
    }
    fn summary(&self) -> &'static str {
        "Cochran, Mantel and Haenszel's odds ratio and test of a binary outcome over blocks"
    }
    fn formula(&self) -> &'static str {
        "or = Σ a_b·d_b/n_b / Σ b_b·c_b/n_b over blocks b of n_b, where a, b are treated with and \
         without outcome 1, c, d controls; variance of ln or: Robins, Breslow and Greenland. χ² = \
         (Σ a_b − E a_b)² / Σ V(a_b), hypergeometric, without continuity correction. exact: the sum \
         of the a_b given all margins."
    }
    fn assumptions(&self) -> &'static str {
        "Units were drawn at random within blocks. The tests hold whether or not the odds ratio is \
         the same in all blocks; the estimate speaks of one that is. Blocks without variation in \
         outcome or arm add nothing."
    }
    fn source(&self) -> &'static str {
        "Mantel and Haenszel (1959); Robins, Breslow and Greenland (1986), Biometrics 42; Birch \
         (1964); as R mantelhaen.test"
    }
    fn measure(&self) -> Measure {
        Measure::Ratio
    }
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Binary
    }
    fn options(&self) -> &'static [&'static str] {
        &[]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("or", "Mantel and Haenszel's odds ratio; the standard error is its logarithm's"),
            ("chisq", "Cochran, Mantel and Haenszel's statistic, 1 degree of freedom"),
            ("exact", "conditional odds ratio with exact interval and p"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        let all = tables(sample);
        let informative: Vec<Counts> = all.iter().copied().filter(is_informative).collect();
        let mut effect = Number { term: "or".to_owned(), ..Number::of_effect(sample, options) };
        let silent = all.len() - informative.len();
        if informative.is_empty() {
            effect.note("the outcome does not vary within any block");
        } else if silent > 0 {
            effect.note(format!("blocks that add nothing, as all in them are alike: {silent}"));
        }
        let conditional = Conditional::of(&informative);
        Ok(vec![
            odds_ratio(effect, &informative, options.alpha),
            chi_square(Number::of(sample, "chisq"), &informative),
            exact(Number::of(sample, "exact"), &conditional, options.alpha),
        ])
    }
}

/// Whether both arms and both outcomes are in a block.
fn is_informative(it: &Counts) -> bool {
    it.treated > 0 && it.control > 0 && it.events() > 0 && it.events() < it.n()
}

/// Mantel and Haenszel's estimate with the variance of Robins, Breslow and Greenland (1986), eq. 3.
#[expect(clippy::many_single_char_names, reason = "the letters of the paper")]
fn odds_ratio(mut number: Number, blocks: &[Counts], alpha: f64) -> Number {
    let (mut r, mut s, mut pr, mut ps_qr, mut qs) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for it in blocks {
        let n = it.n() as f64;
        let (a, b) = (it.events_treated as f64, (it.treated - it.events_treated) as f64);
        let (c, d) = (it.events_control as f64, (it.control - it.events_control) as f64);
        let (p, q) = ((a + d) / n, (b + c) / n);
        let (r_b, s_b) = (a * d / n, b * c / n);
        r += r_b;
        s += s_b;
        pr += p * r_b;
        ps_qr += p * s_b + q * r_b;
        qs += q * s_b;
    }
    if blocks.is_empty() {
        number.note("no odds ratio");
        return number;
    }
    if r <= 0.0 || s <= 0.0 {
        number.estimate = (s > 0.0).then_some(r / s);
        number.note("empty cells in all blocks: no standard error; exact has the interval");
        return number;
    }
    let variance = pr / (2.0 * r * r) + ps_qr / (2.0 * r * s) + qs / (2.0 * s * s);
    number.infer_ratio((r / s).ln(), Some(variance.sqrt()), "log", alpha)
}

fn chi_square(mut number: Number, blocks: &[Counts]) -> Number {
    let (mut gap, mut variance, mut least) = (0.0, 0.0, [0.0; 4]);
    for it in blocks {
        let (n, events) = (it.n() as f64, it.events() as f64);
        let (n1, n0) = (it.treated as f64, it.control as f64);
        gap += it.events_treated as f64 - n1 * events / n;
        variance += n1 * n0 * events * (n - events) / (n * n * (n - 1.0));
        let cells = [n1 * events, n1 * (n - events), n0 * events, n0 * (n - events)];
        for (sum, cell) in least.iter_mut().zip(cells) {
            *sum += cell / n;
        }
    }
    if variance <= 0.0 {
        number.note("no variation: no test");
        return number;
    }
    if least.iter().any(|it| *it < 5.0) {
        number.note(SMALL);
    }
    number.infer_chi_square(gap * gap / variance, 1.0)
}
