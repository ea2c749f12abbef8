//! Flow: how many there are at each step, as a chart and as tables; and the criteria.

use std::collections::BTreeMap;

use super::Blocks;
use crate::{
    document::Block,
    figures::flow,
    locale::fill,
    model::{
        Arm, Cell, Eligibility, FileKind, FlowRow, Horizon, Origin, Reason, Report, Stage, Unit,
    },
    table::{Head, Kind, Numbering, Row, Shown, Table, capital, meta},
    wording::Words,
};

/// One step of one unit: the total, and each arm where there are arms yet.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) stage: Stage,
    pub(crate) horizon: Option<Horizon>,
    pub(crate) reason: Option<Reason>,
    /// Which outcome by which source, where only those of one are counted.
    pub(crate) series: Option<String>,
    pub(crate) total: Cell,
    /// One count an arm, in the report's order; empty before the draw.
    pub(crate) arms: Vec<Cell>,
}

/// From the list to the analysis: the chart, the counts of each unit, the criteria.
pub(super) fn implementation(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let t = words.t;
    let unit = report.draws.first().map_or(Unit::Family, |draw| draw.unit);
    let figure = lines(words, report, unit);
    let chart_number = (!figure.is_empty() && flow::fits(report)).then(|| numbers.figure());
    let mut tables = Vec::new();
    for unit in Unit::FLOW {
        let lines = lines(words, report, unit);
        if lines.iter().any(|line| line.total.is_some()) {
            tables.push(table(words, report, (unit, t.flow_table), &lines, numbers.table()));
        }
    }
    let mut blocks = Vec::new();
    if tables.is_empty() {
        blocks.push(Block::paragraph(t.flow_none));
    } else {
        blocks.push(Block::Paragraph(fill(t.flow_intro, &[("units", words.unit(unit))])));
    }
    if let Some((number, table)) = chart_number.zip(tables.first()) {
        let chart = flow::chart(words, report, unit, &figure, number, table.number)?;
        blocks.push(Block::Figure(chart));
    }
    blocks.extend(tables.into_iter().map(Block::Table));
    blocks.extend(criteria(words, report, numbers));
    Ok(blocks)
}

/// How eligibility was judged; nothing where it was judged elsewhere.
pub(super) fn criteria(words: Words, report: &Report, numbers: &mut Numbering) -> Vec<Block> {
    let Some(it) = &report.eligibility else { return Vec::new() };
    let values = [("date", &*words.f.date(&it.as_of)), ("expression", &*it.expression)];
    let intro = Block::Paragraph(fill(words.t.eligibility_intro, &values));
    vec![intro, Block::Table(eligibility_table(words, report, it, numbers.table()))]
}

/// What no chapter shows: how those who live in the families follow from those who were drawn.
pub(super) fn full_tables(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    Ok(reconciled(words, report, numbers).into_iter().map(Block::Table).collect())
}

/// The steps of one unit, in the order they were taken; a missing total is the sum of its parts.
pub(crate) fn lines(words: Words, report: &Report, unit: Unit) -> Vec<Line> {
    let shown = |row: &&FlowRow| match row.stage {
        Stage::NotAnalysed => false,
        Stage::Analysed => true,
        _ => row.source.is_none(),
    };
    let rows = report.flow.iter().filter(|row| row.level == unit).filter(shown);
    lines_of(words, report, &rows.collect::<Vec<_>>())
}

/// One table a unit: how those who live in the families follow from those who were drawn.
fn reconciled(words: Words, report: &Report, numbers: &mut Numbering) -> Vec<Table> {
    let mut tables = Vec::new();
    for unit in Unit::ALL {
        let rows = report.reconciliation.iter().filter(|row| row.level == unit);
        let lines = lines_of(words, report, &rows.collect::<Vec<_>>());
        if lines.iter().any(|line| line.stage.reconciles() && line.total.is_some()) {
            let title = (unit, words.t.reconciled_table);
            tables.push(table(words, report, title, &lines, numbers.table()));
        }
    }
    tables
}

fn lines_of(words: Words, report: &Report, rows: &[&FlowRow]) -> Vec<Line> {
    let mut keys: Vec<&FlowRow> = Vec::new();
    for &row in rows {
        if !keys.iter().any(|key| is_same_step(key, row)) {
            keys.push(row);
        }
    }
    keys.sort_by_key(|key| (&key.horizon, key.stage, key.reason.is_some()));
    let mut lines: Vec<Line> = keys.iter().map(|key| line(words, key, rows, report)).collect();
    add_missing_totals(&mut lines);
    lines
}

fn is_same_step(one: &FlowRow, other: &FlowRow) -> bool {
    let place = |it: &FlowRow| (it.stage, it.horizon.clone(), it.reason.clone());
    place(one) == place(other)
        && (&one.source, &one.register, &one.outcome)
            == (&other.source, &other.register, &other.outcome)
}

fn line(words: Words, key: &FlowRow, rows: &[&FlowRow], report: &Report) -> Line {
    let mut arms: BTreeMap<&str, Cell> = BTreeMap::new();
    let mut total: Option<Cell> = None;
    for row in rows.iter().filter(|row| is_same_step(key, row)) {
        match &row.arm {
            Some(arm) => {
                let there = arms.entry(arm).or_insert(Cell::Count(0));
                *there = there.plus(row.count);
            }
            None => total = Some(total.unwrap_or(Cell::Count(0)).plus(row.count)),
        }
    }
    let of = |arm: &Arm| arms.get(arm.label.as_str()).copied().unwrap_or(Cell::Count(0));
    let counts: Vec<Cell> =
        if arms.is_empty() { Vec::new() } else { report.arms.iter().map(of).collect() };
    let total = total.unwrap_or_else(|| sum(&counts));
    let (stage, horizon, reason) = (key.stage, key.horizon.clone(), key.reason.clone());
    let series = key.outcome.as_ref().map(|outcome| {
        let source = key.source.as_deref().unwrap_or_default();
        let source = words.source(source, key.register.as_deref());
        format!("{}, {source}", outcome.get(words.lang))
    });
    Line { stage, horizon, reason, series, total, arms: counts }
}

fn sum(cells: &[Cell]) -> Cell {
    cells.iter().fold(Cell::Count(0), |sum, cell| sum.plus(*cell))
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
        let total = sum(&same.iter().map(|it| it.total).collect::<Vec<_>>());
        let of = |arm: usize| same.iter().filter_map(move |it| it.arms.get(arm).copied());
        let arms = (0..part.arms.len()).map(|arm| sum(&of(arm).collect::<Vec<_>>())).collect();
        let at = lines
            .iter()
            .position(|it| it.stage == Stage::Missing && it.horizon == part.horizon)
            .unwrap_or(lines.len());
        lines.insert(at, Line { reason: None, total, arms, ..part });
    }
}

/// `Observert etter 12 måneder`, or the reason where the line is a part.
pub(crate) fn step(words: Words, report: &Report, line: &Line) -> String {
    let name = stage(words, report, line.stage);
    match (&line.reason, &line.horizon) {
        (Some(kind), None) if by_kind(line.stage) => {
            format!("{name} {}", reason_words(words, report, kind))
        }
        (Some(reason), _) => reason_words(words, report, reason),
        (None, Some(horizon)) => {
            let series = line.series.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
            format!("{name} {}{series}", words.horizon(horizon))
        }
        (None, None) => name.to_owned(),
    }
}

/// Whether the reason is the kind of consent that was asked for.
fn by_kind(stage: Stage) -> bool {
    (Stage::Asked..=Stage::Withdrew).contains(&stage)
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
        Stage::Erased => t.erased,
        Stage::Struck => t.struck,
        Stage::Asked => t.asked,
        Stage::Consented => t.consented,
        Stage::Declined => t.declined,
        Stage::Withdrew => t.withdrew,
        Stage::Offered => t.offered,
        Stage::Accepted => t.accepted,
        Stage::Refused => t.refused,
        Stage::NotReached => t.not_reached,
        Stage::NoAnswer => t.no_answer,
        Stage::Started => t.started,
        Stage::Died => t.died,
        Stage::Left => t.left,
        Stage::Came => t.came,
        Stage::Split => t.split,
        Stage::Dissolved => t.dissolved,
        Stage::Present => t.present,
        Stage::Due => t.due,
        Stage::Observed => t.observed,
        Stage::Missing => t.missing,
        Stage::Analysed => t.analysed,
        Stage::NotAnalysed => t.not_analysed,
    }
}

fn table(
    words: Words,
    report: &Report,
    (unit, title): (Unit, &str),
    lines: &[Line],
    number: u32,
) -> Table {
    let t = words.t;
    let mut head = vec![Head::new(t.col_stage)];
    head.extend(report.arms.iter().map(|arm| Head::new(arm.name.get(words.lang))));
    head.push(Head::new(t.col_total));
    let rows = lines.iter().map(|line| {
        let mut cells: Vec<Shown> = if line.arms.is_empty() {
            report.arms.iter().map(|_| Shown::cell(words, Cell::Impossible)).collect()
        } else {
            line.arms.iter().map(|&n| Shown::cell(words, n)).collect()
        };
        cells.push(Shown::cell(words, line.total));
        let kind = match (&line.reason, line.stage) {
            (Some(_), stage) if !by_kind(stage) => Kind::Part,
            (None, Stage::Drawn) => Kind::Base,
            _ => Kind::Plain,
        };
        Row::new(kind, step(words, report, line), cells)
    });
    Table {
        number,
        caption: fill(title, &[("units", words.unit(unit))]),
        meta: meta(words, report, unit, None, FileKind::Flow),
        head: vec![head],
        rows: rows.collect(),
        notes: vec![t.symbols.to_owned()],
    }
}

fn eligibility_table(words: Words, report: &Report, it: &Eligibility, number: u32) -> Table {
    let t = words.t;
    let count = |n: Cell| Shown::cell(words, n);
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
