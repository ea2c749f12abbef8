//! Balance tests against published output, base R, and what an honest draw must give.

use lodd_estimate::{
    Replay,
    balance::{
        Assigned, Runs, arm_means, f_test, joint_tests, rank_correlation, standardised_difference,
    },
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::table::Table;

const RUNS: Runs = Runs { max_exact: 100_000, replicates: 199 };

/// R prints twelve decimals.
const OF_R: f64 = 1e-10;

/// Shuffles the arms of each block: any number of arms.
struct Shuffle<'a> {
    arm: &'a [u8],
    block: &'a [u32],
    seed: u64,
}

impl Replay for Shuffle<'_> {
    fn units(&self) -> usize {
        self.arm.len()
    }

    fn assignments(&self) -> Option<u128> {
        None
    }

    fn replay(&self, i: u64, arms: &mut [u8]) {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_be_bytes());
        let mut random = ChaCha20Rng::from_seed(seed);
        random.set_stream(i);
        arms.copy_from_slice(self.arm);
        for block in 0..=self.block.iter().copied().max().unwrap_or(0) {
            let units: Vec<usize> = (0..arms.len()).filter(|it| self.block[*it] == block).collect();
            for at in (1..units.len()).rev() {
                arms.swap(units[at], units[(random.next_u64() % (at as u64 + 1)) as usize]);
            }
        }
    }

    fn nth(&self, _: u128, _: &mut [u8]) {}
}

/// A draw whose assignments are listed.
struct Listed(Vec<Vec<u8>>);

impl Replay for Listed {
    fn units(&self) -> usize {
        self.0[0].len()
    }

    fn assignments(&self) -> Option<u128> {
        Some(self.0.len() as u128)
    }

    fn replay(&self, _: u64, _: &mut [u8]) {}

    fn nth(&self, i: u128, arms: &mut [u8]) {
        arms.copy_from_slice(&self.0[i as usize]);
    }
}

/// Every order of these arms, each once.
fn permutations(arms: &[u8]) -> Vec<Vec<u8>> {
    if arms.len() <= 1 {
        return vec![arms.to_vec()];
    }
    let mut first = arms.to_vec();
    first.sort_unstable();
    first.dedup();
    let rest = |value: u8| {
        let mut rest = arms.to_vec();
        rest.remove(arms.iter().position(|it| *it == value).unwrap());
        permutations(&rest)
    };
    let with = |value: u8| {
        rest(value).into_iter().map(move |it| [vec![value], it].concat()).collect::<Vec<_>>()
    };
    first.into_iter().flat_map(with).collect()
}

/// The shares of arms that a draw with these seats has.
fn shares(arm: &[u8], block: &[u32], arms: usize) -> Vec<Vec<f64>> {
    let share = |block_at: u32, k: usize| {
        let units = block.iter().filter(|it| **it == block_at).count() as f64;
        let both = arm.iter().zip(block);
        both.filter(|(a, b)| usize::from(**a) == k && **b == block_at).count() as f64 / units
    };
    (0..=block.iter().copied().max().unwrap_or(0))
        .map(|block| (0..arms).map(|k| share(block, k)).collect())
        .collect()
}

fn reference() -> serde_json::Value {
    serde_json::from_str(include_str!("../reference/balance.json")).unwrap()
}

#[track_caller]
fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
}

const PLANTS: [&str; 8] = ["date", "t1", "t2", "cap", "ne", "ct", "bw", "cum.n"];

/// The arms (0 is treated), the blocks and the columns of the plants.
fn plants(stratified: bool) -> (Vec<u8>, Vec<u32>, Vec<Vec<f64>>) {
    let table = Table::read(include_str!("../reference/nuclear.csv"));
    let arm = table.flags("pr").into_iter().map(|it| u8::from(!it)).collect();
    let block = table.numbers("pt").into_iter().map(|it| u32::from(stratified && it > 0.0));
    (arm, block.collect(), PLANTS.iter().map(|it| table.numbers(it)).collect())
}

/// `RItools` (tests/xBalanceTests.Rout.save, its authors' own output) prints z, standardised
/// differences and d² of these 32 plants to four, four and three decimals.
#[test]
fn d_squared_is_that_of_hansen_and_bowers_own_program() {
    let published = [
        (
            false,
            [-0.3052, 0.2830, 2.4674, 0.8948, -0.4334, -0.8121, 0.1202, -0.2598],
            [-0.1147, 0.1063, 1.0327, 0.3401, -0.1631, -0.3080, 0.0451, -0.0976],
            11.463,
            0.177,
        ),
        (
            true,
            [0.2923, 0.7918, 2.3094, 0.9188, -0.1445, -0.5828, -0.3088, -0.3397],
            [0.0950, 0.2787, 0.9894, 0.3504, -0.0522, -0.2201, -0.1154, -0.1275],
            10.775,
            0.215,
        ),
    ];
    for (stratified, z, differences, d2, p) in published {
        let (arm, block, columns) = plants(stratified);
        let shares = shares(&arm, &block, 2);
        let replay = Shuffle { arm: &arm, block: &block, seed: 1 };
        let assigned = Assigned { replay: &replay, arm: &arm, block: &block, shares: &shares };
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let mut groups: Vec<Vec<usize>> = (0..8).map(|it| vec![it]).collect();
        groups.push((0..8).collect());
        let tests = joint_tests(assigned, &slices, &groups, RUNS).unwrap();
        for ((test, z), (column, difference)) in
            tests.iter().zip(z).zip(columns.iter().zip(differences))
        {
            close(test.statistic.sqrt(), f64::abs(z), 6e-5);
            let known: Vec<Option<f64>> = column.iter().copied().map(Some).collect();
            close(standardised_difference(assigned, &known, 0).unwrap(), difference, 6e-5);
        }
        close(tests[8].statistic, d2, 6e-4);
        close(tests[8].p_chi_squared().unwrap(), p, 6e-4);
        assert_eq!((tests[8].df, tests[8].draws, tests[8].exact), (8, 199, false));
    }
}

#[test]
fn the_f_test_is_anova_s() {
    let expected = &reference()["plants_f"];
    let (arm, block, columns) = plants(true);
    let shares = shares(&arm, &block, 2);
    let replay = Shuffle { arm: &arm, block: &block, seed: 1 };
    let assigned = Assigned { replay: &replay, arm: &arm, block: &block, shares: &shares };
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let test = f_test(assigned, &slices).unwrap().unwrap();
    close(test.statistic, expected["statistic"].as_f64().unwrap(), 1e-9);
    close(test.p_value, expected["p"].as_f64().unwrap(), 1e-9);
    assert_eq!(test.df.0, expected["df1"].as_u64().unwrap());
    assert_eq!(test.df.1, expected["df2"].as_u64().unwrap());
}

/// Three arms in two blocks: d² in the metric of the enumerated covariance, and the exact count.
#[test]
fn three_arms_are_tested_together_and_exactly() {
    let expected = &reference()["three_arms"];
    let block = [0, 0, 0, 0, 0, 1, 1, 1, 1];
    let arm = [0, 0, 1, 2, 2, 1, 0, 1, 2];
    let x: [&[f64]; 3] = [
        &[3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0],
        &[2.0, 7.0, 1.0, 8.0, 2.0, 8.0, 1.0, 8.0, 2.0],
        &[1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0],
    ];
    let second = permutations(&arm[5..]);
    let both = |one: Vec<u8>| {
        second.iter().map(move |two| [one.clone(), two.clone()].concat()).collect::<Vec<_>>()
    };
    let all: Vec<Vec<u8>> = permutations(&arm[..5]).into_iter().flat_map(both).collect();
    assert_eq!(all.len() as u64, expected["assignments"].as_u64().unwrap());
    let shares = shares(&arm, &block, 3);
    let replay = Listed(all);
    let assigned = Assigned { replay: &replay, arm: &arm, block: &block, shares: &shares };
    let test = &joint_tests(assigned, &x, &[vec![0, 1, 2]], RUNS).unwrap()[0];
    close(test.statistic, expected["d2"].as_f64().unwrap(), 1e-9);
    assert_eq!(test.extreme, expected["extreme"].as_u64().unwrap());
    assert!(test.exact);
    close(test.p_value(), test.extreme as f64 / test.draws as f64, 0.0);
    assert!(f_test(assigned, &x).unwrap().is_none());
    // An assignment that the draw cannot give is refused.
    let other = Assigned { arm: &[0; 9], ..assigned };
    assert!(joint_tests(other, &x, &[vec![0]], RUNS).is_err());
}

#[test]
fn rank_correlation_is_cor_test_s() {
    let expected = &reference()["spearman"];
    let rank = [4.0, 1.0, 7.0, 2.0, 6.0, 3.0, 5.0];
    let list = [2.0, 1.0, 6.0, 3.0, 7.0, 5.0, 4.0];
    let arm = [3, 0, 6, 1, 5, 2, 4];
    let replay = Listed(permutations(&[0, 1, 2, 3, 4, 5, 6]));
    let shares = vec![vec![1.0 / 7.0; 7]];
    let assigned = Assigned { replay: &replay, arm: &arm, block: &[0; 7], shares: &shares };
    let test = rank_correlation(assigned, &rank, &list, RUNS).unwrap();
    close(test.statistic, expected["rho"].as_f64().unwrap(), OF_R);
    close(test.p_value(), expected["p"].as_f64().unwrap(), OF_R);
    // The order of the list is all that counts, and the direction does not.
    let turned = list.map(|it| -1000.0 - it * it);
    let other = rank_correlation(assigned, &rank, &turned, RUNS).unwrap();
    close(other.statistic, -test.statistic, OF_R);
    assert_eq!(other.extreme, test.extreme);
}

/// A column that is fixed in each block, or is the sum of two others, adds no freedom and no noise.
#[test]
fn what_the_draw_can_not_move_says_nothing() {
    let (arm, block, columns) = plants(true);
    let shares = shares(&arm, &block, 2);
    let replay = Shuffle { arm: &arm, block: &block, seed: 1 };
    let assigned = Assigned { replay: &replay, arm: &arm, block: &block, shares: &shares };
    let fixed: Vec<f64> = block.iter().map(|it| 0.1 + f64::from(*it)).collect();
    let sum: Vec<f64> = columns[0].iter().zip(&columns[3]).map(|(a, b)| a + 0.01 * b).collect();
    let slices: [&[f64]; 4] = [&columns[0], &columns[3], &fixed, &sum];
    let tests =
        joint_tests(assigned, &slices, &[vec![0, 1], vec![0, 1, 2, 3], vec![2]], RUNS).unwrap();
    close(tests[1].statistic, tests[0].statistic, 1e-6);
    assert_eq!((tests[0].df, tests[1].df, tests[2].df), (2, 2, 0));
    assert_eq!(tests[0].extreme, tests[1].extreme);
    close(tests[2].p_value(), 1.0, 0.0);
    assert!(tests[2].p_chi_squared().is_none());
}

#[test]
fn means_are_of_what_is_known() {
    let block = [0; 5];
    let arm = [0, 0, 1, 1, 1];
    let shares = shares(&arm, &block, 2);
    let replay = Shuffle { arm: &arm, block: &block, seed: 1 };
    let assigned = Assigned { replay: &replay, arm: &arm, block: &block, shares: &shares };
    let values = [Some(2.0), None, Some(1.0), Some(3.0), None];
    let means = arm_means(assigned, &values);
    assert_eq!((means[0].n, means[0].mean, means[0].sd), (1, Some(2.0), None));
    assert_eq!((means[1].n, means[1].mean), (2, Some(2.0)));
    close(means[1].sd.unwrap(), 2.0_f64.sqrt(), 1e-12);
    assert_eq!(standardised_difference(assigned, &values, 0), Some(0.0));
    assert_eq!(standardised_difference(assigned, &[None; 5], 0), None);
}

/// Of 1,000 honest draws at most so many may fall below the level, by the binomial law: the tails
/// left out hold less than one in a million on each side.
fn bounds(n: u32, p: f64) -> (u64, u64) {
    let mut term = (1.0 - p).powi(n.cast_signed());
    let (mut below, mut low, mut at) = (0.0, 0, 0);
    loop {
        below += term;
        if below < 1e-6 {
            low = at + 1;
        }
        if below > 1.0 - 1e-6 {
            return (low, at);
        }
        term *= f64::from(n - at as u32) / (at + 1) as f64 * p / (1.0 - p);
        at += 1;
    }
}

/// Under an honest draw a Monte Carlo p-value is at most 0.05 in one draw of twenty, and below
/// 0.01 in one of a hundred, for d² and for rank correlations alike.
#[test]
fn a_thousand_honest_draws_are_flagged_at_the_stated_rate() {
    let units = 46_u8;
    let block: Vec<u32> = (0..units).map(|it| u32::from(it >= 20)).collect();
    let seats: Vec<u8> = (0..units).map(|it| u8::from(it % 20 >= 7)).collect();
    let ranks: Vec<u8> = (0..units).map(|it| if it < 20 { it } else { it - 20 }).collect();
    let list: Vec<f64> = (0..units).map(f64::from).collect();
    let other: Vec<f64> = (0..units).map(|it| f64::from(u32::from(it).pow(2) % 37)).collect();
    let shares_of_arms = shares(&seats, &block, 2);
    let shares_of_ranks = vec![vec![1.0 / 26.0; 26]; 2];
    let honest = Shuffle { arm: &seats, block: &block, seed: 1 };
    let honest_ranks = Shuffle { arm: &ranks, block: &block, seed: 2 };
    let (mut joint, mut rank) = ([0_u64; 2], [0_u64; 2]);
    let (mut arm, mut drawn) = (seats.clone(), ranks.clone());
    for draw in 0..1_000 {
        honest.replay(draw, &mut arm);
        honest_ranks.replay(draw, &mut drawn);
        // Each test has re-draws of its own, so that their p-values are independent.
        let again = Shuffle { arm: &seats, block: &block, seed: 10_000 + draw };
        let assigned =
            Assigned { replay: &again, arm: &arm, block: &block, shares: &shares_of_arms };
        let tests = joint_tests(assigned, &[&list, &other], &[vec![0, 1]], RUNS).unwrap();
        let again = Shuffle { arm: &ranks, block: &block, seed: 20_000 + draw };
        let assigned =
            Assigned { replay: &again, arm: &drawn, block: &block, shares: &shares_of_ranks };
        let numbers: Vec<f64> = drawn.iter().map(|it| f64::from(*it)).collect();
        let correlation = rank_correlation(assigned, &numbers, &list, RUNS).unwrap();
        for (counts, p) in [(&mut joint, tests[0].p_value()), (&mut rank, correlation.p_value())] {
            counts[0] += u64::from(p <= 0.05);
            counts[1] += u64::from(p <= 0.01);
        }
    }
    for counts in [joint, rank] {
        for (count, level) in counts.into_iter().zip([0.05, 0.01]) {
            let (low, high) = bounds(1_000, level);
            assert!((low..=high).contains(&count), "{count} of 1,000 at {level}: {low} to {high}");
        }
    }
}
