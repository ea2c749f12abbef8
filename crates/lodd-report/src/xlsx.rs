//! The document's tables as a workbook: a sheet of contents, then one sheet a table.
//!
//! A number is a number, with a format that shows the page's text in the reader's own locale. All other
//! cells are text: nothing in the workbook is a formula. The only time in it is the cut's.

mod numbers;
mod sheet;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook,
    Worksheet, XlsxError,
};

use crate::{
    ReportError,
    document::{Block, Document},
    instant::Instant,
    table::{About, Table},
    wording::Words,
};

const INK: Color = Color::RGB(0x1B_1F_24);
const SOFT: Color = Color::RGB(0x4D_56_61);
const RULE: Color = Color::RGB(0xC9_CE_D6);
const FAINT: Color = Color::RGB(0xF1_F4_F7);
const ACCENT: Color = Color::RGB(0x0B_4A_6F);
const WARN: Color = Color::RGB(0x8A_1C_1C);
/// A4.
const PAPER: u8 = 9;
/// What Excel takes as a page's header or footer, less what our own marks need.
const MARGIN_TEXT: usize = 230;

/// The workbook, in the document's language.
///
/// # Errors
///
/// If a text is longer than a cell can hold.
pub(crate) fn render(document: &Document) -> Result<Vec<u8>, ReportError> {
    let words = Words::new(document.lang);
    let tables = tables(document);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(document)?);
    contents(page(&mut workbook, document, words.t.contents)?, words, document, &tables)?;
    for table in tables {
        let sheet = page(&mut workbook, document, &table.label(words))?;
        sheet::write(sheet, words, document, table)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// Every table in the report's order, those of figures among them.
fn tables(document: &Document) -> Vec<&Table> {
    let blocks = document.sections.iter().flat_map(|it| &it.blocks);
    let tables = blocks.filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Figure(figure) => figure.table.as_ref(),
        _ => None,
    });
    tables.collect()
}

fn properties(document: &Document) -> Result<DocProperties, XlsxError> {
    let mut properties = DocProperties::new()
        .set_title(document.title.as_str())
        .set_subject(document.kind.as_str())
        .set_author(document.authors.join(", "))
        .set_comment(document.stamps.join(" · "))
        .set_company("");
    // Without a cut that is a date the day is fixed all the same: no clock is read.
    let at = Instant::read(&document.cut).map_or(0, Instant::unix_seconds);
    properties = properties.set_creation_datetime(&ExcelDateTime::from_timestamp(at)?);
    Ok(properties)
}

/// A sheet that prints with the pilot, the stamps and its pages' numbers.
fn page<'w>(
    workbook: &'w mut Workbook,
    document: &Document,
    name: &str,
) -> Result<&'w mut Worksheet, XlsxError> {
    let sheet = workbook.add_worksheet().set_name(name)?;
    sheet.set_paper_size(PAPER).set_print_fit_to_pages(1, 0);
    sheet.set_header(format!("&R&8{}", printed(&document.stamps.join(" · "))));
    sheet.set_footer(format!("&L&8{}&R&8&P / &N", printed(&document.pilot)));
    Ok(sheet)
}

/// Text in the margin of a page, where `&` begins a command.
fn printed(text: &str) -> String {
    text.chars().take(MARGIN_TEXT / 2).collect::<String>().replace('&', "&&")
}

/// What report it is, and where each table is.
fn contents(
    sheet: &mut Worksheet,
    words: Words,
    document: &Document,
    tables: &[&Table],
) -> Result<(), XlsxError> {
    let t = &words.t.formats;
    for (column, width) in (0..).zip([14.0, 78.0, 14.0, 28.0, 26.0]) {
        sheet.set_column_width(column, width)?;
    }
    let title = Format::new().set_bold().set_font_size(15).set_font_color(ACCENT);
    sheet.write_string_with_format(0, 0, document.kind.as_str(), &soft())?;
    sheet.write_string_with_format(1, 0, document.title.as_str(), &title)?;
    sheet.write_string_with_format(2, 0, document.stamps.join(" · "), &stamp())?;
    let mut row = 4;
    for (name, fact) in &document.facts {
        sheet.write_string_with_format(row, 0, name.as_str(), &soft())?;
        sheet.write_string_with_format(row, 1, fact.as_str(), &text())?;
        row += 1;
    }
    row += 1;
    let head = [t.table, t.title, t.unit, t.source, t.file];
    for (column, name) in (0..).zip(head) {
        sheet.write_string_with_format(row, column, name, &self::head())?;
    }
    sheet.set_repeat_rows(row, row)?;
    sheet.set_landscape();
    for table in tables {
        row += 1;
        let name = table.label(words);
        let link = Url::new(format!("internal:'{name}'!A1"));
        sheet.write_url_with_options(
            row,
            0,
            link,
            name,
            "",
            Some(&Format::new().set_hyperlink()),
        )?;
        let facts = [About::Unit, About::Source, About::File].map(|it| table.fact(it));
        for (column, fact) in (1..).zip([table.caption.as_str()].into_iter().chain(facts)) {
            sheet.write_string_with_format(row, column, fact, &text())?;
        }
    }
    Ok(())
}

fn text() -> Format {
    Format::new().set_font_color(INK).set_text_wrap().set_align(FormatAlign::Top)
}

fn soft() -> Format {
    Format::new().set_font_color(SOFT).set_align(FormatAlign::Top)
}

fn stamp() -> Format {
    Format::new().set_font_color(WARN).set_bold()
}

fn head() -> Format {
    text()
        .set_bold()
        .set_align(FormatAlign::Bottom)
        .set_border_top(FormatBorder::Thin)
        .set_border_bottom(FormatBorder::Thin)
}
