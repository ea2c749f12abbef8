//! Binary outcomes: `risk`, `cmh` and `logit` against R.

use lodd_estimate::{EstimateError, Number, Options, Vcov, estimator};

use crate::table::{Arrays, Table};
use crate::values::{EXACT, Entry, UNIROOT, check, near, run, table, term, value};

/// Rows of both arms: events and rows of the treated, then of the controls.
fn counts(x1: usize, n1: usize, x0: usize, n0: usize) -> Arrays {
    let one = (0..n1).map(|it| (it < x1, true));
    let rows: Vec<(bool, bool)> = one.chain((0..n0).map(|it| (it < x0, false))).collect();
    let y: Vec<f64> = rows.iter().map(|it| f64::from(u8::from(it.0))).collect();
    Arrays::new(&y, &rows.iter().map(|it| it.1).collect::<Vec<_>>())
}

fn risk(arrays: &Arrays) -> Vec<Number> {
    run("risk", &arrays.sample(), &Options::default())
}

fn nsw() -> Arrays {
    let table = table("nsw");
    Arrays::new(&table.numbers("emp78"), &table.flags("treat"))
}

#[test]
fn risks_of_nsw_are_those_of_r() {
    let (numbers, entry) = (risk(&nsw()), Entry::of("v-nsw-rd-rr"));
    entry.check(term(&numbers, "risk_treated").estimate, "risk_t");
    entry.check(term(&numbers, "risk_control").estimate, "risk_c");
    let rd = term(&numbers, "rd");
    entry.check(rd.estimate, "rd");
    entry.check(rd.std_error, "rd_se_unpooled");
    entry.check(rd.conf_low, "rd_low_wald");
    entry.check(rd.conf_high, "rd_high_wald");
    entry.check(term(&numbers, "rd_newcombe").conf_low, "rd_low_newcombe");
    entry.check(term(&numbers, "rd_newcombe").conf_high, "rd_high_newcombe");
    entry.check(term(&numbers, "rr").estimate, "rr");
    entry.check(term(&numbers, "rr").conf_low, "rr_low_log");
    entry.check(term(&numbers, "rr").conf_high, "rr_high_log");
    entry.check(term(&numbers, "or").estimate, "or");
    entry.check(term(&numbers, "chisq").p_value, "chisq_p");
    entry.check(term(&numbers, "fisher").p_value, "fisher_p");
    check(term(&numbers, "or"), &["or-nsw", "or"], EXACT);
    check(term(&numbers, "fisher"), &["fisher-nsw", "fisher"], UNIROOT);
}

/// 9 of 14 without malaria against none of 6: an empty cell.
#[test]
fn an_empty_cell_has_exact_numbers_and_says_so() {
    let table = table("malaria");
    let numbers = risk(&Arrays::new(&table.numbers("y"), &table.flags("z")));
    let fisher = term(&numbers, "fisher");
    Entry::of("v-malaria-exact").check(fisher.p_value, "fisher_p_two");
    near(fisher.conf_high, value(&["fisher-malaria", "fisher", "conf_high"]), UNIROOT, "high");
    assert_eq!((fisher.estimate, fisher.conf_low), (Some(0.0), Some(0.0)));
    let or = term(&numbers, "or");
    assert_eq!((or.estimate, or.std_error, or.p_value), (Some(0.0), None, None));
    assert!(or.note.as_ref().unwrap().contains("an empty cell"));
    let rd = term(&numbers, "rd");
    assert!(rd.note.as_ref().unwrap().contains("a cell expects fewer than 5"));
}

/// Wilson's and Koopman's intervals, with an arm that has no event.
#[test]
fn an_arm_without_events() {
    let numbers = risk(&counts(0, 14, 4, 9));
    check(term(&numbers, "risk_treated"), &["wilson", "none"], EXACT);
    let rr = term(&numbers, "rr");
    assert_eq!((rr.estimate, rr.conf_low, rr.std_error), (Some(0.0), Some(0.0), None));
    // The reference maximises the likelihood numerically: half of the digits.
    near(rr.conf_high, value(&["koopman", "none_treated", "conf_high"]), 1e-6, "koopman");
    let numbers = risk(&counts(6, 14, 0, 9));
    let rr = term(&numbers, "rr");
    assert_eq!((rr.estimate, rr.conf_high), (None, None));
    near(rr.conf_low, value(&["koopman", "none_control", "conf_low"]), 1e-6, "koopman");
    assert!(rr.note.as_ref().unwrap().contains("no event among the controls"));
    let fisher = term(&numbers, "fisher");
    assert_eq!((fisher.estimate, fisher.conf_high), (None, None));
    assert!(fisher.p_value.is_some() && fisher.note.as_ref().unwrap().contains("infinite"));
    check(term(&risk(&counts(5, 14, 1, 9)), "risk_treated"), &["wilson", "treated"], EXACT);
}

#[test]
fn no_event_at_all() {
    let numbers = risk(&counts(0, 5, 0, 7));
    for it in &numbers {
        assert!(it.p_value.is_none() && it.note.is_some(), "{it:?}");
    }
    let rd = term(&numbers, "rd");
    assert_eq!((rd.estimate, rd.std_error), (Some(0.0), Some(0.0)));
    assert!(term(&numbers, "rd_newcombe").conf_high.unwrap() > 0.3);
}

/// All tables with the same margins, listed one by one, for every table of some small trials.
#[test]
fn fisher_is_the_sum_over_all_tables() {
    let choose = |n: usize, k: usize| crate::design::choose(n, k) as f64;
    for (n1, n0, events) in [(3, 5, 4), (7, 4, 6), (6, 6, 5), (1, 9, 3)] {
        let ways = |x: usize| choose(n1, x) * choose(n0, events - x);
        let range = || (0..=events.min(n1)).filter(|x| events - x <= n0);
        let total: f64 = range().map(ways).sum();
        for x1 in range() {
            let extreme = range().filter(|x| ways(*x) <= ways(x1) * (1.0 + 1e-9));
            let expected = extreme.map(ways).sum::<f64>() / total;
            let numbers = risk(&counts(x1, n1, events - x1, n0));
            near(term(&numbers, "fisher").p_value, expected, 1e-12, &format!("{x1} {n1} {n0}"));
        }
    }
}

/// Meinertz et al. (1988), APSAC against heparin after cardiac infarction: 9 of 162 and 19 of 151 died. Wilson's
/// intervals as in table 8.1 of Micheloud, Clinical Biostatistics (bookdown): 3.0 to 10.2 % and 8.2 to 18.8 %.
#[test]
fn apsac_is_as_published() {
    let numbers = risk(&counts(9, 162, 19, 151));
    let arms = [("risk_treated", 0.056, 0.030, 0.102), ("risk_control", 0.126, 0.082, 0.188)];
    for (name, share, low, high) in arms {
        let it = term(&numbers, name);
        let fields = [(it.estimate, share), (it.conf_low, low), (it.conf_high, high)];
        for (got, printed) in fields {
            assert!((got.unwrap() - printed).abs() < 0.0005 + 1e-9, "{name}: {got:?} {printed}");
        }
    }
}

#[test]
fn outcomes_that_are_not_0_or_1_are_refused() {
    let arrays = Arrays::new(&[0.0, 1.0, 2.0], &[true, false, false]);
    for name in ["risk", "cmh", "logit"] {
        let refused = estimator(name).unwrap();
        let refused = refused.estimate(&arrays.sample(), &Options::default(), None).unwrap_err();
        assert_eq!(refused, EstimateError::NotBinary { estimator: name });
    }
}

#[test]
fn blocks_with_unequal_shares_are_pointed_out() {
    let mut arrays = counts(3, 6, 2, 6);
    arrays.block = Some((0..12).map(|it| it % 2).collect());
    assert!(!risk(&arrays)[0].note.clone().unwrap_or_default().contains("differs between blocks"));
    arrays.block = Some((0..12).map(|it| u32::from(it > 3)).collect());
    assert!(risk(&arrays)[0].note.clone().unwrap().contains("differs between blocks"));
}

fn respiratory() -> Table {
    table("respiratory")
}

fn visit_4() -> Arrays {
    let table = respiratory().filter(|cell| cell("visit") == "4");
    let mut arrays = Arrays::new(&table.numbers("outcome"), &table.flags("z"));
    arrays.block = Some(table.codes("center"));
    arrays
}

#[test]
fn centres_of_the_respiratory_trial_are_those_of_r() {
    let numbers = run("cmh", &visit_4().sample(), &Options::default());
    let entry = Entry::of("v-resp-cmh");
    entry.check(term(&numbers, "or").estimate, "or");
    entry.check(term(&numbers, "chisq").statistic, "chisq");
    entry.check(term(&numbers, "chisq").p_value, "p");
    let exact = term(&numbers, "exact");
    entry.check(exact.p_value, "exact_p_two");
    entry.check_within(exact.estimate, "exact_or", UNIROOT);
    near(exact.estimate, value(&["cmh-respiratory", "exact", "estimate"]), UNIROOT, "exact");
    check(exact, &["cmh-respiratory", "exact"], UNIROOT);
    check(term(&numbers, "or"), &["cmh-respiratory", "or"], EXACT);
}

/// A block of one arm, or without variation, adds nothing and is counted.
#[test]
fn silent_blocks_add_nothing_to_cmh() {
    let mut arrays = visit_4();
    let before = run("cmh", &arrays.sample(), &Options::default());
    for (y, treated) in [(1.0, true), (1.0, true), (1.0, false)] {
        arrays.y.push(y);
        arrays.treated.push(treated);
        arrays.unit.push(arrays.unit.len() as u32);
        arrays.block.as_mut().unwrap().push(9);
    }
    let after = run("cmh", &arrays.sample(), &Options::default());
    for (a, b) in before.iter().zip(&after) {
        assert_eq!((a.estimate, a.p_value, a.conf_low), (b.estimate, b.p_value, b.conf_low));
    }
    let note = after[0].note.as_ref().unwrap();
    assert!(note.contains("blocks that add nothing, as all in them are alike: 1"), "{note}");
}

fn logit(words: &[&str], table: &Table, (y, z): (&str, &str)) -> Arrays {
    let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
    let mut arrays = Arrays::new(&table.numbers(y), &table.flags(z));
    arrays.covariates = table.covariates(&words);
    arrays
}

#[test]
fn marginal_effects_are_those_of_r() {
    let nsw_words = ["age", "educ", "black", "hisp", "marr", "nodegree"];
    let nsw = logit(&nsw_words, &table("nsw"), ("emp78", "treat"));
    let visit_4 = respiratory().filter(|cell| cell("visit") == "4");
    let respiratory = logit(&["baseline", "factor(center)"], &visit_4, ("outcome", "z"));
    let cases = [
        ("v-nsw-logit-ame", &nsw, Vcov::Information),
        ("v-nsw-logit-ame-HC0", &nsw, Vcov::Hc),
        ("v-resp-ame", &respiratory, Vcov::Information),
    ];
    for (id, arrays, vcov) in cases {
        let options = Options { vcov: Some(vcov), ..Options::default() };
        let (numbers, entry) = (run("logit", &arrays.sample(), &options), Entry::of(id));
        entry.check_propagated(&numbers[0]);
        entry.check(term(&numbers, "p_treated").estimate, "mean_p1");
        entry.check(term(&numbers, "p_control").estimate, "mean_p0");
        entry.check(term(&numbers, "coefficient").estimate, "logit_coef");
        // The entries have glm's own standard error, of the information in the step before the last.
        let options = Options { vcov: Some(Vcov::Information), ..Options::default() };
        let numbers = run("logit", &arrays.sample(), &options);
        entry.check_within(term(&numbers, "coefficient").std_error, "logit_se", 2e-8);
    }
    // Where R's last step matters in the ninth digit, R itself with that step taken.
    let numbers = run("logit", &respiratory.sample(), &Options::default());
    check(&numbers[0], &["logit-visit4", "ame"], EXACT);
    check(term(&numbers, "coefficient"), &["logit-visit4", "coefficient"], EXACT);
    let numbers = run("logit", &nsw.sample(), &Options::default());
    Entry::of("v-nsw-logit-ame").check(term(&numbers, "coefficient").std_error, "logit_se");
}

/// All visits of a patient are a cluster.
#[test]
fn clustered_logits_are_those_of_r() {
    let table = respiratory();
    let mut arrays = logit(&["baseline", "age", "factor(center)"], &table, ("outcome", "z"));
    let options = Options { vcov: Some(Vcov::Hc), ..Options::default() };
    let numbers = run("logit", &arrays.sample(), &options);
    check(&numbers[0], &["logit-hc", "ame"], EXACT);
    check(term(&numbers, "coefficient"), &["logit-hc", "coefficient"], EXACT);
    arrays.cluster = Some(table.codes("uid"));
    let numbers = run("logit", &arrays.sample(), &Options::default());
    check(&numbers[0], &["logit-cluster", "ame"], EXACT);
    check(term(&numbers, "coefficient"), &["logit-cluster", "coefficient"], EXACT);
    check(term(&numbers, "age"), &["logit-cluster", "age"], EXACT);
    check(term(&numbers, "(Intercept)"), &["logit-cluster", "constant"], EXACT);
    assert_eq!(numbers[0].se_type, Some("CR"));
}

/// Complete separation by the treatment, and quasi-complete by a covariate, end at once.
#[test]
fn perfect_prediction_is_reported() {
    let by_arm = counts(6, 6, 0, 5);
    let mut by_age = counts(3, 6, 3, 6);
    let age =
        by_age.y.iter().enumerate().map(|(at, y)| if *y > 0.0 { 50.0 + at as f64 } else { 50.0 });
    by_age.covariates =
        vec![lodd_estimate::Covariate { name: "age".to_owned(), values: age.collect() }];
    // Quasi-complete: nobody treated has the outcome 0, some controls have it.
    let quasi = counts(6, 6, 2, 5);
    for arrays in [by_arm, by_age, quasi] {
        let numbers = run("logit", &arrays.sample(), &Options::default());
        assert_eq!(numbers.len(), 1);
        assert_eq!((numbers[0].estimate, numbers[0].p_value), (None, None));
        assert!(numbers[0].note.as_ref().unwrap().starts_with("perfect prediction"));
    }
}

/// A strong but imperfect prediction has a maximum, far out: one row of 60 on the wrong side.
#[test]
fn a_strong_prediction_is_no_perfect_one() {
    let numbers = run("logit", &counts(59, 60, 1, 60).sample(), &Options::default());
    near(term(&numbers, "coefficient").estimate, 2.0 * 59.0_f64.ln(), 1e-12, "log odds ratio");
    near(numbers[0].estimate, 58.0 / 60.0, 1e-12, "effect");
}

/// Covariates in other units give the same effect; a collinear one is named.
#[test]
fn units_of_covariates_do_not_matter() {
    let mut arrays = logit(&["age", "educ"], &table("nsw"), ("emp78", "treat"));
    let before = run("logit", &arrays.sample(), &Options::default());
    for it in &mut arrays.covariates {
        it.values.iter_mut().for_each(|it| *it = *it * 1e9 + 1e7);
    }
    let double = arrays.covariates[0].values.iter().map(|it| it * 2.0).collect();
    arrays.covariates.push(lodd_estimate::Covariate { name: "double".to_owned(), values: double });
    let after = run("logit", &arrays.sample(), &Options::default());
    near(after[0].estimate, before[0].estimate.unwrap(), 1e-9, "estimate");
    near(after[0].std_error, before[0].std_error.unwrap(), 1e-9, "std_error");
    assert_eq!(after[0].note.as_deref(), Some("dropped as collinear: double"));
    let age = term(&before, "age").estimate.unwrap();
    near(term(&after, "age").estimate, age / 1e9, 1e-7, "age");
    assert_eq!(term(&after, "double").estimate, None);
}

#[test]
fn variances_that_do_not_go_with_clusters_are_refused() {
    let mut arrays = counts(3, 6, 2, 6);
    let logit = estimator("logit").unwrap();
    let refused = |arrays: &Arrays, vcov| {
        let options = Options { vcov: Some(vcov), ..Options::default() };
        logit.estimate(&arrays.sample(), &options, None).unwrap_err()
    };
    assert_eq!(refused(&arrays, Vcov::Cr), EstimateError::SeNeedsClusters { se: "CR" });
    arrays.cluster = Some((0..12).map(|it| it / 2).collect());
    arrays.unit = arrays.cluster.clone().unwrap();
    assert_eq!(refused(&arrays, Vcov::Hc), EstimateError::SeWithClusters { se: "HC" });
    let risk = estimator("risk").unwrap().estimate(&arrays.sample(), &Options::default(), None);
    let what = "clusters of several rows";
    assert_eq!(risk.unwrap_err(), EstimateError::NotTaken { estimator: "risk", what });
}
