//! Dates and months as offices write them.

use jiff::{Span, civil::Date};

use crate::{
    catalogue,
    field::{Content, Field, Noted, content, note, unreadable},
    finding::Finding,
    table::At,
    text::Phrase,
    workbook::CellValue,
};

/// Serial numbers without a date format that are taken for a date: 1982-02-18 to 2064-04-08.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 30_000.0..=60_000.0;

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DateError {
    /// Not written as `dd.mm.yyyy` or `yyyy-mm-dd`.
    Form,
    /// No such day in the calendar.
    Impossible,
}

/// The date of a place. A number without a date format is taken with a warning.
pub(crate) fn date(at: &At<'_>, notes: &mut Vec<Finding>) -> Field<Date> {
    match content(at, notes)? {
        Content::Blank => Ok(None),
        Content::Date(serial) => match from_serial(serial) {
            Some(date) => Ok(Some(date)),
            None => note(at.finding(&catalogue::D03), notes),
        },
        Content::Number(number) => serial(at, number, notes),
        Content::Bool(_) => note(at.finding(&catalogue::D03), notes),
        Content::Text(text) => match parse(&text) {
            Ok(date) => Ok(Some(date)),
            Err(DateError::Impossible) => note(at.finding(&catalogue::D04).value(text), notes),
            Err(DateError::Form) => match text.parse() {
                Ok(number) => serial(at, number, notes),
                Err(_) => note(unreadable(at, &text, || at.finding(&catalogue::D03)), notes),
            },
        },
    }
}

/// The month of a place, as year·12 + month − 1: `2016-02`, or any date in it.
pub(crate) fn month(at: &At<'_>, notes: &mut Vec<Finding>) -> Field<i32> {
    if let Ok(Content::Text(text)) = content(at, &mut Vec::new()) {
        let parts = text.split_once('-');
        let numbers =
            parts.filter(|(year, month)| year.len() == 4 && (1..=2).contains(&month.len()));
        if let Some((year, month)) = numbers
            && let (Some(year), Some(month)) = (digits(year), digits(month))
        {
            content(at, notes)?;
            return match i16::try_from(year).ok().zip(i8::try_from(month).ok()) {
                Some((year, month)) if Date::new(year, month, 1).is_ok() => {
                    Ok(Some(month_number(year, month)))
                }
                _ => note(at.finding(&catalogue::D04), notes),
            };
        }
    }
    Ok(date(at, notes)?.map(|date| month_number(date.year(), date.month())))
}

/// A month as year·12 + month − 1.
pub(crate) fn month_number(year: i16, month: i8) -> i32 {
    i32::from(year) * 12 + i32::from(month) - 1
}

/// A month number as `2016-02`.
pub(crate) fn month_text(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// Notes a date after today.
pub(crate) fn not_after(
    at: &At<'_>,
    date: Date,
    today: Date,
    notes: &mut Vec<Finding>,
) -> Result<(), Noted> {
    if date <= today {
        return Ok(());
    }
    note(at.finding(&catalogue::D05).value(Phrase::date(date)), notes)
}

/// Notes a date before the earliest possible one.
pub(crate) fn not_before(
    at: &At<'_>,
    date: Date,
    earliest: Date,
    notes: &mut Vec<Finding>,
) -> Result<(), Noted> {
    if date >= earliest {
        return Ok(());
    }
    let finding = at.finding(&catalogue::D06).value(Phrase::date(date));
    note(finding.expected(Phrase::date(earliest)), notes)
}

/// Days between the two epochs of Excel's, 1899-12-30 and 1904-01-01.
const EPOCHS: i64 = 1462;

/// Notes a date that is out of bounds, but not when counted from Excel's other epoch (D02). It must
/// be one of a workbook with 1904 dates, or then fall on a day that others of its column have.
pub(crate) fn not_of_another_epoch(
    at: &At<'_>,
    date: Date,
    bounds: std::ops::RangeInclusive<Date>,
    notes: &mut Vec<Finding>,
) -> Result<(), Noted> {
    let Some(CellValue::Date(serial)) = at.cell.map(|cell| &cell.value) else { return Ok(()) };
    if bounds.contains(&date) {
        return Ok(());
    }
    for shift in [EPOCHS, -EPOCHS] {
        let Some(other) = from_serial(serial + if shift > 0 { 1462.0 } else { -1462.0 }) else {
            continue;
        };
        let known =
            || day_of(&CellValue::Date(*serial)).is_some_and(|it| at.column_has_day(it + shift));
        if bounds.contains(&other) && (at.has_1904_epoch() || known()) {
            let finding = at.finding(&catalogue::D02).value(Phrase::date(date));
            return note(finding.expected(Phrase::date(other)), notes);
        }
    }
    Ok(())
}

/// The day of a date's cell, since 1899-12-30.
pub(crate) fn day_of(value: &CellValue) -> Option<i64> {
    let CellValue::Date(serial) = value else { return None };
    whole_days(*serial)
}

/// The whole days of a serial number; none before March 1900, where Excel counts a day that never
/// was, and after the year 9999.
fn whole_days(serial: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "the bounds are far within those of i64")]
    (61.0..2_958_466.0).contains(&serial).then_some(serial as i64)
}

/// The date of an Excel serial number (days since 1899-12-30; a time of day is dropped).
pub(crate) fn from_serial(serial: f64) -> Option<Date> {
    let days = Span::new().try_days(whole_days(serial)?).ok()?;
    Date::constant(1899, 12, 30).checked_add(days).ok()
}

fn serial(at: &At<'_>, number: f64, notes: &mut Vec<Finding>) -> Field<Date> {
    match from_serial(number).filter(|_| PLAUSIBLE.contains(&number)) {
        Some(date) if at.has_1904_epoch() => {
            let counted = from_serial(number + 1462.0).unwrap_or(date);
            let finding = at.finding(&catalogue::D02).value(Phrase::date(counted));
            note(finding.expected(Phrase::date(date)), notes)
        }
        Some(date) => {
            notes.push(at.finding(&catalogue::D01).expected(Phrase::date(date)));
            Ok(Some(date))
        }
        None => note(at.finding(&catalogue::D03), notes),
    }
}

/// A date written as `2016-02-03` or `3.2.2016`, if the text is one.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    parse(text).ok()
}

/// `2016-02-03`, perhaps with a time after `T` or a blank, or `3.2.2016`.
fn parse(text: &str) -> Result<Date, DateError> {
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let rest = text.strip_prefix(day).unwrap_or_default();
    if !rest.chars().skip(1).all(|c| c.is_ascii_digit() || ":.Z".contains(c)) {
        return Err(DateError::Form);
    }
    let dotted = day.contains('.');
    let parts: Vec<&str> = day.split(if dotted { '.' } else { '-' }).collect();
    let [first, second, third] = parts[..] else { return Err(DateError::Form) };
    let (year, month, day) = if dotted { (third, second, first) } else { (first, second, third) };
    let short = |it: &str| (1..=2).contains(&it.len());
    let padded = dotted || (month.len() == 2 && day.len() == 2);
    if year.len() != 4 || !short(month) || !short(day) || !padded {
        return Err(DateError::Form);
    }
    let all = (digits(year), digits(month), digits(day));
    let (Some(year), Some(month), Some(day)) = all else { return Err(DateError::Form) };
    let number = |it: u16| i8::try_from(it).map_err(|_| DateError::Impossible);
    let year = i16::try_from(year).map_err(|_| DateError::Impossible)?;
    Date::new(year, number(month)?, number(day)?).map_err(|_| DateError::Impossible)
}

fn digits(text: &str) -> Option<u16> {
    text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_people_write_dates() {
        let day = jiff::civil::date(2016, 2, 3);
        for text in
            ["2016-02-03", "03.02.2016", "3.2.2016", "2016-02-03T00:00:00", "2016-02-03 12:30"]
        {
            assert_eq!(parse(text), Ok(day), "{text}");
        }
        for text in
            ["31.02.2016", "2016-02-31", "32.01.2016", "1.13.2016", "2015-02-29", "00.01.2016"]
        {
            assert_eq!(parse(text), Err(DateError::Impossible), "{text}");
        }
        for text in [
            "03/04/25",
            "03.04.25",
            "3. april 2016",
            "2016-2-3",
            "20160203",
            "",
            ".",
            "1.2.3.2016",
            "1.2.2016 ca",
        ] {
            assert_eq!(parse(text), Err(DateError::Form), "{text}");
        }
    }

    /// Excel itself shows 42370 as 2016-01-01 and 61 as 1900-03-01.
    #[test]
    fn serial_numbers_are_excels() {
        assert_eq!(from_serial(42370.0), Some(jiff::civil::date(2016, 1, 1)));
        assert_eq!(from_serial(42370.99), Some(jiff::civil::date(2016, 1, 1)));
        assert_eq!(from_serial(61.0), Some(jiff::civil::date(1900, 3, 1)));
        assert_eq!(from_serial(2_958_465.0), Some(jiff::civil::date(9999, 12, 31)));
        for serial in [f64::NAN, f64::INFINITY, -1.0, 0.0, 60.0, 2_958_466.0, 1e300] {
            assert_eq!(from_serial(serial), None, "{serial}");
        }
    }

    #[test]
    fn months_are_numbered_from_year_zero() {
        assert_eq!(month_number(2016, 2), 2016 * 12 + 1);
        assert_eq!(month_text(month_number(2016, 12)), "2016-12");
    }
}
