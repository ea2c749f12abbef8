//! Least squares, instruments and inverse probabilities beside R's estimatr and clubSandwich on 20
//! made-up trials: `tests/reference/linear.R`.

use std::collections::BTreeSet;

use lodd_estimate::{Column, Covariate, Options, Role, SeType, Seats, estimator};

use crate::table::{Arrays, Table};

/// R prints 13 digits; two implementations of the same formula differ by their rounding.
const TOLERANCE: f64 = 1e-9;

fn trial(cases: &Table, id: &str, case: &BTreeSet<&str>) -> Arrays {
    let table = cases.filter(|cell| cell("dataset") == id);
    // One row a cluster, the first.
    let mut seen = BTreeSet::new();
    let clusters = table.text("cl").to_vec();
    let first: Vec<bool> = clusters.iter().map(|it| seen.insert(it.clone())).collect();
    let row = std::cell::Cell::new(0);
    let one = case.contains("one");
    let table = table.filter(|_| !one || first[row.replace(row.get() + 1)]);
    let mut arrays = Arrays::new(&table.numbers("y"), &table.flags("z"));
    arrays.cluster = case.contains("clusters").then(|| table.codes("cl"));
    arrays.block = case.contains("blocks").then(|| table.codes("block"));
    arrays.weights = case.contains("weights").then(|| table.numbers("w"));
    arrays
}

/// The columns of a case, by its estimator.
fn columns(arrays: &mut Arrays, table: &Table, words: &[&str]) {
    let covariate = |name: &str| Covariate { name: name.to_owned(), values: table.numbers(name) };
    let labels = |role, name: &str| {
        let cells: Vec<&str> = table.text(name).iter().map(String::as_str).collect();
        Column::labels(role, name, &cells)
    };
    match words[0] {
        "lm_robust" if words.contains(&"fixed_effects") => {
            arrays.covariates = vec![covariate("x1")];
            arrays.columns = vec![labels(Role::FixedEffect, "block")];
        }
        "lm_robust" => {
            arrays.covariates = vec![covariate("x1"), covariate("x2")];
            arrays.columns = vec![labels(Role::Factor, "f")];
        }
        "lin" => arrays.covariates = vec![covariate("x1")],
        "iv" => {
            arrays.covariates = vec![covariate("x1")];
            arrays.columns = vec![Column::numbers(Role::Endogenous, "d", table.numbers("d"))];
        }
        _ if words.contains(&"bernoulli") => {
            let treated = arrays.treated.iter().filter(|it| **it).count() as f64;
            let share = treated / arrays.y.len() as f64;
            let own = arrays.treated.iter().map(|it| if *it { share } else { 1.0 - share });
            arrays.columns = vec![Column::numbers(Role::Probability, "p", own.collect())];
        }
        _ => {}
    }
}

#[test]
fn twenty_trials_are_as_in_r() {
    let cases = Table::read(include_str!("../reference/linear_cases.csv"));
    let values = Table::read(include_str!("../reference/linear_values.csv"));
    let mut compared = 0;
    for row in 0..values.text("case").len() {
        let (id, case) = (&values.text("dataset")[row], &values.text("case")[row]);
        let words: Vec<&str> = case.split(' ').collect();
        let mut arrays = trial(&cases, id, &words.iter().copied().collect());
        columns(&mut arrays, &cases.filter(|cell| cell("dataset") == *id), &words);
        let se = words.get(1).and_then(|it| it.parse::<SeType>().ok());
        let bernoulli = words.contains(&"bernoulli");
        let options = Options {
            se,
            // clubSandwich's df is Satterthwaite's, which is the default of what it is used for.
            seats: if bernoulli { Seats::Bernoulli } else { Seats::Fixed },
            treatment: "z".to_owned(),
            ..Options::default()
        };
        let numbers = estimator(words[0]).unwrap().estimate(&arrays.sample(), &options, None);
        let numbers = numbers.unwrap_or_else(|error| panic!("{id} {case}: {error}"));
        let term = &values.text("term")[row];
        let number = numbers.iter().find(|it| &it.term == term).unwrap();
        let fields = [
            ("estimate", number.estimate),
            ("std_error", number.std_error),
            ("df", number.df),
            ("p_value", number.p_value),
            ("conf_low", number.conf_low),
            ("conf_high", number.conf_high),
        ];
        for (field, got) in fields {
            let Ok(expected) = values.text(field)[row].parse::<f64>() else { continue };
            if expected.is_nan() {
                continue;
            }
            let got = got.unwrap_or_else(|| panic!("{id} {case} {term} {field}: {number:?}"));
            let close = (got - expected).abs() <= TOLERANCE * expected.abs().max(1e-3);
            assert!(close, "{id} {case} {term} {field}: {got} {expected}");
            compared += 1;
        }
    }
    assert!(compared > 6_000, "{compared}");
}
