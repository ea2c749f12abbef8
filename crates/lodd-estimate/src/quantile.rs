//! Quantiles of weighted values.

use crate::asymptotic::normal_quantile;

/// Values with weights, ascending.
#[derive(Clone, Debug)]
pub(crate) struct Weighted {
    rows: Vec<(f64, f64)>,
}

/// A quantile with the standard error that its neighbours give.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantile {
    pub(crate) at: f64,
    /// None where too few rows lie beyond it.
    pub(crate) std_error: Option<f64>,
}

impl Weighted {
    /// Of values with their weights, all above 0.
    pub(crate) fn new(mut rows: Vec<(f64, f64)>) -> Self {
        rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        Self { rows }
    }

    /// The quantile at a share, with Woodruff's (1952) standard error: half the distance of the
    /// quantiles at p ± z·√(p(1−p)/n), over z, with n = (Σw)²/Σw².
    pub(crate) fn quantile(&self, share: f64, alpha: f64) -> Quantile {
        let (sum, squares) =
            self.rows.iter().fold((0.0, 0.0), |(s, q), it| (s + it.1, q + it.1 * it.1));
        let z = normal_quantile(alpha / 2.0);
        let reach = z * (share * (1.0 - share) / (sum * sum / squares)).sqrt();
        let inside = reach < share && share + reach < 1.0;
        let width = || self.at(share + reach) - self.at(share - reach);
        Quantile { at: self.at(share), std_error: inside.then(|| width() / (2.0 * z)) }
    }

    /// Linear between the values, which lie at the middles of their weights' sums: with equal
    /// weights at (k − 1)/(n − 1), Hyndman and Fan's (1996) definition 7.
    fn at(&self, share: f64) -> f64 {
        let step = |pair: &[(f64, f64)]| match pair {
            [a, b] => f64::midpoint(a.1, b.1),
            _ => 0.0,
        };
        let length: f64 = self.rows.windows(2).map(step).sum();
        let wanted = share * length;
        let mut passed = 0.0;
        for pair in self.rows.windows(2) {
            let ahead = passed + step(pair);
            if let ([a, b], true) = (pair, ahead >= wanted) {
                let part = ((wanted - passed) / (ahead - passed)).clamp(0.0, 1.0);
                // Exact where both ends are the same.
                return if part >= 1.0 { b.0 } else { a.0 + part * (b.0 - a.0) };
            }
            passed = ahead;
        }
        self.rows.last().map_or(0.0, |it| it.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R: quantile(c(1, 2, 4, 8, 16), c(.1, .25, .5, .9)).
    #[test]
    fn equal_weights_are_definition_7() {
        let it = Weighted::new([8.0, 1.0, 16.0, 2.0, 4.0].map(|it| (it, 3.0)).to_vec());
        for (share, expected) in [(0.1, 1.4), (0.25, 2.0), (0.5, 4.0), (0.9, 12.8)] {
            assert!((it.at(share) - expected).abs() < 1e-12, "{share}");
        }
        assert!(it.quantile(0.5, 0.05).std_error.is_some());
        assert!(it.quantile(0.9, 0.05).std_error.is_none());
        assert!((Weighted::new(vec![(7.0, 1.0)]).at(0.3) - 7.0).abs() < 1e-15);
    }

    /// A weight of 2 draws the median to its value.
    #[test]
    fn weights_move_a_quantile() {
        let it = Weighted::new(vec![(0.0, 1.0), (1.0, 1.0), (2.0, 4.0)]);
        assert!((it.at(0.5) - (1.0 + 0.75 / 2.5)).abs() < 1e-12);
    }
}
