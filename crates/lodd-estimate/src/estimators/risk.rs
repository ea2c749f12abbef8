//! Risks of a binary outcome: difference, ratio, odds ratio and tests.

use super::refusals::{refuse_clusters, unequal_shares};
use crate::conditional::Conditional;
use crate::proportions::{Newcombe, koopman, wilson};
use crate::tables::{Counts, tables};
use crate::{EstimateError, Estimator, Measure, Number, Options, OutcomeKind, Redraw, Sample};

/// The share of each arm with outcome 1, and what is said of the two.
#[derive(Debug)]
pub(super) struct Risk;

impl Estimator for Risk {
    fn name(&self) -> &'static str {
        "risk"
    }
    fn summary(&self) -> &'static str {
        "Risks of a binary outcome: their difference, ratio and odds ratio, with Fisher's and the \
         chi-square test"
    }
    fn formula(&self) -> &'static str {
        "p = x/n, interval by Wilson's score. rd = p₁ − p₀: Wald's variance p₁q₁/n₁ + p₀q₀/n₀; \
         Newcombe's interval rd − √((p₁−l₁)² + (u₀−p₀)²) to rd + √((u₁−p₁)² + (p₀−l₀)²) from \
         Wilson's ends l, u. ln rr: variance 1/x₁ − 1/n₁ + 1/x₀ − 1/n₀, by Koopman's score where an \
         arm has no event. ln or: variance Σ 1/cell. χ² without continuity correction."
    }
    fn assumptions(&self) -> &'static str {
        "Rows are independent and were drawn with one probability of treatment; for several blocks \
         with unequal probabilities take `cmh`. Wald, the ratio and χ² rest on the normal \
         approximation: with fewer than 15 rows an arm read rd_newcombe and fisher."
    }
    fn source(&self) -> &'static str {
        "Wilson (1927); Newcombe (1998), Statistics in Medicine 17, method 10; Katz et al. (1978); \
         Koopman (1984), Biometrics 40; Fisher (1935), as R fisher.test"
    }
    fn measure(&self) -> Measure {
        Measure::Difference
    }
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Binary
    }
    fn options(&self) -> &'static [&'static str] {
        &[]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("rd", "share with outcome 1 among the treated less that among the controls; Wald"),
            ("rd_newcombe", "the same difference with Newcombe's interval"),
            ("risk_treated", "share of the treated with outcome 1, Wilson's interval"),
            ("risk_control", "share of the controls with outcome 1, Wilson's interval"),
            ("rr", "ratio of the shares; the standard error is that of its logarithm"),
            ("or", "ratio of the odds; the standard error is that of its logarithm"),
            (
                "fisher",
                "conditional odds ratio with exact interval; p sums tables no more probable",
            ),
            ("chisq", "Pearson's statistic without correction, 1 degree of freedom"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        let table = tables(sample).into_iter().fold(Counts::default(), Counts::plus);
        let all = Report { table, sample, options };
        let mut numbers = vec![all.difference()];
        numbers.push(all.newcombe());
        numbers.extend(all.risks());
        numbers.extend([all.ratio(), all.odds_ratio(), all.fisher(), all.chi_square()]);
        Ok(numbers)
    }
}

/// What every row of the result rests on.
struct Report<'a> {
    table: Counts,
    sample: &'a Sample,
    options: &'a Options,
}

impl Report<'_> {
    fn number(&self, term: &str) -> Number {
        Number::of(self.sample, term)
    }

    /// Whether every row has the same outcome.
    fn is_constant(&self) -> bool {
        let events = self.table.events();
        events == 0 || events == self.table.n()
    }

    fn difference(&self) -> Number {
        let it = &self.table;
        let (p1, p0) = (it.risk_treated(), it.risk_control());
        let variance = p1 * (1.0 - p1) / it.treated as f64 + p0 * (1.0 - p0) / it.control as f64;
        let mut number =
            Number { term: "rd".to_owned(), ..Number::of_effect(self.sample, self.options) };
        if self.is_constant() {
            number.note("the outcome does not vary");
        } else if it.is_small() {
            number.note(SMALL);
        }
        if let Some(note) = unequal_shares(self.sample) {
            number.note(note);
        }
        number.infer_normal(p1 - p0, Some(variance.sqrt()), "wald", self.options.alpha)
    }

    fn newcombe(&self) -> Number {
        let it = Newcombe::of(&self.table, self.options.alpha);
        let mut number = self.number("rd_newcombe");
        number.estimate = Some(it.difference);
        number.conf_low = Some(it.low);
        number.conf_high = Some(it.high);
        number.se_type = Some("newcombe");
        number.note("an interval: its test is fisher");
        number
    }

    fn risks(&self) -> [Number; 2] {
        let of = |term: &str, events: u64, n: u64| {
            let p = events as f64 / n as f64;
            let interval = wilson(events, n, self.options.alpha);
            let mut number = self.number(term).describe(p, Some(interval));
            number.std_error = Some((p * (1.0 - p) / n as f64).sqrt());
            number.se_type = Some("wilson");
            number
        };
        let it = &self.table;
        [
            of("risk_treated", it.events_treated, it.treated),
            of("risk_control", it.events_control, it.control),
        ]
    }

    fn ratio(&self) -> Number {
        let (it, mut number) = (&self.table, self.number("rr"));
        let (x1, n1) = (it.events_treated as f64, it.treated as f64);
        let (x0, n0) = (it.events_control as f64, it.control as f64);
        if it.events_treated > 0 && it.events_control > 0 {
            if it.is_small() {
                number.note(SMALL);
            }
            // Katz et al. (1978).
            let variance = 1.0 / x1 - 1.0 / n1 + 1.0 / x0 - 1.0 / n0;
            let log = (x1 / n1 / (x0 / n0)).ln();
            return number.infer_ratio(log, Some(variance.sqrt()), "log", self.options.alpha);
        }
        if it.events() == 0 {
            number.note("no events: the ratio is not defined");
            return number;
        }
        let (low, high) = koopman(it, self.options.alpha);
        number.se_type = Some("koopman");
        number.conf_low = low;
        number.conf_high = high;
        number.estimate = (it.events_control > 0).then_some(0.0);
        number.note(if it.events_control > 0 {
            "no event among the treated: score interval, and no standard error; its test is fisher"
        } else {
            "no event among the controls: the ratio has no upper end, and no standard error; its \
             test is fisher"
        });
        number
    }

    fn odds_ratio(&self) -> Number {
        let (it, mut number) = (&self.table, self.number("or"));
        let cells = [
            it.events_treated,
            it.treated - it.events_treated,
            it.control - it.events_control,
            it.events_control,
        ];
        let [a, b, d, c] = cells.map(|it| it as f64);
        if cells.contains(&0) {
            number.estimate = (b * c > 0.0).then_some(a * d / (b * c));
            number.note("an empty cell: no standard error; fisher has the exact interval");
            return number;
        }
        if it.is_small() {
            number.note(SMALL);
        }
        // Woolf (1955).
        let variance = 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d;
        let log = (a * d / (b * c)).ln();
        number.infer_ratio(log, Some(variance.sqrt()), "log", self.options.alpha)
    }

    fn fisher(&self) -> Number {
        exact(self.number("fisher"), &Conditional::of(&[self.table]), self.options.alpha)
    }

    fn chi_square(&self) -> Number {
        let (it, mut number) = (&self.table, self.number("chisq"));
        if self.is_constant() {
            number.note("the outcome does not vary: no test");
            return number;
        }
        if it.is_small() {
            number.note(SMALL);
        }
        let (n, events) = (it.n() as f64, it.events() as f64);
        let (n1, n0) = (it.treated as f64, it.control as f64);
        let gap = it.risk_treated() - it.risk_control();
        let pooled = events / n * (1.0 - events / n);
        number.infer_chi_square(gap * gap / (pooled * (1.0 / n1 + 1.0 / n0)), 1.0)
    }
}

/// What is said where a cell is too small.
pub(super) const SMALL: &str =
    "a cell expects fewer than 5: the normal approximation is rough, read the exact row";

/// The conditional odds ratio, its exact interval and two-sided p.
pub(super) fn exact(mut number: Number, it: &Conditional, alpha: f64) -> Number {
    if it.is_fixed() {
        number.note("the margins leave one table only: no test");
        return number;
    }
    number.p_value = Some(it.p_two_sided());
    number.se_type = Some("exact");
    let finite = |value: f64| value.is_finite().then_some(value);
    number.estimate = it.odds_ratio().and_then(finite);
    if number.estimate.is_none() {
        number.note("the conditional odds ratio is infinite");
    }
    let (low, high) = it.interval(alpha / 2.0).unwrap_or((0.0, f64::INFINITY));
    number.conf_low = Some(low);
    number.conf_high = finite(high);
    if number.conf_high.is_none() {
        number.note("the interval has no upper end");
    }
    number.note("p: all tables no more probable than this one");
    number
}
