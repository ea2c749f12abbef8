//! What a file is judged against: the pilot as it is known before the file.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};

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
    /// The year of birth, where known.
    pub birth_year: Option<i32>,
}

impl KnownMember {
    /// The age in a year, by the year of birth alone.
    pub(crate) fn age_in(&self, year: i16) -> Option<i32> {
        Some(i32::from(year) - self.birth_year?)
    }
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
    /// Families that a move handed over to another office of the pilot: the day of each move, and the
    /// office that follows the family from then on, in order.
    pub handovers: BTreeMap<String, Vec<(Date, String)>>,
    /// The members known.
    pub members: BTreeMap<String, KnownMember>,
    /// The families of the draw, once there is one; others are then not followed (K03).
    pub drawn: Option<BTreeSet<String>>,
    /// The variables that may stand in a file: every pilot's, and this pilot's own.
    pub variables: Vec<Variable>,
    /// The arms' labels: an assignment must use them, a status file must not show them.
    pub arms: Vec<String>,
    /// The families drawn to follow-up, and those that took a place offered since; `None` while
    /// that is not known. The coordinators' log tells of these (K06).
    pub follow_up: Option<BTreeSet<String>>,
    /// *Lever de som er i orden*: more than 20 % held does not refuse the file.
    pub accept_good: bool,
    /// What is known of the units so far.
    pub history: History,
}

/// Whether a family is for the office that sends a file to tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theirs {
    /// It follows the family now, and may tell of any day.
    Now,
    /// It followed the family until this day, and may tell of days up to it.
    Until(Date),
    /// It never did.
    Never,
}

impl Expectations {
    fn moves(&self, family: &str) -> &[(Date, String)] {
        self.handovers.get(family).map_or(&[], Vec::as_slice)
    }

    /// The office that follows a known family: that of the list, or of the last move to another one.
    pub fn follower(&self, family: &str) -> Option<&str> {
        let listed = self.families.get(family)?;
        Some(self.moves(family).last().map_or(listed, |(_, office)| office))
    }

    /// Whether a known family is for the office that sends the file to tell of.
    pub(crate) fn theirs(&self, family: &str) -> Theirs {
        let Some(own) = &self.office else { return Theirs::Now };
        let Some(mut holder) = self.families.get(family) else { return Theirs::Never };
        let mut theirs = Theirs::Never;
        for (day, office) in self.moves(family) {
            if holder == own {
                theirs = Theirs::Until(*day);
            }
            holder = office;
        }
        if holder == own { Theirs::Now } else { theirs }
    }
}

/// What is known of the units so far, for the checks that compare. Empty before a draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The times of measurement of each draw.
    pub draws: Vec<Measured>,
    /// The place in `draws` of each family that is followed.
    pub followed: BTreeMap<String, usize>,
    /// The families that are overdue: nothing has been told of them at a time of measurement.
    pub overdue: Vec<Overdue>,
    /// By family or member, the latest that is stored.
    pub latest: BTreeMap<String, Latest>,
    /// By family or member, since when no answer can come.
    pub exits: BTreeMap<String, Exit>,
}

/// A status may be told from this many days before a draw.
const BEFORE_DRAW_DAYS: i32 = 60;

impl History {
    /// The first day on which a status of a family can be; none for a family not followed.
    pub(crate) fn earliest(&self, family: &str) -> Option<Date> {
        let measured = self.draws.get(*self.followed.get(family)?)?;
        let before = measured.drawn_on.checked_sub(BEFORE_DRAW_DAYS.days()).ok()?;
        let windows = measured.windows.iter().map(|window| window.low);
        Some(windows.fold(before, Date::min))
    }
}

/// A draw's times of measurement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The day of the draw.
    pub drawn_on: Date,
    /// Its windows, in any order.
    pub windows: Vec<Window>,
}

/// A window of measurement, both ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// `12` (months) or `2016-12-31`.
    pub horizon: String,
    /// The day that is measured.
    pub target: Date,
    /// The first day that counts.
    pub low: Date,
    /// The last day that counts.
    pub high: Date,
}

/// A family of which nothing has been told, though the deadline has passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overdue {
    /// The family.
    pub family_id: String,
    /// The first and the last day that would count.
    pub window: (Date, Date),
    /// The deadline.
    pub due_on: Date,
}

/// The latest snapshot stored of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latest {
    /// Its status date.
    pub status_date: Date,
    /// Its codes, by variable.
    pub codes: BTreeMap<String, String>,
}

/// A death, or a consent withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// `DOD` or `TRAKK_SAMTYKKE`.
    pub status: Leaving,
    /// Since when.
    pub on: Date,
}

/// Why no answer can come any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leaving {
    /// `DOD`: dead.
    Died,
    /// `TRAKK_SAMTYKKE`: consent withdrawn.
    Withdrew,
}
