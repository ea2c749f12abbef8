//! What a form of a family's page sent: looked up among what the page offered, checked, and given to the
//! step of the command line.

use jiff::civil::Date;
use lodd_server::{Block, Deed, Done, Fault, Filled};

use super::{
    super::came_of::came_of,
    events::Standing,
    forms,
    page::{Page, back},
    said,
};
use crate::{
    answer::Answer,
    problem::Failure,
    steps::{
        Context,
        family::{self, Manner, Newcomer, retract::Taken},
    },
};

/// What is asked of a step.
#[derive(Debug)]
enum Call<'a> {
    Add { role: &'a str, birth_year: i32, why: &'a str },
    Back(&'a str),
    Leave { member: &'a str, why: &'a str },
    Move { municipality: &'a str, office: Option<&'a str> },
    Withdraw { unit: &'a str, consent: &'a str },
    Retract(&'a Standing),
}

/// What became of reading a form.
enum Read<'a> {
    /// It names somebody or something that the page did not offer.
    NotThere,
    /// It can be mended.
    Wrong(Vec<Fault>),
    /// What is asked, and the day, ISO.
    Asked(Call<'a>, String),
}

/// Does it, or refuses it; nothing where it names what is not there for the office.
///
/// # Errors
///
/// If the step could not be run.
pub(super) fn act(
    context: &Context,
    page: &Page<'_>,
    deed: Deed,
    filled: &Filled,
) -> Result<Option<Done>, Failure> {
    let (call, on) = match read(page, deed, filled) {
        Read::NotThere => return Ok(None),
        Read::Wrong(faults) => {
            let sheet = page.sheet(Some((deed, filled)), (faults, Vec::new()))?;
            return Ok(Some(Done { good: false, sheet }));
        }
        Read::Asked(call, on) => (call, on),
    };
    let reason = filled.get(forms::REASON);
    let answer = run(context, page.family.id(), &call, (&on, reason));
    let Done { good, mut sheet } = came_of(context, page.family.id(), answer)?;
    if !good {
        let sheet = page.sheet(Some((deed, filled)), (Vec::new(), sheet.blocks))?;
        return Ok(Some(Done { good, sheet }));
    }
    sheet.blocks.push(Block::Links(vec![page.link(), back(page.lang)]));
    Ok(Some(Done { good, sheet }))
}

fn run(
    context: &Context,
    family: &str,
    call: &Call<'_>,
    (on, reason): (&str, Option<&str>),
) -> Result<Answer, Failure> {
    let manner = Manner { on, ground: None, reason };
    match *call {
        Call::Add { role, birth_year, why } => {
            let newcomer = Newcomer { role, birth_year, why, id: None };
            family::add(context, family, newcomer, manner)
        }
        Call::Back(member) => family::back(context, member, manner),
        Call::Leave { member, why } => family::left(context, member, why, manner),
        Call::Move { municipality, office } => {
            family::moved(context, family, (municipality, office), manner)
        }
        Call::Withdraw { unit, consent } => family::withdraw(context, unit, consent, manner),
        Call::Retract(it) => {
            let status = (lodd_store::pilot::Source::Caseworker.code(), None);
            let taken = Taken { what: it.what, status, consent: it.consent.as_deref() };
            family::retract::run(context, &it.unit, taken, manner)
        }
    }
}

/// Reads a form. What it names is looked up among what its page offers, never taken at its word.
fn read<'a>(page: &'a Page<'_>, deed: Deed, filled: &'a Filled) -> Read<'a> {
    if page.family.passed().is_some() && deed != Deed::Retract {
        return Read::NotThere;
    }
    let mut reading = Reading { page, deed, filled, faults: Vec::new() };
    let call = match deed {
        Deed::Join => reading.join(),
        Deed::Leave => reading.leave(),
        Deed::Move => reading.moved(),
        Deed::Withdraw => reading.withdraw(),
        Deed::Retract => return reading.retract(),
        _ => return Read::NotThere,
    };
    let on = reading.day();
    match (call, on) {
        (Err(Missing::NotThere), _) => Read::NotThere,
        (Ok(call), Some(on)) if reading.faults.is_empty() => Read::Asked(call, on.to_string()),
        _ => Read::Wrong(reading.faults),
    }
}

/// Why a form does not say what is asked.
enum Missing {
    NotThere,
    Answer,
}

/// A form being read; what can be mended is collected.
struct Reading<'a, 'p> {
    page: &'a Page<'p>,
    deed: Deed,
    filled: &'a Filled,
    faults: Vec<Fault>,
}

impl<'a> Reading<'a, '_> {
    fn fault(&mut self, field: &str, message: [&'static str; 3]) {
        let message = said(message, self.page.lang).to_owned();
        self.faults.push(Fault { deed: self.deed, field: field.to_owned(), message });
    }

    /// An answer that must be given.
    fn given(&mut self, field: &str, missing: [&'static str; 3]) -> Option<&'a str> {
        let answer = self.filled.get(field);
        if answer.is_none() {
            self.fault(field, missing);
        }
        answer
    }

    /// One of those that the page offered.
    fn one_of(
        &mut self,
        field: &str,
        missing: [&'static str; 3],
        offered: &[&'a str],
    ) -> Result<&'a str, Missing> {
        let answer = self.given(field, missing).ok_or(Missing::Answer)?;
        let found = offered.iter().find(|it| **it == answer).copied();
        found.ok_or(Missing::NotThere)
    }

    fn day(&mut self) -> Option<Date> {
        let missing = ["Skriv datoen", "Skriv datoen", "Write the date"];
        let text = self.given(forms::DAY, missing)?;
        let Some(date) = date_of(text) else {
            self.fault(
                forms::DAY,
                [
                    "Datoen må være en dag i kalenderen, som 31.10.2026",
                    "Datoen må vere ein dag i kalenderen, som 31.10.2026",
                    "The date must be a day of the calendar, such as 2026-10-31",
                ],
            );
            return None;
        };
        if date > self.page.today {
            self.fault(
                forms::DAY,
                [
                    "Datoen kan ikke være etter i dag",
                    "Datoen kan ikkje vere etter i dag",
                    "The date can't be after today",
                ],
            );
            return None;
        }
        Some(date)
    }

    fn join(&mut self) -> Result<Call<'a>, Missing> {
        // Who is there already may be told of again: it changes nothing.
        let offered: Vec<&str> = self.page.known().chain([forms::NEW]).collect();
        let who = ["Velg hvem som er kommet", "Vel kven som er komen", "Choose who came"];
        let who = self.one_of(forms::MEMBER, who, &offered)?;
        if who != forms::NEW {
            return Ok(Call::Back(who));
        }
        let role = ["Velg rollen", "Vel rolla", "Choose the role"];
        let role = self.given(forms::ROLE, role);
        let year = ["Skriv fødselsåret", "Skriv fødselsåret", "Write the year of birth"];
        let year = self.given(forms::BIRTH_YEAR, year).and_then(|it| {
            let year = it.parse::<i32>().ok().filter(|it| (1900..=9999).contains(it));
            if year.is_none() {
                self.fault(
                    forms::BIRTH_YEAR,
                    [
                        "Fødselsåret må være fire sifre, som 2026",
                        "Fødselsåret må vere fire siffer, som 2026",
                        "The year of birth must be four digits, such as 2026",
                    ],
                );
            }
            year
        });
        let why = ["Velg hvorfor", "Vel kvifor", "Choose why"];
        let why = self.given(forms::WHY, why);
        let all = role.zip(year).zip(why);
        let ((role, birth_year), why) = all.ok_or(Missing::Answer)?;
        Ok(Call::Add { role, birth_year, why })
    }

    fn leave(&mut self) -> Result<Call<'a>, Missing> {
        let who = ["Velg hvem som er gått ut", "Vel kven som er gått ut", "Choose who left"];
        let known: Vec<&str> = self.page.known().collect();
        let member = self.one_of(forms::MEMBER, who, &known);
        let why = self.given(forms::WHY, ["Velg hvorfor", "Vel kvifor", "Choose why"]);
        Ok(Call::Leave { member: member?, why: why.ok_or(Missing::Answer)? })
    }

    fn moved(&mut self) -> Result<Call<'a>, Missing> {
        let missing = [
            "Skriv kommunenummeret, fire sifre",
            "Skriv kommunenummeret, fire siffer",
            "Write the municipality's number, four digits",
        ];
        let municipality = self.given(forms::MUNICIPALITY, missing);
        let offices = self.page.offices.iter().map(|it| it.0.as_str());
        let office = match self.filled.get(forms::OFFICE) {
            Some(id) => Some(offices.clone().find(|it| *it == id).ok_or(Missing::NotThere)?),
            None => None,
        };
        let municipality = municipality.ok_or(Missing::Answer)?;
        if municipality.len() != 4 || !municipality.bytes().all(|it| it.is_ascii_digit()) {
            self.fault(forms::MUNICIPALITY, missing);
            return Err(Missing::Answer);
        }
        Ok(Call::Move { municipality, office })
    }

    fn withdraw(&mut self) -> Result<Call<'a>, Missing> {
        let who = ["Velg hvem det gjelder", "Vel kven det gjeld", "Choose who it is about"];
        let units: Vec<&str> =
            [self.page.family.id()].into_iter().chain(self.page.known()).collect();
        let unit = self.one_of(forms::UNIT, who, &units);
        let consent = [
            "Velg hva samtykket gjaldt",
            "Vel kva samtykket galdt",
            "Choose what the consent was to",
        ];
        let consent = self.given(forms::CONSENT, consent);
        Ok(Call::Withdraw { unit: unit?, consent: consent.ok_or(Missing::Answer)? })
    }

    fn retract(mut self) -> Read<'a> {
        if !self.page.is_lead || self.page.standing.is_empty() {
            return Read::NotThere;
        }
        let what = [
            "Velg hva som skal tas tilbake",
            "Vel kva som skal takast tilbake",
            "Choose what is taken back",
        ];
        let word = self.given(forms::EVENT, what);
        self.given(forms::REASON, ["Velg hvorfor", "Vel kvifor", "Choose why"]);
        let Some(word) = word else { return Read::Wrong(self.faults) };
        let Some(found) = self.page.standing.iter().find(|it| it.word() == word) else {
            return Read::NotThere;
        };
        if !self.faults.is_empty() {
            return Read::Wrong(self.faults);
        }
        Read::Asked(Call::Retract(found), found.on.clone())
    }
}

/// `2026-10-31` as browsers send it, or `31.10.2026` as people write it where a browser has no calendar.
fn date_of(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let mut parts = text.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let rest = parts.next().is_none() && year.len() == 4;
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
    date.filter(|_| rest)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::date_of;

    #[test]
    fn a_day_is_read_as_it_is_written() {
        for text in ["2026-10-31", "31.10.2026"] {
            assert_eq!(date_of(text), Some(date(2026, 10, 31)), "{text}");
        }
        for text in ["31.11.2026", "31.10.26", "31/10/2026", "31.10.2026.1", "i går", ""] {
            assert_eq!(date_of(text), None, "{text}");
        }
    }
}
