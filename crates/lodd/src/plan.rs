//! The analysis plan, `analysis.toml`: what will be compared, fixed before outcomes are seen.

use std::path::Path;

use lodd_estimate::{Alternative, Df, ESTIMATORS, Estimator, SeType, Statistic, UnknownWord};
use lodd_panel::{
    codes::UnitKind,
    outcomes::{Outcome, ValueKind},
};

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
    /// Two-sided error rate, in (0, 1).
    pub(crate) alpha: f64,
    /// Seeds everything that is Monte Carlo.
    pub(crate) seed: Option<[u8; 32]>,
    pub(crate) analyses: Vec<Analysis>,
    /// The outcomes that the plan calls primary.
    pub(crate) primary: Vec<String>,
    /// SHA-256 of the file's bytes, hexadecimal.
    pub(crate) sha256: String,
    pub(crate) text: String,
}

/// One planned comparison: an estimator on outcomes at a horizon.
#[derive(Clone, Debug, Default)]
pub(crate) struct Analysis {
    pub(crate) id: String,
    pub(crate) outcomes: Vec<String>,
    pub(crate) estimator: String,
    /// `12` or an ISO date, as in the panel.
    pub(crate) horizon: String,
    pub(crate) source: String,
    pub(crate) register: Option<String>,
    pub(crate) draws: Vec<i64>,
    pub(crate) se: Option<String>,
    pub(crate) df: Option<String>,
    pub(crate) statistic: Option<String>,
    pub(crate) alternative: Option<String>,
    pub(crate) max_exact: Option<u64>,
    pub(crate) replicates: Option<u64>,
}

impl Analysis {
    /// What is compared.
    pub(crate) fn contrast(&self) -> &'static str {
        contrast_of(&self.estimator)
    }
}

/// The initial offers with the rest; `waitlist` alone compares everyone ever offered a place.
fn contrast_of(estimator: &str) -> &'static str {
    let ever = lodd_estimate::estimator(estimator).is_some_and(Estimator::takes_offers);
    if ever { "ever_offer" } else { "initial_offer" }
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
    let alpha = root.number_or_none("alpha").unwrap_or(0.05);
    if !(alpha > 0.0 && alpha < 1.0) {
        root.mistake(
            "alpha",
            say!("`alpha` må være mellom 0 og 1", "`alpha` must be between 0 and 1"),
        );
    }
    let seed = seed(&root);
    let outcomes: Vec<Planned> =
        root.tables("outcome").iter().map(|node| planned(node, protocol)).collect();
    let analyses: Vec<Analysis> = root
        .tables("analysis")
        .iter()
        .map(|node| analysis(node, protocol, &outcomes, seed.is_some()))
        .collect();
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
    let primary = outcomes.into_iter().filter(|it| it.primary).map(|it| it.outcome).collect();
    let sha256 = crate::hash::sha256_hex(text.as_bytes());
    if mistakes.is_empty() {
        Ok(Plan { alpha, seed, analyses, primary, sha256, text })
    } else {
        Err(mistakes)
    }
}

fn seed(root: &Node<'_>) -> Option<[u8; 32]> {
    let text = root.text_or_none("seed")?;
    let seed = crate::hash::hex_32(&text);
    if seed.is_none() {
        root.mistake(
            "seed",
            say!("`seed` må være 64 heksadesimale sifre", "`seed` must be 64 hexadecimal digits"),
        );
    }
    seed
}

/// One `[[outcome]]`: its family of hypotheses, and whether it is a primary one.
struct Planned {
    outcome: String,
    family: String,
    primary: bool,
}

fn planned(node: &Node<'_>, protocol: &Protocol) -> Planned {
    let (id, column) = (node.text("id"), node.text_or_none("column"));
    let key = if column.is_some() { "column" } else { "id" };
    let outcome = column.unwrap_or(id);
    known_outcome(node, key, &outcome, protocol);
    let family = node.text_or_none("family").unwrap_or_else(|| "primary".to_owned());
    let primary = node.flag("primary", false);
    node.choice("kind", &[("binary", ()), ("continuous", ()), ("category", ())]);
    node.finish();
    Planned { outcome, family, primary }
}

fn known_outcome(node: &Node<'_>, key: &'static str, id: &str, protocol: &Protocol) {
    if protocol.outcome(id).is_none() && !id.is_empty() {
        let message =
            say!("utfallet `{id}` er ikke i pilot.toml", "outcome `{id}` is not in pilot.toml");
        match nearest(id, protocol.outcomes().map(|it| it.id.as_ref())) {
            Some(near) => node.mistake_with(key, message, did_you_mean(near)),
            None => node.mistake(key, message),
        }
    }
}

/// An interval is no number: an estimator takes it by its bounds, or not at all.
fn no_interval(node: &Node<'_>, key: &'static str, id: &str, protocol: &Protocol) {
    let interval = |it: &Outcome| it.value_kind() == ValueKind::Interval;
    if protocol.outcome(id).is_some_and(interval) {
        node.mistake(
            key,
            say!(
                "`{id}` er et intervall (value_low, value_high] og ikke ett tall",
                "`{id}` is an interval (value_low, value_high] and no single number"
            ),
        );
    }
}

/// The estimators of this release compare means: a category has none.
fn numeric_outcome(node: &Node<'_>, key: &'static str, id: &str, protocol: &Protocol) {
    no_interval(node, key, id, protocol);
    let category = |it: &Outcome| it.value_kind() == ValueKind::Category;
    if protocol.outcome(id).is_some_and(category) {
        let names = ESTIMATORS.iter().map(|it| it.name()).collect::<Vec<_>>().join(", ");
        node.mistake(
            key,
            say!(
                "`{id}` er en kategori: {names} sammenligner gjennomsnitt",
                "`{id}` is a category: {names} compare means"
            ),
        );
    }
}

fn analysis(node: &Node<'_>, protocol: &Protocol, planned: &[Planned], seeded: bool) -> Analysis {
    let id = node.text("id");
    let outcomes = outcomes(node, protocol, planned);
    let estimator = node.text("estimator");
    let analysis = Analysis {
        id,
        outcomes,
        horizon: horizon(node, protocol),
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
        draws: node.integers_or_none("draws").unwrap_or_else(|| vec![1]),
        ..options(node, &estimator, seeded)
    };
    node.choice("contrast", &[(contrast_of(&estimator), ())]);
    node.choice("population", &[("drawn", ())]);
    node.choice("weights", &[("families", ())]);
    let unit = node.choice(
        "unit",
        &[("FAMILIE", UnitKind::Family), ("VOKSEN", UnitKind::Adult), ("BARN", UnitKind::Child)],
    );
    one_unit(node, (&analysis.id, unit), &analysis.outcomes, protocol);
    node.finish();
    analysis
}

fn outcomes(node: &Node<'_>, protocol: &Protocol, planned: &[Planned]) -> Vec<String> {
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
        [key] => {
            if all.is_empty() {
                node.mistake(key, say!("ingen utfall er nevnt", "no outcome is named"));
            }
            for id in &all {
                known_outcome(node, key, id, protocol);
                numeric_outcome(node, key, id, protocol);
            }
        }
        _ => node.mistake(
            "outcome",
            say!(
                "nøyaktig én av `outcome`, `outcomes` og `family` må stå her",
                "exactly one of `outcome`, `outcomes` and `family` must be here"
            ),
        ),
    }
    all
}

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

/// `horizon = 12` or `at = "2016-12-31"`, one that the protocol has.
fn horizon(node: &Node<'_>, protocol: &Protocol) -> String {
    let months = node.integer_or_none("horizon").map(|months| months.to_string());
    let at = node.date_or_none("at").map(|date| date.to_string());
    let key = if at.is_some() { "at" } else { "horizon" };
    let horizon = months.or(at).unwrap_or_default();
    let known: Vec<String> = protocol.horizons();
    if !known.contains(&horizon) {
        let all = known.join(", ");
        node.mistake(
            key,
            say!(
                "analysen må ha en horisont fra pilot.toml ({all}), fant `{horizon}`",
                "the analysis must have a horizon of pilot.toml ({all}), found `{horizon}`"
            ),
        );
    }
    horizon
}

/// The estimator and its own options: which there are follows from the registry.
fn options(node: &Node<'_>, name: &str, seeded: bool) -> Analysis {
    let text = |key| node.text_or_none(key);
    let size = |key| node.integer_or_none(key).and_then(|n| u64::try_from(n).ok());
    let analysis = Analysis {
        estimator: name.to_owned(),
        se: text("se"),
        df: text("df"),
        statistic: text("statistic"),
        alternative: text("alternative"),
        max_exact: size("max_exact"),
        replicates: size("replicates"),
        ..Analysis::default()
    };
    let Some(estimator) = ESTIMATORS.iter().find(|it| it.name() == name) else {
        let names: Vec<&str> = ESTIMATORS.iter().map(|it| it.name()).collect();
        let all = names.join(", ");
        let message = say!(
            "ukjent estimator `{name}`; det finnes {all}",
            "unknown estimator `{name}`; there are {all}"
        );
        match nearest(name, names) {
            Some(near) => node.mistake_with("estimator", message, did_you_mean(near)),
            None => node.mistake("estimator", message),
        }
        return analysis;
    };
    for key in ["se", "df", "statistic", "alternative", "max_exact", "replicates"] {
        if node.has(key) && !estimator.options().contains(&key) {
            node.mistake(
                key,
                say!("`{name}` har ikke valget `{key}`", "`{name}` has no option `{key}`"),
            );
        }
    }
    check_words(node, &analysis);
    if estimator.needs_redraw() && !seeded {
        node.mistake(
            "estimator",
            say!("`{name}` krever `seed` i planen", "`{name}` needs `seed` in the plan"),
        );
    }
    analysis
}

/// Options with a closed set of words.
fn check_words(node: &Node<'_>, analysis: &Analysis) {
    let check = |key: &str, error: Option<UnknownWord>| {
        if let Some(UnknownWord { written, allowed, .. }) = error {
            let allowed = allowed.join(", ");
            node.mistake(
                key,
                say!(
                    "`{key}` må være en av {allowed}, fant `{written}`",
                    "`{key}` must be one of {allowed}, found `{written}`"
                ),
            );
        }
    };
    check("se", analysis.se.as_deref().and_then(|it| it.parse::<SeType>().err()));
    check("df", analysis.df.as_deref().and_then(|it| it.parse::<Df>().err()));
    check("statistic", analysis.statistic.as_deref().and_then(|it| it.parse::<Statistic>().err()));
    check(
        "alternative",
        analysis.alternative.as_deref().and_then(|it| it.parse::<Alternative>().err()),
    );
}
