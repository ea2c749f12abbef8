//! `lodd report`: the report in three languages, each in its formats, from the Parquet files.

mod descriptives;
mod draws;
mod effects;
mod flow;
mod over_time;
mod planned;
mod status;
mod write;

use std::collections::BTreeSet;

use lodd_panel::outcomes::Outcome;
use lodd_report::{
    Arm, DataFile, Eligibility, FileKind, Legal, Plan as LockedPlan, Profile, Report, ReportError,
    RuleCount, Text as Words, Unit,
};
use lodd_store::{Pilot, Table, parquet};
use serde_json::json;

use super::{
    Context, outputs,
    panel::{Built, written},
    plan::FILE,
    stamp_of, tables, words,
};
use crate::{
    answer::Answer,
    cli::ReportFormat,
    clock,
    hash::sha256_hex,
    plan::{self, Plan},
    problem::Failure,
    protocol::Protocol,
    report_file,
    text::{Text, say},
    units::{mixed_units, unit_kind},
};

/// The files that a report is made from, in the order of the chain.
const FILES: [(FileKind, &str); 8] = [
    (FileKind::Screening, "screening"),
    (FileKind::Assignments, "assignments"),
    (FileKind::Panel, "panel"),
    (FileKind::Outcomes, "outcomes"),
    (FileKind::Flow, "flow"),
    (FileKind::Estimates, "estimates"),
    (FileKind::Stock, "stock"),
    (FileKind::Power, "power"),
];

/// Writes `out/report.nb.html` and the others, in every language and in the formats asked for.
///
/// # Errors
///
/// Refused when the estimates are not those of the outcomes beside them, or a table would say
/// what it must not. Then nothing is written.
pub(crate) fn run(context: &Context, formats: &[ReportFormat]) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let profile = report_file::read(&context.dir, &protocol)?;
    let plan = plan::read(&context.path(FILE), &protocol)?;
    let built = written(context, &pilot, &protocol)?;
    let source = Source {
        context,
        pilot: &pilot,
        protocol: &protocol,
        plan: &plan,
        built: &built,
        profile: &profile,
    };
    let (report, descriptives) = source.report()?;
    let files = write::made(context, &report, formats)?;
    outputs::write(context, descriptives::FILE, &descriptives)?;
    let written = write::kept(context, &files)?;
    let list = written.join(", ");
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let mut lines = vec![say!("Rapporten er skrevet: {list}", "The report is written: {list}")];
    lines.extend(stamp_of(&draws));
    Ok(Answer::new(
        Text::lines(lines),
        json!({ "files": written, "effects": report.effects.len(), "runs": report.runs }),
    ))
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

/// One row of `screening.parquet`.
struct JudgedRow<'t> {
    family: &'t str,
    rule: &'t str,
    eligible: bool,
    /// Whether the rule is known to hold.
    passed: bool,
}

fn judged(table: &Table) -> Result<Vec<JudgedRow<'_>>, Failure> {
    let text = |name| table.text(name).map_err(|error| tables::internal(&error));
    let flag = |name| table.bool(name).map_err(|error| tables::internal(&error));
    let (families, rules) = (text("family_id")?, text("rule")?);
    let (eligible, passed) = (flag("eligible")?, flag("passed")?);
    let texts = families.iter().zip(rules);
    let flags = eligible.iter().zip(passed);
    let row = |((family, rule), (eligible, passed)): ((_, _), (&Option<bool>, &Option<bool>))| {
        let (family, rule): (&Option<String>, &Option<String>) = (family, rule);
        JudgedRow {
            family: family.as_deref().unwrap_or_default(),
            rule: rule.as_deref().unwrap_or_default(),
            eligible: *eligible == Some(true),
            passed: *passed == Some(true),
        }
    };
    Ok(texts.zip(flags).map(row).collect())
}

/// Everything a report is filled from.
struct Source<'s> {
    context: &'s Context,
    pilot: &'s Pilot,
    protocol: &'s Protocol,
    plan: &'s Plan,
    built: &'s Built,
    profile: &'s Profile,
}

impl Source<'_> {
    /// The report, and the bytes of the file that is made with it.
    fn report(&self) -> Result<(Report, Vec<u8>), Failure> {
        let estimates = self.estimates()?;
        let tallies = status::tally(self)?;
        let effects::Found { effects, received, subgroups, robustness } =
            effects::read(self, &estimates, &tallies)?;
        let status = status::read(self, &tallies);
        let flow = flow::read(self)?;
        let draws = draws::read(self)?;
        let descriptives = descriptives::read(self, &flow)?;
        let mut files = self.files()?;
        files.extend(descriptives.files);
        let entries = self.pilot.ledger().map_err(|error| words::store(&error))?;
        let is_run = |payload: &str| payload.contains(&self.plan.sha256);
        let runs = entries
            .iter()
            .filter(|it| it.event == "run" && it.payload.as_deref().is_some_and(is_run))
            .count();
        let report = Report {
            title: self.protocol.title.of_report(),
            pilot: self.protocol.label.clone(),
            offices: self.protocol.offices.iter().map(|it| it.name.clone()).collect(),
            arms: self
                .protocol
                .draw
                .arms
                .iter()
                .map(|it| Arm { label: it.label.clone(), name: it.name.of_report() })
                .collect(),
            cut: oslo(self.built.cut_us)?,
            interim: effects.iter().any(|it| it.status == lodd_report::Status::Interim),
            plan: self.locked_plan()?,
            alpha: self.plan.alpha,
            runs: runs as u64,
            scripted_clock: entries.iter().any(|it| it.clock == "scripted"),
            power: over_time::power(self, &draws)?,
            draws,
            eligibility: self.eligibility()?,
            flow: flow::shown(&flow),
            reconciliation: flow::reconciliation(&flow),
            outcomes: planned::outcomes(self, &status),
            status,
            effects,
            received,
            subgroups,
            robustness,
            planned: planned::planned(self, &estimates)?,
            deviations: planned::deviations(self)?,
            paths: over_time::paths(self, &estimates)?,
            months: over_time::curves(self)?,
            notes: Vec::new(),
            profile: self.profile.clone(),
            legal: self.legal(),
            descriptives: descriptives.tables,
            harms_not_measured: descriptives.not_measured,
            files,
            program: concat!("lodd ", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        Ok((report, descriptives.bytes))
    }

    /// The estimates, which must have been made from the files beside them: those were the store's.
    fn estimates(&self) -> Result<Table, Failure> {
        let path = self.context.out("estimates.parquet");
        let stale = || {
            Failure::policy_with(
                Text::new(
                    "out/estimates.parquet er ikke regnet på filene som ligger ved siden av",
                    "out/estimates.parquet was not computed from the files beside it",
                ),
                Text::new("kjør `lodd estimate`", "run `lodd estimate`"),
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

    /// How the families were judged, from `screening.parquet`.
    fn eligibility(&self) -> Result<Option<Eligibility>, Failure> {
        let path = self.context.out("screening.parquet");
        if !path.exists() {
            return Ok(None);
        }
        let (table, _) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
        let rows = judged(&table)?;
        let families = |eligible: bool| {
            let those = rows.iter().filter(|it| it.eligible || !eligible).map(|it| it.family);
            those.collect::<BTreeSet<_>>().len() as u64
        };
        let rule = |reason: &crate::protocol::Reason| {
            let failed = || rows.iter().filter(|it| it.rule == reason.rule && !it.passed);
            RuleCount {
                id: reason.rule.clone(),
                reason: Words::new(reason.nb.as_str(), reason.en.as_str()).nn(reason.nn.as_str()),
                failed: failed().count() as u64,
                failed_ineligible: failed().filter(|it| !it.eligible).count() as u64,
            }
        };
        Ok(Some(Eligibility {
            unit: Unit::Family,
            as_of: self.protocol.screening.as_of.to_string(),
            assessed: families(false),
            eligible: families(true),
            expression: self.protocol.screening.eligible.clone(),
            rules: self.protocol.reasons.iter().map(rule).collect(),
        }))
    }

    fn legal(&self) -> Legal {
        let text = |key: &str| {
            let at = crate::protocol::LEGAL.iter().position(|it| *it == key);
            at.and_then(|at| self.protocol.legal.get(at)).cloned().unwrap_or_default()
        };
        Legal {
            processing_basis: text("processing_basis"),
            confidentiality: text("confidentiality"),
            trial_authority: text("trial_authority"),
            dpia: text("dpia"),
            ethics: text("ethics"),
            information: text("information"),
            objection: text("objection"),
            deletion_date: text("deletion_date"),
        }
    }

    fn files(&self) -> Result<Vec<DataFile>, Failure> {
        let there =
            FILES.iter().filter(|(_, name)| self.context.out(&format!("{name}.parquet")).exists());
        there
            .map(|(kind, name)| {
                let name = format!("{name}.parquet");
                let bytes = super::read_file(&self.context.out(&name))?;
                Ok(DataFile { kind: *kind, name, sha256: Some(sha256_hex(&bytes)) })
            })
            .collect()
    }
}

/// What an outcome is called in the report.
fn outcome_label(outcome: &Outcome) -> Words {
    Words::new(outcome.label_nb.as_ref(), outcome.label_en.as_ref()).nn(outcome.label_nn.as_ref())
}

/// An instant in Oslo's time, ISO with its offset.
fn oslo(us: i64) -> Result<String, Failure> {
    clock::oslo_text(us)
}
