//! What reading gave, as bytes, between the process that parses a file and the one that asked.
//!
//! No file format: both ends are one executable and nothing of it is kept. Whoever receives it
//! believes none of it: a parser that a hostile file has taken over may have written it.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::{
    catalogue::Severity,
    finding::{Finding, Findings},
    limits::Limits,
    text::Phrase,
    workbook::{Cell, CellValue, Row, Sheet, Workbook},
};

/// The bytes that an outcome can have at most, under `limits`: its texts, and of each cell its
/// column, kind, number and length of text.
pub fn bytes_max(limits: &Limits) -> usize {
    const A_CELL: usize = 16;
    const FINDINGS: usize = 16 << 20;
    limits.text_bytes + limits.cells * A_CELL + FINDINGS
}

/// Writes what reading gave.
///
/// # Errors
///
/// If `to` can't be written to.
pub fn write(outcome: &Result<Workbook, Findings>, to: impl Write) -> io::Result<()> {
    postcard::to_io(outcome, to).map_err(io::Error::other)?.flush()
}

/// What was written of the file called `name`; `None` if that is not what reading gives within
/// `limits`.
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Option<Result<Workbook, Findings>> {
    let (outcome, rest) = postcard::take_from_bytes::<Result<Workbook, Findings>>(bytes).ok()?;
    let file = crate::read::file_name(name);
    let sound = rest.is_empty()
        && match &outcome {
            Ok(book) => is_sound(book, file, limits),
            Err(findings) => findings.worst() == Some(Severity::Stop) && are_sound(findings, file),
        };
    sound.then_some(outcome)
}

fn is_sound(book: &Workbook, file: &str, limits: &Limits) -> bool {
    let mut cells = 0_usize;
    let mut text_bytes = 0_usize;
    for cell in book.sheets.iter().flat_map(|sheet| &sheet.rows).flat_map(|row| &row.cells) {
        cells += 1;
        if let CellValue::Text(text) | CellValue::Error(text) = &cell.value {
            text_bytes += text.len();
        }
    }
    book.file == file
        && book.sheets.len() <= limits.sheets
        && cells <= limits.cells
        && text_bytes <= limits.text_bytes
        && book.sheets.iter().all(|sheet| is_sheet(sheet, limits))
        && book.findings.worst() != Some(Severity::Stop)
        && are_sound(&book.findings, file)
}

fn is_sheet(sheet: &Sheet, limits: &Limits) -> bool {
    let Limits { rows, columns, cell_characters, .. } = *limits;
    let cell = |it: &Cell| match &it.value {
        CellValue::Text(text) | CellValue::Error(text) => {
            text.len() <= cell_characters || text.chars().count() <= cell_characters
        }
        _ => true,
    };
    let row = |it: &Row| {
        it.cells.is_sorted_by(|one, next| one.column < next.column)
            && it.cells.last().is_none_or(|last| last.column < columns)
            && it.cells.iter().all(cell)
    };
    sheet.rows.is_sorted_by(|one, next| one.number < next.number)
        && sheet.rows.first().is_none_or(|first| first.number > 0)
        && sheet.rows.last().is_none_or(|last| last.number <= rows)
        && sheet.last_row <= rows
        && sheet.rows.iter().all(row)
        && sheet.shape.is_bounded()
}

/// Findings of this file alone, of texts that can be shown; where something personal was found,
/// nothing of the file.
fn are_sound(findings: &Findings, file: &str) -> bool {
    findings.iter().all(|it| {
        let places = [&it.sheet, &it.cell, &it.column, &it.unit];
        let phrases = [&it.value, &it.expected, &it.suggestion];
        let terms = it.terms.iter().map(|(_, phrase)| phrase);
        (it.file == file || (it.file.starts_with("•••") && is_shown(&it.file)))
            && places.into_iter().flatten().all(|it| is_shown(it))
            && phrases.into_iter().flatten().chain(terms).all(|it| it.all().all(is_shown))
            && !(it.code().starts_with('P') && it.value.is_some())
    })
}

/// Whether a text is short and has no control characters.
fn is_shown(text: &str) -> bool {
    text.len() <= 16 << 10 && !text.contains(char::is_control)
}

impl Serialize for Findings {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.groups())
    }
}

impl<'de> Deserialize<'de> for Findings {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let groups = Vec::<(Vec<Finding>, usize)>::deserialize(from)?;
        Self::from_groups(groups).ok_or_else(|| serde::de::Error::custom("no findings"))
    }
}

/// An entry of the catalogue, by its code.
pub(crate) mod entry {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::catalogue::{self, Entry};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
    pub(crate) fn serialize<S: Serializer>(
        entry: &&'static Entry,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(entry.code)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<&'static Entry, D::Error> {
        let code = <&str>::deserialize(from)?;
        catalogue::find(code).ok_or_else(|| D::Error::custom("no such code"))
    }
}

/// Values by the names of placeholders, which are those of the catalogue.
pub(crate) mod terms {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Phrase;
    use crate::catalogue;

    type Terms = Vec<(&'static str, Phrase)>;

    pub(crate) fn serialize<S: Serializer>(terms: &Terms, to: S) -> Result<S::Ok, S::Error> {
        terms.serialize(to)
    }

    /// A name that no message has is dropped.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Terms, D::Error> {
        let terms = Vec::<(&str, Phrase)>::deserialize(from)?;
        let known = |(name, value)| Some((catalogue::placeholder(name)?, value));
        Ok(terms.into_iter().filter_map(known).collect())
    }
}

#[cfg(test)]
mod tests;
