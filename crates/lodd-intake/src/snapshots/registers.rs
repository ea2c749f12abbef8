//! What `lodd kostra` writes beside months: what a register's file states of itself (rows of `Måneder`
//! without a month), and values at last contact (`Siste kontakt`).

use std::collections::{BTreeMap, BTreeSet, btree_map};

use super::{
    Period,
    rows::{Judgement, refused, unit_id},
};
use crate::{
    catalogue,
    expectations::Expectations,
    field::{Field, Noted, code, free_code, note, plain_codes, required, text, whole},
    finding::{Finding, Findings},
    ids::MemberKind,
    kostra,
    table::{At, Layout, Line},
    unit_id::{self, Id},
    variable::UnitKind,
};

/// Columns of `Måneder` that a stating row fills in.
pub(super) const STATING: [&str; 4] = ["kommune", "ar", "fullstendig", "oppslag"];

pub(super) const CONTACT: &str = "Siste kontakt";

/// Whether a register's file is the municipality's whole file of the year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegisterFile {
    /// Four digits.
    pub municipality: String,
    /// Such as `KOSTRA_11F`.
    pub register: String,
    /// The year.
    pub year: i16,
    /// Whether absence from it means 0.
    pub complete: bool,
}

/// A family that was looked up in a register's file with all its adults.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LookedUp {
    /// The family.
    pub family_id: String,
    /// The file; `complete` where all the family's months in it are known.
    pub file: RegisterFile,
}

/// What a register says of a member at last contact in a year: undated, for the concordance only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastContact {
    /// The member.
    pub member_id: String,
    /// The family as drawn.
    pub family_id: String,
    /// The year.
    pub year: i16,
    /// The register.
    pub register: String,
    /// By variable the value, and the register's codes it was read from.
    pub values: BTreeMap<String, (String, String)>,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registers {
    /// Statements of whole files.
    pub files: Vec<RegisterFile>,
    /// Families looked up.
    pub families: Vec<LookedUp>,
    /// Members at last contact.
    pub contacts: Vec<LastContact>,
}

impl Registers {
    /// How many there are to take in or hold.
    pub(super) fn len(&self) -> usize {
        self.files.len() + self.families.len() + self.contacts.len()
    }
}

pub(super) fn layout() -> Layout {
    let required = ["medlem_id", "ar", "variabel", "verdi"];
    Layout::new(CONTACT, &required, &["register", "fra_kostra"])
}

/// Whether a row of `Måneder` states something of a file.
pub(super) fn is_stating(line: &Line<'_>) -> bool {
    let filled = |header: &&str| line.at(header).is_some_and(|at| at.cell.is_some());
    STATING.iter().any(filled)
}

/// A member's values, and the year and register they are of.
type Contacts = BTreeMap<(String, i16, String), (String, BTreeMap<String, (String, String, u32)>)>;

/// Takes rows, one at a time.
#[derive(Debug, Default)]
pub(super) struct Reading {
    files: BTreeSet<RegisterFile>,
    families: BTreeSet<LookedUp>,
    contacts: Contacts,
    /// Of rows that are in order.
    pub(super) findings: Findings,
}

impl Reading {
    /// Whether no row has been taken.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.families.is_empty() && self.contacts.is_empty()
    }

    pub(super) fn finish(self) -> Registers {
        let contact =
            |((member_id, year, register), (family_id, values)): (_, (_, BTreeMap<_, _>))| {
                let plain = |(variable, (value, from, _)): (String, (String, String, u32))| {
                    (variable, (value, from))
                };
                let values = values.into_iter().map(plain).collect();
                LastContact { member_id, family_id, year, register, values }
            };
        Registers {
            files: self.files.into_iter().collect(),
            families: self.families.into_iter().collect(),
            contacts: self.contacts.into_iter().map(contact).collect(),
        }
    }

    /// Takes a stating row; gives it back when it is held.
    pub(super) fn state<'t>(
        &mut self,
        line: &Line<'t>,
        expect: &Expectations,
    ) -> Option<Judgement<'t>> {
        let mut notes = Vec::new();
        let file = file(line, expect, &mut notes);
        let has_family = line.at("familie_id").is_some_and(|at| at.cell.is_some());
        if !has_family {
            if let Ok(file) = file {
                self.files.insert(file);
                self.findings.extend(notes);
                return None;
            }
            return Some(held(line, None, true, notes));
        }
        let mut of_unit = Vec::new();
        let (known, family) = unit_id(line, UnitKind::Family, expect, &mut of_unit);
        let Some(family_id) = known else {
            // A family of the office's key that is not followed here. Its months say so.
            let followed = of_unit.iter().all(|it| !["K03", "K04"].contains(&it.code()));
            return followed.then(|| held(line, family, true, of_unit));
        };
        notes.extend(of_unit);
        note_missing(line, &family_id, expect, &mut notes);
        let holds = notes.iter().any(|it| it.severity() == catalogue::Severity::Hold);
        match file {
            Ok(file) if !holds => {
                self.families.insert(LookedUp { family_id, file });
                self.findings.extend(notes);
                None
            }
            _ => Some(held(line, Some(family_id), true, notes)),
        }
    }

    /// Takes a row of `Siste kontakt`; gives it back when it is held.
    pub(super) fn contact<'t>(
        &mut self,
        line: &Line<'t>,
        expect: &Expectations,
    ) -> Option<Judgement<'t>> {
        let mut notes = Vec::new();
        let (member, family) = member(line, expect, &mut notes);
        let taken = self.take(line, (member, family.clone()), expect, &mut notes);
        if taken.is_none() {
            return Some(held(line, family, false, notes));
        }
        self.findings.extend(notes);
        None
    }

    fn take(
        &mut self,
        line: &Line<'_>,
        (member, family): (Option<String>, Option<String>),
        expect: &Expectations,
        notes: &mut Vec<Finding>,
    ) -> Option<()> {
        let variables: Vec<&str> = kostra::variables().collect();
        let year = year(line, expect, notes);
        let variable =
            needed(line, "variabel", notes, |at, notes| code(at, &plain_codes(&variables), notes));
        let value = needed(line, "verdi", notes, free_code);
        let register = optional(line, "register", notes, free_code);
        let from = optional(line, "fra_kostra", notes, text);
        let member = member?;
        let key = (member.clone(), year.ok()?, register.ok()?.unwrap_or_default());
        let (variable, value, from) = (variable.ok()?, value.ok()?, from.ok()?.unwrap_or_default());
        let values = &mut self.contacts.entry(key).or_insert((family?, BTreeMap::new())).1;
        let row = line.row.number;
        match values.entry(variable.clone()) {
            btree_map::Entry::Vacant(entry) => {
                entry.insert((value, from, row));
                Some(())
            }
            btree_map::Entry::Occupied(entry) if entry.get().0 == value => Some(()),
            btree_map::Entry::Occupied(entry) => {
                let (_, _, first) = entry.remove();
                let finding = line.table.finding(&catalogue::K02).in_row(row).value(variable);
                let finding = finding.term("r1", first.to_string()).term("r2", row.to_string());
                notes.push(finding.about(&member));
                None
            }
        }
    }
}

fn held<'t>(
    line: &Line<'t>,
    family: Option<String>,
    is_month: bool,
    notes: Vec<Finding>,
) -> Judgement<'t> {
    let (unit, period, reported) = (None, Period::Unknown, None);
    Judgement { family, unit, period, is_month, reported, notes, line: *line }
}

type Reader<T> = fn(&At<'_>, &mut Vec<Finding>) -> Field<T>;

fn optional<T>(
    line: &Line<'_>,
    header: &str,
    notes: &mut Vec<Finding>,
    read: Reader<T>,
) -> Field<T> {
    line.at(header).map_or(Ok(None), |at| read(&at, notes))
}

fn needed<T>(
    line: &Line<'_>,
    header: &str,
    notes: &mut Vec<Finding>,
    read: impl FnOnce(&At<'_>, &mut Vec<Finding>) -> Field<T>,
) -> Result<T, Noted> {
    let at = line.at(header).ok_or(Noted)?;
    let found = read(&at, notes);
    required(&at, found, notes)
}

fn year(line: &Line<'_>, expect: &Expectations, notes: &mut Vec<Finding>) -> Result<i16, Noted> {
    let last = i64::from(expect.today.year());
    let year = needed(line, "ar", notes, |at, notes| whole(at, 2000, last, notes))?;
    i16::try_from(year).map_err(|_| Noted)
}

/// What a stating row says of the file.
fn file(
    line: &Line<'_>,
    expect: &Expectations,
    notes: &mut Vec<Finding>,
) -> Result<RegisterFile, Noted> {
    let register = needed(line, "register", notes, free_code);
    let municipality = needed(line, "kommune", notes, text);
    let year = year(line, expect, notes);
    let complete =
        needed(line, "fullstendig", notes, |at, notes| code(at, &plain_codes(&["J", "N"]), notes));
    // Excel drops the leading 0 of 0605.
    let municipality = format!("{:0>4}", municipality?);
    let digits = municipality.len() == 4 && municipality.bytes().all(|it| it.is_ascii_digit());
    if let (false, Some(at)) = (digits, line.at("kommune")) {
        return note(at.finding(&catalogue::D10).expected("0001–9999"), notes);
    }
    let (register, year, complete) = (register?, year?, complete? == "J");
    if let (true, Some(at)) = (complete && year >= expect.today.year(), line.at("ar")) {
        // A year that is not over has no complete file.
        return note(at.finding(&catalogue::D05), notes);
    }
    Ok(RegisterFile { municipality, register, year, complete })
}

/// K23: adults of the family who were not looked up, so that its months are not the whole family's.
fn note_missing(line: &Line<'_>, family: &str, expect: &Expectations, notes: &mut Vec<Finding>) {
    let Some(at) = line.at("oppslag") else { return };
    let Ok(found) = text(&at, notes) else { return };
    let found = found.unwrap_or_default().to_uppercase();
    let looked_up: BTreeSet<&str> = found.split([',', ' ']).filter(|it| !it.is_empty()).collect();
    let of_family = expect.members.range(family.to_owned()..);
    let adults: Vec<&String> = of_family
        .take_while(|(id, _)| id.starts_with(family))
        .filter(|(_, it)| it.family_id == family && it.role.is_itt_adult())
        .map(|(id, _)| id)
        .collect();
    let missing = adults.iter().filter(|id| !looked_up.contains(id.as_str())).count();
    if missing > 0 {
        let finding = line.table.finding(&catalogue::K23).in_row(line.row.number).about(family);
        notes.push(finding.count(missing).term("m", adults.len().to_string()));
    }
}

/// The member of a row, and its family as far as it can be told.
fn member(
    line: &Line<'_>,
    expect: &Expectations,
    notes: &mut Vec<Finding>,
) -> (Option<String>, Option<String>) {
    let Some(at) = line.at("medlem_id") else { return (None, None) };
    match unit_id::read(&at, expect, |id| expect.members.contains_key(id), notes) {
        Id::Good { id, family, kind } => {
            let unit = match kind {
                Some(MemberKind::Child) => UnitKind::Child,
                _ => UnitKind::Adult,
            };
            if let Some(finding) = refused(&at, &id, &family, (unit, kind), expect) {
                notes.push(finding);
                return (None, Some(family));
            }
            let as_drawn = expect.members.get(&id).map(|it| it.family_id.clone());
            (Some(id), Some(as_drawn.unwrap_or(family)))
        }
        Id::Bad { meant } => (None, meant),
        Id::Blank => {
            notes.push(at.finding(&catalogue::D12));
            (None, None)
        }
    }
}
