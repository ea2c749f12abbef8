//! `lodd plan`: locks the analysis plan, and shows it.

use serde_json::json;

use super::{Context, drawn, panel::instant, words};
use crate::{
    answer::Answer,
    plan,
    problem::Failure,
    text::{Text, say},
};

/// The name of the plan in a pilot folder.
pub(super) const FILE: &str = "analysis.toml";

/// Locks `analysis.toml`.
///
/// # Errors
///
/// Refused with every mistake of the plan, or when another plan was locked and outcomes have been
/// opened since.
pub(crate) fn lock(context: &Context) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    drawn::check(&protocol)?;
    let plan = plan::read(&context.path(FILE), &protocol)?;
    let locked = pilot
        .lock_plan(&context.stamp(), &plan.sha256, &plan.text)
        .map_err(|error| words::store(&error))?;
    let (n, hash, at) = (plan.analyses.len(), plan.sha256.clone(), instant(locked.locked_at_us));
    let text = Text::lines([
        say!(
            "Analyseplanen er låst: {n} analyser.",
            nn "Analyseplanen er låst: {n} analysar.",
            "The analysis plan is locked: {n} analyses."
        ),
        say!(
            "  SHA-256 {hash}, låst {at}",
            "  SHA-256 {hash}, locked {at}",
            hash = &hash,
            at = &at
        ),
    ]);
    Ok(Answer::new(text, json!({ "sha256": hash, "locked_at": at, "analyses": n })))
}

/// Shows the plan and whether it is locked.
///
/// # Errors
///
/// Refused with every mistake of the plan.
pub(crate) fn show(context: &Context) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    drawn::check(&protocol)?;
    let plan = plan::read(&context.path(FILE), &protocol)?;
    let locked = pilot.locked_plans().map_err(|error| words::store(&error))?;
    let at = locked.iter().find(|it| it.sha256 == plan.sha256).map(|it| instant(it.locked_at_us));
    let hash = plan.sha256.clone();
    let state = match &at {
        Some(at) => say!("låst {at}", "locked {at}"),
        None => Text::new("ikke låst", "not locked").nn("ikkje låst"),
    };
    let mut lines = vec![say!(
        "analysis.toml, SHA-256 {hash}: {nb}",
        "analysis.toml, SHA-256 {hash}: {en}",
        hash = &hash,
        nb = &state.nb,
        en = &state.en
    )];
    for it in &plan.analyses {
        let (id, outcomes, estimator) = (&it.id, it.outcomes.join(", "), &it.method.estimator);
        let (horizon, source) = (it.horizon(), &it.source);
        lines.push(Text::same(format!("  {id}: {outcomes} · {estimator} · {horizon} · {source}")));
    }
    let ids: Vec<&str> = plan.analyses.iter().map(|it| it.id.as_str()).collect();
    Ok(Answer::new(Text::lines(lines), json!({ "sha256": hash, "locked_at": at, "analyses": ids })))
}
