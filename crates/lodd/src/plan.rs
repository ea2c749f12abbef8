//! The analysis plan, `analysis.toml`: what will be compared, fixed before outcomes are seen.

pub(crate) mod adjust;
mod columns;
pub(crate) mod contrast;
mod method;
mod outcomes;
pub(crate) mod trial;

use std::{collections::BTreeMap, path::Path};

use lodd_estimate::Adjustment;
use lodd_panel::codes::UnitKind;

pub(crate) use columns::{BASELINE, Derived, OF_EVERY_PILOT, is_text};
pub(crate) use contrast::{Contrast, Population};
pub(crate) use method::Method;
use outcomes::{fitting_outcome, horizons, only_of_a_table};

use crate::{
    problem::{Failure, Problem},
    protocol::Protocol,
    reader::{Node, Source, did_you_mean, nearest},
    text::say,
    units::mixed_units,
};

/// A plan whose every line has been checked.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The file as messages name it.
    pub(crate) file: String,
    /// Two-sided error rate, in (0, 1).
    pub(crate) alpha: f64,
    /// Seeds everything that is Monte Carlo.
    pub(crate) seed: Option<[u8; 32]>,
    /// Columns by expression, in order.
    pub(crate) derived: Vec<Derived>,
    pub(crate) analyses: Vec<Analysis>,
    /// The outcomes that the plan calls primary.
    pub(crate) primary: Vec<String>,
    /// The family of hypotheses of each outcome that has one.
    pub(crate) families: BTreeMap<String, String>,
    /// How p-values are adjusted within a family.
    pub(crate) adjust: Vec<Adjustment>,
    /// SHA-256 of the file's bytes, hexadecimal.
    pub(crate) sha256: String,
    pub(crate) text: String,
}

/// One planned comparison: an estimator on outcomes at a horizon.
#[derive(Clone, Debug, Default)]
pub(crate) struct Analysis {
    pub(crate) id: String,
    pub(crate) outcomes: Vec<String>,
    pub(crate) method: Method,
    /// `12` or an ISO date, as in the panel; several where the estimator compares periods, none
    /// where there is no outcome.
    pub(crate) horizons: Vec<String>,
    pub(crate) source: String,
    pub(crate) register: Option<String>,
    pub(crate) draws: Vec<i64>,
    /// The draws that are run again, where the plan names them; the others are held.
    pub(crate) replay: Option<Vec<i64>>,
    pub(crate) contrast: Contrast,
    pub(crate) population: Population,
    /// An effect that is thought possible, in the outcome's unit.
    pub(crate) plausible_effect: Option<f64>,
    pub(crate) weights: Weights,
    /// What standard errors are clustered on; the draw's own where it is left out.
    pub(crate) cluster: Option<Cluster>,
}

/// How much each row counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Weights {
    /// Alike.
    #[default]
    Families,
    /// So that each office counts alike.
    Offices,
    /// As a column says.
    Column(String),
}

/// What standard errors are clustered on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cluster {
    Family,
    Office,
}

impl Analysis {
    /// The horizon as tables have it.
    pub(crate) fn horizon(&self) -> String {
        self.horizons.join(",")
    }
}

/// Reads and checks `analysis.toml` against the pilot; every mistake at once.
///
/// # Errors
///
/// Refused with all mistakes, or could not be read.
pub(crate) fn read(path: &Path, protocol: &Protocol) -> Result<Plan, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    parse(&crate::protocol::shown(path), text, protocol).map_err(|problems| {
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

/// Parses a plan's text; `file` is only named in mistakes.
pub(crate) fn parse(file: &str, text: String, protocol: &Protocol) -> Result<Plan, Vec<Problem>> {
    let source = Source::new(file, &text);
    let root = source.root();
    root.integer("version", 1..=1);
    let alpha = alpha(&root);
    let seed = seed(&root);
    let adjust = adjust::adjustments(&root, seed.is_some());
    if root.has("design") {
        root.mistake_with(
            "design",
            say!(
                "en pilot har ingen [design]: armer, blokker, plasser og enhet kommer fra trekningen",
                nn "ein pilot har ingen [design]: armar, blokker, plassar og eining kjem frå trekkinga",
                "a pilot has no [design]: arms, blocks, seats and unit come from the draw"
            ),
            say!("ta delen bort", "take the part away"),
        );
    }
    let derived = columns::derived(&root);
    let known = columns::Known { protocol, derived: &derived };
    let outcomes: Vec<Planned> =
        root.tables("outcome").iter().map(|node| planned(node, protocol)).collect();
    let analyses: Vec<(Node<'_>, Analysis)> = root
        .tables("analysis")
        .into_iter()
        .map(|node| {
            let analysis = analysis(&node, &known, &outcomes, seed.is_some());
            adjust::check(&node, &analysis.method, &adjust);
            (node, analysis)
        })
        .collect();
    columns::check(&root, &known, &analyses);
    let analyses: Vec<Analysis> = analyses.into_iter().map(|(_, it)| it).collect();
    if analyses.is_empty() {
        root.mistake(
            "analysis",
            say!("planen har ingen [[analysis]]", "the plan has no [[analysis]]"),
        );
    }
    root.finish();
    drop(root);
    let mistakes = source.finish();
    drop(source);
    let families = outcomes.iter().map(|it| (it.outcome.clone(), it.family.clone())).collect();
    let primary = outcomes.into_iter().filter(|it| it.primary).map(|it| it.outcome).collect();
    let sha256 = crate::hash::sha256_hex(text.as_bytes());
    if mistakes.is_empty() {
        let file = file.to_owned();
        Ok(Plan { file, alpha, seed, derived, analyses, primary, families, adjust, sha256, text })
    } else {
        Err(mistakes)
    }
}

fn alpha(root: &Node<'_>) -> f64 {
    let alpha = root.number_or_none("alpha").unwrap_or(0.05);
    if !(alpha > 0.0 && alpha < 1.0) {
        root.mistake(
            "alpha",
            say!(
                "`alpha` må være mellom 0 og 1", nn "`alpha` må vere mellom 0 og 1",
                "`alpha` must be between 0 and 1"
            ),
        );
    }
    alpha
}

fn seed(root: &Node<'_>) -> Option<[u8; 32]> {
    let text = root.text_or_none("seed")?;
    let seed = crate::hash::hex_32(&text);
    if seed.is_none() {
        root.mistake(
            "seed",
            say!(
                "`seed` må være 64 heksadesimale sifre",
                nn "`seed` må vere 64 heksadesimale siffer",
                "`seed` must be 64 hexadecimal digits"
            ),
        );
    }
    seed
}

/// One `[[outcome]]`: its family of hypotheses, and whether it is a primary one.
struct Planned {
    outcome: String,
    family: String,
    primary: bool,
    plausible_effect: Option<f64>,
}

fn planned(node: &Node<'_>, protocol: &Protocol) -> Planned {
    let (id, column) = (node.text("id"), node.text_or_none("column"));
    let key = if column.is_some() { "column" } else { "id" };
    let outcome = column.unwrap_or(id);
    known_outcome(node, key, &outcome, protocol);
    let family = node.text_or_none("family").unwrap_or_else(|| "primary".to_owned());
    let primary = node.flag("primary", false);
    node.choice("kind", &[("binary", ()), ("continuous", ()), ("category", ())]);
    let plausible_effect = plausible(node);
    node.finish();
    Planned { outcome, family, primary, plausible_effect }
}

/// `plausible_effect`: not 0.
fn plausible(node: &Node<'_>) -> Option<f64> {
    let effect = node.number_or_none("plausible_effect");
    if effect.is_some_and(|it| !it.is_finite() || it.abs() <= 0.0) {
        node.mistake(
            "plausible_effect",
            say!(
                "`plausible_effect` kan ikke være 0", nn "`plausible_effect` kan ikkje vere 0",
                "`plausible_effect` can't be 0"
            ),
        );
    }
    effect
}

fn known_outcome(node: &Node<'_>, key: &'static str, id: &str, protocol: &Protocol) {
    if protocol.outcome(id).is_none() && !id.is_empty() {
        let message = say!(
            "utfallet `{id}` er ikke i pilot.toml", nn "utfallet `{id}` er ikkje i pilot.toml",
            "outcome `{id}` is not in pilot.toml"
        );
        match nearest(id, protocol.outcomes().map(|it| it.id.as_ref())) {
            Some(near) => node.mistake_with(key, message, did_you_mean(near)),
            None => node.mistake(key, message),
        }
    }
}

fn analysis(
    node: &Node<'_>,
    known: &columns::Known<'_>,
    planned: &[Planned],
    seeded: bool,
) -> Analysis {
    let protocol = known.protocol;
    let id = node.text("id");
    let method = Method::read(node, seeded, &method::OF_A_PILOT);
    columns::of_the_draw(node, &method);
    only_of_a_table(node, &method);
    let outcomes = outcomes(node, protocol, planned, &method);
    let contrast = contrast::contrast(node, protocol, &method);
    let draws = contrast::draws(node, protocol);
    let of_outcomes = planned.iter().find(|it| outcomes.contains(&it.outcome));
    let plausible_effect = plausible(node).or(of_outcomes.and_then(|it| it.plausible_effect));
    let analysis = Analysis {
        id,
        horizons: horizons(node, protocol, &method),
        source: node
            .choice(
                "source",
                &[
                    ("VEILEDER", "VEILEDER"),
                    ("SELVRAPPORT", "SELVRAPPORT"),
                    ("REGISTER", "REGISTER"),
                ],
            )
            .unwrap_or("VEILEDER")
            .to_owned(),
        register: node.text_or_none("register"),
        replay: contrast::replay(node, &draws, &method),
        draws,
        contrast,
        population: contrast::population(node, contrast),
        plausible_effect,
        weights: weights(node, &method),
        cluster: node
            .choice("cluster", &[("family", Cluster::Family), ("office", Cluster::Office)]),
        outcomes,
        method,
    };
    contrast::check(
        node,
        contrast,
        (&analysis.method, &analysis.source),
        (&analysis.weights, analysis.cluster),
    );
    let unit = node.choice(
        "unit",
        &[("FAMILIE", UnitKind::Family), ("VOKSEN", UnitKind::Adult), ("BARN", UnitKind::Child)],
    );
    one_unit(node, (&analysis.id, unit), &analysis.outcomes, protocol);
    columns::names(node, known, &analysis);
    node.finish();
    analysis
}

/// `weights = "families"`, `"offices"` or a column.
fn weights(node: &Node<'_>, method: &Method) -> Weights {
    let weights = match node.text_or_none("weights").as_deref() {
        None | Some("families") => Weights::Families,
        Some("offices") => Weights::Offices,
        Some(column) => Weights::Column(column.to_owned()),
    };
    let name = &method.estimator;
    if weights != Weights::Families && method.known().is_some() && !method.takes("weights") {
        let message = say!(
            "`{name}` har ikke vekter", nn "`{name}` har ikkje vekter",
            "`{name}` has no weights"
        );
        node.mistake("weights", message);
    }
    weights
}

fn outcomes(
    node: &Node<'_>,
    protocol: &Protocol,
    planned: &[Planned],
    method: &Method,
) -> Vec<String> {
    let one = node.text_or_none("outcome").into_iter().collect::<Vec<_>>();
    let many = node.texts_or_none("outcomes").unwrap_or_default();
    let family = node.text_or_none("family");
    let of_family = planned.iter().filter(|it| Some(&it.family) == family.as_ref());
    let key = ["outcome", "outcomes", "family"]
        .into_iter()
        .filter(|key| node.has(key))
        .collect::<Vec<_>>();
    let all: Vec<String> =
        one.into_iter().chain(many).chain(of_family.map(|it| it.outcome.clone())).collect();
    match key.as_slice() {
        [] if method.estimator == BALANCE => {}
        [key] if method.estimator == BALANCE => node.mistake(
            key,
            say!(
                "`balance` er av det som var kjent før trekningen, og har ikke utfall",
                nn "`balance` er av det som var kjent før trekkinga, og har ikkje utfall",
                "`balance` is of what was known before the draw, and has no outcome"
            ),
        ),
        [key] => {
            if all.is_empty() {
                let none = say!("ingen utfall er nevnt", nn "ingen utfall er nemnde", "no outcome is named");
                node.mistake(key, none);
            }
            for id in &all {
                known_outcome(node, key, id, protocol);
                if let Some((outcome, estimator)) = protocol.outcome(id).zip(method.known()) {
                    fitting_outcome(node, key, outcome, estimator);
                }
            }
        }
        _ => node.mistake(
            "outcome",
            say!(
                "nøyaktig én av `outcome`, `outcomes` og `family` må stå her",
                nn "nøyaktig éin av `outcome`, `outcomes` og `family` må stå her",
                "exactly one of `outcome`, `outcomes` and `family` must be here"
            ),
        ),
    }
    all
}

/// The estimator that has no outcome.
pub(crate) const BALANCE: &str = "balance";

/// Outcomes of one analysis describe one unit: the one it names, where it names one (U01).
fn one_unit(
    node: &Node<'_>,
    (id, named): (&str, Option<UnitKind>),
    outcomes: &[String],
    protocol: &Protocol,
) {
    let described = outcomes.iter().filter_map(|id| Some((protocol.outcome(id)?.unit, id)));
    let mut units: Vec<(UnitKind, &str)> = named.map(|unit| (unit, id)).into_iter().collect();
    units.extend(described.map(|(unit, id)| (unit, id.as_str())));
    let Some(&(unit, of)) = units.first() else { return };
    if let Some(&(other, other_of)) = units.iter().find(|(it, _)| *it != unit) {
        let problem = mixed_units((unit, of.to_owned()), (other, other_of.to_owned()));
        node.problem(if named.is_some() { "unit" } else { "outcomes" }, problem);
    }
}
