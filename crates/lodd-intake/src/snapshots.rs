//! Snapshots: what a family, an adult or a child was like on a date; and months in the same file.
//!
//! The unit of acceptance is the *atom*: one family on one status date over all sheets, or one
//! family in one month. It goes in whole or is held whole, so that never half a family is stored.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use jiff::civil::Date;

use crate::{
    catalogue::{self, Severity},
    events::{self, Event},
    expectations::{Expectations, KnownMember},
    finding::{Finding, Findings},
    form,
    limits::Limits,
    months::{self, Month},
    normal::{clean, fold_header},
    read::read,
    roster::no_sheet,
    table::{Layout, Table, choose, text_of},
    variable::{UnitKind, Value},
    workbook::{Cell, Upload, Workbook},
};

mod atoms;
mod checks;
mod plan;
mod registers;
mod rows;
mod runs;
mod values;

pub use registers::{LastContact, LookedUp, RegisterFile, Registers};
pub(crate) use rows::HELP;

/// What a unit was like on a date, by one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// What the unit is.
    pub unit_kind: UnitKind,
    /// The family's or member's id.
    pub unit_id: String,
    /// The day it was so.
    pub status_date: Date,
    /// `VEILEDER`, `SELVRAPPORT` or `REGISTER`.
    pub source: String,
    /// The register; empty when not given.
    pub register: String,
    /// `PLANLAGT` or `EKSTRA`.
    pub occasion: String,
    /// `OBSERVERT`, or why nothing was.
    pub record_status: String,
    /// Why an earlier version is corrected, where given.
    pub reason_code: Option<String>,
    /// The variables that say something, by name.
    pub values: Vec<(String, Value)>,
}

/// One family on one date: all its snapshots of the file, by unit, source and register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atom {
    /// The family.
    pub family_id: String,
    /// The date.
    pub status_date: Date,
    /// Its snapshots.
    pub snapshots: Vec<Snapshot>,
    /// The row of each snapshot in the sheet of its unit.
    pub rows: Vec<u32>,
}

/// When a held row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// A status date.
    Date(Date),
    /// A month, as year·12 + month − 1.
    Month(i32),
    /// Not known: the date is what is wrong, and the file has no other of the family.
    Unknown,
}

/// Rows that are held back together.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The family, if it could be told.
    pub family_id: Option<String>,
    /// The date or month.
    pub period: Period,
    /// The codes of the findings that hold it.
    pub codes: BTreeSet<&'static str>,
    /// All its rows, the good ones too.
    pub rows: Vec<HeldRow>,
}

/// A row that is held, as it stands in the file. It may hold anything a person typed.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldRow {
    /// The sheet.
    pub sheet: String,
    /// The row's number, from 1.
    pub row: u32,
    /// Header and text of each cell under a recognised header.
    pub cells: Vec<(String, String)>,
    /// Everything found in the row, also what is beyond the number shown of a code.
    pub findings: Vec<Finding>,
}

/// What becomes of a file's rows.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Families × dates that go in, in that order.
    pub atoms: Vec<Atom>,
    /// Months that go in, by family, month and register.
    pub months: Vec<Month>,
    /// What happened to families and goes in, by family and day.
    pub events: Vec<Event>,
    /// The row that each event is told in.
    pub event_rows: Vec<HeldRow>,
    /// What registers' files state of themselves, and members at last contact.
    pub registers: Registers,
    /// What is held back.
    pub held: Vec<Held>,
    /// All findings; none stops the file.
    pub findings: Findings,
    /// Where the snapshots of each kind of unit stand.
    pub places: BTreeMap<UnitKind, SheetPlace>,
    /// Where events stand, by the name of the sheet.
    pub event_places: BTreeMap<String, SheetPlace>,
}

/// A sheet that was read, to point into it later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetPlace {
    /// Its name.
    pub sheet: String,
    /// By folded header (lower-case ASCII) the column, from 0, and the header as written.
    pub columns: BTreeMap<String, (u32, String)>,
}

/// Reads and judges a file of snapshots, of months, or of both.
///
/// # Errors
///
/// All findings, if any stops the file: it can't be read, a sheet or a column is missing, it shows
/// the arm or holds personal data, or more than 20 % of its families × dates would be held (F10,
/// unless [`Expectations::accept_good`]).
pub fn snapshots(
    file: Upload<'_>,
    expect: &Expectations,
    limits: &Limits,
) -> Result<Judged, Findings> {
    snapshots_in(read(file, limits)?, expect)
}

/// The same, of a file already read.
///
/// # Errors
///
/// As [`snapshots`].
pub fn snapshots_in(mut book: Workbook, expect: &Expectations) -> Result<Judged, Findings> {
    let mut findings = std::mem::take(&mut book.findings);
    form::check(&book, expect, &mut findings);
    let layouts = layouts(expect);
    let (tables, any) = choose(&book, &layouts, &mut findings);
    if !any {
        findings.push(no_sheet(&book, &layouts, "Familier"));
    }
    findings.extend(events::out_of_place(&tables));
    let (members, others): (Vec<_>, Vec<_>) =
        tables.iter().partition(|table| table.name == "Familiemedlemmer");
    let mut registers = registers::Reading::default();
    let mut rows: Vec<_> =
        members.into_iter().flat_map(|table| judged_rows(table, expect, &mut registers)).collect();
    let known = with_newcomers(&rows, expect);
    let expect = known.as_ref();
    for table in others {
        rows.extend(judged_rows(table, expect, &mut registers));
    }
    if let (true, Some(table)) = (rows.is_empty() && registers.is_empty(), tables.first()) {
        findings.push(table.finding(&catalogue::F06));
    }
    note_missing_sheets(&book, &tables, &layouts, &mut findings);
    checks::note(&mut rows, expect);
    runs::note(&mut rows);
    if findings.worst() == Some(Severity::Stop) {
        // Everything that can be told all the same, so that the file can be mended in one go.
        return Err(atoms::judge(rows, findings, expect, false).findings);
    }
    if let Some(table) = tables.iter().find(|table| unit_of(table.name).is_some()) {
        findings.extend(checks::overdue(table, &rows, expect));
    }
    let has_adults = tables.iter().any(|table| table.name == "Voksne" && is_filled(table));
    let mut judged = atoms::judge(rows, findings, expect, has_adults);
    let place = |table: &Table<'_>| Some((unit_of(table.name)?, table.place()));
    judged.places = tables.iter().filter_map(place).collect();
    let of_events = tables.iter().filter(|table| events::is_event_sheet(table.name));
    judged.event_places =
        of_events.map(|table| (table.sheet.name.clone(), table.place())).collect();
    judged.findings.merge(std::mem::take(&mut registers.findings));
    judged.registers = registers.finish();
    if judged.findings.worst() == Some(Severity::Stop) {
        return Err(judged.findings);
    }
    refuse_if_mostly_held(&book, judged, expect)
}

/// The rows of a table that report something.
fn judged_rows<'t>(
    table: &'t Table<'_>,
    expect: &Expectations,
    registers: &mut registers::Reading,
) -> Vec<rows::Judgement<'t>> {
    let plan = unit_of(table.name).map(|unit| plan::Plan::new(table, unit, expect));
    let lines = table.lines();
    lines
        .filter_map(|line| match &plan {
            Some(plan) => rows::status(&line, plan),
            None if events::is_event_sheet(table.name) => rows::event(&line, expect),
            None if table.name == registers::CONTACT => registers.contact(&line, expect),
            None if registers::is_stating(&line) => registers.state(&line, expect),
            None => rows::month(&line, expect),
        })
        .collect()
}

/// What is expected of a file that itself makes members known.
fn with_newcomers<'e>(
    rows: &[rows::Judgement<'_>],
    expect: &'e Expectations,
) -> Cow<'e, Expectations> {
    let newcomers = events::newcomers(rows.iter().flat_map(rows::Judgement::events));
    if newcomers.is_empty() {
        return Cow::Borrowed(expect);
    }
    let mut known = expect.clone();
    for (member_id, (family_id, role, birth_year)) in newcomers {
        let birth_year = Some(birth_year);
        known.members.insert(member_id, KnownMember { family_id, role, birth_year });
    }
    Cow::Owned(known)
}

/// A form keeps all its sheets of statuses, be they empty; a file to mend has those with something held.
fn note_missing_sheets(
    book: &Workbook,
    tables: &[Table<'_>],
    layouts: &[Layout],
    findings: &mut Findings,
) {
    let has = |name: &str| tables.iter().any(|table| table.name == name);
    let names = ["Familier", "Voksne", "Barn"];
    let whole = form::is_form(book) && !form::is_correction(&book.sheets);
    if whole && names.iter().any(|name| has(name)) {
        let missing = names.iter().filter(|name| !has(name));
        findings.extend(missing.map(|name| no_sheet(book, layouts, name)));
    }
}

fn is_filled(table: &Table<'_>) -> bool {
    table.lines().next().is_some()
}

fn refuse_if_mostly_held(
    book: &Workbook,
    mut judged: Judged,
    expect: &Expectations,
) -> Result<Judged, Findings> {
    let months: BTreeSet<_> = judged.months.iter().map(|it| (&it.family_id, it.month)).collect();
    let held = judged.held.len();
    let atoms = judged.atoms.iter().map(|it| (&it.family_id, it.status_date));
    let events = judged.events.iter().map(|it| (&it.family_id, it.on));
    let dated: BTreeSet<_> = atoms.chain(events).collect();
    let all = dated.len() + months.len() + judged.registers.len() + held;
    if held * 5 <= all || expect.accept_good {
        return Ok(judged);
    }
    let mut codes: Vec<(usize, &str)> = judged
        .findings
        .codes()
        .filter(|(code, _)| catalogue::find(code).is_some_and(|it| it.severity == Severity::Hold))
        .map(|(code, total)| (total, code))
        .collect();
    codes.sort_by_key(|(total, code)| (std::cmp::Reverse(*total), *code));
    let worst: Vec<String> =
        codes.iter().take(3).map(|(total, code)| format!("{code} ({total})")).collect();
    let finding = Finding::new(&catalogue::F10, &book.file).count(held).term("m", all.to_string());
    judged.findings.push(finding.suggest(Some(worst.join(", "))));
    Err(judged.findings)
}

/// The adults that a file tells of, as far as their ids can be read, to look up what is stored of
/// them before the file is judged.
pub fn adults_in(book: &Workbook) -> BTreeSet<String> {
    let mut adults = BTreeSet::new();
    for sheet in &book.sheets {
        let header = sheet.rows.first().map_or(&[][..], |row| &row.cells);
        let is_id = |cell: &&Cell| fold_header(text_of(cell)) == id_header(UnitKind::Adult);
        let Some(column) = header.iter().find(is_id).map(|cell| cell.column) else { continue };
        let ids = sheet.rows.iter().skip(1).filter_map(|row| row.cell(column));
        adults.extend(ids.map(|cell| clean(text_of(cell)).0.to_uppercase()));
    }
    adults
}

fn unit_of(table: &str) -> Option<UnitKind> {
    match table {
        "Familier" => Some(UnitKind::Family),
        "Voksne" => Some(UnitKind::Adult),
        "Barn" => Some(UnitKind::Child),
        _ => None,
    }
}

/// The header of a unit's id.
fn id_header(unit: UnitKind) -> &'static str {
    match unit {
        UnitKind::Family => "familie_id",
        UnitKind::Adult => "voksen_id",
        UnitKind::Child => "barn_id",
    }
}

fn layouts(expect: &Expectations) -> Vec<Layout> {
    let units =
        [("Familier", UnitKind::Family), ("Voksne", UnitKind::Adult), ("Barn", UnitKind::Child)];
    let mut layouts: Vec<Layout> = units
        .into_iter()
        .map(|(name, unit)| {
            let own =
                expect.variables.iter().filter(|it| it.unit == unit).map(|it| it.name.as_str());
            let optional: Vec<&str> = rows::META.into_iter().chain(HELP).chain(own).collect();
            Layout::new(name, &[id_header(unit), "statusdato"], &optional)
        })
        .collect();
    layouts.extend([months::layout(), registers::layout()]);
    let (in_form, in_log): (Vec<_>, Vec<_>) = events::layouts()
        .into_iter()
        .partition(|it| events::IN_STATUS_FORM.iter().any(|(name, _)| *name == it.name));
    layouts.extend(in_form);
    for layout in &mut layouts {
        let arms = expect.arms.iter().map(|arm| fold_header(arm));
        layout.secret = Some(arms.collect());
    }
    layouts.extend(in_log);
    layouts
}
