//! Section 8: with its slip a family shows that it was on the list, and finds its own ticket.

use crate::{
    Announcement, DrawFiles, File, Finding, Refused, Whose,
    check::Check,
    finding::{Findings, Kind},
    hash::{Hash, entry, hex, leaf, left, merkle_root, node},
    json::Json,
    leaves::Leaves,
    object::{Object, Reader},
    quicknet::CheckSignature,
    result::place,
    reveal::check_form,
    secret::Secret,
};

/// A slip's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Hash of the announcement.
    pub announcement: Hash,
    /// The unit's internal id.
    pub id: String,
    /// Its salt.
    pub salt: Secret,
    /// Label of its block.
    pub block: String,
    /// Its place in the block's list, from 0.
    pub ordinal: u32,
    /// Its place in the whole list, from 0.
    pub index: u64,
    /// The hashes beside the way from its leaf to the root, from the leaf upward.
    pub path: Vec<Hash>,
    /// Its ticket.
    pub ticket: u128,
    /// Its rank in the block, from 1.
    pub rank: u32,
    /// Its arm's label.
    pub arm: String,
}

/// Why a slip can't be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SlipError {
    /// The draw's files are not in order, or it is not revealed.
    #[error(transparent)]
    Files(#[from] Refused),
    /// No leaf of the list is of this id and salt.
    #[error("this unit is not on the locked list")]
    NotOnTheList,
}

/// What a slip came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipVerdict {
    /// Whether nothing was found that is wrong.
    pub ok: bool,
    /// The slip, if it could be read.
    pub slip: Option<Slip>,
    /// Whether ticket, rank and arm were checked; `false` while the draw is not revealed.
    pub drawn: bool,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
}

/// The bytes of a unit's slip; needs announcement, leaves and reveal.
///
/// # Errors
///
/// If the files are not in order, or the unit is not on the list.
pub fn slip(
    files: &DrawFiles<'_>,
    id: &str,
    salt: &Secret,
    check: CheckSignature<'_>,
) -> Result<Vec<u8>, SlipError> {
    let files = DrawFiles { number: None, result: None, void: None, ..*files };
    let mut check = Check::new(&files, Whose::This, Some(check));
    check.leaves();
    check.ended();
    let drawn = check.draw();
    let leaves = check.leaves.take().unwrap_or_default();
    let announcement = check.hash.unwrap_or_default();
    let drawn = check.findings.refuse_unless_empty(drawn)?;
    let own = leaf(&salt.0, id);
    let index = leaves.hashes().position(|it| it == own).ok_or(SlipError::NotOnTheList)?;
    let row = drawn.rows.get(index).ok_or(SlipError::NotOnTheList)?;
    let label = drawn.design.arms().get(usize::from(row.arm)).cloned();
    Ok(Slip {
        announcement,
        id: id.to_owned(),
        salt: *salt,
        block: leaves.get(index).map_or("", |(block, _)| block).to_owned(),
        ordinal: row.ordinal,
        index: index as u64,
        path: path(&leaves, index, 0, leaves.len()),
        ticket: row.ticket,
        rank: row.rank,
        arm: label.unwrap_or_default(),
    }
    .to_file())
}

/// The RFC 9162 inclusion proof (2.1.3.1) of entry `index` among `count` from `from`.
fn path(leaves: &Leaves, index: usize, from: usize, count: usize) -> Vec<Hash> {
    if count <= 1 {
        return Vec::new();
    }
    let half = left(count);
    let root = |from, count| merkle_root(from, count, &|n| leaves.entry(n));
    let (mut below, beside) = if index < from + half {
        (path(leaves, index, from, half), root(from + half, count - half))
    } else {
        (path(leaves, index, from + half, count - half), root(from, half))
    };
    below.push(beside);
    below
}

/// The root to which a proof leads (RFC 9162, 2.1.3.2); `None` if it is of another length.
fn root_of(path: &[Hash], entry: Hash, index: u64, count: u64) -> Option<Hash> {
    let (mut at, mut last, mut hash) = (index, count.checked_sub(1)?, entry);
    for beside in path {
        if last == 0 {
            return None;
        }
        if at % 2 == 1 || at == last {
            hash = node(beside, &hash);
            while at % 2 == 0 && at != 0 {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            hash = node(&hash, beside);
        }
        (at, last) = (at / 2, last / 2);
    }
    (last == 0).then_some(hash)
}

/// Checks a slip against the announcement and, once it is there, the reveal.
pub fn check_slip(bytes: &[u8], files: &DrawFiles<'_>, check: CheckSignature<'_>) -> SlipVerdict {
    let files = DrawFiles { leaves: None, result: None, ..*files };
    let mut check = Check::new(&files, Whose::This, Some(check));
    check.ending();
    let slip = Slip::read(bytes, &mut check.findings);
    let mut drawn = false;
    if let Some((slip, announced)) = slip.as_ref().zip(check.announcement.clone()) {
        let hash = check.hash.unwrap_or_default();
        let at = (File::Slip, "announcement");
        check.findings.agree(at, Kind::AnnouncementHash, &hash, &slip.announcement);
        let sources = [File::Announcement, File::Reveal, File::Void];
        let reveal = check.reveal.as_ref().filter(|_| !check.findings.has(&sources));
        let key = reveal.map(crate::reveal::Reveal::key);
        drawn = key.is_some();
        slip.check(&announced, key.as_ref(), &mut check.findings);
    }
    let findings = check.findings.into_list();
    SlipVerdict { ok: findings.is_empty(), slip, drawn, findings }
}

impl Slip {
    /// Reads a slip; any other bytes than its one form are a finding.
    fn read(bytes: &[u8], findings: &mut Findings) -> Option<Self> {
        let slip = Reader::file(File::Slip, bytes, findings, Self::read_object)?;
        check_form(File::Slip, bytes, &slip.to_file(), findings);
        Some(slip)
    }

    fn read_object(object: &mut Object<'_, '_>) -> Option<Self> {
        let announcement = object.get("announcement", Reader::hash);
        let id = object.get("id", Reader::text);
        let salt = object.get("salt", Reader::salt);
        let block = object.get("block", Reader::label);
        let ordinal = object.get("ordinal", Reader::integer(0, u32::MAX));
        let index = object.get("index", Reader::integer(0, u64::MAX));
        let path = object.get("path", Reader::list(Reader::hash));
        let ticket = object.get("ticket", Reader::hex::<16>);
        let rank = object.get("rank", Reader::integer(1, u32::MAX));
        let arm = object.get("arm", Reader::label);
        Some(Self {
            announcement: announcement?,
            id: id?,
            salt: Secret(salt?),
            block: block?,
            ordinal: ordinal?,
            index: index?,
            path: path?,
            ticket: u128::from_be_bytes(ticket?),
            rank: rank?,
            arm: arm?,
        })
    }

    fn to_file(&self) -> Vec<u8> {
        let hash = |hash: &Hash| Json::text(hex(hash));
        Json::object([
            ("protocol", Json::text(crate::PROTOCOL)),
            ("announcement", hash(&self.announcement)),
            ("id", Json::text(&self.id)),
            ("salt", hash(&self.salt.0)),
            ("block", Json::text(&self.block)),
            ("ordinal", Json::Integer(self.ordinal.into())),
            ("index", Json::Integer(self.index)),
            ("path", Json::Array(self.path.iter().map(hash).collect())),
            ("ticket", Json::text(hex(&self.ticket.to_be_bytes()))),
            ("rank", Json::Integer(self.rank.into())),
            ("arm", Json::text(&self.arm)),
        ])
        .to_file()
    }

    /// Place, proof, and what the draw gives under `key`.
    fn check(&self, announced: &Announcement, key: Option<&Hash>, findings: &mut Findings) {
        let design = &announced.design;
        let Some(number) = design.blocks().iter().position(|it| it.label == self.block) else {
            findings.add((File::Slip, None, "block"), Kind::SlipBlock, "", &self.block);
            return;
        };
        let units = |n: usize| design.blocks().get(n).map_or(0, |it| u64::from(it.units));
        let before: u64 = (0..number).map(units).sum();
        let inside = u64::from(self.ordinal) < units(number);
        if !inside || before + u64::from(self.ordinal) != self.index {
            let (expected, found) = (before + u64::from(self.ordinal), self.index.to_string());
            let expected = expected.to_string();
            findings.add((File::Slip, None, "index"), Kind::SlipPlace, &expected, &found);
            return;
        }
        let own = entry(&self.block, &leaf(&self.salt.0, &self.id));
        if root_of(&self.path, own, self.index, design.units()) != Some(announced.root) {
            let root = hex(&announced.root);
            findings.add((File::Slip, None, "path"), Kind::SlipPath, &root, "");
        }
        if let Some((ticket, rank, arm)) =
            key.and_then(|key| place(design, key, number, self.ordinal))
        {
            let mut agree = |field: &str, expected: String, found: String| {
                if expected != found {
                    findings.add((File::Slip, None, field), Kind::SlipResult, &expected, &found);
                }
            };
            let ticket_hex = |ticket: u128| hex(&ticket.to_be_bytes());
            let arm = design.arms().get(usize::from(arm)).cloned().unwrap_or_default();
            agree("ticket", ticket_hex(ticket), ticket_hex(self.ticket));
            agree("rank", rank.to_string(), self.rank.to_string());
            agree("arm", arm, self.arm.clone());
        }
    }
}
