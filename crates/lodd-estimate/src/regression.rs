//! What every estimator by least squares does with a fit: standard errors, df, rows and notes.

use std::ops::Range;

use crate::columns::Role;
use crate::least_squares::{Contrast, Fit, Model, Regressor};
use crate::linear::norm;
use crate::number::{Inference, is_constant};
use crate::sandwich::{Residuals, Variance};
use crate::{Covariate, Df, EstimateError, Number, Options, Sample, SeType};

/// The options of every regression.
pub(crate) const OPTIONS: &[&str] =
    &["se", "df", "covariates", "factors", "missing_covariates", "weights", "fixed_effects"];

/// The fixed effects of a sample: the one with most levels is absorbed, the others are dummies
/// that are not reported.
#[derive(Debug, Default)]
pub(crate) struct Levels {
    absorbed: Option<usize>,
    dummies: Vec<Covariate>,
}

impl Levels {
    /// Those of a sample.
    pub(crate) fn of(sample: &Sample) -> Self {
        let factors: Vec<_> = sample.columns(Role::FixedEffect).collect();
        // The first of those with most levels.
        let most = (0..factors.len())
            .rev()
            .max_by_key(|at| factors.get(*at).map_or(0, |it| it.levels.len()));
        let others = factors.iter().enumerate().filter(|(at, _)| Some(*at) != most);
        Self { absorbed: most, dummies: others.flat_map(|(_, it)| it.dummies()).collect() }
    }

    /// A model of `y` on these, the covariates, and `own` columns, which give way first.
    pub(crate) fn model<'a>(
        &'a self,
        sample: &'a Sample,
        y: &'a [f64],
        own: Vec<Regressor<'a>>,
    ) -> Model<'a> {
        let before = self.dummies.iter().chain(&sample.covariates).map(Regressor::of);
        Model {
            y,
            weights: sample.weights.as_deref(),
            columns: before.chain(own).collect(),
            absorbed: self.absorbed.and_then(|at| sample.columns(Role::FixedEffect).nth(at)),
        }
    }

    /// The place of the first of a model's own columns.
    pub(crate) fn first_own(&self, sample: &Sample) -> usize {
        self.dummies.len() + sample.covariates.len()
    }

    /// The places of the covariates that are reported.
    pub(crate) fn covariates(&self, sample: &Sample) -> Range<usize> {
        self.dummies.len()..self.first_own(sample)
    }
}

/// Standard error and degrees of freedom, checked against the clusters of a sample.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) se: SeType,
    pub(crate) df: Df,
}

impl Settings {
    /// Those that apply.
    ///
    /// # Errors
    ///
    /// If they need clusters and there are none, or the other way, or an arm has one cluster.
    pub(crate) fn of(sample: &Sample, options: &Options) -> Result<Self, EstimateError> {
        let Some(clusters) = &sample.clusters else {
            let se = options.se.unwrap_or(SeType::Hc2);
            if se.is_clustered() {
                return Err(EstimateError::SeNeedsClusters { se: se.name() });
            }
            return match options.df.unwrap_or(Df::Residual) {
                Df::Residual => Ok(Self { se, df: Df::Residual }),
                df => Err(EstimateError::DfOfSe { df: df.name(), se: se.name() }),
            };
        };
        let se = options.se.unwrap_or(SeType::Cr2);
        if !se.is_clustered() {
            return Err(EstimateError::SeWithClusters { se: se.name() });
        }
        let touching = |treated: bool| {
            let touches = |rows: &&Range<usize>| {
                sample.treated.get((*rows).clone()).unwrap_or_default().contains(&treated)
            };
            clusters.iter().filter(touches).count()
        };
        let (treated, control) = (touching(true), touching(false));
        if treated < 2 || control < 2 {
            return Err(EstimateError::FewClusters { treated, control });
        }
        Ok(Self { se, df: options.df.unwrap_or(se.default_df()) })
    }
}

/// A fit whose contrasts are to be reported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Report<'a> {
    pub(crate) sample: &'a Sample,
    pub(crate) options: &'a Options,
    pub(crate) settings: Settings,
    pub(crate) fit: &'a Fit,
}

impl Report<'_> {
    /// One number a contrast. The one named as the treatment also gets the arms' means.
    ///
    /// # Errors
    ///
    /// If the eigenvalues of a cluster are not found.
    pub(crate) fn numbers(&self, contrasts: &[Contrast]) -> Result<Vec<Number>, EstimateError> {
        let directions: Vec<Vec<f64>> = contrasts.iter().map(|it| self.direction(it)).collect();
        let variances = self.variances(&directions)?;
        Ok(contrasts
            .iter()
            .zip(variances)
            .map(|(it, variance)| self.number(it, variance))
            .collect())
    }

    /// The q of a contrast, so that its estimate is q'Q'y.
    pub(crate) fn direction(&self, contrast: &Contrast) -> Vec<f64> {
        self.fit.thin.solve_transposed(&contrast.weights)
    }

    /// Variances of contrasts by their directions.
    ///
    /// # Errors
    ///
    /// As [`Report::numbers`].
    pub(crate) fn variances(&self, qs: &[Vec<f64>]) -> Result<Vec<Variance>, EstimateError> {
        let parts = Residuals::of(self.fit, self.sample.weights.as_deref());
        match &self.sample.clusters {
            Some(clusters) => parts.by_cluster(self.settings.se, clusters, qs),
            None => Ok(parts.by_row(self.settings.se, qs)),
        }
    }

    /// The covariance matrix of contrasts, row after row: half of what the variance of the sum of
    /// two has more than theirs.
    ///
    /// # Errors
    ///
    /// As [`Report::numbers`].
    pub(crate) fn covariance(
        &self,
        contrasts: &[Contrast],
    ) -> Result<Vec<Vec<f64>>, EstimateError> {
        let qs: Vec<Vec<f64>> = contrasts.iter().map(|it| self.direction(it)).collect();
        let pairs = qs.iter().flat_map(|a| qs.iter().map(move |b| (a, b)));
        let with = |sign: f64| -> Vec<Vec<f64>> {
            let of = |(a, b): (&Vec<f64>, &Vec<f64>)| {
                a.iter().zip(b).map(|(a, b)| a + sign * b).collect()
            };
            pairs.clone().map(of).collect()
        };
        let (plus, minus) = (self.variances(&with(1.0))?, self.variances(&with(-1.0))?);
        let cells = plus.iter().zip(&minus).map(|(a, b)| (a.variance - b.variance) / 4.0);
        let cells: Vec<f64> = cells.collect();
        Ok(cells.chunks(qs.len().max(1)).map(<[f64]>::to_vec).collect())
    }

    /// Degrees of freedom by the settings.
    pub(crate) fn df(&self, variance: Variance) -> Option<f64> {
        match self.settings.df {
            Df::Residual => Some(self.fit.residual_df()),
            Df::Clusters => self.sample.clusters.as_ref().map(|it| it.len() as f64 - 1.0),
            Df::Satterthwaite => variance.satterthwaite,
        }
    }

    fn number(&self, contrast: &Contrast, variance: Variance) -> Number {
        let mut number = if contrast.term == self.options.treatment {
            Number::of_effect(self.sample, self.options)
        } else {
            Number::of(self.sample, &contrast.term)
        };
        let left = self.fit.residual_df() >= 1.0;
        if !left {
            number.note("no standard error: as many coefficients as rows");
        }
        let std_error = left.then(|| variance.variance.sqrt());
        let df = self.df(variance);
        let inference = Inference { estimate: contrast.estimate, std_error, df };
        number.infer(inference, self.settings.se.name(), self.options.alpha)
    }

    /// What a reader of the effect must know of the fit.
    pub(crate) fn add_notes(&self, effect: &mut Number) {
        if is_constant(&self.sample.y) {
            effect.note("the outcome does not vary");
        } else if self.fit.perfect {
            effect.note("the covariates fit the outcome exactly");
        }
        let dropped = self.fit.dropped();
        if !dropped.is_empty() {
            effect.note(format!("dropped as collinear: {}", dropped.join(", ")));
        }
        if matches!(self.settings.se, SeType::Hc2 | SeType::Hc3) {
            let full = Residuals::of(self.fit, self.sample.weights.as_deref()).full_leverage();
            if full > 0 {
                let se = self.settings.se.name();
                effect.note(format!("rows with leverage 1, which add nothing to {se}: {full}"));
            }
        }
        if self.sample.weights.is_none() && ignores_blocks(self.sample) {
            effect.note(
                "the share treated differs between blocks, and the blocks are not among the \
                 covariates: compare difference_in_means",
            );
        }
    }

    /// Rows of the columns that were left out, but for those that are not reported.
    pub(crate) fn dropped(&self, reported: impl Fn(&str) -> bool) -> Vec<Number> {
        let row = |name: &&str| {
            let mut number = Number::of(self.sample, name);
            number.note("dropped: it depends on the covariates before it");
            number
        };
        self.fit.dropped().iter().filter(|it| reported(it)).map(row).collect()
    }
}

/// Refuses covariates that would be reported under the name of another term.
///
/// # Errors
///
/// [`EstimateError::NameTaken`].
pub(crate) fn check_names(sample: &Sample, taken: &[&str]) -> Result<(), EstimateError> {
    match sample.covariates.iter().find(|it| taken.contains(&it.name.as_str())) {
        Some(it) => Err(EstimateError::NameTaken { name: it.name.clone() }),
        None => Ok(()),
    }
}

/// Whether the share treated varies over blocks in a way the covariates do not hold.
fn ignores_blocks(sample: &Sample) -> bool {
    if sample.n_blocks() == 1 {
        return false;
    }
    let mut counts = vec![(0.0, 0.0); sample.n_blocks()];
    for (block, treated) in sample.block.iter().zip(&sample.treated) {
        if let Some((rows, hits)) = counts.get_mut(*block) {
            *rows += 1.0;
            *hits += f64::from(u8::from(*treated));
        }
    }
    let overall = sample.n_treated() as f64 / sample.n() as f64;
    let share =
        |block: &usize| counts.get(*block).map_or(0.0, |(rows, hits)| hits / rows - overall);
    let shares: Vec<f64> = sample.block.iter().map(share).collect();
    let levels = Levels::of(sample);
    let fit = Fit::of(&Model { weights: None, ..levels.model(sample, &shares, Vec::new()) });
    norm(&fit.residuals) > 1e-7 * norm(&shares) && norm(&shares) > 1e-9
}
