//! The ids of families and members as they stand in a file, checked against those known.

use crate::{
    catalogue,
    expectations::Expectations,
    field::{Content, content},
    finding::Finding,
    ids::{MemberKind, split_member, suggest, verify_family},
    table::At,
    text::Phrase,
};

/// An id of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Id {
    /// Well-formed, with the right check symbol. `kind` is none for a family.
    Good { id: String, family: String, kind: Option<MemberKind> },
    /// Noted as wrong; with the family that was probably meant.
    Bad { meant: Option<String> },
    /// Nothing there.
    Blank,
}

/// Reads an id; notes one that is altered by Excel (D08) or fails its check (D09). `known` says
/// which ids may be suggested.
pub(crate) fn read(
    at: &At<'_>,
    expect: &Expectations,
    known: impl Fn(&str) -> bool,
    notes: &mut Vec<Finding>,
) -> Id {
    let altered = |notes: &mut Vec<Finding>| {
        let example = expect.families.keys().next().cloned();
        let example = example.unwrap_or_else(|| format!("{}-7KQ4-R", expect.id_prefix));
        notes.push(at.finding(&catalogue::D08).expected(example));
        Id::Bad { meant: None }
    };
    let text = match content(at, notes) {
        Err(_) => return Id::Bad { meant: None },
        Ok(Content::Blank) => return Id::Blank,
        Ok(Content::Text(text)) if !is_number(&text) => text,
        Ok(_) => return altered(notes),
    };
    let written = text.to_uppercase().replace(['\u{2010}', '\u{2011}', '\u{2013}'], "-");
    let (family, kind) = match split_member(&written) {
        Some((family, kind)) => (family, Some(kind)),
        None => (written.as_str(), None),
    };
    if verify_family(family, &expect.id_prefix).is_ok() {
        return Id::Good { family: family.to_owned(), kind, id: written };
    }
    let meant = suggest(&written, &expect.id_prefix, known);
    notes.push(at.finding(&catalogue::D09).value(masked(&text)).suggest(meant.clone()));
    let meant = meant.map(|id| match split_member(&id) {
        Some((family, _)) => family.to_owned(),
        None => id,
    });
    Id::Bad { meant }
}

/// Digits only, or a number as Excel writes a large one (`7,39E+08`).
fn is_number(text: &str) -> bool {
    let digits = text.bytes().any(|it| it.is_ascii_digit());
    digits && text.bytes().all(|it| it.is_ascii_digit() || b" .,+eE".contains(&it))
}

/// What stands in an id's place may be a name; only what looks like an id is shown.
fn masked(text: &str) -> Phrase {
    let id_like = text.bytes().any(|it| it.is_ascii_digit())
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || b" -".contains(&it));
    if id_like {
        return text.into();
    }
    let length = text.chars().count();
    Phrase::new(
        format!("tekst på {length} tegn"),
        format!("tekst på {length} teikn"),
        format!("text of {length} characters"),
    )
}
