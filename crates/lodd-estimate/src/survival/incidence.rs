//! Cumulative incidence with competing exits (Aalen and Johansen 1978).

/// How a row left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It was censored.
    Censored,
    /// By the event.
    Event,
    /// By another exit, after which the event can't come.
    Other,
}

/// The shares of one arm that left by either exit, at the times asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Incidence {
    pub(crate) event: f64,
    pub(crate) event_error: f64,
    pub(crate) other: f64,
    pub(crate) other_error: f64,
}

/// The shares at each of the ascending `times`; None where nobody is followed so long.
///
/// Each is Σ S(u−)·d/n over times u, S falling with both exits. Its standard error is the root of
/// the sum of squared derivatives by the rows' weights (the infinitesimal jackknife).
pub(crate) fn incidence(rows: &[(f64, Exit)], times: &[f64]) -> Vec<Option<Incidence>> {
    let mut steps: Vec<f64> = rows.iter().map(|it| it.0).collect();
    steps.sort_by(f64::total_cmp);
    steps.dedup();
    let last = steps.last().copied().unwrap_or(0.0);
    let mut state = State::new(rows.len());
    let mut steps = steps.into_iter().peekable();
    let mut found = Vec::with_capacity(times.len());
    for time in times {
        while let Some(step) = steps.next_if(|it| it <= time) {
            state.pass(rows, step);
        }
        let known = *time <= last || state.survival <= 0.0;
        found.push(known.then(|| state.shares()));
    }
    found
}

/// Shares up to a time, and their derivatives by each row's weight.
struct State {
    survival: f64,
    shares: [f64; 2],
    survival_slopes: Vec<f64>,
    share_slopes: [Vec<f64>; 2],
}

impl State {
    fn new(rows: usize) -> Self {
        let none = || vec![0.0; rows];
        Self {
            survival: 1.0,
            shares: [0.0; 2],
            survival_slopes: none(),
            share_slopes: [none(), none()],
        }
    }

    fn shares(&self) -> Incidence {
        let error = |slopes: &[f64]| slopes.iter().map(|it| it * it).sum::<f64>().sqrt();
        let [event, other] = self.shares;
        let [event_slopes, other_slopes] = &self.share_slopes;
        Incidence {
            event,
            event_error: error(event_slopes),
            other,
            other_error: error(other_slopes),
        }
    }

    fn pass(&mut self, rows: &[(f64, Exit)], time: f64) {
        let leaves =
            |row: &(f64, Exit), exit: Exit| row.0.total_cmp(&time).is_eq() && row.1 == exit;
        let at_risk = rows.iter().filter(|it| it.0 >= time).count() as f64;
        let exits = [Exit::Event, Exit::Other];
        let hazards =
            exits.map(|exit| rows.iter().filter(|it| leaves(it, exit)).count() as f64 / at_risk);
        let total: f64 = hazards.iter().sum();
        if total <= 0.0 {
            return;
        }
        for (at, row) in rows.iter().enumerate() {
            let Some(slope) = self.survival_slopes.get_mut(at) else { continue };
            let present = f64::from(u8::from(row.0 >= time));
            let mut all = 0.0;
            for ((exit, hazard), slopes) in exits.iter().zip(hazards).zip(&mut self.share_slopes) {
                let own = f64::from(u8::from(leaves(row, *exit)));
                let change = (own - present * hazard) / at_risk;
                all += change;
                if let Some(it) = slopes.get_mut(at) {
                    *it += *slope * hazard + self.survival * change;
                }
            }
            *slope = *slope * (1.0 - total) - self.survival * all;
        }
        for (share, hazard) in self.shares.iter_mut().zip(hazards) {
            *share += self.survival * hazard;
        }
        self.survival *= 1.0 - total;
    }
}
