//! What a file is judged against: the pilot as it is known before the file.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::variable::{UnitKind, Variable};

/// The role of a family's member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// `FORELDER`: a parent.
    Parent,
    /// `PARTNER`: a parent's partner.
    Partner,
    /// `ANNEN_VOKSEN`: another adult, such as a grown child at home.
    OtherAdult,
    /// `BARN`: a child; stays one at 18.
    Child,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Parent, Self::Partner, Self::OtherAdult, Self::Child];

    /// The code in the tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Parent => "FORELDER",
            Self::Partner => "PARTNER",
            Self::OtherAdult => "ANNEN_VOKSEN",
            Self::Child => "BARN",
        }
    }

    /// Whether the member answers as an adult or as a child.
    pub fn unit(self) -> UnitKind {
        if self == Self::Child { UnitKind::Child } else { UnitKind::Adult }
    }

    /// Whether the member's own answers enter adult outcomes.
    pub fn is_itt_adult(self) -> bool {
        matches!(self, Self::Parent | Self::Partner)
    }
}

/// A member as known from the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownMember {
    /// The family as drawn.
    pub family_id: String,
    /// The role in it.
    pub role: Role,
}

/// The pilot as it is known before a file is read. Empty maps before the first roster.
#[derive(Clone, Debug)]
pub struct Expectations {
    /// Today in Europe/Oslo: nothing can be observed after it.
    pub today: Date,
    /// The pilot's first day: no status date before it.
    pub starts_on: Date,
    /// The pilot's prefix of ids, such as `RIN`.
    pub id_prefix: String,
    /// The offices' ids.
    pub offices: BTreeSet<String>,
    /// The office that sends the file; `None` for one that may send for all.
    pub office: Option<String>,
    /// The families known, each with its office.
    pub families: BTreeMap<String, String>,
    /// The members known.
    pub members: BTreeMap<String, KnownMember>,
    /// The families of the draw, once there is one; others are then not followed (K03).
    pub drawn: Option<BTreeSet<String>>,
    /// The variables that may stand in a file: every pilot's, and this pilot's own.
    pub variables: Vec<Variable>,
    /// The arms' labels: an assignment must use them, a status file must not show them.
    pub arms: Vec<String>,
    /// *Lever de som er i orden*: more than 20 % held does not refuse the file.
    pub accept_good: bool,
}
