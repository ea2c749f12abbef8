//! What is typed, checked: codes, days, ids.

use jiff::civil::Date;
use lodd_panel::day_number;
use lodd_store::{
    Pilot,
    pilot::{Role, SpellReason},
};

use super::super::words;
use crate::{
    problem::Failure,
    text::{Text, say},
};

/// A code of a list, as typed in any case.
pub(super) fn code<T: Copy>(
    option: &str,
    typed: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, Failure> {
    let found = all.iter().find(|it| name(**it).eq_ignore_ascii_case(typed));
    found.copied().ok_or_else(|| {
        let valid = all.iter().map(|it| name(*it)).collect::<Vec<_>>().join(", ");
        Failure::policy(say!(
            "{option} må være en av {valid}, fant `{typed}`",
            nn "{option} må vere ein av {valid}, fann `{typed}`",
            "{option} must be one of {valid}, found `{typed}`"
        ))
    })
}

pub(super) fn day_of(option: &str, text: &str) -> Result<Date, Failure> {
    text.parse().map_err(|_| {
        Failure::policy(say!(
            "{option} må være en dato som 2026-10-31, fant `{text}`",
            nn "{option} må vere ein dato som 2026-10-31, fann `{text}`",
            "{option} must be a date like 2026-10-31, found `{text}`"
        ))
    })
}

/// Days since 1970-01-01.
pub(super) fn number(date: Date) -> i32 {
    i32::try_from(day_number(date)).unwrap_or(i32::MAX)
}

/// The family of a unit: its own id, or a member's family.
pub(super) fn family_of(pilot: &Pilot, unit: &str) -> Result<String, Failure> {
    let roster = pilot.roster().map_err(|error| words::store(&error))?;
    if roster.families.iter().any(|it| it.family_id == unit) {
        return Ok(unit.to_owned());
    }
    let member = roster.members.into_iter().find(|it| it.member_id == unit);
    member.map(|it| it.family_id).ok_or_else(|| {
        Failure::policy(say!(
            "`{unit}` er ikke på listen",
            nn "`{unit}` er ikkje på lista",
            "`{unit}` is not on the roster"
        ))
    })
}

/// The family's next adult or child.
pub(super) fn next_id(pilot: &Pilot, family: &str, role: Role) -> Result<String, Failure> {
    let letter = if role == Role::Child { 'B' } else { 'A' };
    let start = format!("{family}-{letter}");
    let roster = pilot.roster().map_err(|error| words::store(&error))?;
    let numbers = roster.members.iter().filter_map(|it| it.member_id.strip_prefix(&start));
    let last = numbers.filter_map(|it| it.parse::<u32>().ok()).max().unwrap_or(0);
    Ok(format!("{start}{}", last + 1))
}

/// An id that is one of the family's, for an adult or a child as the role says.
pub(super) fn fitting(id: &str, family: &str, role: Role) -> Result<String, Failure> {
    let kind = lodd_intake::ids::split_member(id);
    let child = lodd_intake::ids::MemberKind::Child;
    let fits =
        kind.is_some_and(|(own, kind)| own == family && (kind == child) == (role == Role::Child));
    if fits {
        return Ok(id.to_owned());
    }
    Err(Failure::policy(say!(
        "`{id}` må være familiens ID med -A1, -A2 … for en voksen, -B1, -B2 … for et barn",
        nn "`{id}` må vere ID-en til familien med -A1, -A2 … for ein vaksen, -B1, -B2 … for eit barn",
        "`{id}` must be the family's id with -A1, -A2 … for an adult, -B1, -B2 … for a child"
    )))
}

pub(super) fn check_birth_year(year: i32, day: Date, why: SpellReason) -> Result<(), Failure> {
    let of_day = i32::from(day.year());
    let fits = (1900..=of_day).contains(&year) && (why != SpellReason::Born || year == of_day);
    if fits {
        return Ok(());
    }
    Err(Failure::policy(say!(
        "--birth-year {year} passer ikke med {day}",
        nn "--birth-year {year} passar ikkje med {day}",
        "--birth-year {year} does not go with {day}"
    )))
}

pub(super) fn coordinator(typed: &str) -> Result<String, Failure> {
    if lodd_intake::events::is_coordinator(typed) {
        return Ok(typed.to_uppercase());
    }
    Err(Failure::policy(
        Text::new(
            "--coordinator må være en kode som K1, aldri et navn",
            "--coordinator must be a code like K1, never a name",
        )
        .nn("--coordinator må vere ein kode som K1, aldri eit namn"),
    ))
}
