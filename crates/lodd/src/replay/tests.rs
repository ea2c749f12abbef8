use std::collections::{BTreeMap, BTreeSet};

use lodd_draw::{Block, Fraction, Limit, Shares};

use super::*;

fn design(blocks: &[(u32, Shares)]) -> Design {
    let block = |(at, (units, shares)): (usize, &(u32, Shares))| Block {
        label: format!("b{at}"),
        units: *units,
        shares: shares.clone(),
    };
    let arms = ["ny", "vanlig"].map(str::to_owned).to_vec();
    Design::new(arms, blocks.iter().enumerate().map(block).collect()).unwrap()
}

fn fraction(numerator: u128, denominator: u128) -> Fraction {
    Fraction::new(numerator, denominator).unwrap()
}

/// Children of six families with three seats: the means may differ by at most 5/2.
const CHILDREN: [i64; 6] = [0, 1, 2, 3, 5, 7];

fn constrained() -> Again {
    let limit = Limit { name: "children".to_owned(), max_difference: fraction(5, 2) };
    let design = design(&[(6, Shares::Seats(vec![3, 3]))]);
    Again::constrained(Constrained::new(design, vec![limit], vec![CHILDREN.to_vec()]).unwrap())
}

/// By hand: sums of three of the six (18 in all) may differ by at most 7.5, so they are 6 to 12.
fn within(arms: &[u8]) -> bool {
    let treated = arms.iter().zip(CHILDREN).filter(|(arm, _)| **arm == 0);
    (6..=12).contains(&treated.map(|(_, children)| children).sum::<i64>())
}

/// All assignments with three zeros, by bits.
fn triples() -> Vec<Vec<u8>> {
    let all = (0_u8..64).filter(|bits| bits.count_ones() == 3);
    all.map(|bits| (0..6).map(|at| 1 - (bits >> at & 1)).collect()).collect()
}

fn enumerated(redraws: &Redraws<'_>) -> Vec<Vec<u8>> {
    let one = |i| {
        let mut arms = vec![9; redraws.units()];
        redraws.nth(i, &mut arms);
        arms
    };
    (0..redraws.assignments().unwrap()).map(one).collect()
}

/// How often `n` replays give each assignment.
fn counted(redraws: &Redraws<'_>, n: u64) -> BTreeMap<Vec<u8>, f64> {
    let mut counts = BTreeMap::new();
    for i in 0..n {
        let mut arms = vec![9; redraws.units()];
        redraws.replay(i, &mut arms);
        *counts.entry(arms).or_insert(0.0) += 1.0;
    }
    counts
}

/// χ² of counts against probabilities that are given.
fn chi_square(counts: &BTreeMap<Vec<u8>, f64>, n: f64, expected: &BTreeMap<Vec<u8>, f64>) -> f64 {
    assert!(counts.keys().all(|it| expected.contains_key(it)), "an impossible assignment");
    let part = |(arms, p): (&Vec<u8>, &f64)| {
        let seen = counts.get(arms).copied().unwrap_or_default();
        (seen - n * p).powi(2) / (n * p)
    };
    expected.iter().map(part).sum()
}

/// Those within the limit, each once, and no other.
#[test]
fn a_constrained_draw_is_enumerated_under_its_constraint() {
    let again = constrained();
    let redraws = Redraws::new(vec![(1, &again)], [3; 32]);
    let mut found = enumerated(&redraws);
    found.sort();
    let mut expected: Vec<Vec<u8>> = triples().into_iter().filter(|it| within(it)).collect();
    expected.sort();
    assert!((2..20).contains(&expected.len()), "{}", expected.len());
    assert_eq!(found, expected);
}

/// Re-draws keep within the limit, and every assignment within it is as likely as every other.
#[test]
fn a_constrained_draw_is_redrawn_under_its_constraint() {
    let again = constrained();
    let redraws = Redraws::new(vec![(1, &again)], [3; 32]);
    let all = triples().into_iter().filter(|it| within(it)).collect::<Vec<_>>();
    let p = 1.0 / all.len() as f64;
    let expected: BTreeMap<Vec<u8>, f64> = all.into_iter().map(|it| (it, p)).collect();
    let chi_square = chi_square(&counted(&redraws, 4_000), 4_000.0, &expected);
    // The seed is fixed. Above 45 by chance once in 10,000 with up to 15 degrees of freedom.
    assert!(chi_square < 45.0, "{chi_square}");
}

/// Three families with probability 2/5 each: there is one seat or there are two, so the assignments
/// are not equally likely and can't be numbered. The re-draws have their probabilities.
#[test]
fn a_draw_by_probabilities_is_not_enumerated() {
    let fifths = Shares::Probabilities(vec![fraction(2, 5), fraction(3, 5)]);
    let again = Again::Free(design(&[(3, fifths)]));
    let redraws = Redraws::new(vec![(1, &again)], [4; 32]);
    assert_eq!(redraws.assignments(), None);
    // 3·2/5 = 6/5 seats: one with probability 4/5, two with 1/5; each way to fill them is as likely.
    let expected: BTreeMap<Vec<u8>, f64> = (0_u8..8)
        .filter(|bits| (1..=2).contains(&bits.count_ones()))
        .map(|bits| {
            let arms = (0..3).map(|at| 1 - (bits >> at & 1)).collect();
            (arms, if bits.is_power_of_two() { 4.0 / 15.0 } else { 1.0 / 15.0 })
        })
        .collect();
    let chi_square = chi_square(&counted(&redraws, 4_000), 4_000.0, &expected);
    // Above 26 by chance once in 10,000 with five degrees of freedom.
    assert!(chi_square < 26.0, "{chi_square}");
}

/// A draw with a constraint beside one without: every pair of their assignments, each once.
#[test]
fn several_draws_are_enumerated_together() {
    let (one, two) = (constrained(), Again::Free(design(&[(3, Shares::Seats(vec![1, 2]))])));
    let redraws = Redraws::new(vec![(1, &one), (2, &two)], [5; 32]);
    let mut found = enumerated(&redraws);
    let n = triples().iter().filter(|it| within(it)).count() * 3;
    assert_eq!(found.len(), n);
    found.sort();
    found.dedup();
    assert_eq!(found.len(), n);
    assert!(found.iter().all(|it| {
        let (first, second) = it.split_at(6);
        within(first) && [[0, 1, 1], [1, 0, 1], [1, 1, 0]].iter().any(|it| second == it)
    }));
}

/// The same seed gives the same re-draws, another gives others, and so does another draw.
#[test]
fn a_redraw_follows_from_the_seed_and_the_number_of_the_draw() {
    let again = Again::Free(design(&[(40, Shares::Seats(vec![20, 20]))]));
    let arms = |number: u32, seed: u8| {
        let mut arms = vec![9; 40];
        Redraws::new(vec![(number, &again)], [seed; 32]).replay(7, &mut arms);
        arms
    };
    assert_eq!(arms(1, 1), arms(1, 1));
    assert_ne!(arms(1, 1), arms(2, 1));
    assert_ne!(arms(1, 1), arms(1, 2));
}

/// Of two draws the second is held: the first has its three assignments, with the second's own arms
/// in each; and its seats are no longer free to be filled.
#[test]
fn a_draw_that_is_held_keeps_its_arms() {
    let draws =
        [3, 4].map(|units| Again::Free(design(&[(units, Shares::Seats(vec![1, units - 1]))])));
    let own = vec![1, 1, 0, 1];
    let [first, second] = &draws;
    let all = Redraws::new(vec![(1, first), (2, second)], [1; 32]);
    assert_eq!((all.assignments(), all.seats().map(|it| it.len())), (Some(12), Some(2)));
    let held = vec![(1, first, None), (2, second, Some(own.clone()))];
    let held = Redraws::holding(held, [1; 32]);
    assert_eq!((held.assignments(), held.seats()), (Some(3), None));
    let found: BTreeSet<Vec<u8>> = enumerated(&held).into_iter().collect();
    let expected = [[0, 1, 1], [1, 0, 1], [1, 1, 0]].map(|it| [it.as_slice(), &own].concat());
    assert_eq!(found, expected.into());
    let mut arms = vec![9; 7];
    held.replay(5, &mut arms);
    assert_eq!(arms.get(3..), Some(own.as_slice()));
}
