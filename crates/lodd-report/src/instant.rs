//! An ISO instant in its parts, for the dates of documents.

/// An instant with its offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Instant {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
    pub(crate) offset_minutes: i32,
}

impl Instant {
    /// `2017-02-14T10:05:33.000001+01:00`, or its date alone; `None` for other text.
    pub(crate) fn read(iso: &str) -> Option<Self> {
        let (date, time) = iso.split_once('T').unwrap_or((iso, "00:00Z"));
        let mut date = date.split('-');
        let (year, month, day) = (date.next()?, date.next()?, date.next()?);
        let at = time.find(['Z', '+', '-']).unwrap_or(time.len());
        let (clock, zone) = time.split_at_checked(at)?;
        let mut clock = clock.split([':', '.']);
        Some(Self {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
            day: day.parse().ok()?,
            hour: clock.next()?.parse().ok()?,
            minute: clock.next()?.parse().ok()?,
            second: clock.next().unwrap_or("0").parse().ok()?,
            offset_minutes: offset(zone)?,
        })
    }
}

impl Instant {
    /// Seconds since 1970 began in UTC.
    pub(crate) fn unix_seconds(self) -> i64 {
        // Days from civil, with March as the first month: leap days end a year (Hinnant 2014).
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let leaps = year / 4 - year / 100 + year / 400;
        let days = year * 365 + leaps + (153 * month + 2) / 5 + i64::from(self.day) - 1 - 719_468;
        let minutes = i64::from(self.hour) * 60 + i64::from(self.minute);
        days * 86_400 + (minutes - i64::from(self.offset_minutes)) * 60 + i64::from(self.second)
    }
}

/// `+01:00` in minutes.
fn offset(zone: &str) -> Option<i32> {
    let (sign, zone) = match zone.strip_prefix('-') {
        Some(zone) => (-1, zone),
        None => (1, zone.strip_prefix('+').unwrap_or("00:00")),
    };
    let (hours, minutes) = zone.split_once(':')?;
    Some(sign * (hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_their_parts() {
        let it = Instant::read("2017-02-14T10:05:33.000001+01:00").unwrap();
        assert_eq!((it.year, it.month, it.day), (2017, 2, 14));
        assert_eq!((it.hour, it.minute, it.second, it.offset_minutes), (10, 5, 33, 60));
        assert_eq!(Instant::read("2017-02-14T10:05-02:30").unwrap().offset_minutes, -150);
        assert_eq!(Instant::read("2017-02-14T10:05Z").unwrap().offset_minutes, 0);
        assert_eq!(Instant::read("2017-02-14").unwrap().hour, 0);
        assert_eq!(Instant::read("in August"), None);
        // GNU date: `date -ud 2017-02-14T09:05:33Z +%s`, and the last day of February 2024.
        assert_eq!(it.unix_seconds(), 1_487_063_133);
        assert_eq!(Instant::read("2024-02-29T00:00Z").unwrap().unix_seconds(), 1_709_164_800);
    }
}
