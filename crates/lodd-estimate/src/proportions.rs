//! Intervals of one proportion, and of the difference and ratio of two.

use crate::asymptotic::normal_quantile;
use crate::roots::bisect;
use crate::tables::Counts;

/// The score interval of a proportion (Wilson 1927): of `events` among `n` > 0, at level 1 − `alpha`.
pub fn wilson(events: u64, n: u64, alpha: f64) -> (f64, f64) {
    let (x, n) = (events as f64, n as f64);
    let z2 = normal_quantile(alpha / 2.0).powi(2);
    let centre = (x + z2 / 2.0) / (n + z2);
    let half = (z2 * (x * (n - x) / n + z2 / 4.0)).sqrt() / (n + z2);
    // With no event the lower end is 0 but for rounding, with events only the upper end is 1.
    let low = if events == 0 { 0.0 } else { centre - half };
    let high = if x >= n { 1.0 } else { centre + half };
    (low, high)
}

/// The difference of two proportions with the hybrid score interval (Newcombe 1998, method 10).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Newcombe {
    /// Risk of the treated less that of the controls.
    pub(crate) difference: f64,
    /// Lower end.
    pub(crate) low: f64,
    /// Upper end.
    pub(crate) high: f64,
}

impl Newcombe {
    /// Of the two arms of a table.
    pub(crate) fn of(table: &Counts, alpha: f64) -> Self {
        let (p1, p0) = (table.risk_treated(), table.risk_control());
        let (l1, u1) = wilson(table.events_treated, table.treated, alpha);
        let (l0, u0) = wilson(table.events_control, table.control, alpha);
        Self {
            difference: p1 - p0,
            low: p1 - p0 - (p1 - l1).hypot(u0 - p0),
            high: p1 - p0 + (u1 - p1).hypot(p0 - l0),
        }
    }
}

/// The score interval of the ratio of two proportions (Koopman 1984). None is an end at infinity;
/// a table without events has no interval.
pub(crate) fn koopman(table: &Counts, alpha: f64) -> (Option<f64>, Option<f64>) {
    let z = normal_quantile(alpha / 2.0);
    if table.events() == 0 {
        return (None, None);
    }
    let end = |limit: f64| bisect(-700.0, 700.0, |log| score(table, log.exp()) > limit).exp();
    let low = if table.events_treated == 0 { 0.0 } else { end(z) };
    let high = (table.events_control > 0).then(|| end(-z));
    (Some(low), high)
}

/// (p₁ − φp₀) over its standard error with the proportions that are likeliest where their ratio is
/// φ: falls as φ grows. The proportions are Miettinen and Nurminen's (1985), eq. 10.
fn score(table: &Counts, ratio: f64) -> f64 {
    let (x1, n1) = (table.events_treated as f64, table.treated as f64);
    let (x0, n0) = (table.events_control as f64, table.control as f64);
    let a = (n1 + n0) * ratio;
    let b = -(n1 * ratio + x1 + n0 + x0 * ratio);
    let c = x1 + x0;
    // The smaller root, as 2c/(−b + √…) so that nothing cancels.
    let p0 = 2.0 * c / (-b + (b * b - 4.0 * a * c).max(0.0).sqrt());
    let p1 = (ratio * p0).min(1.0);
    let variance = p1 * (1.0 - p1) / n1 + ratio * ratio * p0 * (1.0 - p0) / n0;
    let gap = x1 / n1 - ratio * x0 / n0;
    if variance > 0.0 { gap / variance.sqrt() } else { gap.signum() * f64::MAX }
}
