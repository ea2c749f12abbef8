//! Categories, repeated measurements and imputations against R.

use lodd_estimate::{
    Column, Correction, Corstr, Distribution, EstimateError, Number, Options, Role, SeType,
    estimator,
};

use crate::table::{Arrays, Table};
use crate::values::{EXACT, Entry, check, near, run, table, term, value};

fn labels(role: Role, table: &Table, name: &str) -> Column {
    let labels: Vec<&str> = table.text(name).iter().map(String::as_str).collect();
    Column::labels(role, name, &labels)
}

fn veteran() -> Arrays {
    let table = table("veteran");
    let mut arrays = Arrays::new(&vec![0.0; 137], &table.flags("z"));
    arrays.columns = vec![labels(Role::Category, &table, "celltype")];
    arrays
}

/// A trial by its levels and arms.
fn levels(treated: &[usize], control: &[usize]) -> Arrays {
    let rows = |counts: &[usize], arm: bool| -> Vec<(String, bool)> {
        let of = |(at, n): (usize, &usize)| vec![(format!("level {at}"), arm); *n];
        counts.iter().enumerate().flat_map(of).collect()
    };
    let rows = [rows(treated, true), rows(control, false)].concat();
    let labels: Vec<&str> = rows.iter().map(|it| it.0.as_str()).collect();
    let arms: Vec<bool> = rows.iter().map(|it| it.1).collect();
    let columns = vec![Column::labels(Role::Category, "status", &labels)];
    Arrays { columns, ..Arrays::new(&vec![0.0; rows.len()], &arms) }
}

#[test]
fn cell_types_of_the_veterans_are_those_of_r() {
    let mut arrays = veteran();
    let all = run("category", &arrays.sample(), &Options::default());
    check(term(&all, "joint"), &["category-veteran", "joint"], EXACT);
    let shares = all.iter().filter(|it| it.term.starts_with("share["));
    let sum: f64 = shares.map(|it| it.estimate.unwrap()).sum();
    assert!(sum.abs() < 1e-15, "{sum}");
    arrays.covariates = table("veteran").covariates(&["karno".to_owned()]);
    let all = run("category", &arrays.sample(), &Options::default());
    // multinom stops where its quasi-Newton steps do: half of the digits, more of the likelihood.
    check(term(&all, "log_odds[smallcell]"), &["category-veteran", "small"], 1e-4);
    check(term(&all, "joint_logit"), &["category-veteran", "logit"], 1e-6);
}

#[test]
fn blocks_of_a_category_are_those_of_r() {
    let mut arrays = veteran();
    arrays.block = Some(table("veteran").codes("prior"));
    let all = run("category", &arrays.sample(), &Options::default());
    let joint = term(&all, "joint");
    near(joint.statistic, value(&["category-blocks", "statistic"]), EXACT, "statistic");
    near(joint.p_value, value(&["category-blocks", "p"]), EXACT, "p");
}

/// A cell that expects fewer than 5: Freeman and Halton's sum over all tables, as in R.
#[test]
fn a_small_category_is_exact() {
    let all = run("category", &levels(&[5, 1, 2, 0], &[1, 4, 3, 2]).sample(), &Options::default());
    near(term(&all, "joint").p_value, value(&["category-small", "p"]), EXACT, "exact");
    assert!(term(&all, "joint").note.as_ref().unwrap().contains("p is exact"));
    // A level that only controls reach is predicted perfectly.
    let logit = term(&all, "joint_logit");
    assert!(
        logit.p_value.is_none() && logit.note.as_ref().unwrap().starts_with("perfect prediction")
    );
}

#[test]
fn one_level_alone_has_no_test() {
    let all = run("category", &levels(&[5], &[4]).sample(), &Options::default());
    assert_eq!(term(&all, "share[level 0]").estimate, Some(0.0));
    for name in ["joint", "joint_logit"] {
        let it = term(&all, name);
        assert!(it.p_value.is_none() && it.note.as_ref().unwrap().contains("does not vary"));
    }
}

fn respiratory(words: &[&str]) -> Arrays {
    let table = table("respiratory");
    let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
    let mut arrays = Arrays::new(&table.numbers("outcome"), &table.flags("z"));
    arrays.covariates = table.covariates(&words);
    arrays.columns = vec![labels(Role::Subject, &table, "uid")];
    arrays
}

fn gee(arrays: &Arrays, options: &Options) -> Vec<Number> {
    run("gee", &arrays.sample(), options)
}

#[test]
fn equations_of_the_respiratory_trial_are_those_of_geepack() {
    let arrays = respiratory(&["baseline", "age", "factor(center)", "factor(visit)"]);
    let plain = Options { correction: Correction::None, ..Options::default() };
    let all = gee(&arrays, &plain);
    let entry = Entry::of("v-resp-gee-exchangeable");
    entry.check(all[0].estimate, "estimate");
    entry.check(all[0].std_error, "std_error");
    entry.check(all[0].statistic.map(|it| it * it), "wald");
    entry.check(all[0].p_value, "p");
    entry.check(term(&all, "alpha").estimate, "alpha");
    let independent = Options { corstr: Corstr::Independence, ..plain };
    let all = gee(&arrays, &independent);
    let entry = Entry::of("v-resp-gee-independence");
    entry.check(all[0].estimate, "estimate");
    entry.check(all[0].std_error, "std_error");
    entry.check(all[0].statistic.map(|it| it * it), "wald");
    entry.check(all[0].p_value, "p");
    let corrected = gee(&arrays, &Options::default());
    let expected = value(&["gee-corrected", "treatment", "std_error"]);
    near(corrected[0].std_error, expected, 1e-7, "mancl_derouen");
    assert_eq!(corrected[0].se_type, Some("mancl_derouen"));
}

#[test]
fn other_distributions_are_those_of_geepack() {
    let arrays = respiratory(&["baseline", "age"]);
    let of = |distribution, corstr| {
        let correction = Correction::None;
        gee(&arrays, &Options { distribution, corstr, correction, ..Options::default() })
    };
    let gaussian = of(Distribution::Gaussian, Corstr::Exchangeable);
    check(&gaussian[0], &["gee-gaussian", "exchangeable"], 1e-7);
    let poisson = of(Distribution::Poisson, Corstr::Independence);
    check(&poisson[0], &["gee-gaussian", "poisson"], 1e-7);
}

/// Under independence with identity link, corrected by Mancl and DeRouen, it is least squares with
/// CR3.
#[test]
fn the_corrected_identity_is_cr3() {
    let table = table("respiratory");
    let mut arrays = respiratory(&["baseline", "age"]);
    let options = Options {
        distribution: Distribution::Gaussian,
        corstr: Corstr::Independence,
        se: Some(SeType::Cr3),
        ..Options::default()
    };
    let equations = gee(&arrays, &options);
    arrays.columns.clear();
    arrays.cluster = Some(table.codes("uid"));
    let squares = run("lm_robust", &arrays.sample(), &options);
    near(equations[0].estimate, squares[0].estimate.unwrap(), 1e-9, "estimate");
    near(equations[0].std_error, squares[0].std_error.unwrap(), 1e-9, "std_error");
}

#[test]
fn what_the_equations_can_not_take_is_refused() {
    let mut arrays = respiratory(&[]);
    arrays.y[0] = 0.5;
    let refused = |arrays: &Arrays, distribution| {
        let options = Options { distribution, ..Options::default() };
        estimator("gee").unwrap().estimate(&arrays.sample(), &options, None).unwrap_err()
    };
    let binomial = refused(&arrays, Distribution::Binomial);
    assert_eq!(binomial, EstimateError::NotBinary { estimator: "gee" });
    let poisson = refused(&arrays, Distribution::Poisson);
    assert_eq!(poisson, EstimateError::NotCounts { estimator: "gee" });
    // All treated visits are good, no control's is.
    arrays.y = arrays.treated.iter().map(|it| f64::from(u8::from(*it))).collect();
    let all = gee(&arrays, &Options::default());
    assert!(all[0].estimate.is_none() && all[0].note.as_ref().unwrap().contains("no solution"));
}

/// The imputations of the script.
fn imputed() -> Arrays {
    let table = table("nsw");
    let y = table.numbers("re78");
    let mut arrays = Arrays::new(&y, &table.flags("treat"));
    arrays.covariates = table.covariates(&["age".to_owned()]);
    for i in 1..=3 {
        let i = f64::from(i);
        let fill = |(at, y): (usize, &f64)| {
            let more = if arrays.treated[at] { 1.0 + 0.3 * i } else { 1.0 };
            if at % 5 == 4 { y * more + 500.0 * i } else { *y }
        };
        let values = y.iter().enumerate().map(fill).collect();
        arrays.columns.push(Column::numbers(Role::Imputation, &format!("re78 {i}"), values));
    }
    arrays
}

#[test]
fn imputations_are_pooled_as_by_mice() {
    let options = Options { se: Some(SeType::Classical), ..Options::default() };
    let all = run("multiple_imputation", &imputed().sample(), &options);
    check(&all[0], &["imputation-nsw", "effect"], EXACT);
    for name in ["within", "between", "fmi"] {
        near(term(&all, name).estimate, value(&["imputation-nsw", name]), EXACT, name);
    }
}

/// Imputations that agree leave the df of the complete data, (ν + 1)/(ν + 3)·ν, and no missing
/// information but what the df say.
#[test]
fn imputations_that_agree() {
    let mut arrays = imputed();
    let first = arrays.columns[0].values.clone();
    arrays.columns.iter_mut().for_each(|it| it.values.clone_from(&first));
    let all = run("multiple_imputation", &arrays.sample(), &Options::default());
    let complete = 445.0 - 3.0;
    near(all[0].df, (complete + 1.0) / (complete + 3.0) * complete, 1e-12, "df");
    assert_eq!(term(&all, "between").estimate, Some(0.0));
    arrays.columns.truncate(1);
    let refused = estimator("multiple_imputation").unwrap();
    let refused = refused.estimate(&arrays.sample(), &Options::default(), None).unwrap_err();
    assert_eq!(refused, EstimateError::OneImputation);
}
