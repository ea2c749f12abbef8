//! The rows behind the offers.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row};

use super::{
    log::{BlockOffers, Offer, OffersClosed},
    waitlist::{Ranked, Waitlist},
};
use crate::{
    StoreError,
    pilot::{
        Draw, DrawStatus, DrawnKind,
        draws::{assignments_of, draws_of},
        strikes::struck_of,
        write::Write,
    },
};

/// The lists of a draw as known at a cut, by block.
pub(super) fn waitlists(
    connection: &Connection,
    draw: i64,
    cut_us: i64,
) -> Result<Vec<Waitlist>, StoreError> {
    let Some((draw, shown_at_us)) = listed(draws_of(connection)?, draw, cut_us) else {
        return Ok(Vec::new());
    };
    let offers = latest_offers(connection, draw.draw, cut_us)?;
    let parts = participations(connection, draw.draw, cut_us)?;
    let closed = closings(connection, draw.draw, cut_us)?;
    let struck: BTreeSet<String> = struck_of(connection, cut_us)?
        .into_iter()
        .filter(|it| it.draw == draw.draw)
        .map(|it| it.unit_id)
        .collect();
    let mut blocks: BTreeMap<String, (BlockOffers, Ranked)> = BTreeMap::new();
    for unit in assignments_of(connection, draw.draw)? {
        if unit.unit_kind != DrawnKind::Family {
            return Ok(Vec::new());
        }
        let (log, waiting) = blocks
            .entry(unit.block.clone())
            .or_insert_with(|| (empty(&unit.block, &closed), Vec::new()));
        let initial = draw.arms.first() == Some(&unit.arm);
        log.units += 1;
        log.seats += u32::from(initial);
        let logged = offers.get(&unit.unit_id).map(|it| Offer { initial, ..it.clone() });
        let given = || Offer::new(unit.unit_id.clone(), unit.rank, initial, shown_at_us);
        match logged.or_else(|| initial.then(given)) {
            Some(offer) => log.offers.push(with_part(offer, parts.get(&unit.unit_id))),
            // Nobody is offered a place that was struck while it waited.
            None if struck.contains(&unit.unit_id) => {}
            None => waiting.push((unit.unit_id, unit.rank)),
        }
    }
    let list = |(log, waiting)| Waitlist::new(draw.draw, log, waiting);
    Ok(blocks.into_values().map(list).collect())
}

/// A draw with two arms that has been made, and when its result was shown.
fn listed(draws: Vec<Draw>, number: i64, cut_us: i64) -> Option<(Draw, i64)> {
    let draw = draws.into_iter().find(|it| it.draw == number)?;
    let made = matches!(draw.status, DrawStatus::Drawn | DrawStatus::Imported);
    let shown_at_us = draw.shown_at_us.filter(|at_us| *at_us <= cut_us)?;
    (made && draw.arms.len() == 2).then_some((draw, shown_at_us))
}

fn empty(block: &str, closed: &BTreeMap<String, OffersClosed>) -> BlockOffers {
    let closed = closed.get(block).cloned();
    BlockOffers { block: block.to_owned(), seats: 0, units: 0, offers: Vec::new(), closed }
}

/// First day, last day, and why it ended.
type Part = (i32, Option<i32>, Option<String>);

fn with_part(offer: Offer, part: Option<&Part>) -> Offer {
    match part.filter(|_| offer.taken()) {
        Some((started_on, ended_on, end_reason)) => Offer {
            started_on: Some(*started_on),
            ended_on: *ended_on,
            end_reason: end_reason.clone(),
            ..offer
        },
        None => offer,
    }
}

/// The latest row of each family.
fn latest_offers(
    connection: &Connection,
    draw: i64,
    cut_us: i64,
) -> rusqlite::Result<BTreeMap<String, Offer>> {
    let sql = "SELECT family_id, offered_at, rank, answer, answered_at, reason, MAX(recorded_at) \
               FROM offers WHERE draw = ? AND recorded_at <= ? GROUP BY family_id";
    let mut select = connection.prepare(sql)?;
    let offer = |row: &Row<'_>| {
        let family_id: String = row.get(0)?;
        let open = Offer::new(family_id.clone(), row.get(2)?, false, row.get(1)?);
        let (answer, answered_at_us, reason) = (row.get(3)?, row.get(4)?, row.get(5)?);
        Ok((family_id, Offer { answer, answered_at_us, reason, ..open }))
    };
    select.query_map((draw, cut_us), offer)?.collect()
}

fn participations(
    connection: &Connection,
    draw: i64,
    cut_us: i64,
) -> rusqlite::Result<BTreeMap<String, Part>> {
    let sql = "SELECT family_id, started_on, ended_on, end_reason, MAX(recorded_at) \
               FROM participation WHERE draw = ? AND recorded_at <= ? AND told_by = 'TILBUD' \
               GROUP BY family_id";
    let mut select = connection.prepare(sql)?;
    let part = |row: &Row<'_>| Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)));
    select.query_map((draw, cut_us), part)?.collect()
}

fn closings(
    connection: &Connection,
    draw: i64,
    cut_us: i64,
) -> rusqlite::Result<BTreeMap<String, OffersClosed>> {
    let sql = "SELECT block, recorded_at, reason FROM offers_closed \
               WHERE draw = ? AND recorded_at <= ?";
    let mut select = connection.prepare(sql)?;
    let closing =
        |row: &Row<'_>| Ok((row.get(0)?, OffersClosed { at_us: row.get(1)?, reason: row.get(2)? }));
    select.query_map((draw, cut_us), closing)?.collect()
}

pub(super) fn append_offer(write: &Write<'_>, draw: i64, offer: &Offer) -> Result<(), StoreError> {
    let sql = "INSERT INTO offers (draw, family_id, recorded_at, offered_at, rank, answer, \
               answered_at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let given = (offer.answer, offer.answered_at_us, &offer.reason);
    write.transaction.execute(
        sql,
        (
            draw,
            &offer.family_id,
            write.at_us,
            offer.offered_at_us,
            offer.rank,
            given.0,
            given.1,
            given.2,
        ),
    )?;
    Ok(())
}

/// `began`: who, and the first day; `ended`: the last day and why.
pub(super) fn append_participation(
    write: &Write<'_>,
    draw: i64,
    began: (&str, i32),
    ended: Option<(i32, &str)>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO participation (family_id, started_on, recorded_at, draw, ended_on, \
               end_reason) VALUES (?, ?, ?, ?, ?, ?)";
    let (ended_on, reason) = ended.unzip();
    write.transaction.execute(sql, (began.0, began.1, write.at_us, draw, ended_on, reason))?;
    Ok(())
}

pub(super) fn append_closing(
    write: &Write<'_>,
    draw: i64,
    block: &str,
    reason: &str,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO offers_closed (draw, block, recorded_at, reason) VALUES (?, ?, ?, ?)";
    write.transaction.execute(sql, (draw, block, write.at_us, reason))?;
    Ok(())
}
