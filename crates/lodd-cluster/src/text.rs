//! A sentence in bokmål and English, side by side so that one cannot change without the other.

/// The language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Lang {
    /// Norwegian, bokmål.
    Nb,
    /// Norwegian, nynorsk: said in bokmål.
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

/// One sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    nb: String,
    en: String,
}

impl Text {
    pub(crate) fn new(nb: impl Into<String>, en: impl Into<String>) -> Self {
        Self { nb: nb.into(), en: en.into() }
    }

    pub(crate) fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nb | Lang::Nn => &self.nb,
            Lang::En => &self.en,
        }
    }
}

/// `say!("nb {x}", "en {x}")`: both sentences, formatted with the same names.
macro_rules! say {
    ($nb:literal, $en:literal $(,)?) => {
        $crate::text::Text::new(format!($nb), format!($en))
    };
}
pub(crate) use say;

/// A number with a thin space (U+202F) between thousands.
pub(crate) fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) && digits.len() > 4 {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}
