//! Over all assignments of a small design, the estimate is right on average.

use lodd_estimate::{Options, Replay, estimator};

use crate::design::Blocks;
use crate::table::Arrays;

/// Outcomes of ten units without and with treatment, in blocks of six and four.
const WITHOUT: [f64; 10] = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0];
const WITH: [f64; 10] = [5.0, 8.0, 9.0, 7.0, 9.0, 3.0, 2.0, 3.0, 8.0, 4.0];

fn design() -> Blocks {
    Blocks { blocks: vec![((0..6).collect(), 2), ((6..10).collect(), 2)] }
}

/// The estimates and squared standard errors of all 90 assignments.
fn all(with: [f64; 10]) -> Vec<(f64, f64)> {
    let design = design();
    let means = estimator("difference_in_means").unwrap();
    let assignments = design.assignments().unwrap();
    let one = |i| {
        let mut arms = vec![0; 10];
        design.nth(i, &mut arms);
        let treated: Vec<bool> = arms.iter().map(|it| *it == 0).collect();
        let seen = treated.iter().zip(with.iter().zip(WITHOUT));
        let y: Vec<f64> =
            seen.map(|(z, (with, without))| if *z { *with } else { without }).collect();
        let block = Some((0..10).map(|it| u32::from(it >= 6)).collect());
        let arrays = Arrays { block, ..Arrays::new(&y, &treated) };
        let number = &means.estimate(&arrays.sample(), &Options::default(), None).unwrap()[0];
        (number.estimate.unwrap(), number.std_error.unwrap().powi(2))
    };
    assert_eq!(assignments, 90);
    (0..assignments).map(one).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    values.iter().sum::<f64>() / values.len() as f64
}

/// The mean effect of the ten units is 1.9, and Neyman's variance is too large on average.
#[test]
fn the_estimate_is_unbiased_and_the_variance_is_conservative() {
    let draws = all(WITH);
    let average = mean(draws.iter().map(|it| it.0));
    assert!((average - 1.9).abs() < 1e-12, "{average}");
    let true_variance = mean(draws.iter().map(|it| (it.0 - average).powi(2)));
    assert!(mean(draws.iter().map(|it| it.1)) > true_variance);
}

/// If the effect is the same for all, Neyman's variance is right on average.
#[test]
fn the_variance_is_unbiased_under_a_constant_effect() {
    let draws = all(WITHOUT.map(|it| it + 2.5));
    let average = mean(draws.iter().map(|it| it.0));
    assert!((average - 2.5).abs() < 1e-12, "{average}");
    let true_variance = mean(draws.iter().map(|it| (it.0 - average).powi(2)));
    let stated = mean(draws.iter().map(|it| it.1));
    assert!((stated - true_variance).abs() < 1e-12, "{stated} {true_variance}");
}
