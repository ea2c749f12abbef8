//! How p-values are adjusted within a family of hypotheses, and of which estimators that can be.

use lodd_estimate::{Adjustment, ESTIMATORS, REESTIMATED};

use super::{Method, method::parsed};
use crate::{reader::Node, text::say};

/// Re-run together by their differences in means.
pub(crate) const DIFFERENCES: [&str; 2] = ["difference_in_means", "randomization_test"];

const BOOTSTRAPPED: [&str; 2] = ["lm_robust", "wild_bootstrap"];

/// Whether the draws of all statistics jointly, where an adjustment needs them, are at hand.
pub(crate) fn takes(how: Adjustment, estimator: &str) -> bool {
    match how {
        Adjustment::WestfallYoung => {
            DIFFERENCES.contains(&estimator) || REESTIMATED.contains(&estimator)
        }
        Adjustment::RomanoWolf => BOOTSTRAPPED.contains(&estimator),
        _ => true,
    }
}

/// The estimators that an adjustment is for, in one line.
pub(crate) fn takers(how: Adjustment) -> String {
    let all: Vec<&str> =
        ESTIMATORS.iter().map(|it| it.name()).filter(|it| takes(how, it)).collect();
    all.join(", ")
}

/// An analysis of a family by an estimator whose p-values can't be adjusted as the plan says.
pub(super) fn check(node: &Node<'_>, method: &Method, adjust: &[Adjustment]) {
    let name = &method.estimator;
    if !node.has("family") || method.known().is_none() {
        return;
    }
    for how in adjust.iter().filter(|it| !takes(**it, name)) {
        let (word, all) = (how.name(), takers(*how));
        node.mistake(
            "estimator",
            say!(
                "`{word}` finnes ikke for `{name}`, bare for {all}",
                nn "`{word}` finst ikkje for `{name}`, berre for {all}",
                "there is no `{word}` of `{name}`, only of {all}"
            ),
        );
    }
}

/// `adjust = ["holm", "westfall_young"]`: how p-values are adjusted within a family of hypotheses.
pub(crate) fn adjustments(root: &Node<'_>, seeded: bool) -> Vec<Adjustment> {
    let words = root.text_or_texts("adjust").unwrap_or_default();
    let known: Vec<Adjustment> = words.iter().filter_map(|it| parsed(root, "adjust", it)).collect();
    if let Some(it) = known.iter().find(|it| it.needs_draws() && !seeded) {
        let name = it.name();
        root.mistake(
            "adjust",
            say!(
                "`{name}` krever `seed` i planen",
                nn "`{name}` krev `seed` i planen",
                "`{name}` needs `seed` in the plan"
            ),
        );
    }
    known
}
