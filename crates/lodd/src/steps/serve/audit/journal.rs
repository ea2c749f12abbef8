//! The ledger's entries, without what they recorded: when, what, who, and the hashes of the chain.

use lodd_server::{Block, Cell, Download, Link, Sheet, Shelf, View};
use lodd_store::ledger::Entry;

use super::super::results_parts::{grid, heading, moment, paragraph, said, sheet as page};
use crate::{
    clock::oslo_text,
    problem::Failure,
    steps::{Context, words},
    text::{Text, count, say},
};

/// Entries that the page shows.
const SHOWN_MAX: usize = 200;
/// The file with all of them.
const FILE: &str = "journal.csv";

/// The page: newest first.
pub(super) fn sheet(context: &Context) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let protocol = context.protocol(&pilot)?;
    let entries = pilot.ledger().map_err(|error| words::store(&error))?;
    let (all, shown) = (count(entries.len()), count(entries.len().min(SHOWN_MAX)));
    let text = say!(
        "Journalen har {all} innslag. De {shown} nyeste vises. Hva innslagene gjaldt står ikke her: hashene binder det, og kontrollen av alt holder det mot dem.",
        nn "Journalen har {all} innslag. Dei {shown} nyaste blir viste. Kva innslaga galdt står ikkje her: hashane bind det, og kontrollen av alt held det mot dei.",
        "The ledger has {all} entries. The {shown} newest are shown. What the entries were about does not stand here: the hashes bind it, and the check of everything holds it to them."
    );
    let mut blocks = vec![paragraph(&text, lang)];
    blocks.extend(super::verify_form(lang));
    blocks.push(heading(&say!("Innslag", nn "Innslag", "Entries"), lang));
    if entries.iter().any(|it| it.clock == "scripted") {
        let text = say!(
            "Noen innslag har skriptet klokke: demonstrasjon eller øvelse.",
            nn "Nokre innslag har skripta klokke: demonstrasjon eller øving.",
            "Some entries have a scripted clock: a demonstration or a rehearsal."
        );
        blocks.push(paragraph(&text, lang));
    }
    let head = [
        say!("Innslag", nn "Innslag", "Entry"),
        say!("Når", nn "Når", "When"),
        say!("Hva", nn "Kva", "What"),
        say!("Hvem", nn "Kven", "Who"),
        say!("Hash", nn "Hash", "Hash"),
    ];
    let row = |it: &Entry| {
        Ok(vec![
            Cell::Number(it.seq.to_string()),
            said(moment(it.at_us, lang)?),
            said(event(&it.event).get(lang)),
            said(it.actor.as_str()),
            Cell::Code(it.hash.clone()),
        ])
    };
    let newest = entries.iter().rev().take(SHOWN_MAX);
    let rows = newest.map(row).collect::<Result<Vec<_>, Failure>>()?;
    let caption =
        say!("Innslag, nyeste først", nn "Innslag, nyaste først", "Entries, newest first");
    blocks.push(grid(&caption, &head, rows, lang));
    let text = say!(
        "Last ned alle innslagene (csv): med dem regnes kjeden etter uten lodd",
        nn "Last ned alle innslaga (csv): med dei kan kjeda reknast etter utan lodd",
        "Download all entries (csv): with them the chain is computed again without lodd"
    );
    let href = Shelf::Journal.path().replace("{file}", FILE);
    let text = text.get(lang).to_owned();
    blocks.push(Block::Links(vec![Link { href, text, is_file: true }]));
    page(context, &pilot, (&super::title(View::Ledger), &protocol.title), blocks)
}

/// Every entry, oldest first, with all that its hash is made of.
pub(super) fn file(context: &Context, name: &str) -> Result<Option<Download>, Failure> {
    if name != FILE {
        return Ok(None);
    }
    let entries = context.pilot()?.ledger().map_err(|error| words::store(&error))?;
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let failed = |error: csv::Error| Failure::internal(FILE, error);
    let head =
        ["seq", "at_us", "at", "clock", "actor", "event", "commitment", "previous_hash", "hash"];
    csv.write_record(head).map_err(failed)?;
    for it in &entries {
        let (seq, at_us, at) = (it.seq.to_string(), it.at_us.to_string(), oslo_text(it.at_us)?);
        let actor = harmless(&it.actor);
        let texts: [&str; 9] = [
            &seq,
            &at_us,
            &at,
            &it.clock,
            &actor,
            &it.event,
            &it.commitment,
            &it.previous_hash,
            &it.hash,
        ];
        csv.write_record(texts).map_err(failed)?;
    }
    let bytes = csv.into_inner().map_err(|error| Failure::internal(FILE, error))?;
    let name = FILE.to_owned();
    Ok(Some(Download { name, media: "text/csv; charset=utf-8", bytes, shown: false }))
}

/// No spreadsheet takes it for a formula.
fn harmless(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

/// What an event is called; its own name where it has no other.
fn event(name: &str) -> Text {
    let [nb, nn, en] = match name {
        "roster" => ["familielisten lest inn", "familielista lesen inn", "the roster read"],
        "screening" => ["kriteriene vurdert", "kriteria vurderte", "eligibility judged"],
        "announcement" => ["trekning kunngjort", "trekning kunngjord", "draw announced"],
        "draw" => ["trukket", "trekt", "drawn"],
        "draw_void" => ["trekning annullert", "trekning annullert", "draw voided"],
        "draw_import" => ["tildeling tatt over", "tildeling teken over", "assignment taken over"],
        "strike" => ["strøket fra listen", "stroken frå lista", "struck from the list"],
        "upload" => ["levering", "levering", "delivery"],
        "plan" => ["analyseplan låst", "analyseplan låst", "analysis plan locked"],
        "run" => ["plan kjørt", "plan køyrd", "plan run"],
        "release" => ["publisering", "publisering", "publication"],
        "amendment" => ["protokollfil endret", "protokollfil endra", "protocol file changed"],
        "erasure" => ["familie slettet", "familie sletta", "family erased"],
        "key_new" => ["ny nøkkel", "ny nøkkel", "new key"],
        "key_rotation" => ["nøkkel byttet", "nøkkel bytt", "key rotated"],
        "key_export" => ["nøkkel delt ut", "nøkkel delt ut", "key shared out"],
        "key_import" => ["nøkkel tatt inn", "nøkkel teken inn", "key brought in"],
        "offer" => ["plass tilbudt", "plass tilboden", "place offered"],
        "offer_answer" => ["svar på tilbud", "svar på tilbod", "answer to an offer"],
        "offers_closed" => ["tilbud avsluttet", "tilbod avslutta", "offering ended"],
        "participation_end" => ["plass gitt fra seg", "plass gitt frå seg", "place given up"],
        "retraction" => ["tilbakekalt", "kalla tilbake", "retracted"],
        "withdrawal" => ["samtykke trukket", "samtykke trekt", "consent withdrawn"],
        "bind" => ["rader bundet", "rader bundne", "rows bound"],
        "move" => ["flytting", "flytting", "move"],
        other => [other, other, other],
    };
    Text::new(nb, en).nn(nn)
}
