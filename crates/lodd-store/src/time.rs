//! The calendar day of an instant in Norway. Cuts and draws are dated in Europe/Oslo.

use jiff::{Timestamp, civil::date, tz::TimeZone};

use crate::StoreError;

/// The calendar date in Europe/Oslo at an instant: µs since the epoch to days since 1970-01-01.
///
/// ```
/// // 23:30 UTC on 31 December 2015 is already 2016 in Norway: 46 years of which 11 leap.
/// assert_eq!(lodd_store::oslo_day(1_451_604_600_000_000)?, 16_801);
/// # Ok::<(), lodd_store::StoreError>(())
/// ```
///
/// # Errors
///
/// If the instant lies outside the years −9999 to 9999.
pub fn oslo_day(at_us: i64) -> Result<i32, StoreError> {
    let outside = |_| StoreError::NoSuchInstant { at_us };
    let instant = Timestamp::from_microsecond(at_us).map_err(outside)?;
    let zone = TimeZone::get("Europe/Oslo").map_err(outside)?;
    let since = instant.to_zoned(zone).date().since(date(1970, 1, 1)).map_err(outside)?;
    Ok(since.get_days())
}
