//! What may be offered to whom, and when: the rules, without the store.

use super::{BlockOffers, Offer};
use crate::pilot::OfferAnswer;

/// Why an offer, an answer or a closing is refused. Families appear by pseudonym, and only those
/// that have been offered a place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum OfferError {
    #[error(
        "places of draw {draw} can't be offered down a list: it must be a draw of families with two arms that has been made"
    )]
    NoLists { draw: i64 },
    #[error("draw {draw} has no block `{block}`")]
    NoBlock { draw: i64, block: String },
    #[error("offering in block `{block}` of draw {draw} is closed")]
    Closed { draw: i64, block: String },
    #[error("the offer to `{family_id}` in block `{block}` must be answered first")]
    OfferOpen { block: String, family_id: String },
    #[error("block `{block}` of draw {draw} has no free place: {held} of {seats} are held")]
    NoPlace { draw: i64, block: String, seats: u32, held: u32 },
    #[error("every family in block `{block}` of draw {draw} has been offered a place")]
    ListEnds { draw: i64, block: String },
    #[error("draw {draw} was taken over without ranks: nobody is next in block `{block}`")]
    NoRanks { draw: i64, block: String },
    #[error("`{family_id}` has not been offered a place in draw {draw}")]
    NotOffered { draw: i64, family_id: String },
    #[error("`{family_id}` has taken its place already")]
    Taken { family_id: String },
    #[error("`{family_id}` has left its place")]
    Left { family_id: String },
    #[error("`{family_id}` has answered {} already: a change must have a reason", answer.code())]
    Answered { family_id: String, answer: OfferAnswer },
    #[error("the place that was offered to `{family_id}` is no longer free")]
    PlaceGone { family_id: String },
    #[error("`{family_id}` has not taken a place")]
    NotTaken { family_id: String },
    #[error("the last day of `{family_id}` can't be before its first")]
    EndsBeforeStart { family_id: String },
    #[error("the last day of `{family_id}` can't be in the future")]
    EndsLater { family_id: String },
    #[error("offers in block `{block}` must have an answer first: {}", families.join(", "))]
    Unanswered { block: String, families: Vec<String> },
}

/// Families with their ranks, in that order.
pub(super) type Ranked = Vec<(String, Option<i64>)>;

/// The ranked list of one block with what has been offered down it.
#[derive(Clone, Debug)]
pub(super) struct Waitlist {
    draw: i64,
    log: BlockOffers,
    /// The families that have not been offered a place, by rank. Told to nobody.
    waiting: Ranked,
}

impl Waitlist {
    pub(super) const fn new(draw: i64, log: BlockOffers, waiting: Ranked) -> Self {
        Self { draw, log, waiting }
    }

    pub(super) const fn log(&self) -> &BlockOffers {
        &self.log
    }

    /// What may be shown of it.
    pub(super) fn into_log(self) -> BlockOffers {
        self.log
    }

    /// The family that the free place goes to, with its rank.
    pub(super) fn next(&self) -> Result<(&str, i64), OfferError> {
        self.still_open()?;
        let (draw, block) = (self.draw, self.log.block.clone());
        if let Some(open) = self.log.open() {
            return Err(OfferError::OfferOpen { block, family_id: open.family_id.clone() });
        }
        if self.log.free() == 0 {
            let (seats, held) = (self.log.seats, self.log.held());
            return Err(OfferError::NoPlace { draw, block, seats, held });
        }
        match self.waiting.first() {
            None => Err(OfferError::ListEnds { draw, block }),
            Some((_, None)) => Err(OfferError::NoRanks { draw, block }),
            Some((family_id, Some(rank))) => Ok((family_id, *rank)),
        }
    }

    /// Whether this answer may be recorded. A no may be changed, with a reason, while the log is open
    /// and, to a yes, while a place is free.
    pub(super) fn check_answer(
        &self,
        offer: &Offer,
        answer: OfferAnswer,
        reason: Option<&str>,
    ) -> Result<(), OfferError> {
        self.still_open()?;
        let family_id = offer.family_id.clone();
        match offer.answer {
            Some(OfferAnswer::Yes) if offer.ended_on.is_some() => {
                Err(OfferError::Left { family_id })
            }
            Some(OfferAnswer::Yes) => Err(OfferError::Taken { family_id }),
            Some(answer) if reason.is_none() => Err(OfferError::Answered { family_id, answer }),
            Some(_) if answer == OfferAnswer::Yes && self.log.free() == 0 => {
                Err(OfferError::PlaceGone { family_id })
            }
            _ => Ok(()),
        }
    }

    /// Whether offering may end: it has not, and everybody has answered.
    pub(super) fn check_close(&self) -> Result<(), OfferError> {
        self.still_open()?;
        let open = self.log.offers.iter().filter(|it| it.answer.is_none());
        let families: Vec<String> = open.map(|it| it.family_id.clone()).collect();
        if families.is_empty() {
            return Ok(());
        }
        Err(OfferError::Unanswered { block: self.log.block.clone(), families })
    }

    fn still_open(&self) -> Result<(), OfferError> {
        match self.log.closed {
            Some(_) => Err(OfferError::Closed { draw: self.draw, block: self.log.block.clone() }),
            None => Ok(()),
        }
    }
}

/// Whether a family's part may end on this day; returns the day it began.
pub(super) fn check_end(offer: &Offer, ended_on: i32, today: i32) -> Result<i32, OfferError> {
    let family_id = offer.family_id.clone();
    match (offer.started_on.filter(|_| offer.taken()), offer.ended_on) {
        (None, _) => Err(OfferError::NotTaken { family_id }),
        (Some(_), Some(_)) => Err(OfferError::Left { family_id }),
        (Some(first), None) if ended_on < first => Err(OfferError::EndsBeforeStart { family_id }),
        (Some(_), None) if ended_on > today => Err(OfferError::EndsLater { family_id }),
        (Some(first), None) => Ok(first),
    }
}

impl OfferError {
    /// What to do about it, where there is one thing to do.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Closed { .. } => Some("places that become free now go into the next draw"),
            Self::OfferOpen { .. } | Self::Unanswered { .. } => {
                Some("record the answer with `lodd draw offer answer FAMILY JA|NEI|IKKE_NADD`")
            }
            Self::NoPlace { .. } => Some(
                "a place becomes free when a family answers NEI or IKKE_NADD, or leaves (`lodd draw offer leave`)",
            ),
            Self::ListEnds { .. } => Some("end the offering with `lodd draw offer close`"),
            Self::Taken { .. } => Some("a family that ends leaves with `lodd draw offer leave`"),
            Self::Answered { .. } => Some("say why with `--reason`"),
            Self::NotOffered { .. } => {
                Some("`lodd draw offer list` shows who has been offered a place")
            }
            _ => None,
        }
    }
}
