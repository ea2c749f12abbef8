//! What the measure cost, as the evaluator states it.

use super::Blocks;
use crate::{
    document::Block,
    format::Style,
    model::{Cost, FileKind, Report},
    table::{About, Fact, Head, Kind, Numbering, Row, Shown, Table, file_name},
    wording::Words,
};

/// The items, each with its amount for a family drawn to its arm.
pub(super) fn blocks(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let r = &words.t.results;
    let costs = &report.profile.costs;
    if costs.is_empty() {
        return Ok(vec![Block::paragraph(r.costs_none)]);
    }
    let head = [r.col_cost, r.col_arm, r.col_nok, r.col_year, r.col_per_family, r.col_source];
    let table = Table {
        number: numbers.table(),
        caption: r.costs_table.to_owned(),
        meta: meta(words, report),
        head: vec![head.map(Head::new).into()],
        rows: costs.iter().map(|cost| row(words, report, cost)).collect(),
        notes: vec![words.t.symbols.to_owned()],
    };
    Ok(vec![Block::paragraph(r.costs_intro), Block::Table(table)])
}

/// The file that holds them.
fn meta(words: Words, report: &Report) -> Vec<Fact> {
    let file = file_name(report, FileKind::ProfileTables);
    file.map(|name| Fact::named(About::File, words.t.file, ("file", name))).into_iter().collect()
}

fn row(words: Words, report: &Report, cost: &Cost) -> Row {
    let arm = cost.arm.as_deref();
    let name = arm.and_then(|it| report.arm(it)).map(|it| it.name.get(words.lang));
    let families = arm.map(|arm| drawn_to(report, arm)).filter(|n| *n > 0);
    let per_family = families.map(|n| cost.nok / n as f64);
    let cells = vec![
        Shown::text(name.unwrap_or(words.t.results.all)),
        Shown::number(words, Some(cost.nok), Style::Decimals(0)),
        Shown::text(cost.year.to_string()),
        Shown::number(words, per_family, Style::Decimals(0)),
        Shown::text(cost.source.as_str()),
    ];
    Row::new(Kind::Plain, cost.label.get(words.lang), cells)
}

/// Units drawn to an arm, over all draws.
fn drawn_to(report: &Report, label: &str) -> u64 {
    let arm = report.arms.iter().position(|arm| arm.label == label);
    arm.map_or(0, |arm| report.draws.iter().map(|draw| draw.in_arm(arm)).sum())
}
