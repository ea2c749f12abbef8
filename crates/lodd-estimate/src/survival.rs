//! Times to an event, some of them censored.

pub(crate) mod cox;
pub(crate) mod curve;
pub(crate) mod hazards;
pub(crate) mod incidence;
pub(crate) mod log_rank;
pub(crate) mod snapshot_hazards;
pub(crate) mod turnbull;

use std::collections::BTreeMap;

use crate::{EstimateError, Role, Sample};

/// Times closer than this share of the mean time are the same time, as in R's `timefix`: a day
/// that was computed twice.
const SAME: f64 = 1.49e-8;

/// The rows of a sample as times.
#[derive(Clone, Debug)]
pub(crate) struct Times {
    /// Time of the event or of censoring, not negative.
    pub(crate) time: Vec<f64>,
    /// Whether the event was seen then.
    pub(crate) event: Vec<bool>,
    /// Rows are compared within strata, numbered from 0 without gaps.
    pub(crate) stratum: Vec<usize>,
    /// How many there are.
    pub(crate) strata: usize,
}

impl Times {
    /// The outcome is the time; [`Role::Event`] says whether the event was seen. Strata are the
    /// design's blocks and the columns of [`Role::Strata`], crossed.
    ///
    /// # Errors
    ///
    /// If a time is negative.
    pub(crate) fn of(sample: &Sample) -> Result<Self, EstimateError> {
        if let Some(time) = sample.y.iter().find(|it| **it < 0.0) {
            return Err(EstimateError::NegativeTime { time: *time });
        }
        let events = sample.column(Role::Event).map(|it| it.values.as_slice()).unwrap_or_default();
        let key = |row: usize| -> Vec<usize> {
            let strata = sample.columns(Role::Strata).map(|it| it.code(row));
            sample.block.get(row).copied().into_iter().chain(strata).collect()
        };
        let mut numbers = BTreeMap::new();
        for row in 0..sample.n() {
            numbers.insert(key(row), 0);
        }
        for (at, number) in numbers.values_mut().enumerate() {
            *number = at;
        }
        Ok(Self {
            time: same(&sample.y),
            event: events.iter().map(|it| *it > 0.5).collect(),
            stratum: (0..sample.n())
                .map(|row| numbers.get(&key(row)).copied().unwrap_or_default())
                .collect(),
            strata: numbers.len(),
        })
    }

    /// The times and events of an arm.
    pub(crate) fn arm(&self, sample: &Sample, treated: bool) -> (Vec<f64>, Vec<bool>) {
        let rows = self.time.iter().zip(&self.event).zip(&sample.treated);
        rows.filter(|(_, it)| **it == treated).map(|((time, event), _)| (*time, *event)).unzip()
    }
}

/// Times with those that differ by rounding made equal: each takes the first of its run.
fn same(times: &[f64]) -> Vec<f64> {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
    let mut firsts: Vec<f64> = Vec::new();
    let mut last = f64::NEG_INFINITY;
    for time in sorted {
        if time - last > SAME * mean {
            firsts.push(time);
        }
        last = time;
    }
    let first = |time: &f64| {
        let at = firsts.partition_point(|it| it <= time);
        at.checked_sub(1).and_then(|at| firsts.get(at)).copied().unwrap_or(*time)
    };
    times.iter().map(first).collect()
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn times_that_differ_by_rounding_are_the_same() {
        let times = [0.3, 0.1 + 0.2, 5.0, 0.299, 5.000_000_001, 0.0];
        assert_eq!(same(&times), [0.3, 0.3, 5.0, 0.299, 5.0, 0.0]);
    }
}
