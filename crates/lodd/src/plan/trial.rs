//! The analysis plan of any trial's table: the design is stated, and columns are the table's own.

use std::{collections::BTreeMap, path::Path};

use lodd_estimate::{Adjustment, BlockVariance, Estimator, OutcomeKind, Role, Seats};

use super::{BALANCE, Derived, Method, adjust::adjustments, columns, seed};
use crate::{
    frame::{Frame, no_column},
    hash::sha256_hex,
    problem::{Failure, Problem},
    reader::{Node, Source, did_you_mean, nearest},
    text::{Text, say},
};

/// A plan whose every line has been checked against the table.
#[derive(Clone, Debug)]
pub(crate) struct Trial {
    pub(crate) file: String,
    pub(crate) alpha: f64,
    pub(crate) seed: Option<[u8; 32]>,
    pub(crate) adjust: Vec<Adjustment>,
    pub(crate) design: Stated,
    pub(crate) analyses: Vec<Asked>,
    /// The family of hypotheses of each column that has one.
    pub(crate) families: BTreeMap<String, String>,
    pub(crate) sha256: String,
    /// The table with the derived columns.
    pub(crate) frame: Frame,
}

/// How units were assigned, by the names of columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stated {
    pub(crate) treatment: String,
    /// The reference label, where the treatment is not 0 and 1.
    pub(crate) control: Option<String>,
    pub(crate) block: Option<String>,
    pub(crate) cluster: Option<String>,
    pub(crate) probability: Option<String>,
    pub(crate) seats: Option<Seats>,
    pub(crate) drop_blocks: bool,
    pub(crate) block_variance: Option<BlockVariance>,
}

/// One analysis: an estimator on columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) id: String,
    pub(crate) outcomes: Vec<String>,
    pub(crate) method: Method,
    pub(crate) weights: Option<String>,
}

/// Reads and checks a plan against the columns of a table; every mistake at once.
///
/// # Errors
///
/// Refused with all mistakes, or could not be read.
pub(crate) fn read(path: &Path, frame: Frame) -> Result<Trial, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    parse(&crate::protocol::shown(path), &text, frame).map_err(|problems| {
        let n = problems.len();
        Failure::refused(
            say!(
                "analyseplanen har {n} feil, ingenting er gjort",
                nn "analyseplanen har {n} feil, ingenting er gjort",
                "the analysis plan has {n} mistakes, nothing was done"
            ),
            problems,
        )
    })
}

fn parse(file: &str, text: &str, mut frame: Frame) -> Result<Trial, Vec<Problem>> {
    let source = Source::new(file, text);
    let root = source.root();
    root.integer("version", 1..=1);
    let alpha = super::alpha(&root);
    let seed = seed(&root);
    let adjust = adjustments(&root, seed.is_some());
    derive(&root, &mut frame);
    let design = root.table("design").map(|node| stated(&node, &frame)).unwrap_or_default();
    let planned: Vec<(String, String)> =
        root.tables("outcome").iter().map(|node| outcome(node, &frame)).collect();
    let analyses: Vec<Asked> = root
        .tables("analysis")
        .iter()
        .map(|node| asked(node, (&frame, &design), &planned, seed.is_some()))
        .collect();
    if analyses.is_empty() {
        root.mistake(
            "analysis",
            say!(
                "planen har ingen [[analysis]]", nn "planen har ingen [[analysis]]",
                "the plan has no [[analysis]]"
            ),
        );
    }
    root.finish();
    drop(root);
    let mistakes = source.finish();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(Trial {
        file: file.to_owned(),
        alpha,
        seed,
        adjust,
        design,
        analyses,
        families: planned.into_iter().collect(),
        sha256: sha256_hex(text.as_bytes()),
        frame,
    })
}

fn derive(root: &Node<'_>, frame: &mut Frame) {
    let tables = root.tables("derive");
    for (node, Derived { name, sql }) in tables.iter().zip(columns::derived(root)) {
        if frame.names().any(|taken| taken.eq_ignore_ascii_case(&name)) {
            node.mistake(
                "name",
                say!(
                    "kolonnen `{name}` finnes fra før", nn "kolonnen `{name}` finst frå før",
                    "there is a column `{name}` already"
                ),
            );
        } else if let Err(why) = frame.derive(&name, &sql) {
            node.mistake("sql", why);
        }
    }
}

/// A column of the table.
fn known(node: &Node<'_>, key: &'static str, name: &str, frame: &Frame) {
    if name.is_empty() || frame.names().any(|it| it == name) {
        return;
    }
    match nearest(name, frame.names()) {
        Some(near) => node.mistake_with(key, no_column(name), did_you_mean(near)),
        None => node.mistake(key, no_column(name)),
    }
}

fn stated(node: &Node<'_>, frame: &Frame) -> Stated {
    let column = |key| {
        let name = node.text_or_none(key);
        if let Some(name) = &name {
            known(node, key, name, frame);
        }
        name
    };
    let treatment = node.text("treatment");
    known(node, "treatment", &treatment, frame);
    let seats = super::method::word(node, "seats");
    let stated = Stated {
        control: control(node, &treatment, frame),
        treatment,
        block: column("block"),
        cluster: column("cluster"),
        probability: column("probability"),
        seats,
        drop_blocks: node.flag("drop_blocks", false),
        block_variance: super::method::word(node, "block_variance"),
    };
    if seats == Some(Seats::Bernoulli) && stated.probability.is_none() {
        node.mistake(
            "seats",
            say!(
                "`bernoulli` krever `probability`: sannsynligheten for armen hver fikk",
                nn "`bernoulli` krev `probability`: sannsynet for armen kvar fekk",
                "`bernoulli` needs `probability`: that of the arm each received"
            ),
        );
    }
    node.finish();
    stated
}

/// The reference label: must be given where the treatment is not 0 and 1.
fn control(node: &Node<'_>, treatment: &str, frame: &Frame) -> Option<String> {
    let control = node.text_or_none("control");
    let Ok(labels) = frame.labels(treatment) else { return control };
    let arms: std::collections::BTreeSet<String> = labels.into_iter().flatten().collect();
    let all = arms.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    match &control {
        Some(label) if !arms.contains(label) => node.mistake(
            "control",
            say!(
                "`{label}` er ingen arm i `{treatment}`; det finnes {all}",
                nn "`{label}` er ingen arm i `{treatment}`; det finst {all}",
                "`{label}` is no arm in `{treatment}`; there are {all}"
            ),
        ),
        None if arms.iter().any(|it| it != "0" && it != "1") => node.mistake(
            "treatment",
            say!(
                "`{treatment}` er ikke 0 og 1: si hvilken som er kontroll med `control` ({all})",
                nn "`{treatment}` er ikkje 0 og 1: sei kven som er kontroll med `control` ({all})",
                "`{treatment}` is not 0 and 1: say which is the control with `control` ({all})"
            ),
        ),
        _ => {}
    }
    control
}

/// Column and family of an `[[outcome]]`.
fn outcome(node: &Node<'_>, frame: &Frame) -> (String, String) {
    let (id, column) = (node.text("id"), node.text_or_none("column"));
    let key = if column.is_some() { "column" } else { "id" };
    let column = column.unwrap_or(id);
    known(node, key, &column, frame);
    node.choice("kind", &[("binary", ()), ("continuous", ()), ("category", ()), ("survival", ())]);
    node.flag("primary", false);
    let family = node.text_or_none("family").unwrap_or_else(|| "primary".to_owned());
    node.finish();
    (column, family)
}

fn asked(
    node: &Node<'_>,
    (frame, design): (&Frame, &Stated),
    planned: &[(String, String)],
    seeded: bool,
) -> Asked {
    let mut method = Method::read(node, seeded, &super::method::OF_A_TABLE);
    if let Some(own) = design.seats {
        if method.states_seats && method.options.seats != own {
            node.mistake(
                "seats",
                say!(
                    "`seats` motsier [design]", nn "`seats` seier imot [design]",
                    "`seats` contradicts [design]"
                ),
            );
        }
        method.options.seats = own;
    }
    method.options.block_variance = method.options.block_variance.or(design.block_variance);
    method.drop_blocks |= design.drop_blocks;
    let has = |role| method.columns.iter().any(|(it, _)| *it == role);
    if let Some(name) = design.probability.clone()
        && method.takes(Role::Probability.key())
        && !has(Role::Probability)
    {
        method.columns.push((Role::Probability, name));
    }
    if method.known().is_some_and(Estimator::takes_offers) {
        node.mistake(
            "estimator",
            say!(
                "`{name}` krever tilbudsloggen til en pilot",
                nn "`{name}` krev tilbodsloggen til ein pilot",
                "`{name}` needs the log of offers of a pilot",
                name = method.estimator.clone()
            ),
        );
    }
    for (key, name) in method.names() {
        known(node, key, name, frame);
    }
    if let Some(Err(why)) = method.filter.as_ref().map(|it| frame.holds(it)) {
        node.mistake("where", why);
    }
    let weights = node.text_or_none("weights");
    if let Some(name) = &weights {
        known(node, "weights", name, frame);
        if method.known().is_some() && !method.takes("weights") {
            let name = &method.estimator;
            let message = say!(
                "`{name}` har ikke vekter", nn "`{name}` har ikkje vekter",
                "`{name}` has no weights"
            );
            node.mistake("weights", message);
        }
    }
    let asked = Asked {
        id: node.text("id"),
        outcomes: outcomes(node, frame, planned, &method),
        weights,
        method,
    };
    node.finish();
    asked
}

/// The outcome's column: `outcome`, `outcomes` or `family`; of a time also `time` or `low`.
fn outcomes(
    node: &Node<'_>,
    frame: &Frame,
    planned: &[(String, String)],
    method: &Method,
) -> Vec<String> {
    let times = method.known().is_some_and(|it| it.outcome() == OutcomeKind::Time);
    let mut keys = vec!["outcome", "outcomes", "family"];
    if times {
        keys.extend(["time", "low"]);
    }
    let given: Vec<&'static str> = keys.into_iter().filter(|key| node.has(key)).collect();
    let names = match given.as_slice() {
        [] if method.estimator == BALANCE => Vec::new(),
        [key @ "family"] => {
            let family = node.text_or_none(key);
            let of = planned.iter().filter(|(_, it)| Some(it) == family.as_ref());
            of.map(|(column, _)| column.clone()).collect()
        }
        [key] => node.text_or_texts(key).unwrap_or_default(),
        _ => {
            node.mistake(
                "outcome",
                Text::new(
                    "nøyaktig én av `outcome`, `outcomes` og `family` må stå her",
                    "exactly one of `outcome`, `outcomes` and `family` must be here",
                )
                .nn("nøyaktig éin av `outcome`, `outcomes` og `family` må stå her"),
            );
            return Vec::new();
        }
    };
    let key = given.first().copied().unwrap_or("outcome");
    if names.is_empty() && !given.is_empty() {
        node.mistake(
            key,
            say!(
                "ingen utfall er nevnt", nn "ingen utfall er nemnde",
                "no outcome is named"
            ),
        );
    }
    for name in &names {
        known(node, key, name, frame);
    }
    names
}
