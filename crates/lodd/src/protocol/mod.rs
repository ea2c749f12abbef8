//! The protocol file, `pilot.toml`: what a pilot is, read and checked as a whole.

mod draw;
mod followup;
mod outcomes;
mod screening;
mod words;

use std::{fs, path::Path};

use jiff::civil::Date;
use lodd_panel::{
    Mistake, Panel,
    codes::Variable,
    outcomes::{Choice, Outcome},
    screening::Screening,
};

use lodd_store::pilot::ConsentRule;

pub(crate) use draw::{Arm, Block, DrawPlan, Margin, Pairs, Wanted};
pub(crate) use screening::Reason;
pub(crate) use words::sentence;

use crate::{
    problem::{Failure, Problem},
    reader::{Node, Source},
    text::{Text, say},
};

/// The name of the protocol file in a pilot folder.
pub(crate) const FILE: &str = "pilot.toml";

/// The keys of `[legal]`, in the order of the report.
pub(crate) const LEGAL: [&str; 8] = [
    "processing_basis",
    "confidentiality",
    "trial_authority",
    "dpia",
    "ethics",
    "information",
    "objection",
    "deletion_date",
];

/// A protocol whose every line has been checked.
#[derive(Clone, Debug)]
pub(crate) struct Protocol {
    pub(crate) label: String,
    pub(crate) id_prefix: String,
    pub(crate) title: Text,
    pub(crate) starts_on: Date,
    /// The texts of [`LEGAL`], in that order.
    pub(crate) legal: Vec<String>,
    pub(crate) offices: Vec<Office>,
    pub(crate) screening: Screening,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) draw: DrawPlan,
    /// Screening, follow-up, variables and outcomes, compiled to SQL.
    pub(crate) panel: Panel,
    /// Whether somebody who was never asked lacks consent to research.
    pub(crate) consent: ConsentRule,
    /// The smallest number of families behind a published number.
    pub(crate) threshold: i64,
    /// The file's bytes.
    pub(crate) bytes: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct Office {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) municipality: String,
}

/// Reads and checks `pilot.toml`; every mistake at once.
///
/// # Errors
///
/// Refused with all mistakes, or could not be read.
pub(crate) fn read(dir: &Path) -> Result<Protocol, Failure> {
    let path = dir.join(FILE);
    let bytes = fs::read(&path).map_err(|error| Failure::io(&path, &error))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::policy(say!(
            "`{FILE}` må være lagret som UTF-8", nn "`{FILE}` må vere lagra som UTF-8",
            "`{FILE}` must be saved as UTF-8"
        ))
    })?;
    parse(&shown(&path), text).map_err(|problems| {
        let n = problems.len();
        let summary = match n {
            1 => Text::new("protokollfilen har 1 feil", "the protocol file has 1 mistake")
                .nn("protokollfila har 1 feil"),
            _ => say!(
                "protokollfilen har {n} feil",
                nn "protokollfila har {n} feil",
                "the protocol file has {n} mistakes"
            ),
        };
        Failure::refused(summary, problems)
    })
}

/// A file as messages name it: without the `./` of the current folder.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// Parses a protocol's text; `file` is only named in mistakes.
pub(crate) fn parse(file: &str, text: String) -> Result<Protocol, Vec<Problem>> {
    let source = Source::new(file, &text);
    let root = source.root();
    root.integer("version", 1..=1);
    let pilot = root.table("pilot");
    let starts_on =
        pilot.as_ref().map_or(Date::constant(1970, 1, 1), |node| node.date("starts_on"));
    let (label, id_prefix, title) = pilot.as_ref().map(identity).unwrap_or_default();
    let legal = legal(&root);
    let offices = offices(&root);
    let ids: Vec<String> = offices.iter().map(|office| office.id.clone()).collect();
    let screening = screening::read(&root);
    let columns = screening.as_ref().map(|(it, _)| it.columns.as_slice());
    let draw = draw::read(&root, &draw::Known { offices: &ids, columns });
    let followup = followup::read(&root);
    let consent = consent(&root);
    let variables: Vec<Variable> =
        root.tables("variable").iter().filter_map(followup::variable).collect();
    let outcomes: Vec<Choice> = root.tables("outcome").iter().filter_map(outcomes::read).collect();
    let threshold = root.table("disclosure").map_or(5, |node| {
        let threshold = node.integer("threshold", 3..=100);
        node.finish();
        threshold
    });
    root.finish();
    let parts = screening.zip(followup);
    let reasons = parts.as_ref().map(|((_, reasons), _)| reasons.clone()).unwrap_or_default();
    let panel = parts.and_then(|((screening, _), followup)| {
        let parts = lodd_panel::Protocol {
            screening: Some(screening.clone()),
            followup,
            variables,
            outcomes,
        };
        let panel = Panel::new(&parts)
            .map_err(|mistakes| mistakes.iter().for_each(|it| record(&source, it)));
        Some((screening, panel.ok()?))
    });
    drop((root, pilot));
    let mistakes = source.finish();
    drop(source);
    match panel {
        Some((screening, panel)) if mistakes.is_empty() => Ok(Protocol {
            label,
            id_prefix,
            title,
            starts_on,
            legal,
            offices,
            screening,
            reasons,
            draw,
            panel,
            consent,
            threshold,
            bytes: text.into_bytes(),
        }),
        _ => Err(mistakes),
    }
}

fn record(source: &Source<'_>, mistake: &Mistake) {
    source.mistake_at_path(&mistake.path, mistake.offset, sentence(mistake));
}

fn identity(node: &Node<'_>) -> (String, String, Text) {
    let label = label(node, "label");
    let prefix = node.text("id_prefix");
    if lodd_intake::ids::verify_prefix(&prefix).is_err() {
        node.mistake(
            "id_prefix",
            say!(
                "`id_prefix` må være tre store bokstaver som ikke er en måned, fant `{prefix}`",
                nn "`id_prefix` må vere tre store bokstavar som ikkje er ein månad, fann `{prefix}`",
                "`id_prefix` must be three upper-case letters that are not a month's, found `{prefix}`",
                prefix = &prefix
            ),
        );
    }
    let title = Text::new(node.text("title_nb"), node.text("title_en"));
    node.finish();
    (label, prefix, title)
}

/// A label of the draw protocol.
fn label(node: &Node<'_>, key: &'static str) -> String {
    let label = node.text(key);
    if node.has(key) && !lodd_draw::is_label(&label) {
        node.mistake(
            key,
            say!(
                "`{label}` må være 1 til 64 av tegnene A-Z a-z 0-9 _ . -",
                nn "`{label}` må vere 1 til 64 av teikna A-Z a-z 0-9 _ . -",
                "`{label}` must be 1 to 64 of the characters A-Z a-z 0-9 _ . -",
                label = &label
            ),
        );
    }
    label
}

fn legal(root: &Node<'_>) -> Vec<String> {
    let Some(node) = root.table("legal") else { return Vec::new() };
    let texts = LEGAL.iter().map(|key| node.text(key)).collect();
    node.finish();
    texts
}

/// `[consent]`, which may be left out: then only a refusal is a lack of consent.
fn consent(root: &Node<'_>) -> ConsentRule {
    if !root.has("consent") {
        return ConsentRule::NotRequired;
    }
    let required = root.table("consent").is_some_and(|node| {
        let required = node.flag("required", false);
        node.finish();
        required
    });
    if required { ConsentRule::Required } else { ConsentRule::NotRequired }
}

fn offices(root: &Node<'_>) -> Vec<Office> {
    let read = |node: &Node<'_>| {
        let municipality = node.text("municipality");
        if municipality.len() != 4 || !municipality.bytes().all(|it| it.is_ascii_digit()) {
            node.mistake(
                "municipality",
                say!(
                    "`municipality` må være fire sifre",
                    nn "`municipality` må vere fire siffer",
                    "`municipality` must be four digits"
                ),
            );
        }
        let office = Office { id: label(node, "id"), name: node.text("name"), municipality };
        node.finish();
        office
    };
    let offices: Vec<Office> = root.tables("office").iter().map(read).collect();
    if offices.is_empty() {
        root.mistake(
            "office",
            say!(
                "det må være minst ett [[office]]",
                nn "det må vere minst eitt [[office]]",
                "there must be at least one [[office]]"
            ),
        );
    }
    draw::repeated(root, "office", offices.iter().map(|office| office.id.as_str()));
    offices
}

impl Protocol {
    /// Whether there is a lottery: without `[draw]` nobody is drawn, and no effect is estimated.
    pub(crate) fn is_drawn(&self) -> bool {
        !self.draw.arms.is_empty()
    }

    /// Every outcome, in the order of the file.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.panel.outcomes()
    }

    pub(crate) fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes().find(|it| it.id == id)
    }

    /// The built-in variables and the pilot's own.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.panel.variables().iter()
    }

    /// The names of the horizons, in the order of the file.
    pub(crate) fn horizons(&self) -> Vec<String> {
        self.panel.followup().horizons.iter().map(|it| it.at.label()).collect()
    }

    /// SHA-256 of the file, hexadecimal.
    pub(crate) fn sha256(&self) -> String {
        crate::hash::sha256_hex(&self.bytes)
    }

    /// The office's name, else its id.
    pub(crate) fn office_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.offices.iter().find(|it| it.id == id).map_or(id, |it| it.name.as_str())
    }
}
