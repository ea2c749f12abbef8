//! Bootstraps, re-draws of several outcomes and adjusted p-values, beside published values,
//! enumerations and refits.

use lodd_estimate::{
    Adjustment, Alternative, BlockVariance, EstimateError, Multipliers, Number, Options, Redraw,
    Replay, SeType, Statistic, adjust, estimator, romano_wolf, westfall_young,
};
use serde_json::Value;

use crate::design::Blocks;
use crate::reference::{entry, table};
use crate::table::Arrays;

fn seeded(replicates: u64) -> Options {
    Options { seed: Some([3; 32]), replicates, ..Options::default() }
}

fn run(name: &str, arrays: &Arrays, options: &Options, redraw: Option<Redraw<'_>>) -> Number {
    estimator(name).unwrap().estimate(&arrays.sample(), options, redraw).unwrap().remove(0)
}

/// The four outcomes of `v-nsw-multiplicity` and `v-nsw-romano-wolf`.
fn lalonde() -> Vec<Arrays> {
    let table = table("nsw.csv");
    let (earnings, treated) = (table.numbers("re78"), table.flags("treat"));
    let of = |it: &dyn Fn(f64) -> f64| earnings.iter().map(|y| it(*y)).collect::<Vec<f64>>();
    let outcomes = [
        earnings.clone(),
        table.numbers("emp78"),
        of(&|y| f64::from(u8::from(y > 10_000.0))),
        of(&f64::sqrt),
    ];
    outcomes.iter().map(|y| Arrays::new(y, &treated)).collect()
}

fn listed(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|it| it.as_f64().unwrap()).collect()
}

#[test]
fn adjusted_p_values_are_as_in_r() {
    let entry = entry("v-nsw-multiplicity");
    let options = Options { se: Some(SeType::Hc2), ..Options::default() };
    let p: Vec<Option<f64>> =
        lalonde().iter().map(|it| run("lm_robust", it, &options, None).p_value).collect();
    for (got, expected) in p.iter().zip(listed(&entry["expected"]["p_raw"])) {
        assert!((got.unwrap() - expected).abs() <= 1e-8 * expected, "raw {got:?} {expected}");
    }
    let words = ["bonferroni", "holm", "hochberg", "BH", "BY", "anderson_q"];
    for word in words {
        let how: Adjustment = word.to_lowercase().parse().unwrap();
        let adjusted = adjust(&p, 4, how);
        for (got, expected) in adjusted.iter().zip(listed(&entry["expected"][word])) {
            let got = got.unwrap();
            assert!((got - expected).abs() <= 1e-8 * expected, "{word} {got} {expected}");
        }
    }
}

/// 4,999 draws: the reference's tolerance is for 19,999 and more than four standard errors of
/// these.
#[test]
fn romano_and_wolf_are_as_in_the_reference() {
    let entry = entry("v-nsw-romano-wolf");
    let samples: Vec<_> = lalonde().iter().map(Arrays::sample).collect();
    let adjusted = romano_wolf(&samples, &seeded(4_999)).unwrap();
    let expected = listed(&entry["expected"]["p_romano_wolf"]);
    for ((got, expected), tolerance) in
        adjusted.iter().zip(expected).zip(listed(&entry["tol"]["abs"]))
    {
        let got = got.unwrap();
        assert!((got - expected).abs() <= tolerance, "{got} {expected}");
    }
    let options = Options { se: Some(SeType::Hc0), ..Options::default() };
    for (it, expected) in lalonde().iter().zip(listed(&entry["expected"]["t_cr0"])) {
        let plain = run("lm_robust", it, &options, None).statistic.unwrap();
        let wild = run("wild_bootstrap", it, &seeded(9), None).statistic.unwrap();
        assert!((plain - expected).abs() < 1e-8 && (wild - expected).abs() < 1e-8);
    }
}

/// All 4,096 draws of signs for the 12 first schools, ties counted and not.
#[test]
fn the_wild_bootstrap_is_as_enumerated() {
    let entry = entry("v-aa-wcb12");
    let girls = table("achievement_awards_2001.csv").filter(|cell| cell("girl") == "1");
    let mut schools: Vec<u32> =
        girls.text("school_id").iter().map(|it| it.parse().unwrap()).collect();
    schools.sort_unstable();
    schools.dedup();
    let first: Vec<String> = schools[..12].iter().map(u32::to_string).collect();
    let few = girls.filter(|cell| first.contains(&cell("school_id")));
    let mut arrays = Arrays::new(&few.numbers("Bagrut_status"), &few.flags("treated"));
    arrays.cluster = Some(few.codes("school_id"));
    arrays.covariates = few.covariates(&["lagscore".to_owned()]);
    let number = run("wild_bootstrap", &arrays, &Options::default(), None);
    let expected = |field: &str| entry["expected"][field].as_f64().unwrap();
    assert!((number.statistic.unwrap() - expected("statistic_cr0")).abs() < 1e-8);
    assert!((number.p_value.unwrap() - expected("p_ge")).abs() < 1e-12);
    // 0.83984375 of 4,096 is 3,440.
    let note = number.note.unwrap();
    assert!(note.ends_with("exact: |t*| >= |t| in 3442/4096 draws of signs, > in 3440"), "{note}");
}

/// Seven clusters of unequal size, three of them treated.
fn seven() -> Arrays {
    let cluster: Vec<u32> = (0..7).flat_map(|it| vec![it; 2 + it as usize % 3]).collect();
    let y: Vec<f64> =
        (0..cluster.len()).map(|it| ((it * it * 7 + 3 * it) % 23) as f64 / 2.0).collect();
    let treated: Vec<bool> = cluster.iter().map(|it| it % 2 == 1).collect();
    Arrays { unit: cluster.clone(), cluster: Some(cluster), ..Arrays::new(&y, &treated) }
}

/// Each draw as a new outcome, fitted again: without covariates the restricted fit is the mean.
#[test]
fn a_draw_of_the_wild_bootstrap_is_a_refit() {
    let arrays = seven();
    let mean = arrays.y.iter().sum::<f64>() / arrays.y.len() as f64;
    let options = Options { se: Some(SeType::Cr0), ..Options::default() };
    let t = run("lm_robust", &arrays, &options, None).statistic.unwrap();
    let mut reached = 0;
    for signs in 0..128 {
        let sign = |row: usize| if signs >> arrays.unit[row] & 1 == 0 { 1.0 } else { -1.0 };
        let y = (0..arrays.y.len()).map(|row| mean + sign(row) * (arrays.y[row] - mean)).collect();
        let drawn = run("lm_robust", &Arrays { y, ..arrays.clone() }, &options, None);
        reached += u32::from(drawn.statistic.unwrap().abs() >= t.abs() * (1.0 - 1e-9));
    }
    let number = run("wild_bootstrap", &arrays, &Options::default(), None);
    assert!((number.statistic.unwrap() - t).abs() < 1e-10);
    assert_eq!(number.p_value, Some(f64::from(reached) / 128.0));
}

/// Webb's 6^7 points are as many as can be enumerated; Mammen's are not equally likely.
#[test]
fn multipliers_are_enumerated_where_they_can_be() {
    let arrays = seven();
    let options = |multipliers| Options { multipliers, ..seeded(2_000) };
    let webb = run("wild_bootstrap", &arrays, &options(Multipliers::Webb), None);
    assert!(webb.note.unwrap().contains("/279936 draws"));
    let mammen = run("wild_bootstrap", &arrays, &options(Multipliers::Mammen), None);
    assert!(mammen.note.unwrap().contains("/2001 with"));
    let unseeded = Options { multipliers: Multipliers::Mammen, ..Options::default() };
    let refused = estimator("wild_bootstrap").unwrap().estimate(&arrays.sample(), &unseeded, None);
    assert_eq!(refused, Err(EstimateError::NoSeed));
}

/// Two outcomes of eight units in two blocks, by the definition over all 36 assignments.
#[test]
fn westfall_and_young_are_brute_force() {
    let y = [[1.0, 4.0, 2.0, 9.0, 3.0, 8.0, 5.0, 5.0], [0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0]];
    let treated = [false, true, false, true, false, true, true, false];
    let block: Vec<u32> = (0..8).map(|it| it / 4).collect();
    let design = Blocks::of(&treated, &block);
    let arrays: Vec<Arrays> = y
        .iter()
        .map(|y| Arrays { block: Some(block.clone()), ..Arrays::new(y, &treated) })
        .collect();
    let statistic = |y: &[f64], treated: &dyn Fn(usize) -> bool| {
        let mean =
            |arm: bool| (0..8).filter(|it| treated(*it) == arm).map(|it| y[it]).sum::<f64>() / 4.0;
        let centre = y.iter().sum::<f64>() / 8.0;
        let spread = (y.iter().map(|it| (it - centre).powi(2)).sum::<f64>() / 8.0).sqrt();
        (mean(true) - mean(false)).abs() / spread
    };
    let realised: Vec<f64> = y.iter().map(|y| statistic(y, &|it| treated[it])).collect();
    let (mut own, mut joint) = ([0.0; 2], [0.0; 2]);
    for i in 0..design.assignments().unwrap() {
        let mut arms = [0; 8];
        design.nth(i, &mut arms);
        let drawn: Vec<f64> = y.iter().map(|y| statistic(y, &|it| arms[it] == 0)).collect();
        let most = drawn[0].max(drawn[1]);
        for at in 0..2 {
            own[at] += f64::from(u8::from(drawn[at] >= realised[at] - 1e-9));
            joint[at] += f64::from(u8::from(most >= realised[at] - 1e-9));
        }
    }
    let samples: Vec<_> = arrays.iter().map(Arrays::sample).collect();
    let test = westfall_young(&samples, &Options::default(), Redraw::two_arms(&design)).unwrap();
    assert!(test.exact && test.draws == 36);
    let (large, small) = if realised[0] > realised[1] { (0, 1) } else { (1, 0) };
    assert_eq!(test.p_values, [Some(own[0] / 36.0), Some(own[1] / 36.0)]);
    let first = joint[large] / 36.0;
    assert_eq!(test.adjusted[large], Some(first));
    assert_eq!(test.adjusted[small], Some(first.max(own[small] / 36.0)));
    // The same differences as the estimator of one outcome.
    for (it, estimate) in arrays.iter().zip(&test.estimates) {
        let alone = run("difference_in_means", it, &Options::default(), None);
        assert!((alone.estimate.unwrap() - estimate).abs() < 1e-12);
    }
}

/// An outcome that lacks rows keeps its units' arms, one that does not vary has no p-value, and
/// threads change nothing.
#[test]
fn outcomes_with_missing_rows_are_tested_together() {
    let mut whole = seven();
    whole.cluster = None;
    let rows: Vec<usize> = (0..whole.y.len()).filter(|it| it % 5 != 1).collect();
    let part = whole.permuted(&rows);
    let constant = Arrays { y: vec![2.0; whole.y.len()], ..whole.clone() };
    let samples: Vec<_> = [whole, part, constant].iter().map(Arrays::sample).collect();
    let treated: Vec<bool> = (0..7).map(|it| it % 2 == 1).collect();
    let design = Blocks::of(&treated, &[0; 7]);
    let redraw = Redraw::two_arms(&design);
    let monte_carlo = Options { max_exact: 1, ..seeded(500) };
    let threads = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
    let run = || {
        let redrawn = westfall_young(&samples, &monte_carlo, redraw).unwrap();
        (redrawn, romano_wolf(&samples, &monte_carlo).unwrap())
    };
    let (one, two) = (threads(1).install(run), threads(2).install(run));
    assert_eq!(one, two);
    assert!(!one.0.exact && one.0.p_values[2].is_none() && one.0.adjusted[2].is_none());
    assert!(one.1[2].is_none());
    for at in 0..2 {
        assert!(one.0.adjusted[at] >= one.0.p_values[at]);
    }
}

fn two_samples() -> (Arrays, Blocks) {
    let y = [1.1, 2.3, 3.7, 0.4, 5.2, 4.8, 0.2, 0.9, 1.5, 2.1, 0.1, 1.3, 0.7];
    let treated: Vec<bool> = (0..13).map(|it| it < 6).collect();
    (Arrays::new(&y, &treated), Blocks::complete(13, 6))
}

/// R: `wilcox.test(x, y, exact = TRUE)` is 126/1716; `ks.test(x, y, exact = TRUE)` has
/// D = 2/3 and p = 156/1716, one-sided 78/1716.
#[test]
fn ranks_and_distributions_are_as_in_r() {
    let (arrays, design) = two_samples();
    let redraw = Some(Redraw::two_arms(&design));
    let count = |statistic, alternative| {
        let options = Options { statistic, alternative, ..Options::default() };
        let number = run("randomization_test", &arrays, &options, redraw);
        number.p_value
    };
    assert_eq!(count(Statistic::Rank, Alternative::TwoSided), Some(126.0 / 1716.0));
    assert_eq!(count(Statistic::Ks, Alternative::TwoSided), Some(156.0 / 1716.0));
    assert_eq!(count(Statistic::Ks, Alternative::Greater), Some(78.0 / 1716.0));
    let options = Options { statistic: Statistic::Ks, ..Options::default() };
    let number = run("randomization_test", &arrays, &options, redraw);
    assert!((number.statistic.unwrap() - 2.0 / 3.0).abs() < 1e-12);
}

/// Blocks of one treated and two controls.
fn triples() -> (Arrays, Blocks) {
    let y = [5.0, 1.0, 2.0, 7.0, 4.0, 4.5, 3.0, 3.0, 2.0, 9.0, 6.0, 2.0];
    let treated: Vec<bool> = (0..12).map(|it| it % 3 == 0).collect();
    let block: Vec<u32> = (0..12).map(|it| it / 3).collect();
    let design = Blocks::of(&treated, &block);
    (Arrays { block: Some(block), ..Arrays::new(&y, &treated) }, design)
}

/// With blocks of one size it is the variance between blocks, `Σ(τ_k − τ)²/(K(K − 1))`.
#[test]
fn blocks_with_one_treated_are_compared_with_each_other() {
    let (arrays, _) = triples();
    let asked = BlockVariance::PashleyMiratrix;
    let options = Options { block_variance: Some(asked), ..Options::default() };
    let number = run("difference_in_means", &arrays, &options, None);
    let effects = [3.5, 2.75, 0.5, 5.0];
    let mean = effects.iter().sum::<f64>() / 4.0;
    let between: f64 = effects.iter().map(|it: &f64| (it - mean).powi(2)).sum::<f64>() / 12.0;
    assert!((number.estimate.unwrap() - mean).abs() < 1e-12);
    assert!((number.std_error.unwrap() - between.sqrt()).abs() < 1e-12);
    assert!((number.df.unwrap() - 3.0).abs() < 1e-9);
}

/// Over all 81 assignments; the default where the draw is at hand, and none otherwise.
#[test]
fn blocks_with_one_treated_take_the_variance_over_redraws() {
    let (arrays, design) = triples();
    let redraw = Redraw::two_arms(&design);
    let number = run("difference_in_means", &arrays, &Options::default(), Some(redraw));
    let mut squares = 0.0;
    for i in 0..81 {
        let mut arms = vec![0; 12];
        design.nth(i, &mut arms);
        let effect = |block: usize| {
            let rows = 3 * block..3 * block + 3;
            let mean = |arm: u8, n: f64| {
                rows.clone().filter(|it| arms[*it] == arm).map(|it| arrays.y[it]).sum::<f64>() / n
            };
            mean(0, 1.0) - mean(1, 2.0)
        };
        squares += ((0..4).map(effect).sum::<f64>() / 4.0).powi(2);
    }
    assert!((number.std_error.unwrap() - (squares / 81.0).sqrt()).abs() < 1e-12);
    assert_eq!(number.se_type, Some("replay"));
    let without = run("difference_in_means", &arrays, &Options::default(), None);
    assert_eq!(without.std_error, None);
}
