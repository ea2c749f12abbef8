//! The registry. One module an estimator.

mod difference_in_means;
mod lm_robust;
mod randomization_test;
mod waitlist;

use crate::{EstimateError, Number, Options, Redraw, Sample};

/// Every estimator, in the order in which documents list them.
pub const ESTIMATORS: &[&dyn Estimator] = &[
    &difference_in_means::DifferenceInMeans,
    &lm_robust::LmRobust,
    &randomization_test::RandomizationTest,
    &waitlist::Waitlist,
];

/// The estimator that plans call `name`.
pub fn estimator(name: &str) -> Option<&'static dyn Estimator> {
    ESTIMATORS.iter().copied().find(|it| it.name() == name)
}

/// A way from a sample to numbers, with what documents and plans need to know of it.
pub trait Estimator: Sync + std::fmt::Debug {
    /// The word that plans and tables use.
    fn name(&self) -> &'static str;

    /// One line on what it does.
    fn summary(&self) -> &'static str;

    /// The formulas, in words and symbols that fit in plain text.
    fn formula(&self) -> &'static str;

    /// What must hold for its numbers to mean what they say.
    fn assumptions(&self) -> &'static str;

    /// Where it is from.
    fn source(&self) -> &'static str;

    /// Options of an analysis that it reads, besides those that every analysis has (outcome,
    /// estimator, `where`, design). A plan that sets another is mistaken.
    fn options(&self) -> &'static [&'static str];

    /// The terms it reports, each with its meaning. `{treatment}` stands for the name of the
    /// treatment, `{covariate}` for each covariate's.
    fn terms(&self) -> &'static [(&'static str, &'static str)];

    /// Whether it re-runs the assignment, so that [`Estimator::estimate`] needs a [`Redraw`].
    fn needs_redraw(&self) -> bool {
        false
    }

    /// Whether it compares those ever offered a place with the rest, so that the sample must say
    /// who took one. The others refuse such a sample.
    fn takes_offers(&self) -> bool {
        false
    }

    /// The computation behind [`Estimator::estimate`], which is what callers call.
    ///
    /// # Errors
    ///
    /// As [`Estimator::estimate`].
    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        redraw: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError>;

    /// The numbers of a sample, the effect first.
    ///
    /// # Errors
    ///
    /// If the options are not usable, or the estimator is not defined for such a sample.
    fn estimate(
        &self,
        sample: &Sample,
        options: &Options,
        redraw: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        options.check()?;
        if sample.offers.is_some() && !self.takes_offers() {
            return Err(EstimateError::EverOffered);
        }
        let numbers = self.compute(sample, options, redraw)?;
        Ok(numbers.into_iter().map(Number::finite).collect())
    }
}
