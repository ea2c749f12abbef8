//! Balance of the drawn units on what was known before the draw.

use std::collections::BTreeMap;

use crate::balance::{Assigned, Replayed, Runs, f_test, joint_tests, standardised_difference};
use crate::number::mean;
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// Standardised differences, and joint tests.
#[derive(Debug)]
pub(super) struct Balance;

impl Estimator for Balance {
    fn name(&self) -> &'static str {
        "balance"
    }
    fn summary(&self) -> &'static str {
        "Whether the arms are alike in what was known before the draw"
    }
    fn formula(&self) -> &'static str {
        "Covariate: difference within blocks over the pooled standard deviation. joint: d², the \
         arms' totals centred within blocks in the metric of their covariance under the draw, p by \
         re-running the draw; f_test: F of the arm regressed on the covariates and blocks."
    }
    fn assumptions(&self) -> &'static str {
        "The draw is re-run as it was made; every drawn unit is in the sample. A draw that was \
         made as stated is balanced in expectation, so that a small p-value speaks of chance, or \
         of a draw that was not."
    }
    fn source(&self) -> &'static str {
        "Hansen and Bowers (2008), Statistical Science 23(2); reproduced: the example of R RItools"
    }
    fn options(&self) -> &'static [&'static str] {
        &["covariates", "factors", "missing_covariates", "max_exact", "replicates"]
    }
    fn needs(&self) -> &'static [&'static str] {
        &["covariates"]
    }
    fn measure(&self) -> super::Measure {
        super::Measure::Other
    }
    fn needs_redraw(&self) -> bool {
        true
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{covariate}", "standardised difference; its p-value re-runs the draw"),
            ("joint", "d² of all covariates; its p-value re-runs the draw"),
            ("f_test", "F test of all covariates, which assumes normal errors"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        redraw: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let redraw = redraw.ok_or(EstimateError::NoReplay { estimator: self.name() })?;
        let units = Units::of(sample, redraw)?;
        let columns: Vec<&[f64]> = units.columns.iter().map(Vec::as_slice).collect();
        let runs = Runs { max_exact: options.max_exact, replicates: options.replicates };
        let is_exact =
            redraw.replay.assignments().is_some_and(|it| it <= u128::from(runs.max_exact));
        if !is_exact && options.seed.is_none() {
            return Err(EstimateError::NoSeed);
        }
        let mut groups: Vec<Vec<usize>> = (0..columns.len()).map(|at| vec![at]).collect();
        groups.push((0..columns.len()).collect());
        let assigned = units.assigned(redraw);
        let tests = joint_tests(assigned, &columns, &groups, runs)?;
        let mut numbers: Vec<Number> = sample
            .covariates
            .iter()
            .zip(&units.columns)
            .zip(&tests)
            .map(|((covariate, values), test)| {
                let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
                let mut number = Number::of(sample, &covariate.name);
                number.estimate = standardised_difference(assigned, &values, 0);
                if number.estimate.is_none() {
                    number.note("the covariate does not vary");
                }
                with_test(number, test)
            })
            .collect();
        let joint = Number::of(sample, "joint");
        numbers.extend(tests.last().map(|it| with_test(joint, it)));
        let mut number = Number::of(sample, "f_test");
        match f_test(assigned, &columns)? {
            Some(it) => {
                (number.statistic, number.p_value) = (Some(it.statistic), Some(it.p_value));
                number.df = Some(it.df.0 as f64);
                number.note(format!("df {} and {}", it.df.0, it.df.1));
            }
            None => number.note("no F test: too few units"),
        }
        numbers.push(number);
        Ok(numbers)
    }
}

fn with_test(mut number: Number, test: &Replayed) -> Number {
    number.statistic = Some(test.statistic);
    number.df = Some(test.df as f64);
    number.p_value = Some(test.p_value());
    let extra = u64::from(!test.exact);
    let (count, of) = (test.extreme + extra, test.draws + extra);
    number.note(if test.exact {
        format!("exact: d² as large in {count}/{of} assignments")
    } else {
        format!("Monte Carlo: p = (b + 1)/(m + 1) = {count}/{of}")
    });
    number
}

/// The drawn units, each with the mean of its rows.
struct Units {
    arm: Vec<u8>,
    block: Vec<u32>,
    shares: Vec<Vec<f64>>,
    columns: Vec<Vec<f64>>,
}

impl Units {
    fn of(sample: &Sample, redraw: Redraw<'_>) -> Result<Self, EstimateError> {
        let mut rows: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (row, unit) in sample.unit.iter().enumerate() {
            rows.entry(*unit).or_default().push(row);
        }
        let units = redraw.replay.units();
        if rows.len() != units || rows.keys().zip(0..units).any(|(unit, at)| *unit as usize != at) {
            return Err(EstimateError::NotEveryUnit { present: rows.len(), units });
        }
        let first = |rows: &Vec<usize>| rows.first().copied().unwrap_or_default();
        let treated = |row: usize| sample.treated.get(row).copied().unwrap_or_default();
        let block_of = |row: usize| sample.block.get(row).copied().unwrap_or_default();
        let mut counts = vec![[0.0; 2]; sample.n_blocks()];
        for row in rows.values().map(first) {
            if let Some(count) = counts.get_mut(block_of(row)) {
                let [own, control] = count;
                *(if treated(row) { own } else { control }) += 1.0;
            }
        }
        let average = |values: &[f64]| -> Vec<f64> {
            let of = |rows: &Vec<usize>| {
                let own: Vec<f64> =
                    rows.iter().filter_map(|row| values.get(*row).copied()).collect();
                mean(&own)
            };
            rows.values().map(of).collect()
        };
        Ok(Self {
            arm: rows.values().map(|it| u8::from(!treated(first(it)))).collect(),
            block: rows
                .values()
                .map(|it| u32::try_from(block_of(first(it))).unwrap_or_default())
                .collect(),
            shares: counts
                .iter()
                .map(|[own, rest]| vec![own / (own + rest), rest / (own + rest)])
                .collect(),
            columns: sample.covariates.iter().map(|it| average(&it.values)).collect(),
        })
    }

    fn assigned<'a>(&'a self, redraw: Redraw<'a>) -> Assigned<'a> {
        Assigned { replay: redraw.replay, arm: &self.arm, block: &self.block, shares: &self.shares }
    }
}
