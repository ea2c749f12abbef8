//! Finds national identity numbers (fødselsnummer, D-number, H-number, synthetic) in text.
//!
//! Eleven digits `ddmmyy iii k1 k2`. A D-number has 40 added to the day, an H-number 40 and a
//! synthetic one 80 to the month. k1 leaves the remainder 0 today, and 0, 1, 2 or 3 for numbers
//! issued from 2032; both are taken. Digits may be in groups with a blank, dot or hyphen between,
//! or full-width; ten digits are tried with the 0 that Excel dropped.
//! Source: Skatteetaten's description of the number and of the change in 2032.

use crate::normal::{fold_header, is_plain};

/// Weights of the ten digits under k1, and of the eleven under k2.
const K1: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const K2: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

/// The fewest digits that are a number: eleven, the first of which Excel may have dropped.
pub(crate) const DIGITS_MIN: usize = 10;

/// Whether a national identity number stands anywhere in `text`. With `labelled` (the header or
/// neighbour says it is one), eleven digits that begin with a date are enough.
pub(crate) fn found_in(text: &str, labelled: bool) -> bool {
    let last = DIGITS_MIN - 1;
    let few = text.is_ascii() && text.bytes().filter(u8::is_ascii_digit).nth(last).is_none();
    if text.len() < DIGITS_MIN
        || few
        || text.chars().filter(|c| digit(*c).is_some()).nth(last).is_none()
    {
        return false;
    }
    runs(text).iter().any(|run| any_window(run, labelled, true))
}

/// The same where no number can have lost its leading 0, such as in a file's own identifiers.
pub(crate) fn found_whole(text: &str) -> bool {
    let enough = text.chars().filter(|c| digit(*c).is_some()).nth(10).is_some();
    enough && runs(text).iter().any(|run| any_window(run, false, false))
}

/// Whether a cell's number is one, its leading 0 perhaps lost.
pub(crate) fn is_number(number: f64, labelled: bool) -> bool {
    (1e9..1e11).contains(&number)
        && number.fract() == 0.0
        && found_in(&format!("{number:.0}"), labelled)
}

/// Whether a header or a neighbouring cell says that a national identity number follows.
pub(crate) fn is_label(text: &str) -> bool {
    // Every label has `nr` or `nu` in it: most cells are told by that.
    let begins = |pair: &[u8]| matches!(pair, [b'n' | b'N', b'r' | b'R' | b'u' | b'U']);
    if is_plain(text) && !text.as_bytes().windows(2).any(begins) {
        return false;
    }
    let folded = fold_header(text);
    ["fnr", "personnr", "personnummer", "fodselsnr", "fodselsnummer", "dnr", "d_nummer"]
        .iter()
        .any(|label| folded.contains(label))
}

fn digit(c: char) -> Option<u32> {
    match c {
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(c) - 0xff10),
        _ => c.to_digit(10),
    }
}

/// Groups of digits with at most two separators between: each run is a list of groups.
fn runs(text: &str) -> Vec<Vec<Vec<u32>>> {
    let mut runs = Vec::new();
    let mut run: Vec<Vec<u32>> = Vec::new();
    let mut separators = 2;
    for c in text.chars() {
        if let Some(digit) = digit(c) {
            match run.last_mut() {
                Some(group) if separators == 0 => group.push(digit),
                _ => run.push(vec![digit]),
            }
            separators = 0;
        } else if " .-\u{a0}\u{2007}\u{2009}\u{202f}\u{2010}\u{2011}\u{2013}".contains(c) {
            separators += 1;
        } else if !('\u{200b}'..='\u{200f}').contains(&c) && c != '\u{ad}' && c != '\u{feff}' {
            separators = 3;
        }
        if separators > 2 && !run.is_empty() {
            runs.push(std::mem::take(&mut run));
        }
    }
    runs.push(run);
    runs
}

/// Whether groups that stand together make up eleven digits that pass, or one group ten of which
/// the first 0 is lost.
fn any_window(run: &[Vec<u32>], labelled: bool, lost: bool) -> bool {
    (0..run.len()).any(|start| {
        let mut digits: Vec<u32> = Vec::new();
        for group in run.iter().skip(start) {
            if lost && digits.is_empty() && group.len() == 10 {
                let whole: Vec<u32> = std::iter::once(0).chain(group.iter().copied()).collect();
                if passes(&whole, labelled) {
                    return true;
                }
            }
            digits.extend(group);
            if digits.len() >= 11 {
                break;
            }
        }
        passes(&digits, labelled)
    })
}

fn passes(digits: &[u32], labelled: bool) -> bool {
    let [d1, d2, m1, m2, y1, y2, _, _, _, _, _] = digits else { return false };
    is_date(d1 * 10 + d2, m1 * 10 + m2, y1 * 10 + y2) && (labelled || checks(digits))
}

fn is_date(day: u32, month: u32, year: u32) -> bool {
    let day = if day > 40 { day - 40 } else { day };
    let month = match month {
        41..=52 => month - 40,
        81..=92 => month - 80,
        _ => month,
    };
    let days = match month {
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn checks(digits: &[u32]) -> bool {
    let sum = |weights: &[u32]| -> u32 { weights.iter().zip(digits).map(|(w, d)| w * d).sum() };
    sum(&K1) % 11 <= 3 && sum(&K2).is_multiple_of(11)
}

#[cfg(test)]
mod tests;
