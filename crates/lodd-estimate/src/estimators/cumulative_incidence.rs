//! Cumulative incidence of an event with competing exits.

use super::refusals::refuse_clusters;
use crate::asymptotic::normal_quantile;
use crate::survival::Times;
use crate::survival::incidence::{Exit, Incidence, incidence};
use crate::{
    EstimateError, Estimator, Measure, Number, Options, OutcomeKind, Redraw, Role, Sample,
};

/// Aalen and Johansen's shares of both arms at given times.
#[derive(Debug)]
pub(super) struct CumulativeIncidence;

impl Estimator for CumulativeIncidence {
    fn name(&self) -> &'static str {
        "cumulative_incidence"
    }
    fn summary(&self) -> &'static str {
        "Share with the event by given times, where others left by a competing exit (moved, died)"
    }
    fn formula(&self) -> &'static str {
        "F(t) = Σ S(u−)·d_u/n_u over times u up to t, with d_u events among n_u at risk and S falling \
         with events and competing exits (Aalen and Johansen). Variance: the sum over rows of the \
         squared derivative of F by the row's weight (infinitesimal jackknife). Interval F ± z·se, \
         within 0 and 1."
    }
    fn assumptions(&self) -> &'static str {
        "Rows are independent, and censoring says nothing of what would have come; an exit is no \
         censoring: it is counted. Times are exact, or the snapshot at which a status was first seen. \
         The arms are compared without regard to blocks."
    }
    fn source(&self) -> &'static str {
        "Aalen and Johansen (1978), Scandinavian Journal of Statistics 5; as R survival's survfit"
    }
    fn measure(&self) -> Measure {
        Measure::Other
    }
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Time
    }
    fn needs(&self) -> &'static [&'static str] {
        &["event", "competing"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["event", "competing", "times"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            (
                "difference@T",
                "share of the treated with the event at the time T less the controls'",
            ),
            ("incidence@T[1]", "share of the treated with the event at the time T"),
            ("incidence@T[0]", "share of the controls with the event at the time T"),
            ("competing@T[1]", "share of the treated that left by another exit at the time T"),
            ("competing@T[0]", "share of the controls that left by another exit at the time T"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        if options.times.is_empty() {
            return Err(EstimateError::NeedsOption { estimator: self.name(), option: "times" });
        }
        let rows = rows(sample)?;
        let arm = |treated: bool| {
            let own = rows.iter().zip(&sample.treated).filter(|it| *it.1 == treated);
            incidence(&own.map(|it| *it.0).collect::<Vec<_>>(), &options.times)
        };
        let (treated, control) = (arm(true), arm(false));
        let report = Report { sample, options };
        let all = options.times.iter().zip(treated.into_iter().zip(control));
        Ok(all.flat_map(|(time, (one, zero))| report.numbers(*time, one, zero)).collect())
    }
}

/// Times with the exit of each row. Where a row has both marks the event came with the exit.
fn rows(sample: &Sample) -> Result<Vec<(f64, Exit)>, EstimateError> {
    let times = Times::of(sample)?;
    let other = sample.column(Role::Competing).map(|it| it.values.as_slice()).unwrap_or_default();
    let exit = |((time, event), other): ((&f64, &bool), &f64)| {
        let exit = match (*event, *other > 0.5) {
            (true, _) => Exit::Event,
            (false, true) => Exit::Other,
            (false, false) => Exit::Censored,
        };
        (*time, exit)
    };
    Ok(times.time.iter().zip(&times.event).zip(other).map(exit).collect())
}

struct Report<'a> {
    sample: &'a Sample,
    options: &'a Options,
}

impl Report<'_> {
    fn numbers(&self, time: f64, one: Option<Incidence>, zero: Option<Incidence>) -> Vec<Number> {
        let mut difference = Number::of(self.sample, &format!("difference@{time}"));
        if let (Some(one), Some(zero)) = (one, zero) {
            difference.mean_treated = Some(one.event);
            difference.mean_control = Some(zero.event);
            let std_error = one.event_error.hypot(zero.event_error);
            difference = difference.infer_normal(
                one.event - zero.event,
                Some(std_error),
                "infinitesimal_jackknife",
                self.options.alpha,
            );
        } else {
            difference.note("an arm was not followed so long");
        }
        let mut numbers = vec![difference];
        for (name, other) in [("incidence", false), ("competing", true)] {
            for (arm, it) in [(1, one), (0, zero)] {
                let number = Number::of(self.sample, &format!("{name}@{time}[{arm}]"));
                let share = it.map(|it| {
                    if other { (it.other, it.other_error) } else { (it.event, it.event_error) }
                });
                numbers.push(self.share(number, share));
            }
        }
        numbers
    }

    fn share(&self, mut number: Number, share: Option<(f64, f64)>) -> Number {
        let Some((at, error)) = share else {
            number.note("nobody of the arm was followed so long");
            return number;
        };
        let reach = normal_quantile(self.options.alpha / 2.0) * error;
        number.std_error = Some(error);
        number.se_type = Some("infinitesimal_jackknife");
        number.describe(at, Some(((at - reach).max(0.0), (at + reach).min(1.0))))
    }
}
