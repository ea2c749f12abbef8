//! `lodd draw offer …`: offers and their answers, and free places down the ranked list.
//!
//! Nothing here names a family that has not been offered a place, or says who is next.

mod show;
mod words;

use jiff::civil::Date;
use lodd_store::{
    Pilot,
    pilot::{BlockOffers, Draw, EndedPart, GivenAnswer, OfferAnswer, OfferError},
    schema,
};

use super::{Context, reveal, tables, words as store_words};
use crate::{
    answer::Answer,
    problem::{Failure, Place, Problem},
    text::{Text, say},
};

pub(crate) use show::{list, status};
pub(super) use words::refused;

/// The most letters of a reason.
const REASON_MAX: usize = 200;

/// Which list is meant; what is not said must follow from there being one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Which<'a> {
    pub(crate) draw: Option<i64>,
    pub(crate) block: Option<&'a str>,
}

/// One ranked list: a block of a draw, with what has been offered down it.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) draw: Draw,
    pub(super) log: BlockOffers,
}

/// Offers the free place to the next rank.
///
/// # Errors
///
/// Refused when an offer is open, no place is free, nobody is left, or offering is closed.
pub(crate) fn next(context: &Context, which: Which<'_>) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let List { draw, log } = choose(&pilot, which)?;
    let offer = pilot
        .offer_next(&context.stamp(), draw.draw, &log.block)
        .map_err(|error| store_words::store(&error))?;
    write_log(context, &pilot)?;
    show::offered(&find(&pilot, draw.draw, &log.block)?, &offer)
}

/// Records a family's answer.
///
/// # Errors
///
/// Refused when the family has no offer, the answer can't be changed, or the reason says too much.
pub(crate) fn answer(
    context: &Context,
    family: &str,
    answer: OfferAnswer,
    reason: Option<&str>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let reason = reason.map(checked_reason).transpose()?;
    let given = GivenAnswer { family_id: family, answer, reason };
    let list = list_of(&pilot, family)?;
    let draw = list.draw.draw;
    let offer = pilot
        .answer_offer(&context.stamp(), draw, given)
        .map_err(|error| store_words::store(&error))?;
    write_log(context, &pilot)?;
    show::answered(&find(&pilot, draw, &list.log.block)?, &offer)
}

/// Records that a family takes part no more.
///
/// # Errors
///
/// Refused when it does not take part, the day is not between its first and today, or the reason
/// says too much.
pub(crate) fn leave(
    context: &Context,
    family: &str,
    on: &str,
    reason: &str,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let on: Date = on.parse().map_err(|_| {
        Failure::policy(say!(
            "--on må være en dato som 2026-10-31, fant `{on}`",
            nn "--on må vere ein dato som 2026-10-31, fann `{on}`",
            "--on must be a date like 2026-10-31, found `{on}`"
        ))
    })?;
    let reason = checked_reason(reason)?;
    let list = list_of(&pilot, family)?;
    let draw = list.draw.draw;
    let ended = EndedPart { family_id: family, ended_on: day(on), reason };
    pilot
        .end_participation(&context.stamp(), draw, ended)
        .map_err(|error| store_words::store(&error))?;
    write_log(context, &pilot)?;
    Ok(show::left(&find(&pilot, draw, &list.log.block)?, family, on))
}

/// Ends offering on a list: its log is final.
///
/// # Errors
///
/// Refused when an offer has no answer, or it has ended already.
pub(crate) fn close(context: &Context, which: Which<'_>, reason: &str) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let reason = checked_reason(reason)?;
    let List { draw, log } = choose(&pilot, which)?;
    pilot
        .close_offers(&context.stamp(), draw.draw, &log.block, reason)
        .map_err(|error| store_words::store(&error))?;
    // The order of the reserve may be seen now.
    reveal::write_assignments(context, &pilot)?;
    Ok(show::closed(&find(&pilot, draw.draw, &log.block)?))
}

/// Writes `out/offers.parquet`.
pub(super) fn write_log(context: &Context, pilot: &Pilot) -> Result<(), Failure> {
    let table = pilot.offers_table().map_err(|error| store_words::store(&error))?;
    tables::write(context, &schema::OFFERS, &table, Vec::new()).map(drop)
}

/// Every list of every draw, by draw and block.
///
/// # Errors
///
/// If the store can't be read.
pub(super) fn lists(pilot: &Pilot) -> Result<Vec<List>, Failure> {
    let mut all = Vec::new();
    for draw in pilot.draws().map_err(|error| store_words::store(&error))? {
        let log = pilot.offer_log(draw.draw).map_err(|error| store_words::store(&error))?;
        all.extend(log.blocks.into_iter().map(|log| List { draw: draw.clone(), log }));
    }
    Ok(all)
}

/// Whether a unit's rank may be told: not that of a family that waits while an offer is open.
///
/// # Errors
///
/// Refused while it may not.
pub(super) fn check_told(pilot: &Pilot, draw: i64, unit: &str) -> Result<(), Failure> {
    let rows = pilot.assignments(draw).map_err(|error| store_words::store(&error))?;
    let log = pilot.offer_log(draw).map_err(|error| store_words::store(&error))?;
    let block = rows.into_iter().find(|it| it.unit_id == unit).map(|it| it.block);
    let list = log.blocks.iter().find(|it| Some(&it.block) == block.as_ref());
    let waits = |it: &BlockOffers| it.offers.iter().all(|offer| offer.family_id != unit);
    match list.filter(|it| waits(it)).and_then(BlockOffers::open) {
        None => Ok(()),
        Some(open) => {
            let (block, family_id) = (block.unwrap_or_default(), open.family_id.clone());
            let (message, fix) = words::waits(unit, &OfferError::OfferOpen { block, family_id });
            Err(Failure::policy_with(message, fix))
        }
    }
}

/// The list that is meant: the only one on which offering goes on.
fn choose(pilot: &Pilot, which: Which<'_>) -> Result<List, Failure> {
    let fits = |it: &List| {
        which.draw.is_none_or(|draw| it.draw.draw == draw)
            && which.block.is_none_or(|block| it.log.block == block)
    };
    let all: Vec<List> = lists(pilot)?.into_iter().filter(fits).collect();
    let mut open: Vec<&List> = all.iter().filter(|it| it.log.closed.is_none()).collect();
    match (open.pop(), open.is_empty(), all.last()) {
        (Some(one), true, _) | (None, _, Some(one)) => Ok(one.clone()),
        (None, _, None) => Err(no_list(which)),
        (Some(_), false, _) => Err(several(&all)),
    }
}

fn no_list(which: Which<'_>) -> Failure {
    match which {
        Which { draw: Some(draw), block: Some(block) } => {
            refused(&OfferError::NoBlock { draw, block: block.to_owned() })
        }
        Which { draw: Some(draw), block: None } => refused(&OfferError::NoLists { draw }),
        Which { draw: None, block: Some(block) } => Failure::policy(say!(
            "ingen trekning med to armer har en blokk `{block}`",
            nn "inga trekking med to armar har ei blokk `{block}`",
            "no draw with two arms has a block `{block}`"
        )),
        Which { draw: None, block: None } => Failure::policy(
            Text::new(
                "ingen trekning av familier med to armer er gjort ennå",
                "no draw of families with two arms has been made yet",
            )
            .nn("inga trekking av familiar med to armar er gjord enno"),
        ),
    }
}

fn several(all: &[List]) -> Failure {
    let open = all.iter().filter(|it| it.log.closed.is_none());
    let problem = |it: &List| {
        let (draw, block) = (it.draw.draw, it.log.block.clone());
        Problem::new(Place::default(), Text::same(format!("--draw {draw} --block {block}")))
    };
    let summary =
        Text::new("flere lister er åpne: si hvilken", "several lists are open: say which")
            .nn("fleire lister er opne: sei kva for ei");
    Failure::refused(summary, open.map(problem).collect())
}

/// The list that a family was last drawn on.
fn list_of(pilot: &Pilot, family: &str) -> Result<List, Failure> {
    let mut lists = lists(pilot)?;
    lists.reverse();
    let offered = |it: &List| it.log.offers.iter().any(|offer| offer.family_id == family);
    if let Some(at) = lists.iter().position(offered) {
        return Ok(lists.swap_remove(at));
    }
    match lists.first() {
        Some(last) => {
            let family_id = family.to_owned();
            Err(refused(&OfferError::NotOffered { draw: last.draw.draw, family_id }))
        }
        None => Err(no_list(Which::default())),
    }
}

/// A list as it stands now.
fn find(pilot: &Pilot, draw: i64, block: &str) -> Result<List, Failure> {
    let found = lists(pilot)?.into_iter().find(|it| it.draw.draw == draw && it.log.block == block);
    found.ok_or_else(|| Failure::internal("offers", "the list is gone"))
}

/// A reason that is short and says nothing of a person that can be found out.
pub(super) fn checked_reason(reason: &str) -> Result<&str, Failure> {
    let reason = reason.trim();
    let length = reason.chars().count();
    if !(1..=REASON_MAX).contains(&length) || reason.chars().any(char::is_control) {
        return Err(Failure::policy(say!(
            "grunnen må være 1 til {REASON_MAX} tegn på én linje, fant {length}",
            nn "grunnen må vere 1 til {REASON_MAX} teikn på éi linje, fann {length}",
            "the reason must be 1 to {REASON_MAX} characters on one line, found {length}"
        )));
    }
    match lodd_intake::personal(reason) {
        None => Ok(reason),
        Some(found) => Err(Failure::policy_with(
            words::personal(found),
            Text::new(
                "skriv grunnen uten noe som peker ut en person; ingenting er lagret",
                "write the reason without anything that points at a person; nothing was stored",
            )
            .nn("skriv grunnen utan noko som peikar ut ein person; ingenting er lagra"),
        )),
    }
}

/// Days since 1970-01-01.
fn day(date: Date) -> i32 {
    date.since(jiff::civil::date(1970, 1, 1)).map_or(i32::MAX, |since| since.get_days())
}
