//! An announcement whose run was stopped before its entry: it stands as it was written.
//!
//! Someone may have seen it, so it is never made anew with other salts (which would be a second
//! draw of the same number): it is recorded as it is, or the number is refused.

use lodd_draw::{Announcement, Beacon, Evidence, File, Secret, verify, void};

use lodd_store::pilot::Linking;

use super::{
    super::{Context, draw_words, read_file, reveal, verify::Folder},
    linking,
};
use crate::{
    beacon::is_signature,
    hash::hex,
    problem::{Failure, Place, Problem},
    protocol::Protocol,
    text::{Text, say},
};

/// What is to be recorded.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) announcement: Vec<u8>,
    pub(super) announced: Announcement,
    /// Block and id of each unit.
    pub(super) units: Vec<(String, String)>,
    /// Which families were joined to one of them.
    pub(super) linking: Linking,
}

/// The announcement of this number that is there already, if it can be taken up.
///
/// # Errors
///
/// Refused when it is not whole, or not of this pilot, protocol and beacon.
pub(super) fn standing(
    context: &Context,
    number: u32,
    protocol: &Protocol,
    beacon: &Beacon,
) -> Result<Option<Standing>, Failure> {
    let (public, private) = reveal::folders(context, i64::from(number));
    if !public.join(File::Announcement.name()).exists() {
        return Ok(None);
    }
    let folder = Folder::read(&public)?;
    let roster = read_file(&private.join("private.csv")).unwrap_or_default();
    let secret = reveal::read_secret(&private).ok();
    let before = super::before(context, number)?;
    let before = before.as_ref().map(Folder::files);
    let covariates = read_file(&private.join(super::COVARIATES)).ok();
    let verdict = verify(
        &folder.files(),
        &Evidence {
            previous: before.as_ref(),
            roster: Some(&roster),
            covariates: covariates.as_deref(),
            check: &is_signature,
        },
    );
    let mut problems: Vec<Problem> = verdict.findings.iter().map(draw_words::problem).collect();
    let (Some(announced), Some(announcement)) = (verdict.announcement, folder.announcement) else {
        return Err(stands(number, problems));
    };
    let ended = folder.reveal.is_some() || folder.void.is_some();
    problems.extend(other(&announced, number, protocol, beacon));
    problems.extend(private_side(&announcement, secret.as_ref(), ended));
    if !problems.is_empty() {
        return Err(stands(number, problems));
    }
    let units = units(&roster);
    let linking = linking::read(&private)?;
    Ok(Some(Standing { announcement, announced, units, linking }))
}

/// What makes it another announcement than the one that is asked for.
fn other(
    announced: &Announcement,
    number: u32,
    protocol: &Protocol,
    beacon: &Beacon,
) -> Vec<Problem> {
    let shown = |beacon: &Beacon| match beacon {
        Beacon::Drand { round } => format!("drand {round}"),
        Beacon::Witnessed { description } => format!("witnessed {description}"),
        other => other.kind().to_owned(),
    };
    [
        ("pilot", protocol.label.clone(), announced.pilot.clone()),
        ("draw", number.to_string(), announced.draw.to_string()),
        ("plan", protocol.sha256(), hex(&announced.plan)),
        ("beacon", shown(beacon), shown(&announced.beacon)),
    ]
    .into_iter()
    .filter(|(_, expected, found)| expected != found)
    .map(|(field, expected, found)| {
        let place = Place {
            file: Some(File::Announcement.name().to_owned()),
            field: Some(field.to_owned()),
            ..Place::default()
        };
        let message = Text::new("er ikke det som kunngjøres nå", "is not what is announced now")
            .nn("er ikkje det som blir kunngjort no");
        Problem::new(place, message).expected(expected, found)
    })
    .collect()
}

/// The secret must be there and be the one committed to, and nothing may have been revealed.
fn private_side(announcement: &[u8], secret: Option<&Secret>, ended: bool) -> Option<Problem> {
    let message = if ended {
        Text::new("trekningen er alt avsluttet", "the draw has ended already")
            .nn("trekkinga er alt avslutta")
    } else {
        // A void is refused unless the secret is the one that was committed to.
        match secret.map(|secret| void(announcement, Some(secret), "-").is_ok()) {
            Some(true) => return None,
            Some(false) => {
                Text::new("den lagrede hemmeligheten er en annen", "the secret kept is another one")
                    .nn("den lagra løyndomen er ein annan")
            }
            None => Text::new("hemmeligheten er ikke her", "the secret is not here")
                .nn("løyndomen er ikkje her"),
        }
    };
    Some(Problem::new(Place::default(), message))
}

fn stands(number: u32, problems: Vec<Problem>) -> Failure {
    let mut problems = problems;
    problems.push(Problem::default().fix(say!(
        "ta tilbake pilot.toml og private/{number:04} som den ble laget med, og kunngjør med samme kilde; bare hvis ingen har sett den, kan mappen draws/{number:04} flyttes vekk",
        nn "ta tilbake pilot.toml og private/{number:04} som ho vart laga med, og kunngjer med same kjelde; berre om ingen har sett ho, kan mappa draws/{number:04} flyttast vekk",
        "bring back the pilot.toml and the private/{number:04} it was made with, and announce with the same beacon; only if nobody has seen it, the folder draws/{number:04} may be moved away"
    )));
    Failure::refused(
        say!(
            "draws/{number:04} har alt en kunngjøring, som ikke er ført: den kan være sett og blir stående",
            nn "draws/{number:04} har alt ei kunngjering som ikkje er ført: ho kan vere sett og blir ståande",
            "draws/{number:04} holds an announcement that is not recorded: it may have been seen, and stands"
        ),
        problems,
    )
}

/// The locked list from the private one (`block,leaf,salt,id`), whose form has been checked.
fn units(private: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(private);
    let unit = |line: &str| {
        let mut fields = line.split(',');
        Some((fields.next()?.to_owned(), fields.nth(2)?.to_owned()))
    };
    text.lines().skip(1).filter_map(unit).collect()
}
