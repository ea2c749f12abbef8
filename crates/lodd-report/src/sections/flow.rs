//! Flow: how many there are at each step, as a chart and as tables; and the criteria.

use std::collections::BTreeMap;

use crate::{
    figures::flow::{self, FlowChart},
    locale::fill,
    model::{Cell, Eligibility, FileKind, FlowRow, Horizon, Origin, Reason, Report, Stage, Unit},
    table::{Head, Kind, Numbering, Row, Shown, Table, capital, meta},
    wording::Words,
};

/// What the section shows.
#[derive(Debug)]
pub(crate) struct FlowSection {
    pub(crate) intro: String,
    pub(crate) chart: Option<FlowChart>,
    pub(crate) tables: Vec<Table>,
    pub(crate) eligibility: Option<(String, Table)>,
}

/// One step of one unit: the total, and each arm where there are arms yet.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) stage: Stage,
    pub(crate) horizon: Option<Horizon>,
    pub(crate) reason: Option<Reason>,
    pub(crate) total: u64,
    /// One count an arm, in the report's order; empty before the draw.
    pub(crate) arms: Vec<u64>,
}

pub(crate) fn section(words: Words, report: &Report, numbers: &mut Numbering) -> FlowSection {
    let unit = report.draws.first().map_or(Unit::Family, |draw| draw.unit);
    let intro = fill(words.t.flow_intro, &[("units", words.unit(unit))]);
    let figure = lines(report, unit);
    let chart_number = (!figure.is_empty() && flow::fits(report)).then(|| numbers.figure());
    let tables: Vec<Table> = Unit::ALL
        .into_iter()
        .map(|unit| (unit, lines(report, unit)))
        .filter(|(_, lines)| lines.iter().any(|line| line.total > 0))
        .map(|(unit, lines)| table(words, report, unit, &lines, numbers.table()))
        .collect();
    let chart = chart_number
        .zip(tables.first())
        .map(|(number, table)| flow::chart(words, report, unit, &figure, number, table.number));
    let eligibility = report.eligibility.as_ref().map(|it| {
        let values = [("date", &*words.f.date(&it.as_of)), ("expression", &*it.expression)];
        let intro = fill(words.t.eligibility_intro, &values);
        (intro, eligibility_table(words, report, it, numbers.table()))
    });
    FlowSection { intro, chart, tables, eligibility }
}

/// The steps of one unit, in the order they were taken; a missing total is the sum of its parts.
pub(crate) fn lines(report: &Report, unit: Unit) -> Vec<Line> {
    let mut keys: Vec<&FlowRow> = Vec::new();
    let rows: Vec<&FlowRow> = report.flow.iter().filter(|row| row.level == unit).collect();
    for row in &rows {
        if !keys.iter().any(|key| is_same_step(key, row)) {
            keys.push(row);
        }
    }
    keys.sort_by_key(|key| (&key.horizon, key.stage, key.reason.is_some()));
    let mut lines: Vec<Line> = keys.iter().map(|key| line(key, &rows, report)).collect();
    add_missing_totals(&mut lines);
    lines
}

fn is_same_step(one: &FlowRow, other: &FlowRow) -> bool {
    (one.stage, &one.horizon, &one.reason) == (other.stage, &other.horizon, &other.reason)
}

fn line(key: &FlowRow, rows: &[&FlowRow], report: &Report) -> Line {
    let mut arms: BTreeMap<&str, u64> = BTreeMap::new();
    let mut total = None;
    for row in rows.iter().filter(|row| is_same_step(key, row)) {
        match &row.arm {
            Some(arm) => *arms.entry(arm).or_default() += row.count,
            None => *total.get_or_insert(0) += row.count,
        }
    }
    let counts: Vec<u64> = if arms.is_empty() {
        Vec::new()
    } else {
        report.arms.iter().map(|arm| arms.get(arm.label.as_str()).copied().unwrap_or(0)).collect()
    };
    let total = total.unwrap_or_else(|| counts.iter().sum());
    let (stage, horizon, reason) = (key.stage, key.horizon.clone(), key.reason.clone());
    Line { stage, horizon, reason, total, arms: counts }
}

/// Reasons for being missing exclude each other, so their sum is the total where none is given.
fn add_missing_totals(lines: &mut Vec<Line>) {
    let parts: Vec<Line> = lines
        .iter()
        .filter(|it| it.stage == Stage::Missing && it.reason.is_some())
        .cloned()
        .collect();
    for part in parts {
        let is_total = |it: &Line| {
            it.stage == Stage::Missing && it.horizon == part.horizon && it.reason.is_none()
        };
        if lines.iter().any(is_total) {
            continue;
        }
        let same: Vec<&Line> = lines
            .iter()
            .filter(|it| it.stage == Stage::Missing && it.horizon == part.horizon)
            .collect();
        let total = same.iter().map(|it| it.total).sum();
        let arms = (0..part.arms.len())
            .map(|arm| same.iter().filter_map(|it| it.arms.get(arm)).sum())
            .collect();
        let at = lines
            .iter()
            .position(|it| it.stage == Stage::Missing && it.horizon == part.horizon)
            .unwrap_or(lines.len());
        lines.insert(at, Line { reason: None, total, arms, ..part });
    }
}

/// `Observert etter 12 måneder`, or the reason where the line is a part.
pub(crate) fn step(words: Words, report: &Report, line: &Line) -> String {
    match (&line.reason, &line.horizon) {
        (Some(reason), _) => reason_words(words, report, reason),
        (None, Some(horizon)) => {
            format!("{} {}", stage(words, report, line.stage), words.horizon(horizon))
        }
        (None, None) => stage(words, report, line.stage).to_owned(),
    }
}

/// The words for a reason: the pilot's own, those of its rule, or those of the data model.
pub(crate) fn reason_words(words: Words, report: &Report, reason: &Reason) -> String {
    let code = match reason {
        Reason::Text(text) => return text.get(words.lang).to_owned(),
        Reason::Code(code) => code,
    };
    let mut rules = report.eligibility.iter().flat_map(|it| &it.rules);
    match rules.find(|rule| rule.id == *code) {
        Some(rule) => rule.reason.get(words.lang).to_owned(),
        None => words.t.code(code).to_owned(),
    }
}

/// The words for a stage. What was assigned elsewhere was not drawn.
pub(crate) fn stage(words: Words, report: &Report, stage: Stage) -> &'static str {
    let t = words.t;
    let imported = report.draws.iter().any(|draw| draw.origin == Origin::Imported);
    match stage {
        Stage::Assessed => t.assessed,
        Stage::NotEligible => t.not_eligible,
        Stage::Eligible => t.eligible,
        Stage::Drawn if imported => t.imported_total,
        Stage::Drawn => t.drawn,
        Stage::Due => t.due,
        Stage::Observed => t.observed,
        Stage::Missing => t.missing,
        Stage::Analysed => t.analysed,
    }
}

fn table(words: Words, report: &Report, unit: Unit, lines: &[Line], number: u32) -> Table {
    let t = words.t;
    let mut head = vec![Head::new(t.col_stage)];
    head.extend(report.arms.iter().map(|arm| Head::new(arm.name.get(words.lang))));
    head.push(Head::new(t.col_total));
    let rows = lines.iter().map(|line| {
        let mut cells: Vec<Shown> = if line.arms.is_empty() {
            report.arms.iter().map(|_| Shown::cell(words, Cell::Impossible)).collect()
        } else {
            line.arms.iter().map(|&n| Shown::cell(words, Cell::Count(n))).collect()
        };
        cells.push(Shown::cell(words, Cell::Count(line.total)));
        let kind = match (&line.reason, line.stage) {
            (Some(_), _) => Kind::Part,
            (None, Stage::Drawn) => Kind::Base,
            (None, _) => Kind::Plain,
        };
        Row::new(kind, step(words, report, line), cells)
    });
    Table {
        number,
        caption: fill(t.flow_table, &[("units", words.unit(unit))]),
        meta: meta(words, report, unit, None, FileKind::Flow),
        head: vec![head],
        rows: rows.collect(),
        notes: vec![t.symbols.to_owned()],
    }
}

fn eligibility_table(words: Words, report: &Report, it: &Eligibility, number: u32) -> Table {
    let t = words.t;
    let count = |n: u64| Shown::cell(words, Cell::Count(n));
    let none = Shown::cell(words, Cell::Impossible);
    let base = |head, n| Row::new(Kind::Base, head, vec![count(n), none.clone()]);
    let mut rows: Vec<Row> = vec![base(t.assessed, it.assessed), base(t.eligible, it.eligible)];
    rows.extend(it.rules.iter().map(|rule| {
        let cells = vec![count(rule.failed), count(rule.failed_ineligible)];
        let head = capital(rule.reason.get(words.lang));
        Row { minor: Some(rule.id.clone()), ..Row::new(Kind::Plain, head, cells) }
    }));
    Table {
        number,
        caption: t.eligibility_title.to_owned(),
        meta: meta(words, report, it.unit, None, FileKind::Screening),
        head: vec![[t.col_rule, t.col_failed, t.col_failed_ineligible].map(Head::new).into()],
        rows,
        notes: vec![t.symbols.to_owned()],
    }
}
