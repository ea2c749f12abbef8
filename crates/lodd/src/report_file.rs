//! `report.toml`: what the evaluator adds to the report, in words of their own.
//!
//! The file need not be there. Every mistake in it is told at once, each with its place.

mod context;
pub(crate) mod tables;

use std::{collections::BTreeMap, fs, path::Path};

use lodd_report::{CHECKLIST_ITEMS, Cost, Cover, Domain, PROSE_SECTIONS, Profile, Text as Words};

use crate::{
    problem::{Failure, Problem},
    protocol::{Protocol, shown},
    reader::{Node, Source, did_you_mean, nearest},
    text::say,
};

pub(crate) use context::ContextSpec;
use tables::TableSpec;

/// The name of the file in a pilot folder.
pub(crate) const FILE: &str = "report.toml";

/// What stands in the file.
#[derive(Debug, Default)]
pub(crate) struct ReportFile {
    pub(crate) profile: Profile,
    pub(crate) tables: Vec<TableSpec>,
    pub(crate) context: Vec<ContextSpec>,
}

/// Reads and checks `report.toml`; nothing where there is none.
///
/// # Errors
///
/// Refused with all mistakes, or could not be read.
pub(crate) fn read(dir: &Path, protocol: &Protocol) -> Result<ReportFile, Failure> {
    let path = dir.join(FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(ReportFile::default());
        }
        Err(error) => return Err(Failure::io(&path, &error)),
    };
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::policy(say!(
            "`{FILE}` må være lagret som UTF-8",
            nn "`{FILE}` må vere lagra som UTF-8",
            "`{FILE}` must be saved as UTF-8"
        ))
    })?;
    parse(&shown(&path), &text, protocol).map_err(|problems| {
        let n = problems.len();
        Failure::refused(
            say!(
                "`{FILE}` har {n} feil, ingen rapport er skrevet",
                nn "`{FILE}` har {n} feil, ingen rapport er skriven",
                "`{FILE}` has {n} mistakes, no report was written"
            ),
            problems,
        )
    })
}

/// Parses the file's text; `file` is only named in mistakes.
fn parse(file: &str, text: &str, protocol: &Protocol) -> Result<ReportFile, Vec<Problem>> {
    let source = Source::new(file, text);
    let root = source.root();
    root.integer("version", 1..=1);
    let profile = Profile {
        cover: root.table_or_none("cover").map(|it| cover(&it)).unwrap_or_default(),
        prose: root.table_or_none("section").map(|it| prose(&it)).unwrap_or_default(),
        domains: root
            .table_or_none("outcomes")
            .map(|it| domains(&it, protocol))
            .unwrap_or_default(),
        costs: root.tables("cost").iter().map(|it| cost(it, protocol)).collect(),
        literature: root.table_or_none("literature").map(|it| references(&it)).unwrap_or_default(),
        checklist: root.table_or_none("checklist").map(|it| checklist(&it)).unwrap_or_default(),
    };
    let (tables, context) = (tables::read(&root, protocol), context::read(&root));
    root.finish();
    drop(root);
    let mistakes = source.finish();
    if mistakes.is_empty() { Ok(ReportFile { profile, tables, context }) } else { Err(mistakes) }
}

fn cover(node: &Node<'_>) -> Cover {
    let text = |key| node.text_or_none(key).unwrap_or_default();
    let cover = Cover {
        authors: node.texts_or_none("authors").unwrap_or_default(),
        institution: text("institution"),
        commissioned_by: text("commissioned_by"),
        series: text("series"),
    };
    node.finish();
    cover
}

/// `[section.NAME]`: the words of one section. What is not written in nynorsk is in bokmål there.
fn prose(node: &Node<'_>) -> BTreeMap<String, Words> {
    let section = |name: &&'static str| {
        let section = node.table_or_none(name)?;
        let text = |key| section.text_or_none(key).unwrap_or_default();
        let (nb, nn, en) = (text("nb"), text("nn"), text("en"));
        section.finish();
        let nn = if nn.is_empty() { nb.clone() } else { nn };
        Some(((*name).to_owned(), Words::new(nb, en).nn(nn)))
    };
    let written = PROSE_SECTIONS.iter().filter_map(section).collect();
    node.finish();
    written
}

/// `[outcomes]`: which outcomes stand under which heading of the results.
fn domains(node: &Node<'_>, protocol: &Protocol) -> BTreeMap<String, Domain> {
    let headings = [
        ("work", Domain::Work),
        ("economy", Domain::Economy),
        ("home", Domain::Housing),
        ("children", Domain::Children),
        ("other", Domain::Other),
    ];
    let mut domains = BTreeMap::new();
    for (key, domain) in headings {
        for id in node.texts_or_none(key).unwrap_or_default() {
            if protocol.outcome(&id).is_none() {
                let message = say!(
                    "utfallet `{id}` er ikke i pilot.toml",
                    nn "utfallet `{id}` er ikkje i pilot.toml",
                    "outcome `{id}` is not in pilot.toml",
                    id = &id
                );
                match nearest(&id, protocol.outcomes().map(|it| it.id.as_ref())) {
                    Some(near) => node.mistake_with(key, message, did_you_mean(near)),
                    None => node.mistake(key, message),
                }
            }
            domains.insert(id, domain);
        }
    }
    node.finish();
    domains
}

fn cost(node: &Node<'_>, protocol: &Protocol) -> Cost {
    let nb = node.text("label_nb");
    let nn = node.text_or_none("label_nn").unwrap_or_else(|| nb.clone());
    let label = Words::new(nb, node.text("label_en")).nn(nn);
    let nok = node.number("nok");
    if !(nok >= 0.0 && nok.is_finite()) {
        node.mistake(
            "nok",
            say!(
                "`nok` må være et beløp i kroner, ikke under 0",
                nn "`nok` må vere eit beløp i kroner, ikkje under 0",
                "`nok` must be an amount in kroner, not below 0"
            ),
        );
    }
    let arms = protocol.draw.labels();
    let known: Vec<(&str, &str)> = arms.iter().map(|arm| (arm.as_str(), arm.as_str())).collect();
    let arm = node.choice("arm", &known).map(str::to_owned);
    let cost = Cost {
        label,
        arm,
        nok,
        year: node.integer("year", 1990..=2100),
        source: node.text("source"),
    };
    node.finish();
    cost
}

/// Notes an id that stands before.
fn stands_twice(node: &Node<'_>, id: &str) {
    let message = say!("`{id}` står to ganger", nn "`{id}` står to gonger", "`{id}` stands twice");
    node.mistake("id", message);
}

fn references(node: &Node<'_>) -> Vec<String> {
    let references = node.texts("references");
    node.finish();
    references
}

/// Where an item of the checklist is told of, by its number.
fn checklist(node: &Node<'_>) -> BTreeMap<String, String> {
    let told = |item: &&'static str| Some(((*item).to_owned(), node.text_or_none(item)?));
    let told = CHECKLIST_ITEMS.iter().filter_map(told).collect();
    node.finish();
    told
}
