//! Events of both arms against what equal hazards would give.

use super::Times;
use crate::Sample;

/// The log-rank test's counts, summed over strata.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LogRank {
    pub(crate) observed_treated: f64,
    pub(crate) expected_treated: f64,
    pub(crate) observed_control: f64,
    pub(crate) expected_control: f64,
    /// Hypergeometric variance of the treated events.
    pub(crate) variance: f64,
}

impl LogRank {
    /// Of a sample (Mantel 1966; Peto and Peto 1972).
    pub(crate) fn of(times: &Times, sample: &Sample) -> Self {
        let mut strata = vec![Vec::new(); times.strata];
        let rows = times.time.iter().zip(&times.event).zip(&sample.treated).zip(&times.stratum);
        for (((time, event), treated), stratum) in rows {
            if let Some(rows) = strata.get_mut(*stratum) {
                rows.push((*time, *event, *treated));
            }
        }
        let mut all = Self::default();
        for rows in &mut strata {
            all.add(rows);
        }
        all
    }

    fn add(&mut self, rows: &mut [(f64, bool, bool)]) {
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (mut at_risk, mut treated) = (0.0, 0.0);
        // From the last time back, so that the rows at risk are those already passed.
        for run in rows.chunk_by(|a, b| a.0 <= b.0) {
            let count = |keep: &dyn Fn(&(f64, bool, bool)) -> bool| {
                run.iter().filter(|it| keep(it)).count() as f64
            };
            at_risk += run.len() as f64;
            treated += count(&|it| it.2);
            let (events, own) = (count(&|it| it.1), count(&|it| it.1 && it.2));
            self.observed_treated += own;
            self.observed_control += events - own;
            let share = treated / at_risk;
            self.expected_treated += events * share;
            self.expected_control += events * (1.0 - share);
            if at_risk > 1.0 {
                let left = (at_risk - events) / (at_risk - 1.0);
                self.variance += events * share * (1.0 - share) * left;
            }
        }
    }
}
