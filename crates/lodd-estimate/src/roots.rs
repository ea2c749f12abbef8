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

/// As [`bisect`], on the whole line: the interval grows from `start` by doubling. None where the
/// passage is further than 1e6 from it.
pub(crate) fn passage(start: f64, below: impl Fn(f64) -> bool) -> Option<f64> {
    let mut reach = 1.0;
    while below(start + reach) || !below(start - reach) {
        reach *= 2.0;
        if reach > 1e6 {
            return None;
        }
    }
    Some(bisect(start - reach, start + reach, below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_two() {
        assert!((bisect(0.0, 2.0, |it| it * it < 2.0) - 2.0_f64.sqrt()).abs() < 1e-15);
        assert!((passage(0.0, |it| it < -700.5).unwrap() + 700.5).abs() < 1e-12);
        assert_eq!(passage(0.0, |_| true), None);
    }
}
