//! Blocks with a capacity: their seats are the places that are free when the list is locked.

use std::collections::BTreeMap;

use lodd_store::Pilot;
use serde_json::json;

use super::super::offer::{self, List as OfferList};
use crate::{
    answer::Answer,
    problem::{Failure, Place, Problem},
    protocol::{Block, DrawPlan, FILE, Wanted},
    text::{Text, say},
};

/// The places of a block at locking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    block: String,
    /// As in the protocol: the most families at any time.
    capacity: u32,
    /// Held by families of earlier draws, who take part or have yet to answer.
    held: u32,
    /// Families that are left to the next draw, since no place is free.
    left_out: usize,
}

impl Places {
    /// The places that can be drawn.
    pub(super) fn free(&self) -> u32 {
        self.capacity.saturating_sub(self.held)
    }
}

/// Units of each block, in ascending order of label.
pub(super) type Placed<'p> = Vec<(&'p Block, Vec<String>)>;

/// Counts the free places of each block with a capacity, and leaves out the families of full blocks:
/// on the list they would have no chance, and be in no later draw.
///
/// # Errors
///
/// Refused while places are still offered on an earlier list of such a block, or when no block of
/// the draw has a free place.
pub(super) fn count<'p>(
    pilot: &Pilot,
    plan: &DrawPlan,
    placed: Placed<'p>,
) -> Result<(Placed<'p>, Vec<Places>), Failure> {
    if !plan.blocks.iter().any(|it| matches!(it.shares, Wanted::Capacity(_))) {
        return Ok((placed, Vec::new()));
    }
    let lists = offer::lists(pilot)?;
    let (mut drawn, mut places, mut still_offered) = (Vec::new(), Vec::new(), Vec::new());
    for (block, ids) in placed {
        let Wanted::Capacity(capacity) = block.shares else {
            drawn.push((block, ids));
            continue;
        };
        let earlier = || lists.iter().filter(|it| it.log.block == block.label);
        still_offered.extend(earlier().filter(|it| it.log.closed.is_none()));
        let held = earlier().map(|it| it.log.held()).sum();
        let mut here = Places { block: block.label.clone(), capacity, held, left_out: 0 };
        if here.free() > 0 {
            drawn.push((block, ids));
        } else {
            here.left_out = ids.len();
        }
        places.push(here);
    }
    if !still_offered.is_empty() {
        return Err(close_first(&still_offered));
    }
    if drawn.is_empty() {
        return Err(full(plan, &places));
    }
    Ok((drawn, places))
}

/// A place that becomes free would have two lists to go to.
fn close_first(lists: &[&OfferList]) -> Failure {
    let problem = |it: &&OfferList| {
        let (draw, block) = (it.draw.draw, it.log.block.clone());
        let message = say!(
            "plasser i blokken `{block}` tilbys fortsatt etter trekning {draw}",
            nn "plassar i blokka `{block}` blir framleis tilbodne etter trekking {draw}",
            "places in block `{block}` are still offered after draw {draw}"
        );
        let fix = say!(
            "avslutt først: lodd draw offer close --draw {draw} --block {block} --reason GRUNN",
            nn "avslutt først: lodd draw offer close --draw {draw} --block {block} --reason GRUNN",
            "close it first: lodd draw offer close --draw {draw} --block {block} --reason WHY"
        );
        Problem::new(Place::default(), message).fix(fix)
    };
    let summary = Text::new(
        "en ny liste kan ikke låses mens plasser tilbys på den forrige",
        "a new list can't be locked while places are offered on the one before",
    )
    .nn("ei ny liste kan ikkje låsast medan plassar blir tilbodne på den førre");
    Failure::refused(summary, lists.iter().map(problem).collect())
}

fn full(plan: &DrawPlan, places: &[Places]) -> Failure {
    let problem = |it: &Places| {
        let (label, held, capacity) = (it.block.clone(), it.held, it.capacity);
        let block = plan.blocks.iter().find(|block| block.label == label);
        let place = Place {
            file: Some(FILE.to_owned()),
            line: block.map(|it| it.line),
            field: block.map(|it| it.field.clone()),
            ..Place::default()
        };
        let message = say!(
            "blokken `{label}` har ingen ledig plass: {held} familier har plass, og det er plass til {capacity}",
            nn "blokka `{label}` har ingen ledig plass: {held} familiar har plass, og det er plass til {capacity}",
            "block `{label}` has no free place: {held} families hold one, and there are {capacity}"
        );
        Problem::new(place, message).fix(
            Text::new(
                "en plass blir ledig når en familie slutter: lodd draw offer leave",
                "a place becomes free when a family leaves: lodd draw offer leave",
            )
            .nn("ein plass blir ledig når ein familie sluttar: lodd draw offer leave"),
        )
    };
    let summary = Text::new(
        "det er ingen ledige plasser å trekke om",
        "there are no free places to draw for",
    )
    .nn("det er ingen ledige plassar å trekkje om");
    Failure::refused(summary, places.iter().map(problem).collect())
}

/// Free places by block, for the seats.
pub(super) fn free(places: &[Places]) -> BTreeMap<&str, u32> {
    places.iter().map(|it| (it.block.as_str(), it.free())).collect()
}

/// Says in the answer what was counted.
pub(super) fn told(mut answer: Answer, places: &[Places]) -> Answer {
    if places.is_empty() {
        return answer;
    }
    let lines = places.iter().map(|it| {
        let (label, free, capacity, left_out) = (&it.block, it.free(), it.capacity, it.left_out);
        match left_out {
            0 => say!(
                "  Blokken `{label}`: {free} av {capacity} plasser var ledige.",
                nn "  Blokka `{label}`: {free} av {capacity} plassar var ledige.",
                "  Block `{label}`: {free} of {capacity} places were free."
            ),
            _ => say!(
                "  Blokken `{label}` er full: {left_out} familier venter til neste trekning.",
                nn "  Blokka `{label}` er full: {left_out} familiar ventar til neste trekking.",
                "  Block `{label}` is full: {left_out} families wait for the next draw."
            ),
        }
    });
    answer.text = Text::lines(std::iter::once(answer.text).chain(lines));
    let json = |it: &Places| {
        json!({
            "block": it.block,
            "capacity": it.capacity,
            "held": it.held,
            "free": it.free(),
            "left_out": it.left_out,
        })
    };
    if let Some(object) = answer.json.as_object_mut() {
        object.insert("places".to_owned(), places.iter().map(json).collect());
    }
    answer
}
