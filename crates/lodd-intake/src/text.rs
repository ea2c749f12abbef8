//! Message templates, and words that differ between languages.
//!
//! A template is plain text with `{name}` for a value, `{name|one|many}` for a number with its
//! noun, and `[…]` for a part that is left out when a value inside it is not known.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The languages a message can be given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// Norwegian bokmål.
    Nb,
    /// Norwegian nynorsk.
    Nn,
    /// English.
    En,
}

impl Lang {
    /// All languages.
    pub const ALL: [Self; 3] = [Self::Nb, Self::Nn, Self::En];
}

/// A few words in every language; the same in all when they are a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// In Norwegian bokmål.
    pub nb: String,
    /// In Norwegian nynorsk.
    pub nn: String,
    /// In English.
    pub en: String,
}

impl Phrase {
    /// Words in bokmål, nynorsk and English.
    pub fn new(nb: impl Into<String>, nn: impl Into<String>, en: impl Into<String>) -> Self {
        Self { nb: nb.into(), nn: nn.into(), en: en.into() }
    }

    /// Words that are the same in bokmål and nynorsk.
    pub fn norwegian(no: impl Into<String>, en: impl Into<String>) -> Self {
        let nb = no.into();
        Self { nn: nb.clone(), nb, en: en.into() }
    }

    /// The words in `lang`.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nb => &self.nb,
            Lang::Nn => &self.nn,
            Lang::En => &self.en,
        }
    }

    /// The words in every language.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        [self.nb.as_str(), &self.nn, &self.en].into_iter()
    }

    /// A date: `31.12.2016` in Norwegian, `2016-12-31` in English.
    pub fn date(date: Date) -> Self {
        let (year, month, day) = (date.year(), date.month(), date.day());
        Self::norwegian(format!("{day:02}.{month:02}.{year:04}"), date.to_string())
    }

    /// A number: decimals with a comma in Norwegian, with a point in English.
    pub fn number(number: f64) -> Self {
        let en = if number == 0.0 { "0".to_owned() } else { number.to_string() };
        Self::norwegian(en.replace('.', ","), en)
    }
}

impl<T: Into<String>> From<T> for Phrase {
    fn from(text: T) -> Self {
        let nb = text.into();
        Self { en: nb.clone(), nn: nb.clone(), nb }
    }
}

/// Fills a template. A value that is not known is written `?`, outside `[…]`.
pub(crate) fn fill(template: &str, value: &impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, opening, after)) = next_mark(rest) {
        out.push_str(before);
        let closing = if opening == '[' { ']' } else { '}' };
        let (inside, tail) = after.split_once(closing).unwrap_or((after, ""));
        if opening == '[' {
            if names(inside).all(|name| value(name).is_some()) {
                out.push_str(&fill(inside, value));
            }
        } else {
            out.push_str(&placeholder(inside, value));
        }
        rest = tail;
    }
    out + rest
}

/// The names of a template's placeholders, in order.
pub(crate) fn names(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).map(|part| {
        let inside = part.split_once('}').map_or(part, |(inside, _)| inside);
        inside.split('|').next().unwrap_or(inside)
    })
}

fn next_mark(text: &str) -> Option<(&str, char, &str)> {
    let at = text.find(['{', '['])?;
    let (before, rest) = text.split_at_checked(at)?;
    let mut chars = rest.chars();
    let opening = chars.next()?;
    Some((before, opening, chars.as_str()))
}

fn placeholder(inside: &str, value: &impl Fn(&str) -> Option<String>) -> String {
    let mut parts = inside.split('|');
    let number = parts.next().and_then(value).unwrap_or_else(|| "?".to_owned());
    let (one, many) = (parts.next(), parts.next());
    match if number == "1" { one } else { many } {
        Some(noun) => format!("{number} {noun}"),
        None => number,
    }
}

/// This many hexadecimal digits in a row may be a keyed id, or a part of one.
const KEY_LIKE: usize = 20;

/// A value as a message shows it: at most 60 characters, no control characters, and nothing of
/// what may be a keyed id.
pub(crate) fn shown(value: &str) -> String {
    if value.split(|c: char| !c.is_ascii_hexdigit()).any(|run| run.len() >= KEY_LIKE) {
        return "•••".to_owned();
    }
    let mut out: String =
        value.chars().take(60).map(|c| if c.is_control() { '·' } else { c }).collect();
    if value.chars().nth(60).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Option<String> {
        match name {
            "n" => Some("1".to_owned()),
            "m" => Some("2".to_owned()),
            "v" => Some("[{n}]".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn templates_fill_choose_a_number_and_drop_what_is_unknown() {
        assert_eq!(
            fill("{n|familie|familier} av {m|familie|familier}", &known),
            "1 familie av 2 familier"
        );
        assert_eq!(fill("A «{v}».[ Mente du {x}?] B", &known), "A «[{n}]». B");
        assert_eq!(fill("A[ {n} og {m}] {x}", &known), "A 1 og 2 ?");
    }

    #[test]
    fn a_shown_value_is_short_and_printable() {
        assert_eq!(shown("a\u{1b}[31m"), "a·[31m");
        assert_eq!(shown(&"x".repeat(500)).chars().count(), 61);
    }

    #[test]
    fn numbers_and_dates_are_written_as_each_language_does() {
        assert_eq!(Phrase::number(37.5), Phrase::norwegian("37,5", "37.5"));
        assert_eq!(Phrase::number(-0.0), Phrase::from("0"));
        let date = jiff::civil::date(2016, 2, 3);
        assert_eq!(Phrase::date(date), Phrase::norwegian("03.02.2016", "2016-02-03"));
    }
}
