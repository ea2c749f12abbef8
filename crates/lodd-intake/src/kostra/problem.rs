//! What can be found in a KOSTRA file, with its line, column and field, and never with a value of
//! a field that points at a person.

use std::collections::BTreeMap;

use super::layout::{Form, Kind};
use crate::{catalogue::Severity, finding::SHOWN_MAX};

/// A rule of the public control program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// 005a: a national id in two records.
    PersonTwice,
    /// 005b: a journal number in two records.
    JournalTwice,
    /// 006: under 18.
    Minor,
    /// 007: 96 or older.
    VeryOld,
    /// 011: has children, how many is missing.
    ChildrenNotCounted,
    /// 012: a number of children, but not that there are any.
    ChildrenNotSaid,
    /// 015: VKLO 1 → ARBSIT 01, 02.
    Wages,
    /// 016: VKLO 2 → ARBSIT 03, 05, 06.
    MeasurePay,
    /// 017: VKLO 4 → ARBSIT 03.
    Student,
    /// 018: VKLO 6 → ARBSIT 09.
    Introduction,
    /// 019: VKLO 8 → ARBSIT 10.
    Programme,
    /// 020b: VKLO 3 → TRYGDESIT is one, not 12.
    Benefit,
    /// 021: VKLO 5 → ARBSIT 02 … 08.
    SocialAssistance,
    /// 023a: old-age pension under 62.
    OldAge,
    /// 023b: transitional benefit without a child under 18.
    Transitional,
    /// 023c: child benefit without a child under 18.
    ChildBenefit,
    /// 024: disability benefit or old-age pension → ARBSIT 02 … 07.
    PensionAndWork,
    /// 024b: work assessment allowance with ARBSIT 08.
    AssessmentAndWork,
    /// 036: the months' grants do not sum to the year's.
    Grants,
    /// 037: the months' loans do not sum to the year's.
    Loans,
}

impl Rule {
    /// Every rule, by number.
    pub const ALL: [Self; 20] = [
        Self::PersonTwice,
        Self::JournalTwice,
        Self::Minor,
        Self::VeryOld,
        Self::ChildrenNotCounted,
        Self::ChildrenNotSaid,
        Self::Wages,
        Self::MeasurePay,
        Self::Student,
        Self::Introduction,
        Self::Programme,
        Self::Benefit,
        Self::SocialAssistance,
        Self::OldAge,
        Self::Transitional,
        Self::ChildBenefit,
        Self::PensionAndWork,
        Self::AssessmentAndWork,
        Self::Grants,
        Self::Loans,
    ];

    /// Our code: `SSB` and the control's number.
    pub fn code(self) -> &'static str {
        self.facts().0
    }

    /// The field that is pointed at.
    pub(super) fn field(self) -> &'static str {
        self.facts().1
    }

    fn facts(self) -> (&'static str, &'static str) {
        match self {
            Self::PersonTwice => ("SSB005a", "PERSON_FODSELSNR"),
            Self::JournalTwice => ("SSB005b", "PERSON_JOURNALNR"),
            Self::Minor => ("SSB006", "PERSON_FODSELSNR"),
            Self::VeryOld => ("SSB007", "PERSON_FODSELSNR"),
            Self::ChildrenNotCounted => ("SSB011", "ANTBU18"),
            Self::ChildrenNotSaid => ("SSB012", "BU18"),
            Self::Wages => ("SSB015", "ARBSIT"),
            Self::MeasurePay => ("SSB016", "ARBSIT"),
            Self::Student => ("SSB017", "ARBSIT"),
            Self::Introduction => ("SSB018", "ARBSIT"),
            Self::Programme => ("SSB019", "ARBSIT"),
            Self::Benefit => ("SSB020b", "TRYGDESIT"),
            Self::SocialAssistance => ("SSB021", "ARBSIT"),
            Self::OldAge => ("SSB023a", "TRYGDESIT"),
            Self::Transitional => ("SSB023b", "TRYGDESIT"),
            Self::ChildBenefit => ("SSB023c", "TRYGDESIT"),
            Self::PensionAndWork => ("SSB024", "ARBSIT"),
            Self::AssessmentAndWork => ("SSB024b", "ARBSIT"),
            Self::Grants => ("SSB036", "BIDRAG"),
            Self::Loans => ("SSB037", "LAAN"),
        }
    }
}

/// What is wrong, or should be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Bytes that are no text.
    NotText,
    /// A line longer than any record.
    TooLong,
    /// A line in another encoding than those before it.
    OtherEncoding,
    /// The file has no records.
    Empty,
    /// VERSION is not the last two digits of a year that is read.
    Version,
    /// VERSION says another year than was asked for, or than the file's first record.
    OtherYear {
        /// The year expected.
        expected: u16,
        /// The year that the record says.
        found: u16,
    },
    /// The columns do not hold what the form and year say they hold.
    Layout {
        /// The form and year by which it was read.
        read_as: (Form, u16),
        /// Those that the columns do fit.
        fits: Vec<(Form, u16)>,
        /// In how many records.
        records: usize,
        /// Of how many.
        of: usize,
    },
    /// Most dates are later than the year.
    LaterDates {
        /// The year.
        year: u16,
    },
    /// `KOMMUNE_NR` is not four digits, or another than in the first record.
    Municipality,
    /// Said to be complete, but it is of one city district.
    OneDistrict,
    /// Said to be complete, but the year is not over.
    YearNotOver {
        /// The year.
        year: u16,
    },
    /// Said to be complete, which can only be said of 11F.
    NotAssistance,
    /// A field that is needed, of a person in the key, does not hold what it should.
    Needed(Option<Kind>),
    /// A field does not hold what it should; it is not read.
    Ignored(Option<Kind>),
    /// The record's numbers point at two members of the key, or at one whose national id is another.
    Conflict,
    /// A person of the key stands in this earlier line too, with other values.
    Again(usize),
    /// A person of the key stands in this earlier line too, the same; one is used.
    Repeated(usize),
    /// A month that is marked has no amount: how much is not known.
    NoAmount(u8),
    /// A month that is not marked has an amount, which is used.
    NotMarked(u8),
    /// A date is later than the year.
    LateDate,
    /// Nobody of the key stands in the file.
    NobodyKnown,
    /// A rule of the public control program.
    Control(Rule),
}

impl What {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotText => "R01",
            Self::TooLong => "R02",
            Self::OtherEncoding => "R03",
            Self::Empty => "R04",
            Self::Version => "R05",
            Self::OtherYear { .. } => "R06",
            Self::Layout { .. } => "R07",
            Self::LaterDates { .. } => "R08",
            Self::Municipality => "R09",
            Self::OneDistrict => "R10",
            Self::YearNotOver { .. } => "R11",
            Self::NotAssistance => "R12",
            Self::Needed(_) => "R13",
            Self::Conflict => "R14",
            Self::Again(_) => "R15",
            Self::Ignored(_) => "R20",
            Self::Repeated(_) => "R21",
            Self::NoAmount(_) => "R22",
            Self::NotMarked(_) => "R23",
            Self::LateDate => "R24",
            Self::NobodyKnown => "R25",
            Self::Control(rule) => rule.code(),
        }
    }

    /// Whether it stops the file or is a warning.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Ignored(_)
            | Self::Repeated(_)
            | Self::NoAmount(_)
            | Self::NotMarked(_)
            | Self::LateDate
            | Self::NobodyKnown
            | Self::Control(_) => Severity::Warning,
            _ => Severity::Stop,
        }
    }
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub what: What,
    /// Line and column, from 1; of a file as a whole none.
    pub place: Option<(usize, usize)>,
    /// The field.
    pub field: Option<&'static str>,
}

impl Problem {
    /// About the file as a whole.
    pub(super) fn of_file(what: What) -> Self {
        Self { what, place: None, field: None }
    }
}

/// All that was found: of each code the first 20, and how many there were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    groups: BTreeMap<(Severity, &'static str), (Vec<Problem>, usize)>,
}

impl Problems {
    pub(super) fn push(&mut self, problem: Problem) {
        let key = (problem.what.severity(), problem.what.code());
        let (kept, total) = self.groups.entry(key).or_default();
        *total += 1;
        if kept.len() < SHOWN_MAX {
            kept.push(problem);
        }
    }

    /// Keeps what does not follow from a wrong layout.
    pub(super) fn keep_of_file(&mut self) {
        self.groups.retain(|(_, code), _| *code < "R13");
    }

    /// Whether anything stops the file.
    pub fn stop(&self) -> bool {
        self.groups.keys().any(|(severity, _)| *severity == Severity::Stop)
    }

    /// What is kept, gravest first, then by code, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.groups.values().flat_map(|(kept, _)| kept)
    }

    /// How many there were of a code, shown or not.
    pub fn total(&self, code: &str) -> usize {
        self.groups.iter().filter(|((_, it), _)| *it == code).map(|(_, (_, total))| total).sum()
    }
}
