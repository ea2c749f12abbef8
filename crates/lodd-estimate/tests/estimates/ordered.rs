//! Ordered outcomes against R's ordinal, and against what they are in simple cases.

use lodd_estimate::{EstimateError, Number, Options, Vcov, estimator};

use crate::table::{Arrays, Table};
use crate::values::{check, near, run, table, term, value};

/// R's clm stops at a gradient of 1e-12.
const CLM: f64 = 1e-8;

/// One row a patient of the respiratory trial: the number of good visits, 0 to 4.
fn patients() -> Arrays {
    let table: Table = table("respiratory");
    let (ids, outcome) = (table.text("uid"), table.numbers("outcome"));
    let good = |id: &String| -> f64 {
        ids.iter().zip(&outcome).filter(|(other, _)| *other == id).map(|(_, y)| y).sum()
    };
    let first = table.filter(|cell| cell("visit") == "1");
    let y: Vec<f64> = first.text("uid").iter().map(good).collect();
    let mut arrays = Arrays::new(&y, &first.flags("z"));
    arrays.covariates = first.covariates(&["baseline".to_owned(), "age".to_owned()]);
    arrays
}

fn ordered(arrays: &Arrays, options: &Options) -> Vec<Number> {
    run("ordered_logit", &arrays.sample(), options)
}

#[test]
fn good_visits_are_those_of_r() {
    let all = ordered(&patients(), &Options::default());
    check(&all[0], &["ordered-respiratory", "effect"], CLM);
    check(term(&all, "age"), &["ordered-respiratory", "age"], CLM);
    check(term(&all, "cut[0]"), &["ordered-respiratory", "cut"], CLM);
    near(term(&all, "loglik").estimate, value(&["ordered-respiratory", "loglik"]), 1e-11, "loglik");
    // The gradients of shares are numerical there.
    for (name, id) in [("share[0]", "share0"), ("share[2]", "share2"), ("share[4]", "share4")] {
        check(term(&all, name), &["ordered-respiratory", id], 1e-7);
    }
    let sum: f64 = (0..5).map(|it| term(&all, &format!("share[{it}]")).estimate.unwrap()).sum();
    assert!(sum.abs() < 1e-14, "{sum}");
    let options = Options { vcov: Some(Vcov::Hc), ..Options::default() };
    check(&ordered(&patients(), &options)[0], &["ordered-hc", "effect"], 1e-7);
}

/// Two levels are the logit's, and one row a cluster is HC times G/(G − 1).
#[test]
fn two_levels_are_a_logit() {
    let mut arrays = patients();
    arrays.y.iter_mut().for_each(|y| *y = f64::from(u8::from(*y > 2.0)));
    let (ours, logit) = (
        ordered(&arrays, &Options::default()),
        run("logit", &arrays.sample(), &Options::default()),
    );
    let coefficient = term(&logit, "coefficient");
    near(ours[0].estimate, coefficient.estimate.unwrap(), 1e-10, "coefficient");
    near(ours[0].std_error, coefficient.std_error.unwrap(), 1e-10, "standard error");
    near(term(&ours, "share[1]").estimate, logit[0].estimate.unwrap(), 1e-10, "margin");
    near(term(&ours, "share[1]").std_error, logit[0].std_error.unwrap(), 1e-10, "its error");
    let robust = Options { vcov: Some(Vcov::Hc), ..Options::default() };
    let hc = ordered(&arrays, &robust)[0].std_error.unwrap();
    arrays.cluster = Some(arrays.unit.clone());
    let n = arrays.y.len() as f64;
    let clustered = ordered(&arrays, &Options::default());
    near(clustered[0].std_error, hc * (n / (n - 1.0)).sqrt(), 1e-12, "clusters");
}

/// Numbers stand for their order alone.
#[test]
fn only_the_order_of_the_values_counts() {
    let arrays = patients();
    let mut squared = arrays.clone();
    squared.y.iter_mut().for_each(|y| *y = *y * *y * 1000.0 - 7.0);
    let (one, other) =
        (ordered(&arrays, &Options::default()), ordered(&squared, &Options::default()));
    assert_eq!(one[0].estimate, other[0].estimate);
    assert_eq!(one[0].std_error, other[0].std_error);
}

#[test]
fn levels_that_the_arms_separate_have_no_estimate() {
    let y = [2.0, 3.0, 2.0, 3.0, 0.0, 1.0, 0.0, 1.0];
    let treated: Vec<bool> = (0..8).map(|it| it < 4).collect();
    let all = ordered(&Arrays::new(&y, &treated), &Options::default());
    assert_eq!((all.len(), all[0].estimate, all[0].p_value), (1, None, None));
    assert!(all[0].note.as_ref().unwrap().starts_with("perfect prediction"));
    let many: Vec<f64> = (0..202).map(f64::from).collect();
    let treated: Vec<bool> = (0..202).map(|it| it % 3 == 0).collect();
    let refused = estimator("ordered_logit").unwrap();
    let sample = Arrays::new(&many, &treated).sample();
    let refused = refused.estimate(&sample, &Options::default(), None).unwrap_err();
    let (estimator, given, most) = ("ordered_logit", 202, 100);
    assert_eq!(refused, EstimateError::TooManyLevels { estimator, given, most });
}
