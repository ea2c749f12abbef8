//! `result.csv`: the tickets, ranks and arms that follow from announcement, list and reveal.

use crate::{
    BeaconValue, Design, DrawFiles, File, Refused,
    check::Check,
    finding::{Findings, Kind, Whose},
    hash::{Hash, block_key, hex, key_stream, ranked},
    leaves::Leaf,
};

const COLUMNS: [&str; 6] = ["block", "ordinal", "leaf", "ticket", "rank", "arm"];
const TICKET: usize = 3;

/// What the draw decided for one unit, with what is needed to check it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The block it was drawn in.
    pub block: String,
    /// Its place in the block's list, from 0.
    pub ordinal: u32,
    /// What stands for it on the list: 64 hexadecimal digits.
    pub leaf: String,
    /// Its lottery ticket: 32 hexadecimal digits.
    pub ticket: String,
    /// Its place in the block by ticket, from 1.
    pub rank: u32,
    /// The arm it is assigned to.
    pub arm: String,
}

/// A finished draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// One row a unit, in the order of `leaves.csv`.
    pub rows: Vec<Row>,
    /// The bytes of `result.csv`.
    pub csv: Vec<u8>,
}

/// Draws: a function of the bytes of the three files alone.
///
/// # Errors
///
/// Everything that is wrong with a file, or between two of them.
pub fn compute(announcement: &[u8], leaves: &[u8], reveal: &[u8]) -> Result<Drawn, Refused> {
    let (announcement, leaves, reveal) = (Some(announcement), Some(leaves), Some(reveal));
    let files = DrawFiles { announcement, leaves, reveal, ..DrawFiles::default() };
    let mut check = Check::new(&files, Whose::This);
    check.leaves();
    check.ending();
    let drawn = check.draw();
    check.findings.refuse_unless_empty(drawn)
}

/// Sections 4 and 5, for a list that is the design's.
pub(crate) fn draw(design: &Design, leaves: &[Leaf], key: &Hash) -> Drawn {
    let mut rows = Vec::with_capacity(leaves.len());
    let mut leaves = leaves.iter();
    for block in design.blocks() {
        let mut stream = key_stream(block_key(key, &block.label));
        let ranked = ranked(&mut stream, block.units);
        let mut drawn: Vec<_> = (1..)
            .zip(ranked.iter().zip(block.arms()))
            .map(|(rank, (&(ticket, ordinal), arm))| (ordinal, ticket, rank, arm))
            .collect();
        drawn.sort_unstable();
        for ((ordinal, ticket, rank, arm), row) in drawn.into_iter().zip(leaves.by_ref()) {
            rows.push(Row {
                block: block.label.clone(),
                ordinal,
                leaf: hex(&row.leaf),
                ticket: format!("{ticket:032x}"),
                rank,
                arm: design.arms().get(usize::from(arm)).cloned().unwrap_or_default(),
            });
        }
    }
    Drawn { csv: to_file(&rows), rows }
}

fn to_file(rows: &[Row]) -> Vec<u8> {
    let line = |Row { block, ordinal, leaf, ticket, rank, arm }: &Row| {
        format!("{block},{ordinal},{leaf},{ticket},{rank},{arm}\n")
    };
    let header = COLUMNS.join(",") + "\n";
    std::iter::once(header).chain(rows.iter().map(line)).collect::<String>().into_bytes()
}

/// Compares `result.csv` with what the other files give. If no row has the ticket it must have,
/// the beacon's value may have changed instead, and `reveal.json` is named as well.
pub(crate) fn compare(
    expected: &Drawn,
    found: &[u8],
    beacon: &BeaconValue,
    findings: &mut Findings,
) {
    if expected.csv == found {
        return;
    }
    if findings.too_large(File::Result, found) {
        return;
    }
    let lines = |bytes: &[u8]| -> Vec<String> {
        bytes.split(|&byte| byte == b'\n').map(|it| String::from_utf8_lossy(it).into()).collect()
    };
    let (expected, found) = (lines(&expected.csv), lines(found));
    let mut tickets = 0;
    for n in 0..expected.len().max(found.len()) {
        // A line that is not there is not an empty one.
        let same = expected.get(n) == found.get(n);
        let line = |lines: &[String]| lines.get(n).cloned().unwrap_or_default();
        let (expected, found) = (line(&expected), line(&found));
        tickets += usize::from(n > 0 && column(&expected, TICKET) == column(&found, TICKET));
        if !same {
            add_line(n + 1, &expected, &found, findings);
        }
    }
    // The last line is empty on both sides.
    if expected.len() == found.len() && tickets <= 1 {
        findings.add((File::Reveal, None, beacon.field()), Kind::BeaconValue, "", "");
    }
}

fn column(line: &str, n: usize) -> Option<&str> {
    line.split(',').nth(n)
}

fn add_line(line: usize, expected: &str, found: &str, findings: &mut Findings) {
    let differs = |n: &usize| column(expected, *n) != column(found, *n);
    let same_shape = expected.split(',').count() == found.split(',').count();
    let at = (0..COLUMNS.len()).find(differs).filter(|_| same_shape);
    let (field, expected, found) = match at.and_then(|n| Some((n, COLUMNS.get(n)?))) {
        Some((n, name)) => (*name, column(expected, n), column(found, n)),
        None => ("", Some(expected), Some(found)),
    };
    let (expected, found) = (expected.unwrap_or_default(), found.unwrap_or_default());
    findings.add((File::Result, Some(line), field), Kind::Result, expected, found);
}
