//! How an analysis is done: an estimator of the registry, its options, and the columns it takes.
//!
//! Which keys an estimator has follows from the registry, in a pilot's plan and in that of any
//! trial's table.

use std::str::FromStr;

use lodd_estimate::{ESTIMATORS, Estimator, MissingCovariates, Options, Role, UnknownWord};

use crate::{
    reader::{Node, did_you_mean, nearest},
    text::say,
};

/// An estimator with its options, and the columns of each role by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Method {
    pub(crate) estimator: String,
    /// All but the treatment's name, the error rate and the seed, which are the plan's.
    pub(crate) options: Options,
    pub(crate) covariates: Vec<String>,
    /// In the order of [`Role::ALL`].
    pub(crate) columns: Vec<(Role, String)>,
    pub(crate) missing: Option<MissingCovariates>,
    /// Rows are left out where this SQL expression over the columns is not true.
    pub(crate) filter: Option<String>,
    pub(crate) drop_blocks: bool,
    /// Whether the plan itself says how units were drawn.
    pub(crate) states_seats: bool,
}

/// Keys that set a number or a word; those of columns are [`Role::key`].
const SETTINGS: [&str; 21] = [
    "se",
    "df",
    "statistic",
    "alternative",
    "max_exact",
    "replicates",
    "block_variance",
    "seats",
    "multipliers",
    "vcov",
    "margin",
    "support",
    "tau",
    "times",
    "ties",
    "conf_type",
    "distribution",
    "corstr",
    "correction",
    "covariates",
    "missing_covariates",
];

/// Columns that follow from the outcome or the horizons of any table, and of a pilot.
pub(super) const OF_A_TABLE: [&str; 5] = ["category", "outcomes", "observed", "high", "period"];
pub(super) const OF_A_PILOT: [&str; 7] =
    ["category", "outcomes", "observed", "high", "period", "event", "competing"];

impl Method {
    /// The estimator; there is one where the plan was read without mistakes.
    pub(crate) fn known(&self) -> Option<&'static dyn Estimator> {
        lodd_estimate::estimator(&self.estimator)
    }

    /// Whether the estimator has an option or takes a column.
    pub(crate) fn takes(&self, key: &str) -> bool {
        self.known().is_some_and(|it| it.options().contains(&key))
    }

    /// Every column it names, each with its key.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let covariates = self.covariates.iter().map(|it| ("covariates", it.as_str()));
        covariates.chain(self.columns.iter().map(|(role, it)| (role.key(), it.as_str())))
    }

    /// Reads the estimator and what it has been given; `follows` are columns that follow from the
    /// outcome or the horizons, without being named.
    pub(crate) fn read(node: &Node<'_>, seeded: bool, follows: &[&str]) -> Self {
        let name = node.text("estimator");
        let Some(estimator) = lodd_estimate::estimator(&name) else {
            unknown_estimator(node, &name);
            return Self { estimator: name, ..Self::default() };
        };
        let roles = Role::ALL.iter().filter(|it| **it != Role::Part);
        for key in SETTINGS.into_iter().chain(roles.clone().map(|it| it.key())) {
            if node.has(key) && !estimator.options().contains(&key) {
                node.mistake(
                    key,
                    say!(
                        "`{name}` har ikke valget `{key}`",
                        nn "`{name}` har ikkje valet `{key}`",
                        "`{name}` has no option `{key}`"
                    ),
                );
            }
        }
        if estimator.needs_redraw() && !seeded {
            node.mistake(
                "estimator",
                say!(
                    "`{name}` krever `seed` i planen",
                    nn "`{name}` krev `seed` i planen",
                    "`{name}` needs `seed` in the plan"
                ),
            );
        }
        for key in estimator.needs().iter().filter(|it| !follows.contains(it)) {
            if !node.has(key) {
                node.mistake(
                    "estimator",
                    say!(
                        "`{name}` krever `{key}`",
                        nn "`{name}` krev `{key}`",
                        "`{name}` needs `{key}`"
                    ),
                );
            }
        }
        let columns = |role: &Role| {
            let names = node.text_or_texts(role.key()).unwrap_or_default();
            names.into_iter().map(|it| (*role, it)).collect::<Vec<_>>()
        };
        Self {
            options: options(node),
            covariates: node.text_or_texts("covariates").unwrap_or_default(),
            columns: roles.flat_map(columns).collect(),
            missing: node.choice(
                "missing_covariates",
                &[("indicator", MissingCovariates::Indicator), ("drop", MissingCovariates::Drop)],
            ),
            filter: node.text_or_none("where"),
            drop_blocks: node.flag("drop_blocks", false),
            states_seats: node.has("seats"),
            estimator: name,
        }
    }
}

fn unknown_estimator(node: &Node<'_>, name: &str) {
    if name.is_empty() {
        return;
    }
    let names: Vec<&str> = ESTIMATORS.iter().map(|it| it.name()).collect();
    let all = names.join(", ");
    let message = say!(
        "ukjent estimator `{name}`; det finnes {all}",
        nn "ukjend estimator `{name}`; det finst {all}",
        "unknown estimator `{name}`; there are {all}"
    );
    match nearest(name, names) {
        Some(near) => node.mistake_with("estimator", message, did_you_mean(near)),
        None => node.mistake("estimator", message),
    }
}

/// The options that are set, the others as the estimators have them.
fn options(node: &Node<'_>) -> Options {
    let size = |key| node.integer_or_none(key).and_then(|n| u64::try_from(n).ok());
    let defaults = Options::default();
    let support = node.numbers_or_none("support").unwrap_or_default();
    let pair = match support.as_slice() {
        [low, high] if low < high => Some((*low, *high)),
        [] => None,
        _ => {
            node.mistake(
                "support",
                say!(
                    "`support` må være to tall, det minste først",
                    nn "`support` må vere to tal, det minste først",
                    "`support` must be two numbers, the lower one first"
                ),
            );
            None
        }
    };
    Options {
        se: word(node, "se"),
        df: word(node, "df"),
        statistic: word(node, "statistic").unwrap_or(defaults.statistic),
        alternative: word(node, "alternative").unwrap_or(defaults.alternative),
        max_exact: size("max_exact").unwrap_or(defaults.max_exact),
        replicates: size("replicates").unwrap_or(defaults.replicates),
        block_variance: word(node, "block_variance"),
        seats: word(node, "seats").unwrap_or(defaults.seats),
        multipliers: word(node, "multipliers").unwrap_or(defaults.multipliers),
        vcov: word(node, "vcov"),
        margin: node.number_or_none("margin"),
        support: pair,
        tau: node.number_or_none("tau"),
        times: node.numbers_or_none("times").unwrap_or_default(),
        ties: word(node, "ties").unwrap_or(defaults.ties),
        conf_type: word(node, "conf_type").unwrap_or(defaults.conf_type),
        distribution: word(node, "distribution").unwrap_or(defaults.distribution),
        corstr: word(node, "corstr").unwrap_or(defaults.corstr),
        correction: word(node, "correction").unwrap_or(defaults.correction),
        ..defaults
    }
}

/// An option with a closed set of words.
pub(super) fn word<T: FromStr<Err = UnknownWord>>(node: &Node<'_>, key: &'static str) -> Option<T> {
    let written = node.text_or_none(key)?;
    parsed(node, key, &written)
}

pub(super) fn parsed<T: FromStr<Err = UnknownWord>>(
    node: &Node<'_>,
    key: &'static str,
    written: &str,
) -> Option<T> {
    match written.parse() {
        Ok(it) => Some(it),
        Err(error) => {
            let UnknownWord { allowed, .. } = error;
            let all = allowed.join(", ");
            let message = say!(
                "`{key}` må være en av {all}, fant `{written}`",
                nn "`{key}` må vere ein av {all}, fann `{written}`",
                "`{key}` must be one of {all}, found `{written}`"
            );
            match nearest(written, allowed) {
                Some(near) => node.mistake_with(key, message, did_you_mean(near)),
                None => node.mistake(key, message),
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An option that a plan could not set would be one that nobody has.
    #[test]
    fn a_plan_can_set_every_option_of_the_registry() {
        let roles = || Role::ALL.iter().map(|it| it.key());
        for estimator in ESTIMATORS {
            for option in estimator.options() {
                let known = SETTINGS.contains(option) || roles().any(|it| it == *option);
                assert!(known || *option == "weights", "{}: {option}", estimator.name());
            }
        }
    }
}
