//! The shares of a block: `seats` or `probabilities`, one an arm but the last, which takes the rest;
//! or `capacity`, of which the free places are drawn.

use lodd_draw::Fraction;

use super::Block;
use crate::{
    reader::Node,
    text::{Text, say},
};

/// How a block's units are shared between the arms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// One count an arm but the last.
    Seats(Vec<u32>),
    /// The most families in the first of two arms at any time: its seats are those that are free.
    Capacity(u32),
    /// One probability an arm, the last included; they sum to 1.
    Probabilities(Vec<Fraction>),
    /// One seat an arm in each pair.
    Pairs,
}

/// The longest label of a block that is split into pairs: `.p12345` must fit behind it.
const PAIRED_LABEL_MAX: usize = 57;

/// The most units of a block in a draw.
const UNITS_MAX: i64 = 1 << 24;

/// Reads `seats`, `probabilities` or `capacity`.
pub(super) fn read(node: &Node<'_>, arms: usize) -> Wanted {
    if node.has("capacity") {
        return capacity(node, arms);
    }
    match (node.has("seats"), node.has("probabilities")) {
        (false, true) => probabilities(node, arms),
        (seated, both) => {
            if seated && both {
                node.mistake(
                    "probabilities",
                    say!(
                        "en blokk har enten `seats` eller `probabilities`, ikke begge",
                        nn "ei blokk har anten `seats` eller `probabilities`, ikkje begge",
                        "a block has either `seats` or `probabilities`, not both"
                    ),
                );
            }
            seats(node, arms)
        }
    }
}

fn capacity(node: &Node<'_>, arms: usize) -> Wanted {
    for key in ["seats", "probabilities"] {
        if node.has(key) {
            node.mistake(
                key,
                say!(
                    "plassene i en blokk med `capacity` telles når listen låses: stryk `{key}`",
                    nn "plassane i ei blokk med `capacity` blir talde når lista blir låst: stryk `{key}`",
                    "the places of a block with `capacity` are counted when the list is locked: remove `{key}`"
                ),
            );
        }
    }
    if arms != 2 {
        node.mistake(
            "capacity",
            say!(
                "en trekning med `capacity` må ha to armer, fant {arms}",
                nn "ei trekking med `capacity` må ha to armar, fann {arms}",
                "a draw with `capacity` must have two arms, found {arms}"
            ),
        );
    }
    Wanted::Capacity(u32::try_from(node.integer("capacity", 1..=UNITS_MAX)).unwrap_or(1))
}

/// Offices are drawn once: their places do not become free.
pub(super) fn no_capacity(node: &Node<'_>) {
    if node.has("capacity") {
        node.mistake(
            "capacity",
            say!(
                "`capacity` gjelder familier: en trekning av kontor har `seats` eller `probabilities`",
                nn "`capacity` gjeld familiar: ei trekking av kontor har `seats` eller `probabilities`",
                "`capacity` is for families: a draw of offices has `seats` or `probabilities`"
            ),
        );
    }
}

fn seats(node: &Node<'_>, arms: usize) -> Wanted {
    let seats = node.integers_or_none("seats").unwrap_or_default();
    let counts: Vec<u32> = seats.iter().filter_map(|&n| u32::try_from(n).ok()).collect();
    if counts.len() != seats.len() || counts.len() + 1 != arms {
        let wanted = arms.saturating_sub(1);
        node.mistake_with(
            "seats",
            say!(
                "`seats` må ha {wanted} antall, ett for hver arm unntatt den siste, som får resten",
                nn "`seats` må ha {wanted} tal, eitt for kvar arm unnateke den siste, som får resten",
                "`seats` must have {wanted} counts, one for each arm but the last, which takes the rest"
            ),
            say!(
                "eller skriv `probabilities`, én brøk for hver arm unntatt den siste",
                nn "eller skriv `probabilities`, éin brøk for kvar arm unnateke den siste",
                "or write `probabilities`, one fraction for each arm but the last"
            ),
        );
    }
    Wanted::Seats(counts)
}

fn probabilities(node: &Node<'_>, arms: usize) -> Wanted {
    let texts = node.texts_or_none("probabilities").unwrap_or_default();
    let mut fractions: Vec<Fraction> = Vec::new();
    for text in &texts {
        match text.parse() {
            Ok(fraction) if fraction <= Fraction::ONE => fractions.push(fraction),
            _ => no_fraction(node, "probabilities", text),
        }
    }
    if texts.len() + 1 != arms {
        let wanted = arms.saturating_sub(1);
        node.mistake(
            "probabilities",
            say!(
                "`probabilities` må ha {wanted} brøker, én for hver arm unntatt den siste, som får resten",
                nn "`probabilities` må ha {wanted} brøkar, éin for kvar arm unnateke den siste, som får resten",
                "`probabilities` must have {wanted} fractions, one for each arm but the last, which takes the rest"
            ),
        );
    }
    let sum = fractions.iter().try_fold(Fraction::ZERO, |sum, it| sum.plus(*it));
    match sum.and_then(Fraction::complement) {
        Some(rest) => fractions.push(rest),
        None => node.mistake(
            "probabilities",
            say!(
                "`probabilities` kan ikke bli mer enn 1 til sammen",
                nn "`probabilities` kan ikkje bli meir enn 1 til saman",
                "`probabilities` can't sum to more than 1"
            ),
        ),
    }
    Wanted::Probabilities(fractions)
}

/// A text that is no fraction in lowest terms, with the fraction that was meant where one can tell.
pub(super) fn no_fraction(node: &Node<'_>, key: &'static str, text: &str) {
    let message = say!(
        "`{key}` må være brøker som \"2/5\", forkortet så langt det går, fant `{text}`",
        nn "`{key}` må vere brøkar som \"2/5\", forkorta så langt det går, fann `{text}`",
        "`{key}` must be fractions such as \"2/5\", in lowest terms, found `{text}`"
    );
    match meant(text) {
        Some(it) => node.mistake_with(key, message, say!("skriv \"{it}\"", "write \"{it}\"")),
        None => node.mistake(key, message),
    }
}

/// `4/10`, `0.4`, `0,4` and `40 %` all mean 2/5.
fn meant(text: &str) -> Option<Fraction> {
    let text: String = text.split_whitespace().collect();
    if let Some((over, under)) = text.split_once('/') {
        return Fraction::new(over.parse().ok()?, under.parse().ok()?);
    }
    let (number, scale) = match text.strip_suffix('%') {
        Some(number) => (number, 100),
        None => (text.as_str(), 1),
    };
    let (whole, decimals) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let under = 10_u128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    Fraction::new(format!("{whole}{decimals}").parse().ok()?, under.checked_mul(scale)?)
}

/// Pairs have one seat an arm: the block says nothing more.
pub(super) fn paired(node: &Node<'_>, label: &str) -> Wanted {
    for key in ["seats", "probabilities", "capacity"] {
        if node.has(key) {
            node.mistake(
                key,
                say!(
                    "[draw.pairs] gir hver arm én plass i hvert par: stryk `{key}`",
                    nn "[draw.pairs] gir kvar arm éin plass i kvart par: stryk `{key}`",
                    "[draw.pairs] gives each arm one seat in each pair: remove `{key}`"
                ),
            );
        }
    }
    if label.len() > PAIRED_LABEL_MAX {
        node.mistake(
            "label",
            say!(
                "navnet på en blokk som deles i par kan ikke ha mer enn {PAIRED_LABEL_MAX} tegn",
                nn "namnet på ei blokk som blir delt i par kan ikkje ha meir enn {PAIRED_LABEL_MAX} teikn",
                "the label of a block that is split into pairs can't have more than {PAIRED_LABEL_MAX} characters"
            ),
        );
    }
    Wanted::Pairs
}

/// Offices are known when the file is read: their seats can't be more.
pub(super) fn check_fits(node: &Node<'_>, shares: &Wanted, offices: usize) {
    let Wanted::Seats(seats) = shares else { return };
    let taken: u64 = seats.iter().copied().map(u64::from).sum();
    if taken > offices as u64 {
        node.mistake(
            "seats",
            say!(
                "blokken kan ikke ha flere plasser enn kontor: {taken} plasser, {offices} kontor",
                nn "blokka kan ikkje ha fleire plassar enn kontor: {taken} plassar, {offices} kontor",
                "the block can't have more seats than offices: {taken} seats, {offices} offices"
            ),
        );
    }
}

/// All blocks of a draw use the same one of the two; `nodes` in the order of `blocks`.
pub(super) fn check_one_kind(nodes: &[Node<'_>], blocks: &[Block]) {
    let is_seats = |it: &Block| matches!(it.shares, Wanted::Seats(_) | Wanted::Capacity(_));
    let Some(first) = blocks.first() else { return };
    for (node, block) in nodes.iter().zip(blocks).filter(|(_, it)| is_seats(it) != is_seats(first))
    {
        let key = block.field.rsplit('.').next().unwrap_or_default();
        let words = Text::new(
            "alle blokker i en trekning må ha `seats`, eller alle `probabilities`",
            "all blocks of a draw must have `seats`, or all `probabilities`",
        )
        .nn("alle blokker i ei trekking må ha `seats`, eller alle `probabilities`");
        node.mistake(key, words);
    }
}
