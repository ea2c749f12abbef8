//! `lodd estimate`: the locked plan, on the outcomes of the panel.

mod adjust;
mod again;
mod arm;
mod arrays;
mod attrition;
mod checks;
mod comparison;
mod differences;
mod exits;
mod facts;
mod offered;
mod offers;
mod options;
mod placed;
mod plausible;
mod refusals;
mod rows;
mod sample;
mod shown;
pub(crate) mod trial;

use std::path::Path;

use lodd_estimate::Role;
use lodd_store::{Pilot, schema};

use super::{
    Context, drawn,
    panel::{Built, build, written},
    plan::FILE,
    tables, words,
};
use crate::{
    answer::Answer,
    plan::{self, Analysis, Plan},
    problem::{Failure, Place, Problem},
    progress,
    protocol::Protocol,
    text::{Lang, Text, say},
};
use adjust::Families;
pub(in crate::steps) use again::again;
pub(in crate::steps) use arm::not_randomised;
use arm::nothing_to_compare;
use checks::{EXPLORATORY, check_ids, locked_status, not_due, refuse_early, verified};
use facts::Facts;
use offered::Offered;
use offers::Logs;
use rows::Estimate;
use sample::{Drawn, measured, registers};
use shown::answer;

/// Runs the locked plan, and beside it what a file asks that was not planned.
///
/// # Errors
///
/// Refused when the plan is not locked, the panel on disk is not the store's, a family is not due
/// (unless `interim`), or an analysis can't be done.
pub(crate) fn run(
    context: &Context,
    interim: bool,
    exploratory: Option<&Path>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    drawn::check(&protocol)?;
    let plan = plan::read(&context.path(FILE), &protocol)?;
    let status = locked_status(&pilot, &plan)?;
    let unplanned = exploratory.map(|it| plan::read(it, &protocol)).transpose()?;
    check_ids(&plan, unplanned.as_ref())?;
    let built = verified(context, &pilot, &protocol)?;
    let plans: Vec<(&Plan, &'static str)> = [(&plan, status)]
        .into_iter()
        .chain(unplanned.as_ref().map(|it| (it, EXPLORATORY)))
        .collect();
    let mut late: Vec<(String, i64)> =
        plans.iter().flat_map(|(plan, _)| not_due(&built, plan)).collect();
    late.dedup();
    if !late.is_empty() && !interim {
        return Err(refuse_early(&late));
    }
    let interim = interim && !late.is_empty();
    let mut rows = Vec::new();
    for (plan, status) in &plans {
        let status = if interim { "interim" } else { *status };
        let of = Of { pilot: &pilot, protocol: &protocol, built: &built };
        rows.extend(estimates(context, &of, (plan, status))?);
    }
    let status = if interim { "interim" } else { status };
    let table = rows::table(&rows)?;
    let mut metadata = rows::metadata(context, &plan, &protocol, &built)?;
    metadata.push(("status".to_owned(), status.to_owned()));
    metadata
        .extend(unplanned.iter().map(|it| ("exploratory_sha256".to_owned(), it.sha256.clone())));
    tables::write(context, &schema::ESTIMATES, &table, metadata)?;
    let release = env!("CARGO_PKG_VERSION");
    let mut runs = 0;
    for (at, (plan, _)) in plans.iter().enumerate() {
        let run = pilot
            .record_run(&context.stamp(), &plan.sha256, built.cut_us, release)
            .map_err(|error| words::store(&error))?;
        runs = if at == 0 { run } else { runs };
    }
    Ok(answer(&rows, runs, status, &pilot.draws().map_err(|error| words::store(&error))?))
}

/// What every plan of a run has in common.
struct Of<'r> {
    pilot: &'r Pilot,
    protocol: &'r Protocol,
    built: &'r Built,
}

/// The numbers of one plan.
fn estimates(
    context: &Context,
    of: &Of<'_>,
    (plan, status): (&Plan, &'static str),
) -> Result<Vec<Estimate>, Failure> {
    let Of { pilot, protocol, built } = *of;
    let drawn = Drawn::read(context, pilot, plan, built.cut_us)?;
    let facts = Facts::read(pilot, protocol, (plan, &drawn, built))?;
    let offered = Offered::read(pilot, built.cut_us)?;
    let logs = Logs::read(pilot, plan, built.cut_us)?;
    let locked = pilot.locked_plans().map_err(|error| words::store(&error))?;
    let first = locked.first().is_some_and(|it| it.sha256 == plan.sha256);
    let run = Run {
        context,
        protocol,
        plan,
        built,
        drawn: &drawn,
        facts: &facts,
        offered: &offered,
        logs: &logs,
        status,
        exploratory: !first,
    };
    on_threads(context.threads, || {
        let mut rows = run.all()?;
        Families { of: &plan.families, adjust: &plan.adjust, joint: &run }.adjust(&mut rows);
        Ok(rows)
    })?
}

/// Runs on so many threads; the numbers do not depend on it.
pub(super) fn on_threads<T: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build();
    pool.map(|pool| pool.install(work)).map_err(|error| Failure::internal("threads", error))
}

/// Everything one run works on.
struct Run<'r> {
    context: &'r Context,
    protocol: &'r Protocol,
    plan: &'r Plan,
    built: &'r Built,
    drawn: &'r Drawn,
    facts: &'r Facts,
    offered: &'r Offered,
    logs: &'r Logs,
    status: &'static str,
    /// Of a plan that was not the first one locked: said in the note where the status is `interim`.
    exploratory: bool,
}

impl Run<'_> {
    fn all(&self) -> Result<Vec<Estimate>, Failure> {
        let bar =
            progress::bar(self.context.progress, self.plan.analyses.len() as u64, "lodd estimate");
        let (mut rows, mut problems) = (Vec::new(), Vec::new());
        for analysis in &self.plan.analyses {
            for outcomes in together(analysis) {
                match self.one(analysis, outcomes)? {
                    Ok(numbers) => rows.extend(numbers),
                    Err(problem) => problems.push(problem),
                }
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        if problems.is_empty() {
            return Ok(rows);
        }
        Err(Failure::refused(
            Text::new("noen analyser kan ikke gjøres", "some analyses can't be done")
                .nn("nokre analysar kan ikkje gjerast"),
            problems,
        ))
    }

    /// Every treated arm of one analysis against the control; a problem names what is in the way.
    fn one(
        &self,
        analysis: &Analysis,
        names: &[String],
    ) -> Result<Result<Vec<Estimate>, Problem>, Failure> {
        let name = names.join("+");
        let cannot = |why: &Text| cannot(self.plan, (analysis, &name), why);
        if let Some(number) = self.drawn.missing(&analysis.draws) {
            let why = say!(
                "trekning {number} er ikke gjort",
                nn "trekking {number} er ikkje gjord",
                "draw {number} has not been drawn"
            );
            return Ok(Err(cannot(&why)));
        }
        if let Some((why, fix)) = refusals::find(analysis, self.drawn, self.built, self.protocol) {
            return Ok(Err(cannot(&why).fix(fix)));
        }
        let mut outcomes = Vec::new();
        for name in names {
            let outcome = self.protocol.outcome(name);
            let outcome = outcome.ok_or_else(|| Failure::internal("outcome", name))?;
            let measured = measured(self.built, analysis, outcome)?;
            let registers = registers(&measured);
            if registers.len() > 1 {
                let all = registers.join(", ");
                let why = say!(
                    "utfallet er fra flere registre: {all}",
                    nn "utfallet er frå fleire register: {all}",
                    "the outcome is from several registers: {all}"
                );
                let fix = say!(
                    "si hvilket med `register`",
                    nn "sei kva for eit med `register`",
                    "say which with `register`"
                );
                return Ok(Err(cannot(&why).fix(fix)));
            }
            outcomes.push((outcome, measured));
        }
        let lists = match self.logs.of(analysis, self.drawn) {
            Ok(lists) => lists,
            Err(why) => return Ok(Err(cannot(&why))),
        };
        let control = self.control(analysis);
        let mut all = Vec::new();
        for arm in self.drawn.treated_arms(&self.drawn.compared(analysis), control) {
            match self.arm(analysis, (&outcomes, lists.as_ref()), &arm) {
                Ok(numbers) => all.extend(numbers),
                Err(why) => {
                    let (nb, en) = (why.nb, why.en);
                    let why = say!("{arm}: {nb}", "{arm}: {en}");
                    return Ok(Err(cannot(&why)));
                }
            }
        }
        Ok(Ok(all))
    }
}

/// The outcomes that are estimated together: all of an index, else each by itself.
fn together(analysis: &Analysis) -> Vec<&[String]> {
    if analysis.method.takes(Role::Part.key()) || analysis.outcomes.is_empty() {
        return vec![&analysis.outcomes];
    }
    analysis.outcomes.chunks(1).collect()
}

fn cannot(plan: &Plan, (analysis, outcome): (&Analysis, &str), why: &Text) -> Problem {
    let place = Place {
        file: Some(plan.file.clone()),
        field: Some(format!("analysis {}, {outcome}", analysis.id)),
        ..Place::default()
    };
    let (nb, nn, en) = (&why.nb, why.get(Lang::Nn), &why.en);
    Problem::new(
        place,
        say!("kan ikke gjøres: {nb}", nn "kan ikkje gjerast: {nn}", "can't be done: {en}"),
    )
}
