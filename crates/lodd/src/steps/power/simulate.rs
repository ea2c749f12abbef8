//! Power by simulation: outcomes are made, the pilot's own draw is run, and its own analysis.

use std::collections::{BTreeMap, BTreeSet};

use lodd_draw::Block;
use lodd_estimate::{
    Column, EstimateError, Estimator, Options, Redraw, Replay, Role, Rows, Sample, SeType,
    estimator,
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::design::Setting;
use crate::{
    cli::Power as Asked,
    problem::Failure,
    replay::{Again, Redraws},
    text::Text,
};

/// Effects that are tried first, from none to the largest.
const POINTS: u32 = 14;

/// A simulated re-draw inside a simulation, where the plan asks for more.
const REPLICATES: u64 = 1_999;

/// Power of one analysis at effects of increasing size.
pub(in crate::steps) struct Curve {
    pub(super) name: &'static str,
    pub(super) points: Vec<(f64, f64)>,
    /// The smallest effect that was found often enough, to a hundredth of the range.
    pub(super) detected: Option<f64>,
}

/// What is simulated.
pub(super) struct Simulation<'s> {
    pub(super) asked: &'s Asked,
    pub(super) setting: &'s Setting,
    pub(super) base_rate: Option<f64>,
    pub(super) icc: Option<f64>,
}

/// One data set: rows with their unit, arm and outcome.
#[derive(Clone, Debug, Default)]
struct Made {
    y: Vec<f64>,
    treated: Vec<bool>,
    unit: Vec<u32>,
    block: Vec<u32>,
}

/// Rows and ones of each arm in each block: all that an analysis of single units with a yes or no
/// can see.
type Counts = Vec<[u32; 4]>;

/// An analysis with what it found of each data set so far.
struct Analysed {
    name: &'static str,
    estimator: &'static dyn Estimator,
    options: Options,
    known: BTreeMap<Counts, bool>,
}

impl Simulation<'_> {
    /// The power curve of each of the pilot's estimators.
    pub(super) fn curves(&self) -> Result<Vec<Curve>, Failure> {
        let draws = Redraws::new(vec![(1, &self.setting.again)], self.setting.seed);
        let largest = match self.base_rate {
            Some(base) => (1.0 - base) / self.asked.take_up.max(1e-9),
            None => 3.0 * self.asked.sd.unwrap_or(1.0),
        };
        let largest = if self.base_rate.is_some() { largest.min(1.0) } else { largest };
        self.analyses()
            .into_iter()
            .map(|mut it| self.curve(&mut it, &draws, largest))
            .collect::<Result<Vec<Curve>, EstimateError>>()
            .map_err(|error| Failure::policy(Text::same(error.to_string())))
    }

    /// The estimators of the plan's primary outcomes that compare two arms without more columns;
    /// without a plan the difference in means and the lottery's own test.
    fn analyses(&self) -> Vec<Analysed> {
        let analysed = |estimator: &'static dyn Estimator, options: Options| Analysed {
            name: estimator.name(),
            estimator,
            options: Options {
                alpha: self.asked.alpha,
                seed: Some(self.setting.seed),
                replicates: options.replicates.min(REPLICATES),
                max_exact: options.max_exact.min(20_000),
                ..options
            },
            known: BTreeMap::new(),
        };
        let names: &[&str] = if self.setting.in_offices() {
            &["lm_robust", "randomization_test"]
        } else {
            &["difference_in_means", "randomization_test"]
        };
        let mut found: Vec<Analysed> = Vec::new();
        for it in &self.setting.analyses {
            let plain = it.method.names().next().is_none() && it.method.filter.is_none();
            let known = found.iter().any(|other| other.name == it.method.estimator);
            if let Some(estimator) = it.method.known().filter(|_| plain && !known)
                && ["difference_in_means", "lm_robust", "randomization_test", "wild_bootstrap"]
                    .contains(&estimator.name())
                && !self.setting.in_offices()
            {
                found.push(analysed(estimator, it.method.options.clone()));
            }
        }
        for name in names {
            if let Some(estimator) =
                estimator(name).filter(|_| found.iter().all(|it| it.name != *name))
            {
                found.push(analysed(estimator, Options::default()));
            }
        }
        found
    }

    fn curve(
        &self,
        analysed: &mut Analysed,
        draws: &Redraws<'_>,
        largest: f64,
    ) -> Result<Curve, EstimateError> {
        let step = largest / f64::from(POINTS);
        let mut points = Vec::new();
        for at in 0..=POINTS {
            let effect = step * f64::from(at);
            points.push((effect, self.power(analysed, draws, effect)?));
        }
        let reached = points.iter().position(|(_, power)| *power >= self.asked.wanted);
        let detected = match reached.filter(|at| *at > 0) {
            None => None,
            Some(at) => {
                let effect = |at: usize| points.get(at).map_or(largest, |it| it.0);
                let (mut low, mut high) = (effect(at - 1), effect(at));
                while high - low > largest / 200.0 {
                    let middle = f64::midpoint(low, high);
                    let power = self.power(analysed, draws, middle)?;
                    if power >= self.asked.wanted { high = middle } else { low = middle }
                }
                Some(high)
            }
        };
        Ok(Curve { name: analysed.name, points, detected })
    }

    /// The share of simulated trials in which the effect is found.
    fn power(
        &self,
        analysed: &mut Analysed,
        draws: &Redraws<'_>,
        effect: f64,
    ) -> Result<f64, EstimateError> {
        let n = u64::from(self.asked.draws);
        // Under a constraint units are not alike.
        let free = matches!(self.setting.again, Again::Free(_));
        let simple = self.base_rate.is_some() && !self.setting.in_offices() && free;
        if !simple {
            let found = (0..n)
                .into_par_iter()
                .map(|i| {
                    Ok(u64::from(self.finds(analysed, draws, &self.made(draws, i, effect))?))
                })
                .collect::<Result<Vec<u64>, EstimateError>>()?;
            return Ok(found.iter().sum::<u64>() as f64 / n as f64);
        }
        let counts: Vec<Counts> =
            (0..n).into_par_iter().map(|i| counts(&self.made(draws, i, effect))).collect();
        let new: BTreeSet<&Counts> =
            counts.iter().filter(|it| !analysed.known.contains_key(*it)).collect();
        let new: Vec<&Counts> = new.into_iter().collect();
        let found = new
            .par_iter()
            .map(|it| self.finds(analysed, draws, &self.spread(it)))
            .collect::<Result<Vec<bool>, EstimateError>>()?;
        let found: Vec<(Counts, bool)> = new.into_iter().cloned().zip(found).collect();
        analysed.known.extend(found);
        let count = counts.iter().filter(|it| analysed.known.get(*it) == Some(&true)).count();
        Ok(count as f64 / n as f64)
    }

    /// A simulated trial: outcomes that follow from the seed and number, the arm from the draw.
    fn made(&self, draws: &Redraws<'_>, number: u64, effect: f64) -> Made {
        let mut arms = vec![0; draws.units()];
        draws.replay(number, &mut arms);
        let mut random = ChaCha8Rng::from_seed(self.setting.seed);
        random.set_stream(number + 1);
        let mut uniform = || ((random.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        let (treated, control) = self.setting.arms;
        let blocks = self.setting.again.design().blocks();
        let block_of = blocks.iter().enumerate().flat_map(|(at, it)| of_block(at, it));
        let mut made = Made::default();
        for ((unit, arm), block) in (0_u32..).zip(&arms).zip(block_of) {
            let shared = [uniform(), uniform()];
            for _ in 0..self.setting.size(unit as usize) {
                let (seen, takes) = (uniform(), uniform());
                // With probability √icc a family's luck is its office's: two of them correlate by
                // icc, whatever the rate.
                let own = [uniform(), uniform(), uniform()];
                let [chance, normal, with_office] = own;
                let office = self.icc.is_some_and(|icc| with_office < icc.sqrt());
                let (chance, normal) =
                    if office { (shared[0], shared[1]) } else { (chance, normal) };
                if (*arm != treated && *arm != control) || seen < self.asked.attrition {
                    continue;
                }
                let is_treated = *arm == treated;
                let shift = if is_treated && takes < self.asked.take_up { effect } else { 0.0 };
                made.y.push(if let Some(base) = self.base_rate {
                    f64::from(u8::from(chance < base + shift))
                } else {
                    // Box and Muller.
                    let radius = (-2.0 * chance.ln()).sqrt();
                    let normal = radius * (2.0 * std::f64::consts::PI * normal).cos();
                    self.asked.sd.unwrap_or(1.0) * normal + shift
                });
                made.treated.push(is_treated);
                made.unit.push(unit);
                made.block.push(block);
            }
        }
        made
    }

    /// Whether the analysis finds an effect; not if it can't be done on such data.
    fn finds(
        &self,
        analysed: &Analysed,
        draws: &Redraws<'_>,
        made: &Made,
    ) -> Result<bool, EstimateError> {
        let several = self.setting.again.design().blocks().len() > 1;
        let regression = analysed.estimator.options().contains(&"covariates");
        let labels: Vec<String> = made.block.iter().map(|it| format!("{it:06}")).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let columns = if several && regression {
            vec![Column::labels(Role::Factor, "block", &labels)]
        } else {
            Vec::new()
        };
        let sample = Sample::new(Rows {
            y: &made.y,
            treated: &made.treated,
            unit: &made.unit,
            block: (several && !regression).then_some(made.block.as_slice()),
            cluster: self.setting.in_offices().then_some(made.unit.as_slice()),
            columns: &columns,
            ..Rows::default()
        });
        let Ok(sample) = sample else { return Ok(false) };
        let (treated, control) = self.setting.arms;
        let redraw = Redraw { replay: draws, treated, control };
        let options = Options {
            se: analysed.options.se.filter(|_| !self.setting.in_offices()).or((self
                .setting
                .in_offices()
                && analysed.name == "lm_robust")
                .then_some(SeType::Cr2)),
            ..analysed.options.clone()
        };
        match analysed.estimator.estimate(&sample, &options, Some(redraw)) {
            Ok(numbers) => {
                let p = numbers.first().and_then(|it| it.p_value);
                Ok(p.is_some_and(|it| it < self.asked.alpha))
            }
            Err(EstimateError::BlockWithoutArm { .. } | EstimateError::TreatmentCollinear) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// A data set with such counts. Units of a block are alike, so which of them has what says
    /// nothing: they stand from the first of the block on.
    fn spread(&self, counts: &Counts) -> Made {
        let mut made = Made::default();
        let mut first = 0;
        let blocks = self.setting.again.design().blocks();
        for ((at, [n1, x1, n0, x0]), block) in (0..).zip(counts).zip(blocks) {
            let mut unit = first;
            for (n, x, treated) in [(n1, x1, true), (n0, x0, false)] {
                for i in 0..*n {
                    made.y.push(f64::from(u8::from(i < *x)));
                    made.treated.push(treated);
                    made.unit.push(unit);
                    made.block.push(at);
                    unit += 1;
                }
            }
            first += block.units;
        }
        made
    }
}

fn of_block(at: usize, block: &Block) -> impl Iterator<Item = u32> + use<> {
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    (0..block.units).map(move |_| at)
}

fn counts(made: &Made) -> Counts {
    let blocks = made.block.iter().max().map_or(0, |it| *it as usize + 1);
    let mut counts = vec![[0; 4]; blocks];
    for ((y, treated), block) in made.y.iter().zip(&made.treated).zip(&made.block) {
        if let Some([n1, x1, n0, x0]) = counts.get_mut(*block as usize) {
            let (n, x) = if *treated { (n1, x1) } else { (n0, x0) };
            *n += 1;
            *x += u32::from(*y > 0.5);
        }
    }
    counts
}
