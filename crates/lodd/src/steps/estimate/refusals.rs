//! Comparisons that the draws do not allow, whatever the estimator.

use jiff::civil::Date;
use lodd_panel::day_number;
use lodd_store::pilot::DrawnKind;

use super::{Built, sample::Drawn};
use crate::{
    plan::Analysis,
    protocol::Protocol,
    text::{Text, say},
};

/// What is in the way of an analysis, and what to do; `None` where nothing is.
pub(super) fn find(
    analysis: &Analysis,
    drawn: &Drawn,
    built: &Built,
    protocol: &Protocol,
) -> Option<(Text, Text)> {
    of_offices(analysis, drawn).or_else(|| served(analysis, built, protocol))
}

/// Estimates are of families and their members.
fn of_offices(analysis: &Analysis, drawn: &Drawn) -> Option<(Text, Text)> {
    let number = analysis.draws.iter().find(|it| drawn.kind(**it) == Some(DrawnKind::Office))?;
    Some((
        say!(
            "trekning {number} er av kontor, og analysen sammenligner familier",
            "draw {number} is of offices, and the analysis compares families"
        ),
        Text::new("nevn trekninger av familier i `draws`", "name draws of families in `draws`"),
    ))
}

/// Where arms are start times, the control is a control until its own start: no window of the horizon
/// may reach it.
fn served(analysis: &Analysis, built: &Built, protocol: &Protocol) -> Option<(Text, Text)> {
    let start: Date = protocol.draw.arms.last()?.start?;
    let first = day_number(start);
    let late = built
        .targets
        .iter()
        .filter(|it| analysis.draws.contains(&it.draw) && analysis.horizons.contains(&it.horizon))
        .find(|it| it.window_high >= first)?;
    let (control, month) = (protocol.draw.control(), start.strftime("%Y-%m").to_string());
    let (horizon, draw) = (&late.horizon, late.draw);
    Some((
        say!(
            "armen `{control}` får tilbudet fra {month}: ved horisonten {horizon} etter trekning {draw} er den ingen kontroll",
            "arm `{control}` is served from {month}: at horizon {horizon} after draw {draw} it is no control"
        ),
        Text::new(
            "velg en horisont med vindu som slutter før den måneden",
            "choose a horizon whose window ends before that month",
        ),
    ))
}
