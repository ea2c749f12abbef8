//! `lodd family strike`: a family that should never have been on a locked list.

use jiff::civil::Date;
use lodd_panel::day_number;
use lodd_store::pilot::Strike;
use serde_json::json;

use super::{Context, offer::checked_reason, reveal, words};
use crate::{
    answer::Answer,
    problem::Failure,
    text::{Text, say},
};

/// Strikes a family. It keeps its place on the list and everybody else their tickets; it leaves the
/// analysis only by a fact from before the locking, told before the result was shown.
///
/// # Errors
///
/// Refused when the family is on no list, has been struck, or the reason says too much.
pub(crate) fn run(
    context: &Context,
    family: &str,
    on: &str,
    reason: &str,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let date: Date = on.parse().map_err(|_| {
        Failure::policy(say!(
            "--on må være en dato som 2026-10-31, fant `{on}`",
            "--on must be a date like 2026-10-31, found `{on}`"
        ))
    })?;
    let fact_on = i32::try_from(day_number(date)).unwrap_or(i32::MAX);
    let strike = Strike { unit_id: family, fact_on, reason: checked_reason(reason)? };
    let struck = pilot.strike(&context.stamp(), strike).map_err(|error| words::store(&error))?;
    reveal::write_assignments(context, &pilot)?;
    let draw = struck.draw;
    let analysis = if struck.leaves_analysis() {
        Text::new(
            "  Familien går ut av analysen: opplysningen er fra før listen ble låst, og ingen kjente utfallet.",
            "  It leaves the analysis: the fact is from before the locking, and nobody knew the outcome.",
        )
    } else {
        Text::new(
            "  Familien blir stående i analysen som den ble trukket.",
            "  It stays in the analysis as it was drawn.",
        )
    };
    let text = Text::lines([
        say!(
            "{family} er strøket fra listen for trekning {draw}. Ingen andres lodd er endret.",
            "{family} is struck from the list of draw {draw}. Nobody else's ticket has changed."
        ),
        analysis,
    ]);
    let json = json!({
        "draw": draw,
        "family": family,
        "blind": struck.blind,
        "before_locking": struck.before_locking,
        "leaves_analysis": struck.leaves_analysis(),
    });
    Ok(Answer::new(text, json))
}
