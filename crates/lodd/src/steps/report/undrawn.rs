//! The report of a pilot without a draw: it counts, and estimates no effect.

use lodd_report::{Profile, Report};
use lodd_store::Pilot;

use super::{facts, profile_tables};
use crate::{
    problem::Failure,
    protocol::Protocol,
    report_file::ReportFile,
    steps::{Context, panel::default_cut, words},
};

/// The report, and the bytes of the file that is made with it.
pub(super) fn report(
    context: &Context,
    pilot: &Pilot,
    (protocol, file): (&Protocol, &ReportFile),
) -> Result<(Report, Option<Vec<u8>>), Failure> {
    let cut_us = default_cut(pilot)?;
    let ground = profile_tables::Ground {
        context,
        pilot,
        protocol,
        outcomes: None,
        cut_us,
        drawn: Vec::new(),
    };
    let own = profile_tables::read(&ground, file)?;
    let entries = pilot.ledger().map_err(|error| words::store(&error))?;
    let mut files = facts::files(context)?;
    files.extend(own.file);
    let report = Report {
        profile_tables: own.tables,
        context: own.context,
        cut: super::oslo(cut_us)?,
        eligibility: facts::eligibility(context, protocol)?,
        scripted_clock: entries.iter().any(|it| it.clock == "scripted"),
        files,
        ..empty(protocol, file.profile.clone())
    };
    Ok((report, own.bytes))
}

/// A report in which nothing is compared.
fn empty(protocol: &Protocol, profile: Profile) -> Report {
    Report {
        title: protocol.title.of_report(),
        pilot: protocol.label.clone(),
        offices: protocol.offices.iter().map(|it| it.name.clone()).collect(),
        arms: Vec::new(),
        cut: String::new(),
        public: false,
        interim: false,
        plan: None,
        alpha: 0.05,
        runs: 0,
        scripted_clock: false,
        draws: Vec::new(),
        eligibility: None,
        flow: Vec::new(),
        reconciliation: Vec::new(),
        status: Vec::new(),
        outcomes: Vec::new(),
        descriptives: Vec::new(),
        profile_tables: Vec::new(),
        context: Vec::new(),
        harms_not_measured: Vec::new(),
        effects: Vec::new(),
        paths: Vec::new(),
        months: Vec::new(),
        power: Vec::new(),
        received: Vec::new(),
        subgroups: Vec::new(),
        robustness: Vec::new(),
        planned: Vec::new(),
        deviations: Vec::new(),
        notes: Vec::new(),
        profile,
        legal: facts::legal(protocol),
        files: Vec::new(),
        program: super::PROGRAM.to_owned(),
    }
}
