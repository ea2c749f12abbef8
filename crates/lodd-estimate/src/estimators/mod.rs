//! The registry. One module an estimator.

mod ancova;
mod balance;
mod category;
mod cmh;
mod cox;
mod cumulative_incidence;
mod design_based;
mod did;
mod difference_in_means;
mod discrete_hazard;
mod equivalence;
mod event_study;
mod gee;
mod index;
mod interaction;
mod ipw;
mod iv;
mod kaplan_meier;
mod lee_bounds;
mod lin;
mod lm_robust;
mod logit;
mod logrank;
mod manski_bounds;
mod mixed;
mod multiple_imputation;
mod ordered_logit;
mod paired_t;
mod quantiles;
mod randomization_test;
mod refusals;
mod risk;
mod rmst;
mod signed_rank;
mod turnbull;
mod waitlist;
mod wilcoxon;
mod wild_bootstrap;

use crate::number::is_binary;
use crate::{EstimateError, Number, Options, Redraw, Sample};
pub(crate) use wild_bootstrap::places;

/// Every estimator, in the order in which documents list them.
pub const ESTIMATORS: &[&dyn Estimator] = &[
    &difference_in_means::DifferenceInMeans,
    &lm_robust::LmRobust,
    &lin::Lin,
    &ancova::Ancova,
    &did::Did,
    &event_study::EventStudy,
    &interaction::Interaction,
    &index::Index,
    &iv::Iv,
    &design_based::HorvitzThompson,
    &design_based::Hajek,
    &randomization_test::RandomizationTest,
    &wild_bootstrap::WildBootstrap,
    &waitlist::Waitlist,
    &balance::Balance,
    &risk::Risk,
    &cmh::Cmh,
    &logit::Logit,
    &wilcoxon::Wilcoxon,
    &signed_rank::SignedRank,
    &paired_t::PairedT,
    &quantiles::Quantiles,
    &equivalence::Equivalence,
    &kaplan_meier::KaplanMeier,
    &logrank::Logrank,
    &cox::Cox,
    &rmst::Rmst,
    &turnbull::Turnbull,
    &discrete_hazard::DiscreteHazard,
    &cumulative_incidence::CumulativeIncidence,
    &lee_bounds::LeeBounds,
    &manski_bounds::ManskiBounds,
    &ipw::Ipw,
    &category::Category,
    &gee::Gee,
    &multiple_imputation::MultipleImputation,
    &ordered_logit::OrderedLogit,
    &mixed::Mixed,
];

/// The estimator that plans call `name`.
pub fn estimator(name: &str) -> Option<&'static dyn Estimator> {
    ESTIMATORS.iter().copied().find(|it| it.name() == name)
}

/// What an effect is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A difference in the outcome's unit: ten more for every treated row is ten more for it, and
    /// exchanging the arms changes its sign.
    Difference,
    /// The logarithm of a ratio, which changes its sign with the arms.
    LogRatio,
    /// A ratio, which becomes its reciprocal with the arms exchanged.
    Ratio,
    /// Something else, such as bounds, a statistic or a share.
    Other,
}

/// Which outcomes an estimator is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeKind {
    /// Any number, 0 and 1 too.
    Number,
    /// 0 or 1 only: others are refused.
    Binary,
    /// Labels, in the column of role [`crate::Role::Category`].
    Category,
    /// A time, with [`crate::Role::Event`] or [`crate::Role::High`].
    Time,
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

    /// Columns it can't do without, by the keys of [`crate::Role`]; all are among the options.
    fn needs(&self) -> &'static [&'static str] {
        &[]
    }

    /// What its effect is measured in, which says which laws hold for it.
    fn measure(&self) -> Measure {
        Measure::Difference
    }

    /// Which outcomes it is for.
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Number
    }

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
        if let Some(what) = sample.held().find(|it| !self.options().contains(it)) {
            return Err(EstimateError::NotTaken { estimator: self.name(), what });
        }
        let holds = |key: &&str| sample.held().any(|it| it == *key);
        if let Some(key) = self.needs().iter().copied().find(|it| !holds(it)) {
            return Err(EstimateError::NeedsColumn { estimator: self.name(), key });
        }
        if self.outcome() == OutcomeKind::Binary && !is_binary(&sample.y) {
            return Err(EstimateError::NotBinary { estimator: self.name() });
        }
        let numbers = self.compute(sample, options, redraw)?;
        Ok(numbers.into_iter().map(Number::finite).collect())
    }
}
