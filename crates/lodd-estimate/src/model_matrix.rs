//! The columns of a regression that is fitted by iteration.

use crate::linear::{Thin, norm};
use crate::number::mean;
use crate::{Covariate, EstimateError, Sample};

/// A covariate whose variation is this small beside its size is constant.
const CONSTANT: f64 = 1e-10;

/// A constant, covariates that are centred and of unit standard deviation, and the treatment as 0
/// or 1. Covariates that depend on those before them are left out.
#[derive(Clone, Debug)]
pub(crate) struct ModelMatrix {
    /// Row after row: the constant if there is one, the covariates, the treatment.
    rows: Vec<f64>,
    width: usize,
    has_constant: bool,
    /// The covariates that are in.
    covariates: Vec<Scaled>,
    /// Names of those that are not.
    pub(crate) dropped: Vec<String>,
}

/// A covariate as it was centred and scaled.
#[derive(Clone, Debug)]
pub(crate) struct Scaled {
    pub(crate) name: String,
    pub(crate) centre: f64,
    pub(crate) scale: f64,
    values: Vec<f64>,
}

impl ModelMatrix {
    /// Of a sample; `has_constant` is false where a likelihood has no place for one.
    ///
    /// # Errors
    ///
    /// If the covariates leave nothing of the treatment.
    pub(crate) fn of(sample: &Sample, has_constant: bool) -> Result<Self, EstimateError> {
        Self::with(&sample.treated, &sample.covariates, has_constant)
    }

    /// Of arms and covariates, one value a row.
    ///
    /// # Errors
    ///
    /// As [`ModelMatrix::of`].
    pub(crate) fn with(
        treated: &[bool],
        covariates: &[Covariate],
        has_constant: bool,
    ) -> Result<Self, EstimateError> {
        let treatment: Vec<f64> = treated.iter().map(|it| f64::from(u8::from(*it))).collect();
        let all: Vec<Scaled> =
            covariates.iter().map(|it| Scaled::of(&it.name, &it.values)).collect();
        let centred = Scaled::of("", &treatment).values;
        let mut columns = vec![1.0; treatment.len()];
        for it in &all {
            columns.extend(&it.values);
        }
        columns.extend(centred);
        let thin = Thin::new(columns, treatment.len());
        if !thin.kept().contains(&(all.len() + 1)) {
            return Err(EstimateError::TreatmentCollinear);
        }
        let (kept, out): (Vec<(usize, Scaled)>, Vec<_>) =
            all.into_iter().enumerate().partition(|(at, _)| thin.kept().contains(&(at + 1)));
        let covariates: Vec<Scaled> = kept.into_iter().map(|it| it.1).collect();
        let mut rows = Vec::new();
        for (row, z) in treatment.iter().enumerate() {
            rows.extend(has_constant.then_some(1.0));
            rows.extend(covariates.iter().filter_map(|it| it.values.get(row)));
            rows.push(*z);
        }
        Ok(Self {
            rows,
            width: usize::from(has_constant) + covariates.len() + 1,
            has_constant,
            covariates,
            dropped: out.into_iter().map(|it| it.1.name).collect(),
        })
    }

    /// Number of columns.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Position of the treatment: the last.
    pub(crate) fn treatment(&self) -> usize {
        self.width - 1
    }

    /// The rows, each [`ModelMatrix::width`] long.
    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.rows.chunks_exact(self.width)
    }

    /// A row as it would be in an arm.
    pub(crate) fn in_arm(&self, row: &[f64], treated: bool) -> Vec<f64> {
        let others = row.iter().take(self.treatment()).copied();
        others.chain([f64::from(u8::from(treated))]).collect()
    }

    /// What coefficients are multiplied by to be those of a covariate in its own unit, with its
    /// name: a coefficient is `weights`'b.
    pub(crate) fn covariate_contrasts<'a>(&'a self) -> Vec<(&'a str, Vec<f64>)> {
        let first = usize::from(self.has_constant);
        let contrast = |(at, it): (usize, &'a Scaled)| {
            let mut weights = vec![0.0; self.width];
            if let Some(slot) = weights.get_mut(first + at) {
                *slot = 1.0 / it.scale;
            }
            (it.name.as_str(), weights)
        };
        self.covariates.iter().enumerate().map(contrast).collect()
    }

    /// The weights of the constant for covariates in their own unit.
    pub(crate) fn constant_contrast(&self) -> Vec<f64> {
        let centres = self.covariates.iter().map(|it| -it.centre / it.scale);
        std::iter::once(1.0).chain(centres).chain([0.0]).collect()
    }

    /// The weights that pick the treatment's coefficient.
    pub(crate) fn treatment_contrast(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.width];
        if let Some(last) = weights.last_mut() {
            *last = 1.0;
        }
        weights
    }
}

impl Scaled {
    fn of(name: &str, values: &[f64]) -> Self {
        let centre = mean(values);
        let mut centred: Vec<f64> = values.iter().map(|it| it - centre).collect();
        let length = norm(&centred);
        let varies = length > norm(values) * CONSTANT;
        let scale = if varies { length / (values.len() as f64).sqrt() } else { 1.0 };
        for it in &mut centred {
            *it = if varies { *it / scale } else { 0.0 };
        }
        Self { name: name.to_owned(), centre, scale, values: centred }
    }
}
