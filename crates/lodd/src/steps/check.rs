//! `lodd check`: the protocol file, every mistake at once.

use lodd_store::Pilot;
use serde_json::json;

use super::{Context, design, panel};
use crate::{
    answer::Answer,
    problem::Failure,
    protocol::{self, Protocol},
    text::{Text, say},
};

/// Checks `pilot.toml`; needs no store.
///
/// # Errors
///
/// Refused with every mistake, located.
pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    let protocol = protocol::read(&context.dir)?;
    check_windows(context, &protocol)?;
    let (label, rules) = (protocol.label.clone(), protocol.reasons.len());
    let (arms, horizons) = (protocol.draw.labels(), protocol.horizons());
    let outcomes: Vec<String> = protocol.outcomes().map(|it| it.id.to_string()).collect();
    let n = outcomes.len();
    let (arm_list, horizon_list) = (arms.join(", "), horizons.join(", "));
    let (design_lines, design) = design::describe(context, &protocol);
    let mut lines = vec![
        say!("`{label}`: protokollfilen er i orden.", "`{label}`: the protocol file is in order."),
        if protocol.is_drawn() {
            say!(
                "  {rules} regler, armene {arm_list}, horisontene {horizon_list}, {n} utfall",
                "  {rules} rules, arms {arm_list}, horizons {horizon_list}, {n} outcomes"
            )
        } else {
            say!(
                "  {rules} regler. Ingen [draw]: her trekkes ingen, og ingen effekt anslås.",
                nn "  {rules} reglar. Inga [draw]: her blir ingen trekte, og ingen effekt rekna ut.",
                "  {rules} rules. No [draw]: nobody is drawn here, and no effect is estimated."
            )
        },
    ];
    lines.extend(design_lines);
    let json = json!({
        "ok": true,
        "pilot": label,
        "sha256": protocol.sha256(),
        "arms": arms,
        "design": design,
        "horizons": horizons,
        "outcomes": outcomes,
        "disclosure_threshold": protocol.threshold,
    });
    Ok(Answer::new(Text::lines(lines), json))
}

/// Windows of dates against those of months, for the draws there are: whether they meet depends on
/// when was drawn.
fn check_windows(context: &Context, protocol: &Protocol) -> Result<(), Failure> {
    let Ok(pilot) = Pilot::open_with(&context.dir, &context.keys) else { return Ok(()) };
    panel::targets_of(protocol, &panel::drawn_dates(&pilot, i64::MAX)?).map(drop)
}
