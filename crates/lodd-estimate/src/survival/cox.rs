//! Cox's (1972) partial likelihood, with ties by Efron (1977) or Breslow (1974).

use super::Times;
use crate::Ties;
use crate::linear::{add_scaled, dot};
use crate::model_matrix::ModelMatrix;
use crate::newton::{Maximum, Point, maximise};
use crate::symmetric::Square;

/// The rows of one stratum, from the last time back.
#[derive(Clone, Debug)]
struct Stratum {
    rows: Vec<usize>,
}

/// What a partial likelihood is made of.
#[derive(Debug)]
pub(crate) struct Partial<'a> {
    times: &'a Times,
    rows: Vec<&'a [f64]>,
    strata: Vec<Stratum>,
    width: usize,
    ties: Ties,
}

/// One of the terms of an event time: those at risk, less a share of those with the event.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    /// Σ e^η over those at risk.
    pub(crate) total: f64,
    /// Their mean row, weighted e^η.
    pub(crate) mean: Vec<f64>,
    /// The variance of their rows, weighted e^η.
    pub(crate) variance: Square,
    /// The share of those with the event that is taken out.
    pub(crate) share: f64,
}

/// An event time of a stratum.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    pub(crate) time: f64,
    /// Rows with the event then.
    pub(crate) events: Vec<usize>,
    /// As many terms as events.
    pub(crate) terms: Vec<Term>,
}

impl<'a> Partial<'a> {
    /// Of the rows of a matrix without constant, in the order of the times.
    pub(crate) fn new(times: &'a Times, matrix: &'a ModelMatrix, ties: Ties) -> Self {
        let mut strata = vec![Stratum { rows: Vec::new() }; times.strata];
        for (row, stratum) in times.stratum.iter().enumerate() {
            if let Some(it) = strata.get_mut(*stratum) {
                it.rows.push(row);
            }
        }
        let time = |row: &usize| times.time.get(*row).copied().unwrap_or_default();
        for it in &mut strata {
            it.rows.sort_by(|a, b| time(b).total_cmp(&time(a)));
        }
        Self { times, rows: matrix.rows().collect(), strata, width: matrix.width(), ties }
    }

    /// A row's columns.
    pub(crate) fn row(&self, at: usize) -> Option<&[f64]> {
        self.rows.get(at).copied()
    }

    /// The maximum; None where the likelihood rises for ever.
    pub(crate) fn maximise(&self) -> Option<Maximum> {
        maximise(vec![0.0; self.width], |b| self.point(b))
    }

    /// The likelihood and its derivatives at b.
    pub(crate) fn point(&self, b: &[f64]) -> Point {
        let mut point = Point::zero(self.width);
        self.each_moment(b, |moment| {
            for row in moment.events.iter().filter_map(|it| self.rows.get(*it)) {
                point.log_likelihood += dot(row, b);
                add_scaled(&mut point.score, row, 1.0);
            }
            for term in &moment.terms {
                point.log_likelihood -= term.total.ln();
                add_scaled(&mut point.score, &term.mean, -1.0);
                point.information.add(&term.variance, 1.0);
            }
        });
        point
    }

    /// Calls `take` with every event time at b, stratum after stratum, from the last time back.
    pub(crate) fn each_moment(&self, b: &[f64], mut take: impl FnMut(Moment)) {
        for stratum in &self.strata {
            self.moments_of(stratum, b, &mut take);
        }
    }

    fn moments_of(&self, stratum: &Stratum, b: &[f64], mut take: impl FnMut(Moment)) {
        let mut all = Sums::zero(self.width);
        let time = |row: usize| self.times.time.get(row).copied().unwrap_or_default();
        for run in stratum.rows.chunk_by(|a, b| time(*a) <= time(*b)) {
            let mut own = Sums::zero(self.width);
            let mut events = Vec::new();
            for &at in run {
                let Some(row) = self.row(at) else { continue };
                let weight = dot(row, b).exp();
                all.add(row, weight);
                if self.times.event.get(at) == Some(&true) {
                    own.add(row, weight);
                    events.push(at);
                }
            }
            let Some(&first) = events.first() else { continue };
            let d = events.len() as f64;
            let share = |at: usize| match self.ties {
                Ties::Efron => at as f64 / d,
                Ties::Breslow => 0.0,
            };
            let terms = (0..events.len()).map(|at| all.less(&own, share(at))).collect();
            take(Moment { time: time(first), events, terms });
        }
    }

    /// The score of each row at b: how much it pulls at each coefficient.
    pub(crate) fn scores(&self, b: &[f64]) -> Vec<Vec<f64>> {
        let mut scores = vec![vec![0.0; self.width]; self.rows.len()];
        for stratum in &self.strata {
            // The sums go over the times up to a row's own, so the moments are gathered first.
            let mut moments = Vec::new();
            self.moments_of(stratum, b, |it| moments.push(it));
            self.add_scores(&mut scores, stratum, &moments, b);
        }
        scores
    }

    fn add_scores(
        &self,
        scores: &mut [Vec<f64>],
        stratum: &Stratum,
        moments: &[Moment],
        b: &[f64],
    ) {
        // Σ 1/total and Σ mean/total over the times passed.
        let (mut hazard, mut weighted) = (0.0, vec![0.0; self.width]);
        let mut ahead = moments.iter().rev().peekable();
        for &at in stratum.rows.iter().rev() {
            let time = self.times.time.get(at).copied().unwrap_or_default();
            while let Some(moment) = ahead.next_if(|it| it.time <= time) {
                for term in &moment.terms {
                    hazard += 1.0 / term.total;
                    add_scaled(&mut weighted, &term.mean, 1.0 / term.total);
                }
                self.add_own(scores, moment, b);
            }
            if let (Some(score), Some(row)) = (scores.get_mut(at), self.rows.get(at)) {
                let weight = dot(row, b).exp();
                add_scaled(score, row, -weight * hazard);
                add_scaled(score, &weighted, weight);
            }
        }
    }

    /// The part of those with the event at a time: their distance from the terms' means, and what
    /// they were taken out of the terms with.
    fn add_own(&self, scores: &mut [Vec<f64>], moment: &Moment, b: &[f64]) {
        let d = moment.events.len() as f64;
        for &at in &moment.events {
            let (Some(score), Some(row)) = (scores.get_mut(at), self.rows.get(at)) else {
                continue;
            };
            let weight = dot(row, b).exp();
            for term in &moment.terms {
                let scale = 1.0 / d + weight * term.share / term.total;
                add_scaled(score, row, scale);
                add_scaled(score, &term.mean, -scale);
            }
        }
    }
}

/// Σ w, Σ wx and Σ wxx'.
#[derive(Clone, Debug)]
struct Sums {
    weight: f64,
    first: Vec<f64>,
    second: Square,
}

impl Sums {
    fn zero(width: usize) -> Self {
        Self { weight: 0.0, first: vec![0.0; width], second: Square::zeros(width) }
    }

    fn add(&mut self, row: &[f64], weight: f64) {
        self.weight += weight;
        add_scaled(&mut self.first, row, weight);
        self.second.add_outer(row, weight);
    }

    /// These less a share of others.
    fn less(&self, other: &Self, share: f64) -> Term {
        let total = self.weight - share * other.weight;
        let mut mean = self.first.clone();
        add_scaled(&mut mean, &other.first, -share);
        for it in &mut mean {
            *it /= total;
        }
        let mut variance = Square::zeros(mean.len());
        variance.add(&self.second, 1.0 / total);
        variance.add(&other.second, -share / total);
        variance.add_outer(&mean, -1.0);
        Term { total, mean, variance, share }
    }
}
