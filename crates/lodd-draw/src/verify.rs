//! Checking a draw as a stranger would, from its public files alone.

use crate::{Announcement, Design, Finding, Whose, check::Check, hash::hex, leaves};

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
    /// Each arm and its seats over all blocks, in the order of the protocol.
    pub arms: Vec<(String, u64)>,
    /// Whether nothing of this draw counts; true as well where it can't be told.
    pub rehearsal: bool,
    /// The attempt of a constrained draw; none has one in this release.
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
}

/// Verifies a draw; `previous` is the folder of the draw before, `roster` the private list
/// (`block,leaf,salt,id`). Never fails: whatever the bytes are, the verdict says what is wrong.
pub fn verify(
    files: &DrawFiles<'_>,
    previous: Option<&DrawFiles<'_>>,
    roster: Option<&[u8]>,
) -> Verdict {
    let mut check = Check::new(files, Whose::This);
    check.plan();
    check.leaves();
    check.ending();
    let mut notes = notes(files);
    if let Some(found) = files.result
        && !check.result(found)
    {
        notes.push(Note::ResultNotChecked);
    }
    let mut before = Vec::new();
    match previous {
        Some(previous) => before = check.chain(previous),
        None if check.announcement.as_ref().is_some_and(|it| it.draw == 1) => {}
        None => notes.push(Note::ChainNotChecked),
    }
    if let Some(roster) = roster {
        leaves::check_private(roster, check.leaves.as_deref(), &mut check.findings);
    }
    verdict(check, before, notes)
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

fn verdict(check: Check<'_>, before: Vec<Finding>, notes: Vec<Note>) -> Verdict {
    let mut findings = check.findings.into_list();
    findings.extend(before);
    let design = check.announcement.as_ref().map(|it| &it.design);
    let (arms, blocks) = design.map_or((&[][..], &[][..]), |it| (it.arms(), it.blocks()));
    let seats = |arm: usize| -> u64 {
        blocks.iter().filter_map(|it| it.seats.get(arm)).copied().map(u64::from).sum()
    };
    Verdict {
        ok: findings.is_empty(),
        units: design.map_or(0, Design::units),
        arms: arms.iter().enumerate().map(|(n, arm)| (arm.clone(), seats(n))).collect(),
        rehearsal: check.announcement.as_ref().is_none_or(Announcement::is_rehearsal),
        attempt: None,
        announcement_hash: check.hash.map(|hash| hex(&hash)),
        announcement: check.announcement,
        notes,
        findings,
    }
}
