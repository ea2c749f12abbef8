//! Student's t: tail probabilities and quantiles.
//!
//! The tail comes from statrs up to [`NORMAL_FROM`] degrees of freedom, beyond which its gamma
//! functions cancel and the normal tail with a first-order correction is better. Quantiles are
//! found by bisection on that tail, since those of statrs are silently wrong for few degrees of
//! freedom and for many.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// Degrees of freedom from which the tail is the normal one with a correction of order 1/df.
const NORMAL_FROM: f64 = 1e7;

/// Above this t the square overflows: such a quantile is said not to exist.
const LARGEST_T: f64 = 1e150;

/// Steps of Simpson's rule, an even number.
const STEPS: i32 = 4_000;

/// P(T > t) for `t >= 0`, accurate to about 1e-10 of itself. None outside the domain.
pub(crate) fn t_tail(t: f64, df: f64) -> Option<f64> {
    if !(t >= 0.0 && df > 0.0) {
        return None;
    }
    if df >= NORMAL_FROM {
        return Some(near_normal_tail(t, df));
    }
    StudentsT::new(0.0, 1.0, df).ok().map(|it| it.sf(t))
}

/// Two-sided p-value of a t statistic.
pub(crate) fn t_two_sided(t: f64, df: f64) -> Option<f64> {
    t_tail(t.abs(), df).map(|tail| (2.0 * tail).min(1.0))
}

/// The t with P(T > t) = `tail`, for `0 < tail < 0.5`. None if it is too large to square.
pub(crate) fn t_quantile(tail: f64, df: f64) -> Option<f64> {
    if !(tail > 0.0 && tail < 0.5) || t_tail(LARGEST_T, df)? > tail {
        return None;
    }
    let mut low = 0.0;
    let mut high = 1.0;
    while t_tail(high, df)? > tail {
        low = high;
        high *= 4.0;
    }
    // The interval halves each time, until no number lies between its ends.
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return Some(high);
        }
        if t_tail(middle, df)? > tail { low = middle } else { high = middle }
    }
}

/// The normal tail plus the first term of the expansion in 1/df (Abramowitz and Stegun 26.7.8).
fn near_normal_tail(t: f64, df: f64) -> f64 {
    let normal = 0.5 * libm::erfc(t / std::f64::consts::SQRT_2);
    let density = (-0.5 * t * t).exp() / (2.0 * std::f64::consts::PI).sqrt();
    if density > 0.0 { normal + density * (t.powi(3) + t) / (4.0 * df) } else { normal }
}

/// P(T > t) of the noncentral t distribution with noncentrality `shift`: the mean of
/// Φ(shift − t·s) over s = √(χ²/df), by Simpson's rule in the logarithm of s.
pub(crate) fn noncentral_tail(t: f64, df: f64, shift: f64) -> f64 {
    // The density of u = ln s is proportional to exp(df·(u + (1 − e^(2u))/2)), 1 at its peak 0;
    // beyond these ends it is below e^−40.
    let (low, high) = (-40.0 / df - (40.0 / df).sqrt(), (40.0 / df).sqrt());
    let step = (high - low) / f64::from(STEPS);
    let (mut sum, mut total) = (0.0, 0.0);
    for at in 0..=STEPS {
        let u = low + f64::from(at) * step;
        let weight = match at {
            0 | STEPS => 1.0,
            _ if at % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let density = weight * (df * (u + 0.5 * (1.0 - (2.0 * u).exp()))).exp();
        total += density;
        let normal = 0.5 * libm::erfc((t * u.exp() - shift) / std::f64::consts::SQRT_2);
        sum += density * normal;
    }
    sum / total
}

#[cfg(test)]
mod tests;
