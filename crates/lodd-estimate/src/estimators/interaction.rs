//! Effects by subgroup, and the differences between them.

use crate::columns::{Column, Role};
use crate::least_squares::{Contrast, Fit, INTERCEPT, Regressor, weighted_mean};
use crate::regression::{Levels, Report, Settings, check_names};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// Regression with moderators, each also times the treatment.
#[derive(Debug)]
pub(super) struct Interaction;

impl Estimator for Interaction {
    fn name(&self) -> &'static str {
        "interaction"
    }
    fn summary(&self) -> &'static str {
        "Effects by subgroup, and whether they differ"
    }
    fn formula(&self) -> &'static str {
        "y = a + b·z + c'(m − m̄) + d'z(m − m̄) + e'x by least squares; labels and 0/1 moderators \
         as dummies. b is the mean effect, d the difference between subgroups, b + d'(m − m̄) the \
         effect in a subgroup. Standard errors as in lm_robust."
    }
    fn assumptions(&self) -> &'static str {
        "As lm_robust. The moderator was measured before the draw. Judge by the difference: a \
         significant effect in one subgroup and none in another says nothing of a difference."
    }
    fn source(&self) -> &'static str {
        "Gerber and Green (2012), Field Experiments, ch. 9; Gelman and Stern (2006), American \
         Statistician 60"
    }
    fn options(&self) -> &'static [&'static str] {
        &[
            "moderator",
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
        &["moderator"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "effect at the mean of the moderators"),
            (
                "{treatment}:{moderator}",
                "how much the effect changes with the moderator; of labels, \
                 {treatment}:{moderator}[label], against the first label",
            ),
            ("{treatment}|{moderator}=label", "effect in a subgroup"),
            (INTERCEPT, "expected outcome of a control with mean moderators and covariates 0"),
            ("{moderator}", "change of a control's outcome with the moderator"),
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
        let moderators: Vec<Moderator> =
            sample.columns(Role::Moderator).map(|it| Moderator::of(it, sample)).collect();
        let parts: Vec<&Part> = moderators.iter().flat_map(|it| &it.parts).collect();
        let mut taken = vec![INTERCEPT, options.treatment.as_str()];
        taken.extend(parts.iter().map(|it| it.name.as_str()));
        check_names(sample, &taken)?;
        let levels = Levels::of(sample);
        let first = levels.first_own(sample);
        let treatment = first + parts.len();
        let z = &options.treatment;
        let mut own: Vec<Regressor<'_>> =
            parts.iter().map(|it| Regressor::new(it.name.as_str(), it.centred.clone())).collect();
        own.push(Regressor::treatment(sample, z));
        own.extend(parts.iter().map(|it| {
            let rows = it.centred.iter().zip(&sample.treated);
            let values = rows.map(|(x, treated)| if *treated { *x } else { 0.0 }).collect();
            Regressor::new(format!("{z}:{}", it.name), values)
        }));
        let fit = Fit::of(&levels.model(sample, &sample.y, own));
        let effect = fit.coefficient(treatment).ok_or(EstimateError::TreatmentCollinear)?;
        let differences =
            (treatment + 1..treatment + 1 + parts.len()).filter_map(|at| fit.coefficient(at));
        let mut contrasts: Vec<Contrast> = std::iter::once(effect).chain(differences).collect();
        let mut at = treatment + 1;
        for it in &moderators {
            contrasts.extend(it.subgroups(&fit, treatment, at, z));
            at += it.parts.len();
        }
        contrasts.extend(fit.intercept());
        let others = (first..treatment).chain(levels.covariates(sample));
        contrasts.extend(others.filter_map(|at| fit.coefficient(at)));
        let report = Report { sample, options, settings, fit: &fit };
        let mut numbers = report.numbers(&contrasts)?;
        if let Some(effect) = numbers.first_mut() {
            report.add_notes(effect);
        }
        let reported = |name: &str| {
            let own = |it: &&Part| name == it.name || name == format!("{z}:{}", it.name);
            sample.covariates.iter().any(|it| it.name == name) || parts.iter().any(own)
        };
        numbers.extend(report.dropped(reported));
        Ok(numbers)
    }
}

/// A moderator as columns of a regression.
struct Moderator {
    name: String,
    parts: Vec<Part>,
    /// Labels of the subgroups, the first being that of no part; empty for a number that is not
    /// 0 or 1 alone.
    labels: Vec<String>,
}

/// One column of a moderator.
struct Part {
    name: String,
    mean: f64,
    centred: Vec<f64>,
}

impl Part {
    fn of(name: String, values: &[f64], sample: &Sample) -> Self {
        let mean = weighted_mean(values, sample.weights.as_deref());
        Self { name, mean, centred: values.iter().map(|it| it - mean).collect() }
    }
}

impl Moderator {
    fn of(column: &Column, sample: &Sample) -> Self {
        let name = column.name.clone();
        if column.levels.is_empty() {
            let labels = if crate::number::is_binary(&column.values) {
                vec!["0".to_owned(), "1".to_owned()]
            } else {
                Vec::new()
            };
            let parts = vec![Part::of(name.clone(), &column.values, sample)];
            return Self { name, parts, labels };
        }
        let dummies = column.dummies();
        let parts = dummies.iter().map(|it| Part::of(it.name.clone(), &it.values, sample));
        let occurs = |at: &usize| (0..column.values.len()).any(|row| column.code(row) == *at);
        let labels = (0..column.levels.len()).filter(occurs);
        let labels = labels.filter_map(|at| column.levels.get(at).cloned()).collect();
        Self { parts: parts.collect(), labels, name }
    }

    /// The effect in each subgroup, at the mean of the other moderators.
    fn subgroups(&self, fit: &Fit, treatment: usize, first: usize, z: &str) -> Vec<Contrast> {
        let effect = |(subgroup, label): (usize, &String)| {
            let own = (first..).zip(&self.parts).enumerate().map(|(part, (at, it))| {
                let value = f64::from(u8::from(part + 1 == subgroup));
                (at, value - it.mean)
            });
            let parts: Vec<(usize, f64)> = std::iter::once((treatment, 1.0)).chain(own).collect();
            fit.sum(&format!("{z}|{}={label}", self.name), &parts)
        };
        self.labels.iter().enumerate().filter_map(effect).collect()
    }
}

/// The options of every regression are among this one's.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::regression;

    #[test]
    fn it_takes_what_every_regression_takes() {
        assert!(regression::OPTIONS.iter().all(|it| Interaction.options().contains(it)));
    }
}
