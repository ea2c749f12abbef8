//! Which outcomes an estimator is for, and at which horizons.

use lodd_estimate::{Estimator, OutcomeKind, Role};
use lodd_panel::outcomes::{Outcome, ValueKind};

use super::{BALANCE, Method};
use crate::{
    protocol::Protocol,
    reader::Node,
    text::{Lang, Text, say},
};

/// An estimator is for numbers, for categories or for times: others are refused.
pub(super) fn fitting_outcome(
    node: &Node<'_>,
    key: &'static str,
    outcome: &Outcome,
    estimator: &'static dyn Estimator,
) {
    let (id, name) = (&outcome.id, estimator.name());
    let fits = match (outcome.value_kind(), estimator.outcome()) {
        (ValueKind::Category, kind) => kind == OutcomeKind::Category,
        (ValueKind::Interval, kind) => {
            let takes = |key| estimator.options().contains(&key);
            kind == OutcomeKind::Time && (takes("high") || takes("event"))
        }
        (ValueKind::YesNo, kind) => matches!(kind, OutcomeKind::Binary | OutcomeKind::Number),
        (_, kind) => kind == OutcomeKind::Number,
    };
    if fits {
        return;
    }
    let of = |kind: OutcomeKind| match kind {
        OutcomeKind::Number => Text::new("tall", "numbers").nn("tal"),
        OutcomeKind::Binary => Text::new("ja og nei", "yes and no").nn("ja og nei"),
        OutcomeKind::Category => Text::new("kategorier", "categories").nn("kategoriar"),
        OutcomeKind::Time => Text::new("tider", "times").nn("tider"),
    };
    let taken = of(estimator.outcome());
    let (nb, nn, en) = (&taken.nb, taken.get(Lang::Nn), &taken.en);
    node.mistake(
        key,
        match outcome.value_kind() {
            ValueKind::Category => say!(
                "`{id}` er en kategori: `{name}` sammenligner {nb}",
                nn "`{id}` er ein kategori: `{name}` samanliknar {nn}",
                "`{id}` is a category: `{name}` compares {en}"
            ),
            ValueKind::Interval => say!(
                "`{id}` er et intervall (value_low, value_high] og ikke ett tall: `{name}` sammenligner {nb}",
                nn "`{id}` er eit intervall (value_low, value_high] og ikkje eitt tal: `{name}` samanliknar {nn}",
                "`{id}` is an interval (value_low, value_high] and no single number: `{name}` compares {en}"
            ),
            _ => say!(
                "`{id}` er ikke det `{name}` sammenligner, som er {nb}",
                nn "`{id}` er ikkje det `{name}` samanliknar, som er {nn}",
                "`{id}` is not what `{name}` compares, which is {en}"
            ),
        },
    );
}

/// An estimator of what the panel does not have, imputed values, and columns that it has by itself.
pub(super) fn only_of_a_table(node: &Node<'_>, method: &Method) {
    let name = &method.estimator;
    if method.takes(Role::Imputation.key()) {
        node.mistake_with(
            "estimator",
            say!(
                "`{name}` krever imputerte verdier, som ikke er i panelet",
                nn "`{name}` krev imputerte verdiar, som ikkje er i panelet",
                "`{name}` needs imputed values, which are not in the panel"
            ),
            say!("bruk `lodd estimate --data`", "use `lodd estimate --data`"),
        );
        return;
    }
    for key in [Role::Event.key(), Role::High.key(), Role::Competing.key()] {
        if node.has(key) {
            node.mistake(
                key,
                say!(
                    "`{key}` følger av utfallet og kan ikke stå i planen",
                    nn "`{key}` følgjer av utfallet og kan ikkje stå i planen",
                    "`{key}` follows from the outcome and can't be in the plan"
                ),
            );
        }
    }
}

/// `horizon = 12` or `at = "2016-12-31"`, one that the protocol has; `horizons = [3, 6]` where the
/// estimator compares periods.
pub(super) fn horizons(node: &Node<'_>, protocol: &Protocol, method: &Method) -> Vec<String> {
    let months = node.integer_or_none("horizon").map(|months| months.to_string());
    let at = node.date_or_none("at").map(|date| date.to_string());
    let several = node.integers_or_none("horizons").unwrap_or_default();
    let key = match (&months, &at) {
        (None, Some(_)) => "at",
        (None, None) if !several.is_empty() => "horizons",
        _ => "horizon",
    };
    let all: Vec<String> =
        months.into_iter().chain(at).chain(several.iter().map(ToString::to_string)).collect();
    let known: Vec<String> = protocol.horizons();
    let periods = method.takes("period");
    let wrong = match all.as_slice() {
        [] if method.estimator == BALANCE => None,
        [] => Some(String::new()),
        [_, _, ..] if !periods => Some(all.join(", ")),
        _ => all.iter().find(|it| !known.contains(it)).cloned(),
    };
    if let Some(horizon) = wrong {
        let names = known.join(", ");
        node.mistake(
            key,
            say!(
                "analysen må ha en horisont fra pilot.toml ({names}), fant `{horizon}`",
                nn "analysen må ha ein horisont frå pilot.toml ({names}), fann `{horizon}`",
                "the analysis must have a horizon of pilot.toml ({names}), found `{horizon}`"
            ),
        );
    }
    all
}
