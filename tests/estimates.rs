//! Plans with covariates, subgroups and families of hypotheses, on a real trial filed as a pilot.

use std::{collections::BTreeSet, fs, path::Path};

use lodd_store::parquet;

use crate::{
    demo::demo,
    support::{Ran, copied, lodd_in, python, snapshot},
};

const CLOCK: &str = "--clock 1995-01-01T12:00:00Z --lang en";

/// Everything that can be asked of the panel with the estimators of the registry.
const UNPLANNED: &str = r#"
version = 1
seed = "c2b1f6a3d0e94785a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3"
adjust = ["holm", "westfall_young"]

[[derive]]
name = "outdoors"
sql = "CASE WHEN \"F_GATE@0\" = 1 THEN 'street' ELSE 'elsewhere' END"

[[outcome]]
id = "F_SELVSTENDIG"
family = "housing"

[[outcome]]
id = "F_GATE"
family = "housing"

[[analysis]]
id = "family"
family = "housing"
estimator = "difference_in_means"
horizon = 24

[[analysis]]
id = "covariate"
outcome = "F_SELVSTENDIG"
estimator = "lm_robust"
se = "HC2"
covariates = ["F_GATE@0"]
horizon = 24

[[analysis]]
id = "lin"
outcome = "F_SELVSTENDIG"
estimator = "lin"
covariates = "F_GATE@0"
horizon = 24

[[analysis]]
id = "ancova"
outcome = "F_SELVSTENDIG"
estimator = "ancova"
baseline = "@0"
horizon = 24

[[analysis]]
id = "did"
outcome = "F_SELVSTENDIG"
estimator = "did"
baseline = "@0"
horizon = 24

[[analysis]]
id = "street"
outcome = "F_SELVSTENDIG"
estimator = "lm_robust"
where = "\"F_GATE@0\" = 1"
horizon = 24

[[analysis]]
id = "derived"
outcome = "F_SELVSTENDIG"
estimator = "lm_robust"
where = "outdoors = 'street'"
horizon = 24

[[analysis]]
id = "subgroups"
outcome = "F_SELVSTENDIG"
estimator = "interaction"
moderator = "F_GATE@0"
horizon = 24

[[analysis]]
id = "months"
outcome = "F_SELVSTENDIG"
estimator = "event_study"
horizons = [6, 12, 24]

[[analysis]]
id = "index"
outcomes = ["F_SELVSTENDIG", "F_GATE"]
estimator = "index"
horizon = 24

[[analysis]]
id = "ht"
outcome = "F_SELVSTENDIG"
estimator = "horvitz_thompson"
horizon = 24

[[analysis]]
id = "hajek"
outcome = "F_SELVSTENDIG"
estimator = "hajek"
horizon = 24

[[analysis]]
id = "bootstrap"
outcome = "F_SELVSTENDIG"
estimator = "wild_bootstrap"
replicates = 199
horizon = 24

[[analysis]]
id = "lottery"
outcome = "F_SELVSTENDIG"
estimator = "randomization_test"
replicates = 199
horizon = 24

[[analysis]]
id = "offices"
outcome = "F_SELVSTENDIG"
estimator = "lm_robust"
weights = "offices"
factors = "outdoors"
horizon = 24

[[analysis]]
id = "before"
estimator = "balance"
covariates = ["F_GATE@0", "F_SELVSTENDIG@0"]
replicates = 199
"#;

/// Runs a plan beside the locked one in a copy of the pilot.
fn unplanned(dir: &Path, plan: &str) -> Ran {
    fs::write(dir.join("extra.toml"), plan).unwrap();
    lodd_in(dir, &format!("{CLOCK} estimate --exploratory extra.toml"))
}

/// The numbers are those of plain matrices, from the outcomes' file; each is called exploratory.
#[test]
fn what_was_not_planned_runs_beside_the_plan_and_says_so() {
    let pilot = copied(&demo().join("housing"));
    unplanned(pilot.path(), UNPLANNED).ok();
    python("check_exploratory.py", &[pilot.path()]).ok();
    let (table, metadata) = parquet::read(&pilot.path().join("out/estimates.parquet")).unwrap();
    assert!(metadata.iter().any(|(key, _)| key == "exploratory_sha256"));
    let text = |name| table.text(name).unwrap().iter().flatten().collect::<Vec<_>>();
    let (analyses, statuses) = (text("analysis"), text("status"));
    let marked: BTreeSet<&str> = analyses
        .iter()
        .zip(&statuses)
        .filter(|(_, status)| status.as_str() == "exploratory")
        .map(|(id, _)| id.as_str())
        .collect();
    let asked = UNPLANNED.matches("[[analysis]]").count();
    assert_eq!(marked.len(), asked, "{marked:?}");
    // The report still reads what was planned.
    lodd_in(pilot.path(), &format!("{CLOCK} report --format html")).ok();
}

/// Each mistake is named with its line, all at once, and nothing is written.
#[test]
fn a_plan_that_contradicts_the_draw_or_names_what_is_not_there_is_refused() {
    let pilot = copied(&demo().join("housing"));
    let before = snapshot(&pilot.path().join("out"));
    let refused = |from: &str, to: &str, words: &[&str]| {
        assert!(UNPLANNED.contains(from), "{from}");
        unplanned(pilot.path(), &UNPLANNED.replacen(from, to, 1)).refused(words);
        assert!(snapshot(&pilot.path().join("out")) == before, "{to}");
    };
    refused(
        "version = 1",
        "version = 1\n[design]\ntreatment = \"z\"\n[not]",
        &["extra.toml:", "a pilot has no [design]"],
    );
    refused(
        "estimator = \"hajek\"",
        "estimator = \"hajek\"\nseats = \"bernoulli\"",
        &["extra.toml:", "contradicts the draw"],
    );
    refused(
        "estimator = \"hajek\"",
        "estimator = \"hajek\"\nprobability = \"children\"",
        &["extra.toml:", "`probability` comes from the draw"],
    );
    refused(
        "covariates = [\"F_GATE@0\"]",
        "covariates = [\"F_GATE@24\"]",
        &["extra.toml:", "`F_GATE@24` is from after the draw"],
    );
    refused(
        "covariates = \"F_GATE@0\"",
        "covariates = \"childern\"",
        &["extra.toml:", "no column `childern`", "did you mean `children`?"],
    );
    refused(
        "outdoors = 'street'\"",
        "outdoor = 'street'\"",
        &["extra.toml:", "no such column: outdoor"],
    );
    refused(
        "\\\"F_GATE@0\\\" = 1 THEN",
        "\\\"F_GATE@1\\\" = 1 THEN",
        &["extra.toml:", "no such column: \"F_GATE@1\""],
    );
    refused(
        "estimator = \"did\"\nbaseline",
        "estimator = \"hajek\"\nbaseline",
        &["extra.toml:", "`hajek` has no option `baseline`"],
    );
    refused(
        "adjust = [\"holm\"",
        "adjust = [\"holms\"",
        &["extra.toml:4:", "must be one of bonferroni", "did you mean `holm`?"],
    );
    refused("id = \"hajek\"", "id = \"independent-6\"", &["extra.toml", "is in the locked plan"]);
}
