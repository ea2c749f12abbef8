//! The one place that reads the time, and the dates that follow from it.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    problem::Failure,
    text::{Text, say},
};

/// The time as commands see it. The ledger says which kind it was.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clock {
    System,
    /// A given time: for demonstrations and rehearsals only.
    Scripted(Timestamp),
}

impl Clock {
    pub(crate) fn scripted(text: &str) -> Result<Self, Failure> {
        text.parse().map(Self::Scripted).map_err(|_| Failure::CouldNotRun {
            message: say!(
                "`--clock` må være et tidspunkt som 2015-08-31T10:00:00Z, fant `{text}`",
                nn "`--clock` må vere eit tidspunkt som 2015-08-31T10:00:00Z, fann `{text}`",
                "`--clock` must be a time like 2015-08-31T10:00:00Z, found `{text}`"
            ),
            hint: None,
        })
    }

    pub(crate) fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Scripted(at) => at,
        }
    }

    /// Today's date in Oslo.
    pub(crate) fn today(self) -> Result<Date, Failure> {
        oslo_date(self.now())
    }
}

/// The date in Oslo of an instant.
pub(crate) fn oslo_date(at: Timestamp) -> Result<Date, Failure> {
    let zone =
        TimeZone::get("Europe/Oslo").map_err(|error| Failure::internal("Europe/Oslo", error))?;
    Ok(at.to_zoned(zone).date())
}

/// An instant (µs since the epoch) in Oslo's time: `2016-12-31T12:00:00+01:00`.
pub(crate) fn oslo_text(us: i64) -> Result<String, Failure> {
    let at =
        Timestamp::from_microsecond(us).map_err(|error| Failure::internal("instant", error))?;
    let zone =
        TimeZone::get("Europe/Oslo").map_err(|error| Failure::internal("Europe/Oslo", error))?;
    Ok(at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

/// An instant (µs since the epoch) as people write it: `31.12.2016 12:00`, Oslo.
pub(crate) fn moment_text(us: i64) -> Result<Text, Failure> {
    let at = oslo_text(us)?;
    let (date, time) = at.split_once('T').unwrap_or((&at, ""));
    let date: Date = date.parse().map_err(|error| Failure::internal("date", error))?;
    let (date, time) = (date_text(date), time.get(..5).unwrap_or_default());
    Ok(Text::new(format!("{} {time}", date.nb), format!("{} {time}", date.en)))
}

/// `31.12.2016` in Norwegian, `2016-12-31` in English.
pub(crate) fn date_text(date: Date) -> Text {
    Text::new(format!("{:02}.{:02}.{}", date.day(), date.month(), date.year()), date.to_string())
}
