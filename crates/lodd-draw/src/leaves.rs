//! The locked list: `leaves.csv`, and the private list of units behind it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Announcement, File,
    design::BLOCKS_MAX,
    finding::{Findings, Kind},
    hash::{Hash, entry, hex, leaf, merkle_root, push_hex, unhex},
    is_label,
    reveal::plain,
};

const HEADER: &str = "block,leaf";
const PRIVATE_HEADER: &str = "block,leaf,salt,id";

/// The rows of the list in file order. Each block's label is kept once: a list can have millions
/// of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Leaves {
    labels: Vec<String>,
    numbers: BTreeMap<String, u32>,
    /// Number of the row's label, and its leaf.
    rows: Vec<(u32, Hash)>,
}

impl Leaves {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a row; `false` if it would be of one block too many.
    pub(crate) fn push(&mut self, block: &str, leaf: Hash) -> bool {
        let last = self.rows.last().map(|(label, _)| *label);
        let label = last.filter(|n| self.label(*n) == block);
        let label = label.or_else(|| self.numbers.get(block).copied()).or_else(|| {
            let new =
                u32::try_from(self.labels.len()).ok().filter(|_| self.labels.len() < BLOCKS_MAX)?;
            self.labels.push(block.to_owned());
            self.numbers.insert(block.to_owned(), new);
            Some(new)
        });
        self.rows.extend(label.map(|label| (label, leaf)));
        label.is_some()
    }

    fn label(&self, n: u32) -> &str {
        self.labels.get(n as usize).map_or("", String::as_str)
    }

    pub(crate) fn get(&self, n: usize) -> Option<(&str, Hash)> {
        self.rows.get(n).map(|(label, leaf)| (self.label(*label), *leaf))
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = (&str, Hash)> {
        self.rows.iter().map(|(label, leaf)| (self.label(*label), *leaf))
    }

    /// The leaves alone.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = Hash> {
        self.rows.iter().map(|(_, leaf)| *leaf)
    }

    /// A leaf that stands twice, in two blocks; within one the order finds it.
    fn repeated(&self) -> Option<Hash> {
        if self.labels.len() < 2 {
            return None;
        }
        let start = |leaf: &Hash| leaf.first_chunk().map_or(0, |it| u64::from_be_bytes(*it));
        let mut starts: Vec<u64> = self.rows.iter().map(|(_, leaf)| start(leaf)).collect();
        starts.sort_unstable();
        // Of millions of hashes hardly two begin with the same 64 bits unless they are the same.
        let alike: BTreeSet<u64> =
            starts.windows(2).filter(|it| it.first() == it.last()).flatten().copied().collect();
        let mut seen = BTreeSet::new();
        self.hashes().filter(|leaf| alike.contains(&start(leaf))).find(|leaf| !seen.insert(*leaf))
    }

    /// The hash of entry number `n` of the tree.
    pub(crate) fn entry(&self, n: usize) -> Hash {
        self.get(n).map_or([0; 32], |(label, leaf)| entry(label, &leaf))
    }

    /// The root over the rows in file order.
    pub(crate) fn root(&self) -> Hash {
        merkle_root(0, self.len(), &|n| self.entry(n))
    }

    /// The bytes of `leaves.csv`.
    pub(crate) fn to_file(&self) -> Vec<u8> {
        let mut out = format!("{HEADER}\n").into_bytes();
        for (block, leaf) in self.rows() {
            out.extend_from_slice(block.as_bytes());
            out.push(b',');
            push_hex(&leaf, &mut out);
            out.push(b'\n');
        }
        out
    }
}

/// The bytes of the private list; `salts` and ids in the order of `leaves`.
pub(crate) fn to_private_file<'a>(
    leaves: &Leaves,
    units: impl Iterator<Item = (&'a Hash, &'a str)>,
) -> Vec<u8> {
    let mut out = format!("{PRIVATE_HEADER}\n");
    for ((block, leaf), (salt, id)) in leaves.rows().zip(units) {
        out.extend([block, ",", &hex(&leaf), ",", &hex(salt), ",", id, "\n"]);
    }
    out.into_bytes()
}

/// Reads `leaves.csv`; rows that are no rows are found and left out.
pub(crate) fn read(bytes: &[u8], findings: &mut Findings) -> Leaves {
    let mut leaves = Leaves::default();
    if findings.too_large(File::Leaves, bytes) {
        return leaves;
    }
    leaves.rows.reserve_exact(bytes.len() / 68);
    let mut lines = Lines::new(File::Leaves, bytes, HEADER, findings);
    while let Some((line, text)) = lines.next(findings) {
        let row = text.split_once(',').and_then(|(block, leaf)| parse_leaf(block, leaf));
        let Some((block, leaf)) = row else {
            lines.refuse(line, text, findings);
            continue;
        };
        let before = leaves.len().checked_sub(1).and_then(|n| leaves.get(n));
        if before.is_some_and(|before| before >= (block, leaf)) {
            findings.add((File::Leaves, Some(line), ""), Kind::Order, "", text);
        }
        if !leaves.push(block, leaf) {
            findings.add((File::Leaves, Some(line), "block"), Kind::TooManyBlocks, "", "");
            break;
        }
    }
    leaves
}

fn parse_leaf<'a>(block: &'a str, leaf: &str) -> Option<(&'a str, Hash)> {
    is_label(block).then_some((block, unhex(leaf)?))
}

/// The lines after the header of a file, each with its number and its LF taken off.
struct Lines<'a> {
    file: File,
    header: &'a str,
    /// Number of lines read.
    read: usize,
    rest: &'a [u8],
}

impl<'a> Lines<'a> {
    /// Checks the header.
    fn new(file: File, bytes: &'a [u8], header: &'a str, findings: &mut Findings) -> Self {
        let mut it = Self { file, header, read: 0, rest: bytes };
        let first = it.take();
        if first.strip_suffix(b"\n") != Some(header.as_bytes()) {
            it.refuse(1, &String::from_utf8_lossy(first), findings);
        }
        it
    }

    /// The next line with its LF; empty after the last.
    fn take(&mut self) -> &'a [u8] {
        let end = memchr::memchr(b'\n', self.rest).map_or(self.rest.len(), |at| at + 1);
        let (line, rest) = self.rest.split_at(end);
        (self.rest, self.read) = (rest, self.read + 1);
        line
    }

    /// The next line that is text and ends in LF; others are findings.
    fn next(&mut self, findings: &mut Findings) -> Option<(usize, &'a str)> {
        loop {
            let bytes = Some(self.take()).filter(|it| !it.is_empty())?;
            match str::from_utf8(bytes).ok().and_then(|it| it.strip_suffix('\n')) {
                Some(text) => return Some((self.read, text)),
                None => self.refuse(self.read, &String::from_utf8_lossy(bytes), findings),
            }
        }
    }

    fn refuse(&self, line: usize, found: &str, findings: &mut Findings) {
        // A row of the private files holds a salt or a family's value, which no message shows.
        let shown = if self.file == File::Leaves { found.trim_end() } else { "" };
        findings.add((self.file, Some(line), ""), Kind::Row, self.header, shown);
    }
}

/// The rows of a private file with their line numbers.
pub(crate) fn csv_rows<T>(
    file: File,
    bytes: &[u8],
    header: &str,
    findings: &mut Findings,
    parse: impl Fn(&str) -> Option<T>,
) -> Vec<(usize, T)> {
    if findings.too_large(file, bytes) {
        return Vec::new();
    }
    let mut rows = Vec::new();
    let mut lines = Lines::new(file, bytes, header, findings);
    while let Some((line, text)) = lines.next(findings) {
        match parse(text) {
            Some(row) => rows.push((line, row)),
            None => lines.refuse(line, text, findings),
        }
    }
    rows
}

/// Checks the list against the announcement: its size in each block, and its root.
pub(crate) fn check(announced: &Announcement, leaves: &Leaves, findings: &mut Findings) {
    let mut units: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for block in announced.design.blocks() {
        units.entry(&block.label).or_default().0 = block.units.into();
    }
    let mut counts = vec![0_u64; leaves.labels.len()];
    for (label, _) in &leaves.rows {
        if let Some(count) = counts.get_mut(*label as usize) {
            *count += 1;
        }
    }
    for (label, count) in leaves.labels.iter().zip(counts) {
        units.entry(label).or_default().1 = count;
    }
    for (block, (expected, found)) in units {
        if expected != found {
            let (expected, found) = (format!("{block}: {expected}"), format!("{block}: {found}"));
            findings.add((File::Leaves, None, "block"), Kind::Units, &expected, &found);
        }
    }
    if let Some(twice) = leaves.repeated() {
        findings.add((File::Leaves, None, "leaf"), Kind::LeafRepeated, "", &hex(&twice));
    }
    findings.agree((File::Leaves, ""), Kind::Root, &announced.root, &leaves.root());
}

/// Checks the private list: each leaf follows from its salt and id, the rows are those of
/// `leaves` where it is known, and no id stands twice.
pub(crate) fn check_private(bytes: &[u8], leaves: Option<&Leaves>, findings: &mut Findings) {
    let parse = |line: &str| {
        let mut fields = line.splitn(4, ',');
        let (block, row) = parse_leaf(fields.next()?, fields.next()?)?;
        let (salt, id) = (unhex(fields.next()?)?, fields.next()?);
        is_id(id).then(|| (block.to_owned(), row, salt, id.to_owned()))
    };
    let rows = csv_rows(File::Roster, bytes, PRIVATE_HEADER, findings, parse);
    let mut ids = BTreeSet::new();
    for (n, (line, (block, row, salt, id))) in rows.iter().enumerate() {
        let found = leaf(salt, id);
        if *row != found {
            let at = (File::Roster, Some(*line), "leaf");
            findings.add(at, Kind::RosterLeaf, &hex(&found), &hex(row));
        }
        if let Some(leaves) = leaves
            && leaves.get(n) != Some((block, *row))
        {
            let at = (File::Roster, Some(*line), "leaf");
            let expected = leaves.get(n).map(|(_, it)| hex(&it)).unwrap_or_default();
            findings.add(at, Kind::RosterRow, &expected, &hex(row));
        }
        if !ids.insert(id) {
            findings.add((File::Roster, Some(*line), "id"), Kind::RosterId, "", id);
        }
    }
    if let Some(leaves) = leaves.filter(|it| it.len() > rows.len()) {
        let (expected, found) = (leaves.len().to_string(), rows.len().to_string());
        findings.add((File::Roster, None, ""), Kind::Units, &expected, &found);
    }
}

/// Whether a text can be the id of a unit: NFC, and unquoted in a file of comma-separated rows.
pub(crate) fn is_id(id: &str) -> bool {
    let apart = |c: char| c == ',' || c == '"' || c.is_control();
    !id.is_empty() && plain(id) == id && !id.contains(apart)
}
