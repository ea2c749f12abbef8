//! The workbook itself: formats, locked and open cells, drop-downs, checks of dates and numbers, print.

use jiff::civil::{Date, DateTime};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Note, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::{
    Form,
    columns::{Column, Fill, Sheet},
    guide::{LINE_HEIGHT, wrapped},
    lists::{self, Lists},
    words::{self, Phrased},
};
use crate::{text::Lang, workbook::NOTE_AUTHOR};

/// What stands in a cell. Text is never anything but text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Put {
    Empty,
    Text(String),
    Number(f64),
    Date(Date),
}

/// A cell of a row that is filled in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filled {
    pub(super) put: Put,
    /// What is wrong here, if anything is.
    pub(super) note: Option<String>,
}

impl Filled {
    pub(super) fn new(put: Put) -> Self {
        Self { put, note: None }
    }

    /// Lines that the cell takes in a column that wraps.
    fn lines(&self, column: &Column) -> u32 {
        match (&self.put, &column.fill) {
            (Put::Text(text), Fill::Mistakes) => wrapped(text, MISTAKES_WIDTH),
            _ => 1,
        }
    }
}

/// Rows that can be filled in below those that are there; the checks reach so far.
const LAST_ROW: u32 = 2_000;
/// Characters of the column of mistakes.
pub(super) const MISTAKES_WIDTH: usize = 70;
/// The longest text that a cell can hold.
const TEXT_MAX: usize = 32_000;

const INK: Color = Color::RGB(0x1B_2A_3A);
const HEAD: Color = Color::RGB(0x1F_4E_79);
const FIXED: Color = Color::RGB(0xEC_EF_F2);
const LINE: Color = Color::RGB(0xC5_CC_D3);
const WRONG: Color = Color::RGB(0xFF_D9_B3);

/// A workbook that is being written.
pub(super) struct Book {
    workbook: Workbook,
    lang: Lang,
    /// The pilot's first day as Excel counts days.
    first_day: i64,
    lists: Lists,
}

impl Book {
    pub(super) fn new(form: &Form<'_>, title: &str, lists: Lists) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        // No person's name: whoever makes a form is not known to it.
        let properties = DocProperties::new()
            .set_title(title)
            .set_author("lodd")
            .set_creation_datetime(&instant(form.made_at)?);
        workbook.set_properties(&properties);
        let epoch = jiff::civil::date(1899, 12, 30);
        let first_day = form.expect.starts_on.since(epoch).map_or(1, |it| it.get_days().into());
        Ok(Self { workbook, lang: form.lang, first_day, lists })
    }

    /// A sheet for free use, such as the guide.
    pub(super) fn add_sheet(&mut self, name: &str) -> Result<&mut Worksheet, XlsxError> {
        let lang = self.lang;
        let sheet = self.workbook.add_worksheet().set_name(name)?;
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
        sheet.set_footer(format!("&L{name}&R{}", words::PAGE.in_lang(lang)));
        Ok(sheet)
    }

    /// A sheet of answers: its rows, then room for more.
    pub(super) fn add_answers(
        &mut self,
        plan: &Sheet,
        rows: &[Vec<Filled>],
    ) -> Result<(), XlsxError> {
        let checks: Vec<Option<DataValidation>> = (0..)
            .zip(&plan.columns)
            .map(|(at, column)| self.check(at, column))
            .collect::<Result<_, _>>()?;
        let sheet = self.add_sheet(plan.name)?;
        sheet.set_landscape().set_freeze_panes(1, 1)?.set_repeat_rows(0, 0)?;
        for (at, column) in (0..).zip(&plan.columns) {
            sheet.set_column_width(at, column.width)?;
            // Rows below those that are there are open in every column, also under an id.
            sheet.set_column_format(at, &open(&column.fill))?;
            sheet.write_string_with_format(0, at, &column.header, &head())?;
        }
        sheet.set_row_height(0, 20)?;
        for (row, cells) in (1..).zip(rows) {
            let lines = cells.iter().zip(&plan.columns).map(|(cell, column)| cell.lines(column));
            if let Some(lines) = lines.max().filter(|it| *it > 1) {
                sheet.set_row_height(row, f64::from(lines) * LINE_HEIGHT)?;
            }
            for ((at, column), cell) in (0..).zip(&plan.columns).zip(cells) {
                write(sheet, (row, at), column, cell)?;
            }
        }
        for (at, check) in (0..).zip(checks) {
            if let Some(check) = check {
                sheet.add_data_validation(1, at, LAST_ROW, at, &check)?;
            }
        }
        let last = u16::try_from(plan.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let rows = u32::try_from(rows.len()).unwrap_or(LAST_ROW).max(1);
        sheet.autofilter(0, 0, rows, last)?;
        sheet.protect_with_options(&honest_use());
        Ok(())
    }

    /// `Koder`, in which the drop-downs look.
    pub(super) fn add_codes(&mut self) -> Result<(), XlsxError> {
        let (lang, lists) = (self.lang, self.lists.clone());
        let sheet = self.add_sheet("Koder")?;
        sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
        for ((at, header), width) in (0..).zip(lists::headers(lang)).zip([22.0, 22.0, 48.0, 34.0]) {
            sheet.set_column_width(at, width)?;
            sheet.write_string_with_format(0, at, header, &head())?;
        }
        let mut row = 1;
        for list in lists.iter() {
            for item in &list.items {
                for (at, text) in (0..).zip([&list.name, &item.code, &item.label, &item.remark]) {
                    sheet.write_string_with_format(row, at, text, &fixed())?;
                }
                row += 1;
            }
        }
        sheet.protect_with_options(&honest_use());
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        self.workbook.save_to_buffer()
    }

    /// What a column's cells are checked for when somebody types into them.
    fn check(&self, at: u16, column: &Column) -> Result<Option<DataValidation>, XlsxError> {
        let lang = self.lang;
        let new = DataValidation::new();
        let range = |list: &str| self.lists.range(list);
        let check = match &column.fill {
            Fill::Fixed | Fill::Text | Fill::Month | Fill::Mistakes => return Ok(None),
            Fill::Date => {
                let first = Formula::new(self.first_day.to_string());
                let rule = DataValidationRule::Between(first, Formula::new("TODAY()"));
                said(new.allow_date_formula(rule), &words::NO_DATE, lang)?
            }
            Fill::Whole { min, max } => {
                let bound = |it: i64| i32::try_from(it).unwrap_or(i32::MAX);
                let rule = DataValidationRule::Between(bound(*min), bound(*max));
                numbered(new.allow_whole_number(rule), (*min, *max), lang)?
            }
            Fill::WholeOr { min, max, list } => {
                let Some(range) = range(list) else { return Ok(None) };
                let cell = crate::finding::cell_name(u32::from(at), 2);
                let rule = format!(
                    "IF(ISNUMBER({cell}),AND({cell}>={min},{cell}<={max},INT({cell})={cell}),\
                     COUNTIF({range},{cell})>0)"
                );
                numbered(new.allow_custom(Formula::new(rule)), (*min, *max), lang)?
            }
            Fill::List(list) => {
                let Some(range) = range(list) else { return Ok(None) };
                said(new.allow_list_formula(Formula::new(range)), &words::NOT_ON_LIST, lang)?
            }
            Fill::Several(list) => {
                let Some(range) = range(list) else { return Ok(None) };
                let (title, message) = &words::SEVERAL;
                new.allow_list_formula(Formula::new(range))
                    .show_error_message(false)
                    .set_input_title(title.in_lang(lang))?
                    .set_input_message(message.in_lang(lang))?
            }
        };
        Ok(Some(check))
    }
}

fn said(
    check: DataValidation,
    (title, message): &(Phrased, Phrased),
    lang: Lang,
) -> Result<DataValidation, XlsxError> {
    check.set_error_title(title.in_lang(lang))?.set_error_message(message.in_lang(lang))
}

fn numbered(
    check: DataValidation,
    range: (i64, i64),
    lang: Lang,
) -> Result<DataValidation, XlsxError> {
    let (title, message) = &words::NO_NUMBER;
    check.set_error_title(title.in_lang(lang))?.set_error_message(in_range(message, range, lang))
}

/// A text with the ends of a range in it.
pub(super) fn in_range(text: &Phrased, (min, max): (i64, i64), lang: Lang) -> String {
    text.in_lang(lang).replace("{min}", &min.to_string()).replace("{max}", &max.to_string())
}

fn write(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    column: &Column,
    cell: &Filled,
) -> Result<(), XlsxError> {
    let locked = column.fill == Fill::Fixed && cell.note.is_none();
    let base = if locked { fixed() } else { open(&column.fill) };
    let format = match &cell.note {
        Some(_) => base.set_background_color(WRONG).set_border_color(INK),
        None => base,
    };
    match &cell.put {
        Put::Empty if locked || cell.note.is_some() => {
            sheet.write_blank(row, at, &format)?;
        }
        // An empty open cell has its column's format, and is no cell that a reader would count.
        Put::Empty => {}
        Put::Text(text) => {
            let text: String = text.chars().take(TEXT_MAX).collect();
            // Typed into again, text that begins with = would become a formula.
            let format = if text.starts_with(['=', '+', '-', '@']) {
                format.set_quote_prefix()
            } else {
                format
            };
            sheet.write_string_with_format(row, at, text, &format)?;
        }
        Put::Number(number) => {
            sheet.write_number_with_format(row, at, *number, &format)?;
        }
        Put::Date(date) => {
            let format = format.set_num_format(DAY).set_align(FormatAlign::Left);
            sheet.write_datetime_with_format(row, at, &day(*date)?, &format)?;
        }
    }
    if let Some(text) = &cell.note {
        let text: String = text.chars().take(2_000).collect();
        let lines = u32::try_from(text.chars().count() / 38 + 2).unwrap_or(20);
        let note = Note::new(text).set_author(NOTE_AUTHOR).add_author_prefix(false);
        let note = note.set_width(280).set_height((lines * 16).min(320));
        sheet.insert_note(row, at, &note)?;
    }
    Ok(())
}

const DAY: &str = "dd.mm.yyyy";

fn day(date: Date) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(date.year()).unwrap_or(0);
    ExcelDateTime::from_ymd(year, date.month().unsigned_abs(), date.day().unsigned_abs())
}

fn instant(at: DateTime) -> Result<ExcelDateTime, XlsxError> {
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    day(at.date())?.and_hms(hour.unsigned_abs().into(), minute.unsigned_abs(), f64::from(second))
}

/// What stays possible in a protected sheet: filter, insert, delete, set widths. There is no password,
/// so whoever needs more, such as sorting, can lift it.
fn honest_use() -> ProtectionOptions {
    ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        insert_columns: true,
        insert_rows: true,
        delete_rows: true,
        sort: true,
        use_autofilter: true,
        ..ProtectionOptions::new()
    }
}

pub(super) fn head() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(HEAD)
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
        .set_align(FormatAlign::VerticalCenter)
}

/// A cell that is filled in and locked.
pub(super) fn fixed() -> Format {
    Format::new()
        .set_font_color(INK)
        .set_background_color(FIXED)
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
}

/// A cell to fill in.
fn open(fill: &Fill) -> Format {
    let format = Format::new()
        .set_font_color(INK)
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
        .set_align(FormatAlign::Top)
        .set_unlocked();
    match fill {
        Fill::Date => format.set_num_format(DAY).set_align(FormatAlign::Left),
        Fill::Mistakes => format.set_text_wrap(),
        // So that Excel keeps an id, a municipality's 0301 and a month 2016-02 as they are typed.
        Fill::Fixed | Fill::Text | Fill::Month => format.set_num_format("@"),
        Fill::Whole { .. } => format.set_num_format("0").set_align(FormatAlign::Left),
        Fill::WholeOr { .. } => format.set_align(FormatAlign::Left),
        Fill::List(_) | Fill::Several(_) => format,
    }
}
