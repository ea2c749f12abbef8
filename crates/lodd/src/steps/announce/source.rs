//! What will decide the draw, as it was asked for.

use std::num::NonZero;

use jiff::Timestamp;
use lodd_draw::{AnnounceError, Beacon, REHEARSAL};
use lodd_store::{Pilot, pilot};

use super::super::{Context, draw_words, words};
use crate::{
    beacon::times::{self, Wanted},
    problem::Failure,
    protocol::Protocol,
};

/// The options of `lodd draw announce`: one of the first three, or a rehearsal's fixed seed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked<'a> {
    /// What will be read out before witnesses.
    pub(crate) witnessed: Option<&'a str>,
    /// A round of drand.
    pub(crate) round: Option<NonZero<u64>>,
    /// The first round of drand at or after a time.
    pub(crate) at: Option<&'a str>,
    /// The pilot's label must say that nothing of it counts.
    pub(crate) rehearsal: bool,
}

/// The beacon that was asked for; its round is not yet held against the clock.
///
/// # Errors
///
/// Refused when a time can't be read, or a rehearsal is asked of a pilot that is none.
pub(super) fn beacon(asked: Asked<'_>, protocol: &Protocol) -> Result<Beacon, Failure> {
    if asked.rehearsal && !protocol.label.ends_with(REHEARSAL) {
        let error = AnnounceError::RehearsalLabel(protocol.label.clone());
        return Err(Failure::policy(draw_words::announce(&error)));
    }
    if let Some(description) = asked.witnessed {
        words::no_national_id("--witnessed", description)?;
        return Ok(Beacon::Witnessed { description: description.to_owned() });
    }
    let wanted = asked.round.map(Wanted::Round).or(asked.at.map(Wanted::At));
    match wanted {
        Some(wanted) => Ok(Beacon::Drand { round: times::round_of(wanted)? }),
        None => Ok(Beacon::Fixed),
    }
}

/// Refuses a round that is known, too near or too far. A clock set back does not help: the time is
/// never before the ledger's last entry.
///
/// # Errors
///
/// Refused, with the first round that can be used.
pub(super) fn check_ahead(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
    beacon: &Beacon,
) -> Result<(), Failure> {
    let Beacon::Drand { round } = beacon else { return Ok(()) };
    let last = pilot.head().map_err(|error| words::store(&error))?;
    let last = last.and_then(|it| Timestamp::from_microsecond(it.at_us).ok());
    let now = last.map_or(context.clock.now(), |last| last.max(context.clock.now()));
    times::check_ahead(*round, now, protocol.draw.lead_minutes())
}

/// The same as the store names it.
pub(super) fn code(beacon: &Beacon) -> pilot::Beacon {
    match beacon {
        Beacon::Drand { .. } => pilot::Beacon::Drand,
        Beacon::Witnessed { .. } => pilot::Beacon::Witnessed,
        _ => pilot::Beacon::Fixed,
    }
}
