//! `lodd ledger verify`: every hash, and the chain.

use lodd_store::ledger::{Fault, LedgerFault};
use serde_json::json;

use super::{Context, words};
use crate::{
    answer::Answer,
    problem::{Failure, Place, Problem},
    text::{Text, count, say},
};

/// Verifies the ledger.
///
/// # Errors
///
/// Refused with every entry that does not fit.
pub(crate) fn verify(context: &Context) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let entries = pilot.ledger().map_err(|error| words::store(&error))?;
    let faults = pilot.verify().map_err(|error| words::store(&error))?;
    let (n, scripted) = (entries.len(), entries.iter().filter(|it| it.clock == "scripted").count());
    let head = entries.last().map(|it| it.hash.clone()).unwrap_or_default();
    if !faults.is_empty() {
        let problem = |fault: &LedgerFault| {
            let place = Place {
                file: Some("pilot.sqlite".to_owned()),
                field: Some(format!("ledger, {}", fault.seq)),
                ..Place::default()
            };
            Problem::new(place, fault_words(fault.what)).expected(&*fault.expected, &*fault.found)
        };
        let n = faults.len();
        return Err(Failure::refused(
            say!("journalen stemmer ikke: {n} funn", "the ledger does not verify: {n} findings"),
            faults.iter().map(problem).collect(),
        ));
    }
    let all = count(n);
    let mut lines = vec![say!(
        "Journalen stemmer: {all} innslag, siste hash {head}",
        "The ledger verifies: {all} entries, last hash {head}",
        head = &head,
    )];
    if scripted > 0 {
        let some = count(scripted);
        lines.push(say!(
            "  {some} av dem med skriptet klokke (demonstrasjon eller øvelse)",
            "  {some} of them by a scripted clock (demonstration or rehearsal)"
        ));
    }
    let json = json!({ "ok": true, "entries": n, "scripted": scripted, "head": head });
    Ok(Answer::new(Text::lines(lines), json))
}

fn fault_words(fault: Fault) -> Text {
    match fault {
        Fault::Gap => Text::new(
            "nummeret følger ikke det forrige",
            "the number does not follow the one before",
        ),
        Fault::Order => {
            Text::new("tiden er ikke etter den forrige", "the time is not after the one before")
        }
        Fault::Chain => Text::new(
            "hashen av det forrige innslaget stemmer ikke",
            "the hash of the entry before does not fit",
        ),
        Fault::Hash => Text::new("hashen stemmer ikke", "the hash does not fit"),
        Fault::Payload => {
            Text::new("innholdet er ikke det som ble ført", "the payload is not what was recorded")
        }
        Fault::Unmatched => Text::new(
            "innslag og innhold hører ikke sammen",
            "entry and payload do not belong together",
        ),
        Fault::Rows => Text::new(
            "lagrede rader viser til et innslag som ikke finnes",
            "stored rows point to an entry that is not there",
        ),
    }
}
