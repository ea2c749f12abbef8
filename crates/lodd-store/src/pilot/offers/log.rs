//! What has been offered: the log of a draw, block by block.

use crate::pilot::OfferAnswer;

/// The offers of a draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferLog {
    /// The draw's number.
    pub draw: i64,
    /// Its blocks, by label.
    pub blocks: Vec<BlockOffers>,
}

/// The offers of one block of a draw. Families that have not been offered a place are counted, never
/// named: their order stays unsaid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockOffers {
    /// The block's label.
    pub block: String,
    /// The places of its first arm, S.
    pub seats: u32,
    /// The families on its list, N.
    pub units: u32,
    /// Every offer, by rank: those of the draw (`initial`), then those down the list.
    pub offers: Vec<Offer>,
    /// When and why offering ended, if it has.
    pub closed: Option<OffersClosed>,
}

/// One offer as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Who is offered a place.
    pub family_id: String,
    /// Its rank in the block, from 1; `None` where an assignment was taken over without ranks.
    pub rank: Option<i64>,
    /// Whether the draw itself gave the place.
    pub initial: bool,
    /// When it was offered, µs since the epoch; for an initial offer, when the result was shown.
    pub offered_at_us: i64,
    /// The answer that counts; `None` while the offer is open.
    pub answer: Option<OfferAnswer>,
    /// When that answer was recorded, µs since the epoch.
    pub answered_at_us: Option<i64>,
    /// The reason given with it.
    pub reason: Option<String>,
    /// When participation began, in days since 1970-01-01; `None` without a yes.
    pub started_on: Option<i32>,
    /// When participation ended, in days since 1970-01-01.
    pub ended_on: Option<i32>,
    /// Why it ended.
    pub end_reason: Option<String>,
}

/// The end of offering in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffersClosed {
    /// When it was recorded, µs since the epoch.
    pub at_us: i64,
    /// Why.
    pub reason: String,
}

impl Offer {
    /// An open offer.
    pub(super) const fn new(
        family_id: String,
        rank: Option<i64>,
        initial: bool,
        offered_at_us: i64,
    ) -> Self {
        Self {
            family_id,
            rank,
            initial,
            offered_at_us,
            answer: None,
            answered_at_us: None,
            reason: None,
            started_on: None,
            ended_on: None,
            end_reason: None,
        }
    }

    /// Whether the family has taken its place, then or now.
    pub fn taken(&self) -> bool {
        self.answer == Some(OfferAnswer::Yes)
    }

    /// Whether a place is kept for the family: it takes part, or has yet to answer.
    pub fn holds_place(&self) -> bool {
        self.answer.is_none() || (self.taken() && self.ended_on.is_none())
    }
}

impl BlockOffers {
    /// Places that are taken or kept for an open offer.
    pub fn held(&self) -> u32 {
        self.count(Offer::holds_place)
    }

    /// Places that nobody has or is offered.
    pub fn free(&self) -> u32 {
        self.seats.saturating_sub(self.held())
    }

    /// Families that took their place, whether or not they have left it since.
    pub fn takers(&self) -> u32 {
        self.count(Offer::taken)
    }

    /// Families that have not been offered a place.
    pub fn waiting(&self) -> u32 {
        self.units.saturating_sub(u32::try_from(self.offers.len()).unwrap_or(u32::MAX))
    }

    /// The highest rank that took its place; `None` without takers or ranks.
    pub fn last_taker_rank(&self) -> Option<i64> {
        self.offers.iter().filter(|it| it.taken()).filter_map(|it| it.rank).max()
    }

    /// The offer down the list that has no answer yet; there is one at most.
    pub fn open(&self) -> Option<&Offer> {
        self.offers.iter().find(|it| !it.initial && it.answer.is_none())
    }

    fn count(&self, which: impl Fn(&Offer) -> bool) -> u32 {
        u32::try_from(self.offers.iter().filter(|it| which(it)).count()).unwrap_or(u32::MAX)
    }
}
