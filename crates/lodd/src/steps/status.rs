//! `lodd draw status`: where the draws stand.

use lodd_store::pilot::{Draw, DrawStatus, DrawnKind, Origin};
use serde_json::json;

use super::{Context, words};
use crate::{answer::Answer, problem::Failure, text::Text};

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
        list.push(json!({
            "draw": draw.draw,
            "status": draw.status.code(),
            "origin": draw.origin.code(),
            "beacon": draw.beacon.map(lodd_store::pilot::Beacon::code),
            "unit": kind.code(),
            "units": units,
            "announcement": draw.announcement_sha256,
        }));
    }
    if draws.is_empty() {
        lines.push(Text::new(
            "Ingen trekning er kunngjort ennå.",
            "No draw has been announced yet.",
        ));
    }
    Ok(Answer::new(Text::lines(lines), json!({ "draws": list })))
}

fn line(draw: &Draw, units: &Text) -> Text {
    let number = draw.draw;
    let status = match draw.status {
        DrawStatus::Open => Text::new("kunngjort, ikke avslørt", "announced, not revealed"),
        DrawStatus::Drawn => Text::new("trukket", "drawn"),
        DrawStatus::Void => Text::new("annullert", "void"),
        DrawStatus::Imported => Text::new("tatt over", "taken over"),
    };
    let origin = match draw.origin {
        Origin::Drawn => Text::default(),
        Origin::Rehearsal => Text::new(", ØVELSE (REHEARSAL)", ", REHEARSAL"),
        Origin::Imported => Text::new(", ikke trukket her", ", not drawn here"),
    };
    Text::new(
        format!("Trekning {number}: {}, {}{}", units.nb, status.nb, origin.nb),
        format!("Draw {number}: {}, {}{}", units.en, status.en, origin.en),
    )
}
