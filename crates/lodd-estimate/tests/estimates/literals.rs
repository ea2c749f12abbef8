//! Single numbers from other programs, and from a published table.

#![expect(clippy::unreadable_literal, reason = "as the programs print them")]

use lodd_estimate::{EstimateError, Number, Options, Rows, Sample, SeType, estimator};

use crate::table::{Arrays, Table};

/// The literals have 12 digits.
const TWELVE_DIGITS: f64 = 1e-10;

#[track_caller]
fn check(got: Option<f64>, expected: f64, relative: f64) {
    let got = got.unwrap();
    assert!((got - expected).abs() <= relative * expected.abs(), "{got} {expected}");
}

fn one(name: &str, arrays: &Arrays, options: &Options) -> Vec<Number> {
    estimator(name).unwrap().estimate(&arrays.sample(), options, None).unwrap()
}

fn nsw() -> (Table, Arrays) {
    let table = Table::read(include_str!("../reference/nsw.csv"));
    let mut arrays = Arrays::new(&table.numbers("re78"), &table.flags("treat"));
    arrays.covariates = table.covariates(&["educ".to_owned(), "re75".to_owned()]);
    (table, arrays)
}

fn girls() -> (Table, Arrays) {
    let table = Table::read(include_str!("../reference/achievement_awards_2001.csv"));
    let table = table.filter(|cell| cell("girl") == "1");
    let arrays = Arrays {
        cluster: Some(table.codes("school_id")),
        ..Arrays::new(&table.numbers("Bagrut_status"), &table.flags("treated"))
    };
    (table, arrays)
}

/// Independent housing at 12 months: 115 of 157 treated, 48 of 146 controls.
///
/// R: `t.test(y ~ z)`, whose standard error is also HC2's.
#[test]
fn independent_housing() {
    let treated: Vec<bool> = (0..303).map(|it| it < 157).collect();
    let y: Vec<f64> =
        (0..303).map(|it| f64::from(u8::from(it < 115 || (157..205).contains(&it)))).collect();
    let arrays = Arrays::new(&y, &treated);
    let number = &one("difference_in_means", &arrays, &Options::default())[0];
    check(number.estimate, 0.403716953145, TWELVE_DIGITS);
    check(number.std_error, 0.0527069574399, TWELVE_DIGITS);
    check(number.df, 295.8203507, 1e-9);
    check(number.conf_low, 0.29998884, 2e-8);
    check(number.conf_high, 0.50744507, 1e-8);
    assert_eq!((number.n, number.n_treated, number.n_control), (303, 157, 146));
    assert_eq!((number.events_treated, number.events_control), (Some(115), Some(48)));
    check(number.mean_treated, 115.0 / 157.0, 1e-14);
    check(number.mean_control, 48.0 / 146.0, 1e-14);
    let regression = &one("lm_robust", &arrays, &Options::default())[0];
    check(regression.std_error, 0.0527069574399, TWELVE_DIGITS);
    assert_eq!((regression.df, regression.se_type), (Some(301.0), Some("HC2")));
}

/// R estimatr 1.0.0: `lm_robust(re78 ~ treat + educ + re75, data = nsw)`.
#[test]
fn every_term_is_reported() {
    let numbers = one("lm_robust", &nsw().1, &Options::default());
    for (term, estimate, std_error) in [
        ("treated", 1651.00900504, 653.71785072),
        ("(Intercept)", 412.709749363, 1640.52554459),
        ("educ", 390.286697949, 158.317632102),
        ("re75", 0.161573583638, 0.106952876501),
    ] {
        let number = numbers.iter().find(|it| it.term == term).unwrap();
        check(number.estimate, estimate, TWELVE_DIGITS);
        check(number.std_error, std_error, TWELVE_DIGITS);
    }
}

/// R estimatr 1.0.0: `lm_robust(re78 ~ treat + educ + re75, weights = age, se_type = …)`.
#[test]
fn weighted_rows() {
    let (table, mut arrays) = nsw();
    arrays.weights = Some(table.numbers("age"));
    for (se, intercept, treated) in [
        ("classical", 1733.35575204, 639.771122789),
        ("HC0", 1630.00355016, 693.203375275),
        ("HC1", 1637.37916951, 696.34005815),
        ("HC2", 1651.19967034, 696.950747698),
        ("HC3", 1673.09699908, 700.775984973),
    ] {
        let options = Options { se: Some(se.parse().unwrap()), ..Options::default() };
        let numbers = one("lm_robust", &arrays, &options);
        check(numbers[0].estimate, 1825.85001463, TWELVE_DIGITS);
        check(numbers[0].std_error, treated, TWELVE_DIGITS);
        check(numbers[1].estimate, 344.575332561, TWELVE_DIGITS);
        check(numbers[1].std_error, intercept, TWELVE_DIGITS);
    }
}

/// Rows of weight 0 count for nothing.
#[test]
fn zero_weights_leave_rows_out() {
    let (_, arrays) = nsw();
    let odd = |it: &usize| it % 2 == 1;
    let weights = (0..arrays.y.len()).map(|it| f64::from(u8::from(odd(&it)))).collect();
    let without: Vec<usize> = (0..arrays.y.len()).filter(odd).collect();
    let mut half = arrays.permuted(&without);
    half.weights = Some(vec![1.0; without.len()]);
    let weighted = Arrays { weights: Some(weights), ..arrays };
    assert_eq!(
        one("lm_robust", &weighted, &Options::default()),
        one("lm_robust", &half, &Options::default())
    );
}

/// R estimatr 1.0.0: `lm_robust(Bagrut_status ~ treated + lagscore, weights = 1 + siblings,
/// clusters = school_id, se_type = …)`.
#[test]
fn weighted_clusters() {
    let (table, mut arrays) = girls();
    arrays.weights = Some(table.numbers("siblings").iter().map(|it| 1.0 + it).collect());
    arrays.covariates = table.covariates(&["lagscore".to_owned()]);
    for (se, treated) in [(SeType::Cr0, 0.0564801254729), (SeType::Stata, 0.0573603455192)] {
        let number = &one("lm_robust", &arrays, &Options { se: Some(se), ..Options::default() })[0];
        check(number.estimate, 0.107698891762, TWELVE_DIGITS);
        check(number.std_error, treated, TWELVE_DIGITS);
        assert_eq!(number.df, Some(33.0));
    }
    // clubSandwich 0.5.8: `coef_test(lm(…), vcovCR(…, type = "…"), test = "Satterthwaite")`.
    for (se, error, df) in [
        (SeType::Cr1, 0.0573294983293, 13.6724096026),
        (SeType::Cr2, 0.0617482079954, 12.023001888),
        (SeType::Cr3, 0.0665849391162, 11.586197168),
    ] {
        let number = &one("lm_robust", &arrays, &Options { se: Some(se), ..Options::default() })[0];
        check(number.std_error, error, TWELVE_DIGITS);
        check(number.df, df, TWELVE_DIGITS);
    }
}

/// R estimatr 1.0.0: `difference_in_means(Bagrut_status ~ treated, blocks = school_type,
/// clusters = school_id)` on the girls.
#[test]
fn clusters_in_blocks() {
    let (table, mut arrays) = girls();
    arrays.block = Some(table.codes("school_type"));
    let number = &one("difference_in_means", &arrays, &Options::default())[0];
    check(number.estimate, 0.105163927741, TWELVE_DIGITS);
    check(number.std_error, 0.0662800741243, TWELVE_DIGITS);
    assert_eq!(number.df, Some(28.0));
    check(number.p_value, 0.123819930328, TWELVE_DIGITS);
    assert_eq!((number.n_clusters, number.n_blocks), (Some(34), Some(3)));
}

/// R estimatr 1.0.0: `lm_robust(Bagrut_status ~ girl + lagscore, clusters = school_id)`, where
/// schools hold girls and boys.
#[test]
fn clusters_may_hold_both_arms_when_said_so() {
    let table = Table::read(include_str!("../reference/achievement_awards_2001.csv"));
    let mut arrays = Arrays::new(&table.numbers("Bagrut_status"), &table.flags("girl"));
    arrays.cluster = Some(table.codes("school_id"));
    arrays.covariates = table.covariates(&["lagscore".to_owned()]);
    let rows = Rows { cluster_spans_arms: true, ..arrays.rows() };
    let sample = Sample::new(rows).unwrap();
    let lm = estimator("lm_robust").unwrap();
    let number = &lm.estimate(&sample, &Options::default(), None).unwrap()[0];
    check(number.estimate, 0.0738522720702, TWELVE_DIGITS);
    check(number.std_error, 0.0304125145429, TWELVE_DIGITS);
    check(number.df, 27.9639643862, TWELVE_DIGITS);
    let means = estimator("difference_in_means").unwrap();
    let plain = Sample::new(Rows { covariates: &[], ..rows }).unwrap();
    let refused = means.estimate(&plain, &Options::default(), None).unwrap_err();
    assert!(matches!(refused, EstimateError::ClusterNotNested { .. }));
}

/// A row with a covariate of its own is fitted exactly: the effect is as if it were not there.
#[test]
fn a_row_of_leverage_one_adds_nothing() {
    let (_, mut arrays) = nsw();
    let without: Vec<usize> = (1..arrays.y.len()).collect();
    let expected = one("lm_robust", &arrays.permuted(&without), &Options::default());
    let mut lone = arrays.covariates[0].clone();
    lone.name = "lone".to_owned();
    lone.values.iter_mut().enumerate().for_each(|(row, it)| *it = f64::from(u8::from(row == 0)));
    arrays.covariates.push(lone);
    let got = one("lm_robust", &arrays, &Options::default());
    check(got[0].estimate, expected[0].estimate.unwrap(), TWELVE_DIGITS);
    check(got[0].std_error, expected[0].std_error.unwrap(), TWELVE_DIGITS);
    assert_eq!(got[0].note.as_deref(), Some("rows with leverage 1, which add nothing to HC2: 1"));
}

/// Neither the origin nor the unit of a covariate matters. R's `lm` would drop this one, since it
/// does not centre: 1.3e-9 of its length is variation, less than the tolerance of 1e-7.
#[test]
fn covariates_may_be_large() {
    let (_, arrays) = nsw();
    let plain = one("lm_robust", &arrays, &Options::default());
    let mut moved = arrays.clone();
    moved.covariates[0].values.iter_mut().for_each(|it| *it += 1.4e9);
    moved.covariates[1].values.iter_mut().for_each(|it| *it *= 1e-6);
    let moved = one("lm_robust", &moved, &Options::default());
    check(moved[0].estimate, plain[0].estimate.unwrap(), TWELVE_DIGITS);
    check(moved[0].std_error, plain[0].std_error.unwrap(), TWELVE_DIGITS);
    check(moved[2].estimate, plain[2].estimate.unwrap(), TWELVE_DIGITS);
    check(moved[3].estimate, 1e6 * plain[3].estimate.unwrap(), TWELVE_DIGITS);
}
