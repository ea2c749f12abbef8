//! Times to an event against R's survival, and against definitions by brute force.

use lodd_estimate::{
    Column, ConfType, EstimateError, Number, Options, Role, Ties, Vcov, estimator,
};

use crate::table::{Arrays, Table};
use crate::values::{EXACT, Entry, check, near, run, table, term, value};

fn trial(table: &Table, words: &[&str], strata: Option<&str>) -> Arrays {
    let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
    let mut arrays = Arrays::new(&table.numbers("time"), &table.flags("z"));
    arrays.covariates = table.covariates(&words);
    arrays.columns = vec![Column::numbers(Role::Event, "status", table.numbers("status"))];
    if let Some(name) = strata {
        let labels: Vec<&str> = table.text(name).iter().map(String::as_str).collect();
        arrays.columns.push(Column::labels(Role::Strata, name, &labels));
    }
    arrays
}

fn veteran(words: &[&str], strata: Option<&str>) -> Arrays {
    trial(&table("veteran"), words, strata)
}

/// A small trial: time, event, arm.
fn small(rows: &[(f64, u8, u8)]) -> Arrays {
    let y: Vec<f64> = rows.iter().map(|it| it.0).collect();
    let treated: Vec<bool> = rows.iter().map(|it| it.2 == 1).collect();
    let events = rows.iter().map(|it| f64::from(it.1)).collect();
    let columns = vec![Column::numbers(Role::Event, "event", events)];
    Arrays { columns, ..Arrays::new(&y, &treated) }
}

fn numbers(name: &str, arrays: &Arrays, options: &Options) -> Vec<Number> {
    run(name, &arrays.sample(), options)
}

#[test]
fn curves_of_the_veterans_are_those_of_r() {
    let options = Options { times: vec![30.0, 100.0, 200.0, 365.0], ..Options::default() };
    let all = numbers("kaplan_meier", &veteran(&[], None), &options);
    for (id, arm) in [("v-vet-km-0", 0), ("v-vet-km-1", 1)] {
        let entry = Entry::of(id);
        for (at, time) in [30, 100, 200, 365].into_iter().enumerate() {
            let it = term(&all, &format!("survival@{time}[{arm}]"));
            entry.check_at(it.estimate, "surv", at);
            entry.check_at(it.std_error, "std_error", at);
            entry.check_at(it.conf_low, "conf_low", at);
            entry.check_at(it.conf_high, "conf_high", at);
            let risk = it.note.as_ref().unwrap().split("at risk: ").nth(1).unwrap();
            let risk: f64 = risk.split(';').next().unwrap().parse().unwrap();
            entry.check_at(Some(risk), "n_risk", at);
        }
        let it = term(&all, &format!("median[{arm}]"));
        Entry::of("v-vet-median").check_at(it.estimate, "median", arm);
        Entry::of("v-vet-median").check_at(it.conf_low, "conf_low", arm);
        Entry::of("v-vet-median").check_at(it.conf_high, "conf_high", arm);
    }
    let (one, zero) = (term(&all, "survival@100[1]"), term(&all, "survival@100[0]"));
    let gap = term(&all, "difference@100");
    near(gap.estimate, one.estimate.unwrap() - zero.estimate.unwrap(), 1e-12, "difference");
    near(gap.std_error, one.std_error.unwrap().hypot(zero.std_error.unwrap()), 1e-12, "se");
}

#[test]
fn intervals_on_other_scales_are_those_of_r() {
    for (conf_type, key) in [(ConfType::LogLog, "loglog"), (ConfType::Plain, "plain")] {
        let options = Options { times: vec![100.0], conf_type, ..Options::default() };
        let all = numbers("kaplan_meier", &veteran(&[], None), &options);
        check(term(&all, "survival@100[1]"), &["km-types", key], EXACT);
    }
}

/// Events come before censorings at the same time; beyond the last censored time nothing is known;
/// after the last event of everyone the curve is at 0 for ever.
#[test]
fn ends_of_a_curve() {
    let arrays =
        small(&[(2.0, 1, 1), (2.0, 0, 1), (4.0, 1, 1), (1.0, 1, 0), (3.0, 0, 0), (5.0, 0, 0)]);
    let options = Options { times: vec![0.5, 2.0, 4.0, 6.0], ..Options::default() };
    let all = numbers("kaplan_meier", &arrays, &options);
    near(term(&all, "survival@2[1]").estimate, 2.0 / 3.0, 1e-12, "event first");
    assert_eq!(term(&all, "survival@0.5[1]").estimate, Some(1.0));
    let gone = term(&all, "survival@6[1]");
    assert_eq!((gone.estimate, gone.std_error, gone.conf_low), (Some(0.0), None, None));
    let unknown = term(&all, "survival@6[0]");
    assert_eq!(unknown.estimate, None);
    assert!(unknown.note.as_ref().unwrap().contains("until 5"));
    assert_eq!(term(&all, "difference@6").estimate, None);
    let none = term(&all, "median[0]");
    assert_eq!(none.estimate, None);
    assert!(none.note.as_ref().unwrap().contains("no median"));
    // At one half from 2 to 7: the middle, as R's survfit.
    let flat = small(&[(2.0, 1, 1), (7.0, 1, 1), (1.0, 1, 0), (3.0, 1, 0)]);
    let all = numbers("kaplan_meier", &flat, &Options::default());
    assert_eq!(term(&all, "median[1]").estimate, Some(4.5));
}

#[test]
fn log_rank_tests_are_those_of_r() {
    let all = numbers("logrank", &veteran(&[], None), &Options::default());
    let entry = Entry::of("v-vet-logrank");
    entry.check(term(&all, "chisq").statistic, "chisq");
    entry.check(term(&all, "chisq").p_value, "p");
    for (at, arm) in ["control", "treated"].into_iter().enumerate() {
        entry.check_at(term(&all, &format!("observed_{arm}")).estimate, "observed", at);
        entry.check_at(term(&all, &format!("expected_{arm}")).estimate, "expected", at);
    }
    let all = numbers("logrank", &veteran(&[], Some("celltype")), &Options::default());
    check(term(&all, "chisq"), &["logrank-strata", "chisq"], EXACT);
    let expected = value(&["logrank-strata", "expected"]);
    near(term(&all, "expected_treated").estimate, expected, EXACT, "expected");
    // The design's blocks are strata too.
    let mut blocked = veteran(&[], None);
    blocked.block = Some(table("veteran").codes("celltype"));
    let same = numbers("logrank", &blocked, &Options::default());
    assert_eq!(term(&same, "chisq").statistic, term(&all, "chisq").statistic);
}

#[test]
fn hazard_ratios_are_those_of_r() {
    let cases = [
        ("v-vet-cox-efron", veteran(&[], None), Ties::Efron),
        ("v-vet-cox-breslow", veteran(&[], None), Ties::Breslow),
        ("v-vet-cox-adj", veteran(&["karno", "age", "prior"], None), Ties::Efron),
        ("v-vet-cox-strata", veteran(&["karno"], Some("celltype")), Ties::Efron),
    ];
    for (id, arrays, ties) in cases {
        let options = Options { ties, ..Options::default() };
        let (all, entry) = (numbers("cox", &arrays, &options), Entry::of(id));
        entry.check_inference(&all[0]);
        entry.check(term(&all, "hazard_ratio").estimate, "hazard_ratio");
        entry.check_at(term(&all, "loglik_null").estimate, "loglik", 0);
        entry.check_at(term(&all, "loglik").estimate, "loglik", 1);
    }
}

#[test]
fn tests_of_proportional_hazards_are_those_of_r() {
    let options = Options::default();
    let all = numbers("cox", &veteran(&["karno", "age", "prior"], None), &options);
    check(term(&all, "ph_test"), &["cox-ph", "treatment"], 1e-7);
    check(term(&all, "karno"), &["cox-karno", "coefficient"], 1e-8);
    let all = numbers("cox", &veteran(&["karno"], Some("celltype")), &options);
    check(term(&all, "ph_test"), &["cox-ph-strata", "treatment"], 1e-7);
}

#[test]
fn robust_variances_are_those_of_r() {
    let mut arrays = veteran(&["karno"], None);
    let options = Options { vcov: Some(Vcov::Hc), ..Options::default() };
    check(&numbers("cox", &arrays, &options)[0], &["cox-hc-efron", "treatment"], 1e-8);
    // Sites hold both arms, so they are what errors are clustered on, not what was drawn.
    arrays.cluster = Some((1..=137).map(|it| it % 23).collect());
    let rows = lodd_estimate::Rows { cluster_spans_arms: true, ..arrays.rows() };
    let sample = lodd_estimate::Sample::new(rows).unwrap();
    let options = Options { ties: Ties::Breslow, ..Options::default() };
    let all = run("cox", &sample, &options);
    check(&all[0], &["cox-cluster-breslow", "treatment"], 1e-8);
    check(term(&all, "ph_test"), &["cox-cluster-breslow", "ph"], 1e-7);
}

/// The logarithm of the partial likelihood by its definition: for every event time, Efron's mean
/// over the orders of those tied.
fn by_definition(rows: &[(f64, u8, u8)], b: f64) -> f64 {
    let weight = |it: &(f64, u8, u8)| (b * f64::from(it.2)).exp();
    let mut times: Vec<f64> = rows.iter().filter(|it| it.1 == 1).map(|it| it.0).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let mut log = 0.0;
    for time in times {
        let tied: Vec<_> =
            rows.iter().filter(|it| it.1 == 1 && it.0.total_cmp(&time).is_eq()).collect();
        let at_risk: f64 = rows.iter().filter(|it| it.0 >= time).map(weight).sum();
        let own: f64 = tied.iter().map(|it| weight(it)).sum();
        for (at, it) in tied.iter().enumerate() {
            log += weight(it).ln() - (at_risk - own * at as f64 / tied.len() as f64).ln();
        }
    }
    log
}

/// The maximum found by trying: a grid that closes in. Its curvature by differences.
#[test]
fn cox_is_the_brute_force_maximum() {
    let rows = [
        (1.0, 1, 1),
        (2.0, 1, 0),
        (2.0, 1, 1),
        (2.0, 0, 0),
        (3.0, 1, 0),
        (4.0, 0, 1),
        (4.0, 1, 1),
        (4.0, 1, 0),
        (4.0, 1, 0),
        (6.0, 1, 1),
        (7.0, 0, 0),
        (9.0, 1, 0),
        (9.5, 1, 1),
        (9.5, 1, 0),
    ];
    let (mut centre, mut reach) = (0.0, 4.0);
    for _ in 0..60 {
        let grid = (0..=20).map(|it| centre + reach * (f64::from(it) / 10.0 - 1.0));
        centre = grid
            .max_by(|a, b| by_definition(&rows, *a).total_cmp(&by_definition(&rows, *b)))
            .unwrap();
        reach *= 0.7;
    }
    let step = 1e-3;
    let curve = by_definition(&rows, centre + step) + by_definition(&rows, centre - step)
        - 2.0 * by_definition(&rows, centre);
    let all = numbers("cox", &small(&rows), &Options::default());
    // A maximum is found to the root of what a likelihood can tell apart.
    assert!((all[0].estimate.unwrap() - centre).abs() < 1e-6, "{centre}");
    near(all[0].std_error, (-curve / step / step).recip().sqrt(), 1e-5, "curvature");
    near(term(&all, "loglik").estimate, by_definition(&rows, centre), 1e-12, "likelihood");
}

/// All events of the treated come before any of the controls': the ratio has no end.
#[test]
fn a_monotone_likelihood_is_reported() {
    let arrays =
        small(&[(1.0, 1, 1), (2.0, 1, 1), (3.0, 1, 1), (4.0, 1, 0), (5.0, 0, 0), (6.0, 1, 0)]);
    let none = small(&[(1.0, 0, 1), (2.0, 1, 0), (3.0, 0, 1), (4.0, 1, 0)]);
    let no_events = small(&[(1.0, 0, 1), (2.0, 0, 0)]);
    for arrays in [arrays, none, no_events] {
        let all = numbers("cox", &arrays, &Options::default());
        assert_eq!((all.len(), all[0].estimate, all[0].p_value), (1, None, None));
        assert!(all[0].note.as_ref().unwrap().starts_with("monotone likelihood"));
    }
}

#[test]
fn restricted_means_are_those_of_r() {
    let options = Options { tau: Some(365.0), ..Options::default() };
    let all = numbers("rmst", &veteran(&[], None), &options);
    let entry = Entry::of("v-vet-rmst");
    entry.check_inference(term(&all, "difference"));
    entry.check(term(&all, "rmst_treated").estimate, "rmst_t");
    entry.check(term(&all, "rmst_treated").std_error, "se_t");
    entry.check(term(&all, "rmst_control").estimate, "rmst_c");
    entry.check(term(&all, "rmst_control").std_error, "se_c");
    let ratio = term(&all, "ratio");
    near(ratio.estimate, value(&["rmst-ratio", "ratio", "estimate"]), EXACT, "ratio");
    near(ratio.std_error, value(&["rmst-ratio", "ratio", "std_error"]), EXACT, "ratio");
}

/// Without censoring the restricted mean is the mean of min(t, tau).
#[test]
fn a_restricted_mean_without_censoring_is_a_mean() {
    let arrays =
        small(&[(0.0, 1, 1), (2.0, 1, 1), (9.0, 1, 1), (1.0, 1, 0), (3.0, 1, 0), (5.0, 1, 0)]);
    let options = Options { tau: Some(4.0), ..Options::default() };
    let all = numbers("rmst", &arrays, &options);
    near(term(&all, "rmst_treated").estimate, 2.0, 1e-12, "treated");
    near(term(&all, "rmst_control").estimate, 8.0 / 3.0, 1e-12, "control");
}

#[test]
fn a_limit_beyond_the_follow_up_is_refused() {
    let arrays = small(&[(1.0, 1, 1), (3.0, 0, 1), (2.0, 1, 0), (5.0, 1, 0)]);
    let refused = |tau| {
        let options = Options { tau, ..Options::default() };
        estimator("rmst").unwrap().estimate(&arrays.sample(), &options, None).unwrap_err()
    };
    assert_eq!(refused(Some(3.5)), EstimateError::BeyondFollowUp { tau: 3.5, last: 3.0 });
    assert_eq!(refused(None), EstimateError::NeedsOption { estimator: "rmst", option: "tau" });
    let negative = small(&[(-1.0, 1, 1), (3.0, 0, 0)]);
    let refused = estimator("logrank").unwrap();
    let refused = refused.estimate(&negative.sample(), &Options::default(), None).unwrap_err();
    assert_eq!(refused, EstimateError::NegativeTime { time: -1.0 });
}
