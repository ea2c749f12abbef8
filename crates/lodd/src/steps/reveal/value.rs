//! What the beacon gave, from the command line, a file or a relay.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use lodd_draw::{Announcement, Beacon, BeaconValue};
use lodd_store::pilot::Draw;

use super::super::{Context, words};
use crate::{
    beacon::{self, times},
    clock::Clock,
    hash::hex_32,
    problem::Failure,
    text::{Text, say},
};

/// Where a value may be longer than any round, reading stops.
const BYTES_MAX: u64 = 1 << 16;

/// How the value was given; at most one of them is there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// The text that was read out before witnesses.
    pub(crate) value: Option<String>,
    /// The seed of a rehearsal.
    pub(crate) seed: Option<String>,
    /// A file with a round as drand gives it; `-` is standard input.
    pub(crate) beacon: Option<PathBuf>,
    /// The same, sent from a page: what it is called, and its bytes.
    pub(crate) sent: Option<(String, Vec<u8>)>,
    /// To be fetched, from `relay` or else drand's own.
    pub(crate) fetch: bool,
    pub(crate) relay: Option<String>,
}

/// The value for an announcement; a round is checked in full.
///
/// # Errors
///
/// Refused when it is of another kind, not due, or not what it says it is; could not run when
/// nothing was given, or it can't be read.
pub(super) fn value(
    context: &Context,
    announced: &Announcement,
    given: &Given,
) -> Result<BeaconValue, Failure> {
    if let Some(value) = &given.value {
        words::no_national_id("--value", value)?;
        return Ok(BeaconValue::Witnessed(value.clone()));
    }
    if let Some(seed) = &given.seed {
        return hex_32(seed).map(BeaconValue::Seed).ok_or_else(|| {
            Failure::policy(
                Text::new(
                    "--seed må være 64 heksadesimale sifre",
                    "--seed must be 64 hexadecimal digits",
                )
                .nn("--seed må vere 64 heksadesimale siffer"),
            )
        });
    }
    let is_given = given.beacon.is_some() || given.sent.is_some() || given.fetch;
    match &announced.beacon {
        beacon if !is_given => Err(nothing(beacon)),
        Beacon::Drand { round } => {
            check_due(context.clock, *round)?;
            let (from, bytes) = match (&given.sent, &given.beacon) {
                (Some(sent), _) => sent.clone(),
                (None, Some(path)) => read(path)?,
                (None, None) => beacon::fetch(given.relay.as_deref(), *round)?,
            };
            let beacon::Round { round, signature } = beacon::read(&from, &bytes, *round)?;
            Ok(BeaconValue::Drand { round, signature })
        }
        beacon => {
            let kind = beacon.kind();
            Err(Failure::policy(say!(
                "trekningen ble kunngjort med `{kind}`: ingen runde av drand kan avgjøre den",
                nn "trekkinga vart kunngjord med `{kind}`: inga runde av drand kan avgjere ho",
                "the draw was announced with `{kind}`: no round of drand can decide it"
            )))
        }
    }
}

/// Nobody was told what to do: say it for the beacon that was announced.
fn nothing(beacon: &Beacon) -> Failure {
    let message = match beacon {
        Beacon::Drand { round } => say!(
            "gi runde {round} med --beacon FIL, eller hent den med --fetch",
            nn "gi runde {round} med --beacon FIL, eller hent ho med --fetch",
            "give round {round} by --beacon FILE, or get it by --fetch"
        ),
        Beacon::Witnessed { .. } => {
            Text::new("si hva som ble lest opp, med --value", "say what was read out, by --value")
                .nn("sei kva som vart lese opp, med --value")
        }
        _ => Text::new("gi øvelsens frø med --seed", "give the rehearsal's seed by --seed")
            .nn("gi frøet til øvinga med --seed"),
    };
    Failure::CouldNotRun { message, hint: None }
}

fn check_due(clock: Clock, round: u64) -> Result<(), Failure> {
    match times::time_of(round) {
        Some(at) if at <= clock.now() => Ok(()),
        at => {
            let at = at.map(times::shown).transpose()?.unwrap_or_default();
            let (nb, en) = (at.nb, at.en);
            Err(Failure::policy(say!(
                "runde {round} er ikke kommet: den kommer {nb}",
                nn "runde {round} er ikkje komen: ho kjem {nb}",
                "round {round} has yet to come: it comes at {en}"
            )))
        }
    }
}

/// The bytes of a file, or of standard input, and what to call it.
fn read(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    let mut bytes = Vec::new();
    let done = if path == Path::new("-") {
        std::io::stdin().lock().take(BYTES_MAX).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(BYTES_MAX).read_to_end(&mut bytes))
    };
    done.map_err(|error| Failure::io(path, &error))?;
    Ok((path.display().to_string(), bytes))
}

/// Refuses a list that was locked too late for its round: someone could have known it.
///
/// # Errors
///
/// Refused, with the way out.
pub(super) fn check_in_time(
    beacon: &Beacon,
    open: &Draw,
    lead_minutes: i64,
) -> Result<(), Failure> {
    let Beacon::Drand { round } = beacon else { return Ok(()) };
    let at = times::time_of(*round).map_or(i64::MIN, Timestamp::as_microsecond);
    if open.announced_at_us.saturating_add(lead_minutes.saturating_mul(60_000_000)) <= at {
        return Ok(());
    }
    Err(Failure::policy_with(
        say!(
            "listen ble ført mindre enn {lead_minutes} minutter før runde {round}: trekningen teller ikke",
            nn "lista vart ført mindre enn {lead_minutes} minutt før runde {round}: trekkinga tel ikkje",
            "the list was recorded less than {lead_minutes} minutes before round {round}: the draw does not count"
        ),
        Text::new(
            "annuller den med `lodd draw void --reason …`, og kunngjør på nytt",
            "void it by `lodd draw void --reason …`, and announce again",
        )
        .nn("annuller ho med `lodd draw void --reason …`, og kunngjer på nytt"),
    ))
}
