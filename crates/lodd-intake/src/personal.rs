//! Finds what points at a person in a short text that someone typed.

use crate::{national_id, roster::marks::is_keyed_id};

/// What points at a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// A national identity number: fødselsnummer, D-number, H-number or synthetic.
    NationalId,
    /// A number of the length of a DUF number (12 digits) or an account number (11 digits).
    LongNumber,
    /// A Norwegian mobile number, with or without the country's code.
    Mobile,
    /// An e-mail address.
    Email,
}

/// What in `text` points at a person; `None` if nothing is found. Names can't be found.
///
/// ```
/// use lodd_intake::{Personal, personal};
///
/// assert_eq!(personal("ring 412 34 567 etter kl. 15"), Some(Personal::Mobile));
/// assert_eq!(personal("flyttet 31.10.2026, sak 2026/1234"), None);
/// ```
pub fn personal(text: &str) -> Option<Personal> {
    if national_id::found_in(text, true) {
        return Some(Personal::NationalId);
    }
    if text.split_whitespace().any(is_email) {
        return Some(Personal::Email);
    }
    let runs = digit_runs(text);
    // First what is a telephone number with its country's, which is as long as an account's.
    if runs.iter().any(|it| is_mobile(it)) {
        return Some(Personal::Mobile);
    }
    runs.iter().any(|it| matches!(it.len(), 11 | 12)).then_some(Personal::LongNumber)
}

/// Whether a text that is no answer holds a way to reach somebody or a number of a person's. The
/// digits of a keyed id can look like one by chance.
pub(crate) fn is_contact(text: &str) -> bool {
    !is_keyed_id(text.trim()) && personal(text).is_some()
}

/// `someone@somewhere.no`, whatever stands around it.
fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(who, place)| {
        who.ends_with(char::is_alphanumeric)
            && place.starts_with(char::is_alphanumeric)
            && place.contains('.')
    })
}

/// Eight digits from 4 or 9, perhaps after 47 or 0047.
fn is_mobile(digits: &str) -> bool {
    let own = digits.strip_prefix("00").unwrap_or(digits);
    let own = if own.len() == 10 { own.strip_prefix("47").unwrap_or(own) } else { own };
    own.len() == 8 && own.starts_with(['4', '9'])
}

/// Digits that stand together, single blanks and dots between groups left out.
fn digit_runs(text: &str) -> Vec<String> {
    let mut runs = vec![String::new()];
    let mut between = false;
    for c in text.chars() {
        match (c, runs.last_mut()) {
            ('0'..='9', Some(run)) => {
                run.push(c);
                between = false;
            }
            (' ' | '.' | '\u{a0}' | '\u{202f}', Some(run)) if !between && !run.is_empty() => {
                between = true;
            }
            _ => {
                runs.push(String::new());
                between = false;
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers made up here: the fødselsnummer is Skatteetaten's synthetic form (month + 80).
    #[test]
    fn what_points_at_a_person_is_found_and_what_does_not_is_not() {
        let cases = [
            ("mor er 01817012345", Some(Personal::NationalId)),
            ("DUF 201234567890", Some(Personal::LongNumber)),
            ("konto 1234 56 78901", Some(Personal::LongNumber)),
            ("ring 41234567", Some(Personal::Mobile)),
            ("ring +47 912 34 567", Some(Personal::Mobile)),
            ("ring 0047 91234567", Some(Personal::Mobile)),
            ("skriv til ola.n@nav.no.", Some(Personal::Email)),
            ("FLYTTET", None),
            ("flyttet 31.10.2026", None),
            ("sak 2026/41234567", Some(Personal::Mobile)),
            ("sak 26/1234, brev nr. 3 @ kontoret", None),
            ("fikk jobb, 37,5 t/uke", None),
        ];
        for (text, expected) in cases {
            assert_eq!(personal(text), expected, "{text}");
        }
    }
}
