//! Two-stage least squares: the effect on those who take what they are assigned.

use crate::columns::{Column, Role};
use crate::distributions::t_quantile;
use crate::least_squares::{Contrast, Fit, INTERCEPT, Regressor};
use crate::linear::add_scaled;
use crate::regression::{Levels, Report, Settings, check_names};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// Below this F the instrument is weak, and only Anderson and Rubin's interval holds its level.
const WEAK: f64 = 10.0;

/// Two-stage least squares.
#[derive(Debug)]
pub(super) struct Iv;

impl Estimator for Iv {
    fn name(&self) -> &'static str {
        "iv"
    }
    fn summary(&self) -> &'static str {
        "Effect of receiving on those who receive because of the draw, by two-stage least squares"
    }
    fn formula(&self) -> &'static str {
        "D̂ = fit of the endogenous D on instruments and covariates; b from least squares of y on \
         D̂ and covariates, with residuals y − bD − c'x and leverages of (D̂, x). With one binary \
         instrument and no covariates: itt/first_stage (Wald). Anderson–Rubin: the b for which \
         the instrument does not explain y − bD."
    }
    fn assumptions(&self) -> &'static str {
        "The instrument was drawn at random, changes the outcome only through what is received, \
         and makes nobody receive less. Nobody was left out for what they received."
    }
    fn source(&self) -> &'static str {
        "Imbens and Angrist (1994), Econometrica 62; Anderson and Rubin (1949); as in R estimatr \
         iv_robust"
    }
    fn options(&self) -> &'static [&'static str] {
        &[
            "endogenous",
            "instrument",
            "se",
            "df",
            "covariates",
            "factors",
            "missing_covariates",
            "weights",
            "fixed_effects",
        ]
    }
    fn needs(&self) -> &'static [&'static str] {
        &["endogenous"]
    }
    fn measure(&self) -> super::Measure {
        super::Measure::Other
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "effect of one more of the endogenous variable"),
            ("itt", "effect of the instrument on the outcome"),
            (
                "first_stage",
                "effect of the instrument on the endogenous variable; its statistic is t, F = t²",
            ),
            (
                "anderson_rubin",
                "p-value of no effect and interval that hold with a weak instrument",
            ),
            (INTERCEPT, "expected outcome with the endogenous variable and covariates 0"),
            ("{covariate}", "change of the outcome for one more of the covariate"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let settings = Settings::of(sample, options)?;
        let own = ["itt", "first_stage", "anderson_rubin", INTERCEPT, options.treatment.as_str()];
        check_names(sample, &own)?;
        let endogenous = endogenous(sample)?;
        let levels = Levels::of(sample);
        let stages = Stages { sample, options, settings, levels: &levels };
        let first = stages.reduced(&endogenous.values)?;
        let mut numbers = stages.second(endogenous, &first)?;
        let instruments = stages.instruments().len();
        if instruments > 1 {
            if let Some(effect) = numbers.first_mut() {
                effect.note(format!(
                    "{instruments} instruments: no first-stage term and no Anderson-Rubin interval"
                ));
            }
            return Ok(numbers);
        }
        let reduced = stages.reduced(&sample.y)?;
        let rest = numbers.split_off(1);
        let (itt, first_stage) = (stages.row("itt", &reduced)?, stages.row("first_stage", &first)?);
        if let (Some(effect), Some(t)) = (numbers.first_mut(), first_stage.statistic)
            && t * t < WEAK
        {
            effect.note(format!(
                "weak instrument: first-stage F {:.2} is below 10, trust anderson_rubin",
                t * t
            ));
        }
        numbers.extend([itt, first_stage, stages.anderson_rubin(&reduced, &first)?]);
        numbers.extend(rest);
        Ok(numbers)
    }
}

/// The one variable that is instrumented.
fn endogenous(sample: &Sample) -> Result<&Column, EstimateError> {
    let mut all = sample.columns(Role::Endogenous);
    match (all.next(), all.next()) {
        (Some(it), None) => Ok(it),
        (None, _) => Err(EstimateError::NeedsColumn { estimator: "iv", key: "endogenous" }),
        (Some(_), Some(_)) => {
            Err(EstimateError::NotTaken { estimator: "iv", what: "two endogenous variables" })
        }
    }
}

/// What both stages have in common.
struct Stages<'a> {
    sample: &'a Sample,
    options: &'a Options,
    settings: Settings,
    levels: &'a Levels,
}

impl Stages<'_> {
    /// The instruments; without any, the treatment.
    fn instruments(&self) -> Vec<Regressor<'_>> {
        let named: Vec<Regressor<'_>> = self
            .sample
            .columns(Role::Instrument)
            .map(|it| Regressor::new(it.name.as_str(), it.values.clone()))
            .collect();
        if named.is_empty() {
            return vec![Regressor::treatment(self.sample, &self.options.treatment)];
        }
        named
    }

    /// The fit of a variable on the instruments and covariates.
    fn reduced(&self, y: &[f64]) -> Result<Fit, EstimateError> {
        let fit = Fit::of(&self.levels.model(self.sample, y, self.instruments()));
        let first = self.levels.first_own(self.sample);
        if (0..self.instruments().len()).any(|it| fit.has(first + it)) {
            Ok(fit)
        } else {
            Err(EstimateError::TreatmentCollinear)
        }
    }

    fn second(&self, endogenous: &Column, first: &Fit) -> Result<Vec<Number>, EstimateError> {
        let (sample, options) = (self.sample, self.options);
        let at = self.levels.first_own(sample);
        let root = |row: usize| {
            sample.weights.as_ref().and_then(|it| it.get(row)).map_or(1.0, |it| it.sqrt())
        };
        // Residuals of the first stage carry the root of the weight.
        let rest = first.residuals.iter().enumerate().map(|(row, it)| it / root(row));
        let fitted = endogenous.values.iter().zip(rest).map(|(it, rest)| it - rest).collect();
        let own = vec![Regressor::new(options.treatment.as_str(), fitted)];
        let mut fit = Fit::of(&self.levels.model(sample, &sample.y, own));
        let effect = fit.coefficient(at).ok_or(EstimateError::NoFirstStage)?;
        // y − bD = (y − bD̂) − b(D − D̂)
        add_scaled(&mut fit.residuals, &first.residuals, -effect.estimate);
        let covariates = self.levels.covariates(sample).filter_map(|at| fit.coefficient(at));
        let rest = fit.intercept().into_iter().chain(covariates);
        let contrasts: Vec<Contrast> = std::iter::once(effect).chain(rest).collect();
        let report = Report { sample, options, settings: self.settings, fit: &fit };
        let mut numbers = report.numbers(&contrasts)?;
        if let Some(effect) = numbers.first_mut() {
            report.add_notes(effect);
        }
        Ok(numbers)
    }

    fn report<'a>(&'a self, fit: &'a Fit) -> Report<'a> {
        Report { sample: self.sample, options: self.options, settings: self.settings, fit }
    }

    fn instrument_of(&self, fit: &Fit, term: &str) -> Result<Contrast, EstimateError> {
        let at = self.levels.first_own(self.sample);
        fit.sum(term, &[(at, 1.0)]).ok_or(EstimateError::TreatmentCollinear)
    }

    /// The coefficient of the one instrument.
    fn row(&self, term: &str, fit: &Fit) -> Result<Number, EstimateError> {
        let contrast = self.instrument_of(fit, term)?;
        let mut numbers = self.report(fit).numbers(&[contrast])?;
        Ok(numbers.pop().unwrap_or_default())
    }

    /// The effects b for which the instrument's coefficient on y − bD is not significant:
    /// `(π_y − bπ_d)² ≤ t²·(V_yy − 2bV_yd + b²V_dd)`, as the sandwich is a square of residuals.
    fn anderson_rubin(&self, reduced: &Fit, first: &Fit) -> Result<Number, EstimateError> {
        let mut number = self.row("anderson_rubin", reduced)?;
        (number.estimate, number.std_error) = (None, None);
        (number.conf_low, number.conf_high) = (None, None);
        let itt = self.instrument_of(reduced, "itt")?.estimate;
        let taken = self.instrument_of(first, "itt")?.estimate;
        let Some(df) = number.df else { return Ok(number) };
        let Some(t) = t_quantile(self.options.alpha / 2.0, df) else { return Ok(number) };
        let variance = |on_y: f64, on_d: f64| -> Result<f64, EstimateError> {
            let mut residuals = vec![0.0; reduced.residuals.len()];
            add_scaled(&mut residuals, &reduced.residuals, on_y);
            add_scaled(&mut residuals, &first.residuals, on_d);
            self.variance(reduced, &residuals)
        };
        let (yy, dd) = (variance(1.0, 0.0)?, variance(0.0, 1.0)?);
        // Scaled so that neither variable drowns the other.
        let scale = if dd > 0.0 { (yy / dd).sqrt() } else { 1.0 };
        let yd = (variance(1.0, scale)? - variance(1.0, -scale)?) / (4.0 * scale);
        let square = taken * taken - t * t * dd;
        let half = itt * taken - t * t * yd;
        let discriminant = half * half - square * (itt * itt - t * t * yy);
        if square > 0.0 && discriminant >= 0.0 {
            let root = discriminant.sqrt();
            number.conf_low = Some((half - root) / square);
            number.conf_high = Some((half + root) / square);
        } else {
            number.note("the interval has no end: the instrument is too weak");
        }
        Ok(number)
    }

    /// The variance of the instrument's coefficient with other residuals.
    fn variance(&self, fit: &Fit, residuals: &[f64]) -> Result<f64, EstimateError> {
        let direction = self.report(fit).direction(&self.instrument_of(fit, "itt")?);
        let parts = crate::sandwich::Residuals::of(fit, self.sample.weights.as_deref());
        let parts = parts.with(residuals);
        let variances = match &self.sample.clusters {
            Some(clusters) => parts.by_cluster(self.settings.se, clusters, &[direction])?,
            None => parts.by_row(self.settings.se, &[direction]),
        };
        Ok(variances.first().map_or(0.0, |it| it.variance))
    }
}
