//! `[draw.pairs]`: each block becomes pairs of those most alike, each pair a block of its own.

use std::collections::BTreeMap;

use lodd_draw::{Fraction, Shares};
use lodd_store::Pilot;

use super::{blocks::Placed, covariates};
use crate::{
    pairs::{Pairing, UNITS_MAX, Unit, pair},
    problem::{Failure, Place, Problem},
    protocol::{Block, FILE, Pairs, Protocol},
    text::{Text, say},
};

/// Splits each block into `LABEL.p001`, `LABEL.p002`, … with one seat an arm, in the order of the
/// first unit's id; the odd one out of a block is `LABEL.single`, alone.
///
/// With an odd one anywhere the whole draw is by probabilities of 1/2: a pair then still has exactly
/// one seat an arm, and those that are alone share their seats as evenly as can be.
///
/// # Errors
///
/// Refused when a block has too many units to pair.
pub(super) fn pairs(
    pilot: &Pilot,
    protocol: &Protocol,
    pairs: &Pairs,
    placed: Vec<(&Block, Vec<String>)>,
) -> Result<Vec<Placed>, Failure> {
    let large: Vec<Problem> =
        placed.iter().filter_map(|(block, ids)| too_many(block, ids)).collect();
    if !large.is_empty() {
        let summary = Text::new("noen blokker er for store", "some blocks are too large")
            .nn("nokre blokker er for store");
        return Err(Failure::refused(summary, large));
    }
    let (columns, weights): (Vec<String>, Vec<i64>) = pairs.on.iter().cloned().unzip();
    let values = covariates::values(pilot, protocol, &columns)?;
    let odd = placed.iter().any(|(_, ids)| ids.len() % 2 == 1);
    let shares = if odd { halves()? } else { Shares::Seats(vec![1, 1]) };
    let mut blocks = Vec::new();
    for (block, ids) in placed {
        blocks.extend(split(&block.label, &paired(ids, &values, &weights), &shares));
    }
    blocks.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(blocks)
}

fn paired(ids: Vec<String>, values: &BTreeMap<String, Vec<i64>>, weights: &[i64]) -> Pairing {
    let unit = |id: String| Unit { values: values.get(&id).cloned().unwrap_or_default(), id };
    pair(ids.into_iter().map(unit).collect(), weights)
}

fn halves() -> Result<Shares, Failure> {
    let half = Fraction::new(1, 2).ok_or_else(|| Failure::internal("fraction", "1/2"))?;
    Ok(Shares::Probabilities(vec![half, half]))
}

fn split(label: &str, pairing: &Pairing, shares: &Shares) -> Vec<Placed> {
    let width = pairing.pairs.len().to_string().len().max(3);
    let pair = |(number, ids): (usize, &[String; 2])| Placed {
        label: format!("{label}.p{number:0width$}"),
        shares: shares.clone(),
        ids: ids.to_vec(),
    };
    let single = pairing.single.iter().map(|id| Placed {
        label: format!("{label}.single"),
        shares: shares.clone(),
        ids: vec![id.clone()],
    });
    (1..).zip(&pairing.pairs).map(pair).chain(single).collect()
}

fn too_many(block: &Block, ids: &[String]) -> Option<Problem> {
    let (label, n) = (&block.label, ids.len());
    let place = Place {
        file: Some(FILE.to_owned()),
        line: Some(block.line),
        field: Some(block.field.clone()),
        ..Place::default()
    };
    let message = say!(
        "blokken `{label}` har {n} familier: par kan ikke lages av flere enn {UNITS_MAX}",
        nn "blokka `{label}` har {n} familiar: par kan ikkje lagast av fleire enn {UNITS_MAX}",
        "block `{label}` has {n} families: pairs can't be made of more than {UNITS_MAX}"
    );
    let fix =
        Text::new("del blokken i flere", "split the block into several").nn("del blokka i fleire");
    (n > UNITS_MAX).then(|| Problem::new(place, message).fix(fix))
}
