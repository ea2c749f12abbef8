//! What a trial can detect, by formula: the two-sided t test with the noncentral t distribution,
//! both arms' own variances, and a design effect for clusters of unequal size.

use crate::asymptotic::{normal_quantile, normal_tail};
use crate::distributions::{noncentral_tail, t_quantile};
use crate::number::{is_binary, is_constant, mean};
use crate::{EstimateError, Sample, intraclass};

/// Effects are found to this share of themselves.
const PRECISION: f64 = 1e-10;

/// A planned comparison of two arms.
#[derive(Clone, Debug, PartialEq)]
pub struct Power {
    /// Units in the treated arm, clusters times their mean size where there are clusters.
    pub n_treated: f64,
    /// Units in the control arm.
    pub n_control: f64,
    /// What varies.
    pub outcome: PowerOutcome,
    /// Clusters of both arms, if clusters are drawn.
    pub clusters: Option<Clusters>,
    /// Share of the variance that covariates explain, in [0, 1).
    pub r2: f64,
    /// Share of units without an outcome, in [0, 1).
    pub attrition: f64,
    /// Share of the treated who take what is offered less that of the controls, in (0, 1]: the
    /// effect on those is larger by 1 over it than the one that is tested.
    pub take_up: f64,
    /// Two-sided error rate.
    pub alpha: f64,
}

/// The outcome's variance in each arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PowerOutcome {
    /// 0 or 1, with this share of ones among the controls: the treated arm's variance follows
    /// from the effect.
    Binary {
        /// Share among the controls, in (0, 1).
        base_rate: f64,
    },
    /// A number with the same standard deviation in both arms.
    Number {
        /// Above 0.
        sd: f64,
    },
}

/// Clusters that are drawn whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clusters {
    /// Clusters of both arms.
    pub number: f64,
    /// Their mean size.
    pub mean_size: f64,
    /// Standard deviation of their sizes over the mean.
    pub cv: f64,
    /// Correlation of two units of a cluster.
    pub icc: f64,
}

impl Clusters {
    /// 1 + ((cv² + 1)m − 1)·icc (Eldridge, Ashby and Kerry 2006).
    pub fn design_effect(&self) -> f64 {
        1.0 + ((self.cv * self.cv + 1.0) * self.mean_size - 1.0) * self.icc
    }
}

impl Power {
    /// The comparison of a sample as it could have been planned: its rows and clusters, and of the
    /// outcome only what the controls say. None where they do not vary.
    pub fn of(sample: &Sample, alpha: f64) -> Option<Self> {
        let rows = sample.y.iter().zip(&sample.treated);
        let control: Vec<f64> = rows.filter(|it| !*it.1).map(|it| *it.0).collect();
        let (n, centre) = (control.len() as f64, mean(&control));
        if is_constant(&control) || n < 2.0 {
            return None;
        }
        let outcome = if is_binary(&sample.y) {
            PowerOutcome::Binary { base_rate: centre }
        } else {
            let squares: f64 = control.iter().map(|it| (it - centre).powi(2)).sum();
            PowerOutcome::Number { sd: (squares / (n - 1.0)).sqrt() }
        };
        let clusters = intraclass(sample, alpha).map(|it| Clusters {
            number: sample.n() as f64 / it.mean_size,
            mean_size: it.mean_size,
            cv: it.cv,
            icc: it.estimate.clamp(0.0, 1.0),
        });
        Some(Self {
            n_treated: sample.n_treated() as f64,
            n_control: n,
            outcome,
            clusters,
            r2: 0.0,
            attrition: 0.0,
            take_up: 1.0,
            alpha,
        })
    }

    /// Degrees of freedom: units, or clusters, less 2.
    pub fn df(&self) -> f64 {
        match &self.clusters {
            Some(it) => it.number - 2.0,
            None => (self.n_treated + self.n_control) * (1.0 - self.attrition) - 2.0,
        }
    }

    /// The standard error of the difference if the effect of the offer is `effect`; None where
    /// that is impossible.
    pub fn std_error(&self, effect: f64) -> Option<f64> {
        let (treated, control) = match self.outcome {
            PowerOutcome::Number { sd } => (sd * sd, sd * sd),
            PowerOutcome::Binary { base_rate } => {
                let rate = base_rate + effect;
                let possible = (0.0..=1.0).contains(&rate);
                possible.then_some((rate * (1.0 - rate), base_rate * (1.0 - base_rate)))?
            }
        };
        let deff = self.clusters.as_ref().map_or(1.0, Clusters::design_effect);
        let left = (1.0 - self.r2) * deff / (1.0 - self.attrition);
        Some((left * (treated / self.n_treated + control / self.n_control)).sqrt())
    }

    /// The probability that an effect of the treatment on those who take it is found, by either
    /// tail.
    ///
    /// # Errors
    ///
    /// If a setting is out of its range, or the effect impossible.
    pub fn power(&self, effect: f64) -> Result<f64, EstimateError> {
        self.check()?;
        let df = self.df();
        let offered = effect * self.take_up;
        let out =
            |option, expected, actual| EstimateError::OptionRange { option, expected, actual };
        let se = self.std_error(offered);
        let se = se.ok_or_else(|| out("effect", "possible with the base rate", effect))?;
        let t = t_quantile(self.alpha / 2.0, df)
            .ok_or_else(|| out("n", "more than two units or clusters", df + 2.0))?;
        // An outcome that is 1 for all treated and 0 for all controls is always told apart.
        if se <= 0.0 {
            return Ok(1.0);
        }
        let shift = offered / se;
        Ok((noncentral_tail(t, df, shift) + noncentral_tail(t, df, -shift)).min(1.0))
    }

    /// The probability that the chi-square test of the two shares (`risk`'s `chisq`) finds an effect
    /// of the treatment on those who take it: its variance is that of the shares together.
    ///
    /// # Errors
    ///
    /// As [`Power::power`], and if the outcome is not binary.
    pub fn power_chi_square(&self, effect: f64) -> Result<f64, EstimateError> {
        self.power(effect)?;
        let PowerOutcome::Binary { base_rate } = self.outcome else {
            return Err(EstimateError::NotBinary { estimator: "power" });
        };
        let offered = effect * self.take_up;
        let both = self.n_treated + self.n_control;
        let rate = base_rate + offered * self.n_treated / both;
        let together = Self {
            outcome: PowerOutcome::Number { sd: (rate * (1.0 - rate)).sqrt() },
            ..self.clone()
        };
        let (null, se) = (together.std_error(0.0), self.std_error(offered));
        let (Some(null), Some(se)) = (null, se.filter(|it| *it > 0.0)) else { return Ok(1.0) };
        let limit = normal_quantile(self.alpha / 2.0) * null;
        let tails = [offered, -offered].map(|it| normal_tail((limit - it) / se));
        Ok(tails.iter().sum::<f64>().min(1.0))
    }

    /// The smallest effect that is found with probability `power`; None if none is.
    ///
    /// # Errors
    ///
    /// If a setting is out of its range.
    pub fn detectable(&self, power: f64) -> Result<Option<f64>, EstimateError> {
        range("power", "between alpha and 1", power, power > self.alpha && power < 1.0)?;
        let reaches = |effect: f64| Ok::<bool, EstimateError>(self.power(effect)? >= power);
        let most = match self.outcome {
            PowerOutcome::Binary { base_rate } => (1.0 - base_rate) / self.take_up,
            PowerOutcome::Number { sd } => {
                let mut most = sd;
                while !reaches(most)? && most < sd * 1e6 {
                    most *= 2.0;
                }
                most
            }
        };
        if !reaches(most)? {
            return Ok(None);
        }
        let (mut low, mut high) = (0.0, most);
        while high - low > PRECISION * high {
            let middle = f64::midpoint(low, high);
            if reaches(middle)? { high = middle } else { low = middle }
        }
        Ok(Some(high))
    }

    /// How many times the units of both arms (and clusters, of the same size) give `power` for an
    /// effect.
    ///
    /// # Errors
    ///
    /// If a setting is out of its range, or no number of units is enough.
    pub fn scale_for(&self, effect: f64, power: f64) -> Result<f64, EstimateError> {
        range("power", "between alpha and 1", power, power > self.alpha && power < 1.0)?;
        let smallest = 3.0 / (self.df() + 2.0).min(self.n_treated + self.n_control);
        let at = |scale: f64| self.scaled(scale).power(effect);
        let (mut low, mut high) = (smallest, smallest.max(1.0));
        while at(high)? < power {
            high *= 2.0;
            range("effect", "large enough to be found", effect, high < 1e9)?;
        }
        while high - low > PRECISION * high {
            let middle = f64::midpoint(low, high);
            if at(middle)? >= power { high = middle } else { low = middle }
        }
        Ok(high)
    }

    fn scaled(&self, scale: f64) -> Self {
        let clusters = self.clusters.map(|it| Clusters { number: it.number * scale, ..it });
        Self {
            n_treated: self.n_treated * scale,
            n_control: self.n_control * scale,
            clusters,
            ..self.clone()
        }
    }

    fn check(&self) -> Result<(), EstimateError> {
        let share = |it: f64| (0.0..1.0).contains(&it);
        range("alpha", "between 0 and 1", self.alpha, self.alpha > 0.0 && self.alpha < 1.0)?;
        range("n", "above 0", self.n_treated, self.n_treated > 0.0)?;
        range("n", "above 0", self.n_control, self.n_control > 0.0)?;
        range("r2", "at least 0 and below 1", self.r2, share(self.r2))?;
        range("attrition", "at least 0 and below 1", self.attrition, share(self.attrition))?;
        let taken = self.take_up > 0.0 && self.take_up <= 1.0;
        range("take_up", "above 0 and at most 1", self.take_up, taken)?;
        match self.outcome {
            PowerOutcome::Binary { base_rate } => {
                let inside = base_rate > 0.0 && base_rate < 1.0;
                range("base_rate", "between 0 and 1", base_rate, inside)?;
            }
            PowerOutcome::Number { sd } => range("sd", "above 0", sd, sd > 0.0)?,
        }
        let Some(it) = &self.clusters else { return Ok(()) };
        range("icc", "at least 0 and at most 1", it.icc, (0.0..=1.0).contains(&it.icc))?;
        range("cv", "at least 0", it.cv, it.cv >= 0.0)?;
        range("mean_size", "at least 1", it.mean_size, it.mean_size >= 1.0)
    }
}

/// The probability that a two-sided t test finds an effect that is estimated with this standard
/// error and these degrees of freedom, by either tail; None without a positive one of each.
pub fn power_of(effect: f64, (std_error, df): (f64, f64), alpha: f64) -> Option<f64> {
    let t = t_quantile(alpha / 2.0, df).filter(|_| std_error > 0.0)?;
    let shift = effect / std_error;
    Some((noncentral_tail(t, df, shift) + noncentral_tail(t, df, -shift)).min(1.0))
}

fn range(
    option: &'static str,
    expected: &'static str,
    actual: f64,
    holds: bool,
) -> Result<(), EstimateError> {
    if holds { Ok(()) } else { Err(EstimateError::OptionRange { option, expected, actual }) }
}

#[cfg(test)]
mod tests;
