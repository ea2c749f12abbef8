//! What a verifier finds: the file, the field, what was expected and what was found.

use std::fmt::{self, Display, Formatter};

use crate::{
    DesignError,
    hash::{Hash, hex},
};

/// A file of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of the files")]
pub enum File {
    Announcement,
    Plan,
    Leaves,
    Reveal,
    Result,
    Void,
    /// The private list of units with their salts, given to check the list itself.
    Roster,
    /// The private values of a constrained draw, given to check the constraint.
    Covariates,
    /// A family's own slip.
    Slip,
}

impl File {
    /// The file's name in its folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Announcement => "announcement.json",
            Self::Plan => "plan.toml",
            Self::Leaves => "leaves.csv",
            Self::Reveal => "reveal.json",
            Self::Result => "result.csv",
            Self::Void => "void.json",
            Self::Roster => "private.csv",
            Self::Covariates => "covariates.csv",
            Self::Slip => "slip.json",
        }
    }

    /// The most bytes that are read: room for 10,000 blocks of 64 arms, and for millions of units.
    pub fn bytes_max(self) -> usize {
        match self {
            Self::Announcement | Self::Plan => 16 << 20,
            Self::Reveal | Self::Void | Self::Slip => 1 << 20,
            Self::Leaves | Self::Result | Self::Roster | Self::Covariates => 1 << 30,
        }
    }
}

impl Display for File {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whose file it is: the draw's that is verified, or the draw's before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Whose {
    This,
    Previous,
}

/// One refusal. It carries nothing of a unit but its leaf, which is public, or its pseudonym.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whose file it is.
    pub whose: Whose,
    /// The file that is wrong, or may be where two disagree (then there is a finding for each).
    pub file: File,
    /// The line from 1, in a file of lines, or where JSON stops being JSON.
    pub line: Option<usize>,
    /// The key's path (`blocks[2].units`) or the column; empty for the whole file.
    pub field: String,
    /// What is wrong.
    pub kind: Kind,
    /// The value that must stand there, or what form it must have.
    pub expected: String,
    /// What stands there, shortened; empty where nothing does.
    pub found: String,
}

/// What is wrong; the message is the sentence's predicate, after the file and the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Kind {
    // The form of a file.
    #[error("is missing")]
    FileMissing,
    #[error("can't be there")]
    FileUnexpected,
    #[error("is too large")]
    TooLarge,
    #[error("must be JSON")]
    Json,
    #[error("is missing")]
    KeyMissing,
    #[error("is not a key of the protocol")]
    KeyUnknown,
    #[error("must stand once")]
    KeyRepeated,
    #[error("must be an object")]
    NotObject,
    #[error("must be a list")]
    NotList,
    #[error("must be text")]
    NotText,
    #[error("must be {digits} lower-case hexadecimal digits")]
    NotHex { digits: usize },
    #[error("must be a fraction in lowest terms, such as 2/5, 1 or 0")]
    NotFraction,
    #[error("must be 1 to 64 of the characters A-Z a-z 0-9 _ . -")]
    NotLabel,
    #[error("must be an integer from {min} to {max}")]
    NotInteger { min: u64, max: u64 },
    #[error("must not be empty")]
    Empty,
    #[error("must be in Unicode form NFC without white space at its ends")]
    NotPlain,
    #[error("must have the protocol's only form, byte for byte")]
    Form,
    #[error("must be a row of the protocol's form")]
    Row,
    #[error("must be in ascending order, each once")]
    Order,
    #[error("is not the protocol of this program")]
    Protocol,
    // The design.
    #[error("can't be drawn: {0}")]
    Design(DesignError),
    #[error("must end in -rehearsal, since the beacon is `fixed`")]
    RehearsalLabel,
    // Files that must agree.
    #[error("is not the folder's number")]
    Number,
    #[error("differs from the plan that was locked")]
    Plan,
    #[error("has not the number of families announced")]
    Units,
    #[error("must stand once, in one block")]
    LeafRepeated,
    #[error("has more blocks than a draw can have")]
    TooManyBlocks,
    #[error("is not the list that was locked")]
    Root,
    #[error("is not the secret that was committed to")]
    Commitment,
    #[error("is of another announcement")]
    AnnouncementHash,
    #[error("may have changed: its hash stands otherwise elsewhere")]
    AnnouncementChanged,
    #[error("is not the beacon announced")]
    BeaconKind,
    #[error("may have changed: no ticket of the result follows from it")]
    BeaconValue,
    #[error("must be the chain that the protocol pins")]
    Chain,
    #[error("is not the round announced")]
    Round,
    #[error("is not the beacon's signature of the round announced")]
    Signature,
    #[error("must stand where the draw is constrained, and only there")]
    Attempt,
    #[error("must be null under a drand beacon only")]
    NoSecret,
    #[error("are not the values that were locked")]
    Covariates,
    #[error("must be the first attempt that the constraint accepts")]
    AttemptNotFirst,
    #[error("can't be accepted: the constraint does not hold in this attempt")]
    AttemptRefused,
    #[error("differs from what the files give")]
    Result,
    // The chain.
    #[error("must be zeros in draw 1, and only there")]
    FirstOfChain,
    #[error("is not the hash of the draw before")]
    Previous,
    #[error("is not the hash of what ended the draw before")]
    Ended,
    #[error("may have changed: its hash stands otherwise in the next announcement")]
    EndedChanged,
    #[error("is not the number before this draw's")]
    PreviousNumber,
    #[error("is of another pilot")]
    PreviousPilot,
    // The roster.
    #[error("is not the leaf of its salt and id")]
    RosterLeaf,
    #[error("is not the row of `leaves.csv`")]
    RosterRow,
    #[error("must be on the roster once")]
    RosterId,
    // A slip.
    #[error("is not a block of the draw")]
    SlipBlock,
    #[error("is not the unit's place in the list")]
    SlipPlace,
    #[error("does not lead to the root that was locked")]
    SlipPath,
    #[error("is not what the draw gives this place")]
    SlipResult,
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.whose == Whose::Previous {
            f.write_str("the draw before: ")?;
        }
        write!(f, "`{}`", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if !self.field.is_empty() {
            write!(f, ", `{}`", self.field)?;
        }
        write!(f, " {}", self.kind)?;
        if !self.expected.is_empty() {
            write!(f, ": expected `{}`", self.expected)?;
        }
        if !self.found.is_empty() {
            let joint = if self.expected.is_empty() { ':' } else { ',' };
            write!(f, "{joint} found `{}`", self.found)?;
        }
        Ok(())
    }
}

/// Files of a draw that can't be used, with everything that is wrong with them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Refused(pub Vec<Finding>);

/// The most findings of one kind in one file.
const REPEATS_MAX: usize = 10;
const FOUND_CHARS_MAX: usize = 80;

/// Collects findings; each check adds what it finds and goes on.
#[derive(Debug)]
pub(crate) struct Findings {
    whose: Whose,
    list: Vec<Finding>,
}

impl Findings {
    pub(crate) fn new(whose: Whose) -> Self {
        Self { whose, list: Vec::new() }
    }

    pub(crate) fn add(
        &mut self,
        (file, line, field): (File, Option<usize>, &str),
        kind: Kind,
        expected: &str,
        found: &str,
    ) {
        let alike = |it: &&Finding| {
            it.file == file && std::mem::discriminant(&it.kind) == std::mem::discriminant(&kind)
        };
        if self.list.iter().filter(alike).count() < REPEATS_MAX {
            let field = field.to_owned();
            let (expected, found) = (shortened(expected), shortened(found));
            self.list.push(Finding { whose: self.whose, file, line, field, kind, expected, found });
        }
    }

    /// Adds a finding if a file is larger than what is read.
    pub(crate) fn too_large(&mut self, file: File, bytes: &[u8]) -> bool {
        let too_large = bytes.len() > file.bytes_max();
        if too_large {
            let (most, length) = (file.bytes_max().to_string(), bytes.len().to_string());
            self.add((file, None, ""), Kind::TooLarge, &most, &length);
        }
        too_large
    }

    /// Adds a finding if two hashes differ.
    pub(crate) fn agree(
        &mut self,
        (file, field): (File, &str),
        kind: Kind,
        expected: &Hash,
        found: &Hash,
    ) {
        if expected != found {
            self.add((file, None, field), kind, &hex(expected), &hex(found));
        }
    }

    /// Whether one of these files has a finding.
    pub(crate) fn has(&self, files: &[File]) -> bool {
        self.list.iter().any(|it| files.contains(&it.file))
    }

    pub(crate) fn into_list(self) -> Vec<Finding> {
        self.list
    }

    /// What was read, if there is nothing wrong with it.
    pub(crate) fn refuse_unless_empty<T>(self, read: Option<T>) -> Result<T, Refused> {
        read.filter(|_| self.list.is_empty()).ok_or(Refused(self.list))
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(FOUND_CHARS_MAX) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
