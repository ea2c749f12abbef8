//! How the arms were assigned.

use super::{Text, Unit};

/// Where an assignment comes from. Said in every output that rests on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Drawn by the protocol.
    Drawn,
    /// Made elsewhere and taken over as it was.
    Imported,
    /// Drawn from a fixed beacon, to show the procedure.
    Rehearsal,
}

impl Origin {
    /// Reads the code of the Parquet files: `drawn`, `imported` or `rehearsal`.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "drawn" => Some(Self::Drawn),
            "imported" => Some(Self::Imported),
            "rehearsal" => Some(Self::Rehearsal),
            _ => None,
        }
    }
}

/// What nobody could know when the list was locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beacon {
    /// A fixed seed: rehearsals only.
    Fixed {
        /// The seed, 64 hex digits.
        seed: String,
    },
    /// Read out before witnesses.
    Witnessed {
        /// What was announced that would be read out.
        description: String,
        /// What was read out.
        value: String,
    },
    /// A round of the public beacon drand.
    Drand {
        /// The round.
        round: u64,
        /// Its signature, 96 hex digits.
        signature: String,
    },
}

/// The public record of a draw by protocol `lodd/1`. Hashes are 64 hex digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// The beacon with its value.
    pub beacon: Beacon,
    /// SHA-256 of `announcement.json`.
    pub announcement: String,
    /// SHA-256 of `plan.toml`, the pilot's protocol file.
    pub plan: String,
    /// Root of the Merkle tree over the locked list.
    pub root: String,
    /// Whether the finished folder was taken over and verified again, instead of drawn in this
    /// pilot.
    pub taken_over: bool,
}

/// A group of units drawn among themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The name readers see.
    pub name: Text,
    /// Seats in each arm, in the order of the report's arms.
    pub seats: Vec<u64>,
}

impl Block {
    /// Units in the block.
    pub fn units(&self) -> u64 {
        self.seats.iter().sum()
    }
}

/// One draw, or one assignment made elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Its number in the pilot, from 1.
    pub number: u32,
    /// Where it comes from.
    pub origin: Origin,
    /// ISO date.
    pub drawn_on: String,
    /// What was drawn.
    pub unit: Unit,
    /// The public record; `None` for an assignment that was made elsewhere.
    pub protocol: Option<Protocol>,
    /// The blocks, with their seats.
    pub blocks: Vec<Block>,
    /// Families that are in one of these units together with the one it is named after.
    pub joined: u64,
    /// The exact commands that verify it, one a line.
    pub commands: Vec<String>,
}

impl Draw {
    /// Units drawn into the arm at this place in the report's list of arms.
    pub fn in_arm(&self, arm: usize) -> u64 {
        self.blocks.iter().filter_map(|block| block.seats.get(arm)).sum()
    }

    /// Units in the draw.
    pub fn units(&self) -> u64 {
        self.blocks.iter().map(Block::units).sum()
    }
}
