//! Rounds from times and back, and how long before its round a draw must be announced.

use std::num::NonZero;

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use lodd_draw::quicknet;

use crate::{
    problem::Failure,
    text::{Text, say},
};

/// Minutes between an announcement and its round, where the protocol says nothing.
pub(crate) const LEAD_MINUTES: i64 = 60;
/// The least a protocol may say.
pub(crate) const LEAD_MINUTES_MIN: i64 = 10;
/// The most: a day before is as good as an hour, a week is for a newspaper.
pub(crate) const LEAD_MINUTES_MAX: i64 = 7 * 24 * 60;
/// No announcement waits longer for its round.
const AHEAD_DAYS_MAX: i64 = 366;
/// A draw not finished this long after its round is shown as overdue.
const OVERDUE_HOURS: i64 = 24;

/// A round that was asked for, by number or by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted<'a> {
    Round(NonZero<u64>),
    /// The first round at or after a time.
    At(&'a str),
}

/// The round that was asked for, whether it can be used or not.
///
/// # Errors
///
/// Refused when the time can't be read.
pub(crate) fn round_of(wanted: Wanted<'_>) -> Result<u64, Failure> {
    match wanted {
        Wanted::Round(round) => Ok(round.get()),
        Wanted::At(text) => {
            let at = parse(text).map_err(Failure::policy)?;
            // Rounded up to a whole second: never a round before the time.
            let second = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
            Ok(u64::try_from(second).map_or(1, quicknet::first_at))
        }
    }
}

/// Refuses a round that is past, less than `lead_minutes` ahead of `now`, or more than a year.
///
/// # Errors
///
/// Refused, with the first round that can be used.
pub(crate) fn check_ahead(round: u64, now: Timestamp, lead_minutes: i64) -> Result<(), Failure> {
    let limit = |minutes: i64| {
        let at = now.checked_add(SignedDuration::from_mins(minutes));
        at.map_err(|error| Failure::internal("time", error))
    };
    let (first, last) = (limit(lead_minutes)?, limit(AHEAD_DAYS_MAX * 24 * 60)?);
    let at = time_of(round);
    if at.is_some_and(|at| (first..=last).contains(&at)) {
        return Ok(());
    }
    if at.is_none_or(|at| at > last) {
        return Err(Failure::policy(say!(
            "runde {round} er mer enn et år frem i tid",
            nn "runde {round} er meir enn eit år fram i tid",
            "round {round} is more than a year ahead"
        )));
    }
    let shown = at.map(shown).transpose()?.unwrap_or_default();
    let (nb, en) = (shown.nb, shown.en);
    let message = if at.is_some_and(|at| at <= now) {
        say!(
            "runde {round} kom {nb}: den er kjent, og kan ikke avgjøre noe",
            nn "runde {round} kom {nb}: ho er kjend, og kan ikkje avgjere noko",
            "round {round} came at {en}: it is known, and can't decide anything"
        )
    } else {
        say!(
            "runde {round} kommer {nb}: listen må kunngjøres minst {lead_minutes} minutter før",
            nn "runde {round} kjem {nb}: lista må kunngjerast minst {lead_minutes} minutt før",
            "round {round} comes at {en}: the list must be announced at least {lead_minutes} minutes before"
        )
    };
    let earliest = quicknet::first_at(u64::try_from(first.as_second() + 1).unwrap_or_default());
    let when = time_of(earliest).map(self::shown).transpose()?.unwrap_or_default();
    let (nb, en) = (when.nb, when.en);
    Err(Failure::policy_with(
        message,
        say!(
            "den første runden som kan brukes nå, er {earliest} ({nb})",
            nn "den første runda som kan brukast no, er {earliest} ({nb})",
            "the first round that can be used now is {earliest} ({en})"
        ),
    ))
}

/// When a round appears; `None` beyond what a clock can tell.
pub(crate) fn time_of(round: u64) -> Option<Timestamp> {
    let second = i64::try_from(quicknet::time_of(round)?).ok()?;
    Timestamp::from_second(second).ok()
}

/// Whether a draw of this round should have been finished by now.
pub(crate) fn is_overdue(round: u64, now: Timestamp) -> bool {
    time_of(round).is_some_and(|at| now.duration_since(at).as_hours() >= OVERDUE_HOURS)
}

/// A time in Oslo: `22.11.2026 kl. 16.30.03` in Norwegian, RFC 3339 in English.
pub(crate) fn shown(at: Timestamp) -> Result<Text, Failure> {
    let at = at.to_zoned(oslo()?);
    Ok(Text::new(
        at.strftime("%d.%m.%Y kl. %H.%M.%S (UTC%:::z)").to_string(),
        at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
    ))
}

/// A time with its offset (RFC 3339), or a local time in Oslo: `2026-12-01 12:00`.
fn parse(text: &str) -> Result<Timestamp, Text> {
    let text = text.trim();
    if !is_local(text) {
        return text.parse().map_err(|_| {
            say!(
                "tidspunktet må være som `2026-12-01 12:00` (norsk tid) eller `2026-12-01T12:00:00+01:00`, fant `{text}`",
                nn "tidspunktet må vere som `2026-12-01 12:00` (norsk tid) eller `2026-12-01T12:00:00+01:00`, fann `{text}`",
                "the time must be like `2026-12-01 12:00` (Oslo time) or `2026-12-01T12:00:00+01:00`, found `{text}`"
            )
        });
    }
    let local: Option<DateTime> = text.parse().ok();
    let local = local.ok_or_else(|| {
        say!(
            "tidspunktet `{text}` finnes ikke",
            nn "tidspunktet `{text}` finst ikkje",
            "the time `{text}` does not exist"
        )
    })?;
    let zone = oslo().map_err(|_| Text::same("Europe/Oslo"))?;
    zone.to_ambiguous_timestamp(local).unambiguous().map_err(|_| {
        say!(
            "klokken stilles da: `{text}` finnes to ganger eller ikke i Oslo; skriv det med +01:00 eller +02:00",
            nn "klokka blir stilt då: `{text}` finst to gonger eller ikkje i Oslo; skriv det med +01:00 eller +02:00",
            "the clocks change then: `{text}` is twice or never in Oslo; write it with +01:00 or +02:00"
        )
    })
}

/// Whether a text has the shape of a local time: date, `T` or blank, hours and minutes, perhaps
/// seconds; nothing of an offset.
fn is_local(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    ["0000-00-00T00:00", "0000-00-00 00:00", "0000-00-00T00:00:00", "0000-00-00 00:00:00"]
        .contains(&shape.as_str())
}

fn oslo() -> Result<TimeZone, Failure> {
    TimeZone::get("Europe/Oslo").map_err(|error| Failure::internal("Europe/Oslo", error))
}

#[cfg(test)]
mod tests;
