//! Every estimator beside its peer on 24 made-up trials: `tests/reference/trials.R` makes them, and each
//! `*_values.csv` there is what a script of R or Python with the same name gives for them.
//!
//! A case is an estimator with the words of a plan, such as `cox z=u y=time event=e ties=breslow`.

use std::collections::{BTreeMap, BTreeSet};

use lodd_estimate::{Column, Covariate, Number, Options, Redraw, Role, Rows, Sample, estimator};

use crate::design::Blocks;
use crate::table::{Arrays, Table};

/// The peers print eleven digits.
const DIGITS: f64 = 1e-9;

/// How near an estimator must come to its peer.
#[derive(Clone, Copy)]
enum Within {
    /// This share of the peer's number, of a hundredth if that is smaller.
    Share(f64),
    /// So much.
    By(f64),
}

impl Within {
    fn holds(self, got: f64, expected: f64) -> bool {
        let most = match self {
            Self::Share(share) => share * expected.abs().max(0.01),
            Self::By(most) => most,
        };
        (got - expected).abs() <= most
    }
}

/// What makes a case: its estimator, and its words by key.
struct Case<'a> {
    estimator: &'a str,
    words: BTreeMap<&'a str, &'a str>,
}

impl<'a> Case<'a> {
    fn of(text: &'a str) -> Self {
        let (estimator, rest) = text.split_once(' ').unwrap_or((text, ""));
        let words = rest.split(' ').filter_map(|it| it.split_once('=')).collect();
        Self { estimator, words }
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        self.words.get(key).copied()
    }

    fn list(&self, key: &str) -> Vec<&'a str> {
        self.get(key).map(|it| it.split('+').collect()).unwrap_or_default()
    }

    fn outcome(&self) -> &'a str {
        self.get("y").unwrap_or("y")
    }

    /// Columns of which a row must have a value. Where `observed` says who is, the outcome need not be.
    fn needed(&self) -> Vec<&'a str> {
        let plain = ["z", "block", "cluster", "weights", "covariates", "subject"];
        let mut needed: Vec<&str> = plain.iter().flat_map(|it| self.list(it)).collect();
        if self.get("observed").is_none() {
            needed.push(self.outcome());
        }
        let roles = Role::ALL.iter().filter(|it| **it != Role::Part);
        needed.extend(roles.flat_map(|it| self.list(it.key())));
        needed
    }

    fn rows(&self, table: &Table) -> Table {
        let keep = self.get("rows");
        let without = self.get("without").map(|it| it.split_once(':').unwrap());
        table.filter(|cell| {
            keep.is_none_or(|it| cell(it) == "1")
                && without.is_none_or(|(column, value)| cell(column) != value)
                && self.needed().iter().all(|it| cell(it) != "NA")
        })
    }

    fn arrays(&self, table: &Table) -> Arrays {
        let number = |it: &String| it.parse::<f64>().unwrap_or(f64::NAN);
        let values = |name: &str| table.text(name).iter().map(number).collect::<Vec<f64>>();
        let known = |it: f64| if it.is_nan() { 0.0 } else { it };
        let y: Vec<f64> = values(self.outcome()).into_iter().map(known).collect();
        let mut arrays = Arrays::new(&y, &table.flags(self.get("z").unwrap_or("z")));
        arrays.block = self.get("block").map(|it| table.codes(it));
        arrays.cluster = self.get("cluster").map(|it| table.codes(it));
        if let Some(unit) = self.get("unit") {
            arrays.unit = table.codes(unit);
        }
        arrays.weights = self.get("weights").map(values);
        let covariate = |it: &str| Covariate { name: it.to_owned(), values: values(it) };
        arrays.covariates = self.list("covariates").into_iter().map(covariate).collect();
        for role in Role::ALL {
            for name in self.list(role.key()) {
                let numbers = values(name);
                let words = role.is_labels()
                    || (*role != Role::Part && numbers.iter().any(|it| it.is_nan()));
                let cells: Vec<&str> = table.text(name).iter().map(String::as_str).collect();
                arrays.columns.push(if words {
                    Column::labels(*role, name, &cells)
                } else {
                    Column::numbers(*role, name, numbers)
                });
            }
        }
        arrays
    }

    fn options(&self) -> Options {
        let mut options = Options { treatment: "z".to_owned(), ..Options::default() };
        let list =
            |text: &str| -> Vec<f64> { text.split('+').map(|it| it.parse().unwrap()).collect() };
        for (key, word) in &self.words {
            match *key {
                "se" => options.se = Some(word.parse().unwrap()),
                "df" => options.df = Some(word.parse().unwrap()),
                "statistic" => options.statistic = word.parse().unwrap(),
                "alternative" => options.alternative = word.parse().unwrap(),
                "block_variance" => options.block_variance = Some(word.parse().unwrap()),
                "seats" => options.seats = word.parse().unwrap(),
                "multipliers" => options.multipliers = word.parse().unwrap(),
                "vcov" => options.vcov = Some(word.parse().unwrap()),
                "margin" => options.margin = Some(word.parse().unwrap()),
                "support" => options.support = Some((list(word)[0], list(word)[1])),
                "tau" => options.tau = Some(word.parse().unwrap()),
                "times" => options.times = list(word),
                "ties" => options.ties = word.parse().unwrap(),
                "conf_type" => options.conf_type = word.parse().unwrap(),
                "distribution" => options.distribution = word.parse().unwrap(),
                "corstr" => options.corstr = word.parse().unwrap(),
                "correction" => options.correction = word.parse().unwrap(),
                "replicates" => {
                    options.replicates = word.parse().unwrap();
                    options.seed = Some([7; 32]);
                }
                _ => {}
            }
        }
        options
    }

    fn numbers(&self, table: &Table) -> Vec<Number> {
        let arrays = self.arrays(&self.rows(table));
        let rows = Rows { cluster_spans_arms: self.get("spans").is_some(), ..arrays.rows() };
        let estimator = estimator(self.estimator).unwrap();
        let none = vec![0; arrays.y.len()];
        let design = Blocks::of(&arrays.treated, arrays.block.as_ref().unwrap_or(&none));
        let redraw = estimator.needs_redraw().then(|| Redraw::two_arms(&design));
        let sample = Sample::new(rows).unwrap_or_else(|error| panic!("{:?}: {error}", self.words));
        let numbers = estimator.estimate(&sample, &self.options(), redraw);
        numbers.unwrap_or_else(|error| panic!("{} {:?}: {error}", self.estimator, self.words))
    }
}

/// A peer's table, its trials, and how near an estimator must come where `DIGITS` is too much to ask.
struct Peer<'a> {
    cases: Table,
    values: Table,
    looser: &'a [(&'a str, Within)],
}

impl Peer<'_> {
    /// Compares every number, and asks for 20 trials of each estimator.
    fn compare(&self) {
        let Self { cases, values, .. } = self;
        let mut trials: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut wrong = Vec::new();
        let mut last: Option<((&str, &str), Vec<Number>)> = None;
        for row in 0..values.text("case").len() {
            let (id, text) = (&values.text("dataset")[row], values.text("case")[row].as_str());
            let case = Case::of(text);
            trials.entry(case.estimator).or_default().insert(id);
            if last.as_ref().is_none_or(|it| it.0 != (id.as_str(), text)) {
                let table = cases.filter(|cell| cell("dataset") == *id);
                last = Some(((id, text), case.numbers(&table)));
            }
            let numbers = last.as_ref().map(|it| it.1.as_slice()).unwrap_or_default();
            let term = &values.text("term")[row];
            let Some(number) = numbers.iter().find(|it| &it.term == term) else {
                wrong.push(format!("trial {id}, {text}: no term {term}"));
                continue;
            };
            for (field, got) in fields(number) {
                let Ok(expected) = values.text(field)[row].parse::<f64>() else { continue };
                let within = self.tolerance(text, term, field);
                if !got.is_some_and(|got| within.holds(got, expected)) {
                    wrong.push(format!(
                        "trial {id}, {text}, {term} {field}: {got:?}, peer {expected}"
                    ));
                }
            }
        }
        assert!(
            wrong.is_empty(),
            "{} differ:\n{}",
            wrong.len(),
            wrong[..wrong.len().min(40)].join("\n")
        );
        for (estimator, ids) in trials {
            assert!(ids.len() >= 20, "{estimator}: {} trials", ids.len());
        }
    }

    fn tolerance(&self, case: &str, term: &str, field: &str) -> Within {
        let name = format!("{case} {term} {field}");
        let found = self.looser.iter().find(|it| it.0.split('*').all(|part| name.contains(part)));
        found.map_or(Within::Share(DIGITS), |it| it.1)
    }
}

fn fields(number: &Number) -> [(&'static str, Option<f64>); 7] {
    [
        ("estimate", number.estimate),
        ("std_error", number.std_error),
        ("statistic", number.statistic),
        ("df", number.df),
        ("p_value", number.p_value),
        ("conf_low", number.conf_low),
        ("conf_high", number.conf_high),
    ]
}

/// A table of the folder; tests run in that of the crate.
#[expect(clippy::disallowed_methods, reason = "the crate has no disk; its tests have tables")]
fn read(name: &str) -> Table {
    Table::read(&std::fs::read_to_string(format!("tests/reference/{name}.csv")).unwrap())
}

/// A script's values for its trials.
fn compare(cases: &str, values: &str, looser: &[(&str, Within)]) {
    Peer { cases: read(cases), values: read(values), looser }.compare();
}

#[test]
fn regressions_are_as_in_r() {
    compare("trials_cases", "regression_values", &[]);
}

#[test]
fn ranks_are_as_in_r() {
    compare("trials_cases", "ranks_values", &[]);
}

#[test]
fn shares_and_odds_are_as_in_r() {
    // The scores that sandwich takes have the weights of glm's step before the last; those of clm's sandwich,
    // and the gradients of its shares, are numerical, as is where its likelihood ends.
    let looser = [("logit y=i", Within::Share(1e-5)), ("ordered_logit", Within::Share(1e-6))];
    compare("trials_cases", "binary_values", &looser);
}

#[test]
fn attrition_is_as_in_r() {
    // The weights of ipw are those of glm, which stops by the deviance.
    let looser = [("ipw", Within::Share(1e-7)), ("imbens_manski", Within::Share(1e-8))];
    compare("trials_cases", "attrition_values", &looser);
}

#[test]
fn times_are_as_in_r() {
    // Derivatives of the snapshots' likelihood are numerical, self-consistency is slow to end, and cox.zph
    // and coxph take their steps from normal equations.
    let looser = [
        ("discrete_hazard", Within::Share(1e-5)),
        ("turnbull", Within::Share(1e-6)),
        ("cox ", Within::Share(1e-7)),
    ];
    compare("trials_cases", "survival_values", &looser);
}

#[test]
fn repeated_measurements_are_as_in_r() {
    // geeglm and lmer stop where their steps do. Bands are of 20,000 draws here and of an integral there:
    // the quantile has a Monte Carlo error of 0.015 standard errors, a p-value one of 0.0035.
    let looser = [
        ("gee ", Within::Share(1e-6)),
        ("mixed *df", Within::Share(1e-2)),
        ("mixed ", Within::Share(1e-3)),
        ("band@*p_value", Within::By(0.02)),
        ("band@*conf", Within::By(0.05)),
        ("event_study", Within::Share(1e-7)),
    ];
    compare("repeated_cases", "repeated_values", &looser);
}

/// By a refit for each assignment, and each vector of signs.
#[test]
fn draws_run_again_are_as_by_refits() {
    compare("redraws_cases", "redraws_values", &[]);
}
