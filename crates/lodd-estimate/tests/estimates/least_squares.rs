//! Laws between the estimators by least squares, and what they refuse.

use lodd_estimate::{
    Column, Covariate, EstimateError, Number, Options, Role, SeType, Seats, estimator,
};

use crate::design::{Blocks, choose};
use crate::table::Arrays;
use lodd_estimate::Replay;

/// Two ways to one number differ by their rounding.
const ROUNDING: f64 = 1e-9;

fn options() -> Options {
    Options { seed: Some([5; 32]), ..Options::default() }
}

fn run(name: &str, arrays: &Arrays, options: &Options) -> Vec<Number> {
    estimator(name).unwrap().estimate(&arrays.sample(), options, None).unwrap()
}

fn term<'a>(numbers: &'a [Number], term: &str) -> &'a Number {
    numbers.iter().find(|it| it.term == term).unwrap_or_else(|| panic!("{term}: {numbers:?}"))
}

#[track_caller]
fn check_same(a: Option<f64>, b: Option<f64>) {
    let (a, b) = (a.unwrap(), b.unwrap());
    assert!((a - b).abs() <= ROUNDING * b.abs().max(1.0), "{a} {b}");
}

/// 48 rows in 4 offices and 12 clusters, with a baseline and what was received.
fn trial() -> Arrays {
    let row = |it: usize, times: usize, of: usize| ((it * it * times + 5 * it) % of) as f64;
    let treated: Vec<bool> = (0..48).map(|it| (it / 4) % 2 == 0).collect();
    let y: Vec<f64> =
        (0..48).map(|it| row(it, 7, 31) / 3.0 + if treated[it] { 1.5 } else { 0.0 }).collect();
    let covariate = |name: &str, times, of| Covariate {
        name: name.to_owned(),
        values: (0..48).map(|it| row(it, times, of)).collect(),
    };
    Arrays {
        covariates: vec![covariate("age", 3, 17), covariate("size", 11, 5)],
        ..Arrays::new(&y, &treated)
    }
}

fn numbers(role: Role, name: &str, values: impl Iterator<Item = f64>) -> Column {
    Column::numbers(role, name, values.collect())
}

fn office(role: Role) -> Column {
    let labels: Vec<&str> =
        (0..48).map(|it| ["north", "south", "west", "east"][it / 8 % 4]).collect();
    Column::labels(role, "office", &labels)
}

/// Rows in units of 1e9 or 1e-9 of a covariate: only its own coefficient changes, by as much.
#[test]
fn units_of_covariates_do_not_matter() {
    for scale in [1e9, 1e-9] {
        let plain = trial();
        let mut scaled = trial();
        scaled.covariates[0].values.iter_mut().for_each(|it| *it = *it * scale + 3.0 * scale);
        for (name, covariates) in [("lm_robust", 2), ("lin", 1)] {
            let (mut plain, mut scaled) = (plain.clone(), scaled.clone());
            plain.covariates.truncate(covariates);
            scaled.covariates.truncate(covariates);
            let (a, b) = (run(name, &plain, &options()), run(name, &scaled, &options()));
            check_same(a[0].estimate, b[0].estimate);
            check_same(a[0].std_error, b[0].std_error);
            let own = term(&b, "age").estimate.map(|it| it * scale);
            check_same(own, term(&a, "age").estimate);
        }
    }
}

/// A row of weight 2 is two rows for the estimates and for CR0 with the row as cluster.
#[test]
fn a_weight_of_two_is_two_rows() {
    let mut weighted = trial();
    weighted.covariates.truncate(1);
    weighted.weights = Some((0..48).map(|it| f64::from(1 + it % 2)).collect());
    weighted.cluster = Some((0..48).collect());
    let rows: Vec<usize> = (0..48).flat_map(|it| vec![it; 1 + it % 2]).collect();
    let doubled = Arrays { weights: None, ..weighted.permuted(&rows) };
    let cr0 = Options { se: Some(SeType::Cr0), ..options() };
    for name in ["lm_robust", "lin"] {
        let (a, b) = (run(name, &weighted, &cr0), run(name, &doubled, &cr0));
        for (a, b) in a.iter().zip(&b) {
            check_same(a.estimate, b.estimate);
            check_same(a.std_error, b.std_error);
        }
    }
}

/// Several fixed effects are dummies of each, reported or not.
#[test]
fn fixed_effects_are_dummies() {
    let parity = |role| {
        let labels: Vec<&str> = (0..48).map(|it| ["a", "b", "c"][it % 3]).collect();
        Column::labels(role, "group", &labels)
    };
    for clustered in [false, true] {
        let mut absorbed = trial();
        absorbed.cluster = clustered.then(|| (0..48).map(|it| it / 4).collect());
        let mut dummies = absorbed.clone();
        absorbed.columns = vec![parity(Role::FixedEffect), office(Role::FixedEffect)];
        dummies.columns = vec![parity(Role::Factor), office(Role::Factor)];
        let (a, b) =
            (run("lm_robust", &absorbed, &options()), run("lm_robust", &dummies, &options()));
        for name in ["treated", "age", "size"] {
            let (a, b) = (term(&a, name), term(&b, name));
            check_same(a.estimate, b.estimate);
            check_same(a.std_error, b.std_error);
            check_same(a.df, b.df);
        }
        assert_eq!(a.len(), 3);
    }
}

/// The difference in means over blocks is Lin's regression with the blocks as a factor.
#[test]
fn lin_with_blocks_is_the_blocked_difference() {
    let mut blocked = trial();
    blocked.covariates.clear();
    let mut lin = blocked.clone();
    lin.columns = vec![Column::labels(
        Role::Factor,
        "half",
        &(0..48).map(|it| if it < 24 { "a" } else { "b" }).collect::<Vec<_>>(),
    )];
    blocked.block = Some((0..48).map(|it| it / 24).collect());
    let (a, b) = (run("difference_in_means", &blocked, &options()), run("lin", &lin, &options()));
    check_same(a[0].estimate, b[0].estimate);
    // HC2 with a mean in every cell is Neyman's variance within blocks, of shares that are fixed.
    check_same(a[0].std_error, b[0].std_error);
}

#[test]
fn lin_takes_one_covariate_for_every_fifteen_units() {
    let mut many = trial();
    many.covariates.push(Covariate { name: "b".to_owned(), values: vec![0.0; 48] });
    let refused = estimator("lin").unwrap().estimate(&many.sample(), &options(), None).unwrap_err();
    assert_eq!(refused, EstimateError::TooManyCovariates { given: 3, most: 1 });
    many.covariates.truncate(1);
    assert!(estimator("lin").unwrap().estimate(&many.sample(), &options(), None).is_ok());
}

/// A baseline is a covariate of `ancova`, and taken from the outcome by `did`.
#[test]
fn baselines_are_covariates_or_changes() {
    let mut arrays = trial();
    let before: Vec<f64> = (0..48).map(|it| f64::from(it * 13 % 29)).collect();
    let mut covariate = arrays.clone();
    covariate.covariates.push(Covariate { name: "baseline".to_owned(), values: before.clone() });
    let mut change = arrays.clone();
    change.y.iter_mut().zip(&before).for_each(|(y, before)| *y -= before);
    arrays.columns = vec![numbers(Role::Baseline, "before", before.into_iter())];
    for (name, other) in [("ancova", covariate), ("did", change)] {
        let (a, b) = (run(name, &arrays, &options()), run("lm_robust", &other, &options()));
        check_same(a[0].estimate, b[0].estimate);
        check_same(a[0].std_error, b[0].std_error);
    }
    let refused = estimator("did").unwrap().estimate(&trial().sample(), &options(), None);
    assert_eq!(refused, Err(EstimateError::NeedsColumn { estimator: "did", key: "baseline" }));
}

/// Effects in subgroups are those of the subgroups alone, and differ by the interaction.
#[test]
fn an_interaction_is_the_difference_of_subgroups() {
    let mut arrays = trial();
    arrays.covariates.clear();
    let half = |row: usize| if row < 16 { "a" } else { "b" };
    let labels: Vec<&str> = (0..48).map(half).collect();
    arrays.columns = vec![Column::labels(Role::Moderator, "half", &labels)];
    let all = run("interaction", &arrays, &options());
    for label in ["a", "b"] {
        let rows: Vec<usize> = (0..48).filter(|row| half(*row) == label).collect();
        let mut alone = arrays.permuted(&rows);
        alone.columns.clear();
        let alone = run("lm_robust", &alone, &options());
        let within = term(&all, &format!("treated|half={label}"));
        check_same(within.estimate, alone[0].estimate);
        check_same(within.std_error, alone[0].std_error);
    }
    let difference = term(&all, "treated:half[b]").estimate.unwrap();
    let effect = |label: &str| term(&all, &format!("treated|half={label}")).estimate.unwrap();
    check_same(Some(difference), Some(effect("b") - effect("a")));
    check_same(all[0].estimate, Some((16.0 * effect("a") + 32.0 * effect("b")) / 48.0));
}

/// At the ends of Anderson and Rubin's interval the test of y − b·d has p = alpha.
#[test]
fn the_anderson_rubin_interval_inverts_a_test() {
    let mut arrays = trial();
    let taken: Vec<f64> = (0..48)
        .map(|it| f64::from(u8::from(if arrays.treated[it] { it % 5 > 0 } else { it % 7 == 0 })))
        .collect();
    arrays.columns = vec![numbers(Role::Endogenous, "taken", taken.iter().copied())];
    for cluster in [None, Some((0..48).map(|it| it / 4).collect::<Vec<u32>>())] {
        arrays.cluster = cluster;
        let all = run("iv", &arrays, &options());
        let interval = term(&all, "anderson_rubin");
        for end in [interval.conf_low, interval.conf_high] {
            let y = arrays.y.iter().zip(&taken).map(|(y, d)| y - end.unwrap() * d).collect();
            let shifted = Arrays { y, columns: Vec::new(), ..arrays.clone() };
            check_same(run("lm_robust", &shifted, &options())[0].p_value, Some(0.05));
        }
        let (itt, first) = (term(&all, "itt").estimate.unwrap(), term(&all, "first_stage"));
        check_same(all[0].estimate, Some(itt / first.estimate.unwrap()));
    }
}

/// An instrument that moves nothing has no bounded interval, and says so.
#[test]
fn a_weak_instrument_has_no_end() {
    let mut arrays = trial();
    let taken = (0..48).map(|it| f64::from(u8::from(it % 3 == 0)));
    arrays.columns = vec![numbers(Role::Endogenous, "taken", taken)];
    let all = run("iv", &arrays, &options());
    let interval = term(&all, "anderson_rubin");
    assert_eq!((interval.conf_low, interval.conf_high), (None, None));
    assert!(interval.note.as_ref().unwrap().contains("no end"));
    assert!(all[0].note.as_ref().unwrap().contains("weak instrument"));
}

/// Three periods of 40 units: each effect is that of its period alone; the band is wider than
/// each interval and narrower than Bonferroni's.
#[test]
fn an_event_study_is_a_difference_in_each_period() {
    let n = 120;
    let period = |row: usize| ["01", "02", "03"][row % 3];
    let treated: Vec<bool> = (0..n).map(|it| it / 3 % 2 == 0).collect();
    let y: Vec<f64> = (0..n)
        .map(|it| {
            ((it * it * 11 + it) % 37) as f64 / 5.0
                + if treated[it] { it as f64 / 60.0 } else { 0.0 }
        })
        .collect();
    let mut arrays = Arrays::new(&y, &treated);
    arrays.unit = (0..n as u32).map(|it| it / 3).collect();
    let labels: Vec<&str> = (0..n).map(period).collect();
    arrays.columns = vec![Column::labels(Role::Period, "month", &labels)];
    let all = run("event_study", &arrays, &options());
    let mut sum = 0.0;
    for label in ["01", "02", "03"] {
        let rows: Vec<usize> = (0..n).filter(|row| period(*row) == label).collect();
        let mut alone = arrays.permuted(&rows);
        alone.columns.clear();
        let alone = run("difference_in_means", &alone, &options());
        let (own, band) =
            (term(&all, &format!("treated@{label}")), term(&all, &format!("band@{label}")));
        check_same(own.estimate, alone[0].estimate);
        sum += own.estimate.unwrap();
        let half = (band.conf_high.unwrap() - band.estimate.unwrap()) / band.std_error.unwrap();
        // Normal quantiles for one, for three independent, and Bonferroni's for three.
        assert!(half > 1.96 && half < 2.394 + 0.05, "{half}");
        assert_eq!(own.n_clusters, Some(40));
    }
    check_same(all[0].estimate, Some(sum / 3.0));
    let unseeded = Options { seed: None, ..options() };
    let refused = estimator("event_study").unwrap().estimate(&arrays.sample(), &unseeded, None);
    assert_eq!(refused, Err(EstimateError::NoSeed));
}

/// One outcome is its z-score against the controls; the mean of two identical ones is that too.
#[test]
fn an_index_is_in_standard_deviations_of_the_controls() {
    let plain = trial();
    let part = |name: &str, y: &[f64]| Column::numbers(Role::Part, name, y.to_vec());
    let mut arrays = plain.clone();
    let mut missing = plain.y.clone();
    missing[7] = f64::NAN;
    arrays.columns = vec![
        part("one", &plain.y),
        part("twice", &plain.y.iter().map(|it| 2.0 * it + 1.0).collect::<Vec<f64>>()),
        part("constant", &[4.0; 48]),
    ];
    let numbers = run("index", &arrays, &options());
    let controls: Vec<f64> =
        plain.y.iter().zip(&plain.treated).filter(|(_, z)| !**z).map(|(y, _)| *y).collect();
    let centre = controls.iter().sum::<f64>() / 24.0;
    let sd = (controls.iter().map(|it| (it - centre).powi(2)).sum::<f64>() / 23.0).sqrt();
    let raw = run("lm_robust", &plain, &options());
    check_same(numbers[0].estimate, raw[0].estimate.map(|it| it / sd));
    assert!(numbers[0].note.as_ref().unwrap().contains("constant"));
    arrays.columns = vec![part("one", &missing)];
    let numbers = run("index", &arrays, &options());
    assert_eq!(numbers[0].n, 47);
}

/// Six units in two blocks with known potential outcomes, three of them shares: over every
/// assignment the estimate is right in the mean and its variance not too small.
#[test]
fn horvitz_and_thompson_are_unbiased_and_conservative() {
    let (without, with) =
        ([1.0, 4.0, 2.0, 6.0, 3.0, 8.0, 2.0], [3.0, 4.0, 7.0, 5.0, 9.0, 8.0, 1.0]);
    let design = Blocks { blocks: vec![((0..4).collect(), 2), ((4..7).collect(), 1)] };
    let truth = with.iter().zip(&without).map(|(a, b)| a - b).sum::<f64>() / 7.0;
    let all = choose(4, 2) * choose(3, 1);
    let (mut sum, mut squares, mut variance) = (0.0, 0.0, 0.0);
    for i in 0..all {
        let mut arms = vec![0; 7];
        design.nth(i, &mut arms);
        let treated: Vec<bool> = arms.iter().map(|it| *it == 0).collect();
        let y: Vec<f64> =
            (0..7).map(|it| if treated[it] { with[it] } else { without[it] }).collect();
        let mut arrays = Arrays::new(&y, &treated);
        arrays.block = Some(vec![0, 0, 0, 0, 1, 1, 1]);
        let number = run("horvitz_thompson", &arrays, &options()).remove(0);
        let estimate = number.estimate.unwrap();
        sum += estimate / all as f64;
        squares += (estimate - truth).powi(2) / all as f64;
        // A negative variance is told by its absence: none of these is.
        variance += number.std_error.unwrap_or_default().powi(2) / all as f64;
    }
    assert!((sum - truth).abs() < 1e-12, "{sum} {truth}");
    assert!(variance >= squares, "{variance} {squares}");
}

/// R estimatr 1.0.0: `horvitz_thompson(y ~ z, blocks = block, simple = FALSE)`, and without blocks
/// and with `simple = TRUE`, where p is the share treated.
#[test]
fn horvitz_and_thompson_are_those_of_estimatr() {
    let y = [3.0, 1.0, 4.0, 1.5, 5.0, 9.0, 2.0, 6.0, 5.5, 3.5, 8.0, 7.0];
    let treated: Vec<bool> = (0..12).map(|it| [0, 3, 5, 8, 11].contains(&it)).collect();
    let mut arrays = Arrays::new(&y, &treated);
    let p = treated.iter().map(|it| if *it { 5.0 / 12.0 } else { 7.0 / 12.0 });
    arrays.columns = vec![numbers(Role::Probability, "p", p)];
    let each = Options { seats: Seats::Bernoulli, ..options() };
    let number = run("horvitz_thompson", &arrays, &each).remove(0);
    assert!((number.std_error.unwrap() / 3.176_411_786_392_74 - 1.0).abs() < 1e-12, "{number:?}");
    arrays.columns.clear();
    arrays.block = Some((0..12).map(|it| it / 6).collect());
    let number = run("horvitz_thompson", &arrays, &options()).remove(0);
    assert!((number.estimate.unwrap() / 1.270_833_333_333_33 - 1.0).abs() < 1e-12, "{number:?}");
    assert!((number.std_error.unwrap() / 1.419_574_222_160_37 - 1.0).abs() < 1e-12, "{number:?}");
}

#[test]
fn probabilities_that_are_not_the_seats_are_refused() {
    let mut arrays = trial();
    arrays.covariates.clear();
    arrays.columns = vec![numbers(Role::Probability, "p", (0..48).map(|_| 0.4))];
    let of = |name: &str, options: &Options| {
        estimator(name).unwrap().estimate(&arrays.sample(), options, None)
    };
    for name in ["horvitz_thompson", "hajek"] {
        let refused = of(name, &options()).unwrap_err();
        assert!(matches!(refused, EstimateError::NotTheSeats { .. }), "{refused}");
        assert!(of(name, &Options { seats: Seats::Bernoulli, ..options() }).is_ok());
    }
}

/// With one share for all, Hájek's estimate is the difference in means.
#[test]
fn hajek_with_equal_shares_is_the_difference_in_means() {
    let mut arrays = trial();
    arrays.covariates.clear();
    let (a, b) =
        (run("hajek", &arrays, &options()), run("difference_in_means", &arrays, &options()));
    check_same(a[0].estimate, b[0].estimate);
    let (a, b) = (a[0].std_error.unwrap(), b[0].std_error.unwrap());
    assert!((a / b - 1.0).abs() < 0.05, "{a} {b}");
}
