//! A finding: what is wrong, where, what was expected and how to mend it.

use serde::{Deserialize, Serialize};

use crate::{
    catalogue::{Entry, Severity},
    text::{Lang, Phrase, fill, shown},
    wire,
};

mod findings;

pub use findings::{Findings, SHOWN_MAX};

/// One thing found in a file.
///
/// `value` is what stands in the file, shortened to 60 characters; a privacy finding (code `P…`)
/// has none of the file's own text in it. Values are for the person who sent the file: a log gets
/// [`Finding::logged`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The kind of finding.
    #[serde(with = "wire::entry")]
    pub entry: &'static Entry,
    /// What it does to the file: the entry's severity, or its other one.
    pub severity: Severity,
    /// The file's name, without its folders.
    pub file: String,
    /// The sheet's name; in a csv file the name of the table it holds.
    pub sheet: Option<String>,
    /// The cell as Excel names it (`B7`), also in csv.
    pub cell: Option<String>,
    /// The row, from 1, as Excel numbers it.
    pub row: Option<u32>,
    /// The column's header.
    pub column: Option<String>,
    /// The family or member concerned.
    pub unit: Option<String>,
    /// What stands there.
    pub value: Option<Phrase>,
    /// What should have stood there.
    pub expected: Option<Phrase>,
    /// What was probably meant.
    pub suggestion: Option<Phrase>,
    /// How many (cells, rows, characters, families), where the message says so.
    pub count: Option<u64>,
    /// Other values of the message, by the name of their placeholder.
    #[serde(with = "wire::terms")]
    pub terms: Vec<(&'static str, Phrase)>,
}

impl Finding {
    /// A finding about a file as a whole. Add to it with the methods below.
    pub fn new(entry: &'static Entry, file: impl Into<String>) -> Self {
        Self {
            entry,
            severity: entry.severity,
            file: file.into(),
            sheet: None,
            cell: None,
            row: None,
            column: None,
            unit: None,
            value: None,
            expected: None,
            suggestion: None,
            count: None,
            terms: Vec::new(),
        }
    }

    /// In the other case of its entry, which does something else to the file.
    #[must_use]
    pub fn otherwise(mut self) -> Self {
        self.severity = self.entry.otherwise.unwrap_or(self.entry.severity);
        self
    }

    /// In this sheet.
    #[must_use]
    pub fn in_sheet(mut self, sheet: &str) -> Self {
        self.sheet = Some(shown(sheet));
        self
    }

    /// At this cell: column from 0, row from 1.
    #[must_use]
    pub fn at(mut self, column: u32, row: u32) -> Self {
        self.cell = Some(cell_name(column, row));
        self.row = Some(row);
        self
    }

    /// In this row, from 1.
    #[must_use]
    pub fn in_row(mut self, row: u32) -> Self {
        self.row = Some(row);
        self
    }

    /// In the column with this header.
    #[must_use]
    pub fn in_column(mut self, header: &str) -> Self {
        self.column = Some(shown(header));
        self
    }

    /// About this family or member.
    #[must_use]
    pub fn about(mut self, unit: &str) -> Self {
        self.unit = Some(shown(unit));
        self
    }

    /// With this value.
    #[must_use]
    pub fn value(mut self, value: impl Into<Phrase>) -> Self {
        let Phrase { nb, nn, en } = value.into();
        self.value = Some(Phrase { nb: shown(&nb), nn: shown(&nn), en: shown(&en) });
        self
    }

    /// Where this was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<Phrase>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// With a suggestion, if there is one.
    #[must_use]
    pub fn suggest(mut self, suggestion: Option<impl Into<Phrase>>) -> Self {
        self.suggestion = suggestion.map(Into::into);
        self
    }

    /// With a count.
    #[must_use]
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some(count as u64);
        self
    }

    /// With another value of the message, by the name of its placeholder.
    #[must_use]
    pub fn term(mut self, name: &'static str, value: impl Into<Phrase>) -> Self {
        self.terms.push((name, value.into()));
        self
    }

    /// The stable code, such as `D10`.
    pub fn code(&self) -> &'static str {
        self.entry.code
    }

    /// What it does to the file.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The message, a whole sentence.
    pub fn message(&self, lang: Lang) -> String {
        fill(self.entry.text(lang), &|name| self.placeholder(name, lang))
    }

    /// How to mend it; `None` when there is nothing to do.
    pub fn fix(&self, lang: Lang) -> Option<String> {
        let template = self.entry.fix(lang);
        (!template.is_empty()).then(|| fill(template, &|name| self.placeholder(name, lang)))
    }

    /// Where it is: file, sheet and cell or row, as far as they are known.
    pub fn place(&self, lang: Lang) -> String {
        let (sheet_word, row_word) = match lang {
            Lang::Nb | Lang::Nn => ("ark", "rad"),
            Lang::En => ("sheet", "row"),
        };
        let mut place = self.file.clone();
        if let Some(sheet) = &self.sheet {
            place = format!("{place}, {sheet_word} {sheet}");
        }
        match (&self.cell, self.row) {
            (Some(cell), _) => place + ", " + cell,
            (None, Some(row)) => format!("{place}, {row_word} {row}"),
            (None, None) => place,
        }
    }

    /// A line for a log: code and place, of the value only its length.
    pub fn logged(&self) -> String {
        let place = match (&self.cell, self.row) {
            (Some(cell), _) => format!(" {cell}"),
            (None, Some(row)) => format!(" row {row}"),
            (None, None) => String::new(),
        };
        let length = self.value.as_ref().map_or(0, |value| value.nb.chars().count());
        format!("{}{place} ({length} characters)", self.code())
    }

    fn placeholder(&self, name: &str, lang: Lang) -> Option<String> {
        let phrase =
            |phrase: &Option<Phrase>| phrase.as_ref().map(|it| it.in_lang(lang).to_owned());
        let own = match name {
            "a" => self.sheet.clone(),
            "c" => self.cell.clone(),
            "r" => self.row.map(|row| row.to_string()),
            "k" => self.column.clone(),
            "id" => self.unit.clone(),
            "v" => phrase(&self.value),
            "f" => phrase(&self.expected),
            "x" => phrase(&self.suggestion),
            "n" => self.count.map(|count| count.to_string()),
            _ => None,
        };
        own.or_else(|| {
            let term = self.terms.iter().find(|(known, _)| *known == name);
            term.map(|(_, value)| value.in_lang(lang).to_owned())
        })
    }
}

/// A cell as Excel names it: column from 0, row from 1, `(27, 3)` is `AB3`.
pub(crate) fn cell_name(column: u32, row: u32) -> String {
    column_name(column) + &row.to_string()
}

/// A column as Excel names it, from 0.
pub(crate) fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column.saturating_add(1);
    while left > 0 {
        let letter = (left - 1) % 26;
        letters.push(char::from_u32(u32::from(b'A') + letter).unwrap_or('?'));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests;
