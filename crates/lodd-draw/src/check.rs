//! The checks between the files of a draw (section 9), shared by drawing, announcing and verifying.

use crate::{
    Announcement, DrawFiles, File, Finding, Whose,
    finding::{Findings, Kind},
    hash::{Hash, commitment, sha256},
    leaves::{self, Leaf},
    result::{self, Drawn},
    reveal::{Reveal, Void},
};

/// The files of a draw as far as they can be read, and what is wrong with them so far.
pub(crate) struct Check<'a> {
    files: &'a DrawFiles<'a>,
    pub(crate) announcement: Option<Announcement>,
    /// Hash of the announcement's bytes.
    pub(crate) hash: Option<Hash>,
    pub(crate) leaves: Option<Vec<Leaf>>,
    reveal: Option<Reveal>,
    pub(crate) findings: Findings,
}

impl<'a> Check<'a> {
    /// Reads the announcement.
    pub(crate) fn new(files: &'a DrawFiles<'a>, whose: Whose) -> Self {
        let mut findings = Findings::new(whose);
        let (mut announcement, mut hash) = (None, None);
        if let Some(bytes) = present(files.announcement, File::Announcement, &mut findings) {
            announcement = Announcement::read(bytes, &mut findings);
            hash = Some(sha256(&[bytes]));
        }
        if let (Some(number), Some(it)) = (files.number, &announcement)
            && number != it.draw
        {
            let at = (File::Announcement, None, "draw");
            findings.add(at, Kind::Number, &number.to_string(), &it.draw.to_string());
        }
        Self { files, announcement, hash, leaves: None, reveal: None, findings }
    }

    pub(crate) fn plan(&mut self) {
        let plan = present(self.files.plan, File::Plan, &mut self.findings);
        if let (Some(bytes), Some(it)) = (plan, &self.announcement) {
            self.findings.agree((File::Plan, ""), Kind::Plan, &it.plan, &sha256(&[bytes]));
        }
    }

    /// The list, which may be withheld.
    pub(crate) fn leaves(&mut self) {
        let Some(bytes) = self.files.leaves else { return };
        let list = leaves::read(bytes, &mut self.findings);
        if let Some(it) = &self.announcement {
            leaves::check(it, &list, &mut self.findings);
        }
        self.leaves = Some(list);
    }

    /// What ended the draw, if anything has: the bytes of that file.
    pub(crate) fn ending(&mut self) -> Option<(File, &'a [u8])> {
        if let Some(bytes) = self.files.reveal {
            self.reveal = Reveal::read(bytes, &mut self.findings);
            if let Some(Reveal { announcement, secret, beacon }) = self.reveal.clone() {
                self.bound(File::Reveal, &announcement, &secret);
                let announced = self.announcement.as_ref().map(|it| it.beacon.kind());
                if let Some(kind) = announced.filter(|it| *it != beacon.kind()) {
                    let at = (File::Reveal, None, "beacon.kind");
                    self.findings.add(at, Kind::BeaconKind, kind, beacon.kind());
                }
            }
        }
        if let Some(bytes) = self.files.void {
            if let Some(it) = Void::read(bytes, &mut self.findings) {
                self.bound(File::Void, &it.announcement, &it.secret);
            }
            if self.files.reveal.is_some() {
                self.findings.add((File::Void, None, ""), Kind::FileUnexpected, "", "");
            }
        }
        let reveal = self.files.reveal.map(|bytes| (File::Reveal, bytes));
        reveal.or(self.files.void.map(|bytes| (File::Void, bytes)))
    }

    /// Checks a reveal or void against the announcement. If the hashes differ either file may
    /// have changed, so both are named.
    fn bound(&mut self, file: File, stated: &Hash, secret: &Hash) {
        if let Some(hash) = &self.hash {
            let changed = (File::Announcement, "");
            self.findings.agree((file, "announcement"), Kind::AnnouncementHash, hash, stated);
            self.findings.agree(changed, Kind::AnnouncementChanged, stated, hash);
        }
        if let Some(it) = &self.announcement {
            let found = commitment(secret);
            self.findings.agree((file, "secret"), Kind::Commitment, &it.commitment, &found);
        }
    }

    /// The result, if the files it follows from are there and in order.
    pub(crate) fn draw(&self) -> Option<Drawn> {
        let sources = [File::Announcement, File::Leaves, File::Reveal, File::Void];
        if self.findings.has(&sources) {
            return None;
        }
        let design = &self.announcement.as_ref()?.design;
        Some(result::draw(design, self.leaves.as_ref()?, &self.reveal.as_ref()?.key()))
    }

    /// Checks `result.csv`; `false` if that can't be done.
    pub(crate) fn result(&mut self, found: &[u8]) -> bool {
        if self.files.reveal.is_none() {
            self.findings.add((File::Result, None, ""), Kind::FileUnexpected, "", "");
        } else {
            present(self.files.leaves, File::Leaves, &mut self.findings);
        }
        let Some((drawn, reveal)) = self.draw().zip(self.reveal.as_ref()) else { return false };
        result::compare(&drawn, found, &reveal.beacon, &mut self.findings);
        true
    }

    /// Checks `previous` and `ended` against the draw before; gives the findings on its folder.
    pub(crate) fn chain(&mut self, previous: &DrawFiles<'_>) -> Vec<Finding> {
        let mut before = Check::new(previous, Whose::Previous);
        let Some(it) = &self.announcement else { return before.findings.into_list() };
        before.precedes(&it.pilot, it.draw);
        if let Some(hash) = &before.hash {
            let at = (File::Announcement, "previous");
            self.findings.agree(at, Kind::Previous, hash, &it.previous);
            let changed = (File::Announcement, "");
            before.findings.agree(changed, Kind::AnnouncementChanged, &it.previous, hash);
        }
        if let Some((file, bytes)) = before.ended() {
            let hash = sha256(&[bytes]);
            self.findings.agree((File::Announcement, "ended"), Kind::Ended, &hash, &it.ended);
            before.findings.agree((file, ""), Kind::EndedChanged, &it.ended, &hash);
        }
        before.findings.into_list()
    }

    /// Checks that this is the draw before number `draw` of `pilot`.
    pub(crate) fn precedes(&mut self, pilot: &str, draw: u32) {
        let Some(it) = &self.announcement else { return };
        if it.pilot != pilot {
            let at = (File::Announcement, None, "pilot");
            self.findings.add(at, Kind::PreviousPilot, pilot, &it.pilot);
        }
        if it.draw.checked_add(1) != Some(draw) {
            let at = (File::Announcement, None, "draw");
            let expected = draw.saturating_sub(1).to_string();
            self.findings.add(at, Kind::PreviousNumber, &expected, &it.draw.to_string());
        }
    }

    /// [`Check::ending`] of a draw that must have ended.
    pub(crate) fn ended(&mut self) -> Option<(File, &'a [u8])> {
        let ending = self.ending();
        present(ending, File::Reveal, &mut self.findings)
    }
}

/// A file that must be there.
fn present<T>(file: Option<T>, name: File, findings: &mut Findings) -> Option<T> {
    if file.is_none() {
        findings.add((name, None, ""), Kind::FileMissing, "", "");
    }
    file
}
