//! The plan held against the report: the plan itself, what came of each analysis, and what did not
//! go as the locked protocol says.

use super::Blocks;
use crate::{
    document::Block,
    locale::{fill, plural},
    model::{Deviation, DeviationKind, Fate, Outcome, Planned, Report, Status},
    table::{Head, Kind, Numbering, Row, Shown, Table, capital},
    wording::Words,
};

/// The outcomes that the report's tables and analyses use.
pub(super) fn outcomes(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    if report.outcomes.is_empty() {
        return Ok(Vec::new());
    }
    let a = &words.t.appendix;
    let row = |it: &Outcome| {
        let cells =
            vec![Shown::text(capital(words.unit(it.unit))), Shown::text(it.derivation.as_str())];
        Row {
            minor: Some(format!("{}, {}", it.id, it.version)),
            badges: if it.primary { vec![a.primary] } else { Vec::new() },
            ..Row::new(Kind::Plain, it.label.get(words.lang), cells)
        }
    };
    let head = [words.t.col_outcome, a.col_unit, a.col_derivation].map(Head::new);
    let table = Table {
        number: numbers.table(),
        caption: a.outcomes_table.to_owned(),
        meta: Vec::new(),
        head: vec![head.into()],
        rows: report.outcomes.iter().map(row).collect(),
        notes: Vec::new(),
    };
    Ok(vec![Block::paragraph(a.outcomes_intro), Block::Table(table)])
}

/// The plan, word for word.
pub(super) fn plan(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let a = &words.t.appendix;
    let Some(plan) = &report.plan else {
        return Ok(vec![Block::paragraph(words.t.method_plan_none)]);
    };
    let facts = vec![
        (a.plan_locked.to_owned(), words.f.instant(&plan.locked_at)),
        (a.plan_sha256.to_owned(), plan.sha256.clone()),
    ];
    let lines = plan.text.lines().map(str::to_owned).collect();
    Ok(vec![Block::Facts(facts), Block::paragraph(a.plan_text), Block::Commands(lines)])
}

/// Each analysis of the plan: run, not run, why; and what was run beside it.
pub(super) fn planned(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let a = &words.t.appendix;
    if report.planned.is_empty() {
        return Ok(vec![Block::paragraph(a.planned_none)]);
    }
    let run = report.planned.iter().filter(|it| it.fate != Fate::NotRun).count() as u64;
    let (run, all) = (words.f.count(run), words.f.count(report.planned.len() as u64));
    let table = Table {
        number: numbers.table(),
        caption: words.t.titles.planned.to_owned(),
        meta: Vec::new(),
        head: vec![
            [a.col_analysis, words.t.col_outcome, words.t.results.col_method, a.col_fate]
                .map(Head::new)
                .into(),
        ],
        rows: report.planned.iter().map(|it| planned_row(words, it)).collect(),
        notes: Vec::new(),
    };
    let intro = fill(a.planned_intro, &[("run", &run), ("all", &all)]);
    let mut blocks = vec![Block::Paragraph(intro), Block::Table(table)];
    blocks.extend(unplanned(words, report).map(Block::Paragraph));
    Ok(blocks)
}

fn planned_row(words: Words, it: &Planned) -> Row {
    let a = &words.t.appendix;
    let horizon = it.horizon.as_ref().map(|at| format!(" {}", words.horizon(at)));
    let outcome = it.outcome.get(words.lang).to_owned() + &horizon.unwrap_or_default();
    let fate = match &it.fate {
        Fate::Run { status: Status::Confirmatory, .. } => a.fate_run.to_owned(),
        Fate::Run { status: Status::Interim, .. } => a.fate_interim.to_owned(),
        Fate::Run { status: Status::Exploratory, .. } => a.fate_exploratory.to_owned(),
        Fate::NoEstimate(None) => a.fate_no_estimate.to_owned(),
        Fate::NoEstimate(Some(why)) => fill(a.fate_why, &[("why", why)]),
        Fate::Withheld => a.fate_withheld.to_owned(),
        Fate::NotRun => a.fate_not_run.to_owned(),
    };
    let cells = [outcome, words.t.code(&it.estimator).to_owned(), fate].map(Shown::text);
    Row::new(Kind::Plain, it.analysis.as_str(), cells.into())
}

/// How many analyses the report has that the plan has not.
fn unplanned(words: Words, report: &Report) -> Option<String> {
    let main = report.effects.iter();
    let beside = report.robustness.iter().map(|it| &it.effect);
    let received = report.received.iter().map(|it| &it.effect);
    let groups = report.subgroups.iter().map(|it| &it.effect);
    let all = main.chain(beside).chain(received).chain(groups);
    let is_planned = |id: &str| report.planned.iter().any(|it| it.analysis == id);
    let mut ids: Vec<&str> =
        all.map(|it| it.analysis.as_str()).filter(|id| !is_planned(id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let n = ids.len() as u64;
    let said = format!("{} {}", words.f.count(n), plural(words.t.appendix.analysis, n));
    (n > 0).then(|| fill(words.t.appendix.unplanned, &[("n", &said)]))
}

/// What did not go as the locked protocol says, from the ledger.
pub(super) fn deviations(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let a = &words.t.appendix;
    if report.deviations.is_empty() {
        return Ok(vec![Block::paragraph(a.deviations_none)]);
    }
    let table = Table {
        number: numbers.table(),
        caption: a.deviations_table.to_owned(),
        meta: Vec::new(),
        head: vec![[a.col_when, a.col_entry, a.col_what, a.col_why].map(Head::new).into()],
        rows: report.deviations.iter().map(|it| deviation(words, it)).collect(),
        notes: Vec::new(),
    };
    Ok(vec![Block::paragraph(a.deviations_intro), Block::Table(table)])
}

fn deviation(words: Words, it: &Deviation) -> Row {
    let a = &words.t.appendix;
    let what = match it.kind {
        DeviationKind::Amendment => a.amendment.to_owned(),
        DeviationKind::Strike { leaves: true } => a.strike_leaves.to_owned(),
        DeviationKind::Strike { leaves: false } => a.strike_stays.to_owned(),
        DeviationKind::StrikesWithheld => a.strikes_withheld.to_owned(),
        DeviationKind::Void { draw } => fill(a.void, &[("n", &draw.to_string())]),
        DeviationKind::Replanned => a.replanned.to_owned(),
    };
    let reason = if it.reason.trim().is_empty() { a.no_reason } else { it.reason.as_str() };
    let cells = vec![Shown::text(it.entry.to_string()), Shown::text(what), Shown::text(reason)];
    Row::new(Kind::Plain, words.f.instant(&it.at), cells)
}
