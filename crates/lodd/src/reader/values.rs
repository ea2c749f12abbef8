//! Values of a TOML file, and the nearest of some names.

use toml::de::DeValue;

use crate::text::{Text, say};

/// A TOML number.
pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Float(it) => it.as_str().replace('_', "").parse().ok(),
        other => integer(other).map(|n| n as f64),
    }
}

/// A TOML integer as `i64`.
pub(crate) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let it = value.as_integer()?;
    i64::from_str_radix(&it.as_str().replace('_', ""), it.radix()).ok()
}

/// The nearest of some names, when one is near enough to be meant.
pub(crate) fn nearest<'n>(name: &str, among: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let score = |other: &str| strsim::jaro_winkler(name, other);
    let nearest = among.into_iter().max_by(|a, b| score(a).total_cmp(&score(b)));
    nearest.filter(|other| score(other) >= LIKENESS_MIN)
}

/// Two unrelated words of the vocabulary reach about 0.6.
const LIKENESS_MIN: f64 = 0.82;

pub(crate) fn did_you_mean(name: &str) -> Text {
    say!("mente du `{name}`?", nn "meinte du `{name}`?", "did you mean `{name}`?")
}
