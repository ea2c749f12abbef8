//! The locked list: `leaves.csv`, and the private list of units behind it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Announcement, File,
    finding::{Findings, Kind},
    hash::{Hash, entry, hex, leaf, merkle_root, unhex},
    is_label,
    reveal::plain,
};

const HEADER: &str = "block,leaf";
const PRIVATE_HEADER: &str = "block,leaf,salt,id";

/// One row of the list, in ascending order of both fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Leaf {
    pub(crate) block: String,
    pub(crate) leaf: Hash,
}

/// The root over the rows in file order.
pub(crate) fn root(leaves: &[Leaf]) -> Hash {
    let entries: Vec<Hash> = leaves.iter().map(|it| entry(&it.block, &it.leaf)).collect();
    merkle_root(&entries)
}

/// The bytes of `leaves.csv`.
pub(crate) fn to_file<'a>(leaves: impl Iterator<Item = &'a Leaf>) -> Vec<u8> {
    let mut out = format!("{HEADER}\n");
    for row in leaves {
        out.extend([&row.block, ",", &hex(&row.leaf), "\n"]);
    }
    out.into_bytes()
}

/// The bytes of the private list; rows in the order of `leaves.csv`.
pub(crate) fn to_private_file<'a>(
    rows: impl Iterator<Item = (&'a Leaf, &'a Hash, &'a str)>,
) -> Vec<u8> {
    let mut out = format!("{PRIVATE_HEADER}\n");
    for (row, salt, id) in rows {
        out.extend([&row.block, ",", &hex(&row.leaf), ",", &hex(salt), ",", id, "\n"]);
    }
    out.into_bytes()
}

/// Reads `leaves.csv`; rows that are no rows are found and left out.
pub(crate) fn read(bytes: &[u8], findings: &mut Findings) -> Vec<Leaf> {
    let parse = |line: &str| {
        let (block, leaf) = line.split_once(',')?;
        parse_leaf(block, leaf)
    };
    let mut leaves: Vec<Leaf> = Vec::new();
    for (line, row) in rows(File::Leaves, bytes, HEADER, findings, parse) {
        if leaves.last().is_some_and(|before| *before >= row) {
            let found = format!("{},{}", row.block, hex(&row.leaf));
            findings.add((File::Leaves, Some(line), ""), Kind::Order, "", &found);
        }
        leaves.push(row);
    }
    leaves
}

fn parse_leaf(block: &str, leaf: &str) -> Option<Leaf> {
    is_label(block).then_some(Leaf { block: block.to_owned(), leaf: unhex(leaf)? })
}

/// The rows of a file of lines with their line numbers, after its header.
fn rows<T>(
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
    for (line, bytes) in (1..).zip(bytes.split_inclusive(|&byte| byte == b'\n')) {
        let text = str::from_utf8(bytes).ok().and_then(|it| it.strip_suffix('\n'));
        let row = text.filter(|it| line > 1 || *it == header);
        if line > 1
            && let Some(row) = row.and_then(&parse)
        {
            rows.push((line, row));
        } else if line > 1 || row.is_none() {
            // A row of the private list holds a salt, which no message shows.
            let shown =
                if file == File::Leaves { String::from_utf8_lossy(bytes) } else { "".into() };
            findings.add((file, Some(line), ""), Kind::Row, header, shown.trim_end());
        }
    }
    if bytes.is_empty() {
        findings.add((file, Some(1), ""), Kind::Row, header, "");
    }
    rows
}

/// Checks the list against the announcement: its size in each block, and its root.
pub(crate) fn check(announced: &Announcement, leaves: &[Leaf], findings: &mut Findings) {
    let mut units: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for block in announced.design.blocks() {
        units.entry(&block.label).or_default().0 = block.units.into();
    }
    for row in leaves {
        units.entry(&row.block).or_default().1 += 1;
    }
    for (block, (expected, found)) in units {
        if expected != found {
            let (expected, found) = (format!("{block}: {expected}"), format!("{block}: {found}"));
            findings.add((File::Leaves, None, "block"), Kind::Units, &expected, &found);
        }
    }
    findings.agree((File::Leaves, ""), Kind::Root, &announced.root, &root(leaves));
}

/// Checks the private list: each leaf follows from its salt and id, the rows are those of
/// `leaves` where it is known, and no id stands twice.
pub(crate) fn check_private(bytes: &[u8], leaves: Option<&[Leaf]>, findings: &mut Findings) {
    let parse = |line: &str| {
        let mut fields = line.splitn(4, ',');
        let row = parse_leaf(fields.next()?, fields.next()?)?;
        let (salt, id) = (unhex(fields.next()?)?, fields.next()?);
        is_id(id).then(|| (row, salt, id.to_owned()))
    };
    let rows = rows(File::Roster, bytes, PRIVATE_HEADER, findings, parse);
    let mut ids = BTreeSet::new();
    for (n, (line, (row, salt, id))) in rows.iter().enumerate() {
        let found = leaf(salt, id);
        if row.leaf != found {
            let at = (File::Roster, Some(*line), "leaf");
            findings.add(at, Kind::RosterLeaf, &hex(&found), &hex(&row.leaf));
        }
        if let Some(leaves) = leaves
            && leaves.get(n) != Some(row)
        {
            let at = (File::Roster, Some(*line), "leaf");
            let expected = leaves.get(n).map(|it| hex(&it.leaf)).unwrap_or_default();
            findings.add(at, Kind::RosterRow, &expected, &hex(&row.leaf));
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
