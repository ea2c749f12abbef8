//! The checks between the files of a draw (section 9), shared by drawing, announcing and verifying.

use crate::{
    Announcement, Beacon, BeaconValue, DrawFiles, File, Finding, Whose,
    constraint::{Constrained, check_attempt},
    finding::{Findings, Kind},
    hash::{Hash, commitment, hex, sha256},
    leaves::{self, Leaves},
    quicknet::CheckSignature,
    result::{self, Drawn},
    reveal::{Reveal, Void},
};

/// The files that a result follows from.
const SOURCES: [File; 4] = [File::Announcement, File::Leaves, File::Reveal, File::Void];

/// The files of a draw as far as they can be read, and what is wrong with them so far.
pub(crate) struct Check<'a> {
    files: &'a DrawFiles<'a>,
    /// `None` where the signature does not matter: in the draw before.
    signature: Option<CheckSignature<'a>>,
    pub(crate) announcement: Option<Announcement>,
    /// Hash of the announcement's bytes.
    pub(crate) hash: Option<Hash>,
    pub(crate) leaves: Option<Leaves>,
    pub(crate) reveal: Option<Reveal>,
    pub(crate) findings: Findings,
}

impl<'a> Check<'a> {
    /// Reads the announcement.
    pub(crate) fn new(
        files: &'a DrawFiles<'a>,
        whose: Whose,
        signature: Option<CheckSignature<'a>>,
    ) -> Self {
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
        Self { files, signature, announcement, hash, leaves: None, reveal: None, findings }
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
            if let Some(reveal) = self.reveal.clone() {
                self.bound(File::Reveal, &reveal.announcement, Some(&reveal.secret));
                self.beacon(&reveal.beacon);
                self.attempt(reveal.attempt);
            }
        }
        if let Some(bytes) = self.files.void {
            if let Some(it) = Void::read(bytes, &mut self.findings) {
                self.bound(File::Void, &it.announcement, it.secret.as_ref());
            }
            if self.files.reveal.is_some() {
                self.findings.add((File::Void, None, ""), Kind::FileUnexpected, "", "");
            }
        }
        let reveal = self.files.reveal.map(|bytes| (File::Reveal, bytes));
        reveal.or(self.files.void.map(|bytes| (File::Void, bytes)))
    }

    /// Checks that the value is of the beacon announced, and drand's that it is drand's.
    fn beacon(&mut self, value: &BeaconValue) {
        let Some(announced) = self.announcement.as_ref().map(|it| it.beacon.clone()) else {
            return;
        };
        let (kind, found) = (announced.kind(), value.kind());
        if kind != found {
            let at = (File::Reveal, None, "beacon.kind");
            self.findings.add(at, Kind::BeaconKind, kind, found);
        }
        if let (Beacon::Drand { round }, BeaconValue::Drand { round: found, signature }) =
            (announced, value)
        {
            if round != *found {
                let at = (File::Reveal, None, "beacon.round");
                self.findings.add(at, Kind::Round, &round.to_string(), &found.to_string());
            } else if self.signature.is_some_and(|check| !check(round, signature)) {
                let at = (File::Reveal, None, "beacon.signature");
                self.findings.add(at, Kind::Signature, "", &hex(signature));
            }
        }
    }

    /// Checks that an attempt stands where there is a constraint, and within its limit.
    fn attempt(&mut self, attempt: Option<u32>) {
        let Some(announced) = &self.announcement else { return };
        let at = (File::Reveal, None, "attempt");
        match (&announced.constraint, attempt) {
            (Some(it), Some(attempt)) if u64::from(attempt) >= it.max_attempts => {
                let kind = Kind::NotInteger { min: 0, max: it.max_attempts - 1 };
                self.findings.add(at, kind, "", &attempt.to_string());
            }
            (None, Some(_)) | (Some(_), None) => self.findings.add(at, Kind::Attempt, "", ""),
            _ => {}
        }
    }

    /// Checks the constraint itself, with the private values.
    pub(crate) fn covariates(&mut self, bytes: &[u8]) {
        let Some(announced) = &self.announcement else { return };
        let Some(constraint) = &announced.constraint else {
            self.findings.add((File::Covariates, None, ""), Kind::FileUnexpected, "", "");
            return;
        };
        let leaves = self.leaves.as_ref();
        if constraint.read_covariates(bytes, leaves, &mut self.findings).is_none() {
            return;
        }
        let Ok(constrained) = Constrained::read(announced, bytes) else {
            self.findings.add((File::Covariates, None, ""), Kind::Units, "", "");
            return;
        };
        let Some(reveal) = self.reveal.as_ref().filter(|_| !self.findings.has(&SOURCES)) else {
            return;
        };
        let attempt = reveal.attempt.unwrap_or_default();
        if let Some(kind) = check_attempt(&constrained, &reveal.draw_key(), attempt) {
            let at = (File::Reveal, None, "attempt");
            self.findings.add(at, kind, "", &attempt.to_string());
        }
    }

    /// Checks a reveal or void against the announcement. If the hashes differ either file may
    /// have changed, so both are named.
    fn bound(&mut self, file: File, stated: &Hash, secret: Option<&Hash>) {
        if let Some(hash) = &self.hash {
            let changed = (File::Announcement, "");
            self.findings.agree((file, "announcement"), Kind::AnnouncementHash, hash, stated);
            self.findings.agree(changed, Kind::AnnouncementChanged, stated, hash);
        }
        let Some(it) = &self.announcement else { return };
        match (secret, &it.beacon) {
            (Some(secret), _) => {
                let found = commitment(secret);
                self.findings.agree((file, "secret"), Kind::Commitment, &it.commitment, &found);
            }
            (None, Beacon::Drand { .. }) => {}
            (None, _) => self.findings.add((file, None, "secret"), Kind::NoSecret, "", "null"),
        }
    }

    /// The result, if the files it follows from are there and in order.
    pub(crate) fn draw(&self) -> Option<Drawn> {
        if self.findings.has(&SOURCES) {
            return None;
        }
        let design = &self.announcement.as_ref()?.design;
        Some(result::draw(design, self.leaves.as_ref()?, &self.reveal.as_ref()?.key()))
    }

    /// Checks `result.csv`, and gives the draw; `None` if that can't be done.
    pub(crate) fn result(&mut self, found: &[u8]) -> Option<Drawn> {
        if self.files.reveal.is_none() {
            self.findings.add((File::Result, None, ""), Kind::FileUnexpected, "", "");
        } else {
            present(self.files.leaves, File::Leaves, &mut self.findings);
        }
        let (drawn, reveal) = self.draw().zip(self.reveal.as_ref())?;
        result::compare(&drawn, found, &reveal.beacon, &mut self.findings);
        Some(drawn)
    }

    /// Checks `previous` and `ended` against the draw before; gives the findings on its folder.
    pub(crate) fn chain(&mut self, previous: &DrawFiles<'_>) -> Vec<Finding> {
        let mut before = Check::new(previous, Whose::Previous, None);
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
