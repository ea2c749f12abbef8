//! Values of other programs for the models: `models_expected.json` and `models.json`.

use lodd_estimate::{Number, Options, Sample, estimator};
use serde_json::Value;

use crate::table::Table;

/// R's `uniroot` leaves this much of an odds ratio or of an interval's end.
pub(crate) const UNIROOT: f64 = 2e-4;

/// R prints 14 digits of closed forms and of likelihoods at their maximum.
pub(crate) const EXACT: f64 = 1e-9;

/// An entry of `models_expected.json`, whose tolerance is relative.
pub(crate) struct Entry {
    value: Value,
}

impl Entry {
    pub(crate) fn of(id: &str) -> Self {
        let text = include_str!("../reference/models_expected.json");
        let all: Value = serde_json::from_str(text).unwrap();
        let value = all.as_array().unwrap().iter().find(|it| it["id"] == id).unwrap().clone();
        Self { value }
    }

    /// Compares a number with a field of the entry, or with one element of it.
    #[track_caller]
    pub(crate) fn check(&self, got: Option<f64>, field: &str) {
        self.check_value(got, &self.value["expected"][field], field);
    }

    /// As [`Entry::check`], where the other program leaves more than the entry says.
    #[track_caller]
    pub(crate) fn check_within(&self, got: Option<f64>, field: &str, tolerance: f64) {
        near(got, self.value["expected"][field].as_f64().unwrap(), tolerance, field);
    }

    #[track_caller]
    pub(crate) fn check_at(&self, got: Option<f64>, field: &str, at: usize) {
        self.check_value(got, &self.value["expected"][field][at], field);
    }

    /// Estimate, standard error, statistic, p and interval, as far as the entry has them.
    #[track_caller]
    pub(crate) fn check_inference(&self, number: &Number) {
        let pairs = [
            ("estimate", number.estimate),
            ("std_error", number.std_error),
            ("statistic", number.statistic),
            ("p", number.p_value),
            ("conf_low", number.conf_low),
            ("conf_high", number.conf_high),
            ("df", number.df),
        ];
        let fields = self.value["expected"].as_object().unwrap();
        for (field, got) in pairs.into_iter().filter(|it| fields.contains_key(it.0)) {
            self.check(got, field);
        }
    }

    /// Estimate, standard error and statistic within the entry's tolerance; p and the interval
    /// within what that leaves them if the standard error is off by as much. R's glm has its
    /// information from the step before the last, which is off by 1e-8 where ours is not.
    #[track_caller]
    pub(crate) fn check_propagated(&self, number: &Number) {
        let expected = &self.value["expected"];
        let tolerance = self.value["tol"]["rel"].as_f64().unwrap();
        let (z, se) = (number.statistic.unwrap(), number.std_error.unwrap());
        self.check(number.estimate, "estimate");
        self.check(number.std_error, "std_error");
        self.check(number.statistic, "statistic");
        let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let pairs = [
            (number.p_value, "p", 2.0 * z.abs() * density),
            (number.conf_low, "conf_low", 2.0 * se),
            (number.conf_high, "conf_high", 2.0 * se),
        ];
        for (got, field, slope) in pairs {
            let gap = (got.unwrap() - expected[field].as_f64().unwrap()).abs();
            assert!(gap <= tolerance * slope, "{field}: {gap}");
        }
    }

    #[track_caller]
    fn check_value(&self, got: Option<f64>, expected: &Value, field: &str) {
        let tolerance = self.value["tol"]["rel"].as_f64().unwrap();
        near(got, expected.as_f64().unwrap(), tolerance, field);
    }
}

/// A value of `models.json`, by its path.
pub(crate) fn value(path: &[&str]) -> f64 {
    let text = include_str!("../reference/models.json");
    let all: Value = serde_json::from_str(text).unwrap();
    let found = path.iter().fold(&all, |it, key| match key.parse::<usize>() {
        Ok(at) => &it[at],
        Err(_) => &it[*key],
    });
    found.as_f64().unwrap_or_else(|| panic!("{path:?}"))
}

/// Compares estimate, standard error, p and interval with those at a path, as far as there are any.
#[track_caller]
pub(crate) fn check(number: &Number, path: &[&str], tolerance: f64) {
    let text = include_str!("../reference/models.json");
    let all: Value = serde_json::from_str(text).unwrap();
    let found = path.iter().fold(&all, |it, key| &it[*key]);
    let mut compared = 0;
    for (field, got) in [
        ("estimate", number.estimate),
        ("std_error", number.std_error),
        ("statistic", number.statistic),
        ("df", number.df),
        ("p", number.p_value),
        ("conf_low", number.conf_low),
        ("conf_high", number.conf_high),
    ] {
        if let Some(expected) = found[field].as_f64() {
            near(got, expected, tolerance, &format!("{path:?} {field}"));
            compared += 1;
        }
    }
    assert!(compared > 0, "{path:?}");
}

/// Within `tolerance` of the expected value, relative to it.
#[track_caller]
pub(crate) fn near(got: Option<f64>, expected: f64, tolerance: f64, context: &str) {
    let got = got.unwrap_or_else(|| panic!("{context}: none, expected {expected}"));
    assert!((got - expected).abs() <= tolerance * expected.abs(), "{context}: {got} {expected}");
}

/// The numbers of an estimator.
#[track_caller]
pub(crate) fn run(name: &str, sample: &Sample, options: &Options) -> Vec<Number> {
    estimator(name).unwrap().estimate(sample, options, None).unwrap()
}

/// The number of a term.
#[track_caller]
pub(crate) fn term<'a>(numbers: &'a [Number], term: &str) -> &'a Number {
    let found = numbers.iter().find(|it| it.term == term);
    found.unwrap_or_else(|| panic!("no {term}"))
}

/// A file of tests/reference.
pub(crate) fn table(name: &str) -> Table {
    Table::read(match name {
        "nsw" => include_str!("../reference/nsw.csv"),
        "malaria" => include_str!("../reference/malaria20.csv"),
        "maize" => include_str!("../reference/zea_mays.csv"),
        "respiratory" => include_str!("../reference/respiratory.csv"),
        "respiratory_sex" => include_str!("../reference/respiratory_sex.csv"),
        "veteran" => include_str!("../reference/veteran.csv"),
        "star" => include_str!("../reference/alo_star.csv"),
        other => panic!("{other}"),
    })
}
