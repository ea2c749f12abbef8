//! The document as one page of HTML that needs no other file, no script and no network.

use askama::Template;

use crate::{
    ReportError,
    document::{Block, Document},
    locale::Locale,
    wording::Words,
};

/// The page, in the document's language.
///
/// # Errors
///
/// If the template can't be filled.
pub(crate) fn render(document: &Document) -> Result<String, ReportError> {
    let words = Words::new(document.lang);
    Ok(Page { words, t: words.t, document }.render()?)
}

/// Everything the template shows. Askama escapes every value but a figure's drawing, which is
/// the output of a template itself.
#[derive(Debug, Template)]
#[template(path = "page.html")]
struct Page<'a> {
    words: Words,
    t: &'static Locale,
    document: &'a Document,
}

impl Page<'_> {
    /// Whether a fact is a hash or the like, which is written in letters of one width.
    fn is_code(text: &str) -> bool {
        is_code(text)
    }
}

/// Whether a text is a hash or the like, which is written in letters of one width.
pub(crate) fn is_code(text: &str) -> bool {
    text.len() >= 32 && text.bytes().all(|it| it.is_ascii_hexdigit())
}
