//! What is shown of a draw: the state, what decides, the places, the fingerprints.

use std::collections::BTreeMap;

use lodd_draw::{Beacon, Block as DrawBlock, File, Shares};
use lodd_server::{Block, Cell};
use lodd_store::{
    Pilot,
    pilot::{Draw, DrawStatus},
};

use super::{
    super::parts::{day, heading, para, plain, table, until, when},
    Standing,
};
use crate::{
    beacon::times,
    hash::{sha256_hex, unhex},
    problem::Failure,
    steps::{Context, announce::notice, words as said},
    text::{Lang, Text, count, say},
};

/// More blocks than this are not listed: they stand in the announcement.
const BLOCKS_SHOWN: usize = 60;

impl Standing {
    /// The state, the wait, and what is wrong with it.
    ///
    /// # Errors
    ///
    /// If a time can't be told.
    pub(in crate::steps::serve) fn top(&self, context: &Context) -> Result<Vec<Block>, Failure> {
        let (lang, now) = (context.lang, context.clock.now());
        let mut blocks = self.marks(lang);
        blocks.push(para(lang, &self.sentence()?));
        if self.announced.is_none() && self.draw.announcement_sha256.is_some() {
            let text = say!(
                "Kunngjøringen i mappa er ikke den som ble ført: hent den tilbake fra der den ble publisert.",
                nn "Kunngjeringa i mappa er ikkje den som blei ført: hent ho tilbake frå der ho blei publisert.",
                "The announcement in the folder is not the one that was recorded: take it back from where it was published."
            );
            blocks.push(Block::Outcome { good: false, text: plain(lang, &text) });
        }
        if !self.is_open() {
            return Ok(blocks);
        }
        if self.is_overdue(now) {
            let text = say!(
                "Forfalt: runden kom for mer enn et døgn siden, og trekningen er ikke avsluttet.",
                nn "Forfalle: runden kom for meir enn eit døgn sidan, og trekkinga er ikkje avslutta.",
                "Overdue: the round came more than a day ago, and the draw is not finished."
            );
            blocks.push(Block::Outcome { good: false, text: plain(lang, &text) });
        }
        match self.at() {
            Some(at) if at > now => {
                let what = say!("Avgjøres", nn "Blir avgjord", "Decided at");
                blocks.push(until(context, at, &what)?);
            }
            Some(at) => {
                let at = times::shown(at)?;
                let (nb, en) = (&at.nb, &at.en);
                let text =
                    say!("Runden kom {nb}.", nn "Runden kom {nb}.", "The round came at {en}.");
                blocks.push(para(lang, &text));
            }
            None => {}
        }
        Ok(blocks)
    }

    /// What happened, in one sentence.
    fn sentence(&self) -> Result<Text, Failure> {
        let (units, at) = (self.units(), when(self.draw.announced_at_us)?);
        let (nb, nn, en) = (&units.nb, units.get(Lang::Nn), &units.en);
        let (at_nb, at_en) = (&at.nb, &at.en);
        let on = day(self.draw.drawn_on.unwrap_or_default());
        let (on_nb, on_en) = (&on.nb, &on.en);
        Ok(match self.draw.status {
            DrawStatus::Open => say!(
                "Lista med {nb} ble låst {at_nb}. Ingenting er trukket ennå.",
                nn "Lista med {nn} blei låst {at_nb}. Ingenting er trekt enno.",
                "The list of {en} was locked at {at_en}. Nothing has been drawn yet."
            ),
            DrawStatus::Drawn => say!(
                "Lista med {nb} ble låst {at_nb}, og plassene ble trukket {on_nb}.",
                nn "Lista med {nn} blei låst {at_nb}, og plassane blei trekte {on_nb}.",
                "The list of {en} was locked at {at_en}, and the places were drawn on {on_en}."
            ),
            DrawStatus::Void => say!(
                "Lista med {nb} ble låst {at_nb}, og trekningen ble annullert. Ingen plasser er trukket.",
                nn "Lista med {nn} blei låst {at_nb}, og trekkinga blei annullert. Ingen plassar er trekte.",
                "The list of {en} was locked at {at_en}, and the draw was voided. No places were drawn."
            ),
            DrawStatus::Imported => say!(
                "Plassene til {nb} ble delt ut {on_nb}, og tildelingen er tatt over hit {at_nb}.",
                nn "Plassane til {nn} blei delte ut {on_nb}, og tildelinga er teken over hit {at_nb}.",
                "The places of {en} were given out on {on_en}, and the assignment was taken over here at {at_en}."
            ),
        })
    }

    /// What decided, and what came of it.
    ///
    /// # Errors
    ///
    /// If a time can't be told.
    pub(in crate::steps::serve) fn beacon_blocks(&self, lang: Lang) -> Result<Vec<Block>, Failure> {
        let Some(beacon) = self.beacon() else { return Ok(Vec::new()) };
        let title = if self.is_made() {
            say!("Hva som avgjorde", nn "Kva som avgjorde", "What decided")
        } else {
            say!("Hva som avgjør", nn "Kva som avgjer", "What decides")
        };
        let mut blocks = vec![heading(lang, &title), Block::Text(self.decides(lang)? + ".")];
        let of =
            |key: &str| self.ended.as_ref().and_then(|it| it.get("beacon")?.get(key)?.as_str());
        match beacon {
            Beacon::Drand { round } => {
                let chain = lodd_draw::quicknet::CHAIN;
                if let Some(signature) = of("signature") {
                    let bytes = unhex::<{ lodd_draw::quicknet::SIGNATURE_BYTES }>(signature);
                    let value = bytes.map(|it| sha256_hex(&it)).unwrap_or_default();
                    let text = say!("Runden ga tallet", nn "Runden gav talet", "The round gave the number");
                    blocks.push(para(lang, &text));
                    blocks.push(Block::Lines(value));
                }
                let text = say!(
                    "Sammenlign med det drand selv viser (feltet randomness):",
                    nn "Samanlikn med det drand sjølv viser (feltet randomness):",
                    "Compare it with what drand itself shows (the field randomness):"
                );
                blocks.push(para(lang, &text));
                blocks.push(Block::Lines(format!("https://api.drand.sh/{chain}/public/{round}")));
            }
            Beacon::Witnessed { .. } => {
                if let Some(value) = of("value") {
                    let text = say!("Dette ble lest opp:", nn "Dette blei lese opp:", "This was read out:");
                    blocks.extend([para(lang, &text), Block::Lines(value.to_owned())]);
                }
            }
            _ => {
                if let Some(seed) = of("seed") {
                    let text = say!("Frøet var", nn "Frøet var", "The seed was");
                    blocks.extend([para(lang, &text), Block::Lines(seed.to_owned())]);
                }
            }
        }
        Ok(blocks)
    }

    /// Why a draw was given up, as everyone may read it.
    pub(in crate::steps::serve) fn void_blocks(&self, lang: Lang) -> Vec<Block> {
        if self.draw.status != DrawStatus::Void {
            return Vec::new();
        }
        let of = |key: &str| self.ended.as_ref().and_then(|it| it.get(key)?.as_str());
        let reason = of("reason").unwrap_or("–");
        let text = say!("Grunnen: {reason}", nn "Grunnen: {reason}", "The reason: {reason}");
        let secret = if of("secret").is_some() {
            say!(
                "Hemmeligheten står i void.json, så alle kan se hva trekningen ville gitt.",
                nn "Løyndomen står i void.json, så alle kan sjå kva trekkinga ville ha gitt.",
                "The secret stands in void.json, so that anyone can see what the draw would have given."
            )
        } else {
            say!(
                "Den ble annullert før runden kom: ingen kunne vite hva den ville gitt.",
                nn "Ho blei annullert før runden kom: ingen kunne vite kva ho ville ha gitt.",
                "It was voided before the round came: nobody could know what it would have given."
            )
        };
        vec![para(lang, &text), para(lang, &secret)]
    }

    /// Places by block and arm: as promised, or as drawn.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub(in crate::steps::serve) fn seats(
        &self,
        pilot: &Pilot,
        lang: Lang,
    ) -> Result<Vec<Block>, Failure> {
        let drawn = if self.is_made() { counts(pilot, &self.draw)? } else { BTreeMap::new() };
        let arms = self.draw.arms.clone();
        let promised: Vec<DrawBlock> =
            self.announced.as_ref().map_or_else(Vec::new, |(it, _)| it.design.blocks().to_vec());
        let labels: Vec<String> = if promised.is_empty() {
            let mut all: Vec<String> = drawn.keys().map(|(block, _)| block.clone()).collect();
            all.dedup();
            all
        } else {
            promised.iter().map(|it| it.label.clone()).collect()
        };
        let n_of = |label: &String, arm: &String| {
            drawn.get(&(label.clone(), arm.clone())).copied().unwrap_or_default()
        };
        let row = |(at, label): (usize, &String)| {
            let planned = promised.get(at);
            let cells: Vec<String> = if self.is_made() {
                arms.iter().map(|arm| count(n_of(label, arm))).collect()
            } else {
                planned.map(|it| shares(&it.shares)).unwrap_or_default()
            };
            let units = planned.map_or_else(
                || arms.iter().map(|arm| n_of(label, arm)).sum(),
                |it| u64::from(it.units),
            );
            let first = [Cell::Text(self.block(label)), Cell::Number(count(units))];
            first.into_iter().chain(cells.into_iter().map(Cell::Number)).collect::<Vec<_>>()
        };
        let rows: Vec<Vec<Cell>> = labels.iter().enumerate().take(BLOCKS_SHOWN).map(row).collect();
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let title = say!("Plassene", nn "Plassane", "The places");
        let caption = if self.is_made() {
            say!("Hvor mange som ble trukket til hva, i hver blokk", nn "Kor mange som blei trekte til kva, i kvar blokk", "How many were drawn to what, in each block")
        } else {
            say!("Plasser eller sannsynligheter i hver blokk, slik de er låst", nn "Plassar eller sannsyn i kvar blokk, slik dei er låste", "Places or probabilities in each block, as locked")
        };
        let head =
            [say!("Blokk", nn "Blokk", "Block"), say!("På lista", nn "På lista", "On the list")];
        let head = head.into_iter().chain(arms.iter().map(|it| self.arm(it)));
        let mut blocks = vec![heading(lang, &title), table(lang, &caption, head, rows)];
        if let Some(more) = labels.len().checked_sub(BLOCKS_SHOWN).filter(|it| *it > 0) {
            let text = say!("… og {more} blokker til: se announcement.json.", nn "… og {more} blokker til: sjå announcement.json.", "… and {more} more blocks: see announcement.json.");
            blocks.push(para(lang, &text));
        }
        Ok(blocks)
    }

    /// The hashes that bind the files.
    pub(in crate::steps::serve) fn hashes(&self, lang: Lang) -> Vec<Block> {
        let of = |file: File, hash: &Option<String>| {
            let hash = hash.as_ref()?;
            Some(vec![Cell::Text(file.name().to_owned()), Cell::Code(hash.clone())])
        };
        let (draw, void) = (&self.draw, self.draw.status == DrawStatus::Void);
        let ended = if void { File::Void } else { File::Reveal };
        let rows: Vec<Vec<Cell>> = [
            of(File::Announcement, &draw.announcement_sha256),
            of(File::Plan, &draw.plan_sha256),
            of(ended, &draw.reveal_sha256),
            of(File::Result, &draw.result_sha256).filter(|_| draw.announcement_sha256.is_some()),
        ]
        .into_iter()
        .flatten()
        .collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let caption = say!("Fingeravtrykk (SHA-256) som ble ført", nn "Fingeravtrykk (SHA-256) som blei førte", "Fingerprints (SHA-256) as recorded");
        let head = [say!("Fil", nn "Fil", "File"), say!("SHA-256", nn "SHA-256", "SHA-256")];
        vec![table(lang, &caption, head, rows)]
    }

    /// The text that is published with the announcement.
    ///
    /// # Errors
    ///
    /// If a time can't be told.
    pub(in crate::steps::serve) fn notice(&self, lang: Lang) -> Result<Option<String>, Failure> {
        let made = self.announced.as_ref().map(|(it, hash)| notice::notice(lang, it, hash));
        made.transpose()
    }
}

/// One cell an arm.
pub(in crate::steps::serve) fn shares(shares: &Shares) -> Vec<String> {
    match shares {
        Shares::Seats(seats) => seats.iter().map(|it| count(*it)).collect(),
        Shares::Probabilities(all) => all.iter().map(ToString::to_string).collect(),
    }
}

/// Units by block and arm.
fn counts(pilot: &Pilot, draw: &Draw) -> Result<BTreeMap<(String, String), u64>, Failure> {
    let rows = pilot.assignments(draw.draw).map_err(|error| said::store(&error))?;
    let mut all = BTreeMap::new();
    for row in rows {
        *all.entry((row.block, row.arm)).or_default() += 1;
    }
    Ok(all)
}
