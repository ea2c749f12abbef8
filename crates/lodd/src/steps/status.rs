//! `lodd draw status`: where the draws stand.

use lodd_store::pilot::{Draw, DrawStatus, Origin};
use serde_json::json;

use super::{Context, words};
use crate::{
    answer::Answer,
    problem::Failure,
    text::{Text, count, say},
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
        let units = pilot.draw_units(draw.draw).map_err(|error| words::store(&error))?.len();
        lines.push(line(draw, units));
        list.push(json!({
            "draw": draw.draw,
            "status": draw.status.code(),
            "origin": draw.origin.code(),
            "beacon": draw.beacon.map(lodd_store::pilot::Beacon::code),
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

fn line(draw: &Draw, units: usize) -> Text {
    let (number, n) = (draw.draw, count(units));
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
    let (nb, en) = (status.nb + &origin.nb, status.en + &origin.en);
    say!("Trekning {number}: {n} familier, {nb}", "Draw {number}: {n} families, {en}")
}
