//! A sentence in the languages that the program speaks.
//!
//! The Norwegian and the English of a message stand side by side where the message is made, so
//! that one cannot change without the other.

/// The language of messages and reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Lang {
    /// Norwegian, bokmål.
    Nb,
    /// Norwegian, nynorsk (what has no nynorsk yet is said in bokmål).
    Nn,
    /// English.
    En,
}

impl Lang {
    /// The user's language from `LC_ALL`, `LC_MESSAGES` or `LANG`, else bokmål.
    pub(crate) fn from_environment() -> Self {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty())
            .unwrap_or_default();
        match named.get(..2) {
            Some("en") => Self::En,
            Some("nn") => Self::Nn,
            _ => Self::Nb,
        }
    }
}

impl Lang {
    /// The same language, as reports name it.
    pub(crate) fn of_report(self) -> lodd_report::Lang {
        match self {
            Self::Nb => lodd_report::Lang::Nb,
            Self::Nn => lodd_report::Lang::Nn,
            Self::En => lodd_report::Lang::En,
        }
    }
}

/// One sentence in bokmål and English, and in nynorsk where it has been written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) nb: String,
    nn: Option<Box<Nynorsk>>,
    pub(crate) en: String,
}

/// The nynorsk of a [`Text`], kept apart: most have none, and results that hold texts stay small.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Nynorsk(String);

impl Text {
    pub(crate) fn new(nb: impl Into<String>, en: impl Into<String>) -> Self {
        Self { nb: nb.into(), nn: None, en: en.into() }
    }

    /// With its nynorsk.
    pub(crate) fn nn(mut self, nn: impl Into<String>) -> Self {
        self.nn = Some(Box::new(Nynorsk(nn.into())));
        self
    }

    /// The same in both languages: a name, a path, a number.
    pub(crate) fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { nb: text.clone(), nn: None, en: text }
    }

    /// Numbers as they are written: with a decimal comma in Norwegian, a point in English. What stands
    /// for a number that is missing, `..`, stays.
    pub(crate) fn number(written: impl Into<String>) -> Self {
        let (en, mut after_digit) = (written.into(), false);
        let comma = |it: char| {
            let is_decimal = it == '.' && after_digit;
            after_digit = it.is_ascii_digit();
            if is_decimal { ',' } else { it }
        };
        Self { nb: en.chars().map(comma).collect(), nn: None, en }
    }

    pub(crate) fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Nb => &self.nb,
            Lang::Nn => self.nn.as_ref().map_or(&self.nb, |nn| &nn.0),
        }
    }

    /// The same text as reports hold it; what has no nynorsk is in bokmål there.
    pub(crate) fn of_report(&self) -> lodd_report::Text {
        lodd_report::Text::new(self.nb.as_str(), self.en.as_str()).nn(self.get(Lang::Nn))
    }

    /// Joins lines.
    pub(crate) fn lines(lines: impl IntoIterator<Item = Self>) -> Self {
        lines.into_iter().fold(Self::default(), |mut all, line| {
            if all.nn.is_some() || line.nn.is_some() {
                let nn = all.nn.get_or_insert_with(|| Box::new(Nynorsk(all.nb.clone())));
                add_line(&mut nn.0, line.get(Lang::Nn));
            }
            add_line(&mut all.nb, &line.nb);
            add_line(&mut all.en, &line.en);
            all
        })
    }
}

fn add_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// `say!("norsk {n}", "English {n}")`: a [`Text`] from two format strings with the same names, or
/// from three: `say!("bokmål", nn "nynorsk", "English")`.
macro_rules! say {
    ($nb:literal, nn $nn:literal, $en:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        $(let $name = $value;)*
        $crate::text::Text::new(format!($nb), format!($en)).nn(format!($nn))
    }};
    ($nb:literal, $en:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        $(let $name = $value;)*
        $crate::text::Text::new(format!($nb), format!($en))
    }};
}
pub(crate) use say;

/// A number with a thin space (U+202F) between thousands.
pub(crate) fn count(n: impl TryInto<u64>) -> String {
    let digits = n.try_into().map_or_else(|_| "?".to_owned(), |n: u64| n.to_string());
    let mut out = String::with_capacity(digits.len() + 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 && digits.len() > 4 {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Lang, Text};

    #[test]
    fn a_decimal_point_is_a_comma_and_what_is_missing_stays() {
        let text = Text::number("-0.2500  SE ..  [..; 1.5]");
        assert_eq!(text.get(Lang::Nb), "-0,2500  SE ..  [..; 1,5]");
        assert_eq!(text.get(Lang::En), "-0.2500  SE ..  [..; 1.5]");
    }
}
