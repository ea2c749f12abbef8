//! When outcomes are measured: targets and windows (data model, section 4).
//!
//! Months are added here and not in SQL: no two engines agree on what 31 August plus six months
//! is. It is the last day of February.

use jiff::{ToSpan, civil::Date};

use crate::{
    mistake::{Mistake, MistakeKind},
    months::{day_number, month_number},
};

/// `[followup]` of the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followup {
    /// Days from a window's end until its snapshots are due.
    pub reporting_lag_days: i64,
    /// As listed; no horizon is implied.
    pub horizons: Vec<Horizon>,
}

/// One `[[followup.horizon]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// What it counts to.
    pub at: At,
    /// Days before the target that still count; `None` for the default.
    pub low_days: Option<i64>,
    /// Days after the target that still count; `None` for the default.
    pub high_days: Option<i64>,
}

/// A number of months after the draw, or a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Calendar months after the draw; 0 is the start.
    Months(i64),
    /// The same date for every unit, whenever it was drawn.
    Date(Date),
}

/// A horizon of one draw, as the table `targets` holds it. Dates are days since 1970-01-01,
/// months year·12 + month − 1, both ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the table's columns")]
pub struct Target {
    pub draw: i64,
    /// `12` or `2016-12-31`.
    pub horizon: String,
    /// Place in the protocol, from 1.
    pub horizon_order: i64,
    pub target: i64,
    pub window_low: i64,
    pub window_high: i64,
    /// The window's end plus the reporting lag.
    pub due_on: i64,
    pub target_year: i64,
    /// Month 1: the one after the draw's.
    pub month_first: i64,
    /// Month h, or the target's with a date. Below `month_first` at the start.
    pub month_last: i64,
}

/// Months, days before and days after.
const DEFAULTS: &[(i64, i64, i64)] =
    &[(0, 60, 0), (3, 30, 30), (6, 30, 30), (12, 45, 45), (18, 45, 45), (24, 45, 45)];

/// Twenty years.
const MONTHS_MAX: i64 = 240;
/// A window wider than two years is no window.
const DAYS_MAX: i64 = 730;

impl At {
    /// The horizon's name in every table.
    pub fn label(self) -> String {
        match self {
            Self::Months(months) => months.to_string(),
            Self::Date(date) => date.to_string(),
        }
    }

    fn of(self, drawn_on: Date) -> Option<Date> {
        match self {
            Self::Months(months) => drawn_on.checked_add(months.months()).ok(),
            Self::Date(date) => Some(date),
        }
    }
}

impl Horizon {
    /// Days before and after the target, if they are given or known.
    fn window(&self) -> Option<(i64, i64)> {
        let default = DEFAULTS.iter().find(|(months, _, _)| self.at == At::Months(*months));
        let low = self.low_days.or(default.map(|(_, low, _)| *low))?;
        let high = self.high_days.or(default.map(|(_, _, high)| *high))?;
        Some((low, high))
    }

    fn check(&self, path: &str, mistakes: &mut Vec<Mistake>) {
        let mut range = |key: &str, max: i64, found: i64| {
            if !(0..=max).contains(&found) {
                let kind = MistakeKind::OutOfRange { min: 0, max, found };
                mistakes.push(Mistake::new(format!("{path}.{key}"), kind));
            }
        };
        if let At::Months(months) = self.at {
            range("months", MONTHS_MAX, months);
        }
        self.low_days.into_iter().for_each(|it| range("low_days", DAYS_MAX, it));
        self.high_days.into_iter().for_each(|it| range("high_days", DAYS_MAX, it));
        if self.window().is_none() {
            let horizon = self.at.label();
            mistakes.push(Mistake::new(path, MistakeKind::NoDefaultWindow { horizon }));
        }
        // With this, the nearest snapshot to the target is the latest one, as section 4 asks.
        if self.at == At::Months(0) && self.high_days.is_some_and(|it| it > 0) {
            let kind = MistakeKind::BaselineAfterDraw;
            mistakes.push(Mistake::new(format!("{path}.high_days"), kind));
        }
    }
}

impl Followup {
    /// What can be known before the draw: ranges, defaults, and windows in months that would
    /// overlap for some date of the draw.
    pub(crate) fn check(&self) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        if !(0..=DAYS_MAX).contains(&self.reporting_lag_days) {
            let (max, found) = (DAYS_MAX, self.reporting_lag_days);
            let kind = MistakeKind::OutOfRange { min: 0, max, found };
            mistakes.push(Mistake::new("followup.reporting_lag_days", kind));
        }
        for (at, horizon) in self.horizons.iter().enumerate() {
            horizon.check(&path(at), &mut mistakes);
        }
        if !mistakes.is_empty() {
            return mistakes;
        }
        mistakes = self.overlaps_of_dates();
        mistakes.extend(self.overlaps_for_some_draw());
        mistakes
    }

    /// Horizons that are dates, held against each other: these need no draw.
    fn overlaps_of_dates(&self) -> Vec<Mistake> {
        let dated: Vec<(usize, &Horizon, i64, i64)> = self
            .horizons
            .iter()
            .enumerate()
            .filter_map(|(at, it)| {
                let At::Date(date) = it.at else { return None };
                let ((low, high), day) = (it.window()?, day_number(date));
                Some((at, it, day - low, day + high))
            })
            .collect();
        let mut mistakes = Vec::new();
        for (nth, (at, second, low, high)) in dated.iter().enumerate() {
            for (_, first, from, to) in dated.iter().take(nth) {
                if from <= high && low <= to {
                    let kind = MistakeKind::Overlap {
                        first: first.at.label(),
                        second: second.at.label(),
                        when: "their windows share a day".to_owned(),
                    };
                    mistakes.push(Mistake::new(path(*at), kind));
                }
            }
        }
        mistakes
    }

    /// Horizons in months, over every date of eight years: all month lengths, leap years and
    /// common ones.
    fn overlaps_for_some_draw(&self) -> Vec<Mistake> {
        let in_months = |at: At| matches!(at, At::Months(_));
        let mut drawn_on = jiff::civil::date(2021, 1, 1);
        while drawn_on < jiff::civil::date(2029, 1, 1) {
            if let Err(mistakes) = self.targets_of(&[(0, drawn_on)], in_months) {
                return mistakes;
            }
            drawn_on = drawn_on.saturating_add(1.day());
        }
        Vec::new()
    }

    /// The targets of each `(draw, drawn_on)`, in the order of the draws and the protocol.
    ///
    /// # Errors
    ///
    /// If windows overlap, if a date does not come after the draw, or if one leaves the calendar.
    pub fn targets(&self, draws: &[(i64, Date)]) -> Result<Vec<Target>, Vec<Mistake>> {
        self.targets_of(draws, |_| true)
    }

    fn targets_of(
        &self,
        draws: &[(i64, Date)],
        wanted: impl Fn(At) -> bool,
    ) -> Result<Vec<Target>, Vec<Mistake>> {
        let mut targets = Vec::new();
        let mut mistakes = Vec::new();
        for &(draw, drawn_on) in draws {
            let mut of_draw = Vec::new();
            let horizons = (1..).zip(&self.horizons).enumerate();
            for (at, (order, horizon)) in horizons.filter(|(_, (_, it))| wanted(it.at)) {
                match self.target(horizon, (draw, drawn_on)) {
                    Ok(target) => of_draw.push(Target { horizon_order: order, ..target }),
                    Err(kind) => mistakes.push(Mistake::new(path(at), kind)),
                }
            }
            mistakes.extend(overlaps(&of_draw, drawn_on));
            targets.extend(of_draw);
        }
        if mistakes.is_empty() { Ok(targets) } else { Err(mistakes) }
    }

    fn target(
        &self,
        horizon: &Horizon,
        (draw, drawn_on): (i64, Date),
    ) -> Result<Target, MistakeKind> {
        let label = horizon.at.label();
        let (low, high) = horizon
            .window()
            .ok_or_else(|| MistakeKind::NoDefaultWindow { horizon: label.clone() })?;
        let date = horizon.at.of(drawn_on).ok_or(MistakeKind::DateOutOfRange)?;
        if matches!(horizon.at, At::Date(date) if date <= drawn_on) {
            let drawn_on = drawn_on.to_string();
            return Err(MistakeKind::BeforeDraw { horizon: label, drawn_on });
        }
        let month_first = month_number(drawn_on) + 1;
        let target = day_number(date);
        Ok(Target {
            draw,
            horizon: label,
            horizon_order: 0,
            target,
            window_low: target - low,
            window_high: target + high,
            due_on: target + high + self.reporting_lag_days,
            target_year: date.year().into(),
            month_first,
            month_last: month_number(date),
        })
    }
}

fn path(at: usize) -> String {
    format!("followup.horizon[{at}]")
}

/// Every pair of windows of one draw that share a day.
fn overlaps(targets: &[Target], drawn_on: Date) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for (earlier, second) in targets.iter().enumerate() {
        for first in targets.iter().take(earlier) {
            if first.window_low <= second.window_high && second.window_low <= first.window_high {
                let kind = MistakeKind::Overlap {
                    first: first.horizon.clone(),
                    second: second.horizon.clone(),
                    when: format!("their windows share a day after a draw on {drawn_on}"),
                };
                let path = format!("followup.horizon[{}]", second.horizon_order - 1);
                mistakes.push(Mistake::new(path, kind));
            }
        }
    }
    mistakes
}
