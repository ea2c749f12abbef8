//! The randomisation test against brute force, and its refusals.

use lodd_estimate::{
    Alternative, EstimateError, Number, Options, Redraw, Replay, Statistic, estimator,
};

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::design::{Blocks, OneByOne, choose};
use crate::table::Arrays;

/// Nine adults in six families, drawn in blocks of four and two families.
fn families() -> (Arrays, Blocks) {
    let y = [4.0, 7.0, 1.5, 3.0, 2.0, 2.5, 8.0, 6.5, 1.0];
    let unit = vec![0, 0, 1, 2, 2, 3, 4, 5, 5];
    let treated: Vec<bool> =
        unit.iter().map(|it| [true, false, false, true, true, false][*it as usize]).collect();
    let block = Some(unit.iter().map(|it| u32::from(*it >= 4)).collect());
    let design = Blocks { blocks: vec![((0..4).collect(), 2), (vec![4, 5], 1)] };
    (Arrays { unit, block, ..Arrays::new(&y, &treated) }, design)
}

/// Twelve units in two blocks of six.
fn units() -> (Arrays, Blocks) {
    let y = [2.0, 9.0, 4.0, 4.0, 7.5, 1.0, 3.0, 8.0, 6.0, 5.0, 2.5, 9.5];
    let treated: Vec<bool> = (0..12).map(|it| [1, 4, 2, 7, 8, 11].contains(&it)).collect();
    let block: Vec<u32> = (0..12).map(|it| it / 6).collect();
    let design = Blocks::of(&treated, &block);
    (Arrays { block: Some(block), ..Arrays::new(&y, &treated) }, design)
}

/// Sixteen adults in seven families of one to five.
fn unequal_families() -> (Arrays, Blocks) {
    let unit = vec![0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 5, 5, 6, 6];
    let y = [3.1, 8.4, 2.9, 7.7, 9.6, 5.3, 1.2, 4.8, 0.7, 6.5, 2.2, 9.1, 3.8, 4.1, 8.8, 0.3];
    let treated =
        unit.iter().map(|it| [true, false, true, false, true, false, false][*it as usize]);
    let treated: Vec<bool> = treated.collect();
    (Arrays { unit, ..Arrays::new(&y, &treated) }, Blocks::complete(7, 3))
}

/// Ten units with outcomes in tenths, whose sums tie but for rounding.
fn tenths() -> (Arrays, Blocks) {
    let y = [0.1, 0.7, 0.3, 0.2, 0.6, 0.4, 0.3, 0.1, 0.8, 0.2];
    let treated: Vec<bool> = (0..10).map(|it| it % 2 == 1).collect();
    (Arrays::new(&y, &treated), Blocks::complete(10, 5))
}

/// Nine units of which no two differ by as much as another two.
fn irregular() -> (Arrays, Blocks) {
    let y: Vec<f64> = (1..10).map(|it| (f64::from(it) * 7.3).sin() * f64::from(it)).collect();
    let treated: Vec<bool> = (0..9).map(|it| it % 2 == 1).collect();
    (Arrays::new(&y, &treated), Blocks::complete(9, 4))
}

fn run(arrays: &Arrays, design: &dyn Replay, options: &Options) -> Number {
    let test = estimator("randomization_test").unwrap();
    let redraw = Some(Redraw::two_arms(design));
    test.estimate(&arrays.sample(), options, redraw).unwrap().remove(0)
}

/// What `difference_in_means` says of the outcomes as they are under assignment `i`.
fn again(arrays: &Arrays, design: &Blocks, i: u128, statistic: Statistic) -> f64 {
    let mut arms = vec![0; design.units()];
    design.nth(i, &mut arms);
    let treated = arrays.unit.iter().map(|it| arms[*it as usize] == 0).collect();
    let cluster = (statistic == Statistic::Studentized).then(|| arrays.unit.clone());
    let arrays = Arrays { treated, cluster, ..arrays.clone() };
    let means = estimator("difference_in_means").unwrap();
    let number = means.estimate(&arrays.sample(), &Options::default(), None).unwrap().remove(0);
    match statistic {
        Statistic::Difference => number.estimate.unwrap(),
        _ => number.statistic.unwrap(),
    }
}

/// The statistic, and the share of assignments with as extreme a one, by another estimator.
fn brute_force(arrays: &Arrays, design: &Blocks, options: &Options) -> (f64, f64) {
    let all = design.assignments().unwrap();
    let realised = (0..all).find(|i| {
        let mut arms = vec![0; design.units()];
        design.nth(*i, &mut arms);
        arrays.unit.iter().zip(&arrays.treated).all(|(it, z)| (arms[*it as usize] == 0) == *z)
    });
    let t = again(arrays, design, realised.unwrap(), options.statistic);
    let extreme = (0..all).filter(|i| {
        let it = again(arrays, design, *i, options.statistic);
        match options.alternative {
            Alternative::TwoSided => it.abs() > t.abs() - 1e-9,
            Alternative::Greater => it > t - 1e-9,
            Alternative::Less => it < t + 1e-9,
        }
    });
    (t, extreme.count() as f64 / all as f64)
}

#[track_caller]
fn check_brute_force(arrays: &Arrays, design: &Blocks, options: &Options) -> Number {
    let number = run(arrays, design, options);
    assert_same(&number, &run(arrays, &OneByOne(design), options));
    let (t, p) = brute_force(arrays, design, options);
    assert!((number.statistic.unwrap() - t).abs() < 1e-9, "{options:?} {number:?} {t}");
    assert!((number.p_value.unwrap() - p).abs() < 1e-12, "{options:?} {number:?} {p}");
    number
}

/// Counted at once and one by one: the same but for the rounding of an interval's ends.
#[track_caller]
fn assert_same(a: &Number, b: &Number) {
    let ends = |it: &Number| [it.conf_low, it.conf_high];
    for (a, b) in ends(a).into_iter().zip(ends(b)) {
        assert_eq!(a.is_some(), b.is_some());
        assert!((a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() < 1e-9, "{a:?} {b:?}");
    }
    let rest = |it: &Number| Number { conf_low: None, conf_high: None, ..it.clone() };
    assert_eq!(rest(a), rest(b));
}

#[test]
fn the_exact_test_is_brute_force() {
    for (arrays, design) in [families(), units(), unequal_families(), tenths()] {
        for alternative in Alternative::ALL {
            for statistic in [Statistic::Difference, Statistic::Studentized] {
                let options =
                    Options { alternative: *alternative, statistic, ..Options::default() };
                // The families' second block is one family an arm: nothing to studentize with.
                if statistic == Statistic::Studentized && arrays.y.len() == 9 {
                    continue;
                }
                check_brute_force(&arrays, &design, &options);
            }
        }
    }
}

/// Studentized by the variance between pairs, where blocks are pairs.
#[test]
fn pairs_are_studentized_between_pairs() {
    let y = [5.0, 3.0, 8.0, 1.0, 4.0, 4.5, 9.0, 2.0, 7.0, 6.0];
    let treated: Vec<bool> = (0..10).map(|it| it % 2 == 0).collect();
    let block: Vec<u32> = (0..10).map(|it| it / 2).collect();
    let design = Blocks::of(&treated, &block);
    let arrays = Arrays { block: Some(block), ..Arrays::new(&y, &treated) };
    let options = Options { statistic: Statistic::Studentized, ..Options::default() };
    let number = check_brute_force(&arrays, &design, &options);
    assert_eq!(number.conf_low, None);
}

/// The interval holds exactly the effects whose own test is not significant.
#[test]
fn the_interval_is_the_inversion_of_the_test() {
    for (arrays, design) in [units(), irregular()] {
        for alternative in Alternative::ALL {
            for alpha in [0.06, 0.1, 0.15] {
                let options = Options { alternative: *alternative, alpha, ..Options::default() };
                check_interval(&arrays, &design, &options);
            }
        }
    }
}

#[track_caller]
fn check_interval(arrays: &Arrays, design: &Blocks, options: &Options) {
    let number = run(arrays, design, options);
    let kept = |effect: f64| {
        let mut without = arrays.clone();
        for (y, treated) in without.y.iter_mut().zip(&arrays.treated) {
            *y -= if *treated { effect } else { 0.0 };
        }
        run(&without, design, options).p_value.unwrap() > options.alpha
    };
    let (low, high) = (number.conf_low, number.conf_high);
    assert_eq!(low.is_some(), options.alternative != Alternative::Less, "{options:?}");
    assert_eq!(high.is_some(), options.alternative != Alternative::Greater, "{options:?}");
    assert!(low.is_none_or(|it| kept(it + 1e-6) && !kept(it - 1e-6)), "{options:?} {low:?}");
    assert!(high.is_none_or(|it| kept(it - 1e-6) && !kept(it + 1e-6)), "{options:?} {high:?}");
}

/// Monte Carlo counts the realised assignment, and is within four standard errors of exact.
#[test]
fn monte_carlo_is_near_exact_and_never_zero() {
    let (arrays, design) = units();
    let seed = Some([7; 32]);
    let exact = run(&arrays, &design, &Options::default());
    let options = Options { max_exact: 0, replicates: 2_000, seed, ..Options::default() };
    let drawn = run(&arrays, &design, &options);
    let (p, exact_p) = (drawn.p_value.unwrap(), exact.p_value.unwrap());
    let error = (exact_p * (1.0 - exact_p) / 2_000.0).sqrt();
    assert!((p - exact_p).abs() < 4.0 * error, "{p} {exact_p}");
    let count = (p * 2_001.0).round();
    let note = drawn.note.unwrap();
    let expected = format!("Monte Carlo: p = (b + 1)/(m + 1) = {count}/2001 with |T*| >= |T|");
    assert!(note.starts_with(&expected), "{note}");
    let mut separated = arrays.clone();
    for (y, treated) in separated.y.iter_mut().zip(&arrays.treated) {
        *y += if *treated { 1e3 } else { 0.0 };
    }
    let options = Options { replicates: 9, alternative: Alternative::Greater, ..options };
    assert!(run(&separated, &design, &options).p_value.unwrap() >= 0.1);
}

/// Arms without variation and apart: the studentized statistic is infinite, and most extreme.
#[test]
fn complete_separation_is_the_most_extreme() {
    let treated: Vec<bool> = (0..8).map(|it| it < 4).collect();
    let y: Vec<f64> = treated.iter().map(|it| f64::from(u8::from(*it))).collect();
    let options = Options { statistic: Statistic::Studentized, ..Options::default() };
    let number = run(&Arrays::new(&y, &treated), &Blocks::complete(8, 4), &options);
    assert_eq!(number.p_value, Some(2.0 / 70.0));
    assert_eq!((number.estimate, number.statistic), (Some(1.0), None));
}

#[test]
fn a_zero_one_outcome_has_no_interval() {
    let treated: Vec<bool> = (0..8).map(|it| it < 4).collect();
    let y = [1.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0];
    let number = run(&Arrays::new(&y, &treated), &Blocks::complete(8, 4), &Options::default());
    assert_eq!((number.conf_low, number.conf_high), (None, None));
    // By hand: 3 of 4 or more, C(4,3)·C(4,1) + 1 = 17 of 70 on each side.
    let expected = "exact: |T*| >= |T| in 34/70 assignments; no interval: it is computed for the \
                    difference of an outcome that is not 0/1";
    assert_eq!(number.note.as_deref(), Some(expected));
}

/// Three arms of two; the contrast is of arms 0 and 2.
struct ThreeArms;

impl Replay for ThreeArms {
    fn units(&self) -> usize {
        6
    }
    fn assignments(&self) -> Option<u128> {
        Some(2)
    }
    fn replay(&self, _: u64, _: &mut [u8]) {}
    fn nth(&self, i: u128, arms: &mut [u8]) {
        arms.copy_from_slice(if i == 0 { &[0, 0, 1, 1, 2, 2] } else { &[0, 1, 0, 1, 2, 2] });
    }
}

/// Units 2 and 3 were drawn to arm 1 and are not in the sample. In the second assignment unit 1
/// is in arm 1: it is left out, so that T = 4 − 1.5 beside (4 + 8)/2 − 1.5.
#[test]
fn units_of_other_arms_are_left_out() {
    let mut arrays = Arrays::new(&[4.0, 8.0, 1.0, 2.0], &[true, true, false, false]);
    arrays.unit = vec![0, 1, 4, 5];
    let test = estimator("randomization_test").unwrap();
    let redraw = Some(Redraw { replay: &ThreeArms, treated: 0, control: 2 });
    let number = test.estimate(&arrays.sample(), &Options::default(), redraw).unwrap().remove(0);
    assert_eq!((number.estimate, number.p_value), (Some(4.5), Some(0.5)));
    assert!(number.note.unwrap().contains("which left those units out: 1"));
}

/// With two of six outcomes missing, a re-draw may leave an arm empty: it counts as extreme.
#[test]
fn a_redraw_without_an_arm_counts_as_extreme() {
    let mut arrays = Arrays::new(&[4.0, 8.0, 1.0, 2.0], &[true, true, false, false]);
    arrays.unit = vec![0, 1, 3, 4];
    let number = run(&arrays, &Blocks::complete(6, 2), &Options::default());
    // Of 15 pairs of treated units {2, 5} has no outcome, and |T| >= 4.5 for {0, 1}, its mirror
    // {3, 4}, and {1, 2} and {1, 5} with T = 8 − 7/3.
    assert_eq!(number.p_value, Some(5.0 / 15.0));
    assert!(number.note.unwrap().contains("a block lost an arm, counted as extreme: 1"));
}

#[test]
fn what_can_not_be_rerun_is_refused() {
    let (arrays, design) = units();
    let test = estimator("randomization_test").unwrap();
    let refused = |arrays: &Arrays, design: &dyn Replay, options: &Options| {
        let redraw = Some(Redraw::two_arms(design));
        test.estimate(&arrays.sample(), options, redraw).unwrap_err()
    };
    let exact = Options::default();
    assert_eq!(
        test.estimate(&arrays.sample(), &exact, None).unwrap_err(),
        EstimateError::NoReplay { estimator: "randomization_test" }
    );
    let monte_carlo = Options { max_exact: 0, ..exact.clone() };
    assert_eq!(refused(&arrays, &design, &monte_carlo), EstimateError::NoSeed);
    assert_eq!(
        refused(&arrays, &Blocks::complete(6, 3), &exact),
        EstimateError::UnitOutsideDraw { unit: 6, units: 6 }
    );
    assert_eq!(
        refused(&arrays, &Blocks::complete(12, 5), &exact),
        EstimateError::NotOfThisDraw { assignments: 792 }
    );
    let (arrays, design) = families();
    let studentized = Options { statistic: Statistic::Studentized, ..exact };
    assert_eq!(refused(&arrays, &design, &studentized), EstimateError::SmallBlock { block: 1 });
}

/// Made-up trials of one to four blocks: families of unequal size or single units, some without an
/// outcome, whole numbers or not.
fn made_up(seed: u64) -> (Arrays, Blocks) {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let mut below = |n: u32| random.next_u32() % n;
    let shape = below(4);
    let (mut blocks, mut rows, mut units) = (Vec::new(), Vec::new(), 0);
    for block in 0..=below(4) {
        let n = 2 + below(if block == 0 { 7 } else { 3 }) as usize;
        let seats = 1 + below(n as u32 - 1) as usize;
        let first = below(n as u32) as usize;
        for at in 0..n {
            let treated = (at + first) % n < seats;
            let size = if shape % 2 == 0 { 1 } else { 1 + below(3) };
            // Two units of a block always have an outcome: one in each arm.
            let kept = at == n - first || (at + first) % n == seats || below(5) > 0 || shape > 1;
            for _ in 0..if kept || (at + first).is_multiple_of(n) { size } else { 0 } {
                let y =
                    f64::from(below(9)) + if shape < 2 { 0.1 * f64::from(below(7)) } else { 0.0 };
                rows.push((y, treated, (units + at) as u32, block));
            }
        }
        blocks.push(((units..units + n).collect(), seats));
        units += n;
    }
    let y: Vec<f64> = rows.iter().map(|it| it.0).collect();
    let treated: Vec<bool> = rows.iter().map(|it| it.1).collect();
    let unit = rows.iter().map(|it| it.2).collect();
    let block = Some(rows.iter().map(|it| it.3).collect());
    (Arrays { unit, block, ..Arrays::new(&y, &treated) }, Blocks { blocks })
}

/// Counting all assignments at once is going through them.
#[test]
fn counted_is_one_by_one() {
    let mut counted = 0;
    for seed in 0..300 {
        let (arrays, design) = made_up(seed);
        for alternative in Alternative::ALL {
            for statistic in [Statistic::Difference, Statistic::Rank] {
                let options = Options {
                    alternative: *alternative,
                    statistic,
                    alpha: 0.2,
                    max_exact: 100_000,
                    ..Options::default()
                };
                let number = run(&arrays, &design, &options);
                assert_same(&number, &run(&arrays, &OneByOne(&design), &options));
                counted += u32::from(number.conf_low.or(number.conf_high).is_some());
            }
        }
    }
    assert!(counted > 200, "{counted}");
}

/// Fisher's exact test of one side is the test of the difference: 15 of 57 drawn, far more
/// assignments than could be gone through.
#[test]
fn many_assignments_are_counted_as_the_hypergeometric_distribution_has_them() {
    let treated: Vec<bool> = (0..57).map(|it| it < 15).collect();
    let y: Vec<f64> = (0..57).map(|it| f64::from(u8::from(!(9..=45).contains(&it)))).collect();
    let options = Options { alternative: Alternative::Greater, ..Options::default() };
    let number = run(&Arrays::new(&y, &treated), &Blocks::complete(57, 15), &options);
    // 20 events, 9 of them among the 15.
    let ways: u128 = (9..=15).map(|it| choose(20, it) * choose(37, 15 - it)).sum();
    let note = number.note.unwrap();
    let all = choose(57, 15);
    assert!(note.starts_with(&format!("exact: T* >= T in {ways}/{all} assignments")), "{note}");
}

/// Sixteen pairs, with an interval: the sign flips of all differences, gone through here.
#[test]
fn pairs_are_counted_as_the_signs_of_their_differences() {
    let mut random = ChaCha20Rng::seed_from_u64(3);
    let y: Vec<f64> = (0..32).map(|_| f64::from(random.next_u32() % 1_000) / 7.0).collect();
    let treated: Vec<bool> = (0..32).map(|it| it % 2 == 0).collect();
    let block: Vec<u32> = (0..32).map(|it| it / 2).collect();
    let differences: Vec<f64> = y.chunks(2).map(|it| it[0] - it[1]).collect();
    let extreme = |effect: f64| {
        let shifted: Vec<f64> = differences.iter().map(|it| it - effect).collect();
        let t: f64 = shifted.iter().sum();
        let flipped = |signs: u32| -> f64 {
            shifted
                .iter()
                .enumerate()
                .map(|(at, it)| if signs >> at & 1 == 1 { -it } else { *it })
                .sum()
        };
        (0..1_u32 << 16).filter(|it| flipped(*it).abs() >= t.abs() - 1e-6).count()
    };
    let design = Blocks::of(&treated, &block);
    let options = Options { max_exact: 1, ..Options::default() };
    let arrays = Arrays { block: Some(block), ..Arrays::new(&y, &treated) };
    let number = run(&arrays, &design, &options);
    let count = extreme(0.0);
    let note = number.note.clone().unwrap();
    assert!(
        note.starts_with(&format!("exact: |T*| >= |T| in {count}/65536 assignments")),
        "{note}"
    );
    let kept = |effect: f64| extreme(effect) as f64 / 65_536.0 > 0.05;
    let (low, high) = (number.conf_low.unwrap(), number.conf_high.unwrap());
    assert!(kept(low + 1e-4) && !kept(low - 1e-4) && kept(high - 1e-4) && !kept(high + 1e-4));
}
