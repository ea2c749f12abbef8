//! Re-runs the assignment: how often would chance alone give such a difference?

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::counted::{Counted, Question};
use crate::number::{is_binary, is_constant};
use crate::permutation::{Drawn, Space, Trial};
use crate::{
    Alternative, EstimateError, Estimator, Number, Options, Redraw, Replay, Sample, Statistic,
};

/// Differences this close, in units of the statistic's scale, are ties.
const TIE: f64 = 1e-9;

/// Above this many re-draws no interval is computed, since it needs all of them in memory.
const MAX_ENDS: u64 = 4_000_000;

/// The randomisation test of no effect on any unit.
#[derive(Debug)]
pub(super) struct RandomizationTest;

impl Estimator for RandomizationTest {
    fn name(&self) -> &'static str {
        "randomization_test"
    }
    fn summary(&self) -> &'static str {
        "Re-runs the draw and counts how often it gives as large a difference"
    }
    fn formula(&self) -> &'static str {
        "T = Σ (n_b/n)·(ȳ_b1 − ȳ_b0), or T over its standard error, or of midranks within blocks, or \
         the largest F₀ − F₁ by size. Exact: p = #{|T*| ≥ |T|}/N \
         over all N assignments, which are added up and not gone through where seats are fixed and \
         T is a difference or of ranks, as far as that can be done; the rest if N is at most \
         max_exact (0: never exact); else Monte Carlo: p = (b + 1)/(m + 1). Ties count. Interval: the \
         constant effects τ with p(τ) > alpha."
    }
    fn assumptions(&self) -> &'static str {
        "The draw is re-run as it was made. The hypothesis is that treatment changed no unit's \
         outcome; the interval also takes the effect to be the same for all."
    }
    fn source(&self) -> &'static str {
        "Fisher (1935), The Design of Experiments; counting: Streitberg and Röhmel (1986), Horowitz \
         and Sahni (1974); Monte Carlo: Phipson and Smyth (2010); studentized: Wu and Ding (2021)"
    }
    fn options(&self) -> &'static [&'static str] {
        &["statistic", "alternative", "max_exact", "replicates"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[("{treatment}", "mean outcome of the treated less that of the controls")]
    }
    fn needs_redraw(&self) -> bool {
        true
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        redraw: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let redraw = redraw.ok_or(EstimateError::NoReplay { estimator: self.name() })?;
        let trial =
            Trial::of(sample, (options.statistic, options.alternative), redraw.replay.units())?;
        let test = Test::of(&trial, sample, options);
        let found = match test.counted(&trial, redraw, options) {
            Some(found) => found,
            None => test.run(&trial, redraw, Plan::of(redraw.replay, options)?, options)?,
        };
        Ok(vec![test.number(sample, options, &found)])
    }
}

/// Which re-draws are made.
#[derive(Clone, Copy, Debug)]
struct Plan {
    exact: bool,
    draws: u64,
}

impl Plan {
    fn of(replay: &dyn Replay, options: &Options) -> Result<Self, EstimateError> {
        let all = replay.assignments().and_then(|it| u64::try_from(it).ok());
        match all.filter(|it| *it <= options.max_exact) {
            Some(draws) => Ok(Self { exact: true, draws }),
            None if options.seed.is_none() => Err(EstimateError::NoSeed),
            None => Ok(Self { exact: false, draws: options.replicates }),
        }
    }
}

/// What a test found.
#[derive(Clone, Debug)]
struct Found {
    exact: bool,
    /// At least as extreme, of so many; without the realised one in Monte Carlo.
    extreme: u128,
    draws: u128,
    undefined: u128,
    left_out: u128,
    /// Why there is none, or its ends.
    interval: Result<(Option<f64>, Option<f64>), &'static str>,
}

const NOT_INVERTIBLE: &str =
    "no interval: it is computed for the difference of an outcome that is not 0/1";

/// What re-draws are compared with.
#[derive(Clone, Copy, Debug)]
struct Test {
    /// The realised assignment's.
    realised: Drawn,
    alternative: Alternative,
    tolerance: f64,
    /// Whether an interval by inversion makes sense.
    invertible: bool,
}

/// Counts over re-draws. Only counts and unordered ends, so the order of work can't matter.
#[derive(Clone, Debug, Default)]
struct Tally {
    extreme: u64,
    undefined: u64,
    left_out: u64,
    realised: u64,
    ends: Vec<(f64, f64)>,
}

impl Tally {
    fn merge(mut self, mut other: Self) -> Self {
        self.extreme += other.extreme;
        self.undefined += other.undefined;
        self.left_out += other.left_out;
        self.realised += other.realised;
        self.ends.append(&mut other.ends);
        self
    }
}

impl Test {
    fn of(trial: &Trial, sample: &Sample, options: &Options) -> Self {
        let realised = trial.realised();
        let scale = match options.statistic {
            Statistic::Difference => trial.spread(),
            Statistic::Rank | Statistic::Ks => 1.0,
            Statistic::Studentized => {
                realised.statistic.filter(|it| it.is_finite()).map_or(1.0, |it| it.abs().max(1.0))
            }
        };
        Self {
            realised,
            alternative: options.alternative,
            tolerance: TIE * scale,
            invertible: options.statistic == Statistic::Difference && !is_binary(&sample.y),
        }
    }

    /// Counts all assignments at once, where the design and the statistic allow it.
    fn counted(&self, trial: &Trial, redraw: Redraw<'_>, options: &Options) -> Option<Found> {
        let draws = redraw.replay.assignments().filter(|_| options.max_exact > 0)?;
        let arms = (redraw.treated, redraw.control);
        let blocks = trial.blocks(&redraw.replay.seats()?, arms, self.invertible)?;
        let counted = Counted::of(&blocks, trial.spread(), self.invertible)?;
        let question = Question {
            realised: self.realised.statistic?,
            alternative: self.alternative,
            tolerance: self.tolerance,
        };
        let undefined = draws - counted.defined();
        let interval = if self.invertible {
            Ok(counted.interval(question, (undefined, rank(options.alpha, draws))))
        } else {
            Err(NOT_INVERTIBLE)
        };
        let extreme = counted.count(question) + undefined;
        Some(Found { exact: true, extreme, draws, undefined, left_out: 0, interval })
    }

    /// Makes the re-draws of the plan, one by one.
    fn run(
        &self,
        trial: &Trial,
        redraw: Redraw<'_>,
        plan: Plan,
        options: &Options,
    ) -> Result<Found, EstimateError> {
        let tally = self.tally(trial, redraw, plan);
        if plan.exact && tally.realised == 0 {
            return Err(EstimateError::NotOfThisDraw { assignments: plan.draws });
        }
        Ok(Found {
            exact: plan.exact,
            extreme: tally.extreme.into(),
            draws: plan.draws.into(),
            undefined: tally.undefined.into(),
            left_out: tally.left_out.into(),
            interval: self.interval(plan, options.alpha, tally.ends),
        })
    }

    fn tally(&self, trial: &Trial, redraw: Redraw<'_>, plan: Plan) -> Tally {
        let keep_ends = self.invertible && plan.draws <= MAX_ENDS;
        let step = |(mut tally, mut space): (Tally, Space), i: u64| {
            if plan.exact {
                redraw.replay.nth(u128::from(i), &mut space.arms);
            } else {
                redraw.replay.replay(i, &mut space.arms);
            }
            let drawn = trial.drawn(&mut space, |arm| redraw.side(arm));
            self.count(&mut tally, &drawn, keep_ends);
            (tally, space)
        };
        (0..plan.draws)
            .into_par_iter()
            .fold(|| (Tally::default(), trial.space()), step)
            .map(|(tally, _)| tally)
            .reduce(Tally::default, Tally::merge)
    }

    fn count(&self, tally: &mut Tally, drawn: &Drawn, keep_ends: bool) {
        tally.extreme += u64::from(self.is_extreme(drawn));
        tally.undefined += u64::from(drawn.statistic.is_none());
        tally.left_out += u64::from(drawn.left_out);
        tally.realised += u64::from(drawn.is_realised);
        if keep_ends {
            tally.ends.push(self.ends(drawn));
        }
    }

    /// Whether a re-draw is at least as extreme as the realised one. One in which a block has
    /// lost an arm says nothing, and counts against the effect.
    fn is_extreme(&self, drawn: &Drawn) -> bool {
        let (Some(it), Some(realised)) = (drawn.statistic, self.realised.statistic) else {
            return true;
        };
        match self.alternative {
            Alternative::TwoSided => it.abs() >= realised.abs() - self.tolerance,
            Alternative::Greater => it >= realised - self.tolerance,
            Alternative::Less => it <= realised + self.tolerance,
        }
    }

    /// The constant effects τ, from–to, under which the re-draw is at least as extreme.
    ///
    /// The outcomes without the effect are y − τz, so the re-draw's statistic is T − τD, where D
    /// is the statistic of the realised z itself, and the realised one is t − τ. Then
    /// |T − τD| ≥ |t − τ| holds between τ = (t − T)/(1 − D) and τ = (t + T)/(1 + D), which lie
    /// on either side of t.
    fn ends(&self, drawn: &Drawn) -> (f64, f64) {
        let always = (f64::NEG_INFINITY, f64::INFINITY);
        let (Some(it), Some(realised)) = (drawn.statistic, self.realised.statistic) else {
            return always;
        };
        let own = drawn.of_realised;
        let bound = |difference: f64, weight: f64| {
            if weight > TIE { Some(difference / weight) } else { None }
        };
        let same = bound(realised - it, 1.0 - own);
        let mirror = bound(realised + it, 1.0 + own);
        match self.alternative {
            Alternative::Greater => (same.unwrap_or(always.0), always.1),
            Alternative::Less => (always.0, same.unwrap_or(always.1)),
            Alternative::TwoSided => match (same, mirror) {
                (Some(a), Some(b)) => (a.min(b), a.max(b)),
                _ => always,
            },
        }
    }

    fn number(&self, sample: &Sample, options: &Options, found: &Found) -> Number {
        let mut number = Number::of_effect(sample, options);
        number.estimate = Some(self.realised.difference);
        number.statistic = self.realised.statistic.filter(|it| it.is_finite());
        if number.statistic.is_none() {
            number.note("no statistic: the outcome does not vary within the arms");
        }
        let extra = u128::from(!found.exact);
        let (count, of) = (found.extreme + extra, found.draws + extra);
        let p = count as f64 / of as f64;
        number.p_value = Some(p);
        number.note(self.count_note(found, count, of, p));
        if is_constant(&sample.y) {
            number.note("the outcome does not vary");
        }
        if found.undefined > 0 {
            number.note(format!(
                "re-draws in which a block lost an arm, counted as extreme: {}",
                found.undefined
            ));
        }
        if found.left_out > 0 {
            number.note(format!(
                "re-draws that put units into an arm outside the contrast, which left those \
                 units out: {}",
                found.left_out
            ));
        }
        match found.interval {
            Ok(ends) => self.add_interval(&mut number, ends),
            Err(why) => number.note(why),
        }
        number
    }

    fn count_note(&self, found: &Found, count: u128, of: u128, p: f64) -> String {
        let rule = match self.alternative {
            Alternative::TwoSided => "|T*| >= |T|",
            Alternative::Greater => "T* >= T",
            Alternative::Less => "T* <= T",
        };
        if found.exact {
            return format!("exact: {rule} in {count}/{of} assignments");
        }
        let error = (p * (1.0 - p) / found.draws as f64).sqrt();
        format!(
            "Monte Carlo: p = (b + 1)/(m + 1) = {count}/{of} with {rule}, standard error {error:.5}"
        )
    }

    /// The effects that are not rejected: those that lie between the ends of more than alpha of
    /// the re-draws. All of these hold the estimate, so the k-th lowest and highest ends decide.
    fn interval(
        &self,
        plan: Plan,
        alpha: f64,
        ends: Vec<(f64, f64)>,
    ) -> Result<(Option<f64>, Option<f64>), &'static str> {
        if !self.invertible {
            return Err(NOT_INVERTIBLE);
        }
        if ends.is_empty() {
            return Err("no interval: too many re-draws");
        }
        let (mut low, mut high): (Vec<f64>, Vec<f64>) = ends.into_iter().unzip();
        // In Monte Carlo the realised assignment is one more, extreme for every effect.
        if !plan.exact {
            low.push(f64::NEG_INFINITY);
            high.push(f64::INFINITY);
        }
        low.sort_by(f64::total_cmp);
        high.sort_by(|a, b| b.total_cmp(a));
        let rank = usize::try_from(rank(alpha, low.len() as u128)).unwrap_or(usize::MAX);
        let finite = |ends: &[f64]| ends.get(rank).copied().filter(|it| it.is_finite());
        Ok((finite(&low), finite(&high)))
    }

    fn add_interval(&self, number: &mut Number, (low, high): (Option<f64>, Option<f64>)) {
        (number.conf_low, number.conf_high) = (low, high);
        let bounded = match self.alternative {
            Alternative::TwoSided => low.and(high),
            Alternative::Greater => low,
            Alternative::Less => high,
        };
        if bounded.is_none() {
            number.note("the interval has no end: too few assignments for this alpha");
        }
    }
}

/// How many of `of` re-draws may hold an effect that is still rejected.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "alpha lies between 0 and 1, so the product is a part of `of`"
)]
fn rank(alpha: f64, of: u128) -> u128 {
    // A product that should be whole may fall just below it.
    (alpha * of as f64 + 1e-9).floor() as u128
}
