//! The offers as they are given out.

use super::{BlockOffers, Offer, OfferLog};
use crate::{Column, StoreError, Table, pilot::Pilot, query::QueryError, schema::OFFERS};

/// One offer with the draw and block that it belongs to.
type Row<'l> = (i64, &'l BlockOffers, &'l Offer);

impl Pilot {
    /// Every offer of every draw, as [`OFFERS`] says; by draw, block and rank.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn offers_table(&self) -> Result<Table, StoreError> {
        let draws = self.draws()?;
        let logs = draws.iter().map(|it| self.offer_log(it.draw));
        let logs: Vec<OfferLog> = logs.collect::<Result<_, _>>()?;
        let rows: Vec<Row<'_>> = logs.iter().flat_map(rows).collect();
        Ok(Table::new(OFFERS.name, columns(&rows)).map_err(QueryError::from)?)
    }
}

fn rows(log: &OfferLog) -> impl Iterator<Item = Row<'_>> {
    let draw = log.draw;
    log.blocks
        .iter()
        .flat_map(move |block| block.offers.iter().map(move |offer| (draw, block, offer)))
}

fn columns(rows: &[Row<'_>]) -> Vec<Column> {
    let of_block = |name: &str, value: fn(&BlockOffers) -> u32| {
        Column::int(name, rows.iter().map(|(_, block, _)| Some(i64::from(value(block)))))
    };
    let text = |name: &str, value: fn(&Offer) -> Option<String>| {
        Column::text(name, rows.iter().map(|(_, _, offer)| value(offer)))
    };
    let offers = || rows.iter().map(|(_, _, offer)| offer);
    vec![
        Column::int("draw", rows.iter().map(|(draw, ..)| Some(*draw))),
        Column::text("block", rows.iter().map(|(_, block, _)| Some(block.block.clone()))),
        text("family_id", |it| Some(it.family_id.clone())),
        Column::int("rank", offers().map(|it| it.rank)),
        Column::bool("initial", offers().map(|it| Some(it.initial))),
        Column::instant("offered_at", offers().map(|it| Some(it.offered_at_us))),
        text("answer", |it| it.answer.map(|answer| answer.code().to_owned())),
        Column::instant("answered_at", offers().map(|it| it.answered_at_us)),
        text("reason", |it| it.reason.clone()),
        Column::date("started_on", offers().map(|it| it.started_on)),
        Column::date("ended_on", offers().map(|it| it.ended_on)),
        text("end_reason", |it| it.end_reason.clone()),
        of_block("seats", |it| it.seats),
        of_block("units", |it| it.units),
        of_block("offers", |it| it.units - it.waiting()),
        of_block("takers", BlockOffers::takers),
        Column::bool("closed", rows.iter().map(|(_, block, _)| Some(block.closed.is_some()))),
    ]
}
