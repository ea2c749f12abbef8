//! Dates and months as the integers that SQL sees.

use jiff::civil::Date;

/// Days since 1970-01-01.
///
/// ```
/// assert_eq!(lodd_panel::day_number(jiff::civil::date(2015, 8, 20)), 16667);
/// ```
pub fn day_number(date: Date) -> i64 {
    let from = jiff::civil::date(1970, 1, 1);
    date.duration_since(from).as_hours() / 24
}

/// Year·12 + month − 1, so that the next month is one more.
///
/// ```
/// assert_eq!(lodd_panel::month_number(jiff::civil::date(2015, 8, 20)), 24187);
/// ```
pub fn month_number(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}
