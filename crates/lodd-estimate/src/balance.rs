//! Balance of a draw: means by arm, standardised differences, and tests that re-run the draw.
//!
//! Everything here is about facts from before the draw, one value a drawn unit, in the order of
//! the [`Replay`]. The joint statistic is d² of Hansen and Bowers (2008): the totals of each arm,
//! centred within blocks, in the metric of their covariance under the draw. With more than two
//! arms it is taken over all of them. It is judged by the draw itself: p = (b + 1)/(m + 1) over m
//! random re-draws, or the exact share of all assignments where they are few.
//!
//! Source: Hansen and Bowers (2008), Covariate balance in simple, stratified and clustered
//! comparative studies, Statistical Science 23(2), 219–236.

mod form;
mod order;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor};

pub use crate::proportions::wilson;
use crate::{EstimateError, Replay, number::mean};
use form::{Centred, Form};
pub use order::{midranks, rank_correlation};

/// A re-draw counts as extreme when its statistic is within this share of the realised one.
const TIE: f64 = 1e-9;

/// A draw as it came out, and how to run it again.
#[derive(Clone, Copy)]
pub struct Assigned<'a> {
    /// The draw.
    pub replay: &'a dyn Replay,
    /// The arm of each unit, from 0, length n.
    pub arm: &'a [u8],
    /// The block of each unit: its place in `shares`, length n.
    pub block: &'a [u32],
    /// The probability of each arm in each block; the last arm is the control.
    pub shares: &'a [Vec<f64>],
}

impl std::fmt::Debug for Assigned<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assigned").field("units", &self.arm.len()).finish_non_exhaustive()
    }
}

/// How often a draw is run again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Runs {
    /// Up to so many assignments, all of them are enumerated.
    pub max_exact: u64,
    /// Else so many re-draws are made.
    pub replicates: u64,
}

/// A statistic and how often the draw gives one as large.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// d², or a rank correlation.
    pub statistic: f64,
    /// Rank of the covariance: the degrees of freedom of d².
    pub df: u64,
    /// Re-draws at least as extreme; in an exact test the realised one is among them.
    pub extreme: u64,
    /// Re-draws made, or all assignments.
    pub draws: u64,
    /// Whether all assignments were enumerated.
    pub exact: bool,
}

/// The F test of the arm on the characteristics, with a mean of its own for each block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FTest {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: (u64, u64),
    /// The p-value under normal errors: beside the test by replay, never instead of it.
    pub p_value: f64,
}

/// One arm's units with a known value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ArmMean {
    /// How many.
    pub n: u64,
    /// Their mean; None without units.
    pub mean: Option<f64>,
    /// Their standard deviation; None below two units.
    pub sd: Option<f64>,
}

impl Replayed {
    /// The p-value: exact, or (b + 1)/(m + 1).
    pub fn p_value(&self) -> f64 {
        let extra = u64::from(!self.exact);
        (self.extreme + extra) as f64 / (self.draws + extra).max(1) as f64
    }

    /// The p-value of d² under the chi-squared distribution it tends to in large draws.
    pub fn p_chi_squared(&self) -> Option<f64> {
        ChiSquared::new(self.df as f64).ok().map(|it| it.sf(self.statistic))
    }
}

impl Assigned<'_> {
    fn arms(&self) -> usize {
        self.shares.first().map_or(0, Vec::len)
    }

    fn check(&self, values: &[&[f64]]) -> Result<(), EstimateError> {
        let units = self.arm.len();
        let outside = || EstimateError::UnitOutsideDraw {
            unit: u32::try_from(units).unwrap_or(u32::MAX),
            units: self.replay.units(),
        };
        let sized = self.replay.units() == units
            && self.block.len() == units
            && values.iter().all(|it| it.len() == units)
            && self.block.iter().all(|it| self.shares.get(*it as usize).is_some());
        if sized { Ok(()) } else { Err(outside()) }
    }

    /// Writes re-draw `i` into `arms`.
    fn run(&self, exact: bool, i: u64, arms: &mut [u8]) {
        if exact {
            self.replay.nth(u128::from(i), arms);
        } else {
            self.replay.replay(i, arms);
        }
    }

    /// Whether all assignments are enumerated, and how many runs there are.
    fn plan(&self, runs: Runs) -> (bool, u64) {
        let all = self.replay.assignments().and_then(|it| u64::try_from(it).ok());
        match all.filter(|it| *it <= runs.max_exact) {
            Some(all) => (true, all),
            None => (false, runs.replicates),
        }
    }
}

/// d² of groups of columns, each group tested on its own over the same re-draws.
///
/// `columns`: facts without missing values, each of length n. `groups`: places in `columns`; a
/// group of one tests that column alone, a group of all of them is the joint test. A column that
/// does not vary within any block has nothing to say: it adds no degree of freedom.
///
/// # Errors
///
/// If a length is not that of the draw, there is nothing to run, the realised assignment is not
/// one of an enumerated draw's, or a decomposition fails.
pub fn joint_tests(
    assigned: Assigned<'_>,
    columns: &[&[f64]],
    groups: &[Vec<usize>],
    runs: Runs,
) -> Result<Vec<Replayed>, EstimateError> {
    assigned.check(columns)?;
    let (exact, draws) = assigned.plan(runs);
    if draws == 0 {
        return Err(EstimateError::NoReplicates);
    }
    let centred = Centred::new(assigned, columns);
    let forms = groups.iter().map(|it| Form::new(&centred, it)).collect::<Result<Vec<_>, _>>()?;
    let mut totals = centred.totals(assigned.arm);
    let realised: Vec<f64> = forms.iter().map(|it| it.value(&totals)).collect();
    totals.clear();
    let step = |(mut tally, mut arms): (Tally, Vec<u8>), i: u64| {
        assigned.run(exact, i, &mut arms);
        let totals = centred.totals(&arms);
        for ((count, form), realised) in tally.extreme.iter_mut().zip(&forms).zip(&realised) {
            *count += u64::from(form.value(&totals) >= realised * (1.0 - TIE) - TIE);
        }
        tally.realised += u64::from(arms == assigned.arm);
        (tally, arms)
    };
    let zero = || Tally { extreme: vec![0; forms.len()], realised: 0 };
    let tally = (0..draws)
        .into_par_iter()
        .fold(|| (zero(), vec![0; assigned.arm.len()]), step)
        .map(|(tally, _)| tally)
        .reduce(zero, Tally::merge);
    if exact && tally.realised == 0 {
        return Err(EstimateError::NotOfThisDraw { assignments: draws });
    }
    let result = |((extreme, form), statistic): ((u64, &Form), f64)| Replayed {
        statistic,
        df: form.rank(),
        extreme,
        draws,
        exact,
    };
    Ok(tally.extreme.into_iter().zip(&forms).zip(realised).map(result).collect())
}

/// Counts over re-draws, so the order of work can't matter.
struct Tally {
    extreme: Vec<u64>,
    realised: u64,
}

impl Tally {
    fn merge(mut self, other: Self) -> Self {
        self.extreme.iter_mut().zip(other.extreme).for_each(|(a, b)| *a += b);
        self.realised += other.realised;
        self
    }
}

/// The F test beside the joint test of all columns; two arms only.
///
/// F = (R²/q) / ((1 − R²)/(n − B − q)), where R² is that of the regression of the first arm on
/// the columns with all variables less their block means, q its rank and B the number of blocks.
///
/// # Errors
///
/// As [`joint_tests`].
pub fn f_test(assigned: Assigned<'_>, columns: &[&[f64]]) -> Result<Option<FTest>, EstimateError> {
    assigned.check(columns)?;
    if assigned.arms() != 2 {
        return Ok(None);
    }
    let centred = Centred::new(assigned, columns);
    let form = Form::of_regression(&centred)?;
    let first: Vec<f64> = assigned.arm.iter().map(|it| f64::from(u8::from(*it == 0))).collect();
    let total: f64 = form::centre(assigned.block, &first).iter().map(|it| it * it).sum();
    let (n, q) = (assigned.arm.len() as u64, form.rank());
    let blocks = form::sizes(assigned.block).into_iter().filter(|it| *it > 0).count() as u64;
    let Some(rest) = n.checked_sub(blocks + q).filter(|it| *it > 0 && q > 0 && total > 0.0) else {
        return Ok(None);
    };
    let share = form.value(&centred.totals(assigned.arm)) / total;
    let statistic = (share / q as f64) / ((1.0 - share) / rest as f64);
    let distribution = FisherSnedecor::new(q as f64, rest as f64).ok();
    Ok(distribution.filter(|_| statistic.is_finite()).map(|it| FTest {
        statistic,
        df: (q, rest),
        p_value: it.sf(statistic),
    }))
}

/// Number, mean and standard deviation of each arm's known values.
pub fn arm_means(assigned: Assigned<'_>, values: &[Option<f64>]) -> Vec<ArmMean> {
    let of = |arm: usize| {
        let known: Vec<f64> = assigned
            .arm
            .iter()
            .zip(values)
            .filter(|(it, _)| usize::from(**it) == arm)
            .filter_map(|(_, value)| *value)
            .collect();
        let centre = (!known.is_empty()).then(|| mean(&known));
        let squares = centre.map(|it| known.iter().map(|x| (x - it).powi(2)).sum::<f64>());
        let sd =
            squares.filter(|_| known.len() > 1).map(|it| (it / (known.len() - 1) as f64).sqrt());
        ArmMean { n: known.len() as u64, mean: centre, sd }
    };
    (0..assigned.arms()).map(of).collect()
}

/// The difference between an arm and the control, adjusted for blocks, in pooled standard
/// deviations; None where it is not defined.
///
/// Blocks are weighted by the harmonic mean of their numbers of known units in the two arms. The
/// standard deviation is pooled over the two arms by degrees of freedom.
pub fn standardised_difference(
    assigned: Assigned<'_>,
    values: &[Option<f64>],
    arm: usize,
) -> Option<f64> {
    let control = assigned.arms().checked_sub(1)?;
    let mut cells = vec![[(0.0, 0.0); 2]; assigned.shares.len()];
    for ((value, of), block) in values.iter().zip(assigned.arm).zip(assigned.block) {
        let side = [arm, control].iter().position(|it| *it == usize::from(*of));
        let cell = side.and_then(|side| cells.get_mut(*block as usize)?.get_mut(side));
        if let (Some((n, sum)), Some(value)) = (cell, value) {
            (*n, *sum) = (*n + 1.0, *sum + value);
        }
    }
    let (mut weights, mut difference) = (0.0, 0.0);
    for [(n, sum), (m, rest)] in cells {
        if n > 0.0 && m > 0.0 {
            let weight = n * m / (n + m);
            weights += weight;
            difference += weight * (sum / n - rest / m);
        }
    }
    let means = arm_means(assigned, values);
    let (one, other) = (means.get(arm)?, means.get(control)?);
    let squares = |it: &ArmMean| it.sd.map_or(0.0, |sd| sd * sd * (it.n - 1) as f64);
    let df = (one.n + other.n).checked_sub(2).filter(|it| *it > 0)?;
    let sd = ((squares(one) + squares(other)) / df as f64).sqrt();
    (weights > 0.0 && sd > 0.0).then(|| difference / weights / sd)
}
