//! `lodd estimate --data FILE --plan FILE` on tables of real trials, against what was published and
//! what other programs gave: the values of `expected.json`, whose entries are named here.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::support::{Ran, lodd, root, snapshot};

fn reference(name: &str) -> PathBuf {
    root().join("crates/lodd-estimate/tests/reference").join(name)
}

/// A folder of its own with a plan.
fn planned(plan: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("plan.toml"), plan).unwrap();
    dir
}

fn estimate(dir: &Path, data: &Path, more: &[&str]) -> Ran {
    let mut words = vec!["estimate", "--data", data.to_str().unwrap(), "--plan", "plan.toml"];
    words.extend(["--lang", "en"]);
    words.extend(more);
    lodd(dir, &words)
}

/// The rows that a plan gives on a table.
fn rows(data: &str, plan: &str) -> Vec<Value> {
    let dir = planned(plan);
    let ran = estimate(dir.path(), &reference(data), &["--json"]).ok();
    ran.stdout.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

/// An entry of the list, with its own tolerance.
fn expected(id: &str) -> (Value, f64) {
    let all: Value =
        serde_json::from_str(&fs::read_to_string(reference("expected.json")).unwrap()).unwrap();
    let entry = all.as_array().unwrap().iter().find(|it| it["id"] == id).unwrap().clone();
    let tolerance = &entry["tol"];
    let relative = tolerance["rel"].as_f64().unwrap_or(1e-8);
    (entry["expected"].clone(), relative)
}

/// Compares an analysis's effect with an entry in all numbers that both have.
#[track_caller]
fn check(rows: &[Value], (analysis, term): (&str, &str), id: &str) {
    let row = rows.iter().find(|it| it["analysis"] == analysis && it["term"] == term).unwrap();
    let (expected, tolerance) = expected(id);
    let mut compared = 0;
    for (theirs, ours) in [
        ("estimate", "estimate"),
        ("std_error", "std_error"),
        ("p", "p_value"),
        ("conf_low", "conf_low"),
        ("conf_high", "conf_high"),
    ] {
        let (Some(theirs), Some(got)) = (expected[theirs].as_f64(), row[ours].as_f64()) else {
            continue;
        };
        compared += 1;
        let allowed = tolerance.max(1e-9) * theirs.abs().max(1e-6);
        assert!((theirs - got).abs() <= allowed, "{id} {ours}: {got} and {theirs}");
    }
    assert!(compared >= 2, "{id}: {row}");
}

/// Dehejia and Wahba (1999, table 3): 1,794 dollars, standard error 671; and regressions of it.
#[test]
fn the_job_training_trial_is_as_published() {
    let covariates = r#"["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]"#;
    let plan = format!(
        r#"
version = 1
adjust = "bonferroni"

[design]
treatment = "treat"

[[derive]]
name = "high"
sql = "re78 > 10000"

[[outcome]]
id = "re78"
family = "work"

[[outcome]]
id = "emp78"
family = "work"

[[outcome]]
id = "high"
family = "work"

[[analysis]]
id = "difference"
outcome = "re78"
estimator = "difference_in_means"

[[analysis]]
id = "hc2"
outcome = "re78"
estimator = "lm_robust"
covariates = {covariates}

[[analysis]]
id = "lin"
outcome = "re78"
estimator = "lin"
covariates = {covariates}

[[analysis]]
id = "all"
family = "work"
estimator = "lm_robust"
"#
    );
    let rows = rows("nsw.csv", &plan);
    check(&rows, ("difference", "treat"), "v-nsw-dim");
    check(&rows, ("hc2", "treat"), "v-nsw-ols-HC2");
    check(&rows, ("lin", "treat"), "v-nsw-lin-HC2");
    let (several, _) = expected("v-nsw-multiplicity");
    let effects: Vec<&Value> =
        rows.iter().filter(|it| it["analysis"] == "all" && it["term"] == "treat").collect();
    for (at, row) in effects.iter().enumerate() {
        let raw = several["p_raw"][at].as_f64().unwrap();
        assert!((row["p_value"].as_f64().unwrap() - raw).abs() < 1e-9);
        // `re78` has another effect by the same estimator, with covariates: four hypotheses.
        let adjusted = several["bonferroni"][at].as_f64().unwrap();
        assert!((row["p_adjusted"].as_f64().unwrap() - adjusted).abs() < 1e-9, "{row}");
    }
    assert_eq!(effects.len(), 3);
}

/// Logarithms of those who earned anything, as in the plan's own example; texts in quotes are no calls.
#[test]
fn expressions_have_logarithms() {
    let found = rows(
        "nsw.csv",
        r#"
version = 1

[design]
treatment = "treat"

[[derive]]
name = "log_earnings"
sql = "CASE WHEN re78 > 0 AND 'ln(re78' <> '' THEN LN (re78) END"

[[derive]]
name = "back"
sql = "exp(ln(sqrt(re78 * re78)))"

[[analysis]]
id = "logs"
outcome = "log_earnings"
estimator = "difference_in_means"

[[analysis]]
id = "back"
outcome = "re78"
estimator = "difference_in_means"
where = "abs(back - re78) < 0.001 AND log_earnings > ln(1000)"
"#,
    );
    let text = fs::read_to_string(reference("nsw.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let at = |name: &str| head.iter().position(|it| it.trim_matches('"') == name).unwrap();
    let (treat, earned) = (at("treat"), at("re78"));
    let number = |text: &str| text.parse::<f64>().unwrap();
    let all: Vec<(bool, f64)> =
        lines.map(|it| (number(it[treat]) > 0.5, number(it[earned]))).collect();
    let difference = |above: f64, of: fn(f64) -> f64| {
        let mean = |arm: bool| {
            let own: Vec<f64> =
                all.iter().filter(|it| it.0 == arm && it.1 > above).map(|it| of(it.1)).collect();
            own.iter().sum::<f64>() / own.len() as f64
        };
        mean(true) - mean(false)
    };
    for (row, expected) in found.iter().zip([difference(0.0, f64::ln), difference(1000.0, |it| it)])
    {
        let got = row["estimate"].as_f64().unwrap();
        assert!((got - expected).abs() < 1e-9 * expected.abs().max(1.0), "{got} and {expected}");
    }
    assert_eq!(found.len(), 2);
}

/// Angrist and Lavy (2009): schools were assigned, girls are analysed.
#[test]
fn a_trial_of_schools_is_clustered_as_the_design_says() {
    let rows = rows(
        "achievement_awards_2001.csv",
        r#"
version = 1

[design]
treatment = "treated"
cluster = "school_id"

[[analysis]]
id = "cr2"
outcome = "Bagrut_status"
estimator = "lm_robust"
where = "girl = 1"

[[analysis]]
id = "stata"
outcome = "Bagrut_status"
estimator = "lm_robust"
se = "stata"
where = "girl = 1"

[[analysis]]
id = "difference"
outcome = "Bagrut_status"
estimator = "difference_in_means"
where = "girl = 1"

[[analysis]]
id = "everyone"
outcome = "Bagrut_status"
estimator = "lm_robust"
"#,
    );
    // As `intraclass-awards` of models.json has it, by R's analysis of variance.
    let of = |term: &str| rows.iter().find(|it| it["analysis"] == "everyone" && it["term"] == term);
    let (effect, icc) = (of("treated").unwrap(), of("icc").unwrap());
    for (found, wanted) in [
        (&effect["icc"], 0.122_076_461_682_59),
        (&icc["estimate"], 0.122_076_461_682_59),
        (&icc["conf_low"], 0.081_442_307_233_902),
        (&icc["conf_high"], 0.193_661_604_480_37),
    ] {
        assert!((found.as_f64().unwrap() - wanted).abs() < 1e-9, "{found} and {wanted}");
    }
    assert!(icc["icc"].is_null() && icc["mde"].is_null() && effect["mde"].as_f64().unwrap() > 0.0);
    check(&rows, ("cr2", "treated"), "v-aa-CR2");
    check(&rows, ("stata", "treated"), "v-aa-stata");
    check(&rows, ("difference", "treated"), "v-aa-dim-cluster");
}

/// All 38,760 assignments of twenty volunteers; the trial's Fisher test is the same.
#[test]
fn the_stated_design_is_run_again_exactly() {
    let plan = r#"
version = 1
seed = "c2b1f6a3d0e94785a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3"

[design]
treatment = "z"

[[analysis]]
id = "lottery"
outcome = "y"
estimator = "randomization_test"
"#;
    let fixed = rows("malaria20.csv", plan);
    check(&fixed, ("lottery", "z"), "v-malaria-exact");
    assert!(fixed[0]["note"].as_str().unwrap().contains("546/38760"), "{}", fixed[0]);
    // Equal coins, given how many came up: the same assignments are equally likely.
    let seats = "treatment = \"z\"\nseats = \"bernoulli\"\nprobability = \"p\"";
    let coins = plan.replace("treatment = \"z\"", seats);
    let table = fs::read_to_string(reference("malaria20.csv")).unwrap();
    let at = table.lines().next().unwrap().split(',').position(|it| it.trim_matches('"') == "z");
    let with = |of: &dyn Fn(usize, bool) -> f64| {
        let row = |(number, line): (usize, &str)| match number {
            0 => format!("{line},p"),
            _ => format!("{line},{}", of(number, line.split(',').nth(at.unwrap()) == Some("1"))),
        };
        table.lines().enumerate().map(row).collect::<Vec<_>>().join("\n")
    };
    let run = |table: &str| {
        let dir = planned(&coins);
        fs::write(dir.path().join("coins.csv"), table).unwrap();
        estimate(dir.path(), &dir.path().join("coins.csv"), &["--json"])
    };
    let ran = run(&with(&|_, treated| if treated { 0.7 } else { 0.3 })).ok();
    let coins: Vec<Value> =
        ran.stdout.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    check(&coins, ("lottery", "z"), "v-malaria-exact");
    assert!(coins[0]["note"].as_str().unwrap().contains("given how many"), "{}", coins[0]);
    run(&with(&|row, _| if row == 1 { 0.4 } else { 0.5 }))
        .refused(&["the same for all in a block"]);
}

/// Angrist, Lang and Oreopoulos (2009): those offered services and money, against the controls.
#[test]
fn subgroups_and_instruments_are_columns_of_the_table() {
    let found = rows(
        "alo_star.csv",
        r#"
version = 1

[design]
treatment = "sfsp"

[[analysis]]
id = "iv"
outcome = "GPA_year1"
estimator = "iv"
endogenous = "signup"
covariates = ["female", "gpa0"]
where = "control = 1 OR sfsp = 1"
"#,
    );
    check(&found, ("iv", "sfsp"), "v-alo-iv-HC2");
}

/// The Tennessee trial of small classes, drawn within schools: those with two pupils of each arm.
#[test]
fn blocks_and_moderators_are_columns_of_the_table() {
    let schools = "school IN (SELECT school FROM rows WHERE read IS NOT NULL GROUP BY school \
                   HAVING SUM(small) >= 2 AND SUM(1 - small) >= 2)";
    let plan = format!(
        r#"
version = 1

[design]
treatment = "small"
block = "school"

[[analysis]]
id = "blocks"
outcome = "read"
estimator = "difference_in_means"
where = "{schools}"

[[analysis]]
id = "schools"
outcome = "read"
estimator = "lm_robust"
fixed_effects = "school"
where = "{schools}"

[[analysis]]
id = "lunch"
outcome = "read"
estimator = "interaction"
moderator = "freelunch"
where = "{schools}"
"#
    );
    let found = rows("star_k.csv", &plan);
    check(&found, ("blocks", "small"), "v-star-dim-block");
    check(&found, ("schools", "small"), "v-star-fe-HC2");
    check(&found, ("lunch", "small:freelunch"), "v-star-het");
}

/// Another order of the rows, and another number of threads: the same bits. The file is as the
/// printed rows.
#[test]
fn neither_the_order_of_rows_nor_threads_change_a_bit() {
    let plan = r#"
version = 1
seed = "c2b1f6a3d0e94785a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3"

[design]
treatment = "sfsp"

[[analysis]]
id = "lottery"
outcome = "GPA_year1"
estimator = "randomization_test"
replicates = 500

[[analysis]]
id = "lin"
outcome = "GPA_year1"
estimator = "lin"
covariates = "gpa0"
"#;
    let dir = planned(plan);
    let text = fs::read_to_string(reference("alo_star_men.csv")).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    let turned = dir.path().join("turned.csv");
    fs::write(&turned, lines.join("\n")).unwrap();
    let straight = estimate(
        dir.path(),
        &reference("alo_star_men.csv"),
        &["--json", "--threads", "1", "--out", "here.parquet"],
    )
    .ok();
    let other = estimate(dir.path(), &turned, &["--json", "--threads", "2"]).ok();
    assert_eq!(straight.stdout, other.stdout);
    let (table, metadata) = lodd_store::parquet::read(&dir.path().join("here.parquet")).unwrap();
    assert_eq!(table.rows(), straight.stdout.lines().count());
    assert!(metadata.iter().any(|(key, value)| key == "data_sha256" && value.len() == 64));
}

/// Every mistake with its line or row; nothing is written.
#[test]
fn a_table_or_plan_that_is_wrong_is_refused_at_its_place() {
    let plan = "version = 1\n\n[design]\ntreatment = \"z\"\ncluster = \"c\"\n\n[[analysis]]\nid = \
                \"a\"\noutcome = \"y\"\nestimator = \"difference_in_means\"\n";
    let refused = |table: &str, plan: &str, words: &[&str]| {
        let dir = planned(plan);
        let data = dir.path().join("t.csv");
        fs::write(&data, table).unwrap();
        let before = snapshot(dir.path());
        estimate(dir.path(), &data, &["--out", "out.parquet"]).refused(words);
        assert!(snapshot(dir.path()) == before);
    };
    let good = "z,c,y\n1,a,1\n1,b,2\n0,d,0\n0,e,1\n";
    refused(&good.replace("1,b,2", ",b,2"), plan, &["t.csv, row 3", "`z` is missing"]);
    refused(&good.replace("1,b,2", "1,,2"), plan, &["t.csv, row 3", "`c` is missing"]);
    refused(&good.replace("1,b,2", "1,b,inf"), plan, &["t.csv, row 3", "finite"]);
    refused(&good.replace("0,d,0", "0,a,0"), plan, &["cluster", "`a`", "one arm"]);
    refused(good, &plan.replace("\"y\"", "\"yy\""), &["plan.toml:9", "no column `yy`"]);
    refused(good, &plan.replace("\"z\"", "\"c\""), &["plan.toml:4", "not 0 and 1", "a, b, d, e"]);
    refused(
        good,
        &plan.replace("estimator", "where = \"q > 1\"\nestimator"),
        &["plan.toml:10", "no such column: q"],
    );
    refused(
        good,
        &plan.replace("difference_in_means", "randomization_test"),
        &["plan.toml:10", "needs `seed`"],
    );
}
