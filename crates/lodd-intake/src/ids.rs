//! Identifiers that survive Excel, and their check symbol.
//!
//! A family is `RIN-7KQ4-R`: the pilot's prefix, four or more symbols, a check symbol. A member is
//! the family with `-A1`, `-A2` … (adults) or `-B1` … (children). With x₁ … xₙ the values of the
//! symbols, the check symbol has the value −Σ (i+1)·xᵢ mod 23: every single substitution and every
//! adjacent swap is caught, since 23 is prime and the weights are distinct and never 0.

/// The symbols, in the order of their values 0 to 22. No vowels, no E: never a word or a number.
pub const ALPHABET: &str = "3456789CDFGHJKMNPQRTVWX";

/// The fewest and the most symbols of an id, its check symbol apart.
pub const SYMBOLS: std::ops::RangeInclusive<usize> = 4..=20;

/// The months in Norwegian; Excel would read such a prefix as a date.
const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DES"];

/// Why an id is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not three capital letters, or a month.
    #[error("a prefix must be three letters A–Z and can't be a month")]
    Prefix,
    /// Not of the form of an id.
    #[error("an id must look like RIN-7KQ4-R")]
    Form,
    /// The prefix is another pilot's.
    #[error("the prefix must be the pilot's own")]
    OtherPilot,
    /// The check symbol is not what the symbols give.
    #[error("the check symbol must be {expected}")]
    Check {
        /// The symbol that would be right.
        expected: char,
    },
}

/// Whether an id's member is an adult (`-A1`) or a child (`-B1`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberKind {
    /// `-A1`, `-A2` …
    Adult,
    /// `-B1`, `-B2` …
    Child,
}

/// The check symbol of `symbols`, or `None` if they are not [`SYMBOLS`] symbols of the alphabet.
pub fn check_symbol(symbols: &str) -> Option<char> {
    if !SYMBOLS.contains(&symbols.chars().count()) {
        return None;
    }
    let mut sum = 0;
    for (symbol, weight) in symbols.chars().zip(2_usize..) {
        sum += weight * ALPHABET.find(symbol)?;
    }
    ALPHABET.chars().nth((23 - sum % 23) % 23)
}

/// Checks a family id of the pilot with `prefix`.
///
/// # Errors
///
/// If the form, the prefix or the check symbol is wrong.
///
/// ```
/// use lodd_intake::ids::{IdError, verify_family};
///
/// assert_eq!(verify_family("RIN-7KQ4-R", "RIN"), Ok(()));
/// assert_eq!(verify_family("RIN-7KQ5-R", "RIN"), Err(IdError::Check { expected: 'K' }));
/// ```
pub fn verify_family(id: &str, prefix: &str) -> Result<(), IdError> {
    let mut parts = id.split('-');
    let (Some(own), Some(symbols), Some(check), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(IdError::Form);
    };
    verify_prefix(own).map_err(|_| IdError::Form)?;
    let expected = check_symbol(symbols).ok_or(IdError::Form)?;
    if !symbols.contains(|c: char| c.is_ascii_uppercase()) || check.chars().count() != 1 {
        return Err(IdError::Form);
    }
    if !check.starts_with(expected) {
        return Err(IdError::Check { expected });
    }
    if own == prefix { Ok(()) } else { Err(IdError::OtherPilot) }
}

/// Splits a member id into its family's id and its kind. The family's id is not verified.
pub fn split_member(id: &str) -> Option<(&str, MemberKind)> {
    let (family, own) = id.rsplit_once('-')?;
    let mut own = own.chars();
    let kind = match own.next()? {
        'A' => MemberKind::Adult,
        'B' => MemberKind::Child,
        _ => return None,
    };
    let number = own.as_str();
    let digits = (1..=2).contains(&number.len()) && number.bytes().all(|it| it.is_ascii_digit());
    (digits && !number.starts_with('0')).then_some((family, kind))
}

/// Checks a pilot's prefix.
///
/// # Errors
///
/// If it is not three letters A–Z, or a month's short name.
pub fn verify_prefix(prefix: &str) -> Result<(), IdError> {
    let letters = prefix.len() == 3 && prefix.bytes().all(|it| it.is_ascii_uppercase());
    if letters && !MONTHS.contains(&prefix) { Ok(()) } else { Err(IdError::Prefix) }
}

/// Makes a family id of values that the caller has drawn at random, each below 23.
///
/// # Errors
///
/// If the prefix is refused, a value is above 22, there are too few or too many, or none gives a
/// letter: draw again.
pub fn mint(prefix: &str, values: &[u8]) -> Result<String, IdError> {
    verify_prefix(prefix)?;
    let symbol = |value: &u8| ALPHABET.chars().nth(usize::from(*value));
    let symbols: String = values.iter().map(symbol).collect::<Option<_>>().ok_or(IdError::Form)?;
    let check = check_symbol(&symbols).ok_or(IdError::Form)?;
    let id = format!("{prefix}-{symbols}-{check}");
    verify_family(&id, prefix).map(|()| id)
}

/// The one known id that `id` becomes by replacing one symbol, swapping two neighbours, or putting
/// in the pilot's own prefix. `None` when there is no such id, or more than one.
pub fn suggest(id: &str, prefix: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    if !(8..=30).contains(&id.len()) || !id.is_ascii() {
        return None;
    }
    let mut found: Option<String> = None;
    let mut several = false;
    let mut consider = |candidate: &[u8]| {
        let Ok(candidate) = std::str::from_utf8(candidate) else { return };
        let family = split_member(candidate).map_or(candidate, |(family, _)| family);
        // The check symbol first: it is cheaper than looking the id up, and rarely right.
        if candidate != id && verify_family(family, prefix).is_ok() && known(candidate) {
            several |= found.as_deref().is_some_and(|it| it != candidate);
            found = Some(candidate.to_owned());
        }
    };
    neighbours(id.as_bytes(), &mut consider);
    let own: Vec<u8> = prefix.bytes().chain(id.bytes().skip(3)).collect();
    consider(&own);
    found.filter(|_| !several)
}

fn neighbours(id: &[u8], consider: &mut impl FnMut(&[u8])) {
    let sum = CheckSum::of(id);
    let mut changed = id.to_vec();
    for (at, own) in id.iter().enumerate() {
        let mut replace = |symbol: u8| {
            if let Some(place) = changed.get_mut(at) {
                *place = symbol;
            }
            consider(&changed);
        };
        match &sum {
            Some(sum) => sum.replacements(id, at).for_each(&mut replace),
            None => ALPHABET.bytes().chain(*b"AB12").for_each(&mut replace),
        }
        if let Some(place) = changed.get_mut(at) {
            *place = *own;
        }
        if at + 1 < changed.len() {
            changed.swap(at, at + 1);
            consider(&changed);
            changed.swap(at, at + 1);
        }
    }
}

/// What the check symbol of an id, if it has one, is made of.
struct CheckSum {
    /// Where the symbols begin and end.
    symbols: std::ops::Range<usize>,
    /// The weighted sum of the symbols and the check symbol, which should be 0 mod 23.
    sum: usize,
}

impl CheckSum {
    fn of(id: &[u8]) -> Option<Self> {
        let mut parts = id.split(|byte| *byte == b'-');
        let (own, symbols, check) = (parts.next()?, parts.next()?, parts.next()?);
        let [check] = check else { return None };
        let start = own.len() + 1;
        let weighted = symbols.iter().zip(2_usize..).map(|(it, weight)| weight * value(*it));
        let sum = weighted.sum::<usize>() + value(*check);
        Some(Self { symbols: start..start + symbols.len(), sum })
    }

    /// The symbols that can be right in one place: of those that are checked the only one that
    /// agrees with the others; of a member's own letter and number all, if the family's agree.
    fn replacements(&self, id: &[u8], at: usize) -> impl Iterator<Item = u8> {
        let check = self.symbols.end + 1;
        let weight = match at {
            _ if at == check => 1,
            _ if self.symbols.contains(&at) => at - self.symbols.start + 2,
            _ => 0,
        };
        let others = self.sum - weight * id.get(at).map_or(0, |it| value(*it));
        let agrees = move |new: usize| (others + weight * new).is_multiple_of(23);
        let checked = (0..).zip(ALPHABET.bytes());
        let checked = checked.filter(move |(new, _)| weight > 0 && agrees(*new)).map(|(_, it)| it);
        let own = at > check && agrees(0);
        checked.chain(ALPHABET.bytes().chain(*b"AB12").filter(move |_| own))
    }
}

/// The value of a symbol, 0 for what is none.
fn value(symbol: u8) -> usize {
    ALPHABET.bytes().position(|it| it == symbol).unwrap_or(0)
}

#[cfg(test)]
mod tests;
