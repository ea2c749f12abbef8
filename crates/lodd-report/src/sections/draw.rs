//! How each draw was made, in plain words, and how anyone verifies it.

use super::Blocks;
use crate::{
    document::Block,
    locale::fill,
    model::{Beacon, Cell, Draw, FileKind, Origin, Protocol, Report},
    table::{Head, Kind, Numbering, Row, Shown, Table, file_name, meta},
    wording::Words,
};

/// How the draws were made: in words, and how many came into which arm.
pub(super) fn how(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let mut blocks = Vec::new();
    for draw in &report.draws {
        blocks.push(Block::Heading(title(words, draw)));
        blocks.extend(paragraphs(words, report, draw).into_iter().map(Block::Paragraph));
        if let Some(protocol) = &draw.protocol {
            blocks.push(Block::List(steps(words, protocol)));
        }
        blocks.push(Block::Table(seats(words, report, draw, numbers.table())));
    }
    Ok(blocks)
}

/// The public record of each draw, and how anyone verifies it.
pub(super) fn protocol(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let t = words.t;
    let mut blocks = Vec::new();
    for draw in &report.draws {
        blocks.push(Block::Heading(title(words, draw)));
        if let Some(protocol) = &draw.protocol {
            let n = draw.number.to_string();
            blocks.push(Block::Paragraph(fill(t.draw_hashes, &[("n", &n)])));
            blocks.push(Block::Facts(hashes(words, protocol)));
        }
        blocks.push(Block::paragraph(verify(words, report, draw)));
        if !draw.commands.is_empty() {
            blocks.push(Block::Commands(draw.commands.clone()));
        }
    }
    Ok(blocks)
}

/// `Trekning 2`
fn title(words: Words, draw: &Draw) -> String {
    fill(words.t.draw_title, &[("n", &draw.number.to_string())])
}

/// What anyone can do to verify it.
fn verify(words: Words, report: &Report, draw: &Draw) -> String {
    let t = words.t;
    match (draw.origin, draw.commands.is_empty()) {
        (Origin::Imported, _) => {
            let file = file_name(report, FileKind::Assignments).unwrap_or_default();
            fill(t.verify_imported, &[("file", file)])
        }
        (_, true) => t.verify_none.to_owned(),
        (_, false) => t.verify_intro.to_owned(),
    }
}

fn paragraphs(words: Words, report: &Report, draw: &Draw) -> Vec<String> {
    let t = words.t;
    let sentence = match draw.origin {
        Origin::Drawn => t.draw_drawn,
        Origin::Imported => t.draw_imported,
        Origin::Rehearsal => t.draw_rehearsal,
    };
    let units = words.units(draw.unit, draw.units());
    let date = words.f.date(&draw.drawn_on);
    let mut out = vec![fill(sentence, &[("units", &units), ("date", &date)])];
    if draw.protocol.as_ref().is_some_and(|protocol| protocol.taken_over) {
        out.push(t.draw_taken_over.to_owned());
    }
    if draw.joined > 0 {
        let families = words.units(draw.unit, draw.joined);
        out.push(fill(t.draw_joined, &[("families", &families)]));
    }
    if report.scripted_clock {
        out.push(t.draw_clock.to_owned());
    }
    out
}

fn steps(words: Words, protocol: &Protocol) -> Vec<String> {
    let t = words.t;
    let beacon = match protocol.beacon {
        Beacon::Fixed { .. } => t.draw_beacon_fixed,
        Beacon::Witnessed { .. } => t.draw_beacon_witnessed,
        Beacon::Drand { .. } => t.draw_beacon_drand,
    };
    [t.draw_list, beacon, t.draw_tickets].map(str::to_owned).into()
}

fn hashes(words: Words, protocol: &Protocol) -> Vec<(String, String)> {
    let t = words.t;
    let mut rows = vec![
        (t.hash_announcement, protocol.announcement.clone()),
        (t.hash_plan, protocol.plan.clone()),
        (t.hash_root, protocol.root.clone()),
    ];
    match &protocol.beacon {
        Beacon::Fixed { seed } => rows.push((t.beacon_seed, seed.clone())),
        Beacon::Witnessed { description, value } => {
            rows.push((t.beacon_description, description.clone()));
            rows.push((t.beacon_value, value.clone()));
        }
        Beacon::Drand { round, signature } => {
            rows.push((t.beacon_round, round.to_string()));
            rows.push((t.beacon_signature, signature.clone()));
        }
    }
    rows.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn seats(words: Words, report: &Report, draw: &Draw, number: u32) -> Table {
    let t = words.t;
    let last = report.arms.len().saturating_sub(1);
    let mut head = vec![Head::new(t.col_block)];
    head.extend(report.arms.iter().enumerate().map(|(place, arm)| {
        let name = arm.name.get(words.lang);
        Head::new(if place == last { format!("{name} ({})", t.control) } else { name.to_owned() })
    }));
    head.push(Head::new(t.col_total));
    let count = |n: u64| Shown::cell(words, Cell::Count(n));
    let mut rows: Vec<Row> = draw
        .blocks
        .iter()
        .map(|block| {
            let cells = block.seats.iter().copied().chain([block.units()]).map(count).collect();
            Row::new(Kind::Plain, block.name.get(words.lang), cells)
        })
        .collect();
    if draw.blocks.len() > 1 {
        let arms = (0..report.arms.len()).map(|arm| draw.in_arm(arm));
        let cells = arms.chain([draw.units()]).map(count).collect();
        rows.push(Row::new(Kind::Total, t.col_total, cells));
    }
    let values = [("units", words.unit(draw.unit)), ("n", &*draw.number.to_string())];
    Table {
        number,
        caption: fill(t.seats_table, &values),
        meta: meta(words, report, draw.unit, None, FileKind::Assignments),
        head: vec![head],
        rows,
        notes: Vec::new(),
    }
}
