//! The page of a slip: one sheet in plain language, which names nobody.

use lodd_draw::{Announcement, Slip};

use super::super::announce::notice::{decides, pick, rehearsal};
use crate::{
    hash::hex,
    problem::Failure,
    protocol::Protocol,
    text::{Lang, Text},
};

/// What the page is of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Of<'a> {
    pub(super) slip: &'a Slip,
    pub(super) announced: &'a Announcement,
    pub(super) protocol: &'a Protocol,
}

const STYLE: &str = "body{font:12pt/1.5 Georgia,serif;max-width:42em;margin:2em auto;padding:0 1em}\
h1{font-size:1.6em}dl{display:grid;grid-template-columns:auto 1fr;gap:.3em 1.2em}dt{font-weight:bold}\
dd{margin:0;overflow-wrap:anywhere}.stamp{border:.2em solid;padding:.5em;font-weight:bold;text-align:center}\
code{font-size:.85em;overflow-wrap:anywhere}@page{margin:2cm}";

/// The page in one language.
///
/// # Errors
///
/// If a round's time can't be told.
pub(super) fn html(lang: Lang, of: &Of<'_>) -> Result<String, Failure> {
    let code = pick(lang, ["nb", "nn", "en"]);
    let heading =
        pick(lang, ["Familiens loddlapp", "Loddlappen til familien", "The family's lottery slip"]);
    let stamp = if of.announced.is_rehearsal() {
        format!("<p class=\"stamp\">{}</p>", rehearsal(lang))
    } else {
        String::new()
    };
    let paragraphs: String =
        paragraphs(lang, of)?.iter().map(|text| format!("<p>{}</p>\n", escaped(text))).collect();
    let rows: String = rows(lang, of)
        .iter()
        .map(|(term, value)| format!("<dt>{term}</dt><dd>{}</dd>\n", escaped(value)))
        .collect();
    Ok(format!(
        "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{heading}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{heading}</h1>\n{stamp}\n\
         <dl>\n{rows}</dl>\n{paragraphs}</body>\n</html>\n"
    ))
}

fn rows(lang: Lang, of: &Of<'_>) -> Vec<(&'static str, String)> {
    let Of { slip, announced, protocol } = of;
    let units = announced.design.blocks().iter().find(|it| it.label == slip.block);
    let units = units.map_or(0, |it| it.units);
    let offices = protocol.draw.offices.iter().flat_map(|it| &it.arms);
    let arm = protocol.draw.arms.iter().chain(offices).find(|it| it.label == slip.arm);
    let arm = arm.map_or(slip.arm.as_str(), |it| it.name.get(lang));
    let rank = slip.rank;
    let place = pick(
        lang,
        [
            format!("nummer {rank} av {units} i {}", slip.block),
            format!("nummer {rank} av {units} i {}", slip.block),
            format!("number {rank} of {units} in {}", slip.block),
        ],
    );
    vec![
        (pick(lang, ["Forsøk", "Forsøk", "Trial"]), title(&protocol.title, lang).to_owned()),
        (pick(lang, ["Trekning", "Trekking", "Draw"]), announced.draw.to_string()),
        (
            pick(lang, ["Familiens kode", "Koden til familien", "The family's code"]),
            slip.id.clone(),
        ),
        (pick(lang, ["Loddets plass", "Plassen til loddet", "The ticket's place"]), place),
        (pick(lang, ["Resultat", "Resultat", "Result"]), arm.to_owned()),
        (pick(lang, ["Loddet", "Loddet", "The ticket"]), format!("{:032x}", slip.ticket)),
        (pick(lang, ["Hemmelig tall", "Hemmeleg tal", "Secret number"]), hex(&slip.salt.0)),
        (
            pick(
                lang,
                [
                    "Kunngjøringens avtrykk",
                    "Avtrykket av kunngjeringa",
                    "Fingerprint of the announcement",
                ],
            ),
            hex(&slip.announcement),
        ),
    ]
}

fn title(title: &Text, lang: Lang) -> &str {
    title.get(lang)
}

fn paragraphs(lang: Lang, of: &Of<'_>) -> Result<Vec<String>, Failure> {
    let decides = decides(lang, &of.announced.beacon)?;
    let folder = format!("draws/{:04}", of.announced.draw);
    let two = of.announced.design.arms().len() == 2;
    let all = pick(lang, [
        [
            "Lappen viser at familien sto på listen da den ble låst, og hvilket lodd den fikk. Alle på listen fikk ett lodd, og ingen kunne vite loddene da listen ble låst.".to_owned(),
            if two {
                "De laveste loddene fikk plassene. Å få nummer 3 eller 30 sier ingenting om familien; det er bare tilfeldig.".to_owned()
            } else {
                "Loddene avgjorde rekkefølgen, og plassene ble fordelt etter den. Nummeret sier ingenting om familien; det er bare tilfeldig.".to_owned()
            },
            format!("{decides}."),
            format!("Slik kan dere kontrollere: Åpne siden kontroller-trekning.html, slipp filene fra {folder} og filen til denne lappen inn i den, og les svaret. Eller: lodd draw verify {folder} --slip FIL."),
            "Lappen nevner ingen ved navn. Den som har det hemmelige tallet, kan se hvilken rad som er familiens. Vis den bare til dem dere vil.".to_owned(),
        ],
        [
            "Lappen viser at familien stod på lista då ho vart låst, og kva lodd ho fekk. Alle på lista fekk eitt lodd, og ingen kunne vite lodda då lista vart låst.".to_owned(),
            if two {
                "Dei lågaste lodda fekk plassane. Å få nummer 3 eller 30 seier ingenting om familien; det er berre tilfeldig.".to_owned()
            } else {
                "Lodda avgjorde rekkjefølgja, og plassane vart fordelte etter ho. Nummeret seier ingenting om familien; det er berre tilfeldig.".to_owned()
            },
            format!("{decides}."),
            format!("Slik kan de kontrollere: Opne sida kontroller-trekning.html, slepp filene frå {folder} og fila til denne lappen inn i ho, og les svaret. Eller: lodd draw verify {folder} --slip FIL."),
            "Lappen nemner ingen ved namn. Den som har det hemmelege talet, kan sjå kva rad som er familien sin. Vis han berre til dei de vil.".to_owned(),
        ],
        [
            "This slip shows that the family was on the list when it was locked, and which ticket it got. Everyone on the list got one ticket, and nobody could know the tickets when the list was locked.".to_owned(),
            if two {
                "The lowest tickets got the places. Getting number 3 or number 30 says nothing about the family; it is chance alone.".to_owned()
            } else {
                "The tickets decided the order, and the places were given by it. The number says nothing about the family; it is chance alone.".to_owned()
            },
            format!("{decides}."),
            format!("To check it: open the page kontroller-trekning.html, drop the files of {folder} and the file of this slip into it, and read the answer. Or: lodd draw verify {folder} --slip FILE."),
            "The slip names nobody. Whoever has the secret number can tell which row is the family's. Show it only to those you want.".to_owned(),
        ],
    ]);
    Ok(all.into())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
