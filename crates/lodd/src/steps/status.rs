//! `lodd draw status`: where the draws stand.

use lodd_draw::{Announcement, Beacon};
use lodd_store::pilot::{Draw, DrawStatus, DrawnKind, Origin};
use serde_json::json;

use super::{Context, reveal, words};
use crate::{
    answer::Answer,
    beacon::times,
    problem::Failure,
    text::{Text, say},
};

/// Lists the draws of a pilot.
///
/// # Errors
///
/// If the store can't be read.
pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let mut lines = Vec::new();
    let mut list = Vec::new();
    for draw in &draws {
        let units = pilot.draw_units(draw.draw).map_err(|error| words::store(&error))?;
        let kind = units.first().map_or(DrawnKind::Family, |unit| unit.unit_kind);
        let units = units.len();
        lines.push(line(draw, &words::units(kind, units)));
        let round = round(context, draw);
        let overdue = round.is_some_and(|it| times::is_overdue(it, context.clock.now()));
        lines.extend(round.map(|round| due(round, overdue)).transpose()?);
        list.push(json!({
            "draw": draw.draw,
            "status": draw.status.code(),
            "origin": draw.origin.code(),
            "beacon": draw.beacon.map(lodd_store::pilot::Beacon::code),
            "unit": kind.code(),
            "units": units,
            "announcement": draw.announcement_sha256,
            "round": round,
            "round_at": round.and_then(times::time_of).map(|at| at.to_string()),
            "overdue": overdue,
        }));
    }
    if draws.is_empty() {
        lines.push(
            Text::new("Ingen trekning er kunngjort ennå.", "No draw has been announced yet.")
                .nn("Inga trekking er kunngjord enno."),
        );
    }
    Ok(Answer::new(Text::lines(lines), json!({ "draws": list })))
}

/// The round that an open draw waits for; `None` where it waits for none, or its announcement is
/// not the one that was recorded.
fn round(context: &Context, draw: &Draw) -> Option<u64> {
    if draw.status != DrawStatus::Open {
        return None;
    }
    let (public, _) = reveal::folders(context, draw.draw);
    let announcement = reveal::read_announcement(draw, &public).ok()?;
    match Announcement::parse(&announcement).ok()?.beacon {
        Beacon::Drand { round } => Some(round),
        _ => None,
    }
}

fn due(round: u64, overdue: bool) -> Result<Text, Failure> {
    let at = times::time_of(round).map(times::shown).transpose()?.unwrap_or_default();
    let (nb, en) = (at.nb, at.en);
    Ok(if overdue {
        say!(
            "  FORFALT: runde {round} kom {nb}, og trekningen er ikke avsluttet et døgn etter",
            nn "  FORFALLE: runde {round} kom {nb}, og trekkinga er ikkje avslutta eit døgn etter",
            "  OVERDUE: round {round} came at {en}, and the draw is not finished a day later"
        )
    } else {
        say!(
            "  avgjøres av runde {round}, {nb}",
            nn "  blir avgjord av runde {round}, {nb}",
            "  decided by round {round}, {en}"
        )
    })
}

fn line(draw: &Draw, units: &Text) -> Text {
    let number = draw.draw;
    let status = match draw.status {
        DrawStatus::Open => Text::new("kunngjort, ikke avslørt", "announced, not revealed")
            .nn("kunngjord, ikkje avslørt"),
        DrawStatus::Drawn => Text::new("trukket", "drawn").nn("trekt"),
        DrawStatus::Void => Text::new("annullert", "void").nn("annullert"),
        DrawStatus::Imported => Text::new("tatt over", "taken over").nn("overteken"),
    };
    let origin = match draw.origin {
        Origin::Drawn => Text::default(),
        Origin::Rehearsal => {
            Text::new(", ØVELSE (REHEARSAL)", ", REHEARSAL").nn(", ØVING (REHEARSAL)")
        }
        Origin::Imported => {
            Text::new(", ikke trukket her", ", not drawn here").nn(", ikkje trekt her")
        }
    };
    Text::new(
        format!("Trekning {number}: {}, {}{}", units.nb, status.nb, origin.nb),
        format!("Draw {number}: {}, {}{}", units.en, status.en, origin.en),
    )
}
