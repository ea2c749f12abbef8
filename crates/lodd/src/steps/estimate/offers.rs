//! Ranked lists that places were offered down, as the estimator `waitlist` needs them.
//!
//! A list is a block of a draw. Its offers must be closed, and must have gone down the ranking until
//! the last place was taken: what the estimator corrects for is that offers stop just there. Who had
//! a place is therefore read as of the last answer; who left later, and whose place was not offered
//! again, had one. A list where everyone was offered a place has nobody to compare with, and is left
//! out by name.

use std::collections::{BTreeMap, BTreeSet};

use lodd_estimate::Taken;
use lodd_store::{
    Pilot,
    pilot::{BlockOffers, Offer, OfferLog},
};

use super::{Analysis, Drawn, Plan, words};
use crate::{
    problem::Failure,
    text::{Text, say},
};

/// The estimator that takes lists.
const WAITLIST: &str = "waitlist";

/// What the number and its means are of.
const MEANING: &str = "the estimate is of taking a place; the means are of everyone offered one and \
                       of the rest, reweighted";

/// The offers of the draws that a plan's waiting lists are in, by the draw's number.
#[derive(Debug, Default)]
pub(super) struct Logs(BTreeMap<i64, Vec<Log>>);

/// One block: its offers as known at the cut, and as they stood after the last answer, if offering
/// is closed.
#[derive(Clone, Debug)]
struct Log {
    now: BlockOffers,
    at_last: Option<BlockOffers>,
}

/// The lists of one analysis.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    /// What became of the place of everyone who was offered one.
    pub(super) offered: BTreeMap<String, Taken>,
    /// Places of each list, by draw and block.
    places: BTreeMap<(i64, String), u32>,
    /// Lists where everyone was offered a place.
    everyone: BTreeSet<(i64, String)>,
}

impl Logs {
    /// Reads what the plan's waiting lists need, as known at the panel's cut.
    pub(super) fn read(pilot: &Pilot, plan: &Plan, cut_us: i64) -> Result<Self, Failure> {
        let analyses = plan.analyses.iter().filter(|it| it.method.estimator == WAITLIST);
        let draws: BTreeSet<i64> = analyses.flat_map(|it| it.draws.iter().copied()).collect();
        let at = |draw: i64, at_us: i64| -> Result<OfferLog, Failure> {
            pilot.offer_log_at(draw, at_us).map_err(|error| words::store(&error))
        };
        let mut logs = BTreeMap::new();
        for draw in draws {
            let mut blocks = Vec::new();
            for now in at(draw, cut_us)?.blocks {
                let answers = now.offers.iter().filter_map(|it| it.answered_at_us);
                let last = answers.max().filter(|_| now.closed.is_some());
                let at_last = match last {
                    Some(last) => {
                        at(draw, last)?.blocks.into_iter().find(|it| it.block == now.block)
                    }
                    None => None,
                };
                blocks.push(Log { now, at_last });
            }
            logs.insert(draw, blocks);
        }
        Ok(Self(logs))
    }

    /// The lists of an analysis by `waitlist`, None of another; else why it can't be done.
    pub(super) fn of(&self, analysis: &Analysis, drawn: &Drawn) -> Result<Option<Lists>, Text> {
        if analysis.method.estimator != WAITLIST {
            return Ok(None);
        }
        if let Some(family) = drawn.in_several(&analysis.draws) {
            return Err(say!(
                "{family} står på lister i flere av trekningene",
                nn "{family} står på lister i fleire av trekkingane",
                "{family} is on lists in several of the draws"
            ));
        }
        self.lists(&analysis.draws).map(Some)
    }

    fn lists(&self, draws: &[i64]) -> Result<Lists, Text> {
        let mut lists = Lists::default();
        for draw in draws {
            let logs = self.0.get(draw).map(Vec::as_slice).unwrap_or_default();
            if logs.is_empty() {
                return Err(say!(
                    "i trekning {draw} tilbys ikke plasser nedover lister",
                    nn "i trekking {draw} blir plassar ikkje tilbodne nedover lister",
                    "in draw {draw} places are not offered down lists"
                ));
            }
            for log in logs {
                lists.add(*draw, log)?;
            }
        }
        match lists.places.len() {
            0 => Err(say!(
                "alle på listene er tilbudt plass: det er ingen å sammenligne med",
                nn "alle på listene er tilbodne plass: det er ingen å samanlikne med",
                "everyone on the lists was offered a place: there is nobody to compare with"
            )),
            1 => Err(say!(
                "det er bare én liste, og da er estimatoren ikke konsistent",
                nn "det er berre éi liste, og då er estimatoren ikkje konsistent",
                "there is only one list, and then the estimator is not consistent"
            )),
            _ => Ok(lists),
        }
    }
}

impl Lists {
    fn add(&mut self, draw: i64, log: &Log) -> Result<(), Text> {
        let block = log.now.block.as_str();
        let key = (draw, block.to_owned());
        if log.now.waiting() == 0 {
            self.everyone.insert(key);
            return Ok(());
        }
        let Some(list) = &log.at_last else {
            return Err(say!(
                "tilbudene i trekning {draw}, blokk {block}, er ikke avsluttet",
                nn "tilboda i trekking {draw}, blokk {block}, er ikkje avslutta",
                "offering in draw {draw}, block {block}, is not closed"
            ));
        };
        check(draw, list)?;
        self.places.insert(key, list.held());
        for offer in &list.offers {
            let taken = match (offer.taken(), offer.ended_on) {
                (false, _) => Taken::No,
                (true, Some(_)) => Taken::Left,
                (true, None) => Taken::Kept,
            };
            self.offered.insert(offer.family_id.clone(), taken);
        }
        Ok(())
    }

    /// Places of the list, S; none for a list that is left out.
    pub(super) fn places(&self, draw: i64, block: &str) -> Option<u32> {
        self.places.get(&(draw, block.to_owned())).copied()
    }

    /// What a reader must know of the lists.
    pub(super) fn note(&self) -> String {
        let name = |(draw, block): &(i64, String)| format!("{draw} {block}");
        let names: Vec<String> = self.everyone.iter().map(name).collect();
        let left = self.offered.values().filter(|it| **it == Taken::Left).count();
        let mut parts = vec![MEANING.to_owned()];
        if !names.is_empty() {
            parts.push(format!(
                "left out, since everyone was offered a place (draw and block): {}",
                names.join(", ")
            ));
        }
        if left > 0 {
            parts.push(format!("{left} places were offered again after a family left"));
        }
        parts.join("; ")
    }
}

/// Whether offers went down the ranking until the last place was taken.
fn check(draw: i64, list: &BlockOffers) -> Result<(), Text> {
    let block = &list.block;
    if list.seats < 2 {
        return Err(say!(
            "trekning {draw}, blokk {block}, har én plass, og da er estimatoren ikke konsistent",
            nn "trekking {draw}, blokk {block}, har éin plass, og då er estimatoren ikkje konsistent",
            "draw {draw}, block {block}, has one place, and then the estimator is not consistent"
        ));
    }
    if list.offers.iter().any(|it| it.rank.is_none()) {
        return Err(say!(
            "trekning {draw}, blokk {block}, er overtatt uten rekkefølge",
            nn "trekking {draw}, blokk {block}, er overteken utan rekkjefølgje",
            "draw {draw}, block {block}, was taken over without ranks"
        ));
    }
    if list.free() > 0 || list.offers.iter().any(|it| it.answer.is_none()) {
        return Err(say!(
            "tilbudene i trekning {draw}, blokk {block}, stanset med ledige plasser mens noen ventet",
            nn "tilboda i trekking {draw}, blokk {block}, stansa med ledige plassar medan nokon venta",
            "offers in draw {draw}, block {block}, stopped with free places while some waited"
        ));
    }
    let last = list.offers.iter().max_by_key(|it| it.rank);
    if !last.is_some_and(Offer::holds_place) {
        return Err(say!(
            "den siste som fikk tilbud i trekning {draw}, blokk {block}, har ikke plassen: \
             tilbudene stanset ikke der den siste plassen ble tatt",
            "the last to be offered in draw {draw}, block {block}, does not have the place: \
             offers did not stop where the last place was taken"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
