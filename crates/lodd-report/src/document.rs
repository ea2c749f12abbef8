//! The report as one document, before any format: sections of blocks.
//!
//! Sections build it (`src/sections/`), renderers show it ([`crate::html`] and those of other
//! formats). Every number in it is already written, by [`crate::format`].

use crate::{figures::Figure, model::Lang, table::Table};

/// The anchor of the English summary, the one section in a language of its own.
pub(crate) const ENGLISH_SUMMARY: &str = "english-summary";

/// Everything one report shows in one language.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) lang: Lang,
    pub(crate) title: String,
    /// What kind of report it is, above the title.
    pub(crate) kind: String,
    /// What every page must say.
    pub(crate) stamps: Vec<String>,
    /// Name and fact, on the cover.
    pub(crate) facts: Vec<(String, String)>,
    /// The pilot's label.
    pub(crate) pilot: String,
    /// Who wrote it.
    pub(crate) authors: Vec<String>,
    /// When the data were cut: the only time in it. ISO, with an offset where it is known.
    pub(crate) cut: String,
    /// The program and its version.
    pub(crate) program: String,
    pub(crate) sections: Vec<Section>,
}

/// A section with its heading. A subsection is a section of its own, after the one it is part of.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// Unique in the document.
    pub(crate) anchor: &'static str,
    pub(crate) title: String,
    /// `1`, `2.3`, the letter of an appendix; `None` for those without, as the summary.
    pub(crate) number: Option<String>,
    pub(crate) blocks: Vec<Block>,
}

impl Section {
    /// Whether it is a part of the section before it.
    pub(crate) fn is_part(&self) -> bool {
        self.number.as_ref().is_some_and(|number| number.contains('.'))
    }

    /// The language it is written in, where that is not the document's.
    pub(crate) fn own_lang(&self, document: Lang) -> Option<Lang> {
        (self.anchor == ENGLISH_SUMMARY && document != Lang::En).then_some(Lang::En)
    }
}

/// One piece of a section.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// A heading below the section's own.
    Heading(String),
    Paragraph(String),
    /// A result: what it is about, its stamps, and what is said of it.
    Finding {
        name: String,
        badges: Vec<&'static str>,
        text: String,
    },
    List(Vec<String>),
    /// Name and fact.
    Facts(Vec<(String, String)>),
    /// Lines to type.
    Commands(Vec<String>),
    Table(Table),
    Figure(Figure),
}

impl Block {
    pub(crate) fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph(text.into())
    }

    pub(crate) fn heading(text: impl Into<String>) -> Self {
        Self::Heading(text.into())
    }
}
