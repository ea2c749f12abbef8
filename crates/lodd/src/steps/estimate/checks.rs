//! What must hold before anything is estimated.

use indicatif::ProgressBar;
use lodd_store::{Pilot, Table, pilot::LockedPlan};

use super::{Analysis, Built, Context, Plan, build, words, written};
use crate::{
    problem::{Failure, Place, Problem},
    protocol::Protocol,
    text::{Text, say},
};

/// What was not in the plan that was locked first.
pub(super) const EXPLORATORY: &str = "exploratory";

/// An analysis that was not planned can't have the name of one that was.
pub(super) fn check_ids(plan: &Plan, unplanned: Option<&Plan>) -> Result<(), Failure> {
    let planned = |id: &str| plan.analyses.iter().any(|it| it.id == id);
    let taken = unplanned.iter().flat_map(|it| &it.analyses).find(|it| planned(&it.id));
    let Some((analysis, unplanned)) = taken.zip(unplanned) else { return Ok(()) };
    let id = &analysis.id;
    let place = Place {
        file: Some(unplanned.file.clone()),
        field: Some(format!("analysis {id}")),
        ..Place::default()
    };
    let message = say!(
        "analysen `{id}` finnes i den låste planen: gi den et annet navn",
        nn "analysen `{id}` finst i den låste planen: gi han eit anna namn",
        "analysis `{id}` is in the locked plan: give it another name"
    );
    Err(Failure::refused(
        Text::new("noen analyser kan ikke gjøres", "some analyses can't be done")
            .nn("nokre analysar kan ikkje gjerast"),
        vec![Problem::new(place, message)],
    ))
}

/// `confirmatory` for the plan that was locked first: `lodd panel` opens no outcome before that.
pub(super) fn locked_status(pilot: &Pilot, plan: &Plan) -> Result<&'static str, Failure> {
    let locked = pilot.locked_plans().map_err(|error| words::store(&error))?;
    let is = |it: &LockedPlan| it.sha256 == plan.sha256;
    if locked.first().is_some_and(is) {
        return Ok("confirmatory");
    }
    if locked.iter().any(is) {
        return Ok(EXPLORATORY);
    }
    Err(Failure::policy_with(
        Text::new(
            "analyseplanen er ikke låst, eller er endret siden den ble låst",
            "the analysis plan is not locked, or has changed since it was",
        )
        .nn("analyseplanen er ikkje låst, eller er endra sidan han vart låst"),
        Text::new("kjør `lodd plan lock`", "run `lodd plan lock`").nn("køyr `lodd plan lock`"),
    ))
}

/// What `lodd panel` has written, made again from the store at the same cut: the two must agree.
pub(super) fn verified(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
) -> Result<Built, Failure> {
    let on_disk = written(context, pilot, protocol)?;
    let (_, built, _) = build(pilot, protocol, on_disk.cut_us, &ProgressBar::hidden())?;
    let same = |a: &Table, b: &Table| a.columns() == b.columns();
    if same(&built.outcomes, &on_disk.outcomes) && same(&built.flow, &on_disk.flow) {
        return Ok(built);
    }
    Err(Failure::policy_with(
        Text::new(
            "out/outcomes.parquet eller out/flow.parquet er ikke det lageret gir",
            "out/outcomes.parquet or out/flow.parquet is not what the store gives",
        )
        .nn("out/outcomes.parquet eller out/flow.parquet er ikkje det lageret gir"),
        Text::new("kjør `lodd panel` på nytt", "run `lodd panel` again")
            .nn("køyr `lodd panel` på nytt"),
    ))
}

/// Horizons of the plan whose reports need not be in yet, with the date when they are.
pub(super) fn not_due(built: &Built, plan: &Plan) -> Vec<(String, i64)> {
    let late = |analysis: &Analysis| {
        built
            .targets
            .iter()
            .filter(|it| {
                analysis.draws.contains(&it.draw) && analysis.horizons.contains(&it.horizon)
            })
            .filter(|it| it.due_on > built.cut_day)
            .map(|it| (it.horizon.clone(), it.due_on))
            .collect::<Vec<_>>()
    };
    let mut all: Vec<(String, i64)> = plan.analyses.iter().flat_map(late).collect();
    all.sort();
    all.dedup();
    all
}

pub(super) fn refuse_early(late: &[(String, i64)]) -> Failure {
    let problem = |(horizon, due_on): &(String, i64)| {
        let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(*due_on));
        let date = date.map_or_else(|_| due_on.to_string(), |it| it.to_string());
        let message = say!(
            "horisonten {horizon} forfaller først {date}",
            nn "horisonten {horizon} forfell først {date}",
            "horizon {horizon} is not due until {date}"
        );
        Problem::new(Place::default(), message)
    };
    let mut problems: Vec<Problem> = late.iter().map(problem).collect();
    if let Some(last) = problems.last_mut() {
        last.fix = Some(
            Text::new(
                "vent, eller kjør med --interim: da er alt merket som foreløpig",
                "wait, or run with --interim: then everything is marked as interim",
            )
            .nn("vent, eller køyr med --interim: då er alt merkt som førebels"),
        );
    }
    Failure::refused(
        Text::new("ikke alle familier er forfalt", "not all families are due")
            .nn("ikkje alle familiar er forfalne"),
        problems,
    )
}
