//! Dates as integers. Expected: `date -d 2016-02-29 +%s`, over 86,400.

use lodd_panel::{day_number, month_number};

use crate::case::date;

#[test]
fn days_and_months_count_from_the_epoch() {
    assert_eq!(day_number(date("1970-01-01")), 0);
    assert_eq!(day_number(date("1969-12-31")), -1);
    assert_eq!(day_number(date("2016-02-29")), 16860);
    assert_eq!(day_number(date("2038-01-20")), 24856);
    assert_eq!(month_number(date("2016-01-31")) - month_number(date("2015-12-01")), 1);
    assert_eq!(month_number(date("2016-01-31")), 2016 * 12);
}
