//! Cox's proportional hazards.

use crate::linear::{add_scaled, dot};
use crate::model_matrix::ModelMatrix;
use crate::newton::Maximum;
use crate::survival::Times;
use crate::survival::cox::Partial;
use crate::survival::curve::Curve;
use crate::survival::hazards::proportional_hazards;
use crate::symmetric::Square;
use crate::{
    EstimateError, Estimator, Measure, Number, Options, OutcomeKind, Redraw, Sample, Vcov,
};

/// The ratio of the arms' hazards.
#[derive(Debug)]
pub(super) struct Cox;

/// Below this many events for each coefficient, the normal approximation is said to be rough.
const FEW_EVENTS: u64 = 10;

impl Estimator for Cox {
    fn name(&self) -> &'static str {
        "cox"
    }
    fn summary(&self) -> &'static str {
        "Cox's regression of the hazard on treatment and covariates, within blocks and strata"
    }
    fn formula(&self) -> &'static str {
        "h(t) = h_s(t)·exp(d·z + x'b) in stratum s, by partial likelihood with Efron's ties \
         (`ties`: breslow). V: the inverse information I⁻¹; HC and CR: I⁻¹(Σ u u')I⁻¹ of the scores \
         u of rows, or of clusters. Strata are the design's blocks crossed with `strata`. ph_test: \
         the score test of x·(1 − S(t−)) for the treatment, χ² with 1 degree of freedom."
    }
    fn assumptions(&self) -> &'static str {
        "The ratio of the hazards is the same at all times, which ph_test asks; else rmst says more. \
         Censoring is unrelated to the event given treatment, covariates and stratum. If all events \
         of an arm, or along a covariate, come last, there is no estimate."
    }
    fn source(&self) -> &'static str {
        "Cox (1972); Efron (1977); Lin and Wei (1989); Grambsch and Therneau (1994); as R survival's \
         coxph and cox.zph; monotone likelihood: Bryson and Johnson (1981)"
    }
    fn measure(&self) -> Measure {
        Measure::LogRatio
    }
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Time
    }
    fn needs(&self) -> &'static [&'static str] {
        &["event"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["event", "strata", "ties", "vcov", "covariates", "factors", "missing_covariates"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "logarithm of the ratio of the hazards, treated to controls"),
            ("hazard_ratio", "that ratio; the standard error is that of its logarithm"),
            ("{covariate}", "change of the logarithm of the hazard for one more of the covariate"),
            ("ph_test", "test that the treatment's coefficient is the same at all times"),
            ("loglik", "logarithm of the partial likelihood at the estimate"),
            ("loglik_null", "the same with all coefficients 0"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let vcov = super::logit::settings(sample, options)?;
        let times = Times::of(sample)?;
        let matrix = ModelMatrix::of(sample, false)?;
        let partial = Partial::new(&times, &matrix, options.ties);
        let mut effect = Number::of(sample, &options.treatment);
        let events = |treated| {
            Curve::of(&times.arm(sample, treated).0, &times.arm(sample, treated).1).events()
        };
        let (one, zero) = (events(true), events(false));
        effect.events_treated = Some(one);
        effect.events_control = Some(zero);
        let Some(fit) = partial.maximise() else {
            effect.note(
                "monotone likelihood: the events of an arm, or along a covariate, come last, or there \
                 are none, so that the likelihood has no maximum; take logrank or rmst",
            );
            return Ok(vec![effect]);
        };
        if one + zero < FEW_EVENTS * matrix.width() as u64 {
            effect.note("fewer than 10 events a coefficient: the normal approximation is rough");
        }
        if !matrix.dropped.is_empty() {
            effect.note(format!("dropped as collinear: {}", matrix.dropped.join(", ")));
        }
        let variance = match vcov {
            Vcov::Information => fit.inverse.clone(),
            _ => robust(&partial, &fit, sample),
        };
        let report = Report { sample, options, matrix: &matrix, fit: &fit, variance, vcov };
        let mut numbers = report.coefficients(effect);
        let all = Curve::of(&times.time, &times.event);
        let test = Number::of(sample, "ph_test");
        numbers.push(match proportional_hazards(&partial, &fit.at, &all) {
            Some(statistic) => test.infer_chi_square(statistic, 1.0),
            None => without(test, "the events come at too few times: no test"),
        });
        let null = partial.point(&vec![0.0; matrix.width()]).log_likelihood;
        for (term, value) in [("loglik", fit.log_likelihood), ("loglik_null", null)] {
            numbers.push(Number::of(sample, term).describe(value, None));
        }
        Ok(numbers)
    }
}

fn without(mut number: Number, why: &str) -> Number {
    number.note(why);
    number
}

/// Lin and Wei's (1989) sandwich, of rows or of clusters.
fn robust(partial: &Partial<'_>, fit: &Maximum, sample: &Sample) -> Square {
    let scores = partial.scores(&fit.at);
    let mut middle = Square::zeros(fit.at.len());
    for group in sample.groups() {
        let mut sum = vec![0.0; fit.at.len()];
        for score in scores.get(group).unwrap_or_default() {
            add_scaled(&mut sum, score, 1.0);
        }
        middle.add_outer(&sum, 1.0);
    }
    fit.inverse.around(&middle)
}

/// What every coefficient rests on.
struct Report<'a> {
    sample: &'a Sample,
    options: &'a Options,
    matrix: &'a ModelMatrix,
    fit: &'a Maximum,
    variance: Square,
    vcov: Vcov,
}

impl Report<'_> {
    fn coefficients(&self, effect: Number) -> Vec<Number> {
        let treatment = self.matrix.treatment_contrast();
        let (log, std_error) = self.contrast(&treatment);
        let (se, alpha) = (self.vcov.name(), self.options.alpha);
        let ratio = Number::of(self.sample, "hazard_ratio");
        let mut numbers = vec![
            effect.infer_normal(log, Some(std_error), se, alpha),
            ratio.infer_ratio(log, Some(std_error), se, alpha),
        ];
        for (name, weights) in self.matrix.covariate_contrasts() {
            let (estimate, std_error) = self.contrast(&weights);
            let number = Number::of(self.sample, name);
            numbers.push(number.infer_normal(estimate, Some(std_error), se, alpha));
        }
        numbers.extend(self.matrix.dropped.iter().map(|name| {
            without(
                Number::of(self.sample, name),
                "dropped: it depends on the covariates before it",
            )
        }));
        numbers
    }

    fn contrast(&self, weights: &[f64]) -> (f64, f64) {
        (dot(weights, &self.fit.at), self.variance.form(weights).sqrt())
    }
}
