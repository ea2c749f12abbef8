//! The rows of each sheet of a roster.

use super::{Fact, Family, Judge, MarkKind, Member};
use crate::{
    catalogue,
    codes::{ROLES, SEXES},
    dates::{date, not_after},
    expectations::Role,
    field::{Field, Noted, code, free_code, one_code, plain_codes, required, text, whole},
    finding::Finding,
    ids::MemberKind,
    months,
    table::{At, Line, display},
    unit_id::{self, Id},
    variable::Code,
};

/// The earliest year of birth believed.
const BIRTH_YEAR_MIN: i64 = 1900;

impl Judge<'_> {
    pub(super) fn family(&mut self, line: &Line<'_>) {
        let mut notes = line.notes();
        let id = own_id(self, line, "familie_id", None, &mut notes);
        match (&id, line.at("familie_id").and_then(|at| at.cell)) {
            (Some((id, ..)), _) => {
                self.named.insert(id.clone());
            }
            (None, Some(cell)) if self.misread.len() < 100 => {
                self.misread.push(display(&cell.value));
            }
            // An id that is not there can't be compared: any family may be the one missing.
            (None, None) => self.incomplete = true,
            (None, Some(_)) => {}
        }
        let family = self.read_family(line, id, &mut notes);
        if let Some(family) = &family {
            self.mark(
                line,
                &family.family_id,
                &[MarkKind::LivesWith, MarkKind::LeftOn],
                &mut notes,
            );
        }
        self.findings.extend(notes);
        if let Some(family) = family {
            let id = family.family_id.clone();
            let repeat = self.families.insert(id.clone(), family, line.row.number);
            self.note_twice(line, repeat, &id);
        }
    }

    fn read_family(
        &self,
        line: &Line<'_>,
        id: Option<OwnId>,
        notes: &mut Vec<Finding>,
    ) -> Option<Family> {
        let offices: Vec<&str> = self.expect.offices.iter().map(String::as_str).collect();
        let office = line.at("kontor").map(|at| self.office(&at, &offices, notes));
        let registered = line.at("registrert").map(|at| self.past_date(&at, notes));
        Some(Family {
            family_id: id?.0,
            office_id: office?.ok()?,
            registered_on: registered?.ok()?,
        })
    }

    /// An office's id, as it is declared, in any case.
    fn office(
        &self,
        at: &At<'_>,
        offices: &[&str],
        notes: &mut Vec<Finding>,
    ) -> Result<String, Noted> {
        let found = text(at, notes);
        let written = required(at, found, notes)?;
        let same = |it: &&String| it.to_lowercase() == written.to_lowercase();
        match self.expect.offices.iter().find(same) {
            Some(office) => Ok(office.clone()),
            None => one_code(at, &written, &plain_codes(offices), notes),
        }
    }

    pub(super) fn member(&mut self, line: &Line<'_>) {
        let mut notes = line.notes();
        self.note_dropped(line, &mut notes);
        let dropped = notes.iter().any(|it| it.code() == catalogue::K18.code);
        let member = if dropped { None } else { self.read_member(line, &mut notes) };
        if let Some(member) = &member {
            self.note_changed(line, member, &mut notes);
            self.mark(
                line,
                &member.member_id,
                &[MarkKind::PersonKey, MarkKind::LeftOn],
                &mut notes,
            );
        }
        self.findings.extend(notes);
        if let Some(member) = member {
            let id = member.member_id.clone();
            let repeat = self.members.insert(id.clone(), member, line.row.number);
            self.note_twice(line, repeat, &id);
        }
    }

    fn read_member(&self, line: &Line<'_>, notes: &mut Vec<Finding>) -> Option<Member> {
        let own = own_id(self, line, "medlem_id", Some(()), notes);
        let family_id = self.known_family(line, notes);
        let role = line.at("rolle").map(|at| role(&at, own.as_ref().and_then(|it| it.2), notes));
        let this_year = i64::from(self.expect.today.year());
        let birth_year = line.at("fodselsar").map(|at| {
            let found = whole(&at, BIRTH_YEAR_MIN, this_year, notes);
            required(&at, found, notes)
        });
        let sex = line.at("kjonn").map_or(Ok(None), |at| sex(&at, notes));
        let (member_id, named_family, _) = own?;
        let family_id = family_id?;
        if named_family != family_id {
            let at = line.at("medlem_id")?;
            notes.push(at.finding(&catalogue::K09).about(&member_id).expected(family_id));
            return None;
        }
        let birth_year = i32::try_from(birth_year?.ok()?).ok()?;
        Some(Member { member_id, family_id, role: role?.ok()?, birth_year, sex: sex.ok()? })
    }

    pub(super) fn month(&mut self, line: &Line<'_>) {
        let mut notes = line.notes();
        let family = self.known_family(line, &mut notes);
        let month =
            months::read(line, family.as_deref().unwrap_or_default(), self.expect, &mut notes);
        self.findings.extend(notes);
        if let (Some(family), Some(month)) = (family, month) {
            let key = (family.clone(), month.month, month.register.clone());
            let what = format!("Måneder {}", crate::dates::month_text(month.month));
            let repeat = self.months.insert(key, month, line.row.number);
            self.note_repeat(line, repeat, &family, &what);
        }
    }

    pub(super) fn fact(&mut self, line: &Line<'_>) {
        let mut notes = line.notes();
        let fact = self.read_fact(line, &mut notes);
        self.findings.extend(notes);
        if let Some(fact) = fact {
            let (family, criterion) = (fact.family_id.clone(), fact.criterion.clone());
            let key = (family.clone(), criterion.clone(), fact.observed_on);
            let repeat = self.facts.insert(key, fact, line.row.number);
            self.note_repeat(line, repeat, &family, &criterion);
        }
    }

    fn read_fact(&self, line: &Line<'_>, notes: &mut Vec<Finding>) -> Option<Fact> {
        let family_id = self.known_family(line, notes);
        let mut code_of = |header| {
            let at = line.at(header).ok_or(Noted)?;
            let found = free_code(&at, notes);
            required(&at, found, notes)
        };
        let (criterion, value) = (code_of("kriterium"), code_of("verdi"));
        let observed_on = line.at("observert").map(|at| self.past_date(&at, notes));
        let source = line.at("kilde").map_or(Ok(None), |at| text(&at, notes));
        Some(Fact {
            family_id: family_id?,
            criterion: criterion.ok()?,
            observed_on: observed_on?.ok()?,
            value: value.ok()?,
            source: source.ok()?,
        })
    }

    fn past_date(&self, at: &At<'_>, notes: &mut Vec<Finding>) -> Result<jiff::civil::Date, Noted> {
        let found = date(at, notes);
        let day = required(at, found, notes)?;
        not_after(at, day, self.expect.today, notes)?;
        Ok(day)
    }
}

/// An id, the family it names, its kind.
type OwnId = (String, String, Option<MemberKind>);

/// The id that names its own row. With `member` it must be a member's, else a family's.
fn own_id(
    judge: &Judge<'_>,
    line: &Line<'_>,
    header: &str,
    member: Option<()>,
    notes: &mut Vec<Finding>,
) -> Option<OwnId> {
    let at = line.at(header)?;
    match unit_id::read(&at, judge.expect, |id| judge.is_family(id), notes) {
        Id::Good { id, family, kind } if kind.is_some() == member.is_some() => {
            Some((id, family, kind))
        }
        Id::Good { .. } => {
            notes.push(at.finding(&catalogue::D09));
            None
        }
        Id::Bad { .. } => None,
        Id::Blank => {
            notes.push(at.finding(&catalogue::D12));
            None
        }
    }
}

/// A role that fits the id: `-A1` is an adult, `-B1` a child.
fn role(at: &At<'_>, kind: Option<MemberKind>, notes: &mut Vec<Finding>) -> Result<Role, Noted> {
    let fits =
        |role: &Role| kind.is_none_or(|kind| (kind == MemberKind::Child) == (*role == Role::Child));
    let fitting: Vec<&str> = Role::ALL.iter().filter(|it| fits(it)).map(|it| it.code()).collect();
    let valid: Vec<Code> =
        ROLES.iter().filter(|it| fitting.contains(&it.code.as_str())).cloned().collect();
    let found = code(at, &valid, notes);
    let code = required(at, found, notes)?;
    Role::ALL.into_iter().find(|it| it.code() == code).ok_or(Noted)
}

fn sex(at: &At<'_>, notes: &mut Vec<Finding>) -> Field<String> {
    code(at, &SEXES, notes)
}
