//! Controlled rounding: every number to a neighbouring multiple of a base, so that sums hold.
//!
//! Cox (1987), *A constructive procedure for unbiased controlled rounding*, JASA 82; for a table of
//! two dimensions the linear programme's corners are whole, for linked ones whole values are asked
//! for, and where neighbours alone can't add up, a number may go one multiple farther.

use thiserror::Error;

use crate::{at, lp::Programme, system::System};

/// Numbers that can't be rounded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RoundingError {
    /// A base that is not used.
    #[error("the base must be 3 or 5: it is {found}")]
    Base {
        /// What was asked for.
        found: i64,
    },
    /// No rounding that adds up was found.
    #[error("no rounding to base {base} that adds up was found")]
    NotFound {
        /// The base.
        base: i64,
    },
}

/// Every number of the system rounded to base 3 or 5, its sums holding; the distances from the
/// numbers are together as small as that allows.
///
/// # Errors
///
/// If the base is another, or no rounding adds up.
pub fn round(system: &System, base: i64) -> Result<Vec<i64>, RoundingError> {
    if base != 3 && base != 5 {
        return Err(RoundingError::Base { found: base });
    }
    let near = rounded(system, base, 0);
    near.or_else(|| rounded(system, base, 1)).ok_or(RoundingError::NotFound { base })
}

/// The best rounding in which a number goes up to `beyond` multiples past its neighbours.
fn rounded(system: &System, base: i64, beyond: i64) -> Option<Vec<i64>> {
    // Past a neighbour only where nothing else adds up.
    const BEYOND: f64 = 1e3;
    let mut programme = Programme::default();
    let mut places = Vec::new();
    for number in &system.numbers {
        let rest = number.value.rem_euclid(base);
        let up = if rest == 0 { 0.0 } else { 1.0 };
        let near = programme.variable((base - 2 * rest) as f64, 0.0, up);
        let floor = number.value.div_euclid(base);
        let lowest = if number.signed { beyond } else { beyond.min(floor) };
        let above = programme.variable(BEYOND, 0.0, beyond as f64);
        let below = programme.variable(BEYOND, 0.0, lowest as f64);
        places.push((floor, near, above, below));
    }
    for sum in system.sums() {
        let mut terms = Vec::new();
        let mut right = 0;
        for (i, factor) in &sum.terms {
            let (floor, near, above, below) = *places.get(*i)?;
            let by = *factor as f64;
            terms.extend([(near, by), (above, by), (below, -by)]);
            right -= factor * floor;
        }
        programme.equal(terms, right as f64);
    }
    let read = |x: Vec<f64>| read(system, (base, &places), &x);
    programme.solve().and_then(read).or_else(|| programme.solve_whole().and_then(read))
}

/// The rounded numbers, if they are whole multiples that add up.
#[expect(clippy::cast_possible_truncation, reason = "a count")]
fn read(
    system: &System,
    (base, places): (i64, &[(i64, usize, usize, usize)]),
    x: &[f64],
) -> Option<Vec<i64>> {
    let mut found = Vec::new();
    for (floor, near, above, below) in places {
        let more = at(x, *near) + at(x, *above) - at(x, *below);
        if (more - more.round()).abs() > 1e-4 {
            return None;
        }
        found.push(base * (floor + more.round() as i64));
    }
    let holds = |sum: &crate::system::Sum| {
        sum.terms.iter().map(|(i, factor)| factor * at(&found, *i)).sum::<i64>() == 0
    };
    system.sums().iter().all(holds).then_some(found)
}
