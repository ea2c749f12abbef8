//! What is said of offers: only of families that have been offered a place.

use jiff::civil::Date;
use lodd_store::pilot::{BlockOffers, Offer, OfferAnswer};
use serde_json::{Value, json};

use super::{List, lists};
use crate::{
    answer::Answer,
    clock::{date_text, oslo_text},
    problem::Failure,
    steps::{Context, stamp_of},
    text::{Lang, Text, say},
};

/// Where every list stands.
///
/// # Errors
///
/// If the store can't be read.
pub(crate) fn status(context: &Context) -> Result<Answer, Failure> {
    let lists = lists(&context.pilot()?)?;
    let mut lines = Vec::new();
    for list in &lists {
        lines.push(head(list));
        lines.push(places(&list.log));
        lines.extend(awaiting(&list.log));
    }
    let json = json!({ "lists": lists.iter().map(summary).collect::<Vec<_>>() });
    Ok(finish(lines, &lists, json))
}

/// Every offer with its answer, by draw, block and rank.
///
/// # Errors
///
/// If the store can't be read.
pub(crate) fn list(context: &Context) -> Result<Answer, Failure> {
    let lists = lists(&context.pilot()?)?;
    let (mut lines, mut offers) = (Vec::new(), Vec::new());
    for list in &lists {
        lines.push(head(list));
        for offer in &list.log.offers {
            lines.push(line(offer)?);
            offers.push(json_of(list, offer)?);
        }
    }
    Ok(finish(lines, &lists, json!({ "offers": offers })))
}

fn finish(mut lines: Vec<Text>, lists: &[List], json: Value) -> Answer {
    if lists.is_empty() {
        lines.push(
            Text::new(
                "Ingen trekning av familier med to armer er gjort ennå.",
                "No draw of families with two arms has been made yet.",
            )
            .nn("Inga trekking av familiar med to armar er gjord enno."),
        );
    }
    let draws: Vec<_> = lists.iter().map(|it| it.draw.clone()).collect();
    lines.extend(stamp_of(&draws));
    Answer::new(Text::lines(lines), json)
}

/// A family has been offered the free place.
pub(super) fn offered(list: &List, offer: &Offer) -> Result<Answer, Failure> {
    let (draw, block, family) = (list.draw.draw, list.log.block.clone(), &offer.family_id);
    let rank = offer.rank.unwrap_or_default();
    let text = say!(
        "Plassen i blokken `{block}` i trekning {draw} tilbys nå `{family}`, rang {rank}.\n  Før svaret: lodd draw offer answer {family} JA|NEI|IKKE_NADD",
        nn "Plassen i blokka `{block}` i trekking {draw} blir no tilboden `{family}`, rang {rank}.\n  Før svaret: lodd draw offer answer {family} JA|NEI|IKKE_NADD",
        "The place in block `{block}` of draw {draw} is now offered to `{family}`, rank {rank}.\n  Record the answer: lodd draw offer answer {family} JA|NEI|IKKE_NADD"
    );
    Ok(answer(vec![text], list, json_of(list, offer)?))
}

/// A family has answered.
pub(super) fn answered(list: &List, offer: &Offer) -> Result<Answer, Failure> {
    let family = &offer.family_id;
    let first = match offer.answer {
        Some(OfferAnswer::Yes) => {
            say!(
                "`{family}` har svart JA: plassen er tatt.",
                nn "`{family}` har svart JA: plassen er teken.",
                "`{family}` answered JA: the place is taken."
            )
        }
        Some(OfferAnswer::NotReached) => say!(
            "`{family}` er ikke nådd: plassen er ledig.",
            nn "`{family}` er ikkje nådd: plassen er ledig.",
            "`{family}` was not reached: the place is free."
        ),
        _ => {
            say!(
                "`{family}` har svart NEI: plassen er ledig.",
                nn "`{family}` har svart NEI: plassen er ledig.",
                "`{family}` answered NEI: the place is free."
            )
        }
    };
    Ok(answer(vec![first, places(&list.log)], list, json_of(list, offer)?))
}

/// A family takes part no more.
pub(super) fn left(list: &List, family: &str, on: Date) -> Answer {
    let date = date_text(on);
    let (nb, en) = (&date.nb, &date.en);
    let first = say!(
        "`{family}` har sluttet {nb}: plassen er ledig.",
        nn "`{family}` har slutta {nb}: plassen er ledig.",
        "`{family}` left on {en}: the place is free."
    );
    let mut json = summary(list);
    if let Some(json) = json.as_object_mut() {
        json.insert("family_id".to_owned(), json!(family));
        json.insert("ended_on".to_owned(), json!(on.to_string()));
    }
    answer(vec![first, places(&list.log)], list, json)
}

/// Offering has ended on a list.
pub(super) fn closed(list: &List) -> Answer {
    let (draw, block) = (list.draw.draw, list.log.block.clone());
    let (offers, takers) = (list.log.offers.len(), list.log.takers());
    let text = say!(
        "Tilbudene i blokken `{block}` i trekning {draw} er avsluttet: {offers} tilbud, {takers} tok plassen.\n  Plasser som er eller blir ledige, går inn i neste trekning.",
        nn "Tilboda i blokka `{block}` i trekking {draw} er avslutta: {offers} tilbod, {takers} tok plassen.\n  Plassar som er eller blir ledige, går inn i neste trekking.",
        "Offering in block `{block}` of draw {draw} is closed: {offers} offers, {takers} took the place.\n  Places that are or become free go into the next draw."
    );
    answer(vec![text], list, summary(list))
}

fn answer(mut lines: Vec<Text>, list: &List, json: Value) -> Answer {
    lines.extend(stamp_of(std::slice::from_ref(&list.draw)));
    Answer::new(Text::lines(lines), json)
}

fn head(list: &List) -> Text {
    let (draw, block) = (list.draw.draw, list.log.block.clone());
    let (seats, units) = (list.log.seats, list.log.units);
    let state = match &list.log.closed {
        Some(closed) => {
            let reason = &closed.reason;
            say!("avsluttet ({reason})", nn "avslutta ({reason})", "closed ({reason})")
        }
        None => Text::new("åpen", "open").nn("open"),
    };
    let (nb, nn, en) = (&state.nb, state.get(Lang::Nn), &state.en);
    say!(
        "Trekning {draw}, blokken `{block}`: {seats} plasser, {units} familier på listen, {nb}",
        nn "Trekking {draw}, blokka `{block}`: {seats} plassar, {units} familiar på lista, {nn}",
        "Draw {draw}, block `{block}`: {seats} places, {units} families on the list, {en}"
    )
}

fn places(log: &BlockOffers) -> Text {
    let (held, seats, free) = (log.held(), log.seats, log.free());
    let line = say!(
        "  {held} av {seats} plasser er tatt eller tilbudt, {free} ledige",
        nn "  {held} av {seats} plassar er tekne eller tilbodne, {free} ledige",
        "  {held} of {seats} places are taken or offered, {free} free"
    );
    if free == 0 || log.closed.is_some() || log.open().is_some() || log.waiting() == 0 {
        return line;
    }
    let block = &log.block;
    let more = say!(
        "  Tilby en ledig plass: lodd draw offer next --block {block}",
        nn "  Tilby ein ledig plass: lodd draw offer next --block {block}",
        "  Offer a free place: lodd draw offer next --block {block}"
    );
    Text::lines([line, more])
}

/// Who has been offered a place and has not answered.
fn awaiting(log: &BlockOffers) -> Option<Text> {
    let families = unanswered(log).join(", ");
    let line = say!(
        "  uten svar ennå: {families}",
        nn "  utan svar enno: {families}",
        "  no answer yet: {families}",
        families = &families
    );
    (!families.is_empty()).then_some(line)
}

fn unanswered(log: &BlockOffers) -> Vec<&str> {
    let open = log.offers.iter().filter(|it| it.answer.is_none());
    open.map(|it| it.family_id.as_str()).collect()
}

fn line(offer: &Offer) -> Result<Text, Failure> {
    let rank = offer.rank.map_or_else(|| "–".to_owned(), |it| it.to_string());
    let answer = offer.answer.map_or("…", OfferAnswer::code);
    let at = match offer.answered_at_us {
        Some(at_us) => oslo_text(at_us)?,
        None => String::new(),
    };
    let reason = offer.reason.as_deref().unwrap_or_default();
    let (family, initial) = (&offer.family_id, offer.initial);
    let from = if initial {
        Text::new("trukket", "drawn").nn("trekt")
    } else {
        Text::new("reserve", "reserve")
    };
    let left = match (offer.ended_on.and_then(date_of), &offer.end_reason) {
        (Some(date), Some(why)) => {
            let date = date_text(date);
            let (nb, en) = (&date.nb, &date.en);
            say!("  sluttet {nb} ({why})", nn "  slutta {nb} ({why})", "  left {en} ({why})")
        }
        _ => Text::default(),
    };
    let row = |from: &str, left: &str| {
        let row = format!("  {rank:>5}  {family:<14} {from:<8} {answer:<10} {at} {reason}");
        format!("{}{left}", row.trim_end())
    };
    Ok(Text::new(row(&from.nb, &left.nb), row(&from.en, &left.en)))
}

fn date_of(day: i32) -> Option<Date> {
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(day)).ok()
}

fn summary(list: &List) -> Value {
    let log = &list.log;
    json!({
        "draw": list.draw.draw,
        "block": log.block,
        "origin": list.draw.origin.code(),
        "seats": log.seats,
        "units": log.units,
        "offers": log.offers.len(),
        "takers": log.takers(),
        "held": log.held(),
        "free": log.free(),
        "waiting": log.waiting(),
        "unanswered": unanswered(log),
        "closed": log.closed.is_some(),
        "closed_reason": log.closed.as_ref().map(|it| it.reason.clone()),
    })
}

fn json_of(list: &List, offer: &Offer) -> Result<Value, Failure> {
    let at = |us: Option<i64>| us.map(oslo_text).transpose();
    let on = |day: Option<i32>| day.and_then(date_of).map(|it| it.to_string());
    Ok(json!({
        "draw": list.draw.draw,
        "block": list.log.block,
        "origin": list.draw.origin.code(),
        "family_id": offer.family_id,
        "rank": offer.rank,
        "initial": offer.initial,
        "offered_at": at(Some(offer.offered_at_us))?,
        "answer": offer.answer.map(OfferAnswer::code),
        "answered_at": at(offer.answered_at_us)?,
        "reason": offer.reason,
        "started_on": on(offer.started_on),
        "ended_on": on(offer.ended_on),
        "end_reason": offer.end_reason,
        "free": list.log.free(),
    }))
}
