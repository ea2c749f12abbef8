//! The guide: what is asked, how each column is filled in, how to deliver, and what the form is.

mod prose;

use rust_xlsxwriter::{Color, Format, FormatAlign, Worksheet};

use super::{
    Form,
    book::{Book, head, in_range},
    columns::{Column, Fill, Sheet},
    forms::Written,
    words::{self, Phrased},
};
use crate::{form, text::Lang};

/// Which form the guide is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Status,
    Log,
    Roster,
    Correction,
}

impl About {
    pub(super) fn title(self, lang: Lang) -> &'static str {
        let title = match self {
            Self::Status => prose::STATUS_TITLE,
            Self::Log => prose::LOG_TITLE,
            Self::Roster => prose::ROSTER_TITLE,
            Self::Correction => prose::CORRECTION_TITLE,
        };
        title.in_lang(lang)
    }

    /// Headings with their paragraphs.
    fn paragraphs(self) -> &'static [(Phrased, &'static [Phrased])] {
        match self {
            Self::Status => prose::STATUS,
            Self::Log => prose::LOG,
            Self::Roster => prose::ROSTER,
            Self::Correction => prose::CORRECTION,
        }
    }
}

/// Characters of the guide's columns, and how high a line is, in points.
const NAME_WIDTH: usize = 24;
const TEXT_WIDTH: usize = 100;
pub(super) const LINE_HEIGHT: f64 = 15.0;

/// Lines that a text takes in a column of so many characters.
pub(super) fn wrapped(text: &str, width: usize) -> u32 {
    u32::try_from(text.chars().count().div_ceil(width)).unwrap_or(1).clamp(1, 25)
}

/// The next row of the guide's sheet: a name in the first column, words in the second.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
}

impl Page<'_> {
    fn line(&mut self, name: &str, text: &str, formats: (&Format, &Format)) -> Written {
        if !name.is_empty() {
            self.sheet.write_string_with_format(self.row, 0, name, formats.0)?;
        }
        if !text.is_empty() {
            self.sheet.write_string_with_format(self.row, 1, text, formats.1)?;
        }
        // LibreOffice does not work out the height of a row of wrapped text by itself.
        let lines = wrapped(text, TEXT_WIDTH).max(wrapped(name, NAME_WIDTH));
        if lines > 1 {
            self.sheet.set_row_height(self.row, f64::from(lines) * LINE_HEIGHT)?;
        }
        self.row += 1;
        Ok(())
    }
}

/// Writes the guide as the workbook's first sheet.
pub(super) fn add(book: &mut Book, form: &Form<'_>, about: About, plans: &[Sheet]) -> Written {
    let lang = form.lang;
    let sheet = book.add_sheet(words::GUIDE.in_lang(lang))?;
    sheet.set_column_width(0, 26)?.set_column_width(1, 108)?.set_screen_gridlines(false);
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let name = text.clone().set_bold();
    let big = Format::new().set_bold().set_font_size(16).set_font_color(Color::RGB(0x1F_4E_79));
    let mut page = Page { sheet, row: 0 };
    page.sheet.write_string_with_format(0, 0, about.title(lang), &big)?;
    page.row = 1;
    page.sheet.set_row_height(0, 24)?;
    page.line("", "", (&name, &text))?;
    page.line(prose::PILOT.in_lang(lang), form.title, (&name, &text))?;
    if !form.office_name.is_empty() {
        page.line(prose::OFFICE.in_lang(lang), form.office_name, (&name, &text))?;
    }
    page.line("", "", (&name, &text))?;
    for (heading, paragraphs) in about.paragraphs() {
        let mut heading = heading.in_lang(lang);
        for paragraph in *paragraphs {
            page.line(heading, paragraph.in_lang(lang), (&name, &text))?;
            heading = "";
        }
    }
    for plan in plans {
        page.line("", "", (&name, &text))?;
        let title = format!("{} «{}»", prose::SHEET.in_lang(lang), plan.name);
        page.line(&title, prose::COLUMNS.in_lang(lang), (&head(), &head()))?;
        for column in &plan.columns {
            page.line(&column.header, &about_column(column, lang), (&name, &text))?;
        }
    }
    identity(&mut page, form, (&name, &text))?;
    if about == About::Correction { page.line(form::CORRECTS, "1", (&name, &text)) } else { Ok(()) }
}

/// What the form is, for the reader: the keys are the same in every language.
fn identity(page: &mut Page<'_>, form: &Form<'_>, formats: (&Format, &Format)) -> Written {
    page.line("", "", formats)?;
    page.line(prose::IDENTITY.in_lang(form.lang), "", (&head(), formats.1))?;
    page.line("malversjon", &form::VERSION.to_string(), formats)?;
    page.line("pilot", form.pilot, formats)?;
    match &form.expect.office {
        Some(office) => page.line("kontor", office, formats),
        None => Ok(()),
    }
}

fn about_column(column: &Column, lang: Lang) -> String {
    let how = match &column.fill {
        Fill::Fixed => words::HOW_FIXED.in_lang(lang).to_owned(),
        Fill::Text | Fill::Mistakes => words::HOW_TEXT.in_lang(lang).to_owned(),
        Fill::Date => words::HOW_DATE.in_lang(lang).to_owned(),
        Fill::Month => words::HOW_MONTH.in_lang(lang).to_owned(),
        Fill::Whole { min, max } => in_range(&words::HOW_NUMBER, (*min, *max), lang),
        Fill::WholeOr { min, max, .. } => in_range(&words::HOW_NUMBER_OR, (*min, *max), lang),
        Fill::List(_) => words::HOW_LIST.in_lang(lang).to_owned(),
        Fill::Several(_) => words::SEVERAL.1.in_lang(lang).trim_end_matches('.').to_owned(),
    };
    format!("{}. {how}.", column.asks.in_lang(lang))
}
