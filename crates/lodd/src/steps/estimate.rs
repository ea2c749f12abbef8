//! `lodd estimate`: the locked plan, on the outcomes of the panel.

mod again;
mod offered;
mod offers;
mod options;
mod refusals;
mod rows;
mod sample;

use indicatif::ProgressBar;
use lodd_estimate::{EstimateError, Number, SampleError, estimator};
use lodd_store::{
    Pilot, Table,
    pilot::{Draw, LockedPlan, Origin},
    schema,
};
use serde_json::json;

use super::{
    Context, origins,
    panel::{Built, build, written},
    plan::FILE,
    stamp_of, tables, words,
};
use crate::{
    answer::Answer,
    plan::{self, Analysis, Plan},
    problem::{Failure, Place, Problem},
    progress,
    protocol::Protocol,
    text::{Text, count, say},
};
use offered::{Offered, certain_note};
use offers::{Lists, Logs};
use rows::Estimate;
use sample::{Comparison, Drawn, measured, registers};

/// Runs the locked plan.
///
/// # Errors
///
/// Refused when the plan is not locked, the panel on disk is not the store's, a family is not due
/// (unless `interim`), or an analysis can't be done.
pub(crate) fn run(context: &Context, interim: bool) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let plan = plan::read(&context.path(FILE), &protocol)?;
    let status = locked_status(&pilot, &plan)?;
    let built = verified(context, &pilot, &protocol)?;
    let drawn = Drawn::read(context, &pilot, &plan, built.cut_us)?;
    let offered = Offered::read(&pilot, built.cut_us)?;
    let late = not_due(&built, &plan);
    if !late.is_empty() && !interim {
        return Err(refuse_early(&late));
    }
    let logs = Logs::read(&pilot, &plan, built.cut_us)?;
    let exploratory = status == "exploratory";
    let status = if interim && !late.is_empty() { "interim" } else { status };
    let run = Run {
        context,
        protocol: &protocol,
        plan: &plan,
        built: &built,
        drawn: &drawn,
        offered: &offered,
        logs: &logs,
        status,
        exploratory,
    };
    let rows = on_threads(context.threads, || run.all())??;
    let table = rows::table(&rows)?;
    let mut metadata = rows::metadata(context, &plan, &protocol, &built)?;
    metadata.push(("status".to_owned(), status.to_owned()));
    tables::write(context, &schema::ESTIMATES, &table, metadata)?;
    let release = env!("CARGO_PKG_VERSION");
    let runs = pilot
        .record_run(&context.stamp(), &plan.sha256, built.cut_us, release)
        .map_err(|error| words::store(&error))?;
    Ok(answer(&rows, runs, status, &pilot.draws().map_err(|error| words::store(&error))?))
}

/// `confirmatory` for the plan that was locked first: `lodd panel` opens no outcome before that.
fn locked_status(pilot: &Pilot, plan: &Plan) -> Result<&'static str, Failure> {
    let locked = pilot.locked_plans().map_err(|error| words::store(&error))?;
    let is = |it: &LockedPlan| it.sha256 == plan.sha256;
    if locked.first().is_some_and(is) {
        return Ok("confirmatory");
    }
    if locked.iter().any(is) {
        return Ok("exploratory");
    }
    Err(Failure::policy_with(
        Text::new(
            "analyseplanen er ikke låst, eller er endret siden den ble låst",
            "the analysis plan is not locked, or has changed since it was",
        ),
        Text::new("kjør `lodd plan lock`", "run `lodd plan lock`"),
    ))
}

/// What `lodd panel` has written, made again from the store at the same cut: the two must agree.
fn verified(context: &Context, pilot: &Pilot, protocol: &Protocol) -> Result<Built, Failure> {
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
        ),
        Text::new("kjør `lodd panel` på nytt", "run `lodd panel` again"),
    ))
}

/// Horizons of the plan whose reports need not be in yet, with the date when they are.
fn not_due(built: &Built, plan: &Plan) -> Vec<(String, i64)> {
    let late = |analysis: &Analysis| {
        built
            .targets
            .iter()
            .filter(|it| analysis.draws.contains(&it.draw) && it.horizon == analysis.horizon)
            .filter(|it| it.due_on > built.cut_day)
            .map(|it| (it.horizon.clone(), it.due_on))
            .collect::<Vec<_>>()
    };
    let mut all: Vec<(String, i64)> = plan.analyses.iter().flat_map(late).collect();
    all.sort();
    all.dedup();
    all
}

fn refuse_early(late: &[(String, i64)]) -> Failure {
    let problem = |(horizon, due_on): &(String, i64)| {
        let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(*due_on));
        let date = date.map_or_else(|_| due_on.to_string(), |it| it.to_string());
        let message = say!(
            "horisonten {horizon} forfaller først {date}",
            "horizon {horizon} is not due until {date}"
        );
        Problem::new(Place::default(), message)
    };
    let mut problems: Vec<Problem> = late.iter().map(problem).collect();
    if let Some(last) = problems.last_mut() {
        last.fix = Some(Text::new(
            "vent, eller kjør med --interim: da er alt merket som foreløpig",
            "wait, or run with --interim: then everything is marked as interim",
        ));
    }
    Failure::refused(
        Text::new("ikke alle familier er forfalt", "not all families are due"),
        problems,
    )
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
            for outcome in &analysis.outcomes {
                match self.one(analysis, outcome)? {
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
        outcome: &str,
    ) -> Result<Result<Vec<Estimate>, Problem>, Failure> {
        let Some(outcome) = self.protocol.outcome(outcome) else {
            return Err(Failure::internal("outcome", outcome));
        };
        if let Some(number) = self.drawn.missing(&analysis.draws) {
            let why = say!("trekning {number} er ikke gjort", "draw {number} has not been drawn");
            return Ok(Err(cannot(analysis, &outcome.id, &why)));
        }
        if let Some((why, fix)) = refusals::find(analysis, self.drawn, self.built, self.protocol) {
            return Ok(Err(cannot(analysis, &outcome.id, &why).fix(fix)));
        }
        let measured = measured(self.built, analysis, outcome)?;
        let registers = registers(&measured);
        if registers.len() > 1 {
            let all = registers.join(", ");
            let why = say!(
                "utfallet er fra flere registre: {all}",
                "the outcome is from several registers: {all}"
            );
            let fix = say!("si hvilket med `register`", "say which with `register`");
            return Ok(Err(cannot(analysis, &outcome.id, &why).fix(fix)));
        }
        let lists = match self.logs.of(analysis, self.drawn) {
            Ok(lists) => lists,
            Err(why) => return Ok(Err(cannot(analysis, &outcome.id, &why))),
        };
        let control = self.protocol.draw.control();
        let mut all = Vec::new();
        for arm in self.drawn.treated_arms(&analysis.draws, control) {
            let arms = (arm.as_str(), control);
            let (drawn, unit) = (self.drawn, outcome.unit);
            let comparison = match &lists {
                Some(lists) => Comparison::of_lists(&measured, drawn, analysis, unit, lists),
                None => Comparison::new(&measured, drawn, analysis, unit, arms),
            };
            let origin = self.drawn.origin(&analysis.draws);
            match self.estimate(analysis, &comparison, &arm) {
                Ok(numbers) => all.extend(numbers.into_iter().map(|number| Estimate {
                    analysis: analysis.clone(),
                    outcome: outcome.id.to_string(),
                    outcome_version: outcome.version,
                    unit: outcome.unit.code(),
                    arm: arm.clone(),
                    origin: origin.code(),
                    status: self.status,
                    n_drawn: comparison.n_drawn,
                    share_control_offered:
                        self.offered.share(self.drawn.rows(&analysis.draws), control),
                    cut_us: self.built.cut_us,
                    number: self.with_notes(number, &comparison, analysis, lists.as_ref()),
                })),
                Err(why) => {
                    let (nb, en) = (why.nb, why.en);
                    let why = say!("{arm}: {nb}", "{arm}: {en}");
                    return Ok(Err(cannot(analysis, &outcome.id, &why)));
                }
            }
        }
        Ok(Ok(all))
    }

    fn estimate(
        &self,
        analysis: &Analysis,
        comparison: &Comparison,
        arm: &str,
    ) -> Result<Vec<Number>, Text> {
        let text = |error: EstimateError| match error.hint() {
            Some(hint) => Text::same(format!("{error}; {hint}")),
            None => Text::same(error.to_string()),
        };
        let estimator = estimator(&analysis.estimator)
            .ok_or_else(|| Text::same("there is no such estimator"))?;
        let sample = match comparison.sample(&analysis.estimator) {
            Err(error @ SampleError::EmptyArm { treated, control }) => {
                return Ok(vec![nothing_to_compare(arm, (treated, control), &error)]);
            }
            other => other.map_err(|error| Text::same(error.to_string()))?,
        };
        let options = self.options(analysis, arm).map_err(Text::same)?;
        let seed = self.plan.seed.unwrap_or_default();
        let again = estimator.needs_redraw().then(|| self.drawn.redraws(&analysis.draws, seed));
        let again = again.transpose()?;
        let arms = (arm, self.protocol.draw.control());
        let redraw = again.as_ref().and_then(|it| self.drawn.redraw(&analysis.draws, it, arms));
        estimator.estimate(&sample, &options, redraw).map_err(text)
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
        if origin == Origin::Imported && analysis.estimator == "randomization_test" {
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
fn nothing_to_compare(arm: &str, (treated, control): (usize, usize), why: &SampleError) -> Number {
    Number {
        term: arm.to_owned(),
        n: (treated + control) as u64,
        n_treated: treated as u64,
        n_control: control as u64,
        note: Some(why.to_string()),
        ..Number::default()
    }
}

fn cannot(analysis: &Analysis, outcome: &str, why: &Text) -> Problem {
    let place = Place {
        file: Some(FILE.to_owned()),
        field: Some(format!("analysis {}, {outcome}", analysis.id)),
        ..Place::default()
    };
    let (nb, en) = (&why.nb, &why.en);
    Problem::new(place, say!("kan ikke gjøres: {nb}", "can't be done: {en}"))
}

fn answer(rows: &[Estimate], runs: i64, status: &str, draws: &[Draw]) -> Answer {
    let n = count(rows.len());
    let mut lines = vec![say!(
        "{n} tall er beregnet etter den låste planen ({status}, kjøring {runs}).",
        "{n} numbers are estimated by the locked plan ({status}, run {runs})."
    )];
    for row in rows.iter().filter(|row| row.number.term == row.arm) {
        let (id, outcome, horizon) = (&row.analysis.id, &row.outcome, &row.analysis.horizon);
        let number =
            |value: Option<f64>| value.map_or_else(|| "..".to_owned(), |it| format!("{it:.4}"));
        let (estimate, se) = (number(row.number.estimate), number(row.number.std_error));
        let (low, high, p) =
            (number(row.number.conf_low), number(row.number.conf_high), number(row.number.p_value));
        lines.push(Text::same(format!(
            "  {id:<24} {outcome:<18} {horizon:>10}  {estimate:>8}  SE {se}  [{low}, {high}]  p {p}"
        )));
    }
    if status == "interim" {
        lines.push(Text::new(
            "  FORELØPIG (INTERIM): ikke alle var forfalt til måling.",
            "  INTERIM: not all were due.",
        ));
    }
    lines.extend(stamp_of(draws));
    let json = json!({ "numbers": rows.len(), "runs": runs, "status": status, "origin": origins(draws), "file": "out/estimates.parquet" });
    Answer::new(Text::lines(lines), json)
}
