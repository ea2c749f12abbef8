//! Least squares on columns with names, after a constant or the levels of an absorbed factor.

use std::borrow::Cow;

use crate::columns::Column;
use crate::linear::{Thin, dot, norm, sum_of};
use crate::number::mean;
use crate::{Covariate, Sample};

/// The name of the constant, as R has it.
pub(crate) const INTERCEPT: &str = "(Intercept)";

/// Residuals this much smaller than the outcome are rounding: the fit is perfect.
const PERFECT: f64 = 1e-12;

/// A column whose variation is this small beside its size is constant.
const CONSTANT: f64 = 1e-10;

/// A column of a regression.
#[derive(Clone, Debug)]
pub(crate) struct Regressor<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) values: Cow<'a, [f64]>,
}

/// Lengths of columns whose squares neither overflow nor vanish.
const USUAL: std::ops::Range<f64> = 1e-100..1e100;

/// What is to be fitted. Weights are above 0.
#[derive(Clone, Debug)]
pub(crate) struct Model<'a> {
    pub(crate) y: &'a [f64],
    pub(crate) weights: Option<&'a [f64]>,
    /// In the order in which collinear columns give way: later first.
    pub(crate) columns: Vec<Regressor<'a>>,
    /// A constant of its own for each level of this factor; None is one constant.
    pub(crate) absorbed: Option<&'a Column>,
}

/// A coefficient as a weighted sum of the coefficients that were fitted.
#[derive(Clone, Debug)]
pub(crate) struct Contrast {
    pub(crate) term: String,
    pub(crate) weights: Vec<f64>,
    pub(crate) estimate: f64,
}

/// A fit on columns that are centred, and scaled where they are very long or short, so that
/// neither units nor origins matter: the constant, if there is one, then the model's columns.
#[derive(Debug)]
pub(crate) struct Fit {
    pub(crate) thin: Thin,
    /// Times the root of the weight, one a row.
    pub(crate) residuals: Vec<f64>,
    pub(crate) absorbed: Option<Absorbed>,
    pub(crate) perfect: bool,
    coefficients: Vec<f64>,
    scales: Vec<Scale>,
    names: Vec<String>,
    mean_outcome: f64,
}

/// How a column was centred and scaled.
#[derive(Clone, Copy, Debug)]
struct Scale {
    centre: f64,
    length: f64,
}

/// A factor that was projected out of everything. Its unit columns stand beside Q.
#[derive(Debug)]
pub(crate) struct Absorbed {
    /// The level of each row.
    pub(crate) level: Vec<usize>,
    /// √(w/W) of each row, where W is the weight of its level: its entry in the level's column.
    pub(crate) root: Vec<f64>,
    /// Levels that occur.
    pub(crate) levels: usize,
}

impl<'a> Regressor<'a> {
    /// A column that is there already.
    pub(crate) fn of(covariate: &'a Covariate) -> Self {
        Self { name: Cow::Borrowed(&covariate.name), values: Cow::Borrowed(&covariate.values) }
    }

    /// A column that was made.
    pub(crate) fn new(name: impl Into<Cow<'a, str>>, values: Vec<f64>) -> Self {
        Self { name: name.into(), values: Cow::Owned(values) }
    }

    /// The treatment as 0 and 1.
    pub(crate) fn treatment(sample: &Sample, name: &'a str) -> Self {
        Self::new(name, sample.treated.iter().map(|it| f64::from(u8::from(*it))).collect())
    }
}

impl Fit {
    /// Fits a model.
    pub(crate) fn of(model: &Model<'_>) -> Self {
        let weights = Weights { weights: model.weights };
        let absorbed = model.absorbed.map(|it| Absorbed::of(it, model.weights));
        let constant = usize::from(absorbed.is_none());
        let size = model.columns.len() + constant;
        let rows = model.y.len();
        let mut x = Vec::with_capacity(rows * size);
        let mut scales = Vec::with_capacity(size);
        if constant == 1 {
            weights.add(std::iter::repeat_n(1.0, rows), &mut x);
            scales.push(Scale { centre: 0.0, length: 1.0 });
        }
        for column in &model.columns {
            scales.push(weights.add_column(&column.values, absorbed.as_ref(), &mut x));
        }
        let thin = Thin::new(x, rows);
        let mut y = Vec::with_capacity(rows);
        let mean_outcome = weights.mean(model.y);
        weights.add_centred(model.y, mean_outcome, absorbed.as_ref(), &mut y);
        let variation = norm(&y);
        let (along, mut residuals) = thin.fit(y);
        let perfect = norm(&residuals) <= PERFECT * variation;
        if perfect {
            residuals.fill(0.0);
        }
        Self {
            coefficients: thin.solve(&along),
            names: model.columns.iter().map(|it| it.name.clone().into_owned()).collect(),
            thin,
            residuals,
            absorbed,
            perfect,
            scales,
            mean_outcome,
        }
    }

    /// Number of coefficients, those of absorbed levels too.
    pub(crate) fn rank(&self) -> usize {
        self.thin.kept().len() + self.absorbed.as_ref().map_or(0, |it| it.levels)
    }

    /// Rows less rank.
    pub(crate) fn residual_df(&self) -> f64 {
        self.residuals.len() as f64 - self.rank() as f64
    }

    /// Whether the model's column `at` is in.
    pub(crate) fn has(&self, at: usize) -> bool {
        self.place(at).is_some()
    }

    /// Names of the columns that were left out as collinear.
    pub(crate) fn dropped(&self) -> Vec<&str> {
        let out = |(at, _): &(usize, &String)| !self.has(*at);
        self.names.iter().enumerate().filter(out).map(|(_, name)| name.as_str()).collect()
    }

    /// The coefficient of the model's column `at`; None if it was left out.
    pub(crate) fn coefficient(&self, at: usize) -> Option<Contrast> {
        self.sum(self.names.get(at)?, &[(at, 1.0)])
    }

    /// A weighted sum of coefficients; None if one of them was left out.
    pub(crate) fn sum(&self, term: &str, parts: &[(usize, f64)]) -> Option<Contrast> {
        let mut weights = vec![0.0; self.thin.kept().len()];
        for (at, weight) in parts {
            let place = self.place(*at)?;
            *weights.get_mut(place)? += weight / self.scales.get(at + self.constant())?.length;
        }
        Some(self.contrast(term, weights, 0.0))
    }

    /// The constant, of which the columns' centres are taken out again; None if absorbed.
    pub(crate) fn intercept(&self) -> Option<Contrast> {
        if self.absorbed.is_some() {
            return None;
        }
        let scales = self.thin.kept().iter().filter_map(|at| self.scales.get(*at));
        let weights = scales
            .enumerate()
            .map(|(place, it)| if place == 0 { 1.0 / it.length } else { -it.centre / it.length });
        Some(self.contrast(INTERCEPT, weights.collect(), self.mean_outcome))
    }

    fn constant(&self) -> usize {
        usize::from(self.absorbed.is_none())
    }

    fn place(&self, at: usize) -> Option<usize> {
        self.thin.kept().binary_search(&(at + self.constant())).ok()
    }

    fn contrast(&self, term: &str, weights: Vec<f64>, origin: f64) -> Contrast {
        let estimate = origin + dot(&weights, &self.coefficients);
        Contrast { term: term.to_owned(), weights, estimate }
    }
}

impl Absorbed {
    fn of(column: &Column, weights: Option<&[f64]>) -> Self {
        let level: Vec<usize> = (0..column.values.len()).map(|row| column.code(row)).collect();
        let weight = |row: usize| weights.and_then(|it| it.get(row)).copied().unwrap_or(1.0);
        let mut totals = vec![0.0; column.levels.len()];
        for (row, level) in level.iter().enumerate() {
            if let Some(total) = totals.get_mut(*level) {
                *total += weight(row);
            }
        }
        let total = |level: &usize| totals.get(*level).copied().unwrap_or(1.0);
        let root = level.iter().enumerate().map(|(row, it)| (weight(row) / total(it)).sqrt());
        let levels = totals.iter().filter(|it| **it > 0.0).count();
        Self { root: root.collect(), levels, level }
    }

    /// Weighted values less their projection on the levels, twice for the last digits.
    fn take_out(&self, values: &mut [f64]) {
        for _ in 0..2 {
            let mut along = vec![0.0; self.level.iter().max().map_or(0, |it| it + 1)];
            for ((value, level), root) in values.iter().zip(&self.level).zip(&self.root) {
                if let Some(sum) = along.get_mut(*level) {
                    *sum += value * root;
                }
            }
            for ((value, level), root) in values.iter_mut().zip(&self.level).zip(&self.root) {
                *value -= along.get(*level).copied().unwrap_or_default() * root;
            }
        }
    }
}

/// The weights of rows, if there are any.
struct Weights<'a> {
    weights: Option<&'a [f64]>,
}

impl Weights<'_> {
    /// Σwx/Σw, with a second pass that takes out the rounding of the first.
    fn mean(&self, values: &[f64]) -> f64 {
        let Some(weights) = self.weights else { return mean(values) };
        let total: f64 = weights.iter().sum();
        let rough = dot(values, weights) / total;
        let rest = values.iter().zip(weights).map(|(it, weight)| (it - rough) * weight);
        rough + rest.sum::<f64>() / total
    }

    /// Adds √w·x.
    fn add(&self, values: impl Iterator<Item = f64>, column: &mut Vec<f64>) {
        match self.weights {
            Some(weights) => {
                column.extend(values.zip(weights).map(|(it, weight)| it * weight.sqrt()));
            }
            None => column.extend(values),
        }
    }

    /// Σwx/Σw but for its rounding: origin enough where a constant is fitted.
    fn origin(&self, values: &[f64]) -> f64 {
        match self.weights {
            Some(weights) => dot(values, weights) / sum_of(weights, |it| it),
            None => sum_of(values, |it| it) / values.len() as f64,
        }
    }

    /// Adds √w·(x − centre), the absorbed levels taken out of it.
    fn add_centred(
        &self,
        values: &[f64],
        centre: f64,
        absorbed: Option<&Absorbed>,
        column: &mut Vec<f64>,
    ) {
        let start = column.len();
        self.add(values.iter().map(|it| it - centre), column);
        if let Some(it) = absorbed {
            it.take_out(column.get_mut(start..).unwrap_or_default());
        }
    }

    /// Adds a column in the same way, of unit length unless it is of a usual size: all zeros, hence
    /// collinear, if it does not vary.
    fn add_column(
        &self,
        values: &[f64],
        absorbed: Option<&Absorbed>,
        columns: &mut Vec<f64>,
    ) -> Scale {
        let (centre, start) = (self.origin(values), columns.len());
        self.add_centred(values, centre, absorbed, columns);
        let column = columns.get_mut(start..).unwrap_or_default();
        let length = norm(column);
        if length <= CONSTANT * norm(values) {
            column.fill(0.0);
            return Scale { centre, length: 1.0 };
        }
        if USUAL.contains(&length) {
            return Scale { centre, length: 1.0 };
        }
        for it in column {
            *it /= length;
        }
        Scale { centre, length }
    }
}

/// The weighted mean of a column.
pub(crate) fn weighted_mean(values: &[f64], weights: Option<&[f64]>) -> f64 {
    Weights { weights }.mean(values)
}
