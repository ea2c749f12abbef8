//! `lodd draw announce`: locks the list of eligible families.

mod blocks;
mod capacity;
mod covariates;
mod keep;
mod linking;
mod look;
pub(super) mod notice;
mod other_lists;
mod pairing;
mod source;
mod stage;
mod take_up;

use blocks::List;
use linking::Linked;

pub(super) use blocks::{list, of_offices, offices};
pub(super) use keep::COVARIATES;
pub(super) use linking::{of_units, units};
pub(super) use look::{Look, look};
pub(crate) use other_lists::OtherLists;
pub(crate) use source::Asked;
pub(super) use stage::complete;

use lodd_draw::{Announce, Beacon, REHEARSAL, Secret, Unit, announce, announcement_hash};
use lodd_store::{
    Pilot, StoreError,
    files::FileError,
    pilot::{Announcement, DrawStatus, DrawUnit, DrawnKind, Linking, Origin},
};
use serde_json::json;

use super::{
    Context, draw_words, drawn, panel, random,
    verify::{Folder, refuse},
    words,
};
use crate::{
    answer::Answer,
    beacon::times,
    clock::{self, Clock},
    hash::{hex, sha256_hex},
    problem::{Failure, Place, Problem},
    protocol::{DrawPlan, FILE, LEGAL, Protocol},
    text::{Lang, Text, say},
};

/// Locks the list: the announcement and leaves go to `draws/NNNN`, salts and secret to
/// `private/NNNN`. An announcement that a stopped run left there is taken up as it is.
///
/// # Errors
///
/// Refused when a draw is open, the list is not the one that was screened, the legal block of a
/// real draw is not filled in, somebody stands twice or on another list, the seats do not fit, or
/// the round can't be used.
pub(crate) fn run(
    context: &Context,
    asked: Asked<'_>,
    others: &OtherLists,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let Next { number, plan, beacon, ready } = next(context, &pilot, &protocol, (asked, others))?;
    let (list, linked) = match ready {
        Ready::Standing(it) => return take_up(context, &mut pilot, plan.unit, *it),
        Ready::List(it) => *it,
    };
    let units = list.units()?;
    let secret = Secret(random()?);
    let before = before(context, number)?;
    let drawn = |unit: &Unit| drawn_unit(plan.unit, unit.block.clone(), unit.id.clone());
    let locked: Vec<DrawUnit> = units.iter().map(drawn).collect();
    let announced = announce(Announce {
        pilot: &protocol.label,
        draw: number,
        previous: before.as_ref().map(Folder::files),
        plan: &protocol.bytes,
        secret,
        beacon,
        arms: plan.labels(),
        blocks: list.shares(),
        constraint: list.constraint,
        units,
    })
    .map_err(|error| Failure::policy(draw_words::announce(&error)))?;
    let parsed = parsed(&announced.announcement)?;
    let entry = entry(&parsed, &announced.announcement, locked, linked.record());
    let kept = keep::Locked {
        plan: &protocol.bytes,
        announced: &announced,
        secret: &secret,
        linked: linked.kept(&protocol.label, number),
    };
    record(context, &mut pilot, &entry, || keep::write(context, number, &kept))?;
    let answer = answer(context, plan.unit, &announced.announcement)?;
    Ok(linked.report(capacity::told(answer, &list.places)))
}

/// What is locked next, if nothing stands in its way.
struct Next<'p> {
    number: u32,
    plan: &'p DrawPlan,
    beacon: Beacon,
    ready: Ready,
}

enum Ready {
    /// An announcement that a stopped run has left.
    Standing(Box<take_up::Standing>),
    /// A list that can be locked, and who its units are.
    List(Box<(List, Linked)>),
}

/// Everything that can be known before a list is locked; nothing is written.
fn next<'p>(
    context: &Context,
    pilot: &Pilot,
    protocol: &'p Protocol,
    (asked, others): (Asked<'_>, &OtherLists),
) -> Result<Next<'p>, Failure> {
    drawn::check(protocol)?;
    check_real(context, protocol)?;
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    if let Some(open) = draws.iter().find(|it| it.status == DrawStatus::Open) {
        return Err(words::store(&StoreError::DrawOpen { open: open.draw }));
    }
    let number = u32::try_from(draws.len()).unwrap_or(u32::MAX).saturating_add(1);
    let plan = stage::next(pilot, protocol)?;
    let beacon = source::beacon(asked, protocol)?;
    if let Some(it) = take_up::standing(context, number, protocol, &beacon)? {
        return Ok(Next { number, plan, beacon, ready: Ready::Standing(Box::new(it)) });
    }
    source::check_ahead(context, pilot, protocol, &beacon)?;
    check_windows(protocol, number, &beacon)?;
    let (mut linked, candidates) = match plan.unit {
        DrawnKind::Office => (others.of_offices()?, offices(plan)),
        DrawnKind::Family => {
            let linked = linking::link(context, pilot, protocol, others)?;
            let units = linked.units();
            (linked, units)
        }
    };
    let list = list(pilot, protocol, plan, candidates)?;
    linked.retain(list.blocks.iter().flat_map(|it| &it.ids).map(String::as_str));
    Ok(Next { number, plan, beacon, ready: Ready::List(Box::new((list, linked))) })
}

/// Refuses horizons that will not fit the date of the round: once the list is locked, they are.
fn check_windows(protocol: &Protocol, number: u32, beacon: &Beacon) -> Result<(), Failure> {
    let Beacon::Drand { round } = beacon else { return Ok(()) };
    let Some(at) = times::time_of(*round) else { return Ok(()) };
    panel::targets_of(protocol, &[(i64::from(number), clock::oslo_date(at)?)]).map(drop)
}

/// Records an announcement that a stopped run has left.
fn take_up(
    context: &Context,
    pilot: &mut Pilot,
    kind: DrawnKind,
    it: take_up::Standing,
) -> Result<Answer, Failure> {
    let units = it.units.into_iter().map(|(block, id)| drawn_unit(kind, block, id));
    let entry = entry(&it.announced, &it.announcement, units.collect(), it.linking);
    record(context, pilot, &entry, || Ok(()))?;
    answer(context, kind, &it.announcement)
}

fn parsed(announcement: &[u8]) -> Result<lodd_draw::Announcement, Failure> {
    lodd_draw::Announcement::parse(announcement).map_err(|refused| refuse(&refused))
}

/// The ledger's entry of an announcement.
fn entry(
    announced: &lodd_draw::Announcement,
    bytes: &[u8],
    units: Vec<DrawUnit>,
    linking: Linking,
) -> Announcement {
    Announcement {
        draw: i64::from(announced.draw),
        origin: if announced.is_rehearsal() { Origin::Rehearsal } else { Origin::Drawn },
        beacon: source::code(&announced.beacon),
        arms: announced.design.arms().to_vec(),
        announcement_sha256: sha256_hex(bytes),
        plan_sha256: hex(&announced.plan),
        units,
        linking,
    }
}

fn record(
    context: &Context,
    pilot: &mut Pilot,
    entry: &Announcement,
    write_files: impl FnOnce() -> Result<(), FileError>,
) -> Result<(), Failure> {
    let recorded = pilot.record_announcement(&context.stamp(), entry, write_files);
    recorded.map(drop).map_err(|error| words::store(&error))
}

/// What a draw that counts must have beyond a rehearsal.
fn check_real(context: &Context, protocol: &Protocol) -> Result<(), Failure> {
    if protocol.label.ends_with(REHEARSAL) {
        return Ok(());
    }
    if let Clock::Scripted(_) = context.clock {
        return Err(Failure::policy(
            Text::new(
                "en virkelig trekning kan ikke gjøres med skriptet klokke",
                "a real draw can't be made by a scripted clock",
            )
            .nn("ei verkeleg trekking kan ikkje gjerast med skriven klokke"),
        ));
    }
    let empty = |(key, text): (&&str, &String)| {
        text.trim().is_empty().then(|| {
            let place = Place {
                file: Some(FILE.to_owned()),
                field: Some(format!("legal.{key}")),
                ..Place::default()
            };
            Problem::new(
                place,
                Text::new(
                    "må fylles ut før en virkelig trekning",
                    "must be filled in before a real draw",
                )
                .nn("må fyllast ut før ei verkeleg trekking"),
            )
        })
    };
    let problems: Vec<Problem> = LEGAL.iter().zip(&protocol.legal).filter_map(empty).collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure::refused(
        Text::new("det rettslige grunnlaget er ikke ferdig", "the legal basis is not complete")
            .nn("det rettslege grunnlaget er ikkje ferdig"),
        problems,
    ))
}

/// The folder of the draw before, from which the chain goes on.
fn before(context: &Context, number: u32) -> Result<Option<Folder>, Failure> {
    if number == 1 {
        return Ok(None);
    }
    Folder::read(&context.path(format!("draws/{:04}", number - 1))).map(Some)
}

fn drawn_unit(unit_kind: DrawnKind, block: String, unit_id: String) -> DrawUnit {
    DrawUnit { unit_kind, unit_id, block }
}

/// What was announced, and the text to publish.
fn answer(context: &Context, kind: DrawnKind, announcement: &[u8]) -> Result<Answer, Failure> {
    let announced = parsed(announcement)?;
    let (number, label) = (announced.draw, &announced.pilot);
    let hash = announcement_hash(announcement);
    let notice = |lang| notice::notice(lang, &announced, &hash);
    let locked =
        words::units(kind, usize::try_from(announced.design.units()).unwrap_or(usize::MAX));
    let shown = notice(context.lang)?.replace('\n', "\n  | ");
    let mut lines = vec![
        say!(
            "Trekning {number} for `{label}` er kunngjort: listen med {nb} er låst.",
            nn "Trekking {number} for `{label}` er kunngjord: lista med {nn} er låst.",
            "Draw {number} of `{label}` is announced: the list of {en} is locked.",
            nb = &locked.nb,
            nn = locked.get(Lang::Nn),
            en = &locked.en,
        ),
        Text::new(
            "Publiser dette, og filene, der andre ser det før utfallet: i en offentlig postjournal eller hos et vitne.",
            "Publish this, and the files, where others see it before the outcome: in a public postal journal or with a witness.",
        )
        .nn("Publiser dette, og filene, der andre ser det før utfallet: i ein offentleg postjournal eller hos eit vitne."),
        Text::same(format!("  | {shown}")),
        say!(
            "Salt og hemmelighet ligger i private/{number:04}: de skal aldri publiseres.",
            nn "Salt og løyndom ligg i private/{number:04}: dei skal aldri publiserast.",
            "Salts and secret are in private/{number:04}: they must never be published."
        ),
    ];
    if announced.is_rehearsal() {
        let said = Text::new(notice::rehearsal(Lang::Nb), notice::rehearsal(Lang::En));
        lines.push(said.nn(notice::rehearsal(Lang::Nn)));
    }
    let round = match announced.beacon {
        Beacon::Drand { round } => Some(round),
        _ => None,
    };
    let json = json!({
        "draw": number,
        "pilot": label,
        "announcement": hash,
        "beacon": announced.beacon.kind(),
        "round": round,
        "round_at": round.and_then(times::time_of).map(|at| at.to_string()),
        "rehearsal": announced.is_rehearsal(),
        "dir": format!("draws/{number:04}"),
        "notice": { "nb": notice(Lang::Nb)?, "nn": notice(Lang::Nn)?, "en": notice(Lang::En)? },
    });
    Ok(Answer::new(Text::lines(lines), json))
}
