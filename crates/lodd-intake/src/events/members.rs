//! A row of `Familiemedlemmer`: a member who came or left.

use jiff::civil::Date;

use super::{
    Event, EventFact, Spell, codes, plain,
    read::{Found, Reading},
    units::{May, Unit},
};
use crate::{
    catalogue,
    codes::ROLES,
    dates::date,
    expectations::{KnownMember, Role},
    field::{Field, Noted, note, text, whole},
    ids::MemberKind,
    table::At,
    variable::{CLEAR, Code},
};

/// The earliest year of birth that is believed.
const BIRTH_YEAR_MIN: i64 = 1900;
/// Who turns so old in a year is taken for an adult in it.
const ADULT_AGE: i64 = 18;

/// A day with its reason.
type DayFound = Field<(Date, String)>;

impl Reading<'_, '_> {
    pub(super) fn member(&mut self) -> Option<Found> {
        let unit = self.unit("medlem_id", May::Member);
        let id = unit.id.clone();
        let known = id.as_ref().and_then(|id| self.expect.members.get(id)).cloned();
        if let (Some(known), true) = (&known, self.is_cleared()) {
            return Some(self.dropped(&unit, known));
        }
        let told = !self.blank(&["til_dato"]) || !self.blank(&["arsak"]);
        if known.is_some() && !told {
            return self.unchanged(&unit, known.as_ref());
        }
        let family = self.family_of(&unit);
        let (came, left) = self.days_of(known.is_some());
        let newcomer = match &known {
            None => self.newcomer(&unit).map(Some),
            Some(known) => self.as_listed(id.as_deref(), known).map(|()| None),
        };
        let meta = self.meta();
        let on = left.as_ref().ok().cloned().flatten().or(came.as_ref().ok().cloned().flatten());
        let on = on.map(|(day, _)| day);
        let event = (|| {
            let (retracts, reason_code) = meta.ok()?;
            let spell = Spell {
                member_id: id.clone()?,
                newcomer: newcomer.ok()?,
                came: came.ok()?,
                left: left.ok()?,
            };
            let (family_id, fact) = (family?, EventFact::Spell(spell));
            Some(vec![Event { family_id, on: on?, fact, retracts, reason_code }])
        })();
        Some(Found { family: unit.family, unit: id, on, events: event })
    }

    /// Whether something that the list says of the member is to be cleared.
    fn is_cleared(&self) -> bool {
        self.cleared().is_some()
    }

    fn cleared(&self) -> Option<At<'_>> {
        let of_list = ["familie_id", "rolle", "fodselsar"].into_iter();
        let mut of_list = of_list.filter_map(|header| self.line.at(header));
        of_list.find(|at| text(at, &mut Vec::new()).is_ok_and(|it| it.as_deref() == Some(CLEAR)))
    }

    /// Nobody is taken off the list of a family that has been drawn (K18): who left has a last day.
    fn dropped(&mut self, unit: &Unit, known: &KnownMember) -> Found {
        let id = unit.id.clone();
        let counted = known.role != Role::OtherAdult;
        let entry = if counted { &catalogue::K18 } else { &catalogue::D10 };
        let finding = self.cleared().map(|at| at.finding(entry).about(id.as_deref().unwrap_or("")));
        self.notes.extend(finding);
        Found { family: unit.family.clone(), unit: id, ..Found::default() }
    }

    /// A row of a known member that tells of nothing: it may say what the list says, or nothing.
    fn unchanged(&mut self, unit: &Unit, known: Option<&KnownMember>) -> Option<Found> {
        let before = self.notes.len();
        if let Some(known) = known {
            let _ = self.as_listed(unit.id.as_deref(), known);
        }
        let noted = self.notes.len() > before;
        noted.then(|| Found {
            family: unit.family.clone(),
            unit: unit.id.clone(),
            ..Found::default()
        })
    }

    /// The family under `familie_id`, which must be the member's own.
    fn family_of(&mut self, unit: &Unit) -> Option<String> {
        let named = self.unit("familie_id", May::Family);
        let (family, named) = (unit.family.clone()?, named.id?);
        if family == named {
            return Some(family);
        }
        let at = self.line.at("medlem_id")?;
        let id = unit.id.as_deref().unwrap_or_default();
        self.notes.push(at.finding(&catalogue::K09).about(id).expected(named));
        None
    }

    /// First and last day, each with its reason. The one reason of a row is that of the day it fits.
    fn days_of(&mut self, known: bool) -> (DayFound, DayFound) {
        let first = self.day("fra_dato", None);
        let last = self.day("til_dato", first.ok().flatten());
        let reason = self.code("arsak", &codes::member_reasons());
        let reason = self.needed("arsak", reason);
        let first = match first {
            Ok(None) if !known => self.needed("fra_dato", first).map(Some),
            // Of somebody known the time that is running ends.
            Ok(Some(_)) if known && last != Ok(None) => Ok(None),
            other => other,
        };
        if first == Ok(None) && last == Ok(None) {
            let _ = self.needed::<Date>("til_dato", Ok(None));
        }
        let Ok(reason) = reason else { return (Err(Noted), Err(Noted)) };
        let fit = |fits: fn(&str) -> bool| {
            if fits(&reason) { reason.clone() } else { "ANNET".to_owned() }
        };
        let only_came = last == Ok(None);
        let wrong = if only_came {
            !codes::is_to_come(&reason)
        } else {
            !codes::is_to_leave(&reason) && first == Ok(None)
        };
        if wrong && let Some(at) = self.line.at("arsak") {
            let all = codes::member_reasons();
            let fits = if only_came { codes::is_to_come } else { codes::is_to_leave };
            let valid: Vec<&str> = plain(&all).into_iter().filter(|it| fits(it)).collect();
            let finding = at.finding(&catalogue::D10).expected(valid.join(", "));
            self.notes.push(finding);
            return (Err(Noted), Err(Noted));
        }
        let came = first.map(|it| it.map(|day| (day, fit(codes::is_to_come))));
        let left = last.map(|it| it.map(|day| (day, fit(codes::is_to_leave))));
        (came, left)
    }

    /// Role and year of birth of somebody not known yet. Who was born into the family was born in
    /// the year of the first day.
    fn newcomer(&mut self, unit: &Unit) -> Result<(Role, i32), Noted> {
        let role = self.role(unit.kind);
        let role = self.needed("rolle", role);
        let this_year = i64::from(self.expect.today.year());
        let year = self
            .line
            .at("fodselsar")
            .map_or(Ok(None), |at| whole(&at, BIRTH_YEAR_MIN, this_year, self.notes));
        let year = self.needed("fodselsar", year)?;
        let born = self.line.at("arsak").and_then(|at| text(&at, &mut Vec::new()).ok().flatten());
        let first =
            self.line.at("fra_dato").and_then(|at| date(&at, &mut Vec::new()).ok().flatten());
        let is_born = born.is_some_and(|it| crate::normal::fold_code(&it) == "FODT");
        if let (true, Some(first), Some(at)) = (is_born, first, self.line.at("fodselsar"))
            && i64::from(first.year()) != year
        {
            let finding = at.finding(&catalogue::D13).expected(first.year().to_string());
            return note(finding, self.notes);
        }
        let role = role?;
        if let (Some(first), Some(at)) = (first, self.line.at("fodselsar"))
            && role != Role::Child
            && i64::from(first.year()) - year < ADULT_AGE
        {
            let finding = at.finding(&catalogue::K15).value(role.code());
            let id = unit.id.as_deref().unwrap_or_default();
            self.notes.push(finding.about(id).suggest(Some(Role::Child.code())));
        }
        Ok((role, i32::try_from(year).map_err(|_| Noted)?))
    }

    fn role(&mut self, kind: Option<MemberKind>) -> Field<Role> {
        let child = kind == Some(MemberKind::Child);
        let fits = |role: &&Role| kind.is_none() || child == (**role == Role::Child);
        let roles: Vec<&str> = Role::ALL.iter().filter(fits).map(|it| it.code()).collect();
        let fits = |it: &&Code| roles.contains(&it.code.as_str());
        let valid: Vec<Code> = ROLES.iter().filter(fits).cloned().collect();
        let found = self.code("rolle", &valid)?;
        Ok(found.and_then(|found| Role::ALL.into_iter().find(|it| it.code() == found)))
    }

    /// What a row says of somebody known must be what the list says: that is not changed here.
    fn as_listed(&mut self, id: Option<&str>, known: &KnownMember) -> Result<(), Noted> {
        let role = self.code("rolle", &ROLES);
        let year = self.line.at("fodselsar").map_or(Ok(None), |at| {
            whole(&at, BIRTH_YEAR_MIN, i64::from(self.expect.today.year()), self.notes)
        });
        let (role, year) = (role?, year?);
        let listed = known.birth_year.map(i64::from);
        let other = |header: &str, expected: String| {
            let finding = self.line.at(header)?.finding(&catalogue::K22);
            Some(finding.about(id.unwrap_or_default()).expected(expected))
        };
        let mut found = Vec::new();
        if role.is_some_and(|it| it != known.role.code()) {
            found.extend(other("rolle", known.role.code().to_owned()));
        }
        if let (Some(year), Some(listed)) = (year, listed)
            && year != listed
        {
            found.extend(other("fodselsar", listed.to_string()));
        }
        let good = found.is_empty();
        self.notes.extend(found);
        if good { Ok(()) } else { Err(Noted) }
    }
}
