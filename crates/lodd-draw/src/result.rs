//! `result.csv`: the tickets, ranks and arms that follow from announcement, list and reveal.

use rayon::prelude::*;

use crate::{
    BeaconValue, Design, DrawFiles, File, Refused,
    check::Check,
    design::Keyed,
    finding::{Findings, Kind, Whose},
    hash::{Hash, hex, push_hex, tickets},
    leaves::Leaves,
    quicknet::CheckSignature,
};

const COLUMNS: [&str; 6] = ["block", "ordinal", "leaf", "ticket", "rank", "arm"];
const TICKET: usize = 3;
/// The most bytes of the numbers, hashes and commas of a row, labels aside.
const ROW_BYTES: usize = 64 + 32 + 3 * 10 + 6;

/// What the draw decided for one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Number of its block in [`Design::blocks`].
    pub block: u32,
    /// Its place in the block's list, from 0.
    pub ordinal: u32,
    /// What stands for it on the list.
    pub leaf: Hash,
    /// Its lottery ticket, as a big-endian number.
    pub ticket: u128,
    /// Its place in the block by ticket, from 1.
    pub rank: u32,
    /// Number of its arm in [`Design::arms`].
    pub arm: u8,
}

impl Row {
    /// The leaf as in the files: 64 hexadecimal digits.
    pub fn leaf_hex(&self) -> String {
        hex(&self.leaf)
    }

    /// The ticket as in the files: 32 hexadecimal digits.
    pub fn ticket_hex(&self) -> String {
        hex(&self.ticket.to_be_bytes())
    }
}

/// A finished draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// What was drawn.
    pub design: Design,
    /// The seats of each block, one count an arm: as announced, or as probabilities were rounded.
    pub seats: Vec<Vec<u32>>,
    /// One row a unit, in the order of `leaves.csv`.
    pub rows: Vec<Row>,
}

/// Draws: a function of the bytes of the three files alone. `check` says whether a signature is
/// the beacon's.
///
/// # Errors
///
/// Everything that is wrong with a file, or between two of them.
pub fn compute(
    announcement: &[u8],
    leaves: &[u8],
    reveal: &[u8],
    check: CheckSignature<'_>,
) -> Result<Drawn, Refused> {
    let (announcement, leaves, reveal) = (Some(announcement), Some(leaves), Some(reveal));
    let files = DrawFiles { announcement, leaves, reveal, ..DrawFiles::default() };
    let mut check = Check::new(&files, Whose::This, Some(check));
    check.leaves();
    check.ending();
    let drawn = check.draw();
    check.findings.refuse_unless_empty(drawn)
}

/// Sections 4 and 5 for one block: `(ordinal, ticket, rank, arm)` in the order of ordinals.
fn draw_block(key: &Hash, label: &str, seats: &[u32]) -> Vec<(u32, u128, u32, u8)> {
    let units = seats.iter().sum();
    let mut ranked = tickets(key, label, units);
    ranked.sort_unstable();
    // The first arm has the lowest tickets.
    let arms = seats.iter().zip(0_u8..).flat_map(|(&n, arm)| (0..n).map(move |_| arm));
    let mut drawn = vec![(0, 0, 0, 0); ranked.len()];
    for ((rank, (ticket, ordinal)), arm) in (1..).zip(ranked).zip(arms) {
        if let Some(to) = drawn.get_mut(ordinal as usize) {
            *to = (ordinal, ticket, rank, arm);
        }
    }
    drawn
}

/// Sections 4 and 5, for a list that is the design's; `key` is K or K(a).
pub(crate) fn draw(design: &Design, leaves: &Leaves, key: &Hash) -> Drawn {
    let seats: Vec<Vec<u32>> =
        design.seats(&mut Keyed(key)).into_iter().map(std::borrow::Cow::into_owned).collect();
    let blocks: Vec<_> = design.blocks().iter().zip(&seats).collect();
    // Blocks on all threads: each has a key of its own.
    let drawn: Vec<_> =
        blocks.par_iter().map(|(block, seats)| draw_block(key, &block.label, seats)).collect();
    let mut rows = Vec::with_capacity(leaves.len());
    let mut leaves = leaves.hashes();
    for (drawn, number) in drawn.into_iter().zip(0_u32..) {
        rows.extend(drawn.into_iter().zip(leaves.by_ref()).map(
            |((ordinal, ticket, rank, arm), leaf)| Row {
                block: number,
                ordinal,
                leaf,
                ticket,
                rank,
                arm,
            },
        ));
    }
    Drawn { design: design.clone(), seats, rows }
}

/// What the draw gives to one place: `(ticket, rank, arm)`.
pub(crate) fn place(
    design: &Design,
    key: &Hash,
    block: usize,
    ordinal: u32,
) -> Option<(u128, u32, u8)> {
    let seats = design.seats(&mut Keyed(key));
    let label = &design.blocks().get(block)?.label;
    let drawn = draw_block(key, label, seats.get(block)?);
    drawn.get(ordinal as usize).map(|(_, ticket, rank, arm)| (*ticket, *rank, *arm))
}

/// The arms of all units in the order of the list.
pub(crate) fn arms_of(design: &Design, key: &Hash) -> Vec<u8> {
    let seats = design.seats(&mut Keyed(key));
    let blocks = design.blocks().iter().zip(&seats);
    blocks.flat_map(|(it, seats)| draw_block(key, &it.label, seats)).map(|it| it.3).collect()
}

impl Drawn {
    /// The bytes of `result.csv`.
    pub fn csv(&self) -> Vec<u8> {
        let labels = |units: u64, label: &str| usize::try_from(units).unwrap_or(0) * label.len();
        let blocks = self.design.blocks().iter();
        let blocks: usize = blocks.map(|it| labels(it.units.into(), &it.label)).sum();
        let arm = self.design.arms().iter().map(String::len).max().unwrap_or(0);
        let mut out = Vec::with_capacity(64 + blocks + self.rows.len() * (ROW_BYTES + arm));
        out.extend_from_slice(header().as_bytes());
        for row in &self.rows {
            self.push_line(row, &mut out);
        }
        out
    }

    fn push_line(&self, row: &Row, out: &mut Vec<u8>) {
        let block = self.design.blocks().get(row.block as usize).map_or("", |it| &it.label);
        let arm = self.design.arms().get(usize::from(row.arm)).map_or("", String::as_str);
        out.extend_from_slice(block.as_bytes());
        out.push(b',');
        push_number(row.ordinal, out);
        out.push(b',');
        push_hex(&row.leaf, out);
        out.push(b',');
        push_hex(&row.ticket.to_be_bytes(), out);
        out.push(b',');
        push_number(row.rank, out);
        out.push(b',');
        out.extend_from_slice(arm.as_bytes());
        out.push(b'\n');
    }

    /// Whether these are the bytes of `result.csv`, without writing them all.
    fn is_csv(&self, found: &[u8]) -> bool {
        let header = header();
        let Some(mut rest) = found.strip_prefix(header.as_bytes()) else { return false };
        let mut line = Vec::new();
        for row in &self.rows {
            line.clear();
            self.push_line(row, &mut line);
            let Some(after) = rest.strip_prefix(line.as_slice()) else { return false };
            rest = after;
        }
        rest.is_empty()
    }
}

fn header() -> String {
    COLUMNS.join(",") + "\n"
}

fn push_number(n: u32, out: &mut Vec<u8>) {
    let start = out.len();
    let mut rest = n;
    loop {
        out.extend(u8::try_from(rest % 10).map(|digit| b'0' + digit));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

/// Compares `result.csv` with what the other files give. If no row has the ticket it must have,
/// the beacon's value may have changed instead, and `reveal.json` is named as well.
pub(crate) fn compare(drawn: &Drawn, found: &[u8], beacon: &BeaconValue, findings: &mut Findings) {
    if findings.too_large(File::Result, found) || drawn.is_csv(found) {
        return;
    }
    let mut expected = vec![header().into_bytes()].into_iter();
    let mut rows = drawn.rows.iter();
    let mut found = found.split_inclusive(|&byte| byte == b'\n');
    let (mut tickets, mut more) = (0, false);
    for line in 1.. {
        let expected = expected.next().or_else(|| {
            let mut line = Vec::new();
            drawn.push_line(rows.next()?, &mut line);
            Some(line)
        });
        let found = found.next();
        if expected.is_none() && found.is_none() {
            break;
        }
        more |= expected.is_none() || found.is_none();
        let same = expected.as_deref() == found;
        let text =
            |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
        let (expected, found) = (text(expected.as_deref()), text(found));
        tickets += usize::from(line > 1 && column(&expected, TICKET) == column(&found, TICKET));
        if !same {
            add_line(line, &expected, &found, findings);
        }
    }
    if !more && tickets == 0 {
        findings.add((File::Reveal, None, beacon.field()), Kind::BeaconValue, "", "");
    }
}

fn column(line: &str, n: usize) -> Option<&str> {
    line.trim_end_matches('\n').split(',').nth(n)
}

fn add_line(line: usize, expected: &str, found: &str, findings: &mut Findings) {
    let differs = |n: &usize| column(expected, *n) != column(found, *n);
    let same_shape = expected.split(',').count() == found.split(',').count();
    let at = (0..COLUMNS.len()).find(differs).filter(|_| same_shape);
    let (field, expected, found) = match at.and_then(|n| Some((n, COLUMNS.get(n)?))) {
        Some((n, name)) => (*name, column(expected, n), column(found, n)),
        None => ("", Some(expected.trim_end()), Some(found.trim_end())),
    };
    let (expected, found) = (expected.unwrap_or_default(), found.unwrap_or_default());
    findings.add((File::Result, Some(line), field), Kind::Result, expected, found);
}
