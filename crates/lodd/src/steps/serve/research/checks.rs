//! What is looked at after a draw and before anyone is told, and the record for the archive: as stored.

use lodd_report::format::Format;
use lodd_server::{Block, Cell, Download, Link};
use lodd_store::{Pilot, pilot::Draw};

use super::super::{
    parts::{file as kept, heading, link, para, plain, table, words},
    standing::Standing,
};
use crate::{
    problem::Failure,
    steps::{Context, after, outputs, read_file},
    text::{Text, say},
};

/// The checks of a draw that was made.
pub(super) fn section(
    context: &Context,
    pilot: &Pilot,
    standing: &Standing,
) -> Result<Vec<Block>, Failure> {
    let (lang, draw) = (context.lang, &standing.draw);
    let title = say!(
        "Kontroller før noen får vite resultatet",
        nn "Kontrollar før nokon får vite resultatet",
        "Checks before anyone is told"
    );
    let mut blocks = vec![heading(lang, &title)];
    // The names are those of the protocol that was locked.
    let protocol = match &standing.plan {
        Some(it) => it,
        None => &context.protocol(pilot)?,
    };
    let number = standing.number();
    let Some(stored) = after::Stored::read(context, protocol, (draw, standing.kind))? else {
        let text = say!(
            "Kontrollene er ikke skrevet, eller gjelder et annet resultat: kjør lodd draw report {number} på kommandolinjen.",
            nn "Kontrollane er ikkje skrivne, eller gjeld eit anna resultat: køyr lodd draw report {number} på kommandolinja.",
            "The checks are not written, or are of another result: run lodd draw report {number} on the command line."
        );
        blocks.push(para(lang, &text));
        return Ok(blocks);
    };
    blocks.extend(verdict(context, &stored));
    let arms = draw.arms.iter().map(|it| after::arm_name(protocol, it));
    blocks.extend(balance(context, draw, arms.collect(), &stored));
    blocks.push(orders(context, &stored));
    let links = records(context, number)?;
    if !links.is_empty() {
        let title = say!("Til arkivet og til utskrift", nn "Til arkivet og til utskrift", "For the archive and to print");
        blocks.extend([heading(lang, &title), Block::Links(links)]);
    }
    Ok(blocks)
}

/// What the checks say together.
fn verdict(context: &Context, stored: &after::Stored) -> Vec<Block> {
    let lang = context.lang;
    let stops = stored.orders.iter().filter(|it| it.stop).count();
    let all = stored.orders.len();
    let mut blocks = Vec::new();
    if stops > 0 {
        let text = say!(
            "STOPP OG SE ETTER: {stops} av {all} kontroller av rekkefølgen slår ut. Fortell ingen resultatet ennå: kontroller trekningen på en annen maskin, og se etter hvordan lista ble låst.",
            nn "STOPP OG SJÅ ETTER: {stops} av {all} kontrollar av rekkjefølgja slår ut. Fortel ingen resultatet enno: kontroller trekkinga på ei anna maskin, og sjå etter korleis lista blei låst.",
            "STOP AND LOOK: {stops} of {all} checks of the order flag. Tell nobody the result yet: verify the draw on another machine, and look at how the list was locked."
        );
        blocks.push(Block::Outcome { good: false, text: plain(lang, &text) });
    } else {
        let text = say!(
            "Rekkefølgen på lista: {all} kontroller, ingen sier stopp (grensen er p < 0,001).",
            nn "Rekkjefølgja på lista: {all} kontrollar, ingen seier stopp (grensa er p < 0,001).",
            "Order of the list: {all} checks, none says stop (the limit is p < 0.001)."
        );
        blocks.push(para(lang, &text));
    }
    if let Some((p, draws, exact)) = stored.joint {
        let p = |lang: lodd_report::Lang| Format::new(lang).p_equals(p);
        let (nb, en) = (p(lodd_report::Lang::Nb), p(lodd_report::Lang::En));
        let n = crate::text::count(draws);
        let text = if exact {
            say!(
                "Balanse, alle kjennetegn samlet: {nb}, over alle {n} mulige trekninger.",
                nn "Balanse, alle kjenneteikn samla: {nb}, over alle {n} moglege trekkingar.",
                "Balance, all facts together: {en}, over all {n} possible draws."
            )
        } else {
            say!(
                "Balanse, alle kjennetegn samlet: {nb}, mot {n} nye trekninger.",
                nn "Balanse, alle kjenneteikn samla: {nb}, mot {n} nye trekkingar.",
                "Balance, all facts together: {en}, against {n} new draws."
            )
        };
        blocks.push(para(lang, &text));
        let chance = say!(
            "Kjennetegnene er fra før trekningen. Stemmer trekningen, er en lav p her tilfeldighet, og ingen grunn til å trekke på nytt.",
            nn "Kjenneteikna er frå før trekkinga. Stemmer trekkinga, er ein låg p her tilfeldig, og ingen grunn til å trekkje på nytt.",
            "The facts are from before the draw. If the draw verifies, a low p here is chance, and no reason to draw again."
        );
        blocks.push(para(lang, &chance));
    }
    blocks
}

fn balance(
    context: &Context,
    draw: &Draw,
    arms: Vec<Text>,
    stored: &after::Stored,
) -> Option<Block> {
    let (lang, format) = (context.lang, Format::new(context.lang.of_report()));
    let missing = || "..".to_owned();
    let row = |it: &after::Compared| {
        let mean = |it: &Option<f64>, share: bool| match it {
            Some(it) if share => format!("{} %", format.percent(*it)),
            Some(it) => format.decimal(*it, 2),
            None => missing(),
        };
        let means = it.means.iter().map(|mean_of| mean(mean_of, it.share));
        let differences =
            it.differences.iter().map(|it| it.map_or_else(missing, |it| format.decimal(it, 2)));
        let p = it.p.map_or_else(missing, |it| format.p_value(it));
        let numbers = means.chain(differences).chain([p]).map(Cell::Number);
        std::iter::once(words(lang, &it.name)).chain(numbers).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<Cell>> = stored.facts.iter().map(row).collect();
    if rows.is_empty() {
        return None;
    }
    let difference = |name: &Text| {
        if draw.arms.len() == 2 {
            return say!("Standardisert forskjell", nn "Standardisert skilnad", "Standardised difference");
        }
        let (nb, nn, en) = (&name.nb, name.get(crate::text::Lang::Nn), &name.en);
        say!("Standardisert forskjell, {nb}", nn "Standardisert skilnad, {nn}", "Standardised difference, {en}")
    };
    let compared: Vec<Text> = arms.iter().rev().skip(1).rev().map(difference).collect();
    let head = std::iter::once(say!("Kjennetegn", nn "Kjenneteikn", "Fact"))
        .chain(arms)
        .chain(compared)
        .chain([Text::same("p")]);
    let caption = say!(
        "Balanse: snitt eller andel i hver gruppe da lista ble låst",
        nn "Balanse: snitt eller del i kvar gruppe då lista blei låst",
        "Balance: mean or share in each arm when the list was locked"
    );
    Some(table(lang, &caption, head, rows))
}

fn orders(context: &Context, stored: &after::Stored) -> Block {
    let (lang, format) = (context.lang, Format::new(context.lang.of_report()));
    let row = |it: &after::Ordered| {
        let against = if it.of_ranks {
            say!("de trukne numrene", nn "dei trekte nummera", "the drawn ranks")
        } else {
            say!("gruppene", nn "gruppene", "the arms")
        };
        let first = it.first.map_or_else(
            || "–".to_owned(),
            |(n, drawn, expected)| {
                let expected = format.decimal(expected, 1);
                let said = say!(
                    "{drawn} av {n}, ventet {expected}",
                    nn "{drawn} av {n}, venta {expected}",
                    "{drawn} of {n}, {expected} expected"
                );
                plain(lang, &said)
            },
        );
        let stop = if it.stop {
            say!("STOPP", nn "STOPP", "STOP")
        } else {
            say!("i orden", nn "i orden", "in order")
        };
        vec![
            words(lang, &it.name),
            words(lang, &against),
            Cell::Text(first),
            Cell::Number(format.p_value(it.p)),
            words(lang, &stop),
        ]
    };
    let head = [
        say!("Rekkefølge", nn "Rekkjefølgje", "Order"),
        say!("Mot", nn "Mot", "Against"),
        say!("Plasser til den første tidelen", nn "Plassar til den første tidelen", "Places of the first tenth"),
        Text::same("p"),
        say!("Sier", nn "Seier", "Says"),
    ];
    let caption = say!(
        "Rekkefølgen på lista mot trekningen",
        nn "Rekkjefølgja på lista mot trekkinga",
        "The order of the list against the draw"
    );
    table(lang, &caption, head, stored.orders.iter().map(row).collect())
}

fn folder(number: i64) -> String {
    format!("draw-{number:04}")
}

/// Pages and tables that were written of the draw.
fn records(context: &Context, number: i64) -> Result<Vec<Link>, Failure> {
    let lang = context.lang;
    let listed = outputs::listed_in(context, &folder(number))?;
    let is_there = |name: &str| {
        let path = context.out(&format!("{}/{name}", folder(number)));
        listed.iter().any(|it| it == name) && path.is_file()
    };
    let pages = [
        (
            "record.nb.html",
            say!("Protokoll for trekningen, bokmål", nn "Protokoll for trekkinga, bokmål", "Record of the draw, bokmål"),
        ),
        (
            "record.nn.html",
            say!("Protokoll for trekningen, nynorsk", nn "Protokoll for trekkinga, nynorsk", "Record of the draw, nynorsk"),
        ),
        (
            "record.en.html",
            say!("Protokoll for trekningen, engelsk", nn "Protokoll for trekkinga, engelsk", "Record of the draw, English"),
        ),
        (
            "checks.nb.html",
            say!("Kontrollene, bokmål", nn "Kontrollane, bokmål", "The checks, bokmål"),
        ),
        (
            "checks.en.html",
            say!("Kontrollene, engelsk", nn "Kontrollane, engelsk", "The checks, English"),
        ),
    ];
    let href = |name: &str| format!("/trekninger/{number}/{name}");
    let pages = pages.iter().map(|(name, text)| (*name, link(lang, href(name), text)));
    let tables = ["balance.parquet", "order.parquet"].map(|name| (name, kept(href(name), name)));
    let all = pages.chain(tables).filter(|(name, _)| is_there(name));
    Ok(all.map(|(_, link)| link).collect())
}

/// A page or a table of a draw: one of those that are listed.
pub(super) fn file(
    context: &Context,
    id: Option<&str>,
    name: &str,
) -> Result<Option<Download>, Failure> {
    let Some(standing) = Standing::of(context, &context.pilot()?, id)? else { return Ok(None) };
    let number = standing.number();
    let href = format!("/trekninger/{number}/{name}");
    if !records(context, number)?.iter().any(|it| it.href == href) {
        return Ok(None);
    }
    let bytes = read_file(&context.out(&format!("{}/{name}", folder(number))))?;
    let shown = name.strip_suffix(".html").is_some();
    let media = if shown { "text/html; charset=utf-8" } else { "application/vnd.apache.parquet" };
    Ok(Some(Download { name: name.to_owned(), media, bytes, shown }))
}
