//! Effects by period, with a band that holds for all of them at once.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::columns::Role;
use crate::least_squares::{Contrast, Fit, Regressor};
use crate::linear::{dot, symmetric_eigen};
use crate::number::is_constant;
use crate::random::Stream;
use crate::regression::{Levels, Report, Settings, check_names};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// Regression with the treatment in each period.
#[derive(Debug)]
pub(super) struct EventStudy;

impl Estimator for EventStudy {
    fn name(&self) -> &'static str {
        "event_study"
    }
    fn summary(&self) -> &'static str {
        "Effect by period, with bands that hold for all periods at once"
    }
    fn formula(&self) -> &'static str {
        "y = a_t + Σ_t b_t·z·1(t) + c'x by least squares over units and periods t, clustered on \
         the cluster, else on the unit. Band: b_t ± q·se_t, where q is the 1 − alpha quantile of \
         max_t |N_t| for normal N with the estimates' correlation."
    }
    fn assumptions(&self) -> &'static str {
        "As lm_robust; units, or clusters if named, are independent. The band needs estimates \
         that are near normal, and takes no account of few clusters beyond the standard errors."
    }
    fn source(&self) -> &'static str {
        "Montiel Olea and Plagborg-Møller (2019), Simultaneous confidence bands, Journal of \
         Applied Econometrics 34"
    }
    fn options(&self) -> &'static [&'static str] {
        &[
            "period",
            "replicates",
            "se",
            "df",
            "covariates",
            "factors",
            "missing_covariates",
            "weights",
        ]
    }
    fn needs(&self) -> &'static [&'static str] {
        &["period"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "mean of the effects over the periods"),
            ("{treatment}@period", "effect in a period, with its own interval"),
            (
                "band@period",
                "the same with the simultaneous interval, and the p-value adjusted for looking \
                 at all periods",
            ),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let seed = options.seed.ok_or(EstimateError::NoSeed)?;
        let sample = &sample.clustered_on_units();
        let settings = Settings::of(sample, options)?;
        check_names(sample, &[&options.treatment])?;
        let Some(period) = sample.column(Role::Period) else { return Ok(Vec::new()) };
        let levels = Levels::default();
        let first = levels.first_own(sample);
        let occurs = |at: &usize| (0..period.values.len()).any(|row| period.code(row) == *at);
        let periods: Vec<usize> = (0..period.levels.len()).filter(occurs).collect();
        let label = |at: usize| period.levels.get(at).map_or("", String::as_str);
        let own = periods.iter().map(|at| {
            let value = |row: usize| {
                let on = period.code(row) == *at && sample.treated.get(row) == Some(&true);
                f64::from(u8::from(on))
            };
            let term = format!("{}@{}", options.treatment, label(*at));
            Regressor::new(term, (0..sample.n()).map(value).collect())
        });
        let mut model = levels.model(sample, &sample.y, own.collect());
        model.absorbed = Some(period);
        let fit = Fit::of(&model);
        let effects: Option<Vec<Contrast>> =
            (0..periods.len()).map(|it| fit.coefficient(first + it)).collect();
        let effects = effects.ok_or(EstimateError::TreatmentCollinear)?;
        let share = 1.0 / periods.len() as f64;
        let parts: Vec<(usize, f64)> = (0..periods.len()).map(|it| (first + it, share)).collect();
        let mean = fit.sum(&options.treatment, &parts);
        let report = Report { sample, options, settings, fit: &fit };
        let contrasts: Vec<Contrast> = mean.into_iter().chain(effects.iter().cloned()).collect();
        let mut numbers = report.numbers(&contrasts)?;
        if let Some(effect) = numbers.first_mut() {
            report.add_notes(effect);
        }
        let maxima = maxima(&report.covariance(&effects)?, options.replicates, seed)?;
        let bands: Vec<Number> =
            numbers.iter().skip(1).map(|it| band(it, options, &maxima)).collect();
        numbers.extend(bands);
        if is_constant(&sample.y) {
            numbers.iter_mut().skip(1).for_each(|it| it.note("the outcome does not vary"));
        }
        Ok(numbers)
    }
}

/// The largest of each of so many absolute normal vectors with the correlation of `covariance`,
/// ascending.
fn maxima(
    covariance: &[Vec<f64>],
    replicates: u64,
    seed: [u8; 32],
) -> Result<Vec<f64>, EstimateError> {
    let size = covariance.len();
    let deviation = |at: usize| {
        covariance.get(at).and_then(|row| row.get(at)).map_or(0.0, |it| it.max(0.0).sqrt())
    };
    let correlation = covariance.iter().enumerate().flat_map(|(i, row)| {
        row.iter().enumerate().map(move |(j, it)| {
            let scale = deviation(i) * deviation(j);
            if scale > 0.0 { it / scale } else { 0.0 }
        })
    });
    let eigen = symmetric_eigen(size, &correlation.collect::<Vec<f64>>())
        .ok_or(EstimateError::Eigenvalues)?;
    // Row t of the eigenvectors times the roots of their values.
    let roots: Vec<Vec<f64>> = (0..size)
        .map(|t| {
            let part = |(value, vector): (&f64, &Vec<f64>)| {
                value.max(0.0).sqrt() * vector.get(t).copied().unwrap_or_default()
            };
            eigen.values.iter().zip(&eigen.vectors).map(part).collect()
        })
        .collect();
    let mut maxima: Vec<f64> = (0..replicates)
        .into_par_iter()
        .map(|i| {
            let mut stream = Stream::new(seed, i);
            let normal: Vec<f64> = (0..size).map(|_| stream.normal()).collect();
            roots.iter().map(|row| dot(row, &normal).abs()).fold(0.0, f64::max)
        })
        .collect();
    maxima.sort_by(f64::total_cmp);
    Ok(maxima)
}

/// The row of a period with the simultaneous interval.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of the replicates, which are in memory"
)]
fn band(pointwise: &Number, options: &Options, maxima: &[f64]) -> Number {
    let period = pointwise.term.strip_prefix(&options.treatment).unwrap_or_default();
    let mut number = pointwise.clone();
    number.term = format!("band{period}");
    let place = ((1.0 - options.alpha) * maxima.len() as f64).ceil() as usize;
    let quantile = maxima.get(place.saturating_sub(1)).copied();
    if let (Some(estimate), Some(se), Some(t), Some(quantile)) =
        (number.estimate, number.std_error, number.statistic, quantile)
    {
        number.conf_low = Some(estimate - quantile * se);
        number.conf_high = Some(estimate + quantile * se);
        let above = maxima.len() - maxima.partition_point(|it| *it < t.abs());
        number.p_value = Some((above + 1) as f64 / (maxima.len() + 1) as f64);
        number.df = None;
        number.note(format!("simultaneous: {quantile:.3} standard errors on either side"));
    }
    number
}
