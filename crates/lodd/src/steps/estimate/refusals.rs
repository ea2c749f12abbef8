//! Comparisons that the draws do not allow, whatever the estimator.

use jiff::civil::Date;
use lodd_panel::day_number;

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

/// One draw of offices where their arms are compared, none where it is no trial in two stages, and a
/// draw of families.
fn of_offices(analysis: &Analysis, drawn: &Drawn) -> Option<(Text, Text)> {
    let offices = drawn.of_offices(&analysis.draws);
    let (contrast, n) = (analysis.contrast.code(), offices.len());
    if n == analysis.draws.len() {
        let number = offices.first().copied().unwrap_or_default();
        return Some((
            say!(
                "trekning {number} er av kontor, og analysen sammenligner familier",
                nn "trekking {number} er av kontor, og analysen samanliknar familiar",
                "draw {number} is of offices, and the analysis compares families"
            ),
            Text::new("nevn trekninger av familier i `draws`", "name draws of families in `draws`")
                .nn("nemn trekkingar av familiar i `draws`"),
        ));
    }
    if analysis.contrast.is_of_offices() && n != 1 {
        return Some((
            say!(
                "`{contrast}` sammenligner armene i én trekning av kontor, og `draws` har {n}",
                nn "`{contrast}` samanliknar armane i éi trekking av kontor, og `draws` har {n}",
                "`{contrast}` compares the arms of one draw of offices, and `draws` has {n}"
            ),
            Text::new("skriv trekningene i `draws`", "write the draws in `draws`")
                .nn("skriv trekkingane i `draws`"),
        ));
    }
    let compared = drawn.compared(analysis);
    let runs_again = |it: &Vec<i64>| it.iter().any(|draw| compared.contains(draw));
    if analysis.replay.as_ref().is_some_and(|it| !runs_again(it)) {
        let all = compared.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        return Some((
            say!(
                "`{contrast}` sammenligner armene i trekning {all}, som `replay` holder fast",
                nn "`{contrast}` samanliknar armane i trekking {all}, som `replay` held fast",
                "`{contrast}` compares the arms of draw {all}, which `replay` holds"
            ),
            say!("nevn den i `replay`", nn "nemn ho i `replay`", "name it in `replay`"),
        ));
    }
    None
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
            nn "armen `{control}` får tilbodet frå {month}: ved horisonten {horizon} etter trekking {draw} er han ingen kontroll",
            "arm `{control}` is served from {month}: at horizon {horizon} after draw {draw} it is no control"
        ),
        Text::new(
            "velg en horisont med vindu som slutter før den måneden",
            "choose a horizon whose window ends before that month",
        )
        .nn("vel ein horisont med vindauge som sluttar før den månaden"),
    ))
}
