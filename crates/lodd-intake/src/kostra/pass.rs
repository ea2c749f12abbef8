//! One pass over a file's records: whom each is about, what it says, what is wrong with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{
    crosswalk::{Contact, Reader},
    extract::{Extract, PaidMonth, Refused, VERSION, Wish},
    key::{Found, Key, birth_year, journal, valid_national},
    layout::{Field, Form, Kind, Layout, YEARS},
    problem::{Problem, Problems, Rule, What},
    record::{Misfit, Record},
    rules::Status,
    tally::Tally,
};
use crate::ids::split_member;

/// Dates that can't be later than the year that a file is of.
const PAST: [&str; 6] =
    ["UTBETDATO", "VEDTAKDATO", "REG_DATO", "VEDTAK_DATO", "BEGYNT_DATO", "AVSL_DATO"];

/// One family's month while it is summed.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    grant: i64,
    loan: i64,
    unknown: bool,
}

/// The fields that are read of each record.
#[derive(Debug)]
struct Fields {
    municipality: Field,
    district: Field,
    journal: Field,
    national: Field,
    duf: Field,
    has_children: Field,
    children: Field,
    status: [Field; 3],
    marks: [Field; 12],
    amounts: [(Field, Field); 12],
    totals: (Field, Field),
    dates: Vec<Field>,
}

impl Fields {
    fn of(layout: &Layout) -> Self {
        Self {
            municipality: layout.field("KOMMUNE_NR"),
            district: layout.field("BYDELSNR"),
            journal: layout.field("PERSON_JOURNALNR"),
            national: layout.field("PERSON_FODSELSNR"),
            duf: layout.field("PERSON_DUF"),
            has_children: layout.field("BU18"),
            children: layout.field("ANTBU18"),
            status: ["VKLO", "TRYGDESIT", "ARBSIT"].map(|name| layout.field(name)),
            marks: layout.month_marks(),
            amounts: layout.amounts(),
            totals: (layout.field("BIDRAG"), layout.field("LAAN")),
            dates: PAST
                .map(|name| layout.field(name))
                .into_iter()
                .filter(|it| it.size > 0)
                .collect(),
        }
    }
}

/// What has been read so far.
#[derive(Debug)]
pub(super) struct Pass<'k> {
    key: &'k Key,
    wish: Wish,
    layout: Rc<Layout>,
    fields: Fields,
    tally: Tally,
    /// The year that the first record says.
    said: Option<u16>,
    municipality: Vec<u8>,
    districts: BTreeSet<Vec<u8>>,
    records: usize,
    left_out: usize,
    /// Line and columns of each member of the key that was met.
    met: BTreeMap<String, (usize, Vec<u8>)>,
    nationals: BTreeSet<Vec<u8>>,
    journals: BTreeSet<Vec<u8>>,
    sums: BTreeMap<String, [Sum; 12]>,
    contacts: Vec<Contact>,
}

impl<'k> Pass<'k> {
    /// Begins with the first record, which says the year; `None` if it says none that is known.
    pub(super) fn new(first: &[u8], key: &'k Key, wish: Wish) -> Option<Self> {
        let year = wish.year.or_else(|| year_of(first))?;
        let form = match wish.form {
            Some(form) => form,
            None => looks_like(first, year)?,
        };
        let layout = Layout::of(form, year)?;
        let fields = Fields::of(&layout);
        let municipality = Record::new(first, &layout).text(fields.municipality).to_vec();
        Some(Self {
            key,
            wish,
            tally: Tally::new(&layout),
            layout: Rc::new(layout),
            fields,
            said: year_of(first),
            municipality,
            districts: BTreeSet::new(),
            records: 0,
            left_out: 0,
            met: BTreeMap::new(),
            nationals: BTreeSet::new(),
            journals: BTreeSet::new(),
            sums: BTreeMap::new(),
            contacts: Vec::new(),
        })
    }

    /// Reads a record.
    pub(super) fn record(&mut self, line: usize, columns: &[u8], problems: &mut Problems) {
        let layout = Rc::clone(&self.layout);
        let at = Located { line, record: Record::new(columns, &layout) };
        self.records += 1;
        self.head(&at, problems);
        let misfits: Vec<Misfit> = at.record.misfits().collect();
        self.tally.count(line, columns, misfits.first().copied());
        self.dates(&at, problems);
        self.controls(&at, problems);
        let found = self.key.find(
            at.record.text(self.fields.national),
            at.record.text(self.fields.duf),
            at.record.text(self.fields.journal),
        );
        let needed = |it: &Misfit| it.field.is_some_and(|field| self.needs(field));
        for misfit in &misfits {
            let kind = misfit.field.map(|it| it.kind);
            let known = found != Found::Nobody;
            let what =
                if known && needed(misfit) { What::Needed(kind) } else { What::Ignored(kind) };
            let place = Some((line, misfit.column));
            problems.push(Problem { what, place, field: misfit.field.map(|it| it.name) });
        }
        match found {
            Found::Nobody => self.left_out += 1,
            Found::Conflict => at.note(What::Conflict, self.fields.national, problems),
            Found::Member(member) => self.member(member, columns, &at, problems),
        }
    }

    /// Whether a field is one whose content comes out: it must then be what it should be.
    fn needs(&self, field: Field) -> bool {
        self.fields.marks.contains(&field)
            || self.fields.amounts.iter().any(|(grant, loan)| *grant == field || *loan == field)
    }

    fn head(&mut self, at: &Located<'_>, problems: &mut Problems) {
        match year_of(at.record.columns()) {
            Some(found) if found == self.layout.year => {}
            // Asked for another year than the file is of: said once.
            Some(found) if Some(found) == self.said && self.records > 1 => {}
            Some(found) => {
                let expected = self.layout.year;
                at.note(What::OtherYear { expected, found }, VERSION, problems);
            }
            None => at.note(What::Version, VERSION, problems),
        }
        let municipality = at.record.text(self.fields.municipality);
        let digits = municipality.len() == 4 && municipality.iter().all(u8::is_ascii_digit);
        if !digits || municipality != self.municipality {
            at.note(What::Municipality, self.fields.municipality, problems);
        }
        let district = at.record.text(self.fields.district);
        self.districts.insert(if district.is_empty() { b"00" } else { district }.to_vec());
    }

    fn dates(&mut self, at: &Located<'_>, problems: &mut Problems) {
        let year = i16::try_from(self.layout.year).unwrap_or(i16::MAX);
        let dated = |field: &&Field| at.record.date(**field).is_some();
        let late = |field: &&&Field| at.record.date(***field).is_some_and(|it| it.year() > year);
        let dates: Vec<&Field> = self.fields.dates.iter().filter(dated).collect();
        let late: Vec<&Field> = dates.iter().filter(late).copied().collect();
        if !dates.is_empty() {
            self.tally.count_dates(at.line, late.first().map(|it| (it.from, it.name)));
        }
        for field in late {
            at.note(What::LateDate, *field, problems);
        }
    }

    /// The public control program's rules.
    fn controls(&mut self, at: &Located<'_>, problems: &mut Problems) {
        let (record, fields) = (at.record, &self.fields);
        let national = valid_national(record.text(fields.national));
        let born = national.as_deref().and_then(birth_year);
        let [livelihood, benefit, work] = fields.status.map(|field| record.code(field));
        let status = Status {
            livelihood,
            benefit,
            work,
            has_children: record.code(fields.has_children),
            children: record.number(fields.children).unwrap_or(0),
            age: born.map(|it| i32::from(self.layout.year) - it),
        };
        let mut broken = match self.layout.form {
            Form::Assistance => status.broken(),
            Form::Programme => status.person(),
        };
        if self.layout.form == Form::Assistance {
            broken.extend(self.sums_broken(at));
        }
        if national.is_some_and(|it| !self.nationals.insert(it)) {
            broken.push(Rule::PersonTwice);
        }
        let journal = journal(record.text(self.fields.journal));
        if journal.is_some_and(|it| !self.journals.insert(it)) {
            broken.push(Rule::JournalTwice);
        }
        for rule in broken {
            at.note(What::Control(rule), self.layout.field(rule.field()), problems);
        }
    }

    /// Whether the months sum to the year, where all of them are numbers.
    fn sums_broken(&self, at: &Located<'_>) -> Vec<Rule> {
        let (grant, loan) = self.fields.totals;
        let differs = |total: Field, months: [Field; 12]| {
            let sum: Option<i64> = months.iter().map(|field| at.record.number(*field)).sum();
            at.record.number(total).zip(sum).is_some_and(|(total, sum)| total != sum)
        };
        let checks = [
            (differs(grant, self.fields.amounts.map(|it| it.0)), Rule::Grants),
            (differs(loan, self.fields.amounts.map(|it| it.1)), Rule::Loans),
        ];
        checks.into_iter().filter(|(is, _)| *is).map(|(_, rule)| rule).collect()
    }

    fn member(&mut self, member: &str, columns: &[u8], at: &Located<'_>, problems: &mut Problems) {
        if let Some((line, before)) = self.met.get(member) {
            let what = if before == columns { What::Repeated(*line) } else { What::Again(*line) };
            at.note(what, self.fields.national, problems);
            return;
        }
        self.met.insert(member.to_owned(), (at.line, columns.to_vec()));
        let reader = Reader { layout: &self.layout, record: at.record, member_id: member };
        match self.layout.form {
            Form::Assistance => {
                self.contacts.extend(reader.assistance());
                self.months(member, at, problems);
            }
            Form::Programme => self.contacts.extend(reader.programme()),
        }
    }

    /// Adds a member's months to those of the family.
    fn months(&mut self, member: &str, at: &Located<'_>, problems: &mut Problems) {
        let family = split_member(member).map_or(member, |(family, _)| family);
        let sums = self.sums.entry(family.to_owned()).or_default();
        let months = self.fields.marks.iter().zip(&self.fields.amounts).zip(sums);
        for (month, ((mark, (grant, loan)), sum)) in (1..).zip(months) {
            let amounts = [*grant, *loan].map(|field| (field, at.record.number(field)));
            for (field, _) in amounts.iter().filter(|(_, it)| it.is_some_and(|it| it < 0)) {
                at.note(What::Needed(Some(Kind::Integer)), *field, problems);
            }
            let [grant, loan] = amounts.map(|(_, amount)| amount.unwrap_or(0));
            let marked = at.record.code(*mark).is_some();
            if marked && grant == 0 && loan == 0 {
                sum.unknown = true;
                at.note(What::NoAmount(month), *mark, problems);
            } else if !marked && (grant != 0 || loan != 0) {
                at.note(What::NotMarked(month), *mark, problems);
            }
            (sum.grant, sum.loan) = (sum.grant + grant, sum.loan + loan);
        }
    }

    /// What came of it.
    ///
    /// # Errors
    ///
    /// All findings if any stops the file.
    pub(super) fn finish(self, mut problems: Problems) -> Result<Extract, Refused> {
        if let Some(problem) = self.tally.judge(&self.layout) {
            problems.keep_of_file();
            problems.push(problem);
        }
        self.judge_complete(&mut problems);
        if self.met.is_empty() && !problems.stop() {
            problems.push(Problem::of_file(What::NobodyKnown));
        }
        if problems.stop() {
            return Err(Refused::Found(problems));
        }
        let families = self.families();
        let mut contacts = self.contacts;
        contacts.sort();
        Ok(Extract {
            form: self.layout.form,
            year: self.layout.year,
            municipality: String::from_utf8_lossy(&self.municipality).into_owned(),
            complete: self.wish.complete,
            records: self.records,
            left_out: self.left_out,
            found: self.met.into_keys().collect(),
            months: self.sums.iter().flat_map(|(family, sums)| paid(family, sums)).collect(),
            families,
            contacts,
            problems,
        })
    }

    fn judge_complete(&self, problems: &mut Problems) {
        if !self.wish.complete {
            return;
        }
        let year = self.layout.year;
        let one = self.districts.len() == 1 && !self.districts.contains(b"00".as_slice());
        let checks = [
            (year >= self.wish.this_year, What::YearNotOver { year }),
            (one, What::OneDistrict),
            (self.layout.form == Form::Programme, What::NotAssistance),
        ];
        for (_, what) in checks.into_iter().filter(|(is, _)| *is) {
            problems.push(Problem::of_file(what));
        }
    }

    /// The families of the key; the months of one are known if each that is marked has an amount.
    fn families(&self) -> BTreeMap<String, (Vec<String>, bool)> {
        let mut families: BTreeMap<String, (Vec<String>, bool)> = BTreeMap::new();
        for member in self.key.members() {
            let family = split_member(member).map_or(member, |(family, _)| family);
            let sums = self.sums.get(family);
            let known = sums.is_none_or(|sums| !sums.iter().any(|it| it.unknown));
            let entry = families.entry(family.to_owned()).or_insert((Vec::new(), known));
            entry.0.push(member.to_owned());
        }
        families
    }
}

/// A record with its line.
#[derive(Clone, Copy)]
struct Located<'l> {
    line: usize,
    record: Record<'l>,
}

impl Located<'_> {
    fn note(&self, what: What, field: Field, problems: &mut Problems) {
        let place = Some((self.line, field.from));
        problems.push(Problem { what, place, field: Some(field.name) });
    }
}

fn paid(family: &str, sums: &[Sum; 12]) -> Vec<PaidMonth> {
    let months = (1..).zip(sums).filter(|(_, it)| !it.unknown && (it.grant != 0 || it.loan != 0));
    months
        .map(|(month, it)| PaidMonth {
            family_id: family.to_owned(),
            month,
            grant: it.grant,
            loan: it.loan,
        })
        .collect()
}

/// The year that columns 5 and 6 say, if it is one that is read.
fn year_of(columns: &[u8]) -> Option<u16> {
    let digits = columns.get(4..6).filter(|it| it.iter().all(u8::is_ascii_digit))?;
    let year = 2000 + std::str::from_utf8(digits).ok()?.parse::<u16>().ok()?;
    YEARS.contains(&year).then_some(year)
}

/// The form of a record: longer than any of 11CF, or the one that it fits better.
fn looks_like(columns: &[u8], year: u16) -> Option<Form> {
    let programme = Layout::of(Form::Programme, year)?;
    if columns.len() > programme.length() {
        return Some(Form::Assistance);
    }
    let assistance = Layout::of(Form::Assistance, year)?;
    let misfits = |layout: &Layout| Record::new(columns, layout).misfits().count();
    let fewer = misfits(&assistance) < misfits(&programme);
    Some(if fewer { Form::Assistance } else { Form::Programme })
}
