//! One table on its sheet: caption, facts and stamps, head, rows, notes.
//!
//! What stands smaller beside a number on the page, and stamps of a row, have a column of their own
//! here, under the same head.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::{FAINT, RULE, head, numbers, soft, stamp, text};
use crate::{
    document::Document,
    format,
    table::{Head, Kind, Row, Shown, Table},
    wording::Words,
};

/// The first row of the head.
const HEAD: u32 = 4;
/// The height of a line, in points.
const LINE: f64 = 15.0;
/// Characters of the widest columns.
const HEAD_MAX: usize = 48;
const TEXT_MAX: usize = 60;
/// More columns than this are printed on a page on its side.
const UPRIGHT_MAX: u16 = 7;

/// What stands in a column of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Main,
    Minor,
    Badges,
}

/// A column of the sheet: the table's column that it belongs to, what of it, and its width in
/// characters.
#[derive(Clone, Copy, Debug)]
struct Column {
    of: usize,
    part: Part,
    width: usize,
}

/// Fills the sheet.
///
/// # Errors
///
/// If a text is longer than a cell can hold.
pub(super) fn write(
    sheet: &mut Worksheet,
    words: Words,
    document: &Document,
    table: &Table,
) -> Result<(), XlsxError> {
    let columns = columns(table);
    for (at, column) in (0..).zip(&columns) {
        sheet.set_column_width(at, column.width as f64 + 1.5)?;
    }
    let mut lines = Lines { sheet, columns: &columns };
    let caption = format!("{}. {}", table.label(words), table.caption);
    let facts: Vec<&str> = table.meta.iter().map(|it| it.text.as_str()).collect();
    lines.write(0, &caption, &text().set_bold().set_font_size(12))?;
    lines.write(1, &facts.join(" · "), &soft().set_text_wrap())?;
    lines.write(2, &document.stamps.join(" · "), &stamp().set_text_wrap())?;
    let body = write_head(lines.sheet, table, &columns)?;
    let mut row = body;
    for it in &table.rows {
        write_row(lines.sheet, row, words, it, &columns)?;
        row += 1;
    }
    for note in &table.notes {
        row += 1;
        lines.write(row, note, &soft().set_text_wrap())?;
    }
    sheet.set_freeze_panes(body, 1)?.set_repeat_rows(HEAD, body.saturating_sub(1).max(HEAD))?;
    if (UPRIGHT_MAX.into()..).contains(&columns.len()) {
        sheet.set_landscape();
    }
    Ok(())
}

/// Lines of text across the whole table.
struct Lines<'s> {
    sheet: &'s mut Worksheet,
    columns: &'s [Column],
}

impl Lines<'_> {
    fn write(&mut self, row: u32, text: &str, format: &Format) -> Result<(), XlsxError> {
        let room: usize = self.columns.iter().map(|it| it.width + 1).sum();
        match u16::try_from(self.columns.len()).unwrap_or(u16::MAX) {
            0 | 1 => self.sheet.write_string_with_format(row, 0, text, format)?,
            n => self.sheet.merge_range(row, 0, row, n - 1, text, format)?,
        };
        // Letters of this size are wider than those that a column's width is told in.
        let lines = (text.chars().count() * 11 / 10).div_ceil(room.max(1)).max(1);
        self.sheet.set_row_height(row, lines as f64 * LINE)?;
        Ok(())
    }
}

/// The sheet's columns in order.
fn columns(table: &Table) -> Vec<Column> {
    let mut columns = Vec::new();
    for of in 0..table.columns() {
        let longest = |texts: &mut dyn Iterator<Item = usize>| texts.max();
        let (main, minor, badges) = match of.checked_sub(1) {
            None => (
                longest(&mut table.rows.iter().map(|it| letters(&it.head)))
                    .map(|n| n.min(HEAD_MAX)),
                longest(&mut table.rows.iter().filter_map(|it| it.minor.as_deref()).map(letters)),
                longest(&mut table.rows.iter().map(|it| letters(&it.badges.join("; ")))),
            ),
            Some(at) => {
                let cells = || table.rows.iter().filter_map(move |it| it.cells.get(at));
                let minor = longest(&mut cells().filter_map(|it| it.minor.as_deref()).map(letters));
                (longest(&mut cells().map(|it| letters(&it.text))), minor, None)
            }
        };
        let least = if of == 0 { 14 } else { 9 };
        let mut push = |part, letters: usize, least| {
            let width = (letters + 1).clamp(least, TEXT_MAX);
            columns.push(Column { of, part, width });
        };
        push(Part::Main, main.unwrap_or(0), least);
        for (part, letters) in [(Part::Minor, minor), (Part::Badges, badges)] {
            if let Some(letters) = letters.filter(|it| *it > 0) {
                push(part, letters.min(36), 6);
            }
        }
    }
    columns
}

fn letters(text: &str) -> usize {
    text.chars().count()
}

/// Writes the head; gives the row below it.
fn write_head(sheet: &mut Worksheet, table: &Table, columns: &[Column]) -> Result<u32, XlsxError> {
    let mut taken: Vec<usize> = Vec::new();
    let mut row = HEAD;
    for heads in &table.head {
        let above = std::mem::take(&mut taken);
        let (mut place, mut lines) = (0, 1);
        for it in heads {
            while above.contains(&place) {
                place += 1;
            }
            let own = |column: &Column| (place..place + it.columns).contains(&column.of);
            let first = columns.iter().position(own).unwrap_or(0);
            let room =
                columns.iter().filter(|column| own(column)).map(|it| it.width).sum::<usize>();
            let last = columns.iter().rposition(own).unwrap_or(first);
            write_cell_of_head(sheet, row, (first, last), it)?;
            if it.rows > 1 {
                taken.extend(place..place + it.columns);
            } else {
                lines = lines.max(lines_in(&it.text, room));
            }
            place += it.columns;
        }
        // A tall cell has the rows' heights together.
        let tall = heads.iter().filter(|it| it.rows > 1).map(|it| lines_in(&it.text, 11));
        let lines = lines.max(tall.max().unwrap_or(1).saturating_sub(2)).min(8);
        sheet.set_row_height(row, lines as f64 * LINE)?;
        row += 1;
    }
    Ok(row)
}

/// Lines that words need in a column of so many characters.
fn lines_in(text: &str, room: usize) -> usize {
    let (mut lines, mut used) = (1, 0);
    for word in text.split(' ').map(letters) {
        if used > 0 && used + 1 + word > room {
            (lines, used) = (lines + 1, 0);
        }
        used += word + usize::from(used > 0);
        lines += used.saturating_sub(1) / room.max(1);
        used = if used > room { used % room.max(1) } else { used };
    }
    lines
}

fn write_cell_of_head(
    sheet: &mut Worksheet,
    row: u32,
    (first, last): (usize, usize),
    it: &Head,
) -> Result<(), XlsxError> {
    let at = |column: usize| u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError);
    let (first, last) = (at(first)?, at(last)?);
    let below = row + u32::try_from(it.rows.saturating_sub(1)).unwrap_or(0);
    let align = if it.columns > 1 { FormatAlign::Center } else { FormatAlign::Left };
    let format = head().set_align(align);
    if first == last && row == below {
        sheet.write_string_with_format(row, first, it.text.as_str(), &format)?;
    } else {
        sheet.merge_range(row, first, below, last, &it.text, &format)?;
    }
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    words: Words,
    it: &Row,
    columns: &[Column],
) -> Result<(), XlsxError> {
    let plain = format(it.kind);
    for (at, column) in (0..).zip(columns) {
        let cell = column.of.checked_sub(1).map(|at| it.cells.get(at));
        match (cell, column.part) {
            (None, Part::Main) => {
                let indent = u8::from(it.kind == Kind::Part);
                let format = plain.clone().set_indent(indent);
                sheet.write_string_with_format(row, at, it.head.as_str(), &format)?;
            }
            (None, Part::Minor) => {
                let minor = it.minor.as_deref().unwrap_or_default();
                sheet.write_string_with_format(row, at, minor, &plain)?;
            }
            (None, Part::Badges) => {
                sheet.write_string_with_format(row, at, it.badges.join("; "), &plain)?;
            }
            (Some(None), _) => {}
            (Some(Some(cell)), Part::Main) => write_cell(sheet, (row, at), words, cell, &plain)?,
            (Some(Some(cell)), _) => {
                let minor = cell.minor.as_deref().unwrap_or_default();
                sheet.write_string_with_format(row, at, minor, &plain)?;
            }
        }
    }
    Ok(())
}

/// A number as a number, all else as text.
fn write_cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    words: Words,
    cell: &Shown,
    plain: &Format,
) -> Result<(), XlsxError> {
    let is_symbol = format::Format::is_symbol(&cell.text);
    match cell.exact {
        Some(exact) if !is_symbol => {
            let format = numbers::format(words.lang, exact.style);
            let format = plain.clone().set_num_format(format).set_align(FormatAlign::Right);
            sheet.write_number_with_format(row, at, numbers::held(exact), &format)?
        }
        _ if is_symbol => {
            let format = plain.clone().set_align(FormatAlign::Right);
            sheet.write_string_with_format(row, at, cell.text.as_str(), &format)?
        }
        _ => sheet.write_string_with_format(row, at, cell.text.as_str(), plain)?,
    };
    Ok(())
}

/// How a row of this kind looks.
fn format(kind: Kind) -> Format {
    let plain = text().set_border_bottom(FormatBorder::Hair).set_border_bottom_color(RULE);
    match kind {
        Kind::Plain | Kind::Part => plain,
        Kind::Base => plain.set_background_color(FAINT),
        Kind::Total => plain.set_bold().set_border_top(FormatBorder::Thin),
    }
}
