//! Checking a draw as a stranger would, from its public files alone.

use crate::{
    Announcement, Design, Finding, Shares, Whose, check::Check, hash::hex, leaves,
    quicknet::CheckSignature, result::Drawn,
};

/// The files of one draw's folder, those that are there.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the files")]
pub struct DrawFiles<'a> {
    /// The number in the folder's name, if it is to be checked.
    pub number: Option<u32>,
    pub announcement: Option<&'a [u8]>,
    pub plan: Option<&'a [u8]>,
    pub leaves: Option<&'a [u8]>,
    pub reveal: Option<&'a [u8]>,
    pub result: Option<&'a [u8]>,
    pub void: Option<&'a [u8]>,
}

/// What a draw is checked with beyond its own folder.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// The folder of the draw before.
    pub previous: Option<&'a DrawFiles<'a>>,
    /// The private list (`block,leaf,salt,id`).
    pub roster: Option<&'a [u8]>,
    /// The private values of a constrained draw.
    pub covariates: Option<&'a [u8]>,
    /// Whether a signature is the beacon's.
    pub check: CheckSignature<'a>,
}

impl std::fmt::Debug for Evidence<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Evidence(..)")
    }
}

/// What a verification came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether nothing was found that is wrong.
    pub ok: bool,
    /// The announcement, if it could be read: protocol, number, arms, blocks, beacon.
    pub announcement: Option<Announcement>,
    /// Hash of the announcement's bytes, 64 hexadecimal digits: what was made public beforehand.
    pub announcement_hash: Option<String>,
    /// Number of units over all blocks.
    pub units: u64,
    /// Each arm and its seats over all blocks, in the order of the protocol; `None` where
    /// probabilities are not rounded yet.
    pub arms: Vec<(String, Option<u64>)>,
    /// Whether nothing of this draw counts; true as well where it can't be told.
    pub rehearsal: bool,
    /// The attempt of a constrained draw that is revealed.
    pub attempt: Option<u32>,
    /// What the verdict leaves open.
    pub notes: Vec<Note>,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
}

/// Something a verdict can't say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Note {
    #[error("chain not checked: the draw before is not here")]
    ChainNotChecked,
    #[error("the draw is open: not revealed yet, checked as far as it goes")]
    Open,
    #[error("the draw is void: its form and its secret were checked")]
    Void,
    #[error("list not checked: `leaves.csv` is withheld")]
    LeavesWithheld,
    #[error("result not checked: `result.csv` is not here")]
    ResultWithheld,
    #[error("result not checked: the files it follows from are not in order")]
    ResultNotChecked,
    #[error("constraint not checked; any of {max_attempts} results would pass")]
    ConstraintNotChecked { max_attempts: u64 },
}

/// Verifies a draw. Never fails: whatever the bytes are, the verdict says what is wrong.
pub fn verify(files: &DrawFiles<'_>, evidence: &Evidence<'_>) -> Verdict {
    let mut check = Check::new(files, Whose::This, Some(evidence.check));
    check.plan();
    check.leaves();
    check.ending();
    let mut notes = notes(files);
    let mut drawn = None;
    if let Some(found) = files.result {
        drawn = check.result(found);
        if drawn.is_none() {
            notes.push(Note::ResultNotChecked);
        }
    }
    let mut before = Vec::new();
    match evidence.previous {
        Some(previous) => before = check.chain(previous),
        None if check.announcement.as_ref().is_some_and(|it| it.draw == 1) => {}
        None => notes.push(Note::ChainNotChecked),
    }
    if let Some(roster) = evidence.roster {
        leaves::check_private(roster, check.leaves.as_ref(), &mut check.findings);
    }
    match (evidence.covariates, constraint(&check)) {
        (Some(bytes), _) => check.covariates(bytes),
        (None, Some(max_attempts)) => notes.push(Note::ConstraintNotChecked { max_attempts }),
        (None, None) => {}
    }
    verdict(check, drawn.as_ref(), before, notes)
}

fn constraint(check: &Check<'_>) -> Option<u64> {
    Some(check.announcement.as_ref()?.constraint.as_ref()?.max_attempts)
}

/// What cannot be said since a file is not there.
fn notes(files: &DrawFiles<'_>) -> Vec<Note> {
    let ended = match (files.reveal, files.void) {
        (None, None) => Some(Note::Open),
        (_, Some(_)) => Some(Note::Void),
        (Some(_), None) => files.result.is_none().then_some(Note::ResultWithheld),
    };
    files.leaves.is_none().then_some(Note::LeavesWithheld).into_iter().chain(ended).collect()
}

fn verdict(
    check: Check<'_>,
    drawn: Option<&Drawn>,
    before: Vec<Finding>,
    notes: Vec<Note>,
) -> Verdict {
    let mut findings = check.findings.into_list();
    findings.extend(before);
    let design = check.announcement.as_ref().map(|it| &it.design);
    Verdict {
        ok: findings.is_empty(),
        units: design.map_or(0, Design::units),
        arms: design.map(|it| seats(it, drawn)).unwrap_or_default(),
        rehearsal: check.announcement.as_ref().is_none_or(Announcement::is_rehearsal),
        attempt: check.reveal.as_ref().and_then(|it| it.attempt),
        announcement_hash: check.hash.map(|hash| hex(&hash)),
        announcement: check.announcement,
        notes,
        findings,
    }
}

/// Each arm's seats over all blocks: as drawn, else as announced.
fn seats(design: &Design, drawn: Option<&Drawn>) -> Vec<(String, Option<u64>)> {
    let of_block = |n: usize, arm: usize| -> Option<u64> {
        let seats = match (drawn, design.blocks().get(n).map(|it| &it.shares)) {
            (Some(drawn), _) => drawn.seats.get(n)?,
            (None, Some(Shares::Seats(seats))) => seats,
            _ => return None,
        };
        seats.get(arm).copied().map(u64::from)
    };
    let all = |arm| (0..design.blocks().len()).map(|n| of_block(n, arm)).sum();
    design.arms().iter().enumerate().map(|(arm, label)| (label.clone(), all(arm))).collect()
}
