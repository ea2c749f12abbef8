//! The roster: families, their members, their months of assistance, facts about them.
//!
//! It is taken whole or not at all: one mistake, in any of the files, and nothing is.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::{
    catalogue::{self, Entry, Severity},
    expectations::{Expectations, Role},
    finding::{Finding, Findings},
    limits::Limits,
    months::{self, Month, Repeat, Unique, repeat_finding},
    read::read,
    table::{Layout, Line, Table, choose},
    text::Phrase,
    unit_id::{self, Id},
    workbook::{Upload, Workbook},
};

mod known;
pub(crate) mod marks;
mod rows;

pub use marks::{Mark, MarkKind};

/// A family of the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The family's id.
    pub family_id: String,
    /// Its office.
    pub office_id: String,
    /// The day it was registered.
    pub registered_on: Date,
}

/// A member of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The member's id: the family's and `-A1` (adult) or `-B1` (child).
    pub member_id: String,
    /// The family.
    pub family_id: String,
    /// The role in it.
    pub role: Role,
    /// Year of birth.
    pub birth_year: i32,
    /// `K` or `M`, where given.
    pub sex: Option<String>,
}

/// A fact that eligibility is judged on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The family.
    pub family_id: String,
    /// What the fact is about, such as `ANNEN_YTELSE`.
    pub criterion: String,
    /// The day it was observed.
    pub observed_on: Date,
    /// What was observed, folded as a code.
    pub value: String,
    /// Where it is from, where given.
    pub source: Option<String>,
}

/// A roster without mistakes. Each list but the first is ordered by its key, whatever the order of
/// the rows.
#[derive(Clone, Debug)]
pub struct Roster {
    /// The families, in the order of their rows: a draw is held against it.
    pub families: Vec<Family>,
    /// Their members.
    pub members: Vec<Member>,
    /// Monthly assistance.
    pub months: Vec<Month>,
    /// Facts.
    pub facts: Vec<Fact>,
    /// Keyed ids, shared homes, and who has left the list.
    pub marks: Vec<Mark>,
    /// Warnings and information.
    pub findings: Findings,
}

/// Reads and judges the files of a roster together. A family may stand in one file and its members
/// in another, or be known already.
///
/// # Errors
///
/// All findings of all files, if any of them stops or holds something.
pub fn roster(
    files: &[Upload<'_>],
    expect: &Expectations,
    limits: &Limits,
) -> Result<Roster, Findings> {
    roster_in(files.iter().map(|file| read(*file, limits)), expect)
}

/// The same, of files already read, or refused when they were.
///
/// # Errors
///
/// As [`roster`].
pub fn roster_in(
    files: impl IntoIterator<Item = Result<Workbook, Findings>>,
    expect: &Expectations,
) -> Result<Roster, Findings> {
    let mut findings = Findings::default();
    let mut books = Vec::new();
    for file in files {
        match file {
            Ok(book) => books.push(book),
            Err(refused) => findings.merge(refused),
        }
    }
    for book in &mut books {
        findings.merge(std::mem::take(&mut book.findings));
    }
    let mut judge = Judge::new(expect, findings);
    judge.judge(&books);
    judge.finish()
}

/// What is known while the rows are judged.
struct Judge<'e> {
    expect: &'e Expectations,
    families: Unique<String, Family>,
    members: Unique<String, Member>,
    months: Unique<(String, i32, String), Month>,
    facts: Unique<(String, String, Date), Fact>,
    marks: Vec<Mark>,
    /// Families that somebody lives with, each with the finding if it is nowhere.
    homes: Vec<(String, Finding)>,
    /// Families whose id could be read, be their row good or not.
    named: BTreeSet<String>,
    /// Members whose id stands in a row, be the row good or not.
    members_named: BTreeSet<String>,
    /// What stands where a family's id should; such a family is not missed again in other sheets.
    misread: Vec<String>,
    /// Families may be missing for a reason that is already noted: a sheet, or an id, not there.
    incomplete: bool,
    findings: Findings,
}

impl<'e> Judge<'e> {
    fn new(expect: &'e Expectations, findings: Findings) -> Self {
        let (families, members) = (Unique::new(), Unique::new());
        Self {
            expect,
            families,
            members,
            months: Unique::new(),
            facts: Unique::new(),
            marks: Vec::new(),
            homes: Vec::new(),
            named: BTreeSet::new(),
            members_named: BTreeSet::new(),
            misread: Vec::new(),
            incomplete: false,
            findings,
        }
    }

    fn judge(&mut self, books: &[Workbook]) {
        let layouts = layouts();
        let mut tables = Vec::new();
        for book in books {
            let (found, any) = choose(book, &layouts, &mut self.findings);
            if !any {
                self.findings.push(no_sheet(book, &layouts, "Familier"));
            }
            tables.extend(found);
        }
        self.note_missing_sheets(books, &tables);
        self.incomplete = self.findings.worst() == Some(Severity::Stop);
        // Families first: the others refer to them.
        for (name, row) in [
            ("Familier", Self::family as fn(&mut Self, &Line<'_>)),
            ("Medlemmer", Self::member),
            ("Måneder", Self::month),
            ("Fakta", Self::fact),
        ] {
            for table in tables.iter().filter(|table| table.name == name) {
                table.lines().for_each(|line| row(self, &line));
            }
        }
        self.note_unknown_homes();
        for table in tables.iter().filter(|table| table.name == "Familier") {
            table.lines().for_each(|line| self.note_left_out(&line));
        }
    }

    /// A first roster must have families and members, and rows of both.
    fn note_missing_sheets(&mut self, books: &[Workbook], tables: &[Table<'_>]) {
        if self.findings.worst() == Some(Severity::Stop) {
            return;
        }
        for name in ["Familier", "Medlemmer"] {
            let sheets: Vec<_> = tables.iter().filter(|table| table.name == name).collect();
            match (sheets.first(), books.first()) {
                (None, Some(book)) if self.expect.families.is_empty() => {
                    self.findings.push(no_sheet(book, &layouts(), name));
                }
                (Some(table), _) if sheets.iter().all(|it| it.lines().next().is_none()) => {
                    self.findings.push(table.finding(&catalogue::F06));
                }
                _ => {}
            }
        }
    }

    fn finish(mut self) -> Result<Roster, Findings> {
        if self.findings.worst().is_some_and(|worst| worst <= Severity::Hold) {
            return Err(self.findings);
        }
        self.marks.sort();
        Ok(Roster {
            families: self.families.in_order(),
            members: self.members.into_values(),
            months: self.months.into_values(),
            facts: self.facts.into_values(),
            marks: self.marks,
            findings: self.findings,
        })
    }

    /// The id under `familie_id`, of a family that stands on the roster.
    fn known_family(&self, line: &Line<'_>, notes: &mut Vec<Finding>) -> Option<String> {
        let at = line.at("familie_id")?;
        let known = |id: &str| self.is_family(id);
        match unit_id::read(&at, self.expect, known, notes) {
            Id::Good { id, kind: None, .. } if self.is_family(&id) => Some(id),
            Id::Good { id, .. } => {
                if !self.may_be_misread(&id) {
                    notes.push(at.finding(&catalogue::K20).about(&id));
                }
                None
            }
            Id::Bad { .. } => None,
            Id::Blank => {
                notes.push(at.finding(&catalogue::D12));
                None
            }
        }
    }

    fn is_family(&self, id: &str) -> bool {
        self.named.contains(id) || self.expect.families.contains_key(id)
    }

    /// Whether a family is missing for a reason that is already noted.
    fn may_be_misread(&self, id: &str) -> bool {
        self.incomplete || self.misread.iter().any(|it| strsim::osa_distance(it, id) <= 2)
    }

    /// Notes a row whose key stood before: what must be unique stops, the rest must agree.
    fn note_repeat(&mut self, line: &Line<'_>, repeat: Option<Repeat>, unit: &str, what: &str) {
        if let Some(repeat) = repeat {
            self.findings.push(repeat_finding(line, repeat, unit, what));
        }
    }

    fn note_twice(&mut self, line: &Line<'_>, repeat: Option<Repeat>, unit: &str) {
        if let Some(Repeat::Same(first) | Repeat::Differs(first)) = repeat {
            let finding = located(line, &catalogue::K19).about(unit);
            let finding = finding.term("r1", first.to_string());
            self.findings.push(finding.term("r2", line.row.number.to_string()));
        }
    }
}

fn located(line: &Line<'_>, entry: &'static Entry) -> Finding {
    line.table.finding(entry).in_row(line.row.number)
}

fn layouts() -> [Layout; 4] {
    [
        Layout::new(
            "Familier",
            &["familie_id", "kontor", "registrert"],
            &[marks::LIVES_WITH, marks::LEFT_ON],
        ),
        Layout::new(
            "Medlemmer",
            &["medlem_id", "familie_id", "rolle", "fodselsar"],
            &["kjonn", marks::PERSON_KEY, marks::LEFT_ON],
        ),
        months::layout(),
        Layout::new("Fakta", &["familie_id", "kriterium", "observert", "verdi"], &["kilde"]),
    ]
}

/// The finding for a file in which no sheet, or a needed one, was recognised.
pub(crate) fn no_sheet(book: &Workbook, layouts: &[Layout], expected: &str) -> Finding {
    let names: Vec<&str> = book.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let expected = if layouts.iter().any(|it| it.name == expected) { expected } else { "?" };
    let found =
        if names.is_empty() { Phrase::norwegian("ingen", "none") } else { names.join(", ").into() };
    Finding::new(&catalogue::H01, &book.file).value(found).expected(expected)
}
