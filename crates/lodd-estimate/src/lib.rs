//! Numbers from arrays: estimators and inference.
//!
//! An analysis is [`Rows`] checked into a [`Sample`], [`Options`], and an [`Estimator`] from the
//! registry [`ESTIMATORS`]; it gives [`Number`]s. Estimators that re-run the assignment also take
//! a [`Redraw`].
//!
//! Invariants: no disk, clock, environment or source of randomness; no NaN and no infinity leaves
//! the crate; neither the order of the rows nor the number of threads changes a bit.
//!
//! ```
//! use lodd_estimate::{Options, Rows, Sample, estimator};
//!
//! let sample = Sample::new(Rows {
//!     y: &[3.0, 5.0, 4.0, 1.0, 2.0, 0.0],
//!     treated: &[true, true, true, false, false, false],
//!     unit: &[0, 1, 2, 3, 4, 5],
//!     ..Rows::default()
//! })?;
//! let difference = estimator("difference_in_means").ok_or("not in the registry")?;
//! let numbers = difference.estimate(&sample, &Options::default(), None)?;
//! assert_eq!(numbers.first().and_then(|it| it.estimate), Some(3.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod arms;
mod asymptotic;
mod attrition;
pub mod balance;
mod columns;
mod conditional;
mod counted;
mod distributions;
mod equations;
mod error;
mod estimators;
mod intercepts;
mod intraclass;
mod joint;
mod least_squares;
mod levels;
mod linear;
mod logistic;
mod model_matrix;
mod multinomial;
mod multiplicity;
mod newton;
mod number;
mod offers;
mod options;
mod permutation;
pub mod power;
mod proportional_odds;
mod proportions;
mod quantile;
mod random;
mod ranks;
mod reestimated;
mod regression;
mod replay;
mod roots;
mod sample;
mod sandwich;
mod shifts;
mod survival;
mod symmetric;
mod tables;
mod two_arms;
mod wild;

pub use columns::{Column, MissingCovariates, Resolved, Role};
pub use error::EstimateError;
pub use estimators::{ESTIMATORS, Estimator, Measure, OutcomeKind, estimator};
pub use intraclass::{Intraclass, intraclass};
pub use joint::{JointTest, romano_wolf, westfall_young};
pub use multiplicity::{Adjustment, adjust};
pub use number::Number;
pub use offers::{Offers, OffersError, Taken};
pub use options::{
    Alternative, BlockVariance, ConfType, Correction, Corstr, Df, Distribution, Multipliers,
    Options, SeType, Seats, Statistic, Ties, UnknownWord, Vcov,
};
pub use reestimated::{Hypothesis, REESTIMATED, westfall_young_by};
pub use replay::{Redraw, Replay};
pub use sample::{Covariate, Rows, Sample, SampleError};
