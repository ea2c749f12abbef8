use super::*;

const Y: [f64; 4] = [1.0, 2.0, 3.0, 4.0];
const Z: [bool; 4] = [true, true, false, false];
const UNITS: [u32; 4] = [0, 1, 2, 3];

fn rows() -> Rows<'static> {
    Rows { y: &Y, treated: &Z, unit: &UNITS, ..Rows::default() }
}

#[track_caller]
fn check_refused(rows: Rows<'_>, message: &str) {
    assert_eq!(Sample::new(rows).unwrap_err().to_string(), message);
}

#[test]
fn lengths_must_agree() {
    check_refused(
        Rows { block: Some(&[0, 0]), ..rows() },
        "`block` must have one value a row: 4 rows, 2 values",
    );
    let age = [Covariate { name: "age".into(), values: vec![30.0] }];
    check_refused(
        Rows { covariates: &age, ..rows() },
        "`age` must have one value a row: 4 rows, 1 values",
    );
}

#[test]
fn numbers_that_are_not_finite_are_refused_with_their_row() {
    let y = [1.0, 2.0, f64::NAN, 4.0];
    check_refused(Rows { y: &y, ..rows() }, "`outcome` must be a finite number in row 3");
    let age = [Covariate { name: "age".into(), values: vec![1.0, f64::INFINITY, 1.0, 1.0] }];
    check_refused(Rows { covariates: &age, ..rows() }, "`age` must be a finite number in row 2");
    check_refused(
        Rows { weights: Some(&[1.0, 1.0, 1.0, -0.5]), ..rows() },
        "a weight can't be negative: row 4",
    );
}

#[test]
fn both_arms_need_rows_after_weights_of_zero() {
    check_refused(
        Rows { weights: Some(&[1.0, 1.0, 0.0, 0.0]), ..rows() },
        "both arms need a row: 2 treated, 0 control",
    );
    check_refused(Rows::default(), "both arms need a row: 0 treated, 0 control");
}

#[test]
fn units_and_clusters_must_nest() {
    check_refused(Rows { unit: &[0, 1, 1, 2], ..rows() }, "unit 1 must be in one arm");
    check_refused(
        Rows { unit: &[0, 0, 1, 2], block: Some(&[0, 1, 0, 1]), ..rows() },
        "unit 0 must be in one block",
    );
    check_refused(
        Rows { unit: &[0, 0, 1, 2], cluster: Some(&[0, 1, 2, 2]), ..rows() },
        "unit 0 must be in one cluster",
    );
    let spanning = Rows { cluster: Some(&[7, 8, 7, 8]), ..rows() };
    check_refused(spanning, "cluster 7 must be in one arm");
    assert!(Sample::new(Rows { cluster_spans_arms: true, ..spanning }).is_ok());
}

#[test]
fn blocks_that_lost_an_arm_are_named() {
    let sample = Sample::new(Rows { block: Some(&[5, 9, 9, 9]), ..rows() }).unwrap();
    assert_eq!(sample.lost_blocks(), [5]);
    assert_eq!(Sample::new(rows()).unwrap().lost_blocks(), [0_u32; 0]);
}

#[test]
fn clusters_become_neighbours() {
    let rows = Rows { cluster: Some(&[8, 3, 4, 4]), ..rows() };
    let sample = Sample::new(rows).unwrap();
    assert_eq!(sample.clusters, Some(vec![0..1, 1..3, 3..4]));
    assert_eq!(sample.y, [2.0, 3.0, 4.0, 1.0]);
}

#[test]
fn columns_are_held_to_their_role() {
    let numbers = |role, values: &[f64]| [Column::numbers(role, "p", values.to_vec())];
    check_refused(
        Rows { columns: &numbers(Role::Probability, &[0.5, 0.5, 0.0, 0.5]), ..rows() },
        "`p` must be a probability above 0 in row 3",
    );
    check_refused(
        Rows { columns: &numbers(Role::Event, &[0.0, 0.5, 0.0, 1.0]), ..rows() },
        "`p` must be 0 or 1 in row 2",
    );
    check_refused(
        Rows { columns: &numbers(Role::Endogenous, &[0.0, f64::NAN, 0.0, 1.0]), ..rows() },
        "`p` must be a finite number in row 2",
    );
    let mut labels = Column::labels(Role::Strata, "office", &["a", "b", "a", "b"]);
    labels.values = vec![0.0, 1.0, 2.0, 0.0];
    check_refused(
        Rows { columns: &[labels], ..rows() },
        "`office` must be one of the column's labels in row 3",
    );
}

/// The first level is the reference, and a level that no row has makes no column.
#[test]
fn a_factor_becomes_dummies() {
    let mut office = Column::labels(Role::Factor, "office", &["c", "a", "b", "a"]);
    office.levels.push("d".into());
    let sample = Sample::new(Rows { columns: &[office], ..rows() }).unwrap();
    let expected = [("office[b]", [0.0, 0.0, 1.0, 0.0]), ("office[c]", [1.0, 0.0, 0.0, 0.0])];
    for (it, (name, values)) in sample.covariates.iter().zip(expected) {
        assert_eq!((it.name.as_str(), it.values.as_slice()), (name, values.as_slice()));
    }
    assert_eq!(sample.covariates.len(), 2);
    assert_eq!(sample.column(Role::Factor), None);
}
