//! Least squares on a constant, covariates and the treatment.

use crate::linear::{Thin, dot, norm};
use crate::number::mean;
use crate::{Covariate, EstimateError, Options, Sample};

/// The name of the constant, as R has it.
pub(crate) const INTERCEPT: &str = "(Intercept)";

/// Residuals this much smaller than the outcome are rounding: the fit is perfect.
const PERFECT: f64 = 1e-12;

/// A covariate whose variation is this small beside its size is constant.
const CONSTANT: f64 = 1e-10;

/// A coefficient as a weighted sum of the coefficients that were fitted.
#[derive(Clone, Debug)]
pub(crate) struct Contrast {
    pub(crate) term: String,
    pub(crate) weights: Vec<f64>,
    pub(crate) estimate: f64,
}

/// A fit on columns that are centred and of unit length, so that neither units nor origins of
/// covariates matter: the constant, the covariates, and the treatment last, which therefore
/// gives way before any covariate.
#[derive(Debug)]
pub(crate) struct Fit {
    pub(crate) thin: Thin,
    pub(crate) residuals: Vec<f64>,
    coefficients: Vec<f64>,
    columns: Vec<Column>,
    mean_outcome: f64,
    pub(crate) perfect: bool,
    pub(crate) dropped: Vec<String>,
}

/// How a column was centred and scaled.
#[derive(Debug)]
struct Column {
    centre: f64,
    length: f64,
}

impl Fit {
    /// Fits the outcome of a sample.
    ///
    /// # Errors
    ///
    /// If the covariates leave nothing of the treatment.
    pub(crate) fn of(sample: &Sample) -> Result<Self, EstimateError> {
        let weights = Weights::of(sample);
        let (columns, values): (Vec<Column>, Vec<Vec<f64>>) =
            columns(sample, &weights).into_iter().unzip();
        let thin = Thin::new(&values);
        if !thin.kept().contains(&(values.len() - 1)) {
            return Err(EstimateError::TreatmentCollinear);
        }
        let mean_outcome = weights.mean(&sample.y);
        let y = weights.centred(&sample.y, mean_outcome);
        let mut residuals = thin.residuals(&y);
        let perfect = norm(&residuals) <= PERFECT * norm(&y);
        if perfect {
            residuals.fill(0.0);
        }
        // Column 0 is the constant.
        let is_out = |(at, _): &(usize, &Covariate)| !thin.kept().contains(&(at + 1));
        let dropped = sample.covariates.iter().enumerate().filter(is_out);
        Ok(Self {
            dropped: dropped.map(|(_, it)| it.name.clone()).collect(),
            coefficients: thin.solve(&thin.project(&y)),
            thin,
            residuals,
            columns,
            mean_outcome,
            perfect,
        })
    }

    /// The treatment, the constant, then the covariates that are in.
    pub(crate) fn contrasts(&self, sample: &Sample, options: &Options) -> Vec<Contrast> {
        let kept = self.thin.kept();
        let of = |at: &usize| self.columns.get(*at);
        let single = |place: usize, term: &str| {
            let length = kept.get(place).and_then(of).map_or(1.0, |it| it.length);
            let mut weights = vec![0.0; kept.len()];
            if let Some(slot) = weights.get_mut(place) {
                *slot = 1.0 / length;
            }
            self.contrast(term, weights, 0.0)
        };
        // The constant was fitted for centred columns: take the centres out again.
        let constant =
            kept.iter().filter_map(of).enumerate().map(|(place, it)| {
                if place == 0 { 1.0 / it.length } else { -it.centre / it.length }
            });
        let mut all = vec![
            single(kept.len() - 1, &options.treatment),
            self.contrast(INTERCEPT, constant.collect(), self.mean_outcome),
        ];
        let covariates = kept.iter().enumerate().skip(1).take(kept.len().saturating_sub(2));
        all.extend(
            covariates.filter_map(|(place, at)| {
                Some(single(place, &sample.covariates.get(at - 1)?.name))
            }),
        );
        all
    }

    fn contrast(&self, term: &str, weights: Vec<f64>, origin: f64) -> Contrast {
        let estimate = origin + dot(&weights, &self.coefficients);
        Contrast { term: term.to_owned(), weights, estimate }
    }

    /// Whether the share treated varies over blocks in a way the covariates do not hold.
    pub(crate) fn ignores_blocks(&self, sample: &Sample) -> bool {
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
        // Without its last column, the treatment's, Q spans the constant and the covariates.
        let others = self.thin.kept().len() - 1;
        let along: Vec<f64> = self.thin.project(&shares).into_iter().take(others).collect();
        let rest: Vec<f64> =
            self.thin.rows().zip(&shares).map(|(row, share)| share - dot(row, &along)).collect();
        norm(&rest) > 1e-7 * norm(&shares) && norm(&shares) > 1e-9
    }
}

/// The weights of rows, if there are any.
struct Weights<'a> {
    weights: Option<&'a [f64]>,
}

impl<'a> Weights<'a> {
    fn of(sample: &'a Sample) -> Self {
        Self { weights: sample.weights.as_deref() }
    }

    /// Σwx/Σw, with a second pass that takes out the rounding of the first.
    fn mean(&self, values: &[f64]) -> f64 {
        let Some(weights) = self.weights else { return mean(values) };
        let total: f64 = weights.iter().sum();
        let rough = dot(values, weights) / total;
        let rest = values.iter().zip(weights).map(|(it, weight)| (it - rough) * weight);
        rough + rest.sum::<f64>() / total
    }

    /// √w·(x − centre).
    fn centred(&self, values: &[f64], centre: f64) -> Vec<f64> {
        let centred = values.iter().map(|it| it - centre);
        match self.weights {
            Some(weights) => centred.zip(weights).map(|(it, weight)| it * weight.sqrt()).collect(),
            None => centred.collect(),
        }
    }
}

/// The constant, the covariates and the treatment.
fn columns(sample: &Sample, weights: &Weights<'_>) -> Vec<(Column, Vec<f64>)> {
    let treatment: Vec<f64> = sample.treated.iter().map(|it| f64::from(u8::from(*it))).collect();
    let constant = weights.centred(&vec![1.0; sample.n()], 0.0);
    let covariates = sample.covariates.iter().map(|it| it.values.as_slice());
    let others = covariates.chain([treatment.as_slice()]).map(|values| {
        let centre = weights.mean(values);
        scaled(&weights.centred(values, centre), centre, norm(values) * CONSTANT)
    });
    std::iter::once(scaled(&constant, 0.0, 0.0)).chain(others).collect()
}

/// A column over its length; all zeros, hence collinear, if the length is at most `least`.
fn scaled(values: &[f64], centre: f64, least: f64) -> (Column, Vec<f64>) {
    let length = norm(values);
    if length > least {
        let values = values.iter().map(|it| it / length).collect();
        return (Column { centre, length }, values);
    }
    (Column { centre, length: 1.0 }, vec![0.0; values.len()])
}
