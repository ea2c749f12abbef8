//! Text as people type it, made comparable: invisible characters, full-width digits, æøå.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Whether [`clean`] would leave nothing of a text.
pub(crate) fn is_blank(text: &str) -> bool {
    clean(text).0.is_empty()
}

/// Whether [`clean`] would change a text.
pub(crate) fn is_changed(text: &str) -> bool {
    clean(text).1
}

/// A cell's text without invisible characters and surrounding blanks, and whether there were any.
pub(crate) fn clean(text: &str) -> (Cow<'_, str>, bool) {
    if is_plain(text) {
        let trimmed = text.trim();
        return (Cow::Borrowed(trimmed), trimmed.len() != text.len());
    }
    let plain: String = text.nfc().filter_map(visible).collect();
    let trimmed = plain.trim();
    let changed = trimmed.len() != plain.len() || text.chars().any(|c| visible(c) != Some(c));
    (Cow::Owned(trimmed.to_owned()), changed)
}

/// Whether a text is in Latin letters and signs with nothing invisible among them: it is then
/// composed as it stands, since the characters that combine with others come later in Unicode.
pub(crate) fn is_plain(text: &str) -> bool {
    text.is_ascii() || text.chars().all(|c| c < '\u{300}' && visible(c) == Some(c))
}

/// The character to keep: none for a zero-width one, a space for a no-break space, the ordinary
/// digit or letter for a full-width one.
fn visible(c: char) -> Option<char> {
    match c {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => Some(' '),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        _ => Some(c),
    }
}

/// A header as it is matched: lower case, æ→ae, ø→o, å→a, spaces→`_`.
pub(crate) fn fold_header(text: &str) -> String {
    if text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'-') {
        return text.to_ascii_lowercase();
    }
    let lower = clean(text).0.to_lowercase();
    let joined = lower.split_whitespace().collect::<Vec<_>>().join("_");
    joined.replace('æ', "ae").replace('ø', "o").replace('å', "a")
}

/// A code as it is matched: upper case, Æ→AE, Ø→O, Å→A, spaces and hyphens→`_`.
pub(crate) fn fold_code(text: &str) -> String {
    if text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
        return text.to_ascii_uppercase();
    }
    fold_header(text).replace('-', "_").to_uppercase()
}

/// The candidate nearest to `text` by edit distance, if it is near enough to be what was meant.
pub(crate) fn nearest<'a>(
    text: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    if text.len() > 64 {
        return None;
    }
    let length = text.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    candidates
        // A distance is never less than the difference in length.
        .filter(|it| it.chars().count().abs_diff(length) <= allowed)
        .map(|it| (strsim::osa_distance(text, it), it))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, it)| it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_go_and_are_noticed() {
        assert_eq!(clean("HELTID"), ("HELTID".into(), false));
        assert_eq!(clean(" lønn"), ("lønn".into(), true));
        assert_eq!(clean("HEL\u{200b}TID "), ("HELTID".into(), true));
        assert_eq!(clean("l\u{ad}ønn"), ("lønn".into(), true));
        assert_eq!(clean("\u{a0}１２\u{a0}"), ("12".into(), true));
        // An å of two characters, as macOS writes it, is no invisible character.
        assert_eq!(clean("a\u{30a}r"), ("år".into(), false));
    }

    /// What is taken as it stands is what normalising and filtering it would give, of every character
    /// alone, between letters, and after a letter that others combine with.
    #[test]
    fn plain_text_is_as_it_would_be_cleaned() {
        for c in ('\0'..=char::MAX).filter(|c| is_plain(&c.to_string())) {
            for text in [c.to_string(), format!("n{c}r"), format!("{c}\u{f8}")] {
                let all: String = text.nfc().filter_map(visible).collect();
                assert_eq!(all, text, "{text:?}");
            }
        }
    }

    #[test]
    fn headers_and_codes_are_folded() {
        assert_eq!(fold_header(" Årsak til  retting "), "arsak_til_retting");
        assert_eq!(fold_header("Fødselsår"), "fodselsar");
        assert_eq!(fold_header("Måned"), "maned");
        assert_eq!(fold_code("uføretrygd"), "UFORETRYGD");
        assert_eq!(fold_code("kvp-prog"), "KVP_PROG");
        assert_eq!(fold_code("næring"), "NAERING");
    }

    #[test]
    fn the_nearest_candidate_is_near() {
        let codes = || ["HELTID", "DELTID", "UTDANNING"].into_iter();
        assert_eq!(nearest("HELTIDD", codes()), Some("HELTID"));
        assert_eq!(nearest("UTDANING", codes()), Some("UTDANNING"));
        assert_eq!(nearest("PENSJON", codes()), None);
    }
}
