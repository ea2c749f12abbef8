//! Laws that hold for every estimator of the registry.

use std::collections::BTreeSet;

use lodd_estimate::{
    Column, Covariate, Distribution, ESTIMATORS, EstimateError, Estimator, Measure, Number,
    Options, OutcomeKind, Redraw, Role, Sample, SeType, Statistic, Taken, estimator,
};
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::design::Blocks;
use crate::table::{Arrays, kept};

/// A trial and the way it was drawn.
struct Trial {
    name: &'static str,
    arrays: Arrays,
    design: Blocks,
}

/// A number in [-1, 1) with 20 binary digits.
fn uniform(random: &mut ChaCha20Rng) -> f64 {
    f64::from(random.next_u32() >> 11) / f64::from(1_u32 << 20) - 1.0
}

fn arrays(n: usize, seed: u8, treated: impl Fn(usize) -> bool) -> Arrays {
    let mut random = ChaCha20Rng::from_seed([seed; 32]);
    let y: Vec<f64> = (0..n).map(|_| 100.0 * uniform(&mut random)).collect();
    let treated: Vec<bool> = (0..n).map(treated).collect();
    Arrays::new(&y, &treated)
}

/// Simple, blocked, paired and clustered designs, with more than 1,000,000 assignments or fewer.
fn trials() -> Vec<Trial> {
    let simple = arrays(15, 1, |it| it % 2 == 0);
    let mut blocked = arrays(40, 2, |it| it % 3 == 0);
    blocked.block = Some((0..40).map(|it| it % 4 + 7).collect());
    let mut paired = arrays(20, 3, |it| it % 2 == 0);
    paired.block = Some((0..20).map(|it| it / 2).collect());
    let cluster_of = |row: usize| (row * row % 11) as u32;
    let mut clustered = arrays(44, 4, |it| cluster_of(it) % 2 == 0);
    clustered.cluster = Some((0..44).map(cluster_of).collect());
    clustered.unit = (0..44).map(cluster_of).collect();
    let design = |it: &Arrays| {
        let none = vec![0; it.y.len()];
        Blocks::of(&it.treated, it.block.as_ref().unwrap_or(&none))
    };
    let clusters: Vec<bool> = (0..11).map(|it| it % 2 == 0).collect();
    // Eleven lists of four, offered down to the third, who is the second to accept.
    let mut listed = arrays(44, 10, |it| it % 4 < 3);
    listed.block = Some((0..44).map(|it| it / 4).collect());
    listed.offers =
        Some(((0..44).map(|it| kept(it % 4 == it / 4 % 2 || it % 4 == 2)).collect(), vec![2; 44]));
    vec![
        Trial { name: "lists", design: design(&listed), arrays: listed },
        Trial { name: "simple", design: design(&simple), arrays: simple },
        Trial { name: "blocked", design: design(&blocked), arrays: blocked },
        Trial { name: "paired", design: design(&paired), arrays: paired },
        Trial { name: "clustered", design: Blocks::of(&clusters, &[0; 11]), arrays: clustered },
    ]
}

fn options() -> Options {
    Options {
        seed: Some([7; 32]),
        replicates: 400,
        max_exact: 10_000,
        margin: Some(30.0),
        support: Some((-100.0, 100.0)),
        tau: Some(20.0),
        times: vec![10.0, 30.0],
        distribution: Distribution::Gaussian,
        ..Options::default()
    }
}

fn run(it: &dyn Estimator, trial: &Trial, arrays: &Arrays, options: &Options) -> Vec<Number> {
    let redraw = Some(Redraw::two_arms(&trial.design));
    it.estimate(&arrays.sample(), options, redraw).unwrap()
}

/// Whether an estimator is for a design at all: those of independent rows refuse clusters, those
/// of pairs what is none.
fn takes(it: &dyn Estimator, trial: &Trial) -> bool {
    if it.takes_offers() != trial.arrays.offers.is_some() {
        return false;
    }
    let redraw = Some(Redraw::two_arms(&trial.design));
    let refused = it.estimate(&trial.arrays.sample(), &options(), redraw).err();
    !matches!(refused, Some(EstimateError::NotTaken { .. } | EstimateError::NotPairs { .. }))
}

#[test]
fn every_estimator_is_tried_on_a_trial() {
    let tried: BTreeSet<&str> = cases().iter().map(|(it, _)| it.name()).collect();
    for it in ESTIMATORS {
        assert!(tried.contains(it.name()), "{}", it.name());
    }
}

/// Estimators with each trial they are for: those of offers with lists, the others without.
fn cases() -> Vec<(&'static dyn Estimator, Trial)> {
    let of = |it: &&'static dyn Estimator, mut trial: Trial| {
        trial.arrays = dressed(*it, &trial.arrays);
        (*it, trial)
    };
    let all = ESTIMATORS.iter().flat_map(|it| trials().into_iter().map(move |trial| of(it, trial)));
    // The clusters of one trial leave units out, which a test of balance can't do without.
    all.filter(|(it, trial)| it.name() != "balance" || trial.name != "clustered")
        .filter(|(it, trial)| takes(*it, trial))
        .collect()
}

/// A trial's arrays with the columns that an estimator can't do without, and an outcome it is for.
fn dressed(it: &dyn Estimator, arrays: &Arrays) -> Arrays {
    let mut arrays = arrays.clone();
    match it.outcome() {
        OutcomeKind::Binary => {
            arrays.y.iter_mut().for_each(|y| *y = f64::from(u8::from(*y > 0.0)));
        }
        OutcomeKind::Time => arrays.y.iter_mut().for_each(|y| *y = y.abs().ceil() + 1.0),
        OutcomeKind::Number | OutcomeKind::Category => {}
    }
    if it.needs().contains(&"covariates") {
        arrays.covariates = enriched(estimator("lm_robust").unwrap(), &arrays).covariates;
    }
    let columns = it.needs().iter().filter(|key| **key != "covariates");
    arrays.columns = columns.map(|key| needed(key, &arrays)).collect();
    // One imputation is none.
    for mut other in arrays.columns.clone() {
        if other.role == Role::Imputation {
            other.values.iter_mut().zip(&arrays.y).for_each(|(it, y)| *it = *it * 1.5 + y / 100.0);
            arrays.columns.push(other);
        }
    }
    arrays
}

/// A made-up column for a plan's key.
fn needed(key: &str, arrays: &Arrays) -> Column {
    let mut random = ChaCha20Rng::from_seed([key.len() as u8; 32]);
    let role = *Role::ALL.iter().find(|it| it.key() == key).unwrap();
    let noise: Vec<f64> = arrays.y.iter().map(|_| uniform(&mut random)).collect();
    if role.is_labels() {
        let label = |it: &f64| ["a", "b", "c"][usize::from(*it > -0.3) + usize::from(*it > 0.4)];
        return Column::labels(role, key, &noise.iter().map(label).collect::<Vec<_>>());
    }
    let rows = noise.iter().zip(&arrays.treated).zip(&arrays.y);
    let values = rows.map(|((noise, treated), y)| match role {
        Role::Probability => 0.5,
        Role::Endogenous => {
            f64::from(u8::from(if *treated { *noise > -0.7 } else { *noise > 0.8 }))
        }
        Role::Moderator => f64::from(u8::from(*noise > 0.0)),
        Role::Event | Role::Competing => f64::from(u8::from(*noise > -0.6)),
        Role::High => y + 5.0 + noise.round(),
        _ => *noise,
    });
    let values = values.collect();
    // Some rows of either arm are missing.
    let seen = (0..arrays.y.len()).map(|it| f64::from(u8::from(it % 5 > 0))).collect();
    Column::numbers(role, key, if role == Role::Observed { seen } else { values })
}

/// Who got what is being tried: the treated, or those who took a place.
fn got(arrays: &Arrays) -> Vec<bool> {
    let took = |it: &(Vec<Taken>, Vec<u32>)| it.0.iter().map(|it| *it != Taken::No).collect();
    arrays.offers.as_ref().map_or_else(|| arrays.treated.clone(), took)
}

#[track_caller]
fn check_near(got: Option<f64>, expected: Option<f64>, tolerance: f64, context: &str) {
    match (got, expected) {
        (Some(a), Some(b)) => assert!((a - b).abs() <= tolerance, "{context}: {a} {b}"),
        (got, expected) => assert_eq!(got, expected, "{context}"),
    }
}

/// Whether its effect moves with a number added to outcomes.
fn moves(it: &dyn Estimator) -> bool {
    it.measure() == Measure::Difference && it.outcome() == OutcomeKind::Number
}

fn negated(it: Option<f64>) -> Option<f64> {
    it.map(|it| -it)
}

#[test]
fn names_are_unique_and_found() {
    let names: BTreeSet<&str> = ESTIMATORS.iter().map(|it| it.name()).collect();
    assert_eq!(names.len(), ESTIMATORS.len());
    for name in names {
        assert_eq!(estimator(name).map(Estimator::name), Some(name));
    }
    assert!(estimator("t_test").is_none());
}

#[test]
fn documents_have_a_text_for_everything() {
    for it in ESTIMATORS {
        let texts = [it.summary(), it.formula(), it.assumptions(), it.source()];
        assert!(texts.iter().all(|it| it.len() > 20 && !it.contains("  ")), "{}", it.name());
        let terms: BTreeSet<_> = it.terms().iter().map(|it| it.0).collect();
        assert!(!terms.is_empty() && terms.len() == it.terms().len(), "{}", it.name());
        let options: BTreeSet<_> = it.options().iter().collect();
        assert_eq!(options.len(), it.options().len(), "{}", it.name());
    }
}

/// Each number's term is one of those that documents list; the first comes first.
#[test]
fn every_term_is_in_the_documents() {
    for (it, trial) in cases() {
        let numbers = run(it, &trial, &trial.arrays, &options());
        let documented: Vec<Vec<String>> =
            it.terms().iter().map(|it| patterns(it.0, &trial.arrays)).collect();
        for number in &numbers {
            let known = documented.iter().flatten().any(|it| *it == pattern(&number.term));
            assert!(known, "{} {}", it.name(), number.term);
        }
        assert!(documented[0].contains(&pattern(&numbers[0].term)), "{}", it.name());
    }
}

/// What a documented term may be in a trial, as patterns: its placeholders have the trial's names.
fn patterns(term: &str, arrays: &Arrays) -> Vec<String> {
    let covariates = arrays.covariates.iter().map(|it| it.name.as_str());
    let columns = arrays.columns.iter().map(|it| it.name.as_str());
    let names = covariates.chain(columns);
    let filled = |name: &str| {
        let term = ["{covariate}", "{moderator}"]
            .iter()
            .fold(term.replace("{treatment}", "treated"), |term, it| term.replace(it, name));
        pattern(&term)
    };
    // Without placeholders the name does not matter.
    names.chain([""]).map(filled).collect()
}

/// A term without what stands in its place for a time, a level or an arm.
fn pattern(term: &str) -> String {
    let (head, rest) = term.split_once('[').map_or((term, ""), |(head, rest)| (head, rest));
    let cut = |head: &str, mark: char| {
        head.split_once(mark).map_or(head.to_owned(), |(head, _)| format!("{head}{mark}"))
    };
    let head = cut(&cut(head, '@'), '=');
    if rest.is_empty() { head } else { format!("{head}[]") }
}

/// Ten more for every row that got it is ten more for the estimate, with the same standard error.
#[test]
fn a_constant_effect_is_recovered() {
    for (it, trial) in cases().into_iter().filter(|(it, _)| moves(*it)) {
        let mut shifted = trial.arrays.clone();
        for (y, got) in shifted.y.iter_mut().zip(got(&trial.arrays)) {
            *y += if got { 10.0 } else { 0.0 };
        }
        let before = &run(it, &trial, &trial.arrays, &options())[0];
        let after = &run(it, &trial, &shifted, &options())[0];
        let context = format!("{} {}", it.name(), trial.name);
        let expected = before.estimate.map(|it| it + 10.0);
        check_near(after.estimate, expected, 1e-10, &context);
        check_near(after.std_error, before.std_error, 1e-10, &context);
    }
}

/// The origin of the outcome changes nothing but the arms' means.
#[test]
fn the_origin_of_the_outcome_does_not_matter() {
    for (it, trial) in cases().into_iter().filter(|(it, _)| moves(*it)) {
        let mut moved = trial.arrays.clone();
        moved.y.iter_mut().for_each(|y| *y += 1e6);
        let before = &run(it, &trial, &trial.arrays, &options())[0];
        let after = &run(it, &trial, &moved, &options())[0];
        let context = format!("{} {}", it.name(), trial.name);
        // 1e6 leaves 1e-10 of the last digits of an outcome.
        check_near(after.estimate, before.estimate, 1e-8, &context);
        check_near(after.std_error, before.std_error, 1e-8, &context);
        check_near(after.p_value, before.p_value, 1e-8, &context);
        check_near(after.conf_low, before.conf_low, 1e-7, &context);
    }
}

/// Bit for bit for `difference_in_means`, within 1e-10 of the standard error for the others.
/// Offers have no mirror: nobody takes a place without one.
#[test]
fn swapped_arms_mirror() {
    let mirrored = [Measure::Difference, Measure::LogRatio];
    let cases = cases().into_iter().filter(|(it, _)| !it.takes_offers());
    for (it, trial) in cases.filter(|(it, _)| mirrored.contains(&it.measure())) {
        let one = &run(it, &trial, &trial.arrays, &options())[0];
        let swapped = trial.arrays.swapped().sample();
        let redraw = Redraw { replay: &trial.design, treated: 1, control: 0 };
        let two = &it.estimate(&swapped, &options(), Some(redraw)).unwrap()[0];
        let scale = one.std_error.unwrap_or(1.0);
        let tolerance = if it.name() == "difference_in_means" { 0.0 } else { 1e-10 * scale };
        let context = format!("{} {}", it.name(), trial.name);
        check_near(two.estimate, negated(one.estimate), tolerance, &context);
        check_near(two.std_error, one.std_error, tolerance, &context);
        check_near(two.statistic, negated(one.statistic), tolerance / scale * 10.0, &context);
        check_near(two.conf_low, negated(one.conf_high), 10.0 * tolerance, &context);
        check_near(two.conf_high, negated(one.conf_low), 10.0 * tolerance, &context);
        check_near(two.df, one.df, tolerance / scale * 100.0, &context);
        check_near(two.p_value, one.p_value, tolerance / scale, &context);
        assert_eq!((two.n_treated, two.n_control), (one.n_control, one.n_treated));
    }
}

/// The trial of `lm_robust` gets covariates, some of them collinear, and weights.
fn enriched(it: &dyn Estimator, arrays: &Arrays) -> Arrays {
    if it.name() != "lm_robust" {
        return arrays.clone();
    }
    let mut random = ChaCha20Rng::from_seed([9; 32]);
    let age: Vec<f64> = arrays.y.iter().map(|_| 40.0 + 20.0 * uniform(&mut random)).collect();
    let double = age.iter().map(|it| 2.0 * it + 1.0).collect();
    let size = arrays.y.iter().map(|_| uniform(&mut random).round()).collect();
    let named = |name: &str, values| Covariate { name: name.to_owned(), values };
    let covariates = vec![named("age", age), named("double", double), named("size", size)];
    let weights = arrays.cluster.is_none();
    let weights = weights.then(|| (0..arrays.y.len()).map(|it| (it % 4) as f64 / 2.0).collect());
    Arrays { covariates, weights, ..arrays.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn row_order_changes_no_bit(keys in prop::collection::vec(any::<u64>(), 44)) {
        for (it, trial) in cases() {
            let arrays = enriched(it, &trial.arrays);
            let mut order: Vec<usize> = (0..arrays.y.len()).collect();
            order.sort_by_key(|row| keys[*row]);
            let shuffled = arrays.permuted(&order);
            prop_assert_eq!(
                run(it, &trial, &arrays, &options()),
                run(it, &trial, &shuffled, &options())
            );
        }
    }

    /// Sizes, ties and extremes as they come: no NaN, no infinity, and intervals hold estimates.
    #[test]
    fn every_number_is_finite(
        y in prop::collection::vec(
            prop_oneof![
                Just(0.0), Just(1.0), Just(-1e308), Just(1e308), Just(5e-324), Just(0.1), -9.0..9.0,
            ],
            4..12,
        ),
        arms in any::<u16>(),
        constant in any::<bool>(),
    ) {
        let y: Vec<f64> = if constant { vec![y[0]; y.len()] } else { y };
        let treated: Vec<bool> = (0..y.len()).map(|it| it == 0 || (it > 1 && arms >> it & 1 == 1)).collect();
        let arrays = Arrays::new(&y, &treated);
        let design = Blocks::of(&treated, &vec![0; y.len()]);
        let trial = Trial { name: "any", arrays, design };
        // The same outcomes as two lists of eight, each with two takers among five offered.
        let mut lists = Arrays::new(&y.repeat(4)[..16], &(0..16).map(|it| it % 8 < 5).collect::<Vec<_>>());
        lists.block = Some((0..16).map(|it| it / 8).collect());
        lists.offers = Some(((0..16).map(|it| kept([1, 4].contains(&(it % 8)))).collect(), vec![2; 16]));
        for it in ESTIMATORS {
            let arrays = dressed(*it, if it.takes_offers() { &lists } else { &trial.arrays });
            let redraw = Some(Redraw::two_arms(&trial.design));
            // Some are not defined for a sample as small as these: then they say so.
            let numbers = it.estimate(&arrays.sample(), &options(), redraw);
            for number in numbers.into_iter().flatten() {
                let fields = [
                    number.estimate, number.std_error, number.statistic, number.df, number.p_value,
                    number.conf_low, number.conf_high, number.mean_treated, number.mean_control,
                ];
                prop_assert!(fields.iter().flatten().all(|it| it.is_finite()), "{:?}", number);
                if let (Some(low), Some(at), Some(high)) = (number.conf_low, number.estimate, number.conf_high) {
                    prop_assert!(low <= at && at <= high, "{:?}", number);
                }
                let incomplete = number.p_value.is_none() || number.conf_low.is_none();
                prop_assert!(!incomplete || number.note.is_some(), "{:?}", number);
            }
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let threads = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
    let (one, two) = (threads(1), threads(2));
    for (it, trial) in cases() {
        for statistic in Statistic::ALL.iter().copied() {
            let options = Options { statistic, ..options() };
            let arrays = enriched(it, &trial.arrays);
            let alone = one.install(|| run(it, &trial, &arrays, &options));
            let together = two.install(|| run(it, &trial, &arrays, &options));
            assert_eq!(alone, together, "{} {}", it.name(), trial.name);
        }
    }
}

/// Estimate 0, standard error 0 and no p; every assignment of an exact test is a tie.
#[test]
fn an_outcome_that_does_not_vary() {
    // A change from a baseline varies.
    let cases = cases().into_iter().filter(|(it, _)| moves(*it) && it.name() != "did");
    for (it, trial) in cases {
        let arrays = Arrays { y: vec![0.1; trial.arrays.y.len()], ..trial.arrays.clone() };
        let number = &run(it, &trial, &arrays, &options())[0];
        let context = format!("{} {}", it.name(), trial.name);
        assert_eq!(number.estimate, Some(0.0), "{context}");
        assert!(number.note.as_ref().unwrap().contains("the outcome does not vary"), "{context}");
        if it.needs_redraw() {
            assert_eq!((number.std_error, number.p_value), (None, Some(1.0)), "{context}");
        } else {
            let shown = (number.std_error, number.statistic, number.p_value, number.conf_low);
            assert_eq!(shown, (Some(0.0), None, None, None), "{context}");
        }
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let (it, trial) = cases().remove(0);
    for alpha in [0.0, 1.0, -0.1, f64::NAN] {
        let options = Options { alpha, ..options() };
        let refused = it.estimate(&trial.arrays.sample(), &options, None).unwrap_err();
        assert!(matches!(refused, EstimateError::Alpha(_)));
    }
    let none = Options { replicates: 0, ..options() };
    let refused = it.estimate(&trial.arrays.sample(), &none, None).unwrap_err();
    assert_eq!(refused, EstimateError::NoReplicates);
}

#[test]
fn words_are_read_back_and_others_are_refused_with_the_list() {
    for se in SeType::ALL {
        assert_eq!(se.name().parse(), Ok(*se));
    }
    assert_eq!(
        "difference_of_means".parse::<Statistic>().unwrap_err().to_string(),
        "`statistic` must be one of difference, studentized, rank, ks: `difference_of_means`"
    );
}

#[test]
fn covariates_where_there_is_no_place_for_them_are_refused() {
    for (it, trial) in cases().into_iter().filter(|(it, _)| !it.options().contains(&"covariates")) {
        let arrays = enriched(estimator("lm_robust").unwrap(), &trial.arrays);
        let redraw = Some(Redraw::two_arms(&trial.design));
        let refused = it.estimate(&arrays.sample(), &options(), redraw).unwrap_err();
        assert_eq!(refused, EstimateError::NotTaken { estimator: it.name(), what: "covariates" });
        assert!(refused.hint().is_some());
    }
}

/// A block that lost an arm stops those estimators that compare within blocks.
#[test]
fn a_block_without_an_arm_is_refused_by_its_number() {
    let y = [1.0, 2.0, 3.0, 4.0, 5.0, 7.0];
    let mut arrays = Arrays::new(&y, &[true, true, false, false, true, true]);
    arrays.block = Some(vec![3, 3, 3, 3, 8, 8]);
    let sample: Sample = arrays.sample();
    let design = Blocks::complete(6, 4);
    for name in ["difference_in_means", "randomization_test"] {
        let redraw = Some(Redraw::two_arms(&design));
        let refused = estimator(name).unwrap().estimate(&sample, &options(), redraw).unwrap_err();
        assert_eq!(refused, EstimateError::BlockWithoutArm { block: 8 });
    }
}

/// One treated unit in a block: the estimate stands, its standard error does not exist.
#[test]
fn a_single_treated_unit_has_no_standard_error() {
    let arrays = Arrays::new(&[5.0, 1.0, 2.0, 3.0], &[true, false, false, false]);
    let means = estimator("difference_in_means").unwrap();
    let number = &means.estimate(&arrays.sample(), &options(), None).unwrap()[0];
    assert_eq!((number.estimate, number.std_error, number.p_value), (Some(3.0), None, None));
    assert!(number.note.as_ref().unwrap().starts_with("no standard error"));
}

/// Blocks with shares 1/2 and 1/4: a regression that does not know the blocks says so.
#[test]
fn a_regression_without_unequal_blocks_says_so() {
    let mut arrays = arrays(16, 5, |it| it < 4 || it % 4 == 0);
    arrays.block = Some((0..16).map(|it| it / 8).collect());
    let lm = estimator("lm_robust").unwrap();
    let note =
        |arrays: &Arrays| lm.estimate(&arrays.sample(), &options(), None).unwrap()[0].note.clone();
    assert!(note(&arrays).unwrap().starts_with("the share treated differs between blocks"));
    let office = (0..16).map(|it| f64::from(u8::from(it < 8))).collect();
    arrays.covariates = vec![Covariate { name: "office".to_owned(), values: office }];
    assert_eq!(note(&arrays), None);
}

/// y = 2·age + 10·z + 3 leaves no residuals but rounding, which is not a standard error.
#[test]
fn a_perfect_fit_has_no_test() {
    let mut arrays = arrays(12, 8, |it| it % 2 == 0);
    let age: Vec<f64> = arrays.y.iter().map(|it| it / 3.0).collect();
    let fitted = age.iter().zip(&arrays.treated);
    arrays.y = fitted.map(|(age, z)| 2.0 * age + if *z { 13.0 } else { 3.0 }).collect();
    arrays.covariates = vec![Covariate { name: "age".to_owned(), values: age }];
    let lm = estimator("lm_robust").unwrap();
    let number = &lm.estimate(&arrays.sample(), &options(), None).unwrap()[0];
    check_near(number.estimate, Some(10.0), 1e-10, "perfect");
    assert_eq!((number.std_error, number.p_value), (Some(0.0), None));
    assert!(number.note.as_ref().unwrap().contains("the covariates fit the outcome exactly"));
}

#[test]
fn two_terms_can_not_share_a_name() {
    let mut arrays = arrays(12, 6, |it| it % 2 == 0);
    arrays.covariates = vec![Covariate { name: "treated".to_owned(), values: arrays.y.clone() }];
    let lm = estimator("lm_robust").unwrap();
    let refused = lm.estimate(&arrays.sample(), &options(), None).unwrap_err();
    assert_eq!(refused, EstimateError::NameTaken { name: "treated".to_owned() });
}

/// The treatment is never dropped: a covariate that fixes it is an error.
#[test]
fn a_covariate_that_is_the_treatment_is_refused() {
    let mut arrays = arrays(12, 6, |it| it % 2 == 0);
    let values = arrays.treated.iter().map(|it| if *it { 3.0 } else { 5.0 }).collect();
    arrays.covariates = vec![Covariate { name: "arm".to_owned(), values }];
    let lm = estimator("lm_robust").unwrap();
    let refused = lm.estimate(&arrays.sample(), &options(), None).unwrap_err();
    assert_eq!(refused, EstimateError::TreatmentCollinear);
}

/// A column that an estimator needs is an option of it, and so is every key of a role.
#[test]
fn what_is_needed_is_also_taken() {
    for it in ESTIMATORS {
        assert!(it.needs().iter().all(|key| it.options().contains(key)), "{}", it.name());
        let roles = Role::ALL.iter().map(|it| it.key());
        let known = |key: &&str| *key == "covariates" || roles.clone().any(|role| role == *key);
        assert!(it.needs().iter().all(known), "{}", it.name());
    }
}
