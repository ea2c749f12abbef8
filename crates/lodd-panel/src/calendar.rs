//! Calendar months as SQL reads them: the table `calendar(month, year, last_day)`.

use jiff::civil::Date;

use crate::months::day_number;

/// A month: year·12 + month − 1, its year, and its last day in days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the table's columns")]
pub struct Month {
    pub month: i64,
    pub year: i64,
    pub last_day: i64,
}

/// The months from one to another, as numbers, both included.
///
/// ```
/// use jiff::civil::date;
/// use lodd_panel::{calendar, day_number, month_number};
///
/// let months = calendar::months(
///     month_number(date(2015, 12, 24)),
///     month_number(date(2016, 2, 1)),
/// );
/// let last_days: Vec<i64> = months.iter().map(|it| it.last_day).collect();
/// let expected = [date(2015, 12, 31), date(2016, 1, 31), date(2016, 2, 29)].map(day_number);
/// assert_eq!(last_days, expected);
/// ```
pub fn months(first: i64, last: i64) -> Vec<Month> {
    (first..=last).map_while(month).collect()
}

/// The first day of a month; `None` outside the calendar.
pub fn first_day(month: i64) -> Option<Date> {
    let (year, in_year) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    Date::new(i16::try_from(year).ok()?, i8::try_from(in_year).ok()?, 1).ok()
}

fn month(number: i64) -> Option<Month> {
    let first = first_day(number)?;
    let last_day = day_number(first.last_of_month());
    Some(Month { month: number, year: first.year().into(), last_day })
}
