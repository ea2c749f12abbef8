//! The variances by cluster against their n×n definitions, computed without short cuts.

use lodd_estimate::{Covariate, Df, EstimateError, Options, SeType, estimator};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::table::Arrays;

type Matrix = Vec<Vec<f64>>;

/// Rounding of matrices of 40 rows, inverted without pivoting finesse.
const RELATIVE: f64 = 1e-9;

fn times(a: &Matrix, b: &Matrix) -> Matrix {
    let entry = |row: &Vec<f64>, at: usize| row.iter().zip(b).map(|(a, b)| a * b[at]).sum();
    a.iter().map(|row| (0..b[0].len()).map(|at| entry(row, at)).collect()).collect()
}

fn transposed(a: &Matrix) -> Matrix {
    (0..a[0].len()).map(|at| a.iter().map(|row| row[at]).collect()).collect()
}

/// By Gauss and Jordan.
fn inverse(a: &Matrix) -> Matrix {
    let n = a.len();
    let mut m: Matrix = (0..n)
        .map(|i| a[i].iter().copied().chain((0..n).map(|j| f64::from(u8::from(i == j)))).collect())
        .collect();
    for at in 0..n {
        let pivot = (at..n).max_by(|&a, &b| m[a][at].abs().total_cmp(&m[b][at].abs())).unwrap();
        m.swap(at, pivot);
        let scale = m[at][at];
        m[at].iter_mut().for_each(|it| *it /= scale);
        let source = m[at].clone();
        for row in (0..n).filter(|row| *row != at) {
            let factor = m[row][at];
            m[row].iter_mut().zip(&source).for_each(|(it, source)| *it -= factor * source);
        }
    }
    m.into_iter().map(|row| row[n..].to_vec()).collect()
}

/// A symmetric matrix to a power, by Jacobi's rotations; eigenvalues below 1e-12 become 0.
fn power(a: &Matrix, exponent: f64) -> Matrix {
    let n = a.len();
    let (mut d, mut v) = (a.clone(), identity(n));
    for _ in 0..60 {
        for p in 0..n {
            for q in p + 1..n {
                if d[p][q].abs() < 1e-300 {
                    continue;
                }
                let angle = 0.5 * (2.0 * d[p][q]).atan2(d[q][q] - d[p][p]);
                let (sin, cos) = angle.sin_cos();
                let mut turn = identity(n);
                (turn[p][p], turn[q][q], turn[p][q], turn[q][p]) = (cos, cos, sin, -sin);
                d = times(&times(&transposed(&turn), &d), &turn);
                v = times(&v, &turn);
            }
        }
        if (0..n).all(|i| (0..i).all(|j| d[i][j].abs() < 1e-15)) {
            break;
        }
    }
    let raised = |value: f64| if value < 1e-12 { 0.0 } else { value.powf(exponent) };
    let middle: Matrix = (0..n)
        .map(|i| (0..n).map(|j| if i == j { raised(d[i][i]) } else { 0.0 }).collect())
        .collect();
    times(&times(&v, &middle), &transposed(&v))
}

fn identity(n: usize) -> Matrix {
    (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect()
}

/// Standard error and Satterthwaite df of coefficient `at`, as Bell and McCaffrey (2002)
/// and Pustejovsky and Tipton (2018) define them: `A_g = (I − H_gg)^(−1/2)` for CR2, its
/// square for CR3, and `P = [p_g'p_h]` with `p_g = (I − H)_g' A_g X_g (X'X)⁻¹ c`.
fn by_definition(arrays: &Arrays, x: &Matrix, exponent: f64, at: usize) -> (f64, f64) {
    let (y, cluster) = (&arrays.y, arrays.cluster.as_ref().unwrap());
    let n = y.len();
    let bread = inverse(&times(&transposed(x), x));
    let hat = times(&times(x, &bread), &transposed(x));
    let left: Matrix =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j)) - hat[i][j]).collect()).collect();
    let residuals: Vec<f64> =
        left.iter().map(|row| row.iter().zip(y).map(|(a, b)| a * b).sum()).collect();
    let along: Vec<f64> =
        x.iter().map(|row| row.iter().zip(&bread).map(|(a, b)| a * b[at]).sum()).collect();
    let ids: std::collections::BTreeSet<u32> = cluster.iter().copied().collect();
    let (mut variance, mut vectors) = (0.0, Vec::new());
    for id in ids {
        let rows: Vec<usize> = (0..n).filter(|&row| cluster[row] == id).collect();
        let block: Matrix =
            rows.iter().map(|&i| rows.iter().map(|&j| left[i][j]).collect()).collect();
        let adjust = power(&block, exponent);
        let weights: Vec<f64> = adjust
            .iter()
            .map(|row| row.iter().zip(&rows).map(|(a, &at)| a * along[at]).sum())
            .collect();
        let score: f64 = weights.iter().zip(&rows).map(|(a, &at)| a * residuals[at]).sum();
        variance += score * score;
        let p: Vec<f64> = (0..n)
            .map(|at| rows.iter().zip(&weights).map(|(&row, a)| left[row][at] * a).sum())
            .collect();
        vectors.push(p);
    }
    let product = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let trace: f64 = vectors.iter().map(|it| product(it, it)).sum();
    let norm2: f64 =
        vectors.iter().flat_map(|a| vectors.iter().map(move |b| product(a, b).powi(2))).sum();
    (variance.sqrt(), trace * trace / norm2)
}

/// 36 rows in 9 clusters of 1 to 8, with a covariate of rows, one of clusters and, if `nested`,
/// dummies of pairs of clusters and of one cluster, where `I − H_gg` is singular.
fn trial(seed: u8, nested: bool) -> Arrays {
    let mut random = ChaCha20Rng::from_seed([seed; 32]);
    let mut uniform = || f64::from(random.next_u32()) / f64::from(u32::MAX);
    let sizes =
        if nested { [4, 4, 3, 5, 6, 2, 5, 7].as_slice() } else { &[1, 2, 3, 4, 5, 6, 8, 5, 2] };
    let cluster: Vec<u32> =
        sizes.iter().zip(0..).flat_map(|(size, id)| std::iter::repeat_n(id, *size)).collect();
    let of_cluster: Vec<f64> = sizes.iter().map(|_| 10.0 * uniform()).collect();
    let y: Vec<f64> = cluster.iter().map(|&id| of_cluster[id as usize] + 5.0 * uniform()).collect();
    let treated: Vec<bool> = cluster.iter().map(|id| id % 2 == 0).collect();
    let age: Vec<f64> = y.iter().map(|_| 20.0 + 30.0 * uniform()).collect();
    let mut covariates = vec![Covariate { name: "age".into(), values: age }];
    if nested {
        for pair in 1..4 {
            let values = cluster.iter().map(|id| f64::from(u8::from(id / 2 == pair))).collect();
            covariates.push(Covariate { name: format!("pair{pair}"), values });
        }
        let values = cluster.iter().map(|id| f64::from(u8::from(*id == 7))).collect();
        covariates.push(Covariate { name: "lone".into(), values });
    }
    Arrays {
        unit: cluster.clone(),
        cluster: Some(cluster),
        covariates,
        ..Arrays::new(&y, &treated)
    }
}

#[track_caller]
fn check(got: Option<f64>, expected: f64) {
    let got = got.unwrap();
    assert!((got - expected).abs() <= RELATIVE * expected.abs(), "{got} {expected}");
}

/// The constant, the treatment and the covariates, as they are.
fn columns(arrays: &Arrays) -> Matrix {
    let row = |row: usize| {
        let first = [1.0, f64::from(u8::from(arrays.treated[row]))];
        first.into_iter().chain(arrays.covariates.iter().map(|it| it.values[row])).collect()
    };
    (0..arrays.y.len()).map(row).collect()
}

/// Every coefficient: the singular directions of nested dummies matter for some only.
#[test]
fn fast_and_slow_agree() {
    for (seed, nested) in [(0, false), (1, false), (2, true), (3, true)] {
        let arrays = trial(seed, nested);
        let x = columns(&arrays);
        for (se, exponent) in [(SeType::Cr0, 0.0), (SeType::Cr2, -0.5), (SeType::Cr3, -1.0)] {
            // A power of 0 of a singular matrix is a projection, not CR0's identity.
            if nested && se == SeType::Cr0 {
                continue;
            }
            let options =
                Options { se: Some(se), df: Some(Df::Satterthwaite), ..Options::default() };
            let lm = estimator("lm_robust").unwrap();
            let numbers = lm.estimate(&arrays.sample(), &options, None).unwrap();
            // Numbers come with the treatment before the constant.
            for (at, number) in [1, 0].into_iter().chain(2..x[0].len()).zip(&numbers) {
                let (std_error, df) = by_definition(&arrays, &x, exponent, at);
                check(number.std_error, std_error);
                check(number.df, df);
            }
        }
    }
}

/// Two independent ways to CR2 without covariates: closed form, and eigenvalues.
#[test]
fn difference_in_means_with_clusters_is_cr2() {
    for seed in 0..8 {
        let arrays = Arrays { covariates: vec![], ..trial(seed, false) };
        let number = |name: &str| {
            let it = estimator(name).unwrap();
            it.estimate(&arrays.sample(), &Options::default(), None).unwrap().remove(0)
        };
        let (means, regression) = (number("difference_in_means"), number("lm_robust"));
        check(means.estimate, regression.estimate.unwrap());
        check(means.std_error, regression.std_error.unwrap());
        check(means.df, regression.df.unwrap());
        assert_eq!((means.se_type, regression.se_type), (Some("CR2"), Some("CR2")));
    }
}

/// CR2 with clusters of one row is HC2, CR0 is HC0 and CR3 is HC3.
#[test]
fn clusters_of_one_row_are_rows() {
    let mut rows = trial(1, false);
    rows.unit = (0..rows.y.len() as u32).collect();
    rows.cluster = None;
    let clusters = Arrays { cluster: Some(rows.unit.clone()), ..rows.clone() };
    for (of_rows, of_clusters) in
        [(SeType::Hc0, SeType::Cr0), (SeType::Hc2, SeType::Cr2), (SeType::Hc3, SeType::Cr3)]
    {
        let number = |arrays: &Arrays, se| {
            let options = Options { se: Some(se), ..Options::default() };
            let lm = estimator("lm_robust").unwrap();
            lm.estimate(&arrays.sample(), &options, None).unwrap().remove(0)
        };
        let expected = number(&rows, of_rows);
        check(number(&clusters, of_clusters).std_error, expected.std_error.unwrap());
    }
}

/// Two treated clusters of nine: the df are few, and the note says so.
#[test]
fn few_degrees_of_freedom_are_flagged() {
    let mut arrays = trial(2, false);
    let cluster = arrays.cluster.clone().unwrap();
    arrays.treated = cluster.iter().map(|id| *id < 2).collect();
    let lm = estimator("lm_robust").unwrap();
    let number = &lm.estimate(&arrays.sample(), &Options::default(), None).unwrap()[0];
    let df = number.df.unwrap();
    assert!(df < 4.0);
    let expected = format!("df {df:.2} is below 4: p-value and interval are unreliable");
    assert_eq!(number.note, Some(expected));
}

#[test]
fn standard_errors_that_do_not_exist_are_refused() {
    let arrays = trial(3, false);
    let rows = Arrays { cluster: None, ..arrays.clone() };
    let refused = |arrays: &Arrays, se, df| {
        let options = Options { se, df, ..Options::default() };
        estimator("lm_robust").unwrap().estimate(&arrays.sample(), &options, None).unwrap_err()
    };
    assert_eq!(
        refused(&rows, Some(SeType::Cr2), None),
        EstimateError::SeNeedsClusters { se: "CR2" }
    );
    assert_eq!(
        refused(&arrays, Some(SeType::Hc2), None),
        EstimateError::SeWithClusters { se: "HC2" }
    );
    assert_eq!(
        refused(&rows, None, Some(Df::Clusters)),
        EstimateError::DfOfSe { df: "clusters", se: "HC2" }
    );
    let cluster = arrays.cluster.clone().unwrap();
    let one = Arrays { treated: cluster.iter().map(|id| *id == 6).collect(), ..arrays };
    let few = EstimateError::FewClusters { treated: 1, control: 8 };
    assert_eq!(refused(&one, None, None), few);
    let plain = Arrays { covariates: vec![], ..one };
    let means = estimator("difference_in_means").unwrap();
    assert_eq!(means.estimate(&plain.sample(), &Options::default(), None).unwrap_err(), few);
}
