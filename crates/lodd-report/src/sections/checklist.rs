//! The checklist CONSORT-SPI: where each item is told of, and which are open.

use super::Blocks;
use crate::{
    document::Block,
    locale::{checklist::ITEMS, fill},
    model::{Report, Stage},
    table::{Head, Kind, Numbering, Row, Shown, Table},
    wording::Words,
};

/// The numbers of the items, as `[checklist]` of `report.toml` names them.
pub const CHECKLIST_ITEMS: &[&str] = &[
    "1a", "1b", "2a", "2b", "3a", "3b", "4a", "4b", "5", "5a", "5b", "5c", "6a", "6b", "7a", "7b",
    "8a", "8b", "9", "10", "11a", "11b", "12a", "12b", "13a", "13b", "14a", "14b", "15", "16",
    "17a", "17b", "18", "19", "20", "21", "22", "23", "24", "25", "26a", "26b", "26c",
];

/// The table of all items: told in which sections, as the evaluator says, or open.
pub(super) fn blocks(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let t = &words.t.appendix;
    let mut open = 0;
    let rows: Vec<Row> = ITEMS
        .iter()
        .map(|item| {
            let place = place(words, report, numbers, item.number);
            open += u64::from(place.is_none());
            let place = place.unwrap_or_else(|| t.item_open.to_owned());
            let cells = vec![Shown::text(item.text(words.lang)), Shown::text(place)];
            Row::new(Kind::Plain, item.number, cells)
        })
        .collect();
    let (all, open) = (words.f.count(rows.len() as u64), words.f.count(open));
    let table = Table {
        number: numbers.table(),
        caption: words.t.titles.checklist.to_owned(),
        meta: Vec::new(),
        head: vec![[t.col_item, t.col_told, t.col_place].map(Head::new).into()],
        rows,
        notes: Vec::new(),
    };
    let intro = fill(t.checklist_intro, &[("open", &open), ("all", &all)]);
    Ok(vec![Block::Paragraph(intro), Block::Table(table)])
}

/// Where an item is told of: the evaluator's own words first, else the sections that have it.
fn place(words: Words, report: &Report, numbers: &Numbering, item: &str) -> Option<String> {
    if let Some(place) = report.profile.checklist.get(item) {
        return Some(place.clone());
    }
    let sections = sections(report, item);
    let names: Vec<String> = sections
        .iter()
        .filter_map(|anchor| numbers.section(anchor))
        .map(|name| fill(words.t.appendix.in_section, &[("section", name)]))
        .collect();
    (!names.is_empty()).then(|| words.list(&names))
}

/// The sections in which this pilot's own records, or the evaluator's words, tell of an item.
fn sections(report: &Report, item: &str) -> Vec<&'static str> {
    let written = |anchor: &str| report.profile.prose.contains_key(anchor);
    let drawn_here = report.draws.iter().any(|draw| draw.protocol.is_some());
    let some =
        |stage: Stage| report.flow.iter().any(|row| row.stage == stage && row.count.is_some());
    let estimated = !report.effects.is_empty();
    let events = report.effects.iter().any(|effect| effect.events.is_some());
    let told: Vec<(bool, &'static str)> = match item {
        "1b" => vec![(report.effects.iter().any(|it| it.headline), "summary")],
        "2a" | "2b" => vec![(written("introduction"), "introduction")],
        "3a" => vec![(true, "design"), (true, "draw")],
        "3b" | "6b" => vec![(true, "deviations")],
        "4a" => vec![(report.eligibility.is_some(), "implementation")],
        "4b" => vec![(!report.offices.is_empty(), "introduction")],
        "5" => vec![(written("measure"), "measure")],
        "5a" => vec![(some(Stage::Started), "implementation")],
        "6a" => vec![(estimated || !report.status.is_empty(), "outcomes")],
        "7a" => vec![(report.effects.iter().any(|it| it.mde.is_some()), "estimates")],
        "7b" => vec![(true, "limitations")],
        "8a" | "9" => vec![(drawn_here, "draw"), (drawn_here, "protocol")],
        "8b" => vec![(!report.draws.is_empty(), "draw")],
        "12a" => vec![(estimated, "statistics")],
        "12b" | "18" => {
            vec![(!report.subgroups.is_empty() || !report.robustness.is_empty(), "robustness")]
        }
        "13a" => vec![(!report.flow.is_empty(), "implementation")],
        "13b" => vec![(some(Stage::Missing), "balance")],
        "15" => vec![(written("families"), "families")],
        "16" | "17a" => vec![(estimated, "estimates")],
        "17b" => vec![(events, "estimates")],
        "19" => vec![(written("harms"), "harms")],
        "20" => vec![(written("limitations"), "limitations")],
        "21" => vec![(written("discussion"), "discussion")],
        "22" => vec![(written("conclusion"), "conclusion")],
        "24" => vec![(report.plan.is_some(), "plan")],
        _ => vec![],
    };
    told.into_iter().filter(|(is_told, _)| *is_told).map(|(_, anchor)| anchor).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// 25 items of CONSORT 2010 and one of its extension: 26 in all, with their parts.
    #[test]
    fn the_checklist_has_26_items() {
        let numbers: Vec<&str> = ITEMS.iter().map(|item| item.number).collect();
        assert_eq!(numbers, CHECKLIST_ITEMS);
        let whole: BTreeSet<u32> = numbers
            .iter()
            .map(|it| it.trim_end_matches(char::is_alphabetic).parse().unwrap())
            .collect();
        assert_eq!(whole, (1..=26).collect());
    }
}
