//! The text to publish with an announcement, in bokmål, nynorsk and English.

use lodd_draw::{Announcement, Beacon, Block, Shares};

use crate::{
    beacon::times,
    problem::Failure,
    text::{Lang, Text},
};

/// More blocks than this are not listed: they stand in the announcement.
const BLOCKS_SHOWN: usize = 40;

/// What others must be able to see before the draw is decided: hash, beacon, seats, where to check.
///
/// # Errors
///
/// If a round's time can't be told.
pub(in crate::steps) fn notice(
    lang: Lang,
    announced: &Announcement,
    hash: &str,
) -> Result<String, Failure> {
    let (number, pilot) = (announced.draw, &announced.pilot);
    let decides = decides(lang, &announced.beacon)?;
    let title =
        pick(lang, ["Kunngjøring av trekning", "Kunngjering av trekking", "Announcement of draw"]);
    let locked = pick(
        lang,
        [
            "Listen er låst. SHA-256 av announcement.json:",
            "Lista er låst. SHA-256 av announcement.json:",
            "The list is locked. SHA-256 of announcement.json:",
        ],
    );
    let check = pick(
        lang,
        [
            "Alle kan kontrollere trekningen med filene i",
            "Alle kan kontrollere trekkinga med filene i",
            "Anyone can check the draw by the files of",
        ],
    );
    let mut lines = vec![format!("{title} {number}: {pilot}")];
    if announced.is_rehearsal() {
        lines.push(rehearsal(lang).to_owned());
    }
    lines.extend([locked.to_owned(), hash.to_owned(), decides]);
    lines.extend(seats(lang, announced));
    lines.push(format!("{check} draws/{number:04}: lodd draw verify, kontroller-trekning.html"));
    Ok(lines.join("\n"))
}

/// One of bokmål, nynorsk and English.
pub(in crate::steps) fn pick<T>(lang: Lang, [nb, nn, en]: [T; 3]) -> T {
    match lang {
        Lang::Nb => nb,
        Lang::Nn => nn,
        Lang::En => en,
    }
}

/// What an output of a draw that does not count says.
pub(in crate::steps) fn rehearsal(lang: Lang) -> &'static str {
    pick(
        lang,
        [
            "ØVELSE (REHEARSAL): denne trekningen gjelder ikke.",
            "ØVING (REHEARSAL): denne trekkinga gjeld ikkje.",
            "REHEARSAL: nothing of this draw counts.",
        ],
    )
}

/// What decides the draw, and when.
pub(in crate::steps) fn decides(lang: Lang, beacon: &Beacon) -> Result<String, Failure> {
    Ok(match beacon {
        Beacon::Drand { round } => {
            let at = times::time_of(*round).map(times::shown).transpose()?;
            let at = at.as_ref().map_or("", |at: &Text| at.get(lang));
            pick(
                lang,
                [
                    format!("Avgjøres av runde {round} av drand quicknet, {at}"),
                    format!("Blir avgjord av runde {round} av drand quicknet, {at}"),
                    format!("Decided by round {round} of drand quicknet, {at}"),
                ],
            )
        }
        Beacon::Witnessed { description } => pick(
            lang,
            [
                format!("Avgjøres av det som leses opp for vitner: {description}"),
                format!("Blir avgjord av det som blir lese opp for vitne: {description}"),
                format!("Decided by what is read out before witnesses: {description}"),
            ],
        ),
        _ => pick(
            lang,
            [
                "Avgjøres av et frø som gis for hånd".to_owned(),
                "Blir avgjord av eit frø som blir gitt for hand".to_owned(),
                "Decided by a seed given by hand".to_owned(),
            ],
        ),
    })
}

fn seats(lang: Lang, announced: &Announcement) -> Vec<String> {
    let (arms, blocks) = (announced.design.arms(), announced.design.blocks());
    let of = pick(lang, ["av", "av", "of"]);
    let line = |block: &Block| {
        let shares: Vec<String> = match &block.shares {
            Shares::Seats(seats) => {
                arms.iter().zip(seats).map(|(arm, n)| format!("{arm} {n}")).collect()
            }
            Shares::Probabilities(all) => {
                arms.iter().zip(all).map(|(arm, p)| format!("{arm} {p}")).collect()
            }
        };
        format!("  {}: {} ({of} {})", block.label, shares.join(", "), block.units)
    };
    let mut lines: Vec<String> = blocks.iter().take(BLOCKS_SHOWN).map(line).collect();
    if let Some(more) = blocks.len().checked_sub(BLOCKS_SHOWN).filter(|&more| more > 0) {
        let all = pick(
            lang,
            [
                "blokker til: se announcement.json",
                "blokker til: sjå announcement.json",
                "more blocks: see announcement.json",
            ],
        );
        lines.push(format!("  … {more} {all}"));
    }
    lines
}
