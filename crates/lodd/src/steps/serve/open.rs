//! What everyone may see of a draw: when it was locked and decided, its files, and how to check it.
//!
//! Nothing here is read from the private side, and a draw that is not there is the same 404 as one that
//! never was.

use lodd_draw::File;
use lodd_server::{Block, Cell, Download, Of, Sheet, Shelf, View};

use super::{
    parts::{draw_title, file as kept, heading, link, para, plain, table},
    standing::{PUBLIC, Standing},
};
use crate::{
    problem::Failure,
    protocol,
    steps::{Context, read_file, reveal},
    text::{Lang, Text, say},
};

/// The page that checks a draw: built from `verifier/`, needs no network.
const VERIFIER: &str = include_str!("../../../../../docs/kontroller-trekning.html");
/// Its name.
pub(super) const VERIFIER_NAME: &str = "kontroller-trekning.html";

/// A page; nothing where there is no such thing.
pub(super) fn sheet(context: &Context, view: View, of: Of<'_>) -> Result<Option<Sheet>, Failure> {
    match view {
        View::Open => list(context).map(Some),
        _ => one(context, of.id),
    }
}

/// The pilot's name, as the protocol says it today; its folder may hold one with mistakes.
fn lead(context: &Context) -> Option<String> {
    protocol::read(&context.dir).ok().map(|it| plain(context.lang, &it.title))
}

fn list(context: &Context) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let title = say!("Åpne trekninger", nn "Opne trekkingar", "Open draws");
    let why = say!(
        "Plassene i prosjektet deles ut ved loddtrekning. Hver trekning kunngjøres før noen kan vite hva den gir, og alle kan kontrollere den etterpå. Filene nevner ingen ved navn.",
        nn "Plassane i prosjektet blir delte ut ved loddtrekking. Kvar trekking blir kunngjord før nokon kan vite kva ho gir, og alle kan kontrollere ho etterpå. Filene nemner ingen ved namn.",
        "The places of the project are given out by lot. Each draw is announced before anyone can know what it gives, and everyone can check it afterwards. The files name nobody."
    );
    let mut blocks = vec![para(lang, &why)];
    let all = Standing::all(context, &pilot)?;
    blocks.push(Standing::list(&all, context, View::OpenDraw)?);
    let links = vec![verifier(lang)];
    blocks.push(Block::Links(links));
    Ok(Sheet { title: plain(lang, &title), lead: lead(context), blocks })
}

fn verifier(lang: Lang) -> lodd_server::Link {
    let text = say!(
        "Siden som kontrollerer en trekning",
        nn "Sida som kontrollerer ei trekking",
        "The page that checks a draw"
    );
    link(lang, format!("/kontroller/{VERIFIER_NAME}"), &text)
}

fn one(context: &Context, id: Option<&str>) -> Result<Option<Sheet>, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let Some(standing) = Standing::of(context, &pilot, id)? else { return Ok(None) };
    let mut blocks = standing.top(context)?;
    blocks.extend(standing.void_blocks(lang));
    if standing.draw.announcement_sha256.is_some() {
        blocks.extend(standing.seats(&pilot, lang)?);
        blocks.extend(standing.beacon_blocks(lang)?);
        if let Some(notice) = standing.notice(lang)? {
            let title = say!("Kunngjøringen", nn "Kunngjeringa", "The announcement");
            blocks.extend([heading(lang, &title), Block::Lines(notice)]);
        }
        blocks.extend(files(context, &standing));
        blocks.extend(how(&standing, lang));
    } else {
        let elsewhere = say!(
            "Tildelingen ble gjort et annet sted, og har ingen filer som kan kontrolleres her.",
            nn "Tildelinga blei gjord ein annan stad, og har ingen filer som kan kontrollerast her.",
            "The assignment was made elsewhere, and has no files that can be checked here."
        );
        blocks.push(para(lang, &elsewhere));
    }
    let title = plain(lang, &draw_title(standing.number()));
    Ok(Some(Sheet { title, lead: lead(context), blocks }))
}

/// The public files that are there.
fn there(context: &Context, standing: &Standing) -> Vec<File> {
    let (public, _) = reveal::folders(context, standing.number());
    let is_there = |it: &File| public.join(it.name()).is_file();
    let all = PUBLIC.into_iter().filter(is_there);
    // Of an assignment that was made elsewhere nothing is everyone's.
    all.filter(|_| standing.draw.announcement_sha256.is_some()).collect()
}

fn what(file: File) -> Text {
    match file {
        File::Announcement => say!(
            "kunngjøringen: plasser, blokker og hva som avgjør",
            nn "kunngjeringa: plassar, blokker og kva som avgjer",
            "the announcement: places, blocks and what decides"
        ),
        File::Plan => say!(
            "protokollen slik den var da lista ble låst",
            nn "protokollen slik han var då lista blei låst",
            "the protocol as it was when the list was locked"
        ),
        File::Leaves => say!(
            "lista: ett fingeravtrykk per familie, uten navn",
            nn "lista: eitt fingeravtrykk per familie, utan namn",
            "the list: one fingerprint a family, without names"
        ),
        File::Reveal => say!(
            "det som avgjorde, og hemmeligheten som var låst",
            nn "det som avgjorde, og løyndomen som var låst",
            "what decided, and the secret that was locked"
        ),
        File::Result => {
            say!("loddene og plassene", nn "lodda og plassane", "the tickets and the places")
        }
        _ => say!(
            "hvorfor trekningen ble annullert",
            nn "kvifor trekkinga blei annullert",
            "why the draw was voided"
        ),
    }
}

fn files(context: &Context, standing: &Standing) -> Vec<Block> {
    let (lang, number) = (context.lang, standing.number());
    let row = |it: File| {
        let name = it.name();
        let link = kept(format!("/apent/{number}/{name}"), name);
        vec![Cell::Link(link), Cell::Text(plain(lang, &what(it)))]
    };
    let rows: Vec<Vec<Cell>> = there(context, standing).into_iter().map(row).collect();
    let title = say!("Filene", nn "Filene", "The files");
    let caption = say!("De offentlige filene", nn "Dei offentlege filene", "The public files");
    let head = [say!("Fil", nn "Fil", "File"), say!("Hva den er", nn "Kva ho er", "What it is")];
    let mut blocks = vec![heading(lang, &title), table(lang, &caption, head, rows)];
    blocks.extend(standing.hashes(lang));
    blocks
}

/// How anyone checks it, in plain words.
fn how(standing: &Standing, lang: Lang) -> Vec<Block> {
    let number = standing.number();
    let title = say!(
        "Slik kontrollerer du trekningen selv",
        nn "Slik kontrollerer du trekkinga sjølv",
        "How to check the draw yourself"
    );
    let steps = [
        say!(
            "1. Last ned alle filene over, og legg dem i én mappe.",
            nn "1. Last ned alle filene over, og legg dei i éi mappe.",
            "1. Download all the files above into one folder."
        ),
        say!(
            "2. Åpne siden som kontrollerer, og slipp filene eller mappa på den. Alt regnes ut på nytt i nettleseren din; siden bruker ikke nettet. Du kan lagre den og koble fra nettet først.",
            nn "2. Opne sida som kontrollerer, og slepp filene eller mappa på ho. Alt blir rekna ut på nytt i nettlesaren din; sida bruker ikkje nettet. Du kan lagre ho og kople frå nettet først.",
            "2. Open the page that checks, and drop the files or the folder on it. Everything is computed again in your browser; the page does not use the network. You can save it and go offline first."
        ),
        say!(
            "3. Sammenlign fingeravtrykket av announcement.json med det som ble publisert før trekningen, i postjournalen eller hos vitnet.",
            nn "3. Samanlikn fingeravtrykket av announcement.json med det som blei publisert før trekkinga, i postjournalen eller hos vitnet.",
            "3. Compare the fingerprint of announcement.json with the one that was published before the draw, in the postal journal or with the witness."
        ),
        say!(
            "Stoler du ikke på siden vår, kan du regne selv: metoden er offentlig, og lodd draw verify og et program på 200 linjer Python gir samme svar.",
            nn "Stoler du ikkje på sida vår, kan du rekne sjølv: metoden er offentleg, og lodd draw verify og eit program på 200 linjer Python gir same svar.",
            "If you do not trust our page, compute it yourself: the method is public, and lodd draw verify and a program of 200 lines of Python give the same answer."
        ),
    ];
    let mut blocks = vec![heading(lang, &title)];
    blocks.extend(steps.iter().map(|it| para(lang, it)));
    let mut links = vec![verifier(lang)];
    if number > 1 {
        let before = number - 1;
        let text = say!(
            "Trekningen før, {before}: kjeden går gjennom den",
            nn "Trekkinga før, {before}: kjeda går gjennom ho",
            "The draw before, {before}: the chain goes through it"
        );
        links.push(link(lang, format!("/apent/{before}"), &text));
    }
    let all = say!("Alle trekningene", nn "Alle trekkingane", "All draws");
    links.push(link(lang, "/apent", &all));
    blocks.push(Block::Links(links));
    blocks
}

/// A public file of a draw, or the page that checks it.
pub(super) fn file(
    context: &Context,
    shelf: Shelf,
    of: Of<'_>,
    name: &str,
) -> Result<Option<Download>, Failure> {
    if shelf == Shelf::Verifier {
        let bytes = VERIFIER.as_bytes().to_vec();
        let media = "text/html; charset=utf-8";
        return Ok((name == VERIFIER_NAME).then(|| Download {
            name: VERIFIER_NAME.to_owned(),
            media,
            bytes,
            shown: true,
        }));
    }
    let Some(standing) = Standing::of(context, &context.pilot()?, of.id)? else { return Ok(None) };
    let found = there(context, &standing).into_iter().find(|it| it.name() == name);
    let Some(found) = found else { return Ok(None) };
    let (public, _) = reveal::folders(context, standing.number());
    let media = match found {
        File::Leaves | File::Result => "text/csv; charset=utf-8",
        File::Plan => "text/plain; charset=utf-8",
        _ => "application/json",
    };
    let bytes = read_file(&public.join(found.name()))?;
    Ok(Some(Download { name: found.name().to_owned(), media, bytes, shown: false }))
}
