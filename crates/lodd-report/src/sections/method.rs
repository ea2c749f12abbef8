//! Data and method: the parts that the pilot itself can say, and the list of files.

use super::{Blocks, effects};
use crate::{
    document::Block,
    locale::fill,
    model::{DataFile, FileKind, Legal, Report},
    table::{Head, Kind, Numbering, Row, Shown, Table, capital},
    wording::Words,
};

/// Who is compared with whom, and what was fixed beforehand.
pub(super) fn design(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let texts = [words.t.method_itt.to_owned(), plan(words, report), runs(words, report)];
    Ok(texts.map(Block::Paragraph).into())
}

/// Where the numbers come from, and when.
pub(super) fn sources(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let t = words.t;
    let mut out = Vec::new();
    let of_status = report.status.iter().map(|it| (&it.source, it.register.as_deref()));
    let of_effects = report.effects.iter().map(|it| (&it.source, it.register.as_deref()));
    let sources = distinct(
        of_status.chain(of_effects).map(|(source, register)| words.source(source, register)),
    );
    if !sources.is_empty() {
        out.push(fill(t.method_sources, &[("list", &words.list(&sources))]));
    }
    out.push(fill(t.method_cut, &[("cut", &words.f.instant(&report.cut))]));
    out.extend(report.notes.iter().map(|note| note.get(words.lang).to_owned()));
    Ok(out.into_iter().map(Block::Paragraph).collect())
}

/// How effects and their uncertainty were computed.
pub(super) fn statistics(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let t = words.t;
    let estimators = distinct(report.effects.iter().map(|it| effects::method(words, it)));
    let mut out = Vec::new();
    if !estimators.is_empty() {
        out.push(fill(t.method_estimators, &[("list", &words.list(&estimators))]));
        let level = words.f.level(1.0 - report.alpha);
        out.push(fill(t.method_interval, &[("level", &level)]));
    }
    Ok(out.into_iter().map(Block::Paragraph).collect())
}

/// What the pilot's own records say against its numbers.
pub(super) fn limitations(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let t = words.t;
    let said = [(report.is_interim(), t.method_interim), (report.scripted_clock, t.clock_note)];
    let said = said.into_iter().filter(|(is_true, _)| *is_true);
    Ok(said.map(|(_, text)| Block::paragraph(text)).collect())
}

/// The evaluator's references.
pub(super) fn literature(_: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let references = &report.profile.literature;
    Ok(if references.is_empty() { Vec::new() } else { vec![Block::List(references.clone())] })
}

/// The legal basis.
pub(super) fn ethics(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let facts = legal(words, &report.legal);
    Ok(vec![Block::paragraph(words.t.legal_intro), Block::Facts(facts)])
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
fn legal(words: Words, legal: &Legal) -> Vec<(String, String)> {
    let t = words.t;
    let or_missing = |text: &str| {
        if text.trim().is_empty() { "..".to_owned() } else { text.to_owned() }
    };
    let facts = [
        (t.legal_processing, or_missing(&legal.processing_basis)),
        (t.legal_confidentiality, or_missing(&legal.confidentiality)),
        (t.legal_authority, or_missing(&legal.trial_authority)),
        (t.legal_dpia, or_missing(&legal.dpia)),
        (t.legal_ethics, or_missing(&legal.ethics)),
        (t.legal_information, or_missing(&legal.information)),
        (t.legal_objection, or_missing(&legal.objection)),
        (t.legal_deletion, or_missing(&words.f.date(&legal.deletion_date))),
    ];
    facts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

/// The files beside the report.
pub(super) fn files(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let t = words.t;
    let holds = |kind| match kind {
        FileKind::Screening => t.f_screening,
        FileKind::Assignments => t.f_assignments,
        FileKind::Panel => t.f_panel,
        FileKind::Outcomes => t.f_outcomes,
        FileKind::Flow => t.f_flow,
        FileKind::Estimates => t.f_estimates,
        FileKind::Stock => t.figures.f_stock,
        FileKind::Power => t.figures.f_power,
        FileKind::Descriptives => t.descriptive.f_descriptives,
        FileKind::ProfileTables => t.profile_tables.holds,
        FileKind::Balance => t.descriptive.f_balance,
        FileKind::Order => t.descriptive.f_order,
        FileKind::Transitions => t.descriptive.f_transitions,
    };
    let row = |file: &DataFile| {
        let sha256 = file.sha256.as_deref().unwrap_or("..");
        let cells = vec![Shown::text(capital(holds(file.kind))), Shown::text(sha256)];
        Row::new(Kind::Plain, file.name.as_str(), cells)
    };
    let table = Table {
        number: numbers.table(),
        caption: t.titles.files.to_owned(),
        meta: Vec::new(),
        head: vec![[t.col_file, t.col_holds, t.file_sha256].map(Head::new).into()],
        rows: report.files.iter().map(row).collect(),
        notes: Vec::new(),
    };
    Ok(vec![Block::paragraph(t.files_intro), Block::Table(table)])
}
