//! One cell as an answer: text, whole numbers, codes. What can't be read is noted with its place.

use std::borrow::Cow;

use crate::{
    catalogue,
    finding::Finding,
    normal::{clean, fold_code, nearest},
    personal::is_contact,
    synonyms::code_of,
    table::At,
    text::Phrase,
    variable::Code,
    workbook::CellValue,
};

/// Marks that a finding was noted instead of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Noted;

/// A value; none when the cell is blank; noted when it can't be read.
pub(crate) type Field<T> = Result<Option<T>, Noted>;

/// What a cell holds, cleaned.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content<'t> {
    Blank,
    /// Not blank, at most [`TEXT_MAX`] characters.
    Text(Cow<'t, str>),
    Number(f64),
    /// A number with a date format.
    Date(f64),
    Bool(bool),
}

/// The longest text that can be an answer.
const TEXT_MAX: usize = 500;

/// What stands at a place. Notes errors of Excel's, formulas, text that could run as one, and text
/// too long to be an answer.
pub(crate) fn content<'t>(at: &At<'t>, notes: &mut Vec<Finding>) -> Result<Content<'t>, Noted> {
    let Some(cell) = at.cell else {
        return if at.is_covered() { Err(Noted) } else { Ok(Content::Blank) };
    };
    let found = match &cell.value {
        CellValue::Text(text) => text_content(at, text, notes)?,
        CellValue::Number(number) => Content::Number(*number),
        CellValue::Date(serial) => Content::Date(*serial),
        CellValue::Bool(truth) => Content::Bool(*truth),
        CellValue::Error(_) => return note(at.finding(&catalogue::D14), notes),
        CellValue::Uncalculated => return note(at.finding(&catalogue::D16), notes),
    };
    if cell.formula && found != Content::Blank {
        notes.push(at.finding(&catalogue::D15));
    }
    Ok(found)
}

fn text_content<'t>(
    at: &At<'t>,
    text: &'t str,
    notes: &mut Vec<Finding>,
) -> Result<Content<'t>, Noted> {
    let text = clean(text).0;
    if text.len() > TEXT_MAX {
        let length = text.chars().count();
        if length > TEXT_MAX {
            return note(at.finding(&catalogue::D19).count(length), notes);
        }
    }
    if text.starts_with(['=', '+', '-', '@']) {
        let digits = text.chars().skip(1).all(|c| c.is_ascii_digit() || " .,".contains(c));
        if text.len() == 1 || !digits {
            return note(at.finding(&catalogue::D18), notes);
        }
    }
    if !text.is_ascii() && GARBLED.iter().any(|it| text.contains(it)) {
        return note(at.finding(&catalogue::C03), notes);
    }
    if text.contains(['\n', '\r']) {
        return note(at.finding(&catalogue::C06), notes);
    }
    Ok(if text.is_empty() { Content::Blank } else { Content::Text(text) })
}

/// Norwegian letters that were read in another encoding than they were written in.
const GARBLED: [&str; 7] = ["Ã¦", "Ã¸", "Ã¥", "Ã†", "Ã˜", "Ã…", "\u{fffd}"];

/// The text of a place; a number as it would be typed.
pub(crate) fn text(at: &At<'_>, notes: &mut Vec<Finding>) -> Field<String> {
    Ok(match content(at, notes)? {
        Content::Blank => None,
        Content::Text(text) => Some(text.into_owned()),
        Content::Number(number) => Some(Phrase::number(number).en),
        Content::Date(serial) => crate::dates::from_serial(serial).map(|date| date.to_string()),
        Content::Bool(truth) => Some(if truth { "J" } else { "N" }.to_owned()),
    })
}

/// A code that is not checked against a list: folded to upper-case ASCII.
pub(crate) fn free_code(at: &At<'_>, notes: &mut Vec<Finding>) -> Field<String> {
    match text(at, notes)? {
        Some(text) if is_contact(&text) => note(at.masked(&catalogue::P02), notes),
        text => Ok(text.map(|text| fold_code(&text))),
    }
}

/// What is noted of a text that can't be read: contact details, which are not shown, garbled
/// letters, or else `finding`.
pub(crate) fn unreadable(at: &At<'_>, text: &str, finding: impl FnOnce() -> Finding) -> Finding {
    if is_contact(text) {
        return at.masked(&catalogue::P02);
    }
    let letters: Vec<char> = text.chars().collect();
    let lost = |it: &[char]| matches!(it, [a, '?', b] if a.is_alphabetic() && b.is_alphabetic());
    if letters.windows(3).any(lost) { at.finding(&catalogue::C03) } else { finding() }
}

/// A code of a list, or its label as the forms show it. What is nearly one is read as its code, with
/// a warning; what is not gets the nearest code as a suggestion.
pub(crate) fn code(at: &At<'_>, codes: &[Code], notes: &mut Vec<Finding>) -> Field<String> {
    match text(at, notes)? {
        Some(text) => one_code(at, &text, codes, notes).map(Some),
        None => Ok(None),
    }
}

/// The code that `written`, a cell's text or a part of it, stands for.
pub(crate) fn one_code(
    at: &At<'_>,
    written: &str,
    codes: &[Code],
    notes: &mut Vec<Finding>,
) -> Result<String, Noted> {
    if let Some(code) = exact(written, codes) {
        return Ok(code.code.clone());
    }
    if let Some(code) = code_of(written, codes) {
        notes.push(at.finding(&catalogue::D11).value(written).expected(code.code.as_str()));
        return Ok(code.code.clone());
    }
    let near = nearest(&fold_code(written), codes.iter().map(|it| it.code.as_str()));
    let valid: Vec<&str> = codes.iter().map(|it| it.code.as_str()).collect();
    let unknown =
        || at.finding(&catalogue::D10).value(written).expected(valid.join(", ")).suggest(near);
    note(unreadable(at, written, unknown), notes)
}

/// The code that is written as itself, or with its label just as it stands.
pub(crate) fn exact<'c>(written: &str, codes: &'c [Code]) -> Option<&'c Code> {
    let (folded, label) = (fold_code(written), clean(written).0);
    codes
        .iter()
        .find(|it| it.code == folded || (!label.is_empty() && it.labels().contains(&&*label)))
}

/// Codes without labels.
pub(crate) fn plain_codes(codes: &[&str]) -> Vec<Code> {
    codes.iter().map(|code| Code::new(*code, "", "")).collect()
}

/// A whole number from `min` to `max`. `12 500` and `12500,00` are whole; `1.234` can mean two
/// things and is noted.
pub(crate) fn whole(at: &At<'_>, min: i64, max: i64, notes: &mut Vec<Finding>) -> Field<i64> {
    let written = match content(at, notes)? {
        Content::Blank => return Ok(None),
        Content::Number(number) | Content::Date(number) => format!("{number}"),
        Content::Bool(_) => String::new(),
        Content::Text(text) => match two_readings(&text) {
            Some((x, y)) => {
                return note(at.finding(&catalogue::C07).suggest(Some(x)).term("y", y), notes);
            }
            None => text.into_owned(),
        },
    };
    let number = whole_number(&written);
    if let Some(number) = number.filter(|it| (min..=max).contains(it)) {
        return Ok(Some(number));
    }
    let range = format!("{min}–{max}");
    let expected = Phrase::new(
        format!("{range} (hele tall)"),
        format!("{range} (heile tal)"),
        format!("{range} (whole numbers)"),
    );
    let tenth = number.filter(|it| it % 10 == 0).map(|it| it / 10);
    let meant = tenth.filter(|it| (min..=max).contains(it)).map(|it| it.to_string());
    let outside = || at.finding(&catalogue::D13).expected(expected).suggest(meant);
    let prose = written.contains(char::is_alphabetic) || written.contains('@');
    note(if prose { unreadable(at, &written, outside) } else { outside() }, notes)
}

/// Digits in groups of three with blanks, perhaps a sign, perhaps decimals that are all 0.
fn whole_number(text: &str) -> Option<i64> {
    let joined: String = text.chars().filter(|c| *c != ' ').collect();
    let (whole, decimals) = joined.split_once([',', '.']).unwrap_or((&joined, "0"));
    let zero = !decimals.is_empty() && decimals.bytes().all(|it| it == b'0');
    if zero { whole.parse().ok() } else { None }
}

/// The two readings of one separator before exactly three digits: `1.234` is 1234 or 1,234.
fn two_readings(text: &str) -> Option<(String, Phrase)> {
    let (before, after) = text.split_once([',', '.'])?;
    let unsigned = before.strip_prefix(['-', '+']).unwrap_or(before);
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    let ambiguous =
        is_number(unsigned) && unsigned.len() <= 3 && is_number(after) && after.len() == 3;
    ambiguous.then(|| {
        let decimal = Phrase::norwegian(format!("{before},{after}"), format!("{before}.{after}"));
        (format!("{before}{after}"), decimal)
    })
}

/// The value of a column that must have one: notes a blank cell.
pub(crate) fn required<T>(
    at: &At<'_>,
    field: Field<T>,
    notes: &mut Vec<Finding>,
) -> Result<T, Noted> {
    match field? {
        Some(value) => Ok(value),
        None => note(at.finding(&catalogue::D12), notes),
    }
}

/// Notes a finding in place of a value.
pub(crate) fn note<T>(finding: Finding, notes: &mut Vec<Finding>) -> Result<T, Noted> {
    notes.push(finding);
    Err(Noted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_whole() {
        for (text, number) in [
            ("12500", Some(12500)),
            ("12 500", Some(12500)),
            ("12500,00", Some(12500)),
            ("-7", Some(-7)),
            ("37,5", None),
            ("37.5", None),
            ("1e400", None),
            ("NaN", None),
            ("inf", None),
            ("kr 500", None),
            ("12,", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(whole_number(text), number, "{text}");
        }
    }

    #[test]
    fn one_separator_before_three_digits_has_two_readings() {
        for text in ["1.234", "1,234", "-12.345", "123,456"] {
            assert!(two_readings(text).is_some(), "{text}");
        }
        for text in ["1.23", "1.2345", "1234.567", "12500", "1 234", ".123", "1.234,50"] {
            assert!(two_readings(text).is_none(), "{text}");
        }
    }
}
