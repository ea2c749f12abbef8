//! The wild cluster bootstrap-t with the null imposed, without a refit or an n×n matrix.
//!
//! With `p = Qq` the weights of the coefficient (`b = p'y`), R the residuals of the regression
//! without the treatment, and v the multipliers of clusters: `b* = Σ v_g a_g` with
//! `a_g = Σ p_i R_i`, and the score of cluster g is `s_g = v_g a_g − w_g'(Σ v_h z_h)`, with
//! `w_g = Σ p_i Q_i` and `z_h = Σ Q_i R_i`. The scale of CR1 cancels in the p-value. Draws are columns
//! of a matrix, worked out many at a time.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::least_squares::{Fit, Regressor};
use crate::linear::{Columns, add_scaled, dot, multiply, multiply_transposed};
use crate::number::is_constant;
use crate::random::Stream;
use crate::regression::Levels;
use crate::{EstimateError, Multipliers, Options, Sample};

/// Statistics this close, as a share, are ties.
pub(crate) const TIE: f64 = 1e-9;

/// Standard errors this small beside the coefficient's own terms are 0.
const ROUNDING: f64 = 1e-12;

/// One regression ready for draws.
#[derive(Debug)]
pub(crate) struct Wild {
    pub(crate) estimate: f64,
    /// By CR0, or HC0 for single rows; None without variation.
    pub(crate) statistic: Option<f64>,
    pub(crate) std_error: f64,
    /// One a multiplier: 0 where the sample has no such cluster.
    a: Vec<f64>,
    /// The cluster's a, then its z: multiplier after multiplier, each `rows` long.
    along: Vec<f64>,
    /// 0, then the cluster's w.
    scores: Vec<f64>,
    rows: usize,
}

/// Draws that are worked out at a time: their matrices fit the cache.
pub(crate) const AT_ONCE: u64 = 32;

/// Memory that is used again for each batch of draws.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Draw after draw, a multiplier a cluster.
    v: Vec<f64>,
    /// Draw after draw, b and Σ v z.
    along: Vec<f64>,
    /// Draw after draw, what the null's fit takes of each cluster's score, and then the score.
    scores: Vec<f64>,
}

impl Wild {
    /// The regression of a sample's outcome on treatment, covariates and fixed effects. `ids` gives
    /// the place of the multiplier of each cluster's id.
    ///
    /// # Errors
    ///
    /// If the covariates leave nothing of the treatment.
    pub(crate) fn of(
        sample: &Sample,
        options: &Options,
        ids: &BTreeMap<u32, usize>,
    ) -> Result<Self, EstimateError> {
        let levels = Levels::of(sample);
        let at = levels.first_own(sample);
        let treatment = vec![Regressor::treatment(sample, &options.treatment)];
        let full = Fit::of(&levels.model(sample, &sample.y, treatment));
        let restricted = Fit::of(&levels.model(sample, &sample.y, Vec::new()));
        let effect = full.coefficient(at).ok_or(EstimateError::TreatmentCollinear)?;
        let q = full.thin.solve_transposed(&effect.weights);
        let groups = sample.groups();
        let size = full.thin.kept().len();
        if full.absorbed.is_some() {
            return Err(EstimateError::NotTaken {
                estimator: "wild bootstrap",
                what: "fixed_effects",
            });
        }
        let rows = size + 1;
        let mut wild = Self {
            estimate: effect.estimate,
            statistic: None,
            std_error: 0.0,
            a: vec![0.0; ids.len()],
            along: vec![0.0; ids.len() * rows],
            scores: vec![0.0; ids.len() * rows],
            rows,
        };
        let mut squares = 0.0;
        for rows in &groups {
            let id = sample.group_id(rows.start).unwrap_or_default();
            let place = ids.get(&id).copied().unwrap_or_default();
            squares += wild.add(place, &full, &restricted.residuals, (rows, &q)).powi(2);
        }
        wild.std_error = squares.sqrt();
        let varies = !is_constant(&sample.y) && !full.perfect;
        wild.statistic = (varies && wild.std_error > 0.0).then(|| wild.estimate / wild.std_error);
        Ok(wild)
    }

    /// Adds a cluster, and gives its score in the full regression.
    fn add(
        &mut self,
        place: usize,
        full: &Fit,
        restricted: &[f64],
        (rows, direction): (&Range<usize>, &[f64]),
    ) -> f64 {
        let (mut a, mut score) = (0.0, 0.0);
        let column = place * self.rows..(place + 1) * self.rows;
        let (Some([first, z @ ..]), Some([_, w @ ..])) =
            (self.along.get_mut(column.clone()), self.scores.get_mut(column))
        else {
            return score;
        };
        let own = restricted.get(rows.clone()).unwrap_or_default();
        let left = full.residuals.get(rows.clone()).unwrap_or_default();
        let part = full.thin.part(rows.clone());
        for ((row, own), left) in part.chunks_exact(w.len().max(1)).zip(own).zip(left) {
            let p = dot(row, direction);
            a += p * own;
            score += p * left;
            add_scaled(w, row, p);
            add_scaled(z, row, *own);
        }
        *first = a;
        if let Some(slot) = self.a.get_mut(place) {
            *slot = a;
        }
        score
    }

    /// Clusters.
    pub(crate) fn clusters(&self) -> usize {
        self.a.len()
    }

    /// Adds |t*| of each draw in `memory`; infinite where the scores vanish and b* does not.
    pub(crate) fn drawn(&self, memory: &mut Memory, statistics: &mut Vec<f64>) {
        let (rows, clusters) = (self.rows, self.clusters());
        let Memory { v, along, scores } = memory;
        let v = Columns { values: v, rows: clusters };
        multiply(Columns { values: &self.along, rows }, v, along);
        let own = Columns { values: along, rows };
        multiply_transposed(Columns { values: &self.scores, rows }, own, scores);
        let draws =
            v.values.chunks_exact(clusters.max(1)).zip(scores.chunks_exact_mut(clusters.max(1)));
        statistics.extend(draws.zip(along.chunks_exact(rows)).map(|((v, scores), along)| {
            for ((score, v), a) in scores.iter_mut().zip(v).zip(&self.a) {
                *score = v * a - *score;
            }
            let b = along.first().copied().unwrap_or_default().abs();
            if b <= ROUNDING * self.std_error { 0.0 } else { b / dot(scores, scores).sqrt() }
        }));
    }
}

/// How multipliers are drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draws {
    pub(crate) multipliers: Multipliers,
    pub(crate) clusters: usize,
    /// All of them, or so many.
    pub(crate) exact: bool,
    pub(crate) number: u64,
    seed: [u8; 32],
}

impl Draws {
    /// All vectors of multipliers if they are equally likely and at most `max_exact`.
    ///
    /// # Errors
    ///
    /// If there are more, and no seed.
    pub(crate) fn of(options: &Options, clusters: usize) -> Result<Self, EstimateError> {
        let points: Option<u64> = match options.multipliers {
            Multipliers::Rademacher => Some(2),
            Multipliers::Webb => Some(6),
            Multipliers::Mammen => None,
        };
        let power = u32::try_from(clusters).ok();
        let all = points.zip(power).and_then(|(points, power)| points.checked_pow(power));
        let all = all.filter(|it| *it <= options.max_exact);
        let multipliers = options.multipliers;
        match (all, options.seed) {
            (Some(draws), seed) => {
                let seed = seed.unwrap_or_default();
                Ok(Self { multipliers, clusters, exact: true, number: draws, seed })
            }
            (None, Some(seed)) => {
                Ok(Self { multipliers, clusters, exact: false, number: options.replicates, seed })
            }
            (None, None) => Err(EstimateError::NoSeed),
        }
    }

    /// Batches of draws.
    pub(crate) fn batches(&self) -> u64 {
        self.number.div_ceil(AT_ONCE)
    }

    /// Writes the multipliers of a batch of draws.
    pub(crate) fn write(&self, batch: u64, memory: &mut Memory) {
        memory.v.clear();
        let first = batch * AT_ONCE;
        for i in first..self.number.min(first + AT_ONCE) {
            self.add(i, &mut memory.v);
        }
    }

    /// Adds the multipliers of draw `i`.
    fn add(&self, i: u64, v: &mut Vec<f64>) {
        match (self.exact, self.multipliers) {
            (true, Multipliers::Webb) => {
                let mut rest = i;
                v.extend((0..self.clusters).map(|_| {
                    let point = webb(rest % 6);
                    rest /= 6;
                    point
                }));
            }
            (true, _) => {
                v.extend((0..self.clusters).map(|it| if i >> it & 1 == 0 { 1.0 } else { -1.0 }));
            }
            (false, how) => self.random(how, &mut Stream::new(self.seed, i), v),
        }
    }

    fn random(&self, how: Multipliers, stream: &mut Stream, v: &mut Vec<f64>) {
        match how {
            Multipliers::Rademacher => {
                let end = v.len() + self.clusters;
                while v.len() < end {
                    let bits = stream.bits();
                    let left = (end - v.len()).min(64);
                    v.extend((0..left).map(|it| if bits >> it & 1 == 0 { 1.0 } else { -1.0 }));
                }
            }
            Multipliers::Webb => {
                v.extend((0..self.clusters).map(|_| webb(u64::from(stream.below(6)))));
            }
            Multipliers::Mammen => {
                let root = 5.0_f64.sqrt();
                let low = (root + 1.0) / (2.0 * root);
                v.extend((0..self.clusters).map(|_| {
                    if stream.uniform() < low {
                        (1.0 - root) / 2.0
                    } else {
                        f64::midpoint(1.0, root)
                    }
                }));
            }
        }
    }
}

/// One of Webb's six points.
fn webb(point: u64) -> f64 {
    let size = match point % 3 {
        0 => 0.5_f64.sqrt(),
        1 => 1.0,
        _ => 1.5_f64.sqrt(),
    };
    if point < 3 { size } else { -size }
}
