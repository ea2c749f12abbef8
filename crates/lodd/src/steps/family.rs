//! `lodd family …`: what happens to families after their list was locked. Each command is one
//! ledger entry with a legal ground, in codes; none changes the draw.

pub(crate) mod retract;
pub(crate) mod show;
mod typed;

use lodd_store::{
    Pilot,
    pilot::{
        Consent, ConsentAnswer, ConsentGiven, DeviationKind, EndReason, Event, EventFact,
        EventReceipt, FollowUp, Ground, ReasonCode, Role, Spell, SpellReason,
    },
};
use serde_json::json;

use super::{Context, words};
use crate::{
    answer::Answer,
    clock::date_text,
    problem::Failure,
    text::{Text, say},
};
use typed::{check_birth_year, code, coordinator, day_of, family_of, fitting, next_id, number};

/// The legal grounds that an entry can name: articles of the General Data Protection Regulation.
pub(crate) const GROUNDS: [&str; 4] = ["GDPR_6_1_A", "GDPR_6_1_C", "GDPR_6_1_E", "GDPR_7_3"];

/// When something happened and why it is recorded, as typed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner<'a> {
    pub(crate) on: &'a str,
    pub(crate) ground: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
}

/// Somebody new, as typed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Newcomer<'a> {
    pub(crate) role: &'a str,
    pub(crate) birth_year: i32,
    pub(crate) why: &'a str,
    pub(crate) id: Option<&'a str>,
}

/// Follow-up, as typed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Log<'a> {
    pub(crate) ended: Option<(&'a str, &'a str)>,
    pub(crate) meetings: Option<u16>,
    pub(crate) coordinator: Option<&'a str>,
}

/// Records a withdrawal: from that day nothing is asked, and nothing later is used.
///
/// # Errors
///
/// Refused when the unit is unknown or the day lies ahead.
pub(crate) fn withdraw(
    context: &Context,
    unit: &str,
    consent: &str,
    manner: Manner<'_>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let day = day_of("--on", manner.on)?;
    let fact = EventFact::Consent(ConsentGiven {
        unit_id: unit.to_owned(),
        kind: code("--consent", consent, Consent::ALL, Consent::code)?,
        answer: ConsentAnswer::No,
        withdrawn_on: Some(number(day)),
    });
    let family = family_of(&pilot, unit)?;
    let event = event(&family, fact, manner)?;
    let receipt = record(context, &mut pilot, ("withdrawal", "GDPR_7_3"), (&[event], manner))?;
    let said = say!(
        "{unit} har trukket samtykket ({consent}) fra {day}. Det som er levert før, blir stående.",
        nn "{unit} har trekt samtykket ({consent}) frå {day}. Det som er levert før, blir ståande.",
        "{unit} has withdrawn the consent ({consent}) from {day}. What was delivered before stays.",
        day = date_text(day).nb,
    );
    Ok(answer(&family, said, &receipt))
}

/// Records the answer to a question for consent.
///
/// # Errors
///
/// As [`withdraw`].
pub(crate) fn consent(
    context: &Context,
    unit: &str,
    (kind, given): (&str, &str),
    manner: Manner<'_>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let fact = EventFact::Consent(ConsentGiven {
        unit_id: unit.to_owned(),
        kind: code("--kind", kind, Consent::ALL, Consent::code)?,
        answer: code("--answer", given, ConsentAnswer::ALL, ConsentAnswer::code)?,
        withdrawn_on: None,
    });
    let family = family_of(&pilot, unit)?;
    let event = event(&family, fact, manner)?;
    let receipt = record(context, &mut pilot, ("consent", "GDPR_6_1_A"), (&[event], manner))?;
    let said = say!("{unit}: samtykke ({kind}): {given}.", "{unit}: consent ({kind}): {given}.");
    Ok(answer(&family, said, &receipt))
}

/// Records a move.
///
/// # Errors
///
/// Refused when the family is on no list, the office is not in the pilot, or the number is none.
pub(crate) fn moved(
    context: &Context,
    family: &str,
    (municipality, office): (&str, Option<&str>),
    manner: Manner<'_>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    if municipality.len() != 4 || !municipality.bytes().all(|it| it.is_ascii_digit()) {
        return Err(Failure::policy(say!(
            "--municipality må være fire sifre som 0301, fant `{municipality}`",
            nn "--municipality må vere fire siffer som 0301, fann `{municipality}`",
            "--municipality must be four digits like 0301, found `{municipality}`"
        )));
    }
    let offices = pilot.roster().map_err(|error| words::store(&error))?.offices;
    if let Some(office) = office.filter(|it| !offices.iter().any(|known| known.office_id == **it)) {
        let office_id = office.to_owned();
        return Err(words::store(&lodd_store::StoreError::UnknownOffice { office_id }));
    }
    let office_id = office.map(str::to_owned);
    let fact = EventFact::Move { municipality: municipality.to_owned(), office_id };
    let event = event(family, fact, manner)?;
    let receipt = record(context, &mut pilot, ("move", PUBLIC_TASK), (&[event], manner))?;
    let said = say!(
        "{family} har flyttet til {municipality}. Familien følges videre som trukket.",
        nn "{family} har flytta til {municipality}. Familien blir følgd vidare som trekt.",
        "{family} has moved to {municipality}. It is followed on as drawn."
    );
    Ok(answer(family, said, &receipt))
}

/// Records that a member left, or died.
///
/// # Errors
///
/// Refused when the member is unknown, not in the household, or the family is on no list.
pub(crate) fn left(
    context: &Context,
    member: &str,
    why: &str,
    manner: Manner<'_>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let family = family_of(&pilot, member)?;
    let event = leaving(&family, member, why, manner)?;
    let name = if why == "DOD" { "death" } else { "member_left" };
    let receipt = record(context, &mut pilot, (name, PUBLIC_TASK), (&[event], manner))?;
    let said = say!(
        "{member} er ute av husstanden ({why}), og telles fortsatt som trukket.",
        nn "{member} er ute av hushaldet ({why}), og blir framleis talt som trekt.",
        "{member} is out of the household ({why}), and still counted as drawn."
    );
    Ok(answer(&family, said, &receipt))
}

/// Records that a known member came back.
///
/// # Errors
///
/// As [`left`].
pub(crate) fn back(context: &Context, member: &str, manner: Manner<'_>) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let family = family_of(&pilot, member)?;
    let came = Some((number(day_of("--on", manner.on)?), SpellReason::MovedIn));
    let spell =
        Spell { member_id: member.to_owned(), role: None, birth_year: None, came, left: None };
    let event = event(&family, EventFact::Spell(spell), manner)?;
    let receipt = record(context, &mut pilot, ("member_came", PUBLIC_TASK), (&[event], manner))?;
    let said = say!(
        "{member} er tilbake i husstanden.",
        nn "{member} er tilbake i hushaldet.",
        "{member} is back in the household."
    );
    Ok(answer(&family, said, &receipt))
}

/// Records somebody new, under the family's next id unless one is given.
///
/// # Errors
///
/// Refused when the family is on no list, or the id is another's.
pub(crate) fn add(
    context: &Context,
    family: &str,
    newcomer: Newcomer<'_>,
    manner: Manner<'_>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let role = code("--role", newcomer.role, Role::ALL, Role::code)?;
    let come = &[SpellReason::Born, SpellReason::MovedIn, SpellReason::Other];
    let why = code("--why", newcomer.why, come, SpellReason::code)?;
    let day = day_of("--on", manner.on)?;
    check_birth_year(newcomer.birth_year, day, why)?;
    let id = match newcomer.id {
        Some(id) => fitting(id, family, role)?,
        None => next_id(&pilot, family, role)?,
    };
    let spell = Spell {
        member_id: id.clone(),
        role: Some(role),
        birth_year: Some(newcomer.birth_year),
        came: Some((number(day), why)),
        left: None,
    };
    let event = event(family, EventFact::Spell(spell), manner)?;
    let receipt = record(context, &mut pilot, ("member_came", PUBLIC_TASK), (&[event], manner))?;
    let said = say!(
        "{id} er med i {family}. Den som kom etter trekningen, blir spurt, men ikke regnet med.",
        nn "{id} er med i {family}. Den som kom etter trekninga, blir spurd, men ikkje rekna med.",
        "{id} is in {family}. Who came after the draw is observed, but not counted."
    );
    let mut answer = answer(family, said, &receipt);
    if let Some(json) = answer.json.as_object_mut() {
        json.insert("member".to_owned(), json!(id));
    }
    Ok(answer)
}

/// Records that a couple parted: those named left, the family keeps its id.
///
/// # Errors
///
/// As [`left`].
pub(crate) fn split(
    context: &Context,
    family: &str,
    leaves: &[String],
    manner: Manner<'_>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let events: Vec<Event> = leaves
        .iter()
        .map(|member| leaving(family, member, "SAMLIVSBRUDD", manner))
        .collect::<Result<_, _>>()?;
    let receipt = record(context, &mut pilot, ("split", PUBLIC_TASK), (&events, manner))?;
    let who = leaves.join(", ");
    let said = say!(
        "{family} beholder sin ID; {who} er flyttet ut. Voksne telles som trukket, bolig og barn der barnet mest bor.",
        nn "{family} held på ID-en sin; {who} er flytta ut. Vaksne blir talde som trekte, bustad og barn der barnet mest bur.",
        "{family} keeps its id; {who} left. Adults are counted as drawn, housing and children where the child mainly lives."
    );
    Ok(answer(family, said, &receipt))
}

/// Records follow-up.
///
/// # Errors
///
/// Refused when the family is on no list, or the coordinator is not a code.
pub(crate) fn participation(
    context: &Context,
    family: &str,
    told: Log<'_>,
    manner: Manner<'_>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let ended = match told.ended {
        Some((day, why)) => Some((
            number(day_of("--ended", day)?),
            code("--why", why, EndReason::ALL, EndReason::code)?,
        )),
        None => None,
    };
    let coordinator = told.coordinator.map(coordinator).transpose()?;
    let fact = FollowUp { ended, meetings: told.meetings.map(i64::from), coordinator };
    let event = event(family, EventFact::FollowUp(fact), manner)?;
    let receipt = record(context, &mut pilot, ("participation", PUBLIC_TASK), (&[event], manner))?;
    let said = say!(
        "Oppfølgingen av {family} er ført. Den frigjør ingen plass.",
        nn "Oppfølginga av {family} er ført. Ho frigjer ingen plass.",
        "The follow-up of {family} is recorded. It frees no place."
    );
    Ok(answer(family, said, &receipt))
}

/// Records a deviation from the draw.
///
/// # Errors
///
/// Refused when the family is on no list.
pub(crate) fn deviation(
    context: &Context,
    family: &str,
    kind: &str,
    manner: Manner<'_>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let known = code("--kind", kind, DeviationKind::ALL, DeviationKind::code)?;
    let event = event(family, EventFact::Deviation { kind: known }, manner)?;
    let receipt = record(context, &mut pilot, ("deviation", PUBLIC_TASK), (&[event], manner))?;
    let said = say!(
        "Avviket {kind} er ført for {family}. Trekningen er ikke endret.",
        nn "Avviket {kind} er ført for {family}. Trekkinga er ikkje endra.",
        "The deviation {kind} is recorded for {family}. The draw has not changed."
    );
    Ok(answer(family, said, &receipt))
}

/// The ground where nothing else is said: a task in the public interest.
const PUBLIC_TASK: &str = "GDPR_6_1_E";

fn leaving(family: &str, member: &str, why: &str, manner: Manner<'_>) -> Result<Event, Failure> {
    let leave =
        &[SpellReason::MovedOut, SpellReason::Died, SpellReason::Parted, SpellReason::Other];
    let why = code("--why", why, leave, SpellReason::code)?;
    let left = Some((number(day_of("--on", manner.on)?), why));
    let spell =
        Spell { member_id: member.to_owned(), role: None, birth_year: None, came: None, left };
    event(family, EventFact::Spell(spell), manner)
}

fn event(family: &str, fact: EventFact, manner: Manner<'_>) -> Result<Event, Failure> {
    Ok(Event {
        family_id: family.to_owned(),
        on: number(day_of("--on", manner.on)?),
        fact,
        retracts: false,
        reason_code: manner.reason.map(reason).transpose()?,
    })
}

fn reason(text: &str) -> Result<ReasonCode, Failure> {
    code("--reason", text, ReasonCode::ALL, ReasonCode::code)
}

/// Records events under a ledger event of that name, on the ground given or else that one.
fn record(
    context: &Context,
    pilot: &mut Pilot,
    (name, ground): (&str, &str),
    (events, manner): (&[Event], Manner<'_>),
) -> Result<EventReceipt, Failure> {
    let ground = Ground { event: name, legal: manner.ground.unwrap_or(ground) };
    pilot.record_events(&context.stamp(), ground, events).map_err(|error| words::store(&error))
}

/// What was recorded, and in which entry.
fn answer(family: &str, said: Text, receipt: &EventReceipt) -> Answer {
    let entry = receipt.entry.as_ref().map(|it| it.seq);
    let line = match entry {
        Some(seq) => say!("  innslag {seq}", nn "  innslag {seq}", "  entry {seq}"),
        None => Text::new(
            "  Det var ført fra før: ingenting er endret.",
            "  It had been recorded: nothing has changed.",
        )
        .nn("  Det var ført frå før: ingenting er endra."),
    };
    let json = json!({
        "family": family,
        "entry": entry,
        "new": receipt.new,
        "changed": receipt.changed,
        "unchanged": receipt.unchanged,
    });
    Answer::new(Text::lines([said, line]), json)
}
