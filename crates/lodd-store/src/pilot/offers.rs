//! Offers: places that the draw gave, and those that became free and went down the ranked list.
//!
//! The families of the first arm are offered their place by the draw. A place that becomes free goes
//! to the next rank, one offer at a time, and who that is stays unsaid until the offer is made: what
//! is read here names only families that have been offered a place. What may follow what is decided
//! in `waitlist.rs`.

mod log;
mod rows;
mod table;
mod waitlist;

use serde_json::json;

pub use log::{BlockOffers, Offer, OfferLog, OffersClosed};
pub use waitlist::OfferError;
use waitlist::Waitlist;

use super::{OfferAnswer, Pilot, Stamp, write::Write};
use crate::{StoreError, oslo_day};

/// An answer to an offer, as it is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenAnswer<'a> {
    /// Who was offered a place.
    pub family_id: &'a str,
    /// What they said.
    pub answer: OfferAnswer,
    /// Why, where it is known; required where an earlier answer is changed.
    pub reason: Option<&'a str>,
}

/// The end of a family's participation, which frees its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedPart<'a> {
    /// Who took part.
    pub family_id: &'a str,
    /// The last day, in days since 1970-01-01.
    pub ended_on: i32,
    /// Why.
    pub reason: &'a str,
}

impl Pilot {
    /// The offers of a draw, block by block; no block where places are not offered down a list (a
    /// draw of offices or with more than two arms, or one that has not been made).
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn offer_log(&self, draw: i64) -> Result<OfferLog, StoreError> {
        self.offer_log_at(draw, i64::MAX)
    }

    /// The offers of a draw as they were known at a cut, µs since the epoch.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn offer_log_at(&self, draw: i64, cut_us: i64) -> Result<OfferLog, StoreError> {
        let lists = rows::waitlists(&self.connection, draw, cut_us)?;
        Ok(OfferLog { draw, blocks: lists.into_iter().map(Waitlist::into_log).collect() })
    }

    /// Offers the free place of a block to the next rank, and says who that is.
    ///
    /// # Errors
    ///
    /// If an offer down the list is open, no place is free, nobody is left, or offering is closed.
    pub fn offer_next(
        &mut self,
        stamp: &Stamp,
        draw: i64,
        block: &str,
    ) -> Result<Offer, StoreError> {
        let write = self.begin(stamp)?;
        let list = waitlist(&write, draw, block)?;
        let (family_id, rank) = list.next()?;
        let offer = Offer::new(family_id.to_owned(), Some(rank), false, write.at_us);
        rows::append_offer(&write, draw, &offer)?;
        let payload = json!({ "draw": draw, "block": block, "family_id": family_id, "rank": rank });
        write.commit("offer", &payload)?;
        Ok(offer)
    }

    /// Records the answer to an offer. With a yes, participation begins on that day.
    ///
    /// # Errors
    ///
    /// If the family has no offer, has taken its place or left it, offering is closed, or an earlier
    /// no is changed without a reason or when the place is gone.
    pub fn answer_offer(
        &mut self,
        stamp: &Stamp,
        draw: i64,
        given: GivenAnswer<'_>,
    ) -> Result<Offer, StoreError> {
        let write = self.begin(stamp)?;
        let lists = rows::waitlists(&write.transaction, draw, i64::MAX)?;
        let (list, offer) = offered(&lists, draw, given.family_id)?;
        list.check_answer(offer, given.answer, given.reason)?;
        let answered = Offer {
            answer: Some(given.answer),
            answered_at_us: Some(write.at_us),
            reason: given.reason.map(str::to_owned),
            ..offer.clone()
        };
        rows::append_offer(&write, draw, &answered)?;
        if given.answer == OfferAnswer::Yes {
            let started_on = oslo_day(write.at_us)?;
            rows::append_participation(&write, draw, (given.family_id, started_on), None)?;
        }
        let payload = json!({
            "draw": draw,
            "block": list.log().block,
            "family_id": given.family_id,
            "rank": offer.rank,
            "answer": given.answer.code(),
            "reason": given.reason,
        });
        write.commit("offer_answer", &payload)?;
        Ok(answered)
    }

    /// Records that a family takes part no more; its place is free.
    ///
    /// # Errors
    ///
    /// If it does not take part, or the day lies before it began or after today.
    pub fn end_participation(
        &mut self,
        stamp: &Stamp,
        draw: i64,
        ended: EndedPart<'_>,
    ) -> Result<(), StoreError> {
        let write = self.begin(stamp)?;
        let lists = rows::waitlists(&write.transaction, draw, i64::MAX)?;
        let (list, offer) = offered(&lists, draw, ended.family_id)?;
        let started_on = waitlist::check_end(offer, ended.ended_on, oslo_day(write.at_us)?)?;
        let end = Some((ended.ended_on, ended.reason));
        rows::append_participation(&write, draw, (ended.family_id, started_on), end)?;
        let payload = json!({
            "draw": draw,
            "block": list.log().block,
            "family_id": ended.family_id,
            "ended_on": ended.ended_on,
            "reason": ended.reason,
        });
        write.commit("participation_end", &payload)?;
        Ok(())
    }

    /// Ends offering in a block of a draw: its log is final.
    ///
    /// # Errors
    ///
    /// If it has ended already, or an offer has no answer.
    pub fn close_offers(
        &mut self,
        stamp: &Stamp,
        draw: i64,
        block: &str,
        reason: &str,
    ) -> Result<(), StoreError> {
        let write = self.begin(stamp)?;
        let list = waitlist(&write, draw, block)?;
        list.check_close()?;
        rows::append_closing(&write, draw, block, reason)?;
        let payload = json!({
            "draw": draw,
            "block": block,
            "offers": list.log().offers.len(),
            "takers": list.log().takers(),
            "reason": reason,
        });
        write.commit("offers_closed", &payload)?;
        Ok(())
    }
}

/// The list of one block.
fn waitlist(write: &Write<'_>, draw: i64, block: &str) -> Result<Waitlist, StoreError> {
    let lists = rows::waitlists(&write.transaction, draw, i64::MAX)?;
    if lists.is_empty() {
        return Err(OfferError::NoLists { draw }.into());
    }
    let found = lists.into_iter().find(|it| it.log().block == block);
    found.ok_or_else(|| OfferError::NoBlock { draw, block: block.to_owned() }.into())
}

/// The offer of a family, and the list it stands on.
fn offered<'l>(
    lists: &'l [Waitlist],
    draw: i64,
    family_id: &str,
) -> Result<(&'l Waitlist, &'l Offer), StoreError> {
    let found = lists.iter().find_map(|list| {
        let offer = list.log().offers.iter().find(|it| it.family_id == family_id)?;
        Some((list, offer))
    });
    found.ok_or_else(|| OfferError::NotOffered { draw, family_id: family_id.to_owned() }.into())
}
