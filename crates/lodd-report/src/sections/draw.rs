//! How each draw was made, in plain words, and how anyone verifies it.

use crate::{
    locale::fill,
    model::{Beacon, Cell, Draw, FileKind, Origin, Protocol, Report},
    table::{Head, Kind, Numbering, Row, Shown, Table, file_name, meta},
    wording::Words,
};

/// What is shown of one draw.
#[derive(Debug)]
pub(crate) struct DrawView {
    pub(crate) title: String,
    pub(crate) paragraphs: Vec<String>,
    /// The steps of the protocol; none for what was made elsewhere.
    pub(crate) steps: Vec<&'static str>,
    pub(crate) seats: Table,
    /// Caption, and name and value of each hash.
    pub(crate) hashes: Option<(String, Vec<(&'static str, String)>)>,
    pub(crate) verify: String,
    pub(crate) commands: Vec<String>,
}

pub(crate) fn views(words: Words, report: &Report, numbers: &mut Numbering) -> Vec<DrawView> {
    report.draws.iter().map(|draw| view(words, report, draw, numbers.table())).collect()
}

fn view(words: Words, report: &Report, draw: &Draw, number: u32) -> DrawView {
    let t = words.t;
    let n = draw.number.to_string();
    let hashes = draw
        .protocol
        .as_ref()
        .map(|protocol| (fill(t.draw_hashes, &[("n", &n)]), hashes(words, protocol)));
    let is_imported = draw.origin == Origin::Imported;
    let verify = match (is_imported, draw.commands.is_empty()) {
        (true, _) => {
            let file = file_name(report, FileKind::Assignments).unwrap_or_default();
            fill(t.verify_imported, &[("file", file)])
        }
        (false, true) => t.verify_none.to_owned(),
        (false, false) => t.verify_intro.to_owned(),
    };
    DrawView {
        title: fill(t.draw_title, &[("n", &n)]),
        paragraphs: paragraphs(words, report, draw),
        steps: draw.protocol.as_ref().map(|it| steps(words, it)).unwrap_or_default(),
        seats: seats(words, report, draw, number),
        hashes,
        verify,
        commands: draw.commands.clone(),
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

fn steps(words: Words, protocol: &Protocol) -> Vec<&'static str> {
    let t = words.t;
    let beacon = match protocol.beacon {
        Beacon::Fixed { .. } => t.draw_beacon_fixed,
        Beacon::Witnessed { .. } => t.draw_beacon_witnessed,
        Beacon::Drand { .. } => t.draw_beacon_drand,
    };
    vec![t.draw_list, beacon, t.draw_tickets]
}

fn hashes(words: Words, protocol: &Protocol) -> Vec<(&'static str, String)> {
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
    rows
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
