//! Exact fractions: probabilities, and the limits of a constraint.

use std::{
    cmp::Ordering,
    fmt::{self, Display, Formatter},
    str::FromStr,
};

/// An exact fraction in lowest terms, not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fraction {
    numerator: u128,
    denominator: u128,
}

/// A text that is no fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a fraction in lowest terms, such as 2/5, 1 or 0")]
pub struct FractionError;

pub(crate) fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The least common multiple; `None` from 2^128 on, or of 0.
pub(crate) fn lcm(a: u128, b: u128) -> Option<u128> {
    a.checked_div(gcd(a, b))?.checked_mul(b)
}

impl Fraction {
    /// No chance.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// Certainty.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// `numerator / denominator` in lowest terms; `None` where `denominator` is 0.
    pub fn new(numerator: u128, denominator: u128) -> Option<Self> {
        let divisor = gcd(numerator, denominator);
        (denominator > 0)
            .then(|| Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// The upper number.
    pub fn numerator(self) -> u128 {
        self.numerator
    }

    /// The lower number, at least 1.
    pub fn denominator(self) -> u128 {
        self.denominator
    }

    /// The sum; `None` where it needs numbers from 2^128 on.
    pub fn plus(self, other: Self) -> Option<Self> {
        let denominator = lcm(self.denominator, other.denominator)?;
        let over = |it: Self| it.numerator.checked_mul(denominator / it.denominator);
        Self::new(over(self)?.checked_add(over(other)?)?, denominator)
    }

    /// The product; `None` where it needs numbers from 2^128 on.
    pub fn times(self, other: Self) -> Option<Self> {
        let (a, b) =
            (gcd(self.numerator, other.denominator), gcd(other.numerator, self.denominator));
        let (a, b) = (a.max(1), b.max(1));
        Self::new(
            (self.numerator / a).checked_mul(other.numerator / b)?,
            (self.denominator / b).checked_mul(other.denominator / a)?,
        )
    }

    /// 1 less the fraction; `None` where it is above 1.
    pub fn complement(self) -> Option<Self> {
        Self::new(self.denominator.checked_sub(self.numerator)?, self.denominator)
    }
}

impl Ord for Fraction {
    /// Compares whole parts, then the reciprocals of what is left: no product can overflow.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b, mut swapped) = (*self, *other, false);
        loop {
            let whole = (a.numerator / a.denominator).cmp(&(b.numerator / b.denominator));
            let (left, right) = (a.numerator % a.denominator, b.numerator % b.denominator);
            let order = whole.then_with(|| match (left, right) {
                (0, 0) => Ordering::Equal,
                (0, _) => Ordering::Less,
                (_, 0) => Ordering::Greater,
                _ => Ordering::Equal,
            });
            if order != Ordering::Equal || left == 0 {
                return if swapped { order.reverse() } else { order };
            }
            a = Self { numerator: a.denominator, denominator: left };
            b = Self { numerator: b.denominator, denominator: right };
            swapped = !swapped;
        }
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Display for Fraction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            _ => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

impl FromStr for Fraction {
    type Err = FractionError;

    /// Reads the one form that [`Display`] writes; any other is an error.
    ///
    /// ```
    /// use lodd_draw::Fraction;
    ///
    /// assert_eq!("2/5".parse::<Fraction>()?.numerator(), 2);
    /// assert!("4/10".parse::<Fraction>().is_err());
    /// # Ok::<(), lodd_draw::FractionError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, FractionError> {
        let (top, bottom) = text.split_once('/').unwrap_or((text, "1"));
        let (top, bottom) = (top.parse(), bottom.parse());
        let (Ok(top), Ok(bottom)) = (top, bottom) else { return Err(FractionError) };
        let fraction = Self::new(top, bottom).ok_or(FractionError)?;
        if fraction.to_string() == text { Ok(fraction) } else { Err(FractionError) }
    }
}
