//! What a workbook's parts must be like before the parser sees them.
//!
//! The parser (calamine) overflows on cell names such as `ZZZZZZZZ1`, on a range whose end comes
//! before its start, and reserves whatever memory `uniqueCount` asks for. Such parts are refused
//! here. What [`Search`] looks for is looked for on the way.

use super::{
    Refusal,
    observed::{Observed, Part},
    search::Search,
    xml::{Seen, XmlError, scan},
};
use crate::{catalogue, limits::Limits, text::Phrase};

/// Checks one part, and notes what it says of the sheets; gives what was found in it.
pub(super) fn check(
    part: &str,
    bytes: &[u8],
    observed: &mut Observed,
    limits: &Limits,
) -> Result<Search, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        Refusal::damaged(
            "ugyldig tegnsett i en del",
            "ugyldig teiknsett i ein del",
            "a part is not UTF-8",
        )
    })?;
    let name = part.to_lowercase();
    let mut own = Part::default();
    let mut search = Search::new(part);
    let mut sound = true;
    scan(text, limits.xml_depth, &mut |seen| {
        observed.see(&name, &mut own, seen);
        search.see(seen);
        if let Seen::Attribute { element, name, value } = seen {
            sound &= is_sound(element, name, value, limits);
        }
    })
    .map_err(refusal)?;
    observed.end(&name, own)?;
    search.end();
    if search.active {
        return Err(Refusal::new(&catalogue::F03));
    }
    if !sound {
        return Err(Refusal::damaged(
            "umulig celleadresse eller antall",
            "umogleg celleadresse eller tal",
            "impossible cell or count",
        ));
    }
    Ok(search)
}

fn refusal(error: XmlError) -> Refusal {
    match error {
        XmlError::DocumentType => Refusal::new(&catalogue::F03),
        XmlError::TooDeep => {
            Refusal::too_large("for dypt nøstet", "nøsta for djupt", "nested too deeply")
        }
        XmlError::Malformed => Refusal::damaged("feil i XML", "feil i XML", "an error in the XML"),
    }
}

fn is_sound(element: &str, name: &str, value: &str, limits: &Limits) -> bool {
    match (element, name) {
        ("row", "r") => position(value).is_some(),
        ("c", "r") => position(value).is_some_and(|(_, column)| column > 0),
        ("dimension" | "f" | "mergeCell", "ref") => is_range(value),
        ("f", "si") => value.parse::<u32>().is_ok(),
        ("sst", "uniqueCount") => value.parse().is_ok_and(|count: usize| count <= limits.cells),
        _ => true,
    }
}

fn is_range(value: &str) -> bool {
    let (start, end) = value.split_once(':').unwrap_or((value, value));
    match (position(start), position(end)) {
        (Some(start), Some(end)) => start.0 <= end.0 && 0 < start.1 && start.1 <= end.1,
        _ => false,
    }
}

/// Row and column of `AB12` from 1, column 0 when there is no letter; at most 3 letters, 7 digits.
pub(super) fn position(value: &str) -> Option<(u32, u32)> {
    let digits = value.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = value.len() - digits.len();
    if letters > 3 || digits.len() > 7 || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let row = digits.parse().ok().filter(|row| *row > 0)?;
    let column = value
        .bytes()
        .take(letters)
        .fold(0, |column, letter| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    Some((row, column))
}

/// A part as a person knows it.
pub(super) fn part_name(part: &str) -> Phrase {
    if part.starts_with("docProps/") {
        Phrase::new("dokumentegenskapene", "dokumenteigenskapane", "the document properties")
    } else if part.to_lowercase().contains("comment") {
        Phrase::new("kommentarene", "kommentarane", "the comments")
    } else {
        Phrase::new(
            "arbeidsboken (utenfor cellene)",
            "arbeidsboka (utanfor cellene)",
            "the workbook (outside its cells)",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_a_sheet_has() {
        assert_eq!(position("A1"), Some((1, 1)));
        assert_eq!(position("xfd1048576"), Some((1_048_576, 16384)));
        assert_eq!(position("7"), Some((7, 0)));
        for text in ["", "A", "A0", "ZZZZ1", "A12345678", "A-1", "1A", "A1:B2", "Å1"] {
            assert_eq!(position(text), None, "{text}");
        }
        assert!(is_range("A1:B2") && is_range("C3") && !is_range("B2:A1") && !is_range("A2:B1"));
    }

    #[test]
    fn a_cell_that_no_sheet_has_is_refused() {
        for place in ["r=\"ZZZZZZZZZZ1\"", "r=\"1\"", "r=\"A99999999999\""] {
            let part = format!("<sheetData><row><c {place}/></row></sheetData>");
            let refused = check(
                "xl/worksheets/sheet1.xml",
                part.as_bytes(),
                &mut Observed::default(),
                &Limits::default(),
            );
            assert_eq!(refused.unwrap_err().entry, &catalogue::F05, "{place}");
        }
    }

    #[test]
    fn a_count_that_asks_for_all_memory_is_refused() {
        let part = br#"<sst uniqueCount="99999999999"><si><t>a</t></si></sst>"#;
        let refused =
            check("xl/sharedStrings.xml", part, &mut Observed::default(), &Limits::default())
                .unwrap_err();
        assert_eq!(refused.entry, &catalogue::F05);
    }
}
