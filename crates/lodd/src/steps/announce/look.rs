//! What would be locked now, for whoever is about to lock it; nothing is written.

use lodd_draw::{Beacon, Shares};
use lodd_store::pilot::DrawnKind;
use serde_json::json;

use super::{Asked, Next, OtherLists, Ready, capacity, next};
use crate::{
    answer::Answer,
    hash::sha256_hex,
    problem::Failure,
    steps::Context,
    text::{Text, say},
};

/// A list as it would be locked.
#[derive(Debug)]
pub(in crate::steps) struct Look {
    pub(in crate::steps) number: u32,
    pub(in crate::steps) kind: DrawnKind,
    pub(in crate::steps) beacon: Beacon,
    pub(in crate::steps) arms: Vec<String>,
    /// Label, units and shares of each block.
    pub(in crate::steps) blocks: Vec<(String, usize, Shares)>,
    /// Whether what is drawn must be alike.
    pub(in crate::steps) constrained: bool,
    /// Families joined, kept out, or on other lists too; free places.
    pub(in crate::steps) told: Text,
    /// Another list, arms, beacon or number has another.
    pub(in crate::steps) fingerprint: String,
}

/// Looks at what [`super::run`] would lock.
///
/// # Errors
///
/// Refused where locking would be.
pub(in crate::steps) fn look(
    context: &Context,
    asked: Asked<'_>,
    others: &OtherLists,
) -> Result<Look, Failure> {
    let pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let Next { number, plan, beacon, ready } = next(context, &pilot, &protocol, (asked, others))?;
    let arms = plan.labels();
    let (blocks, ids, constrained, told) = match ready {
        Ready::Standing(it) => {
            let standing = say!(
                "Kunngjøring {number} er skrevet av en kjøring som stanset: den føres som den står.",
                nn "Kunngjering {number} er skriven av ei køyring som stansa: ho blir ført slik ho står.",
                "Announcement {number} was written by a run that stopped: it is recorded as it stands."
            );
            let count = |label: &str| it.units.iter().filter(|(at, _)| at == label).count();
            let blocks = it.announced.design.blocks().iter();
            let blocks = blocks.map(|it| (it.label.clone(), count(&it.label), it.shares.clone()));
            (
                blocks.collect::<Vec<_>>(),
                json!(it.units),
                it.announced.constraint.is_some(),
                standing,
            )
        }
        Ready::List(it) => {
            let (list, linked) = *it;
            let told = linked.report(capacity::told(Answer::default(), &list.places));
            let ids = list.blocks.iter().map(|it| json!([it.label, it.ids]));
            let ids = ids.collect::<serde_json::Value>();
            let blocks = list.blocks.into_iter();
            let blocks = blocks.map(|it| (it.label, it.ids.len(), it.shares));
            (blocks.collect(), ids, list.constraint.is_some(), told.text)
        }
    };
    let shares = format!("{blocks:?}{beacon:?}");
    let whole = json!([number, arms, shares, ids, constrained, told.en, protocol.sha256()]);
    let fingerprint = sha256_hex(whole.to_string().as_bytes());
    let kind = plan.unit;
    Ok(Look { number, kind, beacon, arms, blocks, constrained, told, fingerprint })
}
