//! Method and data notes, the legal block, and the files.

use crate::{
    locale::fill,
    model::{FileKind, Legal, Report},
    sections::effects,
    table::capital,
    wording::Words,
};

/// The paragraphs on method.
pub(crate) fn paragraphs(words: Words, report: &Report) -> Vec<String> {
    let t = words.t;
    let mut out = vec![t.method_itt.to_owned()];
    let estimators = distinct(report.effects.iter().map(|it| effects::method(words, it)));
    if !estimators.is_empty() {
        out.push(fill(t.method_estimators, &[("list", &words.list(&estimators))]));
        let level = words.f.level(1.0 - report.alpha);
        out.push(fill(t.method_interval, &[("level", &level)]));
    }
    let of_status = report.status.iter().map(|it| (&it.source, it.register.as_deref()));
    let of_effects = report.effects.iter().map(|it| (&it.source, it.register.as_deref()));
    let sources = distinct(
        of_status.chain(of_effects).map(|(source, register)| words.source(source, register)),
    );
    if !sources.is_empty() {
        out.push(fill(t.method_sources, &[("list", &words.list(&sources))]));
    }
    out.push(plan(words, report));
    out.push(runs(words, report));
    out.push(fill(t.method_cut, &[("cut", &words.f.instant(&report.cut))]));
    if report.is_interim() {
        out.push(t.method_interim.to_owned());
    }
    if report.scripted_clock {
        out.push(t.clock_note.to_owned());
    }
    out
}

fn plan(words: Words, report: &Report) -> String {
    let t = words.t;
    let Some(plan) = &report.plan else { return t.method_plan_none.to_owned() };
    let sentence = if plan.before_outcomes { t.method_plan_before } else { t.method_plan_after };
    let date = words.f.instant(&plan.locked_at);
    fill(sentence, &[("date", &date), ("sha256", &plan.sha256)])
}

fn runs(words: Words, report: &Report) -> String {
    let times = crate::locale::plural(words.t.times, report.runs);
    fill(words.t.method_runs, &[("n", &words.f.count(report.runs)), ("times", times)])
}

/// Each text once, in the order they come.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for text in texts {
        if !out.contains(&text) {
            out.push(text);
        }
    }
    out
}

/// Name and text of each part of the legal basis; what is empty is missing.
pub(crate) fn legal(words: Words, legal: &Legal) -> Vec<(&'static str, String)> {
    let t = words.t;
    let or_missing = |text: &str| {
        if text.trim().is_empty() { "..".to_owned() } else { text.to_owned() }
    };
    vec![
        (t.legal_processing, or_missing(&legal.processing_basis)),
        (t.legal_confidentiality, or_missing(&legal.confidentiality)),
        (t.legal_authority, or_missing(&legal.trial_authority)),
        (t.legal_dpia, or_missing(&legal.dpia)),
        (t.legal_ethics, or_missing(&legal.ethics)),
        (t.legal_information, or_missing(&legal.information)),
        (t.legal_objection, or_missing(&legal.objection)),
        (t.legal_deletion, or_missing(&words.f.date(&legal.deletion_date))),
    ]
}

/// A file as the list shows it.
#[derive(Debug)]
pub(crate) struct FileView {
    pub(crate) name: String,
    pub(crate) holds: String,
    pub(crate) sha256: Option<String>,
}

/// The files beside the report.
pub(crate) fn files(words: Words, report: &Report) -> Vec<FileView> {
    let t = words.t;
    let holds = |kind| match kind {
        FileKind::Screening => t.f_screening,
        FileKind::Assignments => t.f_assignments,
        FileKind::Panel => t.f_panel,
        FileKind::Outcomes => t.f_outcomes,
        FileKind::Flow => t.f_flow,
        FileKind::Estimates => t.f_estimates,
    };
    let view = |file: &crate::model::DataFile| FileView {
        name: file.name.clone(),
        holds: capital(holds(file.kind)),
        sha256: file.sha256.clone(),
    };
    report.files.iter().map(view).collect()
}
