//! The primary rules: which numbers are sensitive in themselves.

use thiserror::Error;

/// Rules that can't be set.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RulesError {
    /// A threshold under three gives a family away by subtraction of one's own.
    #[error("the threshold must be at least {least}: it is {found}")]
    Threshold {
        /// The least that is allowed.
        least: u32,
        /// What was asked for.
        found: u32,
    },
}

/// When an amount is dominated by few of those who contribute to it.
///
/// Hundepool et al., *Statistical Disclosure Control* (2012), chapter 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dominance {
    /// (n, k): the `largest` contributions together exceed `percent` of the amount.
    Share {
        /// How many are taken together: n.
        largest: usize,
        /// The share they must not exceed: k.
        percent: u32,
    },
    /// p %: the second largest can estimate the largest to within `percent` of it.
    Prior {
        /// How near is too near: p.
        percent: u32,
    },
}

/// One threshold for every count, and what else the report's rules ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    threshold: u32,
    /// Families an arm must have in a named place for anything that is arm-specific.
    pub arm_families: u32,
    /// Rules for amounts; one that fails is enough.
    pub dominance: Vec<Dominance>,
}

impl Default for Rules {
    /// Five families and five persons; thirty families an arm; (2, 85) and 10 %.
    fn default() -> Self {
        Self {
            threshold: 5,
            arm_families: 30,
            dominance: vec![
                Dominance::Share { largest: 2, percent: 85 },
                Dominance::Prior { percent: 10 },
            ],
        }
    }
}

/// Who stands behind an amount, each family's sum once.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    sizes: Vec<f64>,
}

impl Contributions {
    /// Takes the families' sums in any order.
    pub fn new(mut sizes: Vec<f64>) -> Self {
        sizes.sort_by(|a, b| b.total_cmp(a));
        Self { sizes }
    }

    /// The largest `n` together.
    fn largest(&self, n: usize) -> f64 {
        self.sizes.iter().take(n).sum()
    }

    fn total(&self) -> f64 {
        self.sizes.iter().sum()
    }
}

impl Rules {
    /// The least threshold there may be.
    pub const LEAST: u32 = 3;

    /// The rules with another threshold.
    ///
    /// # Errors
    ///
    /// If it is under [`Rules::LEAST`].
    pub fn with_threshold(threshold: u32) -> Result<Self, RulesError> {
        if threshold < Self::LEAST {
            return Err(RulesError::Threshold { least: Self::LEAST, found: threshold });
        }
        Ok(Self { threshold, ..Self::default() })
    }

    /// The rules with others for amounts.
    #[must_use]
    pub fn with_dominance(self, dominance: Vec<Dominance>) -> Self {
        Self { dominance, ..self }
    }

    /// Fewer families or persons than this are never shown.
    pub fn threshold(&self) -> u32 {
        self.threshold
    }

    /// How wide an attacker's interval around a count must be: 0 where it is not sensitive.
    ///
    /// `families`, `persons`: how many of each stand behind it. Zero is sensitive too: nobody in a
    /// cell says something of everybody in its margin.
    pub fn width(&self, families: u64, persons: u64) -> i64 {
        let least = u64::from(self.threshold);
        if families < least || persons < least { i64::from(self.threshold) } else { 0 }
    }

    /// How wide an attacker's interval around an amount must be, in the amount's own unit, rounded
    /// up: 0 where it is not sensitive.
    ///
    /// Where a dominance rule fails, twice the distance that would just satisfy it (both sides of
    /// the amount; Hundepool et al., section 4.2.2); where too few contribute, a fifth of the
    /// amount, and at least the threshold.
    #[expect(clippy::cast_possible_truncation, reason = "an amount is far below 2^53")]
    pub fn amount_width(&self, behind: &Contributions) -> i64 {
        let total = behind.total();
        let few = behind.sizes.len() < self.threshold as usize;
        let least = if few { (total / 5.0).max(f64::from(self.threshold)) } else { 0.0 };
        let lacking = self.dominance.iter().map(|rule| 2.0 * rule.lacking(behind));
        lacking.fold(least, f64::max).ceil() as i64
    }

    /// Whether few contribute so much to an amount that a rule of [`Rules::dominance`] fails.
    pub fn is_dominated(&self, behind: &Contributions) -> bool {
        self.dominance.iter().any(|rule| rule.lacking(behind) > 0.0)
    }

    /// Whether an arm's shares, effects, curves and transitions may be told for a place that is
    /// named: every arm must have [`Rules::arm_families`].
    pub fn design_allows(&self, arms: &[u64], place_is_named: bool) -> bool {
        !place_is_named || arms.iter().all(|n| *n >= u64::from(self.arm_families))
    }

    /// Whether the quantile at `share` (in [0, 1]) of `families` may be shown: as many as the
    /// threshold on either side. Minimum and maximum, shares 0 and 1, never may.
    pub fn quantile_allowed(&self, families: u64, share: f64) -> bool {
        let least = f64::from(self.threshold);
        let below = share * families as f64;
        below >= least && families as f64 - below >= least
    }
}

impl Dominance {
    /// How much more the amount must be for the rule to hold: 0 where it does.
    fn lacking(self, behind: &Contributions) -> f64 {
        let total = behind.total();
        let needed = match self {
            Self::Share { percent: 0, .. } => f64::INFINITY,
            Self::Share { largest, percent } => {
                behind.largest(largest) * 100.0 / f64::from(percent)
            }
            Self::Prior { percent } => {
                behind.largest(2) + behind.largest(1) * f64::from(percent) / 100.0
            }
        };
        (needed - total).max(0.0)
    }
}
