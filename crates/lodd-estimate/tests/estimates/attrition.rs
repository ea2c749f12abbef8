//! Bounds and weights for missing outcomes.

use lodd_estimate::{Column, EstimateError, Number, Options, Role, estimator};

use crate::table::{Arrays, Table};
use crate::values::{EXACT, Entry, check, near, run, table, term};

/// The trial of Angrist, Lang and Oreopoulos: controls and the arm with services and money.
fn star() -> Table {
    table("star").filter(|cell| cell("control") == "1" || cell("sfsp") == "1")
}

fn arrays(table: &Table, outcome: &str) -> Arrays {
    let cells = table.text(outcome);
    let y: Vec<f64> = cells.iter().map(|it| it.parse().unwrap_or(0.0)).collect();
    let seen = cells.iter().map(|it| f64::from(u8::from(it.parse::<f64>().is_ok()))).collect();
    let columns = vec![Column::numbers(Role::Observed, "obs1", seen)];
    Arrays { columns, ..Arrays::new(&y, &table.flags("sfsp")) }
}

fn numbers(name: &str, arrays: &Arrays) -> Vec<Number> {
    run(name, &arrays.sample(), &Options::default())
}

#[test]
fn bounds_of_the_star_trial() {
    let (all, entry) =
        (numbers("lee_bounds", &arrays(&star(), "GPA_year1")), Entry::of("v-alo-lee"));
    entry.check(term(&all, "lower").estimate, "lower");
    entry.check(term(&all, "upper").estimate, "upper");
    entry.check(term(&all, "trim_share").estimate, "trim_share");
    entry.check(term(&all, "response_treated").estimate, "response_t");
    entry.check(term(&all, "response_control").estimate, "response_c");
    let both = term(&all, "imbens_manski");
    assert!(both.conf_low.unwrap() > term(&all, "lower").conf_low.unwrap());
    assert!(both.conf_high.unwrap() < term(&all, "upper").conf_high.unwrap());
}

/// Lee's (2009) formula by hand in R, and a bootstrap of the same trial (`attrition.R`).
#[test]
fn lee_s_standard_errors_are_those_of_a_bootstrap() {
    let all = numbers("lee_bounds", &arrays(&star(), "GPA_year1"));
    let values = Table::read(include_str!("../reference/lee_errors.csv"));
    let column = |name: &str| -> Vec<f64> {
        values.text(name).iter().map(|it| it.parse().unwrap()).collect()
    };
    let (formula, bootstrap, error) =
        (column("formula"), column("bootstrap"), column("monte_carlo_error"));
    for (at, bound) in values.text("bound").iter().enumerate() {
        let found = term(&all, bound).std_error;
        near(found, formula[at], 1e-9, bound);
        near(found, bootstrap[at], 3.0 * error[at] / bootstrap[at], bound);
    }
}

/// Exchanging the arms exchanges the bounds and their signs, bit for bit but for rounding.
#[test]
fn bounds_change_places_with_the_arms() {
    let one = arrays(&star(), "GPA_year1");
    for name in ["lee_bounds", "manski_bounds"] {
        let options = Options { support: Some((0.0, 4.0)), ..Options::default() };
        let (a, b) =
            (run(name, &one.sample(), &options), run(name, &one.swapped().sample(), &options));
        for (from, to) in [("lower", "upper"), ("upper", "lower")] {
            near(term(&b, to).estimate, -term(&a, from).estimate.unwrap(), 1e-12, name);
            near(term(&b, to).std_error, term(&a, from).std_error.unwrap(), 1e-12, name);
            near(term(&b, to).conf_low, -term(&a, from).conf_high.unwrap(), 1e-12, name);
        }
    }
}

/// With the same share observed both bounds are the difference in means.
#[test]
fn without_a_difference_in_response_nothing_is_trimmed() {
    let y = [1.0, 5.0, 2.0, 0.0, 3.0, 4.0, 1.0, 0.0];
    let treated: Vec<bool> = (0..8).map(|it| it < 4).collect();
    let seen = (0..8).map(|it| f64::from(u8::from(it % 4 < 3))).collect();
    let columns = vec![Column::numbers(Role::Observed, "seen", seen)];
    let all = numbers("lee_bounds", &Arrays { columns, ..Arrays::new(&y, &treated) });
    for name in ["lower", "upper"] {
        assert!(term(&all, name).estimate.unwrap().abs() < 1e-12);
    }
    assert_eq!(term(&all, "trim_share").estimate, Some(0.0));
}

/// One cell is no tightening; two cells are the average of both, by the rows observed in the arm
/// that is not trimmed.
#[test]
fn cells_are_averaged() {
    let mut one = arrays(&star(), "GPA_year1");
    let plain = numbers("lee_bounds", &one);
    one.columns.push(Column::labels(Role::TightenedBy, "all", &vec!["a"; one.y.len()]));
    let same = numbers("lee_bounds", &one);
    near(same[0].estimate, plain[0].estimate.unwrap(), 1e-12, "one cell");
    near(same[0].std_error, plain[0].std_error.unwrap(), 1e-12, "one cell");
    let (mut sum, mut weight) = (0.0, 0.0);
    for sex in ["0", "1"] {
        let part = star().filter(|cell| cell("female") == sex);
        let all = numbers("lee_bounds", &arrays(&part, "GPA_year1"));
        // Controls are observed more often in both cells, so the treated are not trimmed.
        assert!(term(&all, "response_control").estimate > term(&all, "response_treated").estimate);
        let observed = part.filter(|cell| cell("sfsp") == "1" && !cell("GPA_year1").is_empty());
        let n = observed.text("sfsp").iter().filter(|it| *it == "1").count() as f64;
        let n =
            n - observed.text("GPA_year1").iter().filter(|it| it.parse::<f64>().is_err()).count()
                as f64;
        sum += n * term(&all, "lower").estimate.unwrap();
        weight += n;
    }
    let table = star();
    let labels: Vec<&str> = table.text("female").iter().map(String::as_str).collect();
    one.columns[1] = Column::labels(Role::TightenedBy, "female", &labels);
    let all = numbers("lee_bounds", &one);
    near(all[0].estimate, sum / weight, 1e-12, "two cells");
}

#[test]
fn worst_cases_are_those_of_r() {
    let options = Options { support: Some((0.0, 4.0)), ..Options::default() };
    let one = arrays(&star(), "GPA_year1");
    let all = run("manski_bounds", &one.sample(), &options);
    check(term(&all, "lower"), &["manski-star", "lower"], EXACT);
    check(term(&all, "upper"), &["manski-star", "upper"], EXACT);
    let narrow = Options { support: Some((1.0, 4.0)), ..Options::default() };
    let refused = estimator("manski_bounds").unwrap().estimate(&one.sample(), &narrow, None);
    assert!(
        matches!(refused.unwrap_err(), EstimateError::OutsideSupport { outcome, .. } if outcome < 1.0)
    );
}

#[test]
fn weights_for_attrition_are_those_of_r() {
    let table = star();
    let mut one = arrays(&table, "GPA_year1");
    for name in ["female", "gpa0", "english"] {
        one.columns.push(Column::numbers(Role::ResponseModel, name, table.numbers(name)));
    }
    let all = numbers("ipw", &one);
    Entry::of("v-alo-ipw").check_inference(&all[0]);
    assert_eq!(all[0].n, 1065);
    assert!(all[0].note.as_ref().unwrap().contains("for whom the others are weighted: "));
}

/// Nobody of an arm observed, or a response that is certain, has no number and says why.
#[test]
fn no_response_is_said() {
    let y = [1.0, 5.0, 2.0, 0.0];
    let mut one = Arrays::new(&y, &[true, true, false, false]);
    one.columns = vec![Column::numbers(Role::Observed, "seen", vec![1.0, 1.0, 0.0, 0.0])];
    let all = numbers("lee_bounds", &one);
    for it in &all[..3] {
        assert_eq!((it.estimate, it.conf_low), (None, None));
        assert!(it.note.as_ref().unwrap().contains("nobody is observed in an arm"));
    }
    let all = numbers("ipw", &one);
    assert!(
        all[0].estimate.is_none()
            && all[0].note.as_ref().unwrap().starts_with("perfect prediction")
    );
}
