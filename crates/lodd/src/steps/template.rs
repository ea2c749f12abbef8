//! `lodd template` and `lodd roster template`: the forms that offices fill in.

use std::path::Path;

use jiff::{civil::DateTime, tz::TimeZone};
use lodd_intake::{
    Expectations, Role,
    text::{Lang as IntakeLang, Phrase},
    variable::UnitKind,
    write::{self, Ask, Form, FormError},
};
use lodd_store::{
    Pilot, files,
    pilot::{self as store, DrawStatus, DrawnKind},
};
use serde_json::json;

use super::{
    Context,
    due::{Owed, State, Told, horizon_words, owed},
    intake, known_office, words,
};
use crate::{
    answer::Answer,
    contained::contained,
    problem::Failure,
    protocol::Protocol,
    text::{Lang, Text, count, say},
};

/// Writes the office's form of statuses, or its coordinators' log.
///
/// # Errors
///
/// Refused for an office that is not in the pilot, or a file that is there already.
pub(crate) fn run(
    context: &Context,
    office: &str,
    file: &Path,
    log: bool,
) -> Result<Answer, Failure> {
    let (bytes, answer) = made(context, office, file, log)?;
    keep(file, &bytes)?;
    Ok(answer)
}

/// A form as bytes, and what is said of it; `file` is what it is called.
///
/// # Errors
///
/// Refused for an office that is not in the pilot.
pub(crate) fn made(
    context: &Context,
    office: &str,
    file: &Path,
    log: bool,
) -> Result<(Vec<u8>, Answer), Failure> {
    let pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    known_office(&protocol, office)?;
    let expect = intake::expectations(context, &pilot, &protocol, Some(office))?;
    let form = form(context, &protocol, &expect);
    let form = Form { office_name: protocol.office_name(office), ..form };
    if log {
        let families = followed(&pilot, &expect, office)?;
        let bytes = written(file, || write::log(&form, &families))?;
        return Ok((bytes, logged(file, families.len())));
    }
    let asks = asks(context, &pilot, &protocol, &expect)?;
    let bytes = written(file, || write::status(&form, &asks))?;
    Ok((bytes, asked(file, &asks)))
}

/// Writes the empty form of the roster.
///
/// # Errors
///
/// Refused for a file that is there already, or a protocol with mistakes.
pub(crate) fn roster(context: &Context, file: &Path) -> Result<Answer, Failure> {
    let protocol = crate::protocol::read(&context.dir)?;
    let expect = intake::first_expectations(context, &protocol)?;
    let form = form(context, &protocol, &expect);
    let bytes = written(file, || write::roster(&form))?;
    keep(file, &bytes)?;
    let shown = file.display().to_string();
    let text = say!(
        "Skjemaet for familielisten er skrevet: {shown}",
        nn "Skjemaet for familielista er skrive: {shown}",
        "The form of the roster is written: {shown}",
        shown = &shown,
    );
    Ok(Answer::new(text, json!({ "file": shown })))
}

/// The parts of a form that follow from the command.
pub(super) fn form<'a>(
    context: &Context,
    protocol: &'a Protocol,
    expect: &'a Expectations,
) -> Form<'a> {
    Form {
        lang: lang(context.lang),
        pilot: &protocol.label,
        title: protocol.title.get(context.lang),
        office_name: "",
        made_at: made_at(context),
        expect,
    }
}

fn lang(lang: Lang) -> IntakeLang {
    match lang {
        Lang::Nb => IntakeLang::Nb,
        Lang::Nn => IntakeLang::Nn,
        Lang::En => IntakeLang::En,
    }
}

/// Now, UTC: the only time that a form holds.
fn made_at(context: &Context) -> DateTime {
    context.clock.now().to_zoned(TimeZone::UTC).datetime()
}

fn written(
    file: &Path,
    write: impl FnOnce() -> Result<Vec<u8>, FormError>,
) -> Result<Vec<u8>, Failure> {
    let bytes = contained(write).map_err(|error| Failure::io(file, &error))?;
    bytes.map_err(|error| Failure::internal("xlsx", &error))
}

/// A form may hold hours of somebody's work by the time it is written again.
fn keep(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    files::write_new(file, bytes).map_err(|error| Failure::io(file, &error.source))
}

/// What is asked in the form: of each unit every time of measurement that is not told of, up to the
/// next one that has not opened. Before the draw the start, of every family of the list.
fn asks(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
    expect: &Expectations,
) -> Result<Vec<Ask>, Failure> {
    let office = expect.office.as_deref();
    let owed = owed(pilot, protocol, office, context.clock.today()?)?;
    let mut asks = Vec::new();
    let mut next: Option<&str> = None;
    for it in &owed {
        let waits = it.state == State::Later;
        if waits && next == Some(&it.family_id) {
            continue;
        }
        if waits {
            next = Some(&it.family_id);
        }
        asks.extend(asks_of(it));
    }
    asks.extend(before_the_draw(pilot, expect, &owed)?);
    Ok(asks)
}

fn asks_of(owed: &Owed) -> impl Iterator<Item = Ask> + '_ {
    owed.units.iter().filter(|it| it.told == Told::No).map(|unit| Ask {
        unit: unit.member.map_or(UnitKind::Family, |(role, _)| role_of(role).unit()),
        unit_id: unit.id.clone(),
        who: unit.member.map(|(role, year)| (role_of(role), year)),
        horizon: phrase(&horizon_words(&owed.horizon)),
        window: Some((owed.window_low, owed.window_high)),
    })
}

/// Families of the office that are on the list, or on the roster while there is none, and have not
/// been drawn: their start can be told of, in the sixty days before the draw.
fn before_the_draw(
    pilot: &Pilot,
    expect: &Expectations,
    owed: &[Owed],
) -> Result<Vec<Ask>, Failure> {
    let members = pilot.followed_members().map_err(|error| words::store(&error))?;
    let drawn = |id: &str| owed.iter().any(|it| it.family_id == id);
    let own = expect.families.keys().filter(|id| {
        let listed = expect.drawn.as_ref().is_none_or(|drawn| drawn.contains(*id));
        listed && expect.follower(id) == expect.office.as_deref() && !drawn(id)
    });
    let struck = pilot.struck(i64::MAX).map_err(|error| words::store(&error))?;
    let erased = pilot.erasures().map_err(|error| words::store(&error))?;
    let gone = |id: &str| {
        struck.iter().any(|it| it.unit_id == id) || erased.iter().any(|it| it.family_id == id)
    };
    let mut asks = Vec::new();
    for id in own.filter(|id| !gone(id)) {
        let ask = |unit, unit_id: &str, who| Ask {
            unit,
            unit_id: unit_id.to_owned(),
            who,
            horizon: phrase(&horizon_words("0")),
            window: None,
        };
        asks.push(ask(UnitKind::Family, id, None));
        let from = members.partition_point(|it| it.member_id.as_str() < id.as_str());
        let of_family = members.get(from..).unwrap_or_default().iter();
        let of_family = of_family.take_while(|it| it.member_id.starts_with(id.as_str()));
        for member in of_family.filter(|it| it.in_itt && it.role != store::Role::OtherAdult) {
            let role = role_of(member.role);
            asks.push(ask(role.unit(), &member.member_id, Some((role, member.birth_year))));
        }
    }
    Ok(asks)
}

fn role_of(role: store::Role) -> Role {
    match role {
        store::Role::Parent => Role::Parent,
        store::Role::Partner => Role::Partner,
        store::Role::OtherAdult => Role::OtherAdult,
        store::Role::Child => Role::Child,
    }
}

fn phrase(text: &Text) -> Phrase {
    Phrase::new(text.get(Lang::Nb), text.get(Lang::Nn), text.get(Lang::En))
}

/// The families of the office that were drawn to follow-up, or offered a place since.
fn followed(pilot: &Pilot, expect: &Expectations, office: &str) -> Result<Vec<String>, Failure> {
    let store = |error: lodd_store::StoreError| words::store(&error);
    let mut families = Vec::new();
    for draw in pilot.draws().map_err(store)? {
        if draw.status == DrawStatus::Void {
            continue;
        }
        // The last arm is the one that is compared with: it gets what it would have got anyway.
        let last = draw.arms.last();
        let assignments = pilot.assignments(draw.draw).map_err(store)?;
        let followed = assignments.into_iter().filter(|it| Some(&it.arm) != last);
        let mut units: Vec<String> =
            followed.filter(|it| it.unit_kind == DrawnKind::Family).map(|it| it.unit_id).collect();
        let log = pilot.offer_log(draw.draw).map_err(store)?;
        units.extend(log.blocks.iter().flat_map(|it| &it.offers).map(|it| it.family_id.clone()));
        let linked = pilot.linked_families(draw.draw).map_err(store)?;
        families.extend(linked.into_iter().filter(|(_, to)| units.contains(to)).map(|it| it.0));
        families.extend(units);
    }
    families.retain(|id| expect.follower(id) == Some(office));
    families.sort();
    families.dedup();
    Ok(families)
}

fn asked(file: &Path, asks: &[Ask]) -> Answer {
    let number = |unit| asks.iter().filter(|it| it.unit == unit).count();
    let (families, adults) = (number(UnitKind::Family), number(UnitKind::Adult));
    let children = number(UnitKind::Child);
    let shown = file.display().to_string();
    let json = json!({
        "file": shown,
        "rows": { "families": families, "adults": adults, "children": children },
    });
    let (families, adults, children) = (count(families), count(adults), count(children));
    let text = say!(
        "Skjemaet er skrevet: {shown}\n  rader å fylle ut: {families} for familier, {adults} for voksne, {children} for barn",
        nn "Skjemaet er skrive: {shown}\n  rader å fylle ut: {families} for familiar, {adults} for vaksne, {children} for barn",
        "The form is written: {shown}\n  rows to fill in: {families} of families, {adults} of adults, {children} of children"
    );
    Answer::new(text, json)
}

fn logged(file: &Path, families: usize) -> Answer {
    let shown = file.display().to_string();
    let json = json!({ "file": shown, "families": families });
    let families = count(families);
    let text = say!(
        "Loggen for koordinatorene er skrevet: {shown}, {families} familier",
        nn "Loggen for koordinatorane er skriven: {shown}, {families} familiar",
        "The coordinators' log is written: {shown}, {families} families"
    );
    Answer::new(text, json)
}
