//! The curve of Kaplan and Meier (1958), and the area under it.

use crate::ConfType;
use crate::asymptotic::normal_quantile;

/// A curve within this of one half is at one half, as in R's `survfit`.
const FLAT: f64 = 1.49e-8;

/// What happened at one time.
#[derive(Clone, Copy, Debug)]
struct Step {
    time: f64,
    at_risk: f64,
    events: f64,
    /// The share without an event after this time.
    survival: f64,
    /// Greenwood's sum Σ d/(n(n − d)) up to this time; infinite once nobody is left.
    greenwood: f64,
}

/// The curve of one arm.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    steps: Vec<Step>,
    events: u64,
}

/// A survival with its standard error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Survival {
    pub(crate) at: f64,
    /// None once everyone has had the event.
    pub(crate) std_error: Option<f64>,
    /// Rows with a time at or after this one.
    pub(crate) at_risk: f64,
    pub(crate) interval: Option<(f64, f64)>,
}

/// A median with its interval; None is where a curve does not fall that far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Median {
    pub(crate) at: Option<f64>,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
}

/// A restricted mean with its variance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    pub(crate) mean: f64,
    pub(crate) variance: f64,
}

impl Curve {
    /// Of the times of an arm. At equal times events come before censorings.
    pub(crate) fn of(time: &[f64], event: &[bool]) -> Self {
        let mut rows: Vec<(f64, bool)> = time.iter().copied().zip(event.iter().copied()).collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut at_risk, mut survival, mut greenwood) = (rows.len() as f64, 1.0, 0.0);
        let mut steps = Vec::new();
        for run in rows.chunk_by(|a, b| a.0 >= b.0) {
            let events = run.iter().filter(|it| it.1).count() as f64;
            if events > 0.0 {
                survival *= (at_risk - events) / at_risk;
                greenwood += events / (at_risk * (at_risk - events));
            }
            let time = run.first().map_or(0.0, |it| it.0);
            steps.push(Step { time, at_risk, events, survival, greenwood });
            at_risk -= run.len() as f64;
        }
        Self { steps, events: event.iter().filter(|it| **it).count() as u64 }
    }

    /// Events seen.
    pub(crate) fn events(&self) -> u64 {
        self.events
    }

    /// The time up to which the curve is known: for ever once nobody is left, else the last time.
    pub(crate) fn known_until(&self) -> f64 {
        match self.steps.last() {
            Some(it) if it.survival > 0.0 => it.time,
            _ => f64::INFINITY,
        }
    }

    /// The survival at a time; None beyond what is known.
    pub(crate) fn at(&self, time: f64, conf_type: ConfType, alpha: f64) -> Option<Survival> {
        if time > self.known_until() {
            return None;
        }
        let passed = self.steps.partition_point(|it| it.time <= time);
        let before = self.steps.partition_point(|it| it.time < time);
        let last = passed.checked_sub(1).and_then(|at| self.steps.get(at));
        let (survival, greenwood) = last.map_or((1.0, 0.0), |it| (it.survival, it.greenwood));
        Some(Survival {
            at: survival,
            std_error: (survival > 0.0).then(|| survival * greenwood.sqrt()),
            at_risk: self.steps.get(before).map_or(0.0, |it| it.at_risk),
            interval: interval(survival, greenwood, conf_type, alpha),
        })
    }

    /// The median: where the curve falls below one half, or the middle of its level stretch there.
    /// Its ends are the medians of the curve's lower and upper ends (Brookmeyer and Crowley 1982).
    pub(crate) fn median(&self, conf_type: ConfType, alpha: f64) -> Median {
        let half = |value: &dyn Fn(&Step) -> Option<f64>| {
            let known = self.steps.iter().filter_map(|it| Some((it.time, value(it)?)));
            let fallen: Vec<(f64, f64)> = known.filter(|it| it.1 < 0.5 + FLAT).collect();
            let (time, level) = fallen.first().copied()?;
            let next = fallen.iter().find(|it| it.1 < level);
            match next {
                Some(next) if (level - 0.5).abs() < FLAT => Some(f64::midpoint(time, next.0)),
                _ => Some(time),
            }
        };
        let end = |it: &Step| interval(it.survival, it.greenwood, conf_type, alpha);
        Median {
            at: half(&|it| Some(it.survival)),
            low: half(&|it| end(it).map(|it| it.0)),
            high: half(&|it| end(it).map(|it| it.1)),
        }
    }

    /// The area up to `tau`, with Σ A²d/(n(n − d)) where A is what lies after an event; None if
    /// the curve is not known so far.
    pub(crate) fn area(&self, tau: f64) -> Option<Area> {
        if tau > self.known_until() {
            return None;
        }
        // From the end back, so that what lies after each event is at hand.
        let (mut after, mut variance, mut until) = (0.0, 0.0, tau);
        for it in self.steps.iter().rev().filter(|it| it.time < tau) {
            after += it.survival * (until - it.time);
            until = it.time;
            if it.events > 0.0 && it.at_risk > it.events {
                variance += after * after * it.events / (it.at_risk * (it.at_risk - it.events));
            }
        }
        // Up to the first time all are without the event.
        Some(Area { mean: after + until, variance })
    }

    /// The survival just before each event time, event by event, in ascending order.
    pub(crate) fn before_events(&self) -> Vec<(f64, f64)> {
        let mut survival = 1.0;
        let mut all = Vec::new();
        for it in self.steps.iter().filter(|it| it.events > 0.0) {
            all.push((it.time, survival));
            survival = it.survival;
        }
        all
    }
}

/// The interval of a survival on the scale asked for; None where that scale has none.
fn interval(survival: f64, greenwood: f64, conf_type: ConfType, alpha: f64) -> Option<(f64, f64)> {
    if survival <= 0.0 {
        return None;
    }
    let reach = normal_quantile(alpha / 2.0) * greenwood.sqrt();
    match conf_type {
        ConfType::Log => Some((survival * (-reach).exp(), (survival * reach.exp()).min(1.0))),
        ConfType::Plain => {
            let reach = reach * survival;
            Some(((survival - reach).max(0.0), (survival + reach).min(1.0)))
        }
        ConfType::LogLog if survival < 1.0 => {
            let log = survival.ln();
            let power = (reach / log.abs()).exp();
            Some(((log * power).exp(), (log / power).exp()))
        }
        ConfType::LogLog => None,
    }
}
