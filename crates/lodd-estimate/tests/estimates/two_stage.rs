//! Two stages: offices drawn to a model or their own way, then families drawn in each office. With
//! office effects that vary, each contrast keeps its size with the cluster that belongs to it, and
//! the naive standard error does not. The figures are printed: `--nocapture` shows them.

use lodd_estimate::{Column, Options, Role, Rows, Sample, SeType, estimator};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const OFFICES: usize = 29;
const MODEL: usize = 15;
/// Families drawn, and not drawn, in each office.
const EACH: usize = 10;
const TRIALS: u32 = 1_000;

/// One trial without any effect on average: in each office its own level, and its own effect of
/// the follow-up (standard deviations of 10 and 20 points).
struct Trial {
    y: Vec<f64>,
    office: Vec<u32>,
    drawn: Vec<bool>,
    model: Vec<bool>,
}

fn uniform(random: &mut ChaCha20Rng) -> f64 {
    ((random.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

fn normal(random: &mut ChaCha20Rng) -> f64 {
    let (a, b) = (uniform(random), uniform(random));
    (-2.0 * a.ln()).sqrt() * (2.0 * std::f64::consts::PI * b).cos()
}

impl Trial {
    fn made(random: &mut ChaCha20Rng) -> Self {
        let mut offices: Vec<usize> = (0..OFFICES).collect();
        for at in (1..OFFICES).rev() {
            offices.swap(at, (random.next_u64() % (at as u64 + 1)) as usize);
        }
        let mut trial =
            Self { y: Vec::new(), office: Vec::new(), drawn: Vec::new(), model: Vec::new() };
        for (place, office) in offices.into_iter().enumerate() {
            let (level, effect) = (0.5 + 0.1 * normal(random), 0.2 * normal(random));
            for family in 0..2 * EACH {
                let drawn = family < EACH;
                let rate = level + if drawn { effect } else { 0.0 };
                trial.y.push(f64::from(u8::from(uniform(random) < rate)));
                trial.office.push(u32::try_from(office).unwrap());
                trial.drawn.push(drawn);
                trial.model.push(place < MODEL);
            }
        }
        trial
    }

    /// The families that are drawn, or those that are not.
    fn stratum(&self, drawn: bool) -> Self {
        let rows: Vec<usize> = (0..self.y.len()).filter(|row| self.drawn[*row] == drawn).collect();
        Self {
            y: rows.iter().map(|row| self.y[*row]).collect(),
            office: rows.iter().map(|row| self.office[*row]).collect(),
            drawn: rows.iter().map(|row| self.drawn[*row]).collect(),
            model: rows.iter().map(|row| self.model[*row]).collect(),
        }
    }
}

fn rejects(name: &str, rows: Rows<'_>, se: Option<SeType>) -> bool {
    let sample = Sample::new(rows).unwrap();
    let options = Options { se, ..Options::default() };
    let numbers = estimator(name).unwrap().estimate(&sample, &options, None).unwrap();
    numbers[0].p_value.unwrap() < 0.05
}

/// Model offices against the others, among the drawn (A) or those not drawn (D).
fn between(trial: &Trial, clustered: bool) -> bool {
    let unit: Vec<u32> = (0..u32::try_from(trial.y.len()).unwrap()).collect();
    let rows = Rows {
        y: &trial.y,
        treated: &trial.model,
        unit: if clustered { &trial.office } else { &unit },
        cluster: clustered.then_some(trial.office.as_slice()),
        ..Rows::default()
    };
    rejects("lm_robust", rows, Some(if clustered { SeType::Cr2 } else { SeType::Hc2 }))
}

/// Drawn against not drawn within offices (B).
fn within(trial: &Trial, clustered: bool) -> bool {
    let unit: Vec<u32> = (0..u32::try_from(trial.y.len()).unwrap()).collect();
    let labels: Vec<String> = trial.office.iter().map(|it| format!("{it:02}")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let columns = [Column::labels(Role::FixedEffect, "office", &labels)];
    let rows = Rows {
        y: &trial.y,
        treated: &trial.drawn,
        unit: &unit,
        cluster: clustered.then_some(trial.office.as_slice()),
        cluster_spans_arms: true,
        columns: &columns,
        ..Rows::default()
    };
    rejects("lm_robust", rows, Some(if clustered { SeType::Cr2 } else { SeType::Hc2 }))
}

/// The difference of B between model offices and the others (C): the offices' own differences
/// compared, or naively the interaction over families.
fn difference(trial: &Trial, clustered: bool) -> bool {
    if !clustered {
        let unit: Vec<u32> = (0..u32::try_from(trial.y.len()).unwrap()).collect();
        let both: Vec<f64> = trial
            .drawn
            .iter()
            .zip(&trial.model)
            .map(|(a, b)| f64::from(u8::from(*a && *b)))
            .collect();
        let labels: Vec<String> = trial.office.iter().map(|it| format!("{it:02}")).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let columns = [Column::labels(Role::FixedEffect, "office", &labels)];
        let covariates = [lodd_estimate::Covariate { name: "both".to_owned(), values: both }];
        let rows = Rows {
            y: &trial.y,
            treated: &trial.drawn,
            unit: &unit,
            covariates: &covariates,
            columns: &columns,
            ..Rows::default()
        };
        let sample = Sample::new(rows).unwrap();
        let options = Options { se: Some(SeType::Hc2), ..Options::default() };
        let numbers = estimator("lm_robust").unwrap().estimate(&sample, &options, None).unwrap();
        let both = numbers.iter().find(|it| it.term == "both").unwrap();
        return both.p_value.unwrap() < 0.05;
    }
    let (mut y, mut treated, mut unit) = (Vec::new(), Vec::new(), Vec::new());
    for office in 0..u32::try_from(OFFICES).unwrap() {
        let mean = |drawn: bool| {
            let rows: Vec<usize> = (0..trial.y.len())
                .filter(|row| trial.office[*row] == office && trial.drawn[*row] == drawn)
                .collect();
            rows.iter().map(|row| trial.y[*row]).sum::<f64>() / rows.len() as f64
        };
        y.push(mean(true) - mean(false));
        treated.push(trial.model[trial.office.iter().position(|it| *it == office).unwrap()]);
        unit.push(office);
    }
    let rows = Rows { y: &y, treated: &treated, unit: &unit, ..Rows::default() };
    rejects("difference_in_means", rows, None)
}

#[test]
#[expect(clippy::print_stdout, reason = "the shares are the result")]
fn contrasts_keep_their_size_and_the_naive_ones_do_not() {
    let mut random = ChaCha20Rng::seed_from_u64(29);
    let mut counts = [[0_u32; 2]; 4];
    for _ in 0..TRIALS {
        let trial = Trial::made(&mut random);
        let (drawn, others) = (trial.stratum(true), trial.stratum(false));
        for (clustered, at) in [(true, 0), (false, 1)] {
            let found = [
                between(&drawn, clustered),
                within(&trial, clustered),
                difference(&trial, clustered),
                between(&others, clustered),
            ];
            for (count, found) in counts.iter_mut().zip(found) {
                count[at] += u32::from(found);
            }
        }
    }
    let share = |n: u32| f64::from(n) / f64::from(TRIALS);
    // Three standard errors of a share of 5 % over so many trials.
    let error = 3.0 * (0.05 * 0.95 / f64::from(TRIALS)).sqrt();
    let names = ["A model", "B follow_up", "C model_by_follow_up", "D spill_over"];
    for (name, [own, naive]) in names.iter().zip(counts) {
        println!(
            "{name}: rejects a true null in {:.1} % with its own cluster, {:.1} % naively (±{:.1})",
            100.0 * share(own),
            100.0 * share(naive),
            100.0 * error
        );
        assert!((share(own) - 0.05).abs() <= error, "{name}: {own}");
        assert!(share(naive) > 0.05 + error, "{name}, naive: {naive}");
    }
}
