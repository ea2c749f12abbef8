//! Numbers that R gave on real trial data: `tests/reference/expected.json`.

use std::collections::BTreeMap;

use lodd_estimate::{Alternative, Column, Df, Number, Options, Redraw, Role, SeType, estimator};
use serde_json::Value;

use crate::design::Blocks;
use crate::table::{Arrays, Table};

fn entries() -> Vec<Value> {
    let text = include_str!("../reference/expected.json");
    serde_json::from_str::<Value>(text).unwrap().as_array().unwrap().clone()
}

pub(crate) fn entry(id: &str) -> Value {
    entries().into_iter().find(|it| it["id"] == id).unwrap()
}

pub(crate) fn table(dataset: &str) -> Table {
    Table::read(match dataset {
        "alo_star.csv" => include_str!("../reference/alo_star.csv"),
        "alo_star_men.csv" => include_str!("../reference/alo_star_men.csv"),
        "achievement_awards_2001.csv" => include_str!("../reference/achievement_awards_2001.csv"),
        "nsw.csv" => include_str!("../reference/nsw.csv"),
        "star_k.csv" => include_str!("../reference/star_k.csv"),
        other => panic!("{other}"),
    })
}

/// The rows that an entry's `filter` and `na` keep.
fn filtered(table: &Table, spec: &Value) -> Table {
    let outcome = spec["outcome"].as_str().unwrap();
    let kept = table.filter(|cell| !cell(outcome).is_empty());
    let listwise = |table: Table| {
        words(spec)
            .iter()
            .filter(|word| !word.starts_with("factor("))
            .fold(table, |table, word| table.filter(|cell| !cell(word).is_empty()))
    };
    match spec["filter"].as_str() {
        Some("control==1 | sfsp==1") => {
            listwise(kept.filter(|cell| cell("control") == "1" || cell("sfsp") == "1"))
        }
        Some("as v-star-dim-block and covariates observed") => {
            listwise(with_arms(&kept, "school", "small", 2))
        }
        // The source kept the blocks of `v-star-dim-block` here too: its `nobs` says so.
        None if spec["moderator"].is_string() => {
            with_arms(&kept, "school", "small", 2).filter(|cell| !cell("freelunch").is_empty())
        }
        None => kept,
        Some("girl==1") => kept.filter(|cell| cell("girl") == "1"),
        Some("girl==1 & pair has both arms") => {
            with_arms(&kept.filter(|cell| cell("girl") == "1"), "pair", "treated", 1)
        }
        Some("blocks with >=2 in each arm") => with_arms(&kept, "school", "small", 2),
        Some(other) => panic!("{other}"),
    }
}

/// The rows of blocks with at least `least` rows in each arm.
fn with_arms(table: &Table, block: &str, treatment: &str, least: usize) -> Table {
    let mut counts: BTreeMap<(&String, &String), usize> = BTreeMap::new();
    for key in table.text(block).iter().zip(table.text(treatment)) {
        *counts.entry(key).or_default() += 1;
    }
    let enough = |block: &String, arm: &str| {
        counts.get(&(block, &arm.to_owned())).copied().unwrap_or_default() >= least
    };
    table.filter(|cell| enough(&cell(block), "0") && enough(&cell(block), "1"))
}

fn words(spec: &Value) -> Vec<String> {
    match &spec["covariates"] {
        Value::String(word) => vec![word.clone()],
        Value::Array(words) => words.iter().map(|it| it.as_str().unwrap().to_owned()).collect(),
        _ => vec![],
    }
}

fn arrays(entry: &Value) -> Arrays {
    let spec = &entry["spec"];
    let name = |key: &str| spec[key].as_str();
    let table = filtered(&table(entry["dataset"].as_str().unwrap()), spec);
    let y = table.numbers(name("outcome").unwrap());
    let treatment = ["treatment", "instrument", "assignment"].iter().find_map(|key| name(key));
    let mut arrays = Arrays::new(&y, &table.flags(treatment.unwrap()));
    arrays.block = name("blocks").map(|it| table.codes(it));
    arrays.cluster = name("clusters").map(|it| table.codes(it));
    arrays.covariates = table.covariates(&words(spec));
    let numbers = |role, name: &str| Column::numbers(role, name, table.numbers(name));
    arrays.columns.extend(name("moderator").map(|it| numbers(Role::Moderator, it)));
    let received = name("endogenous").or(name("takeup"));
    arrays.columns.extend(received.map(|it| numbers(Role::Endogenous, it)));
    arrays.columns.extend(name("fixed_effects").map(|it| {
        let labels: Vec<&str> = table.text(it).iter().map(String::as_str).collect();
        Column::labels(Role::FixedEffect, it, &labels)
    }));
    arrays
}

fn options(spec: &Value) -> Options {
    let se = spec["se_type"].as_str().map(|it| if it == "CR1S" { "stata" } else { it });
    Options {
        se: se.map(|it| it.parse::<SeType>().unwrap()),
        df: spec["df"].as_str().map(|it| it.parse::<Df>().unwrap()),
        ..Options::default()
    }
}

/// Compares every field that the entry has, by the entry's own tolerance.
#[track_caller]
fn check(entry: &Value, number: &Number) {
    let tolerance = |expected: f64| match (&entry["tol"]["rel"], &entry["tol"]["abs"]) {
        (Value::Number(relative), _) => relative.as_f64().unwrap() * expected.abs(),
        (_, absolute) => absolute.as_f64().unwrap(),
    };
    let mut compared = 0;
    for (field, expected) in entry["expected"].as_object().unwrap() {
        let got = match field.as_str() {
            "estimate" => number.estimate,
            "std_error" => number.std_error,
            "statistic" => number.statistic,
            "p" => number.p_value,
            "conf_low" => number.conf_low,
            "conf_high" => number.conf_high,
            "df" => number.df,
            "nobs" => Some(number.n as f64),
            _ => continue,
        };
        let (got, expected) = (got.unwrap(), expected.as_f64().unwrap());
        let id = &entry["id"];
        assert!((got - expected).abs() <= tolerance(expected), "{id} {field}: {got} {expected}");
        compared += 1;
    }
    assert!(compared >= 2, "{entry}");
}

/// Every entry that names a regression or a difference in means.
#[test]
fn regressions_and_differences_are_those_of_r() {
    let mut checked = 0;
    for entry in entries() {
        let (name, term) = match entry["estimator"].as_str().unwrap() {
            "lm_robust" | "lm_robust_cluster" => ("lm_robust", "treated"),
            "interaction" => ("interaction", "treated:freelunch"),
            "lin" => ("lin", "treated"),
            "iv_2sls" | "late_wald" => ("iv", "treated"),
            "difference_in_means" if entry["id"] != "v-zea-dim-pairs" => {
                ("difference_in_means", "treated")
            }
            _ => continue,
        };
        let sample = arrays(&entry).sample();
        let numbers = estimator(name).unwrap();
        let numbers = numbers.estimate(&sample, &options(&entry["spec"]), None).unwrap();
        check(&entry, numbers.iter().find(|it| it.term == term).unwrap());
        checked += 1;
    }
    assert_eq!(checked, 41);
}

/// What the entries hold is what was printed, to the digits that were.
#[test]
fn published_figures_are_reproduced() {
    let mut figures = 0;
    for entry in entries() {
        let Some(printed) = entry["published"].as_object() else { continue };
        for (field, printed) in printed {
            let Some(printed) = printed.as_f64() else { continue };
            let half = if printed.abs() < 10.0 { 0.0005 } else { 0.5 };
            let expected = entry["expected"][field].as_f64().unwrap();
            assert!((expected - printed).abs() <= half, "{} {field}: {expected}", entry["id"]);
            figures += 1;
        }
    }
    assert_eq!(figures, 8);
}

/// The page names every estimator in one family.
#[test]
fn every_estimator_has_its_family() {
    let page = include_str!("../reference/published.md");
    for it in lodd_estimate::ESTIMATORS {
        assert_eq!(page.matches(&format!("`{}`", it.name())).count(), 1, "{}", it.name());
    }
}

/// The Wald estimate is the ratio of two differences in means, which stand beside it.
#[test]
fn the_wald_estimate_has_its_two_parts() {
    let entry = entry("v-alo-wald");
    let iv = estimator("iv").unwrap();
    let numbers = iv.estimate(&arrays(&entry).sample(), &options(&entry["spec"]), None).unwrap();
    for term in ["itt", "first_stage"] {
        let number = numbers.iter().find(|it| it.term == term).unwrap();
        let expected = entry["expected"][term].as_f64().unwrap();
        assert!((number.estimate.unwrap() - expected).abs() < 1e-8 * expected, "{number:?}");
    }
    let robust = numbers.iter().find(|it| it.term == "anderson_rubin").unwrap();
    let itt = numbers.iter().find(|it| it.term == "itt").unwrap();
    assert_eq!((robust.estimate, robust.p_value), (None, itt.p_value));
}

/// The collinear covariate of `v-nsw-rankdef` is reported as dropped, not left out in silence.
#[test]
fn a_collinear_covariate_is_named() {
    let sample = arrays(&entry("v-nsw-rankdef")).sample();
    let lm = estimator("lm_robust").unwrap();
    let numbers = lm.estimate(&sample, &Options::default(), None).unwrap();
    let terms: Vec<&str> = numbers.iter().map(|it| it.term.as_str()).collect();
    assert_eq!(terms, ["treated", "(Intercept)", "educ", "2*educ"]);
    assert_eq!(numbers[0].note.as_deref(), Some("dropped as collinear: 2*educ"));
    assert_eq!(numbers[3].estimate, None);
    assert_eq!(numbers[3].note.as_deref(), Some("dropped: it depends on the covariates before it"));
}

/// Darwin's maize: pairs of plants, one row a plant.
fn maize() -> Arrays {
    let table = Table::read(include_str!("../reference/zea_mays.csv"));
    let y = [table.numbers("cross"), table.numbers("self")].concat();
    let treated: Vec<bool> = (0..30).map(|it| it < 15).collect();
    let pair: Vec<u32> = (0..30).map(|it| it % 15).collect();
    Arrays { block: Some(pair), ..Arrays::new(&y, &treated) }
}

#[test]
fn maize_as_pairs() {
    let number = estimator("difference_in_means").unwrap();
    let number = number.estimate(&maize().sample(), &Options::default(), None).unwrap();
    check(&entry("v-zea-dim-pairs"), &number[0]);
    assert_eq!(number[0].se_type, Some("pairs"));
}

fn test_again(arrays: &Arrays, alternative: Alternative) -> Number {
    let no_blocks = vec![0; arrays.y.len()];
    let design = Blocks::of(&arrays.treated, arrays.block.as_ref().unwrap_or(&no_blocks));
    let options = Options { alternative, ..Options::default() };
    let test = estimator("randomization_test").unwrap();
    let redraw = Some(Redraw::two_arms(&design));
    test.estimate(&arrays.sample(), &options, redraw).unwrap().remove(0)
}

fn count_note(number: &Number) -> &str {
    number.note.as_deref().unwrap().split("; ").next().unwrap()
}

/// Fisher (1935), section 21: 1,726 of 32,768, 863 on each side.
#[test]
fn maize_by_all_assignments() {
    let number = test_again(&maize(), Alternative::TwoSided);
    check(&entry("v-zea-ri"), &number);
    assert_eq!(count_note(&number), "exact: |T*| >= |T| in 1726/32768 assignments");
    let upper = test_again(&maize(), Alternative::Greater);
    assert_eq!(count_note(&upper), "exact: T* >= T in 863/32768 assignments");
    // 863 of them are at most as large as the mirror image.
    let lower = test_again(&maize().swapped(), Alternative::Less);
    assert_eq!(count_note(&lower), "exact: T* <= T in 863/32768 assignments");
}

#[test]
fn malaria_by_all_assignments() {
    let table = Table::read(include_str!("../reference/malaria20.csv"));
    let arrays = Arrays::new(&table.numbers("y"), &table.flags("z"));
    let number = test_again(&arrays, Alternative::TwoSided);
    check(&entry("v-malaria-exact"), &number);
    assert_eq!(count_note(&number), "exact: |T*| >= |T| in 546/38760 assignments");
    // 0.011919504644 of 38,760 is 462.
    let less = test_again(&arrays, Alternative::Less);
    assert_eq!(count_note(&less), "exact: T* <= T in 462/38760 assignments");
    let fisher = entry("v-malaria-exact")["expected"]["fisher_p_less"].as_f64().unwrap();
    assert!((less.p_value.unwrap() - fisher).abs() < 1e-10 * fisher, "{fisher}");
}

/// School means, pairs of schools.
#[test]
fn achievement_awards_by_all_assignments() {
    let entry = entry("v-aa-ri-pairs");
    let table = table("achievement_awards_2001.csv").filter(|cell| cell("girl") == "1");
    let table = with_arms(&table, "pair", "treated", 1);
    let mut sums: BTreeMap<u32, (f64, f64, bool, u32)> = BTreeMap::new();
    let (ids, pairs) = (table.codes("school_id"), table.codes("pair"));
    let (y, treated) = (table.numbers("Bagrut_status"), table.flags("treated"));
    for row in 0..ids.len() {
        let school = sums.entry(ids[row]).or_insert((0.0, 0.0, treated[row], pairs[row]));
        school.0 += y[row];
        school.1 += 1.0;
    }
    let y: Vec<f64> = sums.values().map(|it| it.0 / it.1).collect();
    let treated: Vec<bool> = sums.values().map(|it| it.2).collect();
    let block = Some(sums.values().map(|it| it.3).collect());
    let schools = Arrays { block, ..Arrays::new(&y, &treated) };
    let number = test_again(&schools, Alternative::TwoSided);
    check(&entry, &number);
    assert_eq!(count_note(&number), "exact: |T*| >= |T| in 25690/32768 assignments");
    let upper = test_again(&schools, Alternative::Greater).p_value.unwrap();
    let expected = entry["expected"]["p_upper"].as_f64().unwrap();
    assert!((upper - expected).abs() <= 1e-8 * expected, "{upper} {expected}");
}
