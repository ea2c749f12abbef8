//! An office's receipt for a delivered file: one page that proves what was delivered, and when.

use askama::Template;

use crate::{ReportError, format::Format, model::Lang};

/// What a receipt says. Hashes are 64 hex digits, instants ISO text with their offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The program and its version.
    pub program: String,
    /// The pilot's label.
    pub pilot: String,
    /// The office's name.
    pub office: String,
    /// The number of the ledger's entry.
    pub sequence: i64,
    /// When it was recorded.
    pub recorded_at: String,
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// The entry's hash.
    pub hash: String,
    /// The ledger's head when the receipt was given.
    pub ledger_head: String,
    /// Families × dates: delivered, new, unchanged, corrected, on hold; then earlier holds resolved.
    pub counts: [u64; 6],
    /// Whether a script gave the time.
    pub scripted_clock: bool,
}

/// The receipt as one page of HTML that needs no other file.
///
/// # Errors
///
/// If the template can't be filled.
pub fn render_receipt(receipt: &Receipt, lang: Lang) -> Result<String, ReportError> {
    let (t, f) = (words(lang), Format::new(lang));
    let counts = t.counts.iter().zip(&receipt.counts).map(|(name, n)| (*name, f.count(*n)));
    let page = Page {
        lang,
        t,
        receipt,
        recorded_at: f.instant(&receipt.recorded_at),
        counts: counts.collect(),
    };
    Ok(page.render()?)
}

#[derive(Debug, Template)]
#[template(path = "receipt.html")]
struct Page<'a> {
    lang: Lang,
    t: &'static Words,
    receipt: &'a Receipt,
    recorded_at: String,
    counts: Vec<(&'static str, String)>,
}

/// One language's words.
#[derive(Debug)]
struct Words {
    kind: &'static str,
    scripted: &'static str,
    s_counts: &'static str,
    unit: &'static str,
    counts: [&'static str; 6],
    s_proof: &'static str,
    entry: &'static str,
    recorded_at: &'static str,
    file: &'static str,
    hash: &'static str,
    head: &'static str,
    keep: &'static str,
    check: &'static str,
}

fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Nb => &NB,
        Lang::Nn => &NN,
        Lang::En => &EN,
    }
}

static NB: Words = Words {
    kind: "Kvittering",
    scripted: "Skriptet klokke: demonstrasjon eller øvelse",
    s_counts: "Hva som ble levert",
    unit: "Én familie på én dato (eller i én måned) teller som én.",
    counts: ["levert", "nye", "uendret", "rettet", "på vent", "løst fra før"],
    s_proof: "Bevis",
    entry: "Innslag i journalen",
    recorded_at: "Ført",
    file: "Filens SHA-256",
    hash: "Innslagets hash",
    head: "Journalens siste hash",
    keep: "Ta vare på kvitteringen. Blir journalen endret, kortet ned eller byttet ut, stemmer den ikke lenger med kvitteringen.",
    check: "Slik kontrolleres den:",
};

static NN: Words = Words {
    kind: "Kvittering",
    scripted: "Skripta klokke: demonstrasjon eller øving",
    s_counts: "Kva som vart levert",
    unit: "Éin familie på éin dato (eller i éin månad) tel som éin.",
    counts: ["levert", "nye", "uendra", "retta", "på vent", "løyst frå før"],
    s_proof: "Prov",
    entry: "Innslag i journalen",
    recorded_at: "Ført",
    file: "SHA-256 til fila",
    hash: "Hashen til innslaget",
    head: "Siste hash i journalen",
    keep: "Ta vare på kvitteringa. Blir journalen endra, korta ned eller bytt ut, stemmer han ikkje lenger med kvitteringa.",
    check: "Slik blir ho kontrollert:",
};

static EN: Words = Words {
    kind: "Receipt",
    scripted: "Scripted clock: demonstration or rehearsal",
    s_counts: "What was delivered",
    unit: "One family on one date (or in one month) counts as one.",
    counts: ["delivered", "new", "unchanged", "corrected", "on hold", "resolved from before"],
    s_proof: "Proof",
    entry: "Entry in the ledger",
    recorded_at: "Recorded",
    file: "SHA-256 of the file",
    hash: "Hash of the entry",
    head: "Head of the ledger",
    keep: "Keep this receipt. A ledger that is changed, cut short or replaced no longer agrees with it.",
    check: "To check it:",
};
