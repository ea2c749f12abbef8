//! What proves each draw: its state, the hashes that were recorded, and whether its public files have them.

use std::{fs, path::Path};

use lodd_draw::File;
use lodd_server::{Block, Cell, Sheet, View};
use lodd_store::pilot::Draw;

use super::super::results_parts::{
    grid, heading, link, paragraph, said, sheet as page, state as stands,
};
use crate::{
    hash::sha256_hex,
    problem::Failure,
    steps::{Context, reveal, status, words},
    text::{Lang, Text, say},
};

/// A public file is smaller than this; a larger one is none.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The page.
pub(super) fn sheet(context: &Context) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let protocol = context.protocol(&pilot)?;
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let text = say!(
        "Dette holder filene mot hashene i journalen. Kontrollen av alt trekker i tillegg hver trekning på nytt. Hvem som helst kan gjøre det samme med de åpne filene.",
        nn "Dette held filene mot hashane i journalen. Kontrollen av alt trekkjer i tillegg kvar trekning på nytt. Kven som helst kan gjere det same med dei opne filene.",
        "This holds the files to the hashes in the ledger. The check of everything also draws each draw again. Anyone can do the same with the public files."
    );
    let mut blocks = vec![paragraph(&text, lang)];
    // Where each stands, in the words of `lodd draw status`.
    blocks.push(Block::Lines(status::run(context)?.text.get(lang).trim_end().to_owned()));
    for draw in &draws {
        blocks.extend(of_draw(context, draw, lang));
    }
    blocks.extend(super::verify_form(lang));
    page(context, &pilot, (&super::title(View::Proofs), &protocol.title), blocks)
}

/// A draw: whether its files are as they were, the hashes, and where anyone finds the files.
fn of_draw(context: &Context, draw: &Draw, lang: Lang) -> Vec<Block> {
    let number = draw.draw;
    let (public, _) = reveal::folders(context, number);
    let recorded = [
        (File::Announcement, &draw.announcement_sha256),
        (File::Plan, &draw.plan_sha256),
        (File::Reveal, &draw.reveal_sha256),
        (File::Result, &draw.result_sha256),
    ];
    let held = |(file, hash): (File, &Option<String>)| {
        let hash = hash.clone()?;
        let state = State::of(&public.join(file.name()), &hash);
        Some(Held { file, hash, state })
    };
    let files: Vec<Held> = recorded.into_iter().filter_map(held).collect();
    let title = say!("Trekning {number}", nn "Trekning {number}", "Draw {number}");
    let mut blocks = vec![heading(&title, lang)];
    if !public.is_dir() && files.iter().all(|it| it.file == File::Plan) {
        let text = say!(
            "Tildelingen er gjort et annet sted og har ingen åpne filer.",
            nn "Tildelinga er gjord ein annan stad og har inga opne filer.",
            "The assignment was made elsewhere and has no public files."
        );
        blocks.push(paragraph(&text, lang));
        return blocks;
    }
    blocks.push(outcome(files.iter().all(|it| it.state == State::Same), lang));
    blocks.push(hashes(number, &files, lang));
    let text = say!(
        "Åpne filer og kontroll av trekning {number}",
        nn "Opne filer og kontroll av trekning {number}",
        "Public files and check of draw {number}"
    );
    let href = View::OpenDraw.path().replace("{id}", &number.to_string());
    blocks.push(Block::Links(vec![link(href, text.get(lang))]));
    blocks
}

fn outcome(good: bool, lang: Lang) -> Block {
    let text = if good {
        say!(
            "De åpne filene er som da de ble ført.",
            nn "Dei opne filene er som då dei vart førte.",
            "The public files are as they were recorded."
        )
    } else {
        say!(
            "De åpne filene er ikke som da de ble ført.",
            nn "Dei opne filene er ikkje som då dei vart førte.",
            "The public files are not as they were recorded."
        )
    };
    stands(good, &text, lang)
}

fn hashes(number: i64, files: &[Held], lang: Lang) -> Block {
    let row = |it: &Held| {
        let (what, state) = (what(it.file), it.state.words());
        vec![said(what.get(lang)), Cell::Code(it.hash.clone()), said(state.get(lang))]
    };
    let head = [
        say!("Fil", nn "Fil", "File"),
        say!("Hash som er ført", nn "Hash som er ført", "Hash recorded"),
        say!("Filen nå", nn "Fila no", "The file now"),
    ];
    let caption = say!(
        "Trekning {number}: hashene som er ført",
        nn "Trekning {number}: hashane som er førte",
        "Draw {number}: the hashes recorded"
    );
    grid(&caption, &head, files.iter().map(row).collect(), lang)
}

/// A public file, the hash that was recorded of it, and what it is now.
struct Held {
    file: File,
    hash: String,
    state: State,
}

/// What a file is beside what was recorded of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Same,
    Other,
    Gone,
}

impl State {
    fn of(path: &Path, hash: &str) -> Self {
        let is_file =
            fs::symlink_metadata(path).is_ok_and(|it| it.is_file() && it.len() < BYTES_MAX);
        match is_file.then(|| fs::read(path)) {
            Some(Ok(bytes)) if sha256_hex(&bytes) == hash => Self::Same,
            Some(Ok(_)) => Self::Other,
            _ => Self::Gone,
        }
    }

    fn words(self) -> Text {
        match self {
            Self::Same => say!("som ført", nn "som ført", "as recorded"),
            Self::Other => say!("en annen", nn "ei anna", "another"),
            Self::Gone => say!("borte", nn "borte", "gone"),
        }
    }
}

fn what(file: File) -> Text {
    match file {
        File::Announcement => say!("Kunngjøringen", nn "Kunngjeringa", "The announcement"),
        File::Plan => say!("Protokollen", nn "Protokollen", "The protocol"),
        File::Reveal => say!("Avsløringen", nn "Avsløringa", "The reveal"),
        File::Result => say!("Resultatet", nn "Resultatet", "The result"),
        other => Text::same(other.name()),
    }
}
