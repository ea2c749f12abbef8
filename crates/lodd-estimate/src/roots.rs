//! Where a monotone function passes a value.

/// The point between `low` and `high` up to which `below` holds: the interval is halved until no
/// number lies between its ends, and the upper end is given.
pub(crate) fn bisect(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> f64 {
    loop {
        let middle = f64::midpoint(low, high);
        if !(middle > low && middle < high) {
            return high;
        }
        if below(middle) { low = middle } else { high = middle }
    }
}

/// How narrow the interval around a root must be, as a share of 1 + |x|.
const NARROW: f64 = 1e-15;

/// Where a rising function on the whole line is 0: the interval grows from 0 by doubling, and then
/// shrinks by the method ITP (Oliveira and Takahashi 2021), which needs no more steps than halving
/// and one. None where the root is further than 1e6 from 0.
pub(crate) fn root(f: impl Fn(f64) -> f64) -> Option<f64> {
    let mut reach = 1.0;
    let (mut below, mut above) = (f(-reach), f(reach));
    while above < 0.0 || below >= 0.0 {
        reach *= 2.0;
        if reach > 1e6 {
            return None;
        }
        (below, above) = (f(-reach), f(reach));
    }
    let (mut low, mut high) = (-reach, reach);
    let first = high - low;
    let mut allowed = first;
    loop {
        let middle = f64::midpoint(low, high);
        let width = high - low;
        if width <= NARROW * (1.0 + middle.abs()) || !(middle > low && middle < high) {
            return Some(high);
        }
        let secant = (above * low - below * high) / (above - below);
        let towards = middle - secant;
        let step = (0.2 / first * width * width).min(towards.abs());
        let near = secant + step.copysign(towards);
        // No further from the middle than what is left of the steps of halving.
        let reach = (allowed - width / 2.0).max(0.0);
        let at =
            if (near - middle).abs() <= reach { near } else { middle - reach.copysign(towards) };
        let at = if at > low && at < high { at } else { middle };
        let value = f(at);
        if value < 0.0 {
            (low, below) = (at, value);
        } else {
            (high, above) = (at, value);
        }
        allowed /= 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_two() {
        assert!((bisect(0.0, 2.0, |it| it * it < 2.0) - 2.0_f64.sqrt()).abs() < 1e-15);
        assert!((root(|it| it + 700.5).unwrap() + 700.5).abs() < 1e-12);
        assert!((root(|it| it.exp() - 2.0).unwrap() - std::f64::consts::LN_2).abs() < 1e-14);
        // A step, as a function that is flat on both sides.
        assert!((root(|it| if it < 0.3 { -1.0 } else { 1.0 }).unwrap() - 0.3).abs() < 1e-14);
        assert_eq!(root(|_| -1.0), None);
    }
}
