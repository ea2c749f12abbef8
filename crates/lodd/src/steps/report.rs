//! `lodd report`: the report in three languages, each in its formats, from the Parquet files.

mod descriptives;
mod draws;
mod effects;
mod facts;
mod flow;
mod over_time;
mod planned;
mod profile_tables;
mod public;
pub(crate) mod publish;
mod status;
mod undrawn;
mod write;

use lodd_panel::outcomes::Outcome;
use lodd_report::{Arm, Draw, Plan as LockedPlan, Report, ReportError, Text as Words, Unit};
use lodd_store::{Pilot, Table, ledger::Entry, parquet};
use serde_json::json;

use super::{
    Context, outputs,
    panel::{Built, written},
    plan::FILE,
    stamp_of, words,
};
use crate::{
    answer::Answer,
    cli::ReportFormat,
    clock,
    hash::sha256_hex,
    plan::{self, Plan},
    problem::Failure,
    protocol::{self, Protocol},
    report_file::{self, ReportFile},
    text::{Text, say},
    units::{mixed_units, unit_kind},
};
pub(super) use planned::deviations;

/// The program, as the report names it.
const PROGRAM: &str = concat!("lodd ", env!("CARGO_PKG_VERSION"));

/// Writes `out/report.nb.html` and the others, in every language and in the formats asked for.
///
/// # Errors
///
/// Refused when the estimates are not those of the outcomes beside them, a table of the evaluator's
/// can't be counted, or one would say what it must not. Then nothing is written.
pub(crate) fn run(context: &Context, formats: &[ReportFormat]) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let file = report_file::read(&context.dir, &protocol)?;
    let (report, made) = if protocol.is_drawn() {
        drawn(context, &pilot, (&protocol, &file))?
    } else {
        let (report, own) = undrawn::report(context, &pilot, (&protocol, &file))?;
        (report, own.map(|bytes| (profile_tables::FILE, bytes)).into_iter().collect())
    };
    let files = write::made(context, &report, formats)?;
    for (name, bytes) in made {
        outputs::write(context, name, &bytes)?;
    }
    let written = write::kept(context, &files)?;
    let list = written.join(", ");
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let mut lines = vec![
        say!("Rapporten er skrevet: {list}", nn "Rapporten er skriven: {list}", "The report is written: {list}"),
    ];
    lines.extend(stamp_of(&draws));
    Ok(Answer::new(
        Text::lines(lines),
        json!({ "files": written, "effects": report.effects.len(), "runs": report.runs }),
    ))
}

/// Files that are made with a report: name and bytes.
type Made = Vec<(&'static str, Vec<u8>)>;

/// The report of a pilot with draws.
fn drawn(
    context: &Context,
    pilot: &Pilot,
    (protocol, file): (&Protocol, &ReportFile),
) -> Result<(Report, Made), Failure> {
    let plan = plan::read(&context.path(FILE), protocol)?;
    let built = written(context, pilot, protocol)?;
    Source { context, pilot, protocol, plan: &plan, built: &built, file }.report()
}

fn refused(error: &ReportError) -> Failure {
    let en = error.to_string();
    let summary = Text::new(
        format!("rapporten kan ikke lages: {en}"),
        format!("the report can't be made: {en}"),
    );
    match error {
        ReportError::MixedUnits { expected, found, .. } => {
            let shown = |(unit, n): (Unit, u64)| (unit_kind(unit), n.to_string());
            Failure::refused(summary, vec![mixed_units(shown(*expected), shown(*found))])
        }
        _ => Failure::policy(summary),
    }
}

/// Everything a report is filled from.
struct Source<'s> {
    context: &'s Context,
    pilot: &'s Pilot,
    protocol: &'s Protocol,
    plan: &'s Plan,
    built: &'s Built,
    file: &'s ReportFile,
}

impl Source<'_> {
    /// The report, and the files that are made with it.
    fn report(&self) -> Result<(Report, Made), Failure> {
        let estimates = self.estimates()?;
        let tallies = status::tally(self)?;
        let effects::Found { effects, received, subgroups, robustness } =
            effects::read(self, &estimates, &tallies)?;
        let status = status::read(self, &tallies);
        let flow = flow::read(self)?;
        let draws = draws::read(self)?;
        let descriptives = descriptives::read(self, &flow)?;
        let own = profile_tables::read(&self.ground(&draws), self.file)?;
        let mut files = facts::files(self.context)?;
        files.extend(descriptives.files);
        files.extend(own.file);
        let entries = self.pilot.ledger().map_err(|error| words::store(&error))?;
        let runs = runs_of(&entries, &self.plan.sha256);
        let report = Report {
            title: self.protocol.title.of_report(),
            pilot: self.protocol.label.clone(),
            offices: self.protocol.offices.iter().map(|it| it.name.clone()).collect(),
            arms: self.arms(),
            cut: oslo(self.built.cut_us)?,
            public: false,
            interim: effects.iter().any(|it| it.status == lodd_report::Status::Interim),
            plan: self.locked_plan()?,
            alpha: self.plan.alpha,
            runs,
            scripted_clock: entries.iter().any(|it| it.clock == "scripted"),
            power: over_time::power(self, &draws)?,
            draws,
            eligibility: facts::eligibility(self.context, self.protocol)?,
            flow: flow::shown(&flow),
            reconciliation: flow::reconciliation(&flow),
            outcomes: planned::outcomes(self, &status),
            status,
            effects,
            received,
            subgroups,
            robustness,
            planned: planned::planned(self, &estimates)?,
            deviations: deviations(self.pilot)?,
            paths: over_time::paths(self, &estimates)?,
            months: over_time::curves(self)?,
            notes: Vec::new(),
            profile: self.file.profile.clone(),
            legal: facts::legal(self.protocol),
            descriptives: descriptives.tables,
            profile_tables: own.tables,
            context: own.context,
            harms_not_measured: descriptives.not_measured,
            files,
            program: PROGRAM.to_owned(),
        };
        let mut made = vec![(descriptives::FILE, descriptives.bytes)];
        made.extend(own.bytes.map(|bytes| (profile_tables::FILE, bytes)));
        Ok((report, made))
    }

    fn arms(&self) -> Vec<Arm> {
        let arm = |it: &protocol::Arm| Arm { label: it.label.clone(), name: it.name.of_report() };
        self.protocol.draw.arms.iter().map(arm).collect()
    }

    /// What the evaluator's own tables are counted from.
    fn ground(&self, draws: &[Draw]) -> profile_tables::Ground<'_> {
        let in_arm = |place| draws.iter().map(|draw| draw.in_arm(place)).sum();
        let arms = self.protocol.draw.labels().into_iter().enumerate();
        profile_tables::Ground {
            context: self.context,
            pilot: self.pilot,
            protocol: self.protocol,
            outcomes: Some(&self.built.outcomes),
            cut_us: self.built.cut_us,
            drawn: arms.map(|(place, arm)| (arm, in_arm(place))).collect(),
        }
    }

    /// The estimates, which must have been made from the files beside them: those were the store's.
    fn estimates(&self) -> Result<Table, Failure> {
        let path = self.context.out("estimates.parquet");
        let stale = || {
            Failure::policy_with(
                Text::new(
                    "out/estimates.parquet er ikke regnet på filene som ligger ved siden av",
                    "out/estimates.parquet was not computed from the files beside it",
                )
                .nn("out/estimates.parquet er ikkje rekna på filene som ligg ved sida av"),
                Text::new("kjør `lodd estimate`", "run `lodd estimate`").nn("køyr `lodd estimate`"),
            )
        };
        if !path.exists() {
            return Err(stale());
        }
        let (table, metadata) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
        let says = |key: &str, value: &str| metadata.iter().any(|(k, v)| k == key && v == value);
        for name in ["assignments", "outcomes", "flow"] {
            let bytes = super::read_file(&self.context.out(&format!("{name}.parquet")))?;
            if !says(&format!("{name}_sha256"), &sha256_hex(&bytes)) {
                return Err(stale());
            }
        }
        if says("plan_sha256", &self.plan.sha256) { Ok(table) } else { Err(stale()) }
    }

    fn locked_plan(&self) -> Result<Option<LockedPlan>, Failure> {
        let locked = self.pilot.locked_plans().map_err(|error| words::store(&error))?;
        let at = locked.iter().position(|it| it.sha256 == self.plan.sha256);
        let plan = at.and_then(|at| locked.get(at).map(|it| (at, it)));
        plan.map(|(at, it)| {
            Ok(LockedPlan {
                sha256: it.sha256.clone(),
                locked_at: oslo(it.locked_at_us)?,
                // `lodd panel` opens no outcome before the first plan is locked.
                before_outcomes: at == 0,
                text: it.text.clone(),
            })
        })
        .transpose()
    }
}

/// How many times a plan has been run, by the ledger.
pub(super) fn runs_of(entries: &[Entry], plan_sha256: &str) -> u64 {
    let is_run = |payload: &str| payload.contains(plan_sha256);
    let runs = entries.iter().filter(|it| it.event == "run");
    runs.filter(|it| it.payload.as_deref().is_some_and(is_run)).count() as u64
}

/// What an outcome is called in the report.
fn outcome_label(outcome: &Outcome) -> Words {
    Words::new(outcome.label_nb.as_ref(), outcome.label_en.as_ref()).nn(outcome.label_nn.as_ref())
}

/// An instant in Oslo's time, ISO with its offset.
fn oslo(us: i64) -> Result<String, Failure> {
    clock::oslo_text(us)
}
