//! How alike two rows of a cluster are.

use statrs::function::beta::checked_beta_reg;

use crate::roots::bisect;
use crate::{Number, Sample};

/// The intra-cluster correlation of the outcome, given the arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intraclass {
    /// The estimate; below 0 where rows of a cluster are less alike than those of two.
    pub estimate: f64,
    /// Ends of the interval of level 1 − alpha; None where rows within clusters do not vary.
    pub interval: Option<(f64, f64)>,
    /// Mean size of the clusters.
    pub mean_size: f64,
    /// Standard deviation of their sizes over the mean.
    pub cv: f64,
}

/// By analysis of variance between and within clusters, after the arms' means: (B − W)/(B + (m₀ −
/// 1)W) with B on G − 2 degrees of freedom, or G − 1 where clusters hold both arms (Donner and Klar
/// 2000, section 6.2.1). The interval is Searle's with m₀ for the common size (Donner and Wells 1986).
/// None without clusters of several rows, or where nothing varies.
pub fn intraclass(sample: &Sample, alpha: f64) -> Option<Intraclass> {
    let clusters = sample.clusters.as_ref()?;
    let [control, treated] = [false, true].map(|arm| Arm::of(sample, arm));
    let arm = |treated_row: bool| if treated_row { &treated } else { &control };
    let is_nested = clusters.iter().all(|rows| {
        let own = sample.treated.get(rows.clone()).unwrap_or_default();
        own.iter().all(|it| Some(it) == own.first())
    });
    let (n, g) = (sample.n() as f64, clusters.len() as f64);
    let (mut between, mut within, mut unequal, mut squares) = (0.0, 0.0, 0.0, 0.0);
    for rows in clusters {
        let arms = sample.treated.get(rows.clone()).unwrap_or_default();
        let y = sample.y.get(rows.clone()).unwrap_or_default();
        let centred: Vec<f64> = y.iter().zip(arms).map(|(y, it)| y - arm(*it).mean).collect();
        let size = centred.len() as f64;
        let mean = crate::number::mean(&centred);
        between += size * mean * mean;
        within += centred.iter().map(|it| (it - mean).powi(2)).sum::<f64>();
        let whole = arms.first().filter(|_| is_nested).map_or(n, |it| arm(*it).rows);
        unequal += size * size / whole;
        squares += size * size;
    }
    let (df_between, df_within) = (g - if is_nested { 2.0 } else { 1.0 }, n - g);
    if df_between < 1.0 || df_within < 1.0 {
        return None;
    }
    let (between, within) = (between / df_between, within / df_within);
    let size = (n - unequal) / df_between;
    let of = |ratio: f64| (ratio - 1.0) / (ratio + size - 1.0);
    if between <= 0.0 && within <= 0.0 {
        return None;
    }
    let mean_size = n / g;
    let cv = (squares / g - mean_size * mean_size).max(0.0).sqrt() / mean_size;
    if within <= 0.0 {
        return Some(Intraclass { estimate: 1.0, interval: None, mean_size, cv });
    }
    let ratio = between / within;
    let end = |tail: f64| f_quantile(tail, df_between, df_within).map(|it| of(ratio / it));
    let interval = end(alpha / 2.0).zip(end(1.0 - alpha / 2.0));
    Some(Intraclass { estimate: of(ratio), interval, mean_size, cv })
}

impl Intraclass {
    /// As a row of the estimates, with the term `icc`.
    pub fn number(&self, sample: &Sample) -> Number {
        let mut number = Number::of(sample, "icc");
        number.estimate = Some(self.estimate);
        (number.conf_low, number.conf_high) = self.interval.unzip();
        number.note("between and within clusters, after the arms' means");
        if self.interval.is_none() {
            number.note("rows within clusters do not vary: no interval");
        }
        number
    }
}

/// Rows and mean of an arm.
struct Arm {
    rows: f64,
    mean: f64,
}

impl Arm {
    fn of(sample: &Sample, treated: bool) -> Self {
        let own = sample.y.iter().zip(&sample.treated).filter(|it| *it.1 == treated);
        let own: Vec<f64> = own.map(|it| *it.0).collect();
        Self { rows: own.len() as f64, mean: crate::number::mean(&own) }
    }
}

/// The f with P(F > f) = `tail`, by halving its share x = d₁f/(d₁f + d₂).
fn f_quantile(tail: f64, df1: f64, df2: f64) -> Option<f64> {
    let below = |x: f64| checked_beta_reg(df1 / 2.0, df2 / 2.0, x).unwrap_or(1.0);
    let x = bisect(0.0, 1.0, |x| below(x) < 1.0 - tail);
    (x < 1.0).then(|| df2 * x / (df1 * (1.0 - x)))
}
