//! The record of a draw for the archive: one page of paper with what was locked, when, what came
//! out, and what a witness confirms. It names no family.

mod words;

use askama::Template;

use crate::{
    ReportError,
    format::Format,
    locale::fill,
    model::{Lang, Text},
};
use words::RecordWords;

/// More blocks than this are told together, so that the record stays on one page.
const BLOCKS_SHOWN: usize = 6;
/// More arms than this stand as a sentence, not as columns.
const ARMS_SHOWN: usize = 4;
/// Longer texts are cut: the whole stands in the announcement.
const TEXT_SHOWN: usize = 180;

/// What a draw's record holds. Hashes are 64 hex digits, instants ISO text with their offset.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The program and its version.
    pub program: String,
    /// The pilot's title.
    pub title: Text,
    /// The pilot's label.
    pub pilot: String,
    /// The draw's number.
    pub draw: u32,
    /// What was drawn.
    pub unit: DrawnUnit,
    /// Whether the beacon was fixed: a rehearsal.
    pub rehearsal: bool,
    /// Whether the draw was made elsewhere and its finished folder taken over.
    pub taken_over: bool,
    /// Whether a script gave the time.
    pub scripted_clock: bool,
    /// The arms' names, in the order of the draw.
    pub arms: Vec<Text>,
    /// The blocks, in the order of the draw.
    pub blocks: Vec<RecordBlock>,
    /// When the list was locked here.
    pub locked_at: String,
    /// When the result was recorded here.
    pub revealed_at: String,
    /// The date of the draw, ISO.
    pub drawn_on: String,
    /// The source of the randomness, with what it gave.
    pub beacon: RecordBeacon,
    /// The accepted attempt of a constrained draw, counted from 0.
    pub attempt: Option<u64>,
    /// Hash of `announcement.json`.
    pub announcement: String,
    /// Root over the locked list.
    pub root: String,
    /// Hash of `plan.toml`.
    pub plan: String,
    /// Hash of `reveal.json`.
    pub reveal: String,
    /// Hash of `result.csv`.
    pub result: String,
    /// The ledger's entries on this draw: number, event and hash.
    pub entries: Vec<(i64, String, String)>,
    /// The joint balance test's p-value; None where there was nothing to compare.
    pub balance_p: Option<f64>,
    /// How many checks of the order were made, and how many say stop and look.
    pub checks: (u64, u64),
    /// The draw's folder, such as `draws/0001`.
    pub folder: String,
}

/// What a draw draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawnUnit {
    /// Families.
    Family,
    /// Offices.
    Office,
}

/// A block as it was locked and as it came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordBlock {
    /// Its name.
    pub name: String,
    /// Units on the list.
    pub units: u64,
    /// What each arm was promised: seats, or the exact probability of one unit.
    pub promised: Vec<String>,
    /// What each arm got.
    pub drawn: Vec<u64>,
}

/// Where the randomness came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordBeacon {
    /// A seed that was known beforehand.
    Fixed {
        /// 64 hex digits.
        seed: String,
    },
    /// Read out before witnesses.
    Witnessed {
        /// What was announced.
        description: String,
        /// What was read out.
        value: String,
    },
    /// A round of the public beacon drand, chain quicknet.
    Drand {
        /// The round.
        round: u64,
        /// When it was due.
        at: String,
        /// The signature, hex.
        signature: String,
    },
}

/// The record as one page of HTML that needs no other file.
///
/// # Errors
///
/// If the template can't be filled.
pub fn render_record(record: &Record, lang: Lang) -> Result<String, ReportError> {
    Ok(Page::new(record, lang).render()?)
}

#[derive(Debug, Template)]
#[template(path = "record.html")]
struct Page<'a> {
    lang: Lang,
    t: &'static RecordWords,
    record: &'a Record,
    title: String,
    stamps: Vec<&'static str>,
    facts: Vec<(&'static str, String)>,
    table: Option<Counts>,
    counts: Vec<String>,
    hashes: Vec<(&'static str, &'a str)>,
    entries: Vec<(i64, &'a str, &'a str)>,
    checks: String,
    confirm: Vec<String>,
}

/// The table of blocks and arms.
#[derive(Debug)]
struct Counts {
    arms: Vec<String>,
    rows: Vec<CountRow>,
    total: Option<(String, Vec<String>)>,
}

/// One block.
#[derive(Debug)]
struct CountRow {
    name: String,
    units: String,
    /// For each arm what was promised and what came out.
    arms: Vec<(String, String)>,
}

impl<'a> Page<'a> {
    fn new(record: &'a Record, lang: Lang) -> Self {
        let (t, f) = (words::of(lang), Format::new(lang));
        Self {
            lang,
            t,
            record,
            title: cut(record.title.get(lang), 90),
            stamps: stamps(t, record),
            facts: facts(t, f, record),
            table: Counts::new(t, f, record, lang),
            counts: counts(t, f, record, lang),
            hashes: vec![
                ("announcement.json", &record.announcement),
                (t.root, &record.root),
                ("plan.toml", &record.plan),
                ("reveal.json", &record.reveal),
                ("result.csv", &record.result),
            ],
            entries: record
                .entries
                .iter()
                .map(|(seq, event, hash)| (*seq, &**event, &**hash))
                .collect(),
            checks: checks(t, f, record),
            confirm: confirm(t, f, record),
        }
    }
}

fn stamps(t: &'static RecordWords, record: &Record) -> Vec<&'static str> {
    let stamps = [
        (record.rehearsal, t.rehearsal),
        (record.taken_over, t.taken_over),
        (record.scripted_clock, t.scripted),
    ];
    stamps.into_iter().filter(|(is_true, _)| *is_true).map(|(_, stamp)| stamp).collect()
}

/// When, and what the beacon was and gave.
fn facts(t: &'static RecordWords, f: Format, record: &Record) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        (if record.taken_over { t.imported_at } else { t.locked_at }, f.instant(&record.locked_at)),
        (t.drawn_on, f.date(&record.drawn_on)),
        (t.revealed_at, f.instant(&record.revealed_at)),
    ];
    match &record.beacon {
        RecordBeacon::Fixed { seed } => {
            facts.push((t.beacon, t.beacon_fixed.to_owned()));
            facts.push((t.value, seed.clone()));
        }
        RecordBeacon::Witnessed { description, value } => {
            let description = cut(description, TEXT_SHOWN);
            facts.push((t.beacon, fill(t.beacon_witnessed, &[("text", &description)])));
            facts.push((t.value, cut(value, TEXT_SHOWN)));
        }
        RecordBeacon::Drand { round, at, signature } => {
            let values = [("round", &*round.to_string()), ("at", &*f.instant(at))];
            facts.push((t.beacon, fill(t.beacon_drand, &values)));
            facts.push((t.value, signature.clone()));
        }
    }
    if let Some(attempt) = record.attempt {
        facts.push((t.constraint, fill(t.attempt, &[("n", &f.count(attempt.saturating_add(1)))])));
    }
    facts
}

impl Counts {
    /// None where there are too many arms for columns.
    fn new(t: &'static RecordWords, f: Format, record: &Record, lang: Lang) -> Option<Self> {
        if record.arms.len() > ARMS_SHOWN || record.blocks.is_empty() {
            return None;
        }
        let row = |block: &RecordBlock| {
            let cells = block.promised.iter().zip(&block.drawn);
            let cells = cells.map(|(promised, drawn)| (narrow(promised), f.count(*drawn)));
            CountRow {
                name: cut(&block.name, 24),
                units: f.count(block.units),
                arms: cells.collect(),
            }
        };
        let few = record.blocks.len() <= BLOCKS_SHOWN;
        let rows: Vec<_> = record.blocks.iter().filter(|_| few).map(row).collect();
        let name = if few {
            t.total.to_owned()
        } else {
            fill(t.all_blocks, &[("n", &f.count(record.blocks.len() as u64))])
        };
        let total = (rows.len() != 1).then(|| {
            let units: u64 = record.blocks.iter().map(|it| it.units).sum();
            let sums = (0..record.arms.len()).map(|arm| f.count(record.in_arm(arm)));
            (name, [f.count(units)].into_iter().chain(sums).collect())
        });
        let arms = record.arms.iter().map(|it| cut(it.get(lang), 40)).collect();
        Some(Self { arms, rows, total })
    }
}

impl Record {
    fn in_arm(&self, arm: usize) -> u64 {
        self.blocks.iter().filter_map(|it| it.drawn.get(arm)).sum()
    }
}

/// The counts as sentences, where they are not all in the table.
fn counts(t: &'static RecordWords, f: Format, record: &Record, lang: Lang) -> Vec<String> {
    let mut sentences = Vec::new();
    if record.blocks.len() > BLOCKS_SHOWN {
        sentences.push(t.many_blocks.to_owned());
    }
    if record.arms.len() > ARMS_SHOWN {
        let arm = |(at, name): (usize, &Text)| {
            format!("{} {}", cut(name.get(lang), 24), f.count(record.in_arm(at)))
        };
        let arms: Vec<String> = record.arms.iter().enumerate().map(arm).collect();
        let units: u64 = record.blocks.iter().map(|it| it.units).sum();
        let values = [
            ("units", &*f.count(units)),
            ("blocks", &*f.count(record.blocks.len() as u64)),
            ("arms", &*arms.join(" · ")),
        ];
        sentences.push(fill(t.many_arms, &values));
    }
    sentences
}

fn checks(t: &'static RecordWords, f: Format, record: &Record) -> String {
    let (made, stop) = record.checks;
    let balance = record.balance_p.map(|p| fill(t.balance, &[("p", &f.p_equals(p))]));
    let values = [("made", &*f.count(made)), ("stop", &*f.count(stop))];
    let order = fill(if stop == 0 { t.order_quiet } else { t.order_stop }, &values);
    [balance, Some(order)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What a witness confirms, each with a box to tick.
fn confirm(t: &'static RecordWords, f: Format, record: &Record) -> Vec<String> {
    let start = record.announcement.get(..16).unwrap_or(&record.announcement);
    let beacon = match &record.beacon {
        RecordBeacon::Fixed { .. } => t.confirm_fixed.to_owned(),
        RecordBeacon::Witnessed { .. } => t.confirm_witnessed.to_owned(),
        RecordBeacon::Drand { round, .. } => {
            fill(t.confirm_drand, &[("round", &round.to_string())])
        }
    };
    let units: u64 = record.blocks.iter().map(|it| it.units).sum();
    vec![
        fill(t.confirm_hash, &[("start", start)]),
        beacon,
        fill(t.confirm_verify, &[("folder", &record.folder)]),
        fill(t.confirm_counts, &[("units", &f.count(units))]),
        t.confirm_impartial.to_owned(),
    ]
}

/// A count or fraction that fits a column; a longer one stands in the announcement.
fn narrow(text: &str) -> String {
    if text.chars().count() > 9 { "…".to_owned() } else { text.to_owned() }
}

/// At most so many characters, with a sign that there was more.
fn cut(text: &str, most: usize) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((at, _)) => line.get(..at).unwrap_or_default().trim_end().to_owned() + " …",
        None => line,
    }
}

#[cfg(test)]
mod tests;
