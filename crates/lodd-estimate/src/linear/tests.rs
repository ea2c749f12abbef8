use proptest::prelude::*;

use super::*;

/// Rounding of a few hundred operations on numbers of size 10.
const ROUNDING: f64 = 1e-12;

/// Small whole numbers, so that columns are often collinear.
fn columns() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (2_usize..40, 1_usize..12).prop_flat_map(|(rows, size)| {
        let value = (-2_i8..3).prop_map(f64::from);
        prop::collection::vec(prop::collection::vec(value, rows), size)
    })
}

/// Rank by Gaussian elimination in exact whole numbers (Bareiss), adding one column at a time.
#[expect(clippy::cast_possible_truncation, reason = "whole numbers of size 2")]
fn exact_independent(columns: &[Vec<f64>]) -> Vec<usize> {
    let rank = |columns: &[&Vec<f64>]| {
        let rows = columns[0].len();
        let mut m: Vec<Vec<i128>> =
            (0..rows).map(|i| columns.iter().map(|it| it[i] as i128).collect()).collect();
        let (mut rank, mut previous) = (0, 1);
        for column in 0..columns.len() {
            let Some(pivot) = (rank..rows).find(|&row| m[row][column] != 0) else { continue };
            m.swap(rank, pivot);
            for row in rank + 1..rows {
                for at in column + 1..columns.len() {
                    m[row][at] =
                        (m[row][at] * m[rank][column] - m[row][column] * m[rank][at]) / previous;
                }
                m[row][column] = 0;
            }
            previous = m[rank][column];
            rank += 1;
        }
        rank
    };
    let mut kept: Vec<usize> = Vec::new();
    for at in 0..columns.len() {
        let with: Vec<&Vec<f64>> = kept.iter().chain([&at]).map(|&it| &columns[it]).collect();
        if rank(&with) == with.len() {
            kept.push(at);
        }
    }
    kept
}

fn thin(columns: &[Vec<f64>]) -> Thin {
    Thin::new(columns.concat(), columns[0].len())
}

proptest! {
    #[test]
    fn later_dependent_columns_are_left_out(columns in columns()) {
        let thin = thin(&columns);
        prop_assert_eq!(thin.kept(), exact_independent(&columns));
    }

    #[test]
    fn q_is_orthonormal_and_qr_is_x(columns in columns()) {
        let thin = thin(&columns);
        let size = thin.kept().len();
        let rows = thin.part(0..columns[0].len());
        for a in 0..size {
            for b in 0..size {
                let product: f64 = rows.chunks_exact(size).map(|row| row[a] * row[b]).sum();
                prop_assert!((product - f64::from(u8::from(a == b))).abs() < ROUNDING);
            }
            let rebuilt = rows.chunks_exact(size).map(|row| dot(row, &thin.r()[a]));
            let column = &columns[thin.kept()[a]];
            prop_assert!(rebuilt.zip(column).all(|(a, b)| (a - b).abs() < ROUNDING));
        }
    }

    #[test]
    fn eigenvectors_rebuild_the_matrix(columns in columns()) {
        let size = columns.len();
        let gram: Vec<f64> = columns.iter().flat_map(|a| columns.iter().map(|b| dot(a, b))).collect();
        let eigen = symmetric_eigen(size, &gram).unwrap();
        for i in 0..size {
            for j in 0..size {
                let parts = eigen.values.iter().zip(&eigen.vectors);
                let rebuilt: f64 = parts.map(|(value, it)| value * it[i] * it[j]).sum();
                prop_assert!((rebuilt - gram[i + j * size]).abs() < 1e-10);
            }
        }
    }
}

/// X = [2 1; 0 3], which is its own R: Rb = (4, 6) has b = (1, 2), R'q = (4, 8) has q = (2, 2).
#[test]
fn triangles_are_solved() {
    let thin = thin(&[vec![2.0, 0.0], vec![1.0, 3.0]]);
    let near = |found: &[f64], wanted: &[f64]| {
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < ROUNDING), "{found:?}");
    };
    near(&thin.solve(&[4.0, 6.0]), &[1.0, 2.0]);
    near(&thin.solve_transposed(&[4.0, 8.0]), &[2.0, 2.0]);
}

/// Läuchli's matrix (1961): X'X keeps four of its digits.
#[test]
fn columns_that_are_nearly_alike_keep_their_digits() {
    let e = 1e-6;
    let columns = [vec![1.0, e, 0.0, 0.0], vec![1.0, 0.0, e, 0.0], vec![1.0, 0.0, 0.0, e]];
    let thin = thin(&columns);
    assert_eq!(thin.kept(), [0, 1, 2]);
    let rows = thin.part(0..4);
    for a in 0..3 {
        for b in 0..3 {
            let product: f64 = rows.chunks_exact(3).map(|row| row[a] * row[b]).sum();
            assert!((product - f64::from(u8::from(a == b))).abs() < ROUNDING, "{product}");
        }
    }
    // y = x1 + 2 x2 + 4 x3.
    let (along, left) = thin.fit(vec![7.0, e, 2.0 * e, 4.0 * e]);
    let found = thin.solve(&along);
    assert!(found.iter().zip([1.0, 2.0, 4.0]).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
    assert!(left.iter().all(|it| it.abs() < ROUNDING));
}
