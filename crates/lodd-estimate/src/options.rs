//! What a plan may set, and the words it may use.

use std::str::FromStr;

use crate::EstimateError;

/// Settings of one analysis. Each estimator says by [`crate::Estimator::options`] which it reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Name of the treatment: the term of the effect.
    pub treatment: String,
    /// One less the level of the intervals, in (0, 1).
    pub alpha: f64,
    /// Standard error; None is HC2, with clusters CR2.
    pub se: Option<SeType>,
    /// Degrees of freedom; None is the default of the standard error.
    pub df: Option<Df>,
    /// What a randomisation test compares.
    pub statistic: Statistic,
    /// Which differences count as extreme in a randomisation test.
    pub alternative: Alternative,
    /// A randomisation test enumerates designs with at most this many assignments.
    pub max_exact: u64,
    /// Number of re-draws where it does not.
    pub replicates: u64,
    /// Variance of a difference in means over blocks; None is `within`, and `replay` where a block
    /// has one treated or one control unit and the draw is at hand.
    pub block_variance: Option<BlockVariance>,
    /// How units were drawn, for estimates from probabilities.
    pub seats: Seats,
    /// What residuals are multiplied by in a wild bootstrap.
    pub multipliers: Multipliers,
    /// Variance of a logit's coefficients; None is HC1, with clusters CR.
    pub vcov: Option<Vcov>,
    /// Margin of equivalence, in the outcome's unit, above 0.
    pub margin: Option<f64>,
    /// Lowest and highest value that the outcome can have, for worst-case bounds.
    pub support: Option<(f64, f64)>,
    /// Restriction time of a mean survival time.
    pub tau: Option<f64>,
    /// Times at which curves are reported, ascending.
    pub times: Vec<f64>,
    /// How tied event times are treated.
    pub ties: Ties,
    /// Scale on which intervals of a survival curve are made.
    pub conf_type: ConfType,
    /// Distribution of a GEE's outcome.
    pub distribution: Distribution,
    /// Working correlation of a GEE.
    pub corstr: Corstr,
    /// Small-sample correction of a GEE's variance.
    pub correction: Correction,
    /// The plan's seed. Re-draws come from the [`crate::Replay`], which holds the seed itself; a
    /// Monte Carlo test is refused when the plan states none.
    pub seed: Option<[u8; 32]>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            treatment: "treated".to_owned(),
            alpha: 0.05,
            se: None,
            df: None,
            statistic: Statistic::Difference,
            alternative: Alternative::TwoSided,
            max_exact: 1_000_000,
            replicates: 10_000,
            block_variance: None,
            seats: Seats::Fixed,
            multipliers: Multipliers::Rademacher,
            vcov: None,
            margin: None,
            support: None,
            tau: None,
            times: Vec::new(),
            ties: Ties::Efron,
            conf_type: ConfType::Log,
            distribution: Distribution::Binomial,
            corstr: Corstr::Exchangeable,
            correction: Correction::ManclDerouen,
            seed: None,
        }
    }
}

impl Options {
    /// Refuses settings that no estimator can use.
    pub(crate) fn check(&self) -> Result<(), EstimateError> {
        if !(self.alpha > 0.0 && self.alpha < 1.0) {
            return Err(EstimateError::Alpha(self.alpha));
        }
        let above_zero = |option, it: Option<f64>| match it {
            Some(actual) if !(actual > 0.0 && actual.is_finite()) => {
                let expected = "a finite number above 0";
                Err(EstimateError::OptionRange { option, expected, actual })
            }
            _ => Ok(()),
        };
        above_zero("margin", self.margin)?;
        above_zero("tau", self.tau)?;
        if self.replicates == 0 {
            return Err(EstimateError::NoReplicates);
        }
        Ok(())
    }
}

/// A word that is not one of an option's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{option}` must be one of {}: `{written}`", .allowed.join(", "))]
pub struct UnknownWord {
    /// The option's name in the plan.
    pub option: &'static str,
    /// What was written.
    pub written: String,
    /// The words that exist.
    pub allowed: Vec<&'static str>,
}

/// Defines an option with a closed set of words: the enum, its words both ways, and their list.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $option:literal, $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word a plan uses for it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(written: &str) -> Result<Self, UnknownWord> {
                let found = Self::ALL.iter().find(|it| it.name() == written);
                found.copied().ok_or_else(|| UnknownWord {
                    option: $option,
                    written: written.to_owned(),
                    allowed: Self::ALL.iter().map(|it| it.name()).collect(),
                })
            }
        }
    };
}

words! {
    /// Variance of a regression's coefficients.
    SeType, "se",
    /// One error variance for all rows.
    Classical = "classical",
    /// White (1980).
    Hc0 = "HC0",
    /// HC0 times n/(n−k).
    Hc1 = "HC1",
    /// Squared residuals over 1−h: unbiased under equal variances, Neyman's in a randomised trial.
    Hc2 = "HC2",
    /// Squared residuals over (1−h)²: nearly the jackknife.
    Hc3 = "HC3",
    /// Liang and Zeger (1986).
    Cr0 = "CR0",
    /// CR0 times G/(G−1).
    Cr1 = "CR1",
    /// CR0 times G/(G−1)·(n−1)/(n−k), as Stata has it.
    Stata = "stata",
    /// Bell and McCaffrey (2002): unbiased under independent errors of equal variance.
    Cr2 = "CR2",
    /// Residuals times (I−H)⁻¹ by cluster: nearly the jackknife over clusters.
    Cr3 = "CR3",
}

impl SeType {
    /// Whether it needs clusters.
    pub fn is_clustered(self) -> bool {
        matches!(self, Self::Cr0 | Self::Cr1 | Self::Stata | Self::Cr2 | Self::Cr3)
    }

    /// The degrees of freedom used when the plan says nothing.
    pub(crate) fn default_df(self) -> Df {
        match self {
            Self::Classical | Self::Hc0 | Self::Hc1 | Self::Hc2 | Self::Hc3 => Df::Residual,
            Self::Cr0 | Self::Stata => Df::Clusters,
            Self::Cr1 | Self::Cr2 | Self::Cr3 => Df::Satterthwaite,
        }
    }
}

words! {
    /// Degrees of freedom of a regression's t statistics.
    Df, "df",
    /// Bell and McCaffrey's, one for each term.
    Satterthwaite = "satterthwaite",
    /// Clusters less one.
    Clusters = "clusters",
    /// Rows less rank.
    Residual = "residual",
}

words! {
    /// Variance of a difference in means over several blocks.
    BlockVariance, "block_variance",
    /// Neyman's within each block; not defined where an arm of a block is one unit.
    Within = "within",
    /// Pashley and Miratrix (2021): blocks with one unit in an arm are compared with each other.
    PashleyMiratrix = "pashley_miratrix",
    /// The variance of the difference over re-draws of the assignment, if no unit has an effect.
    Replay = "replay",
}

words! {
    /// How units were drawn.
    Seats, "seats",
    /// So many of each block as are treated.
    Fixed = "fixed",
    /// Each by itself.
    Bernoulli = "bernoulli",
}

words! {
    /// Random weights of a wild bootstrap.
    Multipliers, "multipliers",
    /// −1 or 1.
    Rademacher = "rademacher",
    /// Six points: ±√½, ±1, ±√(3/2) (Webb 2023).
    Webb = "webb",
    /// Mammen's (1993) two points, with third moment 1.
    Mammen = "mammen",
}

words! {
    /// Variance of a logit's coefficients.
    Vcov, "vcov",
    /// The inverse of the information.
    Information = "information",
    /// Robust to a wrong variance.
    Hc = "HC",
    /// Clustered.
    Cr = "CR",
}

words! {
    /// Tied event times.
    Ties, "ties",
    /// Efron (1977).
    Efron = "efron",
    /// Breslow (1974).
    Breslow = "breslow",
}

words! {
    /// Scale of an interval of a survival curve.
    ConfType, "conf_type",
    /// Of log S.
    Log = "log",
    /// Of log(−log S).
    LogLog = "log-log",
    /// Of S itself.
    Plain = "plain",
}

words! {
    /// Distribution and link of a GEE.
    Distribution, "distribution",
    /// 0 or 1, logit link.
    Binomial = "binomial",
    /// Any number, identity link.
    Gaussian = "gaussian",
    /// Counts, log link.
    Poisson = "poisson",
}

words! {
    /// Working correlation of a GEE.
    Corstr, "corstr",
    /// None.
    Independence = "independence",
    /// The same for any two measurements of a subject.
    Exchangeable = "exchangeable",
}

words! {
    /// Small-sample correction of a GEE's sandwich.
    Correction, "correction",
    /// Mancl and `DeRouen` (2001).
    ManclDerouen = "mancl_derouen",
    /// None.
    None = "none",
}

words! {
    /// What a randomisation test compares.
    Statistic, "statistic",
    /// The difference in means, weighted over blocks.
    Difference = "difference",
    /// That difference over its own standard error.
    Studentized = "studentized",
    /// The difference in mean midranks within blocks, as shares of the block (van Elteren 1960).
    Rank = "rank",
    /// The largest distance between the arms' distributions, weighted over blocks (Kolmogorov and
    /// Smirnov).
    Ks = "ks",
}

words! {
    /// Which differences count as extreme.
    Alternative, "alternative",
    /// Those at least as far from zero.
    TwoSided = "two.sided",
    /// Those at least as large.
    Greater = "greater",
    /// Those at most as large.
    Less = "less",
}
