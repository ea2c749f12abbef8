//! Times that are known to lie in an interval (low, high]: Turnbull's (1976) curve.
//!
//! Only the innermost intervals between a low and the next high can have mass. The likelihood is
//! concave in the masses, and its maximum is where no mass gains by growing: Newton's method on the
//! masses above 0, which are added and dropped until that holds.

use std::ops::Range;

use crate::linear::dot;
use crate::symmetric::Square;
use crate::{EstimateError, Role, Sample};

/// Steps of self-consistency before Newton's method.
const WARM_UP: usize = 200;

/// Newton steps, with masses that come and go among them.
const STEPS: usize = 500;

/// A mass this small that would rather be smaller is 0.
const NOTHING: f64 = 1e-9;

/// How much a mass may still gain, as a share of the rows.
const GAIN: f64 = 1e-9;

/// Rows with the ends of their intervals, and the innermost intervals.
#[derive(Clone, Debug)]
pub(crate) struct Snapshots {
    /// Each row's innermost intervals, which are neighbours.
    pub(crate) cells: Vec<Range<usize>>,
    /// The innermost intervals, ascending.
    pub(crate) inner: Vec<(f64, f64)>,
}

/// A curve with its masses.
#[derive(Clone, Debug)]
pub(crate) struct Turnbull {
    pub(crate) inner: Vec<(f64, f64)>,
    pub(crate) masses: Vec<f64>,
    /// Inverse information of the masses above 0 but the last of them, and their places.
    support: Vec<usize>,
    inverse: Option<Square>,
}

/// What a curve says of a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// The share without the event, an event being dated by the high end of its interval.
    pub(crate) survival: f64,
    pub(crate) variance: Option<f64>,
    /// The share if the event is dated by the low end.
    pub(crate) least: f64,
}

/// The intervals of a sample: the outcome is the low end.
///
/// # Errors
///
/// If a time is negative or an interval is empty.
pub(crate) fn intervals(sample: &Sample) -> Result<Vec<(f64, f64)>, EstimateError> {
    let high = sample.column(Role::High).map(|it| it.values.as_slice()).unwrap_or_default();
    let check = |(low, high): (&f64, &f64)| {
        if *low < 0.0 {
            return Err(EstimateError::NegativeTime { time: *low });
        }
        if high <= low {
            return Err(EstimateError::EmptyInterval { low: *low, high: *high });
        }
        Ok((*low, *high))
    };
    sample.y.iter().zip(high).map(check).collect()
}

impl Snapshots {
    /// Of intervals (low, high].
    pub(crate) fn of(rows: &[(f64, f64)]) -> Self {
        // At the same time a high end comes first: it belongs to its interval, a low end does not.
        let highs = rows.iter().map(|it| (it.1, false));
        let mut ends: Vec<(f64, bool)> = rows.iter().map(|it| (it.0, true)).chain(highs).collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let inner: Vec<(f64, f64)> = ends
            .windows(2)
            .filter_map(|pair| match pair {
                [(low, true), (high, false)] => Some((*low, *high)),
                _ => None,
            })
            .collect();
        let cells = rows.iter().map(|(low, high)| {
            inner.partition_point(|it| it.0 < *low)..inner.partition_point(|it| it.1 <= *high)
        });
        Self { cells: cells.collect(), inner }
    }

    /// The curve; None if it was not found.
    pub(crate) fn fit(&self) -> Option<Turnbull> {
        let count = self.inner.len();
        let mut masses = vec![1.0 / count as f64; count];
        for _ in 0..WARM_UP {
            let gains = self.gains(&masses);
            masses.iter_mut().zip(&gains).for_each(|(it, gain)| *it *= gain);
        }
        for _ in 0..STEPS {
            let gains = self.gains(&masses);
            for (mass, gain) in masses.iter_mut().zip(&gains) {
                if *mass < NOTHING && *gain < 1.0 {
                    *mass = 0.0;
                } else if *mass <= 0.0 && *gain > 1.0 + GAIN {
                    *mass = 10.0 * NOTHING;
                }
            }
            let support: Vec<usize> =
                (0..count).filter(|&at| masses.get(at).is_some_and(|it| *it > 0.0)).collect();
            let Some(step) = self.step(&masses, &support) else {
                // Masses that rows do not tell apart: self-consistency still climbs.
                let gains = self.gains(&masses);
                masses.iter_mut().zip(&gains).for_each(|(it, gain)| *it *= gain);
                continue;
            };
            let largest = step.iter().fold(0.0_f64, |most, it| most.max(it.abs()));
            self.walk(&mut masses, &support, &step);
            let settled = self
                .gains(&masses)
                .iter()
                .zip(&masses)
                .all(|(gain, mass)| *mass > 0.0 || *gain <= 1.0 + GAIN);
            if largest < 1e-12 && settled {
                return Some(self.curve(masses, support));
            }
        }
        None
    }

    /// The mass of each row's interval.
    fn likelihoods(&self, masses: &[f64]) -> Vec<f64> {
        let of = |cells: &Range<usize>| masses.get(cells.clone()).unwrap_or_default().iter().sum();
        self.cells.iter().map(of).collect()
    }

    fn log_likelihood(&self, masses: &[f64]) -> f64 {
        self.likelihoods(masses).iter().map(|it| it.ln()).sum()
    }

    /// The derivative of the log-likelihood by each mass, over the rows: 1 for a mass at its place.
    fn gains(&self, masses: &[f64]) -> Vec<f64> {
        let n = self.cells.len() as f64;
        let mut gains = vec![0.0; masses.len()];
        for (cells, p) in self.cells.iter().zip(self.likelihoods(masses)) {
            for gain in gains.get_mut(cells.clone()).unwrap_or_default() {
                *gain += 1.0 / (p * n);
            }
        }
        gains
    }

    /// How a row's likelihood changes with every mass of the support but its last, which takes up
    /// what the others leave.
    fn direction(cells: &Range<usize>, support: &[usize]) -> Vec<f64> {
        let within = |at: &usize| f64::from(u8::from(cells.contains(at)));
        let last = support.last().map_or(0.0, within);
        support.iter().rev().skip(1).rev().map(|at| within(at) - last).collect()
    }

    fn information(&self, masses: &[f64], support: &[usize]) -> (Vec<f64>, Square) {
        let size = support.len().saturating_sub(1);
        let (mut score, mut information) = (vec![0.0; size], Square::zeros(size));
        for (cells, p) in self.cells.iter().zip(self.likelihoods(masses)) {
            let direction = Self::direction(cells, support);
            crate::linear::add_scaled(&mut score, &direction, 1.0 / p);
            information.add_outer(&direction, 1.0 / (p * p));
        }
        (score, information)
    }

    /// A Newton step of every mass of the support.
    fn step(&self, masses: &[f64], support: &[usize]) -> Option<Vec<f64>> {
        let (score, information) = self.information(masses, support);
        let mut step = information.cholesky()?.solve(&score);
        step.push(-step.iter().sum::<f64>());
        Some(step)
    }

    /// Walks as far as masses stay above 0 and the likelihood does not fall.
    fn walk(&self, masses: &mut Vec<f64>, support: &[usize], step: &[f64]) {
        let before = self.log_likelihood(masses);
        let room = support.iter().zip(step).filter(|it| *it.1 < 0.0);
        let mut share = room
            .filter_map(|(at, step)| Some(-0.95 * masses.get(*at)? / step))
            .fold(1.0_f64, f64::min);
        for _ in 0..40 {
            let mut ahead = masses.clone();
            for (at, step) in support.iter().zip(step) {
                if let Some(mass) = ahead.get_mut(*at) {
                    *mass += share * step;
                }
            }
            if self.log_likelihood(&ahead) >= before - 1e-12 * (1.0 + before.abs()) {
                *masses = ahead;
                return;
            }
            share /= 2.0;
        }
    }

    fn curve(&self, masses: Vec<f64>, support: Vec<usize>) -> Turnbull {
        let (_, information) = self.information(&masses, &support);
        let inverse = information.inverse();
        Turnbull { inner: self.inner.clone(), masses, support, inverse }
    }
}

impl Turnbull {
    /// The time after which nothing is known: rows that were last seen then have mass left.
    pub(crate) fn known_until(&self) -> f64 {
        match self.inner.last().zip(self.masses.last()) {
            Some(((low, high), mass)) if high.is_infinite() && *mass > 0.0 => *low,
            _ => f64::INFINITY,
        }
    }

    /// The survival at a time; None beyond what is known.
    pub(crate) fn at(&self, time: f64) -> Option<Seen> {
        if time > self.known_until() {
            return None;
        }
        let sum = |fallen: &dyn Fn(&(f64, f64)) -> bool| -> f64 {
            let own = self.inner.iter().zip(&self.masses).filter(|(it, _)| !fallen(it));
            own.map(|it| it.1).sum()
        };
        // 1 less what has fallen: the weights of the support but its last.
        let fallen = |at: &usize| self.inner.get(*at).is_some_and(|it| it.1 <= time);
        let last = self.support.last().is_some_and(fallen);
        let weight = |at: &usize| f64::from(u8::from(fallen(at))) - f64::from(u8::from(last));
        let weights: Vec<f64> = self.support.iter().rev().skip(1).rev().map(weight).collect();
        Some(Seen {
            survival: sum(&|it| it.1 <= time),
            variance: self.inverse.as_ref().map(|it| dot(&weights, &it.times(&weights))),
            least: sum(&|it| it.0 < time),
        })
    }

    /// The interval in which the share without the event passes one half; None if it does not.
    pub(crate) fn median(&self) -> Option<(f64, f64)> {
        let mut survival = 1.0;
        for ((low, high), mass) in self.inner.iter().zip(&self.masses) {
            survival -= mass;
            if survival <= 0.5 + 1e-9 {
                return Some((*low, *high)).filter(|_| high.is_finite());
            }
        }
        None
    }
}
