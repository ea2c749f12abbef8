//! Inference by the normal and the chi-square distribution.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::Number;
use crate::roots::bisect;

/// What is said of a row that is a test statistic.
const NO_INTERVAL: &str = "a test statistic has no interval";

/// What is said of a row that describes and tests nothing.
const NO_TEST: &str = "described, not tested";

/// P(Z > z).
pub(crate) fn normal_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

/// P(|Z| > |z|).
pub(crate) fn normal_two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The z with P(Z > z) = `tail`, for `0 < tail < 1`; at most 40 from 0.
pub(crate) fn normal_quantile(tail: f64) -> f64 {
    if tail > 0.5 {
        return -normal_quantile(1.0 - tail);
    }
    bisect(0.0, 40.0, |z| normal_tail(z) > tail)
}

/// P(χ² > x) with `df` degrees of freedom; None outside the domain.
pub(crate) fn chi_square_tail(x: f64, df: f64) -> Option<f64> {
    if !(x >= 0.0 && df > 0.0 && x.is_finite()) {
        return None;
    }
    ChiSquared::new(df).ok().map(|it| it.sf(x).clamp(0.0, 1.0))
}

impl Number {
    /// Fills in an estimate whose z statistic is standard normal.
    pub(crate) fn infer_normal(
        mut self,
        estimate: f64,
        std_error: Option<f64>,
        se_type: &'static str,
        alpha: f64,
    ) -> Self {
        self.estimate = Some(estimate);
        self.std_error = std_error;
        let Some(std_error) = std_error else {
            self.note("no standard error: no test, no interval");
            return self;
        };
        self.se_type = Some(se_type);
        if std_error <= 0.0 {
            self.note("the standard error is 0: no test, no interval");
            return self;
        }
        let z = normal_quantile(alpha / 2.0);
        self.statistic = Some(estimate / std_error);
        self.p_value = Some(normal_two_sided(estimate / std_error));
        self.conf_low = Some(estimate - z * std_error);
        self.conf_high = Some(estimate + z * std_error);
        self
    }

    /// Fills in a ratio by its logarithm: the test is that of the logarithm against 0, the standard
    /// error is the logarithm's, and the interval's ends are powers of e.
    pub(crate) fn infer_ratio(
        self,
        log: f64,
        std_error: Option<f64>,
        se_type: &'static str,
        alpha: f64,
    ) -> Self {
        let mut it = self.infer_normal(log, std_error, se_type, alpha);
        it.estimate = it.estimate.map(f64::exp);
        it.conf_low = it.conf_low.map(f64::exp);
        it.conf_high = it.conf_high.map(f64::exp);
        it
    }

    /// Fills in a chi-square statistic, which is the row's estimate too.
    pub(crate) fn infer_chi_square(mut self, statistic: f64, df: f64) -> Self {
        self.df = Some(df);
        let p = chi_square_tail(statistic, df);
        if p.is_none() {
            self.note("the statistic is not defined");
        }
        self.test(statistic, p)
    }

    /// Fills in a test statistic, which is the row's estimate too, and its p-value.
    pub(crate) fn test(mut self, statistic: f64, p_value: Option<f64>) -> Self {
        self.estimate = Some(statistic);
        self.statistic = Some(statistic);
        self.p_value = p_value;
        self.note(NO_INTERVAL);
        self
    }

    /// Fills in an estimate that nothing is asked of, with its interval if there is one.
    pub(crate) fn describe(mut self, estimate: f64, interval: Option<(f64, f64)>) -> Self {
        self.estimate = Some(estimate);
        self.conf_low = interval.map(|it| it.0);
        self.conf_high = interval.map(|it| it.1);
        self.note(NO_TEST);
        self
    }
}

#[cfg(test)]
#[expect(clippy::unreadable_literal, clippy::excessive_precision, reason = "as R prints them")]
mod tests {
    use super::*;

    /// R 4.2: pnorm(z, lower.tail = FALSE), qnorm(p, lower.tail = FALSE).
    #[test]
    fn the_normal_is_that_of_r() {
        let tails =
            [(1.959963984540054, 0.025), (6.0, 9.865876450376981e-10), (0.1, 0.460172162722971)];
        for (z, p) in tails {
            assert!((normal_tail(z) / p - 1.0).abs() < 1e-13, "{z}");
            assert!((normal_quantile(p) / z - 1.0).abs() < 1e-12, "{p}");
        }
        assert!((normal_quantile(0.8) + 0.841621233572914).abs() < 1e-14);
    }

    /// R 4.2: pchisq(x, df, lower.tail = FALSE).
    #[test]
    fn the_chi_square_is_that_of_r() {
        let tails = [
            (3.841458820694124, 1.0, 0.05),
            (0.00822734320235, 1.0, 0.9277272333405),
            (60.0, 1.0, 9.485737571073849e-15),
            (12.5, 7.0, 0.08526927515826925),
            (0.5, 3.0, 0.9188914116546759),
        ];
        for (x, df, p) in tails {
            assert!((chi_square_tail(x, df).unwrap() / p - 1.0).abs() < 1e-10, "{x} {df}");
        }
        assert_eq!(chi_square_tail(-1.0, 1.0), None);
        assert_eq!(chi_square_tail(f64::INFINITY, 1.0), None);
    }
}
