//! Rank, quantile and paired comparisons against R and against all assignments.

use lodd_estimate::{EstimateError, Number, Options, estimator};

use crate::table::Arrays;
use crate::values::{EXACT, Entry, check, near, run, table, term, value};

fn numbers(name: &str, arrays: &Arrays) -> Vec<Number> {
    run(name, &arrays.sample(), &Options::default())
}

/// Darwin's maize: pairs of plants, one row a plant.
fn maize() -> Arrays {
    let table = table("maize");
    let y = [table.numbers("cross"), table.numbers("self")].concat();
    let treated: Vec<bool> = (0..30).map(|it| it < 15).collect();
    Arrays { block: Some((0..30).map(|it| it % 15).collect()), ..Arrays::new(&y, &treated) }
}

/// Pairs with these differences.
fn pairs(differences: &[f64]) -> Arrays {
    let n = differences.len();
    let y = [differences.to_vec(), vec![0.0; n]].concat();
    let treated: Vec<bool> = (0..2 * n).map(|it| it < n).collect();
    let block = (0..2 * n).map(|it| (it % n) as u32).collect();
    Arrays { block: Some(block), ..Arrays::new(&y, &treated) }
}

fn nsw() -> Arrays {
    let table = table("nsw");
    Arrays::new(&table.numbers("re78"), &table.flags("treat"))
}

#[test]
fn earnings_of_nsw_are_ranked_as_by_r() {
    let (it, entry) = (numbers("wilcoxon", &nsw()), Entry::of("v-nsw-wilcox"));
    entry.check(term(&it, "W_control").estimate, "W_control");
    entry.check(term(&it, "W_control").p_value, "p_asymptotic");
    entry.check(term(&it, "W_control_continuity").p_value, "p_asymptotic_continuity");
    assert_eq!(it[0].p_value, term(&it, "W_control").p_value);
}

#[test]
fn a_small_trial_without_ties_is_exact_as_in_r() {
    let y = [4.2, 7.9, 1.3, 10.6, 5.5, 8.8, 2.1, 3.7, 9.4, 0.6, 1.9, 2.8, 6.1];
    let treated: Vec<bool> = (0..13).map(|it| it < 6).collect();
    let it = numbers("wilcoxon", &Arrays::new(&y, &treated));
    check(&it[0], &["wilcoxon-untied", "effect"], EXACT);
    near(term(&it, "W_control").estimate, value(&["wilcoxon-untied", "W_control"]), 0.0, "W");
    let note = term(&it, "W_control").note.clone().unwrap();
    assert!(note.starts_with("exact: |W* - mean| >= |W - mean| in 402/1716 assignments"), "{note}");
}

/// Three blocks with ties.
fn tied() -> Arrays {
    let y = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4].map(f64::from);
    let z = [1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1].map(|it| it == 1);
    let block = (0..20)
        .map(|it| {
            if it < 5 {
                1
            } else if it < 12 {
                2
            } else {
                3
            }
        })
        .collect();
    Arrays { block: Some(block), ..Arrays::new(&y, &z) }
}

#[test]
fn blocks_with_ties_are_exact_as_in_coin() {
    let it = numbers("wilcoxon", &tied());
    near(it[0].p_value, value(&["wilcoxon-blocks", "p_exact"]), EXACT, "exact");
    let one = Arrays { block: None, ..tied() };
    near(numbers("wilcoxon", &one)[0].p_value, value(&["wilcoxon-tied", "p_exact"]), EXACT, "tied");
}

/// A block so large that nothing is counted: the normal approximation, as in coin.
#[test]
fn large_blocks_are_normal_as_in_coin() {
    // Every row of the tied trial 40 times, which multiplies the statistic's variance.
    let (tied, times) = (tied(), 40);
    let many = |of: &dyn Fn(usize) -> f64| -> Vec<f64> {
        (0..20 * times).map(|it| of(it / times)).collect()
    };
    let y = many(&|it| tied.y[it]);
    let z: Vec<bool> = (0..20 * times).map(|it| tied.treated[it / times]).collect();
    let it = numbers("wilcoxon", &Arrays::new(&y, &z));
    let note = term(&it, "W_control").note.clone().unwrap();
    assert!(note.starts_with("normal approximation"), "{note}");
    // The same by its definition: all pairs, and the midranks' variance.
    let mut u = 0.0;
    for (a, _) in y.iter().zip(&z).filter(|it| !it.1) {
        for (b, _) in y.iter().zip(&z).filter(|it| *it.1) {
            u += match a.total_cmp(b) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    near(term(&it, "W_control").estimate, u, 1e-12, "pairs");
}

/// Van Elteren's statistic over every assignment within blocks.
#[test]
fn blocks_are_every_assignment_within_them() {
    let arrays = tied();
    let scores: Vec<f64> = (0..20)
        .map(|row| {
            let block = arrays.block.as_ref().unwrap();
            let peers: Vec<f64> =
                (0..20).filter(|it| block[*it] == block[row]).map(|it| arrays.y[it]).collect();
            let below = peers.iter().filter(|it| **it < arrays.y[row]).count() as f64;
            let same =
                peers.iter().filter(|it| (*it).total_cmp(&arrays.y[row]).is_eq()).count() as f64;
            (below + f64::midpoint(same, 1.0)) / (peers.len() as f64 + 1.0)
        })
        .collect();
    let sum = |arms: &[bool]| -> f64 { (0..20).filter(|it| arms[*it]).map(|it| scores[it]).sum() };
    let design = crate::design::Blocks::of(&arrays.treated, arrays.block.as_ref().unwrap());
    let mut all = Vec::new();
    for nth in 0..24_500 {
        let mut arms = vec![0; 20];
        lodd_estimate::Replay::nth(&design, nth, &mut arms);
        all.push(sum(&arms.iter().map(|it| *it == 0).collect::<Vec<_>>()));
    }
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let realised = (sum(&arrays.treated) - mean).abs() - 1e-9;
    let extreme = all.iter().filter(|it| (*it - mean).abs() >= realised).count();
    let it = numbers("wilcoxon", &arrays);
    near(it[0].p_value, extreme as f64 / 24_500.0, 1e-12, "enumerated");
    assert!(term(&it, "W_control").note.as_ref().unwrap().contains(&format!("{extreme}/24500")));
}

#[test]
fn maize_by_signed_ranks() {
    let (it, entry) = (numbers("signed_rank", &maize()), Entry::of("v-zea-signrank"));
    entry.check(term(&it, "V").estimate, "V");
    entry.check(term(&it, "V").p_value, "p_exact");
    entry.check(term(&it, "sign_test").p_value, "sign_test_p");
    check(&it[0], &["signed-maize", "effect"], EXACT);
}

#[test]
fn ties_and_zeros_of_pairs_are_those_of_r() {
    let it = numbers(
        "signed_rank",
        &pairs(&[2.0, -1.0, 0.0, 3.0, 3.0, -2.0, 5.0, 0.0, 1.0, 4.0, -3.0, 6.0]),
    );
    near(term(&it, "V").estimate, value(&["signed-tied", "V"]), 0.0, "V");
    for program in ["p_exact", "coin"] {
        near(term(&it, "V").p_value, value(&["signed-tied", program]), EXACT, program);
    }
    near(term(&it, "sign_test").p_value, value(&["signed-tied", "sign"]), EXACT, "sign");
    assert!(it[0].note.as_ref().unwrap().contains("pairs without a difference, left out: 2"));
    let none = numbers("signed_rank", &pairs(&[0.0, 0.0]));
    assert!(none.iter().all(|it| it.p_value.is_none() && it.note.is_some()));
}

#[test]
fn maize_by_t() {
    let it = numbers("paired_t", &maize());
    Entry::of("v-zea-t").check_inference(&it[0]);
}

#[test]
fn what_is_no_pair_is_refused_by_its_number() {
    let mut arrays = pairs(&[1.0, 2.0, 4.0]);
    arrays.block = Some(vec![4, 4, 4, 4, 6, 6]);
    arrays.treated = vec![true, false, true, false, true, false];
    for name in ["paired_t", "signed_rank"] {
        let refused = estimator(name).unwrap();
        let refused = refused.estimate(&arrays.sample(), &Options::default(), None).unwrap_err();
        assert_eq!(refused, EstimateError::NotPairs { estimator: name, block: 4 });
    }
}

#[test]
fn quantiles_of_nsw_are_those_of_r() {
    let (it, entry) = (numbers("quantiles", &nsw()), Entry::of("v-nsw-quantile"));
    for name in ["q25", "q50", "q75", "q90"] {
        entry.check(term(&it, name).estimate, name);
    }
    for name in ["q50", "q75", "q90"] {
        let expected = value(&["quantiles-nsw", name]);
        near(term(&it, name).std_error, expected, EXACT, name);
    }
}

/// Blocks with the same share treated change no quantile.
#[test]
fn equal_blocks_change_no_quantile() {
    let table = table("nsw").filter(|cell| cell("black") == "1");
    let (y, z) = (table.numbers("re78"), table.flags("treat"));
    let treated: Vec<f64> = y.iter().zip(&z).filter(|it| *it.1).map(|it| *it.0).take(100).collect();
    let control: Vec<f64> = y.iter().zip(&z).filter(|it| !it.1).map(|it| *it.0).take(100).collect();
    let arms: Vec<bool> = (0..200).map(|it| it < 100).collect();
    let mut arrays = Arrays::new(&[treated, control].concat(), &arms);
    let one = numbers("quantiles", &arrays);
    arrays.block = Some((0..200).map(|it| it % 5).collect());
    for (a, b) in one.iter().zip(numbers("quantiles", &arrays)) {
        assert_eq!((a.estimate, a.std_error), (b.estimate, b.std_error));
    }
}

#[test]
fn two_one_sided_tests_are_those_of_r() {
    let options = Options { margin: Some(3000.0), ..Options::default() };
    let it = run("equivalence", &nsw().sample(), &options);
    // 3e-12 is a tail of which R prints what is left of 1 - p.
    near(term(&it, "lower").p_value, value(&["equivalence-nsw", "lower"]), 1e-6, "lower");
    near(term(&it, "upper").p_value, value(&["equivalence-nsw", "upper"]), EXACT, "upper");
    assert_eq!(it[0].p_value, term(&it, "upper").p_value);
    near(it[0].conf_low, value(&["equivalence-nsw", "conf_low"]), EXACT, "low");
    near(it[0].conf_high, value(&["equivalence-nsw", "conf_high"]), EXACT, "high");
    let refused = estimator("equivalence").unwrap();
    let refused = refused.estimate(&nsw().sample(), &Options::default(), None).unwrap_err();
    assert_eq!(refused, EstimateError::NeedsOption { estimator: "equivalence", option: "margin" });
}
