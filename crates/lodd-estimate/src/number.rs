//! What an estimator gives: one row of the estimates.

use crate::distributions::{t_quantile, t_two_sided};
use crate::linear::sum_of;
use crate::{Options, Sample};

/// Below this, Satterthwaite's approximation fails (Pustejovsky and Tipton 2018), and normality
/// matters.
const FEW_DF: f64 = 4.0;

/// One number with its uncertainty and the rows it rests on.
///
/// What does not exist is None, and `note` says why. No field is ever NaN or infinite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Number {
    /// What it is: the treatment's name for the effect, else a word of the estimator's.
    pub term: String,
    /// The estimate, in the outcome's unit.
    pub estimate: Option<f64>,
    /// Its standard error.
    pub std_error: Option<f64>,
    /// The test statistic.
    pub statistic: Option<f64>,
    /// Degrees of freedom of the statistic.
    pub df: Option<f64>,
    /// P-value, of the alternative in the options where there is one, else two-sided.
    pub p_value: Option<f64>,
    /// Lower end of the interval of level 1 − alpha.
    pub conf_low: Option<f64>,
    /// Upper end of it.
    pub conf_high: Option<f64>,
    /// Which standard error it is.
    pub se_type: Option<&'static str>,
    /// Rows used.
    pub n: u64,
    /// Treated rows used.
    pub n_treated: u64,
    /// Control rows used.
    pub n_control: u64,
    /// Clusters, if rows are clustered.
    pub n_clusters: Option<u64>,
    /// Blocks, if units were drawn in blocks.
    pub n_blocks: Option<u64>,
    /// Mean outcome of the treated rows; of the effect only.
    pub mean_treated: Option<f64>,
    /// Mean outcome of the control rows; of the effect only.
    pub mean_control: Option<f64>,
    /// Treated rows with outcome 1, if the outcome is 0 or 1; of the effect only.
    pub events_treated: Option<u64>,
    /// Control rows with outcome 1, likewise.
    pub events_control: Option<u64>,
    /// What a reader must know beside the numbers; parts are separated by `; `.
    pub note: Option<String>,
}

/// An estimate with what its t statistic needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inference {
    pub(crate) estimate: f64,
    pub(crate) std_error: Option<f64>,
    pub(crate) df: Option<f64>,
}

impl Number {
    /// A number of which only the rows are known yet.
    pub(crate) fn of(sample: &Sample, term: &str) -> Self {
        Self {
            term: term.to_owned(),
            n: sample.n() as u64,
            n_treated: sample.n_treated() as u64,
            n_control: sample.n_control() as u64,
            n_clusters: sample.clusters.as_ref().map(|it| it.len() as u64),
            n_blocks: (!sample.block_ids.is_empty()).then_some(sample.block_ids.len() as u64),
            ..Self::default()
        }
    }

    /// The number of the effect, with the arms' means and events.
    pub(crate) fn of_effect(sample: &Sample, options: &Options) -> Self {
        let arm = |treated: bool| -> Vec<f64> {
            let rows = sample.y.iter().zip(&sample.treated);
            rows.filter(|(_, it)| **it == treated).map(|(y, _)| *y).collect()
        };
        let (treated, control) = (arm(true), arm(false));
        let binary = is_binary(&sample.y);
        let events = |y: &[f64]| binary.then(|| y.iter().filter(|it| **it > 0.0).count() as u64);
        Self {
            mean_treated: Some(mean(&treated)),
            mean_control: Some(mean(&control)),
            events_treated: events(&treated),
            events_control: events(&control),
            ..Self::of(sample, &options.treatment)
        }
    }

    /// Fills in the estimate and its t inference, as far as that exists.
    pub(crate) fn infer(mut self, it: Inference, se_type: &'static str, alpha: f64) -> Self {
        self.estimate = Some(it.estimate);
        self.std_error = it.std_error;
        self.se_type = it.std_error.map(|_| se_type);
        let Some(std_error) = it.std_error else { return self };
        if std_error <= 0.0 {
            self.note("the standard error is 0: no test, no interval");
            return self;
        }
        self.statistic = Some(it.estimate / std_error);
        let Some(df) = it.df.filter(|it| it.is_finite() && *it > 0.0) else {
            self.note("the degrees of freedom are not defined: no test, no interval");
            return self;
        };
        self.df = Some(df);
        if df < FEW_DF {
            self.note(format!("df {df:.2} is below 4: p-value and interval are unreliable"));
        }
        self.p_value = t_two_sided(it.estimate / std_error, df);
        match t_quantile(alpha / 2.0, df) {
            Some(t) => {
                self.conf_low = Some(it.estimate - t * std_error);
                self.conf_high = Some(it.estimate + t * std_error);
            }
            None => self.note("the interval is too wide to be written"),
        }
        self
    }

    /// Adds a part to the note.
    pub(crate) fn note(&mut self, part: impl AsRef<str>) {
        match &mut self.note {
            Some(note) => {
                note.push_str("; ");
                note.push_str(part.as_ref());
            }
            None => self.note = Some(part.as_ref().to_owned()),
        }
    }

    /// Turns what overflowed into nulls, with a note.
    pub(crate) fn finite(mut self) -> Self {
        let mut overflowed = false;
        for field in [
            &mut self.estimate,
            &mut self.std_error,
            &mut self.statistic,
            &mut self.df,
            &mut self.p_value,
            &mut self.conf_low,
            &mut self.conf_high,
            &mut self.mean_treated,
            &mut self.mean_control,
        ] {
            if field.is_some_and(|it| !it.is_finite()) {
                *field = None;
                overflowed = true;
            }
        }
        if overflowed {
            self.note("a number is too large to be written");
        }
        self
    }
}

/// The mean, with a second pass that takes out the rounding of the first: the mean of equal
/// numbers is that number.
pub(crate) fn mean(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let rough = sum_of(values, |it| it) / n;
    rough + sum_of(values, |it| it - rough) / n
}

/// Whether all values are the same.
pub(crate) fn is_constant(values: &[f64]) -> bool {
    values.windows(2).all(|pair| matches!(pair, [a, b] if a.total_cmp(b).is_eq()))
}

/// Whether all values are 0 or 1.
pub(crate) fn is_binary(values: &[f64]) -> bool {
    values.iter().all(|it| it.abs().total_cmp(&0.0).is_eq() || it.total_cmp(&1.0).is_eq())
}
