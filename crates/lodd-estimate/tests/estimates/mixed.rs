//! Random intercepts against R's lme4 and lmerTest, and against exact cases.

use lodd_estimate::{Column, EstimateError, Number, Options, Role, estimator};

use crate::reference;
use crate::table::{Arrays, Table};
use crate::values::{check, near, run, table, term, value};

/// The optimiser of lme4 stops at steps of 1e-10 of a standard deviation's ratio, from which the
/// variances have half of the digits.
const LME4: f64 = 1e-5;

fn groups(table: &Table, names: &[&str]) -> Vec<Column> {
    let column = |name: &&str| {
        let labels: Vec<&str> = table.text(name).iter().map(String::as_str).collect();
        Column::labels(Role::Group, name, &labels)
    };
    names.iter().map(column).collect()
}

fn respiratory(covariates: &[&str], names: &[&str]) -> Arrays {
    let table = table("respiratory");
    let words: Vec<String> = covariates.iter().map(|it| (*it).to_owned()).collect();
    let mut arrays = Arrays::new(&table.numbers("outcome"), &table.flags("z"));
    arrays.covariates = table.covariates(&words);
    arrays.columns = groups(&table, names);
    arrays
}

fn mixed(arrays: &Arrays) -> Vec<Number> {
    run("mixed", &arrays.sample(), &Options::default())
}

#[test]
fn schools_are_those_of_lme4() {
    let table = reference::table("achievement_awards_2001.csv").filter(|cell| cell("girl") == "1");
    let mut arrays = Arrays::new(&table.numbers("Bagrut_status"), &table.flags("treated"));
    arrays.covariates = table.covariates(&["lagscore".to_owned()]);
    arrays.columns = groups(&table, &["school_id"]);
    // What was drawn: the same schools.
    arrays.cluster = Some(table.codes("school_id"));
    let all = mixed(&arrays);
    check(&all[0], &["mixed-school", "effect"], LME4);
    check(term(&all, "lagscore"), &["mixed-school", "lagscore"], LME4);
    check(term(&all, "(Intercept)"), &["mixed-school", "constant"], LME4);
    near(term(&all, "var[school_id]").estimate, value(&["mixed-school", "var"]), LME4, "school");
    near(term(&all, "var[residual]").estimate, value(&["mixed-school", "residual"]), LME4, "rows");
}

#[test]
fn patients_within_centres_are_those_of_lme4() {
    let all = mixed(&respiratory(&["baseline", "age"], &["center", "uid"]));
    check(&all[0], &["mixed-nested", "effect"], LME4);
    check(term(&all, "age"), &["mixed-nested", "age"], LME4);
    for name in ["center", "uid", "residual"] {
        let got = term(&all, &format!("var[{name}]")).estimate;
        near(got, value(&["mixed-nested", name]), LME4, name);
    }
}

/// Visits cross patients, and differ by nothing: lme4 calls the fit singular.
#[test]
fn a_variance_of_nothing_is_said() {
    let all = mixed(&respiratory(&["baseline"], &["visit", "uid"]));
    check(&all[0], &["mixed-crossed", "effect"], LME4);
    assert_eq!(term(&all, "var[visit]").estimate, Some(0.0));
    near(term(&all, "var[uid]").estimate, value(&["mixed-crossed", "uid"]), LME4, "uid");
    assert!(all[0].note.as_ref().unwrap().contains("the variance of visit is 0"));
}

/// Groups of the same size that are in one arm: the test of the groups' means, with groups − 2
/// degrees of freedom, and the variances of the analysis of variance.
#[test]
fn balanced_groups_are_a_t_test_of_their_means() {
    let group: Vec<usize> = (0..24).map(|it| it / 4).collect();
    let noise = [3.0, -1.0, 2.0, 0.5, -2.5, 1.5, 4.0, -3.0, 0.0, 2.5, -1.5];
    let level = [8.0, -5.0, 3.0, 1.0, -9.0, 4.0];
    let y: Vec<f64> = (0..24).map(|it| level[it / 4] + noise[it * 7 % 11]).collect();
    let treated: Vec<bool> = group.iter().map(|it| it % 2 == 0).collect();
    let labels: Vec<String> = group.iter().map(|it| format!("group {it}")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let mut arrays = Arrays::new(&y, &treated);
    arrays.columns = vec![Column::labels(Role::Group, "group", &labels)];
    let all = mixed(&arrays);
    let means: Vec<f64> = y.chunks(4).map(|it| it.iter().sum::<f64>() / 4.0).collect();
    let arms: Vec<bool> = (0..6).map(|it| it % 2 == 0).collect();
    let options = Options { se: Some(lodd_estimate::SeType::Classical), ..Options::default() };
    let squares = run("lm_robust", &Arrays::new(&means, &arms).sample(), &options);
    near(all[0].estimate, squares[0].estimate.unwrap(), 1e-10, "estimate");
    near(all[0].std_error, squares[0].std_error.unwrap(), 1e-9, "std_error");
    near(all[0].df, 4.0, 1e-7, "df");
    let within: f64 = y.iter().enumerate().map(|(at, y)| (y - means[at / 4]).powi(2)).sum();
    near(term(&all, "var[residual]").estimate, within / 18.0, 1e-9, "within");
}

#[test]
fn what_is_not_grouped_is_refused() {
    let mut arrays = respiratory(&[], &["center"]);
    arrays.cluster = Some(table("respiratory").codes("uid"));
    let refused = estimator("mixed").unwrap();
    let refused = refused.estimate(&arrays.sample(), &Options::default(), None).unwrap_err();
    let what = "clusters that are none of the `groups`";
    assert_eq!(refused, EstimateError::NotTaken { estimator: "mixed", what });
    // A covariate that fits exactly leaves nothing to explain.
    let mut exact = respiratory(&[], &["uid"]);
    let values = exact.y.clone();
    exact.covariates = vec![lodd_estimate::Covariate { name: "same".to_owned(), values }];
    let all = mixed(&exact);
    assert!(all[0].p_value.is_none() && all[0].note.is_some());
}
