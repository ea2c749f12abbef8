//! `lodd estimate`: the locked plan, on the outcomes of the panel.

mod adjust;
mod again;
mod arrays;
mod checks;
mod comparison;
mod facts;
mod offered;
mod offers;
mod options;
mod refusals;
mod rows;
mod sample;
mod shown;
pub(crate) mod trial;

use std::{path::Path, sync::Arc};

use lodd_estimate::{Estimator, Number, Role, Sample};
use lodd_panel::outcomes::Outcome;
use lodd_store::{Pilot, pilot::Origin, schema};

use super::{
    Context,
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
    text::{Text, say},
};
use adjust::Families;
pub(in crate::steps) use again::again;
use arrays::NoSample;
use checks::{EXPLORATORY, check_ids, locked_status, not_due, refuse_early, verified};
use comparison::{Asked, Comparison};
use facts::Facts;
use offered::{Offered, certain_note};
use offers::{Lists, Logs};
use rows::Estimate;
use sample::{Drawn, Measured, measured, registers};
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
            Text::new("noen analyser kan ikke gjøres", "some analyses can't be done"),
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
            let why = say!("trekning {number} er ikke gjort", "draw {number} has not been drawn");
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
                    "the outcome is from several registers: {all}"
                );
                let fix = say!("si hvilket med `register`", "say which with `register`");
                return Ok(Err(cannot(&why).fix(fix)));
            }
            outcomes.push((outcome, measured));
        }
        let lists = match self.logs.of(analysis, self.drawn) {
            Ok(lists) => lists,
            Err(why) => return Ok(Err(cannot(&why))),
        };
        let control = self.protocol.draw.control();
        let mut all = Vec::new();
        for arm in self.drawn.treated_arms(&analysis.draws, control) {
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

    /// The numbers of one treated arm.
    fn arm(
        &self,
        analysis: &Analysis,
        (outcomes, lists): (&[(&Outcome, Vec<Measured<'_>>)], Option<&Lists>),
        arm: &str,
    ) -> Result<Vec<Estimate>, Text> {
        let control = self.protocol.draw.control();
        let asked =
            Asked { drawn: self.drawn, facts: self.facts, analysis, lists, arms: (arm, control) };
        let comparison = match outcomes {
            [] => Comparison::of_all(&asked),
            outcomes => Comparison::new(outcomes, &asked),
        }?;
        let (numbers, sample) = self.estimate(analysis, &comparison, arm)?;
        let names: Vec<&str> = outcomes.iter().map(|(it, _)| it.id.as_ref()).collect();
        let one = match outcomes {
            [(one, _)] => Some(*one),
            _ => None,
        };
        let unit = outcomes.first().map(|(it, _)| it.unit.code());
        let estimate = |number: Number| Estimate {
            outcome: if names.is_empty() {
                analysis.method.estimator.clone()
            } else {
                names.join("+")
            },
            outcome_version: one.map(|it| it.version),
            unit,
            arm: arm.to_owned(),
            contrast: Some(analysis.contrast()),
            origin: Some(self.drawn.origin(&analysis.draws).code()),
            status: self.status,
            n_drawn: comparison.n_drawn,
            share_control_offered: self.offered.share(self.drawn.rows(&analysis.draws), control),
            cut_us: Some(self.built.cut_us),
            redrawn: None,
            p_adjusted: None,
            adjustment: None,
            sample: sample.clone().filter(|_| number.term == arm),
            number: self.with_notes(number, &comparison, analysis, lists),
            analysis: analysis.clone(),
        };
        Ok(numbers.into_iter().map(estimate).collect())
    }

    fn estimate(
        &self,
        analysis: &Analysis,
        comparison: &Comparison,
        arm: &str,
    ) -> Result<(Vec<Number>, Option<Arc<Sample>>), Text> {
        let estimator =
            analysis.method.known().ok_or_else(|| Text::same("there is no such estimator"))?;
        let made = match comparison.sample() {
            Ok(made) => made,
            Err(NoSample::EmptyArm { treated, control, why }) => {
                return Ok((vec![nothing_to_compare(arm, (treated, control), &why)], None));
            }
            Err(NoSample::Wrong(wrong)) => return Err(wrong.words()),
            Err(NoSample::Because(why)) => return Err(why),
        };
        let options = self.options(analysis, arm);
        let again = || self.drawn.redraws(&analysis.draws, self.plan.seed.unwrap_or_default());
        let again = match estimator.needs_redraw() {
            true => Some(again()?),
            // Where the draw can't be made again, another variance is taken.
            false if analysis.method.takes("block_variance") => again().ok(),
            false => None,
        };
        let arms = (arm, self.protocol.draw.control());
        let redraw = again.as_ref().and_then(|it| self.drawn.redraw(&analysis.draws, it, arms));
        let numbers = estimator.estimate(&made.sample, &options, redraw);
        let mut numbers = numbers.map_err(|error| made.explain(&error))?;
        if let Some(first) = numbers.first_mut() {
            let parts = first.note.take().into_iter().chain(made.notes.iter().cloned());
            first.note = Some(parts.collect::<Vec<_>>().join("; ")).filter(|it| !it.is_empty());
        }
        Ok((numbers, Some(Arc::new(made.sample))))
    }

    fn with_notes(
        &self,
        mut number: Number,
        comparison: &Comparison,
        analysis: &Analysis,
        lists: Option<&Lists>,
    ) -> Number {
        let origin = self.drawn.origin(&analysis.draws);
        let mut parts: Vec<String> = number.note.take().into_iter().collect();
        parts.extend(lists.map(Lists::note));
        if comparison.n_not_applicable > 0 {
            parts.push(format!(
                "{} units to whom the outcome does not apply are left out",
                comparison.n_not_applicable
            ));
        }
        parts.extend(certain_note(self.drawn.rows(&analysis.draws)));
        parts.extend(self.drawn.struck_note(&analysis.draws));
        let redrawn = analysis.method.known().is_some_and(Estimator::needs_redraw);
        if origin == Origin::Imported && (redrawn || number.se_type == Some("replay")) {
            parts.push(
                "not drawn here: fixed seats in each block are assumed of somebody else's draw"
                    .to_owned(),
            );
        }
        if self.exploratory && self.status == "interim" {
            parts.push("exploratory: this plan was not the first one locked".to_owned());
        }
        number.note = (!parts.is_empty()).then(|| parts.join("; "));
        number
    }
}

/// A row that says why there is no number.
fn nothing_to_compare(arm: &str, (treated, control): (usize, usize), why: &str) -> Number {
    Number {
        term: arm.to_owned(),
        n: (treated + control) as u64,
        n_treated: treated as u64,
        n_control: control as u64,
        note: Some(why.to_owned()),
        ..Number::default()
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
    let (nb, en) = (&why.nb, &why.en);
    Problem::new(place, say!("kan ikke gjøres: {nb}", "can't be done: {en}"))
}
